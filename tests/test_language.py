"""The language of package, tests and documentation: phrases that the glossary in docs/contributing.md rules out."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GENERATED = ("litellm_proxy_client/_async", "litellm_proxy_client/_sync")
BANNED = re.compile(
    r"\b(plain clients?|faces?|twins?|(?:is|are) no(?! (?:longer|healthy deployments)\b)|bears?|take[sn]? back|"
    r"taking back|what had come|whoever|for ever)\b",
    re.IGNORECASE,
)
QUESTION = re.compile(r"(What|Whether|How|Which|Why|Where)\b")
GLOSSARY = re.compile(r"^### Glossary\n.*?(?=^#)", re.MULTILINE | re.DOTALL)
# Texts of others are quoted as code; a phrase may also be a name there.
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def sources() -> list[Path]:
    found = [*(ROOT / "litellm_proxy_client").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    found += [*(ROOT / "docs").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    return [
        path
        for path in sorted(found)
        if not path.relative_to(ROOT).as_posix().startswith(GENERATED) and path.name != Path(__file__).name
    ]


def documents() -> list[Path]:
    pages = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").rglob("*.md")]
    return [ROOT / "README.md", *sorted(page for page in pages if "_build" not in page.parts)]


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """The comments and strings of a source file, and its names as words, with their lines."""
    text = path.read_text("utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING):
            yield token.start[0], CODE.sub("", token.string)
        elif token.type == tokenize.NAME and "_" in token.string:
            yield token.start[0], token.string.replace("_", " ")


def docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """The docstrings of a source file, those of attributes among them, with their lines."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        for name in ("body", "orelse"):
            for statement in getattr(node, name, None) or () if isinstance(getattr(node, name, None), list) else ():
                value = statement.value if isinstance(statement, ast.Expr) else None
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield statement.lineno, value.value.strip()


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_sources_are_written_in_plain_english(path: Path) -> None:
    found = [f"{path.name}:{line}: {match[0]}" for line, text in prose(path) for match in BANNED.finditer(text)]
    found += [f"{path.name}:{line}: {text[:40]}" for line, text in docstrings(path) if QUESTION.match(text)]
    assert found == []


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_documents_are_written_in_plain_english(path: Path) -> None:
    text = CODE.sub("", GLOSSARY.sub("", path.read_text("utf-8")))
    assert [match[0] for match in BANNED.finditer(text)] == []


@pytest.mark.parametrize(
    "text", ["the plain client", "an id is no address", "both faces", "a key bears it", "taken back", "what had come"]
)
def test_banned_phrases_are_found(text: str, tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(f'"""Return it.\n\n{text}\n"""\n# {text}\n{text.replace(" ", "_")} = 1\n')
    assert {line for line, words in prose(path) if BANNED.search(words)} == {1, 5, 6}


def test_allowed_phrases_and_quotations_pass(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text('"""Return it, which is no longer there: `There are no keys`, surface."""\n')
    assert not [words for _, words in prose(path) if BANNED.search(words)]


def test_questions_at_the_beginning_of_docstrings_are_found(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text('x = 1\n"""Whether it is."""\n\nclass A:\n    """A thing."""\n    y = 2\n    """What it is."""\n')
    assert [line for line, text in docstrings(path) if QUESTION.match(text)] == [2, 7]
