"""A call that runs in the plugin, and the one coroutine that waits for it."""

import asyncio
import itertools
import json
from typing import Any, NamedTuple

from . import abi
from .errors import PluginError
from .library import Library, read
from .mailbox import Mailbox

# So many events may wait for slow hooks before the plugin stops reading from the server.
_WAITING_LIMIT = 512


class Event(NamedTuple):
    """A session event that the plugin emits."""

    name: str
    data: dict[str, Any]


class End(NamedTuple):
    """The last step of a call."""

    step: int
    text: bytes


class Call:
    """What a plugin's callback leaves for the coroutine that reads `next`."""

    def __init__(self, library: Library) -> None:
        """Make a call that the running coroutine waits for; it is not started."""
        self._library = library
        self._box: Mailbox[Event | End] = Mailbox(asyncio.get_running_loop())
        self._handle: abi.Handle | None = None
        self._is_paused = False
        self.context = next(_contexts)
        _calls[self.context] = self

    def started(self, handle: abi.Handle) -> None:
        """Take the handle that the plugin has given."""
        self._handle = handle

    def put(self, event: Event) -> None:
        """Leave an event. For any thread."""
        self._box.put(event)

    async def next(self) -> Event | End:
        """What happens next."""
        if self._is_paused and not self._box and self._handle is not None:
            self._is_paused = False
            self._library.resume(self._handle)
        return await self._box.take()

    async def result(self) -> Any:
        """Wait for the end of a call that emits nothing; None where the plugin says nothing."""
        while not isinstance(item := await self.next(), End):
            pass
        return self.value(item)

    @staticmethod
    def value(end: End) -> Any:
        """What the last step holds.

        Raises:
            PluginError: the call failed.
        """
        value = json.loads(end.text) if end.text else None
        if end.step == abi.STEP_ERROR:
            raise PluginError(value or {})
        return value

    def cancel(self) -> None:
        """End the call early; its end follows."""
        if self._handle is not None:
            self._library.cancel(self._handle)

    def release(self) -> None:
        """Give the call back. The plugin cancels it if it has not ended."""
        handle, self._handle = self._handle, None
        if handle is None:
            # It was never started: no callback will come.
            _calls.pop(self.context, None)
        else:
            self._library.release(handle)

    def _step(self, step: int, pointer: int | None, size: int) -> int:
        if step != abi.STEP_EVENTS:
            _calls.pop(self.context, None)
            self._box.put(End(step, read(pointer, size)))
            return abi.CONTINUE
        # The events themselves are not needed: what Amplifier is told comes as session events. They are where the flow is held.
        # Said before it is counted: whoever empties the box behind the count sees it, and resumes.
        self._is_paused = True
        if len(self._box) >= _WAITING_LIMIT:
            return abi.PAUSE
        self._is_paused = False
        return abi.CONTINUE


_contexts = itertools.count(1)
# From `Call()` to the last step: the plugin knows a call by its number.
_calls: dict[int, Call] = {}


@abi.Callback
def on_step(context: int | None, step: int, pointer: int | None, size: int) -> int:
    """The callback of all calls, on the plugin's threads."""
    call = _calls.get(context or 0)
    return abi.CONTINUE if call is None else call._step(step, pointer, size)
