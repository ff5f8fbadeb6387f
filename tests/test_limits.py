"""Bounds: retries have a budget, answers a greatest size; and what a pickled or copied client keeps."""

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


async def test_a_failing_proxy_is_not_drowned_in_retries(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "FIRST_DELAY", 0.0)
    failing = True

    async def answer(exchange: Exchange) -> None:
        await exchange.answer({"error": {"message": "no"}} if failing else {"data": []}, 503 if failing else 200)

    calls = 80
    async with Server(answer) as server:
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
    assert len(server.requests) == 3, "ten calls that succeeded have earned two retries"


@pytest.mark.parametrize("transport", ["aiohttp", "httpx"])
@pytest.mark.parametrize("compressed", [False, True])
async def test_a_large_answer_is_refused(make_client: MakeClient, transport: str, compressed: bool) -> None:
    body = b'{"data": "' + b"x" * 5_000_000 + b'"}'

    async def answer(exchange: Exchange) -> None:
        if compressed:
            await exchange.answer(gzip.compress(body), content_encoding="gzip")
        else:
            await exchange.answer(body)

    async with Server(answer) as server:
        client = make_client(server.url, "sk-1", transport=transport, max_response_bytes=1_000_000)
        with pytest.raises(ResponseTooLargeError, match=r"1,000,000 bytes \(max_response_bytes\)") as caught:
            await client.http.request("GET", "/models")
        assert caught.value.status_code == 200
        roomy = make_client(server.url, "sk-1", transport=transport)
        answered: Any = await roomy.http.request("GET", "/models")
    assert len(answered["data"]) == 5_000_000


@pytest.mark.parametrize("transport", ["aiohttp", "httpx"])
@pytest.mark.parametrize("event", [b"data: " + b"x" * 100_000, b": ping\n\n"], ids=["one event", "comments"])
async def test_an_endless_stream_is_left(make_client: MakeClient, transport: str, event: bytes) -> None:
    async def answer(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk("Hello")
        while True:
            await exchange.piece(event)

    async with Server(answer) as server:
        client = make_client(server.url, "sk-1", transport=transport, max_response_bytes=1_000_000)
        stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
        with pytest.raises(StreamError, match="1,000,000 bytes") as caught:
            async for _ in stream:
                pass
    assert caught.value.chunks == 1
    assert caught.value.partial is not None
    assert caught.value.partial.choices[0].message.content == "Hello"


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("most", [0, -1, True, 1.5, "1"])
def test_a_bound_must_be_a_number(kind: Any, most: Any) -> None:
    with pytest.raises(UsageError, match="max_response_bytes"):
        kind("http://x", max_response_bytes=most)


def through_pickle(client: Any) -> Any:
    return pickle.loads(pickle.dumps(client))


@pytest.mark.parametrize("how", ["copy", "deepcopy", "pickle"])
async def test_a_client_can_be_copied_and_pickled(how: str) -> None:
    async def answer(exchange: Exchange) -> None:
        await exchange.answer(COMPLETION)

    async with Server(answer) as server, AsyncClient(server.url, "sk-1", changed_by="me", timeout=9) as client:
        await client.chat.completions.create(model="m", messages=MESSAGES)
        again: Any = {"copy": copy.copy, "deepcopy": copy.deepcopy, "pickle": through_pickle}[how]
        other: AsyncClient = again(client)
        await other.chat.completions.create(model="m", messages=MESSAGES)
        assert isinstance(other, AsyncClient)
        assert repr(other) == repr(client)
        assert server.requests[1].headers["authorization"] == "Bearer sk-1"
        assert server.connections == (1 if how == "copy" else 2), "a shallow copy shares connections"
        await other.close()
        assert client.is_closed == (how == "copy")


def test_a_plain_client_can_be_pickled() -> None:
    again = through_pickle(Client("http://proxy:4000", "sk-1"))
    assert isinstance(again, Client)
    assert again.base_url == "http://proxy:4000"


@pytest.mark.parametrize(
    "options",
    [
        {"http_client": httpx.AsyncClient()},
        {"transport": httpx.AsyncHTTPTransport()},
        {"verify": ssl.create_default_context()},
    ],
    ids=["http_client", "transport", "verify"],
)
def test_what_cannot_be_pickled_says_so(options: Any) -> None:
    with pytest.raises(UsageTypeError, match="cannot be pickled"):
        pickle.dumps(Client("http://x", "sk-1", **options))
