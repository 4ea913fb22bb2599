"""The results as Markdown."""

import os

from . import goals
from .arithmetic import ratios, spread
from .results import measure, memory

BASES = {"floor": "× floor", "rust": "× Rust"}
BEGIN, END = "<!-- results: written by Benchmarks/run.py -->", "<!-- end of results -->"


def with_memory(results):
    """The results and, where it can be told, the memory of a stream, which two of the measures give together."""
    if measure(results, "memory"):
        return results
    found = memory(results)
    return {**results, "measures": [*results["measures"], found]} if found else results


def table(found):
    """A measure's table. Ratios are taken inside of each round."""
    main = next((figure for figure in found["figures"] if figure["is_main"]), found["figures"][0])
    figures = [figure for figure in found["figures"] if not figure.get("is_hidden") and any(told(row, figure) for row in found["rows"])]
    of_base = {row["client"]: row["values"].get(main["name"]) for row in found["rows"]}
    bases = [base for base in found["bases"] if base in of_base]
    header = ["client", main["title"], *(BASES[base] for base in bases), *(figure["title"] for figure in figures if figure is not main)]
    lines = [row_of(header), row_of(["---"] * len(header))]
    for row in found["rows"]:
        values = row["values"].get(main["name"], [])
        cells = [bold(row), spread(values), *(spread(ratios(values, of_base[base])) for base in bases)]
        cells += [spread(row["values"].get(figure["name"], [])) for figure in figures if figure is not main]
        lines.append(row_of(cells))
    return "\n".join(lines)


def told(row, figure):
    return any(value is not None for value in row["values"].get(figure["name"], []))


def bold(row):
    ours = not row["client"] in ("floor", "libcurl", "curl", "rust", "openai", "aiohttp")
    return f"**{row['label']}**" if ours else row["label"]


def row_of(cells):
    return "| " + " | ".join(cells) + " |"


def where(results):
    """Machine, date and versions."""
    machine = results["machine"]
    load = ", ".join(str(value) for value in machine["load"])
    pinned = "server and clients on processors of their own" if results.get("pinned") else "processors not pinned"
    lines = [
        f"{results['date']}, {machine['processor']}, {machine['cores']} cores, {machine['system']}, load {load} at the start; {pinned}; "
        f"{results['rounds']} interleaved rounds{', the quick form' if results['quick'] else ''}.",
        "",
        ", ".join(f"{name} {version}" for name, version in results["versions"].items()) + ".",
    ]
    return "\n".join(lines)


def markdown(results, level="#"):
    """The whole report."""
    results = with_memory(results)
    parts = [f"{level} Results", where(results), "Cells are `median (min..max)` of the rounds; a ratio is taken inside of each round. **Ours** is bold."]
    shown = goals.table(results)
    if shown:
        parts += [f"{level}# What they must show", shown]
    for found in results["measures"]:
        parts += [f"{level}# {found['title']}", found["about"], table(found)]
    if results["notes"]:
        parts += [f"{level}# Left out, and found wrong", "\n".join(f"- {note}" for note in results["notes"])]
    return "\n\n".join(parts) + "\n"


def insert(path, results):
    """Puts the report between the two marks of a page; the rest of it stays as it is."""
    with open(path, encoding="utf-8") as file:
        page = file.read()
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} does not have the lines {BEGIN} and {END}")
    replace(path, f"{before}{BEGIN}\n\n{markdown(results, '##')}\n{END}{after}")


def replace(path, text):
    """Writes a file as a whole or not at all."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path + ".new", path)
