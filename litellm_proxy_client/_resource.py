"""What the generated resources of both faces stand on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from . import _portal
from ._call import Call, Calls, PageCall, Send, StreamCall
from ._page import AsyncPage, Page
from ._stream import AsyncStream, Stream

if TYPE_CHECKING:
    import httpx

    from ._transport import Transport

T = TypeVar("T")
C = TypeVar("C")


class AsyncResource:
    """A resource whose methods are awaited."""

    __slots__ = ("__dict__", "_transport")

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._transport.options.base_url}>"

    async def _call(self, call: Call[T], timeout: float | None, return_request: bool) -> T | httpx.Request:
        if return_request:
            return self._transport.prepare(call)
        return await self._transport.call(call, timeout)

    async def _call_or_stream(
        self, call: Call[T] | StreamCall[C], timeout: float | None, return_request: bool
    ) -> T | AsyncStream[C] | httpx.Request:
        if isinstance(call, Call):
            return await self._call(call, timeout, return_request)
        if return_request:
            return self._transport.prepare(call.call, stream=True)
        return AsyncStream(await self._transport.open(call, timeout), call.call.answer)

    async def _page(
        self, call: PageCall[T], timeout: float | None, return_request: bool
    ) -> AsyncPage[T] | httpx.Request:
        if return_request:
            return self._transport.prepare(call.call)
        fetch = partial(_fetch, self._transport, timeout)
        return AsyncPage(call, await fetch(call), fetch)

    async def _calls(self, calls: Calls[T], timeout: float | None, return_request: bool) -> T | list[httpx.Request]:
        if return_request:
            return [self._transport.prepare(call) for call in calls.calls]
        return await calls.run(self._transport.sender(timeout))

    async def _find_call(
        self, find: Callable[[Send], Awaitable[Call[T]]], timeout: float | None, return_request: bool
    ) -> T | httpx.Request:
        send = self._transport.sender(timeout)
        call = await find(send)
        if return_request:
            return self._transport.prepare(call)
        return await send(call)

    async def _find_calls(
        self, find: Callable[[Send], Awaitable[Calls[T]]], timeout: float | None, return_request: bool
    ) -> T | list[httpx.Request]:
        send = self._transport.sender(timeout)
        calls = await find(send)
        if return_request:
            return [self._transport.prepare(call) for call in calls.calls]
        return await calls.run(send)


class SyncResource:
    """A resource whose methods are called; each runs its asynchronous twin's coroutine on the background loop."""

    __slots__ = ("__dict__", "_transport", "_twin")

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._twin = AsyncResource(transport)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._transport.options.base_url}>"

    def _call(self, call: Call[T], timeout: float | None, return_request: bool) -> T | httpx.Request:
        if return_request:
            return self._transport.prepare(call)
        return _portal.run(lambda: self._transport.call(call, timeout))

    def _call_or_stream(
        self, call: Call[T] | StreamCall[C], timeout: float | None, return_request: bool
    ) -> T | Stream[C] | httpx.Request:
        if isinstance(call, Call):
            return self._call(call, timeout, return_request)
        if return_request:
            return self._transport.prepare(call.call, stream=True)

        async def open_stream() -> Stream[C]:
            return Stream(await self._transport.open(call, timeout), call.call.answer)

        return _portal.run(open_stream)

    def _page(self, call: PageCall[T], timeout: float | None, return_request: bool) -> Page[T] | httpx.Request:
        if return_request:
            return self._transport.prepare(call.call)
        fetch = partial(_fetch, self._transport, timeout)
        return Page(call, _portal.run(lambda: fetch(call)), fetch)

    def _calls(self, calls: Calls[T], timeout: float | None, return_request: bool) -> T | list[httpx.Request]:
        if return_request:
            return [self._transport.prepare(call) for call in calls.calls]
        return _portal.run(lambda: self._twin._calls(calls, timeout, False))  # pyright: ignore[reportPrivateUsage]

    def _find_call(
        self, find: Callable[[Send], Awaitable[Call[T]]], timeout: float | None, return_request: bool
    ) -> T | httpx.Request:
        return _portal.run(lambda: self._twin._find_call(find, timeout, return_request))  # pyright: ignore[reportPrivateUsage]

    def _find_calls(
        self, find: Callable[[Send], Awaitable[Calls[T]]], timeout: float | None, return_request: bool
    ) -> T | list[httpx.Request]:
        return _portal.run(lambda: self._twin._find_calls(find, timeout, return_request))  # pyright: ignore[reportPrivateUsage]


async def _fetch(transport: Transport, timeout: float | None, call: PageCall[Any]) -> Any:
    return await transport.call(call.call, timeout)
