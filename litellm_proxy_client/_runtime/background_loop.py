"""The background event loop that the sync face runs on: one daemon thread a process, started by the first call.

Nothing here knows of HTTP. `run` carries a coroutine over to the loop and waits for it; the rest of the file sees to
what goes wrong around that: Ctrl-C, a fork, the end of the interpreter, and a call that would wait for itself.
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
    """A running loop and its thread."""

    __slots__ = ("loop", "thread")

    def __init__(self) -> None:
        self.loop = TrackedLoop()
        self.thread = threading.Thread(target=self._main, name="litellm-proxy-client", daemon=True)
        try:
            self.thread.start()
        except RuntimeError as error:  # Python 3.12 and later start no threads once the interpreter is ending
            self.loop.close()
            raise UsageError(f"the background loop of Client cannot be started: {error}") from None

    def _main(self) -> None:
        while not self.loop.ended:
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


_current: _BackgroundLoop | None = None
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
    if is_background_thread():
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


def is_background_thread() -> bool:
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


def _start() -> _BackgroundLoop:
    global _current
    with _lock:
        if _current is None:
            _current = _BackgroundLoop()
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


_pauses: dict[int, ForkPause] = {}  # by the thread that forks


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
    portal, _current = _current, None
    if portal is not None:
        _left_behind.append(portal)
        portal.loop.disconnect_from_parent()


_left_behind: list[_BackgroundLoop] = []

if sys.platform != "win32":
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
