"""Instructions by callgrind: the same on a busy machine, and the difference of two runs, so that starting up does not count."""

import os
import shutil
import subprocess

from . import taking
from .measures import Row

COLUMNS = [
    ("token", "a token", "stream", "tokens", {}, 2_000, 12_000),
    ("logprobs", "a token with 5 log-probabilities", "stream", "tokens", {"logprobs": 1}, 1_000, 4_000),
    ("request", "a request", "requests", "count", {"concurrency": 1}, 100, 600),
]


def stripped(program, folder):
    """The program without debug information: valgrind 3.19 ends over that of Swift 6."""
    copy = os.path.join(folder, os.path.basename(program) + "-stripped")
    if not os.path.exists(copy) and subprocess.run(["strip", "-g", "-o", copy, program], check=False).returncode:
        return program
    return copy


def instructions(suite, note, progress):
    """The measure's result, as run_rounds gives them; None where there is no valgrind."""
    if not shutil.which("valgrind"):
        note("Instructions are left out: valgrind is not installed.")
        return None
    keys = ["floor", "libcurl", "rust", "client", "provider"] + ["host", "host-plugin"]
    rows = []
    for client in [client for client in suite.clients if client.key in keys]:
        row = Row(client.key, client.label)
        for name, _, measure, amount, settings, short, long in COLUMNS:
            if measure not in client.measures:
                row.values[name] = [None]
                continue
            progress(f"instructions: {client.label}, {name}")
            try:
                counts = [count(suite, client, measure, {**settings, amount: number, "warmup": 0}) for number in (short, long)]
                row.values[name] = [(counts[1] - counts[0]) / (long - short)]
            except taking.Failed as reason:
                row.values[name] = [None]
                note(f"Instructions of {client.label}, {name}: {reason}.")
        rows.append(row.json())
    return {
        "name": "instructions", "title": "Instructions in user space", "bases": ["rust"], "rows": rows,
        "about": "callgrind, the difference of a long run and a short one; a single stream that comes in writes of 64 KiB.",
        "figures": [{"name": name, "title": title, "is_main": name == "token"} for name, title, *_ in COLUMNS],
    }


def count(suite, client, measure, settings):
    arguments = client.arguments(measure, {"url": suite.server.url, **settings})
    program = stripped(arguments[0], suite.folder) if client.is_ours else arguments[0]
    return taking.instructions([program, *arguments[1:]], 300)
