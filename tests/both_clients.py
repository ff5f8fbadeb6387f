"""One way to write a test for both faces: the plain `Client`, made awaitable."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any, cast

from litellm_proxy_client import AsyncClient, Client, Page, Stream
from litellm_proxy_client._clients.resource import SyncResource

_PLAIN_METHODS = {"with_options"}
_END = object()


def awaitable(client: Client) -> AsyncClient:
    """The plain client with every call in a worker thread, so that the tests of the asynchronous one run on it."""
    return cast("AsyncClient", _Awaitable(client))


class _Awaitable:
    def __init__(self, plain: Any) -> None:
        self._plain = plain

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._plain, name)
        if name in _PLAIN_METHODS:

            def plain(*args: Any, **options: Any) -> Any:
                return _wrap(value(*args, **options))

            return plain
        if name == "iter_text":
            return lambda: _over(value())
        if not callable(value):
            return _wrap(value)

        async def call(*args: Any, **options: Any) -> Any:
            return _wrap(await asyncio.to_thread(value, *args, **options))

        return call

    def __repr__(self) -> str:
        return repr(self._plain)

    def __len__(self) -> int:
        return len(self._plain)

    def __getitem__(self, index: Any) -> Any:
        return self._plain[index]

    def __aiter__(self) -> AsyncIterator[Any]:
        return _over(iter(self._plain))

    async def __anext__(self) -> Any:
        item = await asyncio.to_thread(next, self._plain, _END)
        if item is _END:
            raise StopAsyncIteration
        return item

    async def __aenter__(self) -> _Awaitable:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._plain.close)


def _wrap(value: Any) -> Any:
    return _Awaitable(value) if isinstance(value, (Client, Page, Stream, SyncResource)) else value


async def _over(items: Iterator[Any]) -> AsyncIterator[Any]:
    try:
        while (item := await asyncio.to_thread(next, items, _END)) is not _END:
            yield item
    finally:
        close = getattr(items, "close", None)
        if close is not None:
            await asyncio.to_thread(close)
