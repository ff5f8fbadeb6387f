"""Sending, retrying, timing out: against a real server, on both faces."""

from __future__ import annotations

import asyncio
import itertools
import socket
import time

import httpx
import pytest

from litellm_proxy_client import AsyncClient, Client
from litellm_proxy_client.exceptions import (
    APIConnectionError,
    APITimeoutError,
    BadRequestError,
    InvalidResponseError,
    LiteLLMProxyError,
    RateLimitError,
    RedirectError,
    ServiceUnavailableError,
    UsageError,
)
from litellm_proxy_client.types.chat import ChatCompletion

from .conftest import MakeClient
from .server import COMPLETION, Exchange, Server

QUESTION = [{"role": "user", "content": "Hello"}]


async def ask(client: AsyncClient, *, timeout: float | None = None) -> ChatCompletion:
    return await client.chat.completions.create(model="gpt-4", messages=QUESTION, timeout=timeout)


async def greet(exchange: Exchange) -> None:
    await exchange.answer(COMPLETION)


async def test_a_completion_carries_key_json_and_call_id(make_client: MakeClient) -> None:
    async with Server(greet) as server:
        client = make_client(server.url, "sk-secret", headers={"x-team": "blue"}, query={"tenant": "a b"})
        completion = await ask(client)
    assert completion.choices[0].message.content == "Hello."
    (request,) = server.requests
    assert request.method == "POST"
    assert request.target == "/v1/chat/completions?tenant=a%20b"
    assert request.headers["authorization"] == "Bearer sk-secret"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-team"] == "blue"
    assert request.headers["user-agent"].startswith("litellm-proxy-client/")
    assert request.headers["x-litellm-call-id"]
    assert request.json() == {"model": "gpt-4", "messages": QUESTION}


async def test_a_refused_read_is_tried_again_with_the_same_call_id(make_client: MakeClient) -> None:
    statuses = iter([503, 500, 200])

    async def flaky(exchange: Exchange) -> None:
        await exchange.answer(COMPLETION, next(statuses), retry_after="0")

    async with Server(flaky) as server:
        completion = await ask(make_client(server.url))
    assert completion.choices[0].message.content == "Hello."
    assert len(server.requests) == 3
    assert len({request.headers["x-litellm-call-id"] for request in server.requests}) == 1


async def test_a_refusal_is_final_after_max_retries(make_client: MakeClient) -> None:
    async def refuse(exchange: Exchange) -> None:
        await exchange.answer({"error": {"message": "full", "code": "503"}}, 503, retry_after="0")

    async with Server(refuse) as server:
        with pytest.raises(ServiceUnavailableError) as caught:
            await ask(make_client(server.url, max_retries=1))
    assert len(server.requests) == 2
    assert caught.value.message == "full"
    assert caught.value.retry_after == 0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
async def test_other_refusals_are_not_tried_again(make_client: MakeClient, status: int) -> None:
    async def refuse(exchange: Exchange) -> None:
        await exchange.answer({"error": {"message": "no"}}, status)

    async with Server(refuse) as server:
        with pytest.raises(LiteLLMProxyError) as caught:
            await ask(make_client(server.url))
    assert len(server.requests) == 1
    assert caught.value.status_code == status


async def test_a_write_is_not_sent_twice(make_client: MakeClient) -> None:
    async def refuse(exchange: Exchange) -> None:
        await exchange.answer({"detail": "busy"}, 503, retry_after="0")

    async with Server(refuse) as server:
        with pytest.raises(ServiceUnavailableError):
            await make_client(server.url).http.request("POST", "/key/generate", json={})
    assert len(server.requests) == 1


async def test_a_connection_that_cannot_be_made_is_tried_again_even_for_a_write(make_client: MakeClient) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(APIConnectionError, match=url):
            await make_client(url, timeout=3).http.request("POST", "/key/generate", json={})
    assert time.monotonic() - started < 10


async def test_a_kept_connection_that_died_is_replaced_at_once(make_client: MakeClient) -> None:
    async def hang_up_on_reuse(exchange: Exchange) -> None:
        if exchange.request.connection == 1 and len(server.requests) > 1:
            exchange.writer.close()
            return
        await exchange.answer(COMPLETION)

    async with Server(hang_up_on_reuse) as server:
        client = make_client(server.url)
        await ask(client)
        await ask(client)
    assert [request.connection for request in server.requests] == [1, 1, 2]


async def test_a_fresh_connection_that_died_is_an_error(make_client: MakeClient) -> None:
    async def hang_up(exchange: Exchange) -> None:
        exchange.reset()

    async with Server(hang_up) as server:
        with pytest.raises(APIConnectionError):
            await ask(make_client(server.url))
    assert len(server.requests) == 1


async def test_the_deadline_covers_all_attempts(make_client: MakeClient) -> None:
    async def refuse(exchange: Exchange) -> None:
        await exchange.answer({"error": {"message": "busy"}}, 500)

    async with Server(refuse) as server:
        started = time.monotonic()
        with pytest.raises(LiteLLMProxyError):
            await ask(make_client(server.url, max_retries=1000), timeout=1)
    assert time.monotonic() - started < 10
    assert len(server.requests) > 1


async def test_silence_ends_at_the_deadline_and_is_not_tried_again(make_client: MakeClient) -> None:
    async def silent(exchange: Exchange) -> None:
        await exchange.until_left()

    async with Server(silent) as server:
        client = make_client(server.url)
        with pytest.raises(APITimeoutError, match=r"0\.3"):
            await ask(client, timeout=0.3)
        with pytest.raises(APITimeoutError):
            await client.with_options(timeout=0.2).models.list()
    assert len(server.requests) == 2


async def test_waiting_longer_than_the_deadline_allows_is_not_begun(make_client: MakeClient) -> None:
    async def refuse(exchange: Exchange) -> None:
        await exchange.answer({"error": {"message": "slow down"}}, 429, **{"llm_provider-retry-after": "7"})

    async with Server(refuse) as server:
        started = time.monotonic()
        with pytest.raises(RateLimitError) as caught:
            await ask(make_client(server.url), timeout=5)
    assert caught.value.retry_after == 7
    assert time.monotonic() - started < 4
    assert len(server.requests) == 1


async def test_a_redirect_is_an_error_that_names_where_to(make_client: MakeClient) -> None:
    async def elsewhere(exchange: Exchange) -> None:
        await exchange.answer(b"", 302, location="https://login.example.com/x?token=abc")

    async with Server(elsewhere) as server:
        with pytest.raises(RedirectError, match=r"https://login\.example\.com") as caught:
            await ask(make_client(server.url, "sk-1"))
    assert "token" not in str(caught.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize("body", [b"null", b"<html>hello</html>", b"[]", b"{}", b"", b'"text"'])
async def test_a_success_without_an_answer_is_an_error(make_client: MakeClient, body: bytes) -> None:
    async def nothing(exchange: Exchange) -> None:
        await exchange.answer(body)

    async with Server(nothing) as server:
        with pytest.raises(InvalidResponseError):
            await ask(make_client(server.url))


async def test_an_error_object_with_status_200_is_an_error(make_client: MakeClient) -> None:
    async def hidden(exchange: Exchange) -> None:
        await exchange.answer({"error": {"message": "wrong", "code": "400"}})

    async with Server(hidden) as server:
        with pytest.raises((BadRequestError, InvalidResponseError), match="wrong"):
            await ask(make_client(server.url))


async def test_an_answer_that_does_not_fit_is_kept_unless_strict(make_client: MakeClient) -> None:
    async def odd(exchange: Exchange) -> None:
        await exchange.answer({**COMPLETION, "created": "yesterday"})

    async with Server(odd) as server:
        completion = await ask(make_client(server.url))
        assert completion["created"] == "yesterday"
        assert completion.choices[0].message.content == "Hello."
        with pytest.raises(InvalidResponseError):
            await ask(make_client(server.url, strict=True))


async def test_return_request_sends_nothing(make_client: MakeClient) -> None:
    client = make_client("http://127.0.0.1:9/prefix/v1/", "sk-1", auth_header="x-api-key")
    request = await client.chat.completions.create(model="gpt-4", messages=QUESTION, stream=True, return_request=True)
    assert str(request.url) == "http://127.0.0.1:9/prefix/v1/chat/completions"
    assert request.headers["x-api-key"] == "sk-1"
    assert request.headers["content-type"] == "application/json"
    request = await client.models.list(return_request=True)
    assert request.method == "GET"
    assert request.headers["content-type"] == "application/json"


async def test_a_prepared_request_can_be_changed_and_sent(make_client: MakeClient) -> None:
    async with Server(greet) as server:
        client = make_client(server.url, "sk-1")
        request = await client.chat.completions.create(model="gpt-4", messages=QUESTION, return_request=True)
        request.headers["x-extra"] = "1"
        response = await client.http.send(request)
    assert isinstance(response, httpx.Response)
    assert response.json()["id"] == "chatcmpl-1"
    assert server.requests[0].headers["x-extra"] == "1"


async def test_own_http_client_is_used_with_its_headers_and_hooks(make_client: MakeClient) -> None:
    seen: list[str] = []

    async def hook(request: httpx.Request) -> None:
        seen.append(str(request.url))

    http_client = httpx.AsyncClient(headers={"x-own": "1"}, follow_redirects=True, event_hooks={"request": [hook]})
    async with Server(greet) as server:
        await ask(make_client(server.url, http_client=http_client))
    assert seen == [f"{server.url}/v1/chat/completions"]
    assert server.requests[0].headers["x-own"] == "1"


async def test_own_transport_is_used(make_client: MakeClient) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=COMPLETION)

    client = make_client("http://proxy.test", transport=httpx.MockTransport(answer))
    assert (await ask(client)).id == "chatcmpl-1"


async def test_options_of_a_copy_do_not_reach_the_original(make_client: MakeClient) -> None:
    async with Server(greet) as server:
        client = make_client(server.url, headers={"a": "1"})
        copy = client.with_options(headers={"b": "2"}, query={"c": "3"})
        await ask(copy)
        await ask(client)
    first, second = server.requests
    assert (first.headers["a"], first.headers["b"]) == ("1", "2")
    assert first.target.endswith("?c=3")
    assert "b" not in second.headers
    assert second.target == "/v1/chat/completions"
    assert server.connections == 1


async def test_a_closed_client_says_so(make_client: MakeClient) -> None:
    client = make_client("http://127.0.0.1:9")
    await client.close()
    await client.close()
    assert client.is_closed
    with pytest.raises(UsageError, match="closed"):
        await ask(client)


@pytest.mark.parametrize("data", ['{"half', None], ids=["broken", "empty"])
async def test_http_request_returns_what_came(make_client: MakeClient, data: str | None) -> None:
    async def echo(exchange: Exchange) -> None:
        if data is None:
            await exchange.send(b"HTTP/1.1 204 No Content\r\n\r\n")
        else:
            await exchange.answer(data.encode(), content_type="text/plain")

    async with Server(echo) as server:
        assert await make_client(server.url).http.request("GET", "x//") == data


async def test_many_calls_at_once_share_connections(make_client: MakeClient, face: str) -> None:
    async def slowly(exchange: Exchange) -> None:
        await asyncio.sleep(0.01)
        await exchange.answer(COMPLETION)

    async with Server(slowly) as server:
        client = make_client(server.url, limits=httpx.Limits(max_connections=5))
        for _ in range(2):
            await asyncio.gather(*(ask(client) for _ in range(20)))
    assert len(server.requests) == 40
    assert server.connections <= 5


def test_wrong_arguments_are_refused() -> None:
    for make, options in itertools.product(
        (AsyncClient, Client),
        (
            {"base_url": "localhost:4000"},
            {"base_url": "ftp://x"},
            {"base_url": "http://user:secret@x"},
            {"base_url": "http://x?y=1"},
            {"timeout": 0},
            {"timeout": float("nan")},
            {"max_retries": -1},
            {"headers": {"a\r\nb": "1"}},
            {"headers": {"a": "1\r\nb: 2"}},
            {"api_key": "sk-1\r\nx: y"},
            {"auth_header": "a b"},
            {"changed_by": "x\ny"},
        ),
    ):
        with pytest.raises(UsageError) as caught:
            make(**options)  # type: ignore[arg-type]
        assert "secret" not in str(caught.value)
    with httpx.Client() as http_client:
        for make in (AsyncClient, Client):
            with pytest.raises(TypeError, match=r"httpx\.AsyncClient"):
                make(http_client=http_client)  # type: ignore[arg-type]
