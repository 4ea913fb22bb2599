"""Event logs as lists, and what is the same of two of them."""

import json
from pathlib import Path


def records(path):
    """The log's events in order: (name, payload), the lifted members back in the payload."""
    lines = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
    outside = {"ts", "lvl", "schema", "event", "data"}
    return [(line["event"], {k: v for k, v in line.items() if k not in outside} | line.get("data", {})) for line in lines]


def names(events):
    """The events' names; the deltas of one block, whose number is the server's business, count as one."""
    result = []
    for name, _ in events:
        if name != "llm:stream_block_delta" or result[-1:] != [name]:
            result.append(name)
    return result


def of(events, name):
    """The payloads of the events of one name."""
    return [payload for event, payload in events if event == name]
