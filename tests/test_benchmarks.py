"""The benchmarks run: both servers serve, and each client that is installed here reads what they send."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
from typing import Any

import pytest

from .loopback import ROOT

loopback: Any = importlib.import_module("benchmarks.loopback")
SCENARIOS: list[tuple[str, dict[str, int], int]] = [
    ("requests", {"width": 2, "count": 5, "seconds": 30, "idle": 1}, 5),
    ("streams", {"width": 2, "chunks": 10, "interval": 100}, 2 * 11),
    ("pages", {"count": 2}, 2),
]


def no_compiler(name: str) -> None:
    """What `shutil.which` says where there is none."""


@pytest.mark.parametrize("compiler", [True, False], ids=["C", "Python"])
def test_all_that_was_sent_is_read(compiler: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not compiler:
        monkeypatch.setattr(shutil, "which", no_compiler)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with loopback.serve() as server:
        for competitor in ("ours", "ours on httpx", "ours sync", "httpx", "aiohttp"):
            for kind, parameters, units in SCENARIOS:
                command = [sys.executable, str(ROOT / "benchmarks/client.py"), competitor, kind, server.url]
                done = subprocess.run([*command, json.dumps(parameters)], capture_output=True, text=True, timeout=60)
                assert done.returncode == 0, done.stderr
                expected = 11 if kind == "streams" and competitor == "ours sync" else units
                assert json.loads(done.stdout)["units"] == expected, (competitor, kind)
        assert server.served()["requests"] > 0
