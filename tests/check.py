"""Every check and test: `python tests/check.py`, or `--live` for the tests that need a proxy with a database."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

STEP_SECONDS = 15 * 60
ROOT = Path(__file__).resolve().parent.parent
PYTHON = [sys.executable, "-m"]
STEPS = {
    "lint": [*PYTHON, "ruff", "check", ".", ".ci/run.py"],
    "format": [*PYTHON, "ruff", "format", "--check", ".", ".ci/run.py"],
    "types (mypy)": [*PYTHON, "mypy"],
    "types (pyright)": [*PYTHON, "pyright", "--pythonpath", sys.executable],
    "generated code": [*PYTHON, "litellm_proxy_client._generate", "--check"],
    "tests": [*PYTHON, "pytest"],
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--live", action="store_true", help="run tests/live/ alone, on the proxy at LITELLM_PROXY_URL")
    os.chdir(ROOT)
    return live() if parser.parse_args().live else everything_else()


def everything_else() -> int:
    # No test may reach a proxy that the developer works with, and pyright need not look for newer ones.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LITELLM_")}
    environment["PYRIGHT_PYTHON_IGNORE_WARNINGS"] = "1"
    failed: list[str] = []
    for name, command in STEPS.items():
        print(f"--- {name}: {' '.join(command[2:])}", flush=True)
        begin = time.monotonic()
        try:
            status = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, timeout=STEP_SECONDS).returncode
        except subprocess.TimeoutExpired as error:
            print(error)
            status = 1
        if status:
            failed.append(name)
        print(f"    {'FAILED' if status else 'ok'}, {time.monotonic() - begin:.0f} s\n", flush=True)
    print("tests/live/ was left out: it needs a LiteLLM proxy with a database, see docs/contributing.md.")
    print(f"FAILED: {', '.join(failed)}" if failed else "All checks and tests passed.")
    return 1 if failed else 0


def live() -> int:
    import pytest

    class NoSkips:
        """A live test that was skipped showed nothing."""

        skipped = 0

        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            self.skipped += report.skipped and not hasattr(report, "wasxfail")

        def pytest_collectreport(self, report: pytest.CollectReport) -> None:
            self.skipped += report.skipped

    plugin = NoSkips()
    status = pytest.main(["-m", "live", "tests/live"], plugins=[plugin])
    if plugin.skipped:
        print(f"FAILED: {plugin.skipped} live tests were skipped")
    return int(status) or (1 if plugin.skipped else 0)


if __name__ == "__main__":
    sys.exit(main())
