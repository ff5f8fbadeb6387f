"""A server that breaks any rule of HTTP: a fault is a function that acts on one connection."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Literal, TypeAlias

from .server import COMPLETION

if TYPE_CHECKING:
    import ssl

Place: TypeAlias = Literal["whole", "first", "middle"]
"""Where a fault strikes: an answer in one piece; a stream before its first chunk; a stream after two chunks."""
Then: TypeAlias = Literal["close", "reset", "stall"]

TEXT = "Hello, world."


def head(*lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1")


def answer(body: bytes, *lines: str, status: str = "200 OK", content_type: str = "application/json") -> bytes:
    """A whole response, properly framed."""
    return head(f"content-type: {content_type}", f"content-length: {len(body)}", *lines, status=status) + body


def event(data: bytes) -> bytes:
    return b"data: " + data + b"\n\n"


def piece(data: bytes) -> bytes:
    """Bytes as a chunk of HTTP."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def _chunk(text: str | None, finish_reason: str | None) -> bytes:
    choice = {"index": 0, "delta": {} if text is None else {"content": text}, "finish_reason": finish_reason}
    return json.dumps({"id": "c1", "object": "chat.completion.chunk", "choices": [choice]}).encode()


BODY = json.dumps({**COMPLETION, "choices": [{"index": 0, "message": {"content": TEXT}, "finish_reason": "stop"}]})
WHOLE = answer(BODY.encode())
EVENTS = [
    event(data) for data in (_chunk("Hello, ", None), _chunk("world", None), _chunk(".", None), _chunk(None, "stop"))
]
DONE = event(b"[DONE]")
STREAM_HEAD = head("content-type: text/event-stream; charset=utf-8", "transfer-encoding: chunked")
END = b"0\r\n\r\n"
STREAM = STREAM_HEAD + b"".join(map(piece, [*EVENTS, DONE])) + END
RECEIVED = 2
"""How many chunks come before a fault in the middle of a stream."""


@dataclass
class Peer:
    """One connection, from the server's side."""

    number: int
    place: Place
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    count: Callable[[], int]
    """How many chunks have arrived on the other side."""
    elsewhere: bytes
    """The address of another origin."""
    requests: int = 0
    _held: bytes = b""

    async def send(self, data: bytes) -> None:
        self.writer.write(self._held + data)
        self._held = b""
        await self.writer.drain()

    async def begin(self, *, apart: bool = False) -> None:
        """What comes before a fault in a stream: its head, and in the middle of one two chunks.

        The first chunk has arrived then; the second goes out with the first bytes of the fault, unless `apart`.
        """
        if self.place != "whole":
            await self.send(STREAM_HEAD)
        if self.place == "middle":
            await self.send(piece(EVENTS[0]))
            await self._arrived(1)
            self._held = piece(EVENTS[1])
        if self.place == "middle" and apart:
            await self.send(b"")
            await self._arrived(2)

    async def _arrived(self, count: int) -> None:
        while self.count() < count:  # noqa: ASYNC110 - it is counted in another thread
            await asyncio.sleep(0.001)

    async def finish(self) -> None:
        """What is left of a good answer after `begin`."""
        left = EVENTS[RECEIVED:] if self.place == "middle" else EVENTS
        await self.send(WHOLE if self.place == "whole" else b"".join(map(piece, [*left, DONE])) + END)

    def end(self, then: Then) -> None:
        if self._held:
            self.writer.write(self._held)
            self._held = b""
        if then == "reset":
            # A reset, and not the proper end that a closed socket has otherwise.
            self.writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
            self.writer.transport.abort()
        elif then == "close":
            self.writer.close()


Act: TypeAlias = Callable[[Peer], Awaitable[None]]


async def well(peer: Peer) -> None:
    """No fault at all."""
    await peer.begin()
    await peer.finish()


async def nothing(peer: Peer) -> None:
    """No byte of an answer."""


def cut(where: Literal["start", "head", "body"], then: Then) -> Act:
    """The beginning of a good answer, and what then happens."""

    async def act(peer: Peer) -> None:
        if where == "head":
            await peer.send(WHOLE[:40])
        elif where == "body" and peer.place == "whole":
            await peer.send(WHOLE[:-50])
        elif where == "body":
            await peer.begin()
            await peer.send(piece(EVENTS[RECEIVED])[:-50])
        peer.end(then)

    return act


def raw(data: bytes, then: Then = "close") -> Act:
    """These bytes in place of an answer."""

    async def act(peer: Peer) -> None:
        await peer.send(data.replace(b"{elsewhere}", peer.elsewhere))
        peer.end(then)

    return act


def framing(data: bytes, *, then: Then = "stall", then_for_ever: bytes = b"") -> Act:
    """These bytes where a chunk of HTTP should be; the head is good, and says that there are chunks."""

    async def act(peer: Peer) -> None:
        if peer.place == "whole":
            await peer.send(head("content-type: application/json", "transfer-encoding: chunked"))
        await peer.begin(apart=bool(then_for_ever))
        await peer.send(data)
        peer.end(then)
        while then_for_ever and not peer.writer.is_closing():
            await peer.send(then_for_ever)
            await asyncio.sleep(0)

    return act


def content(data: bytes) -> Act:
    """A good answer with this content, or a good stream with it as the data of an event."""

    async def act(peer: Peer) -> None:
        if peer.place == "whole":
            await peer.send(answer(data))
            return
        await peer.begin(apart=len(data) > 100_000)
        await peer.send(piece(event(data)))
        await peer.finish()

    return act


def encoded(encode: Callable[[bytes], bytes], encoding: str = "gzip") -> Act:
    """A good answer whose body has gone through `encode` and is said to be compressed."""

    async def act(peer: Peer) -> None:
        if peer.place == "whole":
            await peer.send(answer(encode(BODY.encode()), f"content-encoding: {encoding}"))
            return
        await peer.send(STREAM_HEAD[:-2] + f"content-encoding: {encoding}\r\n\r\n".encode())
        await peer.send(piece(encode(b"".join([*EVENTS, DONE]))) + END)

    return act


def endless(first: bytes, again: bytes) -> Act:
    """The same bytes again and again, until the other side leaves."""

    async def act(peer: Peer) -> None:
        await peer.send(first)
        while not peer.writer.is_closing():
            await peer.send(again)
            await asyncio.sleep(0)

    return act


def drip(*, pause: float = 0.0) -> Act:
    """A good answer, one byte at a time."""

    async def act(peer: Peer) -> None:
        data = WHOLE if peer.place == "whole" else STREAM
        if peer.place == "middle":
            await peer.begin()
            data = b"".join(map(piece, [*EVENTS[RECEIVED:], DONE])) + END
        for at in range(len(data)):
            await peer.send(data[at : at + 1])
            await asyncio.sleep(pause)

    return act


def closing(*, whole: bool) -> Act:
    """An answer whose end is that of its connection: whole, or half of it."""

    async def act(peer: Peer) -> None:
        kind, body = ("application/json", BODY.encode()) if peer.place == "whole" else ("text/event-stream", b"")
        if peer.place == "first":
            body = b"".join([*EVENTS, DONE]) if whole else EVENTS[0][:20]
        elif peer.place == "middle":
            body = b"".join([*EVENTS, DONE] if whole else EVENTS[:RECEIVED])
        elif not whole:
            body = body[: len(body) // 2]
        await peer.send(head(f"content-type: {kind}") + body)
        peer.end("close")

    return act


def stream(*parts: bytes, ends: bool = True) -> Act:
    """A stream that goes on with these bytes; its end, where it has one, is that of a proper body."""

    async def act(peer: Peer) -> None:
        await peer.begin()
        await peer.send(b"".join(map(piece, parts)) + (END if ends else b""))

    return act


async def comments(peer: Peer) -> None:
    """Keep-alive comments for 0.6 s, and then the chunks."""
    await peer.begin()
    for _ in range(12):
        await peer.send(piece(b": ping\n\n"))
        await asyncio.sleep(0.05)
    await peer.finish()


async def hints(peer: Peer) -> None:
    """Interim responses before the real one."""
    await peer.send(head(status="100 Continue") + head("link: </style.css>", status="103 Early Hints"))
    await well(peer)


async def trailers(peer: Peer) -> None:
    """Headers that come after the body."""
    if peer.place == "whole":
        await peer.send(head("content-type: application/json", "transfer-encoding: chunked") + piece(BODY.encode()))
    else:
        await peer.send(STREAM_HEAD + b"".join(map(piece, [*EVENTS, DONE])))
    await peer.send(b"0\r\nx-checksum: 1\r\n\r\n")


def surplus(data: bytes, *, pause: float = 0.0) -> Act:
    """A good answer, and after its end these bytes: at once, or when the connection waits to be used again."""

    async def act(peer: Peer) -> None:
        good = {"whole": WHOLE, "first": STREAM, "middle": STREAM}[peer.place]
        if pause:
            await peer.send(good)
            await asyncio.sleep(pause)
            await peer.send(data)
        else:
            await peer.send(good + data)

    return act


async def less(peer: Peer) -> None:
    """An answer that was announced to be longer."""
    await peer.send(head("content-type: application/json", f"content-length: {len(BODY) + 10}") + BODY.encode())


async def streaming(peer: Peer) -> None:
    """A stream, whatever was asked for."""
    await peer.send(STREAM)


async def leave(peer: Peer) -> None:
    """An answer, and then the end of the connection, which was said to be kept."""
    await well(peer)
    peer.end("close")


@dataclass
class HostileServer:
    """`async with HostileServer() as server`: answers well, except while it has a `fault`.

    Args:
        tls: The server's certificate, for one that speaks TLS.
        place: What is asked for, and where a fault strikes.
    """

    tls: ssl.SSLContext | None = None
    place: Place = "whole"
    fault: Act | None = None
    """What happens to a request."""
    on_accept: Act | None = None
    """What happens to a connection before its first request is read."""
    peers: list[Peer] = field(default_factory=list[Peer])
    open: set[int] = field(default_factory=set[int])
    """The numbers of the connections that the other side has not closed."""
    port: int = 0
    arrived: int = 0
    """How many chunks the client has received."""
    acting: int = 0
    """How many faults are at work."""
    strays: int = 0
    """Connections to `elsewhere`, where no client has any business."""
    elsewhere: str = ""
    _listening: list[asyncio.Server] = field(default_factory=list[asyncio.Server])
    _tasks: set[asyncio.Task[None]] = field(default_factory=set["asyncio.Task[None]"])

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def requests(self) -> int:
        return sum(peer.requests for peer in self.peers)

    async def __aenter__(self) -> HostileServer:
        other = await asyncio.start_server(self._stray, "127.0.0.1", 0)
        self.elsewhere = f"http://127.0.0.1:{other.sockets[0].getsockname()[1]}"
        self._listening.append(other)
        await self.listen()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for server in self._listening:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)  # so that what was closed is closed

    async def listen(self, *, in_clear: bool = False) -> None:
        """Accept connections at the port; `in_clear`, without the TLS that is expected."""
        while len(self._listening) > 1:
            self._listening.pop().close()
        tls = None if in_clear else self.tls
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.append(server)

    async def deafen(self) -> None:
        """Listen no more: connections are refused."""
        while len(self._listening) > 1:
            self._listening.pop().close()
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        peer = Peer(len(self.peers) + 1, self.place, reader, writer, lambda: self.arrived, self.elsewhere.encode())
        self.peers.append(peer)
        self.open.add(peer.number)
        try:
            with suppress(ConnectionError):
                if self.on_accept:
                    await self._act(self.on_accept, peer)
                while await _read(reader):
                    peer.requests += 1
                    peer.place = self.place
                    await self._act(self.fault or well, peer)
        finally:
            self.open.discard(peer.number)
            self._tasks.discard(task)
            writer.close()

    async def _act(self, act: Act, peer: Peer) -> None:
        self.acting += 1
        try:
            await act(peer)
        finally:
            self.acting -= 1

    async def _stray(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.strays += 1
        writer.close()


async def _read(reader: asyncio.StreamReader) -> bool:
    """Read a request; whether there was one."""
    with suppress(asyncio.IncompleteReadError):
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        length = next((line.partition(":")[2] for line in lines if line.startswith("content-length:")), "0")
        await reader.readexactly(int(length))
        return True
    return False
