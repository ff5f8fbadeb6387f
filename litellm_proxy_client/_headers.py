"""Pure: parse the values of response headers: numbers, times and the delay before a retry."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timezone

# Maximum age in seconds of a `Date` header on arrival: it has whole seconds, and uvicorn updates it once a second.
DATE_LAG = 2.0


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds after which the proxy suggests a retry; `None` if it does not say, or cannot know.

    For a key's rate limit, `retry-after` is the length of the window, while `reset_at` is the time at which it ends.
    For a limit on parallel requests, `retry-after` is meaningless, because the next request may be sent as soon as one
    of them ends (proxy/hooks/parallel_request_limiter_v3.py). A provider's own `retry-after` has a prefix.

    Args:
        headers: The response headers. Names are in lower case, or the mapping ignores case.
        now: The current time in seconds since 1970.
    """
    if headers.get("rate_limit_type") == "max_parallel_requests":
        return None
    sent_at = moment(headers.get("date"))
    if sent_at is not None and not 0 <= now - sent_at.timestamp() <= DATE_LAG:
        # Our clock and the proxy's clock differ, so measure the proxy's times by the proxy's clock.
        now = sent_at.timestamp() + DATE_LAG
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
        date = moment(text)
        if date is not None:
            return max(date.timestamp() - now, 0.0)
    return None


def number(text: str | None) -> float | None:
    """Parse a header's value as a finite number; return `None` for anything else."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def moment(text: str | None) -> datetime | None:
    """Parse a header's value as a time; return `None` for anything else.

    The value is an HTTP date, or a time such as `2026-11-23 04:10:19 UTC`.
    """
    from email.utils import parsedate_to_datetime

    text = (text or "").strip()
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            time = parse(text.removesuffix(" UTC"))
            # A time without a zone is in UTC: that is the only one that LiteLLM uses.
            return (time if time.tzinfo else time.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
