"""The matrix in docs/reliability.md: what becomes of a call when a server breaks the rules."""

from __future__ import annotations

import pytest

from litellm_proxy_client.exceptions import APIConnectionError, LiteLLMProxyError, StreamError

from . import hostile, matrix
from .conftest import MakeClient
from .faults import LONG_TIMEOUT, Fault
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


# Where each event of the stream has come whole.
ENDS = [hostile.STREAM.index(event) + len(event) for event in [*hostile.EVENTS, hostile.DONE]]
END_KINDS: list[hostile.Then] = ["close", "reset"]


@pytest.mark.parametrize("transport", matrix.TRANSPORTS)
@pytest.mark.parametrize("then", END_KINDS)
@pytest.mark.parametrize("place", ["whole", "first"])
async def test_a_connection_may_end_at_any_byte(
    make_client: MakeClient, face: str, place: Place, then: hostile.Then, transport: str
) -> None:
    answer = hostile.WHOLE if place == "whole" else hostile.STREAM
    enough = len(answer) if place == "whole" else ENDS[-1]
    async with hostile.HostileServer(place=place) as server:
        client = make_client(server.url, "sk-1", transport=transport, max_retries=0)
        for at in range(0, len(answer) + 1, 1 if face == "async" else 13):
            server.fault = hostile.raw(answer[:at], then)
            chunks = 0

            def count() -> None:
                nonlocal chunks
                chunks += 1

            failure: LiteLLMProxyError | None = None
            try:
                await matrix.complete(client, place, LONG_TIMEOUT, count=count)
            except (APIConnectionError, StreamError) as error:
                failure = error
            came = sum(end <= at for end in ENDS[:-1]) if place == "first" else 0
            # A reset can overtake what was sent before it.
            assert chunks == came or (then == "reset" and chunks < came)
            assert failure is None or failure.chunks == chunks
            assert (failure is None) == (at >= enough) or then == "reset"
