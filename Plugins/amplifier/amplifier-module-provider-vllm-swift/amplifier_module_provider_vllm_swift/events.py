"""The names of the events that the provider emits."""

from typing import Any

from amplifier_core.events import ALL_EVENTS

# `VLLMProvider.eventNames` of the plugin's sources; a test compares them.
EVENTS = (
    "llm:request",
    "llm:request:debug",
    "llm:request:raw",
    "llm:call:raw",
    "llm:exchange:raw",
    "llm:response",
    "llm:response:debug",
    "llm:response:raw",
    "llm:stream_block_start",
    "llm:stream_block_delta",
    "llm:stream_block_end",
    "llm:stream_aborted",
    "provider:tool_sequence_repaired",
    "provider:warning",
    "provider:incomplete_continuation",
    "provider:retry",
    "provider:throttle",
)


def observable_events() -> list[str]:
    """Those that the kernel does not know: logs hear of them only if a module names them (`observability.events`)."""
    known = set(ALL_EVENTS)
    return [name for name in EVENTS if name not in known]


def unheard_events(hooks: Any) -> frozenset[str]:
    """Those of a stream that no hook listens to. The kernel takes 0.2 ms for an event, heard or not, and there is one for every token.

    All others are wanted: they open and close calls for the kernel, also where nobody hears them.
    """
    handlers = getattr(hooks, "list_handlers", None)
    if handlers is None:
        return frozenset()
    return frozenset(name for name in EVENTS if name.startswith("llm:stream_") and not handlers(name).get(name))
