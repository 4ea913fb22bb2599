"""`aiohttp`, used as `vllm bench serve` of vLLM 0.32 uses it, by the contract of the benchmark's client programs.

peer_aiohttp.py stream url=… model=… streams=S tokens=N logprobs=0|1 warmup=W
peer_aiohttp.py requests url=… concurrency=C count=N warmup=W
peer_aiohttp.py embeddings url=… batch=B count=N format=float|base64 warmup=W

Of its ways of reading a stream these are kept, since they are what it costs (and what it loses, see docs/performance.md): whatever a read
brings is stripped of white space and decoded; events are what stands between empty lines; what is left over is tried as JSON, in case it is
an event that is complete already; the time of every token is taken. Where a blank was lost at the end of a read, the next event begins in the
middle and is no JSON: vLLM's program ends the request there, this one goes on without the event, and the bytes of the text are too few.
"""

import array
import asyncio
import base64
import codecs
import json
import time

import aiohttp

from figures import MESSAGES, Settings, measure

PREFIX = "data: "


class Events:
    """The events of a stream, from what its reads bring."""

    def __init__(self):
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.rest = ""

    def take(self, received):
        self.rest += self.decoder.decode(received)
        events = []
        while "\n\n" in self.rest:
            event, _, self.rest = self.rest.partition("\n\n")
            if event.strip():
                events.append(event.strip())
        if self.rest.startswith(PREFIX) and self.is_complete(self.rest[len(PREFIX):].strip()):
            events.append(self.rest.strip())
            self.rest = ""
        return events

    @staticmethod
    def is_complete(data):
        if data in ("", "[DONE]"):
            return data == "[DONE]"
        try:
            json.loads(data)
            return True
        except json.JSONDecodeError:
            return False


async def main():
    settings = Settings()
    url = settings.text("url", "http://127.0.0.1:8900")
    connector = aiohttp.TCPConnector(limit=0, limit_per_host=0, ttl_dns_cache=300, keepalive_timeout=60)
    session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=6 * 60 * 60))

    async def read(tally, tokens):
        body = {
            "model": settings.text("model", "mock-coal"), "messages": MESSAGES, "max_completion_tokens": tokens, "stream": True,
            "stream_options": {"include_usage": True},
        }
        if settings.count("logprobs", 0):
            body |= {"logprobs": True, "top_logprobs": 5}
        begun, times, events = time.monotonic_ns(), [], Events()
        async with session.post(url + "/v1/chat/completions", json=body) as response:
            response.raise_for_status()
            async for received in response.content.iter_any():
                for event in events.take(received.strip()):
                    if event.startswith(":") or (data := event.removeprefix(PREFIX)) == "[DONE]":
                        continue
                    moment = time.perf_counter()
                    try:
                        choices = json.loads(data).get("choices")
                    except json.JSONDecodeError:
                        continue
                    if choices and (text := choices[0]["delta"].get("content")):
                        if not times:
                            tally.add_first(begun)
                        times.append(moment)
                        tally.add(text)

    async def read_all(tally, tokens):
        await asyncio.gather(*[read(tally, tokens) for _ in range(settings.count("streams", 1))])

    async def ask():
        body = {"model": "mock-coal", "messages": MESSAGES, "max_tokens": 6}
        async with session.post(url + "/v1/chat/completions", json=body) as response:
            answer = await response.json()
            return len(answer["choices"][0]["message"]["content"].encode())

    async def embed(inputs):
        encoding = settings.text("format", "base64")
        body = {"model": f"emb-{len(inputs)}", "input": inputs, "encoding_format": encoding}
        async with session.post(url + "/v1/embeddings", json=body) as response:
            answer = await response.json()
        if encoding == "float":
            return sum(len(item["embedding"]) for item in answer["data"])
        return sum(len(array.array("f", base64.b64decode(item["embedding"]))) for item in answer["data"])

    async with session:
        await measure(settings, read_all, ask, embed)


asyncio.run(main())
