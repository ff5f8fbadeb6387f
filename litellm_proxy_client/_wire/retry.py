"""Pure: whether a call that failed is tried again, and how long to wait before."""

from __future__ import annotations

import random
from collections.abc import Callable

from ..exceptions import (
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
# A client's retries: so many at once, and in the long run one for so many calls that succeed.
BUDGET = 100
CALLS_FOR_A_RETRY = 5


class RetryBudget:
    """A token bucket for retries: where most calls fail, not each of them is sent three times."""

    __slots__ = ("_tokens",)

    def __init__(self) -> None:
        self._tokens = BUDGET * CALLS_FOR_A_RETRY

    def record_success(self) -> None:
        """A call succeeded."""
        self._tokens = min(self._tokens + 1, BUDGET * CALLS_FOR_A_RETRY)

    def try_acquire(self) -> bool:
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
