"""The asynchronous `AsyncClient` and the synchronous `Client`."""

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
from ._wire.parameters import QueryValue

if TYPE_CHECKING:
    import ssl

    import httpx


C = TypeVar("C", bound="_ClientBase")


class _ClientBase:
    """The base class of both clients."""

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
        """Create a client; nothing is sent before the first call.

        Args:
            base_url: The proxy's address. Default: `LITELLM_PROXY_URL`, else `http://localhost:4000`. Trailing
                slashes and one `/v1` at its end are removed; a path before that is kept.
            api_key: A virtual key or the master key. Default: `LITELLM_PROXY_API_KEY`, else no key is sent.
            timeout: Deadline in seconds for a call with all its retries and delays, for a stream until its first
                chunk. Default: 600 for completions and 30 for all other calls. `math.inf` sets no limit.
            idle_timeout: Maximum number of seconds without data from a stream after its first chunk. Keep-alive
                comments count as data. Default: 300.
            connect_timeout: Maximum number of seconds to make a connection, within `timeout`. Default: 10.
            max_retries: Maximum number of retries. Default: 2. See the guide on errors and retries.
            headers: Headers for every request.
            query: Query parameters for every request.
            auth_header: The header that contains the key, if the operator renamed it (`litellm_key_header_name`).
            changed_by: The author of changes in the proxy's audit log (`litellm-changed-by`).
            strict: True if a response that does not match its model is an error. By default, mismatching fields keep
                the value that was sent.
            max_response_bytes: Maximum size of a decompressed response, and of all events of a stream together. A
                larger one raises `ResponseTooLargeError`. Default: 256 MiB.
            http_client: Your own `httpx.AsyncClient`. The client closes it when it is closed itself.
            transport: The transport for requests: `"aiohttp"`, the default under asyncio; `"httpx"`, httpx's own, the
                default under trio; or your own `httpx.AsyncBaseTransport`. `LITELLM_PROXY_TRANSPORT` sets another
                default. Requests routed through `HTTPS_PROXY` and the like always use httpx's transport.
            limits: The limits of the connection pool. Default: at most 1,000 connections, each kept alive for 4
                seconds when idle; httpx's transport keeps at most 100 idle ones.
            verify: The verification of TLS certificates: `True`, `False`, or an `ssl.SSLContext`.

        Raises:
            UsageError: An argument is invalid.
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

    # The unpickled client opens connections of its own: `ConnectionPools` pickles only its settings.
    def __reduce__(self) -> tuple[object, ...]:
        return self._from_config, (self._options, self._connections)

    # Hidden from type checkers, which would otherwise accept any attribute.
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
        """True if the client, or a client that shares its connections, was closed."""
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
        """Create a cheap copy with other options. It shares the connections, so closing one closes both.

        Args:
            timeout: Deadline in seconds for a call; `math.inf` for no limit.
            idle_timeout: Maximum number of seconds without data from a stream after its first chunk.
            max_retries: Maximum number of retries.
            headers: Headers for every request, in addition to the client's.
            query: Query parameters for every request, in addition to the client's.
            changed_by: The author of changes in the proxy's audit log.

        Returns:
            The copy; omitted options are those of this client.
        """
        options = self._options.with_overrides(
            timeout=timeout,
            idle_timeout=idle_timeout,
            max_retries=max_retries,
            headers=headers,
            query=query,
            changed_by=changed_by,
        )
        return self._from_config(options, self._connections)

    @classmethod
    def _from_config(cls: type[C], options: ClientConfig, connections: ConnectionPools) -> C:
        """Create a client from existing options and connections, for copies and unpickling."""
        client = object.__new__(cls)  # without __init__, which reads the environment and builds new options
        client._options, client._connections = options, connections
        return client


class AsyncClient(_ClientBase, AsyncResources):
    """An asynchronous client for the LiteLLM proxy, under asyncio and trio.

    Many tasks can use one client at once, and one event loop after another.
    """

    async def close(self) -> None:
        """Close the connections. Calling this is optional."""
        await self._connections.aclose()

    aclose = close

    async def __aenter__(self: C) -> C:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


class Client(_ClientBase, SyncResources):
    """A synchronous client for the LiteLLM proxy.

    Many threads can use one client at once. Its calls run on the background event loop, one for each process, which
    the first call starts.
    """

    def close(self) -> None:
        """Close the connections. Calling this is optional."""
        # Without the loop no connection exists: do not start it only to close them.
        if background_loop.is_running() and not self.is_closed:
            background_loop.run(self._connections.aclose)
        self._connections.closed = True

    def __enter__(self: C) -> C:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
