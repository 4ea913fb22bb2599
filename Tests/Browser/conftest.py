"""Sessions of the built host, their pages, and a headless Chromium that opens them."""

import pytest

from browser import Browser
from hostile import write_hostile_log
from sessions import comparison, page, record_session


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
def other_log(folder, log):
    """The same session with another answer to the question for the capital of France."""
    path = folder / "other.jsonl"
    text = log.read_text()
    assert "The capital of France is Paris." in text
    path.write_text(text.replace("The capital of France is Paris.", "The capital of France is not Rome."))
    return path


@pytest.fixture(scope="session")
def comparison_page(folder, log, other_log):
    return comparison(log, other_log, folder / "comparison.html")


@pytest.fixture(scope="session")
def hostile_comparison(folder, hostile_page):
    logs = [folder / "hostile.jsonl", folder / "hostile-2.jsonl"]
    logs[1].write_text(logs[0].read_text().replace("hacked=1", "hacked=2"))
    return comparison(*logs, folder / "hostile-comparison.html")


@pytest.fixture(scope="session")
def chromium():
    with Browser() as browser:
        yield browser


@pytest.fixture
def browser(chromium):
    """A window of 1280 by 900 in light colours, which no test before has changed."""
    chromium.reset()
    return chromium
