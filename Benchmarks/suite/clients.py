"""The programs that are compared."""

from dataclasses import dataclass, field


@dataclass
class Client:
    """A program that is measured, by the contract that docs/performance.md gives."""

    key: str
    label: str
    command: list
    # What it can be asked for.
    measures: set
    # Which part of the work it gets where the work has no fixed pace: slow ones get less of it, since costs are told by token.
    share: float = 1.0
    # Settings of its own, by measure.
    options: dict = field(default_factory=dict)
    # How many streams it can read at a time.
    most_streams: int = 1 << 20
    is_ours: bool = False

    def arguments(self, measure, settings):
        """Its command line for a measure."""
        settings = {**settings, **self.options.get(measure, {})}
        return [*self.command, measure, *(f"{name}={value}" for name, value in settings.items())]


ALL = {"stream", "requests", "embeddings"}


def ours(programs, plugin):
    """This project's own, from the client alone to the host with the provider behind the plugin's ABI."""
    everywhere = {"stream": {"executor": "engine"}, "requests": {"executor": "engine"}, "embeddings": {"executor": "engine"}}
    pool = {name: {"executor": "global"} for name in everywhere}
    clients = []
    if "bench-client" in programs:
        client = [programs["bench-client"]]
        clients += [
            Client("client", "client, engine's thread", client, ALL, options=everywhere, is_ours=True),
            Client("client-global", "client, global pool", client, ALL, options=pool, is_ours=True),
        ]
    if "bench-provider" in programs:
        provider = [programs["bench-provider"]]
        clients.append(Client("provider", "provider", provider, {"stream", "requests"}, options=everywhere, is_ours=True))
    if "bench-host" in programs:
        host = [programs["bench-host"]]
        bare = {"stream": {"executor": "engine", "log": 0}}
        clients.append(Client("host-bare", "host, without a log", host, {"stream"}, options=bare, is_ours=True))
        clients.append(Client("host", "host, with its event log", host, {"stream"}, options=everywhere, is_ours=True))
        if plugin:
            loaded = {"stream": {"executor": "engine", "plugin": plugin}}
            clients.append(Client("host-plugin", "host, provider as plugin", host, {"stream"}, options=loaded, is_ours=True))
    return clients


def peers(programs, python, rust):
    """What others offer, and what nobody can be cheaper than."""
    folder = "Benchmarks/Peers"
    clients = []
    if "floor" in programs:
        clients.append(Client("floor", "C, epoll, bytes only (floor)", [programs["floor"]], ALL, share=4))
    if "curl_floor" in programs:
        clients.append(Client("libcurl", "C, libcurl, bytes only", [programs["curl_floor"]], ALL, share=4))
    if "curl" in programs:
        clients.append(Client("curl", "`curl -N`", ["python3", f"{folder}/peer_curl.py"], {"stream"}, most_streams=300))
    if rust:
        clients.append(Client("rust", "Rust `vllm-client` 0.1.2", [rust], ALL))
    if python:
        clients += [
            Client("openai", "Python `openai`", [python, f"{folder}/peer_openai.py"], ALL, share=0.03),
            Client("aiohttp", "Python `aiohttp`, as `vllm bench serve`", [python, f"{folder}/peer_aiohttp.py"], ALL, share=0.15),
        ]
    return clients
