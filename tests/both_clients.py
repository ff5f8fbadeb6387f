"""An adapter that makes the sync `Client` awaitable, so that each test is written once for both clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any, cast

from litellm_proxy_client import AsyncClient, Client, Page, Stream
from litellm_proxy_client._clients.resource import SyncResource

_NOT_AWAITED = {"with_options"}
_END = object()


def awaitable(client: Client) -> AsyncClient:
    """Return an awaitable wrapper of the sync client: each call runs in a worker thread, so async tests run on it."""
    return cast("AsyncClient", _Awaitable(client))


class _Awaitable:
    def __init__(self, wrapped: Any) -> None:
        self._wrapped = wrapped

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._wrapped, name)
        if name in _NOT_AWAITED:

            def call_directly(*args: Any, **options: Any) -> Any:
                return _wrap(value(*args, **options))

            return call_directly
        if name == "iter_text":
            return lambda: _iterate(value())
        if not callable(value):
            return _wrap(value)

        async def call(*args: Any, **options: Any) -> Any:
            return _wrap(await asyncio.to_thread(value, *args, **options))

        return call

    def __repr__(self) -> str:
        return repr(self._wrapped)

    def __len__(self) -> int:
        return len(self._wrapped)

    def __getitem__(self, index: Any) -> Any:
        return self._wrapped[index]

    def __aiter__(self) -> AsyncIterator[Any]:
        return _iterate(iter(self._wrapped))

    async def __anext__(self) -> Any:
        item = await asyncio.to_thread(next, self._wrapped, _END)
        if item is _END:
            raise StopAsyncIteration
        return item

    async def __aenter__(self) -> _Awaitable:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._wrapped.close)


def _wrap(value: Any) -> Any:
    return _Awaitable(value) if isinstance(value, (Client, Page, Stream, SyncResource)) else value


async def _iterate(items: Iterator[Any]) -> AsyncIterator[Any]:
    while (item := await asyncio.to_thread(next, items, _END)) is not _END:
        yield item
