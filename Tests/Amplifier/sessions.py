"""A real AmplifierSession, mounted as a test needs it."""

import contextlib
import json
import os
import re
import signal
import subprocess
import time
import uuid
from pathlib import Path

from amplifier_core import AmplifierSession
from events import records

ROOT = Path(__file__).resolve().parents[2]
PARIS = "What is the weather in Paris?"
SUNNY = "It is sunny and 18°C in Paris."


def provider(url, module="provider-vllm-swift", instance=None, **config):
    """An entry of a mount plan."""
    spec = {"module": module, "config": {"base_url": url, "use_completions": False, "temperature": 0, **config}}
    return spec | ({"instance_id": instance} if instance else {})


class Session:
    """What a test looks at: the session, its prompts' answers, its events."""

    def __init__(self, session, path):
        self.session, self.path = session, path

    @property
    def coordinator(self):
        return self.session.coordinator

    @property
    def providers(self):
        return dict(self.coordinator.get("providers") or {})

    @property
    def context(self):
        return self.coordinator.get("context")

    @property
    def events(self):
        return records(self.path)

    async def execute(self, prompt):
        return await self.session.execute(prompt)


@contextlib.asynccontextmanager
async def session(folder, *providers, tools=(), options=None, exclude_events=(), before=None, is_in_project=False):
    """A session that is ready; `before` may mount what has to be there first.

    Its log is a file in the folder, or, `is_in_project`, where Amplifier's hooks-logging has it if the folder is ~/.amplifier/projects.
    """
    session_id = str(uuid.uuid4())
    path = Path(folder) / f"{session_id}.jsonl"
    if is_in_project:
        path = Path(folder) / str(Path.cwd().resolve()).replace("/", "-") / "sessions" / session_id / "events.jsonl"
        path.parent.mkdir(parents=True)
    plan = {
        "session": {"orchestrator": {"module": "loop-plain", "config": {"options": options or {}}}, "context": {"module": "context-plain"}},
        "providers": list(providers),
        "tools": [{"module": tool} if isinstance(tool, str) else tool for tool in tools],
        "hooks": [{"module": "hooks-record", "config": {"path": str(path), "exclude_events": list(exclude_events)}}],
    }
    amplifier = AmplifierSession(config=plan, session_id=session_id)
    if before:
        await before(amplifier.coordinator)
    async with amplifier:
        yield Session(amplifier, path)


def built(program):
    """The path of a program of this project: where its variable says, or where it was built last."""
    variable = program.upper().replace("-", "_")
    if os.environ.get(variable):
        return os.environ[variable]
    paths = [path for path in ROOT.glob(f".build/*/{program}") if path.is_file()]
    if not paths:
        raise RuntimeError(f"{program} is not built: swift build --product {program}")
    return str(max(paths, key=lambda path: path.stat().st_mtime))


@contextlib.contextmanager
def simulator(*arguments):
    """The address of a simulator of a test's own."""
    command = [built("vllm-sim"), "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            said = process.stdout.readline()
            address = re.search(r"http://\S+", said)
            assert address, f"vllm-sim says: {said!r}"
            yield address.group().rstrip(".,")
        finally:
            process.terminate()


def host_environment(home):
    """What the own host runs in: nobody's servers, keys and logs but the test's."""
    return {key: value for key, value in os.environ.items() if not key.startswith("VLLM_")} | {"HOME": str(home)}


def ask_host(folder, prompt, *providers, tool=None, plugin=False, interrupt_behind=None, logging=None):
    """The same question to this project's own host, with its built-in provider or the shared library's: its answer and its events.

    `tool` overrides members of the tool's description; without it there is none. Behind the first event of the name `interrupt_behind`
    somebody presses Ctrl-C. `logging` is what hooks-logging is told beside that it writes all events. The logs are below `logs`.
    """
    if plugin:
        providers = [spec | {"source": str(ROOT / "Plugins" / "provider-vllm")} for spec in providers]
    plan = {
        "session": {"orchestrator": "loop-basic", "context": "context-simple"},
        "providers": list(providers),
        "hooks": [{"module": "hooks-logging", "config": {"exclude_events": [], **(logging or {})}}],
    }
    # JSON is YAML.
    path = Path(folder) / "plan.yaml"
    path.write_text(json.dumps(plan))
    arguments = ["run", "--config", str(path), "--session-root", str(Path(folder) / "logs"), "--json"]
    if tool is not None:
        described = Path(folder) / "tool.json"
        described.write_text(json.dumps(json.loads(Path(__file__).with_name("weather.json").read_text()) | tool))
        arguments += ["--tool", str(described)]
    environment = host_environment(folder)
    output = Path(folder) / "output.json"
    with output.open("w") as file, subprocess.Popen([built("vllm-host"), *arguments, prompt], stdout=file, env=environment) as process:
        while interrupt_behind and process.poll() is None:
            time.sleep(0.01)
            if any(f'"{interrupt_behind}"' in path.read_text("utf-8") for path in (Path(folder) / "logs").rglob("events.jsonl")):
                process.send_signal(signal.SIGINT)
                break
    logs = list((Path(folder) / "logs").rglob("events.jsonl"))
    assert len(logs) == 1
    return json.loads(output.read_text() or "{}"), records(logs[0])
