from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from litellm_proxy_client import AsyncClient, Client

from .faces import awaitable
from .local_proxy import local_proxy as local_proxy

MakeClient = Callable[..., AsyncClient]


@pytest.fixture(scope="session", autouse=True)
def ctrl_c() -> None:
    """Ctrl-C works also where the tests run in the background of a shell, which has it ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(params=["async", "sync"])
def face(request: pytest.FixtureRequest) -> str:
    """Which face a test runs on; a test that asks for it, or for `make_client`, runs on both."""
    return str(request.param)


@pytest.fixture
async def make_client(face: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MakeClient]:
    """Makes clients of the face under test, to be awaited in either case, and closes them."""
    monkeypatch.delenv("LITELLM_PROXY_URL", raising=False)
    monkeypatch.delenv("LITELLM_PROXY_API_KEY", raising=False)
    async with AsyncExitStack() as stack:

        def make(*args: Any, **options: Any) -> AsyncClient:
            client = AsyncClient(*args, **options) if face == "async" else awaitable(Client(*args, **options))
            stack.push_async_callback(client.close)
            return client

        yield make
