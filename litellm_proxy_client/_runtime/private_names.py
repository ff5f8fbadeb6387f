"""Every use of a private name of aiohttp, httpx and httpcore.

A release of these libraries may remove a private name, or change its meaning, without notice. Each name used here has
a canary in `tests/test_private_names.py` that fails then, and no other module of the package uses such a name. This
module imports none of the three libraries before one of them is in use.
"""
# pyright: reportPrivateUsage=false

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import aiohttp
    import httpx
    from aiohttp.client_proto import ResponseHandler
    from aiohttp.client_reqrep import ConnectionKey


def disable_retries(session: aiohttp.ClientSession) -> None:
    """Stop aiohttp from sending a GET, PUT or DELETE again by itself: the retries of the client decide about that."""
    session._retry_connection = False


def set_protocol(connector: aiohttp.TCPConnector, protocol: type[ResponseHandler]) -> None:
    """Set the class of a connector's connections."""
    connector._factory = partial(protocol, loop=asyncio.get_running_loop())


def limit_idle_connections(connector: aiohttp.TCPConnector, most: int) -> None:
    """Close a connection at the end of its request if the pool already has `most` idle connections.

    aiohttp's pool has a limit for all connections, but not for idle connections.
    """
    release = connector._release

    def release_within_limit(key: ConnectionKey, protocol: ResponseHandler, *, should_close: bool = False) -> None:
        should_close = should_close or sum(map(len, connector._conns.values())) >= most
        release(key, protocol, should_close=should_close)

    # Set on the instance: without a limit, a released connection costs no call more.
    connector._release = release_within_limit  # type: ignore[method-assign]


def current_payload(protocol: ResponseHandler) -> aiohttp.StreamReader | None:
    """Return the body that a connection is receiving, or the last one that it received."""
    return protocol._payload


def read_buffered(content: aiohttp.StreamReader) -> bytes:
    """Return the bytes of a body that arrived before its exception: the public methods raise the exception instead."""
    return content._read_nowait(-1)


@lru_cache(512)
def _lower(name: bytes) -> bytes:
    return name.lower()


def set_headers(headers: httpx.Headers, raw: Iterable[tuple[bytes, bytes]]) -> None:
    """Set headers to pairs of bytes, with the result of `httpx.Headers(raw)` in a third of the time.

    Names in lower case are cached: responses of one server have the same names, and share one copy.
    """
    headers._list = [(name, _lower(name), value) for name, value in raw]


def set_content(response: httpx.Response, content: bytes) -> None:
    """Set the content of a response whose body was read and decompressed from its stream.

    `httpx.Response.aread()` would do the same, without a limit for the size of the body.
    """
    response._content = content


def proxy_routing(
    client: httpx.AsyncClient,
) -> tuple[Callable[[httpx.URL], httpx.AsyncBaseTransport], httpx.AsyncBaseTransport]:
    """Return the function that selects a client's transport for a URL, and the transport for URLs without a proxy.

    httpx knows the rules of `HTTP_PROXY`, `NO_PROXY` and the like, and has a transport for each proxy.
    """
    return client._transport_for_url, client._transport


async def release_leaked_connections(transport: httpx.AsyncBaseTransport) -> None:
    """Remove connections from httpx's pool that are neither idle nor closed, and have no request.

    A request that is cancelled after the pool assigned a connection to it, and before it uses the connection, leaks
    the connection: the pool would count it against its limit forever.
    """
    import anyio
    import httpx

    if not isinstance(transport, httpx.AsyncHTTPTransport):
        return
    pool = transport._pool
    used = {id(request.connection) for request in pool._requests}
    leaked = [each for each in pool.connections if not (id(each) in used or each.is_idle() or each.is_closed())]
    if leaked:
        pool._connections[:] = [each for each in pool._connections if each not in leaked]
        # Requests that wait for a connection get the freed capacity at once, not with the next request's end.
        unused = pool._assign_requests_to_connections()
        with anyio.CancelScope(shield=True):
            for connection in [*leaked, *unused]:
                await connection.aclose()
