"""Sessions of the built host with the built simulator, and their pages."""

import contextlib
import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WEATHER = ROOT / "Tests/Amplifier/weather.json"
PARIS = "What is the weather in Paris?"

# The first prompt takes two calls, for the tool; the third call is made again, and the one behind it is refused.
FAULTS = [
    "status=503; retry-after=0; nth=3; count=1",
    "status=400; nth=5; count=1; body={\"error\":{\"message\":\"<b>no</b>\",\"code\":400}}",
]
PROMPTS = [
    PARIS,
    "Write a haiku.",
    "Write some accents.",
    "What is the capital of France?",
    "Show me special characters.",
    "Write hello world in Swift.",
    "Send me some emoji.",
]


def built(program):
    """The path of a program of this project: where its variable says, or where it was built last."""
    variable = os.environ.get(program.upper().replace("-", "_"))
    if variable:
        return variable
    paths = [path for path in ROOT.glob(f".build/*/*/{program}") if path.is_file()]
    if not paths:
        raise RuntimeError(f"{program} is not built: swift build --product {program}")
    return str(max(paths, key=lambda path: path.stat().st_mtime))


def host(*arguments, input=""):
    """What the host printed."""
    return subprocess.run([built("vllm-host"), *map(str, arguments)], input=input, capture_output=True, text=True, check=True).stdout


@contextlib.contextmanager
def simulator(*faults):
    command = [built("vllm-sim"), "--port", "0", "--token-delay-ms", "2", *(part for fault in faults for part in ("--fault", fault))]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield re.search(r"http://[0-9.:]+", process.stdout.readline()).group()
    finally:
        process.terminate()
        process.wait()


def record_session(folder):
    """The log of a chat in which everything happens that a page shows."""
    root = folder / "projects"
    with simulator(*FAULTS) as url:
        command = ["chat", "--base-url", url, "--session-root", root, "--tool", WEATHER, "--logprobs", "4", "-t", "0"]
        command += ["--set", "debug=true", "--set", "raw_debug=true", "--set", "min_retry_delay=0.2", "-s", "You are a tiny model."]
        host(*command, input="\n".join(PROMPTS) + "\n")
    logs = list(root.glob("*/sessions/*/events.jsonl"))
    assert len(logs) == 1, logs
    return logs[0]


def comparison(old, new, path):
    """The page that compares two logs. That they differ is the host's exit code 3, and 2 where a call failed."""
    command = [built("vllm-host"), "replay", "diff", old, new, "--html", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 2, 3), done.stderr
    return path


def page(log, path, *options):
    host("events", "view", log, "-o", path, *options)
    return path
