"""The performance targets of this client, and their measurement in a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from .results import Results
from .scenarios import BY_NAME

Measure = Callable[[Results], "float | None"]


@dataclass(frozen=True)
class Target:
    """A target: the measured value must be at most the limit, or with `at_least` at least the limit."""

    title: str
    goal: str
    measure: Measure
    limit: float
    show: Callable[[float], str]
    at_least: bool = False

    def met(self, measured: float) -> bool:
        """True if the target was reached."""
        return measured >= self.limit if self.at_least else measured <= self.limit


def _of(scenario: str, competitor: str, metric: str, unit: float = 1) -> Measure:
    def measure(results: Results) -> float | None:
        value = results.median(scenario, competitor, metric)
        return None if value is None else value / unit

    return measure


def _compared(scenario: str, metric: str, ours: str, theirs: str) -> Measure:
    return lambda results: results.ratio(metric, (scenario, ours), (scenario, theirs))


def _growth(scenario: str, base: str) -> Measure:
    return lambda results: results.ratio("cpu", (scenario, "ours"), (base, "ours"))


def _extra_of_sync(results: Results) -> float | None:
    pairs = results.pairs("cpu", ("sequential", "ours sync"), ("sequential", "ours"))
    return median(sync - async_ for sync, async_ in pairs) if pairs else None


def _times(value: float) -> str:
    return f"{value:.2f} x"


def _part(value: float) -> str:
    return f"1/{1 / value:.1f}"


_PACED = BY_NAME["paced-1000"].parameters


TARGETS = (
    Target(
        "1 unpaced stream: CPU per chunk",
        "1/20 of openai",
        _compared("flood", "cpu", "ours", "openai"),
        1 / 20,
        _part,
    ),
    Target(
        "1 unpaced stream, sync: chunk rate",
        "0.85 x our async client",
        _compared("flood", "rate", "ours sync", "ours"),
        0.85,
        _times,
        at_least=True,
    ),
    Target(
        "1 unpaced stream, sync: CPU per chunk",
        "1.1 x litellm client, which returns dicts",
        _compared("flood", "cpu", "ours sync", "litellm client"),
        1.1,
        _times,
    ),
    Target(
        "100 paced streams: CPU per chunk",
        "1/3.5 of openai",
        _compared("paced-100", "cpu", "ours", "openai"),
        1 / 3.5,
        _part,
    ),
    Target(
        "1,000 paced streams: time",
        "1.15 x the ideal",
        _of("paced-1000", "ours", "seconds", _PACED["chunks"] * _PACED["interval"] / 1e6),
        1.15,
        _times,
    ),
    Target("memory per open stream", "40 KiB", _of("open-stream", "ours", "bytes", 1024), 40, "{:.1f} KiB".format),
    Target("completion: CPU", "1/3.5 of openai", _compared("sequential", "cpu", "ours", "openai"), 1 / 3.5, _part),
    Target("completion: CPU", "0.6 x bare httpx", _compared("sequential", "cpu", "ours", "httpx"), 0.6, _times),
    Target("completion, sync: CPU", "our async client + 100 µs", _extra_of_sync, 100, "{:+.0f} µs".format),
    Target(
        "100 concurrent completions: rate",
        "5 x openai",
        _compared("at-100", "rate", "ours", "openai"),
        5,
        _times,
        at_least=True,
    ),
    Target(
        "500 concurrent completions: rate",
        "7 x openai",
        _compared("at-500", "rate", "ours", "openai"),
        7,
        _times,
        at_least=True,
    ),
    Target(
        "500 concurrent completions: rate",
        "3 x openai on aiohttp",
        _compared("at-500", "rate", "ours", "openai on aiohttp"),
        3,
        _times,
        at_least=True,
    ),
    Target(
        "500 concurrent completions: CPU",
        "2.5 x bare aiohttp",
        _compared("at-500", "cpu", "ours", "aiohttp"),
        2.5,
        _times,
    ),
    Target(
        "growth: CPU with 500 concurrent completions", "1.2 x that with 10", _growth("at-500", "at-10"), 1.2, _times
    ),
    Target(
        "growth: CPU with 100 idle connections",
        "1.2 x that with none",
        _growth("idle-100", "sequential"),
        1.2,
        _times,
    ),
    Target(
        "decoding a page of 100 full keys: CPU",
        "1.2 x json.loads",
        _compared("decode", "cpu", "ours", "httpx"),
        1.2,
        _times,
    ),
    Target(
        "decoding a page of 100 full keys: CPU",
        "1/15 of openai's models",
        _compared("decode", "cpu", "ours", "openai"),
        1 / 15,
        _part,
    ),
    Target("import: CPU", "1/3 of openai", _compared("import", "cpu", "ours", "openai"), 1 / 3, _part),
    Target(
        "import: CPU", "1/15 of litellm client", _compared("import", "cpu", "ours", "litellm client"), 1 / 15, _part
    ),
    Target("memory after import", "36 MB", _of("import", "ours", "bytes", 1e6), 36, "{:.1f} MB".format),
    Target(
        "process start to first response: CPU",
        "1/2 of openai",
        _compared("start", "cpu", "ours", "openai"),
        1 / 2,
        _part,
    ),
    Target("installed size", "0.65 x openai", _compared("size", "bytes", "ours", "openai"), 0.65, _times),
)
