"""Every limit of time by itself, on both transports: what ends, when, and what the client can do afterwards."""

from __future__ import annotations

import asyncio
import socket
import sys
from contextlib import ExitStack
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
# A limit is kept if it is not a longer one that was.
LONG = 5.0

pytestmark = pytest.mark.parametrize("transport", ["aiohttp", "httpx"])


async def ask(client: AsyncClient, text: str = "Hello?", timeout: float | None = None) -> None:
    messages = [{"role": "user", "content": text}]
    await client.chat.completions.create(model="m", messages=messages, timeout=timeout)


async def test_connecting_has_a_limit_of_its_own(make_client: MakeClient, transport: Any) -> None:
    with ExitStack() as stack:
        # A queue of one, which is full: the kernel drops whatever else knocks.
        deaf, knocking = (stack.enter_context(socket.socket()) for _ in range(2))
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        knocking.setblocking(False)
        knocking.connect_ex(deaf.getsockname())
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        client = make_client(url, "sk-1", transport=transport, connect_timeout=SHORT, max_retries=1, timeout=LONG)
        with anyio.fail_after(LONG - 1):
            with pytest.raises(APITimeoutError, match="connect_timeout") as caught:
                await ask(client)
    assert caught.value.never_sent, "so it was tried again"


async def test_waiting_for_a_connection_is_part_of_the_deadline(make_client: MakeClient, transport: Any) -> None:
    async def answer(exchange: Exchange) -> None:
        if exchange.request.json().get("stream"):
            await exchange.begin_stream()
            await exchange.chunk("Hello")
            await exchange.until_left()
        else:
            await exchange.answer(COMPLETION)

    async with Server(answer) as server:
        client = make_client(server.url, "sk-1", transport=transport, limits=httpx.Limits(max_connections=1))
        stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
        await stream.__anext__()
        with anyio.fail_after(LONG - 1):
            with pytest.raises(APITimeoutError, match="connection pool exhausted"):
                await ask(client, timeout=SHORT)
        await stream.close()
        await ask(client, timeout=LONG)
    assert len(server.requests) == 2


async def test_a_request_that_nobody_reads_ends_at_the_deadline(make_client: MakeClient, transport: Any) -> None:
    unread = asyncio.Event()

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await unread.wait()
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1024)
    url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    client = make_client(url, "sk-1", transport=transport, max_retries=0)
    with anyio.fail_after(LONG - 1):
        with pytest.raises(APITimeoutError):
            await ask(client, "x" * 20_000_000, timeout=SHORT)
    unread.set()
    listening.close()


async def test_the_deadline_of_a_stream_ends_with_its_first_chunk(make_client: MakeClient, transport: Any) -> None:
    async def answer(exchange: Exchange) -> None:
        await exchange.begin_stream()
        for number in range(8):
            await exchange.chunk(str(number))
            await asyncio.sleep(SHORT / 3)
        await exchange.chunk(None, "stop")
        await exchange.end_stream()

    async with Server(answer) as server:
        client = make_client(server.url, "sk-1", transport=transport)
        stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True, timeout=SHORT)
        async for _ in stream:
            pass
        assert stream.completion.choices[0].message.content == "01234567"


@pytest.mark.parametrize("life", [b": ping\n\n", b": pi"], ids=["comments", "pieces of a line"])
async def test_whatever_arrives_is_life(make_client: MakeClient, transport: Any, life: bytes) -> None:
    async def answer(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk("Hello")
        for _ in range(6):
            await exchange.piece(life)
            await asyncio.sleep(SHORT / 3)
        await exchange.piece(b"\n\n")
        await exchange.chunk(None, "stop")
        await exchange.end_stream()

    async with Server(answer) as server:
        client = make_client(server.url, "sk-1", transport=transport, idle_timeout=SHORT)
        stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
        assert (await stream.get_final_completion()).choices[0].message.content == "Hello"


async def test_silence_ends_a_stream_and_what_came_is_kept(make_client: MakeClient, transport: Any) -> None:
    async def answer(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.chunk("Hello")
        await exchange.until_left()

    async with Server(answer) as server:
        client = make_client(server.url, "sk-1", transport=transport, idle_timeout=SHORT)
        stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True, timeout=LONG)
        with anyio.fail_after(LONG - 1):
            with pytest.raises(APITimeoutError, match=r"idle for 0\.3 s") as caught:
                async for _ in stream:
                    pass
    assert caught.value.partial is not None
    assert caught.value.partial.choices[0].message.content == "Hello"


@pytest.mark.parametrize("how", ["asyncio.timeout", "anyio", "task", "group"])
async def test_every_way_to_cancel_leaves_the_client_whole(transport: Any, how: str) -> None:
    with Loopback() as server:
        client = AsyncClient(server.url, "sk-1", transport=transport, limits=httpx.Limits(max_connections=1))

        async def forever() -> None:
            await client.chat.completions.create(model="silent", messages=MESSAGES)

        with anyio.fail_after(LONG - 1):
            if how == "asyncio.timeout":
                if sys.version_info < (3, 11):
                    pytest.skip("there is no asyncio.timeout")
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(SHORT):
                        await forever()
            elif how == "anyio":
                with anyio.move_on_after(SHORT) as scope:
                    await forever()
                assert scope.cancelled_caught
            elif how == "task":
                task = asyncio.ensure_future(forever())
                await asyncio.sleep(SHORT)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            else:
                with pytest.RaisesGroup(ValueError):
                    async with anyio.create_task_group() as group:
                        group.start_soon(forever)
                        await asyncio.sleep(SHORT)
                        raise ValueError("the sibling failed")
            await client.chat.completions.create(model="hello", messages=MESSAGES)
        await client.close()
