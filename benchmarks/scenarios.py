"""The measured scenarios, their competitors and their parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# The competitors for each kind of scenario, in the order of the tables.
ASYNC = ("ours", "ours on httpx", "httpx", "aiohttp", "openai", "openai on aiohttp", "litellm")
SYNC = ("ours sync", "openai sync", "litellm client")
COMPETITORS = (*ASYNC, *SYNC)
QUICK = ("ours", "ours sync", "httpx", "aiohttp", "openai")
PAGES = ("ours", "ours sync", "ours on httpx", "httpx", "aiohttp", "openai", "openai on aiohttp", "litellm client")
STARTS = (
    "ours",
    "ours sync",
    "httpx",
    "aiohttp",
    "openai",
    "openai on aiohttp",
    "openai sync",
    "litellm",
    "litellm client",
)

Parameters = Mapping[str, float]


@dataclass(frozen=True)
class Scenario:
    """A scenario to measure; `kind` and `parameters` are passed to client.py (or startup.py)."""

    name: str
    title: str
    kind: str
    parameters: Parameters
    quick: Parameters | None  # None: too slow for --quick
    competitors: tuple[str, ...] = COMPETITORS

    def takes(self, competitor: str) -> bool:
        """True if a competitor takes part in this scenario."""
        return competitor in self.competitors

    @property
    def counts(self) -> str | None:
        """The counter of the server whose rate could be the limit; None for a paced stream, which sets its own rate."""
        if self.kind == "streams" and not self.parameters["interval"]:
            return "events"
        return "requests" if self.kind == "requests" else None


def _requests(name: str, title: str, width: int = 1, idle: int = 0, seconds: float = 1) -> Scenario:
    parameters = {"width": width, "seconds": seconds, "idle": idle}
    quick = None if idle or width > 100 else {**parameters, "seconds": 0.2}
    return Scenario(name, title, "requests", parameters, quick, COMPETITORS if width == 1 and not idle else ASYNC)


def _floods(name: str, title: str, chunks: int, width: int = 1) -> Scenario:
    # Streams are repeated for a second, which is longer than most slow phases of a machine.
    parameters = {"width": width, "interval": 0, "chunks": chunks, "seconds": 1}
    quick = {**parameters, "seconds": 0.2} if width == 1 else None
    return Scenario(name, title, "streams", parameters, quick, COMPETITORS if width == 1 else ASYNC)


def _paced(name: str, title: str, chunks: int, quick: int | None, width: int, interval: float) -> Scenario:
    parameters = {"width": width, "interval": int(interval * 1e6), "chunks": chunks}
    glance = {**parameters, "chunks": quick} if quick else None
    return Scenario(name, title, "streams", parameters, glance, ASYNC)


SCENARIOS = (
    _requests("sequential", "sequential"),
    _requests("at-10", "10 concurrent", width=10),
    _requests("at-100", "100 concurrent", width=100, seconds=2),
    _requests("at-500", "500 concurrent", width=500, seconds=4),
    _requests("at-1000", "1,000 concurrent", width=1000, seconds=4),
    _requests("idle-100", "sequential, with 100 idle connections", idle=100),
    _floods("flood", "1 unpaced stream", chunks=10_000),
    _floods("flood-100", "100 unpaced streams", chunks=100, width=100),
    _floods("flood-500", "500 unpaced streams", chunks=30, width=500),
    _paced("paced-100", "100 streams, 20 chunks/s each", chunks=60, quick=10, width=100, interval=0.05),
    _paced("paced-1000", "1,000 streams, 5 chunks/s each", chunks=25, quick=None, width=1000, interval=0.2),
    Scenario("page", "whole call", "pages", {"seconds": 1}, {"seconds": 0.2}, PAGES),
    Scenario("decode", "decoding only", "decode", {"seconds": 1}, {"seconds": 0.2}, ("ours", "httpx", "openai")),
    Scenario("open-stream", "open stream", "open streams", {"count": 300}, None, ASYNC),
    Scenario("idle-client", "idle client", "idle clients", {"count": 50}, {"count": 5}, ASYNC),
    Scenario("import", "import", "import", {}, {}, STARTS),
    Scenario("start", "process start to first response", "start", {}, {}, STARTS),
    Scenario("size", "installed size", "size", {}, {}, STARTS),
)
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
