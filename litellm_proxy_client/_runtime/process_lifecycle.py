"""What the background event loop needs around a fork and at the end of the interpreter."""

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

# Seconds that clean-up may take: of a call after Ctrl-C, and of all that still runs when the interpreter ends.
GRACE = 1.0

if sys.platform == "win32":
    _BaseLoop = asyncio.ProactorEventLoop
else:
    _BaseLoop = asyncio.SelectorEventLoop


class TrackedLoop(_BaseLoop):
    """An event loop that knows its connections: to end them at exit, and to let go of them in a forked child."""

    def __init__(self) -> None:
        if sys.platform == "win32":
            super().__init__()
        else:
            self.selector = selectors.DefaultSelector()
            super().__init__(self.selector)
        self.sockets: WeakSet[socket.socket] = WeakSet()
        self.transports: WeakSet[asyncio.BaseTransport] = WeakSet()
        self.kept: list[object] = []
        self.ended = False
        # The first call imports modules and builds models. That is slow in Python's development mode, and no fault.
        self.slow_callback_duration = math.inf

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        self.sockets.add(sock)
        await super().sock_connect(sock, address)

    async def create_connection(self, *args: Any, **kwargs: Any) -> Any:
        made = await super().create_connection(*args, **kwargs)
        self.transports.add(made[0])
        return made

    async def create_unix_connection(self, *args: Any, **kwargs: Any) -> Any:
        made = await super().create_unix_connection(*args, **kwargs)
        self.transports.add(made[0])
        return made

    async def start_tls(self, *args: Any, **kwargs: Any) -> Any:
        transport = await super().start_tls(*args, **kwargs)
        if transport is not None:
            self.transports.add(transport)
        return transport

    def end(self) -> None:
        """End all that runs, within bounds and without complaint, and then the loop itself; called on the loop."""
        self.kept.append(self.create_task(self._wind_down()))

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
        for transport in list(self.transports):
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()
        await asyncio.wait([self.create_task(self.shutdown_asyncgens())], timeout=GRACE)
        self.ended = True
        self.stop()

    def disconnect_from_parent(self) -> None:
        """In a forked child: cut every tie to what the parent's loop goes on using.

        The child's descriptors come to mean the null device: so it shares no socket with the parent, does not touch
        the parent's epoll set, and whatever later closes one of these numbers closes nothing else. All objects are
        kept for good, since their finalizers would act on a loop that no longer runs.
        """
        self.set_exception_handler(lambda loop, context: None)
        transports = list(self.transports)
        wake_up_pair = [value for value in vars(self).values() if isinstance(value, socket.socket)]
        sockets = [*wake_up_pair, *self.sockets, *(each.get_extra_info("socket") for each in transports)]
        descriptors = {each.fileno() for each in sockets} | {key.fd for key in self.selector.get_map().values()}
        if not isinstance(self.selector, getattr(selectors, "KqueueSelector", ())):  # a kqueue is not inherited
            descriptors.add(self.selector.fileno())
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in descriptors - {-1}:
            os.dup2(null, descriptor, inheritable=False)
        os.close(null)
        self.kept += [asyncio.all_tasks(self), transports, sockets]


def _has_begun(task: asyncio.Task[Any]) -> bool:
    # One of anyio's that is cancelled before its first step leaves a coroutine behind, of which Python complains.
    return getattr(task.get_coro(), "cr_await", True) is not None


class ForkPause:
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
