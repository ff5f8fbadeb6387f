"""The rows of the fault matrix: the behaviour of a server, and the promised outcome of the call."""

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
    closing,
    content,
    cut,
    drip,
    encoded,
    endless,
    framing,
    head,
    http_chunk,
    http_response,
    raw,
    stay_silent,
    stream,
    surplus,
)

Outcome: TypeAlias = type[LiteLLMProxyError] | Literal["success"]
Outcomes: TypeAlias = dict[Place, Outcome | tuple[Outcome, ...]]

MAX_RESPONSE_BYTES = 100_000
"""`max_response_bytes` of the clients in the matrix."""
SHORT_TIMEOUT = 0.3
"""Timeout and idle timeout in seconds for faults that must reach them."""
LONG_TIMEOUT = 2.0
"""Timeout and idle timeout in seconds for faults that must not reach them."""


@dataclass(frozen=True)
class Fault:
    """A row of the matrix.

        Attributes:
            name: Behaviour of the server, as the table shows it.
            act: Action on a request.
            outcomes: Promised outcome for each place where the fault is possible.
            on_accept: Action on a connection before anything is read from it.
            reused: True if the fault strikes a keep-alive connection that has carried a response before.
            network: Fault below HTTP.
            tls: True if the client connects with TLS.
            seconds: Timeout and idle timeout in seconds; by default long enough, or short where a timeout is expected.
            retry_after: Expected `retry_after` of the error.
            large: True if the request body is large.
    surplus_bytes: True if surplus bytes arrive together with the response. httpx's own transport reads them as the
                beginning of the next response.
            breaks: True if the connection cannot be reused after an error.
    """

    name: str
    act: Act
    outcomes: Outcomes
    on_accept: Act | None = None
    reused: bool = False
    network: Literal["refuse", "full backlog", "plaintext"] | None = None
    tls: bool = False
    seconds: float | None = None
    retry_after: float | None = None
    large: bool = False
    surplus_bytes: bool = False
    breaks: bool = True

    def expected(self, place: Place) -> tuple[Outcome, ...]:
        """Return the permitted outcomes."""
        outcome = self.outcomes[place]
        return outcome if isinstance(outcome, tuple) else (outcome,)

    def limit(self, place: Place) -> float:
        """Return the timeout and idle timeout in seconds."""
        return self.seconds or (SHORT_TIMEOUT if APITimeoutError in self.expected(place) else LONG_TIMEOUT)


def early(outcome: Outcome) -> Outcomes:
    """Return the outcomes of a fault that strikes before a stream can begin."""
    return {"whole": outcome, "first": outcome}


def streamed(first: Outcome, middle: Outcome) -> Outcomes:
    """Return the outcomes of a fault that strikes only streams."""
    return {"first": first, "middle": middle}


def each(whole: Outcome, first: Outcome, middle: Outcome) -> Outcomes:
    """Return the outcomes of a fault that can strike in every place."""
    return {"whole": whole, "first": first, "middle": middle}


def _html(status: str) -> bytes:
    return f"<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>".encode()


def _gateway(status: str, outcome: Outcome) -> Sequence[Fault]:
    html = {"status": status, "content_type": "text/html"}
    return (
        Fault(
            f"returns {status} with an HTML page", raw(http_response(_html(status), **html), "stall"), early(outcome)
        ),
        Fault(
            f"returns {status} with an HTML page and `retry-after: 7`",
            raw(http_response(_html(status), "retry-after: 7", **html), "stall"),
            early(outcome),
            retry_after=7.0,
        ),
    )


def _redirect(name: str, location: str = "", *, tls: bool = False) -> Fault:
    lines = [f"location: {location}"] if location else []
    response = http_response(b"", *lines, status="307 Temporary Redirect")
    return Fault(f"redirects {name}", raw(response, "stall"), early(RedirectError), tls=tls)


def _bomb(data: bytes) -> bytes:
    return gzip.compress(b" " * 10 * MAX_RESPONSE_BYTES + data)


def _corrupt(data: bytes) -> bytes:
    packed = gzip.compress(data)
    return packed[:20] + b"\xff" * (len(packed) - 20)


def _half(data: bytes) -> bytes:
    packed = gzip.compress(data)
    return packed[: len(packed) // 2]


def _deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


CONNECTION_ERROR = early(APIConnectionError)
TIMEOUT = early(APITimeoutError)
SUCCESS = each("success", "success", "success")
CUT = each(APIConnectionError, StreamError, StreamError)
# A fault that arrives together with the response head may be reported as if there had been no response.
UNFRAMED: Outcomes = {**CUT, "first": (APIConnectionError, StreamError)}
UNREADABLE = each(InvalidResponseError, StreamError, StreamError)
TRUNCATED = streamed(StreamTruncatedError, StreamTruncatedError)

_JSON = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
_ERROR = b'data: {"error": {"message": "m"%b}}\n\n'
_SECOND_RESPONSE = http_response(b'{"choices": [{"message": {"content": "the response to another request"}}]}')
_413 = http_response(b'{"error": {"message": "too large"}}', status="413 Content Too Large")

GROUPS: dict[str, Sequence[Fault]] = {
    "Connections": (
        Fault("refuses the connection", stay_silent, CONNECTION_ERROR, network="refuse"),
        Fault("does not accept the connection", stay_silent, TIMEOUT, network="full backlog"),
        Fault("accepts the connection and sends nothing", stay_silent, TIMEOUT),
        Fault(
            "closes the connection before reading the request",
            stay_silent,
            CONNECTION_ERROR,
            on_accept=cut("start", "close"),
        ),
        Fault(
            "resets the connection before reading the request",
            stay_silent,
            CONNECTION_ERROR,
            on_accept=cut("start", "reset"),
        ),
        Fault("closes the connection instead of responding", cut("start", "close"), CONNECTION_ERROR),
        Fault("resets the connection instead of responding", cut("start", "reset"), CONNECTION_ERROR),
        Fault(
            "closes a keep-alive connection instead of responding", cut("start", "close"), CONNECTION_ERROR, reused=True
        ),
        Fault(
            "resets a keep-alive connection instead of responding", cut("start", "reset"), CONNECTION_ERROR, reused=True
        ),
        Fault("sends nothing on a keep-alive connection", stay_silent, TIMEOUT, reused=True),
        Fault("closes the connection after responding", hostile.respond_and_close, SUCCESS),
        Fault(
            "sends a second response together with the first",
            surplus(_SECOND_RESPONSE),
            early("success"),
            surplus_bytes=True,
        ),
        Fault(
            "sends a second response on the idle connection", surplus(_SECOND_RESPONSE, pause=0.05), early("success")
        ),
        Fault("responds before reading the request", stay_silent, early("success"), on_accept=hostile.respond),
        Fault(
            "rejects a large request (413) without reading it",
            stay_silent,
            early(APIStatusError),
            on_accept=raw(_413, "stall"),
            large=True,
            breaks=False,
        ),
        Fault(
            "does not speak TLS",
            stay_silent,
            CONNECTION_ERROR,
            on_accept=raw(b"SSH-2.0-x\r\n"),
            network="plaintext",
            tls=True,
        ),
        Fault("sends nothing in the TLS handshake", stay_silent, TIMEOUT, network="plaintext", tls=True),
    ),
    "Headers": (
        Fault("closes the connection while sending the headers", cut("head", "close"), CONNECTION_ERROR),
        Fault("resets the connection while sending the headers", cut("head", "reset"), CONNECTION_ERROR),
        Fault("stalls while sending the headers", cut("head", "stall"), TIMEOUT),
        Fault("speaks another protocol", raw(b"220 mail.example ESMTP\r\n"), CONNECTION_ERROR),
        Fault("speaks HTTP/2", raw(b"\0\0\x12\x04" + b"\0" * 23, "stall"), CONNECTION_ERROR),
        Fault("sends no status code", raw(b"HTTP/1.1 OK\r\n\r\n", "stall"), CONNECTION_ERROR),
        Fault("sends a status code of four digits", raw(b"HTTP/1.1 2000 OK\r\n\r\n", "stall"), CONNECTION_ERROR),
        Fault("sends 100 and 103 before the response", hostile.interim_responses, early("success")),
        Fault("sends 100 endlessly", endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), TIMEOUT),
        Fault(
            "switches protocols (101)",
            raw(head("upgrade: x", status="101 Switching Protocols"), "stall"),
            CONNECTION_ERROR,
        ),
        Fault("sends a header of 1 MB", raw(_JSON + b"x: " + b"x" * 10**6 + b"\r\n\r\n", "stall"), CONNECTION_ERROR),
        Fault("sends headers endlessly", endless(_JSON, b"x: " + b"x" * 1000 + b"\r\n"), CONNECTION_ERROR),
        Fault(
            "sends a `content-length` that is not a number",
            raw(_JSON + b"content-length: x\r\n\r\n{}", "stall"),
            CONNECTION_ERROR,
        ),
        Fault(
            "sends a negative `content-length`", raw(_JSON + b"content-length: -1\r\n\r\n{}", "stall"), CONNECTION_ERROR
        ),
        Fault(
            "sends two different `content-length` headers",
            raw(_JSON + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{}", "stall"),
            CONNECTION_ERROR,
        ),
        Fault("sends a header line without a colon", raw(_JSON + b"no header\r\n\r\n", "stall"), CONNECTION_ERROR),
    ),
    "Bodies": (
        Fault("closes the connection while sending the body", cut("body", "close"), CUT),
        Fault("resets the connection while sending the body", cut("body", "reset"), CUT),
        Fault("stalls while sending the body", cut("body", "stall"), each(*[APITimeoutError] * 3)),
        Fault("sends one byte at a time", drip(), SUCCESS),
        Fault(
            "sends one byte at a time, for longer than the timeout",
            drip(pause=0.01),
            {"whole": APITimeoutError, "first": APITimeoutError},
        ),
        Fault(
            "sends more bytes than `content-length`",
            surplus(b"and more"),
            {"whole": (APIConnectionError, "success")},
            surplus_bytes=True,
        ),
        Fault(
            "sends more bytes than `content-length`, after a pause",
            surplus(b"and more", pause=0.05),
            {"whole": "success"},
        ),
        Fault("sends fewer bytes than `content-length`", hostile.short_body, {"whole": APITimeoutError}),
        Fault("sends a chunk size that is not a number", framing(b"xyz\r\n{}\r\n"), UNFRAMED),
        Fault("sends a negative chunk size", framing(b"-2\r\n{}\r\n"), UNFRAMED),
        Fault("sends a chunk size beyond 64 bits", framing(b"f" * 20 + b"\r\n{}\r\n", then="close"), UNFRAMED),
        Fault("sends a chunk longer than its size", framing(b"2\r\n{}{}\r\n"), UNFRAMED),
        Fault(
            "sends `[DONE]` but not the end of the body",
            stream(*hostile.EVENTS[2:], hostile.DONE, ends=False),
            {"middle": "success"},
        ),
        Fault("sends trailers", hostile.trailers, early("success")),
        Fault("ends the body by closing the connection", closing(whole=True), SUCCESS),
        Fault(
            "closes the connection after half of a body without a length",
            closing(whole=False),
            each(InvalidResponseError, StreamTruncatedError, StreamTruncatedError),
        ),
        Fault(
            "sends a body that never ends",
            framing(b"", then_repeat=http_chunk(b"data: " + b"x" * 10_000)),
            each(ResponseTooLargeError, StreamError, StreamError),
        ),
    ),
    "Compression": (
        Fault("compresses the body with gzip", encoded(gzip.compress), early("success")),
        Fault(
            "compresses the body with raw deflate, without a zlib header",
            encoded(_deflate, "deflate"),
            early("success"),
        ),
        Fault(
            "declares gzip but sends an uncompressed body",
            encoded(bytes),
            {"whole": InvalidResponseError, "first": StreamError},
        ),
        Fault("sends corrupt gzip", encoded(_corrupt), {"whole": InvalidResponseError, "first": StreamError}),
        Fault("sends truncated gzip", encoded(_half), {"whole": InvalidResponseError, "first": StreamTruncatedError}),
        Fault(
            "declares an unknown `content-encoding`",
            encoded(gzip.compress, "rot13"),
            {"whole": InvalidResponseError, "first": StreamTruncatedError},
        ),
        Fault("sends a decompression bomb", encoded(_bomb), {"whole": ResponseTooLargeError, "first": StreamError}),
    ),
    "Contents": (
        Fault("sends an empty body", raw(http_response(b""), "stall"), early(InvalidResponseError)),
        Fault("returns 204", raw(head(status="204 No Content"), "stall"), early(InvalidResponseError)),
        Fault("sends invalid UTF-8", content(b'{"choices": "\xff\xfe"}'), UNREADABLE),
        Fault("sends invalid JSON", content(b'{"choices": '), UNREADABLE),
        Fault("sends a JSON list", content(b"[1]"), UNREADABLE),
        Fault("sends `null`", content(b"null"), UNREADABLE),
        Fault("sends JSON 50,000 levels deep", content(b"[" * 50_000), UNREADABLE),
        Fault("sends a number of 50,000 digits", content(b'{"created": %b}' % (b"1" * 50_000)), UNREADABLE),
        Fault(
            "sends 1 MB of JSON",
            content(b'{"choices": [], "id": "%b"}' % (b"x" * 10**6)),
            each(ResponseTooLargeError, StreamError, StreamError),
        ),
        Fault("sends JSON in place of a stream", raw(hostile.WHOLE, "stall"), {"first": InvalidResponseError}),
        Fault("sends a stream in place of JSON", hostile.unrequested_stream, {"whole": InvalidResponseError}),
        Fault(
            "sends an error with code 503 in a stream",
            stream(_ERROR % b', "code": "503"'),
            streamed(ServiceUnavailableError, ServiceUnavailableError),
        ),
        Fault("sends an error without a code in a stream", stream(_ERROR % b""), streamed(StreamError, StreamError)),
        Fault("sends an HTML page in a stream", stream(_html("502 Bad Gateway")), TRUNCATED),
        Fault("ends a stream without `[DONE]`", stream(), TRUNCATED),
        Fault("ends a stream in the middle of an event", stream(hostile.EVENTS[2][:-10]), TRUNCATED),
        Fault(
            "sends only comments for longer than the timeout",
            hostile.comments,
            streamed(APITimeoutError, "success"),
            seconds=SHORT_TIMEOUT,
        ),
    ),
    "Gateways": (
        Fault(
            "returns 200 with an HTML page",
            raw(http_response(_html("Hello"), content_type="text/html"), "stall"),
            early(InvalidResponseError),
        ),
        *_gateway("502 Bad Gateway", BadGatewayError),
        *_gateway("503 Service Unavailable", ServiceUnavailableError),
        *_gateway("504 Gateway Timeout", GatewayTimeoutError),
        *_gateway("524 A Timeout Occurred", InternalServerError),
        Fault(
            "returns 400 with JSON 50,000 levels deep",
            raw(http_response(b"[" * 50_000, status="400 Bad Request"), "stall"),
            early(BadRequestError),
        ),
        Fault(
            "returns 500 with invalid UTF-8",
            raw(http_response(b"\xff\xfe", status="500 Error"), "stall"),
            early(InternalServerError),
        ),
        Fault(
            "returns 500 with a body of 1 MB",
            raw(http_response(b"x" * 10**6, status="500 Error"), "stall"),
            early(ResponseTooLargeError),
        ),
        _redirect("to another origin", "{elsewhere}/v1/chat/completions"),
        _redirect("from HTTPS to HTTP", "{elsewhere}/v1/chat/completions", tls=True),
        _redirect("to itself endlessly", "/v1/chat/completions"),
        _redirect("without a `location` header"),
        _redirect("to an invalid URL", "http://[::1"),
    ),
}
# After a correctly framed response the connection can be reused, however invalid the content is.
_FRAMED = ("Compression", "Contents", "Gateways")
FAULTS = [replace(fault, breaks=name not in _FRAMED and fault.breaks) for name in GROUPS for fault in GROUPS[name]]
