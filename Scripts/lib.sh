# Shared by the scripts of this folder, which source it. Not meant to be run.
# shellcheck shell=bash

# shellcheck disable=SC2034  # used by the scripts that source this
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# Homebrew keeps curl and libedit out of the compiler's way, and simdjson comes without a pkg-config entry in the manifest.
if [[ "$OSTYPE" == darwin* ]] && command -v brew >/dev/null; then
    prefix="${HOMEBREW_PREFIX:-$(brew --prefix)}"
    export CPATH="$prefix/include${CPATH:+:$CPATH}" LIBRARY_PATH="$prefix/lib${LIBRARY_PATH:+:$LIBRARY_PATH}"
    export PKG_CONFIG_PATH="$prefix/opt/curl/lib/pkgconfig:$prefix/opt/libedit/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"
fi

say() { printf '%s\n' "$*" >&2; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# install_packages PACKAGE… installs Debian packages, as root or through sudo, and says so in one line.
install_packages() {
    command -v apt-get >/dev/null || die "missing: $*. Install what your system calls these packages, then try again."
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "missing packages, and no sudo here. As root, run: apt-get install $*"
        as_root=(sudo)
        # Without a terminal nobody can type a password: fail instead of waiting for one.
        [ -t 0 ] || as_root=(sudo -n)
    fi
    say "Installing Debian packages: $*"
    local log
    log="$(mktemp)"
    if ! "${as_root[@]}" apt-get update -qq >"$log" 2>&1 ||
        ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 "$@" >>"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        die "apt-get could not install: $*"
    fi
    rm -f "$log"
}

# run_tests NAME ARGUMENT… runs `swift test`. The whole output goes to .build/NAME.log and the results to .build/NAME.xml;
# what is shown is the build, what fails, and the summary.
run_tests() {
    local name="$1"
    shift
    mkdir -p .build
    rm -f ".build/$name.xml"
    swift test --disable-xctest --xunit-output ".build/$name.xml" "$@" 2>&1 | tee ".build/$name.log" | only_news ||
        die "tests failed. All of the output: $root/.build/$name.log"
}

# start_simulator builds vllm-sim and starts it on a free port: `url` is its address, and `simulator` the process, to be ended.
start_simulator() {
    local said
    said="$(mktemp)"
    swift build --quiet --product vllm-sim
    "$(swift build --show-bin-path)/vllm-sim" --port 0 >"$said" &
    simulator=$!
    for _ in $(seq 100); do
        [ ! -s "$said" ] || break
        sleep 0.1
    done
    # shellcheck disable=SC2034  # used by the scripts that source this
    url="$(sed -n '1s/^listening on //p' "$said")"
    rm "$said"
    [ -n "$url" ] || die "the simulator did not start"
}

# only_news leaves out the lines of starts and successes, and the lines on which the texts of parametrised tests go on.
only_news() {
    sed -u -E -e '/^\[[0-9]+\/[0-9]+\] /d' -e '/^(◇ Test run|✔ Test run with)/b' -e '/^(◇ |✔ (Test|Suite) )/!b' \
        -e ':skip' -e '$d' -e 's/.*//' -e N -e 's/^\n//' \
        -e '/^(✔ Test run with|✘|↳|➜|⚠|warning: |error: |\*\*\* )|Fatal error: /b' -e 'b skip'
}
