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
