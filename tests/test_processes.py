"""Processes, threads and loops other than the plain ones, each with a real server."""

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
from .test_sync_hazards import USE as USE_

THREADS = 32
# In development mode asyncio complains of what takes long; imports do.
USE = f"""{USE_}
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
from tests.workers import ask, text

client = Client()
assert ask(client) == "Hello!"
half = client.chat.completions.create(model="paced", messages=[{"role": "user", "content": "Hello"}], stream=True)
next(half)


def app(environ, start_response):
    answer = f"{os.getpid()} {ask(client)} {text(client)}".encode()
    start_response("200 OK", [("content-length", str(len(answer)))])
    return [answer]
"""


@posix
def test_workers_of_gunicorn_use_the_client_that_was_made_before_they_were(server: Loopback, tmp_path: Path) -> None:
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

    def visit(_: object = None) -> str:
        with direct.open(f"http://127.0.0.1:{port}/", timeout=20) as response:
            return str(response.read().decode())

    def is_up() -> bool:
        assert process.poll() is None
        with contextlib.suppress(OSError):
            return bool(visit())
        return False

    try:
        wait_until(is_up, 20)
        with ThreadPoolExecutor(6) as pool:
            answers = [answer.split(" ", 1) for answer in pool.map(visit, range(60))]
    finally:
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=20)
    assert {text for _, text in answers} == {"Hello! 0 1 2 3 4 "}
    assert len({worker for worker, _ in answers}) > 1
    assert process.returncode == 0
    assert "Traceback" not in complaints


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
@pytest.mark.parametrize("kind", ["Client", "AsyncClient"])
def test_worker_processes_use_a_client_that_is_sent_to_them(server: Loopback, method: str, kind: str) -> None:
    if method != "spawn" and sys.platform == "win32":
        pytest.skip("there is only spawn")
    program = f"""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from tests.workers import ask as ask_in_worker

    if __name__ == "__main__":
        client = {kind}()
        say(ask_in_worker(client))
        context = multiprocessing.get_context({method!r})
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            say(list(pool.map(ask_in_worker, [client] * 10)) == ["Hello!"] * 10)
        say(ask_in_worker(client))
    """
    assert run_child(USE + program, "-W", FORK_WARNING, url=server.url) == ["Hello!", "True", "Hello!"]
    wait_until(lambda: not server.open)


def test_each_of_32_threads_gets_its_own_answers(server: Loopback) -> None:
    def work(number: int) -> bool:
        model = f"hello-{number}"
        if number % 3:
            return client.chat.completions.create(model=model, messages=MESSAGES).model == model
        with client.chat.completions.create(model=model, messages=MESSAGES, stream=True) as stream:
            return list(stream.iter_text()) == [f"{count} " for count in range(5)]

    with Client(server.url) as client, ThreadPoolExecutor(THREADS) as pool:
        assert all(pool.map(work, range(THREADS * 30)))
    asked = [model for connection in server.connections for model in connection.models]
    assert sorted(asked) == sorted(f"hello-{number}" for number in range(THREADS * 30)), "each was asked once"
    assert len(server.connections) < THREADS * 2, "they are used again"


def test_the_async_client_works_on_uvloop(server: Loopback) -> None:
    pytest.importorskip("uvloop")
    program = """
    import asyncio
    import uvloop
    from litellm_proxy_client.exceptions import APITimeoutError

    client = AsyncClient()

    async def one(model):
        answer = await client.chat.completions.create(model=model, messages=messages())
        return answer.model

    async def main():
        say(await asyncio.gather(*[one(f"m{n}") for n in range(50)]) == [f"m{n}" for n in range(50)])
        async with await client.chat.completions.create(model="paced", messages=messages(), stream=True) as items:
            say(len([text async for text in items.iter_text()]))
        async with await client.chat.completions.create(model="endless", messages=messages(), stream=True) as items:
            await anext(items)
        try:
            await client.with_options(timeout=0.2).chat.completions.create(model="silent", messages=messages())
        except APITimeoutError:
            say("late")
        try:
            await asyncio.wait_for(one("silent"), 0.1)
        except asyncio.TimeoutError:
            say("cancelled")
        say(await one("well"))

    for _ in range(2):
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) if hasattr(asyncio, "Runner") else Old() as runner:
            runner.run(main())
    """
    old = """
    class Old:
        def __enter__(self): uvloop.install(); return self
        def __exit__(self, *_): pass
        def run(self, main): asyncio.run(main)
    """
    ready = program.replace("    client = AsyncClient()\n", old + "\n    client = AsyncClient()\n")
    assert run_child(USE + ready, url=server.url) == ["True", "50", "late", "cancelled", "well"] * 2
    wait_until(lambda: not server.open)


@linux
def test_loop_after_loop_leaves_nothing_behind(server: Loopback) -> None:
    program = """
    import asyncio
    client = AsyncClient()

    async def main():
        await asyncio.gather(*[client.chat.completions.create(model="hello", messages=messages()) for _ in range(3)])

    def files():
        gc.collect()
        return len(os.listdir("/proc/self/fd"))

    asyncio.run(main())
    before = files()
    for _ in range(100):
        asyncio.run(main())
    say(files() - before, threading.active_count())
    """
    assert run_child(USE + program, url=server.url) == ["0 1"]
    wait_until(lambda: not server.open)


IN_FLIGHT = {
    "tasks": "asyncio.create_task(call('silent')), asyncio.create_task(read('endless'))",
    "a task in a thread": "threading.Thread(target=asyncio.run, args=(call('silent'),), daemon=True).start()",
    "an abandoned stream": "await anext(aiter(await begin('endless')))",
}


@pytest.mark.parametrize("in_flight", IN_FLIGHT.values(), ids=IN_FLIGHT.keys())
def test_a_program_with_calls_in_flight_ends_at_once(server: Loopback, in_flight: str) -> None:
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
    assert run_child(USE + program, url=server.url, seconds=10) == ["end"]
    wait_until(lambda: not server.open)


@pytest.mark.filterwarnings("ignore:Async generator 'httpx:ResourceWarning")  # of httpx's own, cancelled while sending
def test_cancellations_under_trio_leave_the_client_whole(server: Loopback) -> None:
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
