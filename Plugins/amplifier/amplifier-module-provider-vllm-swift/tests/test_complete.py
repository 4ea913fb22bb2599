"""What a loop gets from `complete`, and what a session hears meanwhile."""

import asyncio
from decimal import Decimal

import pytest
from amplifier_core import llm_errors
from amplifier_core.message_models import ChatRequest, Message, TextBlock, ThinkingBlock, ToolCallBlock
from amplifier_core.testing import EventRecorder, MockCoordinator
from fake_plugin import ANSWER, FakePlugin

from amplifier_module_provider_vllm_swift import VLLMSwiftProvider

REQUEST = ChatRequest(messages=[Message(role="user", content="What is 2+2?")])


class Cancellation:
    is_immediate = False


class Coordinator:
    session_id = "a-session"

    def __init__(self):
        self.hooks, self.cancellation, self.providers = EventRecorder(), Cancellation(), {}

    def get(self, name):
        return self.providers


@pytest.fixture
def coordinator():
    return Coordinator()


def provider(plugin, coordinator=None, **config):
    return VLLMSwiftProvider("http://localhost:1", config=config, coordinator=coordinator, library=plugin.library)


async def test_an_answer_has_amplifiers_types_and_what_loops_show():
    content = [
        {"type": "thinking", "thinking": "Hm.", "visibility": "internal"},
        {"type": "text", "text": "4"},
        {"type": "text", "text": "four", "choice": 1},
        {"type": "tool_call", "id": "c", "name": "add", "input": {"a": 2}},
    ]
    usage = {"input_tokens": 5, "output_tokens": 1, "total_tokens": 6, "cost_usd": "0.000000123"}
    plugin = FakePlugin(lambda call: call.respond({"content": content, "usage": usage, "logprobs": [{"token": "4"}]}))
    response = await provider(plugin).complete(REQUEST)
    assert [type(block) for block in response.content] == [ThinkingBlock, TextBlock, TextBlock, ToolCallBlock]
    assert response.usage.cost_usd == Decimal("0.000000123")
    assert response.logprobs == [{"token": "4"}]
    assert response.text == "4"
    assert [block.to_dict() for block in response.content_blocks] == [
        {"type": "thinking", "text": "Hm."},
        {"type": "text", "text": "4"},
        {"type": "tool_call", "id": "c", "name": "add", "arguments": {"a": 2}},
    ]
    assert "content_blocks" not in response.model_dump()
    assert [call.arguments for call in provider(plugin).parse_tool_calls(response)] == [{"a": 2}]


async def test_content_is_never_empty():
    response = await provider(FakePlugin(lambda call: call.respond({"content": []}))).complete(REQUEST)
    assert [block.text for block in response.content] == [""]


async def test_all_events_come_in_order_before_the_answer(coordinator):
    def script(call):
        call.emit("llm:request", model="tiny")
        for number in range(2000):
            call.emit("llm:stream_block_delta", sequence=number)
            call.events({"type": "block_delta"})
        call.emit("llm:response", status="ok")
        call.respond()

    await provider(FakePlugin(script), coordinator).complete(REQUEST)
    names = [name for name, _ in coordinator.hooks.events]
    assert names == ["llm:request", *["llm:stream_block_delta"] * 2000, "llm:response"]
    assert [data["sequence"] for name, data in coordinator.hooks.events[1:-1]] == list(range(2000))
    assert len({data["request_id"] for _, data in coordinator.hooks.events}) == 1


async def test_events_of_calls_at_the_same_time_are_not_mixed(coordinator):
    names = {}

    def script(call):
        for number in range(50):
            call.emit("llm:stream_block_delta", sequence=number, prompt=call.request["messages"][0]["content"])
        call.respond()

    async def ask(prompt):
        own = Coordinator()
        # One instance, several calls: each emits within the task that asked.
        task = asyncio.current_task()
        names[prompt] = task.get_name()
        return await shared.complete(ChatRequest(messages=[Message(role="user", content=prompt)])), own

    tasks = set()

    async def emit(name, data):
        tasks.add((data["prompt"], asyncio.current_task().get_name()))

    coordinator.hooks.emit = emit
    shared = provider(FakePlugin(script), coordinator)
    await asyncio.gather(*(ask(f"prompt {number}") for number in range(20)))
    assert tasks == {(prompt, name) for prompt, name in names.items()}


@pytest.mark.parametrize(("mounted", "name", "instance"), [("vllm-swift", "vllm-swift", None), ("gpu-box", "vllm-swift", "gpu-box")])
async def test_events_name_the_provider_and_its_instance(coordinator, mounted, name, instance):
    def script(call):
        call.emit("llm:request")
        call.respond()

    asked = provider(FakePlugin(script), coordinator)
    coordinator.providers[mounted] = asked
    await asked.complete(REQUEST)
    data = coordinator.hooks.events[0][1]
    assert (data["provider"], data.get("instance_id")) == (name, instance)


async def test_a_hook_that_fails_does_not_take_the_answer_with_it(coordinator):
    async def emit(name, data):
        raise RuntimeError("a broken hook")

    def script(call):
        call.emit("llm:request")
        call.respond()

    coordinator.hooks.emit = emit
    assert (await provider(FakePlugin(script), coordinator).complete(REQUEST)).text == "4"


@pytest.mark.parametrize("is_heard", [True, False])
async def test_tokens_that_nobody_hears_do_not_cross_the_door(is_heard):
    def script(call):
        call.emit("llm:request")
        call.emit("llm:stream_block_delta", sequence=0)
        call.respond()

    plugin, coordinator, heard = FakePlugin(script), MockCoordinator(), []

    async def hear(event, data):
        heard.append(event)

    if is_heard:
        coordinator.hooks.register("llm:stream_block_delta", hear)
    asked = provider(plugin, coordinator)
    taken = []
    asked._instance._take, take = lambda event: (taken.append(event.name), take(event)), asked._instance._take
    await asked.complete(REQUEST)
    assert heard == ["llm:stream_block_delta"] * is_heard
    assert taken == ["llm:request", *heard]
    assert plugin.wants == [3 if is_heard else 2]


async def test_a_slow_hook_holds_the_plugin_back(coordinator):
    gate, flows = asyncio.Event(), []

    async def emit(name, data):
        await gate.wait()

    def script(call):
        for number in range(600):
            call.emit("llm:stream_block_delta", sequence=number)
        flows.append(call.events({"type": "block_delta"}))
        loop.call_soon_threadsafe(gate.set)
        flows.append(call.resumed.wait(30))
        flows.append(call.events({"type": "block_delta"}))
        call.respond()

    loop = asyncio.get_running_loop()
    coordinator.hooks.emit = emit
    await provider(FakePlugin(script), coordinator).complete(REQUEST)
    assert flows == [1, True, 0]


async def test_an_immediate_cancellation_ends_the_call(coordinator):
    def script(call):
        call.emit("llm:request")
        loop.call_soon_threadsafe(setattr, coordinator.cancellation, "is_immediate", True)
        call.wait_for_cancel()

    loop = asyncio.get_running_loop()
    with pytest.raises(llm_errors.AbortError):
        await provider(FakePlugin(script), coordinator).complete(REQUEST)


async def test_a_cancelled_task_ends_the_call_and_hears_its_last_events(coordinator):
    def script(call):
        loop.call_soon_threadsafe(task.cancel)
        assert call.cancelled.wait(30)
        call.emit("llm:response", status="cancelled")
        call.fail(type="AbortError", code="cancelled")

    loop, plugin = asyncio.get_running_loop(), FakePlugin(script)
    task = asyncio.create_task(provider(plugin, coordinator).complete(REQUEST))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [data["status"] for _, data in coordinator.hooks.events] == ["cancelled"]
    assert len(plugin.released) == 1


async def test_handles_and_bytes_are_given_back(plugin):
    asked = provider(plugin)
    for _ in range(5):
        await asked.complete(REQUEST)
        await asked.list_models()
        asked.get_info()
    assert len(plugin.released) == 10
    assert len(set(plugin.released)) == 10
    assert plugin.unfreed_bytes == 0


@pytest.mark.parametrize(
    ("request_fields", "options", "expected"),
    [
        ({}, {}, {"stream": None, "temperature": None}),
        ({"stream": False}, {}, {"stream": False}),
        ({"stream": True}, {}, {"stream": True}),
        ({}, {"temperature": 0.5, "logprobs": 3}, {"temperature": 0.5, "logprobs": 3}),
        ({"temperature": 0.0}, {"temperature": 0.5}, {"temperature": 0.0}),
        ({}, {"extended_thinking": True}, {"reasoning_effort": "high", "extended_thinking": None}),
        ({"reasoning_effort": "low"}, {"extended_thinking": True}, {"reasoning_effort": "low"}),
        ({}, {"extended_thinking": False}, {"reasoning_effort": None}),
    ],
)
async def test_what_is_sent(plugin, request_fields, options, expected):
    request = ChatRequest(messages=REQUEST.messages, **request_fields)
    await provider(plugin).complete(request, **options)
    sent = plugin.requests[0]
    assert {name: sent.get(name) for name in expected} == expected


async def test_the_hosts_own_name_of_a_call_is_kept_and_its_metadata_not_changed(plugin):
    request = ChatRequest(messages=REQUEST.messages, metadata={"request_id": "mine", "stream": False})
    await provider(plugin).complete(request)
    assert plugin.requests[0]["metadata"] == {"request_id": "mine", "stream": False}


async def test_types_and_empty_outputs_of_blocks_are_sent(plugin):
    content = [{"type": "text", "text": "x"}, {"type": "tool_result", "tool_call_id": "c", "output": None}]
    await provider(plugin).complete(ChatRequest(messages=[Message(role="user", content=content)]))
    sent = plugin.requests[0]["messages"][0]["content"]
    assert [block["type"] for block in sent] == ["text", "tool_result"]
    assert sent[1]["output"] is None


async def test_an_option_that_is_no_json_is_refused(plugin):
    with pytest.raises(llm_errors.InvalidRequestError, match="JSON"):
        await provider(plugin).complete(REQUEST, seed=object())
    assert plugin.requests == []


async def test_half_a_surrogate_pair_does_not_stop_a_request(plugin):
    await provider(plugin).complete(ChatRequest(messages=[Message(role="user", content="a\ud83dz")]))
    assert plugin.requests[0]["messages"][0]["content"] == "a?z"


async def test_the_default_answer_is_the_scripts(plugin):
    assert (await provider(plugin).complete(REQUEST)).finish_reason == ANSWER["finish_reason"]
