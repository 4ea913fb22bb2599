#!/usr/bin/env bash
# Proves that streams share a connection of HTTP/2 where the server offers it, and not each other's end: through nginx, which is installed
# where it is missing. A minute, once it is built.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

[ -x /usr/sbin/nginx ] || [ -x /usr/local/bin/nginx ] || [ -x /opt/homebrew/bin/nginx ] || install_packages nginx
run_tests http2-tests --filter '^HTTPTransportTests\.CurlHTTP2Tests/' "$@"
# What is skipped is no proof.
python3 Scripts/count-tests.py .build/http2-tests.xml HTTPTransportTests
