"""What Amplifier's log viewer (amplifier-app-log-viewer) takes of a session's folder. It shows nothing where a line misses what it needs."""

import datetime
import json
import re

SCHEMA = {"name": "amplifier.log", "ver": "1.0.0"}
# A form that JavaScript's `new Date` takes, with a zone: without one it would be local time.
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def viewed(folder):
    """What the viewer lists of the session's folder, and its records with their previews: [(event, preview)]."""
    metadata = json.loads((folder / "metadata.json").read_text("utf-8"))
    listed = {key: metadata.get(key) for key in ("parent_session_id", "created", "name", "description", "status", "bundle", "labels")}
    _time(listed["created"])
    for key in ("parent_session_id", "name", "description", "status", "bundle"):
        assert isinstance(listed[key], str | None), f"metadata.json: {key} is {listed[key]!r}"
    assert isinstance(listed["labels"], list | None)
    text = (folder / "events.jsonl").read_bytes().decode("utf-8")
    assert text.endswith("\n")
    return listed, [_record(json.loads(line), folder.name) for line in text.split("\n")[:-1]]


def _record(record, session):
    _time(record["ts"])
    assert record["lvl"].lower() in ("debug", "info", "warning", "error")
    assert record["schema"] == SCHEMA
    assert record["session_id"] == session
    assert isinstance(record.get("data", {}), dict)
    return record["event"], _preview(record["event"], record.get("data", {}))


def _preview(event, data):
    """What stands in the list beside the event's name."""
    if event.endswith(":debug"):
        request, response = data["data"].get("request"), data["data"].get("response")
        return (request["model"], request.get("messages")) if request else response["usage"]
    family = event.partition(":")[0]
    if family == "content_block":
        return data.get("block_type"), data["block_index"]
    return data.get({"llm": "provider", "tool": "tool_name", "prompt": "prompt"}.get(family))


def _time(text):
    assert TIME.fullmatch(text), f"`new Date` does not take {text!r}, or in local time"
    datetime.datetime.fromisoformat(text)
