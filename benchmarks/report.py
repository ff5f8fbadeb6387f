"""Results as tables, and as the documentation page with its plots."""

from __future__ import annotations

import datetime
import os
import platform
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import plots
from .results import Results
from .scenarios import BY_NAME, Scenario
from .targets import TARGETS

NAMED_PACKAGES = (
    "litellm-proxy-client",
    "openai",
    "litellm",
    "httpx",
    "httpx2",
    "httpx-aiohttp",
    "aiohttp",
    "requests",
    "pydantic",
)
PLOTS = {"benchmarks-requests.svg": plots.requests, "benchmarks-streams.svg": plots.streams}


@dataclass(frozen=True)
class Column:
    """A column of a table: a metric of a scenario; `unit` is the size of its unit in the metric's own."""

    scenario: str
    metric: str
    title: str
    symbol: str
    unit: float = 1
    digits: int = 0

    @property
    def more_is_better(self) -> bool:
        """True for rates."""
        return self.metric == "rate"


@dataclass(frozen=True)
class Table:
    """A table whose rows are the competitors."""

    title: str
    columns: tuple[Column, ...]


def _columns(metric: str, symbol: str, *scenarios: str, unit: float = 1, digits: int = 0) -> tuple[Column, ...]:
    return tuple(Column(name, metric, BY_NAME[name].title, symbol, unit, digits) for name in scenarios)


_REQUESTS = ("sequential", "at-10", "at-100", "at-500", "at-1000", "idle-100")
_FLOODS = ("flood", "flood-100", "flood-500")
TABLES = (
    Table("CPU per completion, µs", _columns("cpu", "µs", *_REQUESTS)),
    Table("Completions per second", _columns("rate", "/s", *_REQUESTS)),
    Table("CPU per streamed chunk, µs", _columns("cpu", "µs", *_FLOODS, "paced-100", "paced-1000", digits=1)),
    Table(
        "Chunks per second, and seconds to read 1,000 streams that are paced to take 5 s",
        (*_columns("rate", "/s", *_FLOODS), *_columns("seconds", "s", "paced-1000", digits=2)),
    ),
    Table("CPU per page of 100 full keys, µs", _columns("cpu", "µs", "page", "decode")),
    Table(
        "Memory per stream or client, KiB", _columns("bytes", "KiB", "open-stream", "idle-client", unit=1024, digits=1)
    ),
    Table(
        "Start-up and size",
        (
            Column("import", "cpu", "CPU of the import, ms", "ms", 1e3),
            Column("import", "bytes", "memory after import, MB", "MB", 1e6, 1),
            Column("start", "cpu", "CPU from process start to first response, ms", "ms", 1e3),
            Column("start", "seconds", "wall-clock time from process start to first response, ms", "ms", 1e-3),
            Column("size", "bytes", "installed size, MB", "MB", 1e6, 1),
        ),
    ),
)


def line(scenario: Scenario, competitor: str, results: Results) -> str:
    """Return the figures of the last round in one line, as progress output."""
    found = [
        f"{value / column.unit:,.{column.digits}f} {column.symbol}"
        for table in TABLES
        for column in table.columns
        if column.scenario == scenario.name
        and (value := results.last(scenario.name, competitor, column.metric)) is not None
    ]
    return ", ".join(found)


def tables(results: Results, names: Sequence[str]) -> str:
    """Return all non-empty tables, and the targets that were measured."""
    shown = [text for table in TABLES if (text := _table(table, results, names))]
    return "\n\n".join([*shown, _targets(results, every=False)])


def _table(table: Table, results: Results, names: Sequence[str]) -> str:
    columns = [column for column in table.columns if any((column.scenario, name) in results.runs for name in names)]
    rows = [[name, *(_cell(column, name, names[0], results) for column in columns)] for name in names]
    rows = [row for row in rows if any(row[1:])]
    if not rows or not columns:
        return ""
    return f"### {table.title}\n\n" + _markdown(["", *(column.title for column in columns)], rows)


def _cell(column: Column, name: str, reference: str, results: Results) -> str:
    if (column.scenario, name) in results.failures:
        return "failed"
    value = results.median(column.scenario, name, column.metric)
    if value is None:
        return ""
    text = f"{value / column.unit:,.{column.digits}f}"
    if results.rounds(column.scenario, name) > 1:
        text += f" ±{results.spread(column.scenario, name, column.metric):.0%}"
    ratio = results.ratio(column.metric, (column.scenario, name), (column.scenario, reference))
    return text if name == reference or ratio is None else f"{text}, {ratio:.2g}x"


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table that is also readable as plain text."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(row[at]) for row in lines) for at in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |" for row in lines
    )


def _targets(results: Results, *, every: bool) -> str:
    rows = []
    for target in TARGETS:
        measured = target.measure(results)
        if measured is None and every:
            rows.append([target.title, target.goal, "not measured", ""])
        elif measured is not None:
            rows.append([target.title, target.goal, target.show(measured), "yes" if target.met(measured) else "**no**"])
    return "### Targets\n\n" + _markdown(["what", "target", "measured", "met"], rows) if rows else ""


def better(results: Results, names: Sequence[str]) -> str:
    """Return the columns in which another competitor is better than the first by more than the noise of 5 %."""
    ours, others = names[0], [name for name in names if not name.startswith("ours")]
    lines = []
    for table in TABLES:
        for column in table.columns:
            found = []
            for name in others:
                one, other = (column.scenario, name), (column.scenario, ours)
                if not column.more_is_better:
                    one, other = other, one
                ratio = results.ratio(column.metric, one, other)
                if ratio is not None and ratio > 1.05:
                    found.append((ratio, name))
            if found:
                competitors = ", ".join(f"{name} {ratio:.2g}x" for ratio, name in sorted(found, reverse=True))
                lines.append(f"- {table.title.partition(',')[0]}, {column.title}: {competitors}")
    return "\n".join(lines) or "Nowhere in this run."


@dataclass(frozen=True)
class Run:
    """The command, rounds and versions of a benchmark run."""

    command: str
    rounds: int
    python: str
    packages: Mapping[str, Mapping[str, str]]
    """For each competitor, the versions of its installed packages."""


def write(folder: Path, results: Results, names: Sequence[str], run: Run, server: Sequence[str]) -> None:
    """Write the page and its plots."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in PLOTS.items():
        (folder / name).write_text(draw(results, names))
    failures = [
        f"- {name}, {BY_NAME[scenario].title}: {reason}" for (scenario, name), reason in results.failures.items()
    ]
    template = Path(__file__).with_name("page.md").read_text()
    parts = {
        "tables": "\n\n".join(text for table in TABLES if (text := _table(table, results, names))),
        "targets": _targets(results, every=True).partition("\n\n")[2],
        "better": better(results, names),
        "failures": "\n".join(failures) or "None.",
        "server": "\n".join(server),
        "command": run.command,
        "rounds": str(run.rounds),
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "machine": machine(),
        "python": run.python,
        "versions": _versions(run),
    }
    page = re.sub(r"\{(\w+)\}", lambda found: parts[found[1]], template)
    (folder / "benchmarks.md").write_text(page)


def _versions(run: Run) -> str:
    rows = []
    for name, packages in run.packages.items():
        shown = [f"{package} {packages[package]}" for package in NAMED_PACKAGES if package in packages]
        rows.append([name, ", ".join(shown)])
    return _markdown(["", "installed"], rows)


def machine() -> str:
    """Return the processor, memory and operating system."""
    processor = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
        processor = found[1] if found else processor
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} x {processor}, {memory:.0f} GiB, {platform.system()} {platform.release()}"


def command_line(arguments: Sequence[str]) -> str:
    """Return the command line that repeats the run."""
    return shlex.join(["python", "-m", "benchmarks.run", *arguments])
