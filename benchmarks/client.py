"""One competitor in one scenario, in a process of its own: measures itself and prints JSON.

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
Make = Callable[[str], Any]
WARM_UP = 20


class Meter:
    """CPU time of this process, and time on the clock, from its making on."""

    def __init__(self) -> None:
        self.cpu = time.process_time()
        self.clock = time.perf_counter()

    def read(self, units: int) -> Figures:
        """What so many units have cost."""
        cpu, clock = time.process_time() - self.cpu, time.perf_counter() - self.clock
        return {"units": units, "cpu": cpu, "seconds": clock}


async def requests(make: Make, server: str, *, width: int, seconds: float, idle: int = 0) -> Figures:
    """Completions, so many at a time all the while, beside connections that are open and idle."""
    client = make(f"{server}/stream/1/300000")  # streams last so long, and are all open at the same time
    await asyncio.gather(*[_stream(client) for _ in range(idle)])
    return await _steady(client.complete, width=width, seconds=seconds)


async def _steady(call: Callable[[], Awaitable[object]], *, width: int, seconds: float) -> Figures:
    """Measure calls amid a steady load, without its beginning and its end."""
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


async def streams(make: Make, server: str, *, width: int, chunks: int, interval: int, seconds: float = 0) -> Figures:
    """Streams at once, with their opening; every so many microseconds a chunk, or with 0 as fast as they are read."""
    await _stream(make(f"{server}/stream/100/0"))
    client = make(f"{server}/stream/{chunks}/{interval}")
    meter = Meter()
    count = 0
    while not count or time.perf_counter() - meter.clock < seconds:
        count += sum(await asyncio.gather(*[_stream(client) for _ in range(width)]))
    return meter.read(count)


async def _stream(client: Any) -> int:
    count: int = await client.read(await client.open())
    return count


async def pages(make: Make, server: str, *, seconds: float) -> Figures:
    """Pages of 100 full keys, one at a time."""
    return await _steady(make(f"{server}/page").page, width=1, seconds=seconds)


async def open_streams(make: Make, server: str, *, count: int) -> Figures:
    """Memory of streams that have begun, and of what belongs to them."""
    client = make(f"{server}/stream/2/1500000")

    async def begin() -> Any:
        stream = await client.open()
        await anext(stream)
        return stream

    _warm = await asyncio.gather(*[begin() for _ in range(WARM_UP)])
    before = _resident()
    kept = await asyncio.gather(*[begin() for _ in range(count)])
    return {"units": len(kept), "bytes": _resident() - before}


async def idle_clients(make: Make, server: str, *, count: int) -> Figures:
    """Memory of clients that have made a call and may make another."""

    async def used() -> Any:
        client = make(server)
        await client.complete()
        return client

    _warm = [await used() for _ in range(WARM_UP)]
    before = _resident()
    kept = [await used() for _ in range(count)]
    return {"units": len(kept), "bytes": _resident() - before}


def requests_sync(make: Make, server: str, *, seconds: float, **_: int) -> Figures:
    """Completions, one at a time."""
    return _steady_sync(make(server).complete, seconds)


def _steady_sync(call: Callable[[], object], seconds: float) -> Figures:
    for _ in range(WARM_UP):
        call()
    meter = Meter()
    done = 0
    while not done or time.perf_counter() - meter.clock < seconds:
        call()
        done += 1
    return meter.read(done)


def streams_sync(make: Make, server: str, *, chunks: int, interval: int, seconds: float = 0, **_: int) -> Figures:
    """Streams, one after the other."""
    warm = make(f"{server}/stream/100/0")
    warm.read(warm.open())
    client = make(f"{server}/stream/{chunks}/{interval}")
    meter = Meter()
    count = 0
    while not count or time.perf_counter() - meter.clock < seconds:
        count += client.read(client.open())
    return meter.read(count)


def pages_sync(make: Make, server: str, *, seconds: float) -> Figures:
    """Pages of 100 full keys, one at a time."""
    return _steady_sync(make(f"{server}/page").page, seconds)


def decode(make: Any, *, seconds: float) -> Figures:
    """A page of 100 full keys from bytes to what the competitor makes of it, without a request."""
    data = page()
    return _steady_sync(lambda: make.decode(data), seconds)


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
    wanted = json.loads(parameters)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if kind == "decode":
        _finish(decode(ASYNC[competitor], **wanted))
    elif competitor in SYNC:
        _finish(SYNC_KINDS[kind](SYNC[competitor], server, **wanted))
    else:

        async def run() -> None:
            _finish(await ASYNC_KINDS[kind](ASYNC[competitor], server, **wanted))

        asyncio.run(run())


def _finish(figures: Figures) -> None:
    """End at once: closing what is still open is not measured, and would only be reported as forgotten."""
    print(json.dumps(figures), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
