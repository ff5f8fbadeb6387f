"""The types that users' checkers reveal, and what they refuse, under mypy and pyright at their strictest."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "typing_cases.py"
CHECKERS = {
    "mypy": ["mypy"],
    "pyright": ["pyright", "--project", ".", "--pythonpath", sys.executable],
}
SUMMARY = {"mypy": "1 source file", "pyright": "0 errors, 0 warnings"}
WRONG = """\
# pyright: reportUnnecessaryTypeIgnoreComment=true
from typing_extensions import assert_type
from litellm_proxy_client import Client

def wrong(client: Client) -> None:
    assert_type(client.base_url, int)
    print(client.base_url)  # type: ignore[attr-defined]

def untyped(argument):
    print(argument)
"""


def check(checker: str, path: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", *CHECKERS[checker], path],
        cwd=ROOT,
        env={**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("checker", CHECKERS)
def test_cases(checker: str) -> None:
    _, output = check(checker, CASES)
    assert SUMMARY[checker] in output, output
    assert CASES.name not in output, output


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_wrong_case_would_be_noticed(checker: str, tmp_path: Path) -> None:
    """A wrong type, a refusal that does not come, and what only strictness forbids."""
    path = tmp_path / "wrong.py"
    path.write_text(WRONG)
    status, output = check(checker, path)
    assert status == 1, output
    assert {int(line) for line in re.findall(r"wrong\.py:(\d+):.* error: ", output)} >= {6, 7, 9}, output
