"""Builds what is measured."""

import os
import shutil
import subprocess

# What is built for a group of measures.
STREAMING = ["bench-client", "bench-provider", "bench-host"]
PRODUCTS = {
    "stream": STREAMING, "paced": STREAMING, "half": STREAMING, "instructions": STREAMING, "requests": STREAMING[:2], "embeddings": STREAMING[:1],
    "startup": ["bench-client", "vllm-host"], "yaml": ["bench-log"], "log": ["bench-log"], "read": ["bench-log"],
    "growth": [*STREAMING, "bench-log"],
}
FLAGS = ["--configuration", "release", "--static-swift-stdlib", "-debug-info-format", "none"]
PYTHON = ".venv-bench/bin/python"


def swift(groups, builds, note):
    """The paths of this project's programs that some groups of measures need, by name. One that cannot be built is told and left out."""
    programs = {}
    for product in dict.fromkeys(product for group in groups for product in PRODUCTS[group]):
        if not builds:
            programs[product] = product
            continue
        result = subprocess.run(
            ["swift", "build", "--quiet", *FLAGS, "--product", product], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if result.returncode:
            errors = [line for line in result.stdout.splitlines() if "error:" in line] or ["swift build failed"]
            note(f"`{product}` is left out: {errors[0]}")
        else:
            programs[product] = product
    if programs:
        folder = subprocess.run(["swift", "build", *FLAGS, "--show-bin-path"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        programs = {name: os.path.join(folder, name) for name in programs}
    return programs


def c(folder, note):
    """The paths of the C programs, by name."""
    sources = {"floor": [], "log_floor": [], "curl_floor": ["-lcurl"]}
    commands = {name: [f"Benchmarks/Peers/{name}.c", *libraries] for name, libraries in sources.items()}
    commands["mockserver"] = ["-w", "Benchmarks/LoadServer/mockserver.c", "-lm"]
    programs = {}
    for name, arguments in commands.items():
        path = os.path.join(folder, name)
        result = subprocess.run(["cc", "-O2", "-o", path, *arguments], stderr=subprocess.PIPE, text=True, check=False)
        if result.returncode:
            note(f"`{name}` is left out: {(result.stderr.strip().splitlines() or ['cc failed'])[0]}")
        else:
            programs[name] = path
    curl = shutil.which("curl")
    if curl:
        programs["curl"] = curl
    else:
        note("curl is left out: it is not installed.")
    return programs


def python(note):
    """The interpreter of the Python peers, in an environment of its own with the versions of requirements.txt; None where that fails."""
    requirements = "Benchmarks/Peers/requirements.txt"
    done = ".venv-bench/requirements.txt"
    with open(requirements, encoding="utf-8") as file:
        wanted = file.read()
    if os.path.exists(done):
        with open(done, encoding="utf-8") as file:
            if file.read() == wanted:
                return PYTHON
    commands = [["python3", "-m", "venv", ".venv-bench"], [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]]
    for command in commands:
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if result.returncode:
            said = result.stdout.strip().splitlines()
            note(f"The Python peers are left out: {said[-1] if said else command[0]}")
            return None
    shutil.copyfile(requirements, done)
    return PYTHON


def rust(note):
    """The program that drives the Rust crate, which is built elsewhere; None where none is named."""
    path = os.environ.get("BENCH_RUST_PEER", "")
    if path and os.access(path, os.X_OK):
        return os.path.abspath(path)
    reason = f"{path} cannot be run" if path else "BENCH_RUST_PEER names no program"
    note(f"The Rust crate is left out, and with it the columns that compare with it: {reason} (docs/performance.md).")
    return None


def plugin(note):
    """The folder of the provider as a plugin; None where `make plugin` has not built it."""
    folder = os.path.abspath("Plugins/provider-vllm")
    if os.path.exists(os.path.join(folder, "libprovider-vllm.so")):
        return folder
    note("The provider as a plugin is left out: `make plugin` has not built it.")
    return None
