#!/usr/bin/env bash
# Builds vllm-host if anything changed and asks it one question: PROMPT, or "What is 2+2?". Arguments go to `vllm-host run`.
# The server is the built-in simulator, or the real one at VLLM_BASE_URL.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"
Scripts/setup.sh

configuration="${CONFIGURATION:-debug}"
binary=".build/$configuration/vllm-host"
built=".build/$configuration.run-is-built"

# `swift build` takes half a second to find out that there is nothing to do; this takes a hundredth.
if [ ! -x "$binary" ] || [ ! -e "$built" ] || [ -n "$(find Package.swift Sources -newer "$built" -print -quit)" ]; then
    if [ -x "$binary" ]; then say "building…"; else say "building (the first time takes a minute)…"; fi
    mkdir -p .build
    # Marked with the time before the build, so that an edit made meanwhile is built next time.
    touch "$built.next"
    log="$(mktemp)"
    trap 'rm -f "$log"' EXIT
    options=()
    # With Swift's runtime inside, the program starts two milliseconds sooner. (macOS has the runtime itself.)
    [ "$configuration" != release ] || [[ "$OSTYPE" == darwin* ]] || options=(--static-swift-stdlib)
    if ! swift build --configuration "$configuration" ${options[@]+"${options[@]}"} --product vllm-host >"$log" 2>&1; then
        cat "$log" >&2
        die "the build failed."
    fi
    mv "$built.next" "$built"
    rm -f "$log"
fi

server=()
asked="${VLLM_BASE_URL:-}"
[ -n "$asked" ] || { server=(--simulator) && asked="the built-in simulator"; }
prompt="${PROMPT:-What is 2+2?}"
say "Asking $asked: $prompt"
exec "$binary" run --config Config/demo.yaml ${server[@]+"${server[@]}"} "$@" "$prompt"
