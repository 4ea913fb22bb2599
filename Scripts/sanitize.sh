#!/usr/bin/env bash
# Runs the unit tests under a sanitizer: `Scripts/sanitize.sh address` or `thread`. More arguments go to `swift test`.
# The tests run one after another: a sanitizer slows them down, and those with time limits must not wait for the others.
# MemoryTests are left out: the memory that they measure would be the sanitizer's.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"
Scripts/setup.sh

kind="${1:?address or thread}"
shift
unset VLLM_BASE_URL VLLM_API_KEY VLLM_STREAM_IDLE_TIMEOUT VLLM_TEST_BASE_URL
# Programs that the tests start report their own findings on standard error and with exit code 66.
export TSAN_OPTIONS="suppressions=$root/Scripts/thread-sanitizer.supp:disable_coredump=0:exitcode=66:${TSAN_OPTIONS:-}"
export ASAN_OPTIONS="detect_leaks=0:disable_coredump=0:exitcode=66:${ASAN_OPTIONS:-}"
# Swift's own mutex is nothing to the thread sanitizer; `Guarded` takes another one for it.
flags=()
[ "$kind" != thread ] || flags=(-Xswiftc -DTSAN)
run_tests "$kind-sanitizer" --sanitize="$kind" "${flags[@]}" --scratch-path ".build/$kind-sanitizer" --no-parallel --skip '^IntegrationTests\.' --skip '^CommandLineTests\.MemoryTests' "$@"
