"""Compares two event logs of one conversation: this project's own host's, and the one that a host with Amplifier's kernel writes.

    python compare_events.py OWN/events.jsonl AMPLIFIER/events.jsonl

The names must be the same in the same order, and each event must have the same members at every depth, with the same values where they do
not come from the clock or from chance. All that is allowed to differ is below, with its reason.
"""

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
}

# (event, path): why only Amplifier's log has it.
ONLY_AMPLIFIER = {
    ("*", "parent_id"): "the kernel adds it to every event, the own host only to the first and the last",
    ("content_block:end", "usage.*"): "the kernel's loops write the members that are not set, as null",
}

# (event, path): why its values differ.
OTHER_VALUE = {
    ("provider:response", "usage*"): "the kernel writes the Usage object as text",
    ("tool:post", "result*"): "the kernel writes the ToolResult object as text",
    ("orchestrator:complete", "orchestrator"): "another loop",
    ("orchestrator:complete", "turn_count"): "the own loop counts the provider's answers, the kernel's loops the rounds of tools",
}

# Events that only the own host writes behind a prompt that failed: the kernel's loops end with the exception.
ENDS_OF_FAILURES = {"prompt:complete", "orchestrator:complete"}


def differences(own, amplifiers):
    """What differs beyond what is allowed, in lines; the deltas of a block are compared as one text."""
    own, amplifiers = _joined(own), _joined(amplifiers)
    if of(own, "provider:error"):
        own = [(name, payload) for name, payload in own if name not in ENDS_OF_FAILURES]
    names = [name for name, _ in own], [name for name, _ in amplifiers]
    if names[0] != names[1]:
        return [f"the events differ:\n  own host:  {names[0]}\n  Amplifier: {names[1]}"]
    found = []
    for (name, left), (_, right) in zip(own, amplifiers, strict=True):
        found += _of_one(name, dict(_members(left)), dict(_members(right)))
    return found


def _of_one(name, left, right):
    for path in left | right:
        if _is_listed(OTHER_VALUE, name, path):
            continue
        if path not in right:
            if not _is_listed(ONLY_OWN, name, path):
                yield f"{name}: only the own host writes {path} = {left[path]!r}"
        elif path not in left:
            if not _is_listed(ONLY_AMPLIFIER, name, path):
                yield f"{name}: only Amplifier writes {path} = {right[path]!r}"
        elif path.rpartition(".")[2] in VOLATILE:
            if type(left[path]) is not type(right[path]):
                yield f"{name}: {path} is {left[path]!r}, in Amplifier's log {right[path]!r}"
        elif left[path] != right[path]:
            yield f"{name}: {path} is {left[path]!r}, in Amplifier's log {right[path]!r}"


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
