"""Sessions of the built host, their pages, and a headless Chromium that opens them."""

import pytest

from browser import Browser
from hostile import write_hostile_log
from sessions import page, record_session


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sessions")


@pytest.fixture(scope="session")
def log(folder):
    """A session with tools, log-probabilities, a retry, an error and text in several scripts."""
    return record_session(folder)


@pytest.fixture(scope="session")
def session_page(folder, log):
    return page(log, folder / "session.html")


@pytest.fixture(scope="session")
def raw_page(folder, log):
    return page(log, folder / "raw.html", "--raw")


@pytest.fixture(scope="session")
def hostile_page(folder):
    path = folder / "hostile.jsonl"
    write_hostile_log(path)
    return page(path, folder / "hostile.html", "--raw")


@pytest.fixture(scope="session")
def chromium():
    with Browser() as browser:
        yield browser


@pytest.fixture
def browser(chromium):
    """A window of 1280 by 900 in light colours, which no test before has changed."""
    chromium.reset()
    return chromium
