"""What a loop gets from `complete`, and what a session hears meanwhile."""

import asyncio
from contextvars import ContextVar
from decimal import Decimal

import pytest
from amplifier_core import llm_errors
from amplifier_core.message_models import ChatRequest, ChatResponse, Message, TextBlock, ThinkingBlock, ToolCallBlock
from amplifier_core.testing import EventRecorder, MockCoordinator
from fake_plugin import FakePlugin

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
    assert [type(block) for block in response.content] == [ThinkingBlock, TextBlock, ToolCallBlock]
    assert [(block.text, block.choice) for block in response.other_choices[1]] == [("four", 1)]
    assert response.model_dump()["other_choices"][1][0]["text"] == "four"
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


@pytest.mark.parametrize("content", [[], [{"type": "text", "text": "four", "choice": 1}]])
async def test_content_is_never_empty(content):
    response = await provider(FakePlugin(lambda call: call.respond({"content": content}))).complete(REQUEST)
    assert [block.text for block in response.content] == [""]


@pytest.mark.parametrize(
    "answer", [None, [], {"content": "4"}, {"content": [{"type": "text", "text": "4"}], "usage": {"input_tokens": "secret"}}]
)
async def test_an_answer_that_does_not_fit_says_what_does_not(answer):
    with pytest.raises(llm_errors.LLMError, match=r"is no .*ChatResponse.*from the same release") as caught:
        await provider(FakePlugin(lambda call: call.respond(answer))).complete(REQUEST)
    assert "secret" not in str(caught.value)


async def test_the_tool_calls_are_those_that_the_plugin_reads():
    plugin = FakePlugin()
    response = ChatResponse(content=[ToolCallBlock(id="c", name="add", input={"a": 2})])
    assert [(call.id, call.name, call.arguments) for call in provider(plugin).parse_tool_calls(response)] == [("c", "add", {"a": 2})]
    assert "parse_tool_calls" in plugin.used
    assert plugin.unfreed_bytes == 0


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
    # As the kernel and tracing hooks do it: what an event of a call leaves, the next one of the same call finds, and no other call's.
    asker, seen = ContextVar("asker"), ContextVar("seen", default=-1)

    def script(call):
        for number in range(50):
            call.emit("llm:stream_block_delta", sequence=number, prompt=call.request["messages"][0]["content"])
        call.respond()

    async def ask(prompt):
        asker.set(prompt)
        return await shared.complete(ChatRequest(messages=[Message(role="user", content=prompt)]))

    told = []

    async def emit(name, data):
        told.append((asker.get(), seen.get()))
        assert (data["prompt"], data["sequence"] - 1) == told[-1]
        seen.set(data["sequence"])

    coordinator.hooks.emit = emit
    shared = provider(FakePlugin(script), coordinator)
    await asyncio.gather(*(ask(f"prompt {number}") for number in range(20)))
    assert sorted(told) == sorted((f"prompt {number}", sequence - 1) for number in range(20) for sequence in range(50))


async def test_calls_to_which_the_host_gives_one_name_do_not_meet(coordinator):
    gate = asyncio.Event()

    async def emit(name, data):
        # What is left to tell of no call makes the first of them wait before it asks.
        if name == "provider:warning":
            await gate.wait()

    coordinator.hooks.emit = emit
    plugin = FakePlugin()
    asked = provider(plugin, coordinator)
    plugin.emit("provider:warning", {"provider": "vllm"})
    request = ChatRequest(messages=REQUEST.messages, metadata={"request_id": "mine"})
    calls = [asyncio.create_task(asked.complete(request)) for _ in range(2)]
    await calls[1]
    gate.set()
    assert (await calls[0]).text == "4"
    sent = [request["metadata"]["request_id"] for request in plugin.requests]
    assert len(set(sent)) == 2
    assert "mine" in sent
    assert len(set(plugin.released)) == 2


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


async def test_a_cancelled_task_does_not_tear_an_event_out_of_a_hooks_hands(coordinator):
    heard = []

    def script(call):
        call.emit("llm:request")
        assert call.cancelled.wait(30)
        call.emit("llm:response", status="cancelled")
        call.fail(type="AbortError", code="cancelled")

    async def emit(name, data):
        if name == "llm:request":
            asyncio.get_running_loop().call_soon(task.cancel)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        heard.append(name)

    coordinator.hooks.emit = emit
    task = asyncio.create_task(provider(FakePlugin(script), coordinator).complete(REQUEST))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert heard == ["llm:request", "llm:response"]


def test_a_call_whose_loop_was_closed_is_given_back():
    plugin = FakePlugin(lambda call: call.wait_for_cancel())
    asked = provider(plugin)
    loop = asyncio.new_event_loop()
    task = loop.create_task(asked.complete(REQUEST))
    while "start" not in plugin.used:
        loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    # What the interpreter's end does with the coroutine.
    task.get_coro().close()
    assert len(plugin.released) == 1


async def test_a_session_that_cannot_say_whether_it_is_cancelled_is_asked_again(coordinator, caplog):
    class Broken:
        asked = 0

        @property
        def is_immediate(self):
            self.asked += 1
            if self.asked < 3:
                raise RuntimeError("broken")
            return True

    coordinator.cancellation = Broken()
    asked = provider(FakePlugin(lambda call: call.wait_for_cancel()), coordinator)
    with pytest.raises(llm_errors.AbortError):
        await asyncio.wait_for(asked.complete(REQUEST), 60)
    assert [record.message for record in caplog.records] == ["whether the session wants its calls to end cannot be told"]


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


@pytest.mark.parametrize(("fields", "options"), [({}, {"seed": object()}), ({"metadata": {"x": object()}}, {}), ({"extra": b"\xff"}, {})])
async def test_what_is_no_json_is_refused(plugin, fields, options):
    with pytest.raises(llm_errors.InvalidRequestError, match="JSON"):
        await provider(plugin).complete(ChatRequest(messages=REQUEST.messages, **fields), **options)
    assert plugin.requests == []


async def test_half_a_surrogate_pair_does_not_stop_a_request(plugin):
    await provider(plugin).complete(ChatRequest(messages=[Message(role="user", content="a\ud83dz")]))
    assert plugin.requests[0]["messages"][0]["content"] == "a?z"
