#!/usr/bin/env bash
# Checks that no built product needs FoundationNetworking or ICU, directly or through another library: they are most of
# the size and of the start-up time of a Swift program that links them. Linux only (ldd).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root/.build/${CONFIGURATION:-debug}"

for product in vllm-host vllm-sim; do
    [ -x "$product" ] || die "$product is not built. Run: make build"
done

failed=0
while IFS= read -r product; do
    libraries="$(ldd "$product")"
    if unwanted="$(grep -E 'FoundationNetworking|FoundationInternationalization|FoundationICU|libicu|not found' <<<"$libraries")"; then
        say "error: $product needs what it must not need, or what is not there:" "$unwanted"
        failed=1
    else
        say "$product: $(wc -l <<<"$libraries") libraries, none unwanted"
    fi
done < <(find . -maxdepth 1 -type f \( -perm -u+x -o -name '*.so' \) ! -name '*.xctest')
exit "$failed"
