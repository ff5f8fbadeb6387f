"""The server of server.c for machines without a C compiler.

It is far slower: heed the warning that it may be the limit.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from pathlib import Path

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
STREAM = re.compile(rb"/stream/(\d+)/(\d+)/")

served = {"requests": 0, "events": 0}


class Connection(asyncio.Protocol):
    """One connection of a client."""

    def __init__(self, payloads: dict[str, bytes]) -> None:
        self.payloads = payloads
        self.received = b""
        self.writable = asyncio.Event()
        self.writable.set()
        self.stream: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self.stream is not None:
            self.stream.cancel()

    def pause_writing(self) -> None:
        self.writable.clear()

    def resume_writing(self) -> None:
        self.writable.set()

    def data_received(self, data: bytes) -> None:
        self.received += data
        while self.stream is None and (end := self.received.find(b"\r\n\r\n")) >= 0:
            head = self.received[:end]
            length = LENGTH.search(head)
            size = end + 4 + (int(length[1]) if length else 0)
            if len(self.received) < size:
                return
            body, self.received = self.received[end:size], self.received[size:]
            self.respond(head.split(b" ", 2)[1], streamed=b'"stream"' in body)

    def respond(self, path: bytes, *, streamed: bool) -> None:
        if path.startswith(b"/stats"):
            body = json.dumps({**served, "cpu": time.process_time()}).encode()
            self.transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
            return
        served["requests"] += 1
        if streamed and (stream := STREAM.match(path)) is not None:
            sending = self.send(int(stream[1]), int(stream[2]) / 1e6)
            self.stream = asyncio.get_running_loop().create_task(sending)
        else:
            self.transport.write(self.payloads["page" if path.startswith(b"/page/") else "completion"])

    async def send(self, count: int, interval: float) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        self.transport.write(self.payloads["head"])
        chunks = self.payloads["chunks"]
        size = chunks.index(b"\n\n\r\n") + 4
        while count:
            now = min(count, 1 if interval else len(chunks) // size)
            if interval:
                due += interval
                await asyncio.sleep(due - loop.time())
            else:
                await self.writable.wait()
            at = served["events"] % 2 * size if interval else 0
            self.transport.write(chunks[at : at + now * size])
            count -= now
            served["events"] += now
        self.transport.write(self.payloads["last"])
        self.stream = None
        self.data_received(b"")


async def main(payloads: dict[str, bytes]) -> None:
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(payloads), "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main({path.name: path.read_bytes() for path in Path(sys.argv[1]).iterdir()}))
