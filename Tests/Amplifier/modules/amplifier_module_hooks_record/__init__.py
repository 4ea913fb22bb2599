"""A log for tests: records as Amplifier's hooks-logging writes them (schema amplifier.log 1.0.0), in a file that the test names."""

import fnmatch
import json

from amplifier_core import HookResult
from amplifier_core.events import ALL_EVENTS

__amplifier_module_type__ = "hook"

LIFTED = (
    "redaction",
    "status",
    "duration_ms",
    "module",
    "component",
    "error",
    "request_id",
    "span_id",
    "parent_span_id",
    "session_id",
)


_config = {}


async def mount(coordinator, config=None):
    _config[coordinator.session_id] = config or {}


async def on_session_ready(coordinator):
    config = _config.pop(coordinator.session_id)

    async def record(event, data):
        level = data.get("lvl", "INFO")
        if level != "DEBUG" and (data.get("status") == "error" or data.get("error") or "error" in event):
            level = "ERROR"
        line = {"ts": data.get("timestamp"), "lvl": level, "schema": {"name": "amplifier.log", "ver": "1.0.0"}, "event": event}
        line |= {key: value for key, value in data.items() if key in LIFTED}
        rest = {key: value for key, value in data.items() if key not in LIFTED and key != "timestamp"}
        if rest:
            line["data"] = rest
        with open(config["path"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        return HookResult(action="continue")

    contributed = await coordinator.collect_contributions("observability.events")
    names = [*ALL_EVENTS, *(name for names in contributed for name in names)]
    for name in dict.fromkeys(names):
        if not any(fnmatch.fnmatch(name, pattern) for pattern in config.get("exclude_events", [])):
            coordinator.hooks.register(name, record, priority=100, name="hooks-record")
