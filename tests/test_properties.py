"""Properties that hold for any input: hypothesis searches for counterexamples."""

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
from litellm_proxy_client._wire.operation import INFERENCE, MANAGEMENT
from litellm_proxy_client._wire.retry import RETRY_CAPACITY, SUCCESSES_PER_RETRY
from litellm_proxy_client._wire.sse import SSEDecoder
from litellm_proxy_client.exceptions import APIStatusError, LiteLLMProxyError
from litellm_proxy_client.types._base import BaseModel
from litellm_proxy_client.types._lenient import parse
from litellm_proxy_client.types.chat import ChatCompletion, ChatCompletionChunk

from .server import COMPLETION
from .test_exceptions import KEY, REDACTION, response
from .test_lenient import models
from .test_sse import names_and_ids, reference_events

settings.register_profile("tests", deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
settings.load_profile("tests")

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
        st.sampled_from(
            [b"\n", b"\r", b"\r\n", b"data:", b"data: ", b": ", b"event: x", b"id: 1", b"\xef\xbb\xbf", b"\n\n"]
        ),
        st.binary(max_size=12),
    ),
    max_size=40,
)


@settings(max_examples=500)
@given(PIECES, st.lists(st.integers(0, 400), max_size=10))
def test_decoder_follows_the_standard_for_any_split_of_the_bytes(pieces: list[bytes], positions: list[int]) -> None:
    stream = b"".join(pieces)
    cuts = [0, *sorted(min(cut, len(stream)) for cut in positions), len(stream)]
    decoder = SSEDecoder()
    found = [data for a, b in pairwise(cuts) for data in decoder.feed(stream[a:b])]
    assert names_and_ids(found) == reference_events(stream)


@settings(max_examples=300)
@given(STATUSES, BODIES, HEADERS)
def test_any_error_response_becomes_a_library_error(status: int, body: bytes, headers: dict[str, str]) -> None:
    error_response = response(status, body, **headers)
    for error in (
        error_of_response(error_response, rules=INFERENCE, **REDACTION),
        error_of_response(error_response, rules=MANAGEMENT, **REDACTION),
        invalid_response_error(error_response, "it cannot be parsed", rules=INFERENCE, **REDACTION),
    ):
        assert_valid(error)
        assert not isinstance(error, APIStatusError) or error.status_code is not None


@settings(max_examples=300)
@given(JSON)
def test_any_error_event_becomes_a_library_error(event: object) -> None:
    assert_valid(error_of_event(event, response(200), rules=INFERENCE, **REDACTION))


def assert_valid(error: LiteLLMProxyError) -> None:
    """Check that an error can be shown in every way, has a bounded length, and contains no key."""
    shown = f"{error} {error!r} {error.body!r} {error.retry_after}"
    assert KEY not in shown
    assert len(str(error)) < 5000
    str(error).encode()
    assert error.retry_after is None or error.retry_after >= 0


@settings(max_examples=200)
@given(HEADERS, st.floats(0, 1e11))
def test_any_header_gives_a_valid_delay_or_none(headers: dict[str, str], now: float) -> None:
    delay = retry_after(headers, now)
    assert delay is None or 0 <= delay < float("inf")


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_any_json_is_parsed_or_raises_value_error(model: type[BaseModel]) -> None:
    names = [field.alias or name for name, field in model.model_fields.items()] or ["x"]
    matching = st.dictionaries(st.sampled_from(names), JSON, max_size=6)

    @settings(max_examples=20)
    @given(st.one_of(matching, matching, JSON, st.binary(max_size=50)))
    def parse_any(sent: Any) -> None:
        data: bytes = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        try:
            parsed = parse(model, data, strict=False)
        except ValueError:
            assert not isinstance(sent, dict), "an object must never be rejected"
            return
        assert isinstance(parsed, model)
        repr(parsed)

    parse_any()


def objects(required: dict[str, Any], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


SHORT = st.text(max_size=5)
CALLS = objects(
    {"index": st.integers(0, 2)}, id=SHORT, type=st.just("function"), function=objects({}, name=SHORT, arguments=SHORT)
)
DELTAS = objects(
    {},
    role=st.just("assistant"),
    content=st.one_of(st.none(), SHORT),
    reasoning_content=SHORT,
    refusal=SHORT,
    tool_calls=st.lists(CALLS, max_size=3),
)
CHOICES = objects({"index": st.integers(0, 3), "delta": DELTAS}, finish_reason=st.sampled_from(["stop", None]))
CHUNKS = st.lists(
    objects(
        {"id": st.just("c1"), "choices": st.lists(CHOICES, max_size=3)}, usage=objects({"total_tokens": st.just(3)})
    ),
    max_size=12,
)


@settings(max_examples=300)
@given(CHUNKS, st.integers(0, 12))
def test_chunks_in_any_valid_order_make_the_completion(chunks: list[Any], read_at: int) -> None:
    accumulator = Accumulator()
    for number, chunk in enumerate(chunks):
        if number == read_at:
            accumulator.completion()  # reading a partial completion must not change it
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
        received = choice.message.tool_calls or []
        assert len(received) == len(indexes)
        for index, call in zip(indexes, received, strict=True):
            parts = [each.get("function", {}).get("arguments", "") for each in calls if each["index"] == index]
            assert (call.function.arguments if call.function else "") or "".join(parts) == ""


@settings(max_examples=200)
@given(st.lists(JSON, max_size=5))
def test_accumulator_accepts_any_chunks(chunks: list[Any]) -> None:
    accumulator = Accumulator()
    for sent in chunks:
        chunk = cast("object", sent if isinstance(sent, dict) else {"choices": sent})
        accumulator.add(parse(ChatCompletionChunk, json.dumps(chunk).encode(), strict=False))
    assert isinstance(accumulator.completion(), ChatCompletion)


MESSAGES = [{"role": "user", "content": "Hello?"}]


@dataclass
class FlakyTransport(httpx.AsyncBaseTransport):
    """A transport that repeats a list of outcomes, each after its delay, and counts the attempts of each request.

    Without a list every request succeeds at once.
    """

    failures: list[tuple[int, float, str]]
    attempts: dict[str, int] = field(default_factory=dict[str, int])

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = json.loads(request.content)["model"]
        attempt = self.attempts[name] = self.attempts.get(name, 0) + 1
        status, seconds, delay = self.failures[(attempt - 1) % len(self.failures)] if self.failures else (200, 0, "")
        await anyio.sleep(seconds)
        if status == 0:
            raise httpx.ConnectError("refused")
        headers = {"retry-after": delay} if delay else {}
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
def test_deadline_and_max_retries_are_never_exceeded(
    failures: list[tuple[int, float, str]], timeout: float, retries: int
) -> None:
    async def main() -> None:
        flaky = FlakyTransport(failures)
        begin = trio.current_time()
        client = AsyncClient("http://proxy.test", KEY, transport=flaky, max_retries=retries)
        with suppress(LiteLLMProxyError):
            async with client:
                await client.chat.completions.create(model="m", messages=MESSAGES, timeout=timeout)
        assert trio.current_time() - begin <= timeout + 0.001
        assert flaky.attempts["m"] <= 1 + retries

    in_virtual_time(main)


@settings(max_examples=10)
@given(FAILURES.filter(lambda failures: any(status != 200 for status, _, _ in failures)), st.integers(1, 300))
def test_retry_budget_is_never_exceeded(failures: list[tuple[int, float, str]], calls: int) -> None:
    async def main() -> None:
        flaky = FlakyTransport(failures)
        client = AsyncClient("http://proxy.test", KEY, transport=flaky, max_retries=5)
        succeeded = 0

        async def call(name: str) -> None:
            nonlocal succeeded
            with suppress(LiteLLMProxyError):
                await client.chat.completions.create(model=name, messages=MESSAGES)
                succeeded += 1

        async with client, trio.open_nursery() as nursery:
            for number in range(calls):
                nursery.start_soon(call, str(number))
        retries = sum(flaky.attempts.values()) - calls
        assert retries <= RETRY_CAPACITY + succeeded / SUCCESSES_PER_RETRY

    in_virtual_time(main)
