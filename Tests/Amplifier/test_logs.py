"""Logs of Amplifier's sessions in this project's commands, and this project's logs in Amplifier's viewer."""

import asyncio
import json
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import REAL
from events import of, records
from log_viewer import viewed
from sessions import PARIS, SUNNY, ask_host, built, host_environment, provider, session, simulator

CAPITAL = "What is the capital of France?"
WEATHER = Path(__file__).with_name("weather.json")
RAW = {"debug": True, "raw_debug": True}


@dataclass
class Kind:
    """A session that Amplifier has run."""

    prompts: list
    answers: list
    config: dict = field(default_factory=dict)
    tools: tuple = ()

    @property
    def is_failure(self):
        return not self.answers


KINDS = {
    "streamed": Kind([CAPITAL], ["The capital of France is Paris."]),
    "in one piece": Kind([CAPITAL], ["The capital of France is Paris."], {"use_streaming": False}),
    "a tool": Kind([PARIS], [SUNNY], tools=("tool-weather",)),
    "two prompts": Kind([CAPITAL, "What is 2+2?"], ["The capital of France is Paris.", "4"]),
    "raw records": Kind([PARIS], [SUNNY], RAW, ("tool-weather",)),
    "an error": Kind([CAPITAL], [], {"default_model": "no-such-model"}),
    "an error with raw records": Kind([CAPITAL], [], {"default_model": "no-such-model", **RAW}),
}
SUCCESSES = [name for name, kind in KINDS.items() if not kind.is_failure]
FAILURES = [name for name, kind in KINDS.items() if kind.is_failure]


@dataclass
class Recorded:
    """The folder of all sessions, and each session's log."""

    root: Path
    logs: dict

    def host(self, *arguments, code=0):
        """What a command of this project's host prints about the sessions."""
        command = [built("vllm-host"), *arguments, "--session-root", str(self.root)]
        run = subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", env=host_environment(self.root), stdin=subprocess.DEVNULL, check=False
        )
        assert run.returncode == code, run.stderr
        return run.stdout

    def id(self, name):
        return self.logs[name].parent.name

    def answers(self, name):
        """The payloads of `llm:response`."""
        return of(records(self.logs[name]), "llm:response")


@pytest.fixture(scope="module", params=["simulator", *(["vLLM"] if REAL else [])])
def recorded(request, simulated, tmp_path_factory):
    root = tmp_path_factory.mktemp("projects")
    return Recorded(root, asyncio.run(_record(root, simulated if request.param == "simulator" else REAL)))


async def _record(root, url):
    return {name: await _ask(root, url, kind) for name, kind in KINDS.items()}


async def _ask(root, url, kind, **options):
    spec = provider(url, "provider-vllm", **kind.config)
    # What hooks-logging leaves out when nobody tells it otherwise.
    options = {"exclude_events": ["llm:stream_*delta"], "is_in_project": True} | options
    async with session(root, spec, tools=kind.tools, **options) as host:
        if kind.is_failure:
            with pytest.raises(RuntimeError, match="NotFoundError"):
                await host.execute(kind.prompts[0])
        else:
            assert [await host.execute(prompt) for prompt in kind.prompts] == kind.answers
    # Of what Amplifier's command line keeps beside the log, that which is listed.
    metadata = {"session_id": host.path.parent.name, "bundle": "foundation", "name": kind.prompts[0], "working_dir": str(Path.cwd())}
    (host.path.parent / "metadata.json").write_text(json.dumps(metadata, indent=2))
    return host.path


def test_the_sessions_of_amplifier_are_listed(recorded):
    # Amplifier's folder of a project is this project's: --all is not needed.
    for arguments in (["--all"], []):
        sessions = {item["session_id"]: item for item in json.loads(recorded.host("events", "list", "--json", *arguments))}
        assert set(sessions) == {path.parent.name for path in recorded.logs.values()}
    for name, kind in KINDS.items():
        listed = sessions[recorded.id(name)]
        assert listed["path"] == str(recorded.logs[name])
        assert (listed["name"], listed["working_dir"], listed["prompt_count"]) == (kind.prompts[0], str(Path.cwd()), len(kind.prompts))
        assert (listed["provider"], listed["model"]) == ("vllm", "no-such-model" if kind.is_failure else "tiny-chat")
        assert listed["status"] == ("error" if kind.is_failure else "ok")
        assert (listed["error"] is not None and "no-such-model" in listed["error"]) == kind.is_failure
    failed = json.loads(recorded.host("events", "list", "--json", "--errors"))
    assert {item["session_id"] for item in failed} == {recorded.id(name) for name in FAILURES}


@pytest.mark.parametrize("name", KINDS)
def test_a_session_of_amplifier_is_shown(recorded, name):
    kind = KINDS[name]
    shown = recorded.host("events", "show", "--content", recorded.id(name))
    for text in (*kind.prompts, *kind.answers):
        assert text in shown
    for answer in recorded.answers(name):
        if kind.is_failure:
            assert answer["error"] in shown
        else:
            assert f"{answer['usage']['input_tokens']} → {answer['usage']['output_tokens']} tokens" in shown
    for text in ("get_weather", '{"location":"Paris"}', '{"temperature":18,"condition":"sunny"}') if kind.tools else ():
        assert text in shown


def test_the_records_of_amplifier_are_given_out_as_they_are(recorded):
    lines = recorded.host("events", "show", "--json", "--verbose", recorded.id("raw records")).splitlines()
    assert [json.loads(line) for line in lines] == [
        json.loads(line) for line in recorded.logs["raw records"].read_text("utf-8").splitlines()
    ]


@pytest.mark.parametrize("name", KINDS)
def test_a_session_of_amplifier_is_counted(recorded, name):
    kind = KINDS[name]
    figures = json.loads(recorded.host("events", "stats", "--json", recorded.id(name)))
    answers = recorded.answers(name)
    calls = figures["calls"]
    assert figures["records"] == len(records(recorded.logs[name]))
    assert (figures["sessions"], figures["skipped_lines"], figures["prompts"]) == (1, 0, len(kind.prompts))
    assert figures["turns"] == ({"error": 1} if kind.is_failure else {"success": len(kind.prompts)})
    assert (calls["count"], calls["ok"], calls["error"]) == (len(answers), *((0, 1) if kind.is_failure else (len(answers), 0)))
    assert calls["errors"] == ({"NotFoundError": 1} if kind.is_failure else {})
    for key in ("input_tokens", "output_tokens"):
        assert calls["usage"][key] == sum(answer.get("usage", {}).get(key, 0) for answer in answers)
    assert [(tool["name"], tool["count"], tool["failures"]) for tool in figures["tools"]] == ([("get_weather", 1, 0)] if kind.tools else [])


@pytest.mark.parametrize("name", KINDS)
def test_a_session_of_amplifier_is_exported(recorded, name):
    kind = KINDS[name]
    (resource,) = json.loads(recorded.host("events", "export", "--format", "otlp", "--content", recorded.id(name)))["resourceSpans"]
    spans = [span for scope in resource["scopeSpans"] for span in scope["spans"]]
    turns = {span["spanId"]: span for span in spans if "parentSpanId" not in span}
    steps = [span for span in spans if "parentSpanId" in span]
    assert [span["name"] for span in turns.values()] == ["invoke_agent"] * len(kind.prompts)
    assert len([span for span in steps if span["name"].startswith("chat ")]) == len(recorded.answers(name))
    assert [span["name"] for span in steps if span["name"].startswith("execute_tool")] == ["execute_tool get_weather"] * len(kind.tools)
    for span in steps:
        turn = turns[span["parentSpanId"]]
        assert span["traceId"] == turn["traceId"]
        # Whatever was done for a prompt was done within its time.
        assert int(turn["startTimeUnixNano"]) <= int(span["startTimeUnixNano"])
        assert int(span["endTimeUnixNano"]) <= int(turn["endTimeUnixNano"])
    errors = [attribute for span in spans for attribute in span["attributes"] if attribute["key"] == "error.type"]
    assert ({"key": "error.type", "value": {"stringValue": "NotFoundError"}} in errors) == kind.is_failure
    assert all((span.get("status") == {"code": 2}) == kind.is_failure for span in turns.values())


@pytest.mark.parametrize("name", KINDS)
def test_a_session_of_amplifier_has_a_page(recorded, name, tmp_path):
    kind = KINDS[name]
    page = tmp_path / "page.html"
    recorded.host("events", "view", "--no-open", "-o", str(page), recorded.id(name))
    text = page.read_text("utf-8")
    for said in (*kind.prompts, *kind.answers):
        assert f">{said}<" in text
    assert ("no-such-model" in text) == kind.is_failure


@pytest.mark.parametrize("name", KINDS)
def test_a_session_of_amplifier_is_played(recorded, name):
    kind = KINDS[name]
    lines = recorded.host("replay", "play", "--no-wait", recorded.id(name)).splitlines()
    said = [line for line in lines if line in kind.answers or line.removeprefix("> ") in kind.prompts]
    dialogue = [[f"> {prompt}", *kind.answers[index : index + 1]] for index, prompt in enumerate(kind.prompts)]
    assert said == [line for turn in dialogue for line in turn]
    assert ('→ get_weather {"location":"Paris"}' in lines) == bool(kind.tools)
    assert any(line.startswith("error: NotFoundError") for line in lines) == kind.is_failure


def _replayed(recorded, name, tmp_path, code=0):
    """The first prompt once more in this project's host, answered from the log."""
    plan = tmp_path / "plan.yaml"
    plan.write_text(json.dumps({"providers": [{"module": "provider-replay", "config": {"log": str(recorded.logs[name].parent)}}]}))
    tool = ["--tool", str(WEATHER)] if KINDS[name].tools else []
    arguments = ["run", "--config", str(plan), "--json", *tool, KINDS[name].prompts[0]]
    # In a folder of its own, so that it is none of the sessions that are listed.
    return json.loads(Recorded(tmp_path / "logs", {}).host(*arguments, code=code))


@pytest.mark.parametrize("name", SUCCESSES)
def test_a_session_of_amplifier_answers_as_a_provider(recorded, name, tmp_path):
    report = _replayed(recorded, name, tmp_path)
    answers = recorded.answers(name)[: 2 if KINDS[name].tools else 1]
    assert (report["text"], report["provider"], report["model"]) == (KINDS[name].answers[0], "replay", "tiny-chat")
    assert report["usage"]["output_tokens"] == sum(answer["usage"]["output_tokens"] for answer in answers)


def test_a_failure_of_a_session_of_amplifier_fails_again(recorded, tmp_path):
    report = _replayed(recorded, "an error with raw records", tmp_path, code=78)
    (answer,) = recorded.answers("an error with raw records")
    assert report["error"]["type"] == "NotFoundError"
    assert answer["error"] in report["error"]["message"]


def test_amplifier_talks_to_its_recorded_server(recorded, tmp_path):
    kind = KINDS["raw records"]
    log = recorded.logs["raw records"]
    command = [built("vllm-host"), "replay", "serve", str(log), "--json", "--no-wait"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=host_environment(tmp_path)) as server:
        try:
            serving = json.loads(server.stdout.readline())
            assert serving["exchanges"] == len(of(records(log), "llm:exchange:raw")) > 2
            again = asyncio.run(_ask(tmp_path / "again", serving["base_url"], kind))
        finally:
            server.send_signal(signal.SIGINT)
    assert server.returncode == 130
    # The same answers from the same bytes, and therefore the same blocks, down to the ids of calls.
    first, second = ([payload["block"] for payload in of(records(path), "content_block:end")] for path in (log, again))
    assert first == second
    assert [answer["usage"] for answer in of(records(again), "llm:response")] == [
        answer["usage"] for answer in recorded.answers("raw records")
    ]


def test_a_log_without_exchanges_cannot_stand_in_for_a_server(recorded):
    recorded.host("replay", "serve", recorded.id("streamed"), code=65)


def test_an_attempt_of_amplifiers_that_failed_is_told_with_its_call(tmp_path):
    kind = Kind([CAPITAL], ["The capital of France is Paris."], {"min_retry_delay": 0.01})
    with simulator("--fault", "status=503; retry-after=0; count=1") as url:
        logs = Recorded(tmp_path, {"a retry": asyncio.run(_ask(tmp_path, url, kind))})
    calls = json.loads(logs.host("events", "stats", "--json", logs.id("a retry")))["calls"]
    assert [calls[key] for key in ("count", "ok", "retries", "retried_calls")] == [1, 1, 1, 1]
    assert calls["retried_errors"] == {"ProviderUnavailableError": 1}
    assert "retry 1" in logs.host("events", "show", logs.id("a retry"))


async def test_an_answer_that_somebody_stopped_in_amplifier_is_no_failure(tmp_path):
    # One token, and no more.
    with simulator("--fault", "stall-at-byte=900") as url:
        async with session(tmp_path, provider(url, "provider-vllm"), is_in_project=True) as host:

            async def cancel(event, data):
                host.coordinator.cancellation.request_immediate()

            host.coordinator.hooks.register("llm:stream_block_delta", cancel)
            with pytest.raises(RuntimeError, match="AbortError"):
                await host.execute("Name the planets.")
    logs = Recorded(tmp_path, {"stopped": host.path})
    figures = json.loads(logs.host("events", "stats", "--json", logs.id("stopped")))
    assert figures["turns"] == {"cancelled": 1}
    assert [figures["calls"][key] for key in ("count", "cancelled", "error")] == [1, 1, 0]
    (listed,) = json.loads(logs.host("events", "list", "--json"))
    assert listed["status"] == "cancelled"
    assert logs.host("events", "list", "--json", "--errors").strip() == "[]"


@pytest.mark.parametrize("rotation", [{}, {"rotate_size": "20KiB"}, {"rotate_size": "20KiB", "compress": False}])
def test_amplifiers_viewer_shows_the_own_hosts_sessions(tmp_path, url, rotation):
    ask_host(tmp_path, PARIS, provider(url, "provider-vllm", **RAW), tool={}, logging=rotation)
    (folder,) = (tmp_path / "logs").glob("*/sessions/*")
    listed, events = viewed(folder)
    assert (listed["name"], listed["parent_session_id"]) == (PARIS, None)
    # Its list begins with the latest one, and it reads `events.jsonl` alone: of a log that is put aside in parts, the last part.
    assert events[-1] == ("session:end", None)
    assert len(list(folder.glob("events.0*.jsonl*"))) > 0 if rotation else events[0] == ("session:start", None)
    assert {preview for event, preview in events if event.startswith("llm:") and not event.endswith(":debug")} <= {"vllm"}
    if not rotation:
        assert [preview for event, preview in events if event.startswith("tool:")] == ["get_weather", "get_weather"]
        assert ("prompt:submit", PARIS) in events
        requests = [preview for event, preview in events if event == "llm:request:debug"]
        assert {model for model, _ in requests} == {"tiny-chat"}
        assert [message["role"] for message in requests[0][1]] == ["user"]
        assert all(preview["output_tokens"] > 0 for event, preview in events if event == "llm:response:debug")


def test_amplifiers_viewer_shows_a_session_of_the_own_host_that_failed(tmp_path, url):
    ask_host(tmp_path, CAPITAL, provider(url, "provider-vllm", default_model="no-such-model", **RAW))
    (folder,) = (tmp_path / "logs").glob("*/sessions/*")
    _, events = viewed(folder)
    assert ("prompt:submit", CAPITAL) in events
    assert ("llm:response", "vllm") in events
