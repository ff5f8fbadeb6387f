"""The hazards of a sync client that runs on a background event loop, each tested with a real server."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import sys
import threading
import time
import traceback
from collections.abc import Iterator

import httpx
import pytest
import trio

from litellm_proxy_client import AsyncClient, Client
from litellm_proxy_client._runtime import background_loop
from litellm_proxy_client.exceptions import APIConnectionError, LiteLLMProxyError, UsageError

from .loopback import Child, Loopback, run_child, wait_until
from .test_background_loop import FORK_WARNING, linux, posix

MESSAGES = [{"role": "user", "content": "Hello"}]
ONE_CONNECTION = httpx.Limits(max_connections=1)

PRELUDE = """
    import atexit, gc, os, sys, threading, time
    from litellm_proxy_client import AsyncClient, Client

    def messages():
        return [{"role": "user", "content": "Hello"}]

    def ask(client, model="hello"):
        return client.chat.completions.create(model=model, messages=messages()).choices[0].message.content

    def stream(client, model):
        return client.chat.completions.create(model=model, messages=messages(), stream=True)

    def say(*words):
        os.write(1, (" ".join(map(str, words)) + "\\n").encode())
"""


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as server:
        yield server


@pytest.fixture
def client(server: Loopback) -> Iterator[Client]:
    with Client(server.url) as client:
        yield client


def ask(client: Client, model: str = "hello") -> str | None:
    return client.chat.completions.create(model=model, messages=MESSAGES).choices[0].message.content


# Interpreter exit.


UNCLOSED = {
    "an open connection": "ask(client)",
    "a stream": "items = stream(client, 'endless'); next(items)",
    "a loop over a stream": "items = iter(stream(client, 'endless')); next(items)",
    "a silent stream": "items = stream(client, 'stall'); next(items)",
    "the connection of a dropped client": "ask(client); del client",
    "the stream of a dropped client": "next(stream(client, 'endless')); del client; gc.collect()",
    "a call in a daemon thread": "daemon(ask, client, 'silent')",
    "a silent stream in a daemon thread": "daemon(list, stream(client, 'stall'))",
    "a stream in a daemon thread": "daemon(list, stream(client, 'endless'))",
    "a client that is closed at exit": "ask(client); atexit.register(client.close)",
    "a client that is used at exit": "ask(client); atexit.register(ask, client)",
    "nothing": "ask(client); client.close(); client.close()",
}


@pytest.mark.parametrize("statements", UNCLOSED.values(), ids=UNCLOSED.keys())
def test_program_that_closes_nothing_exits_immediately_and_silently(server: Loopback, statements: str) -> None:
    program = f"""
    def daemon(function, *arguments):
        threading.Thread(target=function, args=arguments, daemon=True).start()
        time.sleep(0.5)

    client = Client()
    {statements}
    """
    started = time.monotonic()
    assert run_child(PRELUDE + program, url=server.url) == []
    assert time.monotonic() - started < 5
    wait_until(lambda: not server.open)


def test_client_can_be_closed_after_the_background_loop_has_stopped(server: Loopback) -> None:
    program = """
    from litellm_proxy_client._runtime import background_loop
    client = Client()
    ask(client)
    atexit.unregister(background_loop._at_exit)
    atexit.register(client.close)
    atexit.register(background_loop._at_exit)
    """
    assert run_child(PRELUDE + program, url=server.url) == []


def test_task_created_at_exit_logs_nothing(server: Loopback) -> None:
    # A connection attempt that has just created another task when the interpreter exits.
    program = """
    import anyio, asyncio
    from litellm_proxy_client._runtime import background_loop

    async def connect():
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.sleep_forever)

    def create_task():
        kept.append(asyncio.ensure_future(connect()))

    kept = []
    ask(Client())
    atexit.register(background_loop.call_soon, create_task)
    """
    assert run_child(PRELUDE + program, url=server.url) == []


def test_client_that_sends_nothing_starts_no_thread() -> None:
    program = """
    with Client() as client:
        say(client.chat.completions.create(model="hello", messages=messages(), return_request=True).method)
    say(threading.active_count(), client.is_closed)
    """
    assert run_child(PRELUDE + program) == ["POST", "1 True"]


# Threads.


def test_many_threads_share_one_client(server: Loopback, client: Client) -> None:
    failures: list[object] = []

    def work() -> None:
        try:
            for _ in range(10):
                assert ask(client) == "Hello!"
            with client.chat.completions.create(model="paced", messages=MESSAGES, stream=True) as stream:
                texts = list(stream.iter_text())
            assert texts == [f"{number} " for number in range(50)]
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work) for _ in range(20)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert time.monotonic() - started < 10  # sequential calls would take 20 s


def test_closing_a_stream_wakes_the_thread_that_reads_it(server: Loopback, client: Client) -> None:
    stream = client.chat.completions.create(model="stall", messages=MESSAGES, stream=True)
    for _ in range(3):
        next(stream)
    errors: list[str] = []

    def read() -> None:
        try:
            next(stream)
        except LiteLLMProxyError as error:
            errors.append(error.message)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    stream.close()
    for thread in threads:
        thread.join(5)
    refused = "another thread is reading this stream: only one thread can read it at a time"
    assert errors == [refused, refused, "the stream was closed while it was being read"]
    assert server.serving("stall").closed.wait(1)


# Event loops of the caller.


async def test_sync_client_in_a_running_event_loop_works_and_warns_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background_loop, "_warned", False)
    monkeypatch.delitem(sys.modules, "IPython", raising=False)  # imported by another test of this process
    with pytest.warns(RuntimeWarning, match="inside a running event loop") as caught:
        assert ask(client) == "Hello!"
    assert [warning.filename for warning in caught] == [__file__]
    stream = client.chat.completions.create(model="hello", messages=MESSAGES, stream=True)
    assert "".join(stream.iter_text()) == "0 1 2 3 4 "


async def test_sync_client_works_in_a_notebook(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background_loop, "_warned", False)
    monkeypatch.delitem(sys.modules, "IPython", raising=False)  # imported by another test of this process
    monkeypatch.setitem(sys.modules, "IPython", sys)
    assert ask(client) == "Hello!"
    stream = client.chat.completions.create(model="hello", messages=MESSAGES, stream=True)
    assert "".join(stream.iter_text()) == "0 1 2 3 4 "


def test_sync_client_works_inside_trio(client: Client) -> None:
    async def main() -> str | None:
        return ask(client)

    assert trio.run(main) == "Hello!"


def test_call_from_the_background_loop_raises_immediately(server: Loopback) -> None:
    seen: list[BaseException] = []

    async def hook(request: httpx.Request) -> None:
        for call in (lambda: ask(inner), lambda: next(stream)):
            try:
                call()
            except UsageError as error:
                seen.append(error)

    with Client(server.url) as inner:
        stream = inner.chat.completions.create(model="stall", messages=MESSAGES, stream=True)
        with Client(server.url, http_client=httpx.AsyncClient(event_hooks={"request": [hook]})) as client:
            started = time.monotonic()
            assert ask(client) == "Hello!"
    assert len(seen) == 2
    assert time.monotonic() - started < 1


def test_context_variables_reach_hooks(server: Loopback) -> None:
    variable = contextvars.ContextVar("variable", default="default")
    seen: list[str] = []

    async def hook(_: object) -> None:
        seen.append(variable.get())

    hooks = {"request": [hook], "response": [hook]}
    with Client(server.url, http_client=httpx.AsyncClient(event_hooks=hooks)) as client:
        variable.set("mine")
        ask(client)
        contextvars.Context().run(ask, client)
    assert seen == ["mine", "mine", "default", "default"]


# Tracebacks.


def test_traceback_shows_the_callers_line_and_few_internal_frames() -> None:
    client = Client("http://127.0.0.1:9", max_retries=0)
    with pytest.raises(APIConnectionError) as caught:
        client.chat.completions.create(model="m", messages=MESSAGES)  # the caller's line
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert frames[0].line == 'client.chat.completions.create(model="m", messages=MESSAGES)  # the caller\'s line'
    assert [frame.name for frame in frames[1:5]] == ["create", "_run_endpoint", "run", "_execute"]
    assert len(frames) < 10


def test_traceback_does_not_grow_when_a_stream_fails_again(client: Client) -> None:
    stream = client.with_options(idle_timeout=0.1).chat.completions.create(
        model="stall", messages=MESSAGES, stream=True
    )

    def depth() -> int:
        with pytest.raises(Exception, match="idle") as caught:
            for _ in stream:
                pass
        return len(traceback.extract_tb(caught.value.__traceback__))

    depth()
    again = depth()
    assert depth() == again


# Ctrl-C.


@posix
@pytest.mark.parametrize("call", ["ask(client, 'silent')", "list(stream(client, 'stall'))"], ids=["request", "stream"])
def test_ctrl_c_cancels_the_request_within_a_second_and_the_client_still_works(server: Loopback, call: str) -> None:
    program = f"""
    client = Client()
    print(ask(client))
    try:
        {call}
    except KeyboardInterrupt:
        print("interrupted")
    print(ask(client))
    sys.stdin.read()
    """
    child = Child(PRELUDE + program, url=server.url, keep_stdin=True)
    connection = server.serving("silent" if "silent" in call else "stall")
    time.sleep(0.3)
    started = time.monotonic()
    child.interrupt()
    assert connection.closed.wait(5)
    assert time.monotonic() - started < 1
    assert child.output() == ["Hello!", "interrupted", "Hello!"]


# Forks.


@linux
def test_forked_child_works_and_shares_no_socket(server: Loopback) -> None:
    program = f"""
    import socket

    def ports_of_sockets_to_the_server():
        ports = set()
        for name in os.listdir("/proc/self/fd"):
            try:
                if os.readlink(f"/proc/self/fd/{{name}}").startswith("socket:"):
                    with socket.socket(fileno=os.dup(int(name))) as sock:
                        if sock.family == socket.AF_INET and sock.getpeername()[1] == {server.port}:
                            ports.add(sock.getsockname()[1])
            except OSError:
                pass
        return ports

    client = Client()
    before = stream(client, "paced")
    chunks = [next(before) for _ in range(3)]
    dropped = stream(client, "endless")
    next(dropped)
    ask(client)
    parent_ports = ports_of_sockets_to_the_server()
    child = os.fork()
    if child == 0:
        say("child", ports_of_sockets_to_the_server())
        say("child", ask(client))
        say("child", "".join(stream(client, "hello").iter_text()))
        say("child", not ports_of_sockets_to_the_server() & parent_ports)
        try:
            for chunk in before:
                pass
        except Exception as error:
            say("child", type(error).__name__, len(list(before._pending)))
        before.close()
        del before, dropped
        gc.collect()
        client.close()
    else:
        say("parent", len(parent_ports))
        say("parent", os.waitpid(child, 0)[1])
        texts = [chunk.choices[0].delta.content or "" for chunk in [*chunks, *before]]
        say("parent", "".join(texts).split() == [str(number) for number in range(50)])
        next(dropped)
        say("parent", ask(client))
    """
    output = run_child(PRELUDE + program, "-W", FORK_WARNING, url=server.url)
    assert [line.removeprefix("child ") for line in output if line.startswith("child")] == [
        "set()",
        "Hello!",
        "0 1 2 3 4 ",
        "True",
        "StreamError 0",
    ]
    assert [line.removeprefix("parent ") for line in output if line.startswith("parent")] == [
        "3",
        "0",
        "True",
        "Hello!",
    ]


@linux
def test_connection_closed_by_the_parent_closes_while_children_live(server: Loopback) -> None:
    program = """
    client = Client()
    items = stream(client, "endless")
    next(items)
    read_end, write_end = os.pipe()
    if os.fork() == 0:
        os.close(write_end)
        os.read(read_end, 1)
        os._exit(0)
    items.close()
    time.sleep(0.5)
    say("closed")
    os.close(write_end)
    os.wait()
    os.close(read_end)
    """
    child = Child(PRELUDE + program, "-W", FORK_WARNING, url=server.url)
    connection = server.serving("endless")
    assert connection.closed.wait(5)
    assert child.output() == ["closed"]


@posix
def test_forked_worker_pool_uses_the_parents_client(server: Loopback) -> None:
    program = """
    import multiprocessing

    client = Client()

    def work(number):
        return ask(client)

    ask(client)
    items = stream(client, "paced")
    next(items)
    with multiprocessing.get_context("fork").Pool(3) as pool:
        say(pool.map(work, range(30)) == ["Hello!"] * 30)
        pool.close()
        pool.join()
    say(len(list(items)) > 40)
    """
    assert run_child(PRELUDE + program, "-W", FORK_WARNING, url=server.url) == ["True", "True"]


@posix
def test_forked_child_can_use_the_parents_http_client(server: Loopback) -> None:
    program = """
    import httpx
    client = Client(http_client=httpx.AsyncClient())
    ask(client)
    child = os.fork()
    say(ask(client))
    if child:
        say(os.waitpid(child, 0)[1])
    """
    assert sorted(run_child(PRELUDE + program, "-W", FORK_WARNING, url=server.url)) == ["0", "Hello!", "Hello!"]


# Unfinished streams and clients that are dropped. A pool of one connection shows that a connection was released.


def test_dropped_unfinished_stream_releases_its_connection(server: Loopback) -> None:
    with Client(server.url, limits=ONE_CONNECTION, timeout=5) as client:
        next(client.chat.completions.create(model="endless", messages=MESSAGES, stream=True))
        gc.collect()
        assert ask(client) == "Hello!"
        assert server.serving("endless").closed.wait(1)


def test_stream_left_by_break_releases_its_connection_when_it_is_deleted(server: Loopback) -> None:
    with Client(server.url, limits=ONE_CONNECTION, timeout=5) as client:
        stream = client.chat.completions.create(model="endless", messages=MESSAGES, stream=True)
        for _ in stream:
            break
        assert not server.serving("endless").closed.wait(0.1)
        del stream
        assert ask(client) == "Hello!"
        assert server.serving("endless").closed.wait(1)


async def test_dropped_unfinished_async_stream_releases_its_connection(server: Loopback) -> None:
    async with AsyncClient(server.url, limits=ONE_CONNECTION, timeout=5) as client:
        stream = await client.chat.completions.create(model="endless", messages=MESSAGES, stream=True)
        await anext(stream)
        del stream
        gc.collect()
        await client.chat.completions.create(model="hello", messages=MESSAGES)
        assert await asyncio.to_thread(server.serving("endless").closed.wait, 1)


async def test_async_stream_left_by_break_releases_its_connection_when_it_is_deleted(server: Loopback) -> None:
    async with AsyncClient(server.url, limits=ONE_CONNECTION, timeout=5) as client:
        stream = await client.chat.completions.create(model="endless", messages=MESSAGES, stream=True)
        async for _ in stream:
            break
        assert not await asyncio.to_thread(server.serving("endless").closed.wait, 0.1)
        del stream
        await client.chat.completions.create(model="hello", messages=MESSAGES)
        assert await asyncio.to_thread(server.serving("endless").closed.wait, 1)


def test_dropped_clients_close_their_connections(server: Loopback) -> None:
    program = """
    for _ in range(5):
        ask(Client())
    gc.collect()
    say("dropped")
    time.sleep(1)
    """
    child = Child(PRELUDE + program, url=server.url)
    wait_until(lambda: len(server.connections) == 5)
    wait_until(lambda: not server.open, 2)
    assert child.output() == ["dropped"]


# The async client on successive event loops.


def test_async_client_works_on_successive_event_loops(server: Loopback) -> None:
    program = """
    import asyncio
    client = AsyncClient()

    async def main(model):
        asyncio.get_running_loop().slow_callback_duration = 9
        response = await client.chat.completions.create(model="hello", messages=messages())
        items = await client.chat.completions.create(model=model, messages=messages(), stream=True)
        await anext(items)
        say(response.choices[0].message.content)

    for model in ("hello", "endless", "hello", "paced"):
        asyncio.run(main(model))
        gc.collect()
    """
    assert run_child(PRELUDE + program, url=server.url) == ["Hello!"] * 4
    wait_until(lambda: not server.open)


def test_async_client_works_under_trio(server: Loopback) -> None:
    program = """
    import trio

    async def main():
        async with AsyncClient() as client:
            response = await client.chat.completions.create(model="hello", messages=messages())
            say(response.choices[0].message.content)
            async with await client.chat.completions.create(model="paced", messages=messages(), stream=True) as items:
                say(len([text async for text in items.iter_text()]))
            async with await client.chat.completions.create(model="endless", messages=messages(), stream=True) as items:
                await anext(items)

    trio.run(main)
    trio.run(main)
    """
    assert run_child(PRELUDE + program, url=server.url) == ["Hello!", "50", "Hello!", "50"]


def test_unclosed_async_client_works_under_trio(server: Loopback) -> None:
    program = """
    import trio
    client = AsyncClient()

    async def main():
        response = await client.chat.completions.create(model="hello", messages=messages())
        say(response.choices[0].message.content)

    trio.run(main)
    trio.run(main)
    """
    assert run_child(PRELUDE + program, url=server.url) == ["Hello!", "Hello!"]
