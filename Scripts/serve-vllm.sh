#!/usr/bin/env bash
# Serves the tiny model of Tests/TinyModel with vLLM on 127.0.0.1, in the foreground. VLLM_PORT is the port (8000).
# It takes the place of this shell, so the process id of this script is the server's.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

port="${VLLM_PORT:-8000}"
venv="${VLLM_VENV:-$root/.venv-vllm}"
[ -x "$venv/bin/vllm" ] || die "vLLM is not installed in $venv. Run: make vllm"
! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || die "port $port is in use. Choose another: VLLM_PORT=8001 make vllm"

# The model is part of the repository: nothing may be fetched, and nothing is reported to anybody.
export HF_HUB_OFFLINE=1 VLLM_NO_USAGE_STATS=1 DO_NOT_TRACK=1 VLLM_CPU_KVCACHE_SPACE="${VLLM_CPU_KVCACHE_SPACE:-1}"
# The virtual environment has to come first for the compiler tools that torch starts.
export PATH="$venv/bin:$PATH"

exec "$venv/bin/python" "$venv/bin/vllm" serve "$root/Tests/TinyModel/model" \
    --served-model-name tiny-chat --host 127.0.0.1 --port "$port" --max-model-len 2048 --enforce-eager \
    --reasoning-parser qwen3 --enable-auto-tool-choice --tool-call-parser hermes --enable-prompt-tokens-details "$@"
