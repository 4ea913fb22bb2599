#!/usr/bin/env python3
"""Measures this project and others against the load server, and writes Benchmarks/Results and docs/performance.md.

usage: run.py [--quick] [--rounds N] [--only GROUP,…] [--no-pin] [--no-build] [--no-write] [--growth] [--render]

docs/performance.md says what is measured and how to read it. BENCH_RUST_PEER names the program that drives the Rust crate.
"""

import argparse
import datetime
import json
import os
import resource
import shutil
import sys
import tempfile
import time

from suite import building, catalogue, clients, counting, growth, report
from suite.machine import machine, versions
from suite.measures import run_rounds
from suite.server import LoadServer

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RESULTS = "Benchmarks/Results"
PAGE = "docs/performance.md"
GROUPS = [*catalogue.GROUPS, "instructions"]


def options():
    parser = argparse.ArgumentParser(description="Measures this project and others against the load server.")
    parser.add_argument("--quick", action="store_true", help="the main measures, three rounds, less work")
    parser.add_argument("--rounds", type=int, help="how many rounds (7, or 3 with --quick)")
    parser.add_argument("--only", default="", help=f"some groups of measures: {','.join(GROUPS)}")
    parser.add_argument("--clients", default="", help="some clients, by their keys")
    parser.add_argument("--no-pin", action="store_true", help="do not give server and clients processors of their own")
    parser.add_argument("--no-write", action="store_true", help="print the report and write no file")
    parser.add_argument("--no-build", action="store_true", help="measure the Swift programs that were built last")
    parser.add_argument("--growth", action="store_true", help="cost against size instead, as plots in docs/performance")
    parser.add_argument("--render", action="store_true", help="write the report and the plots of the results that are there once more")
    chosen = parser.parse_args()
    chosen.only = [name for name in chosen.only.split(",") if name]
    chosen.clients = [name for name in chosen.clients.split(",") if name]
    unknown = [name for name in chosen.only if name not in GROUPS]
    if unknown:
        parser.error(f"there is no group {unknown[0]!r}, only {', '.join(GROUPS)}")
    return chosen


class Notes(list):
    """What is left out or wrong: told at once, and kept for the report."""

    def __call__(self, text):
        self.append(text)
        print(f"note: {text}", file=sys.stderr)


def progress(text):
    print(text, file=sys.stderr)


def pins(wanted):
    """A processor for the server and those for the clients; None where there is one only, or the system cannot."""
    if not wanted or not hasattr(os, "sched_getaffinity"):
        return None
    processors = sorted(os.sched_getaffinity(0))
    return (processors[0], set(processors[1:])) if len(processors) > 1 else None


def allow_many_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 1 << 16 if hard == resource.RLIM_INFINITY else hard
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def measured(chosen, suite, notes):
    """The results of all measures that are chosen."""
    measures = []
    rounds = chosen.rounds or (3 if chosen.quick else 7)
    for name, group in catalogue.GROUPS.items():
        if not chosen.only or name in chosen.only:
            for measure in group(suite):
                measures.append(run_rounds(measure, rounds, notes, progress))
                progress(f"\n{measures[-1]['title']}\n{report.table(measures[-1])}\n")
    if "instructions" in chosen.only or not (chosen.only or chosen.quick):
        found = counting.instructions(suite, notes, progress)
        if found:
            measures.append(found)
    return measures, rounds


def save(results, name):
    os.makedirs(RESULTS, exist_ok=True)
    report.replace(f"{RESULTS}/{name}.json", json.dumps(results, indent=1, ensure_ascii=False) + "\n")


def load(name):
    with open(f"{RESULTS}/{name}.json", encoding="utf-8") as file:
        return json.load(file)


def write(results):
    report.replace(f"{RESULTS}/latest.md", report.markdown(results))
    report.insert(PAGE, results)


def main():
    os.chdir(ROOT)
    chosen = options()
    if chosen.render:
        if os.path.exists(f"{RESULTS}/latest.json"):
            write(load("latest"))
        if os.path.exists(f"{RESULTS}/growth.json"):
            growth.write(load("growth"), PAGE)
        return
    allow_many_files()
    start, notes, state = time.monotonic(), Notes(), machine()
    os.makedirs(".build", exist_ok=True)
    folder = tempfile.mkdtemp(prefix="bench-", dir=os.path.abspath(".build"))
    try:
        progress("Building …")
        programs = {**building.swift(["growth"] if chosen.growth else chosen.only or GROUPS, not chosen.no_build, notes), **building.c(folder, notes)}
        if "mockserver" not in programs:
            sys.exit("error: the load server could not be built")
        python, rust = building.python(notes), building.rust(notes)
        listed = clients.peers(programs, python, rust) + clients.ours(programs, building.plugin(notes))
        if chosen.clients:
            listed = [client for client in listed if client.key in chosen.clients]
        pinned = pins(not chosen.no_pin)
        with LoadServer(programs["mockserver"], pinned[0] if pinned else None) as server:
            if pinned:
                os.sched_setaffinity(0, pinned[1])
            suite = catalogue.Suite(listed, server, programs, folder, chosen.quick)
            base = {
                "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"), "machine": state,
                "versions": versions(python), "quick": chosen.quick, "pinned": bool(pinned),
            }
            if chosen.growth:
                results = {**base, "rounds": chosen.rounds or 3, "series": growth.measured(suite, chosen.rounds or 3, notes, progress), "notes": notes}
                print(growth.markdown(results))
                if not chosen.no_write:
                    save(results, "growth")
                    growth.write(results, PAGE)
                return
            measures, rounds = measured(chosen, suite, notes)
        results = {**base, "rounds": rounds, "measures": measures, "notes": notes}
        print(report.markdown(results))
        if not chosen.no_write:
            save(results, "latest")
            write(results)
        progress(f"Done in {time.monotonic() - start:.0f} s.")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
