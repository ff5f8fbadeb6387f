"""Upper bounds on the work of a call and a chunk. Work is counted, not timed, so load does not change the results."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from typing import Any

import httpx
import pydantic
import pytest

from litellm_proxy_client import AsyncClient, Client
from litellm_proxy_client._runtime import aiohttp_transport, background_loop

from .loopback import ROOT
from .server import COMPLETION, Exchange, Server

CALLS = 20
CHUNKS = 2000
MESSAGES = [{"role": "user", "content": "Hello"}]


@pytest.fixture
async def url(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    monkeypatch.delenv("LITELLM_PROXY_TRANSPORT", raising=False)
    choice = {"index": 0, "delta": {"content": "word "}}
    event = json.dumps({"id": "c", "object": "chat.completion.chunk", "choices": [choice]}).encode()

    async def respond(exchange: Exchange) -> None:
        if exchange.request.json().get("stream"):
            await exchange.begin_stream()
            await exchange.send((b"%x\r\ndata: %b\n\n\r\n" % (len(event) + 8, event)) * CHUNKS)
            await exchange.end_stream()
        else:
            await exchange.respond(COMPLETION)

    async with Server(respond) as server:
        yield server.url


@contextmanager
def counted(counts: Counter[str], owner: Any, name: str) -> Generator[None, None, None]:
    """Count the calls of a function."""
    original = getattr(owner, name)

    def count(*args: Any, **options: Any) -> Any:
        counts[f"{getattr(owner, '__name__', type(owner).__name__)}.{name}"] += 1
        return original(*args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, count)
        yield


@contextmanager
def counting(loop: asyncio.AbstractEventLoop) -> Generator[Counter[str], None, None]:
    """Count the expensive operations: tasks, timers, hops between threads, constructed clients and type adapters."""
    counts: Counter[str] = Counter()

    class Task(asyncio.Task[Any]):
        def __init__(self, *args: Any, **options: Any) -> None:
            counts["Task"] += 1
            super().__init__(*args, **options)

    factory = loop.get_task_factory()

    def make(loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> Task:
        return Task(coroutine, loop=loop, **options)

    loop.set_task_factory(make)
    with (
        counted(counts, loop, "call_soon_threadsafe"),
        counted(counts, loop, "call_at"),
        counted(counts, aiohttp_transport.AiohttpTransport, "__init__"),
        counted(counts, httpx.AsyncClient, "__init__"),
        counted(counts, pydantic.TypeAdapter, "__init__"),
    ):
        try:
            yield counts
        finally:
            loop.set_task_factory(factory)


async def complete(client: AsyncClient) -> None:
    for _ in range(CALLS):
        await client.chat.completions.create(model="m", messages=MESSAGES)


async def read(client: AsyncClient) -> None:
    stream = await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
    assert len([chunk async for chunk in stream]) == CHUNKS


def complete_sync(client: Client) -> None:
    for _ in range(CALLS):
        client.chat.completions.create(model="m", messages=MESSAGES)


def read_sync(client: Client) -> None:
    stream = client.chat.completions.create(model="m", messages=MESSAGES, stream=True)
    assert len(list(stream)) == CHUNKS


async def test_async_call_uses_at_most_one_task_and_two_timers(url: str) -> None:
    async with AsyncClient(url, "sk-1") as client:
        await complete(client)
        with counting(asyncio.get_running_loop()) as counts:
            await complete(client)
    assert counts["Task"] <= CALLS, "one task a call: aiohttp writes the request in it"
    assert counts["_UnixSelectorEventLoop.call_at"] <= 2 * CALLS
    assert not {name for name in counts if "__init__" in name}, "no client, transport or type adapter is constructed"


async def test_async_chunk_uses_no_task_timer_or_thread_hop(url: str) -> None:
    async with AsyncClient(url, "sk-1") as client:
        await read(client)
        with counting(asyncio.get_running_loop()) as counts:
            await read(client)
    assert sum(counts.values()) < CHUNKS / 50, counts


async def test_sync_call_uses_one_thread_hop(url: str) -> None:
    client = Client(url, "sk-1")
    await asyncio.to_thread(complete_sync, client)
    assert background_loop._current is not None  # pyright: ignore[reportPrivateUsage]
    with counting(background_loop._current.loop) as counts:  # pyright: ignore[reportPrivateUsage]
        await asyncio.to_thread(complete_sync, client)
    assert counts["TrackedLoop.call_soon_threadsafe"] == CALLS
    assert counts["Task"] <= 2 * CALLS, "one task of ours and one of aiohttp's a call"
    assert not {name for name in counts if "__init__" in name}
    await asyncio.to_thread(client.close)


async def test_sync_chunk_uses_no_thread_hop(url: str) -> None:
    client = Client(url, "sk-1")
    await asyncio.to_thread(read_sync, client)
    assert background_loop._current is not None  # pyright: ignore[reportPrivateUsage]
    with counting(background_loop._current.loop) as counts:  # pyright: ignore[reportPrivateUsage]
        await asyncio.to_thread(read_sync, client)
    assert counts["Task"] <= 3, "one task for the call, one of aiohttp's, one that reads ahead"
    assert counts["TrackedLoop.call_soon_threadsafe"] < CHUNKS / 50
    await asyncio.to_thread(client.close)


def test_aiohttp_is_not_imported_before_first_request() -> None:
    program = (
        "import sys; from litellm_proxy_client import AsyncClient, Client\n"
        "clients = AsyncClient('http://x', 'sk-1'), Client('http://x', 'sk-1')\n"
        "print('aiohttp' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
