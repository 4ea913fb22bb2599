"""Fixtures of the unit tests, and an end that survives the engine of amplifier-core 2.0.2."""

import os
import sys

import pytest
from fake_plugin import FakePlugin


@pytest.fixture
def plugin():
    return FakePlugin()


def pytest_sessionfinish(session, exitstatus):
    session.config.exit_status = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    # The engine aborts when the interpreter ends in order, and would take the tests' exit code with it.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(getattr(config, "exit_status", 1))
