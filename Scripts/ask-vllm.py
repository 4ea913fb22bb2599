"""Asks a vLLM server a question, for the scripts beside this file; exits 1 with the reason when it does not answer.

usage: ask-vllm.py models URL     prints the ids of the served models, one a line, once the server is ready
       ask-vllm.py warm-up URL    asks for one token with log-probabilities: the first time, vLLM compiles code for them
"""

import json
import os
import sys
import urllib.request

question, url = sys.argv[1], sys.argv[2].rstrip("/").removesuffix("/v1")
headers = {"Content-Type": "application/json"}
if os.environ.get("VLLM_API_KEY"):
    headers["Authorization"] = "Bearer " + os.environ["VLLM_API_KEY"]
# A proxy that the environment names is for other machines.
loopback = any(f"//{host}" in url for host in ("127.", "localhost", "[::1]"))
opener = urllib.request.build_opener(*[urllib.request.ProxyHandler({})] if loopback else [])


def ask(path, body=None, timeout=5):
    data = None if body is None else json.dumps(body).encode()
    with opener.open(urllib.request.Request(url + path, data, headers), timeout=timeout) as answer:
        return answer.read()


try:
    if question == "models":
        ask("/health")
        print(*(model["id"] for model in json.loads(ask("/v1/models"))["data"]), sep="\n")
    elif question == "warm-up":
        message = {"role": "user", "content": "What is 2+2?"}
        ask("/v1/chat/completions", {"messages": [message], "max_tokens": 1, "logprobs": True, "top_logprobs": 1}, timeout=180)
    else:
        sys.exit(__doc__)
except (OSError, ValueError, KeyError) as error:
    sys.exit(f"{url}: {error}")
