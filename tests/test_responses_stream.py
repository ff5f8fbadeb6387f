"""The protocol of streams of the Responses API. `response_streams/` is recorded from a real proxy, with other ids."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from litellm_proxy_client import AsyncClient, Client
from litellm_proxy_client._runtime import background_loop
from litellm_proxy_client._streams.responses import ResponseProtocol
from litellm_proxy_client._wire.operation import INFERENCE, Operation
from litellm_proxy_client._wire.response import EventReader
from litellm_proxy_client.exceptions import RateLimitError, StreamError, StreamTruncatedError
from litellm_proxy_client.streams import AsyncResponseStream, ResponseStream
from litellm_proxy_client.types.responses import Response

RECORDED = Path(__file__).parent / "response_streams"
FIVE_WORDS = "One two three four five"
OPERATION: Operation[ResponseProtocol] = Operation(
    "POST", "/v1/responses", EventReader(ResponseProtocol), retry="repeatable", errors=INFERENCE
)


def recorded(name: str) -> bytes:
    return (RECORDED / f"{name}.sse").read_bytes()


def frames(*events: object) -> bytes:
    return b"".join(b"data: %s\n\n" % json.dumps(event).encode() for event in events)


async def open_async(body: bytes) -> AsyncResponseStream:
    """Open the stream of a body. A resource does the same once one has this protocol."""
    client = AsyncClient("http://proxy", api_key="sk-1", transport=transport(body), max_retries=0)
    return AsyncResponseStream(await executor_of(client).call(OPERATION, None))


def open_sync(body: bytes) -> ResponseStream:
    async def start() -> ResponseStream:
        client = Client("http://proxy", api_key="sk-1", transport=transport(body), max_retries=0)
        return ResponseStream(await executor_of(client).call(OPERATION, None))

    return background_loop.run(start)


def transport(body: bytes) -> httpx.MockTransport:
    headers = {"content-type": "text/event-stream"}
    return httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, content=body))


def executor_of(client: AsyncClient | Client) -> Any:
    return cast("Any", client.models)._executor


async def read(kind: str, body: bytes) -> tuple[list[str], Response]:
    """Return the types of the events, and the response."""
    if kind == "sync":
        return await asyncio.to_thread(read_sync, body)
    stream = await open_async(body)
    return [event.type or "" async for event in stream], stream.response


def read_sync(body: bytes) -> tuple[list[str], Response]:
    stream = open_sync(body)
    return [event.type or "" for event in stream], stream.response


both_kinds = pytest.mark.parametrize("kind", ["async", "sync"])


@both_kinds
@pytest.mark.parametrize("name", ["answer", "chat-only-answer", "length"])
async def test_terminal_event_ends_a_stream(kind: str, name: str) -> None:
    for body in (recorded(name), recorded(name).replace(b"data: [DONE]\n\n", b"")):
        types, response = await read(kind, body)
        assert types[0] == "response.created"
        status = "incomplete" if name == "length" else "completed"
        assert types[-1] == f"response.{status}"
        assert response.status == status
        assert response.output_text == (FIVE_WORDS if name == "length" else "You said: Hello")
    if name == "length":
        assert response.incomplete_details is not None
        assert response.incomplete_details.reason == "max_output_tokens"


@both_kinds
@pytest.mark.parametrize(
    ("name", "message"),
    [("failed", "The provider failed half-way."), ("error-event", "Response API in-stream error")],
)
async def test_failed_response_raises_with_the_text_so_far(kind: str, name: str, message: str) -> None:
    with pytest.raises(StreamError, match=message) as caught:
        await read(kind, recorded(name))
    partial = cast("Response", caught.value.partial)
    assert (partial.status, partial.output_text) == ("failed", FIVE_WORDS)
    assert partial.error is not None
    assert partial.error.message == message
    assert caught.value.chunks == 9


@both_kinds
async def test_failure_as_the_first_event_raises_without_a_partial_response(kind: str) -> None:
    failed = {"type": "response.failed", "response": {"error": {"code": "server_error", "message": "closed"}}}
    with pytest.raises(StreamError, match="closed") as caught:
        await read(kind, frames(failed) + b"data: [DONE]\n\n")
    assert caught.value.partial is None


@both_kinds
async def test_error_frame_of_chat_raises_the_class_of_its_code(kind: str) -> None:
    with pytest.raises(RateLimitError, match="Rate limit reached"):
        await read(kind, recorded("keepalive-429"))


@both_kinds
async def test_body_without_a_terminal_event_is_truncated(kind: str) -> None:
    cut, _, _ = recorded("answer").partition(b'data: {"type":"response.output_text.done"')
    with pytest.raises(StreamTruncatedError, match="without a terminal event") as caught:
        await read(kind, cut)
    assert cast("Response", caught.value.partial).output_text == "You said: Hello"


@both_kinds
async def test_unknown_events_and_unexpected_fields_pass(kind: str) -> None:
    odd: list[object] = [
        {"type": "response.new_kind", "payload": {"a": 1}},
        {"type": 5, "output_index": "x", "delta": {"a": 1}},
        {"type": "response.output_text.delta", "output_index": 0, "delta": 7},
        {"type": "response.completed", "response": {"status": "completed", "output": []}},
    ]
    types, response = await read(kind, frames(*odd))
    assert len(types) == 4
    assert types[0] == "response.new_kind"
    assert response.status == "completed"


async def test_interleaved_function_calls_and_refusals_accumulate() -> None:
    def arguments(index: int, delta: str) -> object:
        return {"type": "response.function_call_arguments.delta", "output_index": index, "delta": delta}

    def added(index: int, name: str) -> object:
        item = {"type": "function_call", "name": name, "arguments": ""}
        return {"type": "response.output_item.added", "output_index": index, "item": item}

    refusal = {"type": "response.refusal.delta", "output_index": 2, "content_index": 0, "delta": "No."}
    calls = [arguments(0, '{"a":'), arguments(1, "{"), arguments(0, "1}"), arguments(1, "}")]
    body = frames(added(0, "one"), added(1, "two"), *calls, refusal, {"type": "response.completed"})
    response = await (await open_async(body)).get_final_response()
    assert [(item.name, item.arguments) for item in response.output[:2]] == [("one", '{"a":1}'), ("two", "{}")]
    assert [(part.type, part.refusal) for part in response.output[2].content or ()] == [("refusal", "No.")]


async def test_text_is_given_piece_by_piece() -> None:
    expected = ["You", " said:", " Hello"]
    assert [text async for text in (await open_async(recorded("answer"))).iter_text()] == expected
    assert await asyncio.to_thread(lambda: [*open_sync(recorded("answer")).iter_text()]) == expected
    final: Awaitable[Response] = asyncio.to_thread(lambda: open_sync(recorded("answer")).get_final_response())
    assert (await final).output_text == "You said: Hello"
