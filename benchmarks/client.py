"""One competitor in one scenario, in a separate process: measures itself and prints JSON.

usage: python -E -s client.py COMPETITOR KIND SERVER PARAMETERS    (scenarios.py has the kinds and their parameters)
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from competitors import ASYNC, SYNC
from loopback import page

Figures = dict[str, float]
ClientFactory = Callable[[str], Any]
WARM_UP = 20


class Meter:
    """CPU time of this process, and wall-clock time, since the meter was created."""

    def __init__(self) -> None:
        self.cpu = time.process_time()
        self.clock = time.perf_counter()

    def read(self, units: int) -> Figures:
        """Return the cost of this number of units."""
        cpu, clock = time.process_time() - self.cpu, time.perf_counter() - self.clock
        return {"units": units, "cpu": cpu, "seconds": clock}


async def requests(create_client: ClientFactory, server: str, *, width: int, seconds: float, idle: int = 0) -> Figures:
    """Measure completions with a constant number of concurrent calls, beside open idle connections."""
    client = create_client(f"{server}/stream/1/300000")  # streams take so long that all are open at the same time
    await asyncio.gather(*[_stream(client) for _ in range(idle)])
    return await _steady(client.complete, width=width, seconds=seconds)


async def _steady(call: Callable[[], Awaitable[object]], *, width: int, seconds: float) -> Figures:
    """Measure calls during a steady load, without its start and its end."""
    warm_up = max(width, WARM_UP)
    begin = time.perf_counter()
    meter: Meter | None = None
    done = 0
    figures: Figures = {}

    async def work() -> None:
        nonlocal done, meter, figures
        while not figures:
            await call()
            done += 1
            now = time.perf_counter()
            if meter is None:
                if done == warm_up or now > begin + seconds:
                    meter, done = Meter(), 0
            elif now > meter.clock + seconds:
                figures = figures or meter.read(done)

    await asyncio.gather(*[work() for _ in range(width)])
    return figures


async def streams(
    create_client: ClientFactory, server: str, *, width: int, chunks: int, interval: int, seconds: float = 0
) -> Figures:
    """Measure concurrent streams including their opening.

    The server sends a chunk every `interval` microseconds; with 0 as fast as the client reads.
    """
    await _stream(create_client(f"{server}/stream/100/0"))
    client = create_client(f"{server}/stream/{chunks}/{interval}")
    meter = Meter()
    count = 0
    while not count or time.perf_counter() - meter.clock < seconds:
        count += sum(await asyncio.gather(*[_stream(client) for _ in range(width)]))
    return meter.read(count)


async def _stream(client: Any) -> int:
    count: int = await client.read(await client.open())
    return count


async def pages(create_client: ClientFactory, server: str, *, seconds: float) -> Figures:
    """Measure sequential pages of 100 full keys."""
    return await _steady(create_client(f"{server}/page").page, width=1, seconds=seconds)


async def open_streams(create_client: ClientFactory, server: str, *, count: int) -> Figures:
    """Measure the memory of streams that have started, with everything that belongs to them."""
    client = create_client(f"{server}/stream/2/1500000")

    async def begin() -> Any:
        stream = await client.open()
        await anext(stream)
        return stream

    _warmed_up = await asyncio.gather(*[begin() for _ in range(WARM_UP)])
    before = _resident()
    held = await asyncio.gather(*[begin() for _ in range(count)])
    return {"units": len(held), "bytes": _resident() - before}


async def idle_clients(create_client: ClientFactory, server: str, *, count: int) -> Figures:
    """Measure the memory of clients that have made a call and can make another."""

    async def used() -> Any:
        client = create_client(server)
        await client.complete()
        return client

    _warmed_up = [await used() for _ in range(WARM_UP)]
    before = _resident()
    held = [await used() for _ in range(count)]
    return {"units": len(held), "bytes": _resident() - before}


def requests_sync(create_client: ClientFactory, server: str, *, seconds: float, **_: int) -> Figures:
    """Measure sequential completions."""
    return _steady_sync(create_client(server).complete, seconds)


def _steady_sync(call: Callable[[], object], seconds: float) -> Figures:
    for _ in range(WARM_UP):
        call()
    meter = Meter()
    done = 0
    while not done or time.perf_counter() - meter.clock < seconds:
        call()
        done += 1
    return meter.read(done)


def streams_sync(
    create_client: ClientFactory, server: str, *, chunks: int, interval: int, seconds: float = 0, **_: int
) -> Figures:
    """Measure sequential streams."""
    warm_up_client = create_client(f"{server}/stream/100/0")
    warm_up_client.read(warm_up_client.open())
    client = create_client(f"{server}/stream/{chunks}/{interval}")
    meter = Meter()
    count = 0
    while not count or time.perf_counter() - meter.clock < seconds:
        count += client.read(client.open())
    return meter.read(count)


def pages_sync(create_client: ClientFactory, server: str, *, seconds: float) -> Figures:
    """Measure sequential pages of 100 full keys."""
    return _steady_sync(create_client(f"{server}/page").page, seconds)


def decode(create_client: Any, *, seconds: float) -> Figures:
    """Measure decoding a page of 100 full keys from bytes to the competitor's own type, without a request."""
    data = page()
    return _steady_sync(lambda: create_client.decode(data), seconds)


def _resident() -> int:
    gc.collect()
    if os.path.exists("/proc/self/statm"):
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


ASYNC_KINDS: dict[str, Any] = {
    "requests": requests,
    "streams": streams,
    "pages": pages,
    "open streams": open_streams,
    "idle clients": idle_clients,
}
SYNC_KINDS: dict[str, Any] = {"requests": requests_sync, "streams": streams_sync, "pages": pages_sync}


def main(competitor: str, kind: str, server: str, parameters: str) -> None:
    """Run the scenario and print its figures."""
    options = json.loads(parameters)
    _, hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard_limit, hard_limit))
    if kind == "decode":
        _print_and_exit(decode(ASYNC[competitor], **options))
    elif competitor in SYNC:
        _print_and_exit(SYNC_KINDS[kind](SYNC[competitor], server, **options))
    else:

        async def run() -> None:
            _print_and_exit(await ASYNC_KINDS[kind](ASYNC[competitor], server, **options))

        asyncio.run(run())


def _print_and_exit(figures: Figures) -> None:
    """Print the figures and exit immediately: closing open streams is not measured, and would only cause warnings."""
    print(json.dumps(figures), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
