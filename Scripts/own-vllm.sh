#!/usr/bin/env bash
# Serves the tiny model as serve-vllm.sh does, for a test that may stop, break and restart its server: the first line on standard output is
# the process id of the server, which leads a process group of its own. Everything of it is killed when standard input ends, so that
# nothing is left behind, however whoever started this ends. What the server says goes to the file VLLM_LOG.
set -euo pipefail

# With job control, a background process leads a group of its own.
set -m
"$(dirname "${BASH_SOURCE[0]}")/serve-vllm.sh" "$@" >>"${VLLM_LOG:-/dev/null}" 2>&1 </dev/null &
server=$!
trap 'kill -KILL -- "-$server" 2>/dev/null || true' EXIT
# The end comes by standard input alone, not by a Ctrl-C that is meant for the test.
trap '' INT TERM HUP
echo "$server"
while read -r _; do :; done
