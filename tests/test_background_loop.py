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

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither these signals nor fork")


async def one() -> int:
    return 1


async def fail(error: BaseException) -> None:
    raise error


def interrupt_main_thread_in(seconds: float) -> None:
    main = threading.main_thread().ident
    assert main is not None
    threading.Timer(seconds, signal.pthread_kill, (main, signal.SIGINT)).start()


def test_run_executes_coroutine_on_one_daemon_thread_and_returns_result() -> None:
    async def where() -> threading.Thread:
        return threading.current_thread()

    thread = background_loop.run(where)
    assert thread.name == "litellm-proxy-client"
    assert thread.daemon
    assert background_loop.run(where) is thread


def test_no_thread_starts_before_first_call() -> None:
    program = """
        import threading
        from litellm_proxy_client._runtime import background_loop
        background_loop.call_soon(print, "never")
        print(background_loop.is_background_thread(), threading.active_count())
    """
    assert run_child(program) == ["False 1"]


def test_many_threads_call_run_concurrently() -> None:
    results: list[int] = []

    def work(number: int) -> None:
        async def get_number() -> int:
            await asyncio.sleep(0.2)
            return number

        results.append(background_loop.run(get_number))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(50)]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == list(range(50))
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit, asyncio.CancelledError])
def test_run_raises_every_kind_of_exception_and_loop_survives(kind: type[BaseException]) -> None:
    error = kind("x")
    with pytest.raises(kind) as caught:
        background_loop.run(lambda: fail(error))
    assert caught.value is error
    assert background_loop.run(one) == 1


def test_loop_survives_system_exit_in_unrelated_task() -> None:
    async def exit_soon() -> None:
        raise SystemExit

    async def leave_a_task() -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(exit_soon())

    task = background_loop.run(leave_a_task)
    assert background_loop.run(one) == 1
    assert isinstance(task.exception(), SystemExit)


def test_run_raises_error_of_coroutine_factory() -> None:
    def factory() -> Coroutine[Any, Any, int]:
        raise LookupError("no coroutine")

    with pytest.raises(LookupError, match="no coroutine"):
        background_loop.run(factory)


def test_run_on_background_loop_raises_usage_error() -> None:
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


def test_worker_thread_of_background_loop_may_call_run() -> None:
    async def call_from_a_worker_thread() -> int:
        return await asyncio.to_thread(background_loop.run, one)

    assert background_loop.run(call_from_a_worker_thread) == 1


def test_context_variables_are_copied_in_but_not_out() -> None:
    variable = contextvars.ContextVar("variable", default="default")

    async def change() -> str:
        before = variable.get()
        variable.set("changed")
        return before

    variable.set("caller's")
    assert background_loop.run(change) == "caller's"
    assert variable.get() == "caller's"


def test_traceback_leads_from_caller_to_failure() -> None:
    async def outer() -> None:
        await fail(LookupError())

    with pytest.raises(LookupError) as caught:
        background_loop.run(outer)
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    here = "test_traceback_leads_from_caller_to_failure"
    assert names == [here, "run", "outer", "fail"]


def test_handled_error_is_freed_without_garbage_collection() -> None:
    class Failure(Exception):
        pass

    async def fail_with_new_error() -> None:
        raise Failure

    gc.collect()
    gc.disable()
    try:
        try:
            background_loop.run(fail_with_new_error)
        except Failure as failure:
            error = weakref.ref(failure)
        else:
            pytest.fail("no error was raised")
        background_loop.run(one)
        assert error() is None
    finally:
        gc.enable()


@posix
def test_ctrl_c_cancels_coroutine_and_waits_for_cleanup() -> None:
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
def test_ctrl_c_wait_is_bounded_for_coroutine_that_ignores_cancellation() -> None:
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
def test_ctrl_c_interrupts_caller_while_loop_is_blocked() -> None:
    async def block() -> None:
        time.sleep(2)  # noqa: ASYNC251

    interrupt_main_thread_in(0.1)
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        background_loop.run(block)
    assert time.monotonic() - begin < 1.5
    assert background_loop.run(one) == 1


def test_coroutine_cancelled_before_start_raises_cancelled_error() -> None:
    outcomes: list[object] = []

    def call() -> None:
        try:
            outcomes.append(background_loop.run(one))
        except asyncio.CancelledError as error:
            outcomes.append(type(error))

    def cancel_newcomers(known: set[asyncio.Task[Any]]) -> None:
        for task in asyncio.all_tasks() - known:
            task.cancel()

    async def block_loop_while_call_is_submitted() -> None:
        caller.start()
        time.sleep(0.1)  # noqa: ASYNC251
        asyncio.get_running_loop().call_soon(cancel_newcomers, asyncio.all_tasks())
        await asyncio.sleep(0.1)

    caller = threading.Thread(target=call)
    background_loop.run(block_loop_while_call_is_submitted)
    caller.join(5)
    assert outcomes == [asyncio.CancelledError]


def test_call_soon_runs_functions_from_any_thread() -> None:
    threads: list[str] = []
    done = threading.Event()

    def record(text: str) -> None:
        threads.append(f"{text} on {threading.current_thread().name}")
        done.set()

    worker = threading.Thread(target=background_loop.call_soon, args=(record, "noted"))
    background_loop.run(one)
    worker.start()
    assert done.wait(5)
    worker.join()
    assert threads == ["noted on litellm-proxy-client"]


async def test_run_inside_running_loop_warns_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background_loop, "_warned", False)
    monkeypatch.delitem(sys.modules, "IPython", raising=False)  # imported by another test of this process
    with pytest.warns(RuntimeWarning, match="AsyncClient") as caught:
        assert background_loop.run(one) == 1
        assert background_loop.run(one) == 1
    assert [warning.filename for warning in caught] == [__file__]


async def test_run_in_notebook_does_not_warn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background_loop, "_warned", False)
    monkeypatch.delitem(sys.modules, "IPython", raising=False)  # imported by another test of this process
    monkeypatch.setitem(sys.modules, "IPython", sys)
    assert background_loop.run(one) == 1


# --- Exit of the interpreter ---

LISTENER = """
    import asyncio, atexit, os, socket, sys, threading, time
    atexit.register(time.sleep, 0.2)  # runs last, so that a thread that is woken too late has time to write to stderr
    from litellm_proxy_client._runtime import background_loop

    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]

    async def connect():
        return await asyncio.get_running_loop().create_connection(asyncio.Protocol, "127.0.0.1", port)

    async def forever():
        await asyncio.sleep(3600)
"""


def test_interpreter_exits_at_once_and_without_output() -> None:
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
            raise ValueError("never retrieved")

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
    server.detach()  # keeps the socket open until exit
    """
    assert run_child(LISTENER + program) == ["generator closed", "quick"]


def test_exit_does_not_wait_for_daemon_threads_in_run() -> None:
    program = """
    def call_forever():
        while True:
            background_loop.run(noop)

    async def noop():
        pass

    threading.Thread(target=background_loop.run, args=(forever,), daemon=True).start()
    threading.Thread(target=call_forever, daemon=True).start()
    time.sleep(0.2)
    server.close()
    """
    assert run_child(LISTENER + program, seconds=4) == []


def test_thread_joined_after_loop_stopped_gets_usage_error() -> None:
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


def test_exit_wait_is_bounded_for_blocked_loop() -> None:
    program = """
    async def block():
        time.sleep(3600)

    threading.Thread(target=background_loop.run, args=(block,), daemon=True).start()
    time.sleep(0.2)
    server.close()
    """
    assert run_child(LISTENER + program, seconds=8) == []


def test_run_after_exit_handler_raises_usage_error() -> None:
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


# --- Forks ---

# Since Python 3.12, forking a process that has several threads emits a DeprecationWarning.
FORK_WARNING = "ignore:This process:DeprecationWarning"
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


@linux
def test_forked_child_drops_loop_and_starts_another() -> None:
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
        tasks.append(loop.create_task(connect_to_full_backlog()))
        tasks.append(loop.create_task(wait_and_clean_up()))
        await asyncio.sleep(0.1)

    async def connect_to_full_backlog():
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
def test_fork_waits_until_loop_is_between_callbacks() -> None:
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
def test_threads_fork_while_other_threads_call_run() -> None:
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
