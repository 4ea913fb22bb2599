"""Fixtures of the unit tests."""

import pytest
from fake_plugin import FakePlugin


@pytest.fixture
def plugin():
    return FakePlugin()
