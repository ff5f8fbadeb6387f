"""The background event loop of the sync client: one daemon thread per process, started by the first call.

This module is independent of HTTP. `run` passes a coroutine to the loop and waits for its result; the rest of the file
handles Ctrl-C, forks, the interpreter's exit, and calls that would deadlock.
"""

from __future__ import annotations

import asyncio
import atexit
import contextvars
import inspect
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Generic, TypeVar

from ..exceptions import UsageError
from .process_lifecycle import GRACE, ForkPause, TrackedLoop

T = TypeVar("T")


class _BackgroundLoop:
    """A running event loop and its thread."""

    __slots__ = ("loop", "thread")

    def __init__(self) -> None:
        self.loop = TrackedLoop()
        # A daemon, because the interpreter waits for other threads before it calls `atexit` functions.
        self.thread = threading.Thread(target=self._main, name="litellm-proxy-client", daemon=True)
        try:
            self.thread.start()
        except RuntimeError as error:  # from Python 3.12 on, no thread can be started during the interpreter's exit
            self.loop.close()
            raise UsageError(f"the background loop of Client cannot be started: {error}") from None

    def _main(self) -> None:
        while not self.loop.ended:
            with suppress(KeyboardInterrupt, SystemExit):  # raised in a task that a user's hook created
                self.loop.run_forever()
        self.loop.close()


class _Job(Generic[T]):
    """A coroutine that runs on the loop for a thread that waits for its result."""

    __slots__ = ("_done", "_factory", "_task", "error", "result")
    result: T

    def __init__(self, factory: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._factory = factory
        # Locked until the coroutine is done: a bare lock costs less than a threading.Event.
        self._done = threading.Lock()
        self._done.acquire()
        self._task: asyncio.Task[None] | None = None
        self.error: BaseException | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the coroutine. Runs on the loop, in the caller's context."""
        self._task = loop.create_task(self._run())
        _tasks.add(self._task)
        self._task.add_done_callback(self._finish)

    async def _run(self) -> None:
        # Catch everything: asyncio lets KeyboardInterrupt and SystemExit through, and they would stop the loop.
        try:
            self.result = await self._factory()
        except BaseException as error:
            # Remove this frame from the traceback: callers see their call and the coroutine.
            traceback = error.__traceback__
            self.error = error.with_traceback(traceback and traceback.tb_next)

    def _finish(self, task: asyncio.Task[None]) -> None:
        _tasks.discard(task)
        if task.cancelled():  # before its first step, so `_run` caught nothing
            self.error = asyncio.CancelledError()
        self._done.release()

    def cancel(self) -> None:
        """Cancel the coroutine. Runs on the loop."""
        if self._task is None:  # Ctrl-C came before `start` was scheduled
            self._done.release()
        else:
            self._task.cancel()

    def wait(self) -> None:
        """Wait until the coroutine is done. Ctrl-C interrupts the wait."""
        if sys.platform == "win32":  # where a wait without a timeout cannot be interrupted
            while not self._done.acquire(timeout=0.1):
                pass
        else:
            self._done.acquire()

    def wait_briefly(self) -> None:
        """Wait until the coroutine is done, for a bounded time."""
        self._done.acquire(timeout=GRACE)


_current: _BackgroundLoop | None = None
_tasks: set[asyncio.Task[None]] = set()  # keep references: asyncio holds tasks weakly
_lock = threading.RLock()  # reentrant: a finalizer or signal handler may call while its thread holds it
_exiting = False
_warned = False


def run(factory: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine on the background loop, in the caller's context, and return its result.

    If the wait is interrupted (Ctrl-C), the coroutine is cancelled and has a bounded time to clean up.

    Raises:
        UsageError: The caller is on the background loop, which would deadlock, or the interpreter is shutting down.
    """
    if is_background_thread():
        raise UsageError(
            "a Client method was called on the client's own background loop, by a hook or callback, which would "
            "deadlock: use AsyncClient there"
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
                refuse_at_exit()  # the exit cancelled it: raise an error that says so
            raise error
        finally:
            del error  # its traceback refers to this frame, a reference cycle that would keep both alive
    return job.result


def call_soon(function: Callable[..., object], *args: Any) -> None:
    """Schedule a function call on the background loop without blocking; do nothing if no loop runs.

    Finalizers may call it, on any thread and at any time.
    """
    background = _current
    if background is not None:
        with suppress(RuntimeError):  # the loop is closed, since the interpreter is shutting down
            background.loop.call_soon_threadsafe(function, *args)


def is_background_thread() -> bool:
    """Return True if the caller runs on the background loop's thread."""
    return _current is not None and _current.thread.ident == threading.get_ident()


def is_running() -> bool:
    """Return True if the background loop was started and the interpreter is not shutting down."""
    return _current is not None


def refuse_at_exit() -> None:
    """Raise a `UsageError` if the interpreter is shutting down, which ends the background loop."""
    if _exiting:
        if threading.current_thread().daemon:
            # Python stops daemon threads during its exit. Until then, raising would print a pointless traceback.
            time.sleep(5 * GRACE)
        raise UsageError("the interpreter is shutting down: no more requests can be sent")


def _start() -> _BackgroundLoop:
    global _current
    with _lock:
        if _current is None:
            _current = _BackgroundLoop()
        return _current


def _warn_of_blocked_loop() -> None:
    """Warn once if a sync call blocks the caller's event loop; in a notebook, that is harmless."""
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
    # Attribute the warning to the first caller outside this package.
    frame, depth = inspect.currentframe(), 0
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == package:
        frame, depth = frame.f_back, depth + 1
    warnings.warn(
        "a Client method was called inside a running event loop, which it blocks until the response arrives: "
        "use AsyncClient there",
        RuntimeWarning,
        stacklevel=depth + 1,
    )


@atexit.register
def _at_exit() -> None:
    global _current, _exiting
    _exiting = True
    background, _current = _current, None
    if background is not None:
        background.loop.call_soon_threadsafe(background.loop.end)
        # With a timeout, since a task that blocks the loop must not hang the exit.
        background.thread.join(3 * GRACE)


_pauses: dict[int, ForkPause] = {}  # by the id of the forking thread: several may fork at once


def _before_fork() -> None:
    if _current is not None and not is_background_thread():
        _pauses[threading.get_ident()] = ForkPause(_current.loop)


def _after_fork_in_parent() -> None:
    pause = _pauses.pop(threading.get_ident(), None)
    if pause is not None:
        pause.end()


def _after_fork_in_child() -> None:
    global _current, _lock
    _pauses.clear()
    _lock = threading.RLock()  # another thread of the parent may have held the old one
    background, _current = _current, None
    if background is not None:
        _detached.append(background)
        background.loop.disconnect_from_parent()


_detached: list[_BackgroundLoop] = []  # kept alive, since their finalizers would act on a loop that does not run

if sys.platform != "win32":
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
