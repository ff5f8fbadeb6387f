"""The background event loop that the sync face runs on: one daemon thread a process, started by the first call.

Nothing here knows of HTTP. `run` carries a coroutine over to the loop and waits for it; the rest of the file sees to
what goes wrong around that: Ctrl-C, a fork, the end of the interpreter, and a call that would wait for itself.
"""

from __future__ import annotations

import asyncio
import atexit
import contextvars
import inspect
import math
import os
import selectors
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from .exceptions import UsageError

T = TypeVar("T")

# Seconds that clean-up may take: of a call after Ctrl-C, and of all that still runs when the interpreter ends.
GRACE = 1.0

if sys.platform == "win32":
    _BaseLoop = asyncio.ProactorEventLoop
else:
    _BaseLoop = asyncio.SelectorEventLoop


class _Loop(_BaseLoop):
    """An event loop that knows its connections: to end them at exit, and to let go of them in a forked child."""

    def __init__(self) -> None:
        if sys.platform == "win32":
            super().__init__()
        else:
            self.portal_selector = selectors.DefaultSelector()
            super().__init__(self.portal_selector)
        self.portal_sockets: WeakSet[socket.socket] = WeakSet()
        self.portal_transports: WeakSet[asyncio.BaseTransport] = WeakSet()
        self.portal_kept: list[object] = []
        self.portal_over = False
        # The first call imports modules and builds models. That is slow in Python's development mode, and no fault.
        self.slow_callback_duration = math.inf

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        self.portal_sockets.add(sock)
        await super().sock_connect(sock, address)

    async def create_connection(self, *args: Any, **kwargs: Any) -> Any:
        made = await super().create_connection(*args, **kwargs)
        self.portal_transports.add(made[0])
        return made

    async def create_unix_connection(self, *args: Any, **kwargs: Any) -> Any:
        made = await super().create_unix_connection(*args, **kwargs)
        self.portal_transports.add(made[0])
        return made

    async def start_tls(self, *args: Any, **kwargs: Any) -> Any:
        transport = await super().start_tls(*args, **kwargs)
        if transport is not None:
            self.portal_transports.add(transport)
        return transport

    def end(self) -> None:
        """End all that runs, within bounds and without complaint, and then the loop itself; called on the loop."""
        self.portal_kept.append(self.create_task(self._wind_down()))

    def _others(self) -> set[asyncio.Task[Any]]:
        return {task for task in asyncio.all_tasks(self) if task is not asyncio.current_task(self)}

    async def _wind_down(self) -> None:
        self.set_exception_handler(lambda loop, context: None)
        for _ in range(10):
            if all(map(_has_begun, self._others())):
                break
            await asyncio.sleep(0)
        tasks = self._others()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE)
        for transport in list(self.portal_transports):
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()
        await asyncio.wait([self.create_task(self.shutdown_asyncgens())], timeout=GRACE)
        self.portal_over = True
        self.stop()

    def let_go(self) -> None:
        """In a forked child: cut every tie to what the parent's loop goes on using.

        The child's descriptors come to mean the null device: so it shares no socket with the parent, does not touch
        the parent's epoll set, and whatever later closes one of these numbers closes nothing else. All objects are
        kept for good, since their finalizers would act on a loop that no longer runs.
        """
        self.set_exception_handler(lambda loop, context: None)
        transports = list(self.portal_transports)
        wake_up_pair = [value for value in vars(self).values() if isinstance(value, socket.socket)]
        sockets = [*wake_up_pair, *self.portal_sockets, *(each.get_extra_info("socket") for each in transports)]
        descriptors = {each.fileno() for each in sockets} | {key.fd for key in self.portal_selector.get_map().values()}
        if not isinstance(self.portal_selector, getattr(selectors, "KqueueSelector", ())):  # a kqueue is not inherited
            descriptors.add(self.portal_selector.fileno())
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in descriptors - {-1}:
            os.dup2(null, descriptor, inheritable=False)
        os.close(null)
        self.portal_kept += [asyncio.all_tasks(self), transports, sockets]


def _has_begun(task: asyncio.Task[Any]) -> bool:
    # One of anyio's that is cancelled before its first step leaves a coroutine behind, of which Python complains.
    return getattr(task.get_coro(), "cr_await", True) is not None


class _Portal:
    """A running loop and its thread."""

    __slots__ = ("loop", "thread")

    def __init__(self) -> None:
        self.loop = _Loop()
        self.thread = threading.Thread(target=self._main, name="litellm-proxy-client", daemon=True)
        try:
            self.thread.start()
        except RuntimeError as error:  # Python 3.12 and later start no threads once the interpreter is ending
            self.loop.close()
            raise UsageError(f"the background loop of Client cannot be started: {error}") from None

    def _main(self) -> None:
        while not self.loop.portal_over:
            with suppress(KeyboardInterrupt, SystemExit):  # raised in a task that a hook made
                self.loop.run_forever()
        self.loop.close()


class _Job(Generic[T]):
    """A coroutine on its way through the loop, and the thread that waits for it."""

    __slots__ = ("_done", "_factory", "_task", "error", "result")
    result: T

    def __init__(self, factory: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._factory = factory
        self._done = threading.Lock()
        self._done.acquire()
        self._task: asyncio.Task[None] | None = None
        self.error: BaseException | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin; on the loop, in the caller's context."""
        self._task = loop.create_task(self._carry_out())
        _tasks.add(self._task)
        self._task.add_done_callback(self._finish)

    async def _carry_out(self) -> None:
        # Whatever is raised must not reach the loop: KeyboardInterrupt and SystemExit would end it.
        try:
            self.result = await self._factory()
        except BaseException as error:
            traceback = error.__traceback__
            self.error = error.with_traceback(traceback and traceback.tb_next)

    def _finish(self, task: asyncio.Task[None]) -> None:
        _tasks.discard(task)
        if task.cancelled():  # before it began
            self.error = asyncio.CancelledError()
        self._done.release()

    def cancel(self) -> None:
        """End early; on the loop."""
        if self._task is None:
            self._done.release()
        else:
            self._task.cancel()

    def wait(self) -> None:
        """Wait for the end; Ctrl-C gets through."""
        if sys.platform == "win32":
            while not self._done.acquire(timeout=0.1):
                pass
        else:
            self._done.acquire()

    def wait_briefly(self) -> None:
        """Wait for the end, but not for long."""
        self._done.acquire(timeout=GRACE)


_current: _Portal | None = None
_tasks: set[asyncio.Task[None]] = set()  # a loop itself holds only weak references to its tasks
_lock = threading.RLock()
_exiting = False
_warned = False


def run(factory: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine on the background loop, in the caller's context, and wait for its outcome.

    When the wait is broken off (Ctrl-C), the coroutine is cancelled and given a moment to clean up.

    Raises:
        UsageError: The caller is on the background loop itself and would wait for itself, or the interpreter is ending.
    """
    if is_portal_thread():
        raise UsageError(
            "a method of Client was called on the client's own background loop (by a hook or a callback): "
            "it would wait for itself for ever; use AsyncClient there"
        )
    refuse_at_exit()
    _warn_of_blocked_loop()
    loop = (_current or _start()).loop
    job = _Job(factory)
    try:
        loop.call_soon_threadsafe(job.start, loop, context=contextvars.copy_context())
        job.wait()
    except BaseException:
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(job.cancel)
            job.wait_briefly()
        raise
    error, job.error = job.error, None
    if error is not None:
        try:
            if isinstance(error, asyncio.CancelledError):
                refuse_at_exit()
            raise error
        finally:
            del error  # its traceback leads back here: they would keep each other alive
    return job.result


def call_soon(function: Callable[..., object], *args: Any) -> None:
    """Call a function on the background loop some time soon; never blocks, and does nothing where no loop runs.

    Finalizers may call it: on any thread, at any time.
    """
    portal = _current
    if portal is not None:
        with suppress(RuntimeError):  # the loop is closed: the interpreter is ending
            portal.loop.call_soon_threadsafe(function, *args)


def is_portal_thread() -> bool:
    """Whether the caller is on the background loop."""
    return _current is not None and _current.thread.ident == threading.get_ident()


def is_running() -> bool:
    """Whether the background loop was started, and has not ended with the interpreter."""
    return _current is not None


def refuse_at_exit() -> None:
    """Raise where the background loop has ended, or is about to, because the interpreter ends."""
    if _exiting:
        if threading.current_thread().daemon:
            # Python is about to drop this thread, which would print the error if that came first.
            time.sleep(5 * GRACE)
        raise UsageError("the interpreter is ending: no call can be made any more")


def _start() -> _Portal:
    global _current
    with _lock:
        if _current is None:
            _current = _Portal()
        return _current


def _warn_of_blocked_loop() -> None:
    """Say once that a sync call holds up the event loop it is made in; in a notebook that is harmless."""
    global _warned
    if _warned:
        return
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    if "IPython" in sys.modules:
        return
    _warned = True
    package = __name__.partition(".")[0]
    frame, depth = inspect.currentframe(), 0
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == package:
        frame, depth = frame.f_back, depth + 1
    warnings.warn(
        "a method of Client was called inside a running event loop, which stands still until the answer comes; "
        "use AsyncClient there",
        RuntimeWarning,
        stacklevel=depth + 1,
    )


@atexit.register
def _at_exit() -> None:
    global _current, _exiting
    _exiting = True
    portal, _current = _current, None
    if portal is not None:
        portal.loop.call_soon_threadsafe(portal.loop.end)
        portal.thread.join(3 * GRACE)


class _Pause:
    """Holds the loop still between two callbacks, so that a fork copies nothing half-done, such as an import."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._reached, self._over = threading.Lock(), threading.Lock()
        self._reached.acquire()
        self._over.acquire()
        loop.call_soon_threadsafe(self._stand_still)
        self._reached.acquire(timeout=GRACE)

    def _stand_still(self) -> None:
        self._reached.release()
        self._over.acquire(timeout=GRACE)

    def end(self) -> None:
        self._over.release()


_pauses: dict[int, _Pause] = {}  # by the thread that forks


def _before_fork() -> None:
    if _current is not None and not is_portal_thread():
        _pauses[threading.get_ident()] = _Pause(_current.loop)


def _after_fork_in_parent() -> None:
    pause = _pauses.pop(threading.get_ident(), None)
    if pause is not None:
        pause.end()


def _after_fork_in_child() -> None:
    global _current, _lock
    _pauses.clear()
    _lock = threading.RLock()  # another thread of the parent may have held the old one
    portal, _current = _current, None
    if portal is not None:
        _left_behind.append(portal)
        portal.loop.let_go()


_left_behind: list[_Portal] = []

if sys.platform != "win32":
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
