"""The provider around its calls: configuration, models, limits, its end."""

import asyncio
import gc
import io
import json
import logging
import multiprocessing
import os
import threading
from datetime import date
from pathlib import Path

import pytest
from amplifier_core import llm_errors
from amplifier_core.events import ALL_EVENTS
from amplifier_core.message_models import ChatRequest, Message
from amplifier_core.testing import MockCoordinator
from fake_plugin import INFO, FakePlugin

from amplifier_module_provider_vllm_swift import VLLMSwiftProvider, instance, mounting
from amplifier_module_provider_vllm_swift import provider as provider_module
from amplifier_module_provider_vllm_swift.location import Location


@pytest.fixture
def mounted(plugin, monkeypatch):
    """Makes `mount` use the fake plugin."""
    location = Location(
        Path("/plugin"), "provider_plugin", "", frozenset({"base_url", "base_urls", "use_streaming", "priority", "temperature"})
    )
    monkeypatch.setattr(provider_module, "locate", lambda configured: location)
    monkeypatch.setattr(provider_module, "load", lambda location: plugin.library)
    monkeypatch.delenv("VLLM_BASE_URL", raising=False)
    return plugin


@pytest.mark.parametrize(
    ("config", "environment", "expected"),
    [
        ({}, None, {"base_url": "http://localhost:8000"}),
        ({}, "http://gpu:1", {}),
        ({"base_url": ""}, None, {"base_url": "http://localhost:8000"}),
        ({"base_url": "http://a"}, "http://gpu:1", {"base_url": "http://a"}),
        ({"base_urls": ["http://a"]}, None, {"base_urls": ["http://a"]}),
        ({"base_url": "http://a", "api_key": "", "raw": True, "plugin": "/p", "seed": None}, None, {"base_url": "http://a"}),
        (
            {"base_url": "http://a", "use_streaming": "false", "priority": "5"},
            None,
            {"base_url": "http://a", "use_streaming": "false", "priority": "5"},
        ),
    ],
)
async def test_what_the_plugin_is_configured_with(mounted, monkeypatch, config, environment, expected):
    if environment:
        monkeypatch.setenv("VLLM_BASE_URL", environment)
    coordinator = MockCoordinator()
    cleanup = await mounting.mount(coordinator, config)
    assert mounted.setups == [{"config": expected, "path": "config", "session_id": "test-session"}]
    await cleanup()
    assert len(mounted.closed) == 1


async def test_mounting_asks_nobody(mounted):
    coordinator = MockCoordinator()
    cleanup = await mounting.mount(coordinator, {})
    provider = coordinator.get("providers")["vllm-swift"]
    assert (provider.name, provider.priority, provider.default_model) == ("vllm-swift", 100, "tiny")
    assert not hasattr(provider, "stream")
    assert set(mounted.used) == {"create", "info"}
    await cleanup()
    await cleanup()
    assert set(mounted.used) == {"create", "info", "close"}


async def test_a_wrong_configuration_is_told_whole(mounted):
    issues = [
        {"severity": "error", "message": "expected a number", "key_path": "config.temperature", "hint": "write 0.7"},
        {"severity": "error", "message": "no URL", "key_path": "config.base_url"},
    ]
    mounted.problem = {"type": "ConfigurationError", "message": "2 problems", "retryable": False, "details": {"issues": issues}}
    with pytest.raises(llm_errors.ConfigurationError) as caught:
        await mounting.mount(MockCoordinator(), {})
    assert str(caught.value) == "config.temperature: expected a number (write 0.7)\nconfig.base_url: no URL"
    assert mounted.unfreed_bytes == 0


@pytest.mark.parametrize("value", [date(2026, 1, 1), float("nan"), object()])
async def test_a_value_that_is_no_json_is_told(mounted, value):
    with pytest.raises(llm_errors.ConfigurationError, match="JSON"):
        await mounting.mount(MockCoordinator(), {"headers": {"x": value}})


async def test_a_misspelled_key_is_warned_of(mounted, caplog):
    coordinator = MockCoordinator()
    cleanup = await mounting.mount(coordinator, {"temprature": 0, "use_streaming": True, "raw": True, "zzz": 1})
    told = ["config.temprature: unknown key (did you mean temperature?)", "config.zzz: unknown key"]
    assert [record.message for record in caplog.records if record.levelno == logging.WARNING] == told
    heard = []

    async def hear(event, data):
        heard.append((data["provider"], data["lvl"], data["message"]))

    coordinator.hooks.register("provider:warning", hear)
    await mounting.on_session_ready(coordinator)
    await cleanup()
    assert heard == [("vllm-swift", "WARNING", message) for message in told]


def test_outside_of_a_session_a_server_must_be_named(plugin):
    with pytest.raises(ValueError, match="base_url"):
        VLLMSwiftProvider(api_key="x", config={}, library=plugin.library)


async def test_limits_are_found_out_when_the_session_is_ready(mounted):
    def preparation(call):
        mounted.info = INFO
        mounted.emit("provider:warning", {"provider": "vllm", "message": "smaller than configured"})
        call.respond(None)

    mounted.info = INFO | {"model_info": None}
    mounted.preparation = preparation
    coordinator, heard = MockCoordinator(), []

    async def hear(event, data):
        heard.append((event, data["provider"]))

    cleanup = await mounting.mount(coordinator, {})
    provider = coordinator.get("providers")["vllm-swift"]
    assert provider.get_model_info() is None
    await mounting.on_session_ready(coordinator)
    assert provider.get_model_info().context_window == 2048
    # As hooks-logging does it, which gets ready behind the providers: what is told by then it hears with the first call.
    coordinator.hooks.register("provider:warning", hear)
    await provider.complete(ChatRequest(messages=[Message(role="user", content="Hi")]))
    assert heard == [("provider:warning", "vllm-swift")]
    await cleanup()


async def test_a_server_that_tells_no_limits_is_no_failure(mounted):
    mounted.preparation = lambda call: call.fail(type="NetworkError", message="refused")
    mounted.info = INFO | {"model_info": INFO["model_info"] | {"context_window": 0}}
    coordinator = MockCoordinator()
    cleanup = await mounting.mount(coordinator, {})
    await mounting.on_session_ready(coordinator)
    assert coordinator.get("providers")["vllm-swift"].get_model_info() is None
    await cleanup()


async def test_instances_of_a_silent_server_are_waited_for_once_and_together(mounted, monkeypatch):
    done = threading.Event()

    def silent(call):
        done.wait(60)
        call.respond(None)

    mounted.preparation = silent
    monkeypatch.setattr(mounting, "_PREPARATION_LIMIT", 0.2)
    coordinator, limits, wait = MockCoordinator(), [], asyncio.wait

    async def recording(tasks, timeout):
        limits.append(timeout)
        return await wait(tasks, timeout=timeout)

    monkeypatch.setattr(asyncio, "wait", recording)
    for number in range(3):
        provider = VLLMSwiftProvider("http://localhost:1", coordinator=coordinator, library=mounted.library)
        await coordinator.mount("providers", provider, name=f"instance {number}")
    # As the kernel does it: once for each instance.
    for _ in range(3):
        await mounting.on_session_ready(coordinator)
    assert limits[:3] == pytest.approx([0.2] * 3)
    assert len(limits) == 9
    assert max(limits[3:]) < 0.1
    done.set()


async def test_what_belongs_to_no_call_is_told_when_the_session_ends_and_losses_are_logged(mounted, caplog):
    coordinator, heard = MockCoordinator(), []

    async def hear(event, data):
        heard.append(data["number"])

    coordinator.hooks.register("provider:warning", hear)
    cleanup = await mounting.mount(coordinator, {})
    for number in range(300):
        mounted.emit("provider:warning", {"provider": "vllm", "number": number})
    await cleanup()
    assert heard == list(range(300 - 256, 300))
    assert [record.message for record in caplog.records if "lost" in record.message] == [
        "44 events that belong to no call were lost: nobody was there to emit them"
    ]


async def test_models_are_the_servers(plugin):
    provider = VLLMSwiftProvider("http://localhost:1", library=plugin.library)
    assert [(model.id, model.context_window) for model in await provider.list_models()] == [("tiny", 2048)]


@pytest.mark.parametrize(
    ("config", "kind", "is_raised"),
    [
        ({}, "NetworkError", False),
        ({}, "LLMTimeoutError", False),
        ({}, "NotFoundError", False),
        ({}, "AuthenticationError", True),
        ({"base_url": "http://a"}, "NetworkError", True),
        ({"base_url": "http://a"}, "NotFoundError", True),
    ],
)
async def test_no_models_only_where_no_server_was_ever_named(mounted, config, kind, is_raised):
    mounted.models = lambda call: call.fail(type=kind, message="refused")
    coordinator = MockCoordinator()
    cleanup = await mounting.mount(coordinator, config)
    provider = coordinator.get("providers")["vllm-swift"]
    if is_raised:
        with pytest.raises(getattr(llm_errors, kind)):
            await provider.list_models()
    else:
        assert await provider.list_models() == []
    await cleanup()


async def test_what_is_asked_behind_the_end_is_aborted(plugin):
    provider = VLLMSwiftProvider("http://localhost:1", library=plugin.library)
    await provider.close()
    await provider.close()
    with pytest.raises(llm_errors.AbortError, match="closed"):
        await provider.complete(ChatRequest(messages=[Message(role="user", content="Hi")]))
    assert provider.get_info().id == "vllm-swift"


@pytest.mark.parametrize("info", [{"id": "tiny"}, "tiny", {**INFO["model_info"], "context_window": "wide"}])
async def test_models_and_limits_that_do_not_fit_are_told(plugin, info):
    provider = VLLMSwiftProvider("http://localhost:1", library=plugin.library)
    plugin.info = INFO | {"model_info": info}
    plugin.models = lambda call: call.respond([info])
    with pytest.raises(llm_errors.LLMError, match="is no ModelInfo"):
        provider.get_model_info()
    with pytest.raises(llm_errors.LLMError, match="is no ModelInfo"):
        await provider.list_models()


def freeing():
    """Waits for what frees instances behind the collector."""
    for thread in threading.enumerate():
        if thread.name == "provider-vllm-free":
            thread.join(60)


def test_a_provider_that_is_dropped_is_freed_once(plugin):
    VLLMSwiftProvider("http://localhost:1", library=plugin.library)
    gc.collect()
    freeing()
    instance._free_all()
    assert len(plugin.freed) == 1


def test_at_the_end_of_the_interpreter_what_is_left_is_freed_at_once(plugin):
    provider = VLLMSwiftProvider("http://localhost:1", library=plugin.library)
    instance._free_all()
    assert len(plugin.freed) == 1
    del provider
    gc.collect()
    freeing()
    assert len(plugin.freed) == 1


def test_a_collection_under_the_lock_of_a_log_does_not_wait_for_who_logs(plugin):
    told = []

    def log():
        # Freeing waits for callbacks to return.
        logging_thread = threading.Thread(target=plugin.log, args=(2, "the last words"), daemon=True)
        logging_thread.start()
        logging_thread.join(60)
        told.append(not logging_thread.is_alive())

    plugin.while_freeing = log
    handler = logging.StreamHandler(io.StringIO())
    logger = logging.getLogger("amplifier_module_provider_vllm_swift")
    logger.addHandler(handler)
    provider = VLLMSwiftProvider("http://localhost:1", library=plugin.library)
    handler.acquire()
    del provider
    gc.collect()
    handler.release()
    freeing()
    logger.removeHandler(handler)
    assert told == [True]
    assert handler.stream.getvalue() == "the last words\n"


def test_messages_of_the_plugin_are_logged(plugin, caplog):
    provider = VLLMSwiftProvider("http://localhost:1", library=plugin.library)
    with caplog.at_level(logging.DEBUG):
        plugin.log(2, "a warning")
    assert [(record.levelno, record.message) for record in caplog.records] == [(logging.WARNING, "a warning")]
    assert provider.name == "vllm-swift"


def test_behind_a_fork_it_is_refused_with_the_reason():
    plugin = FakePlugin()
    provider = VLLMSwiftProvider("http://localhost:1", library=plugin.library)
    receiver, sender = multiprocessing.Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        try:
            # None of these may be waited for.
            provider._instance._library.resume(None)
            provider._instance._library.cancel(None)
            provider._instance._library.release(None)
            sender.send(plugin.used)
            provider.get_info()
            sender.send("no error")
        except Exception as error:
            sender.send(f"{type(error).__name__}: {error}")
        os._exit(0)
    assert receiver.poll(30)
    assert receiver.recv() == ["create", "info"]
    assert receiver.poll(30)
    said = receiver.recv()
    os.waitpid(child, 0)
    assert said.startswith("ConfigurationError:")
    assert "fork" in said


def test_the_events_that_the_kernel_does_not_know_are_contributed():
    names = mounting.observable_events()
    assert "llm:stream_block_delta" in names
    assert not set(names) & set(ALL_EVENTS)
    assert json.dumps(names)
