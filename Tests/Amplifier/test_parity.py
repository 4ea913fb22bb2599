"""The same conversation through this project's own host, built in and as a plugin, and through Amplifier: the same answer, the same events,
key by key.
"""

import pytest
from compare_events import differences
from sessions import PARIS, SUNNY, ask_host, provider, session

CONVERSATIONS = {
    "a plain answer": ("What is 2+2?", {}, False),
    "a tool": (PARIS, {}, True),
    "without streaming": (PARIS, {"use_streaming": False}, True),
    "completions": ("What is 2+2?", {"use_completions": True}, False),
    "debug events": ("What is 2+2?", {"debug": True, "raw_debug": True}, False),
}


@pytest.fixture(params=["built in", "plugin"])
def is_plugin(request):
    """How the own host has its provider."""
    return request.param == "plugin"


@pytest.mark.parametrize("conversation", CONVERSATIONS)
async def test_both_hosts_write_the_same_events(tmp_path, url, is_plugin, conversation):
    prompt, config, tool = CONVERSATIONS[conversation]
    report, own = ask_host(tmp_path, url, prompt, tool=tool, plugin=is_plugin, **config)
    async with session(tmp_path, provider(url, "provider-vllm", **config), tools=["tool-weather"] if tool else []) as host:
        answer = await host.execute(prompt)
    assert report["text"] == answer == (SUNNY if tool else "4")
    assert differences(own, host.events) == []


async def test_both_hosts_write_the_same_events_of_an_error(tmp_path, url, is_plugin):
    config = {"default_model": "no-such-model"}
    _, own = ask_host(tmp_path, url, "What is 2+2?", tool=False, plugin=is_plugin, **config)
    async with session(tmp_path, provider(url, "provider-vllm", **config)) as host:
        with pytest.raises(RuntimeError, match="NotFoundError"):
            await host.execute("What is 2+2?")
    assert differences(own, host.events) == []
