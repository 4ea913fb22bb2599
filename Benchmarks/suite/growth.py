"""What things cost as they grow: streams, answers, conversations, tools, logs. Plots, and a table with how much."""

import math
import os

from . import taking
from .arithmetic import median, number
from .plot import plot
from .report import replace, where

FOLDER = "docs/performance"
BEGIN, END = "<!-- growth: written by Benchmarks/run.py --growth -->", "<!-- end of growth -->"


def sweep(suite, keys, measure, sizes, settings, cost):
    """Commands by client and size, and how a record is turned into a cost."""
    commands = {}
    for client in [client for client in suite.clients if client.key in keys and measure in client.measures]:
        for size in sizes:
            chosen = settings(size)
            if chosen.get("streams", 0) <= client.most_streams:
                commands[client.label, size] = client.arguments(measure, {"url": suite.server.url, **chosen})
    return commands, cost


def sweeps(suite):
    """Each plot: its name, title, axes, and what is run for it."""
    streaming = ["client", "provider", "host", "rust"]
    asking = ["client", "provider"]

    def token(record):
        return record["cpu_us"] / record["tokens"]

    def request(record):
        return record["cpu_us"] / record["requests"]

    def streams(size):
        return {"model": "mock-coal", "streams": size, "tokens": max(256, 400_000 // size), "warmup": 10}

    def length(size):
        return {"model": "mock-coal", "streams": 8, "tokens": size, "warmup": 10}

    def messages(size):
        return {"concurrency": 1, "count": max(50, 4000 // size), "warmup": 5, "messages": size}

    def tools(size):
        return {"concurrency": 1, "count": max(100, 4000 // max(1, size)), "warmup": 5, "tools": size}

    yield ("streams", "Cost of a token and the number of streams", "streams at a time", "CPU µs a token", *sweep(
        suite, streaming, "stream", [1, 4, 16, 64, 256, 1024, 4096], streams, token))
    yield ("length", "Cost of a token and the length of the answer", "tokens of each of 8 answers", "CPU µs a token", *sweep(
        suite, streaming, "stream", [100, 1_000, 10_000, 100_000], length, token))
    yield ("conversation", "Cost of a request and the length of the conversation", "messages", "CPU µs a request", *sweep(
        suite, asking, "requests", [1, 4, 16, 64, 256, 1000], messages, request))
    yield ("tools", "Cost of a request and the number of tools", "tools", "CPU µs a request", *sweep(
        suite, asking, "requests", [0, 1, 4, 16, 64, 256], tools, request))
    yield ("log", "Cost of a line and the size of the event log", "MB of log", "CPU µs a line", *log_sweep(suite))


def log_sweep(suite):
    commands = {}
    for size in [1, 4, 16, 64, 256]:
        count = size * 1_000_000 // 400
        if "log_floor" in suite.programs:
            path = os.path.join(suite.folder, f"growth-{size}.jsonl")
            commands["C", size] = [suite.programs["log_floor"], "write", f"path={path}", f"count={count}", "durability=flush"]
        if "bench-log" in suite.programs:
            commands["event log", size] = [suite.programs["bench-log"], "write", f"folder={suite.folder}", f"count={count}", "durability=flush"]
    return commands, lambda record: record["cpu_us"] / record["lines"]


def measured(suite, rounds, note, progress):
    """All series: for each plot its points."""
    plots = []
    for name, title, x_title, y_title, commands, cost in sweeps(suite):
        taken = {key: [] for key in commands}
        for index in range(rounds):
            for (label, size), command in list(commands.items()):
                progress(f"growth, {name}: round {index + 1} of {rounds}, {label}, {size}")
                try:
                    taken[label, size].append(cost(taking.record(command, 300)))
                except taking.Failed as reason:
                    note(f"{title}: {label} at {size} is left out ({reason}).")
                    del commands[label, size]
                for path in [part[5:] for part in command if part.startswith("path=")]:
                    if os.path.exists(path):
                        os.unlink(path)
        labels = list(dict.fromkeys(label for label, _ in taken))
        series = {label: [[size, median(values)] for (of, size), values in taken.items() if of == label and values] for label in labels}
        plots.append({"name": name, "title": title, "x": x_title, "y": y_title, "series": series})
    return plots


def exponent(points):
    """The slope of the last points in a log-log plot: 0 is flat, 1 is linear."""
    points = [(math.log(x), math.log(y)) for x, y in points if x > 0 and y][-3:]
    if len(points) < 2:
        return None
    x_mean, y_mean = (sum(values) / len(points) for values in zip(*points))
    spread = sum((x - x_mean) ** 2 for x, _ in points)
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / spread if spread else None


def draw(found):
    """The SVG of a plot. Nothing has no place on a logarithmic axis: 0 stands at a half."""
    series = [(label.replace("`", ""), [(x or 0.5, y) for x, y in points]) for label, points in found["series"].items()]
    return plot(found["title"], found["x"], found["y"], series, {0.5: "0"})


def markdown(results):
    parts = [where(results)]
    for found in results["series"]:
        if not any(points for points in found["series"].values()):
            continue
        parts.append(f"![{found['title']}](performance/{found['name']}.svg)")
        sizes = list(dict.fromkeys(x for points in found["series"].values() for x, _ in points))
        lines = [f"| {found['y']} | {' | '.join(f'{size:,}' for size in sizes)} | exponent |", "|---" * (len(sizes) + 2) + "|"]
        for label, points in found["series"].items():
            of_size = {x: y for x, y in points}
            grows = exponent(points)
            cells = [number(of_size.get(size)) for size in sizes] + ["–" if grows is None else f"{grows:.2f}"]
            lines.append(f"| {label} | {' | '.join(cells)} |")
        parts.append("\n".join(lines))
    if results["notes"]:
        parts.append("\n".join(f"- {note}" for note in results["notes"]))
    return "\n\n".join(parts)


def write(results, page):
    """Writes the plots, and the table into the page between its marks."""
    os.makedirs(FOLDER, exist_ok=True)
    for found in results["series"]:
        if any(points for points in found["series"].values()):
            replace(f"{FOLDER}/{found['name']}.svg", draw(found))
    with open(page, encoding="utf-8") as file:
        before, begin, rest = file.read().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} does not have the lines {BEGIN} and {END}")
    replace(page, f"{before}{BEGIN}\n\n{markdown(results)}\n\n{END}{after}")
