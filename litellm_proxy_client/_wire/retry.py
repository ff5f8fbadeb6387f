"""Pure: the decision to retry a failed request, and the delay before the retry."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..exceptions import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    BudgetExceededError,
    DatabaseRequiredError,
    LiteLLMProxyError,
)

if TYPE_CHECKING:
    from .operation import RetryClass

FIRST_DELAY = 0.5
MAX_DELAY = 8.0
# A request is not retried if the proxy asks for a longer delay, in seconds.
MAX_RETRY_AFTER = 60.0
# Token bucket: capacity 100 retries; five successful calls refill one.
RETRY_CAPACITY = 100
SUCCESSES_PER_RETRY = 5


class RetryBudget:
    """A token bucket that limits retries: if most calls fail, not every one of them is sent three times."""

    __slots__ = ("_tokens",)

    def __init__(self) -> None:
        # A retry costs several tokens, so that the number of tokens is an integer and accumulates no rounding errors.
        self._tokens = RETRY_CAPACITY * SUCCESSES_PER_RETRY

    def record_success(self) -> None:
        """Refill the bucket by the share of one successful call."""
        self._tokens = min(self._tokens + 1, RETRY_CAPACITY * SUCCESSES_PER_RETRY)

    def try_acquire(self) -> bool:
        """Take the tokens of one retry and return True, or return False if there are too few."""
        if self._tokens < SUCCESSES_PER_RETRY:
            return False
        self._tokens -= SUCCESSES_PER_RETRY
        return True


def wait(
    error: LiteLLMProxyError,
    *,
    attempt: int,
    max_retries: int,
    retry: RetryClass,
    stale: bool,
    remaining: float,
    jitter: Callable[[], float] = random.random,
) -> float | None:
    """Return the seconds to wait before a retry; `None` if the error must be raised.

    The delay is the proxy's `retry_after` in full, plus a random backoff between 0 and 0.5 s. The upper
    limit doubles with each attempt, up to 8 s. The jitter spreads the retries of clients that failed at the same time.

    Args:
        error: The error of the failed attempt.
        attempt: The number of that attempt, from 1.
        max_retries: Maximum number of attempts after the first.
        retry: The retry class of the operation.
        stale: True if the connection was reused and broke before the first byte of the response.
        remaining: Seconds until the deadline of the call.
        jitter: A function that returns a random number from 0 to 1.
    """
    if attempt > max_retries or not _may_repeat(error, retry, stale=stale):
        return None
    retry_after = error.retry_after or 0.0
    if retry_after > MAX_RETRY_AFTER:
        return None
    # The exponent is limited, because a float overflows at 2.0 ** 1024 and `max_retries` may be larger.
    delay = retry_after + jitter() * min(MAX_DELAY, FIRST_DELAY * 2.0 ** min(attempt - 1, 10))
    # A retry after the deadline cannot succeed: raise the error at once.
    return delay if delay < remaining else None


def _may_repeat(error: LiteLLMProxyError, retry: RetryClass, *, stale: bool) -> bool:
    if error.chunks or isinstance(error, (BudgetExceededError, DatabaseRequiredError)):
        return False
    repeatable = retry in ("read", "repeatable")
    if isinstance(error, APIConnectionError):
        # A request sent while the proxy closes an idle connection gets no response. The proxy may have processed it
        # all the same, hence `repeatable`. After a timeout, it is still processing the request and will bill it.
        return error.never_sent or (repeatable and stale and not isinstance(error, APITimeoutError))
    if not isinstance(error, APIStatusError) or retry == "change":
        return False
    if retry == "billed":
        # With these statuses nothing was generated; after any other failure the proxy may have billed the request.
        return error.status_code in (429, 503)
    return error.status_code in (408, 429) or error.status_code >= 500
