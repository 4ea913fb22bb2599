#!/usr/bin/env bash
# Fuzzes what reads bytes from outside: Scripts/fuzz.sh [target|all] [seconds for each target, 10 by default] [options of libFuzzer]
# The targets are the folders of Fuzz/Corpus. A finding ends it with the input's file under Fuzz/.build/findings; what a run adds to a
# corpus stays in Fuzz/.build/corpus. To run one input again: Scripts/fuzz.sh target 0 FILE
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../Fuzz"

name="${1:-all}"
seconds="${2:-10}"
shift $(($# < 2 ? $# : 2))

# Backtraces of crashes take minutes, and libFuzzer says where it was. Swift's globals look like leaks.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0
# SwiftPM does not look whether files of the package above have come or gone, unless it plans the build anew.
rm -f .build/release.yaml
# -enable-testing opens the modules' inner parts, which are what is fuzzed. Of two options for sanitizers swiftc hears the last alone, so
# that both are named in one more: without it no Swift code tells libFuzzer what an input has reached.
swift build -c release --sanitize=fuzzer --sanitize=address -Xswiftc -sanitize=fuzzer,address -Xswiftc -enable-testing \
    -debug-info-format none --quiet
binary="$(swift build -c release --show-bin-path)/Fuzz"

targets=("$name")
[ "$name" != all ] || mapfile -t targets < <(find Corpus -mindepth 1 -maxdepth 1 -type d -exec basename {} \; | sort)
for target in "${targets[@]}"; do
    [ -d "Corpus/$target" ] || { echo "error: no corpus Fuzz/Corpus/$target" >&2; exit 64; }
    mkdir -p ".build/corpus/$target" .build/findings
    # A slow input is a finding, too: work must grow with the input's length.
    options=(-max_len=4096 -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=512 -detect_leaks=0 "-artifact_prefix=.build/findings/$target-")
    if [ "$seconds" = 0 ]; then
        FUZZ_TARGET="$target" "$binary" "${options[@]}" "$@"
        continue
    fi
    log=".build/$target.log"
    status=0
    FUZZ_TARGET="$target" "$binary" "${options[@]}" -max_total_time="$seconds" -print_final_stats=1 \
        ".build/corpus/$target" "Corpus/$target" "$@" >"$log" 2>&1 || status=$?
    if [ "$status" -ne 0 ]; then
        tail -n 40 "$log" | cut -c 1-1000
        echo "error: $target: a finding, see Fuzz/.build/findings and Fuzz/$log" >&2
        exit 1
    fi
    printf '%s: %s inputs in %s s, %s edges covered\n' "$target" \
        "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" "$seconds" "$(grep -o 'cov: [0-9]*' "$log" | tail -n 1 | cut -d' ' -f2)"
done
