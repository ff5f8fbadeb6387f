"""Pure: types of parameters."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Literal, TypeAlias


# An enum with one member: type checkers can narrow it, and it stays one object when copied or unpickled.
class Null(Enum):
    """The type of `NULL`."""

    NULL = None

    def __repr__(self) -> str:
        return "NULL"


NULL: Literal[Null.NULL] = Null.NULL
"""An explicit JSON `null`, which clears a value; `None` means "omitted"."""

QueryValue: TypeAlias = "str | int | float | bool | Sequence[str] | None"
