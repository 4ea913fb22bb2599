#!/usr/bin/env bash
# Runs the unit tests: every suite but IntegrationTests, which needs a real vLLM server. Arguments go to `swift test`.
# What failed and the summary are shown; all of the output is in .build/{unit,provider,command}-tests.log.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"
Scripts/setup.sh

# What somebody has set for their own server must not reach the tests.
unset VLLM_BASE_URL VLLM_API_KEY VLLM_STREAM_IDLE_TIMEOUT VLLM_TEST_BASE_URL
# All tests of a run begin at once. In three runs none waits so long for its turn that a time limit passes which is not the test's matter.
run_tests unit-tests --parallel --skip '^(IntegrationTests|VLLMProviderTests|CommandLineTests)\.' "$@"
run_tests provider-tests --parallel --skip-build --skip '^(?!VLLMProviderTests\.)' "$@"
run_tests command-tests --parallel --skip-build --skip '^(?!CommandLineTests\.)' "$@"
