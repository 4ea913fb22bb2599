#!/usr/bin/env bash
# Measures this project and others against the load server: docs/performance.md. Writes Benchmarks/Results and that page.
# usage: bench.sh [--quick] [--only GROUP,…] [--growth] …; `python3 Benchmarks/run.py --help` lists all.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"
Scripts/setup.sh
command -v valgrind >/dev/null || [[ "$OSTYPE" == darwin* ]] || install_packages valgrind
exec python3 Benchmarks/run.py "$@"
