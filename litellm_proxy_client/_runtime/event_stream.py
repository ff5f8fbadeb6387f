"""The event stream of one response: reads and decodes events, and raises every failure as an error of this client."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

import anyio
import httpx

from .._wire.decompress import can_decompress, decompressed
from .._wire.errors import error_of_event, stream_error
from .._wire.sse import EventTooLargeError, SSEDecoder
from ..exceptions import APITimeoutError, LiteLLMProxyError, StreamError, StreamTruncatedError, UsageError
from ..types.proxy import ProxyInfo

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from .._wire.config import ClientConfig
    from .._wire.operation import ErrorRules
    from .._wire.protocol import StreamProtocol


E = TypeVar("E", bound=LiteLLMProxyError)

# Maximum time to wait for the end of the body after the last event: only then can the connection be kept alive.
DRAIN_SECONDS = 0.5
# httpx's transports let exceptions of the operating system and of anyio through.
NETWORK_ERRORS = (httpx.RequestError, OSError, anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream)


def iter_body(response: httpx.Response) -> AsyncIterator[bytes]:
    """Iterate over the body as it arrives, decompressed if its encoding is one that the client accepts."""
    # httpx's own iterators would add three generators around this one, and decompress without a limit.
    parts = aiter(cast("httpx.AsyncByteStream", response.stream))
    encoding = response.headers.get("content-encoding")
    return decompressed(parts, encoding) if encoding and can_decompress(encoding) else parts


class EventStream:
    """Reads the data of a response's events, one network read at a time, on the event loop that opened it."""

    # Keep references: asyncio holds tasks weakly.
    _closing: ClassVar[set[asyncio.Task[None]]] = set()

    def __init__(
        self, response: httpx.Response, options: ClientConfig, rules: ErrorRules, protocol: StreamProtocol[Any]
    ) -> None:
        self.protocol = protocol
        self._response = response
        self._options = options
        self._rules = rules
        self._decoder = SSEDecoder(max_event_bytes=options.max_response_bytes)
        self._bytes_left = options.max_response_bytes
        self._parts = iter_body(response)
        self._first: list[bytes] | None = None
        try:
            self.loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            self.loop = None  # trio

    def check_loop(self) -> None:
        """Raise an error if another event loop than the one that opened the stream is running.

        Raises:
            UsageError: The connection belongs to another event loop.
        """
        if not self.on_own_loop():
            raise UsageError("the stream belongs to the event loop that opened it; open a new one in this event loop")

    def on_own_loop(self) -> bool:
        """Return True if the event loop that opened the stream is running."""
        try:
            return self.loop is None or self.loop is asyncio.get_running_loop()
        except RuntimeError:  # trio
            return False

    @cached_property
    def proxy(self) -> ProxyInfo:
        """The information in the response headers."""
        return ProxyInfo(self._response.headers)

    async def start(self) -> None:
        """Wait for the first event.

        Raises:
            LiteLLMProxyError: The stream ended without an event, or the first one is an error.
        """
        first = await self.read()
        if first is None:
            raise self.truncated("the stream ended without any event")
        self.raise_for_error(first[0])
        self._first = first

    async def read(self) -> list[bytes] | None:
        """Return the next events, at least one; `None` after a regular end of the body."""
        if self._first is not None:
            first, self._first = self._first, None
            return first
        try:
            async for part in self._parts:
                self._bytes_left -= len(part)
                if self._bytes_left < 0:
                    raise EventTooLargeError(
                        f"the stream is larger than {self._options.max_response_bytes:,} bytes (max_response_bytes)"
                    )
                # Servers may send events with empty data, which contain no chunk.
                if events := [data for data in self._decoder.feed(part) if data]:
                    return events
            return None
        except EventTooLargeError as failure:
            message = str(failure)
        except httpx.ReadTimeout:
            idle = self._options.idle_timeout
            raise self._error(APITimeoutError, f"the stream was idle for {idle:g} s (idle_timeout)") from None
        except httpx.DecodingError as failure:
            message = f"the stream cannot be decompressed: {failure}"
        except NETWORK_ERRORS as failure:
            message = f"the connection broke during the stream: {type(failure).__name__}: {failure}"
        raise self._error(StreamError, message)

    def raise_for_error(self, data: bytes) -> None:
        """Raise the error in an event, if it is one: the proxy sends errors as ordinary events."""
        event = self.protocol.find_error(data)
        if event is not None:
            raise error_of_event(event, self._response, rules=self._rules, **self._options.redaction)

    def parse(self, data: bytes) -> Any:
        """Parse an event that does not match its model: the slow path, which keeps what was sent."""
        try:
            return self.protocol.parse_leniently(data, strict=self._options.strict)
        except ValueError as reason:
            message = f"an event of the stream is invalid: {reason}: {data[:200].decode(errors='replace')}"
        raise self._error(StreamError, message)

    def truncated(self, message: str) -> StreamTruncatedError:
        """Build the error of a body that ended too early."""
        return self._error(StreamTruncatedError, message)

    @property
    def cut_short(self) -> bool:
        """True if the body ended in the middle of an event."""
        return self._decoder.pending

    def _error(self, error_class: type[E], message: str) -> E:
        return stream_error(error_class, message, self._response, **self._options.redaction)

    async def drain(self) -> None:
        """Read the body to its end, so that the connection can be kept alive, and close."""
        try:
            with anyio.move_on_after(DRAIN_SECONDS), suppress(*NETWORK_ERRORS):
                async for _ in self._parts:
                    pass
        finally:  # also after cancellation
            await self.close()

    async def close(self) -> None:
        """Release the connection, which is closed unless the body was read to its end."""
        await self._response.aclose()
        if self.loop is None:
            # httpx's streams are async generators, and trio warns if one is collected unfinished: run it to its end.
            with anyio.move_on_after(0), suppress(Exception):
                await anext(self._parts)

    def close_soon(self) -> None:
        """Release the connection without waiting, for finalizers, which may run in any thread.

        Under trio, which has no such callback, the user must close a stream that is not read to its end.
        """
        loop = self.loop
        if loop is None or loop.is_closed() or sys.is_finalizing():
            return
        with suppress(RuntimeError):  # the loop was closed meanwhile, and its connections with it
            loop.call_soon_threadsafe(self._start_close)

    def _start_close(self) -> None:
        task = asyncio.ensure_future(self.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
