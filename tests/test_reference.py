"""docs/reference/ is what the docstrings say, and says all of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import litellm_proxy_client
from litellm_proxy_client._codegen.endpoint_parser import Module, read_modules

ROOT = Path(litellm_proxy_client.__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"


def reference(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, root / "docs/_reference.py", *arguments], capture_output=True, text=True, cwd=root
    )


def test_the_reference_is_fresh() -> None:
    done = reference(ROOT, "--check")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_page_that_is_missing_changed_or_too_many_is_reported_and_mended(tmp_path: Path) -> None:
    for folder in ("litellm_proxy_client", "docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    assert reference(tmp_path).returncode == 0
    pages = tmp_path / "docs/reference"
    before = (pages / "keys.md").read_text("utf-8")
    (pages / "chat.md").unlink()
    (pages / "gone.md").write_text("")
    (pages / "keys.md").write_text(before + "\n")
    checked = reference(tmp_path, "--check")
    assert checked.returncode == 1
    assert re.findall(r"not fresh: docs/reference/(\S+);", checked.stderr) == ["chat.md", "gone.md", "keys.md"]
    assert not (pages / "chat.md").exists(), "a check writes nothing"
    assert reference(tmp_path).returncode == 0
    assert not (pages / "gone.md").exists()
    assert (pages / "keys.md").read_text("utf-8") == before


@pytest.mark.parametrize(
    "module", read_modules(ROOT / "litellm_proxy_client/_endpoints"), ids=lambda module: module.path.stem
)
def test_every_method_and_parameter_is_described(module: Module) -> None:
    text = (REFERENCE / f"{module.path.stem}.md").read_text("utf-8")
    sections = dict(re.findall(r"^## client\.([\w.]+)$\n((?:(?!^## ).*\n)+)", text, re.MULTILINE))
    wanted = [method for resource in module.resources for method in resource.methods]
    assert [name.rpartition(".")[2] for name in sections] == [method.name for method in wanted]
    for method, section in zip(wanted, sections.values(), strict=True):
        for name in [*(each.name for each in method.parameters), "timeout", "return_request"]:
            assert re.search(rf"^\* `{name}: .+`: \S", section, re.MULTILINE), f"{method.name}: {name}"


def test_what_the_package_exports_is_described() -> None:
    text = "".join(page.read_text("utf-8") for page in REFERENCE.glob("*.md"))
    described = set(re.findall(r"^##+ (\w+)$", text, re.MULTILINE))
    assert {name for name in litellm_proxy_client.__all__ if name != "__version__"} <= described
