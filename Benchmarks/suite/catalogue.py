"""The measures of the suite, each with its title, its programs and its amount of work."""

import os
from dataclasses import dataclass, replace

from . import taking
from .clients import Client
from .measures import Figure, Measure, per, rate, told

# Floats of a vector, as the load server sends them.
DIMENSIONS = 1024
BATCH = 64


@dataclass
class Suite:
    """What the measures are made of."""

    clients: list
    server: object
    programs: dict
    folder: str
    is_quick: bool
    python: str = ""
    rust: str = ""

    def of(self, measure):
        return [client for client in self.clients if measure in client.measures]

    def amount(self, whole, quick):
        return quick if self.is_quick else whole


CPU_TOKEN = Figure("cpu", "CPU µs a token", per("cpu_us", "tokens"), is_main=True)


def stream(suite, name, title, about, model, streams, tokens, is_paced=False, logprobs=False, clients=None):
    """Streams side by side; `tokens` is of each where they are paced, and of all together where they are not."""

    def tokens_of(client):
        return tokens if is_paced else max(20, int(tokens * client.share) // streams)

    def command(client):
        settings = {"url": suite.server.url, "model": model, "streams": streams, "tokens": tokens_of(client), "warmup": 3 if is_paced else 100}
        return client.arguments("stream", {**settings, "logprobs": 1} if logprobs else settings)

    def check(client, record):
        expected = streams * suite.server.text_bytes(model, tokens_of(client))
        if (record.get("bytes") or client.is_ours) and record.get("bytes") != expected:
            return f"got {record.get('bytes')} bytes of text where {expected} were sent"
        candidates = streams * (tokens_of(client) - 1) * 6
        if logprobs and client.is_ours and record.get("logprobs") != candidates:
            return f"got {record.get('logprobs')} log-probabilities where {candidates} were sent"
        return None

    figures = [CPU_TOKEN, Figure("rate", "tokens/s", rate("tokens")), Figure("first", "first token, µs", told("first_us"))]
    if is_paced:
        figures += [
            Figure("p50", "delay p50, µs", told("delay_p50_us")), Figure("p99", "delay p99, µs", told("delay_p99_us")),
            Figure("max", "longest delay, µs", told("delay_max_us")),
        ]
    figures += [Figure("rss", "RSS, KiB", told("rss_kib")), Figure("idle", "RSS idle, KiB", told("rss_idle_kib"), is_hidden=True)]
    clients = [client for client in clients or suite.of("stream") if client.most_streams >= streams]
    return Measure(name, title, about, clients, figures, command, check=check)


def saturated(suite):
    """As fast as it can be read: what a fast server, a proxy that gathers, or a slow reader makes of a stream."""
    about = "Many tokens in each read (writes of 64 KiB): decoding rules."
    one, many = suite.amount(300_000, 80_000), suite.amount(600_000, 100_000)
    yield stream(suite, "stream-1", "One stream, as fast as it can be read", about, "mock-coal", 1, one)
    yield stream(suite, "stream-64", "64 streams, as fast as they can be read", about, "mock-coal", 64, many)
    if not suite.is_quick:
        yield stream(suite, "stream-512", "512 streams, as fast as they can be read", about, "mock-coal", 512, many)
    extracted = "Ours takes every log-probability out; the Rust crate and `aiohttp` drop them, `openai` makes objects of them."
    yield stream(
        suite, "logprobs-1", "One stream with 5 log-probabilities a token", extracted, "mock-coal", 1, suite.amount(100_000, 25_000), logprobs=True)


def paced(suite):
    """One write a token, as vLLM sends."""
    about = "Each token is a write of its own and all streams have theirs on one tick, as vLLM's engine steps: waking up and receiving rule."
    paces = [("paced-64", 64, 20_000, suite.amount(100, 25))]
    if not suite.is_quick:
        paces = [("paced-1", 1, 1_000, 1000), *paces, ("paced-512", 512, 40_000, 75)]
    for name, streams, tick, tokens in paces:
        title = f"{streams} stream{'s' if streams > 1 else ''}, a token every {tick // 1000} ms"
        yield stream(suite, name, title, about, f"mock-tick{tick}", streams, tokens, is_paced=True)


def half_of_saturation(suite):
    """512 streams at half of what our client can take."""
    client = next((client for client in suite.of("stream") if client.key == "client"), None)
    if client is None or suite.is_quick:
        return
    settings = {"url": suite.server.url, "model": "mock-each", "streams": 512, "tokens": 200, "warmup": 3}
    try:
        record = taking.record(client.arguments("stream", settings), 120)
    except taking.Failed:
        return
    tokens_per_second = record["tokens"] * 1e6 / record["wall_us"]
    tick = max(1000, round(512 / (tokens_per_second / 2) * 1e6 / 1000) * 1000)
    about = (
        f"Our client reads {tokens_per_second:,.0f} tokens/s of 512 streams that come in writes of their own; here the server sends half of it. "
        "The floor's delay is that of the server and the system.")
    fast = [client for client in suite.of("stream") if client.share >= 1]
    yield stream(
        suite, "half", f"512 streams at half of saturation, a token every {tick // 1000} ms", about, f"mock-tick{tick}", 512,
        max(50, 3_000_000 // tick), is_paced=True, clients=fast)


def requests(suite):
    """Answers in one piece."""

    def measure(concurrency, count):
        def count_of(client):
            return max(concurrency, int(count * max(client.share, 0.02)))

        def command(client):
            return client.arguments("requests", {"url": suite.server.url, "concurrency": concurrency, "count": count_of(client), "warmup": 100})

        def check(client, record):
            expected = suite.server.answer_bytes() * count_of(client)
            got = record.get("bytes")
            return f"got {got} bytes of text where {expected} were sent" if got and got != expected else None

        figures = [
            Figure("cpu", "CPU µs a request", per("cpu_us", "requests"), is_main=True), Figure("rate", "requests/s", rate("requests")),
            Figure("p50", "p50, µs", told("p50_us")), Figure("p99", "p99, µs", told("p99_us")),
        ]
        return Measure(
            f"requests-{concurrency}", f"Requests answered in one piece, {concurrency} at a time",
            "A body of 717 bytes, connections kept.", suite.of("requests"), figures, command, check=check)

    yield measure(1, suite.amount(20_000, 4_000))
    yield measure(64, suite.amount(40_000, 8_000))
    if not suite.is_quick:
        yield measure(512, 40_000)


def embeddings(suite):
    """Vectors, as numbers and as base64."""
    for encoding in ("float", "base64"):
        count = suite.amount(100, 25) if encoding == "float" else suite.amount(400, 100)
        size = suite.server.embedding_bytes(BATCH, encoding)

        def command(client, encoding=encoding, count=count):
            number = max(4, int(count * client.share)) * BATCH
            return client.arguments("embeddings", {"url": suite.server.url, "batch": BATCH, "count": number, "format": encoding, "warmup": 2})

        def check(client, record):
            expected, got = record["vectors"] * DIMENSIONS * 4, record.get("bytes") or record.get("numbers", 0) * 4
            return f"got {got} bytes of floats where {expected} were sent" if got and got != expected else None

        figures = [
            Figure("cpu", "CPU µs a vector", per("cpu_us", "vectors"), is_main=True),
            Figure("rate", "MB/s of JSON", rate("vectors", size / BATCH)), Figure("vectors", "vectors/s", rate("vectors")),
        ]
        yield Measure(
            f"embeddings-{encoding}", f"Embeddings as {encoding}", f"{BATCH} vectors of {DIMENSIONS} floats an answer, {size:,} bytes.",
            suite.of("embeddings"), figures, command, check=check)


def start_up(suite):
    """Processes that ask for one token."""
    settings = {"url": suite.server.url, "model": "mock-coal", "streams": 1, "tokens": 1, "warmup": 0}
    clients = [client for client in suite.of("stream") if client.key in ("floor", "libcurl", "rust", "openai", "aiohttp", "client")]
    clients = [replace(client, command=client.arguments("stream", settings)) for client in clients]
    if "curl" in suite.programs:
        body = '{"model": "mock-coal", "messages": [], "max_tokens": 1, "stream": true}'
        url = f"{suite.server.url}/v1/chat/completions"
        clients.append(Client("curl", "`curl -N`", ["curl", "-q", "-sN", "-H", "Content-Type: application/json", "-d", body, url], {"startup"}))
    if "vllm-host" in suite.programs:
        plan = os.path.join(suite.folder, "start-up.yaml")
        with open(plan, "w", encoding="utf-8") as file:
            file.write(
                "session: {orchestrator: loop-streaming, context: context-simple}\nproviders:\n  - module: provider-vllm\n"
                f'    config: {{base_url: "{suite.server.url}", use_completions: false, default_model: mock-coal, max_retries: 0,'
                " context_window: 10000, max_output_tokens: 100}\n")
        log = os.path.join(suite.folder, "start-up")
        run = [suite.programs["vllm-host"], "run", "-q", "--session-root", log, "--config", plan, "--max-tokens", "1", "Go."]
        clients.append(Client("vllm-host", "`vllm-host run`, event log included", run, {"startup"}, is_ours=True))
    figures = [
        Figure("wall", "ms to the first output", told("wall_us", 1e-3), is_main=True),
        Figure("cpu", "CPU ms of the process", told("cpu_us", 1e-3)),
    ]
    yield Measure(
        "startup", "From the start of a process to its first token", "A cold process that asks for one token.", clients, figures,
        lambda client: client.command, take=taking.first_output, rounds=suite.amount(21, 5))


def mount_plans(suite):
    """Reading YAML."""
    if "bench-log" not in suite.programs:
        return
    command = [suite.programs["bench-log"], "yaml", "path=Config/advanced.yaml", f"count={suite.amount(1000, 200)}"]
    figures = [Figure("cpu", "CPU µs a load", per("cpu_us", "loads"), is_main=True), Figure("first", "first load, µs", told("first_us"))]
    yield Measure(
        "yaml", "A mount plan read and checked", "Config/advanced.yaml, 60 lines, against the modules' schemas.",
        [Client("yaml", "this project", command, {"yaml"}, is_ours=True)], figures, lambda client: client.command, bases=())


def event_log(suite):
    """Lines of about 400 bytes, written and read."""
    path = os.path.join(suite.folder, "floor.jsonl")
    writers = []
    if "log_floor" in suite.programs:
        writers.append(Client("floor", "C", [suite.programs["log_floor"], "write", f"path={path}"], {"log"}))
    if "bench-log" in suite.programs:
        write = [suite.programs["bench-log"], "write", f"folder={suite.folder}"]
        lines = [suite.programs["bench-log"], "lines", f"folder={suite.folder}"]
        writers.append(Client("log-write", "event log, one `write` a line on this thread", lines, {"log"}, is_ours=True))
        writers.append(Client("log", "event log, many lines waiting", write, {"log"}, is_ours=True))
        writers.append(Client("log-line", "event log, each line waited for", [*write, "batch=1"], {"log"}, is_ours=True))
    about = {
        "none": "The log gathers and writes once a second; C writes pieces of 64 KiB.",
        "flush": "C makes one `write` a line. The log's thread makes one of all that waits; on this thread it does what C does.",
        "fsync": "As `flush`, and `fdatasync` behind each write.",
    }
    figures = [
        Figure("cpu", "CPU µs a line", per("cpu_us", "lines"), is_main=True), Figure("rate", "lines/s", rate("lines")),
        Figure("caller", "of it who logs, µs", per("caller_cpu_us", "lines")),
    ]
    for durability in ("none", "flush", "fsync"):
        count = suite.amount(300, 60) if durability == "fsync" else suite.amount(200_000, 50_000)

        def command(client, durability=durability, count=count):
            if client.key == "floor" and os.path.exists(path):
                os.unlink(path)
            settings = [f"count={count}"] if client.key == "log-write" else [f"durability={durability}", f"count={count}"]
            return [*client.command, *settings]

        # Without a thread of its own, the log has one durability.
        of_durability = [client for client in writers if durability == "flush" or client.key != "log-write"]

        yield Measure(
            f"log-{durability}", f"Event log, durability `{durability}`", about[durability], of_durability, figures, command, bases=("floor",))


def log_reading(suite):
    """Reading a log."""
    if "log_floor" not in suite.programs or "bench-log" not in suite.programs:
        return
    path = os.path.join(suite.folder, "read.jsonl")
    lines = suite.amount(300_000, 60_000)
    taking.record([suite.programs["log_floor"], "write", f"path={path}", "durability=none", f"count={lines}"], 120)
    readers = [
        Client("floor", "`wc -l`", ["python3", "Benchmarks/Peers/peer_wc.py", "read"], {"read"}),
        Client("log", "event log's reader", [suite.programs["bench-log"], "read"], {"read"}, is_ours=True),
    ]
    figures = [
        Figure("cpu", "CPU µs a kB", per("cpu_us", "kilobytes"), is_main=True), Figure("rate", "MB/s", rate("bytes", 1)),
    ]
    def take(arguments, timeout):
        record = taking.record(arguments, timeout)
        return {**record, "kilobytes": record["bytes"] / 1000}

    yield Measure(
        "log-reading", "Event log, read", f"{os.path.getsize(path) / 1e6:.0f} MB, {lines:,} lines, in the file cache.", readers, figures,
        lambda client: [*client.command, f"path={path}"], take=take, bases=("floor",))


# By the names that --only takes.
GROUPS = {
    "stream": saturated, "paced": paced, "half": half_of_saturation, "requests": requests, "embeddings": embeddings,
    "startup": start_up, "yaml": mount_plans, "log": event_log, "read": log_reading,
}
