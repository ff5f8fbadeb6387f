"""Measured figures as medians and ratios."""

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

    The metrics are `cpu` (microseconds per unit), `rate` (units per second), `seconds` (total), and `bytes` (per unit).
    """

    runs: dict[Series, list[Figures]] = field(default_factory=lambda: defaultdict(list))
    failures: dict[Series, str] = field(default_factory=dict)
    # The server's capacity and the client's rate, in units per second, in the run in which they were closest.
    closest: dict[str, tuple[float, float]] = field(default_factory=dict)

    def add(self, scenario: str, competitor: str, figures: Figures) -> None:
        """Add the figures of one run."""
        self.runs[scenario, competitor].append(figures)

    def add_capacity(self, scenario: str, capacity: float, rate: float) -> None:
        """Record the rate that the server could have served, and the rate that it served."""
        before = self.closest.get(scenario)
        if before is None or capacity / rate < before[0] / before[1]:
            self.closest[scenario] = (capacity, rate)

    def rounds(self, scenario: str, competitor: str) -> int:
        """Return the number of rounds."""
        return len(self.runs.get((scenario, competitor), ()))

    def median(self, scenario: str, competitor: str, metric: str) -> float | None:
        """Return the median of all rounds."""
        runs = self.runs.get((scenario, competitor))
        return median(_value(run, metric) for run in runs) if runs else None

    def last(self, scenario: str, competitor: str, metric: str) -> float | None:
        """Return the value of the last round."""
        runs = self.runs.get((scenario, competitor))
        return _value(runs[-1], metric) if runs else None

    def pairs(self, metric: str, first: Series, second: Series) -> list[tuple[float, float]]:
        """Return the values of two competitors, or of one in two scenarios, for each round.

        Both were measured within the same minutes, so that other load on the machine affected both: a comparison
        round by round cancels most of it.
        """
        # Not strict: one of them may have failed in a later round.
        rounds = zip(self.runs.get(first, ()), self.runs.get(second, ()), strict=False)
        return [(_value(a, metric), _value(b, metric)) for a, b in rounds]

    def ratio(self, metric: str, first: Series, second: Series) -> float | None:
        """Return the first value divided by the second: the median of the ratios of all rounds."""
        pairs = [(a, b) for a, b in self.pairs(metric, first, second) if b]
        return median(a / b for a, b in pairs) if pairs else None

    def spread(self, scenario: str, competitor: str, metric: str) -> float:
        """Return half the difference between the highest and the lowest value, divided by the median."""
        values = [_value(run, metric) for run in self.runs[scenario, competitor]]
        return (max(values) - min(values)) / 2 / median(values)
