"""An instance of the provider in the plugin."""

import asyncio
import contextlib
import ctypes
import itertools
import json
import logging
import weakref
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from . import abi
from .call import Call, End, Event, on_step
from .errors import PluginError
from .library import Library, read

_logger = logging.getLogger("amplifier_module_provider_vllm_swift")
_LEVELS = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR)

# How often it is looked whether a session wants its calls to end, in seconds.
_CANCELLATION_INTERVAL = 0.05
# How long the last events of a call are waited for whose task was cancelled, in seconds.
_LAST_EVENTS_LIMIT = 2.0

Emit = Callable[[Event], Coroutine[Any, Any, None]]


class Instance:
    """A provider in the plugin: asks, and hands its events to the coroutine that asked."""

    def __init__(self, library: Library, setup: dict[str, Any]) -> None:
        """Make an instance; no network, no thread.

        Raises:
            PluginError: the configuration is wrong.
        """
        self._library = library
        self._unheard: frozenset[str] = frozenset()
        self._calls: dict[str, Call] = {}
        # Events that belong to no call wait for the next coroutine that can emit them.
        self._loose: deque[Event] = deque(maxlen=256)
        context = next(_contexts)
        _instances[context] = self
        # The plugin copies the table. Amplifier has no place for secrets that its logs must not hold; the plugin's own events hold none.
        host = abi.ProviderHost(abi.ABI_VERSION, ctypes.sizeof(abi.ProviderHost), context)
        host.wants, host.emit, host.log = _on_question, _on_event, _on_message
        self._handle = library.create(setup, host)
        # When nobody uses the instance any more, at the latest when the interpreter ends: no callback may come behind that.
        weakref.finalize(self, library.free, self._handle)

    def info(self) -> dict[str, Any]:
        """What the provider is at this moment, without network."""
        return self._library.info(self._handle)

    async def ask(
        self, request_id: str, request: bytes, emit: Emit, is_cancelled: Callable[[], bool], unheard: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        """Ask the model, and emit what happens before the answer is returned.

        Args:
            request_id: the call's name in its events.
            request: the request's JSON, with that name in its metadata.
            emit: is awaited for each event, in order.
            is_cancelled: whether the session wants its calls to end.
            unheard: the names of events that nobody listens to; the plugin does not make them.

        Returns:
            The ChatResponse as JSON.

        Raises:
            PluginError: no answer, or half of one.
        """
        await self._emit_loose(emit)
        # Of several calls at once the last one says it for all: they have the same listeners.
        self._unheard = unheard
        call = Call(self._library)
        self._calls[request_id] = call
        watch = asyncio.create_task(_watch(call, is_cancelled))
        try:
            # The steps of the answer are only where the flow is held, if hooks hear of them.
            wants = abi.WANT_RESPONSE | (0 if "llm:stream_block_delta" in unheard else abi.WANT_EVENTS)
            call.started(self._library.start(self._handle, request, wants, on_step, call.context))
            try:
                return await self._read(call, emit)
            except asyncio.CancelledError:
                call.cancel()
                await self._read_rest(call, emit)
                raise
        finally:
            watch.cancel()
            del self._calls[request_id]
            call.release()

    def is_asking(self, request_id: str) -> bool:
        """Whether a call of this name is under way."""
        return request_id in self._calls

    async def list_models(self) -> list[dict[str, Any]]:
        """The models that the servers have now."""
        return await self._run(self._library.list_models)

    async def prepare(self, emit: Emit) -> None:
        """Let the provider find out what `info` tells of its model."""
        await self._run(self._library.prepare)
        await self._emit_loose(emit)

    async def close(self) -> None:
        """End what is under way. May be called more than once."""
        if self._calls:
            await asyncio.to_thread(self._library.close, self._handle)
        else:
            self._library.close(self._handle)

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

    async def _read_rest(self, call: Call, emit: Emit) -> None:
        with contextlib.suppress(PluginError, TimeoutError):
            await asyncio.wait_for(self._read(call, emit), _LAST_EVENTS_LIMIT)

    async def _emit_loose(self, emit: Emit) -> None:
        while self._loose:
            await emit(self._loose.popleft())

    def _take(self, event: Event) -> None:
        call = self._calls.get(event.data.get("request_id", ""))
        if call is None:
            self._loose.append(event)
        else:
            call.put(event)


async def _watch(call: Call, is_cancelled: Callable[[], bool]) -> None:
    while not is_cancelled():
        await asyncio.sleep(_CANCELLATION_INTERVAL)
    call.cancel()


_contexts = itertools.count(1)
_instances: weakref.WeakValueDictionary[int, Instance] = weakref.WeakValueDictionary()


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
