"""The server that all competitors send requests to, and the bytes of its responses."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
KEYS_A_PAGE = 100
CHUNKS = 320  # equal in size, about 64 KiB in total; they differ, since LiteLLM rejects a stream that repeats one chunk

# Headers, completion, chunks and keys have the form and size of those of a LiteLLM 1.106.2 proxy.
COST_HEADERS = """\
x-litellm-call-id: a21d7c22-9f5c-4ead-bc20-9ed2a88d57cb
x-litellm-model-id: mock-short-1
x-litellm-model-name: openai/gpt-4o-mini
x-litellm-model-api-base: https://api.openai.com
x-litellm-version: 1.106.2
x-litellm-response-cost: 0.0005
x-litellm-response-cost-original: 0.0005
x-litellm-response-cost-discount-amount: 0.0
x-litellm-response-cost-margin-amount: 0.0
x-litellm-response-cost-margin-percent: 0.0
x-litellm-response-cost-input: 0.0001
x-litellm-response-cost-output: 0.0004
x-litellm-response-cost-tool-usage: 0.0
x-litellm-key-spend: 0.0005
x-litellm-response-duration-ms: 17.09604263305664
x-litellm-callback-duration-ms: 0.0
x-litellm-model-group: mock-short
x-litellm-attempted-retries: 0
x-litellm-attempted-fallbacks: 0
"""
COMMON_HEADERS = """\
vary: Origin
x-frame-options: DENY
content-security-policy: frame-ancestors 'none'
x-content-type-options: nosniff
"""
STREAM_HEADERS = """\
cache-control: no-cache
x-accel-buffering: no
content-type: text/event-stream; charset=utf-8
transfer-encoding: chunked
"""
DATE = "date: Mon, 23 Nov 2026 07:30:31 GMT\n"
ID = "chatcmpl-98d3c871-0980-48e4-80a3-d30990c82b40"
COMPLETION = {
    "id": ID,
    "created": 1795419032,
    "model": "mock-short",
    "object": "chat.completion",
    "choices": [
        {
            "finish_reason": "stop",
            "index": 0,
            "message": {"content": "Hello from the mock model.", "role": "assistant"},
        }
    ],
    "usage": {"completion_tokens": 20, "prompt_tokens": 10, "total_tokens": 30},
}


def page() -> bytes:
    """Return a page of keys as `GET /key/list?return_full_object=true` does."""
    key = json.loads((HERE / "key.json").read_text())
    keys = [{**key, "token": f"{number:064x}", "key_alias": f"service-{number}"} for number in range(KEYS_A_PAGE)]
    return _json({"keys": keys, "total_count": KEYS_A_PAGE, "current_page": 1, "total_pages": 1})


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _http_response(body: bytes, headers: str = "") -> bytes:
    fixed = f"HTTP/1.1 200 OK\n{DATE}content-length: {len(body)}\ncontent-type: application/json\n"
    return f"{fixed}{headers}{COMMON_HEADERS}\n".replace("\n", "\r\n").encode() + body


def _event(data: bytes) -> bytes:
    """Return an event in one HTTP chunk, as uvicorn sends it."""
    event = b"data: " + data + b"\n\n"
    return b"%x\r\n%b\r\n" % (len(event), event)


def _chunk(delta: dict[str, str], **fields: str) -> bytes:
    kind = "chat.completion.chunk"
    choice = {"index": 0, "delta": delta, **fields}
    return _event(_json({"id": ID, "object": kind, "created": 1795419053, "model": "mock-short", "choices": [choice]}))


def payloads() -> dict[str, bytes]:
    """Return the server's responses by file name: whole HTTP messages or parts of them."""
    head = f"HTTP/1.1 200 OK\n{DATE}{COST_HEADERS}{STREAM_HEADERS}{COMMON_HEADERS}\n"
    return {
        "completion": _http_response(_json(COMPLETION), COST_HEADERS),
        "page": _http_response(page()),
        "head": head.replace("\n", "\r\n").encode(),
        "chunks": b"".join(_chunk({"content": f" {number:03}"}) for number in range(CHUNKS)),
        "last": _chunk({}, finish_reason="stop") + _event(b"[DONE]") + b"0\r\n\r\n",
    }


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    kind: str

    def served(self) -> dict[str, float]:
        """Return the number of requests and stream chunks served so far, and the CPU time in seconds that they took."""
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"{self.url}/stats", timeout=10) as response:
            stats: dict[str, float] = json.load(response)
        return stats


@contextlib.contextmanager
def serve(cpu: int | None = None) -> Iterator[Server]:
    """Start the server: the C version if there is a compiler, else the Python version."""
    with tempfile.TemporaryDirectory(prefix="loopback-") as folder:
        for name, data in payloads().items():
            Path(folder, name).write_bytes(data)
        compiler = shutil.which("cc") if sys.platform == "linux" else None
        command = [sys.executable, str(HERE / "server.py")]
        if compiler is not None:
            command = [f"{folder}/server"]
            subprocess.run([compiler, "-O2", "-o", command[0], str(HERE / "server.c")], check=True)
        process = subprocess.Popen([*command, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            if cpu is not None:
                os.sched_setaffinity(process.pid, {cpu})
            port = int(process.stdout.readline())
            kind = "C" if compiler is not None else "Python: no C compiler (cc) found"
            yield Server(f"http://127.0.0.1:{port}", kind)
        finally:
            process.stdin.close()  # the server stops at the end of its standard input
            process.wait(10)
            process.stdout.close()
