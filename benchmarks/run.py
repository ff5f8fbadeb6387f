"""Measure this client and others against one server on this machine, and print tables.

python -m benchmarks.run                       everything, in about 40 minutes
python -m benchmarks.run --quick               a rough result, in less than a minute
python -m benchmarks.run --write               everything, written to docs/benchmarks.md with its plots
python -m benchmarks.run --only ours,flood     some competitors, some scenarios
python -m benchmarks.run --only ours,at-100 --python before=/tmp/before/bin/python
                                               this tree and another revision, installed in another environment
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import environments, report, startup
from .environments import Environment
from .loopback import Server, serve
from .results import Figures, Results
from .scenarios import BY_NAME, COMPETITORS, QUICK, SCENARIOS, Scenario

CLIENT = Path(__file__).parent / "client.py"
DOCS = Path(__file__).parent.parent / "docs"
VENVS = Path(tempfile.gettempdir(), "litellm-proxy-client-benchmarks")
TIMEOUT = 180
# The server's capacity should be at least this multiple of the rate of any client.
HEADROOM = 3
# LiteLLM would fetch its price list from the internet at its import; requests must bypass the machine's HTTP proxy.
VARIABLES = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
BUSY_LOAD = 0.5


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one short round of some competitors: rough figures only")
    parser.add_argument("--rounds", type=int, help="number of rounds (5, with --quick 1)")
    parser.add_argument("--only", metavar="NAMES", help=f"some of {', '.join((*COMPETITORS, *BY_NAME))}")
    parser.add_argument("--python", metavar="NAME=PATH", action="append", default=[], help="another revision of ours")
    parser.add_argument(
        "--venvs", type=Path, metavar="FOLDER", default=VENVS, help=f"folder of the virtual environments ({VENVS})"
    )
    parser.add_argument(
        "--write", type=Path, metavar="FOLDER", nargs="?", const=DOCS, help="write benchmarks.md and its plots (docs)"
    )
    return parser.parse_args(arguments)


@dataclass(frozen=True)
class Entry:
    """A competitor in an environment, with its name in the tables."""

    name: str
    competitor: str
    environment: Environment


def choose(only: str | None, quick: bool) -> tuple[list[str], list[Scenario]]:
    """Return the chosen competitors and scenarios; all of a kind if none of it is named."""
    names = [name.strip() for name in only.split(",")] if only else []
    known = (*COMPETITORS, *BY_NAME)
    if unknown := set(names).difference(known):
        sys.exit(f"--only: {', '.join(unknown)} is not one of {', '.join(known)}")
    competitors = [name for name in COMPETITORS if name in names]
    scenarios = [scenario for scenario in SCENARIOS if scenario.name in names] or SCENARIOS
    if quick:
        scenarios = [scenario for scenario in scenarios if scenario.quick is not None]
    return competitors or list(QUICK if quick else COMPETITORS), list(scenarios)


def create_entries(competitors: Iterable[str], others: Iterable[str], folder: Path) -> list[Entry]:
    """Return all entries with their environments; a competitor that cannot be installed is omitted."""
    entries: list[Entry] = []
    prepared: dict[str, Environment] = {}
    for competitor in competitors:
        name = environments.OF_COMPETITOR[competitor]
        try:
            if name not in prepared:
                log(f"installing {name}")
                prepared[name] = environments.prepare(name, folder)
            entries.append(Entry(competitor, competitor, prepared[name]))
        except subprocess.CalledProcessError as error:
            log(f"{competitor} is omitted, it cannot be installed: {_last_line(error.stderr)}")
    for other in others:
        name, _, path = other.partition("=")
        environment = environments.existing(Path(path))
        entries += [Entry(name, "ours", environment), Entry(f"{name} sync", "ours sync", environment)]
    return entries


def measure(scenario: Scenario, entry: Entry, server: Server, *, quick: bool) -> Figures:
    """Measure one competitor in one scenario."""
    python = str(entry.environment.python)
    if scenario.kind == "size":
        return {"units": 1, "bytes": entry.environment.size()}
    if scenario.kind in ("import", "start"):
        command = [python, "-I", "-c", startup.script(entry.competitor, scenario.kind), server.url]
    else:
        parameters = json.dumps(scenario.quick if quick else scenario.parameters)
        command = [python, "-E", "-s", str(CLIENT), entry.competitor, scenario.kind, server.url, parameters]
    variables = {**os.environ, **VARIABLES}
    begin = time.perf_counter()
    process = subprocess.run(command, capture_output=True, text=True, check=True, timeout=TIMEOUT, env=variables)
    seconds = time.perf_counter() - begin
    figures: Figures = json.loads(process.stdout.splitlines()[-1])
    return {"seconds": seconds, **figures}


def measure_all(
    scenarios: Sequence[Scenario], entries: Sequence[Entry], rounds: int, server: Server, quick: bool
) -> Results:
    """Measure everything in rounds of random order, so that other load on the machine affects all entries alike."""
    results = Results()
    for number in range(rounds):
        pairs = [(scenario, entry) for scenario in scenarios for entry in entries if scenario.takes(entry.competitor)]
        random.shuffle(pairs)
        pairs.sort(key=lambda pair: scenarios.index(pair[0]))
        for scenario, entry in pairs:
            if (scenario.name, entry.name) in results.failures:
                continue
            before = server.served()
            try:
                figures = measure(scenario, entry, server, quick=quick)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
                reason = _last_line(error.stderr) if isinstance(error, subprocess.CalledProcessError) else "too slow"
                results.failures[scenario.name, entry.name] = reason
                log(f"round {number + 1}: {scenario.name}: {entry.name} failed: {reason}")
                continue
            results.add(scenario.name, entry.name, figures)
            served = {name: value - before[name] for name, value in server.served().items()}
            if scenario.counts is not None and served["cpu"]:
                rate = figures["units"] / figures["seconds"]
                results.add_capacity(scenario.name, served[scenario.counts] / served["cpu"], rate)
            log(f"round {number + 1}: {scenario.name}: {entry.name}: {report.line(scenario, entry.name, results)}")
    return results


def capacity_report(results: Results, server: Server) -> list[str]:
    """Return the capacity of the server, with a warning wherever it may have been the limit."""
    lines = [
        f"The capacity of the server (in {server.kind}) if it had a processor to itself all the time, in the run in",
        "which a client came closest to it:",
        "",
    ]
    for name, (capacity_rate, rate) in results.closest.items():
        times = capacity_rate / rate
        warning = "" if times >= HEADROOM else f" - LESS THAN {HEADROOM} x: the server may have been the limit"
        lines.append(f"- {name}: {capacity_rate:,.0f} per second; the client used {rate:,.0f} ({times:.1f} x){warning}")
    return lines


def processors() -> tuple[int, int] | None:
    """Return one processor for the server and one for the clients if there are two."""
    if not hasattr(os, "sched_getaffinity"):
        return None
    free = sorted(os.sched_getaffinity(0))
    return (free[0], free[-1]) if len(free) > 1 else None


def log(text: str) -> None:
    """Print a progress message."""
    print(f"[{time.monotonic() - BEGIN:5.0f} s] {text}", file=sys.stderr, flush=True)


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no output"])[-1]


def main() -> None:
    """Measure and report."""
    arguments = options()
    competitors, scenarios = choose(arguments.only, arguments.quick)
    rounds = arguments.rounds or (1 if arguments.quick else 5)
    entries = create_entries(competitors, arguments.python, arguments.venvs)
    cpus = processors()
    if os.getloadavg()[0] > BUSY_LOAD:
        log(f"the machine is busy with other work (load {os.getloadavg()[0]:.1f}): the figures will be noisy")
    with serve(cpus and cpus[0]) as server:
        if cpus:
            os.sched_setaffinity(0, {cpus[1]})
        results = measure_all(scenarios, entries, rounds, server, arguments.quick)
        text = report.tables(results, [entry.name for entry in entries])
        lines = capacity_report(results, server)
    print("\n".join([text, "", *lines]))
    if arguments.write is not None:
        run = report.Run(
            command=report.command_line(sys.argv[1:]),
            rounds=rounds,
            packages={entry.name: entry.environment.packages for entry in entries},
            python=entries[0].environment.version,
        )
        report.write(arguments.write, results, [entry.name for entry in entries], run, lines)
        log(f"written to {arguments.write}")


BEGIN = time.monotonic()

if __name__ == "__main__":
    main()
