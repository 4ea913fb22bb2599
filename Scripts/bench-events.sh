#!/usr/bin/env bash
# How fast the commands that read event logs are, against wc, grep and jq, over one log in one run: seconds and CPU seconds (the best of the
# rounds), MB/s, peak memory. The log is made of sessions that this host has had with its simulator, at all levels, over and over with other ids.
# usage: bench-events.sh [MEGABYTES [ROUNDS]]
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"
megabytes="${1:-1000}"
rounds="${2:-3}"
for tool in jq /usr/bin/time; do
    command -v "$tool" >/dev/null || install_packages jq time
done
host="${VLLM_HOST:-}"
if [ -z "$host" ]; then
    swift build --quiet --configuration release --product vllm-host
    host="$(swift build --configuration release --show-bin-path)/vllm-host"
fi
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

say "Making a log of $megabytes MB …"
ask() { "$host" run -q --simulator --session-root "$work/seeds" "$@" >/dev/null; }
for prompt in "What is 2+2?" "What is the weather in Paris?" "Count to ten."; do
    ask "$prompt"
    ask --set debug=true "$prompt"
done
ask --set debug=true --set raw_debug=true "What is 2+2?"
find "$work/seeds" -name events.jsonl -exec cat {} + >"$work/seed.jsonl"
log="$work/session/events.jsonl"
mkdir "$work/session"
python3 - "$work/seed.jsonl" "$log" "$megabytes" <<'PYTHON'
import re, sys
seed = open(sys.argv[1], encoding="utf-8").read()
ids = sorted(set(re.findall(r'"(?:request_id|session_id)":"([0-9a-f-]{36})"', seed)))
pieces = re.split("(" + "|".join(ids) + ")", seed)
written, copy = 0, 0
with open(sys.argv[2], "w", encoding="utf-8") as log:
    while written < int(sys.argv[3]) * 1_000_000:
        number = f"{copy:08x}"
        text = "".join(number + piece[8:] if index % 2 else piece for index, piece in enumerate(pieces))
        if copy % 1000 == 0:
            text = text.replace("What is 2+2?", "What is a wolpertinger?", 1)
        written += log.write(text)
        copy += 1
PYTHON
bytes="$(stat -c %s "$log" 2>/dev/null || stat -f %z "$log")"
printf 'log: %d MB, %d lines\n' $((bytes / 1000000)) "$(wc -l <"$log")"

names=()
commands=()
add() {
    names+=("$1")
    shift
    commands+=("$(printf '%q ' "$@")")
}
add "wc -l" wc -l "$log"
add "grep -F" grep -F wolpertinger "$log"
add "vllm-host events grep -F" "$host" events grep -F wolpertinger "$log" --json
add "vllm-host events grep -F -i" "$host" events grep -F -i WolperTinger "$log" --json
add "vllm-host events grep (regex)" "$host" events grep 'wolp[a-z]+ger' "$log" --json
add "vllm-host events grep (short literal)" "$host" events grep 'w.l.e.t.n.er' "$log" --json
add "jq 'select(.event == …)'" jq -c 'select(.event == "llm:response")' "$log"
add "vllm-host events show -e … --json" "$host" events show -e llm:response "$log" --json
add "vllm-host events stats" "$host" events stats "$log" --json

declare -A best cpu peak
for _ in $(seq "$rounds"); do
    for index in "${!names[@]}"; do
        eval "/usr/bin/time -f '%e %U %S %M' -o '$work/time' ${commands[index]} >'$work/output' 2>'$work/errors'" ||
            die "${names[index]} failed: $(<"$work/errors")"
        read -r seconds user system kilobytes <"$work/time"
        best[$index]="$(printf '%s\n%s\n' "$seconds" "${best[$index]:-1e9}" | sort -g | head -1)"
        cpu[$index]="$(printf '%s\n%s\n' "$(awk "BEGIN { print $user + $system }")" "${cpu[$index]:-1e9}" | sort -g | head -1)"
        peak[$index]="$kilobytes"
    done
done
printf '%-36s %9s %9s %9s %10s\n' "" seconds "CPU s" MB/s "peak MB"
for index in "${!names[@]}"; do
    awk -v name="${names[index]}" -v seconds="${best[$index]}" -v cpu="${cpu[$index]}" -v bytes="$bytes" -v peak="${peak[$index]}" 'BEGIN {
        printf "%-36s %9.2f %9.2f %9.0f %10.1f\n", name, seconds, cpu, bytes / 1e6 / (seconds > 0 ? seconds : 0.01), peak / 1024
    }'
done
