#!/usr/bin/env bash
# Opens pages of sessions in a headless Chromium and does what a reader does (Tests/Browser). Sessions are made by the built host with the
# simulator. Screenshots and the printed page are left in .build/browser. Arguments go to pytest: Scripts/test-browser.sh -k search
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"
Scripts/setup.sh

venv="${BROWSER_VENV:-$root/.venv-browser}"
requirements=Tests/Browser/requirements.txt
stamp="$venv/.installed"

install() {
    if [ -z "${CHROMIUM:-}" ] && ! { [ -x /usr/bin/chromium ] && [ -x /usr/bin/chromedriver ]; }; then
        install_packages chromium chromium-driver
    fi
    [ -n "$(find "$requirements" -newer "$stamp" 2>&1)" ] || return 0
    python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv
    say "Installing selenium into $venv…"
    [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" ||
        die "pip could not install $requirements (see above)."
    touch "$stamp"
}

install
swift build --quiet --product vllm-sim
swift build --quiet --product vllm-host
binaries="$(swift build --show-bin-path)"
export VLLM_SIM="$binaries/vllm-sim" VLLM_HOST="$binaries/vllm-host"
# What a developer has set for other servers is none of these tests' business.
unset VLLM_BASE_URL VLLM_API_KEY
"$venv/bin/python" -m pytest --quiet --rootdir Tests/Browser -c Tests/Browser/pytest.ini --basetemp .build/browser Tests/Browser "$@"
