"""The retry budget, the maximum size of responses, and copying and pickling of clients."""

from __future__ import annotations

import copy
import gzip
import pickle
import ssl
from typing import Any

import httpx
import pytest

from litellm_proxy_client import AsyncClient, Client
from litellm_proxy_client._wire import retry
from litellm_proxy_client.exceptions import (
    ResponseTooLargeError,
    ServiceUnavailableError,
    StreamError,
    UsageError,
    UsageTypeError,
)

from .conftest import MakeClient
from .server import COMPLETION, Exchange, Server

MESSAGES = [{"role": "user", "content": "Hello"}]


async def test_retry_budget_limits_retries_to_failing_proxy(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "FIRST_DELAY", 0.0)
    failing = True

    async def respond(exchange: Exchange) -> None:
        await exchange.respond({"error": {"message": "no"}} if failing else {"data": []}, 503 if failing else 200)

    calls = 80
    async with Server(respond) as server:
        client = make_client(server.url, "sk-1", max_retries=2)
        for _ in range(calls):
            with pytest.raises(ServiceUnavailableError):
                await client.with_options(timeout=20).http.request("GET", "/models")
        assert len(server.requests) == calls + retry.RETRY_CAPACITY
        failing = False
        for _ in range(10):
            await client.http.request("GET", "/models")
        failing = True
        server.requests.clear()
        with pytest.raises(ServiceUnavailableError):
            await client.http.request("GET", "/models")
    assert len(server.requests) == 3, "ten successful calls have refilled two retries"


@pytest.mark.parametrize("transport", ["aiohttp", "httpx"])
@pytest.mark.parametrize("compressed", [False, True], ids=["uncompressed", "gzip"])
async def test_too_large_response_raises_error(make_client: MakeClient, transport: str, compressed: bool) -> None:
    body = b'{"data": "' + b"x" * 5_000_000 + b'"}'

    async def respond(exchange: Exchange) -> None:
        if compressed:
            await exchange.respond(gzip.compress(body), content_encoding="gzip")
        else:
            await exchange.respond(body)

    async with Server(respond) as server:
        client = make_client(server.url, "sk-1", transport=transport, max_response_bytes=1_000_000)
        with pytest.raises(ResponseTooLargeError, match=r"1,000,000 bytes \(max_response_bytes\)") as caught:
            await client.http.request("GET", "/models")
        assert caught.value.status_code == 200
        client_with_default_limit = make_client(server.url, "sk-1", transport=transport)
        response: Any = await client_with_default_limit.http.request("GET", "/models")
    assert len(response["data"]) == 5_000_000


@pytest.mark.parametrize("transport", ["aiohttp", "httpx"])
@pytest.mark.parametrize("event", [b"data: " + b"x" * 100_000, b": ping\n\n"], ids=["one event", "comments"])
async def test_endless_stream_raises_stream_error(make_client: MakeClient, transport: str, event: bytes) -> None:
    async def respond(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk("Hello")
        while True:
            await exchange.http_chunk(event)

    async with Server(respond) as server:
        client = make_client(server.url, "sk-1", transport=transport, max_response_bytes=1_000_000)
        stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
        with pytest.raises(StreamError, match="1,000,000 bytes") as caught:
            async for _ in stream:
                pass
    assert caught.value.chunks == 1
    assert caught.value.partial is not None
    assert caught.value.partial.choices[0].message.content == "Hello"


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("limit", [0, -1, True, 1.5, "1"])
def test_invalid_max_response_bytes_raises_usage_error(kind: Any, limit: Any) -> None:
    with pytest.raises(UsageError, match="max_response_bytes"):
        kind("http://x", max_response_bytes=limit)


def pickle_and_unpickle(client: Any) -> Any:
    return pickle.loads(pickle.dumps(client))


@pytest.mark.parametrize("method", ["copy", "deepcopy", "pickle"])
async def test_client_can_be_copied_and_pickled(method: str) -> None:
    async def respond(exchange: Exchange) -> None:
        await exchange.respond(COMPLETION)

    async with Server(respond) as server, AsyncClient(server.url, "sk-1", changed_by="me", timeout=9) as client:
        await client.chat.completions.create(model="m", messages=MESSAGES)
        duplicate: Any = {"copy": copy.copy, "deepcopy": copy.deepcopy, "pickle": pickle_and_unpickle}[method]
        other: AsyncClient = duplicate(client)
        await other.chat.completions.create(model="m", messages=MESSAGES)
        assert isinstance(other, AsyncClient)
        assert repr(other) == repr(client)
        assert server.requests[1].headers["authorization"] == "Bearer sk-1"
        assert server.connections == (1 if method == "copy" else 2), "a shallow copy shares connections"
        await other.close()
        assert client.is_closed == (method == "copy")


def test_sync_client_can_be_pickled() -> None:
    unpickled = pickle_and_unpickle(Client("http://proxy:4000", "sk-1"))
    assert isinstance(unpickled, Client)
    assert unpickled.base_url == "http://proxy:4000"


@pytest.mark.parametrize(
    "options",
    [
        {"http_client": httpx.AsyncClient()},
        {"transport": httpx.AsyncHTTPTransport()},
        {"verify": ssl.create_default_context()},
    ],
    ids=["http_client", "transport", "verify"],
)
def test_unpicklable_options_raise_usage_type_error(options: Any) -> None:
    with pytest.raises(UsageTypeError, match="cannot be pickled"):
        pickle.dumps(Client("http://x", "sk-1", **options))
