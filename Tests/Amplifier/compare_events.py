"""Compares two event logs of one conversation: this project's own host's, and the one that a host with Amplifier's kernel writes.

    python compare_events.py OWN/events.jsonl AMPLIFIER/events.jsonl

The names must be the same in the same order, and each event must have the same members at every depth, with the same values where they do
not come from the clock or from chance. All that is allowed to differ is below, with its reason.
"""

import json
import re
import sys
from fnmatch import fnmatchcase

from events import of, records

# Members whose values are never the same twice, by the last part of their path.
VOLATILE = {
    "session_id",
    "request_id",
    "parallel_group_id",
    "tool_call_id",
    "duration_ms",
    "time_to_first_token_ms",
    "id",
    "vllm:response_id",
    "vllm:created",
    "delay",
}

# (event, path): why only the own host's log has it.
ONLY_OWN = {
    ("provider:request", "request_id"): "the own loop names the call before it asks; the kernel's loops do not",
    ("provider:response", "request_id"): "the same",
    ("provider:error", "request_id"): "the same; the kernel adds it only where the call is still open",
    ("provider:error", "status"): "the own host says whether it failed or was cancelled",
    ("tool:*", "tool_call_id"): "the own loop says which call of the answer it is; the kernel's loops do not",
    ("content_block:*", "instance_id"): "the own loop says which of several instances it was; the kernel's loops do not",
    ("prompt:complete", "status"): "the own host ends every prompt with it, also one that failed",
    ("session:end", "status"): "the own host says how the session ended",
    ("session:end", "error"): "the same",
    ("provider:re*", "instance_id"): "the own loop says the provider's name and its instance's; the kernel's loops the latter, as the name",
}

# (event, path): why only Amplifier's log has it.
ONLY_AMPLIFIER = {
    ("*", "parent_id"): "the kernel adds it to every event, the own host only to the first and the last",
    ("content_block:end", "usage.*"): "the kernel's loops write the members that are not set, as null",
}

# (event, path): why its values differ.
OTHER_VALUE = {
    ("tool:error", "error.*"): "the class of an exception of Python, and each loop's own words for it",
    ("orchestrator:complete", "orchestrator"): "another loop",
    ("orchestrator:complete", "turn_count"): "the own loop counts the provider's answers, the kernel's loops the rounds of tools",
}

# What goes over the wire is never the same twice (dates, ids, reads), and the server's models are asked for in the background, so that
# this exchange stands anywhere. Contents that are stored once are a matter of the own log.
NOT_COMPARED = {"llm:exchange:raw", "log:content"}

# Events that only the own host writes behind a prompt that failed: the kernel's loops end with the exception. Of one that was cancelled in
# the middle of an answer the loops tell nothing: the kernel says at its end `cancel:completed`, with other members.
ENDS_OF_FAILURES = {"prompt:complete", "orchestrator:complete", "cancel:requested", "cancel:completed"}


def _usage(text):
    members = dict(re.findall(r"(\w+)=(\S+)", text))
    return {name: int(value) if value.isdigit() else value for name, value in members.items() if value != "None"}


# (event, member): how to read what the kernel makes of an object of Python's, which is text.
OBJECTS_AS_TEXT = {("provider:response", "usage"): _usage, ("tool:post", "result"): json.loads}


def differences(own, amplifiers):
    """What differs beyond what is allowed, in lines; the deltas of a block are compared as one text."""
    own, amplifiers = (_joined(own), [(name, _read(name, payload)) for name, payload in _joined(amplifiers)])
    own, amplifiers = ([event for event in events if event[0] not in NOT_COMPARED] for events in (own, amplifiers))
    if of(own, "provider:error"):
        own, amplifiers = ([event for event in events if event[0] not in ENDS_OF_FAILURES] for events in (own, amplifiers))
    names = [name for name, _ in own], [name for name, _ in amplifiers]
    if names[0] != names[1]:
        return [f"the events differ:\n  own host:  {names[0]}\n  Amplifier: {names[1]}"]
    found = []
    for (name, left), (_, right) in zip(own, amplifiers, strict=True):
        found += _of_one(name, dict(_members(left)), dict(_members(right)))
    return found


def _of_one(name, left, right):
    for path in left | right:
        if path not in right:
            if not _is_listed(ONLY_OWN, name, path):
                yield f"{name}: only the own host writes {path} = {left[path]!r}"
        elif path not in left:
            if not _is_listed(ONLY_AMPLIFIER, name, path):
                yield f"{name}: only Amplifier writes {path} = {right[path]!r}"
        elif path.rpartition(".")[2] in VOLATILE:
            if type(left[path]) is not type(right[path]):
                yield f"{name}: {path} is {left[path]!r}, in Amplifier's log {right[path]!r}"
        elif _portless(left[path]) != _portless(right[path]) and not _is_listed(OTHER_VALUE, name, path):
            yield f"{name}: {path} is {left[path]!r}, in Amplifier's log {right[path]!r}"


def _read(name, payload):
    for (event, member), read in OBJECTS_AS_TEXT.items():
        if name == event and isinstance(payload.get(member), str):
            payload = payload | {member: read(payload[member])}
    return payload


def _portless(value):
    """Each conversation may have a server of its own."""
    return re.sub(r"(//127\.0\.0\.1):\d+", r"\1", value) if isinstance(value, str) else value


def _is_listed(table, name, path):
    return any(fnmatchcase(name, event) and fnmatchcase(path, member) for event, member in table)


def _members(value, path=""):
    """The members at every depth, by their path."""
    if isinstance(value, dict | list) and value:
        for key, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _members(member, f"{path}.{key}" if path else str(key))
    else:
        yield path, value


def _joined(events):
    result = []
    for name, payload in events:
        if name == "llm:stream_block_delta" and result and result[-1][0] == name:
            result[-1][1]["text"] += payload["text"]
        else:
            result.append((name, dict(payload)))
    return result


if __name__ == "__main__":
    found = differences(records(sys.argv[1]), records(sys.argv[2]))
    print("\n".join(found) or "the same events")
    sys.exit(3 if found else 0)
