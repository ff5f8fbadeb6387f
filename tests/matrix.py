"""Every fault on each client and transport: `python -m tests.matrix` writes the table in docs/reliability.md."""

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
from .faults import FAULTS, GROUPS, LONG_TIMEOUT, MAX_RESPONSE_BYTES, Fault, Outcome
from .hostile import HostileServer, Place

PAGE = Path(__file__).parent.parent / "docs" / "reliability.md"
TABLE = re.compile(r"(<!-- matrix: begin -->\n).*?(<!-- matrix: end -->)", re.DOTALL)
PLACES: tuple[Place, ...] = ("whole", "first", "middle")
CLIENTS = ("async", "sync")
TRANSPORTS = ("aiohttp", "httpx")
KEY = "sk-hostile-1234567890"
# Seconds by which a call may exceed its deadline on a busy machine.
SLACK = 2.0


@cache
def certificates() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the TLS contexts of the server and of the client."""
    authority = trustme.CA()
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    client = ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(server)  # pyright: ignore[reportUnknownMemberType]
    authority.configure_trust(client)  # pyright: ignore[reportUnknownMemberType]
    return server, client


def make_client(server: HostileServer, client_kind: str, transport: str, seconds: float) -> AsyncClient:
    options: dict[str, Any] = {
        "idle_timeout": seconds,
        "max_retries": 0,
        "max_response_bytes": MAX_RESPONSE_BYTES,
        "transport": transport,
        "verify": certificates()[1],
    }
    if client_kind == "async":
        return AsyncClient(server.url, KEY, **options)
    return awaitable(Client(server.url, KEY, **options))


async def run(fault: Fault, place: Place, client_kind: str, transport: str) -> None:
    """Make the server misbehave during one call, and check everything that docs/reliability.md promises."""
    tls = certificates()[0] if fault.tls else None
    with asyncio_warnings() as logged, leaks() as check:
        async with HostileServer(tls) as server:
            client = make_client(server, client_kind, transport, fault.limit(place))
            await asyncio.wait_for(_inject(server, client, fault, place), fault.limit(place) + 3 * SLACK)
            await _check_next_call(server, client, fault, transport)
            await client.close()
            await until(lambda: not server.open, "the client's connections are closed")
        await check()
    assert not logged, logged


async def _inject(server: HostileServer, client: AsyncClient, fault: Fault, place: Place) -> None:
    if fault.reused:
        await complete(client, "whole", LONG_TIMEOUT)
    before = server.requests
    with ExitStack() as stack:
        await _arm(server, fault, place, stack)
        begin = time.monotonic()
        outcome = await _outcome(server, client, fault, place)
        assert time.monotonic() - begin < fault.limit(place) + SLACK, "the call exceeded its deadline"
    assert outcome in fault.expected(place), outcome
    assert server.requests - before <= 1, "the failed request was retried"
    assert not server.strays, "the client followed a redirect"
    # A broken connection is closed at once, not when the next request needs a connection.
    await until(lambda: not server.acting, "the server has finished its actions")
    await asyncio.sleep(0.01)
    if outcome != "success" and fault.breaks:
        await until(lambda: not server.open, "the broken connection is closed")


async def _check_next_call(server: HostileServer, client: AsyncClient, fault: Fault, transport: str) -> None:
    """Check that the next call succeeds."""
    server.place, server.fault, server.on_accept = "whole", None, None
    if fault.network:
        await server.listen()
    if fault.surplus_bytes and transport == "httpx":
        # httpx's own transport reads the surplus bytes as the next response, or fails to parse them.
        with suppress(AssertionError, LiteLLMProxyError):
            await complete(client, "whole", LONG_TIMEOUT)
    await complete(client, "whole", LONG_TIMEOUT)


async def _arm(server: HostileServer, fault: Fault, place: Place, stack: ExitStack) -> None:
    server.place, server.fault, server.on_accept = place, fault.act, fault.on_accept
    if fault.network == "plaintext":
        await server.listen(plaintext=True)
    elif fault.network:
        await server.stop_listening()
    if fault.network == "full backlog":
        # The backlog of one connection is then full, so the kernel drops further connection attempts.
        listener = stack.enter_context(socket.socket())
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", server.port))
        listener.listen(0)
        waiting = stack.enter_context(socket.socket())
        waiting.setblocking(False)
        waiting.connect_ex(("127.0.0.1", server.port))


async def _outcome(server: HostileServer, client: AsyncClient, fault: Fault, place: Place) -> Outcome:
    """Return the outcome of a call: the class of its error, or success if the response is the expected one."""
    chunks = 0

    def count() -> None:
        nonlocal chunks
        chunks = server.arrived = chunks + 1

    try:
        await complete(client, place, fault.limit(place), count=count, large=fault.large)
    except LiteLLMProxyError as error:
        _check_error(error, fault, place, chunks)
        return type(error)
    return "success"


def _check_error(error: LiteLLMProxyError, fault: Fault, place: Place, chunks: int) -> None:
    """Check that an error has the partial completion, contains no secret and is printable."""
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


async def complete(
    client: AsyncClient,
    place: Place,
    seconds: float,
    *,
    count: Callable[[], None] = lambda: None,
    large: bool = False,
) -> None:
    """Create a completion, whole or streamed, read it and check its content."""
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
    """Wait until the condition holds; fail if it does not within `SLACK` seconds."""
    deadline = time.monotonic() + SLACK
    while not condition():
        assert time.monotonic() < deadline, f"did not happen: {what}"
        await asyncio.sleep(0.002)


@contextmanager
def leaks() -> Generator[Callable[[], Any]]:
    """Count tasks, threads and file descriptors, and yield a check that none has leaked."""
    before = _resources()

    async def check() -> None:
        def not_grown() -> bool:
            return all(count <= before[name] for name, count in _resources().items())

        await until(not_grown, f"{_resources()} returns to {before}")

    yield check


def _resources() -> dict[str, int]:
    background = background_loop._current  # pyright: ignore[reportPrivateUsage]
    threads = [thread for thread in threading.enumerate() if not thread.name.startswith("asyncio_")]
    return {
        "tasks": len(asyncio.all_tasks()) + (len(asyncio.all_tasks(background.loop)) if background else 0),
        "threads": len(threads),
        "descriptors": len(os.listdir("/dev/fd")),
    }


@contextmanager
def asyncio_warnings() -> Generator[list[str]]:
    """Collect asyncio's warnings, such as those about unretrieved exceptions of tasks and unclosed connections."""
    logged: list[str] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            logged.append(record.getMessage())

    logger, handler = logging.getLogger("asyncio"), Handler(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield logged
    finally:
        logger.removeHandler(handler)


async def warm_up(client_kind: str, transport: str) -> None:
    """Create what a process creates once, so that it is not counted as a leak."""
    certificates()
    async with HostileServer(place="first") as server:
        client = make_client(server, client_kind, transport, LONG_TIMEOUT)
        await complete(client, "first", LONG_TIMEOUT)
        await client.close()
        await until(lambda: not server.open, "the client's connections are closed")


def cells() -> Iterable[tuple[Fault, Place, str, str]]:
    """Yield every combination that is run: fault, place in the response, client and transport."""
    for fault, client_kind, transport in itertools.product(FAULTS, CLIENTS, TRANSPORTS):
        for place in fault.outcomes:
            yield fault, place, client_kind, transport


def table() -> str:
    """Return the expected outcomes as Markdown tables."""
    lines: list[str] = []
    for group, faults in GROUPS.items():
        lines += [
            "",
            f"### {group}",
            "",
            "| server behaviour | whole response | stream, before its first chunk | stream, after two chunks |",
        ]
        lines.append("| --- | --- | --- | --- |")
        for fault in faults:
            outcomes = [_cell(fault.expected(place)) if place in fault.outcomes else "" for place in PLACES]
            lines.append(f"| {fault.name} | {' | '.join(outcomes)} |")
    return "\n".join([*lines[1:], "", ""])


def _cell(outcomes: Iterable[Outcome]) -> str:
    return " or ".join("success" if outcome == "success" else f"`{outcome.__name__}`" for outcome in outcomes)


async def main() -> int:
    """Run all cells. If each has an expected outcome, write the tables into the page."""
    failed = 0
    for client_kind, transport in itertools.product(CLIENTS, TRANSPORTS):
        await warm_up(client_kind, transport)
    for fault, place, client_kind, transport in cells():
        try:
            await run(fault, place, client_kind, transport)
        except Exception:
            failed += 1
            print(f"--- {fault.name} / {place} / {client_kind} / {transport}", flush=True)
            traceback.print_exc()
    if not failed:
        text = PAGE.read_text()
        PAGE.write_text(TABLE.sub(lambda match: match[1] + table() + match[2], text))
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
