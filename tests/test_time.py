"""Each timeout by itself on both transports: which call ends, when, and that the client still works afterwards."""

from __future__ import annotations

import asyncio
import socket
import sys
from contextlib import ExitStack, suppress
from typing import Any

import anyio
import httpx
import pytest

from litellm_proxy_client import AsyncClient
from litellm_proxy_client.exceptions import APITimeoutError

from .conftest import MakeClient
from .loopback import Loopback
from .server import COMPLETION, Exchange, Server

MESSAGES = [{"role": "user", "content": "Hello?"}]
SHORT = 0.3
# A test fails if a limit of this length ends the call instead of the short one.
LONG = 5.0

pytestmark = pytest.mark.parametrize("transport", ["aiohttp", "httpx"])


async def complete(client: AsyncClient, text: str = "Hello?", timeout: float | None = None) -> None:
    messages = [{"role": "user", "content": text}]
    await client.chat.completions.create(model="m", messages=messages, timeout=timeout)


async def test_connect_timeout_limits_connecting(make_client: MakeClient, transport: Any) -> None:
    with ExitStack() as stack:
        # The backlog of one connection is full, so the kernel drops further connection attempts.
        listener, pending = (stack.enter_context(socket.socket()) for _ in range(2))
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        pending.setblocking(False)
        pending.connect_ex(listener.getsockname())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        client = make_client(url, "sk-1", transport=transport, connect_timeout=SHORT, max_retries=1, timeout=LONG)
        with anyio.fail_after(LONG - 1):
            with pytest.raises(APITimeoutError, match="connect_timeout") as caught:
                await complete(client)
    assert caught.value.never_sent, "the failed connect was not retryable"


async def test_waiting_for_a_connection_counts_towards_the_deadline(make_client: MakeClient, transport: Any) -> None:
    async def respond(exchange: Exchange) -> None:
        if exchange.request.json().get("stream"):
            await exchange.begin_stream()
            await exchange.chunk("Hello")
            await exchange.wait_for_disconnect()
        else:
            await exchange.respond(COMPLETION)

    async with Server(respond) as server:
        client = make_client(server.url, "sk-1", transport=transport, limits=httpx.Limits(max_connections=1))
        stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
        await stream.__anext__()
        with anyio.fail_after(LONG - 1):
            with pytest.raises(APITimeoutError, match="connection pool exhausted"):
                await complete(client, timeout=SHORT)
        await stream.close()
        await complete(client, timeout=LONG)
    assert len(server.requests) == 2


async def test_unread_request_ends_at_the_deadline(make_client: MakeClient, transport: Any) -> None:
    unread, closed = asyncio.Event(), asyncio.Event()

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await unread.wait()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        closed.set()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1024)
    url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    client = make_client(url, "sk-1", transport=transport, max_retries=0)
    with anyio.fail_after(LONG - 1):
        with pytest.raises(APITimeoutError):
            await complete(client, "x" * 20_000_000, timeout=SHORT)
    unread.set()
    await closed.wait()
    listening.close()


async def test_stream_deadline_ends_with_its_first_chunk(make_client: MakeClient, transport: Any) -> None:
    async def respond(exchange: Exchange) -> None:
        await exchange.begin_stream()
        for number in range(8):
            await exchange.chunk(str(number))
            await asyncio.sleep(SHORT / 3)
        await exchange.chunk(None, "stop")
        await exchange.end_stream()

    async with Server(respond) as server:
        client = make_client(server.url, "sk-1", transport=transport)
        stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True, timeout=SHORT)
        async for _ in stream:
            pass
        assert stream.completion.choices[0].message.content == "01234567"


@pytest.mark.parametrize("data", [b": ping\n\n", b": pi"], ids=["comments", "parts of a line"])
async def test_any_received_data_resets_the_idle_timeout(make_client: MakeClient, transport: Any, data: bytes) -> None:
    async def respond(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk("Hello")
        for _ in range(6):
            await exchange.http_chunk(data)
            await asyncio.sleep(SHORT)
        await exchange.http_chunk(b"\n\n")
        await exchange.chunk(None, "stop")
        await exchange.end_stream()

    async with Server(respond) as server:
        client = make_client(server.url, "sk-1", transport=transport, idle_timeout=4 * SHORT)
        stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
        assert (await stream.get_final_completion()).choices[0].message.content == "Hello"


async def test_idle_timeout_ends_a_stream_and_keeps_the_partial_completion(
    make_client: MakeClient, transport: Any
) -> None:
    async def respond(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk("Hello")
        await exchange.wait_for_disconnect()

    async with Server(respond) as server:
        client = make_client(server.url, "sk-1", transport=transport, idle_timeout=SHORT)
        stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True, timeout=LONG)
        with anyio.fail_after(LONG - 1):
            with pytest.raises(APITimeoutError, match=r"idle for 0\.3 s") as caught:
                async for _ in stream:
                    pass
    assert caught.value.partial is not None
    assert caught.value.partial.choices[0].message.content == "Hello"


@pytest.mark.parametrize("method", ["asyncio.timeout", "anyio", "task", "group"])
async def test_client_works_after_every_kind_of_cancellation(transport: Any, method: str) -> None:
    with Loopback() as server:
        client = AsyncClient(server.url, "sk-1", transport=transport, limits=httpx.Limits(max_connections=1))

        async def call_silent_model() -> None:
            await client.chat.completions.create(model="silent", messages=MESSAGES)

        with anyio.fail_after(LONG - 1):
            if method == "asyncio.timeout":
                if sys.version_info < (3, 11):
                    pytest.skip("asyncio.timeout needs Python 3.11")
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(SHORT):
                        await call_silent_model()
            elif method == "anyio":
                with anyio.move_on_after(SHORT) as scope:
                    await call_silent_model()
                assert scope.cancelled_caught
            elif method == "task":
                task = asyncio.ensure_future(call_silent_model())
                await asyncio.sleep(SHORT)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            else:
                with pytest.RaisesGroup(ValueError):
                    async with anyio.create_task_group() as group:
                        group.start_soon(call_silent_model)
                        await asyncio.sleep(SHORT)
                        raise ValueError("the sibling failed")
            await client.chat.completions.create(model="hello", messages=MESSAGES)
        await client.close()
