"""Server-sent events, from bytes to the data of events, as the WHATWG's HTML standard defines them."""

from __future__ import annotations

BOM = b"\xef\xbb\xbf"


class EventTooLargeError(ValueError):
    """An event, or a line of one, is longer than the decoder was told to hold."""


class SSEDecoder:
    """Decodes one event stream, however its bytes are cut into pieces, in linear time.

    Only the data of an event is given out: its type, id and retry time are read over, so that an event of another
    type, such as `event: error`, gives its data all the same. Data stays bytes, for JSON to be read from.
    """

    __slots__ = ("_after_cr", "_head", "_line_end", "_max", "_parts", "_size")

    def __init__(self, *, max_event_bytes: int = 64 * 1024 * 1024) -> None:
        self._max = max_event_bytes
        self._head: bytes | None = b""  # the first bytes, until it is clear whether they are a byte order mark
        self._after_cr = False
        # The event that has begun: its pieces, joined when its end has come, and the line end that came last.
        self._parts: list[bytes] = []
        self._size = 0
        self._line_end = b""

    @property
    def pending(self) -> bool:
        """Whether an event has begun that is not complete; at the end of the stream it is lost."""
        return bool(self._head or self._parts)

    def feed(self, piece: bytes) -> list[bytes]:
        """Take the next piece of the stream and return the data of the events that it completed, in order.

        An event whose `data` is there but empty gives `b""`; an event without data gives nothing.

        Raises:
            EventTooLargeError: An event is larger than `max_event_bytes`. The decoder is of no more use then.
        """
        if self._head is not None:
            piece = self._head + piece
            if len(piece) < len(BOM) and BOM.startswith(piece):
                self._head = piece
                return []
            self._head = None
            piece = piece.removeprefix(BOM)
        # CR, LF and CRLF all end a line and can be nothing else, so that LF can stand for each of them.
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
            if len(events[0]) > self._max or (len(piece) > self._max and max(map(len, events)) > self._max):
                raise self._too_large()
        # A line end may be the first half of a blank line, so it waits for the next piece.
        self._line_end = b"\n" if rest.endswith(b"\n") else b""
        rest = rest.removesuffix(b"\n")
        if rest:
            self._parts.append(rest)
            self._size += len(rest)
            if self._size > self._max:
                raise self._too_large()
        found: list[bytes] = []
        for event in events:
            if event.startswith(b"data: ") and event.find(b"\n") < 0:
                found.append(event[6:])
            elif (data := _data_of(event)) is not None:
                found.append(data)
        return found

    def _too_large(self) -> EventTooLargeError:
        return EventTooLargeError(f"an event of the stream is larger than {self._max:,} bytes")


def _data_of(event: bytes) -> bytes | None:
    """The lines of data in an event, joined; `None` where there is none."""
    data: list[bytes] = []
    for line in event.split(b"\n"):
        name, _, value = line.partition(b":")
        if name == b"data":
            data.append(value.removeprefix(b" "))
    return b"\n".join(data) if data else None
