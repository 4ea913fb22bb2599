#!/usr/bin/env bash
# Proves the adapter in Plugins/amplifier against the real host, amplifier-core from PyPI: its unit tests, amplifier-core's validator and
# its behavioural and structural tests, without a server and with one, and real sessions (Tests/Amplifier) with the simulator and a real
# vLLM: the one at VLLM_TEST_BASE_URL, else one that this script starts where vLLM is installed (make vllm). Arguments go to pytest of the
# sessions: Scripts/test-amplifier.sh -k cancel
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"
Scripts/setup.sh

venv="${AMPLIFIER_VENV:-$root/.venv-amplifier}"
python="$venv/bin/python"
adapter=Plugins/amplifier/amplifier-module-provider-vllm-swift
alias=Plugins/amplifier/amplifier-module-provider-vllm
requirements=Tests/Amplifier/requirements.txt
stamp="$venv/.installed"
log=.build/vllm-amplifier.log

install() {
    [ -n "$(find "$requirements" {"$adapter","$alias"}/pyproject.toml -newer "$stamp" 2>&1)" ] || return 0
    python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv
    python3 -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' ||
        die "Amplifier needs Python 3.11 or newer; this is $(python3 --version 2>&1)."
    say "Installing amplifier-core and the adapter into $venv…"
    [ -x "$python" ] || python3 -m venv "$venv"
    "$python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" ||
        die "pip could not install $requirements (see above)."
    # Editable: the installed adapter is the one of this folder, and finds the library in this repository.
    "$python" -m pip install --quiet --disable-pip-version-check --editable "$adapter" --editable "$alias" ||
        die "pip could not install the adapter (see above)."
    touch "$stamp"
}

# Ends with this script, which holds the server's standard input.
start_vllm() {
    if [ ! -x "${VLLM_VENV:-$root/.venv-vllm}/bin/vllm" ]; then
        say "vLLM is not installed (make vllm) and VLLM_TEST_BASE_URL is not set: the sessions ask the simulator alone."
        return 0
    fi
    local port url deadline=$((SECONDS + 300))
    port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
    url="http://127.0.0.1:$port"
    say "Starting vLLM on port $port (half a minute)…"
    : >"$log"
    exec 9> >(VLLM_PORT="$port" VLLM_LOG="$root/$log" exec Scripts/own-vllm.sh >/dev/null)
    until python3 Scripts/ask-vllm.py models "$url" 2>/dev/null | grep -qx tiny-chat; do
        [ "$SECONDS" -lt "$deadline" ] || die "vLLM did not answer within 300 seconds. All it said: $root/$log"
        sleep 0.5
    done
    python3 Scripts/ask-vllm.py warm-up "$url" || die "vLLM started, but does not answer a question."
    export VLLM_TEST_BASE_URL="$url"
}

# conformance NAME: amplifier-core's validator and its tests, on both packages.
conformance() {
    say "amplifier-core's validator and tests, $1"
    local package
    for package in "$adapter/amplifier_module_provider_vllm_swift" "$alias/amplifier_module_provider_vllm"; do
        "$venv/bin/amplifier-core" validate provider "$package" >.build/amplifier-validate.log 2>&1 || {
            cat .build/amplifier-validate.log >&2
            die "amplifier-core validate provider $package: not all checks pass."
        }
        grep -E '^(PASSED|FAILED)' .build/amplifier-validate.log
        (cd "$(dirname "$package")" && "$python" -m pytest --quiet tests/test_conformance.py)
    done
}

install
Scripts/plugin.sh
export VLLM_PROVIDER_PLUGIN="$root/Plugins/provider-vllm"
# What a developer has set for other servers is none of these tests' business.
unset VLLM_BASE_URL VLLM_API_KEY
swift build --quiet --product vllm-sim
swift build --quiet --product vllm-host
binaries="$(swift build --show-bin-path)"
export VLLM_SIM="$binaries/vllm-sim" VLLM_HOST="$binaries/vllm-host"

say "The adapter's unit tests"
(cd "$adapter" && "$python" -m pytest --quiet --deselect tests/test_conformance.py)

conformance "without a server"
: >.build/amplifier-simulator.log
"$VLLM_SIM" --port 0 >.build/amplifier-simulator.log 2>&1 </dev/null &
simulator=$!
trap 'kill "$simulator" 2>/dev/null || true' EXIT
until [[ "$(<.build/amplifier-simulator.log)" =~ http://[0-9.:]+ ]]; do
    kill -0 "$simulator" 2>/dev/null || die "the simulator ended: $(<.build/amplifier-simulator.log)"
    sleep 0.05
done
VLLM_BASE_URL="${BASH_REMATCH[0]}" conformance "with a server"

[ -n "${VLLM_TEST_BASE_URL:-}" ] || start_vllm
say "Sessions of the real host"
"$python" -m pytest --quiet --rootdir Tests/Amplifier -c Tests/Amplifier/pytest.ini Tests/Amplifier "$@"
