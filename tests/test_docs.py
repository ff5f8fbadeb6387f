"""The examples in the documentation run as they stand, on a real proxy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from litellm_proxy_client.local import LocalProxy

from .documents import ROOT, documents, run, use_proxy

FIGURES = {
    "CPU per completion": ("CPU per completion, µs", "sequential", "µs"),
    "CPU per streamed chunk": ("CPU per streamed chunk, µs", "1 unpaced stream", "µs"),
    "CPU of the import": ("Start-up and size", "CPU of the import, ms", "ms"),
}
"""By the row of README's comparison: the heading and column in docs/benchmarks.md, and the unit."""
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")


@pytest.mark.parametrize("page", documents(database=False), ids=lambda page: str(page.relative_to(ROOT)))
def test_examples(page: Path, local_proxy: LocalProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    use_proxy(monkeypatch, local_proxy.url, local_proxy.api_key)
    run(page, database=False)


def test_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in LINK.findall(page.read_text()):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def table(page: Path, heading: str) -> dict[str, dict[str, str]]:
    """Return the cells of the table below a heading, by row and column."""
    found = re.search(rf"^#+ {re.escape(heading)}\n\n((?:\|.*\n)+)", page.read_text("utf-8"), re.MULTILINE)
    assert found, f"{page.name} has no table below {heading!r}"
    header, _, *lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in found[1].splitlines()]
    return {line[0]: dict(zip(header, line, strict=True)) for line in lines}


def test_figures_in_readme_match_the_benchmarks() -> None:
    rows = table(ROOT / "README.md", "Why this client")
    figures = {name: [*row.values()][1:] for name, row in rows.items() if any(map(str.isdigit, "".join(row.values())))}
    assert figures == {
        name: [
            f"{table(ROOT / 'docs/benchmarks.md', heading)[competitor][column].split()[0]} {unit}"
            for competitor in ("litellm client", "openai", "ours")
        ]
        for name, (heading, column, unit) in FIGURES.items()
    }
