"""An httpx transport on aiohttp: it parses responses in C, and its pool does not slow down with more connections.

It raises the errors that httpx's own transport would raise, so the layers above do not depend on the transport.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar
from inspect import signature
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import aiohttp
import httpx
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import HttpProcessingError
from multidict import CIMultiDict
from yarl import URL

from .attempt import AttemptTrace
from .private_names import (
    current_payload,
    disable_retries,
    limit_idle_connections,
    read_buffered,
    set_headers,
    set_protocol,
)

if TYPE_CHECKING:
    import ssl

# httpx's own transport accepts a response head of 100 KiB; aiohttp's default is at most 8 KiB a line.
MAX_HEADER = 64 * 1024
# The proxy passes on the provider's headers and adds its own; aiohttp's default is 128 where it limits the number.
MAX_HEADERS = 1000
# aiohttp warns about a larger body that is passed as one bytes object.
MAX_PIECE = 1024 * 1024
SWITCHING_PROTOCOLS = 101

_FAILURES = (aiohttp.ClientError, HttpProcessingError, OSError)
# Set by the transport and read by the connector, which sees nothing of the httpx.Request.
_current_trace: ContextVar[AttemptTrace] = ContextVar("current_trace")


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Sends `httpx.Request`s over connections of one event loop, the asyncio loop that is running.

    Args:
        limits: The limits for open and idle connections.
        verify: Creates the SSL context that verifies certificates; called by the first request over TLS.
    """

    def __init__(self, limits: httpx.Limits, verify: Callable[[], ssl.SSLContext]) -> None:
        self._verify = verify
        self._ssl: ssl.SSLContext | None = None
        self._open: set[aiohttp.ClientResponse] = set()
        counts: Any = (
            {"max_headers": MAX_HEADERS} if "max_headers" in signature(aiohttp.ClientSession).parameters else {}
        )
        self._session = aiohttp.ClientSession(
            connector=_Connector(limits),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            auto_decompress=False,
            max_line_size=MAX_HEADER,
            max_field_size=MAX_HEADER,
            **counts,
        )
        # aiohttp would send a DELETE again by itself; only the caller knows if that is safe.
        disable_retries(self._session)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and wait for the response headers."""
        limits: dict[str, float | None] = request.extensions.get("timeout", {})
        trace = request.extensions.get("trace")
        trace = trace if isinstance(trace, AttemptTrace) else AttemptTrace()
        _current_trace.set(trace)
        if self._ssl is None and request.url.scheme == "https":
            self._ssl = self._verify()
        try:
            response = await self._session.request(
                request.method,
                URL(str(request.url), encoded=True),
                headers=_headers(request),
                data=_body(request),
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(
                    total=None,
                    connect=limits.get("pool"),
                    sock_connect=limits.get("connect"),
                    sock_read=limits.get("read"),
                ),
                ssl=self._ssl or True,
                server_hostname=request.extensions.get("sni_hostname"),
            )
        except _FAILURES as failure:
            raise _as_httpx(failure, trace) from failure
        except ValueError as refusal:  # a line break in a header would start another header
            raise httpx.LocalProtocolError(" ".join(str(refusal).split())) from refusal
        if response.status == SWITCHING_PROTOCOLS:
            raise httpx.RemoteProtocolError("the server switched protocols without a request to upgrade")
        trace.answered = True
        self._open.add(response)
        result = httpx.Response(
            response.status,
            stream=_Body(response, limits, self._open),
            request=request,
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": (response.reason or "").encode()},
        )
        raw = response.raw_headers
        set_headers(result.headers, raw)
        # httpx would decode every header to find the encoding.
        if b"".join([value for _, value in raw]).isascii():
            result.headers.encoding = "ascii"
        return result

    async def aclose(self) -> None:
        """Close all connections, also connections with a response that is still read."""
        for response in self._open:
            response.close()
        self._open.clear()
        await self._session.close()


class _Body(httpx.AsyncByteStream, AsyncIterator[bytes]):
    """A response body as it arrives: each item is everything that arrived since the last item."""

    def __init__(
        self, response: aiohttp.ClientResponse, limits: dict[str, float | None], open_: set[aiohttp.ClientResponse]
    ) -> None:
        self._response = response
        self._limits = limits
        self._open = open_

    def __aiter__(self) -> AsyncIterator[bytes]:
        # The read timeout may have changed since the request was sent: a stream sets its idle timeout.
        connection = self._response.connection
        if connection is not None and (protocol := connection.protocol) is not None:
            protocol.read_timeout = self._limits.get("read")
            protocol.start_timeout()
        return self

    async def __anext__(self) -> bytes:
        content = self._response.content
        try:
            data = await content.readany()
        except _FAILURES as failure:
            # httpx's own transport returns what arrived before the failure, and raises at the next read.
            if left := read_buffered(content):
                return left
            raise _as_httpx(failure, None) from failure
        if not data:
            raise StopAsyncIteration
        return data

    async def aclose(self) -> None:
        self._open.discard(self._response)
        # This closes the connection, unless the body was read to its end: then the pool already has the connection.
        self._response.close()


class _Protocol(ResponseHandler):
    """A connection that is closed after the server switches to another protocol.

    It passes an exception on to the body that is being received. aiohttp's own does not if the chunks are malformed:
    a reader of the body would wait forever, without a timeout.
    """

    _is_paused = False

    def pause_reading(self) -> None:
        self._is_paused = True
        super().pause_reading()

    def resume_reading(self, *args: Any, **options: Any) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        # aiohttp calls it after each piece of a body, and it has work to do only after a pause.
        if self._is_paused:
            self._is_paused = False
            super().resume_reading(*args, **options)

    def feed_data(self, data: Any, size: int = 0) -> None:
        if data[0].code == SWITCHING_PROTOCOLS:
            self.force_close()
        super().feed_data(data, size)

    def set_exception(self, exc: Any, exc_cause: Any = None) -> None:
        super().set_exception(exc, exc_cause or exc)
        payload = current_payload(self)
        if payload is not None and payload.exception() is None and not payload.is_eof():
            payload.set_exception(exc, exc_cause or exc)


class _Connector(aiohttp.TCPConnector):
    """A connection pool that tells the trace of an attempt if its connection is new, and limits idle connections."""

    def __init__(self, limits: httpx.Limits) -> None:
        keep = limits.max_keepalive_connections
        never = keep == 0 or limits.keepalive_expiry == 0
        options: Any = {} if never else {"keepalive_timeout": limits.keepalive_expiry}
        # Use the system's resolver even if aiodns is installed, as httpx does.
        resolver = aiohttp.ThreadedResolver()
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            limit=limits.max_connections or 0, force_close=never, resolver=resolver, **options
        )
        set_protocol(self, _Protocol)
        if keep is not None:
            limit_idle_connections(self, keep)
        self._used_protocols: WeakSet[ResponseHandler] = WeakSet()

    async def connect(self, *args: Any, **options: Any) -> Any:
        while True:
            connection = await super().connect(*args, **options)
            protocol = connection.protocol
            if protocol is None or not protocol.should_close:
                break
            # The server sent data without a request: it must not become the response to this request.
            connection.close()
        trace = _current_trace.get()
        trace.sent = True
        if protocol is not None and protocol not in self._used_protocols:
            trace.connected = True
            self._used_protocols.add(protocol)
        return connection


def _headers(request: httpx.Request) -> CIMultiDict[str]:
    # aiohttp adds transfer-encoding itself when it sends a body in chunks.
    return CIMultiDict(
        [
            (name.decode("ascii"), value.decode("latin-1"))
            for name, value in request.headers.raw
            if name.lower() != b"transfer-encoding"
        ]
    )


def _body(request: httpx.Request) -> Any:
    try:
        content = request.content
    except httpx.RequestNotRead:
        return request.stream
    if not content:
        return None
    return content if len(content) <= MAX_PIECE else io.BytesIO(content)


def _as_httpx(failure: Exception, trace: AttemptTrace | None) -> httpx.RequestError:
    """Return the error that httpx's own transport would raise."""
    # Some messages have several lines, with a drawing that points at the fault.
    text = " ".join(f"{type(failure).__name__}: {failure}".removesuffix(": ").split())
    if isinstance(failure, aiohttp.ConnectionTimeoutError):
        return httpx.ConnectTimeout(text)
    if isinstance(failure, aiohttp.ServerTimeoutError):
        return httpx.ReadTimeout(text)
    if isinstance(failure, aiohttp.ClientConnectorError):  # includes certificate errors
        return httpx.ConnectError(text)
    if isinstance(failure, aiohttp.InvalidURL):
        return httpx.UnsupportedProtocol(text)
    if isinstance(failure, OSError):
        return httpx.ReadError(text) if trace is None or trace.sent else httpx.ConnectError(text)
    return httpx.RemoteProtocolError(text)
