"""`curl -N` by the contract of the benchmark's client programs: `peer_curl.py stream url=… model=… streams=S tokens=N logprobs=0|1`.

Its CPU time is the kernel's account of the process, less that of a run which gets one token. It reads the bytes and looks at nothing.
"""

import json
import os
import subprocess
import time

from figures import MESSAGES, Settings, stop


def run(settings, tokens):
    """What one process costs that reads all streams: microseconds of CPU and of wall clock, KiB at the peak, bytes."""
    streams = settings.count("streams", 1)
    body = {"model": settings.text("model", "mock-coal"), "messages": MESSAGES, "max_tokens": tokens, "stream": True}
    if settings.count("logprobs", 0):
        body |= {"logprobs": True, "top_logprobs": 5}
    command = ["curl", "-q", "-sSfN", "--no-progress-meter", "--noproxy", "*", "-H", "Content-Type: application/json", "-H", "Expect:", "-d", json.dumps(body)]
    command += ["-w", "%{size_download}\\n"]
    if streams > 1:
        command += ["--parallel", "--parallel-immediate", "--parallel-max", str(streams)]
    for _ in range(streams):
        command += ["-o", "/dev/null", settings.text("url", "http://127.0.0.1:8900") + "/v1/chat/completions"]
    start = time.monotonic_ns()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        stop(f"curl ended with the status {os.waitstatus_to_exitcode(status)}")
    size = sum(int(line) for line in output.split())
    return (usage.ru_utime + usage.ru_stime) * 1e6, (time.monotonic_ns() - start) / 1e3, usage.ru_maxrss, size


def main():
    settings = Settings()
    if settings.measure != "stream":
        stop("usage: stream name=value…")
    streams, tokens = settings.count("streams", 1), settings.count("tokens", 100_000)
    if streams > 300:
        stop("curl reads 300 streams at a time at most")
    begin_cpu, begin_wall, _, _ = run(settings, 1)
    cpu, wall, memory, size = run(settings, tokens)
    print(json.dumps({
        "tokens": streams * tokens, "bytes": 0, "wire_bytes": size, "cpu_us": max(0, cpu - begin_cpu), "wall_us": max(1, wall - begin_wall),
        "first_us": 0, "delay_p50_us": 0, "delay_p99_us": 0, "rss_kib": memory, "rss_idle_kib": 0, "rss_peak_kib": memory,
    }))


main()
