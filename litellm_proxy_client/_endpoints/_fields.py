"""Bodies and queries whose fields have the names of a method's parameters."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from .._wire.parameters import Null
from ..exceptions import UsageError
from ._checks import check_duration

_NOT_SENT = frozenset({"self", "send", "extra_body", "extra_headers", "extra_query"})
_DURATIONS = ("duration", "grace_period", "rotation_interval", "team_member_key_duration")
_BUDGET_DURATIONS = ("budget_duration", "team_member_budget_duration")


def fields(
    parameters: Mapping[str, Any], *, rename: Mapping[str, str] | None = None, omit: Collection[str] = ()
) -> dict[str, Any]:
    """Return the fields of a body or a query: a method's parameters that are not `None`, and its `extra_body`.

    Args:
        parameters: The method's `locals()`, at its start.
        rename: Parameter to the name that the proxy has for it, where that is another one.
        omit: Parameters that are not fields, such as those in the path.

    Raises:
        UsageError: A duration among them is malformed.
    """
    names = rename or {}
    values = {
        names.get(name, name): value
        for name, value in parameters.items()
        if value is not None and name not in _NOT_SENT and name not in omit
    }
    if extra_body := parameters.get("extra_body"):
        values.update(extra_body)
    for name in _DURATIONS:
        check_duration(name, values.get(name))
    for name in _BUDGET_DURATIONS:
        check_duration(name, values.get(name), budget=True)
    limits: Any = values.get("budget_limits")
    if not isinstance(limits, Null):
        for limit in limits or ():
            check_duration("budget_limits' budget_duration", limit["budget_duration"], budget=True)
    return values


def day_range(start_date: date | str, end_date: date | str) -> dict[str, str]:
    """Return the first and the last day of a report, as the proxy reads them.

    Raises:
        UsageError: One of them is not a day, or the last one precedes the first.
    """
    days = {"start_date": str(start_date)[:10], "end_date": str(end_date)[:10]}
    for name, day in days.items():
        try:
            date.fromisoformat(day)
        except ValueError:
            raise UsageError(f"{name}={day!r} is not a day: give a date, or a string such as '2026-01-31'") from None
    if days["end_date"] < days["start_date"]:
        raise UsageError(f"end_date={days['end_date']} precedes start_date={days['start_date']}")
    return days
