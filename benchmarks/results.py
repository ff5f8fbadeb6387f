"""What was measured, as medians and as ratios."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median

Figures = dict[str, float]
Series = tuple[str, str]
"""A scenario and a competitor."""


def _value(figures: Figures, metric: str) -> float:
    each = 1 / figures["units"]
    if metric == "cpu":
        return figures["cpu"] * each * 1e6
    if metric == "rate":
        return figures["units"] / figures["seconds"]
    if metric == "bytes":
        return figures["bytes"] * each
    return figures[metric]


@dataclass
class Results:
    """The figures of every round, by scenario and competitor.

    Metrics are `cpu` (microseconds a unit), `rate` (units a second), `seconds` (of the whole), and `bytes` (a unit).
    """

    runs: dict[Series, list[Figures]] = field(default_factory=lambda: defaultdict(list))
    failures: dict[Series, str] = field(default_factory=dict)
    # The server's capacity and what it had to serve, in units a second, at the moment when the two were closest.
    closest: dict[str, tuple[float, float]] = field(default_factory=dict)

    def add(self, scenario: str, competitor: str, figures: Figures) -> None:
        """Note one run."""
        self.runs[scenario, competitor].append(figures)

    def add_capacity(self, scenario: str, capacity: float, rate: float) -> None:
        """Note what the server could have served, and what it did."""
        before = self.closest.get(scenario)
        if before is None or capacity / rate < before[0] / before[1]:
            self.closest[scenario] = (capacity, rate)

    def rounds(self, scenario: str, competitor: str) -> int:
        """How often it was measured."""
        return len(self.runs.get((scenario, competitor), ()))

    def median(self, scenario: str, competitor: str, metric: str) -> float | None:
        """The median of all rounds."""
        runs = self.runs.get((scenario, competitor))
        return median(_value(run, metric) for run in runs) if runs else None

    def last(self, scenario: str, competitor: str, metric: str) -> float | None:
        """What the last round gave."""
        runs = self.runs.get((scenario, competitor))
        return _value(runs[-1], metric) if runs else None

    def pairs(self, metric: str, one: Series, other: Series) -> list[tuple[float, float]]:
        """What two competitors, or one in two scenarios, took in each round.

        They were measured within the same minutes: what the machine did meanwhile hit both, and little of it is
        left in what is compared round by round.
        """
        rounds = zip(self.runs.get(one, ()), self.runs.get(other, ()), strict=False)  # one may have failed midway
        return [(_value(this, metric), _value(that, metric)) for this, that in rounds]

    def ratio(self, metric: str, one: Series, other: Series) -> float | None:
        """How many times the other's figure the one's is: the median of all rounds."""
        pairs = [(this, that) for this, that in self.pairs(metric, one, other) if that]
        return median(this / that for this, that in pairs) if pairs else None

    def spread(self, scenario: str, competitor: str, metric: str) -> float:
        """Half the distance of the highest from the lowest, as a part of the median."""
        values = [_value(run, metric) for run in self.runs[scenario, competitor]]
        return (max(values) - min(values)) / 2 / median(values)
