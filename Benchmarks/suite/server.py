"""The load server that everything is measured against."""

import http.client
import json
import os
import socket
import subprocess
import time


class LoadServer:
    """Benchmarks/LoadServer/mockserver.c, running on a free port until the `with` block ends."""

    def __init__(self, program, cpu=None):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        # It ends by itself when nobody asks for ten minutes: also where this program is killed.
        self.process = subprocess.Popen([program, "-p", str(self.port), "-x", "600"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if cpu is not None:
            os.sched_setaffinity(self.process.pid, {cpu})
        self.wait()
        self.lengths = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def wait(self):
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the load server does not answer")

    def text_bytes(self, model, tokens):
        """How many bytes of text an answer of so many tokens has. Its tokens are the same sixteen over and over, and another at the end."""
        if model not in self.lengths:
            self.lengths[model] = self.read_lengths(model)
        lengths = self.lengths[model]
        whole, rest = divmod(tokens - 1, 16)
        return whole * sum(lengths[:16]) + sum(lengths[:rest]) + lengths[-1] if tokens > 0 else 0

    def answer_bytes(self):
        """How many bytes of text an answer in one piece has."""
        if "answer" not in self.lengths:
            answer = self.ask("/v1/chat/completions", {"model": "mock-coal", "messages": [], "max_tokens": 6})
            self.lengths["answer"] = len(json.loads(answer)["choices"][0]["message"]["content"].encode())
        return self.lengths["answer"]

    def embedding_bytes(self, batch, encoding):
        """How many bytes an answer with so many vectors has."""
        return len(self.ask("/v1/embeddings", {"model": f"emb-{batch}", "input": ["a"], "encoding_format": encoding}))

    def ask(self, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            return connection.getresponse().read()
        finally:
            connection.close()

    def read_lengths(self, model):
        """The lengths of sixteen tokens and of the last one, out of a short answer."""
        body = {"model": model, "messages": [], "max_tokens": 33, "stream": True}
        events = self.ask("/v1/chat/completions", body).decode().split("\n\n")
        chunks = [json.loads(event[6:]) for event in events if event.startswith("data: {")]
        texts = [choice["delta"].get("content") for chunk in chunks for choice in chunk["choices"]]
        lengths = [len(text.encode()) for text in texts if text]
        if len(lengths) != 33 or lengths[:16] != lengths[16:32]:
            raise RuntimeError("the load server sends other tokens than this suite knows")
        return lengths[:16] + lengths[-1:]
