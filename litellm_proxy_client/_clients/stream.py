"""Streams of events: the asynchronous `AsyncStream` and the synchronous `Stream`."""

from __future__ import annotations

import os
import threading
from asyncio import get_running_loop
from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Any, Generic, NoReturn, TypeVar

from .._runtime import background_loop
from .._runtime.event_stream import EventStream
from .._runtime.read_ahead import ReadAhead
from ..exceptions import LiteLLMProxyError, StreamError, UsageError
from ..types.proxy import ProxyInfo

E = TypeVar("E")
S = TypeVar("S", bound="_StreamBase[Any]")


class _StreamBase(Generic[E]):
    """The base class of sync and async streams: everything except waiting for data."""

    def __init__(self, events: EventStream) -> None:
        self._events = events
        self._protocol = events.protocol
        self._parse = self._protocol.parse
        self._keep = self._protocol.keep
        self._error_marker = self._protocol.error_marker
        self._last_event = self._protocol.last_event
        self._pending: list[bytes] = []  # in reverse order, because only the end of a list is cheap to remove
        self._count = 0
        self._complete = False
        self._closed = False
        self._error: BaseException | None = None  # raised again by every later reading

    def __repr__(self) -> str:
        state = "closed" if self._closed else "open"
        return f"<{type(self).__name__} {state}, {self._count} chunks>"

    @property
    def proxy(self) -> ProxyInfo:
        """The information in the response headers, available at once: model, call id, limits.

        The headers of a stream are sent before its cost is known.
        """
        return self._events.proxy

    def _event_of(self, data: bytes) -> E:
        """Parse an event, or raise the error that it is."""
        try:
            # Search the bytes first, since parsing every event twice would be slow.
            if self._error_marker in data:
                self._events.raise_for_error(data)
            try:
                event: E = self._parse(data)
            except ValueError:
                event = self._events.parse(data)
        except LiteLLMProxyError as error:
            raise self._with_partial(error) from None
        self._count += 1
        self._keep(data)
        return event

    def _check_end(self) -> None:
        """Raise an error if the body ended without its last event before the value was complete."""
        self._protocol.accumulate()
        if self._events.cut_short or not self._protocol.finished:
            raise self._with_partial(self._events.truncated(self._protocol.incomplete))
        self._complete = True

    def _value(self) -> object:
        """Return the partial value that the events so far add up to."""
        self._protocol.accumulate()
        return self._protocol.value

    def _with_partial(self, error: LiteLLMProxyError) -> LiteLLMProxyError:
        # Before the first event the value does not exist, not even an empty one.
        error.partial = self._value() if self._count else None  # type: ignore[assignment]
        error.chunks = self._count
        self._error = error
        return error

    def _raise_closed(self) -> NoReturn:
        """Raise the error of a stream that is read after its end was missed: an empty loop would look complete."""
        if self._error is not None:
            # A traceback grows each time the error is raised again.
            raise self._error.with_traceback(None)
        raise UsageError("the stream was closed before its end, so the rest of it cannot be read")


class AsyncStream(_StreamBase[E], AsyncIterator[E]):
    """The events of a streamed response, as they arrive.

    Leaving a loop early keeps the stream open: a second loop continues it. The end, an error, `close()`, leaving
    `async with` and the garbage collection of the stream release its connection.
    """

    def __init__(self, events: EventStream) -> None:
        super().__init__(events)
        self._loop = events.loop
        self._reading = False

    # Not an async generator: its cleanup would wait for the garbage collector and could run on another thread.
    async def __anext__(self) -> E:
        # Inline: a method call for each event would be slow.
        try:
            if get_running_loop() is not self._loop:
                self._events.check_loop()
        except RuntimeError:  # trio is running
            self._events.check_loop()
        while not self._pending:
            if self._complete:
                raise StopAsyncIteration
            if self._closed:
                self._raise_closed()
            await self._fill()
        data = self._pending.pop()
        if data != self._last_event:
            try:
                return self._event_of(data)
            except BaseException:
                await self.close()
                raise
        self._complete = self._closed = True
        self._pending = []
        # Read the end of the body after the last event, so that the connection can be kept alive.
        await self._events.drain()
        raise StopAsyncIteration

    async def _fill(self) -> None:
        if self._reading:
            raise UsageError("another task is reading this stream: only one task can read it at a time")
        self._reading = True
        try:
            data = await self._events.read()
            if data is None:
                self._check_end()
        except LiteLLMProxyError as error:
            await self.close()
            raise (error if self._error is error else self._with_partial(error)) from None
        except BaseException:
            # A cancelled read may have lost a part of the body, so the rest cannot be read.
            self._error = StreamError("the stream was closed because a read was cancelled")
            self._with_partial(self._error)
            await self.close()
            raise
        finally:
            self._reading = False
        if data is None:
            await self.close()
        elif not self._closed:  # another task may have closed the stream meanwhile
            self._pending = data[::-1]

    async def close(self) -> None:
        """Close the stream and release its connection. The proxy then stops the model and bills what it generated."""
        if not self._closed:
            self._closed = True
            self._pending = []
            if self._events.on_own_loop():
                await self._events.close()
            else:
                self._events.close_soon()

    aclose = close

    async def __aenter__(self: S) -> S:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def __del__(self) -> None:
        if not getattr(self, "_closed", True):  # missing if __init__ failed
            self._closed = True
            self._events.close_soon()


class Stream(_StreamBase[E], Iterator[E]):
    """The events of a streamed response, as they arrive.

    Leaving a loop early keeps the stream open: a second loop continues it. The end, an error, `close()`, leaving `with`
    and the garbage collection of the stream release its connection.
    """

    def __init__(self, events: EventStream) -> None:
        """Start reading. Must run on the background loop."""
        super().__init__(events)
        self._read_ahead = ReadAhead(events)
        self._lock = threading.Lock()
        self._pid = os.getpid()

    def __next__(self) -> E:
        if not self._lock.acquire(blocking=False):
            raise UsageError("another thread is reading this stream: only one thread can read it at a time")
        try:
            # Another thread may close the stream, which replaces the list.
            while not (pending := self._pending):
                if self._complete:
                    raise StopIteration
                if self._closed:
                    self._raise_closed()
                self._fill()
            data = pending.pop()
            if data == self._last_event:
                self._complete = True
                if pending:  # the read-ahead task stops only after a last event that ends a network read
                    self._close_soon()
                self._closed = True
                raise StopIteration
            return self._event_of(data)
        except (StopIteration, UsageError):
            raise
        except BaseException:  # also KeyboardInterrupt
            self._close_soon()
            raise
        finally:
            self._lock.release()

    def _fill(self) -> None:
        # After a fork, the connection and the task that reads it belong to the parent.
        if self._pid != os.getpid():
            raise StreamError("the stream belongs to the process that opened it; open a new one in this process")
        try:
            data = self._read_ahead.next()
        except UsageError:
            raise
        except LiteLLMProxyError as error:
            raise self._with_partial(error) from None
        except BaseException:
            # Ctrl-C interrupts the wait; the stream is closed, so a later read must not look like its end.
            self._with_partial(StreamError("the stream was closed because a read was interrupted"))
            raise
        if data is None:
            self._check_end()
            self._closed = True
        else:
            self._pending = data[::-1]
            if self._closed:  # by another thread, perhaps before the list was replaced
                self._pending = []

    def close(self) -> None:
        """Close the stream and release its connection. The proxy then stops the model and bills what it generated."""
        if not self._closed:
            self._closed = True
            self._pending = []
            if self._pid == os.getpid():
                background_loop.run(self._read_ahead.stop)

    def __enter__(self: S) -> S:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _close_soon(self) -> None:
        """Close the stream without waiting, for finalizers."""
        if not self._closed:
            self._closed = True
            self._pending = []
            if self._pid == os.getpid():
                self._read_ahead.cancel()

    def __del__(self) -> None:
        if hasattr(self, "_pid"):  # missing if __init__ failed
            self._close_soon()
