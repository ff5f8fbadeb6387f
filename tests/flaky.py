"""A server that fails a share of its requests, in several ways, and counts the requests that it executed."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from typing import Any

from .loopback import Loopback

HEAD = "HTTP/1.1 {}\r\ncontent-type: {}\r\ncontent-length: {}\r\n{}\r\n"
STREAM = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
# Faults that replace a response. With the first group the request is not executed, with the second it is.
NOT_EXECUTED = ("503", "429", "closed")
EXECUTED = ("reset", "cut", "error 500", "silent")


class Flaky(Loopback):
    """A server that responds with the content of the request, except for a share of the requests.

    Args:
        share: Share of the requests that fail, from 0 to 1.
        seed: Seed of the random choice of the requests that fail.
    """

    def __init__(self, share: float, seed: int) -> None:
        super().__init__()
        self.requests = 0
        self.failed: Counter[str] = Counter()
        self.executed: Counter[str] = Counter()
        """Number of times that the request of a call was executed, by call id."""
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
                    fault = self._random.choice(NOT_EXECUTED + EXECUTED)
                    self.failed[fault] += 1
                if fault not in NOT_EXECUTED:
                    self.executed[fields["x-litellm-call-id"]] += 1
                if not await self._act(fault, body, reader, writer):
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _act(
        self, fault: str, body: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Respond, or fail; return True if the connection can be reused."""
        if fault == "silent":
            await reader.read(1)
        elif fault == "reset":
            writer.transport.abort()
        elif fault in ("503", "429"):
            self._respond_whole(
                writer, fault, {"error": {"message": "later"}}, "retry-after: 0\r\n" if fault == "429" else ""
            )
        elif fault == "error 500":
            self._respond_whole(writer, "500", {"error": {"message": "it broke"}})
        elif body.get("stream") and fault != "closed":
            self._respond_stream(writer, body["model"], cut=fault == "cut")
        elif fault != "closed":
            self._respond_whole(writer, "200", _success(body), cut=fault == "cut")
        await writer.drain()
        return fault in ("", "503", "429", "error 500")

    def _respond_whole(
        self, writer: asyncio.StreamWriter, status: str, body: object, headers: str = "", *, cut: bool = False
    ) -> None:
        data = json.dumps(body).encode()
        writer.write(HEAD.format(status, "application/json", len(data), headers).encode() + data[: -9 if cut else None])

    def _respond_stream(self, writer: asyncio.StreamWriter, text: str, *, cut: bool) -> None:
        chunks: list[Any] = [{"choices": [{"index": 0, "delta": {"content": letter}}]} for letter in text]
        chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        events = [*map(json.dumps, chunks), "[DONE]"]
        writer.write(STREAM.encode())
        for event in events[: 2 if cut else None]:
            self._event(writer, event)
        if not cut:
            writer.write(b"0\r\n\r\n")


def _success(body: dict[str, Any]) -> object:
    if "model" not in body:
        return {"written": body["number"]}
    return {"choices": [{"index": 0, "message": {"content": body["model"]}, "finish_reason": "stop"}]}
