#!/usr/bin/env bash
# Runs IntegrationTests against a real vLLM server: the one at VLLM_BASE_URL, else one that serves the tiny model on port
# VLLM_PORT (8000), else one that this script starts on a free port and stops again. ServerFailureTests start servers of their own, where
# vLLM is installed (own-vllm.sh). Arguments go to `swift test`.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"
Scripts/setup.sh

seconds_to_start=300
server=
ready=
log=.build/vllm.log

# A test that does not compile shows before the server starts.
swift build --build-tests --quiet

models_at() { python3 Scripts/ask-vllm.py models "$1" 2>&1; }
serves_tiny_chat() { models_at "$1" | grep -qx tiny-chat; }

# gone SECONDS KILL-ARGUMENT… waits until the processes are gone, and is false if they are still there after that time.
gone() {
    local deadline=$((SECONDS + $1))
    shift
    while kill -0 "$@" 2>/dev/null; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.1
    done
}

stop_server() {
    [ -n "$server" ] || return 0
    say "Stopping vLLM."
    # A server that answers takes its workers down with it; one that is still starting does not listen to a signal.
    [ -z "$ready" ] || kill -TERM "$server" 2>/dev/null || true
    if [ -z "$ready" ] || ! gone 30 "$server" || ! gone 3 -- "-$server"; then
        kill -KILL -- "-$server" 2>/dev/null || true
        gone 10 -- "-$server" || say "warning: processes of vLLM are still there: group $server"
    fi
    server=
}
trap stop_server EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

start_server() {
    Scripts/install-vllm.sh
    local port
    port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
    url="http://127.0.0.1:$port"
    say "Starting vLLM on port $port (half a minute)…"
    # A process group of its own: Ctrl-C reaches this script alone, which then stops the server in order.
    set -m
    VLLM_PORT="$port" Scripts/serve-vllm.sh >"$log" 2>&1 </dev/null &
    server=$!
    disown
    set +m
    local deadline=$((SECONDS + seconds_to_start))
    until serves_tiny_chat "$url"; do
        if ! kill -0 "$server" 2>/dev/null; then
            # The cause comes first, and long after it what it led to.
            { grep -m 1 -iE '^[a-z.]*error: ' "$log" || true; tail -n 20 "$log"; } >&2
            die "vLLM ended while it started. All it said: $root/$log"
        fi
        if [ "$SECONDS" -ge "$deadline" ]; then
            tail -n 20 "$log" >&2
            die "vLLM did not answer within $seconds_to_start seconds. All it said: $root/$log"
        fi
        sleep 0.5
    done
    ready=yes
    # Once compiled, the code lies in torch's cache: 20 seconds the first time on a machine, nothing later.
    python3 Scripts/ask-vllm.py warm-up "$url" || die "vLLM started, but does not answer a question."
    say "vLLM is ready after $((SECONDS - deadline + seconds_to_start)) s."
}

if [ -n "${VLLM_BASE_URL:-}" ]; then
    url="$VLLM_BASE_URL"
    models="$(models_at "$url")" || die "no vLLM server answers at VLLM_BASE_URL. $models"
else
    url="http://127.0.0.1:${VLLM_PORT:-8000}"
    serves_tiny_chat "$url" || start_server
fi

say "Testing against $url."
export VLLM_TEST_BASE_URL="$url"
run_tests integration-tests --filter "^IntegrationTests\." "$@"
