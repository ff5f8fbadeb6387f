"""Pure: whether a call that failed is tried again, and how long to wait before."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timezone

from .exceptions import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    BudgetExceededError,
    DatabaseRequiredError,
    LiteLLMProxyError,
)

FIRST_DELAY = 0.5
MAX_DELAY = 8.0
MAX_ASKED = 60.0
# How old a `Date` header can be: it has whole seconds, and the proxy's server renews it once a second.
DATE_LAG = 2.0
# A client's retries: so many at once, and in the long run one for so many calls that succeed.
BUDGET = 100
CALLS_FOR_A_RETRY = 5


class Budget:
    """A token bucket for retries: where most calls fail, not each of them is sent three times."""

    __slots__ = ("_tokens",)

    def __init__(self) -> None:
        self._tokens = BUDGET * CALLS_FOR_A_RETRY

    def earn(self) -> None:
        """A call succeeded."""
        self._tokens = min(self._tokens + 1, BUDGET * CALLS_FOR_A_RETRY)

    def spend(self) -> bool:
        """Take what one retry costs, if it is there."""
        if self._tokens < CALLS_FOR_A_RETRY:
            return False
        self._tokens -= CALLS_FOR_A_RETRY
        return True


def wait(
    error: LiteLLMProxyError,
    *,
    attempt: int,
    max_retries: int,
    repeatable: bool,
    stale: bool,
    remaining: float,
    jitter: Callable[[], float] = random.random,
) -> float | None:
    """How many seconds to wait before a call is tried again; `None` to raise its error.

    What the proxy asked for is waited for in full, and on top of it comes the backoff: any time from nothing to
    0.5 s, doubled with each attempt up to 8 s, so that clients refused together do not come back together.

    Args:
        error: Why the attempt failed.
        attempt: Which attempt it was, from 1.
        max_retries: How many attempts may follow the first.
        repeatable: Whether the call may be carried out twice: reads and completions.
        stale: Whether the connection had been used before and broke before the first byte of the answer.
        remaining: Seconds until the deadline of the call.
        jitter: Gives a random number, 0 to 1.
    """
    if attempt > max_retries or not _may_repeat(error, repeatable=repeatable, stale=stale):
        return None
    asked = error.retry_after or 0.0
    if asked > MAX_ASKED:
        return None
    delay = asked + jitter() * min(MAX_DELAY, FIRST_DELAY * 2.0 ** min(attempt - 1, 10))
    return delay if delay < remaining else None


def _may_repeat(error: LiteLLMProxyError, *, repeatable: bool, stale: bool) -> bool:
    if error.chunks or isinstance(error, (BudgetExceededError, DatabaseRequiredError)):
        return False
    if isinstance(error, APIConnectionError):
        return error.never_sent or (repeatable and stale and not isinstance(error, APITimeoutError))
    return (
        repeatable
        and isinstance(error, APIStatusError)
        and (error.status_code in (408, 429) or error.status_code >= 500)
    )


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """After how many seconds the proxy suggests to try again; `None` where it does not say, or cannot know.

    `retry-after` of a key's rate limit is the length of the window, which `reset_at` is not; for parallel requests
    it means nothing, since a place is free as soon as one of them ends (proxy/hooks/parallel_request_limiter_v3.py).
    A provider's own `retry-after` comes with a prefix.

    Args:
        headers: The headers of the answer, their names in lower case or in any if the mapping ignores it.
        now: The time in seconds since 1970.
    """
    if headers.get("rate_limit_type") == "max_parallel_requests":
        return None
    sent = moment(headers.get("date"))
    if sent is not None and not 0 <= now - sent.timestamp() <= DATE_LAG:
        # Our clock and the proxy's disagree: only its own says how far away its own times are.
        now = sent.timestamp() + DATE_LAG
    reset = moment(headers.get("reset_at"))
    if reset is not None:
        return max(reset.timestamp() - now, 0.0)
    for prefix in ("", "llm_provider-"):
        milliseconds = number(headers.get(f"{prefix}retry-after-ms"))
        if milliseconds is not None:
            return max(milliseconds / 1000, 0.0)
        text = headers.get(f"{prefix}retry-after")
        seconds = number(text)
        if seconds is not None:
            return max(seconds, 0.0)
        until = moment(text)
        if until is not None:
            return max(until.timestamp() - now, 0.0)
    return None


def number(text: str | None) -> float | None:
    """A header's value as a finite number; `None` for anything else."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def moment(text: str | None) -> datetime | None:
    """A header's value as a time: an HTTP date, or one like `2026-11-23 04:10:19 UTC`; `None` for anything else."""
    from email.utils import parsedate_to_datetime

    text = (text or "").strip()
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            time = parse(text.removesuffix(" UTC"))
            return (time if time.tzinfo else time.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
