"""The benchmarks run: both servers serve, and each client that is installed here reads what they send."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import subprocess
import sys
from typing import Any

import pytest

from .loopback import ROOT

loopback: Any = importlib.import_module("benchmarks.loopback")
report: Any = importlib.import_module("benchmarks.report")
results: Any = importlib.import_module("benchmarks.results")
targets: Any = importlib.import_module("benchmarks.targets")
SCENARIOS: list[tuple[str, dict[str, float]]] = [
    ("requests", {"width": 2, "seconds": 0.1, "idle": 1}),
    ("streams", {"width": 2, "chunks": 10, "interval": 100}),
    ("pages", {"seconds": 0}),
]


def no_compiler(name: str) -> None:
    """The result of `shutil.which` without a C compiler."""


@pytest.mark.parametrize("compiler", [True, False], ids=["C", "Python"])
def test_all_that_was_sent_is_read(compiler: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not compiler:
        monkeypatch.setattr(shutil, "which", no_compiler)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with loopback.serve() as server:
        for competitor in ("ours", "ours on httpx", "ours sync", "httpx", "aiohttp"):
            for kind, parameters in SCENARIOS:
                command = [sys.executable, str(ROOT / "benchmarks/client.py"), competitor, kind, server.url]
                done = subprocess.run([*command, json.dumps(parameters)], capture_output=True, text=True, timeout=60)
                assert done.returncode == 0, done.stderr
                units = json.loads(done.stdout)["units"]
                if kind == "streams":
                    assert units == (11 if competitor == "ours sync" else 2 * 11), competitor
                assert units > 0, (competitor, kind)
        assert server.served()["requests"] > 0


def test_a_ratio_compares_what_was_measured_together() -> None:
    measured = results.Results()
    for ours, theirs in ((1, 4), (10, 50), (2, 6)):  # the machine was slow in the second round
        measured.add("page", "ours", {"units": 1, "cpu": ours})
        measured.add("page", "theirs", {"units": 1, "cpu": theirs})
    assert measured.median("page", "theirs", "cpu") == 6e6
    assert measured.ratio("cpu", ("page", "theirs"), ("page", "ours")) == 4
    assert measured.ratio("cpu", ("page", "absent"), ("page", "ours")) is None


def test_page_has_the_tables_and_targets_of_the_source() -> None:
    page = (ROOT / "docs/benchmarks.md").read_text("utf-8")
    tables = dict(re.findall(r"^#+ (.+)\n\n((?:\|.*\n)+)", page, re.MULTILINE))
    for table in report.TABLES:
        header, *_ = tables[table.title].splitlines()
        assert re.split(r" *\| *", header)[2:-1] == [column.title for column in table.columns]
    _, _, *rows = tables["Targets"].splitlines()
    assert [re.split(r" *\| *", row)[1:3] for row in rows] == [
        [target.title, target.goal] for target in targets.TARGETS
    ]
