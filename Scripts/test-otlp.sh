#!/usr/bin/env bash
# Proves what `vllm-host events export` writes against OpenTelemetry's own protocol (opentelemetry-proto from PyPI): the logs in Tests/Logs, or
# those that are named. A few seconds, once it is installed and built.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
logs=()
for log in "$@"; do logs+=("$(realpath "$log")"); done
cd "$root"

venv="${OTLP_VENV:-$root/.venv-otlp}"
requirements=Tests/OpenTelemetry/requirements.txt
if [ ! -e "$venv/.installed" ] || [ "$requirements" -nt "$venv/.installed" ]; then
    python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv
    say "Installing opentelemetry-proto into $venv…"
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" ||
        die "pip could not install $requirements (see above)."
    touch "$venv/.installed"
fi
host="${VLLM_HOST:-}"
if [ -z "$host" ]; then
    swift build --quiet --product vllm-host
    host="$(swift build --show-bin-path)/vllm-host"
fi
[ ${#logs[@]} -gt 0 ] || logs=(Tests/Logs/*.jsonl)
"$venv/bin/python" Tests/OpenTelemetry/check_export.py "$host" "${logs[@]}"
