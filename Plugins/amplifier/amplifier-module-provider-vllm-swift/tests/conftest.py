"""Fixtures of the unit tests."""

import socket

import pytest
from fake_plugin import FakePlugin

from amplifier_module_provider_vllm_swift import provider


@pytest.fixture
def plugin():
    return FakePlugin()


@pytest.fixture
def _no_server(monkeypatch):
    """Nobody answers at the default address, whatever runs on this machine."""
    with socket.socket() as closed:
        # Bound and not listening: connections are refused, and nobody else takes the port.
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setattr(provider, "DEFAULT_BASE_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
        yield
