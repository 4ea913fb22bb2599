"""What a result must say about where it was taken: machine and versions."""

import os
import platform
import re
import subprocess


def first_line(*command):
    """The first line that a command prints; None where it cannot be run."""
    try:
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    lines = result.stdout.strip().splitlines()
    return lines[0].strip() if lines else None


def processor():
    """The name of the processor."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return first_line("sysctl", "-n", "machdep.cpu.brand_string") or platform.machine()


def machine():
    """The machine and how busy it is now."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "load": [round(value, 2) for value in os.getloadavg()],
    }


def matched(pattern, text):
    match = re.search(pattern, text or "")
    return match.group(1) if match else None


def versions(python):
    """The versions of what is measured; what is not there is left out. `python` is the interpreter of the Python peers, or None."""
    commit = first_line("git", "describe", "--always", "--dirty", "--abbrev=10")
    found = {
        "this project": commit,
        "Swift": matched(r"Swift version (\S+)", first_line("swift", "--version")),
        "libcurl": matched(r"libcurl/(\S+)", first_line("curl", "--version")),
        "curl": matched(r"curl (\S+)", first_line("curl", "--version")),
        "simdjson": first_line("pkg-config", "--modversion", "simdjson"),
        "C compiler": first_line("cc", "--version"),
        "valgrind": matched(r"valgrind-(\S+)", first_line("valgrind", "--version")),
        "Python": platform.python_version(),
    }
    if python:
        for package in ("openai", "aiohttp"):
            found[package] = first_line(python, "-c", f"import importlib.metadata as m; print(m.version('{package}'))")
    return {name: version for name, version in found.items() if version}
