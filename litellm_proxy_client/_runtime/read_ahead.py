"""Brings the events of a stream from the background loop to the thread that reads them."""

from __future__ import annotations

import asyncio
import queue
import sys
from contextlib import suppress
from typing import ClassVar, TypeVar

from ..exceptions import StreamError, UsageError
from . import background_loop
from .event_stream import DONE, EventStream

Item = TypeVar("Item")

# How many network reads, of up to 64 KiB, the pump may be ahead of its reader.
READ_AHEAD = 32


class ReadAhead:
    """Reads events on the background loop, a little ahead of a reader in another thread.

    A network read is handed over whole, so that a thread is woken once a read and not once a chunk.
    """

    __slots__ = ("_events", "_queue", "_room", "_task")
    _running: ClassVar[set[asyncio.Task[None]]] = set()

    def __init__(self, events: EventStream) -> None:
        self._events = events
        self._queue: queue.SimpleQueue[list[bytes] | BaseException | None] = queue.SimpleQueue()
        self._room = asyncio.Event()
        self._room.set()
        # The loop itself holds only weak references to its tasks.
        self._task = asyncio.get_running_loop().create_task(self._run())
        self._running.add(self._task)
        self._task.add_done_callback(self._running.discard)

    async def _run(self) -> None:
        try:
            while True:
                data = await self._events.read()
                self._queue.put(data)
                if data is None:
                    return
                if data[-1] == DONE:
                    await self._events.drain()
                    return
                if self._queue.qsize() >= READ_AHEAD:
                    self._room.clear()
                    # The reader may have caught up in between, and then nobody would say that there is room.
                    if self._queue.qsize() >= READ_AHEAD // 2:
                        await self._room.wait()
        except BaseException as error:
            self._queue.put(error)
        finally:
            await self._events.close()

    def next(self) -> list[bytes] | None:
        """The next network read's events; `None` at the end of the body. Called by the reader's thread."""
        if background_loop.is_background_thread():
            raise UsageError("a Stream cannot be read on the background loop itself: it would wait for itself")
        item = _next_of(self._queue)
        if not isinstance(item, list):
            self._queue.put(item)  # for any other thread that waits
        if not self._room.is_set() and self._queue.qsize() < READ_AHEAD // 2:
            background_loop.call_soon(self._room.set)
        if isinstance(item, asyncio.CancelledError):
            background_loop.refuse_at_exit()
            raise StreamError("the stream was closed while it was being read")
        if isinstance(item, BaseException):
            raise item
        return item

    def cancel(self) -> None:
        """End the reading soon, without waiting; safe in a finalizer."""
        background_loop.call_soon(self._task.cancel)

    async def stop(self) -> None:
        """End the reading and free the connection."""
        self._task.cancel()
        await asyncio.wait([self._task])


def _next_of(items: queue.SimpleQueue[Item]) -> Item:
    """The next item; Ctrl-C gets through the wait, on Windows by polling."""
    while sys.platform == "win32":
        with suppress(queue.Empty):
            return items.get(timeout=0.1)
    return items.get()
