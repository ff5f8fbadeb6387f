"""Pure: decode server-sent events, as defined by the WHATWG's HTML standard, from bytes to the data of events."""

from __future__ import annotations

BOM = b"\xef\xbb\xbf"


class EventTooLargeError(ValueError):
    """An event, or a line of an event, exceeds the decoder's `max_event_bytes`."""


class NamedEvent(bytes):
    """The data of an event that was sent with a name or an id.

    Attributes:
        event: The name in its `event` field; empty if it has none.
        id: The value of its `id` field; `None` if it has none. It is not inherited from earlier events.
    """

    event: bytes
    id: bytes | None


class SSEDecoder:
    """Decodes one event stream in linear time, wherever its bytes are split into pieces.

    The data of an event is returned, as bytes, which a JSON parser can read: as a `NamedEvent` if the event was sent
    with a name or an id, else as plain `bytes`. An event of any name, such as `event: error`, returns its data. The
    retry time is ignored.
    """

    __slots__ = ("_after_cr", "_bom_prefix", "_line_end", "_max_event_bytes", "_parts", "_size")

    def __init__(self, *, max_event_bytes: int = 64 * 1024 * 1024) -> None:
        self._max_event_bytes = max_event_bytes
        self._bom_prefix: bytes | None = b""  # the first bytes, until it is known if they are a byte order mark
        self._after_cr = False
        # The incomplete event: its pieces, which are joined once, at its end, and the line end that follows them.
        # Adding each piece to one bytes object would take quadratic time.
        self._parts: list[bytes] = []
        self._size = 0
        self._line_end = b""

    @property
    def pending(self) -> bool:
        """True if an event has begun that is not complete; at the end of the stream, it is lost."""
        return bool(self._bom_prefix or self._parts)

    def feed(self, piece: bytes) -> list[bytes]:
        """Decode the next piece of the stream and return the data of the events that it completes, in order.

        The data of an event with an empty `data` field is `b""`; an event without a `data` field is skipped.

        Raises:
            EventTooLargeError: An event is larger than `max_event_bytes`. The decoder cannot be used afterwards.
        """
        if self._bom_prefix is not None:
            piece = self._bom_prefix + piece
            if len(piece) < len(BOM) and BOM.startswith(piece):
                self._bom_prefix = piece
                return []
            self._bom_prefix = None
            piece = piece.removeprefix(BOM)
        # CR, LF and CRLF all end a line and have no other meaning, so replace each by LF. A piece may end between the
        # CR and the LF of one line end: remember the CR and drop the LF that follows it.
        if self._after_cr and piece:
            piece = piece.removeprefix(b"\n")
            self._after_cr = False
        if b"\r" in piece:
            self._after_cr = piece.endswith(b"\r")
            piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

        *events, rest = (self._line_end + piece).split(b"\n\n")
        if events:
            if self._parts:
                self._parts.append(events[0])
                events[0] = b"".join(self._parts)
                self._parts.clear()
            self._size = 0
            # Events after the first lie within this piece, so none is measured unless the piece is too large.
            limit = self._max_event_bytes
            if len(events[0]) > limit or (len(piece) > limit and max(map(len, events)) > limit):
                raise self._too_large()
        # A line end may be the first half of a blank line, so keep it for the next piece.
        self._line_end = b"\n" if rest.endswith(b"\n") else b""
        rest = rest.removesuffix(b"\n")
        if rest:
            self._parts.append(rest)
            self._size += len(rest)
            if self._size > self._max_event_bytes:
                raise self._too_large()
        result: list[bytes] = []
        for event in events:
            # Fast path: the proxy's events are a single line of data.
            if event.startswith(b"data: ") and event.find(b"\n") < 0:
                result.append(event[6:])
            elif (data := _data_of(event)) is not None:
                result.append(data)
        return result

    def _too_large(self) -> EventTooLargeError:
        return EventTooLargeError(f"an event of the stream is larger than {self._max_event_bytes:,} bytes")


def _data_of(event: bytes) -> bytes | None:
    """Join the data lines of an event; return `None` if there are none."""
    data: list[bytes] = []
    event_name, event_id = b"", None
    for line in event.split(b"\n"):
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            data.append(value)
        elif name == b"event":
            event_name = value
        elif name == b"id" and b"\0" not in value:  # the standard ignores an id with NUL
            event_id = value
    if not data:
        return None
    joined = b"\n".join(data)
    if not event_name and event_id is None:
        return joined
    named = NamedEvent(joined)
    named.event, named.id = event_name, event_id
    return named
