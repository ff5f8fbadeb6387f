from __future__ import annotations

import asyncio
import contextlib
import contextvars
import gc
import signal
import sys
import threading
import time
import traceback
import weakref
from collections.abc import Coroutine
from typing import Any

import pytest

from litellm_proxy_client._runtime import background_loop
from litellm_proxy_client.exceptions import UsageError

from .loopback import run_child

posix = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals, and there is no fork")


async def one() -> int:
    return 1


async def fail(error: BaseException) -> None:
    raise error


def interrupt_main_thread_in(seconds: float) -> None:
    main = threading.main_thread().ident
    assert main is not None
    threading.Timer(seconds, signal.pthread_kill, (main, signal.SIGINT)).start()


def test_runs_a_coroutine_on_one_daemon_thread_and_returns_its_result() -> None:
    async def where() -> threading.Thread:
        return threading.current_thread()

    thread = background_loop.run(where)
    assert thread.name == "litellm-proxy-client"
    assert thread.daemon
    assert background_loop.run(where) is thread


def test_nothing_starts_before_the_first_call() -> None:
    program = """
        import threading
        from litellm_proxy_client._runtime import background_loop
        background_loop.call_soon(print, "never")
        print(background_loop.is_background_thread(), threading.active_count())
    """
    assert run_child(program) == ["False 1"]


def test_many_threads_wait_at_the_same_time() -> None:
    results: list[int] = []

    def work(number: int) -> None:
        async def answer() -> int:
            await asyncio.sleep(0.2)
            return number

        results.append(background_loop.run(answer))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(50)]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == list(range(50))
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit, asyncio.CancelledError])
def test_whatever_is_raised_arrives_and_the_loop_lives_on(kind: type[BaseException]) -> None:
    error = kind("x")
    with pytest.raises(kind) as caught:
        background_loop.run(lambda: fail(error))
    assert caught.value is error
    assert background_loop.run(one) == 1


def test_the_loop_outlives_what_a_task_of_someone_else_raises() -> None:
    async def exit_by_and_by() -> None:
        raise SystemExit

    async def leave_a_task() -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(exit_by_and_by())

    task = background_loop.run(leave_a_task)
    assert background_loop.run(one) == 1
    assert isinstance(task.exception(), SystemExit)


def test_a_factory_that_fails_is_an_error_too() -> None:
    def factory() -> Coroutine[Any, Any, int]:
        raise LookupError("no coroutine")

    with pytest.raises(LookupError, match="no coroutine"):
        background_loop.run(factory)


def test_refuses_to_wait_for_itself() -> None:
    called: list[str] = []

    def factory() -> Coroutine[Any, Any, int]:
        called.append("factory")
        return one()

    async def call_from_the_loop() -> None:
        assert background_loop.is_background_thread()
        background_loop.run(factory)

    assert not background_loop.is_background_thread()
    with pytest.raises(UsageError, match="own background loop"):
        background_loop.run(call_from_the_loop)
    assert called == []


def test_a_thread_of_the_loop_may_wait_for_it() -> None:
    async def call_from_a_worker_thread() -> int:
        return await asyncio.to_thread(background_loop.run, one)

    assert background_loop.run(call_from_a_worker_thread) == 1


def test_carries_context_variables_in_and_none_out() -> None:
    variable = contextvars.ContextVar("variable", default="default")

    async def change() -> str:
        before = variable.get()
        variable.set("changed")
        return before

    variable.set("caller's")
    assert background_loop.run(change) == "caller's"
    assert variable.get() == "caller's"


def test_the_traceback_leads_from_the_callers_line_to_the_failure() -> None:
    async def outer() -> None:
        await fail(LookupError())

    with pytest.raises(LookupError) as caught:
        background_loop.run(outer)
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    here = "test_the_traceback_leads_from_the_callers_line_to_the_failure"
    assert names == [here, "run", "outer", "fail"]


def test_an_error_is_gone_once_it_was_handled() -> None:
    class Failure(Exception):
        pass

    async def fail_without_a_trace() -> None:
        raise Failure

    gc.collect()
    gc.disable()
    try:
        try:
            background_loop.run(fail_without_a_trace)
        except Failure as failure:
            error = weakref.ref(failure)
        else:
            pytest.fail("no error came")
        background_loop.run(one)
        assert error() is None
    finally:
        gc.enable()


@posix
def test_ctrl_c_cancels_the_coroutine_and_waits_for_its_clean_up() -> None:
    events: list[str] = []

    async def slow() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.1)
            events.append("cleaned up")

    interrupt_main_thread_in(0.2)
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        background_loop.run(slow)
    assert events == ["cleaned up"]
    assert time.monotonic() - begin < 1
    assert background_loop.run(one) == 1


@posix
def test_ctrl_c_does_not_wait_long_for_what_will_not_end() -> None:
    stop = threading.Event()

    async def stubborn() -> None:
        while not stop.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0.05)

    interrupt_main_thread_in(0.1)
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        background_loop.run(stubborn)
    assert time.monotonic() - begin < 2
    assert background_loop.run(one) == 1
    stop.set()


@posix
def test_ctrl_c_gets_through_while_the_loop_is_busy() -> None:
    async def block() -> None:
        time.sleep(2)  # noqa: ASYNC251

    interrupt_main_thread_in(0.1)
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        background_loop.run(block)
    assert time.monotonic() - begin < 1.5
    assert background_loop.run(one) == 1


def test_a_coroutine_that_is_cancelled_before_it_begins_is_an_error() -> None:
    outcomes: list[object] = []

    def call() -> None:
        try:
            outcomes.append(background_loop.run(one))
        except asyncio.CancelledError as error:
            outcomes.append(type(error))

    def cancel_newcomers(known: set[asyncio.Task[Any]]) -> None:
        for task in asyncio.all_tasks() - known:
            task.cancel()

    async def hold_the_loop_up_while_the_call_comes() -> None:
        caller.start()
        time.sleep(0.1)  # noqa: ASYNC251
        asyncio.get_running_loop().call_soon(cancel_newcomers, asyncio.all_tasks())
        await asyncio.sleep(0.1)

    caller = threading.Thread(target=call)
    background_loop.run(hold_the_loop_up_while_the_call_comes)
    caller.join(5)
    assert outcomes == [asyncio.CancelledError]


def test_call_soon_takes_functions_from_any_thread() -> None:
    threads: list[str] = []
    done = threading.Event()

    def note(text: str) -> None:
        threads.append(f"{text} on {threading.current_thread().name}")
        done.set()

    worker = threading.Thread(target=background_loop.call_soon, args=(note, "noted"))
    background_loop.run(one)
    worker.start()
    assert done.wait(5)
    worker.join()
    assert threads == ["noted on litellm-proxy-client"]


async def test_warns_once_that_it_holds_up_a_running_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background_loop, "_warned", False)
    with pytest.warns(RuntimeWarning, match="AsyncClient") as caught:
        assert background_loop.run(one) == 1
        assert background_loop.run(one) == 1
    assert [warning.filename for warning in caught] == [__file__]


async def test_is_silent_in_notebooks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background_loop, "_warned", False)
    monkeypatch.setitem(sys.modules, "IPython", sys)
    assert background_loop.run(one) == 1


# The end of the interpreter.

LISTENER = """
    import asyncio, atexit, os, socket, sys, threading, time
    atexit.register(time.sleep, 0.2)  # last of all: threads that are woken too late have time to complain
    from litellm_proxy_client._runtime import background_loop

    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]

    async def connect():
        return await asyncio.get_running_loop().create_connection(asyncio.Protocol, "127.0.0.1", port)

    async def forever():
        await asyncio.sleep(3600)
"""


def test_the_interpreter_ends_at_once_and_without_complaint() -> None:
    program = """
    async def numbers():
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(0)
            print("generator closed")

    async def fail_when_cancelled():
        try:
            await forever()
        finally:
            raise ValueError("nobody asks for this one")

    async def leave_things_open():
        global connection, generator, tasks
        connection = await connect()
        generator = numbers()
        await anext(generator)
        tasks = [asyncio.create_task(forever()), asyncio.create_task(fail_when_cancelled())]
        await asyncio.sleep(0)

    background_loop.run(leave_things_open)
    begin = time.monotonic()
    atexit.unregister(background_loop._at_exit)
    atexit.register(lambda: print("quick" if time.monotonic() - begin < 0.8 else "slow"))
    atexit.register(background_loop._at_exit)
    server.detach()  # stays open to the end
    """
    assert run_child(LISTENER + program) == ["generator closed", "quick"]


def test_the_interpreter_does_not_wait_for_a_daemon_thread_in_a_call() -> None:
    program = """
    def call_for_ever():
        while True:
            background_loop.run(noop)

    async def noop():
        pass

    threading.Thread(target=background_loop.run, args=(forever,), daemon=True).start()
    threading.Thread(target=call_for_ever, daemon=True).start()
    time.sleep(0.2)
    server.close()
    """
    assert run_child(LISTENER + program, seconds=4) == []


def test_a_thread_that_is_waited_for_after_the_end_gets_an_error() -> None:
    program = """
    def call():
        try:
            background_loop.run(forever)
        except background_loop.UsageError as error:
            print(error)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    time.sleep(0.2)
    atexit.unregister(background_loop._at_exit)
    atexit.register(thread.join)
    atexit.register(background_loop._at_exit)
    server.close()
    """
    assert run_child(LISTENER + program) == ["the interpreter is shutting down: no more requests can be sent"]


def test_the_interpreter_does_not_wait_long_for_what_will_not_end() -> None:
    program = """
    async def block():
        time.sleep(3600)

    threading.Thread(target=background_loop.run, args=(block,), daemon=True).start()
    time.sleep(0.2)
    server.close()
    """
    assert run_child(LISTENER + program, seconds=8) == []


def test_a_call_after_the_end_is_refused() -> None:
    program = """
    async def noop():
        pass

    background_loop.run(connect)

    class Late:
        def __del__(self):
            try:
                background_loop.run(forever)
            except background_loop.UsageError as error:
                os.write(1, f"{error}".encode())

    def early():
        background_loop.run(noop)
        os.write(1, b"a call at exit\\n")

    late = Late()
    late.itself = late
    atexit.register(early)
    server.close()
    """
    output = run_child(LISTENER + program)
    assert output[0] == "a call at exit"
    assert "interpreter is shutting down" in output[1]


# Forks. From Python 3.12 on, a fork beside any thread at all draws a DeprecationWarning.

FORK_WARNING = "ignore:This process:DeprecationWarning"
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


@linux
def test_a_forked_child_lets_go_of_the_loop_and_starts_another() -> None:
    program = """
    def sockets():
        links = {}
        for descriptor in os.listdir("/proc/self/fd"):
            try:
                link = os.readlink(f"/proc/self/fd/{descriptor}")
            except FileNotFoundError:
                continue
            if link.startswith(("socket:", "anon_inode:")):
                links[int(descriptor)] = link
        return links

    class Protocol(asyncio.Protocol):
        def data_received(self, data):
            received.append(data)
            arrived.set()

        def connection_made(self, transport):
            connections.append(transport)

    async def open_connections():
        loop = asyncio.get_running_loop()
        await loop.create_connection(Protocol, "127.0.0.1", port)
        await loop.create_connection(Protocol, "127.0.0.1", port)
        connections[1].pause_reading()
        idle = socket.socket()
        idle.setblocking(False)
        await loop.sock_connect(idle, server.getsockname())
        idle_sockets.append(idle)
        tasks.append(loop.create_task(connect_in_vain()))
        tasks.append(loop.create_task(wait_and_clean_up()))
        await asyncio.sleep(0.1)

    async def connect_in_vain():
        with socket.socket() as unconnected:
            unconnected.setblocking(False)
            await asyncio.get_running_loop().sock_connect(unconnected, full.getsockname())

    async def wait_and_clean_up():
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.01)

    async def thread_name():
        return threading.current_thread().name

    def say(*words):
        os.write(1, (" ".join(map(str, words)) + "\\n").encode())

    full = socket.create_server(("127.0.0.1", 0), backlog=0)
    filling = [socket.socket() for _ in range(3)]
    for waiting in filling:
        waiting.setblocking(False)
        waiting.connect_ex(full.getsockname())

    own = set(sockets())
    connections, idle_sockets, tasks, received, arrived = [], [], [], [], threading.Event()
    background_loop.run(open_connections)
    peers = [server.accept()[0] for _ in connections + idle_sockets]
    own |= {peer.fileno() for peer in peers}
    say("parent", len(set(sockets()) - own) > 3)

    until, go = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(go)
        say("child", set(sockets()) - own, background_loop.is_background_thread())
        say("child", background_loop.run(thread_name))
        os.read(until, 1)
        connections.clear()
        tasks.clear()
    else:
        peers[0].send(b"data")
        say("parent", arrived.wait(5), received)

        async def close():
            for connection in connections:
                connection.abort()
            idle_sockets[0].close()

        background_loop.run(close)
        say("parent", [peer.recv(1) for peer in peers])
        os.close(go)
        os.close(until)
        say("parent", os.waitpid(child, 0)[1])
        until = None
    if until is not None:
        os.close(until)
    for each in (server, full, *peers, *filling):
        each.close()
    """
    output = run_child(LISTENER + program, "-W", FORK_WARNING)
    assert [line for line in output if line.startswith("child")] == ["child set() False", "child litellm-proxy-client"]
    assert [line for line in output if line.startswith("parent")] == [
        "parent True",
        "parent True [b'data']",
        "parent [b'', b'', b'']",
        "parent 0",
    ]


@posix
def test_a_fork_waits_for_a_quiet_moment_of_the_loop() -> None:
    program = """
    async def import_slowly():
        global state
        state = "half-done"
        time.sleep(0.5)
        state = "done"
        await asyncio.sleep(0.2)

    thread = threading.Thread(target=background_loop.run, args=(import_slowly,))
    thread.start()
    time.sleep(0.1)
    if os.fork() == 0:
        print(state)
        os._exit(0)
    os.wait()
    thread.join()
    server.close()
    """
    assert run_child(LISTENER + program, "-W", FORK_WARNING) == ["done"]


@posix
def test_threads_may_fork_while_others_call() -> None:
    program = """
    async def work():
        await asyncio.sleep(0)

    def call():
        while not over:
            background_loop.run(work)

    def fork():
        for _ in range(20):
            child = os.fork()
            if child == 0:
                background_loop.run(work)
                os._exit(7)
            statuses.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))

    over, statuses = False, []
    callers = [threading.Thread(target=call) for _ in range(3)]
    forkers = [threading.Thread(target=fork) for _ in range(3)]
    for thread in callers + forkers:
        thread.start()
    for thread in forkers:
        thread.join()
    over = True
    for thread in callers:
        thread.join()
    print(statuses == [7] * 60)
    server.close()
    """
    assert run_child(LISTENER + program, "-W", FORK_WARNING) == ["True"]
