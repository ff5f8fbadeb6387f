from __future__ import annotations

import random
import re
import time

import pytest

from litellm_proxy_client._wire.sse import EventTooLargeError, NamedEvent, SSEDecoder

CASES: dict[str, tuple[bytes, list[bytes]]] = {
    "one event": (b"data: a\n\n", [b"a"]),
    "several": (b"data: a\n\ndata: b\n\n", [b"a", b"b"]),
    "CR": (b"data: a\r\rdata: b\r\r", [b"a", b"b"]),
    "CRLF": (b"data: a\r\n\r\ndata: b\r\n\r\n", [b"a", b"b"]),
    "mixed line ends": (b"data: a\r\n\rdata: b\n\r\ndata: c\r\n\n", [b"a", b"b", b"c"]),
    "LF CR is two line ends": (b"data: a\n\rdata: b\n\n", [b"a", b"b"]),
    "byte order mark": (b"\xef\xbb\xbfdata: a\n\n", [b"a"]),
    "two byte order marks": (b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\ndata: b\n\n", [b"b"]),
    "byte order mark in the middle": (b"data: a\n\n\xef\xbb\xbfdata: b\n\n", [b"a"]),
    "the beginning of a byte order mark": (b"\xef\xbbdata: a\n\ndata: b\n\n", [b"b"]),
    "comments": (b": ping\n\n:\n\n:data: x\n\ndata: a\n: in the middle\ndata: b\n\n", [b"a\nb"]),
    "many lines of data": (b"data: a\ndata:  b\ndata:c\n\n", [b"a\n b\nc"]),
    "no colon": (b"data\n\ndata\ndata\n\ndata:", [b"", b"\n"]),
    "empty data": (b"data:\n\ndata: \n\ndata:a\ndata\n\n", [b"", b"", b"a\n"]),
    "one space is removed, and only one": (
        b"data:a\n\ndata: a\n\ndata:  a\n\ndata:\ta\n\n",
        [b"a", b"a", b" a", b"\ta"],
    ),
    "colons in the data": (b"data: a:b: c\n\n", [b"a:b: c"]),
    "other fields": (b"id: 1\nretry: 5\nevent: message\ndata: a\nevent:\nfoo: bar\nfoo\n\n", [b"a"]),
    "an event of another type": (b"event: error\ndata: a\n\n", [b"a"]),
    "no data": (b"event: error\n\nid: 1\n\ndata: a\n\n", [b"a"]),
    "names that are not data": (b"Data: a\n\n data: a\n\ndata : a\n\ndatax: a\n\nxdata: a\n\n", []),
    "blank lines": (b"\n\n\ndata: a\n\n\n\n\ndata: b\n\n\n", [b"a", b"b"]),
    "no blank line at the end": (b"data: a\n\ndata: b\n", [b"a"]),
    "no line end at the end": (b"data: a\n\ndata: b", [b"a"]),
    "characters that other decoders treat as line ends": (
        "data: a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei\n\n".encode(),
        ["a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei".encode()],
    ),
    "NUL and bytes that are not UTF-8": (b"data: a\x00b\xff\n\n", [b"a\x00b\xff"]),
    "nothing": (b"", []),
    "a proxy's stream": (
        b': ping\n\ndata: {"id":"1","choices":[{"index":0,"delta":{"content":"One"}}]}\n\n: ping\n\ndata: [DONE]\n\n',
        [b'{"id":"1","choices":[{"index":0,"delta":{"content":"One"}}]}', b"[DONE]"],
    ),
}


def decode(pieces: list[bytes]) -> list[bytes]:
    decoder = SSEDecoder()
    return [event for piece in pieces for event in decoder.feed(piece)]


def reference_decode(stream: bytes) -> list[bytes]:
    return [data for data, _, _ in reference_events(stream)]


def names_and_ids(events: list[bytes]) -> list[tuple[bytes, bytes, bytes | None]]:
    """Return the data, the name and the id of each event."""
    return [
        (bytes(event), event.event, event.id) if isinstance(event, NamedEvent) else (event, b"", None)
        for event in events
    ]


def reference_events(stream: bytes) -> list[tuple[bytes, bytes, bytes | None]]:
    """Decode with the algorithm of the HTML standard, line by line, but with ids that are not inherited."""
    events: list[tuple[bytes, bytes, bytes | None]] = []
    data = name = b""
    id_: bytes | None = None
    lines = re.split(rb"\r\n|\r|\n", stream.removeprefix(b"\xef\xbb\xbf"))
    for line in lines[:-1]:
        if not line:
            if data:
                events.append((data[:-1], name, id_))
            data = name = b""
            id_ = None
        elif not line.startswith(b":"):
            field, _, value = line.partition(b":")
            value = value[1:] if value.startswith(b" ") else value
            if field == b"data":
                data += value + b"\n"
            elif field == b"event":
                name = value
            elif field == b"id" and b"\0" not in value:
                id_ = value
    return events


@pytest.mark.parametrize("case", CASES)
def test_decoder_follows_the_standard_for_every_split(case: str) -> None:
    stream, events = CASES[case]
    assert reference_decode(stream) == events
    assert decode([stream]) == events
    assert decode([stream[i : i + 1] for i in range(len(stream))]) == events
    for cut in range(len(stream) + 1):
        assert decode([stream[:cut], b"", stream[cut:]]) == events, cut


def test_random_streams_are_decoded_for_random_splits() -> None:
    rng = random.Random(1)
    atoms = [
        b"\n",
        b"\n",
        b"\n",
        b"\r",
        b"\r\n",
        b"data",
        b"data: ",
        b"data:",
        b":",
        b" ",
        b"x",
        b"event: y",
        b"event",
        b"id: 7",
        b"id:",
        b"\x00",
        b"\xef\xbb\xbf",
    ]
    for _ in range(3000):
        stream = b"".join(rng.choices(atoms, k=rng.randrange(30)))
        cuts = sorted(rng.randrange(len(stream) + 1) for _ in range(rng.randrange(8)))
        pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
        assert names_and_ids(decode(pieces)) == reference_events(stream), pieces


def test_names_and_ids_of_events_are_returned_for_every_split() -> None:
    stream = b"event: a\nid: 1\ndata: x\n\ndata: y\n\nid:\ndata: z\n\nid: 1\x002\nevent:\ndata: w\n\n"
    events = [(b"x", b"a", b"1"), (b"y", b"", None), (b"z", b"", b""), (b"w", b"", None)]
    for cut in range(len(stream) + 1):
        assert names_and_ids(decode([stream[:cut], stream[cut:]])) == events, cut
    assert [type(event) for event in decode([stream])] == [NamedEvent, bytes, NamedEvent, bytes]


def test_events_are_returned_as_soon_as_they_are_complete() -> None:
    decoder = SSEDecoder()
    assert decoder.feed(b"data: a\r") == []
    assert decoder.feed(b"\r") == [b"a"], "the CR ends the blank line whether or not an LF follows"
    assert decoder.feed(b"\ndata: b\n") == []
    assert decoder.feed(b"\ndata: c") == [b"b"]
    assert decoder.feed(b"\n\n") == [b"c"]


@pytest.mark.parametrize(
    ("stream", "pending"),
    [
        (b"", False),
        (b"data: a\n\n", False),
        (b"data: a\r\n\r", False),
        (b"data: a\n\n\n\r\n", False),
        (b": ping\n\n", False),
        (b"\xef\xbb\xbf", False),
        (b"\xef\xbb", True),
        (b"data: a\n\nd", True),
        (b"data: a\n\ndata: b\n", True),
        (b"data: a\r\n\r\ndata: b\r\n", True),
    ],
)
def test_pending_is_true_for_an_incomplete_event(stream: bytes, pending: bool) -> None:
    for size in (1, 2, 3, len(stream) + 1):
        decoder = SSEDecoder()
        for start in range(0, len(stream), size):
            decoder.feed(stream[start : start + size])
        assert decoder.pending is pending, size


@pytest.mark.parametrize("size", [100, 1000, 4_000_000])
def test_large_event_takes_linear_time(size: int) -> None:
    def seconds(length: int) -> float:
        stream = b"data: " + b"x" * length + b"\n\n"
        started = time.thread_time()
        (event,) = decode([stream[start : start + size] for start in range(0, len(stream), size)])
        assert len(event) == length
        return time.thread_time() - started

    assert seconds(20_000_000) < 40 * min(seconds(2_000_000) for _ in range(3)), "the time grows faster than the input"


def test_many_lines_take_linear_time() -> None:
    def seconds(lines: int) -> float:
        started = time.thread_time()
        (event,) = decode([b"data: x\n"] * lines + [b"\n"])
        assert event.count(b"\n") == lines - 1
        assert decode([b"\n"] * lines + [b"\r\n" * lines, b"data: a\n\n"]) == [b"a"]
        return time.thread_time() - started

    assert seconds(200_000) < 40 * min(seconds(20_000) for _ in range(3)), "the time grows faster than the input"


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_too_large_event_raises(size: int) -> None:
    def feed(stream: bytes) -> list[bytes]:
        decoder = SSEDecoder(max_event_bytes=100)
        return [event for i in range(0, len(stream), size) for event in decoder.feed(stream[i : i + size])]

    largest_allowed = b"data: " + b"x" * 94 + b"\n\n"
    assert feed(largest_allowed * 20) == [b"x" * 94] * 20
    for stream in (
        b"data: a\n\ndata: " + b"x" * 95 + b"\n\n",
        b"data: " + b"x" * 95,
        b": " + b"x" * 99,
        b"data: xxxx\n" * 10 + b"\n",
    ):
        with pytest.raises(EventTooLargeError, match="larger than 100 bytes"):
            feed(stream)
