"""The connections of a client: one `httpx.AsyncClient` an event loop, made when the loop first needs one."""

from __future__ import annotations

import asyncio
import sys
import weakref
from collections.abc import AsyncGenerator
from contextlib import suppress
from types import AsyncGeneratorType
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

from .exceptions import UsageError, UsageTypeError

if TYPE_CHECKING:
    import ssl

    import httpx

# As many as the proxy accepts; a pool smaller than the load makes calls wait for each other.
MAX_CONNECTIONS = 1000
MAX_KEEPALIVE_CONNECTIONS = 100
# uvicorn, which serves the proxy, drops idle connections after 5 seconds by default.
KEEPALIVE_EXPIRY = 4.0


class Connections:
    """Connections shared by a client and its `with_options` copies.

    Connections belong to the event loop that made them, so each loop has its own: that is what lets one client
    be used by `asyncio.run` again and again. A loop that ends takes its connections with it.

    Attributes:
        closed: Whether the connections were closed, and are not to be used again.
    """

    def __init__(
        self,
        *,
        http_client: httpx.AsyncClient | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        limits: httpx.Limits | None = None,
        verify: ssl.SSLContext | str | bool = True,
    ) -> None:
        import httpx

        if http_client is not None and not isinstance(http_client, httpx.AsyncClient):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise UsageTypeError(
                f"http_client must be an httpx.AsyncClient, not {_name(http_client)}: "
                "both faces send their requests with asynchronous connections"
            )
        if transport is not None and not isinstance(transport, httpx.AsyncBaseTransport):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise UsageTypeError(f"transport must be an httpx.AsyncBaseTransport, not {_name(transport)}")
        if http_client is not None and (transport is not None or limits is not None or verify is not True):
            raise UsageError("transport, limits and verify belong to the http_client where one is given")
        self._given = http_client
        self._transport = transport
        self._limits = limits
        self._verify = verify
        self._by_loop: WeakKeyDictionary[object, _Owned] = WeakKeyDictionary()
        self.closed = False

    def current(self) -> httpx.AsyncClient:
        """The running loop's client."""
        if self.closed:
            raise UsageError("the client is closed")
        if self._given is not None:
            return self._given
        loop = current_loop()
        owned = self._by_loop.get(loop)
        if owned is None:
            for ended in [other for other, its in self._by_loop.items() if its.closed]:
                self._by_loop.pop(ended).let_go()
            owned = self._by_loop[loop] = _Owned(self, self._make(), loop)
        return owned.client

    def build_request(self, method: str, url: str, **options: Any) -> httpx.Request:
        """A request, with the headers and cookies of an `http_client` that was given."""
        import httpx

        make = httpx.Request if self._given is None else self._given.build_request
        return make(method, url, **options)

    def _make(self) -> httpx.AsyncClient:
        import httpx

        limits = self._limits or httpx.Limits(
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_KEEPALIVE_CONNECTIONS,
            keepalive_expiry=KEEPALIVE_EXPIRY,
        )
        return httpx.AsyncClient(transport=self._transport, limits=limits, verify=self._verify)

    async def aclose(self) -> None:
        """Close the running loop's connections, or the `http_client` that was given."""
        self.closed = True
        if self._given is not None:
            await self._given.aclose()
        elif owned := self._by_loop.pop(current_loop(), None):
            await owned.aclose()


class _Owned:
    """An `httpx.AsyncClient` that is closed on its own loop: when its owner says so, ends, or when the loop ends."""

    __slots__ = ("_finalizer", "_keeper", "client")

    def __init__(self, owner: Connections, client: httpx.AsyncClient, loop: object) -> None:
        self.client = client
        # An event loop closes the asynchronous generators that were begun on it before it ends.
        self._keeper = cast("AsyncGeneratorType[None, None]", _keep(client))
        with suppress(StopIteration):
            self._keeper.asend(None).send(None)
        # The finalizer keeps the connections until they are closed: collected with their owner, they would complain.
        self._finalizer = weakref.finalize(owner, _close_soon, self._keeper, loop)
        self._finalizer.atexit = False

    @property
    def closed(self) -> bool:
        return self._keeper.ag_frame is None

    async def aclose(self) -> None:
        self.let_go()
        await self._keeper.aclose()

    def let_go(self) -> None:
        self._finalizer.detach()


async def _keep(client: httpx.AsyncClient) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        await client.aclose()


def _close_soon(keeper: AsyncGenerator[None, None], loop: object) -> None:
    """Close connections whose owner was collected, from any thread; under trio its user must close a client."""
    if isinstance(loop, asyncio.AbstractEventLoop) and not sys.is_finalizing():
        with suppress(RuntimeError):  # the loop is closed, and the connections with it
            loop.call_soon_threadsafe(lambda: asyncio.ensure_future(keeper.aclose()))


def current_loop() -> object:
    """What stands for the running event loop, of asyncio or of trio."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        from trio.lowlevel import current_trio_token

        return current_trio_token()


def _name(value: object) -> str:
    kind = type(value)
    return f"{kind.__module__.partition('.')[0]}.{kind.__qualname__}"
