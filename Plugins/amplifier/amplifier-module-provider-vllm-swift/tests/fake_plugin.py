"""A plugin behind the real table of C functions, written in Python: tests script what it does, on threads of its own."""

import ctypes
import itertools
import json
import threading

from amplifier_module_provider_vllm_swift import abi
from amplifier_module_provider_vllm_swift.library import Library

INFO = {
    "name": "vllm",
    "priority": 100,
    "info": {"id": "vllm", "display_name": "vLLM", "defaults": {"model": "tiny"}},
    "model_info": {"id": "tiny", "display_name": "tiny", "context_window": 2048, "max_output_tokens": 1024},
}
ANSWER = {
    "content": [{"type": "text", "text": "4"}],
    "usage": {"input_tokens": 5, "output_tokens": 1, "total_tokens": 6},
    "finish_reason": "stop",
}


class FakeCall:
    """What a script uses: emit events, give steps, wait for what the host does."""

    def __init__(self, plugin, callback, context, request):
        self.plugin, self.callback, self.context, self.request = plugin, callback, context, request
        self.cancelled, self.resumed = threading.Event(), threading.Event()

    @property
    def request_id(self):
        return self.request["metadata"]["request_id"]

    def emit(self, name, **data):
        self.plugin.emit(name, {"provider": "vllm", "request_id": self.request_id, **data})

    def events(self, *events):
        return self._step(abi.STEP_EVENTS, list(events))

    def respond(self, answer=ANSWER):
        self._step(abi.STEP_RESPONSE, answer)

    def fail(self, **error):
        self._step(abi.STEP_ERROR, {"code": "other", "message": "it failed", "retryable": False, **error})

    def wait_for_cancel(self):
        assert self.cancelled.wait(30)
        self.fail(type="AbortError", code="cancelled", message="the call was cancelled")

    def _step(self, step, value):
        text = b"" if value is None else json.dumps(value).encode()
        buffer = ctypes.create_string_buffer(text)
        return self.callback(self.context, step, ctypes.addressof(buffer), len(text))


def answer(call):
    call.respond()


class FakePlugin:
    """A library whose calls run `script`, whose lists of models run `models`."""

    def __init__(self, script=answer):
        self.script = script
        self.models = lambda call: call.respond([INFO["model_info"]])
        self.preparation = lambda call: call.respond(None)
        self.info = dict(INFO)
        self.setups, self.requests, self.wants, self.released, self.closed, self.freed = [], [], [], [], [], []
        self.problem = None
        # The names of all functions that were used, in order.
        self.used = []
        self.while_freeing = lambda: None
        self._calls, self._numbers, self._buffers = {}, itertools.count(1), {}
        self._table = self._make_table()
        self.library = Library(self._table)

    def emit(self, name, data):
        if not self._host.wants(self._host.context, name.encode()):
            return
        buffer = ctypes.create_string_buffer(json.dumps(data).encode())
        self._host.emit(self._host.context, name.encode(), ctypes.addressof(buffer), len(buffer.value))

    def log(self, level, message):
        buffer = ctypes.create_string_buffer(message.encode())
        self._host.log(self._host.context, level, ctypes.addressof(buffer), len(buffer.value))

    def _write(self, target, value):
        text = json.dumps(value).encode()
        buffer = ctypes.create_string_buffer(text)
        self._buffers[ctypes.addressof(buffer)] = buffer
        target.contents.bytes, target.contents.size = ctypes.addressof(buffer), len(text)

    @property
    def unfreed_bytes(self):
        return len(self._buffers)

    def _make_table(self):
        def create(host, setup, size, instance, error):
            self.setups.append(json.loads(ctypes.string_at(setup, size)))
            # As the header has it, a plugin copies the table.
            self._host = abi.ProviderHost.from_buffer_copy(host.contents)
            if self.problem:
                self._write(error, self.problem)
                return abi.FAILED
            instance[0] = next(self._numbers)
            return abi.OK

        def info(instance, written):
            self._write(written, self.info)
            return abi.OK

        def begin(script, callback, context, call, request=None):
            number = next(self._numbers)
            call[0] = number
            fake = self._calls[number] = FakeCall(self, callback, context, request)
            threading.Thread(target=script, args=(fake,), daemon=True).start()
            return abi.OK

        def start(instance, request, size, options, options_size, wants, callback, context, call, error):
            if self.closed:
                return abi.CLOSED
            self.requests.append(json.loads(ctypes.string_at(request, size)))
            self.wants.append(wants)
            return begin(self.script, callback, context, call, self.requests[-1])

        def resume(call):
            self._calls[call].resumed.set()
            return abi.OK

        def cancel(call):
            self._calls[call].cancelled.set()
            return abi.OK

        def note(numbers):
            def function(handle):
                numbers.append(handle)
                return abi.OK

            return function

        def free(handle):
            self.while_freeing()
            self.freed.append(handle)
            return abi.OK

        def parse(instance, response, size, written):
            content = json.loads(ctypes.string_at(response, size))["content"]
            calls = [block for block in content if block["type"] == "tool_call"]
            self._write(written, [{"id": call["id"], "name": call["name"], "arguments": call["input"]} for call in calls])
            return abi.OK

        def counted(name, function):
            def use(*arguments):
                self.used.append(name)
                return function(*arguments)

            return use

        def free_bytes(written):
            self._buffers.pop(written.contents.bytes, None)
            written.contents.bytes, written.contents.size = None, 0

        return abi.ProviderPlugin(
            abi.ABI_VERSION,
            ctypes.sizeof(abi.ProviderPlugin),
            b"provider-vllm",
            b"1.0",
            abi.CreateFunction(counted("create", create)),
            abi.InfoFunction(counted("info", info)),
            abi.BackgroundFunction(counted("prepare", lambda instance, *rest: begin(self.preparation, *rest))),
            abi.BackgroundFunction(counted("list_models", lambda instance, *rest: begin(self.models, *rest))),
            abi.StartFunction(counted("start", start)),
            abi.HandleFunction(counted("resume", resume)),
            abi.HandleFunction(counted("cancel", cancel)),
            abi.HandleFunction(counted("release", note(self.released))),
            abi.ParseFunction(counted("parse_tool_calls", parse)),
            abi.HandleFunction(counted("close", note(self.closed))),
            abi.HandleFunction(counted("free", free)),
            abi.FreeBytesFunction(free_bytes),
        )
