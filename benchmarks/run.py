"""Measures this client beside others, all against one server on this machine, and prints tables.

python -m benchmarks.run                       everything, in some 40 minutes
python -m benchmarks.run --quick               a glance, in less than a minute
python -m benchmarks.run --write               everything, into docs/benchmarks.md with its plots
python -m benchmarks.run --only ours,flood     some competitors, some scenarios
python -m benchmarks.run --only ours,at-100 --python before=/tmp/before/bin/python
                                               this tree beside another revision, installed in another environment
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
# The server's capacity should be so many times what any client asks of it.
HEADROOM = 3
# LiteLLM would fetch its price list from the internet when it is imported; a proxy of the machine's is not to be asked.
VARIABLES = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
BUSY = 0.5


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one short round of a few: for a glance, not for figures")
    parser.add_argument("--rounds", type=int, help="how often everything is measured (5, with --quick 1)")
    parser.add_argument("--only", metavar="NAMES", help=f"of {', '.join((*COMPETITORS, *BY_NAME))}")
    parser.add_argument("--python", metavar="NAME=PATH", action="append", default=[], help="another revision of ours")
    parser.add_argument(
        "--venvs", type=Path, metavar="FOLDER", default=VENVS, help=f"where what they need is installed ({VENVS})"
    )
    parser.add_argument(
        "--write", type=Path, metavar="FOLDER", nargs="?", const=DOCS, help="write benchmarks.md and its plots (docs)"
    )
    return parser.parse_args(arguments)


@dataclass(frozen=True)
class Entry:
    """One who takes part: a competitor, in an environment, under the name that the tables have."""

    name: str
    competitor: str
    environment: Environment


def choose(only: str | None, quick: bool) -> tuple[list[str], list[Scenario]]:
    """The competitors and scenarios that were asked for; all where none of a kind was named."""
    names = [name.strip() for name in only.split(",")] if only else []
    known = (*COMPETITORS, *BY_NAME)
    if unknown := set(names).difference(known):
        sys.exit(f"--only: {', '.join(unknown)} is none of {', '.join(known)}")
    competitors = [name for name in COMPETITORS if name in names]
    scenarios = [scenario for scenario in SCENARIOS if scenario.name in names] or SCENARIOS
    if quick:
        scenarios = [scenario for scenario in scenarios if scenario.quick is not None]
    return competitors or list(QUICK if quick else COMPETITORS), list(scenarios)


def enter(competitors: Iterable[str], others: Iterable[str], folder: Path) -> list[Entry]:
    """All who take part, each with its environment; who cannot be installed is left out."""
    entries: list[Entry] = []
    made: dict[str, Environment] = {}
    for competitor in competitors:
        name = environments.OF_COMPETITOR[competitor]
        try:
            if name not in made:
                say(f"installing {name}")
                made[name] = environments.prepare(name, folder)
            entries.append(Entry(competitor, competitor, made[name]))
        except subprocess.CalledProcessError as error:
            say(f"{competitor} is left out, it cannot be installed: {_last_line(error.stderr)}")
    for other in others:
        name, _, path = other.partition("=")
        environment = environments.existing(Path(path))
        entries += [Entry(name, "ours", environment), Entry(f"{name} sync", "ours sync", environment)]
    return entries


def measure(scenario: Scenario, entry: Entry, server: Server, *, quick: bool) -> Figures:
    """One competitor in one scenario."""
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
    """Everything, round by round, each in another order: what the machine does meanwhile hits all alike."""
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
                say(f"round {number + 1}: {scenario.name}: {entry.name} failed: {reason}")
                continue
            results.add(scenario.name, entry.name, figures)
            served = {name: value - before[name] for name, value in server.served().items()}
            if scenario.counts is not None and served["cpu"]:
                rate = figures["units"] / figures["seconds"]
                results.add_capacity(scenario.name, served[scenario.counts] / served["cpu"], rate)
            say(f"round {number + 1}: {scenario.name}: {entry.name}: {report.line(scenario, entry.name, results)}")
    return results


def capacity(results: Results, server: Server) -> list[str]:
    """What the server could serve, and a warning wherever it may have been what was measured."""
    told = [
        f"The capacity of the server (in {server.kind}) if it had a processor to itself all the time, in the run in"
        " which a client came closest to it:"
    ]
    for name, (able, rate) in results.closest.items():
        times = able / rate
        warning = "" if times >= HEADROOM else f" - LESS THAN {HEADROOM} x: the server may have been the limit"
        told.append(f"- {name}: {able:,.0f} per second; the client used {rate:,.0f} ({times:.1f} x){warning}")
    return told


def processors() -> tuple[int, int] | None:
    """One processor for the server and one for the clients, where there are two."""
    if not hasattr(os, "sched_getaffinity"):
        return None
    free = sorted(os.sched_getaffinity(0))
    return (free[0], free[-1]) if len(free) > 1 else None


def say(text: str) -> None:
    """Tell how far it has come."""
    print(f"[{time.monotonic() - BEGIN:5.0f} s] {text}", file=sys.stderr, flush=True)


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]


def main() -> None:
    """Measure and report."""
    wanted = options()
    competitors, scenarios = choose(wanted.only, wanted.quick)
    rounds = wanted.rounds or (1 if wanted.quick else 5)
    entries = enter(competitors, wanted.python, wanted.venvs)
    cpus = processors()
    if os.getloadavg()[0] > BUSY:
        say(f"the machine is busy with something else (load {os.getloadavg()[0]:.1f}): the figures will be noisy")
    with serve(cpus and cpus[0]) as server:
        if cpus:
            os.sched_setaffinity(0, {cpus[1]})
        results = measure_all(scenarios, entries, rounds, server, wanted.quick)
        text = report.tables(results, [entry.name for entry in entries])
        told = capacity(results, server)
    print("\n".join([text, "", *told]))
    if wanted.write is not None:
        run = report.Run(
            command=report.command_line(sys.argv[1:]),
            rounds=rounds,
            packages={entry.name: entry.environment.packages for entry in entries},
            python=entries[0].environment.version,
        )
        report.write(wanted.write, results, [entry.name for entry in entries], run, told)
        say(f"written to {wanted.write}")


BEGIN = time.monotonic()

if __name__ == "__main__":
    main()
