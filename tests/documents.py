"""Runs the Python blocks of a Markdown document, in order and in one namespace."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from collections.abc import Mapping
from pathlib import Path
from types import CodeType

import pytest

from litellm_proxy_client._options import base_url_of

ROOT = Path(__file__).parent.parent
USUAL = {None, "http://localhost:4000", "sk-...", "sk-test"}
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def documents(*, live: bool) -> list[Path]:
    """The documents whose examples need a proxy with a database, or those that do not."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in pages if BLOCK.search(page.read_text()) and needs_database(page) is live]


def needs_database(page: Path) -> bool:
    return "<!-- examples: database -->" in page.read_text()


def run(page: Path, names: Mapping[str, object] | None = None) -> None:
    text = page.read_text()
    namespace: dict[str, object] = {"__name__": "__main__", **(names or {})}
    for match in BLOCK.finditer(text):
        line = text.count("\n", 0, match.start(1))
        # Blank lines put the block where it stands in the document, so that a traceback names its line.
        code = compile("\n" * line + match[1], str(page), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        _execute(code, namespace)


def _execute(code: CodeType, namespace: dict[str, object]) -> None:
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(eval(code, namespace))
    else:
        exec(code, namespace)


def use_proxy(monkeypatch: pytest.MonkeyPatch, url: str, api_key: str) -> None:
    """Send the clients of the examples to this proxy, also those that name the usual address and a made-up key."""
    monkeypatch.setenv("LITELLM_PROXY_URL", url)
    monkeypatch.setenv("LITELLM_PROXY_API_KEY", api_key)
    monkeypatch.setattr(
        "litellm_proxy_client.client.base_url_of", lambda given: base_url_of(given if given not in USUAL else url)
    )
    monkeypatch.setattr(
        "litellm_proxy_client.client.api_key_of", lambda given: given if given not in USUAL else api_key
    )
