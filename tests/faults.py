"""The faults of the matrix, in words, and what is documented to come of each."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from litellm_proxy_client.exceptions import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    BadGatewayError,
    BadRequestError,
    GatewayTimeoutError,
    InternalServerError,
    InvalidResponseError,
    LiteLLMProxyError,
    RateLimitError,
    RedirectError,
    ResponseTooLargeError,
    ServiceUnavailableError,
    StreamError,
    StreamTruncatedError,
)

from . import hostile
from .hostile import Act, Peer, Place, answer, content, cut, drip, encoded, endless, framing, head, piece, raw

Outcome: TypeAlias = "type[LiteLLMProxyError] | Literal['the answer']"
GOOD: Literal["the answer"] = "the answer"
# What the clients of the matrix take at most.
MOST = 100_000
TOO_MUCH = 1_000_000
DEEP = b"[" * 50_000


@dataclass(frozen=True)
class Fault:
    """One row of the matrix.

    Attributes:
        name: What the server does.
        act: What it does to a request.
        whole: What becomes of an answer in one piece; `None` where the fault makes no sense.
        first: ... of a stream before its first chunk.
        middle: ... of a stream after two chunks.
        on_accept: What the server does to a connection before it has read anything.
        again: Whether it strikes a connection that has carried an answer before.
        network: What the server does to its port.
        tls: Whether client and server speak TLS.
        seconds: The deadline, and how long a stream may be silent; otherwise short where it is to be reached.
        retry_after: What the error is to say about trying again.
        large: Whether the request is large.
    """

    name: str
    act: Act = hostile.nothing
    whole: Outcome | None = None
    first: Outcome | None = None
    middle: Outcome | None = None
    on_accept: Act | None = None
    again: bool = False
    network: Literal["refuse", "deaf", "in clear"] | None = None
    tls: bool = False
    seconds: float | None = None
    retry_after: float | None = None
    large: bool = False

    def outcome(self, place: Place) -> Outcome | None:
        return {"whole": self.whole, "first": self.first, "middle": self.middle}[place]

    def limit(self, place: Place) -> float:
        return self.seconds or (0.3 if self.outcome(place) is APITimeoutError else 2.0)


def _same(name: str, act: Act, outcome: Outcome, *, middle: Outcome | None = None, **more: object) -> Fault:
    return Fault(name, act, outcome, outcome, middle, **more)  # type: ignore[arg-type]


def _broken(name: str, act: Act, whole: Outcome = APIConnectionError) -> Fault:
    """What breaks the body of an answer."""
    return Fault(name, act, whole, StreamError, StreamError)


def _page(status: str) -> bytes:
    return f"<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>".encode()


def _gateway(status: str, outcome: Outcome, *lines: str, retry_after: float | None = None) -> Fault:
    act = raw(answer(_page(status), *lines, status=status, content_type="text/html"), "stall")
    also = ", ".join(["with a web page", *lines])
    return _same(f"answers {status} {also}", act, outcome, retry_after=retry_after)


def _redirect(name: str, *lines: str, status: str = "307 Temporary Redirect", tls: bool = False) -> Fault:
    return _same(name, raw(answer(b"", *lines, status=status), "stall"), RedirectError, tls=tls)


async def _comments(peer: Peer) -> None:
    """A stream of keep-alive comments, longer than it may be silent, and then the chunks."""
    await peer.begin()
    for _ in range(12):
        await peer.send(piece(b": ping\n\n"))
        await asyncio.sleep(0.05)
    await peer.finish()


async def _no_end(peer: Peer) -> None:
    await peer.begin()
    await peer.send(b"".join(map(piece, [*hostile.EVENTS[hostile.RECEIVED :], hostile.DONE])))


async def _more_than_announced(peer: Peer) -> None:
    await peer.send(hostile.WHOLE + b" and more")


async def _unasked(peer: Peer) -> None:
    """A good answer, and another one that nobody asked for, which must not become that of the next call."""
    await hostile.well(peer)
    await peer.send(answer(b'{"choices": [{"message": {"content": "somebody else\'s"}}]}'))


async def _leave(peer: Peer) -> None:
    await hostile.well(peer)
    peer.end("close")


def _closed(*, done: bool, cut_short: bool = False, encoding: str = "") -> Act:
    """An answer that ends with its connection."""

    async def act(peer: Peer) -> None:
        if peer.place == "whole":
            body = hostile.BODY.encode()
            await peer.send(head("content-type: application/json") + (body[: len(body) // 2] if cut_short else body))
        else:
            left = b"".join([*(hostile.EVENTS if done else hostile.EVENTS[:2]), *([hostile.DONE] if done else [])])
            await peer.send(head("content-type: text/event-stream"))
            await peer.send(left if peer.place == "middle" or done else b"")
        peer.end("close")

    return act


def _events(*data: bytes) -> Act:
    """A stream that goes on with these bytes and then ends as a stream of chunks of HTTP must."""

    async def act(peer: Peer) -> None:
        await peer.begin()
        await peer.send(b"".join(map(piece, data)) + hostile.END)

    return act


def _bomb(data: bytes) -> bytes:
    return gzip.compress(data + b" " * TOO_MUCH if data.startswith(b"{") else b"data: " + b" " * TOO_MUCH)


def _corrupt(data: bytes) -> bytes:
    packed = bytearray(zlib.compress(data, wbits=31))
    packed[len(packed) // 2 :] = b"\xff" * (len(packed) - len(packed) // 2)
    return bytes(packed)


LONG_HEADER = b"x-long: " + b"x" * TOO_MUCH + b"\r\n\r\n"
START = b"HTTP/1.1 200 OK\r\n"
JSON_HEAD = START + b"content-type: application/json\r\n"

GROUPS: dict[str, Sequence[Fault]] = {
    "Connections": [
        _same("refuses the connection", hostile.nothing, APIConnectionError, network="refuse"),
        _same("does not accept the connection", hostile.nothing, APITimeoutError, network="deaf"),
        _same("accepts and says nothing", hostile.nothing, APITimeoutError, middle=APITimeoutError),
        _same("closes at once", hostile.nothing, APIConnectionError, on_accept=cut("start", "close")),
        _same("resets at once", hostile.nothing, APIConnectionError, on_accept=cut("start", "reset")),
        _same("closes instead of answering", cut("start", "close"), APIConnectionError),
        _same("resets instead of answering", cut("start", "reset"), APIConnectionError),
        _same("closes a kept connection instead of answering", cut("start", "close"), APIConnectionError, again=True),
        _same("resets a kept connection instead of answering", cut("start", "reset"), APIConnectionError, again=True),
        _same("falls silent on a kept connection", hostile.nothing, APITimeoutError, again=True),
        _same("closes a connection after answering", _leave, GOOD, middle=GOOD),
        _same("answers twice", _unasked, GOOD, middle=GOOD),
        _same("answers before it has read the request", hostile.nothing, GOOD, on_accept=hostile.well),
        _same(
            "refuses a large request unread",
            hostile.nothing,
            APIStatusError,
            on_accept=raw(answer(b'{"error": {"message": "too large"}}', status="413 Content Too Large"), "stall"),
            large=True,
        ),
        _same("speaks no TLS", raw(b"SSH-2.0-OpenSSH_9.6\r\n"), APIConnectionError, network="in clear", tls=True),
        _same("is silent in the TLS handshake", hostile.nothing, APITimeoutError, network="in clear", tls=True),
    ],
    "Heads": [
        _same("closes in the head", cut("head", "close"), APIConnectionError),
        _same("resets in the head", cut("head", "reset"), APIConnectionError),
        _same("stalls in the head", cut("head", "stall"), APITimeoutError),
        _same("speaks another protocol", raw(b"220 mail.example ESMTP\r\n", "stall"), APIConnectionError),
        _same("sends a status line without a status", raw(b"HTTP/1.1 OK\r\n\r\n", "stall"), APIConnectionError),
        _same("sends a status of four digits", raw(b"HTTP/1.1 2000 OK\r\n\r\n", "stall"), APIConnectionError),
        _same("answers in HTTP/2", raw(b"\0\0\x12\x04" + b"\0" * 23, "stall"), APIConnectionError),
        _same("sends 100 and 103 first", raw(b"", "stall"), GOOD),
        _same("sends 100 for ever", endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), APITimeoutError),
        _same("switches protocols (101)", raw(head("upgrade: tls", status="101 Switch"), "stall"), APIConnectionError),
        _same("sends a header of 1 MB", raw(START + LONG_HEADER, "stall"), APIConnectionError),
        _same("sends headers for ever", endless(START, b"x-more: " + b"x" * 1000 + b"\r\n"), APIConnectionError),
        _same(
            "sends a length that is no number",
            raw(JSON_HEAD + b"content-length: many\r\n\r\n", "stall"),
            APIConnectionError,
        ),
        _same("sends a negative length", raw(JSON_HEAD + b"content-length: -1\r\n\r\n", "stall"), APIConnectionError),
        _same(
            "sends two different lengths",
            raw(JSON_HEAD + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{}", "stall"),
            APIConnectionError,
        ),
        _same("sends a line that is no header", raw(JSON_HEAD + b"no header\r\n\r\n", "stall"), APIConnectionError),
    ],
    "Bodies": [
        _broken("closes in the body", cut("body", "close")),
        _broken("resets in the body", cut("body", "reset")),
        Fault("stalls in the body", cut("body", "stall"), APITimeoutError, APITimeoutError, APITimeoutError),
        _same("sends a byte at a time", drip(), GOOD, middle=GOOD),
        Fault(
            "sends a byte at a time, too slowly", drip(pause=0.01), APITimeoutError, APITimeoutError, GOOD, seconds=0.6
        ),
        Fault("sends more than it announced", _more_than_announced, GOOD),
        _broken("sends a chunk size that is no number", framing(b"xyz\r\n{}\r\n")),
        _broken("sends a negative chunk size", framing(b"-1\r\n{}\r\n")),
        _broken("sends a chunk size beyond 64 bits", framing(b"f" * 20 + b"\r\n{}\r\n")),
        _broken("sends a chunk longer than it announced", framing(b"3\r\ndata: {}\n\n\r\n")),
        _same("sends trailers after the body", hostile.nothing, GOOD, middle=GOOD),
        Fault("ends a body of no known length with the connection", _closed(done=True), GOOD, GOOD, GOOD),
        Fault(
            "cuts short a body of no known length",
            _closed(done=False, cut_short=True),
            InvalidResponseError,
            StreamTruncatedError,
            StreamTruncatedError,
        ),
        _broken("sends too much", endless(STREAM := b"", b""), ResponseTooLargeError),
    ],
    "Compression": [
        _same("compresses (streams too, unasked)", encoded(gzip.compress), GOOD, middle=None),
        Fault("says gzip and sends none", encoded(bytes), InvalidResponseError, StreamError),
        Fault("sends gzip that is corrupt", encoded(_corrupt), InvalidResponseError, StreamError),
        Fault(
            "sends half of a gzip", encoded(lambda b: gzip.compress(b)[:60]), InvalidResponseError, StreamTruncatedError
        ),
        Fault(
            "says a compression that nobody knows",
            encoded(gzip.compress, "rot13"),
            InvalidResponseError,
            StreamTruncatedError,
        ),
        Fault("sends little that decompresses to too much", encoded(_bomb), ResponseTooLargeError, StreamError),
    ],
    "Content": [
        Fault("sends no body", raw(answer(b""), "stall"), InvalidResponseError, InvalidResponseError),
        Fault("answers 204", raw(head(status="204 No Content"), "stall"), InvalidResponseError, InvalidResponseError),
        _broken("sends invalid UTF-8", content(b'{"id": "\xff\xfe"}'), InvalidResponseError),
        _broken("sends invalid JSON", content(b'{"id": '), InvalidResponseError),
        _broken("sends JSON of the wrong kind", content(b"[1]"), InvalidResponseError),
        _broken("sends null", content(b"null"), InvalidResponseError),
        _broken("sends JSON nested 50,000 deep", content(DEEP), InvalidResponseError),
        _broken("sends a number of 5,000 digits", content(b'{"created": %b}' % (b"1" * 5000)), InvalidResponseError),
        _broken("sends JSON of 1 MB", content(b'{"id": "%b"}' % (b"x" * TOO_MUCH)), ResponseTooLargeError),
        Fault(
            "answers 200 with a web page",
            raw(answer(_page("Welcome"), content_type="text/html"), "stall"),
            InvalidResponseError,
            InvalidResponseError,
        ),
        Fault("sends JSON instead of a stream", raw(hostile.WHOLE, "stall"), None, InvalidResponseError),
        Fault(
            "sends an error in the stream",
            _events(b'data: {"error": {"message": "m", "code": "503"}}\n\n'),
            None,
            ServiceUnavailableError,
            ServiceUnavailableError,
        ),
        Fault(
            "sends an error without a code in the stream",
            _events(b'data: {"error": {"message": "m"}}\n\n'),
            None,
            StreamError,
            StreamError,
        ),
        Fault(
            "sends a web page into the stream",
            _events(_page("502 Bad Gateway")),
            None,
            StreamTruncatedError,
            StreamTruncatedError,
        ),
        Fault("ends the stream without [DONE]", _events(), None, StreamTruncatedError, StreamTruncatedError),
        Fault(
            "ends the stream within an event",
            _events(hostile.EVENTS[2][:-10]),
            None,
            StreamTruncatedError,
            StreamTruncatedError,
        ),
        Fault("ends the stream with [DONE], but not the body", _no_end, None, GOOD, GOOD),
        Fault("sends comments for a while, and no chunk", _comments, None, APITimeoutError, GOOD, seconds=0.3),
    ],
    "Gateways": [],
}
