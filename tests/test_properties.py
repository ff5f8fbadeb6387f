"""What holds for any input: hypothesis looks for one for which it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, cast

import anyio
import httpx
import pytest
import trio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trio.testing import MockClock

from litellm_proxy_client import AsyncClient
from litellm_proxy_client._headers import retry_after
from litellm_proxy_client._streams.chat import Accumulator
from litellm_proxy_client._wire.errors import error_of_event, error_of_response, invalid_response_error
from litellm_proxy_client._wire.retry import RETRY_CAPACITY, SUCCESSES_PER_RETRY
from litellm_proxy_client._wire.sse import SSEDecoder
from litellm_proxy_client.exceptions import APIStatusError, LiteLLMProxyError
from litellm_proxy_client.types._base import Model
from litellm_proxy_client.types._lenient import parse
from litellm_proxy_client.types.chat import ChatCompletion, ChatCompletionChunk

from .server import COMPLETION
from .test_exceptions import KEY, REDACTION, response
from .test_lenient import models
from .test_sse import by_the_book

settings.register_profile("here", deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
settings.load_profile("here")

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["", "429", "sk-1234567890abcdef", KEY, "[DONE]", "2026-01-01", "{'error': ", "</h1>", "\ud800"]),
)
NAMES = st.one_of(
    st.sampled_from(["error", "message", "type", "code", "param", "detail", "choices", "key", "token", "loc", "msg"]),
    st.text(max_size=8),
)
JSON = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=4))
)
BODIES = st.one_of(st.binary(max_size=200), JSON.map(lambda value: json.dumps(value).encode()))
STATUSES = st.integers(300, 599)
HEADERS = st.dictionaries(
    st.sampled_from(["retry-after", "reset-at", "date", "x-litellm-call-id", "location", "content-type"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
    max_size=4,
)

PIECES = st.lists(
    st.one_of(
        st.sampled_from([b"\n", b"\r", b"\r\n", b"data:", b"data: ", b": ", b"event: x", b"\xef\xbb\xbf", b"\n\n"]),
        st.binary(max_size=12),
    ),
    max_size=40,
)


@settings(max_examples=500)
@given(PIECES, st.lists(st.integers(0, 400), max_size=10))
def test_the_decoder_gives_what_the_standard_says_however_the_bytes_are_cut(pieces: list[bytes], at: list[int]) -> None:
    stream = b"".join(pieces)
    cuts = [0, *sorted(min(cut, len(stream)) for cut in at), len(stream)]
    decoder = SSEDecoder()
    found = [data for a, b in pairwise(cuts) for data in decoder.feed(stream[a:b])]
    assert found == by_the_book(stream)


@settings(max_examples=300)
@given(STATUSES, BODIES, HEADERS)
def test_any_refusal_becomes_an_error_and_nothing_else(status: int, body: bytes, headers: dict[str, str]) -> None:
    refused = response(status, body, **headers)
    for error in (
        error_of_response(refused, kind="completion", **REDACTION),
        error_of_response(refused, kind="admin", **REDACTION),
        invalid_response_error(refused, "it cannot be read", **REDACTION),
    ):
        check(error)
        assert not isinstance(error, APIStatusError) or error.status_code is not None


@settings(max_examples=300)
@given(JSON)
def test_any_frame_becomes_an_error_and_nothing_else(frame: object) -> None:
    check(error_of_event(frame, response(200), kind="completion", **REDACTION))


def check(error: LiteLLMProxyError) -> None:
    """An error can be shown in every way, is not endless, and has no key in it."""
    shown = f"{error} {error!r} {error.body!r} {error.retry_after}"
    assert KEY not in shown
    assert len(str(error)) < 5000
    str(error).encode()
    assert error.retry_after is None or error.retry_after >= 0


@settings(max_examples=200)
@given(HEADERS, st.floats(0, 1e11))
def test_any_header_gives_a_time_to_wait_or_none(headers: dict[str, str], now: float) -> None:
    wait = retry_after(headers, now)
    assert wait is None or 0 <= wait < float("inf")


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_any_json_is_read_or_refused_by_a_value_error(model: type[Model]) -> None:
    names = [field.alias or name for name, field in model.model_fields.items()] or ["x"]
    like = st.dictionaries(st.sampled_from(names), JSON, max_size=6)

    @settings(max_examples=20)
    @given(st.one_of(like, like, JSON, st.binary(max_size=50)))
    def read(sent: Any) -> None:
        data: bytes = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        try:
            answer = parse(model, data, strict=False)
        except ValueError:
            assert not isinstance(sent, dict), "an object is never refused"
            return
        assert isinstance(answer, model)
        repr(answer)

    read()


def record(needed: dict[str, Any], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(needed, optional=optional)


SHORT = st.text(max_size=5)
CALLS = record(
    {"index": st.integers(0, 2)}, id=SHORT, type=st.just("function"), function=record({}, name=SHORT, arguments=SHORT)
)
DELTAS = record(
    {},
    role=st.just("assistant"),
    content=st.one_of(st.none(), SHORT),
    reasoning_content=SHORT,
    refusal=SHORT,
    tool_calls=st.lists(CALLS, max_size=3),
)
CHOICES = record({"index": st.integers(0, 3), "delta": DELTAS}, finish_reason=st.sampled_from(["stop", None]))
CHUNKS = st.lists(
    record({"id": st.just("c1"), "choices": st.lists(CHOICES, max_size=3)}, usage=record({"total_tokens": st.just(3)})),
    max_size=12,
)


@settings(max_examples=300)
@given(CHUNKS, st.integers(0, 12))
def test_chunks_in_any_order_the_wire_allows_make_the_completion(chunks: list[Any], look: int) -> None:
    accumulator = Accumulator()
    for number, chunk in enumerate(chunks):
        if number == look:
            accumulator.completion()  # to look at what has come changes nothing
        accumulator.add(parse(ChatCompletionChunk, json.dumps(chunk).encode(), strict=False))
    completion = accumulator.completion()
    assert isinstance(completion, ChatCompletion)

    choices = [choice for chunk in chunks for choice in chunk["choices"]]
    assert [choice.index for choice in completion.choices] == sorted({choice["index"] for choice in choices})
    for choice in completion.choices:
        deltas = [each["delta"] for each in choices if each["index"] == choice.index]
        assert (choice.message.content or "") == "".join(delta.get("content") or "" for delta in deltas)
        assert (choice.message.reasoning_content or "") == "".join(d.get("reasoning_content", "") for d in deltas)
        calls = [call for delta in deltas for call in delta.get("tool_calls", [])]
        indexes = sorted({call["index"] for call in calls})
        told = choice.message.tool_calls or []
        assert len(told) == len(indexes)
        for index, call in zip(indexes, told, strict=True):
            parts = [each.get("function", {}).get("arguments", "") for each in calls if each["index"] == index]
            assert (call.function.arguments if call.function else "") or "".join(parts) == ""


@settings(max_examples=200)
@given(st.lists(JSON, max_size=5))
def test_chunks_of_any_kind_do_not_break_the_accumulator(chunks: list[Any]) -> None:
    accumulator = Accumulator()
    for sent in chunks:
        chunk = cast("object", sent if isinstance(sent, dict) else {"choices": sent})
        accumulator.add(parse(ChatCompletionChunk, json.dumps(chunk).encode(), strict=False))
    assert isinstance(accumulator.completion(), ChatCompletion)


ASKED = [{"role": "user", "content": "Hello?"}]


@dataclass
class Flaky(httpx.AsyncBaseTransport):
    """Fails as it is told, in the time that it is told, and then succeeds; counts what it was asked."""

    failures: list[tuple[int, float, str]]
    asked: dict[str, int] = field(default_factory=dict[str, int])

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = json.loads(request.content)["model"]
        attempt = self.asked[name] = self.asked.get(name, 0) + 1
        status, seconds, wait = self.failures[(attempt - 1) % len(self.failures)] if self.failures else (200, 0, "")
        await anyio.sleep(seconds)
        if status == 0:
            raise httpx.ConnectError("refused")
        headers = {"retry-after": wait} if wait else {}
        return httpx.Response(status, headers=headers, json=COMPLETION if status == 200 else {"error": {}})


FAILURES = st.lists(
    st.tuples(
        st.sampled_from([0, 200, 400, 408, 429, 500, 503]),
        st.floats(0, 20),
        st.sampled_from(["", "0", "3", "59", "61", "x", "-1"]),
    ),
    max_size=6,
)


def in_virtual_time(main: Callable[[], Any]) -> None:
    trio.run(main, clock=MockClock(autojump_threshold=0))


@settings(max_examples=200)
@given(FAILURES, st.floats(0.1, 60), st.integers(0, 6))
def test_the_deadline_and_the_number_of_retries_are_never_exceeded(
    failures: list[tuple[int, float, str]], timeout: float, retries: int
) -> None:
    async def main() -> None:
        flaky = Flaky(failures)
        begin = trio.current_time()
        client = AsyncClient("http://proxy.test", KEY, transport=flaky, max_retries=retries)
        with suppress(LiteLLMProxyError):
            async with client:
                await client.chat.completions.create(model="m", messages=ASKED, timeout=timeout)
        assert trio.current_time() - begin <= timeout + 0.001
        assert flaky.asked["m"] <= 1 + retries

    in_virtual_time(main)


@settings(max_examples=10)
@given(FAILURES.filter(lambda failures: any(status != 200 for status, _, _ in failures)), st.integers(1, 300))
def test_the_retry_budget_is_never_exceeded(failures: list[tuple[int, float, str]], calls: int) -> None:
    async def main() -> None:
        flaky = Flaky(failures)
        client = AsyncClient("http://proxy.test", KEY, transport=flaky, max_retries=5)
        succeeded = 0

        async def call(name: str) -> None:
            nonlocal succeeded
            with suppress(LiteLLMProxyError):
                await client.chat.completions.create(model=name, messages=ASKED)
                succeeded += 1

        async with client, trio.open_nursery() as nursery:
            for number in range(calls):
                nursery.start_soon(call, str(number))
        retries = sum(flaky.asked.values()) - calls
        assert retries <= RETRY_CAPACITY + succeeded / SUCCESSES_PER_RETRY

    in_virtual_time(main)
