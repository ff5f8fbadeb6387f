"""The examples in the documentation run as they stand, on a real proxy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from litellm_proxy_client.local import LocalProxy

from .documents import ROOT, documents, run, use_proxy

LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")


@pytest.mark.parametrize("page", documents(database=False), ids=lambda page: str(page.relative_to(ROOT)))
def test_examples(page: Path, local_proxy: LocalProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    use_proxy(monkeypatch, local_proxy.url, local_proxy.api_key)
    run(page, database=False)


def test_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in LINK.findall(page.read_text()):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def test_the_figures_in_readme_are_those_of_the_benchmarks() -> None:
    told = re.search(r"^\| \[CPU\]\(docs/benchmarks\.md\).*$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert told
    measured = (ROOT / "docs/benchmarks.md").read_text()
    _, *cells = told[0].strip("| ").split(" | ")
    for competitor, cell in zip(("litellm client", "openai", "ours"), cells, strict=True):
        rows = re.findall(rf"^\| {competitor} +\|(.*)$", measured, re.MULTILINE)
        for figure in (part.split()[0] for part in cell.split(", ")):
            assert any(f" {figure} ±" in row for row in rows), f"{competitor}: {figure} is not in docs/benchmarks.md"
