"""What endpoints refuse before anything is sent, each with what would be right."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .._wire.operation import Null
from ..exceptions import UsageError

_DURATION = re.compile(r"([0-9]{1,9})(s|m|h|d|w|mo)")
_WORDS = frozenset({"hourly", "daily", "weekly", "monthly"})


def check_duration(name: str, value: str | Null | None, *, budget: bool = False) -> None:
    """Refuse what the proxy would misread: it ignores whatever follows the unit, and answers 500 to an unknown one.

    The grammar is the server's (`litellm_core_utils/duration_parser.py`): digits and one of `s`, `m`, `h`, `d`, `w`,
    `mo`, or one of the words `hourly`, `daily` (24h), `weekly` (7d) and `monthly` (30d).

    Args:
        name: The parameter's name.
        value: Its value; `None` and `NULL` pass.
        budget: It is the length of a budget's period: not zero, and of months only `1mo`.

    Raises:
        UsageError: The proxy could not read it.
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
            f"{name}={value!r} is no duration: give a whole number and a unit out of s, m, h, d, w, mo, such as '30d', "
            "or one of hourly, daily, weekly, monthly"
        )
    if budget and int(match[1]) == 0:
        raise UsageError(f"{name}={value!r}: a budget's period must be longer than nothing")
    if budget and match[2] == "mo" and int(match[1]) != 1:
        raise UsageError(f"{name}={value!r}: a budget's period of months can only be '1mo'; give days, such as '60d'")


def check_page(page: int | None, size: int | None, *, maximum: int, size_name: str = "size") -> None:
    """Refuse a page below 1, and a page size below 1 or over the route's maximum."""
    if page is not None and page < 1:
        raise UsageError(f"page={page}: pages are numbered from 1")
    if size is not None and not 1 <= size <= maximum:
        raise UsageError(f"{size_name}={size}: a page holds 1 to {maximum} rows")


def check_names(name: str, values: Sequence[str] | None) -> None:
    """Refuse an empty list, an empty name in it, and a single string where a list is meant; `None` passes."""
    if values is None:
        return
    if isinstance(values, str):
        raise UsageError(f"{name} must be a list of strings, not one string: write {name}=[...]")
    if not values:
        raise UsageError(f"{name} is empty: there would be nothing to do")
    if not all(isinstance(value, str) and value for value in values):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise UsageError(f"{name} must hold strings that are not empty")


def exactly_one(**named: object) -> None:
    """Refuse none and several of these parameters; one that is `None` counts as not given."""
    given = [name for name, value in named.items() if value is not None]
    if len(given) != 1:
        found = " and ".join(given) or "none"
        raise UsageError(f"give exactly one of {', '.join(named)}, not {found}")


def at_least_one(**named: object) -> None:
    """Refuse none of these parameters; one that is `None` counts as not given."""
    if all(value is None for value in named.values()):
        raise UsageError(f"give at least one of {', '.join(named)}")


def all_or_none(**named: object) -> None:
    """Refuse some but not all of these parameters; one that is `None` counts as not given."""
    missing = [name for name, value in named.items() if value is None]
    if missing and len(missing) != len(named):
        raise UsageError(f"{' and '.join(named)} only work together: {', '.join(missing)} is missing")
