"""Streams of chunks: the asynchronous `AsyncStream` and the synchronous `Stream`."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Coroutine, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .._runtime import background_loop
from .._runtime.event_stream import DONE, ERROR, EventStream
from .._runtime.read_ahead import ReadAhead
from .._streams.chat import Accumulator
from ..exceptions import LiteLLMProxyError, StreamError, UsageError
from ..types._lenient import parse, reader
from ..types.proxy import ProxyInfo

if TYPE_CHECKING:
    from ..types.chat import ChatCompletion, CompletionUsage

T = TypeVar("T")
S = TypeVar("S", bound="_StreamBase[Any]")


class _StreamBase(Generic[T]):
    """The base class of sync and async streams: everything except waiting for data."""

    def __init__(self, events: EventStream, chunk_type: type[T]) -> None:
        self._events = events
        self._chunk_type = chunk_type
        self._parse_chunk = reader(chunk_type)
        self._pending: list[bytes] = []  # in reverse order, because only the end of a list is cheap to remove
        self._unaccumulated: list[bytes] = []
        self._count = 0
        self._accumulator: Accumulator | None = None
        self._done = False
        self._closed = False
        self._error: BaseException | None = None  # raised again by every later reading

    def __repr__(self) -> str:
        state = "closed" if self._closed else "open"
        return f"<{type(self).__name__} {state}, {self._count} chunks>"

    @property
    def proxy(self) -> ProxyInfo:
        """The information in the response headers, available at once: model, call id, limits.

        The headers of a stream are sent before its cost is known; see `cost`.
        """
        return self._events.proxy

    @property
    def completion(self) -> ChatCompletion:
        """The partial completion, complete at the end of the stream: text, tool calls, reasoning, of every choice.

        Reading it takes about as long as reading the chunks that have arrived since the last time.
        """
        return self._accumulated().completion()

    @property
    def usage(self) -> CompletionUsage | None:
        """The token usage, at the end of the stream; `None` before, or if the proxy did not send it."""
        return self.completion.usage

    @property
    def cost(self) -> float | None:
        """The cost in USD, at the end of the stream; `None` before, or for a model without a price."""
        usage = self.usage
        return None if usage is None else usage.cost

    def _chunk_of(self, data: bytes) -> T | None:
        """Return the chunk in an event; `None` for `[DONE]`, the regular end of the stream."""
        if data == DONE:
            self._done = True
            return None
        try:
            # Search the bytes first, since parsing every event twice would be slow.
            if ERROR in data:
                self._events.raise_for_error(data)
            chunk = self._parse_chunk(data)
        except LiteLLMProxyError as error:
            raise self._with_partial(error) from None
        except ValueError:
            chunk = self._parse_leniently(data)
        self._count += 1
        self._unaccumulated.append(data)
        return chunk

    def _parse_leniently(self, data: bytes) -> T:
        """Parse a chunk that does not match its model: the slow path, which keeps what was sent."""
        try:
            return self._events.parse(self._chunk_type, data)
        except LiteLLMProxyError as error:
            raise self._with_partial(error) from None

    def _check_end(self) -> None:
        """Raise an error if the body ended without `[DONE]` before every choice had a finish reason."""
        if self._events.cut_short or not self._finished():
            message = "the stream ended without [DONE] before every choice had a finish reason"
            raise self._with_partial(self._events.truncated(message))
        self._done = True

    def _finished(self) -> bool:
        return self._accumulated().finished

    def _accumulated(self) -> Accumulator:
        # Keep chunks as bytes and accumulate them on demand: the completion of most streams is never read.
        if self._accumulator is None:
            self._accumulator = Accumulator()
        chunks, self._unaccumulated = self._unaccumulated, []
        for data in chunks:
            self._accumulator.add(parse(self._chunk_type, data, strict=False))  # type: ignore[arg-type]
        return self._accumulator

    def _with_partial(self, error: LiteLLMProxyError) -> LiteLLMProxyError:
        # Before the first chunk no completion exists, not even an empty one.
        error.partial = self.completion if self._count else None
        error.chunks = self._count
        self._error = error
        return error

    def _final_completion(self) -> ChatCompletion:
        if not self._done:
            raise UsageError("the stream was closed before its end; `completion` is the partial completion")
        return self.completion


class AsyncStream(_StreamBase[T]):
    """The chunks of a streamed response, as they arrive.

    Iterate over it once. Leaving the loop early, leaving `async with`, and `close()` all release the connection.
    """

    # Not an async generator: its cleanup after an early exit would wait for the garbage collector and could run on
    # another thread. `_AsyncIterator` has a synchronous finalizer, which only schedules the cleanup.
    def __aiter__(self) -> AsyncIterator[T]:
        return _AsyncIterator(self)

    def __anext__(self) -> Coroutine[Any, Any, T]:
        return self._next(self)

    async def _next(self, _user: object) -> T:
        """Return the next chunk. `_user` keeps the iterator alive: its finalizer would close the stream."""
        try:
            while not self._pending:
                if self._error is not None:
                    # A traceback grows each time the error is raised again.
                    raise self._error.with_traceback(None)
                if self._done or self._closed:
                    raise StopAsyncIteration
                await self._fill()
            chunk = self._chunk_of(self._pending.pop())
        except StopAsyncIteration:
            raise
        except BaseException:  # also cancellation
            await self.close()
            raise
        if chunk is not None:
            return chunk
        # Read the end of the body after [DONE], so that the connection can be kept alive.
        await self._events.drain()
        self._closed = True
        raise StopAsyncIteration

    async def _fill(self) -> None:
        try:
            data = await self._events.read()
        except LiteLLMProxyError as error:
            raise self._with_partial(error) from None
        if data is None:
            self._check_end()
            await self.close()
        else:
            self._pending = data[::-1]

    def iter_text(self) -> AsyncIterator[str]:
        """Iterate over the text of the first choice, piece by piece."""
        return _AsyncTextIterator(self)

    async def get_final_completion(self) -> ChatCompletion:
        """Read the stream to its end and return the complete completion.

        Raises:
            StreamError: The stream broke; the error's `partial` is the partial completion.
        """
        async for _ in self:
            pass
        return self._final_completion()

    async def close(self) -> None:
        """Close the stream and release its connection. The proxy then stops the model and bills what it generated."""
        if not self._closed:
            self._closed = True
            self._pending.clear()
            await self._events.close()

    aclose = close

    async def __aenter__(self: S) -> S:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def _close_soon(self) -> None:
        """Close the stream without waiting, for finalizers."""
        if not self._closed:
            self._closed = True
            self._pending.clear()
            self._events.close_soon()

    def __del__(self) -> None:
        if hasattr(self, "_closed"):  # missing if __init__ failed
            self._close_soon()


class _AsyncIterator(AsyncIterator[T]):
    """The iterator of one `async for` over a stream. Its finalizer closes the stream when the loop is left early."""

    __slots__ = ("_stream",)

    def __init__(self, stream: AsyncStream[T]) -> None:
        self._stream = stream

    def __anext__(self) -> Coroutine[Any, Any, T]:
        return self._stream._next(self)  # pyright: ignore[reportPrivateUsage]

    def __del__(self) -> None:
        self._stream._close_soon()  # pyright: ignore[reportPrivateUsage]


class _AsyncTextIterator(AsyncIterator[str]):
    """An iterator over the texts of a stream's chunks."""

    __slots__ = ("_chunks",)

    def __init__(self, stream: AsyncStream[Any]) -> None:
        self._chunks = aiter(stream)

    async def __anext__(self) -> str:
        # Skip chunks without text: the first one has only a role, the last one only a finish reason or usage.
        while not (text := _text_of(await self._chunks.__anext__())):
            pass
        return text


class Stream(_StreamBase[T]):
    """The chunks of a streamed response, as they arrive.

    Iterate over it once. Leaving the loop early, leaving `with`, and `close()` all release the connection.
    """

    def __init__(self, events: EventStream, chunk_type: type[T]) -> None:
        """Start reading. Must run on the background loop."""
        super().__init__(events, chunk_type)
        self._read_ahead = ReadAhead(events)
        self._pid = os.getpid()

    def __iter__(self) -> Iterator[T]:
        # A generator: leaving the loop early finalizes it, which runs the `finally` block.
        try:
            while True:
                try:
                    chunk = self.__next__()
                except StopIteration:
                    return
                yield chunk
        finally:
            self._close_soon()

    def __next__(self) -> T:
        try:
            while not self._pending:
                if self._error is not None:
                    raise self._error.with_traceback(None)
                if self._done or self._closed:
                    raise StopIteration
                self._fill()
            chunk = self._chunk_of(self._pending.pop())
        except StopIteration:
            raise
        except BaseException:  # also KeyboardInterrupt
            self._close_soon()
            raise
        if chunk is not None:
            return chunk
        self._closed = True
        raise StopIteration

    def _fill(self) -> None:
        # After a fork, the connection and the task that reads it belong to the parent.
        if self._pid != os.getpid():
            raise StreamError("the stream belongs to the process that opened it; open a new one in this process")
        try:
            data = self._read_ahead.next()
        except LiteLLMProxyError as error:
            raise self._with_partial(error) from None
        if data is None:
            self._check_end()
            self._closed = True
        else:
            self._pending = data[::-1]

    def iter_text(self) -> Iterator[str]:
        """Iterate over the text of the first choice, piece by piece."""
        for chunk in self:
            if text := _text_of(chunk):
                yield text

    def get_final_completion(self) -> ChatCompletion:
        """Read the stream to its end and return the complete completion.

        Raises:
            StreamError: The stream broke; the error's `partial` is the partial completion.
        """
        for _ in self:
            pass
        return self._final_completion()

    def close(self) -> None:
        """Close the stream and release its connection. The proxy then stops the model and bills what it generated."""
        if not self._closed:
            self._closed = True
            self._pending.clear()
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
            self._pending.clear()
            if self._pid == os.getpid():
                self._read_ahead.cancel()

    def __del__(self) -> None:
        if hasattr(self, "_pid"):  # missing if __init__ failed
            self._close_soon()


def _text_of(chunk: object) -> str | None:
    """Return the text of the first choice in a chunk, if there is any."""
    # A field that did not match its type was kept as sent, so every attribute may be missing or of another type.
    choices = getattr(chunk, "choices", None)
    first = choices[0] if choices else None
    if first is None or getattr(first, "index", 0) != 0:
        return None
    text = getattr(getattr(first, "delta", None), "content", None)
    return text if isinstance(text, str) else None
