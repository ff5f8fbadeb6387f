"""Sending, retries and timeouts, against a real server, with the sync and the async client."""

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

MESSAGES = [{"role": "user", "content": "Hello"}]


async def complete(client: AsyncClient, *, timeout: float | None = None) -> ChatCompletion:
    return await client.chat.completions.create(model="gpt-4", messages=MESSAGES, timeout=timeout)


async def respond_with_completion(exchange: Exchange) -> None:
    await exchange.respond(COMPLETION)


async def test_completion_request_has_key_json_and_call_id(make_client: MakeClient) -> None:
    async with Server(respond_with_completion) as server:
        client = make_client(server.url, "sk-secret", headers={"x-team": "blue"}, query={"tenant": "a b"})
        completion = await complete(client)
    assert completion.choices[0].message.content == "Hello."
    (request,) = server.requests
    assert request.method == "POST"
    assert request.target == "/v1/chat/completions?tenant=a%20b"
    assert request.headers["authorization"] == "Bearer sk-secret"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-team"] == "blue"
    assert request.headers["user-agent"].startswith("litellm-proxy-client/")
    assert request.headers["x-litellm-call-id"]
    assert request.json() == {"model": "gpt-4", "messages": MESSAGES}


async def test_failed_request_is_retried_with_same_call_id(make_client: MakeClient) -> None:
    statuses = iter([503, 500, 200])

    async def flaky(exchange: Exchange) -> None:
        await exchange.respond(COMPLETION, next(statuses), retry_after="0")

    async with Server(flaky) as server:
        completion = await complete(make_client(server.url))
    assert completion.choices[0].message.content == "Hello."
    assert len(server.requests) == 3
    assert len({request.headers["x-litellm-call-id"] for request in server.requests}) == 1


async def test_error_is_raised_after_max_retries(make_client: MakeClient) -> None:
    async def send_error(exchange: Exchange) -> None:
        await exchange.respond({"error": {"message": "full", "code": "503"}}, 503, retry_after="0")

    async with Server(send_error) as server:
        with pytest.raises(ServiceUnavailableError) as caught:
            await complete(make_client(server.url, max_retries=1))
    assert len(server.requests) == 2
    assert caught.value.message == "full"
    assert caught.value.retry_after == 0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
async def test_client_errors_are_not_retried(make_client: MakeClient, status: int) -> None:
    async def send_error(exchange: Exchange) -> None:
        await exchange.respond({"error": {"message": "no"}}, status)

    async with Server(send_error) as server:
        with pytest.raises(LiteLLMProxyError) as caught:
            await complete(make_client(server.url))
    assert len(server.requests) == 1
    assert caught.value.status_code == status


async def test_write_is_not_retried(make_client: MakeClient) -> None:
    async def send_error(exchange: Exchange) -> None:
        await exchange.respond({"detail": "busy"}, 503, retry_after="0")

    async with Server(send_error) as server:
        with pytest.raises(ServiceUnavailableError):
            await make_client(server.url).http.request("POST", "/key/generate", json={})
    assert len(server.requests) == 1


async def test_refused_connection_raises_connection_error_within_timeout(make_client: MakeClient) -> None:
    """A failed connect is retried even for a write, since nothing was sent; the timeout bounds the retries."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(APIConnectionError, match=url):
            await make_client(url, timeout=3).http.request("POST", "/key/generate", json={})
    assert time.monotonic() - started < 10


async def test_closed_keep_alive_connection_is_replaced_at_once(make_client: MakeClient) -> None:
    async def close_on_reuse(exchange: Exchange) -> None:
        if exchange.request.connection == 1 and len(server.requests) > 1:
            exchange.writer.close()
            return
        await exchange.respond(COMPLETION)

    async with Server(close_on_reuse) as server:
        client = make_client(server.url)
        await complete(client)
        await complete(client)
    assert [request.connection for request in server.requests] == [1, 1, 2]


async def test_reset_of_new_connection_raises_connection_error(make_client: MakeClient) -> None:
    async def reset_connection(exchange: Exchange) -> None:
        exchange.reset()

    async with Server(reset_connection) as server:
        with pytest.raises(APIConnectionError):
            await complete(make_client(server.url))
    assert len(server.requests) == 1


async def test_timeout_covers_all_attempts(make_client: MakeClient) -> None:
    async def send_error(exchange: Exchange) -> None:
        await exchange.respond({"error": {"message": "busy"}}, 500)

    async with Server(send_error) as server:
        started = time.monotonic()
        with pytest.raises(LiteLLMProxyError):
            await complete(make_client(server.url, max_retries=1000), timeout=1)
    assert time.monotonic() - started < 10
    assert len(server.requests) > 1


async def test_silent_server_raises_timeout_error_without_retry(make_client: MakeClient) -> None:
    async def stay_silent(exchange: Exchange) -> None:
        await exchange.wait_for_disconnect()

    async with Server(stay_silent) as server:
        client = make_client(server.url)
        with pytest.raises(APITimeoutError, match=r"0\.3"):
            await complete(client, timeout=0.3)
        with pytest.raises(APITimeoutError):
            await client.with_options(timeout=0.2).models.list()
    assert len(server.requests) == 2


async def test_retry_after_beyond_timeout_is_not_waited_for(make_client: MakeClient) -> None:
    async def send_error(exchange: Exchange) -> None:
        await exchange.respond({"error": {"message": "slow down"}}, 429, **{"llm_provider-retry-after": "7"})

    async with Server(send_error) as server:
        started = time.monotonic()
        with pytest.raises(RateLimitError) as caught:
            await complete(make_client(server.url), timeout=5)
    assert caught.value.retry_after == 7
    assert time.monotonic() - started < 4
    assert len(server.requests) == 1


async def test_redirect_raises_error_that_names_target(make_client: MakeClient) -> None:
    async def redirect(exchange: Exchange) -> None:
        await exchange.respond(b"", 302, location="https://login.example.com/x?token=abc")

    async with Server(redirect) as server:
        with pytest.raises(RedirectError, match=r"https://login\.example\.com") as caught:
            await complete(make_client(server.url, "sk-1"))
    assert "token" not in str(caught.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize("body", [b"null", b"<html>hello</html>", b"[]", b"{}", b"", b'"text"'])
async def test_success_with_invalid_body_raises_invalid_response_error(make_client: MakeClient, body: bytes) -> None:
    async def send_body(exchange: Exchange) -> None:
        await exchange.respond(body)

    async with Server(send_body) as server:
        with pytest.raises(InvalidResponseError):
            await complete(make_client(server.url))


async def test_error_object_with_status_200_raises_error(make_client: MakeClient) -> None:
    async def send_error_with_200(exchange: Exchange) -> None:
        await exchange.respond({"error": {"message": "wrong", "code": "400"}})

    async with Server(send_error_with_200) as server:
        with pytest.raises((BadRequestError, InvalidResponseError), match="wrong"):
            await complete(make_client(server.url))


async def test_response_of_wrong_type_is_kept_unless_strict(make_client: MakeClient) -> None:
    async def send_wrong_type(exchange: Exchange) -> None:
        await exchange.respond({**COMPLETION, "created": "yesterday"})

    async with Server(send_wrong_type) as server:
        completion = await complete(make_client(server.url))
        assert completion["created"] == "yesterday"
        assert completion.choices[0].message.content == "Hello."
        with pytest.raises(InvalidResponseError):
            await complete(make_client(server.url, strict=True))


async def test_return_request_sends_nothing(make_client: MakeClient) -> None:
    client = make_client("http://127.0.0.1:9/prefix/v1/", "sk-1", auth_header="x-api-key")
    request = await client.chat.completions.create(model="gpt-4", messages=MESSAGES, stream=True, return_request=True)
    assert str(request.url) == "http://127.0.0.1:9/prefix/v1/chat/completions"
    assert request.headers["x-api-key"] == "sk-1"
    assert request.headers["content-type"] == "application/json"
    request = await client.models.list(return_request=True)
    assert request.method == "GET"
    assert request.headers["content-type"] == "application/json"


async def test_request_of_return_request_can_be_changed_and_sent(make_client: MakeClient) -> None:
    async with Server(respond_with_completion) as server:
        client = make_client(server.url, "sk-1")
        request = await client.chat.completions.create(model="gpt-4", messages=MESSAGES, return_request=True)
        request.headers["x-extra"] = "1"
        response = await client.http.send(request)
    assert isinstance(response, httpx.Response)
    assert response.json()["id"] == "chatcmpl-1"
    assert server.requests[0].headers["x-extra"] == "1"


async def test_custom_http_client_is_used_with_its_headers_and_hooks(make_client: MakeClient) -> None:
    seen: list[str] = []

    async def hook(request: httpx.Request) -> None:
        seen.append(str(request.url))

    http_client = httpx.AsyncClient(headers={"x-own": "1"}, follow_redirects=True, event_hooks={"request": [hook]})
    async with Server(respond_with_completion) as server:
        await complete(make_client(server.url, http_client=http_client))
    assert seen == [f"{server.url}/v1/chat/completions"]
    assert server.requests[0].headers["x-own"] == "1"


async def test_custom_transport_is_used(make_client: MakeClient) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=COMPLETION)

    client = make_client("http://proxy.test", transport=httpx.MockTransport(respond))
    assert (await complete(client)).id == "chatcmpl-1"


async def test_with_options_does_not_change_the_original(make_client: MakeClient) -> None:
    async with Server(respond_with_completion) as server:
        client = make_client(server.url, headers={"a": "1"})
        copy = client.with_options(headers={"b": "2"}, query={"c": "3"})
        await complete(copy)
        await complete(client)
    first, second = server.requests
    assert (first.headers["a"], first.headers["b"]) == ("1", "2")
    assert first.target.endswith("?c=3")
    assert "b" not in second.headers
    assert second.target == "/v1/chat/completions"
    assert server.connections == 1


async def test_closed_client_raises_usage_error(make_client: MakeClient) -> None:
    client = make_client("http://127.0.0.1:9")
    await client.close()
    await client.close()
    assert client.is_closed
    with pytest.raises(UsageError, match="closed"):
        await complete(client)


@pytest.mark.parametrize("data", ['{"half', None], ids=["invalid JSON", "empty"])
async def test_http_request_returns_text_or_none(make_client: MakeClient, data: str | None) -> None:
    async def echo(exchange: Exchange) -> None:
        if data is None:
            await exchange.send(b"HTTP/1.1 204 No Content\r\n\r\n")
        else:
            await exchange.respond(data.encode(), content_type="text/plain")

    async with Server(echo) as server:
        assert await make_client(server.url).http.request("GET", "x//") == data


async def test_concurrent_calls_share_connections(make_client: MakeClient, client_kind: str) -> None:
    async def respond_slowly(exchange: Exchange) -> None:
        await asyncio.sleep(0.01)
        await exchange.respond(COMPLETION)

    async with Server(respond_slowly) as server:
        client = make_client(server.url, limits=httpx.Limits(max_connections=5))
        for _ in range(2):
            await asyncio.gather(*(complete(client) for _ in range(20)))
    assert len(server.requests) == 40
    assert server.connections <= 5


def test_invalid_client_options_raise_usage_error() -> None:
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
