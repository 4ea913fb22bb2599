"""Running a program that is measured and taking its figures."""

import json
import os
import subprocess
import time


class Failed(Exception):
    """Why a program brought no figures."""


def run(command, timeout):
    """Runs a program and returns what it prints on its standard output."""
    try:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        raise Failed(f"not done after {timeout:.0f} s") from None
    except OSError as error:
        raise Failed(str(error)) from None
    if result.returncode:
        said = result.stderr.strip().splitlines()
        raise Failed(f"status {result.returncode}{': ' + said[-1][:200] if said else ''}")
    return result.stdout


def record(command, timeout):
    """The figures in the line of JSON that a program prints."""
    output = run(command, timeout).strip()
    try:
        return json.loads(output.splitlines()[-1])
    except (IndexError, ValueError):
        raise Failed(f"no line of JSON: {output[:100]!r}") from None


def first_output(command, timeout):
    """How long it takes from the start of a process to the first byte of its output, and what CPU the whole process takes."""
    start = time.monotonic_ns()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    byte = process.stdout.read(1)
    wall = time.monotonic_ns() - start
    process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or not byte:
        raise Failed(f"status {process.returncode}")
    return {"wall_us": wall / 1e3, "cpu_us": (usage.ru_utime + usage.ru_stime) * 1e6}


def instructions(command, timeout):
    """How many instructions a program executes in user space, by callgrind."""
    try:
        result = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, errors="replace", timeout=timeout, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(str(error)[:200]) from None
    for line in result.stderr.splitlines():
        if "Collected :" in line and result.returncode == 0:
            return int(line.split()[-1])
    raise Failed("callgrind could not run it")
