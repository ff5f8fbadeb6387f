"""Other processes, threads and event loops, each with a real server."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
import trio

from litellm_proxy_client import AsyncClient, Client

from .loopback import ROOT, Loopback, run_child, wait_until
from .test_background_loop import FORK_WARNING, linux, posix
from .test_sync_hazards import MESSAGES
from .test_sync_hazards import PRELUDE as BASE_PRELUDE

THREADS = 32
# In development mode asyncio logs slow callbacks, and imports are slow.
PRELUDE = f"""{BASE_PRELUDE}
    import logging
    logging.getLogger("asyncio").setLevel(logging.ERROR)
"""


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as server:
        yield server


GUNICORN = """
import os

from litellm_proxy_client import AsyncClient, Client
from tests.workers import complete, stream_text

client = Client()
assert complete(client) == "Hello!"
unfinished = client.chat.completions.create(model="paced", messages=[{"role": "user", "content": "Hello"}], stream=True)
next(unfinished)


def app(environ, start_response):
    response = f"{os.getpid()} {complete(client)} {stream_text(client)}".encode()
    start_response("200 OK", [("content-length", str(len(response)))])
    return [response]
"""


@posix
def test_gunicorn_workers_use_a_client_created_before_the_fork(server: Loopback, tmp_path: Path) -> None:
    pytest.importorskip("gunicorn")
    (tmp_path / "wsgi.py").write_text(GUNICORN)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--preload", "--workers=3", "--worker-class=sync"]
    command += [f"--bind=127.0.0.1:{port}", f"--pythonpath={tmp_path}", "--graceful-timeout=5", "wsgi:app"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LITELLM_PROXY_URL": server.url}
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def get_page(_: object = None) -> str:
        with direct.open(f"http://127.0.0.1:{port}/", timeout=20) as response:
            return str(response.read().decode())

    def is_up() -> bool:
        assert process.poll() is None
        with contextlib.suppress(OSError):
            return bool(get_page())
        return False

    try:
        wait_until(is_up, 20)
        with ThreadPoolExecutor(6) as pool:
            responses = [response.split(" ", 1) for response in pool.map(get_page, range(60))]
    finally:
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=20)
    assert {text for _, text in responses} == {"Hello! 0 1 2 3 4 "}
    assert len({worker for worker, _ in responses}) > 1
    assert process.returncode == 0
    assert "Traceback" not in stderr


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
@pytest.mark.parametrize("kind", ["Client", "AsyncClient"])
def test_worker_processes_use_a_pickled_client(server: Loopback, method: str, kind: str) -> None:
    if method != "spawn" and sys.platform == "win32":
        pytest.skip("Windows supports only spawn")
    program = f"""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from tests.workers import complete

    if __name__ == "__main__":
        client = {kind}()
        say(complete(client))
        context = multiprocessing.get_context({method!r})
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            say(list(pool.map(complete, [client] * 10)) == ["Hello!"] * 10)
        say(complete(client))
    """
    assert run_child(PRELUDE + program, "-W", FORK_WARNING, url=server.url) == ["Hello!", "True", "Hello!"]
    wait_until(lambda: not server.open)


def test_each_of_32_threads_gets_its_own_responses(server: Loopback) -> None:
    def work(number: int) -> bool:
        model = f"hello-{number}"
        if number % 3:
            return client.chat.completions.create(model=model, messages=MESSAGES).model == model
        with client.chat.completions.create(model=model, messages=MESSAGES, stream=True) as stream:
            return list(stream.iter_text()) == [f"{count} " for count in range(5)]

    with Client(server.url) as client, ThreadPoolExecutor(THREADS) as pool:
        assert all(pool.map(work, range(THREADS * 30)))
    requested = [model for connection in server.connections for model in connection.models]
    assert sorted(requested) == sorted(f"hello-{number}" for number in range(THREADS * 30)), (
        "a request was lost or sent twice"
    )
    assert len(server.connections) < THREADS * 2, "connections were not reused"


def test_async_client_works_on_uvloop(server: Loopback) -> None:
    pytest.importorskip("uvloop")
    program = """
    import asyncio
    import uvloop
    from litellm_proxy_client.exceptions import APITimeoutError

    client = AsyncClient()

    async def one(model):
        response = await client.chat.completions.create(model=model, messages=messages())
        return response.model

    async def main():
        say(await asyncio.gather(*[one(f"m{n}") for n in range(50)]) == [f"m{n}" for n in range(50)])
        async with await client.chat.completions.create(model="paced", messages=messages(), stream=True) as items:
            say(len([text async for text in items.iter_text()]))
        async with await client.chat.completions.create(model="endless", messages=messages(), stream=True) as items:
            await anext(items)
        try:
            await client.with_options(timeout=0.2).chat.completions.create(model="silent", messages=messages())
        except APITimeoutError:
            say("timeout")
        try:
            await asyncio.wait_for(one("silent"), 0.1)
        except asyncio.TimeoutError:
            say("cancelled")
        say(await one("again"))

    for _ in range(2):
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) if hasattr(asyncio, "Runner") else Runner() as runner:
            runner.run(main())
    """
    fallback_runner = """
    class Runner:
        def __enter__(self): uvloop.install(); return self
        def __exit__(self, *_): pass
        def run(self, main): asyncio.run(main)
    """
    complete = program.replace("    client = AsyncClient()\n", fallback_runner + "\n    client = AsyncClient()\n")
    assert run_child(PRELUDE + complete, url=server.url) == ["True", "50", "timeout", "cancelled", "again"] * 2
    wait_until(lambda: not server.open)


@linux
def test_successive_event_loops_leak_nothing(server: Loopback) -> None:
    program = """
    import asyncio
    client = AsyncClient()

    async def main():
        await asyncio.gather(*[client.chat.completions.create(model="hello", messages=messages()) for _ in range(3)])

    def open_files():
        gc.collect()
        return len(os.listdir("/proc/self/fd"))

    asyncio.run(main())
    before = open_files()
    for _ in range(100):
        asyncio.run(main())
    say(open_files() - before, threading.active_count())
    """
    assert run_child(PRELUDE + program, url=server.url) == ["0 1"]
    wait_until(lambda: not server.open)


IN_FLIGHT = {
    "tasks": "asyncio.create_task(call('silent')), asyncio.create_task(read('endless'))",
    "a task in a thread": "threading.Thread(target=asyncio.run, args=(call('silent'),), daemon=True).start()",
    "an abandoned stream": "await anext(aiter(await begin('endless')))",
}


@pytest.mark.parametrize("in_flight", IN_FLIGHT.values(), ids=IN_FLIGHT.keys())
def test_program_with_calls_in_flight_exits_immediately(server: Loopback, in_flight: str) -> None:
    program = f"""
    import asyncio
    client = AsyncClient()

    async def call(model):
        await client.chat.completions.create(model=model, messages=messages())

    async def begin(model):
        return await client.chat.completions.create(model=model, messages=messages(), stream=True)

    async def read(model):
        async for _ in await begin(model):
            pass

    async def main():
        kept.append(({in_flight}))
        await asyncio.sleep(0.3)
        say("end")

    kept = []
    asyncio.run(main())
    """
    assert run_child(PRELUDE + program, url=server.url, seconds=10) == ["end"]
    wait_until(lambda: not server.open)


# httpx does not close its own async generator when sending is cancelled.
@pytest.mark.filterwarnings("ignore:Async generator 'httpx:ResourceWarning")
def test_client_works_after_cancellations_under_trio(server: Loopback) -> None:
    async def main() -> None:
        async with AsyncClient(server.url, "sk-1", limits=httpx.Limits(max_connections=5)) as client:

            async def one(number: int) -> None:
                model = ("hello", "silent", "endless", "stall")[number % 4]
                with trio.move_on_after(number % 10 / 100):
                    if number % 2:
                        await client.chat.completions.create(model=model, messages=MESSAGES)
                    else:
                        async with await client.chat.completions.create(
                            model=model, messages=MESSAGES, stream=True
                        ) as stream:
                            async for _ in stream:
                                pass

            async with trio.open_nursery() as nursery:
                for number in range(200):
                    nursery.start_soon(one, number)
            for _ in range(20):
                await client.chat.completions.create(model="hello", messages=MESSAGES, timeout=5)

    trio.run(main)
