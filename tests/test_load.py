"""The short form of `python -m tests.load`."""

from __future__ import annotations

import sys

import pytest

from litellm_proxy_client._runtime.pools import TransportName

from . import load

transports = pytest.mark.parametrize("transport", load.TRANSPORTS)


@transports
async def test_under_load_every_call_ends_and_nothing_is_carried_out_twice(face: str, transport: TransportName) -> None:
    await load.load(load.SHORT, face, transport)


@transports
async def test_nothing_is_kept_of_calls_and_streams(transport: TransportName) -> None:
    await load.soak(load.SHORT, transport)


@transports
async def test_a_storm_of_cancellations_leaves_the_client_whole(transport: TransportName) -> None:
    if transport == "httpx" and sys.version_info < (3, 11):
        pytest.skip("Python 3.10 does not let anyio see every cancellation of asyncio's")
    await load.storm(load.SHORT, transport)


def test_the_page_has_the_figures() -> None:
    found = load.TABLE.search(load.PAGE.read_text())
    assert found is not None
    assert f"{load.WHOLE.calls:,} calls, {load.AT_ONCE} at once" in found[0]
    assert f"{load.WHOLE.soak:,} calls and {load.WHOLE.streams} streams" in found[0]
    assert f"{load.WHOLE.cancellations:,} cancellations" in found[0]
