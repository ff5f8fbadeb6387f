"""What goes wrong where a synchronous client runs on a background event loop, each shown on a real server."""

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
from litellm_proxy_client.exceptions import APIConnectionError, StreamError, UsageError

from .loopback import Child, Loopback, run_child, wait_until
from .test_background_loop import FORK_WARNING, linux, posix

MESSAGES = [{"role": "user", "content": "Hello"}]
ONE_CONNECTION = httpx.Limits(max_connections=1)

USE = """
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


# The end of the interpreter.


LEFT_OPEN = {
    "a connection": "ask(client)",
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


@pytest.mark.parametrize("leave_open", LEFT_OPEN.values(), ids=LEFT_OPEN.keys())
def test_a_program_that_closes_nothing_ends_at_once_and_without_complaint(server: Loopback, leave_open: str) -> None:
    program = f"""
    def daemon(function, *arguments):
        threading.Thread(target=function, args=arguments, daemon=True).start()
        time.sleep(0.5)

    client = Client()
    {leave_open}
    """
    begin = time.monotonic()
    assert run_child(USE + program, url=server.url) == []
    assert time.monotonic() - begin < 5
    wait_until(lambda: not server.open)


def test_a_client_can_be_closed_when_its_loop_has_ended(server: Loopback) -> None:
    program = """
    from litellm_proxy_client._runtime import background_loop
    client = Client()
    ask(client)
    atexit.unregister(background_loop._at_exit)
    atexit.register(client.close)
    atexit.register(background_loop._at_exit)
    """
    assert run_child(USE + program, url=server.url) == []


def test_a_task_that_begins_at_the_end_is_no_complaint(server: Loopback) -> None:
    # A connection that is being made, when another task has just been made for it.
    program = """
    import anyio, asyncio
    from litellm_proxy_client._runtime import background_loop

    async def connect():
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.sleep_forever)

    def begin():
        kept.append(asyncio.ensure_future(connect()))

    kept = []
    ask(Client())
    atexit.register(background_loop.call_soon, begin)
    """
    assert run_child(USE + program, url=server.url) == []


def test_a_client_that_sends_nothing_starts_no_thread() -> None:
    program = """
    with Client() as client:
        say(client.chat.completions.create(model="hello", messages=messages(), return_request=True).method)
    say(threading.active_count(), client.is_closed)
    """
    assert run_child(USE + program) == ["POST", "1 True"]


# Threads.


def test_many_threads_use_one_client_at_once(server: Loopback, client: Client) -> None:
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
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert time.monotonic() - begin < 10  # one after the other they would take 20


def test_closing_a_stream_ends_the_wait_of_every_thread_that_reads_it(server: Loopback, client: Client) -> None:
    stream = client.chat.completions.create(model="stall", messages=MESSAGES, stream=True)
    for _ in range(3):
        next(stream)
    outcomes: list[str] = []

    def read() -> None:
        try:
            next(stream)
        except StreamError as error:
            outcomes.append(error.message)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    stream.close()
    for thread in threads:
        thread.join(5)
    assert outcomes == ["the stream was closed while it was being read"] * 3
    assert server.serving("stall").closed.wait(1)


# Event loops of the caller.


async def test_works_inside_a_running_event_loop_and_warns_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background_loop, "_warned", False)
    with pytest.warns(RuntimeWarning, match="inside a running event loop") as caught:
        assert ask(client) == "Hello!"
    assert [warning.filename for warning in caught] == [__file__]
    stream = client.chat.completions.create(model="hello", messages=MESSAGES, stream=True)
    assert "".join(stream.iter_text()) == "0 1 2 3 4 "


async def test_works_in_a_notebook(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background_loop, "_warned", False)
    monkeypatch.setitem(sys.modules, "IPython", sys)
    assert ask(client) == "Hello!"
    stream = client.chat.completions.create(model="hello", messages=MESSAGES, stream=True)
    assert "".join(stream.iter_text()) == "0 1 2 3 4 "


def test_works_inside_trio(client: Client) -> None:
    async def main() -> str | None:
        return ask(client)

    assert trio.run(main) == "Hello!"


def test_a_call_from_its_own_loop_raises_at_once(server: Loopback) -> None:
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
            begin = time.monotonic()
            assert ask(client) == "Hello!"
    assert len(seen) == 2
    assert time.monotonic() - begin < 1


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


def test_a_traceback_shows_the_callers_line_and_little_of_the_inside() -> None:
    client = Client("http://127.0.0.1:9", max_retries=0)
    with pytest.raises(APIConnectionError) as caught:
        client.chat.completions.create(model="m", messages=MESSAGES)  # the caller's line
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert frames[0].line == 'client.chat.completions.create(model="m", messages=MESSAGES)  # the caller\'s line'
    assert [frame.name for frame in frames[1:5]] == ["create", "_call_or_stream", "_call", "run"]
    assert len(frames) < 10


def test_a_traceback_does_not_grow_when_a_stream_fails_again(client: Client) -> None:
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
@pytest.mark.parametrize("call", ["ask(client, 'silent')", "list(stream(client, 'stall'))"])
def test_ctrl_c_ends_the_request_within_a_second_and_the_client_works_on(server: Loopback, call: str) -> None:
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
    child = Child(USE + program, url=server.url, keep_stdin=True)
    served = server.serving("silent" if "silent" in call else "stall")
    time.sleep(0.3)
    begin = time.monotonic()
    child.interrupt()
    assert served.closed.wait(5)
    assert time.monotonic() - begin < 1
    assert child.output() == ["Hello!", "interrupted", "Hello!"]


# Forks.


@linux
def test_a_forked_child_works_and_shares_no_socket(server: Loopback) -> None:
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
    ours = ports_of_sockets_to_the_server()
    child = os.fork()
    if child == 0:
        say("child", ports_of_sockets_to_the_server())
        say("child", ask(client))
        say("child", "".join(stream(client, "hello").iter_text()))
        say("child", not ports_of_sockets_to_the_server() & ours)
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
        say("parent", len(ours))
        say("parent", os.waitpid(child, 0)[1])
        texts = [chunk.choices[0].delta.content or "" for chunk in [*chunks, *before]]
        say("parent", "".join(texts).split() == [str(number) for number in range(50)])
        next(dropped)
        say("parent", ask(client))
    """
    output = run_child(USE + program, "-W", FORK_WARNING, url=server.url)
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
def test_a_connection_that_the_parent_closes_is_closed_though_children_live(server: Loopback) -> None:
    program = """
    client = Client()
    items = stream(client, "endless")
    next(items)
    until, go = os.pipe()
    if os.fork() == 0:
        os.close(go)
        os.read(until, 1)
        os._exit(0)
    items.close()
    time.sleep(0.5)
    say("closed")
    os.close(go)
    os.wait()
    os.close(until)
    """
    child = Child(USE + program, "-W", FORK_WARNING, url=server.url)
    served = server.serving("endless")
    assert served.closed.wait(5)
    assert child.output() == ["closed"]


@posix
def test_a_pool_of_forked_workers_uses_the_parents_client(server: Loopback) -> None:
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
    assert run_child(USE + program, "-W", FORK_WARNING, url=server.url) == ["True", "True"]


@posix
def test_a_forked_child_may_use_the_parents_own_http_client(server: Loopback) -> None:
    program = """
    import httpx
    client = Client(http_client=httpx.AsyncClient())
    ask(client)
    child = os.fork()
    say(ask(client))
    if child:
        say(os.waitpid(child, 0)[1])
    """
    assert sorted(run_child(USE + program, "-W", FORK_WARNING, url=server.url)) == ["0", "Hello!", "Hello!"]


# What is dropped unfinished. A pool of one connection shows whether it came back.


def test_an_unfinished_stream_that_is_dropped_frees_its_connection(server: Loopback) -> None:
    with Client(server.url, limits=ONE_CONNECTION, timeout=5) as client:
        next(client.chat.completions.create(model="endless", messages=MESSAGES, stream=True))
        gc.collect()
        assert ask(client) == "Hello!"
        assert server.serving("endless").closed.wait(1)


def test_leaving_a_loop_over_a_stream_early_frees_its_connection(server: Loopback) -> None:
    with Client(server.url, limits=ONE_CONNECTION, timeout=5) as client:
        stream = client.chat.completions.create(model="endless", messages=MESSAGES, stream=True)
        for _ in stream:
            break
        assert ask(client) == "Hello!"
        assert server.serving("endless").closed.wait(1)


async def test_an_unfinished_async_stream_that_is_dropped_frees_its_connection(server: Loopback) -> None:
    async with AsyncClient(server.url, limits=ONE_CONNECTION, timeout=5) as client:
        stream = await client.chat.completions.create(model="endless", messages=MESSAGES, stream=True)
        await anext(stream)
        del stream
        gc.collect()
        await client.chat.completions.create(model="hello", messages=MESSAGES)
        assert await asyncio.to_thread(server.serving("endless").closed.wait, 1)


async def test_leaving_a_loop_over_an_async_stream_early_frees_its_connection(server: Loopback) -> None:
    async with AsyncClient(server.url, limits=ONE_CONNECTION, timeout=5) as client:
        stream = await client.chat.completions.create(model="endless", messages=MESSAGES, stream=True)
        async for _ in stream:
            break
        await client.chat.completions.create(model="hello", messages=MESSAGES)
        assert await asyncio.to_thread(server.serving("endless").closed.wait, 1)


def test_clients_that_are_dropped_take_their_connections_with_them(server: Loopback) -> None:
    program = """
    for _ in range(5):
        ask(Client())
    gc.collect()
    say("dropped")
    time.sleep(1)
    """
    child = Child(USE + program, url=server.url)
    wait_until(lambda: len(server.connections) == 5)
    wait_until(lambda: not server.open, 2)
    assert child.output() == ["dropped"]


# The asynchronous client, on one event loop after another.


def test_an_async_client_outlives_its_event_loops(server: Loopback) -> None:
    program = """
    import asyncio
    client = AsyncClient()

    async def main(model):
        asyncio.get_running_loop().slow_callback_duration = 9
        answer = await client.chat.completions.create(model="hello", messages=messages())
        items = await client.chat.completions.create(model=model, messages=messages(), stream=True)
        await anext(items)
        say(answer.choices[0].message.content)

    for model in ("hello", "endless", "hello", "paced"):
        asyncio.run(main(model))
        gc.collect()
    """
    assert run_child(USE + program, url=server.url) == ["Hello!"] * 4
    wait_until(lambda: not server.open)


def test_the_async_client_works_under_trio(server: Loopback) -> None:
    program = """
    import trio

    async def main():
        async with AsyncClient() as client:
            answer = await client.chat.completions.create(model="hello", messages=messages())
            say(answer.choices[0].message.content)
            async with await client.chat.completions.create(model="paced", messages=messages(), stream=True) as items:
                say(len([text async for text in items.iter_text()]))
            async with await client.chat.completions.create(model="endless", messages=messages(), stream=True) as items:
                await anext(items)

    trio.run(main)
    trio.run(main)
    """
    assert run_child(USE + program, url=server.url) == ["Hello!", "50", "Hello!", "50"]


def test_an_async_client_under_trio_may_be_left_open(server: Loopback) -> None:
    program = """
    import trio
    client = AsyncClient()

    async def main():
        answer = await client.chat.completions.create(model="hello", messages=messages())
        say(answer.choices[0].message.content)

    trio.run(main)
    trio.run(main)
    """
    assert run_child(USE + program, url=server.url) == ["Hello!", "Hello!"]
