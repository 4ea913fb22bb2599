#!/usr/bin/env bash
# Tests the loadable plugin (Scripts/plugin.sh) and the template in C (Plugins/echo-c) as a host in C meets them: Tests/Plugin/torture
# from eight threads, as they are, under valgrind and under sanitizers. The server is vllm-sim.
# usage: test-plugin.sh [--calls N] [--address]
#   --calls N   calls of the runs without valgrind (2000); under valgrind it is a tenth
#   --address   the whole plugin with the address sanitizer, too: that builds everything once more
# CONFIGURATION=debug tests an unoptimised plugin.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

calls=2000
address=
while [ $# -gt 0 ]; do
    case "$1" in
    --calls) calls="${2:?a number}" && shift ;;
    --address) address=yes ;;
    *) die "unknown argument: $1. Known are: --calls N, --address" ;;
    esac
    shift
done

command -v valgrind >/dev/null || install_packages valgrind
Scripts/plugin.sh
make --silent -C Plugins/echo-c

tools=.build/plugin
hosts=(Tests/Plugin/host.c Plugins/echo-c/json.c Plugins/echo-c/text.c)
flags=(-std=c99 -Wall -Wextra -pedantic -Werror -O1 -g -pthread -I Sources/CProviderPlugin -I Plugins/echo-c -I Tests/Plugin)
# The header is C99 and C++11.
header=Sources/CProviderPlugin/provider_plugin.h
cc -std=c99 -Wall -Wextra -pedantic -Werror -fsyntax-only -x c - <<<"#include \"$root/$header\""
c++ -std=c++11 -Wall -Wextra -pedantic -Werror -fsyntax-only -x c++ - <<<"#include \"$root/$header\""
cc "${flags[@]}" Tests/Plugin/ask.c "${hosts[@]}" -o "$tools/ask"
cc "${flags[@]}" Tests/Plugin/torture/*.c "${hosts[@]}" -o "$tools/torture"
for sanitizer in address thread; do
    cc "${flags[@]}" -fsanitize="$sanitizer" Tests/Plugin/torture/*.c "${hosts[@]}" -o "$tools/torture-$sanitizer"
    cc "${flags[@]}" -fsanitize="$sanitizer" -fPIC -fvisibility=hidden -shared Plugins/echo-c/*.c -o "$tools/libecho-c-$sanitizer.so"
done
cc "${flags[@]}" -fsanitize=address -fPIC -fvisibility=hidden -shared -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc \
    Plugins/echo-c/*.c Tests/Plugin/scarce.c -o "$tools/libecho-c-scarce.so"

simulator=
trap '[ -z "$simulator" ] || kill "$simulator" 2>/dev/null || true' EXIT
start_simulator

run() {
    say "=== $1"
    shift
    timeout 900 "$@" || die "failed: $*"
}
memcheck=(valgrind --quiet --fair-sched=try --leak-check=full "--errors-for-leak-kinds=definite,possible" --error-exitcode=9
    "--suppressions=$root/Tests/Plugin/valgrind.supp" --num-callers=30)

echo_c=Plugins/echo-c/libecho-c.so
run "echo-c" "$tools/torture" "$echo_c" --calls "$((calls * 5))"
run "echo-c, slow" "$tools/torture" "$echo_c" --calls "$calls" --config '{"delay_ms": 1}'
run "echo-c, address sanitizer" "$tools/torture-address" "$tools/libecho-c-address.so" --calls "$calls"
run "echo-c, thread sanitizer" "$tools/torture-thread" "$tools/libecho-c-thread.so" --calls "$calls"
# Every 41st time it gets no memory.
run "echo-c, memory is scarce" "$tools/torture-address" "$tools/libecho-c-scarce.so" --calls "$calls" --scarce 1 \
    --prompt "one two three" --answer "one two three"
run "echo-c, valgrind" "${memcheck[@]}" "$tools/torture" "$echo_c" --calls "$((calls / 2))"

vllm=Plugins/provider-vllm/libprovider-vllm.so
# The keys of every run; retries would only take time.
config='{"base_url": "'"$url"'", "use_completions": false, "temperature": 0, "max_tokens": 300, "api_key": "torture-secret", "max_retries": 0}'
broken='{"headers": {"X-Simulator-Fault": "reset-at-byte=900"}}'
emoji='🚀🎉👍🏽 👨‍👩‍👧‍👦 🇯🇵🇫🇷'
answer="$("$tools/ask" "$vllm" "$config" 'What is 2+2?')" || die "no answer"
[ "$answer" = 4 ] || die "2+2 is 4, and the answer was: $answer"
run "provider-vllm" "$tools/torture" "$vllm" --calls "$calls" --config "$config" --prompt 'Count from 1 to 40.' --options "$broken"
run "provider-vllm, short answers" "$tools/torture" "$vllm" --calls "$((calls * 2))" --config "$config" --prompt 'Send me some emoji.' \
    --answer "$emoji" --growth 600000
# With the names of its functions.
run "provider-vllm, valgrind" "${memcheck[@]}" "$tools/torture" .build/plugin/libprovider-vllm.so --calls "$((calls / 10))" --rounds 4 \
    --config "$config" --prompt 'Send me some emoji.' --answer "$emoji" --options "$broken"

if [ -n "$address" ]; then
    Scripts/plugin.sh address "$tools/address"
    # The sanitizer of Swift's own compiler, whose functions the plugin uses.
    clang "${flags[@]}" -fuse-ld=lld -fsanitize=address Tests/Plugin/torture/*.c "${hosts[@]}" \
        -o "$tools/torture-swift-address"
    run "provider-vllm, address sanitizer" env "LSAN_OPTIONS=suppressions=$root/Tests/Plugin/leaks.supp:print_suppressions=0" \
        "$tools/torture-swift-address" "$tools/address/libprovider-vllm.so" --calls "$calls" \
        --config "$config" --prompt 'Count from 1 to 40.' --options "$broken"
fi
# The suites of vllm-host, over the library in place of the provider that is built in.
VLLM_TEST_PLUGIN="$root/Plugins/provider-vllm" run_tests plugin-tests \
    --filter '^(PluginLoadingTests\.(BothWays|Leaving)|CommandLineTests\.Plugin)Tests'

say "The plugins hold."
