"""The matrix in docs/reliability.md: what becomes of a call when a server breaks the rules."""

from __future__ import annotations

import pytest

from . import matrix
from .faults import Fault
from .hostile import Place

CELLS = list(matrix.cells())


def _name(value: object) -> str | None:
    return value.name if isinstance(value, Fault) else None


@pytest.mark.parametrize(("fault", "place", "face", "transport"), CELLS, ids=_name)
async def test_a_fault_has_the_outcome_that_is_promised(fault: Fault, place: Place, face: str, transport: str) -> None:
    await matrix.warm_up(face, transport)
    await matrix.run(fault, place, face, transport)


def test_the_page_has_the_table() -> None:
    found = matrix.TABLE.search(matrix.PAGE.read_text())
    assert found is not None
    assert found[0] == f"{found[1]}{matrix.table()}{found[2]}", "write it with python -m tests.matrix"
