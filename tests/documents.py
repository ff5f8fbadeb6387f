"""A runner for the Python blocks of a Markdown document, in order and in one namespace."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from collections.abc import Mapping
from pathlib import Path
from types import CodeType

import pytest

from litellm_proxy_client._wire.config import resolve_base_url

ROOT = Path(__file__).parent.parent
PLACEHOLDERS = {None, "http://localhost:4000", "sk-...", "sk-test"}
BLOCK = re.compile(r"^(<!-- example: database -->\n)?```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WHOLE_PAGE_NEEDS_DATABASE = "<!-- examples: database -->"


def documents(*, database: bool) -> list[Path]:
    """Return the documents with examples that need a proxy with a database, or with examples that do not."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in pages if any(needs_database is database for _, needs_database in blocks(page))]


def blocks(page: Path) -> list[tuple[str, bool]]:
    """Return the examples of a document, each with its original line numbers, and True if it needs a database."""
    text = page.read_text()
    return [
        ("\n" * text.count("\n", 0, match.start(2)) + match[2], bool(match[1]) or WHOLE_PAGE_NEEDS_DATABASE in text)
        for match in BLOCK.finditer(text)
    ]


def run(page: Path, *, database: bool, names: Mapping[str, object] | None = None) -> None:
    """Run the examples of a document that need a proxy with a database, or those that do not."""
    namespace: dict[str, object] = {"__name__": "__main__", **(names or {})}
    for source, needs_database in blocks(page):
        if needs_database is database:
            _execute(compile(source, str(page), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), namespace)


def _execute(code: CodeType, namespace: dict[str, object]) -> None:
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(eval(code, namespace))
    else:
        exec(code, namespace)


def use_proxy(monkeypatch: pytest.MonkeyPatch, url: str, api_key: str) -> None:
    """Point the clients of the examples at this proxy, also those that name a placeholder address or key."""
    monkeypatch.setenv("LITELLM_PROXY_URL", url)
    monkeypatch.setenv("LITELLM_PROXY_API_KEY", api_key)

    def address(given: str | None) -> str:
        return resolve_base_url(url if given in PLACEHOLDERS else given)

    def key(given: str | None) -> str | None:
        return api_key if given in PLACEHOLDERS else given

    monkeypatch.setattr("litellm_proxy_client.client.resolve_base_url", address)
    monkeypatch.setattr("litellm_proxy_client.client.resolve_api_key", key)
