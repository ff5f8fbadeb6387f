"""Bodies whose fields have the names of a method's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from .._wire.operation import Null
from ..exceptions import UsageError
from ._checks import check_duration

BUDGET_DURATIONS = ("budget_duration", "team_member_budget_duration")


def body_of(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """A body of a method's parameters: what `locals()` holds at its start. `extra_body` is merged in last.

    Raises:
        UsageError: A duration in it is none.
    """
    body = {name: value for name, value in parameters.items() if name not in ("self", "send", "extra_body")}
    body.update(parameters.get("extra_body") or {})
    for name in ("duration", "team_member_key_duration"):
        check_duration(name, body.get(name))
    for name in BUDGET_DURATIONS:
        check_duration(name, body.get(name), budget=True)
    limits: Any = body.get("budget_limits")
    if not isinstance(limits, Null):
        for limit in limits or ():
            check_duration("budget_limits' budget_duration", limit["budget_duration"], budget=True)
    return body


def days_of(start_date: date | str, end_date: date | str) -> dict[str, str]:
    """The first and the last day of a report, as the proxy reads them.

    Raises:
        UsageError: One of them is no day, or the last one comes before the first.
    """
    days = {"start_date": str(start_date)[:10], "end_date": str(end_date)[:10]}
    for name, day in days.items():
        try:
            date.fromisoformat(day)
        except ValueError:
            raise UsageError(f"{name}={day!r} is no day: give a date, or a string such as '2026-01-31'") from None
    if days["end_date"] < days["start_date"]:
        raise UsageError(f"end_date={days['end_date']} comes before start_date={days['start_date']}")
    return days
