#!/usr/bin/env bash
# Asks servers that make trouble 10,000 times, 256 at once, and counts what is lost, doubled or mixed up, and what grows.
# SERVERS is how many servers there are (2); arguments go to `soak run`: --requests, --concurrency, --fault-rate.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"
Scripts/setup.sh

configuration="${CONFIGURATION:-release}"
swift build --quiet --configuration "$configuration" --product soak
program="$(swift build --configuration "$configuration" --show-bin-path)/soak"

# Every waiting connection is a descriptor on either side.
ulimit -n 8192 2>/dev/null || true

# The share of faults is the servers' matter and the reckoning's.
faults=()
next=
for argument in "$@"; do
    case "$argument" in
    --fault-rate=*) faults=("$argument") ;;
    --fault-rate) next=yes ;;
    *) [ -z "$next" ] || faults=(--fault-rate "$argument"); next= ;;
    esac
done

folder="$(mktemp -d)"
servers=()
stop() {
    [ ${#servers[@]} -eq 0 ] || kill "${servers[@]}" 2>/dev/null || true
    rm -rf "$folder"
}
trap stop EXIT

urls=()
for number in $(seq "${SERVERS:-2}"); do
    "$program" serve "${faults[@]}" >"$folder/$number" &
    servers+=($!)
done
for number in $(seq "${SERVERS:-2}"); do
    for _ in $(seq 100); do
        [ ! -s "$folder/$number" ] || break
        sleep 0.1
    done
    url="$(head -n 1 "$folder/$number")"
    [ -n "$url" ] || die "the server did not start"
    urls+=("$url")
done

"$program" run "$@" "${urls[@]}"
