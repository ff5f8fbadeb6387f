"""Every fault on every face and transport: `python -m tests.matrix` writes the table in docs/reliability.md."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import re
import socket
import ssl
import sys
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import trustme

from litellm_proxy_client import AsyncClient, Client, LiteLLMProxyError
from litellm_proxy_client._runtime import background_loop

from . import hostile
from .both_clients import awaitable
from .faults import FAULTS, GROUPS, LATE, MOST, Fault, Outcome
from .hostile import HostileServer, Place

PAGE = Path(__file__).parent.parent / "docs" / "reliability.md"
TABLE = re.compile(r"(<!-- matrix: begin -->\n).*?(<!-- matrix: end -->)", re.DOTALL)
PLACES: tuple[Place, ...] = ("whole", "first", "middle")
FACES = ("async", "sync")
TRANSPORTS = ("aiohttp", "httpx")
KEY = "sk-hostile-1234567890"
# How much later than its deadline a call may end on a machine that has other things to do.
SLACK = 2.0


@cache
def certificates() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What the server and the client need for TLS."""
    authority = trustme.CA()
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    client = ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(server)  # pyright: ignore[reportUnknownMemberType]
    authority.configure_trust(client)  # pyright: ignore[reportUnknownMemberType]
    return server, client


def make_client(server: HostileServer, face: str, transport: str, seconds: float) -> AsyncClient:
    options: dict[str, Any] = {
        "idle_timeout": seconds,
        "max_retries": 0,
        "max_response_bytes": MOST,
        "transport": transport,
        "verify": certificates()[1],
    }
    if face == "async":
        return AsyncClient(server.url, KEY, **options)
    return awaitable(Client(server.url, KEY, **options))


async def run(fault: Fault, place: Place, face: str, transport: str) -> None:
    """Let a fault strike, and check all that is promised."""
    tls = certificates()[0] if fault.tls else None
    with complaints() as said, leaks() as check:
        async with HostileServer(tls) as server:
            client = make_client(server, face, transport, fault.limit(place))
            await asyncio.wait_for(_strike(server, client, fault, place), fault.limit(place) + 3 * SLACK)
            await _go_on(server, client, fault, transport)
            await client.close()
            await until(lambda: not server.open, "the client's connections are closed")
        await check()
    assert not said, said


async def _strike(server: HostileServer, client: AsyncClient, fault: Fault, place: Place) -> None:
    if fault.again:
        await ask(client, "whole", LATE)
    before = server.requests
    with ExitStack() as stack:
        await _arm(server, fault, place, stack)
        begin = time.monotonic()
        outcome = await _outcome(server, client, fault, place)
        assert time.monotonic() - begin < fault.limit(place) + SLACK, "it took longer than its deadline"
    assert outcome in fault.expected(place), outcome
    assert server.requests - before <= 1, "what failed was sent again"
    assert not server.strays, "the client went where it was redirected"
    # A broken connection is closed at once, not when something else wants it.
    await until(lambda: not server.acting, "the server has done its worst")
    await asyncio.sleep(0.01)
    if outcome != "answer" and fault.breaks:
        await until(lambda: not server.open, "the broken connection is closed")


async def _go_on(server: HostileServer, client: AsyncClient, fault: Fault, transport: str) -> None:
    """The next call succeeds."""
    server.place, server.fault, server.on_accept = "whole", None, None
    if fault.network:
        await server.listen()
    if fault.misleads and transport == "httpx":
        # httpx's own transport takes what came with the last answer for the next one, or stumbles over it.
        with suppress(AssertionError, LiteLLMProxyError):
            await ask(client, "whole", LATE)
    await ask(client, "whole", LATE)


async def _arm(server: HostileServer, fault: Fault, place: Place, stack: ExitStack) -> None:
    server.place, server.fault, server.on_accept = place, fault.act, fault.on_accept
    if fault.network == "in clear":
        await server.listen(in_clear=True)
    elif fault.network:
        await server.deafen()
    if fault.network == "deaf":
        # A queue of one, which is full: the kernel drops whatever else knocks.
        deaf = stack.enter_context(socket.socket())
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        deaf.bind(("127.0.0.1", server.port))
        deaf.listen(0)
        knocking = stack.enter_context(socket.socket())
        knocking.setblocking(False)
        knocking.connect_ex(("127.0.0.1", server.port))


async def _outcome(server: HostileServer, client: AsyncClient, fault: Fault, place: Place) -> Outcome:
    """What comes of a call: an answer, which must be the right one, or the class of the error."""
    chunks = 0

    def count() -> None:
        nonlocal chunks
        chunks = server.arrived = chunks + 1

    try:
        await ask(client, place, fault.limit(place), count=count, large=fault.large)
    except LiteLLMProxyError as error:
        _check(error, fault, place, chunks)
        return type(error)
    return "answer"


def _check(error: LiteLLMProxyError, fault: Fault, place: Place, chunks: int) -> None:
    """An error holds what was received so far, and no secret, and can be read."""
    received = hostile.RECEIVED if place == "middle" else 0
    assert (error.chunks, chunks) == (received, received)
    if received:
        assert error.partial is not None
        assert error.partial.choices[0].message.content == "Hello, world"
    else:
        assert error.partial is None
    assert error.retry_after == fault.retry_after
    assert KEY not in f"{error!r} {error.body!r} {error.request and error.request.headers.raw}"
    assert error.request is not None
    assert str(error).isprintable()
    assert len(str(error)) < 5000
    assert error.__cause__ is None
    if not fault.on_accept:
        assert getattr(error, "never_sent", False) is (fault.network is not None)


async def ask(
    client: AsyncClient,
    place: Place,
    seconds: float,
    *,
    count: Callable[[], None] = lambda: None,
    large: bool = False,
) -> None:
    """Ask for a completion, whole or streamed, and read it; the answer must be the right one."""
    create = client.chat.completions.create
    messages = [{"role": "user", "content": "x" * 5_000_000 if large else "Hello?"}]
    if place == "whole":
        completion = await create(model="m", messages=messages, timeout=seconds)
    else:
        stream = await create(model="m", messages=messages, timeout=seconds, stream=True)
        async for _ in stream:
            count()
        completion = stream.completion
    assert completion.choices[0].message.content == hostile.TEXT


async def until(condition: Callable[[], bool], what: str) -> None:
    """Wait until something is so, which must be soon."""
    deadline = time.monotonic() + SLACK
    while not condition():
        assert time.monotonic() < deadline, f"not so: {what}"
        await asyncio.sleep(0.002)


@contextmanager
def leaks() -> Generator[Callable[[], Any]]:
    """Tasks, threads and file descriptors; what is there more at the end was left behind."""
    before = _resources()

    async def check() -> None:
        def none() -> bool:
            return all(count <= before[name] for name, count in _resources().items())

        await until(none, f"{_resources()} is {before}")

    yield check


def _resources() -> dict[str, int]:
    portal = background_loop._current  # pyright: ignore[reportPrivateUsage]
    threads = [thread for thread in threading.enumerate() if not thread.name.startswith("asyncio_")]
    return {
        "tasks": len(asyncio.all_tasks()) + (len(asyncio.all_tasks(portal.loop)) if portal else 0),
        "threads": len(threads),
        "descriptors": len(os.listdir("/dev/fd")),
    }


@contextmanager
def complaints() -> Generator[list[str]]:
    """What asyncio logs: of tasks whose errors nobody saw, and of connections that nobody closed."""
    said: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    logger, handler = logging.getLogger("asyncio"), Handler(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield said
    finally:
        logger.removeHandler(handler)


async def warm_up(face: str, transport: str) -> None:
    """What is made once in a process is there before anything is counted."""
    certificates()
    async with HostileServer(place="first") as server:
        client = make_client(server, face, transport, LATE)
        await ask(client, "first", LATE)
        await client.close()
        await until(lambda: not server.open, "the client's connections are closed")


def cells() -> Iterable[tuple[Fault, Place, str, str]]:
    """Everything that there is to run."""
    for fault, face, transport in itertools.product(FAULTS, FACES, TRANSPORTS):
        for place in fault.outcomes:
            yield fault, place, face, transport


def table() -> str:
    """What is promised, as tables of Markdown."""
    lines: list[str] = []
    for group, faults in GROUPS.items():
        lines += ["", f"### {group}", "", "| the server | whole | stream, before its first chunk | stream, later |"]
        lines.append("| --- | --- | --- | --- |")
        for fault in faults:
            outcomes = [_cell(fault.expected(place)) if place in fault.outcomes else "" for place in PLACES]
            lines.append(f"| {fault.name} | {' | '.join(outcomes)} |")
    return "\n".join([*lines[1:], "", ""])


def _cell(outcomes: Iterable[Outcome]) -> str:
    return " or ".join("the answer" if outcome == "answer" else f"`{outcome.__name__}`" for outcome in outcomes)


async def main() -> int:
    """Run all cells; if each comes out as promised, what is promised goes into the page."""
    failed = 0
    for face, transport in itertools.product(FACES, TRANSPORTS):
        await warm_up(face, transport)
    for fault, place, face, transport in cells():
        try:
            await run(fault, place, face, transport)
        except Exception:
            failed += 1
            print(f"--- {fault.name} / {place} / {face} / {transport}", flush=True)
            traceback.print_exc()
    if not failed:
        text = PAGE.read_text()
        PAGE.write_text(TABLE.sub(lambda match: match[1] + table() + match[2], text))
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
