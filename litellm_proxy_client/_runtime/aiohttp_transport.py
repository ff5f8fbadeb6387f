"""httpx's transport on aiohttp: a parser in C, and a pool whose costs do not grow with its connections.

What goes wrong is raised as what httpx's own transport would raise, so nothing above knows which of the two it has.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar
from functools import lru_cache, partial
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

if TYPE_CHECKING:
    import ssl

    from aiohttp.client_reqrep import ConnectionKey

# httpx's own transport takes heads of 100 KiB; aiohttp by default no line above 8.
MAX_HEADER = 64 * 1024
# The proxy adds its own headers to those of the provider, which it passes on; aiohttp takes 128 since it counts them.
MAX_HEADERS = 1000
# aiohttp complains of bodies in one piece above this.
MAX_PIECE = 1024 * 1024
SWITCHING_PROTOCOLS = 101

_FAILURES = (aiohttp.ClientError, HttpProcessingError, OSError)
_current_trace: ContextVar[AttemptTrace] = ContextVar("_way")


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Sends `httpx.Request`s over the connections of one event loop, that of asyncio which is running.

    Args:
        limits: How many connections are opened and kept.
        verify: Makes what certificates are verified against; called with the first request over TLS.
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
        # aiohttp would send a DELETE a second time by itself; whether that may be done is for the caller to decide.
        self._session._retry_connection = False  # pyright: ignore[reportPrivateUsage]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and wait for the head of its answer."""
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
        except ValueError as refusal:  # of a head that would be two
            raise httpx.LocalProtocolError(" ".join(str(refusal).split())) from refusal
        if response.status == SWITCHING_PROTOCOLS:
            raise httpx.RemoteProtocolError("the server switched protocols, which nobody asked for")
        trace.answered = True
        self._open.add(response)
        # What httpx's own constructor makes of them, in a third of the time and with less to keep.
        raw = response.raw_headers
        headers = httpx.Headers(encoding="ascii" if b"".join([value for _, value in raw]).isascii() else None)
        headers._list = [(name, _lower(name), value) for name, value in raw]  # pyright: ignore[reportPrivateUsage]
        return httpx.Response(
            response.status,
            headers=headers,
            stream=_Body(response, limits, self._open),
            request=request,
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": (response.reason or "").encode()},
        )

    async def aclose(self) -> None:
        """Close all connections, also those on which an answer is being read."""
        for response in self._open:
            response.close()
        self._open.clear()
        await self._session.close()


class _Body(httpx.AsyncByteStream, AsyncIterator[bytes]):
    """A body as it comes: each item is all that has come meanwhile."""

    def __init__(
        self, response: aiohttp.ClientResponse, limits: dict[str, float | None], open_: set[aiohttp.ClientResponse]
    ) -> None:
        self._response = response
        self._limits = limits
        self._open = open_

    def __aiter__(self) -> AsyncIterator[bytes]:
        # The limit of a read may have been changed since the request was sent.
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
            # What came before the failure comes before it here, too.
            if left := content._read_nowait(-1):  # pyright: ignore[reportPrivateUsage]
                return left
            raise _as_httpx(failure, None) from failure
        if not data:
            raise StopAsyncIteration
        return data

    async def aclose(self) -> None:
        self._open.discard(self._response)
        # It closes the connection; after the end of the body that is not this response's any more.
        self._response.close()


class _Protocol(ResponseHandler):
    """A connection that is not used again for HTTP once the server speaks something else.

    It passes what is wrong with a body on to whoever waits for the body. aiohttp's own does not where the chunks are
    malformed: who waits then waits for ever, without a timeout.
    """

    def resume_reading(self, *how: Any, **named: Any) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        # It is called after each piece of a body, and has work to do only after a pause.
        if self._reading_paused:
            super().resume_reading(*how, **named)

    def feed_data(self, data: Any, size: int = 0) -> None:
        if data[0].code == SWITCHING_PROTOCOLS:
            self.force_close()
        super().feed_data(data, size)

    def set_exception(self, exc: Any, exc_cause: Any = None) -> None:
        super().set_exception(exc, exc_cause or exc)
        payload = self._payload
        if payload is not None and payload.exception() is None and not payload.is_eof():
            payload.set_exception(exc, exc_cause or exc)


class _Connector(aiohttp.TCPConnector):
    """A pool that tells whether a connection had been used before, and keeps no more idle ones than it was told."""

    def __init__(self, limits: httpx.Limits) -> None:
        self._keep = limits.max_keepalive_connections
        never = self._keep == 0 or limits.keepalive_expiry == 0
        kept: Any = {} if never else {"keepalive_timeout": limits.keepalive_expiry}
        # The system's resolver, whatever else is installed, as httpx has it.
        resolver = aiohttp.ThreadedResolver()
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            limit=limits.max_connections or 0, force_close=never, resolver=resolver, **kept
        )
        self._factory: Any = partial(_Protocol, loop=self._loop)
        self._used: WeakSet[ResponseHandler] = WeakSet()

    async def connect(self, *args: Any, **options: Any) -> Any:
        while True:
            connection = await super().connect(*args, **options)
            protocol = connection.protocol
            if protocol is None or not protocol.should_close:
                break
            # The server has sent something that nobody asked for: it must not become the answer to this request.
            connection.close()
        trace = _current_trace.get()
        trace.sent = True
        if protocol is not None and protocol not in self._used:
            trace.connected = True
            self._used.add(protocol)
        return connection

    def _release(self, key: ConnectionKey, protocol: ResponseHandler, *, should_close: bool = False) -> None:
        if self._keep is not None and not should_close:
            should_close = sum(map(len, self._conns.values())) >= self._keep
        super()._release(key, protocol, should_close=should_close)


@lru_cache(512)
def _lower(name: bytes) -> bytes:
    return name.lower()


def _headers(request: httpx.Request) -> CIMultiDict[str]:
    # aiohttp writes the header itself where it sends a body in chunks.
    return CIMultiDict(
        [
            (name.decode("ascii"), value.decode("latin-1"))
            for name, value in request.headers.raw
            if _lower(name) != b"transfer-encoding"
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
    """What httpx's own transport would have raised."""
    # Some have several lines, with a drawing of where the fault is.
    text = " ".join(f"{type(failure).__name__}: {failure}".removesuffix(": ").split())
    if isinstance(failure, aiohttp.ConnectionTimeoutError):
        return httpx.ConnectTimeout(text)
    if isinstance(failure, aiohttp.ServerTimeoutError):
        return httpx.ReadTimeout(text)
    if isinstance(failure, aiohttp.ClientConnectorError):  # also of certificates
        return httpx.ConnectError(text)
    if isinstance(failure, aiohttp.InvalidURL):
        return httpx.UnsupportedProtocol(text)
    if isinstance(failure, OSError):
        return httpx.ReadError(text) if trace is None or trace.sent else httpx.ConnectError(text)
    return httpx.RemoteProtocolError(text)
