"""The same conversation through this project's own host, built in and as a plugin, and through Amplifier: the same answer, the same events,
key by key.
"""

import pytest
from compare_events import differences
from events import of
from sessions import PARIS, SUNNY, ask_host, provider, session, simulator

CONVERSATIONS = {
    "a plain answer": ("What is 2+2?", {}, False),
    "a tool": (PARIS, {}, True),
    "without streaming": (PARIS, {"use_streaming": False}, True),
    "completions": ("What is 2+2?", {"use_completions": True}, False),
    "debug events": ("What is 2+2?", {"debug": True, "raw_debug": True}, False),
}


@pytest.fixture(params=["built in", "plugin"])
def is_plugin(request):
    """How the own host has its provider."""
    return request.param == "plugin"


@pytest.mark.parametrize("conversation", CONVERSATIONS)
async def test_both_hosts_write_the_same_events(tmp_path, url, is_plugin, conversation):
    prompt, config, tool = CONVERSATIONS[conversation]
    spec = provider(url, "provider-vllm", **config)
    report, own = ask_host(tmp_path, prompt, spec, tool={} if tool else None, plugin=is_plugin)
    async with session(tmp_path, spec, tools=["tool-weather"] if tool else []) as host:
        answer = await host.execute(prompt)
    assert report["text"] == answer == (SUNNY if tool else "4")
    assert differences(own, host.events) == []


async def test_both_hosts_write_the_same_events_of_a_tool_that_fails(tmp_path, url, is_plugin):
    spec = provider(url, "provider-vllm")
    _, own = ask_host(tmp_path, PARIS, spec, tool={"command": ["false"]}, plugin=is_plugin)
    async with session(tmp_path, spec, tools=[{"module": "tool-weather", "config": {"fails": True}}]) as host:
        await host.execute(PARIS)
    # What the model makes of it is not compared: each loop tells it the failure in words of its own.
    assert differences(*(_until(events, "tool:error") for events in (own, host.events))) == []


async def test_both_hosts_write_the_same_events_of_the_instance_that_is_asked(tmp_path, url, is_plugin):
    specs = [provider(url, "provider-vllm", "spare", priority=50), provider(url, "provider-vllm", "gpu-box", priority=10)]
    report, own = ask_host(tmp_path, "What is 2+2?", *specs, plugin=is_plugin)
    async with session(tmp_path, *specs) as host:
        assert await host.execute("What is 2+2?") == report["text"] == "4"
    assert differences(own, host.events) == []
    assert {payload["instance_id"] for name, payload in own if name.startswith("llm:")} == {"gpu-box"}


async def test_both_hosts_write_the_same_events_of_an_error(tmp_path, url, is_plugin):
    spec = provider(url, "provider-vllm", default_model="no-such-model")
    _, own = ask_host(tmp_path, "What is 2+2?", spec, plugin=is_plugin)
    async with session(tmp_path, spec) as host:
        with pytest.raises(RuntimeError, match="NotFoundError"):
            await host.execute("What is 2+2?")
    assert differences(own, host.events) == []


async def test_both_hosts_write_the_same_events_of_a_retry(tmp_path, is_plugin):
    logs = []
    for is_own in (True, False):
        with simulator("--fault", "status=503; retry-after=0; count=1") as url:
            spec = provider(url, "provider-vllm", min_retry_delay=0.01)
            if is_own:
                logs.append(ask_host(tmp_path, "What is 2+2?", spec, plugin=is_plugin)[1])
            else:
                async with session(tmp_path, spec) as host:
                    await host.execute("What is 2+2?")
                logs.append(host.events)
    assert len(of(logs[0], "provider:retry")) == 1
    assert differences(*logs) == []


async def test_both_hosts_write_the_same_events_of_an_answer_that_is_cancelled(tmp_path, is_plugin):
    # One token, and no more.
    with simulator("--fault", "stall-at-byte=900") as url:
        spec = provider(url, "provider-vllm")
        _, own = ask_host(tmp_path, "Name the planets.", spec, plugin=is_plugin, interrupt_behind="llm:stream_block_delta")
        async with session(tmp_path, spec) as host:

            async def cancel(event, data):
                host.coordinator.cancellation.request_immediate()

            host.coordinator.hooks.register("llm:stream_block_delta", cancel)
            with pytest.raises(RuntimeError, match="AbortError"):
                await host.execute("Name the planets.")
    assert differences(own, host.events) == []
    # What the kernel's loops tell where they notice it themselves, between two answers.
    assert [name for name, _ in own if name.startswith("cancel:")] == ["cancel:requested", "cancel:completed"]
    assert of(own, "cancel:requested")[0]["state"] == "immediate"
    assert of(own, "cancel:completed")[0]["was_immediate"] is True
    assert of(host.events, "cancel:completed")[0]["was_immediate"] is True


def _until(events, last):
    """The events up to the first one of a name."""
    return events[: [name for name, _ in events].index(last) + 1]
