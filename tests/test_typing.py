"""The types that users' checkers reveal, and what they refuse, under mypy and pyright at their strictest."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import pytest

from .documents import blocks, documents

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


def check(checker: str, *paths: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", *CHECKERS[checker], *paths],
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


def module_of(page: Path) -> str:
    """Return the examples of a document as a module, on the lines on which they stand in the document."""
    lines = [""] * (page.read_text().count("\n") + 1)
    for source, _ in blocks(page):
        first = len(source) - len(source.lstrip("\n"))
        code = source.split("\n")[first:]
        awaits = compile(source, str(page), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT).co_flags & inspect.CO_COROUTINE
        imports = len([*takewhile(lambda line: line.startswith(("import ", "from ")) or not line, code)])
        if awaits:
            code = [*code[:imports], *(f"    {line}" if line else "" for line in code[imports:])]
        lines[first : first + len(code)] = code
        if awaits:
            # A module cannot await: what follows the imports becomes a function, which begins on the line above.
            lines[first + imports - 1] = f"async def example_{first}() -> None:"
    return "\n".join(lines)


@pytest.mark.parametrize("checker", CHECKERS)
def test_examples_of_the_documentation(checker: str, tmp_path: Path) -> None:
    modules: list[Path] = []
    for page in sorted({*documents(database=False), *documents(database=True)}):
        name = "_".join(page.relative_to(ROOT).with_suffix("").parts).replace("-", "_")
        modules.append(tmp_path / f"{name}.py")
        modules[-1].write_text(module_of(page))
    assert len(modules) > 10
    status, output = check(checker, *modules)
    assert status == 0, output.replace(f"{tmp_path}/", "")
