"""The short form of `python -m tests.load`, and a check of its table in docs/reliability.md."""

from __future__ import annotations

import sys

import pytest

from litellm_proxy_client._runtime.pools import TransportName

from . import load

# One after the other: each keeps a core busy and measures time.
pytestmark = pytest.mark.xdist_group("load")
transports = pytest.mark.parametrize("transport", load.TRANSPORTS)


@transports
async def test_calls_under_load_end_and_no_write_is_executed_twice(client_kind: str, transport: TransportName) -> None:
    await load.load(load.SHORT, client_kind, transport)


@transports
async def test_calls_and_streams_do_not_leak_memory_or_files(transport: TransportName) -> None:
    await load.soak(load.SHORT, transport)


@transports
async def test_client_works_after_random_cancellations(transport: TransportName) -> None:
    if transport == "httpx" and sys.version_info < (3, 11):
        pytest.skip("on Python 3.10, anyio can lose a cancellation by asyncio")
    await load.cancel_at_random(load.SHORT, transport)


def test_reliability_page_has_the_load_table() -> None:
    found = load.TABLE.search(load.PAGE.read_text())
    assert found is not None
    assert f"{load.FULL.calls:,} calls, {load.CONCURRENCY} concurrent" in found[0]
    assert f"{load.FULL.soak:,} calls and {load.FULL.streams} streams" in found[0]
    assert f"{load.FULL.cancellations:,} cancellations" in found[0]
