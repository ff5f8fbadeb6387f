"""The connections of a client: a pool for each event loop, made when the loop first needs it."""

from __future__ import annotations

import asyncio
import os
import sys
import weakref
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from types import AsyncGeneratorType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast
from weakref import WeakKeyDictionary

from .._wire.retry import RetryBudget
from ..exceptions import UsageError, UsageTypeError

if TYPE_CHECKING:
    import ssl

    import httpx

TransportName: TypeAlias = 'Literal["aiohttp", "httpx"]'
_NAMES = ("aiohttp", "httpx")

# As many as the proxy accepts; a pool smaller than the load makes calls wait for each other.
MAX_CONNECTIONS = 1000
# Of httpx's own pool, in which each idle connection makes each call slower.
MAX_KEEPALIVE_CONNECTIONS = 100
# uvicorn, which serves the proxy, drops idle connections after 5 seconds by default.
KEEPALIVE_EXPIRY = 4.0


class ConnectionPools:
    """Connections shared by a client and its `with_options` copies, and what they may spend on retries.

    Connections belong to the event loop that made them, so each loop has its own: that is what lets one client
    be used by `asyncio.run` again and again. A loop that ends takes its connections with it.

    Attributes:
        closed: Whether the connections were closed, and are not to be used again.
        budget: What limits the retries of all calls together.
    """

    def __init__(
        self,
        http_client: httpx.AsyncClient | None = None,
        transport: httpx.AsyncBaseTransport | TransportName | None = None,
        limits: httpx.Limits | None = None,
        verify: ssl.SSLContext | str | bool = True,
    ) -> None:
        if http_client is not None or not (transport is None or isinstance(transport, str)):
            import httpx

            if http_client is not None and not isinstance(http_client, httpx.AsyncClient):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise UsageTypeError(
                    f"http_client must be an httpx.AsyncClient, not {_name(http_client)}: "
                    "both faces send their requests with asynchronous connections"
                )
            if not (transport is None or isinstance(transport, (httpx.AsyncBaseTransport, str))):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise UsageTypeError(
                    f"transport must be 'aiohttp', 'httpx' or an httpx.AsyncBaseTransport, not {_name(transport)}"
                )
        if http_client is not None and (transport is not None or limits is not None or verify is not True):
            raise UsageError("transport, limits and verify belong to the http_client where one is given")
        self._given = http_client
        self._transport: httpx.AsyncBaseTransport | TransportName | None = transport
        if http_client is None and transport is None:
            self._transport = cast("TransportName | None", os.environ.get("LITELLM_PROXY_TRANSPORT") or None)
        if isinstance(self._transport, str) and self._transport not in _NAMES:
            raise UsageError(f"transport must be 'aiohttp' or 'httpx', not {self._transport!r}")
        self._limits = limits
        self._verify = verify
        self._by_loop: WeakKeyDictionary[object, LoopPool] = WeakKeyDictionary()
        self.closed = False
        self.budget = RetryBudget()

    def __reduce__(self) -> tuple[type[ConnectionPools], tuple[object, ...]]:
        if self._given is not None or not (self._transport is None or isinstance(self._transport, str)):
            raise UsageTypeError("a client with an http_client or a transport object of its own cannot be pickled")
        if not isinstance(self._verify, (bool, str)):
            raise UsageTypeError("a client whose verify is an ssl.SSLContext cannot be pickled")
        return type(self), (None, self._transport, self._limits, self._verify)

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Send a request over the running loop's connections and wait for the head of its answer."""
        if self.closed:
            raise UsageError("the client is closed")
        if self._given is not None:
            return await self._given.send(request, stream=True, follow_redirects=False)
        return await self._current().send(request)

    def _current(self) -> _Routes:
        loop = current_loop()
        owned = self._by_loop.get(loop)
        if owned is None:
            for ended in [other for other, its in self._by_loop.items() if its.closed]:
                self._by_loop.pop(ended).disconnect_from_parent()
            owned = self._by_loop[loop] = LoopPool(self, self._make(loop), loop)
        return owned.pool

    @property
    def build_request(self) -> Callable[..., httpx.Request] | None:
        """Makes requests with the headers and cookies of the `http_client` that was given, if one was."""
        return None if self._given is None else self._given.build_request

    def _make(self, loop: object) -> _Routes:
        from urllib.request import getproxies

        import httpx

        chosen = self._transport
        if isinstance(chosen, httpx.AsyncBaseTransport):
            return _Routes(chosen, None)
        fast = None
        if isinstance(loop, asyncio.AbstractEventLoop) and chosen != "httpx":
            from .aiohttp_transport import AiohttpTransport

            limits = self._limits or httpx.Limits(max_connections=MAX_CONNECTIONS, keepalive_expiry=KEEPALIVE_EXPIRY)
            fast = AiohttpTransport(limits, lambda: httpx.create_ssl_context(verify=self._verify))
            if not getproxies().keys() & {"http", "https", "all"}:
                return _Routes(fast, None)
        limits = self._limits or httpx.Limits(
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_KEEPALIVE_CONNECTIONS,
            keepalive_expiry=KEEPALIVE_EXPIRY,
        )
        return _Routes(fast, httpx.AsyncClient(limits=limits, verify=self._verify))

    async def aclose(self) -> None:
        """Close the running loop's connections, or the `http_client` that was given."""
        self.closed = True
        if self._given is not None:
            await self._given.aclose()
        elif owned := self._by_loop.pop(current_loop(), None):
            await owned.aclose()


class _Routes:
    """Where requests go: to one transport, except those that the environment sends through a proxy.

    Transports are called without the `httpx.AsyncClient` around them. What it would add, cookies, redirects and hooks,
    is not wanted here, and takes as long as sending the request.
    """

    __slots__ = ("_client", "_transport")

    def __init__(self, transport: httpx.AsyncBaseTransport | None, client: httpx.AsyncClient | None) -> None:
        self._transport = transport
        # It knows HTTP_PROXY, NO_PROXY and their like, and has a transport for each.
        self._client = client

    async def send(self, request: httpx.Request) -> httpx.Response:
        transport, client = self._transport, self._client
        if client is not None:
            route = client._transport_for_url(request.url)  # pyright: ignore[reportPrivateUsage]
            if transport is None or route is not client._transport:  # pyright: ignore[reportPrivateUsage]
                transport = route
        assert transport is not None
        try:
            response = await transport.handle_async_request(request)
        except BaseException:
            await release_leaked_connections(transport)
            raise
        response.request = request
        return response

    async def aclose(self) -> None:
        for each in (self._transport, self._client):
            if each is not None:
                await each.aclose()
        # What was closed says so to the loop, which may be about to end.
        from anyio.lowlevel import checkpoint

        await checkpoint()


async def release_leaked_connections(transport: httpx.AsyncBaseTransport) -> None:
    """Give back the places in httpx's pool of connections that are neither idle nor closed, and carry no request.

    They are left by requests that were cancelled after they had been given a place, and before they used it.
    """
    import httpx

    if not isinstance(transport, httpx.AsyncHTTPTransport):
        return
    pool: Any = transport._pool  # pyright: ignore[reportPrivateUsage]
    used = {id(request.connection) for request in pool._requests}
    lost = [each for each in pool._connections if not (id(each) in used or each.is_idle() or each.is_closed())]
    if lost:
        pool._connections[:] = [each for each in pool._connections if each not in lost]
        await pool._close_connections([*lost, *pool._assign_requests_to_connections()])


class LoopPool:
    """A pool that is closed on its own loop: when its owner says so, ends, or when the loop ends."""

    __slots__ = ("_finalizer", "_keeper", "pool")

    def __init__(self, owner: ConnectionPools, pool: _Routes, loop: object) -> None:
        self.pool = pool
        # An event loop closes the asynchronous generators that were begun on it before it ends.
        self._keeper = cast("AsyncGeneratorType[None, None]", _keep(pool))
        with suppress(StopIteration):
            self._keeper.asend(None).send(None)
        # The finalizer keeps the connections until they are closed: collected with their owner, they would complain.
        self._finalizer = weakref.finalize(owner, _close_soon, self._keeper, loop)
        self._finalizer.atexit = False

    @property
    def closed(self) -> bool:
        return self._keeper.ag_frame is None

    async def aclose(self) -> None:
        self.disconnect_from_parent()
        await self._keeper.aclose()

    def disconnect_from_parent(self) -> None:
        self._finalizer.detach()


async def _keep(pool: _Routes) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        await pool.aclose()


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
