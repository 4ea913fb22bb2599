"""Interpreters that end in the middle of an answer."""

import subprocess
import sys

import pytest
from sessions import simulator

PROGRAM = """
import asyncio, sys
from amplifier_core.message_models import ChatRequest, Message
from amplifier_module_provider_vllm_swift import VLLMSwiftProvider

provider = VLLMSwiftProvider(sys.argv[1], config={"use_completions": False})
request = ChatRequest(messages=[Message(role="user", content="Name the planets.")])
loop = asyncio.new_event_loop()
answers = [loop.create_task(provider.complete(request)) for _ in range(3)]
loop.run_until_complete(asyncio.sleep(0.2))
if "close the loop" in sys.argv:
    loop.close()
if "drop the provider" in sys.argv:
    del provider, answers
print("the last line")
sys.exit(7)
"""


@pytest.mark.parametrize("habits", [(), ("close the loop",), ("drop the provider",), ("close the loop", "drop the provider")])
def test_it_ends_in_order(habits):
    with simulator("--token-delay-ms", "60000") as url:
        run = subprocess.run([sys.executable, "-c", PROGRAM, url, *habits], check=False, capture_output=True, text=True, timeout=120)
    assert (run.stdout, run.returncode) == ("the last line\n", 7), run.stderr
    assert "Fatal" not in run.stderr
