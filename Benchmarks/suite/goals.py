"""What the measures must show, and whether they do."""

from .arithmetic import median, number
from .results import difference, ratio, values


def added(results, name, client, base):
    """What a layer adds, as a share of the bare client's CPU a token."""
    upper, lower, bare = (values(results, name, key) for key in (client, base, "client"))
    if not upper or not lower or not bare:
        return None
    return median([(a - b) / c for a, b, c in zip(upper, lower, bare) if None not in (a, b, c)])


def above_the_floor(results):
    """How much later than the floor's p99 our latest token is, in ms, at half of saturation."""
    ours, floor = values(results, "half", "client", "max"), values(results, "half", "floor", "p99")
    if not ours or not floor:
        return None
    return median([(a - b) / 1000 for a, b in zip(ours, floor) if a is not None and b is not None])


def single(results, name, client, figure=None):
    taken = values(results, name, client, figure)
    return median(taken) if taken else None


def to_rust(name, client="client"):
    return lambda results: ratio(results, name, client, "rust")


# What it is, how it is found, the limit, and the unit.
GOALS = [
    ("One stream, saturated: client, CPU a token", to_rust("stream-1"), 0.35, "× Rust"),
    ("64 streams, saturated: client, CPU a token", to_rust("stream-64"), 0.35, "× Rust"),
    ("Client, instructions a token", lambda results: single(results, "instructions", "client", "token"), 6000, ""),
    ("One stream, saturated: host with its event log, CPU a token", to_rust("stream-1", "host"), 0.6, "× Rust"),
    ("64 streams, saturated: host with its event log, CPU a token", to_rust("stream-64", "host"), 0.6, "× Rust"),
    ("5 log-probabilities, all taken out: client, CPU a token", to_rust("logprobs-1"), 0.5, "× Rust"),
    ("64 paced streams, engine's thread: client, CPU a token", to_rust("paced-64"), 1.15, "× Rust"),
    ("512 paced streams, engine's thread: client, CPU a token", to_rust("paced-512"), 1.15, "× Rust"),
    ("64 paced streams, global pool: client, CPU a token", to_rust("paced-64", "client-global"), 1.8, "× Rust"),
    ("512 paced streams, global pool: client, CPU a token", to_rust("paced-512", "client-global"), 1.8, "× Rust"),
    ("512 streams at half of saturation: the latest token, above the server's p99", above_the_floor, 5, "ms"),
    ("Memory of an active stream", lambda results: single(results, "memory", "client", "rss"), 24, "KiB"),
    ("Requests one at a time, CPU", to_rust("requests-1"), 1.2, "× Rust"),
    ("Requests 64 at a time, CPU", to_rust("requests-64"), 1, "× Rust"),
    ("Embeddings as base64, CPU a vector", to_rust("embeddings-base64"), 1, "× Rust"),
    ("Start-up to first token of `vllm-host run`, above the floor's", lambda results: difference(results, "startup", "vllm-host", "floor"), 15, "ms"),
    ("Event log, one `write` a line on this thread, CPU", lambda results: ratio(results, "log-flush", "log-write", "floor"), 1.5, "× C"),
    ("Event log, lines that wait are written together (by C each by itself), CPU", lambda results: ratio(results, "log-flush", "log", "floor"), 1.5, "× C"),
    ("Event log, each line waited for, CPU", lambda results: ratio(results, "log-flush", "log-line", "floor"), 1.5, "× C"),
    ("What the provider adds to the client, CPU a token", lambda results: added(results, "stream-1", "provider", "client"), None, "× client"),
    ("What the host session adds to the provider, CPU a token", lambda results: added(results, "stream-1", "host-bare", "provider"), 0.25, "× client"),
    ("What the event log adds to the host, CPU a token", lambda results: added(results, "stream-1", "host", "host-bare"), 0.25, "× client"),
    ("What the plugin's ABI adds to the host, CPU a token", lambda results: added(results, "stream-1", "host-plugin", "host"), 0.25, "× client"),
]


def table(results):
    """The goals as a Markdown table; goals whose measures were not taken are left out."""
    lines = ["| | at most | measured | |", "|---|---|---|---|"]
    for title, find, limit, unit in GOALS:
        found = find(results)
        if found is None:
            continue
        verdict = "" if limit is None else "holds" if found <= limit else "**missed**"
        most = "–" if limit is None else f"{limit:,} {unit}".strip()
        measured = f"{number(found)} {unit}".strip()
        lines.append(f"| {title} | {most} | {measured} | {verdict} |")
    return "\n".join(lines) if len(lines) > 2 else ""
