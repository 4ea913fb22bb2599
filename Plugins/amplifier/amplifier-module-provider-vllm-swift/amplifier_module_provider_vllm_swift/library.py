"""The door to the shared library: its functions with Python's types.

Nothing here waits: the functions of the ABI return at once, but `close` and `free`, which wait for callbacks.
"""

import ctypes
import json
import os
import threading
from pathlib import Path
from typing import Any

from amplifier_core.llm_errors import ConfigurationError

from . import abi
from .errors import PluginError
from .location import Location


class Library:
    """A loaded plugin. It is never unloaded: the ABI forbids it."""

    def __init__(self, table: abi.ProviderPlugin) -> None:
        """Take a table over, after a look at its version.

        Raises:
            ConfigurationError: the plugin speaks another version.
        """
        # Of a table of another version only the first two members may be read.
        if table.abi_version != abi.ABI_VERSION:
            raise ConfigurationError(
                f"the provider's library speaks version {table.abi_version} of the plugin ABI, this adapter version "
                f"{abi.ABI_VERSION}. Take both from the same release."
            )
        needed = ctypes.sizeof(abi.ProviderPlugin)
        if table.size < needed:
            raise ConfigurationError(
                f"the provider's library is broken: its table has {table.size} bytes, and version {abi.ABI_VERSION} of the plugin ABI "
                f"has {needed}. Build it again from the release that this adapter is of."
            )
        self._table = table
        self._process = os.getpid()

    @property
    def is_usable(self) -> bool:
        """Whether this is the process that loaded the library: behind `fork` its threads are gone, and it must not be used."""
        return os.getpid() == self._process

    def create(self, setup: dict[str, Any], host: abi.ProviderHost) -> abi.Handle:
        """Make an instance.

        Raises:
            PluginError: the configuration is wrong.
        """
        self._check_process()
        text = encode(setup)
        handle, error = abi.Handle(), abi.ProviderBytes()
        status = self._table.create(ctypes.byref(host), text, len(text), ctypes.byref(handle), ctypes.byref(error))
        self._check(status, self._take(error))
        return handle

    def info(self, instance: abi.Handle) -> dict[str, Any]:
        """What the provider is at this moment, without network."""
        self._check_process()
        written = abi.ProviderBytes()
        status = self._table.info(instance, ctypes.byref(written))
        text = self._take(written)
        self._check(status, None)
        return json.loads(text)

    def start(self, instance: abi.Handle, request: bytes, wants: int, callback: abi.Callback, context: int) -> abi.Handle:
        """Ask the model.

        Raises:
            PluginError: the request is wrong, or the instance is closed; `callback` is then never called.
        """
        self._check_process()
        call, error = abi.Handle(), abi.ProviderBytes()
        status = self._table.start(
            instance, request, len(request), None, 0, wants, callback, context, ctypes.byref(call), ctypes.byref(error)
        )
        self._check(status, self._take(error))
        return call

    def list_models(self, instance: abi.Handle, callback: abi.Callback, context: int) -> abi.Handle:
        """Ask the servers for their models."""
        return self._begin(self._table.list_models, instance, callback, context)

    def prepare(self, instance: abi.Handle, callback: abi.Callback, context: int) -> abi.Handle:
        """Let the provider find out about its servers."""
        return self._begin(self._table.prepare, instance, callback, context)

    def resume(self, call: abi.Handle) -> None:
        """Undo a pause."""
        if self.is_usable:
            self._table.resume(call)

    def cancel(self, call: abi.Handle) -> None:
        """End a call early; its last step follows."""
        if self.is_usable:
            self._table.cancel(call)

    def release(self, call: abi.Handle) -> None:
        """Give a call's handle back, once."""
        if self.is_usable:
            self._table.release(call)

    def close(self, instance: abi.Handle) -> None:
        """Cancel all calls and wait until the last callback has returned. May be called more than once."""
        if self.is_usable:
            self._table.close(instance)

    def free(self, instance: abi.Handle) -> None:
        """Close an instance and free it, once; wait until the last callback has returned."""
        if self.is_usable:
            self._table.free(instance)

    def parse_tool_calls(self, instance: abi.Handle, response: bytes) -> list[dict[str, Any]]:
        """The tool calls of an answer.

        Raises:
            PluginError: it is no answer.
        """
        self._check_process()
        written = abi.ProviderBytes()
        status = self._table.parse_tool_calls(instance, response, len(response), ctypes.byref(written))
        text = self._take(written)
        self._check(status, text)
        return json.loads(text)

    def _begin(self, function: Any, instance: abi.Handle, callback: abi.Callback, context: int) -> abi.Handle:
        self._check_process()
        call = abi.Handle()
        self._check(function(instance, callback, context, ctypes.byref(call)), None)
        return call

    def _take(self, written: abi.ProviderBytes) -> bytes:
        text = read(written.bytes, written.size)
        self._table.free_bytes(ctypes.byref(written))
        return text

    def _check(self, status: int, error: bytes | None) -> None:
        if status == abi.OK:
            return
        if error:
            raise PluginError(json.loads(error))
        raise PluginError(_unexplained(status))

    def _check_process(self) -> None:
        if not self.is_usable:
            raise ConfigurationError(
                "the provider was loaded before this process was forked, and does not work behind a fork: mount it in this "
                'process, or start processes with multiprocessing\'s "spawn"'
            )


def _unexplained(status: int) -> dict[str, Any]:
    if status == abi.CLOSED:
        return {"type": "AbortError", "code": "cancelled", "message": "the provider was closed", "retryable": False}
    return {"type": "LLMError", "code": "other", "message": f"the provider's library answered with the status {status}", "retryable": False}


def encode(value: Any) -> bytes:
    """JSON as the plugin takes it. Halves of surrogate pairs, which UTF-8 cannot hold, become question marks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")


def read(pointer: int | None, size: int) -> bytes:
    """The bytes that a plugin shows or has written."""
    return ctypes.string_at(pointer, size) if pointer and size else b""


_loaded: dict[Path, Library] = {}
_lock = threading.Lock()


def load(location: Location) -> Library:
    """The library at a place, loaded once in a process.

    Raises:
        ConfigurationError: it cannot be loaded, is not the one that its manifest describes, or speaks another version.
    """
    with _lock:
        known = _loaded.get(location.library)
        if known is not None:
            return known
        # Never closed: the loader takes another library for the same one where it has the same name, which the descriptor's number is in.
        descriptor = location.open()
        opened = f"/proc/self/fd/{descriptor}"
        try:
            image = ctypes.CDLL(opened if os.path.exists(opened) else str(location.library))
            entry = abi.EntryFunction((location.symbol, image))
        except (OSError, AttributeError) as error:
            os.close(descriptor)
            raise ConfigurationError(f"{location.library} cannot be loaded: {error}") from error
        table = entry(abi.ABI_VERSION)
        if not table:
            raise ConfigurationError(f"{location.library} is broken: {location.symbol} gives no table of functions.")
        library = Library(table.contents)
        _loaded[location.library] = library
        return library
