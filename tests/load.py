"""Load, soak and cancellation tests: `python -m tests.load` runs them and prints the table of docs/reliability.md.

--short runs the size that the test suite uses; --write writes the table into the page.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib
import os
import random
import re
import sys
import threading
import time
import tracemalloc
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx

from litellm_proxy_client import AsyncClient, Client, LiteLLMProxyError
from litellm_proxy_client._runtime.pools import TransportName
from litellm_proxy_client._wire.retry import RETRY_CAPACITY, SUCCESSES_PER_RETRY

from .flaky import Flaky
from .loopback import Loopback, wait_until

PAGE = Path(__file__).parent.parent / "docs" / "reliability.md"
TABLE = re.compile(r"(<!-- load: begin -->\n).*?(<!-- load: end -->)", re.DOTALL)
KEY = "sk-1"
MESSAGES = [{"role": "user", "content": "Hello?"}]
# Timeout of a call under load, and the seconds by which it may be exceeded on a machine that runs only this.
SECONDS = 5.0
SLACK = 5.0
RETRIES = 2
MAX_GROWTH = 1_000_000


@dataclass(frozen=True)
class Size:
    """Number of operations in each test."""

    calls: int
    soak: int
    streams: int
    cancellations: int


FULL = Size(calls=10_000, soak=30_000, streams=300, cancellations=2_000)
SHORT = Size(calls=1_000, soak=1_500, streams=40, cancellations=1_000)
CONCURRENCY = 200
TRANSPORTS: tuple[TransportName, ...] = ("aiohttp", "httpx")


def raise_file_limit() -> None:
    """Raise the limit of open files: the sockets of client and server are in this process."""
    if sys.platform != "win32":
        import resource

        _, limit = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))


class Tally:
    """Outcomes of calls."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.longest = 0.0

    async def call(self, number: int, send: Callable[[int], Awaitable[None]]) -> None:
        """Make a call and count its outcome: the expected response or a documented error."""
        begin = time.monotonic()
        try:
            await send(number)
            self.outcomes["success"] += 1
        except LiteLLMProxyError as error:
            self.outcomes[type(error).__name__] += 1
        self.longest = max(self.longest, time.monotonic() - begin)


async def load(size: Size, client_kind: str, transport: TransportName) -> list[str]:
    """Make 200 concurrent calls at a time to a server that fails a fifth of the requests, in one of seven ways."""
    raise_file_limit()
    tally = Tally()
    ids: dict[str, set[str]] = {"completion": set(), "stream": set(), "write": set()}
    with Flaky(0.2, seed=7) as server:
        options: dict[str, Any] = {"transport": transport, "max_retries": RETRIES, "timeout": SECONDS}
        if client_kind == "async":
            client = AsyncClient(server.url, KEY, **options, idle_timeout=SECONDS)
            await _many_async(client, size.calls, tally, ids)
            await client.close()
        else:
            sync_client = Client(server.url, KEY, **options, idle_timeout=SECONDS)
            await asyncio.to_thread(_many_sync, sync_client, size.calls, tally, ids)
            await asyncio.to_thread(sync_client.close)
        wait_until(lambda: not server.open)

    assert sum(tally.outcomes.values()) == size.calls
    assert tally.longest < SECONDS + SLACK, tally.longest
    repeated = {kind: sum(server.executed[each] > 1 for each in found) for kind, found in ids.items()}
    assert sum(map(len, ids.values())) == size.calls
    assert repeated["write"] == 0, "a write was executed twice"
    assert max(server.executed.values()) <= 1 + RETRIES
    retries = server.requests - size.calls
    # A request that fails on a reused keep-alive connection is sent again without using the retry budget.
    free_retries = server.failed["closed"] + server.failed["reset"]
    limit = RETRY_CAPACITY + tally.outcomes["success"] / SUCCESSES_PER_RETRY + free_retries
    assert retries <= limit, (retries, limit)
    failed = sum(server.failed.values())
    return [
        f"{size.calls:,} calls, {CONCURRENCY} concurrent",
        f"{failed:,} of {server.requests:,} requests failed; {tally.outcomes['success']:,} calls succeeded, "
        f"{size.calls - tally.outcomes['success']:,} raised a documented error; "
        f"longest call {tally.longest:.1f} s, timeout {SECONDS:g} s",
        "no write executed twice",
    ]


async def _many_async(client: AsyncClient, calls: int, tally: Tally, ids: dict[str, set[str]]) -> None:
    async def send(number: int) -> None:
        kind, headers = _begin(number, ids)
        if kind == "write":
            options = client.with_options(headers=headers)
            assert await options.http.request("POST", "/write", json={"number": number}) == {"written": number}
            return
        if kind == "completion":
            completion = await client.chat.completions.create(
                model=f"m{number}", messages=MESSAGES, extra_headers=headers
            )
        else:
            stream = await client.chat.completions.create(
                model=f"m{number}", messages=MESSAGES, extra_headers=headers, stream=True
            )
            async for _ in stream:
                pass
            completion = stream.completion
        assert completion.choices[0].message.content == f"m{number}"

    numbers = iter(range(calls))

    async def work() -> None:
        for number in numbers:
            await tally.call(number, send)

    async with anyio.create_task_group() as group:
        for _ in range(CONCURRENCY):
            group.start_soon(work)


def _many_sync(client: Client, calls: int, tally: Tally, ids: dict[str, set[str]]) -> None:
    def send(number: int) -> None:
        kind, headers = _begin(number, ids)
        if kind == "write":
            options = client.with_options(headers=headers)
            assert options.http.request("POST", "/write", json={"number": number}) == {"written": number}
            return
        if kind == "completion":
            completion = client.chat.completions.create(model=f"m{number}", messages=MESSAGES, extra_headers=headers)
        else:
            with client.chat.completions.create(
                model=f"m{number}", messages=MESSAGES, extra_headers=headers, stream=True
            ) as stream:
                for _ in stream:
                    pass
                completion = stream.completion
        assert completion.choices[0].message.content == f"m{number}"

    async def send_async(number: int) -> None:
        send(number)

    def work(number: int) -> None:
        with suppress(StopIteration):
            tally.call(number, send_async).send(None)

    with ThreadPoolExecutor(CONCURRENCY) as pool:
        for _ in pool.map(work, range(calls)):
            pass


def _begin(number: int, ids: dict[str, set[str]]) -> tuple[str, dict[str, str]]:
    kind = ("completion", "completion", "completion", "stream", "write")[number % 5]
    call_id = f"{kind}-{number}"
    ids[kind].add(call_id)
    return kind, {"x-litellm-call-id": call_id}


async def soak(size: Size, transport: TransportName) -> list[str]:
    """Run calls and streams one after the other, half of them on each client, and measure the growth of memory."""
    serve = importlib.import_module("benchmarks.loopback").serve
    with serve() as server:
        address = f"{server.url}/stream/20/0"
        client, streams = (
            AsyncClient(server.url, KEY, transport=transport),
            AsyncClient(address, KEY, transport=transport),
        )
        sync_client, sync_streams = (
            Client(server.url, KEY, transport=transport),
            Client(address, KEY, transport=transport),
        )

        async def round_of(calls: int, count: int) -> None:
            for _ in range(calls // 2):
                await client.chat.completions.create(model="m", messages=MESSAGES)
            for _ in range(count // 2):
                async for _ in await streams.chat.completions.create(model="m", messages=MESSAGES, stream=True):
                    pass
            await asyncio.to_thread(sync_round, calls, count)

        def sync_round(calls: int, count: int) -> None:
            for _ in range(calls // 2):
                sync_client.chat.completions.create(model="m", messages=MESSAGES)
            for _ in range(count // 2):
                for _ in sync_streams.chat.completions.create(model="m", messages=MESSAGES, stream=True):
                    pass

        await round_of(500, 20)
        tracemalloc.start()
        try:
            await round_of(100, 20)
            before = _resources()
            await round_of(size.soak, size.streams)
            after = _resources()
        finally:
            tracemalloc.stop()
        await client.close()
        await streams.close()
        await asyncio.to_thread(sync_client.close)
        await asyncio.to_thread(sync_streams.close)
    memory, files = after[0] - before[0], after[1] - before[1]
    assert memory < MAX_GROWTH, f"{memory:,} bytes more"
    assert files <= 0, f"{files} file descriptors more"
    return [
        f"{size.soak:,} calls and {size.streams} streams, half of them on each client",
        f"{memory / 1000:,.0f} kB more memory, {max(files, 0)} more file descriptors",
        "less than 1 MB, no file descriptors",
    ]


def _resources() -> tuple[int, int]:
    for _ in range(3):
        gc.collect()
    return tracemalloc.get_traced_memory()[0], len(os.listdir("/dev/fd"))


async def cancel_at_random(size: Size, transport: TransportName) -> list[str]:
    """Cancel calls at random moments, in four ways; the calls after them must succeed."""
    chance = random.Random(11)
    limits = httpx.Limits(max_connections=10, max_keepalive_connections=10, keepalive_expiry=60)
    ended: Counter[str] = Counter()
    with Loopback() as server:
        client = AsyncClient(server.url, KEY, transport=transport, limits=limits)

        async def send(model: str = "hello", stream: bool = False) -> None:
            if stream:
                async for _ in await client.chat.completions.create(model=model, messages=MESSAGES, stream=True):
                    pass
            else:
                await client.chat.completions.create(model=model, messages=MESSAGES)

        async def cancel_scope(call: Awaitable[None], seconds: float) -> bool:
            with anyio.move_on_after(seconds) as scope:
                await call
            return scope.cancelled_caught

        async def cancel_wait_for(call: Awaitable[None], seconds: float) -> bool:
            try:
                await asyncio.wait_for(call, seconds)
            except asyncio.TimeoutError:
                return True
            return False

        async def cancel_task(call: Awaitable[None], seconds: float) -> bool:
            task = asyncio.ensure_future(call)
            await asyncio.sleep(seconds)
            return task.cancel()

        async def cancel_task_group(call: Awaitable[None], seconds: float) -> bool:
            async def run() -> None:
                await call

            async with anyio.create_task_group() as group:
                group.start_soon(run)
                await asyncio.sleep(seconds)
                group.cancel_scope.cancel()
            return True

        ways = [cancel_scope, cancel_wait_for, cancel_task, cancel_task_group]
        gate = asyncio.Semaphore(40)

        async def one(number: int) -> None:
            async with gate:
                model = chance.choice(["hello", "hello", "paced", "endless", "stall", "silent"])
                way = ways[number % len(ways)]
                call = send(model, stream=model != "silent" and chance.random() < 0.7)
                ended[str(await way(call, chance.random() ** 3 * 0.1))] += 1

        await asyncio.gather(*map(one, range(size.cancellations)))
        begin = time.monotonic()
        await asyncio.wait_for(asyncio.gather(*[send() for _ in range(100)]), 20)
        seconds = time.monotonic() - begin
        wait_until(lambda: len(server.open) <= 10)
        await client.close()
        wait_until(lambda: not server.open)
    assert ended["True"] > size.cancellations / 2
    return [
        f"{size.cancellations:,} cancellations at random moments, pool of 10 connections",
        f"100 calls after them succeeded in {seconds:.2f} s",
        "all succeed",
    ]


async def run_all(size: Size) -> str:
    """Run all tests and return the results as a Markdown table."""
    rows: list[list[str]] = []
    for transport in TRANSPORTS:
        for client_kind in ("async", "sync"):
            rows.append([f"{transport}, {client_kind}", *await load(size, client_kind, transport)])
        rows.append([transport, *await soak(size, transport)])
        rows.append([f"{transport}, async", *await cancel_at_random(size, transport)])
        print("\n".join(" | ".join(row) for row in rows[-4:]), file=sys.stderr, flush=True)
    lines = ["| transport and client | test | result | promise |", "| --- | --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows), ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    table = asyncio.run(run_all(SHORT if arguments.short else FULL))
    print(table)
    if arguments.write:
        text = PAGE.read_text()
        PAGE.write_text(TABLE.sub(lambda match: match[1] + table + match[2], text))
    assert threading.active_count() < 10


if __name__ == "__main__":
    main()
