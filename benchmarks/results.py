"""What was measured, as medians."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median

Figures = dict[str, float]


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

    runs: dict[tuple[str, str], list[Figures]] = field(default_factory=lambda: defaultdict(list))
    failures: dict[tuple[str, str], str] = field(default_factory=dict)
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

    def spread(self, scenario: str, competitor: str, metric: str) -> float:
        """Half the distance of the highest from the lowest, as a part of the median."""
        values = [_value(run, metric) for run in self.runs[scenario, competitor]]
        return (max(values) - min(values)) / 2 / median(values)
