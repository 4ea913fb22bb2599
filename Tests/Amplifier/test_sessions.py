"""Real Amplifier sessions: the kernel of amplifier-core, the adapter, its shared library, and a server."""

import asyncio
import socket
import subprocess
from pathlib import Path

import pytest
import yaml
from amplifier_core.message_models import ChatRequest, Message
from conftest import REAL
from events import names, of
from sessions import PARIS, ROOT, SUNNY, built, provider, session, simulator

PACKAGES = ROOT / "Plugins" / "amplifier"
MODULES = [("provider-vllm-swift", "vllm-swift"), ("provider-vllm", "vllm")]
STREAMED_BLOCK = ["llm:stream_block_start", "llm:stream_block_delta", "llm:stream_block_end"]
SHOWN_BLOCK = ["content_block:start", "content_block:end"]


@pytest.fixture(params=["simulator", *(["vLLM"] if REAL else [])])
def slow(request):
    """A server whose answer takes far longer than a test, and the configuration that makes it so."""
    if request.param == "simulator":
        with simulator("--token-delay-ms", "2000") as url:
            yield url, {}
    else:
        yield REAL, {"max_tokens": 1500, "extra_body": {"ignore_eos": True}}


@pytest.mark.parametrize(("module", "name"), MODULES)
async def test_a_plain_answer_with_its_events(tmp_path, url, module, name):
    async with session(tmp_path, provider(url, module)) as host:
        assert list(host.providers) == [name]
        assert await host.execute("What is 2+2?") == "4"
        # The limits were found out before the first request.
        assert host.context.windows == [2048]
    assert names(host.events) == [
        *["session:start", "prompt:submit", "provider:request", "llm:request"],
        *STREAMED_BLOCK * 2,
        *["llm:response", "provider:response"],
        *SHOWN_BLOCK * 2,
        *["prompt:complete", "orchestrator:complete", "session:end"],
    ]
    calls = [payload for event, payload in host.events if event.startswith("llm:")]
    assert {payload["provider"] for payload in calls} == {name}
    assert len({payload["request_id"] for payload in calls}) == 1
    (response,) = of(host.events, "llm:response")
    assert response["status"] == "ok"
    assert response["usage"]["input_tokens"] > 0
    assert response["usage"]["cost_usd"] is None


async def test_an_answer_streams_block_by_block(tmp_path, url, simulated):
    async with session(tmp_path, provider(url)) as host:
        answer = await host.execute("What is the capital of France?")
    deltas = of(host.events, "llm:stream_block_delta")
    texts = {}
    for delta in deltas:
        assert delta["text"]
        texts.setdefault((delta["block_index"], delta["block_type"]), []).append(delta)
    assert list(texts) == [(0, "thinking"), (1, "text")]
    assert "".join(delta["text"] for delta in texts[1, "text"]) == answer == "The capital of France is Paris."
    # The simulator's whole answer may come at once, and is one delta then; a model's tokens come one after the other.
    assert url == simulated or len(texts[1, "text"]) > 1
    for block in texts.values():
        assert [delta["sequence"] for delta in block] == list(range(len(block)))


@pytest.mark.parametrize(("config", "options"), [({"use_streaming": False}, {}), ({}, {"stream": False})])
async def test_without_streaming_there_are_no_stream_events(tmp_path, url, config, options):
    async with session(tmp_path, provider(url, **config), options=options) as host:
        assert await host.execute("What is 2+2?") == "4"
    assert not [name for name in names(host.events) if name.startswith("llm:stream")]
    assert [name for name in names(host.events) if name.startswith("llm:")] == ["llm:request", "llm:response"]


async def test_a_tool_is_called_and_its_result_understood(tmp_path, url):
    async with session(tmp_path, provider(url), tools=["tool-weather"]) as host:
        assert await host.execute(PARIS) == SUNNY
    (pre,) = of(host.events, "tool:pre")
    assert (pre["tool_name"], pre["tool_input"]) == ("get_weather", {"location": "Paris"})
    assert [payload["tool_calls"] for payload in of(host.events, "provider:response")] == [True, False]
    assert [payload["message_count"] for payload in of(host.events, "llm:request")] == [1, 3]
    requests = [payload["request_id"] for payload in of(host.events, "llm:request")]
    assert len(set(requests)) == 2
    assert [payload["request_id"] for payload in of(host.events, "llm:response")] == requests


async def test_a_conversation_goes_on_over_several_prompts(tmp_path, url):
    async with session(tmp_path, provider(url)) as host:
        await host.execute("My name is Alice.")
        await host.execute("What is 2+2?")
    assert [payload["message_count"] for payload in of(host.events, "llm:request")] == [1, 3]


async def test_options_of_a_call_reach_the_server(tmp_path, url):
    async with session(tmp_path, provider(url), options={"max_tokens": 1, "no_such_option": 1}) as host:
        await host.execute("What is the capital of France?")
    (response,) = of(host.events, "llm:response")
    assert response["usage"]["output_tokens"] == 1
    assert "no_such_option" in response["degradation"]["requested"]


async def test_an_error_is_the_kernels_class_in_all_events(tmp_path, url):
    async with session(tmp_path, provider(url, default_model="no-such-model")) as host:
        with pytest.raises(RuntimeError, match=r"Execution failed: NotFoundError: .*no-such-model"):
            await host.execute("What is 2+2?")
    (response,) = of(host.events, "llm:response")
    assert (response["status"], response["error_type"], response["status_code"]) == ("error", "NotFoundError", 404)
    (error,) = of(host.events, "provider:error")
    assert error["error"]["type"] == "NotFoundError"
    assert (error["retryable"], error["status_code"]) == (False, 404)
    # What the provider tells and what the loop tells belong to one call.
    assert error["error"]["msg"] == response["error"]


async def test_retries_are_told_before_the_answer(tmp_path):
    with simulator("--fault", "status=503; retry-after=0; count=1") as url:
        async with session(tmp_path, provider(url, min_retry_delay=0.01)) as host:
            assert await host.execute("What is 2+2?") == "4"
    (retry,) = of(host.events, "provider:retry")
    assert (retry["attempt"], retry["error_type"], retry["status_code"]) == (1, "ProviderUnavailableError", 503)
    assert retry["request_id"] == of(host.events, "llm:response")[0]["request_id"]


async def test_a_server_that_is_not_there_is_a_network_error(tmp_path):
    with socket.socket() as closed:
        # Bound and not listening: connections are refused, and nobody else takes the port.
        closed.bind(("127.0.0.1", 0))
        async with session(tmp_path, provider(f"http://127.0.0.1:{closed.getsockname()[1]}", max_retries=0)) as host:
            assert host.context.windows == []
            with pytest.raises(RuntimeError, match="NetworkError"):
                await host.execute("What is 2+2?")
    (error,) = of(host.events, "provider:error")
    assert (error["error"]["type"], error["retryable"]) == ("NetworkError", True)


async def test_a_stream_that_breaks_is_aborted_with_its_partial_answer(tmp_path):
    with simulator("--fault", "error-event=9") as url:
        async with session(tmp_path, provider(url, max_retries=0)) as host:
            with pytest.raises(RuntimeError, match="Execution failed"):
                await host.execute("What is the capital of France?")
    assert [name for name in names(host.events) if name.startswith("llm:")][-2:] == ["llm:stream_aborted", "llm:response"]


async def test_an_immediate_cancellation_ends_the_answer_at_once(tmp_path, slow):
    url, config = slow
    async with session(tmp_path, provider(url, **config)) as host:

        async def cancel(event, data):
            host.coordinator.cancellation.request_immediate()

        host.coordinator.hooks.register("llm:stream_block_delta", cancel)
        with pytest.raises(RuntimeError, match="AbortError"):
            await host.execute("Name the planets.")
    assert [name for name in names(host.events) if name.startswith("llm:")][-2:] == ["llm:stream_aborted", "llm:response"]
    assert of(host.events, "llm:response")[0]["status"] == "cancelled"
    assert of(host.events, "provider:error")[0]["error"]["type"] == "AbortError"


async def test_a_graceful_cancellation_lets_the_answer_end(tmp_path, url):
    async with session(tmp_path, provider(url), tools=["tool-weather"]) as host:

        async def cancel(event, data):
            host.coordinator.cancellation.request_graceful()

        host.coordinator.hooks.register("llm:stream_block_start", cancel)
        assert await host.execute(PARIS) == ""
    # The call that was under way is whole, its tool has run, and nothing more was asked. The kernel says once more what the loop has said.
    assert [payload["status"] for payload in of(host.events, "llm:response")] == ["ok"]
    assert names(host.events)[names(host.events).index("tool:post") :] == [
        *["tool:post", "cancel:requested", "cancel:completed", "orchestrator:complete"],
        *["cancel:completed", "session:end"],
    ]


async def test_a_task_that_is_cancelled_ends_its_call(tmp_path, slow):
    url, config = slow
    async with session(tmp_path, provider(url, **config)) as host:
        (asked,) = host.providers.values()
        begun = asyncio.Event()

        async def begin(event, data):
            begun.set()

        host.coordinator.hooks.register("llm:request", begin)
        task = asyncio.create_task(asked.complete(ChatRequest(messages=[Message(role="user", content="Name the planets.")])))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert of(host.events, "llm:response")[0]["status"] == "cancelled"


async def test_a_provider_that_is_closed_aborts_its_calls(tmp_path, slow):
    url, config = slow
    async with session(tmp_path, provider(url, **config)) as host:
        (asked,) = host.providers.values()

        async def close(event, data):
            await asked.close()

        host.coordinator.hooks.register("llm:stream_block_delta", close)
        with pytest.raises(RuntimeError, match="AbortError"):
            await host.execute("Name the planets.")


async def test_two_instances_are_told_apart_in_every_event(tmp_path, url):
    plan = [provider(url, instance="spare", priority=50), provider(url, instance="gpu-box", priority="10")]
    async with session(tmp_path, *plan) as host:
        assert {name: asked.priority for name, asked in host.providers.items()} == {"spare": 50, "gpu-box": 10}
        assert await host.execute("What is 2+2?") == "4"
    assert [payload["provider"] for payload in of(host.events, "provider:request")] == ["gpu-box"]
    assert {payload["instance_id"] for event, payload in host.events if event.startswith("llm:")} == {"gpu-box"}


async def test_both_module_ids_live_in_one_session(tmp_path, url):
    async with session(tmp_path, provider(url, "provider-vllm"), provider(url, priority=10)) as host:
        assert [(name, asked.name) for name, asked in host.providers.items()] == [("vllm", "vllm"), ("vllm-swift", "vllm-swift")]
        assert await host.execute("What is 2+2?") == "4"
    assert {payload["provider"] for event, payload in host.events if event.startswith("llm:")} == {"vllm-swift"}


@pytest.mark.parametrize(("module", "name"), MODULES)
async def test_a_source_is_validated_and_loaded_as_apps_do_it(tmp_path, url, module, name):
    class Source:
        def resolve(self):
            return PACKAGES / f"amplifier-module-{module}"

    class Resolver:
        """The kernel asks it for every module; those of the tests it does not know."""

        def resolve(self, module_id, source_hint=None, profile_hint=None):
            from amplifier_core.module_sources import ModuleNotFoundError

            if module_id != module:
                raise ModuleNotFoundError(module_id)
            return Source()

    async def mount_resolver(coordinator):
        await coordinator.mount("module-source-resolver", Resolver())

    async with session(tmp_path, provider(url, module), before=mount_resolver) as host:
        assert list(host.providers) == [name]
        assert await host.execute("What is 2+2?") == "4"
        assert host.context.windows == [2048]


def failures(coordinator):
    """What `module:load_failed` tells while the session is made: before logs are mounted."""
    told = []

    async def hear(event, data):
        told.append(data["error"])

    coordinator.hooks.register("module:load_failed", hear)
    return told


@pytest.mark.parametrize(
    ("config", "said"),
    [({"temperature": "warm", "max_tokens": -1}, ["config.temperature", "config.max_tokens"]), ({"plugin": "/nowhere"}, ["make plugin"])],
)
async def test_what_cannot_be_mounted_is_told_whole(tmp_path, url, config, said):
    told = []

    async def listen(coordinator):
        told.append(failures(coordinator))

    async with session(tmp_path, provider(url, **config), before=listen) as host:
        assert host.providers == {}
    ((error,),) = told
    assert [text for text in said if text not in error] == []


async def test_secrets_are_in_no_event(tmp_path):
    with simulator("--api-key", "right-key-1234") as url:
        for key, expected in (("right-key-1234", None), ("wrong-key-5678", "AuthenticationError")):
            async with session(tmp_path, provider(url, api_key=key, debug=True, raw_debug=True)) as host:
                if expected:
                    with pytest.raises(RuntimeError, match=expected):
                        await host.execute("What is 2+2?")
                else:
                    assert await host.execute("What is 2+2?") == "4"
            assert bool(of(host.events, "llm:request:raw")) is (expected is None)
            assert not [payload for _, payload in host.events if key in str(payload)]


async def test_models_are_listed_with_their_limits(tmp_path, url):
    async with session(tmp_path, provider(url)) as host:
        (asked,) = host.providers.values()
        models = await asked.list_models()
    assert [(model.id, model.context_window) for model in models] == [("tiny-chat", 2048)]


async def test_many_calls_at_once_keep_their_events_apart(tmp_path, url):
    questions = {"What is 2+2?": "4", "What is 3+5?": "8", "What is 10-3?": "7", "What is 7*8?": "56"}
    async with session(tmp_path, provider(url)) as host:
        (asked,) = host.providers.values()

        async def ask(question):
            response = await asked.complete(ChatRequest(messages=[Message(role="user", content=question)]))
            return response.text

        answers = await asyncio.gather(*(ask(question) for question in [*questions] * 8))
    assert answers == [*questions.values()] * 8
    per_call = {}
    for event, payload in host.events:
        if event.startswith("llm:"):
            per_call.setdefault(payload["request_id"], []).append((event, payload))
    assert len(per_call) == 32
    for calls in per_call.values():
        assert names(calls) == ["llm:request", *STREAMED_BLOCK * 2, "llm:response"]


async def test_the_plan_in_config_is_one_for_both_hosts(tmp_path, url):
    path = ROOT / "Config" / "amplifier.yaml"
    checked = subprocess.run([built("vllm-host"), "config", "check", str(path)], check=False, capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")
    (spec,) = yaml.safe_load(path.read_text())["providers"]
    spec["config"]["base_url"] = url
    async with session(tmp_path, spec, tools=["tool-weather"]) as host:
        assert {name: asked.priority for name, asked in host.providers.items()} == {"vllm": 10}
        assert await host.execute(PARIS) == SUNNY


def test_the_packages_list_of_events_is_the_providers():
    from amplifier_module_provider_vllm_swift.events import EVENTS

    sources = ROOT / "Sources"
    listed = (sources / "VLLMProvider/VLLMProvider.swift").read_text().split("eventNames = [")[1].split("]")[0]
    constants = dict(
        line.strip().removeprefix("public static let ").split(" = ")
        for line in Path(sources / "ProviderKit/Events/EventName.swift").read_text().splitlines()
        if "static let" in line
    )
    names_in_swift = [constants[name.strip().removeprefix("EventName.")].strip('"') for name in listed.split(",") if name.strip()]
    assert list(EVENTS) == names_in_swift
