"""The matrix in docs/reliability.md: the outcome of a call when a server breaks HTTP's rules."""

from __future__ import annotations

import pytest

from litellm_proxy_client.exceptions import APIConnectionError, LiteLLMProxyError, StreamError

from . import hostile, matrix
from .conftest import MakeClient
from .faults import LONG_TIMEOUT, Fault
from .hostile import Place

CELLS = list(matrix.cells())


def _fault_name(value: object) -> str | None:
    return value.name if isinstance(value, Fault) else None


@pytest.mark.parametrize(("fault", "place", "client_kind", "transport"), CELLS, ids=_fault_name)
async def test_fault_has_the_documented_outcome(fault: Fault, place: Place, client_kind: str, transport: str) -> None:
    await matrix.warm_up(client_kind, transport)
    await matrix.run(fault, place, client_kind, transport)


def test_reliability_page_contains_the_table() -> None:
    found = matrix.TABLE.search(matrix.PAGE.read_text())
    assert found is not None
    assert found[0] == f"{found[1]}{matrix.table()}{found[2]}", "update the page with python -m tests.matrix"


# The lengths of the stream at which each event is complete.
EVENT_ENDS = [hostile.STREAM.index(event) + len(event) for event in [*hostile.EVENTS, hostile.DONE]]
END_KINDS: list[hostile.Then] = ["close", "reset"]


@pytest.mark.parametrize("transport", matrix.TRANSPORTS)
@pytest.mark.parametrize("then", END_KINDS)
@pytest.mark.parametrize("place", ["whole", "first"])
async def test_connection_that_ends_at_any_byte_is_handled(
    make_client: MakeClient, client_kind: str, place: Place, then: hostile.Then, transport: str
) -> None:
    response = hostile.WHOLE if place == "whole" else hostile.STREAM
    complete_at = len(response) if place == "whole" else EVENT_ENDS[-1]
    async with hostile.HostileServer(place=place) as server:
        client = make_client(server.url, "sk-1", transport=transport, max_retries=0)
        for length in range(0, len(response) + 1, 1 if client_kind == "async" else 13):
            server.fault = hostile.raw(response[:length], then)
            chunks = 0

            def count() -> None:
                nonlocal chunks
                chunks += 1

            failure: LiteLLMProxyError | None = None
            try:
                await matrix.complete(client, place, LONG_TIMEOUT, count=count)
            except (APIConnectionError, StreamError) as error:
                failure = error
            received = sum(end <= length for end in EVENT_ENDS[:-1]) if place == "first" else 0
            # A reset can arrive before data that was sent earlier.
            assert chunks == received or (then == "reset" and chunks < received)
            assert failure is None or failure.chunks == chunks
            assert (failure is None) == (length >= complete_at) or then == "reset"
