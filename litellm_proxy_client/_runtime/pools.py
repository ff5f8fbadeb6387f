"""The connections of a client: a pool for each event loop, created when the loop first needs it."""

from __future__ import annotations

import asyncio
import os
import sys
import weakref
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from types import AsyncGeneratorType
from typing import TYPE_CHECKING, Literal, TypeAlias, cast
from weakref import WeakKeyDictionary

from .._wire.retry import RetryBudget
from ..exceptions import UsageError, UsageTypeError
from .private_names import proxy_routing, release_leaked_connections

if TYPE_CHECKING:
    import ssl

    import httpx

TransportName: TypeAlias = 'Literal["aiohttp", "httpx"]'
_NAMES = ("aiohttp", "httpx")

# Calls that exceed the pool wait for a free connection, so the pool is larger than a usual load.
MAX_CONNECTIONS = 1000
# Only for httpx's own pool, which checks every idle connection for every request.
MAX_KEEPALIVE_CONNECTIONS = 100
# In seconds. The proxy runs on uvicorn, which closes idle connections after 5 seconds by default.
KEEPALIVE_EXPIRY = 4.0


class ConnectionPools:
    """The connections and the retry budget that a client shares with its `with_options` copies.

    A connection belongs to the event loop that created it, so each loop has a pool of its own. Therefore one client
    works in any number of `asyncio.run` calls. The connections of a loop are closed when the loop ends.

    Attributes:
        closed: True after `aclose`: sending a request then raises `UsageError`.
        budget: The retry budget of all calls together.
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
                    "AsyncClient and Client both send their requests over asynchronous connections"
                )
            if not (transport is None or isinstance(transport, (httpx.AsyncBaseTransport, str))):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise UsageTypeError(
                    f"transport must be 'aiohttp', 'httpx' or an httpx.AsyncBaseTransport, not {_name(transport)}"
                )
        if http_client is not None and (transport is not None or limits is not None or verify is not True):
            raise UsageError("transport, limits and verify cannot be combined with http_client: set them on it instead")
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
            raise UsageTypeError(
                "a client with an http_client or a transport object cannot be pickled: create a client in each process"
            )
        if not isinstance(self._verify, (bool, str)):
            raise UsageTypeError(
                "a client whose verify is an ssl.SSLContext cannot be pickled: pass the path of a CA bundle instead"
            )
        return type(self), (None, self._transport, self._limits, self._verify)

    async def send(self, request: httpx.Request) -> httpx.Response:
        """Send a request over the running loop's connections and wait for the response headers."""
        if self.closed:
            raise UsageError("the client is closed: create a new one")
        if self._given is not None:
            return await self._given.send(request, stream=True, follow_redirects=False)
        return await self._current().send(request)

    def _current(self) -> _Routes:
        loop = current_loop()
        owned = self._by_loop.get(loop)
        if owned is None:
            for ended in [other for other, its in self._by_loop.items() if its.closed]:
                self._by_loop.pop(ended).detach_finalizer()
            owned = self._by_loop[loop] = LoopPool(self, self._make(loop), loop)
        return owned.pool

    @property
    def build_request(self) -> Callable[..., httpx.Request] | None:
        """The method of the user's `http_client` that adds its headers and cookies; `None` without `http_client`."""
        return None if self._given is None else self._given.build_request

    def _make(self, loop: object) -> _Routes:
        from urllib.request import getproxies

        import httpx

        chosen = self._transport
        if isinstance(chosen, httpx.AsyncBaseTransport):
            return _Routes(chosen)
        transport: httpx.AsyncBaseTransport | None = None
        if isinstance(loop, asyncio.AbstractEventLoop) and chosen != "httpx":
            from .aiohttp_transport import AiohttpTransport

            limits = self._limits or httpx.Limits(max_connections=MAX_CONNECTIONS, keepalive_expiry=KEEPALIVE_EXPIRY)
            transport = AiohttpTransport(limits, lambda: httpx.create_ssl_context(verify=self._verify))
        limits = self._limits or httpx.Limits(
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_KEEPALIVE_CONNECTIONS,
            keepalive_expiry=KEEPALIVE_EXPIRY,
        )
        if getproxies().keys() & {"http", "https", "all"}:
            return _Routes(transport, httpx.AsyncClient(limits=limits, verify=self._verify))
        return _Routes(transport or httpx.AsyncHTTPTransport(limits=limits, verify=self._verify))

    async def aclose(self) -> None:
        """Close the running loop's connections, or the user's `http_client`."""
        self.closed = True
        if self._given is not None:
            await self._given.aclose()
        elif owned := self._by_loop.pop(current_loop(), None):
            await owned.aclose()


class _Routes:
    """The selection of the transport: one for all requests except those that the environment routes through a proxy.

    Transports are called directly. `httpx.AsyncClient.send` would also handle cookies, redirects and hooks, which are
    not needed here and take as long as sending the request.

    Args:
        transport: The transport for requests without a proxy. Default: the transport of `client`.
        client: A client with a transport for each proxy that the environment names; `None` if it names no proxies.
    """

    __slots__ = ("_client", "_direct", "_select", "_transport")

    def __init__(self, transport: httpx.AsyncBaseTransport | None, client: httpx.AsyncClient | None = None) -> None:
        self._client = client
        self._select = self._direct = None
        if client is not None:
            self._select, self._direct = proxy_routing(client)
        self._transport = self._direct if transport is None else transport

    async def send(self, request: httpx.Request) -> httpx.Response:
        transport = self._transport
        if self._select is not None and (selected := self._select(request.url)) is not self._direct:
            transport = selected
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
        # asyncio closes a socket only in the next step of the loop, which may be the last one.
        from anyio.lowlevel import checkpoint

        await checkpoint()


class LoopPool:
    """A pool that is closed on its own loop: by its owner, when its owner is collected, or when the loop ends."""

    __slots__ = ("_finalizer", "_keeper", "pool")

    def __init__(self, owner: ConnectionPools, pool: _Routes, loop: object) -> None:
        self.pool = pool
        # Before an event loop ends, it closes the async generators started on it. This one then closes the pool.
        self._keeper = cast("AsyncGeneratorType[None, None]", _keep(pool))
        with suppress(StopIteration):
            self._keeper.asend(None).send(None)
        # The finalizer keeps the connections alive until they are closed: garbage collection of open ones would warn.
        self._finalizer = weakref.finalize(owner, _close_soon, self._keeper, loop)
        self._finalizer.atexit = False

    @property
    def closed(self) -> bool:
        return self._keeper.ag_frame is None

    async def aclose(self) -> None:
        self.detach_finalizer()
        await self._keeper.aclose()

    def detach_finalizer(self) -> None:
        self._finalizer.detach()


async def _keep(pool: _Routes) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        await pool.aclose()


def _close_soon(keeper: AsyncGenerator[None, None], loop: object) -> None:
    """Close the pool of a garbage-collected owner, from any thread. Under trio the user must close the client."""
    if isinstance(loop, asyncio.AbstractEventLoop) and not sys.is_finalizing():
        with suppress(RuntimeError):  # the loop is closed, and so are its connections
            loop.call_soon_threadsafe(lambda: asyncio.ensure_future(keeper.aclose()))


def current_loop() -> object:
    """Return the running event loop of asyncio, or the token of the running trio loop."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        from trio.lowlevel import current_trio_token

        return current_trio_token()


def _name(value: object) -> str:
    kind = type(value)
    return f"{kind.__module__.partition('.')[0]}.{kind.__qualname__}"
