from __future__ import annotations

import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any, cast

import pytest

from litellm_proxy_client import AsyncClient, Client

from .both_clients import awaitable
from .local_proxy import local_proxy as local_proxy

MakeClient = Callable[..., AsyncClient]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests that share the LocalProxy in one worker of pytest-xdist: each worker would start its own."""
    for item in items:
        if isinstance(item, pytest.Function) and "local_proxy" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("local_proxy"))


@pytest.fixture(scope="session", autouse=True)
def restore_sigint_handler() -> None:
    """Restore the handler of Ctrl-C: a shell starts background jobs with SIGINT ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Refuse connections to other machines, so that a request that a test forgot to mock fails."""

    def connect(self: socket.socket, address: Any, /) -> None:
        refuse(address)
        original_connect(self, address)

    def connect_ex(self: socket.socket, address: Any, /) -> int:
        refuse(address)
        return original_connect_ex(self, address)

    def refuse(address: Any) -> None:
        if isinstance(address, tuple) and not str(cast("Any", address)[0]).startswith(("127.", "::1", "localhost")):
            raise AssertionError(f"a test must not reach {address}")

    original_connect, original_connect_ex = socket.socket.connect, socket.socket.connect_ex
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        yield


@pytest.fixture(params=["async", "sync"])
def client_kind(request: pytest.FixtureRequest) -> str:
    """The client under test, "async" or "sync"; a test that uses it, or `make_client`, runs once for each."""
    return str(request.param)


@pytest.fixture
async def make_client(client_kind: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MakeClient]:
    """Return a factory of clients of the kind under test, both used with `await`, and close them after the test."""
    monkeypatch.delenv("LITELLM_PROXY_URL", raising=False)
    monkeypatch.delenv("LITELLM_PROXY_API_KEY", raising=False)
    async with AsyncExitStack() as stack:

        def make(*args: Any, **options: Any) -> AsyncClient:
            client = AsyncClient(*args, **options) if client_kind == "async" else awaitable(Client(*args, **options))
            stack.push_async_callback(client.close)
            return client

        yield make
