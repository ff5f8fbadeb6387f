"""Passes the events of a stream from the background loop to the thread that reads them."""

from __future__ import annotations

import asyncio
import queue
import sys
from contextlib import suppress
from typing import ClassVar, TypeVar

from ..exceptions import StreamError, UsageError
from . import background_loop
from .event_stream import EventStream

Item = TypeVar("Item")

# Maximum number of network reads, of up to 64 KiB each, that are queued for the reader.
READ_AHEAD = 32


class ReadAhead:
    """A task that reads events on the background loop, with a bounded lead over a reader in another thread.

    All events of a network read are passed at once, since waking a thread for each chunk costs 30 times as much.
    """

    __slots__ = ("_events", "_has_room", "_queue", "_task")
    # Keep references: asyncio holds tasks weakly.
    _running: ClassVar[set[asyncio.Task[None]]] = set()

    def __init__(self, events: EventStream) -> None:
        self._events = events
        # Not a queue with a maximum size: its `put` would block the loop. `_has_room` provides the backpressure.
        self._queue: queue.SimpleQueue[list[bytes] | BaseException | None] = queue.SimpleQueue()
        self._has_room = asyncio.Event()
        self._has_room.set()
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
                if data[-1] == self._events.protocol.last_event:
                    await self._events.drain()
                    return
                # Backpressure: while the queue is full nothing is read, so TCP's flow control slows the proxy down.
                if self._queue.qsize() >= READ_AHEAD:
                    self._has_room.clear()
                    # The reader may have emptied the queue before `clear`; it would then never set the event.
                    if self._queue.qsize() >= READ_AHEAD // 2:
                        await self._has_room.wait()
        except BaseException as error:  # also cancellation: the reader must not wait endlessly
            self._queue.put(error)
        finally:
            await self._events.close()

    def next(self) -> list[bytes] | None:
        """Return the events of the next network read; `None` at the end of the body. Called by the reader's thread."""
        if background_loop.is_background_thread():
            raise UsageError("a Stream was read on the background loop, which would deadlock: use AsyncClient there")
        item = _get(self._queue)
        if not isinstance(item, list):
            self._queue.put(item)  # the end is final: another thread may be waiting for it, too
        if not self._has_room.is_set() and self._queue.qsize() < READ_AHEAD // 2:
            background_loop.call_soon(self._has_room.set)
        if isinstance(item, asyncio.CancelledError):
            background_loop.refuse_at_exit()
            raise StreamError("the stream was closed while it was being read")
        if isinstance(item, BaseException):
            raise item
        return item

    def cancel(self) -> None:
        """Stop reading without waiting; safe in a finalizer."""
        background_loop.call_soon(self._task.cancel)

    async def stop(self) -> None:
        """Stop reading and release the connection."""
        self._task.cancel()
        # `wait` does not raise the task's exception, which is in the queue.
        await asyncio.wait([self._task])


def _get(items: queue.SimpleQueue[Item]) -> Item:
    """Wait for the next item. Ctrl-C interrupts the wait."""
    while sys.platform == "win32":  # where a wait without a timeout cannot be interrupted, so poll
        with suppress(queue.Empty):
            return items.get(timeout=0.1)
    return items.get()
