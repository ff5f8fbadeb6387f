"""Streams of particular responses, with the value that their events add up to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

from ._clients.stream import AsyncStream, Stream
from .types.chat import ChatCompletionChunk
from .types.responses import ResponseStreamEvent

if TYPE_CHECKING:
    from .types.chat import ChatCompletion, CompletionUsage
    from .types.responses import Response


__all__ = ["AsyncChatCompletionStream", "AsyncResponseStream", "ChatCompletionStream", "ResponseStream"]


class _Completion:
    """The value of a stream of chunks."""

    if TYPE_CHECKING:

        def _value(self) -> object: ...

    @property
    def completion(self) -> ChatCompletion:
        """The partial completion, complete at the end of the stream: text, tool calls, reasoning, of every choice.

        Reading it takes about as long as reading the chunks that have arrived since the last time.
        """
        return cast("ChatCompletion", self._value())

    @property
    def usage(self) -> CompletionUsage | None:
        """The token usage, at the end of the stream; `None` before, or if the proxy did not send it."""
        return self.completion.usage

    @property
    def cost(self) -> float | None:
        """The cost in USD, at the end of the stream; `None` before, or for a model without a price."""
        usage = self.usage
        return None if usage is None else usage.cost


class _Response:
    """The value of a stream of the Responses API."""

    if TYPE_CHECKING:

        def _value(self) -> object: ...

    @property
    def response(self) -> Response:
        """The partial response, complete at the end of the stream."""
        return cast("Response", self._value())


class ChatCompletionStream(_Completion, Stream[ChatCompletionChunk]):
    """The chunks of a streamed completion, as they arrive.

    Close it, or use it in `with`, unless it is read to its end.
    """

    def iter_text(self) -> Iterator[str]:
        """Iterate over the text of the first choice, piece by piece."""
        return filter(None, map(_text_of, self))

    def get_final_completion(self) -> ChatCompletion:
        """Read the stream to its end and return the complete completion.

        Raises:
            StreamError: The stream broke; the error's `partial` is the partial completion.
            UsageError: The stream was closed before its end.
        """
        for _ in self:
            pass
        return self.completion


class AsyncChatCompletionStream(_Completion, AsyncStream[ChatCompletionChunk]):
    """The chunks of a streamed completion, as they arrive.

    Close it, or use it in `async with`, unless it is read to its end.
    """

    def iter_text(self) -> AsyncIterator[str]:
        """Iterate over the text of the first choice, piece by piece."""
        return _AsyncTextIterator(self, _text_of)

    async def get_final_completion(self) -> ChatCompletion:
        """Read the stream to its end and return the complete completion.

        Raises:
            StreamError: The stream broke; the error's `partial` is the partial completion.
            UsageError: The stream was closed before its end.
        """
        async for _ in self:
            pass
        return self.completion


class ResponseStream(_Response, Stream[ResponseStreamEvent]):
    """The events of a streamed response of the Responses API, as they arrive.

    Close it, or use it in `with`, unless it is read to its end.
    """

    def iter_text(self) -> Iterator[str]:
        """Iterate over the text of the output, piece by piece."""
        return filter(None, map(_output_text_of, self))

    def get_final_response(self) -> Response:
        """Read the stream to its end and return the response, which may be `incomplete`.

        Raises:
            StreamError: The stream broke or the response failed; the error's `partial` is the partial response.
            UsageError: The stream was closed before its end.
        """
        for _ in self:
            pass
        return self.response


class AsyncResponseStream(_Response, AsyncStream[ResponseStreamEvent]):
    """The events of a streamed response of the Responses API, as they arrive.

    Close it, or use it in `async with`, unless it is read to its end.
    """

    def iter_text(self) -> AsyncIterator[str]:
        """Iterate over the text of the output, piece by piece."""
        return _AsyncTextIterator(self, _output_text_of)

    async def get_final_response(self) -> Response:
        """Read the stream to its end and return the response, which may be `incomplete`.

        Raises:
            StreamError: The stream broke or the response failed; the error's `partial` is the partial response.
            UsageError: The stream was closed before its end.
        """
        async for _ in self:
            pass
        return self.response


class _AsyncTextIterator(AsyncIterator[str]):
    """An iterator over the texts of a stream's events."""

    __slots__ = ("_stream", "_text_of")

    def __init__(self, stream: AsyncStream[Any], text_of: Callable[[Any], str | None]) -> None:
        self._stream = stream
        self._text_of = text_of

    async def __anext__(self) -> str:
        # Skip events without text, such as a chunk with only a role, a finish reason or usage.
        while not (text := self._text_of(await self._stream.__anext__())):
            pass
        return text


def _text_of(chunk: object) -> str | None:
    """Return the text of the first choice in a chunk, if there is any."""
    # A field that did not match its type was kept as sent, so every attribute may be missing or of another type.
    choices = getattr(chunk, "choices", None)
    first = choices[0] if choices else None
    if first is None or getattr(first, "index", 0) != 0:
        return None
    text = getattr(getattr(first, "delta", None), "content", None)
    return text if isinstance(text, str) else None


def _output_text_of(event: ResponseStreamEvent) -> str | None:
    """Return the piece of text in an event, if it has any."""
    return event.delta if event.type == "response.output_text.delta" and isinstance(event.delta, str) else None
