from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from litellm_proxy_client import AsyncClient, Client

from ..both_clients import awaitable

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.live)


@pytest.fixture(scope="session", autouse=True)
def proxy_url() -> str:
    """Return the address of the real proxy that the live tests use; skip them without one."""
    missing = [name for name in ("LITELLM_PROXY_URL", "LITELLM_PROXY_API_KEY") if not os.environ.get(name)]
    if missing:
        pytest.skip(f"live tests need {' and '.join(missing)}: see docs/contributing.md")
    return os.environ["LITELLM_PROXY_URL"]


@pytest.fixture
async def live(client_kind: str) -> AsyncIterator[AsyncClient]:
    """A client for the real proxy, once async and once sync; both are used with `await`."""
    client = AsyncClient() if client_kind == "async" else awaitable(Client())
    async with client:
        yield client
