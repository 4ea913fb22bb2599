#!/usr/bin/env bash
# Checks what the build needs and installs what is missing. Silent, and a few hundredths of a second, when all is there.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

oldest=6.2

command -v swift >/dev/null ||
    die "Swift is not on PATH. Install Swift $oldest or newer (https://www.swift.org/install) and try again."
version="$(swift --version 2>&1)" || true
[[ "$version" =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]] || die "\`swift --version\` fails: ${version:-no output}"
if [ "${BASH_REMATCH[1]}" -lt "${oldest%.*}" ] ||
    { [ "${BASH_REMATCH[1]}" -eq "${oldest%.*}" ] && [ "${BASH_REMATCH[2]}" -lt "${oldest#*.}" ]; }; then
    die "Swift ${BASH_REMATCH[1]}.${BASH_REMATCH[2]} is too old: $oldest or newer is needed (https://www.swift.org/install)."
fi

missing=()

if [ "$(uname -s)" = Darwin ]; then
    command -v brew >/dev/null || die "Homebrew is needed for the C libraries: https://brew.sh"
    # The prefix is looked at, not `brew list`, which takes a second.
    for formula in pkgconf libyaml curl libmicrohttpd gnutls libedit openssl@3 zstd simdjson; do
        [ -d "${HOMEBREW_PREFIX:-$(brew --prefix)}/opt/$formula" ] || missing+=("$formula")
    done
    [ "${#missing[@]}" -gt 0 ] || exit 0
    say "Installing with Homebrew: ${missing[*]}"
    exec brew install --quiet "${missing[@]}"
fi

# One line a package: how to see that it is there, and what Debian calls it.
command -v pkg-config >/dev/null || missing+=(pkg-config)
while read -r module package; do
    pkg-config --exists "$module" 2>/dev/null || missing+=("$package")
done <<'LIST'
yaml-0.1 libyaml-dev
libcurl libcurl4-openssl-dev
libmicrohttpd libmicrohttpd-dev
gnutls libgnutls28-dev
libcrypto libssl-dev
libzstd libzstd-dev
libedit libedit-dev
simdjson libsimdjson-dev
LIST
# Swift brings its own C++ compiler, but takes the standard library's headers and start-up files from GCC.
compgen -G '/usr/include/c++/*/string' >/dev/null && command -v g++ >/dev/null || missing+=(g++)

[ "${#missing[@]}" -eq 0 ] || install_packages "${missing[@]}"
