#!/usr/bin/env bash
# Runs the unit tests: every suite but IntegrationTests, which needs a real vLLM server. Arguments go to `swift test`.
# What failed and the summary are shown; all of the output is in .build/unit-tests.log.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"
Scripts/setup.sh

# What somebody has set for their own server must not reach the tests.
unset VLLM_BASE_URL VLLM_API_KEY VLLM_STREAM_IDLE_TIMEOUT VLLM_TEST_BASE_URL
run_tests unit-tests --parallel --skip '^IntegrationTests\.' "$@"
