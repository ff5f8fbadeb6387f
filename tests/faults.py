"""The rows of the matrix: what a server does, and what is promised to come of it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    RedirectError,
    ResponseTooLargeError,
    ServiceUnavailableError,
    StreamError,
    StreamTruncatedError,
)

from . import hostile
from .hostile import (
    Act,
    Place,
    answer,
    closing,
    content,
    cut,
    drip,
    encoded,
    endless,
    framing,
    head,
    nothing,
    piece,
    raw,
    stream,
    surplus,
)

Outcome: TypeAlias = type[LiteLLMProxyError] | Literal["answer"]
Outcomes: TypeAlias = dict[Place, Outcome | tuple[Outcome, ...]]

MOST = 100_000
"""`max_response_bytes` of the clients in the matrix."""
SOON = 0.3
"""The deadline, and the silence of a stream, where it is to be reached."""
LATE = 2.0


@dataclass(frozen=True)
class Fault:
    """A row.

    Attributes:
        name: What the server does.
        act: What it does to a request.
        outcomes: What comes of it, for each place where it makes sense.
        on_accept: What the server does to a connection before it has read anything.
        again: Whether it does so on a connection that has carried an answer before.
        network: What it does below HTTP.
        tls: Whether TLS is spoken.
        seconds: The deadline, and how long a stream may be silent.
        retry_after: What the error says about trying again.
        large: Whether the request is large.
        misleads: Whether more than the answer comes with the answer, which httpx's own transport keeps for the next.
        breaks: Whether its connection cannot be used again, except after an answer.
    """

    name: str
    act: Act
    outcomes: Outcomes
    on_accept: Act | None = None
    again: bool = False
    network: Literal["refuse", "deaf", "in clear"] | None = None
    tls: bool = False
    seconds: float | None = None
    retry_after: float | None = None
    large: bool = False
    misleads: bool = False
    breaks: bool = True

    def expected(self, place: Place) -> tuple[Outcome, ...]:
        """What may come of it."""
        outcome = self.outcomes[place]
        return outcome if isinstance(outcome, tuple) else (outcome,)

    def limit(self, place: Place) -> float:
        """The deadline, and how long a stream may be silent."""
        return self.seconds or (SOON if APITimeoutError in self.expected(place) else LATE)


def early(outcome: Outcome) -> Outcomes:
    """Of what happens before a stream can begin."""
    return {"whole": outcome, "first": outcome}


def streamed(first: Outcome, middle: Outcome) -> Outcomes:
    """Of what happens to streams alone."""
    return {"first": first, "middle": middle}


def each(whole: Outcome, first: Outcome, middle: Outcome) -> Outcomes:
    return {"whole": whole, "first": first, "middle": middle}


def _page(status: str) -> bytes:
    return f"<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>".encode()


def _gateway(status: str, outcome: Outcome) -> Sequence[Fault]:
    page = {"status": status, "content_type": "text/html"}
    return (
        Fault(f"answers {status}, a web page", raw(answer(_page(status), **page), "stall"), early(outcome)),
        Fault(
            f"answers {status}, a web page, with `retry-after: 7`",
            raw(answer(_page(status), "retry-after: 7", **page), "stall"),
            early(outcome),
            retry_after=7.0,
        ),
    )


def _redirect(name: str, location: str = "", *, tls: bool = False) -> Fault:
    lines = [f"location: {location}"] if location else []
    response = answer(b"", *lines, status="307 Temporary Redirect")
    return Fault(f"redirects {name}", raw(response, "stall"), early(RedirectError), tls=tls)


def _bomb(data: bytes) -> bytes:
    return gzip.compress(b" " * 10 * MOST + data)


def _corrupt(data: bytes) -> bytes:
    packed = gzip.compress(data)
    return packed[:20] + b"\xff" * (len(packed) - 20)


def _half(data: bytes) -> bytes:
    packed = gzip.compress(data)
    return packed[: len(packed) // 2]


def _deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


BROKEN = early(APIConnectionError)
SILENT = early(APITimeoutError)
ANSWERED = each("answer", "answer", "answer")
CUT = each(APIConnectionError, StreamError, StreamError)
# What comes of a fault that arrives together with the head may be an answer that never was.
UNFRAMED: Outcomes = {**CUT, "first": (APIConnectionError, StreamError)}
UNREADABLE = each(InvalidResponseError, StreamError, StreamError)
TRUNCATED = streamed(StreamTruncatedError, StreamTruncatedError)

_JSON = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
_ERROR = b'data: {"error": {"message": "m"%b}}\n\n'
_OTHER = answer(b'{"choices": [{"message": {"content": "an answer to somebody else"}}]}')
_413 = answer(b'{"error": {"message": "too large"}}', status="413 Content Too Large")

GROUPS: dict[str, Sequence[Fault]] = {
    "Connections": (
        Fault("refuses the connection", nothing, BROKEN, network="refuse"),
        Fault("does not accept the connection", nothing, SILENT, network="deaf"),
        Fault("accepts it and says nothing", nothing, SILENT),
        Fault("closes it before reading", nothing, BROKEN, on_accept=cut("start", "close")),
        Fault("resets it before reading", nothing, BROKEN, on_accept=cut("start", "reset")),
        Fault("closes it instead of answering", cut("start", "close"), BROKEN),
        Fault("resets it instead of answering", cut("start", "reset"), BROKEN),
        Fault("closes a kept one instead of answering", cut("start", "close"), BROKEN, again=True),
        Fault("resets a kept one instead of answering", cut("start", "reset"), BROKEN, again=True),
        Fault("falls silent on a kept one", nothing, SILENT, again=True),
        Fault("closes it after answering", hostile.leave, ANSWERED),
        Fault("sends another answer after it", surplus(_OTHER), early("answer"), misleads=True),
        Fault("sends another answer on a kept one", surplus(_OTHER, pause=0.05), early("answer")),
        Fault("answers before it reads the request", nothing, early("answer"), on_accept=hostile.well),
        Fault(
            "refuses a large request unread",
            nothing,
            early(APIStatusError),
            on_accept=raw(_413, "stall"),
            large=True,
            breaks=False,
        ),
        Fault("speaks no TLS", nothing, BROKEN, on_accept=raw(b"SSH-2.0-x\r\n"), network="in clear", tls=True),
        Fault("is silent in the TLS handshake", nothing, SILENT, network="in clear", tls=True),
    ),
    "Heads": (
        Fault("closes the connection in the head", cut("head", "close"), BROKEN),
        Fault("resets the connection in the head", cut("head", "reset"), BROKEN),
        Fault("stalls in the head", cut("head", "stall"), SILENT),
        Fault("speaks another protocol", raw(b"220 mail.example ESMTP\r\n"), BROKEN),
        Fault("speaks HTTP/2", raw(b"\0\0\x12\x04" + b"\0" * 23, "stall"), BROKEN),
        Fault("sends no status", raw(b"HTTP/1.1 OK\r\n\r\n", "stall"), BROKEN),
        Fault("sends a status of four digits", raw(b"HTTP/1.1 2000 OK\r\n\r\n", "stall"), BROKEN),
        Fault("sends 100 and 103 first", hostile.hints, early("answer")),
        Fault("sends 100 for ever", endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), SILENT),
        Fault("switches protocols (101)", raw(head("upgrade: x", status="101 Switching Protocols"), "stall"), BROKEN),
        Fault("sends a header of 1 MB", raw(_JSON + b"x: " + b"x" * 10**6 + b"\r\n\r\n", "stall"), BROKEN),
        Fault("sends headers for ever", endless(_JSON, b"x: " + b"x" * 1000 + b"\r\n"), BROKEN),
        Fault("sends a length that is no number", raw(_JSON + b"content-length: x\r\n\r\n{}", "stall"), BROKEN),
        Fault("sends a negative length", raw(_JSON + b"content-length: -1\r\n\r\n{}", "stall"), BROKEN),
        Fault("sends two lengths", raw(_JSON + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{}", "stall"), BROKEN),
        Fault("sends a line that is no header", raw(_JSON + b"no header\r\n\r\n", "stall"), BROKEN),
    ),
    "Bodies": (
        Fault("closes the connection in the body", cut("body", "close"), CUT),
        Fault("resets the connection in the body", cut("body", "reset"), CUT),
        Fault("stalls in the body", cut("body", "stall"), each(*[APITimeoutError] * 3)),
        Fault("sends a byte at a time", drip(), ANSWERED),
        Fault(
            "sends a byte at a time, slower than the deadline",
            drip(pause=0.01),
            {"whole": APITimeoutError, "first": APITimeoutError},
        ),
        Fault(
            "sends more than the length says",
            surplus(b"and more"),
            {"whole": (APIConnectionError, "answer")},
            misleads=True,
        ),
        Fault("sends more than the length says, later", surplus(b"and more", pause=0.05), {"whole": "answer"}),
        Fault("sends less than the length says", hostile.less, {"whole": APITimeoutError}),
        Fault("sends a chunk size that is no number", framing(b"xyz\r\n{}\r\n"), UNFRAMED),
        Fault("sends a negative chunk size", framing(b"-2\r\n{}\r\n"), UNFRAMED),
        Fault("sends a chunk size beyond 64 bits", framing(b"f" * 20 + b"\r\n{}\r\n", then="close"), UNFRAMED),
        Fault("sends a chunk longer than its size", framing(b"2\r\n{}{}\r\n"), UNFRAMED),
        Fault(
            "sends `[DONE]`, and not the end of the body",
            stream(*hostile.EVENTS[2:], hostile.DONE, ends=False),
            {"middle": "answer"},
        ),
        Fault("sends trailers", hostile.trailers, early("answer")),
        Fault("ends the body with the connection", closing(whole=True), ANSWERED),
        Fault(
            "ends half a body with the connection",
            closing(whole=False),
            each(InvalidResponseError, StreamTruncatedError, StreamTruncatedError),
        ),
        Fault(
            "sends a body without end",
            framing(b"", then_for_ever=piece(b"data: " + b"x" * 10_000)),
            each(ResponseTooLargeError, StreamError, StreamError),
        ),
    ),
    "Compression": (
        Fault("compresses, also a stream", encoded(gzip.compress), early("answer")),
        Fault("compresses without a header (deflate)", encoded(_deflate, "deflate"), early("answer")),
        Fault("says gzip and sends none", encoded(bytes), {"whole": InvalidResponseError, "first": StreamError}),
        Fault("sends corrupt gzip", encoded(_corrupt), {"whole": InvalidResponseError, "first": StreamError}),
        Fault("sends half of a gzip", encoded(_half), {"whole": InvalidResponseError, "first": StreamTruncatedError}),
        Fault(
            "compresses in a way that nobody knows",
            encoded(gzip.compress, "rot13"),
            {"whole": InvalidResponseError, "first": StreamTruncatedError},
        ),
        Fault(
            "sends little that becomes too much", encoded(_bomb), {"whole": ResponseTooLargeError, "first": StreamError}
        ),
    ),
    "Contents": (
        Fault("sends no body", raw(answer(b""), "stall"), early(InvalidResponseError)),
        Fault("answers 204", raw(head(status="204 No Content"), "stall"), early(InvalidResponseError)),
        Fault("sends invalid UTF-8", content(b'{"choices": "\xff\xfe"}'), UNREADABLE),
        Fault("sends invalid JSON", content(b'{"choices": '), UNREADABLE),
        Fault("sends a list", content(b"[1]"), UNREADABLE),
        Fault("sends `null`", content(b"null"), UNREADABLE),
        Fault("sends JSON 50,000 levels deep", content(b"[" * 50_000), UNREADABLE),
        Fault("sends a number of 50,000 digits", content(b'{"created": %b}' % (b"1" * 50_000)), UNREADABLE),
        Fault(
            "sends 1 MB of JSON",
            content(b'{"choices": [], "id": "%b"}' % (b"x" * 10**6)),
            each(ResponseTooLargeError, StreamError, StreamError),
        ),
        Fault("sends JSON in place of a stream", raw(hostile.WHOLE, "stall"), {"first": InvalidResponseError}),
        Fault("sends a stream in place of JSON", hostile.streaming, {"whole": InvalidResponseError}),
        Fault(
            "sends an error of code 503 in a stream",
            stream(_ERROR % b', "code": "503"'),
            streamed(ServiceUnavailableError, ServiceUnavailableError),
        ),
        Fault("sends an error without a code in a stream", stream(_ERROR % b""), streamed(StreamError, StreamError)),
        Fault("sends a web page into a stream", stream(_page("502 Bad Gateway")), TRUNCATED),
        Fault("ends a stream without `[DONE]`", stream(), TRUNCATED),
        Fault("ends a stream within an event", stream(hostile.EVENTS[2][:-10]), TRUNCATED),
        Fault(
            "sends comments for longer than the limit",
            hostile.comments,
            streamed(APITimeoutError, "answer"),
            seconds=SOON,
        ),
    ),
    "Gateways": (
        Fault(
            "answers 200, a web page",
            raw(answer(_page("Hello"), content_type="text/html"), "stall"),
            early(InvalidResponseError),
        ),
        *_gateway("502 Bad Gateway", BadGatewayError),
        *_gateway("503 Service Unavailable", ServiceUnavailableError),
        *_gateway("504 Gateway Timeout", GatewayTimeoutError),
        *_gateway("524 A Timeout Occurred", InternalServerError),
        Fault(
            "answers 400, JSON 50,000 levels deep",
            raw(answer(b"[" * 50_000, status="400 Bad Request"), "stall"),
            early(BadRequestError),
        ),
        Fault(
            "answers 500, invalid UTF-8",
            raw(answer(b"\xff\xfe", status="500 Error"), "stall"),
            early(InternalServerError),
        ),
        Fault(
            "answers 500, 1 MB", raw(answer(b"x" * 10**6, status="500 Error"), "stall"), early(ResponseTooLargeError)
        ),
        _redirect("to another origin", "{elsewhere}/v1/chat/completions"),
        _redirect("to plain HTTP", "{elsewhere}/v1/chat/completions", tls=True),
        _redirect("to itself, for ever", "/v1/chat/completions"),
        _redirect("to nowhere"),
        _redirect("to no address", "http://[::1"),
    ),
}
# Of what is well framed, the connection may be used again, however bad the contents are.
_FRAMED = ("Compression", "Contents", "Gateways")
FAULTS = [replace(fault, breaks=name not in _FRAMED and fault.breaks) for name in GROUPS for fault in GROUPS[name]]
