"""What the generated resources of both faces stand on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from .._runtime import background_loop
from .._wire.operation import MultiStepOperation, Operation, PageOperation, Send, StreamOperation
from .page import AsyncPage, Page
from .stream import AsyncStream, Stream

if TYPE_CHECKING:
    import httpx

    from .._runtime.executor import RequestExecutor

T = TypeVar("T")
C = TypeVar("C")


class AsyncResource:
    """A resource whose methods are awaited."""

    __slots__ = ("__dict__", "_executor")

    def __init__(self, transport: RequestExecutor) -> None:
        self._executor = transport

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._executor.options.base_url}>"

    async def _call(self, call: Operation[T], timeout: float | None, return_request: bool) -> T | httpx.Request:
        if return_request:
            return self._executor.prepare(call)
        return await self._executor.call(call, timeout)

    async def _call_or_stream(
        self, call: Operation[T] | StreamOperation[C], timeout: float | None, return_request: bool
    ) -> T | AsyncStream[C] | httpx.Request:
        if isinstance(call, Operation):
            return await self._call(call, timeout, return_request)
        if return_request:
            return self._executor.prepare(call.operation, stream=True)
        return AsyncStream(await self._executor.open(call, timeout), call.operation.response_type)

    async def _page(
        self, call: PageOperation[T], timeout: float | None, return_request: bool
    ) -> AsyncPage[T] | httpx.Request:
        if return_request:
            return self._executor.prepare(call.operation)
        fetch = partial(_fetch, self._executor, timeout)
        return AsyncPage(call, await fetch(call), fetch)

    async def _calls(
        self, calls: MultiStepOperation[T], timeout: float | None, return_request: bool
    ) -> T | list[httpx.Request]:
        if return_request:
            return [self._executor.prepare(call) for call in calls.operations]
        return await calls.run(self._executor.sender(timeout))

    async def _find_call(
        self, find: Callable[[Send], Awaitable[Operation[T]]], timeout: float | None, return_request: bool
    ) -> T | httpx.Request:
        send = self._executor.sender(timeout)
        call = await find(send)
        if return_request:
            return self._executor.prepare(call)
        return await send(call)

    async def _find_calls(
        self, find: Callable[[Send], Awaitable[MultiStepOperation[T]]], timeout: float | None, return_request: bool
    ) -> T | list[httpx.Request]:
        send = self._executor.sender(timeout)
        calls = await find(send)
        if return_request:
            return [self._executor.prepare(call) for call in calls.operations]
        return await calls.run(send)


class SyncResource:
    """A resource whose methods are called; each runs its asynchronous twin's coroutine on the background loop."""

    __slots__ = ("__dict__", "_async", "_executor")

    def __init__(self, transport: RequestExecutor) -> None:
        self._executor = transport
        self._async = AsyncResource(transport)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._executor.options.base_url}>"

    def _call(self, call: Operation[T], timeout: float | None, return_request: bool) -> T | httpx.Request:
        if return_request:
            return self._executor.prepare(call)
        return background_loop.run(lambda: self._executor.call(call, timeout))

    def _call_or_stream(
        self, call: Operation[T] | StreamOperation[C], timeout: float | None, return_request: bool
    ) -> T | Stream[C] | httpx.Request:
        if isinstance(call, Operation):
            return self._call(call, timeout, return_request)
        if return_request:
            return self._executor.prepare(call.operation, stream=True)

        async def open_stream() -> Stream[C]:
            return Stream(await self._executor.open(call, timeout), call.operation.response_type)

        return background_loop.run(open_stream)

    def _page(self, call: PageOperation[T], timeout: float | None, return_request: bool) -> Page[T] | httpx.Request:
        if return_request:
            return self._executor.prepare(call.operation)
        fetch = partial(_fetch, self._executor, timeout)
        return Page(call, background_loop.run(lambda: fetch(call)), fetch)

    def _calls(
        self, calls: MultiStepOperation[T], timeout: float | None, return_request: bool
    ) -> T | list[httpx.Request]:
        if return_request:
            return [self._executor.prepare(call) for call in calls.operations]
        return background_loop.run(lambda: self._async._calls(calls, timeout, False))  # pyright: ignore[reportPrivateUsage]

    def _find_call(
        self, find: Callable[[Send], Awaitable[Operation[T]]], timeout: float | None, return_request: bool
    ) -> T | httpx.Request:
        return background_loop.run(lambda: self._async._find_call(find, timeout, return_request))  # pyright: ignore[reportPrivateUsage]

    def _find_calls(
        self, find: Callable[[Send], Awaitable[MultiStepOperation[T]]], timeout: float | None, return_request: bool
    ) -> T | list[httpx.Request]:
        return background_loop.run(lambda: self._async._find_calls(find, timeout, return_request))  # pyright: ignore[reportPrivateUsage]


async def _fetch(transport: RequestExecutor, timeout: float | None, call: PageOperation[Any]) -> Any:
    return await transport.call(call.operation, timeout)
