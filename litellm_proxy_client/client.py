"""The two clients: `AsyncClient` to be awaited, `Client` for plain calls."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from ._async import AsyncResources
from ._runtime import background_loop
from ._runtime.pools import ConnectionPools, TransportName
from ._sync import SyncResources
from ._wire.config import (
    CONNECT_TIMEOUT,
    IDLE_TIMEOUT,
    MAX_RESPONSE_BYTES,
    MAX_RETRIES,
    ClientConfig,
    authorization,
    resolve_api_key,
    resolve_base_url,
)
from ._wire.operation import QueryValue

if TYPE_CHECKING:
    import ssl

    import httpx


C = TypeVar("C", bound="_ClientBase")


class _ClientBase:
    """What both clients share."""

    _options: ClientConfig
    _connections: ConnectionPools

    def __init__(
        self,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout: float | None = None,
        idle_timeout: float = IDLE_TIMEOUT,
        connect_timeout: float = CONNECT_TIMEOUT,
        max_retries: int = MAX_RETRIES,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, QueryValue] | None = None,
        auth_header: str = "Authorization",
        changed_by: str | None = None,
        strict: bool = False,
        max_response_bytes: int = MAX_RESPONSE_BYTES,
        http_client: httpx.AsyncClient | None = None,
        transport: httpx.AsyncBaseTransport | TransportName | None = None,
        limits: httpx.Limits | None = None,
        verify: ssl.SSLContext | str | bool = True,
    ) -> None:
        """Make a client; nothing is sent before the first call.

        Args:
            base_url: The proxy's address; by default `LITELLM_PROXY_URL`, else `http://localhost:4000`. Trailing
                slashes and one `/v1` at its end are dropped, a path before that is kept.
            api_key: A virtual key or the master key; by default `LITELLM_PROXY_API_KEY`, else no key is sent.
            timeout: Seconds that a call may take with all its retries and waits, for a stream until its first
                chunk; by default 600 for completions and 30 for all else. `math.inf` sets no limit.
            idle_timeout: Seconds that a stream may be silent after its first chunk; by default 300. Keep-alive
                comments count as life.
            connect_timeout: Seconds that making a connection may take, within `timeout`; by default 10.
            max_retries: How often a call is sent again at the most; by default 2. See the guide on errors and retries.
            headers: Headers for every request.
            query: Query parameters for every request.
            auth_header: The header that carries the key, where the operator renamed it (`litellm_key_header_name`).
            changed_by: Who the proxy's audit log names as the author of changes (`litellm-changed-by`).
            strict: Whether an answer that does not fit its model is an error; by default all that came is kept.
            max_response_bytes: How large an answer may be once it is decompressed, and all events of a stream
                together; by default 256 MiB. What is larger is a `ResponseTooLargeError`.
            http_client: Your own `httpx.AsyncClient`, which the client closes when it is closed.
            transport: What carries the requests: `"aiohttp"`, the default under asyncio; `"httpx"`, httpx's own, the
                default under trio; or an `httpx.AsyncBaseTransport` of yours. `LITELLM_PROXY_TRANSPORT` names another
                default. What the environment sends through a proxy (`HTTPS_PROXY`, ...) always goes by httpx's own.
            limits: How many connections are opened and kept; by default 1,000, kept for 4 seconds, and 100 of them
                by httpx's own transport.
            verify: Whether and against which certificates TLS is verified: `True`, an `ssl.SSLContext` or `False`.

        Raises:
            UsageError: An argument cannot be right.
        """
        key = resolve_api_key(api_key)
        self._options = ClientConfig(
            base_url=resolve_base_url(base_url),
            auth=None if key is None else authorization(auth_header, key),
            auth_header=auth_header,
            timeout=timeout,
            idle_timeout=idle_timeout,
            connect_timeout=connect_timeout,
            max_retries=max_retries,
            headers=dict(headers or {}),
            query=dict(query or {}),
            changed_by=changed_by,
            strict=strict,
            max_response_bytes=max_response_bytes,
        )
        self._connections = ConnectionPools(http_client=http_client, transport=transport, limits=limits, verify=verify)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return self._with, (self._options, self._connections)

    if not TYPE_CHECKING:
        # Lazy: the executor imports httpx and pydantic. Not by `__getattr__`: Python would also call it when a resource
        # property raises AttributeError, and so replace that error.
        @cached_property
        def _executor(self) -> object:
            from ._runtime.executor import RequestExecutor

            return RequestExecutor(self._options, self._connections)

    @property
    def base_url(self) -> str:
        """The proxy's address, without a trailing slash."""
        return self._options.base_url

    @property
    def is_closed(self) -> bool:
        """Whether the client, or the one it was copied from, was closed."""
        return self._connections.closed

    def with_options(
        self: C,
        *,
        timeout: float | None = None,
        idle_timeout: float | None = None,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, QueryValue] | None = None,
        changed_by: str | None = None,
    ) -> C:
        """A cheap copy with other options, which shares the connections: closing one closes both.

        Args:
            timeout: Seconds that a call may take; `math.inf` for no limit.
            idle_timeout: Seconds that a stream may be silent after its first chunk.
            max_retries: How often a call is sent again at the most.
            headers: Headers for every request, besides the client's.
            query: Query parameters for every request, besides the client's.
            changed_by: Who the proxy's audit log names as the author of changes.

        Returns:
            The copy; what is left out is as in this client.
        """
        options = self._options.with_overrides(
            timeout=timeout,
            idle_timeout=idle_timeout,
            max_retries=max_retries,
            headers=headers,
            query=query,
            changed_by=changed_by,
        )
        return self._with(options, self._connections)

    @classmethod
    def _with(cls: type[C], options: ClientConfig, connections: ConnectionPools) -> C:
        """A client of other options or connections: a copy, or one that comes out of a pickle."""
        client = object.__new__(cls)
        client._options, client._connections = options, connections
        return client


class AsyncClient(_ClientBase, AsyncResources):
    """The LiteLLM proxy, for `await`, under asyncio and trio.

    One client can be used by many tasks at once, and by one event loop after another.
    """

    async def close(self) -> None:
        """Close the connections. Nothing breaks where this is never called."""
        await self._connections.aclose()

    aclose = close

    async def __aenter__(self: C) -> C:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


class Client(_ClientBase, SyncResources):
    """The LiteLLM proxy, for plain calls.

    One client can be used by many threads at once. Its calls run on one background event loop, which a process
    starts with its first call.
    """

    def close(self) -> None:
        """Close the connections. Nothing breaks where this is never called."""
        if background_loop.is_running() and not self.is_closed:
            background_loop.run(self._connections.aclose)
        self._connections.closed = True

    def __enter__(self: C) -> C:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
