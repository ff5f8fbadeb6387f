"""Every check and test: `python tests/check.py`.

`--live` runs those that need a proxy with a database; `--lowest` those that need neither LiteLLM nor a checker, with
the lowest admitted versions of the dependencies.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

STEP_SECONDS = 15 * 60
ROOT = Path(__file__).resolve().parent.parent
# Tests that send nothing, or try each transport by themselves.
NEED_NO_OTHER = (
    "benchmarks",
    "codegen",
    "layers",
    "load",
    "matrix",
    "packaging",
    "properties",
    "security",
    "time",
    "typing",
)
PYTHON = [sys.executable, "-m"]
STEPS = {
    "lint": [*PYTHON, "ruff", "check", ".", ".ci/run.py"],
    "format": [*PYTHON, "ruff", "format", "--check", ".", ".ci/run.py"],
    "types (mypy)": [*PYTHON, "mypy"],
    "types (pyright)": [*PYTHON, "pyright", "--pythonpath", sys.executable],
    "generated code": [*PYTHON, "litellm_proxy_client._codegen.generate", "--check"],
    "tests": [*PYTHON, "pytest"],
    "tests on httpx's own transport": [
        *PYTHON,
        "pytest",
        *(f"--ignore=tests/test_{name}.py" for name in NEED_NO_OTHER),
    ],
}
VARIABLES = {"tests on httpx's own transport": {"LITELLM_PROXY_TRANSPORT": "httpx"}}
# What tests import, and which of them need more than that or say nothing of versions.
TEST_TOOLS = (
    "pytest>=9,<10",
    "pytest-asyncio>=1.5,<2",
    "respx>=0.23",
    "hypothesis>=6.150",
    "trio>=0.30",
    "trustme>=1.2",
    "gunicorn>=23; sys_platform != 'win32'",
    "uvloop>=0.21; sys_platform != 'win32'",
)
NEED_MORE = ("test_benchmarks", "test_docs", "test_codegen", "test_local", "test_packaging", "test_typing")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--live", action="store_true", help="run tests/live/ alone, on the proxy at LITELLM_PROXY_URL")
    parser.add_argument("--lowest", action="store_true", help="run the tests with the lowest versions of dependencies")
    os.chdir(ROOT)
    wanted = parser.parse_args()
    return live() if wanted.live else lowest() if wanted.lowest else everything_else()


def everything_else() -> int:
    # No test may reach a proxy that the developer works with, and pyright need not look for newer ones.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LITELLM_")}
    environment["PYRIGHT_PYTHON_IGNORE_WARNINGS"] = "1"
    failed: list[str] = []
    for name, command in STEPS.items():
        print(f"--- {name}: {' '.join(command[2:])}", flush=True)
        begin = time.monotonic()
        try:
            variables = {**environment, **VARIABLES.get(name, {})}
            status = subprocess.run(command, env=variables, stdin=subprocess.DEVNULL, timeout=STEP_SECONDS).returncode
        except subprocess.TimeoutExpired as error:
            print(error)
            status = 1
        if status:
            failed.append(name)
        print(f"    {'FAILED' if status else 'ok'}, {time.monotonic() - begin:.0f} s\n", flush=True)
    print("tests/live/ was left out: it needs a LiteLLM proxy with a database, see docs/contributing.md.")
    print(f"FAILED: {', '.join(failed)}" if failed else "All checks and tests passed.")
    return 1 if failed else 0


def lowest() -> int:
    listed = re.findall(
        r"^dependencies = \[\n(.*?)^\]", (ROOT / "pyproject.toml").read_text(), re.DOTALL | re.MULTILINE
    )
    versions = [f"{name}=={version}" for name, version in re.findall(r'"([\w-]+)>=([\d.]+)', listed[0])]
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder, "Scripts" if os.name == "nt" else "bin", "python")
        subprocess.run([python, "-m", "pip", "install", "-q", *versions, *TEST_TOOLS], check=True)
        print(f"--- tests with {', '.join(versions)}", flush=True)
        left_out = [f"--ignore=tests/{name}.py" for name in NEED_MORE]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LITELLM_")}
        return subprocess.run([python, "-m", "pytest", *left_out], env=environment, timeout=STEP_SECONDS).returncode


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
