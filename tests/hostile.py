"""A server that can break any rule of HTTP. A fault is a function that acts on one connection."""

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
"""Position of a fault: in a whole response; in a stream before its first chunk; in a stream after two chunks."""
Then: TypeAlias = Literal["close", "reset", "stall"]

TEXT = "Hello, world."


def head(*lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1")


def http_response(body: bytes, *lines: str, status: str = "200 OK", content_type: str = "application/json") -> bytes:
    """Return a complete response with a correct `content-length`."""
    return head(f"content-type: {content_type}", f"content-length: {len(body)}", *lines, status=status) + body


def event(data: bytes) -> bytes:
    return b"data: " + data + b"\n\n"


def http_chunk(data: bytes) -> bytes:
    """Frame bytes as one chunk of a chunked HTTP body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def _chunk(text: str | None, finish_reason: str | None) -> bytes:
    choice = {"index": 0, "delta": {} if text is None else {"content": text}, "finish_reason": finish_reason}
    return json.dumps({"id": "c1", "object": "chat.completion.chunk", "choices": [choice]}).encode()


BODY = json.dumps({**COMPLETION, "choices": [{"index": 0, "message": {"content": TEXT}, "finish_reason": "stop"}]})
WHOLE = http_response(BODY.encode())
EVENTS = [
    event(data) for data in (_chunk("Hello, ", None), _chunk("world", None), _chunk(".", None), _chunk(None, "stop"))
]
DONE = event(b"[DONE]")
STREAM_HEAD = head("content-type: text/event-stream; charset=utf-8", "transfer-encoding: chunked")
END = b"0\r\n\r\n"
STREAM = STREAM_HEAD + b"".join(map(http_chunk, [*EVENTS, DONE])) + END
RECEIVED = 2
"""Number of completion chunks that precede a fault in the middle of a stream."""


@dataclass
class Peer:
    """One connection, from the server's side."""

    number: int
    place: Place
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    count: Callable[[], int]
    """Callable that returns the number of chunks that the client has received."""
    elsewhere: bytes
    """URL of another origin."""
    requests: int = 0
    _unsent: bytes = b""

    async def send(self, data: bytes) -> None:
        self.writer.write(self._unsent + data)
        self._unsent = b""
        await self.writer.drain()

    async def begin(self, *, flush: bool = False) -> None:
        """Send what precedes a fault in a stream: its head and, for the middle of a stream, two chunks.

        Returns when the client has received the first chunk. The second chunk is sent together with the first bytes of
        the fault, so that both arrive in one read; with `flush`, it is sent and received first, too.
        """
        if self.place != "whole":
            await self.send(STREAM_HEAD)
        if self.place == "middle":
            await self.send(http_chunk(EVENTS[0]))
            await self._arrived(1)
            self._unsent = http_chunk(EVENTS[1])
        if self.place == "middle" and flush:
            await self.send(b"")
            await self._arrived(2)

    async def _arrived(self, count: int) -> None:
        while self.count() < count:  # noqa: ASYNC110 - the count changes in another thread
            await asyncio.sleep(0.001)

    async def finish(self) -> None:
        """Send the rest of a valid response after `begin`."""
        rest = EVENTS[RECEIVED:] if self.place == "middle" else EVENTS
        await self.send(WHOLE if self.place == "whole" else b"".join(map(http_chunk, [*rest, DONE])) + END)

    def end(self, then: Then) -> None:
        """Close or reset the connection, or leave it open."""
        if self._unsent:
            self.writer.write(self._unsent)
            self._unsent = b""
        if then == "reset":
            # With a linger time of 0, closing the socket sends a reset (RST) instead of the regular FIN.
            self.writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
            self.writer.transport.abort()
        elif then == "close":
            self.writer.close()


Act: TypeAlias = Callable[[Peer], Awaitable[None]]


async def respond(peer: Peer) -> None:
    """Send a valid response: no fault at all."""
    await peer.begin()
    await peer.finish()


async def stay_silent(peer: Peer) -> None:
    """Send nothing."""


def cut(where: Literal["start", "head", "body"], then: Then) -> Act:
    """Send the beginning of a valid response, then close, reset or stall."""

    async def act(peer: Peer) -> None:
        if where == "head":
            await peer.send(WHOLE[:40])
        elif where == "body" and peer.place == "whole":
            await peer.send(WHOLE[:-50])
        elif where == "body":
            await peer.begin()
            await peer.send(http_chunk(EVENTS[RECEIVED])[:-50])
        peer.end(then)

    return act


def raw(data: bytes, then: Then = "close") -> Act:
    """Send these bytes instead of a response."""

    async def act(peer: Peer) -> None:
        await peer.send(data.replace(b"{elsewhere}", peer.elsewhere))
        peer.end(then)

    return act


def framing(data: bytes, *, then: Then = "stall", then_repeat: bytes = b"") -> Act:
    """Send these bytes in place of an HTTP chunk, after a valid head that announces a chunked body."""

    async def act(peer: Peer) -> None:
        if peer.place == "whole":
            await peer.send(head("content-type: application/json", "transfer-encoding: chunked"))
        await peer.begin(flush=bool(then_repeat))
        await peer.send(data)
        peer.end(then)
        while then_repeat and not peer.writer.is_closing():
            await peer.send(then_repeat)
            await asyncio.sleep(0)

    return act


def content(data: bytes) -> Act:
    """Send a valid response with this body, or a valid stream with it as the data of an event."""

    async def act(peer: Peer) -> None:
        if peer.place == "whole":
            await peer.send(http_response(data))
            return
        await peer.begin(flush=len(data) > 100_000)
        await peer.send(http_chunk(event(data)))
        await peer.finish()

    return act


def encoded(encode: Callable[[bytes], bytes], encoding: str = "gzip") -> Act:
    """Send a response whose body was passed through `encode` and whose headers declare the encoding."""

    async def act(peer: Peer) -> None:
        if peer.place == "whole":
            await peer.send(http_response(encode(BODY.encode()), f"content-encoding: {encoding}"))
            return
        await peer.send(STREAM_HEAD[:-2] + f"content-encoding: {encoding}\r\n\r\n".encode())
        await peer.send(http_chunk(encode(b"".join([*EVENTS, DONE]))) + END)

    return act


def endless(first: bytes, then_repeat: bytes) -> Act:
    """Send `first`, then the same bytes repeatedly until the client disconnects."""

    async def act(peer: Peer) -> None:
        await peer.send(first)
        while not peer.writer.is_closing():
            await peer.send(then_repeat)
            await asyncio.sleep(0)

    return act


def drip(*, pause: float = 0.0) -> Act:
    """Send a valid response one byte at a time."""

    async def act(peer: Peer) -> None:
        data = WHOLE if peer.place == "whole" else STREAM
        if peer.place == "middle":
            await peer.begin()
            data = b"".join(map(http_chunk, [*EVENTS[RECEIVED:], DONE])) + END
        for position in range(len(data)):
            await peer.send(data[position : position + 1])
            await asyncio.sleep(pause)

    return act


def closing(*, whole: bool) -> Act:
    """Send a response whose body ends where the connection ends, the whole body or half of it."""

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
    """Send a stream that continues with these bytes, and with `ends` a correct end of the HTTP body."""

    async def act(peer: Peer) -> None:
        await peer.begin()
        await peer.send(b"".join(map(http_chunk, parts)) + (END if ends else b""))

    return act


async def comments(peer: Peer) -> None:
    """Send keep-alive comments for 0.6 s, then the chunks."""
    await peer.begin()
    for _ in range(12):
        await peer.send(http_chunk(b": ping\n\n"))
        await asyncio.sleep(0.05)
    await peer.finish()


async def interim_responses(peer: Peer) -> None:
    """Send interim responses before the final one."""
    await peer.send(head(status="100 Continue") + head("link: </style.css>", status="103 Early Hints"))
    await respond(peer)


async def trailers(peer: Peer) -> None:
    """Send headers after the body."""
    if peer.place == "whole":
        await peer.send(
            head("content-type: application/json", "transfer-encoding: chunked") + http_chunk(BODY.encode())
        )
    else:
        await peer.send(STREAM_HEAD + b"".join(map(http_chunk, [*EVENTS, DONE])))
    await peer.send(b"0\r\nx-checksum: 1\r\n\r\n")


def surplus(data: bytes, *, pause: float = 0.0) -> Act:
    """Send a valid response and these bytes after its end: at once, or while the connection is idle in the pool."""

    async def act(peer: Peer) -> None:
        response = {"whole": WHOLE, "first": STREAM, "middle": STREAM}[peer.place]
        if pause:
            await peer.send(response)
            await asyncio.sleep(pause)
            await peer.send(data)
        else:
            await peer.send(response + data)

    return act


async def short_body(peer: Peer) -> None:
    """Send a body that is shorter than its `content-length`."""
    await peer.send(head("content-type: application/json", f"content-length: {len(BODY) + 10}") + BODY.encode())


async def unrequested_stream(peer: Peer) -> None:
    """Send a stream, also to a request for a whole response."""
    await peer.send(STREAM)


async def respond_and_close(peer: Peer) -> None:
    """Send a valid response, then close the connection although the headers keep it alive."""
    await respond(peer)
    peer.end("close")


@dataclass
class HostileServer:
    """`async with HostileServer() as server`: sends valid responses, except while `fault` is set.

    Args:
        tls: Context with the server's certificate; without one, the server speaks plain HTTP.
        place: Kind of response that is requested, and the position of a fault in it.
    """

    tls: ssl.SSLContext | None = None
    place: Place = "whole"
    fault: Act | None = None
    """Action on each request in place of a valid response."""
    on_accept: Act | None = None
    """Action on each connection before its first request is read."""
    peers: list[Peer] = field(default_factory=list[Peer])
    open: set[int] = field(default_factory=set[int])
    """Numbers of the connections that the client has not closed."""
    port: int = 0
    arrived: int = 0
    """Number of chunks that the client has received."""
    acting: int = 0
    """Number of actions in progress."""
    strays: int = 0
    """Number of connections to `elsewhere`, to which no client may connect."""
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
        await asyncio.sleep(0)  # asyncio closes the sockets in the next iteration of the event loop.

    async def listen(self, *, plaintext: bool = False) -> None:
        """Accept connections on the port; with `plaintext`, without the TLS that the client expects."""
        while len(self._listening) > 1:
            self._listening.pop().close()
        tls = None if plaintext else self.tls
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.append(server)

    async def stop_listening(self) -> None:
        """Stop listening, so that new connections are refused."""
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
                    await self._act(self.fault or respond, peer)
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
    """Read a request; return False if the connection ended before one arrived."""
    with suppress(asyncio.IncompleteReadError):
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        length = next((line.partition(":")[2] for line in lines if line.startswith("content-length:")), "0")
        await reader.readexactly(int(length))
        return True
    return False
