"""The background event loop's handling of a fork and of the interpreter's exit."""

from __future__ import annotations

import asyncio
import math
import os
import selectors
import socket
import sys
import threading
from typing import Any
from weakref import WeakSet

# Maximum time for cleanup: of a call after Ctrl-C, and of all running tasks at the interpreter's exit.
GRACE = 1.0

if sys.platform == "win32":
    _BaseLoop = asyncio.ProactorEventLoop
else:
    _BaseLoop = asyncio.SelectorEventLoop


class TrackedLoop(_BaseLoop):
    """An event loop that tracks its connections, to abort them at exit and to detach from them in a forked child."""

    def __init__(self) -> None:
        if sys.platform == "win32":
            super().__init__()
        else:
            self.selector = selectors.DefaultSelector()
            super().__init__(self.selector)
        self.sockets: WeakSet[socket.socket] = WeakSet()
        self.transports: WeakSet[asyncio.BaseTransport] = WeakSet()
        self.kept_alive: list[object] = []
        self.ended = False
        # In Python's development mode, asyncio warns of slow callbacks. The first call is one, since it imports modules
        # and builds models, and that is not an error.
        self.slow_callback_duration = math.inf

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        # A socket has no transport until it is connected, and a fork may come before that.
        self.sockets.add(sock)
        await super().sock_connect(sock, address)

    async def create_connection(self, *args: Any, **kwargs: Any) -> Any:
        pair = await super().create_connection(*args, **kwargs)
        self.transports.add(pair[0])
        return pair

    async def create_unix_connection(self, *args: Any, **kwargs: Any) -> Any:
        pair = await super().create_unix_connection(*args, **kwargs)
        self.transports.add(pair[0])
        return pair

    async def start_tls(self, *args: Any, **kwargs: Any) -> Any:
        transport = await super().start_tls(*args, **kwargs)
        if transport is not None:  # it is None if the connection was lost during the handshake
            self.transports.add(transport)
        return transport

    def end(self) -> None:
        """Cancel all tasks, close all connections and stop the loop, in bounded time. Call it on the loop."""
        # Keep a reference: asyncio holds tasks weakly.
        self.kept_alive.append(self.create_task(self._shut_down()))

    def _other_tasks(self) -> set[asyncio.Task[Any]]:
        return {task for task in asyncio.all_tasks(self) if task is not asyncio.current_task(self)}

    async def _shut_down(self) -> None:
        # Without a handler, asyncio would log the exceptions of cancelled tasks that nobody awaits any more.
        self.set_exception_handler(lambda loop, context: None)
        # Let every task take its first step before it is cancelled; a task that starts others may need more rounds.
        for _ in range(10):
            if all(map(_has_started, self._other_tasks())):
                break
            await asyncio.sleep(0)
        tasks = self._other_tasks()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE)
        # `abort` closes at once; `close` would first wait for buffered data to be sent.
        for transport in list(self.transports):
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()
        await asyncio.wait([self.create_task(self.shutdown_asyncgens())], timeout=GRACE)
        self.ended = True
        self.stop()

    def disconnect_from_parent(self) -> None:
        """Detach a forked child from everything that the parent's loop still uses.

        The child's file descriptors are redirected to the null device: it then shares no socket with the parent, cannot
        change the parent's epoll set, and a later `close` of one of these numbers closes nothing else. All objects are
        never released, since their finalizers would act on a loop that no longer runs.
        """
        self.set_exception_handler(lambda loop, context: None)
        transports = list(self.transports)
        # The self-pipe that wakes the loop: asyncio keeps its two sockets in private attributes.
        wake_up_pair = [value for value in vars(self).values() if isinstance(value, socket.socket)]
        sockets = [*wake_up_pair, *self.sockets, *(transport.get_extra_info("socket") for transport in transports)]
        descriptors = {sock.fileno() for sock in sockets} | {key.fd for key in self.selector.get_map().values()}
        if not isinstance(self.selector, getattr(selectors, "KqueueSelector", ())):  # a kqueue is not inherited
            descriptors.add(self.selector.fileno())
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in descriptors - {-1}:
            os.dup2(null, descriptor, inheritable=False)
        os.close(null)
        self.kept_alive += [asyncio.all_tasks(self), transports, sockets]


def _has_started(task: asyncio.Task[Any]) -> bool:
    # If a task of anyio is cancelled before its first step, its coroutine is never awaited, and Python warns.
    return getattr(task.get_coro(), "cr_await", True) is not None


class ForkPause:
    """A pause of the loop between two callbacks, so a fork copies no unfinished work, such as an import.

    Only the forking thread exists in the child: a lock that the loop's thread held would never be unlocked there.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        # Two locks as one-time signals: each is acquired here and released by the thread that signals.
        self._paused, self._ended = threading.Lock(), threading.Lock()
        self._paused.acquire()
        self._ended.acquire()
        loop.call_soon_threadsafe(self._pause)
        # With a timeout, a loop that is busy delays the fork but does not prevent it.
        self._paused.acquire(timeout=GRACE)

    def _pause(self) -> None:
        self._paused.release()
        self._ended.acquire(timeout=GRACE)

    def end(self) -> None:
        self._ended.release()
