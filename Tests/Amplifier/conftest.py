"""Servers to ask, and an end that survives the engine of amplifier-core 2.0.2."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "modules"))

from sessions import simulator

# What a developer has set for other servers is none of these tests' business.
for name in ("VLLM_BASE_URL", "VLLM_API_KEY"):
    os.environ.pop(name, None)

REAL = os.environ.get("VLLM_TEST_BASE_URL")


@pytest.fixture(scope="session")
def simulated():
    with simulator() as url:
        yield url


@pytest.fixture(params=["simulator", *(["vLLM"] if REAL else [])])
def url(request, simulated):
    """The simulator and, where VLLM_TEST_BASE_URL names one, a real vLLM that serves the tiny model."""
    return simulated if request.param == "simulator" else REAL


def pytest_sessionfinish(session, exitstatus):
    session.config.exit_status = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    # The engine aborts when the interpreter ends in order, and would take the tests' exit code with it.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(getattr(config, "exit_status", 1))
