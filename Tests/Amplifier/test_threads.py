"""What a mounted provider takes from the process."""

import subprocess
import sys

import pytest

PROGRAM = """
import asyncio, os, sys, time
from amplifier_module_provider_vllm_swift import mount

class Coordinator:
    session_id = "a-session"
    def __init__(self): self.providers = {}
    def get(self, name): return self.providers
    async def mount(self, kind, provider, name): self.providers[name] = provider
    def register_contributor(self, *arguments): pass

def threads():
    return len(os.listdir("/proc/self/task"))

async def main():
    before = threads()
    # What the library shares among all instances has a thread for each core at most.
    shared = os.cpu_count()
    count = 2 * shared + 1
    # Each has connections of another kind, and each kind comes twice.
    proxies = [f"http://127.0.0.1:{1 + index}" for index in range(count)] * 2
    coordinators = [Coordinator() for _ in proxies]
    cleanups = [
        await mount(coordinator, {"base_url": "http://127.0.0.1:1", "proxy": proxy})
        for coordinator, proxy in zip(coordinators, proxies)
    ]
    for coordinator in coordinators:
        coordinator.get("providers")["vllm-swift"].get_info()
    print(threads() - before == count)
    for cleanup in cleanups:
        await cleanup()
    deadline = time.monotonic() + 60
    while threads() > before + shared and time.monotonic() < deadline:
        time.sleep(0.01)
    print(threads() <= before + shared)

asyncio.run(main())
sys.stdout.flush()
os._exit(0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a process's threads are listed in /proc")
def test_instances_with_connections_of_one_kind_have_one_thread_until_the_last_cleanup():
    run = subprocess.run([sys.executable, "-c", PROGRAM], check=False, capture_output=True, text=True, timeout=120)
    assert (run.stdout, run.returncode) == ("True\nTrue\n", 0), run.stderr
