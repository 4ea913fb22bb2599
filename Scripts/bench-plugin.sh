#!/usr/bin/env bash
# What a streamed token costs where the provider is a loaded plugin, against the one that is built in: CPU time of `vllm-host run` in turns,
# and instructions under callgrind, each the difference between a long answer and a short one, so that starting up does not count.
# usage: bench-plugin.sh [ROUNDS]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"
rounds="${1:-5}"
command -v valgrind >/dev/null || install_packages valgrind

Scripts/plugin.sh
swift build --quiet --configuration release --product vllm-host
work="$(mktemp -d)"
# valgrind cannot read the debug information of Swift 6.
host="$work/vllm-host"
strip -o "$host" "$(swift build --configuration release --show-bin-path)/vllm-host"
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cc -O2 -w Benchmarks/LoadServer/mockserver.c -o "$work/mockserver" -lm
port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
"$work/mockserver" -p "$port" >/dev/null 2>&1 &
server=$!
for _ in $(seq 50); do
    if curl -s -o "$work/models" "http://127.0.0.1:$port/v1/models"; then break; fi
    sleep 0.1
done

plan() { # plan NAME SOURCE MODEL
    cat >"$work/$1.yaml" <<YAML
session: {orchestrator: loop-streaming, context: context-simple}
providers:
  - module: provider-vllm
    $2
    config: {base_url: "http://127.0.0.1:$port", use_completions: false, default_model: $3, max_retries: 0,
             context_window: 1000000, max_output_tokens: 900000}
YAML
}
for model in mock-coal mock-each; do
    plan "built-in.$model" "" "$model"
    plan "plugin.$model" "source: $root/Plugins/provider-vllm" "$model"
done

ask() { # ask PLAN TOKENS [PROGRAM…]
    local plan="$1" tokens="$2"
    shift 2
    "$@" "$host" run -q --session-root "$work/log" --config "$work/$plan.yaml" --max-tokens "$tokens" "Go." >/dev/null
}
# The user and system time of one answer, in microseconds.
cpu() {
    local TIMEFORMAT='%U %S'
    { time ask "$@" 2>"$work/errors"; } 2>"$work/time" || die "no answer: $(<"$work/errors")"
    awk '{ printf "%d\n", ($1 + $2) * 1000000 }' "$work/time"
}
instructions() {
    ask "$@" valgrind --tool=callgrind --callgrind-out-file="$work/out" 2>&1 | awk '/Collected/ { print $NF }'
}
middle() { sort -n | awk '{ v[NR] = $1 } END { printf "%.2f (%.2f to %.2f)", v[int((NR + 1) / 2)], v[1], v[NR] }'; }

short=10000
long=170000
printf '| tokens come | provider | CPU µs a token: median (range) of %s |\n|---|---|---|\n' "$rounds"
for model in mock-coal mock-each; do
    for _ in $(seq "$rounds"); do
        for kind in built-in plugin; do
            from="$(cpu "$kind.$model" "$short")"
            to="$(cpu "$kind.$model" "$long")"
            awk -v a="$from" -v b="$to" -v n="$((long - short))" 'BEGIN { print (b - a) / n }' >>"$work/$kind.$model.cpu"
        done
    done
    for kind in built-in plugin; do
        how="as fast as they can be read"
        [ "$model" = mock-coal ] || how="one write each"
        printf '| %s | %s | %s |\n' "$how" "$kind" "$(middle <"$work/$kind.$model.cpu")"
    done
done
printf '\n| provider | instructions a token, as fast as they can be read |\n|---|---|\n'
for kind in built-in plugin; do
    from="$(instructions "$kind.mock-coal" 2000)"
    to="$(instructions "$kind.mock-coal" 12000)"
    printf '| %s | %s |\n' "$kind" "$(((to - from) / 10000))"
done
