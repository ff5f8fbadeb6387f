"""Sync and async streams: their ends, their failures, and the release of their connections."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from litellm_proxy_client import AsyncClient, AsyncStream
from litellm_proxy_client.exceptions import (
    APITimeoutError,
    InternalServerError,
    InvalidResponseError,
    LiteLLMProxyError,
    RateLimitError,
    StreamError,
    StreamTruncatedError,
    UsageError,
)
from litellm_proxy_client.types.chat import ChatCompletionChunk

from .conftest import MakeClient
from .server import Exchange, Server


async def open_stream(client: AsyncClient, *, timeout: float | None = None) -> AsyncStream[ChatCompletionChunk]:
    messages = [{"role": "user", "content": "Hello"}]
    return await client.chat.completions.create(model="gpt-4", messages=messages, stream=True, timeout=timeout)


async def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the condition did not become true in time")


async def three_words(exchange: Exchange) -> None:
    await exchange.begin_stream(x_litellm_call_id="abc")
    for word in ("One ", "two ", "three."):
        await exchange.chunk(word)
    await exchange.chunk(finish_reason="stop")
    await exchange.chunk(usage={"prompt_tokens": 1, "completion_tokens": 3, "total_tokens": 4, "cost": 0.5})
    await exchange.end_stream()


async def endless(exchange: Exchange) -> None:
    await exchange.begin_stream()
    while not exchange.reader.at_eof():
        await exchange.chunk("word ")
        await asyncio.sleep(0.01)
    raise ConnectionResetError


async def test_stream_yields_chunks_text_completion_usage_and_cost(make_client: MakeClient) -> None:
    async with Server(three_words) as server:
        client = make_client(server.url)
        stream = await open_stream(client)
        assert stream.proxy.call_id == "abc"
        texts = [chunk.choices[0].delta.content or "" async for chunk in stream]
        assert "".join(texts) == "One two three."
        assert stream.completion.choices[0].message.content == "One two three."
        assert stream.usage is not None
        assert stream.usage.total_tokens == 4
        assert stream.cost == 0.5
        assert [text async for text in (await open_stream(client)).iter_text()] == [
            "One ",
            "two ",
            "three.",
        ]
        completion = await (await open_stream(client)).get_final_completion()
        assert completion.choices[0].message.content == "One two three."
        assert completion.choices[0].finish_reason == "stop"
    assert server.connections == 1, "the connection of a stream that was read to its end was not reused"


async def test_partial_completion_can_be_read_at_any_time(make_client: MakeClient) -> None:
    async with Server(three_words) as server:
        stream = await open_stream(make_client(server.url))
        partial_contents: list[str | None] = []
        async for _ in stream:
            partial_contents.append(stream.completion.choices[0].message.content)
    assert partial_contents == ["One ", "One two ", *["One two three."] * 3]


@pytest.mark.parametrize("method", ["break", "break, still referenced", "with", "close", "exception"])
async def test_leaving_a_stream_early_releases_its_connection(make_client: MakeClient, method: str) -> None:
    async with Server(endless) as server:
        client = make_client(server.url, limits=httpx.Limits(max_connections=1))
        for _ in range(3):
            if method == "break":
                async for _ in await open_stream(client):
                    break
                continue
            stream = await open_stream(client)
            if method == "break, still referenced":
                async for _ in stream:
                    break
            elif method == "with":
                async with stream:
                    await stream.__anext__()
            elif method == "close":
                await stream.__anext__()
                await stream.close()
                await stream.close()
                with pytest.raises(StopAsyncIteration):
                    await stream.__anext__()
            else:
                with pytest.raises(ZeroDivisionError):
                    async for _ in stream:
                        raise ZeroDivisionError
        await wait_until(lambda: server.open_connections == 0)


async def test_stream_closed_early_has_no_final_completion(make_client: MakeClient) -> None:
    async with Server(endless) as server:
        stream = await open_stream(make_client(server.url))
        await stream.__anext__()
        await stream.close()
        with pytest.raises(UsageError, match="closed before its end"):
            await stream.get_final_completion()
        assert (stream.completion.choices[0].message.content or "").startswith("word")


Failure = Callable[[Exchange], Awaitable[None]]


async def close_connection(exchange: Exchange) -> None:
    exchange.writer.close()


async def reset_connection(exchange: Exchange) -> None:
    exchange.reset()


async def end_without_finish(exchange: Exchange) -> None:
    await exchange.end_stream(done=False)


async def end_inside_an_event(exchange: Exchange) -> None:
    await exchange.chunk(finish_reason="stop")
    await exchange.http_chunk(b'data: {"choices": [')
    await exchange.end_stream(done=False)


async def error_event(exchange: Exchange) -> None:
    await exchange.event({"error": {"message": "half-way", "type": None, "param": None, "code": "500"}})
    await exchange.end_stream(done=False)


async def error_event_and_done(exchange: Exchange) -> None:
    await exchange.event({"error": {"message": "half-way", "type": "None", "param": "None", "code": "500"}})
    await exchange.end_stream()


async def text_event(exchange: Exchange) -> None:
    await exchange.event(b"cannot serialize")
    await exchange.end_stream()


async def stay_silent(exchange: Exchange) -> None:
    await exchange.wait_for_disconnect()


@pytest.mark.parametrize(
    ("fail", "error"),
    [
        (close_connection, StreamError),
        (reset_connection, StreamError),
        (end_without_finish, StreamTruncatedError),
        (end_inside_an_event, StreamTruncatedError),
        (error_event, InternalServerError),
        (error_event_and_done, InternalServerError),
        (text_event, StreamError),
        (stay_silent, APITimeoutError),
    ],
)
async def test_broken_stream_raises_with_the_partial_completion(
    make_client: MakeClient, fail: Failure, error: type[LiteLLMProxyError]
) -> None:
    async def break_off(exchange: Exchange) -> None:
        await exchange.begin_stream(x_litellm_call_id="abc")
        await exchange.chunk("One ")
        await exchange.chunk("two ")
        await asyncio.sleep(0.05)
        await fail(exchange)

    async with Server(break_off) as server:
        stream = await open_stream(make_client(server.url, idle_timeout=0.3))
        texts: list[str] = []
        with pytest.raises(error) as caught:
            async for chunk in stream:
                texts.append(chunk.choices[0].delta.content or "")
        assert "".join(texts) == "One two "
        assert caught.value.partial is not None
        assert caught.value.partial.choices[0].message.content == "One two "
        assert caught.value.chunks == len(texts)
        assert caught.value.call_id == "abc"
        with pytest.raises(error):
            await stream.get_final_completion()
    assert len(server.requests) == 1, "a stream was retried after its first chunk"


async def test_finish_reasons_complete_a_stream_without_done(make_client: MakeClient) -> None:
    async def no_done(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk("One.")
        await exchange.chunk(finish_reason="stop")
        await exchange.end_stream(done=False)

    async with Server(no_done) as server:
        stream = await open_stream(make_client(server.url))
        assert (await stream.get_final_completion()).choices[0].message.content == "One."


async def test_done_completes_a_stream_without_finish_reasons(make_client: MakeClient) -> None:
    async def no_reason(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk("One.")
        await exchange.end_stream()

    async with Server(no_reason) as server:
        stream = await open_stream(make_client(server.url))
        assert (await stream.get_final_completion()).choices[0].message.content == "One."


async def test_error_event_before_the_first_chunk_is_retried(make_client: MakeClient) -> None:
    async def busy_once(exchange: Exchange) -> None:
        if len(server.requests) > 1:
            return await three_words(exchange)
        await exchange.begin_stream()
        await exchange.http_chunk(b": ping\n\n")
        await exchange.event({"error": {"message": "busy", "type": "throttling_error", "param": None, "code": "429"}})
        return await exchange.end_stream()

    async with Server(busy_once) as server:
        stream = await open_stream(make_client(server.url))
        assert (await stream.get_final_completion()).choices[0].message.content == "One two three."
        assert len(server.requests) == 2
        server.requests.clear()
        with pytest.raises(RateLimitError, match="busy") as caught:
            await open_stream(make_client(server.url, max_retries=0))
    assert caught.value.partial is None
    assert caught.value.chunks == 0


async def test_comments_reset_the_idle_timeout(make_client: MakeClient) -> None:
    async def ping(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk("One.")
        for _ in range(6):
            await asyncio.sleep(0.1)
            await exchange.http_chunk(b": ping\n\n")
        await exchange.end_stream()

    async with Server(ping) as server:
        stream = await open_stream(make_client(server.url, idle_timeout=0.4))
        assert (await stream.get_final_completion()).choices[0].message.content == "One."


async def test_deadline_ends_with_the_first_chunk(make_client: MakeClient) -> None:
    async def slow(exchange: Exchange) -> None:
        await exchange.begin_stream()
        for _ in range(8):
            await exchange.chunk("word ")
            await asyncio.sleep(0.1)
        await exchange.end_stream()

    async with Server(slow) as server:
        stream = await open_stream(make_client(server.url), timeout=0.4)
        assert (await stream.get_final_completion()).choices[0].message.content == "word " * 8


async def test_response_without_an_event_stream_raises(make_client: MakeClient) -> None:
    async def html_page(exchange: Exchange) -> None:
        await exchange.respond(b"<html></html>", content_type="text/html")

    async with Server(html_page) as server:
        with pytest.raises(InvalidResponseError):
            await open_stream(make_client(server.url))


async def test_slow_reader_applies_backpressure(make_client: MakeClient) -> None:
    sent = 0

    async def flood(exchange: Exchange) -> None:
        nonlocal sent
        await exchange.begin_stream()
        for _ in range(3000):
            await exchange.chunk("x" * 65_536)
            sent += 1
        await exchange.end_stream()

    async with Server(flood) as server:
        stream = await open_stream(make_client(server.url))
        await stream.__anext__()
        await asyncio.sleep(1)
        assert sent < 1500
        await stream.close()
