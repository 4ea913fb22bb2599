#!/usr/bin/env python3
"""Counts what the fixed paths of `bench-paths` cost, in instructions and allocations a unit under callgrind, and compares it with the
thresholds. Counts do not depend on what else the machine does; seconds do, and are not looked at.

Each path runs twice, for two lengths: the difference is what the units cost, without what is done once.

usage: bench-check.py PROGRAM [--update] [--swift VERSION] [PATH…]   measures; PROGRAM is a stripped bench-paths
       bench-check.py PROGRAM --self-test                            tests the comparison, with one path measured
"""

import argparse
import concurrent.futures
import contextlib
import io
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

THRESHOLDS = os.path.join(os.path.dirname(__file__), "..", "Benchmarks", "Thresholds", "paths.json")
TOLERANCE = 0.05
# Other tools count otherwise, but not by so much.
TOLERANCE_OF_OTHER_TOOLS = 0.25
# Of an allocation in so many units nobody can say whether it is one more.
FEWEST_ALLOCATIONS = 0.02
ALLOCATORS = {"malloc", "calloc", "realloc", "reallocarray", "posix_memalign", "aligned_alloc", "memalign"}
# How many units the runs have: few where one is as much work as hundreds of tokens, many where it is so little that what threads do once
# in a run can be seen beside it.
LENGTHS = {"request": (64, 256), "call": (64, 256), "plan": (64, 256), "session": (12800, 64000)}
USUAL_LENGTHS = (640, 3200)
FIGURES = ("instructions", "allocations")


class CheckError(Exception):
    """Why nothing can be said."""


def count(program, path, length, folder):
    """What a run of a path takes: (instructions, allocations)."""
    out = os.path.join(folder, f"{path}.{length}")
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--compress-strings=no", program, path, str(length)]
    # Swift seeds the hashes of its tables at random, and what the environment holds is read into tables, too.
    environment = {"SWIFT_DETERMINISTIC_HASHING": "1", "PATH": os.environ["PATH"], "TMPDIR": folder, "LC_ALL": "C"}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise CheckError(f"`{' '.join(command)}` failed with {run.returncode}:\n{run.stderr[-2000:]}")
    with open(out, encoding="utf-8", errors="replace") as lines:
        return read_counts(lines)


def read_counts(lines):
    """The instructions and the calls of allocators that a file of callgrind's tells (valgrind's manual, "Callgrind Format Specification")."""
    instructions, allocations, called = None, 0, None
    for line in lines:
        if line.startswith("cfn="):
            called = line[4:].strip().split("'")[0].split("@")[0]
        elif line.startswith("calls=") and called in ALLOCATORS:
            allocations += int(line[6:].split()[0])
        elif line.startswith(("summary:", "totals:")):
            instructions = int(line.split()[1])
    if instructions is None:
        raise CheckError("callgrind wrote no total")
    return instructions, allocations


def measure(program, path, folder):
    """What a unit of a path takes."""
    short, long = LENGTHS.get(path, USUAL_LENGTHS)
    before, after = (count(program, path, length, folder) for length in (short, long))
    per_unit = [(b - a) / (long - short) for a, b in zip(before, after)]
    if per_unit[0] <= 0:
        raise CheckError(f"{path}: {long} units take no more than {short}: {before}, {after}")
    return {"instructions": round(per_unit[0], 1), "allocations": round(per_unit[1], 3) + 0.0}


def verdict(figure, measured, threshold):
    """What a figure is: `ok`, `worse` or `better`, by more than the tolerance."""
    slack = max(threshold * TOLERANCE, FEWEST_ALLOCATIONS if figure == "allocations" else 0)
    if measured > threshold + slack:
        return "worse"
    return "better" if measured < threshold - slack else "ok"


def compare(measured, thresholds):
    """Rows of (path, figure, measured, threshold, verdict)."""
    return [
        (path, figure, figures[figure], thresholds[path][figure], verdict(figure, figures[figure], thresholds[path][figure]))
        for path, figures in measured.items()
        for figure in FIGURES
    ]


def listed_paths(program):
    """The paths that the program has, with their units."""
    run = subprocess.run([program, "list"], capture_output=True, text=True, check=False)
    if run.returncode != 0 or not run.stdout:
        raise CheckError(f"`{program} list` names no paths: {run.stderr}")
    return dict(line.split() for line in run.stdout.splitlines())


def environment(swift):
    """What the counts depend on besides the code."""
    if shutil.which("valgrind") is None:
        raise CheckError("valgrind is missing: it counts the instructions")
    valgrind = subprocess.run(["valgrind", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    libc = "-".join(platform.libc_ver())
    return {"swift": swift, "valgrind": valgrind.removeprefix("valgrind-"), "libc": libc, "architecture": platform.machine()}


def check_names(asked, listed, thresholds):
    """Raises where a path is not known, has no threshold, or a threshold has no path."""
    unknown = [path for path in asked if path not in listed]
    if unknown:
        raise CheckError(f"there is no path {', '.join(unknown)}; there are {', '.join(listed)}")
    if thresholds is None:
        return
    missing = [path for path in listed if path not in thresholds]
    stale = [path for path in thresholds if path not in listed]
    if missing or stale:
        what = [f"no threshold for {', '.join(missing)}"] * bool(missing) + [f"no path {', '.join(stale)}"] * bool(stale)
        raise CheckError(f"{THRESHOLDS}: {'; '.join(what)}. `make bench-check UPDATE=1` writes the file anew")


def measure_all(program, paths):
    """What the units of all paths take, several paths at a time."""
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(paths, pool.map(lambda path: measure(program, path, folder), paths)))


def print_table(rows, units):
    """The rows as a Markdown table."""
    print("| path | a unit is | figure | measured | threshold | |\n|---|---|---|---:|---:|---|")
    for path, figure, measured, threshold, result in rows:
        change = f"{(measured / threshold - 1) * 100:+.1f} %" if threshold else ""
        note = {"ok": "", "worse": f"**{change}**", "better": change}[result]
        digits = 0 if figure == "instructions" else 2
        print(f"| {path} | {units[path]} | {figure} | {measured:,.{digits}f} | {threshold:,.{digits}f} | {note} |")


def update(measured, units, found, partial):
    """Writes thresholds; those of paths that were not measured stay."""
    paths = {}
    if partial and os.path.exists(THRESHOLDS):
        with open(THRESHOLDS, encoding="utf-8") as file:
            paths = json.load(file)["paths"]
    for path, figures in measured.items():
        paths[path] = {"unit": units[path], **figures}
    paths = {path: paths[path] for path in units if path in paths}
    os.makedirs(os.path.dirname(THRESHOLDS), exist_ok=True)
    with open(THRESHOLDS, "w", encoding="utf-8") as file:
        lines = ",\n".join(f"    {json.dumps(path)}: {json.dumps(figures)}" for path, figures in paths.items())
        file.write("{\n" + "".join(f"  {json.dumps(k)}: {json.dumps(v)},\n" for k, v in found.items()))
        file.write(f'  "paths": {{\n{lines}\n  }}\n}}\n')


def check(arguments):
    """Measures and compares. Returns the exit status."""
    found = environment(arguments.swift)
    units = listed_paths(arguments.program)
    if arguments.update:
        check_names(arguments.paths, units, None)
        update(measure_all(arguments.program, arguments.paths or list(units)), units, found, bool(arguments.paths))
        print(f"thresholds written: {os.path.relpath(THRESHOLDS)}")
        return 0
    if not os.path.exists(THRESHOLDS):
        raise CheckError(f"{THRESHOLDS} is missing: `make bench-check UPDATE=1` writes it")
    with open(THRESHOLDS, encoding="utf-8") as file:
        thresholds = json.load(file)
    check_names(arguments.paths, units, thresholds["paths"])
    rows = compare(measure_all(arguments.program, arguments.paths or list(units)), thresholds["paths"])
    print_table(rows, units)
    return conclude(rows, {k: (thresholds.get(k), v) for k, v in found.items() if thresholds.get(k) != v})


def conclude(rows, differing):
    """Says what the rows come to. Returns the exit status: 1 where a threshold was passed by tools that it was made with, or by far by others."""
    worse = [row for row in rows if row[4] == "worse"]
    better = [row for row in rows if row[4] == "better"]
    if better:
        print(f"\nBetter by more than {TOLERANCE:.0%}: lower the thresholds, so that it stays so: make bench-check UPDATE=1")
    if not worse:
        return 0
    names = ", ".join(f"{path} ({figure})" for path, figure, *_ in worse)
    print(f"\nThresholds passed by more than {TOLERANCE:.0%}: {names}")
    if differing:
        differences = ", ".join(f"{name} {now} in place of {then}" for name, (then, now) in differing.items())
        print(f"warning: the thresholds were made with other tools: {differences}")
        far = [row for row in worse if row[2] > row[3] * (1 + TOLERANCE_OF_OTHER_TOOLS) + FEWEST_ALLOCATIONS]
        print(f"Passed by more than {TOLERANCE_OF_OTHER_TOOLS:.0%}: {', '.join(f'{path} ({figure})' for path, figure, *_ in far) or 'none'}")
        return 1 if far else 0
    print("Where that is meant: make bench-check UPDATE=1, and say in the commit why. To see where it goes: callgrind_annotate.")
    return 1


def self_test(program):
    """Tests what fails and what does not, on one path that is measured."""
    path = "sse"
    measured = measure_all(program, [path, path])[path]
    again = measure_all(program, [path])[path]

    def outcome(factor, differing=None):
        thresholds = {path: {figure: value / factor for figure, value in measured.items()}}
        rows = compare({path: measured}, thresholds)
        with contextlib.redirect_stdout(io.StringIO()):
            return conclude([row for row in rows if row[1] == "instructions"], differing or {})

    def refusal(asked, listed, thresholds):
        try:
            check_names(asked, listed, thresholds)
        except CheckError as error:
            return str(error)
        return ""

    def without_valgrind():
        path = os.environ["PATH"]
        os.environ["PATH"] = ""
        try:
            environment("")
        finally:
            os.environ["PATH"] = path

    lines = ["fn=a", "cfn=malloc'2", "calls=3 0", "5 40", "cfn=b", "calls=7 0", "cfn=realloc", "calls=2 0", "totals: 1234 5"]
    tests = {
        "a threshold that is passed by 6 % fails": outcome(1.06) == 1,
        "a threshold that is passed by 4 % does not": outcome(1.04) == 0,
        "6 % with another Swift warn and do not fail": outcome(1.06, {"swift": ("1", "2")}) == 0,
        "30 % with another Swift fail": outcome(1.3, {"swift": ("1", "2")}) == 1,
        "what is 6 % better does not fail": outcome(0.94) == 0 and verdict("instructions", 94, 100) == "better",
        "an allocation more fails": verdict("allocations", 1.1, 1) == "worse" and verdict("allocations", 0.5, 0) == "worse",
        "one in a hundred units does not": verdict("allocations", 0.01, 0) == "ok",
        "a path without a threshold is told": "no threshold for b" in refusal([], ["a", "b"], {"a": {}}),
        "a threshold without a path is told": "no path b" in refusal([], ["a"], {"a": {}, "b": {}}),
        "an unknown path is told": "there is no path c" in refusal(["c"], ["a"], {"a": {}}),
        "counts are read": read_counts(lines) == (1234, 5),
        "a file without a total is told": "no total" in failure(lambda: read_counts([])),
        "a run that fails is told": "failed with" in failure(lambda: count(program, "none", 64, tempfile.gettempdir())),
        "that valgrind is missing is told": "valgrind is missing" in failure(without_valgrind),
        f"two runs agree: {measured}, {again}": abs(measured["instructions"] / again["instructions"] - 1) < 0.005,
    }
    for test, passed in tests.items():
        print(f"{'ok    ' if passed else 'FAILED'} {test}")
    return 0 if all(tests.values()) else 1


def failure(body):
    """The error of `body`."""
    try:
        body()
    except CheckError as error:
        return str(error)
    return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("paths", nargs="*", metavar="PATH")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--swift", default="")
    arguments = parser.parse_intermixed_args()
    try:
        return self_test(arguments.program) if arguments.self_test else check(arguments)
    except CheckError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
