#!/usr/bin/env bash
# Instructions and allocations of the fixed paths (Benchmarks/Paths) against their thresholds (Benchmarks/Thresholds/paths.json). It fails
# when one is passed by more than 5 %. UPDATE=1 writes the thresholds.
# usage: bench-check.sh [PATH… | --self-test]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"
Scripts/setup.sh
command -v valgrind >/dev/null || install_packages valgrind
options=(--configuration release --static-swift-stdlib -debug-info-format none --product bench-paths)
swift build --quiet "${options[@]}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
# What debug information C++ brings is left out, too: valgrind cannot read all of it.
strip --strip-debug -o "$work/bench-paths" "$(swift build "${options[@]}" --show-bin-path)/bench-paths"
version="$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9.]+).*/\1/p' | head -1)"
[ "${UPDATE:-}" != 1 ] || set -- --update "$@"
python3 Scripts/bench-check.py "$work/bench-paths" --swift "$version" "$@"
