from __future__ import annotations

import math
import random
from datetime import datetime, timezone

import pytest

from litellm_proxy_client._headers import retry_after
from litellm_proxy_client._wire import retry
from litellm_proxy_client._wire.operation import RetryClass
from litellm_proxy_client._wire.retry import MAX_DELAY
from litellm_proxy_client.exceptions import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    BadRequestError,
    BudgetExceededError,
    ConflictError,
    DatabaseRequiredError,
    InternalServerError,
    InvalidResponseError,
    LiteLLMProxyError,
    NotFoundError,
    RateLimitError,
    RequestTimeoutError,
    ServiceUnavailableError,
    StreamError,
    UnauthorizedError,
    UsageError,
)

NOW = datetime(2026, 11, 23, 4, 9, 20, tzinfo=timezone.utc).timestamp()


RETRY_CLASSES: tuple[RetryClass, ...] = ("read", "repeatable", "billed", "change")


def retry_delay(
    error: LiteLLMProxyError,
    *,
    attempt: int = 1,
    max_retries: int = 2,
    retry_class: RetryClass = "repeatable",
    stale: bool = False,
    remaining: float = 600.0,
    jitter: float = 1.0,
) -> float | None:
    return retry.wait(
        error,
        attempt=attempt,
        max_retries=max_retries,
        retry=retry_class,
        stale=stale,
        remaining=remaining,
        jitter=lambda: jitter,
    )


def error_id(error: LiteLLMProxyError) -> str:
    return f"{type(error).__name__} {getattr(error, 'status_code', None) or ''}".strip()


def status(code: int, kind: type[APIStatusError] = APIStatusError) -> APIStatusError:
    error = kind("refused")
    error.status_code = code
    return error


def never_sent(kind: type[APIConnectionError]) -> APIConnectionError:
    error = kind("no connection")
    error.never_sent = True
    return error


def rate_limited(seconds: float | None) -> RateLimitError:
    error = RateLimitError("slow down")
    error.retry_after = seconds
    return error


@pytest.mark.parametrize(
    "error",
    [
        RequestTimeoutError(),
        RateLimitError(),
        InternalServerError(),
        ServiceUnavailableError(),
        status(529, InternalServerError),
    ],
    ids=error_id,
)
def test_transient_errors_are_retried_for_repeatable_calls(error: LiteLLMProxyError) -> None:
    assert retry_delay(error) == 0.5
    assert retry_delay(error, retry_class="change") is None
    assert retry_delay(error, retry_class="change", stale=True) is None


@pytest.mark.parametrize(
    "error",
    [
        BadRequestError(),
        UnauthorizedError(),
        NotFoundError(),
        ConflictError(),
        status(307),
        status(400, NotFoundError),
        InvalidResponseError(),
        StreamError(),
        UsageError(),
        APITimeoutError(),
        *[status(code, BudgetExceededError) for code in (400, 422, 429, 500)],
        *[status(code, DatabaseRequiredError) for code in (400, 500)],
    ],
    ids=error_id,
)
def test_permanent_and_billed_errors_are_not_retried(error: LiteLLMProxyError) -> None:
    for retry_class in RETRY_CLASSES:
        for stale in (True, False):
            assert retry_delay(error, retry_class=retry_class, stale=stale) is None


@pytest.mark.parametrize("kind", [APIConnectionError, APITimeoutError])
def test_failed_connect_is_always_retried(kind: type[APIConnectionError]) -> None:
    assert retry_delay(never_sent(kind)) == 0.5
    assert retry_delay(never_sent(kind), retry_class="change") == 0.5


def test_broken_connection_is_retried_only_if_stale_and_repeatable() -> None:
    broken = APIConnectionError("broken")
    assert retry_delay(broken, stale=True) == 0.5
    assert retry_delay(broken, stale=False) is None
    assert retry_delay(broken, stale=True, retry_class="change") is None


def test_stream_is_not_retried_after_its_first_chunk() -> None:
    error = InternalServerError()
    assert retry_delay(error) is not None
    error.chunks = 1
    assert retry_delay(error) is None


def test_backoff_doubles_up_to_a_maximum_with_full_jitter() -> None:
    error = InternalServerError()
    delays = [retry_delay(error, attempt=attempt, max_retries=2000) for attempt in range(1, 8)]
    assert delays == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    assert retry_delay(error, attempt=2000, max_retries=2000) == MAX_DELAY
    assert retry_delay(error, attempt=3, jitter=0.0, max_retries=9) == 0.0
    jittered = [
        retry.wait(error, attempt=4, max_retries=9, retry="repeatable", stale=False, remaining=60) or 0.0
        for _ in range(500)
    ]
    assert min(jittered) < 1.0
    assert max(jittered) > 3.0
    assert all(0.0 <= delay <= 4.0 for delay in jittered)


def test_max_retries_does_not_count_the_first_attempt() -> None:
    error = RateLimitError()
    assert retry_delay(error, attempt=1, max_retries=0) is None
    assert retry_delay(error, attempt=2, max_retries=2) is not None
    assert retry_delay(error, attempt=3, max_retries=2) is None


def test_retry_after_is_the_minimum_delay() -> None:
    assert retry_delay(rate_limited(7.0), jitter=0.0) == 7.0
    assert retry_delay(rate_limited(7.0), jitter=1.0) == 7.5
    assert retry_delay(rate_limited(0.0), jitter=1.0) == 0.5
    assert retry_delay(rate_limited(60.0), jitter=0.0) == 60.0


def test_call_with_a_too_long_delay_is_not_retried() -> None:
    assert retry_delay(rate_limited(60.5), jitter=0.0) is None
    assert retry_delay(rate_limited(7.0), remaining=7.0, jitter=0.0) is None
    assert retry_delay(rate_limited(7.0), remaining=7.1, jitter=0.0) == 7.0
    assert retry_delay(InternalServerError(), remaining=0.5) is None
    assert retry_delay(InternalServerError(), remaining=-1.0, jitter=0.0) is None
    assert retry_delay(rate_limited(60.0), remaining=math.inf, jitter=0.0) == 60.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after": "Mon, 23 Nov 2026 04:09:50 GMT"}, 30.0),
        ({"retry-after": "Mon, 23 Nov 2026 04:00:00 GMT"}, 0.0),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"llm_provider-retry-after": "7"}, 7.0),
        ({"llm_provider-retry-after-ms": "1500", "llm_provider-retry-after": "2"}, 1.5),
        ({"retry-after": "3", "llm_provider-retry-after": "7"}, 3.0),
        ({"retry-after": "soon", "llm_provider-retry-after": "7"}, 7.0),
        ({"retry-after": "60", "rate_limit_type": "requests", "reset_at": "2026-11-23 04:10:19 UTC"}, 59.0),
        ({"retry-after": "60", "rate_limit_type": "tokens", "reset_at": "2026-11-23 04:09:00 UTC"}, 0.0),
        ({"retry-after": "60", "rate_limit_type": "requests", "reset_at": "later"}, 60.0),
        (
            {"retry-after": "60", "rate_limit_type": "max_parallel_requests", "reset_at": "2026-11-23 04:10:19 UTC"},
            None,
        ),
    ],
    ids=str,
)
def test_retry_after_headers_are_parsed(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


def test_server_times_are_compared_with_the_server_clock() -> None:
    """The window is 60 s. The proxy sent this response after the second that its `date` header names."""
    headers = {"date": "Mon, 23 Nov 2026 04:09:20 GMT", "reset_at": "2026-11-23 04:10:21 UTC"}
    assert retry_after(headers, NOW + 1.5) == 59.5
    for offset in (-86_400.0, -1.0, 3.0, 86_400.0):
        assert retry_after(headers, NOW + offset) == 59.0


def test_invalid_headers_never_raise() -> None:
    values = ["", " ", "nan", "inf", "-inf", "1e999", "1_0", "٣", "0x10", "9" * 5000, "None", "\x00", "2026", "Mon, 99"]
    values += ["Mon, 23 Nov 99999 04:09:50 GMT", "0001-01-01 00:00:00 +14:00", "9999-12-31 23:59:59-14:00"]
    values += ["Thu, 01 Jan 0001 00:00:00 +2359", "2026-11-23T04:10:19.5Z UTC", "Mon, 23 Nov 2026 04:09:50 -9999"]
    rng = random.Random(1)
    values += ["".join(rng.choices("0123456789:,+- TZGMUTCNov", k=rng.randrange(30))) for _ in range(2000)]
    for value in values:
        for name in ("retry-after", "retry-after-ms", "llm_provider-retry-after", "reset_at", "date"):
            seconds = retry_after({name: value, "rate_limit_type": value}, NOW)
            assert seconds is None or (seconds >= 0.0 and math.isfinite(seconds)), (name, value)


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503, 504, 529])
def test_billed_operation_is_retried_only_if_it_was_refused_or_never_sent(code: int) -> None:
    assert (retry_delay(status(code), retry_class="billed") is not None) == (code in (429, 503))
    assert retry_delay(APIConnectionError("broken"), retry_class="billed", stale=True) is None
    assert retry_delay(never_sent(APIConnectionError), retry_class="billed") is not None
