"""An instance of the provider in the plugin."""

import asyncio
import atexit
import contextlib
import ctypes
import itertools
import json
import logging
import threading
import weakref
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from . import abi
from .call import Call, End, Event, on_step
from .library import Library, encode, read
from .request import body, request_id

_logger = logging.getLogger("amplifier_module_provider_vllm_swift")
_LEVELS = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR)

# How often it is looked whether a session wants its calls to end, in seconds.
_CANCELLATION_INTERVAL = 0.05
# So many events that belong to no call are kept.
_LOOSE_LIMIT = 256
# How long the last events of a call are waited for whose task was cancelled, in seconds.
_LAST_EVENTS_LIMIT = 2.0

Emit = Callable[[Event], Coroutine[Any, Any, None]]


class Instance:
    """A provider in the plugin: asks, and hands its events to the coroutine that asked."""

    def __init__(self, library: Library, setup: dict[str, Any]) -> None:
        """Make an instance; no network.

        Raises:
            PluginError: the configuration is wrong.
        """
        self._library = library
        self._unheard: frozenset[str] = frozenset()
        self._calls: dict[str, Call] = {}
        # Events that belong to no call wait for the next coroutine that can emit them; behind the newest ones the oldest are lost.
        self._loose: deque[Event] = deque(maxlen=_LOOSE_LIMIT)
        self._lost = 0
        context = next(_contexts)
        _instances[context] = self
        # The plugin copies the table. Amplifier has no place for secrets that its logs must not hold; the plugin's own events hold none.
        host = abi.ProviderHost(abi.ABI_VERSION, ctypes.sizeof(abi.ProviderHost), context)
        host.wants, host.emit, host.log = _on_question, _on_event, _on_message
        self._handle = library.create(setup, host)
        _living[context] = library, self._handle
        weakref.finalize(self, _free_elsewhere, context).atexit = False

    def info(self) -> dict[str, Any]:
        """What the provider is at this moment, without network."""
        return self._library.info(self._handle)

    def parse_tool_calls(self, response: dict[str, Any]) -> list[dict[str, Any]]:
        """The tool calls of an answer. No network.

        Raises:
            PluginError: it is no answer.
        """
        return self._library.parse_tool_calls(self._handle, encode(response))

    async def ask(
        self, request: dict[str, Any], emit: Emit, is_cancelled: Callable[[], bool], unheard: frozenset[str] = frozenset()
    ) -> Any:
        """Ask the model, and emit what happens before the answer is returned.

        Args:
            request: the request. The name in its metadata is the call's in its events, unless another call has it.
            emit: is awaited for each event, in order.
            is_cancelled: whether the session wants its calls to end.
            unheard: the names of events that nobody listens to; the plugin does not make them.

        Returns:
            The ChatResponse as JSON.

        Raises:
            PluginError: no answer, or half of one.
            InvalidRequestError: the request is no JSON.
        """
        # Of several calls at once the last one says it for all: they have the same listeners.
        self._unheard = unheard
        call, name, tasks = Call(self._library), request_id(request), []
        while self._calls.setdefault(name, call) is not call:
            name = request_id({})
        try:
            await self._emit_loose(emit)
            # The steps of the answer are only where the flow is held, if hooks hear of them.
            wants = abi.WANT_RESPONSE | (0 if "llm:stream_block_delta" in unheard else abi.WANT_EVENTS)
            call.started(self._library.start(self._handle, body(request, name), wants, on_step, call.context))
            tasks = [asyncio.create_task(_watch(call, is_cancelled)), reading := asyncio.create_task(self._read(call, emit))]
            try:
                # By a task of its own, all of a call in one context: a cancellation must not tear an event out of the hooks' hands.
                await asyncio.wait({reading})
            except asyncio.CancelledError:
                call.cancel()
                await asyncio.wait({reading}, timeout=_LAST_EVENTS_LIMIT)
                if reading.done() and not reading.cancelled():
                    # Looked at, so that asyncio does not complain: the caller wants a CancelledError.
                    reading.exception()
                raise
            return reading.result()
        finally:
            call.release()
            self._calls.pop(name, None)
            # The loop may be closed: then nothing of it runs any more.
            with contextlib.suppress(RuntimeError):
                for task in tasks:
                    task.cancel()

    async def list_models(self) -> list[dict[str, Any]]:
        """The models that the servers have now."""
        return await self._run(self._library.list_models)

    async def prepare(self) -> None:
        """Let the provider find out what `info` tells of its model.

        What it tells of it is emitted with the first call: hooks that are not ready before the session is would not hear of it yet.
        """
        await self._run(self._library.prepare)

    def tell(self, event: Event) -> None:
        """Leave an event that belongs to no call for the next coroutine that can emit it. For any thread."""
        if len(self._loose) == _LOOSE_LIMIT:
            self._lost += 1
        self._loose.append(event)

    async def close(self, emit: Emit) -> None:
        """End what is under way, and emit what is left to tell. May be called more than once."""
        if self._calls:
            await asyncio.to_thread(self._library.close, self._handle)
        else:
            self._library.close(self._handle)
        await self._emit_loose(emit)

    async def _run(self, begin: Callable[..., abi.Handle]) -> Any:
        call = Call(self._library)
        try:
            call.started(begin(self._handle, on_step, call.context))
            return await call.result()
        finally:
            call.release()

    async def _read(self, call: Call, emit: Emit) -> Any:
        while not isinstance(item := await call.next(), End):
            await emit(item)
        return call.value(item)

    async def _emit_loose(self, emit: Emit) -> None:
        lost, self._lost = self._lost, 0
        if lost:
            _logger.warning("%d events that belong to no call were lost: nobody was there to emit them", lost)
        while self._loose:
            await emit(self._loose.popleft())

    def _take(self, event: Event) -> None:
        call = self._calls.get(event.data.get("request_id", ""))
        if call is None:
            self.tell(event)
        else:
            call.put(event)


async def _watch(call: Call, is_cancelled: Callable[[], bool]) -> None:
    has_failed = False
    while True:
        try:
            if is_cancelled():
                break
        except Exception:
            if not has_failed:
                _logger.exception("whether the session wants its calls to end cannot be told")
            has_failed = True
        await asyncio.sleep(_CANCELLATION_INTERVAL)
    call.cancel()


_contexts = itertools.count(1)
_instances: weakref.WeakValueDictionary[int, Instance] = weakref.WeakValueDictionary()
# The handles of all instances that were not freed.
_living: dict[int, tuple[Library, abi.Handle]] = {}


def _free(context: int) -> None:
    # Whoever takes it out frees it: the collector's helper, or the end of the interpreter.
    if (living := _living.pop(context, None)) is not None:
        library, handle = living
        library.free(handle)


def _free_elsewhere(context: int) -> None:
    """Free an instance that nobody uses any more.

    The collector runs anywhere: in a callback, where an instance cannot be waited for, or under a lock that a callback waits for.
    """
    # Where no thread can be started, the interpreter ends, and `_free_all` follows.
    with contextlib.suppress(RuntimeError):
        threading.Thread(target=_free, args=(context,), name="provider-vllm-free").start()


@atexit.register
def _free_all() -> None:
    """No callback may come behind the interpreter's end."""
    for context in list(_living):
        _free(context)


@abi.WantsFunction
def _on_question(context: int | None, name: bytes) -> int:
    instance = _instances.get(context or 0)
    return instance is not None and name.decode() not in instance._unheard


@abi.EmitFunction
def _on_event(context: int | None, name: bytes, pointer: int | None, size: int) -> None:
    instance = _instances.get(context or 0)
    if instance is not None:
        instance._take(Event(name.decode(), json.loads(read(pointer, size))))


@abi.LogFunction
def _on_message(context: int | None, level: int, pointer: int | None, size: int) -> None:
    _logger.log(_LEVELS[level] if 0 <= level < len(_LEVELS) else logging.INFO, "%s", read(pointer, size).decode("utf-8", "replace"))
