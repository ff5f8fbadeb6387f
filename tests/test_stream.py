"""Sync and async streams: their ends, their failures, and the release of their connections."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from contextlib import suppress

import httpx
import pytest

from litellm_proxy_client import AsyncChatCompletionStream, AsyncClient
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

from .conftest import MakeClient
from .server import Exchange, Server


async def open_stream(client: AsyncClient, *, timeout: float | None = None) -> AsyncChatCompletionStream:
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


@pytest.mark.parametrize("method", ["break", "exception", "with", "close", "deleted after a break"])
async def test_leaving_a_stream_early_releases_its_connection(make_client: MakeClient, method: str) -> None:
    async with Server(endless) as server:
        client = make_client(server.url, limits=httpx.Limits(max_connections=1))
        for _ in range(3):
            if method == "break":
                async for _ in await open_stream(client):
                    break
                continue
            if method == "exception":
                with pytest.raises(ZeroDivisionError):
                    async for _ in await open_stream(client):
                        raise ZeroDivisionError
                continue
            stream = await open_stream(client)
            if method == "deleted after a break":
                async for _ in stream:
                    break
                del stream
            elif method == "with":
                async with stream:
                    await stream.__anext__()
            else:
                await stream.__anext__()
                await stream.close()
                await stream.close()
                with pytest.raises(UsageError, match="closed before its end"):
                    await stream.__anext__()
        await wait_until(lambda: server.open_connections == 0)


async def many_words(exchange: Exchange) -> None:
    await exchange.begin_stream()
    for number in range(100):
        await exchange.chunk(f"{number} ")
        await asyncio.sleep(0)
    await exchange.end_stream()


@pytest.mark.parametrize("leave", ["break", "return", "exception"])
async def test_second_loop_continues_where_the_first_stopped(make_client: MakeClient, leave: str) -> None:
    async with Server(many_words) as server:
        stream = await open_stream(make_client(server.url))
        texts: list[str | None] = []

        async def read_three() -> None:
            async for chunk in stream:
                texts.append(chunk.choices[0].delta.content)
                if len(texts) == 3:
                    if leave == "exception":
                        raise ZeroDivisionError
                    if leave == "return":
                        return
                    break

        with suppress(ZeroDivisionError):
            await read_three()
        gc.collect()
        await asyncio.sleep(0.05)
        assert server.open_connections == 1
        texts += [chunk.choices[0].delta.content async for chunk in stream]
        assert texts == [f"{number} " for number in range(100)]


async def test_every_loop_after_the_complete_end_is_empty(make_client: MakeClient) -> None:
    async with Server(three_words) as server:
        stream = await open_stream(make_client(server.url))
        assert len([chunk async for chunk in stream]) == 5
        for _ in range(2):
            assert [chunk async for chunk in stream] == []
            with pytest.raises(StopAsyncIteration):
                await stream.__anext__()
        await stream.close()
        assert [chunk async for chunk in stream] == []
        assert (await stream.get_final_completion()).choices[0].finish_reason == "stop"


async def test_events_after_the_last_one_are_ignored(make_client: MakeClient) -> None:
    async def more_after_done(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.http_chunk(b'data: {"choices": []}\n\ndata: [DONE]\n\ndata: {"choices": []}\n\n')
        await exchange.wait_for_disconnect()

    async with Server(more_after_done) as server:
        stream = await open_stream(make_client(server.url))
        assert len([chunk async for chunk in stream]) == 1
        assert [chunk async for chunk in stream] == []
        await wait_until(lambda: server.open_connections == 0)


async def words_then_pause(exchange: Exchange) -> None:
    await exchange.begin_stream()
    await exchange.chunk("One ")
    await asyncio.sleep(0.5)
    await exchange.chunk("two.")
    await exchange.end_stream()


async def test_cancelled_read_is_an_error_and_never_an_empty_loop() -> None:
    async with Server(words_then_pause) as server, AsyncClient(server.url, api_key="sk-1") as client:
        stream = await open_stream(client)
        await stream.__anext__()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(stream.__anext__(), 0.05)
        for _ in range(2):
            with pytest.raises(StreamError, match="a read was cancelled") as caught:
                _ = [chunk async for chunk in stream]
            assert caught.value.chunks == 1
            assert caught.value.partial is not None
            assert caught.value.partial.choices[0].message.content == "One "
        await wait_until(lambda: server.open_connections == 0)


async def test_second_reader_gets_an_error_and_the_first_goes_on(make_client: MakeClient) -> None:
    async with Server(words_then_pause) as server:
        stream = await open_stream(make_client(server.url))
        await stream.__anext__()
        first = asyncio.ensure_future(stream.__anext__())
        await asyncio.sleep(0.1)
        with pytest.raises(UsageError, match=r"only one (task|thread) can read it at a time"):
            await asyncio.wait_for(stream.__anext__(), 0.2)
        assert (await first).choices[0].delta.content == "two."
        assert [chunk async for chunk in stream] == []


async def test_another_event_loop_gets_an_error_and_the_first_goes_on() -> None:
    async with Server(many_words) as server, AsyncClient(server.url, api_key="sk-1") as client:
        stream = await open_stream(client)
        await stream.__anext__()

        def read_elsewhere() -> None:
            asyncio.run(asyncio.wait_for(stream.__anext__(), 1))

        with pytest.raises(UsageError, match="belongs to the event loop that opened it"):
            await asyncio.to_thread(read_elsewhere)
        assert len([chunk async for chunk in stream]) == 99


async def test_close_while_another_reads_ends_the_read_with_an_error(make_client: MakeClient) -> None:
    async with Server(words_then_pause) as server:
        stream = await open_stream(make_client(server.url))
        await stream.__anext__()
        reader = asyncio.ensure_future(stream.__anext__())
        await asyncio.sleep(0.1)
        await stream.close()
        with pytest.raises(LiteLLMProxyError):
            await asyncio.wait_for(reader, 2)
        with pytest.raises(LiteLLMProxyError):
            await stream.__anext__()
        await wait_until(lambda: server.open_connections == 0)


async def test_stream_outlives_its_client_object(make_client: MakeClient) -> None:
    async with Server(many_words) as server:
        stream = await open_stream(make_client(server.url).with_options(max_retries=0))
        gc.collect()
        assert len([chunk async for chunk in stream]) == 100


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
