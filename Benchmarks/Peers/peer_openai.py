"""The `openai` package by the contract of the benchmark's client programs.

peer_openai.py stream url=… model=… streams=S tokens=N logprobs=0|1 warmup=W
peer_openai.py requests url=… concurrency=C count=N warmup=W
peer_openai.py embeddings url=… batch=B count=N format=float|base64 warmup=W

Embeddings as base64 are what the package asks for when it is told nothing; it decodes them itself.
"""

import asyncio
import time

from openai import AsyncOpenAI

from figures import MESSAGES, Settings, measure


async def main():
    settings = Settings()
    url = settings.text("url", "http://127.0.0.1:8900")
    client = AsyncOpenAI(base_url=url + "/v1", api_key="none", max_retries=0, timeout=3600)

    async def read(tally, tokens):
        options = {"logprobs": True, "top_logprobs": 5} if settings.count("logprobs", 0) else {}
        begun = time.monotonic_ns()
        stream = await client.chat.completions.create(
            model=settings.text("model", "mock-coal"), messages=MESSAGES, max_tokens=tokens, stream=True, **options
        )
        is_first = True
        async for chunk in stream:
            if chunk.choices and (text := chunk.choices[0].delta.content):
                if is_first:
                    tally.add_first(begun)
                    is_first = False
                tally.add(text)

    async def read_all(tally, tokens):
        await asyncio.gather(*[read(tally, tokens) for _ in range(settings.count("streams", 1))])

    async def ask():
        answer = await client.chat.completions.create(model="mock-coal", messages=MESSAGES, max_tokens=6)
        return len(answer.choices[0].message.content.encode())

    async def embed(inputs):
        options = {"encoding_format": "float"} if settings.text("format", "base64") == "float" else {}
        answer = await client.embeddings.create(model=f"emb-{len(inputs)}", input=inputs, **options)
        return sum(len(item.embedding) for item in answer.data)

    async with client:
        await measure(settings, read_all, ask, embed)


asyncio.run(main())
