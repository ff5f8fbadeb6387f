"""Pure: what a stream of server-sent events means: how it ends, how it fails and what its events add up to."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, cast

from ..types._lenient import parse, reader

E = TypeVar("E")


class StreamProtocol(Generic[E]):
    """The protocol of one stream; `_streams/` has one file for each.

    Args:
        event_type: The type of an event.

    Attributes:
        error_marker: Bytes that every error event contains, and hardly any other event: only events with them are
            parsed to look for an error.
        last_event: The data of the event that ends the stream. It is not returned to the user.
        incomplete: Description of a body that ended too early.
        keep: Keeps an event for the accumulated value.
    """

    error_marker: bytes = b'"error"'
    last_event: bytes = b"[DONE]"
    incomplete: str = "the stream ended without [DONE]"

    def __init__(self, event_type: type[E]) -> None:
        self.event_type: type[E] = event_type
        # Raises a ValueError for an event that does not match its model: then `parse_leniently` reads it.
        self.parse: Callable[[bytes], E] = reader(event_type)
        # Events are kept as bytes and accumulated on demand: the value of most streams is never read. `keep` is the
        # list's own method, since a call of a Python function for each event would be slow.
        self._unaccumulated: list[bytes] = []
        self.keep: Callable[[bytes], None] = self._unaccumulated.append

    def parse_leniently(self, data: bytes, *, strict: bool) -> E:
        """Parse an event that does not match its model, keeping what was sent.

        Raises:
            ValueError: It is not JSON, or `strict` is set.
        """
        return parse(self.event_type, data, strict=strict)

    def find_error(self, data: bytes) -> dict[str, Any] | None:
        """Return the event as JSON if it is an error."""
        try:
            value: Any = json.loads(data)
        except (ValueError, RecursionError):
            return None
        if not isinstance(value, dict):
            return None
        event = cast("dict[str, Any]", value)
        return event if self.is_error(event) else None

    def is_error(self, event: dict[str, Any]) -> bool:
        """Return True if an event with `error_marker` is an error."""
        return bool(event.get("error"))

    def accumulate(self) -> None:
        """Add the events kept since the last time to the accumulated value."""
        events = [*self._unaccumulated]
        self._unaccumulated.clear()
        self.add([parse(self.event_type, data, strict=False) for data in events])

    def add(self, events: Sequence[E]) -> None:
        """Add events to the accumulated value."""
        raise NotImplementedError

    @property
    def finished(self) -> bool:
        """True if the events so far are complete, so that the body may end without a last event."""
        raise NotImplementedError

    @property
    def value(self) -> Any:
        """The partial value that the events so far add up to."""
        raise NotImplementedError
