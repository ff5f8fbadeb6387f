"""Streams of chunks: `AsyncStream` for `async for`, `Stream` for `for`."""

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
    """What both faces of a stream share: all but the waiting."""

    def __init__(self, events: EventStream, chunk: type[T]) -> None:
        self._events = events
        self._chunk = chunk
        self._read_chunk = reader(chunk)
        self._pending: list[bytes] = []  # the next one last
        self._kept: list[bytes] = []
        self._count = 0
        self._accumulator: Accumulator | None = None
        self._done = False
        self._closed = False
        self._failure: BaseException | None = None

    def __repr__(self) -> str:
        state = "closed" if self._closed else "open"
        return f"<{type(self).__name__} {state}, {self._count} chunks>"

    @property
    def proxy(self) -> ProxyInfo:
        """What the proxy said in the head of the response, known at once: model, call id, limits.

        A stream's head comes before its cost is known; see `cost`.
        """
        return self._events.proxy

    @property
    def completion(self) -> ChatCompletion:
        """The completion as far as it has come: text, tool calls, reasoning, of every choice.

        Reading it costs about as much as reading the chunks that have come since it was last read.
        """
        return self._accumulated().completion()

    @property
    def usage(self) -> CompletionUsage | None:
        """The tokens used, once the stream has ended; `None` before, or where the proxy did not send it."""
        return self.completion.usage

    @property
    def cost(self) -> float | None:
        """The cost in US dollars, once the stream has ended; `None` before, or for a model without a price."""
        usage = self.usage
        return None if usage is None else usage.cost

    def _take(self, data: bytes) -> T | None:
        """The chunk in an event; `None` for the `[DONE]` that ends the stream well."""
        if data == DONE:
            self._done = True
            return None
        try:
            if ERROR in data:
                self._events.raise_for_error(data)
            chunk = self._read_chunk(data)
        except LiteLLMProxyError as error:
            raise self._with_partial(error) from None
        except ValueError:
            chunk = self._unfit(data)
        self._count += 1
        self._kept.append(data)
        return chunk

    def _unfit(self, data: bytes) -> T:
        """A chunk that is not quite what it should be."""
        try:
            return self._events.parse(self._chunk, data)
        except LiteLLMProxyError as error:
            raise self._with_partial(error) from None

    def _check_end(self) -> None:
        """The body ended without `[DONE]`: well only if every choice was finished."""
        if self._events.cut_short or not self._finished():
            text = "the stream ended without [DONE] before every choice was finished"
            raise self._with_partial(self._events.truncated(text))
        self._done = True

    def _finished(self) -> bool:
        return self._accumulated().finished

    def _accumulated(self) -> Accumulator:
        # Chunks are kept as bytes and put together when asked for: most streams are never asked.
        if self._accumulator is None:
            self._accumulator = Accumulator()
        kept, self._kept = self._kept, []
        for data in kept:
            self._accumulator.add(parse(self._chunk, data, strict=False))  # type: ignore[arg-type]
        return self._accumulator

    def _with_partial(self, error: LiteLLMProxyError) -> LiteLLMProxyError:
        error.partial = self.completion if self._count else None
        error.chunks = self._count
        self._failure = error
        return error

    def _final(self) -> ChatCompletion:
        if not self._done:
            raise UsageError("the stream was closed before its end; `completion` holds what had come")
        return self.completion


class AsyncStream(_StreamBase[T]):
    """The chunks of an answer, as they come.

    Iterate over it, once. Leaving the loop early, leaving `async with`, and `close()` all free the connection.
    """

    def __aiter__(self) -> AsyncIterator[T]:
        return _Loop(self)

    def __anext__(self) -> Coroutine[Any, Any, T]:
        return self._next(self)

    async def _next(self, _user: object) -> T:
        """The next chunk; whoever asked is kept meanwhile, since a loop that is dropped ends the stream."""
        try:
            while not self._pending:
                if self._failure is not None:
                    raise self._failure.with_traceback(None)
                if self._done or self._closed:
                    raise StopAsyncIteration
                await self._fill()
            chunk = self._take(self._pending.pop())
        except StopAsyncIteration:
            raise
        except BaseException:
            await self.close()
            raise
        if chunk is not None:
            return chunk
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
        """The text of the first choice alone, piece by piece."""
        return _AsyncText(self)

    async def get_final_completion(self) -> ChatCompletion:
        """Read to the end and return the whole completion.

        Raises:
            StreamError: The stream broke; what had come is the error's `partial`.
        """
        async for _ in self:
            pass
        return self._final()

    async def close(self) -> None:
        """Free the connection. The proxy then stops the model and bills what it had produced."""
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

    def _abandon(self) -> None:
        if not self._closed:
            self._closed = True
            self._pending.clear()
            self._events.abandon()

    def __del__(self) -> None:
        if hasattr(self, "_closed"):
            self._abandon()


class _Loop(AsyncIterator[T]):
    """One `async for` over a stream: when the loop drops it, the stream is over."""

    __slots__ = ("_stream",)

    def __init__(self, stream: AsyncStream[T]) -> None:
        self._stream = stream

    def __anext__(self) -> Coroutine[Any, Any, T]:
        return self._stream._next(self)  # pyright: ignore[reportPrivateUsage]

    def __del__(self) -> None:
        self._stream._abandon()  # pyright: ignore[reportPrivateUsage]


class _AsyncText(AsyncIterator[str]):
    """The texts in a stream's chunks."""

    __slots__ = ("_chunks",)

    def __init__(self, stream: AsyncStream[Any]) -> None:
        self._chunks = aiter(stream)

    async def __anext__(self) -> str:
        while not (text := _text_of(await self._chunks.__anext__())):
            pass
        return text


class Stream(_StreamBase[T]):
    """The chunks of an answer, as they come.

    Iterate over it, once. Leaving the loop early, leaving `with`, and `close()` all free the connection.
    """

    def __init__(self, events: EventStream, chunk: type[T]) -> None:
        """Begin to read; runs on the background loop."""
        super().__init__(events, chunk)
        self._pump = ReadAhead(events)
        self._process = os.getpid()

    def __iter__(self) -> Iterator[T]:
        try:
            while True:
                try:
                    chunk = self.__next__()
                except StopIteration:
                    return
                yield chunk
        finally:
            self._abandon()

    def __next__(self) -> T:
        try:
            while not self._pending:
                if self._failure is not None:
                    raise self._failure.with_traceback(None)
                if self._done or self._closed:
                    raise StopIteration
                self._fill()
            chunk = self._take(self._pending.pop())
        except StopIteration:
            raise
        except BaseException:
            self._abandon()
            raise
        if chunk is not None:
            return chunk
        self._closed = True
        raise StopIteration

    def _fill(self) -> None:
        if self._process != os.getpid():
            raise StreamError("the stream belongs to the process that opened it; open another one in this process")
        try:
            data = self._pump.next()
        except LiteLLMProxyError as error:
            raise self._with_partial(error) from None
        if data is None:
            self._check_end()
            self._closed = True
        else:
            self._pending = data[::-1]

    def iter_text(self) -> Iterator[str]:
        """The text of the first choice alone, piece by piece."""
        for chunk in self:
            if text := _text_of(chunk):
                yield text

    def get_final_completion(self) -> ChatCompletion:
        """Read to the end and return the whole completion.

        Raises:
            StreamError: The stream broke; what had come is the error's `partial`.
        """
        for _ in self:
            pass
        return self._final()

    def close(self) -> None:
        """Free the connection. The proxy then stops the model and bills what it had produced."""
        if not self._closed:
            self._closed = True
            self._pending.clear()
            if self._process == os.getpid():
                background_loop.run(self._pump.stop)

    def __enter__(self: S) -> S:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _abandon(self) -> None:
        if not self._closed:
            self._closed = True
            self._pending.clear()
            if self._process == os.getpid():
                self._pump.cancel()

    def __del__(self) -> None:
        if hasattr(self, "_process"):
            self._abandon()


def _text_of(chunk: object) -> str | None:
    choices = getattr(chunk, "choices", None)
    first = choices[0] if choices else None
    if first is None or getattr(first, "index", 0) != 0:
        return None
    text = getattr(getattr(first, "delta", None), "content", None)
    return text if isinstance(text, str) else None
