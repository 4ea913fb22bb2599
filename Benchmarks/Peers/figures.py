"""What the Python peers of the benchmark share: settings given as name=value, clocks, memory, and the line of JSON at the end."""

import asyncio
import json
import resource
import sys
import time

MESSAGES = [{"role": "user", "content": "Go."}]


def stop(reason):
    print(f"error: {reason}", file=sys.stderr)
    sys.exit(64)


class Settings:
    """The arguments of the program: the name of the measure, then its settings."""

    def __init__(self, arguments=None):
        arguments = sys.argv[1:] if arguments is None else arguments
        self.measure = arguments[0] if arguments else ""
        self.values = {}
        for argument in arguments[1:]:
            name, equals, value = argument.partition("=")
            if not equals:
                stop(f"{argument} is not name=value")
            self.values[name] = value

    def text(self, name, usual):
        return self.values.get(name, usual)

    def count(self, name, usual):
        try:
            return int(self.values.get(name, usual))
        except ValueError:
            stop(f"{name}={self.values[name]} is no number")


def cpu_us():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1e6


def status_kib(name):
    """A figure of /proc/self/status in KiB; 0 where the system does not tell."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            for line in file:
                if line.startswith(name + ":"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def share_us(nanoseconds, share):
    """The value that `share` of the list is below, in microseconds."""
    ordered = sorted(nanoseconds)
    return ordered[int((len(ordered) - 1) * share)] / 1e3 if ordered else 0


class Tally:
    """What a run of streams brought."""

    def __init__(self, streams, tokens, stamped):
        self.expected = streams * tokens
        self.half = self.expected // 2
        self.pieces = 0
        self.bytes = 0
        self.firsts = []
        self.delays = [] if stamped else None
        self.resident = 0

    def add_first(self, begun):
        self.firsts.append(time.monotonic_ns() - begun)

    def add(self, text):
        self.bytes += len(text.encode())
        self.pieces += 1
        if self.pieces == self.half:
            self.resident = status_kib("VmRSS")
        if self.delays is not None:
            now = time.monotonic_ns()
            self.delays += [now - int(stamp) for stamp in text.split("t") if stamp.isdigit()]


async def measure_streams(settings, run):
    """Measures `run(tally, tokens)`, which reads all streams, behind a warm-up."""
    streams, tokens, warmup = settings.count("streams", 1), settings.count("tokens", 100_000), settings.count("warmup", 100)
    stamped = settings.text("model", "").startswith("mock-tick")
    if warmup:
        await run(Tally(streams, warmup, False), warmup)
    idle = status_kib("VmRSS")
    tally = Tally(streams, tokens, stamped)
    cpu, start = cpu_us(), time.monotonic_ns()
    await run(tally, tokens)
    cpu, wall = cpu_us() - cpu, time.monotonic_ns() - start
    delays = tally.delays or []
    print(json.dumps({
        "tokens": tally.expected, "bytes": tally.bytes, "cpu_us": cpu, "wall_us": wall / 1e3, "first_us": share_us(tally.firsts, 0.5),
        "delay_p50_us": share_us(delays, 0.5), "delay_p99_us": share_us(delays, 0.99),
        "delay_max_us": share_us(delays, 1), "rss_kib": tally.resident, "rss_idle_kib": idle,
        "rss_peak_kib": status_kib("VmHWM"),
    }))


async def measure_requests(settings, ask):
    """Measures `ask()`, which returns the number of bytes of an answer, so many at a time."""
    concurrency, count = settings.count("concurrency", 1), settings.count("count", 1000)

    async def run(number):
        left, size, times = [number], [0], []

        async def work():
            while left[0] > 0:
                left[0] -= 1
                begun = time.monotonic_ns()
                answer = await ask()
                size[0] += answer
                times.append(time.monotonic_ns() - begun)

        await asyncio.gather(*[work() for _ in range(concurrency)])
        return size[0], times

    await run(settings.count("warmup", 100))
    cpu, start = cpu_us(), time.monotonic_ns()
    size, times = await run(count)
    cpu, wall = cpu_us() - cpu, time.monotonic_ns() - start
    print(json.dumps({
        "requests": count, "bytes": size, "cpu_us": cpu, "wall_us": wall / 1e3, "p50_us": share_us(times, 0.5),
        "p99_us": share_us(times, 0.99), "rss_peak_kib": status_kib("VmHWM"),
    }))


async def measure_embeddings(settings, embed):
    """Measures `embed(inputs)`, which returns the number of floats."""
    batch = settings.count("batch", 64)
    count = -(-settings.count("count", 1280) // batch)
    inputs = ["A sentence to embed."] * batch
    for _ in range(settings.count("warmup", 2)):
        await embed(inputs)
    cpu, start, floats = cpu_us(), time.monotonic_ns(), 0
    for _ in range(count):
        floats += await embed(inputs)
    cpu, wall = cpu_us() - cpu, time.monotonic_ns() - start
    print(json.dumps({
        "vectors": batch * count, "bytes": floats * 4, "cpu_us": cpu, "wall_us": wall / 1e3, "rss_peak_kib": status_kib("VmHWM"),
    }))


async def measure(settings, read_all, ask, embed):
    """Measures what the program is asked for."""
    if settings.measure == "stream":
        await measure_streams(settings, read_all)
    elif settings.measure == "requests":
        await measure_requests(settings, ask)
    elif settings.measure == "embeddings":
        await measure_embeddings(settings, embed)
    else:
        stop("usage: stream|requests|embeddings name=value…")
