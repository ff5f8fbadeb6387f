"""The events of one streamed response: from bytes to the data of events, and every failure as one of our errors."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

import anyio
import httpx

from .._wire.decompress import can_decompress, decompressed
from .._wire.errors import error_of_event, stream_error
from .._wire.sse import EventTooLargeError, SSEDecoder
from ..exceptions import APITimeoutError, LiteLLMProxyError, StreamError, StreamTruncatedError
from ..types._lenient import parse
from ..types.proxy import ProxyInfo

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from .._wire.config import ClientConfig
    from .._wire.operation import Kind

T = TypeVar("T")
E = TypeVar("E", bound=LiteLLMProxyError)

DONE = b"[DONE]"
# What every error in a stream has in it, and hardly a chunk.
ERROR = b'"error"'
# How long the end of the body may take after `[DONE]`; a connection whose body has ended can be used again.
DRAIN_SECONDS = 0.5
# What httpx's transports let through besides their own errors.
NETWORK_ERRORS = (httpx.RequestError, OSError, anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream)


def iter_body(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body as it comes, decompressed where it is compressed in a way that was asked for."""
    # httpx's own iterators would be three more generators around this one, and know no bound for what they decompress.
    parts = aiter(cast("httpx.AsyncByteStream", response.stream))
    encoding = response.headers.get("content-encoding")
    return decompressed(parts, encoding) if encoding and can_decompress(encoding) else parts


class EventStream:
    """The data of a response's events, a network read at a time. Belongs to the event loop that opened it."""

    _closing: ClassVar[set[asyncio.Task[None]]] = set()

    def __init__(self, response: httpx.Response, options: ClientConfig, kind: Kind) -> None:
        self._response = response
        self._options = options
        self._kind: Kind = kind
        self._decoder = SSEDecoder(max_event_bytes=options.max_response_bytes)
        self._left = options.max_response_bytes
        self._parts = iter_body(response)
        self._first: list[bytes] | None = None
        try:
            self._loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None

    @cached_property
    def proxy(self) -> ProxyInfo:
        """What the head of the response said."""
        return ProxyInfo(self._response.headers)

    async def start(self) -> None:
        """Wait for the first event.

        Raises:
            LiteLLMProxyError: The stream ended without one, or it is an error frame.
        """
        first = await self.read()
        if first is None:
            raise self.truncated("the stream ended without a single event")
        self.raise_for_error(first[0])
        self._first = first

    async def read(self) -> list[bytes] | None:
        """The next events, at least one; `None` when the body has ended properly."""
        if self._first is not None:
            first, self._first = self._first, None
            return first
        try:
            async for part in self._parts:
                # An event of empty data is an event, but nothing that a chunk could be read from.
                self._left -= len(part)
                if self._left < 0:
                    raise EventTooLargeError(
                        f"the stream is larger than {self._options.max_response_bytes:,} bytes (max_response_bytes)"
                    )
                if events := [data for data in self._decoder.feed(part) if data]:
                    return events
            return None
        except EventTooLargeError as failure:
            text = str(failure)
        except httpx.ReadTimeout:
            idle = self._options.idle_timeout
            raise self._error(APITimeoutError, f"the stream was silent for {idle:g} s (idle_timeout)") from None
        except httpx.DecodingError as failure:
            text = f"the stream cannot be decompressed: {failure}"
        except NETWORK_ERRORS as failure:
            text = f"the connection broke in the middle of the stream: {type(failure).__name__}: {failure}"
        raise self._error(StreamError, text)

    def raise_for_error(self, data: bytes) -> None:
        """Raise the error in an event, where it is one: the proxy sends errors as events like any other."""
        try:
            frame: Any = json.loads(data)
        except (ValueError, RecursionError):
            return
        if not isinstance(frame, dict):
            return
        event = cast("dict[str, Any]", frame)
        if event.get("error") and not event.get("choices"):
            raise error_of_event(event, self._response, kind=self._kind, **self._options.redaction)

    def parse(self, answer: type[T], data: bytes) -> T:
        """The chunk in an event."""
        try:
            return parse(answer, data, strict=self._options.strict)
        except ValueError as reason:
            text = f"an event of the stream cannot be read: {reason}: {data[:200].decode(errors='replace')}"
        raise self._error(StreamError, text)

    def truncated(self, text: str) -> StreamTruncatedError:
        """The error of a body that ended too early."""
        return self._error(StreamTruncatedError, text)

    @property
    def cut_short(self) -> bool:
        """Whether the body ended in the middle of an event."""
        return self._decoder.pending

    def _error(self, kind: type[E], text: str) -> E:
        return stream_error(kind, text, self._response, **self._options.redaction)

    async def drain(self) -> None:
        """Read what follows `[DONE]`, which is the end of the body, and let the connection be used again."""
        with anyio.move_on_after(DRAIN_SECONDS):
            try:
                async for _ in self._parts:
                    pass
            except NETWORK_ERRORS:
                pass
        await self.close()

    async def close(self) -> None:
        """Free the connection; it is closed unless the body was read to its end."""
        await self._response.aclose()
        if self._loop is None:
            # httpx's streams are generators; trio complains of one that is dropped unfinished. This ends it.
            with anyio.move_on_after(0), suppress(Exception):
                await anext(self._parts)

    def abandon(self) -> None:
        """Free the connection soon: for finalizers, which may run in any thread and must not wait.

        Under trio a stream that is dropped must be closed by its user.
        """
        loop = self._loop
        if loop is None or loop.is_closed() or sys.is_finalizing():
            return
        with suppress(RuntimeError):  # the loop was closed meanwhile, and its connections with it
            loop.call_soon_threadsafe(self._close_soon)

    def _close_soon(self) -> None:
        task = asyncio.ensure_future(self.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
