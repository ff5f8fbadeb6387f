"""Pure: values of response headers: numbers, times and how long to wait before a retry."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timezone

# Maximum age of a `Date` header in seconds: it has whole seconds, and uvicorn renews it once a second.
DATE_LAG = 2.0


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
