"""A server that fails a share of its requests, each in another way, and counts what it carried out."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from typing import Any

from .loopback import Loopback

HEAD = "HTTP/1.1 {}\r\ncontent-type: {}\r\ncontent-length: {}\r\n{}\r\n"
STREAM = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
# What happens instead of an answer. Of the first the request was not carried out, of the others it was.
REFUSED = ("503", "429", "closed")
CARRIED_OUT = ("reset", "cut", "error 500", "silent")


class Flaky(Loopback):
    """Answers with what it was asked, except for a share of the requests.

    Args:
        share: Which share of the requests fails.
        seed: Which of them do.
    """

    def __init__(self, share: float, seed: int) -> None:
        super().__init__()
        self.requests = 0
        self.failed: Counter[str] = Counter()
        self.carried_out: Counter[str] = Counter()
        """How often the request of a call, by its id, was carried out."""
        self._share = share
        self._random = random.Random(seed)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:-2])
                body: dict[str, Any] = json.loads(await reader.readexactly(int(fields["content-length"])))
                self.requests += 1
                fault = ""
                if self._random.random() < self._share:
                    fault = self._random.choice(REFUSED + CARRIED_OUT)
                    self.failed[fault] += 1
                if fault not in REFUSED:
                    self.carried_out[fields["x-litellm-call-id"]] += 1
                if not await self._act(fault, body, reader, writer):
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _act(
        self, fault: str, body: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer, or fail; whether the connection may be used again."""
        if fault == "silent":
            await reader.read(1)
        elif fault == "reset":
            writer.transport.abort()
        elif fault in ("503", "429"):
            self._whole(writer, fault, {"error": {"message": "later"}}, "retry-after: 0\r\n" if fault == "429" else "")
        elif fault == "error 500":
            self._whole(writer, "500", {"error": {"message": "it broke"}})
        elif body.get("stream") and fault != "closed":
            self._events(writer, body["model"], cut=fault == "cut")
        elif fault != "closed":
            self._whole(writer, "200", _answer(body), cut=fault == "cut")
        await writer.drain()
        return fault in ("", "503", "429", "error 500")

    def _whole(
        self, writer: asyncio.StreamWriter, status: str, answer: object, more: str = "", *, cut: bool = False
    ) -> None:
        data = json.dumps(answer).encode()
        writer.write(HEAD.format(status, "application/json", len(data), more).encode() + data[: -9 if cut else None])

    def _events(self, writer: asyncio.StreamWriter, text: str, *, cut: bool) -> None:
        chunks: list[Any] = [{"choices": [{"index": 0, "delta": {"content": letter}}]} for letter in text]
        chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        events = [*map(json.dumps, chunks), "[DONE]"]
        writer.write(STREAM.encode())
        for event in events[: 2 if cut else None]:
            self._event(writer, event)
        if not cut:
            writer.write(b"0\r\n\r\n")


def _answer(body: dict[str, Any]) -> object:
    if "model" not in body:
        return {"written": body["number"]}
    return {"choices": [{"index": 0, "message": {"content": body["model"]}, "finish_reason": "stop"}]}
