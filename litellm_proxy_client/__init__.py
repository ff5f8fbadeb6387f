"""A client for the LiteLLM proxy: completions, streams and administration; asynchronous and plain.

from litellm_proxy_client import Client

client = Client(base_url="http://localhost:4000", api_key="sk-...")
response = client.chat.completions.create(model="gpt-4", messages=[{"role": "user", "content": "Hello"}])
print(response.choices[0].message.content)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from ._clients.page import AsyncPage, Page
    from ._clients.stream import AsyncStream, Stream
    from ._wire.operation import NULL, Null
    from .client import AsyncClient, Client
    from .exceptions import LiteLLMProxyError
    from .types.proxy import ProxyInfo
    from .users_management import AsyncUsersManagementClient, UsersManagementClient

__all__ = [
    "NULL",
    "AsyncClient",
    "AsyncPage",
    "AsyncStream",
    "AsyncUsersManagementClient",
    "Client",
    "LiteLLMProxyError",
    "Null",
    "Page",
    "ProxyInfo",
    "Stream",
    "UsersManagementClient",
    "__version__",
]

_HOMES = {
    "NULL": "_wire.operation",
    "AsyncClient": "client",
    "AsyncPage": "_clients.page",
    "AsyncStream": "_clients.stream",
    "AsyncUsersManagementClient": "users_management",
    "Client": "client",
    "LiteLLMProxyError": "exceptions",
    "Null": "_wire.operation",
    "Page": "_clients.page",
    "ProxyInfo": "types.proxy",
    "Stream": "_clients.stream",
    "UsersManagementClient": "users_management",
}


def __getattr__(name: str) -> object:
    """Import a name's module when the name is first used, so that importing the package costs next to nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
