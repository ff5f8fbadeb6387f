"""Streams: how they end, how they fail, and what they leave behind, on both faces."""

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


async def ask(client: AsyncClient, *, timeout: float | None = None) -> AsyncStream[ChatCompletionChunk]:
    question = [{"role": "user", "content": "Hello"}]
    return await client.chat.completions.create(model="gpt-4", messages=question, stream=True, timeout=timeout)


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen in time")


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


async def test_chunks_text_completion_usage_and_cost(make_client: MakeClient) -> None:
    async with Server(three_words) as server:
        client = make_client(server.url)
        stream = await ask(client)
        assert stream.proxy.call_id == "abc"
        texts = [chunk.choices[0].delta.content or "" async for chunk in stream]
        assert "".join(texts) == "One two three."
        assert stream.completion.choices[0].message.content == "One two three."
        assert stream.usage is not None
        assert stream.usage.total_tokens == 4
        assert stream.cost == 0.5
        assert [text async for text in (await ask(client)).iter_text()] == [
            "One ",
            "two ",
            "three.",
        ]
        completion = await (await ask(client)).get_final_completion()
        assert completion.choices[0].message.content == "One two three."
        assert completion.choices[0].finish_reason == "stop"
    assert server.connections == 1, "a stream that was read to its end leaves its connection for the next"


async def test_the_completion_so_far_can_be_read_at_any_time(make_client: MakeClient) -> None:
    async with Server(three_words) as server:
        stream = await ask(make_client(server.url))
        so_far: list[str | None] = []
        async for _ in stream:
            so_far.append(stream.completion.choices[0].message.content)
    assert so_far == ["One ", "One two ", *["One two three."] * 3]


@pytest.mark.parametrize("way", ["break", "break, still referenced", "with", "close", "exception"])
async def test_leaving_early_frees_the_connection(make_client: MakeClient, way: str) -> None:
    async with Server(endless) as server:
        client = make_client(server.url, limits=httpx.Limits(max_connections=1))
        for _ in range(3):
            if way == "break":
                async for _ in await ask(client):
                    break
                continue
            stream = await ask(client)
            if way == "break, still referenced":
                async for _ in stream:
                    break
            elif way == "with":
                async with stream:
                    await stream.__anext__()
            elif way == "close":
                await stream.__anext__()
                await stream.close()
                await stream.close()
                with pytest.raises(StopAsyncIteration):
                    await stream.__anext__()
            else:
                with pytest.raises(ZeroDivisionError):
                    async for _ in stream:
                        raise ZeroDivisionError
        await until(lambda: server.open_connections == 0)


async def test_the_completion_of_a_stream_closed_early_is_not_final(make_client: MakeClient) -> None:
    async with Server(endless) as server:
        stream = await ask(make_client(server.url))
        await stream.__anext__()
        await stream.close()
        with pytest.raises(UsageError, match="closed before its end"):
            await stream.get_final_completion()
        assert (stream.completion.choices[0].message.content or "").startswith("word")


Fault = Callable[[Exchange], Awaitable[None]]


async def cut(exchange: Exchange) -> None:
    exchange.writer.close()


async def reset(exchange: Exchange) -> None:
    exchange.reset()


async def end_without_finish(exchange: Exchange) -> None:
    await exchange.end_stream(done=False)


async def end_inside_an_event(exchange: Exchange) -> None:
    await exchange.chunk(finish_reason="stop")
    await exchange.piece(b'data: {"choices": [')
    await exchange.end_stream(done=False)


async def error_frame(exchange: Exchange) -> None:
    await exchange.event({"error": {"message": "half-way", "type": None, "param": None, "code": "500"}})
    await exchange.end_stream(done=False)


async def error_frame_and_done(exchange: Exchange) -> None:
    await exchange.event({"error": {"message": "half-way", "type": "None", "param": "None", "code": "500"}})
    await exchange.end_stream()


async def plain_text(exchange: Exchange) -> None:
    await exchange.event(b"cannot serialize")
    await exchange.end_stream()


async def stall(exchange: Exchange) -> None:
    await exchange.until_left()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (cut, StreamError),
        (reset, StreamError),
        (end_without_finish, StreamTruncatedError),
        (end_inside_an_event, StreamTruncatedError),
        (error_frame, InternalServerError),
        (error_frame_and_done, InternalServerError),
        (plain_text, StreamError),
        (stall, APITimeoutError),
    ],
)
async def test_a_broken_stream_is_an_error_with_what_had_come(
    make_client: MakeClient, fault: Fault, error: type[LiteLLMProxyError]
) -> None:
    async def break_off(exchange: Exchange) -> None:
        await exchange.begin_stream(x_litellm_call_id="abc")
        await exchange.chunk("One ")
        await exchange.chunk("two ")
        await asyncio.sleep(0.05)
        await fault(exchange)

    async with Server(break_off) as server:
        stream = await ask(make_client(server.url, idle_timeout=0.3))
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
    assert len(server.requests) == 1, "a stream is never begun again after its first chunk"


async def test_finish_reasons_end_a_stream_well_without_done(make_client: MakeClient) -> None:
    async def no_done(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk("One.")
        await exchange.chunk(finish_reason="stop")
        await exchange.end_stream(done=False)

    async with Server(no_done) as server:
        stream = await ask(make_client(server.url))
        assert (await stream.get_final_completion()).choices[0].message.content == "One."


async def test_done_ends_a_stream_well_without_finish_reasons(make_client: MakeClient) -> None:
    async def no_reason(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk("One.")
        await exchange.end_stream()

    async with Server(no_reason) as server:
        stream = await ask(make_client(server.url))
        assert (await stream.get_final_completion()).choices[0].message.content == "One."


async def test_an_error_frame_before_the_first_chunk_is_tried_again(make_client: MakeClient) -> None:
    async def busy_once(exchange: Exchange) -> None:
        if len(server.requests) > 1:
            return await three_words(exchange)
        await exchange.begin_stream()
        await exchange.piece(b": ping\n\n")
        await exchange.event({"error": {"message": "busy", "type": "throttling_error", "param": None, "code": "429"}})
        return await exchange.end_stream()

    async with Server(busy_once) as server:
        stream = await ask(make_client(server.url))
        assert (await stream.get_final_completion()).choices[0].message.content == "One two three."
        assert len(server.requests) == 2
        server.requests.clear()
        with pytest.raises(RateLimitError, match="busy") as caught:
            await ask(make_client(server.url, max_retries=0))
    assert caught.value.partial is None
    assert caught.value.chunks == 0


async def test_comments_are_life(make_client: MakeClient) -> None:
    async def ping(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk("One.")
        for _ in range(6):
            await asyncio.sleep(0.1)
            await exchange.piece(b": ping\n\n")
        await exchange.end_stream()

    async with Server(ping) as server:
        stream = await ask(make_client(server.url, idle_timeout=0.4))
        assert (await stream.get_final_completion()).choices[0].message.content == "One."


async def test_the_deadline_ends_at_the_first_chunk(make_client: MakeClient) -> None:
    async def slow(exchange: Exchange) -> None:
        await exchange.begin_stream()
        for _ in range(8):
            await exchange.chunk("word ")
            await asyncio.sleep(0.1)
        await exchange.end_stream()

    async with Server(slow) as server:
        stream = await ask(make_client(server.url), timeout=0.4)
        assert (await stream.get_final_completion()).choices[0].message.content == "word " * 8


async def test_an_answer_that_is_no_stream_is_an_error(make_client: MakeClient) -> None:
    async def page(exchange: Exchange) -> None:
        await exchange.answer(b"<html></html>", content_type="text/html")

    async with Server(page) as server:
        with pytest.raises(InvalidResponseError):
            await ask(make_client(server.url))


async def test_a_slow_reader_does_not_make_the_client_read_everything(make_client: MakeClient, face: str) -> None:
    sent = 0

    async def flood(exchange: Exchange) -> None:
        nonlocal sent
        await exchange.begin_stream()
        for _ in range(3000):
            await exchange.chunk("x" * 65_536)
            sent += 1
        await exchange.end_stream()

    async with Server(flood) as server:
        stream = await ask(make_client(server.url))
        await stream.__anext__()
        await asyncio.sleep(1)
        assert sent < 1500
        await stream.close()
