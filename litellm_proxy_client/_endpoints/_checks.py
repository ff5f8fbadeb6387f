"""Checks of parameters, before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .._wire.parameters import Null
from ..exceptions import UsageError

_DURATION = re.compile(r"([0-9]{1,9})(s|m|h|d|w|mo)")
_WORDS = frozenset({"hourly", "daily", "weekly", "monthly"})


def check_duration(name: str, value: str | Null | None, *, budget: bool = False) -> None:
    """Check a duration. The proxy ignores whatever follows the unit, and returns 500 for an unknown unit.

    The grammar is the server's (`litellm_core_utils/duration_parser.py`): digits and one of `s`, `m`, `h`, `d`, `w`,
    `mo`, or one of the words `hourly`, `daily` (24h), `weekly` (7d) and `monthly` (30d).

    Args:
        name: The parameter's name.
        value: Its value; `None` and `NULL` pass.
        budget: True for the period of a budget, which must not be zero; of months only `1mo` is valid.

    Raises:
        UsageError: The duration is malformed.
    """
    if value is None or isinstance(value, Null):
        return
    if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise UsageError(f"{name} must be a string such as '30d', not {type(value).__name__}")
    if value.strip().lower() in _WORDS:
        return
    match = _DURATION.fullmatch(value)
    if match is None:
        raise UsageError(
            f"{name}={value!r} is not a duration: give a whole number and a unit (s, m, h, d, w, mo), such as '30d', "
            "or one of hourly, daily, weekly, monthly"
        )
    if budget and int(match[1]) == 0:
        raise UsageError(f"{name}={value!r}: the period of a budget must not be zero")
    if budget and match[2] == "mo" and int(match[1]) != 1:
        raise UsageError(f"{name}={value!r}: the only period in months is '1mo'; give days, such as '60d'")


def check_page(page: int | None, size: int | None, *, maximum: int, size_name: str = "size") -> None:
    """Check that a page is at least 1, and that a page size is from 1 to the route's maximum."""
    if page is not None and page < 1:
        raise UsageError(f"page must be at least 1, got {page}")
    if size is not None and not 1 <= size <= maximum:
        raise UsageError(f"{size_name} must be 1 to {maximum}, got {size}")


def check_names(name: str, values: Sequence[str] | None) -> None:
    """Check that a value is a list of non-empty strings, and not empty or a single string; `None` passes."""
    if values is None:
        return
    if isinstance(values, str):
        raise UsageError(f"{name} must be a list of strings, not one string: write {name}=[...]")
    if not values:
        raise UsageError(f"{name} must not be empty")
    if not all(isinstance(value, str) and value for value in values):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise UsageError(f"{name} must contain only non-empty strings")


def exactly_one(**named: object) -> None:
    """Check that exactly one of these parameters is not `None`."""
    given = [name for name, value in named.items() if value is not None]
    if len(given) != 1:
        found = " and ".join(given) or "none"
        raise UsageError(f"give exactly one of {', '.join(named)}, not {found}")


def at_least_one(**named: object) -> None:
    """Check that at least one of these parameters is not `None`."""
    if all(value is None for value in named.values()):
        raise UsageError(f"give at least one of {', '.join(named)}")


def all_or_none(**named: object) -> None:
    """Check that all of these parameters are `None`, or none of them."""
    missing = [name for name, value in named.items() if value is None]
    if missing and len(missing) != len(named):
        raise UsageError(f"{' and '.join(named)} must be given together: {', '.join(missing)} is missing")
