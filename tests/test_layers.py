"""Which module may import which, and when: the table in docs/contributing.md holds."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import litellm_proxy_client

PACKAGE = Path(litellm_proxy_client.__file__).parent
LAYERS = [
    line.partition("  ")[0].split(" · ")
    for line in re.findall(
        r"^```text\n(_version .*?)^```$",
        (PACKAGE.parent / "docs/contributing.md").read_text(),
        re.MULTILINE | re.DOTALL,
    )[0].splitlines()
]
LAYER = {module: number for number, modules in enumerate(LAYERS) for module in modules}
PURE = [module for modules in LAYERS[: LAYER["_portal"] + 1] for module in modules]
MAXIMUM_LINES = 400


def module_of(path: Path) -> str:
    """The part of the package that a file belongs to, by its name in the table."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """The parts of the package that a file imports when it runs, at its top or later, with the line."""
    folder = path.relative_to(PACKAGE).parts[:-1]
    for node in running(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] == PACKAGE.name:
                    yield (alias.name.split(".")[1:] or [""])[0], node.lineno
        elif isinstance(node, ast.ImportFrom):
            package = (PACKAGE.name, *folder)
            base = package[: len(package) + 1 - node.level] if node.level else ()
            names = [*base, *(node.module.split(".") if node.module else [])]
            if names[0] == PACKAGE.name:
                for part in names[1:2] or [alias.name for alias in node.names]:
                    yield part, node.lineno


def running(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only type checkers read."""
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from running(child)


def test_every_module_has_its_place() -> None:
    assert {module_of(path) for path in FILES} == set(LAYER)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_layers_above(path: Path) -> None:
    own = module_of(path)
    wrong = [
        f"{path.name}:{line} imports {other}"
        for other, line in imports(path)
        if other != own and LAYER[other] >= LAYER[own]
    ]
    assert wrong == []


def test_imports_are_found() -> None:
    """Of each form that an import can have."""
    found = {module_of(path): {name for name, _ in imports(path)} for path in FILES if path.parent == PACKAGE}
    assert {"_portal", "_call", "_async"} <= found["client"]
    assert {"exceptions", "client"} <= found["local"], "inside functions"
    assert "_transport" not in found["_resource"], "for types alone"
    assert {"_resource", "endpoints"} == {name for name, _ in imports(PACKAGE / "_async/keys.py")}
    assert {"_retry"} <= {name for name, _ in imports(PACKAGE / "types/proxy.py")}


def loaded(statement: str) -> set[str]:
    """What is imported in a new interpreter after a statement, besides what was there before."""
    program = f"import sys\nbefore = set(sys.modules)\n{statement}\nprint(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=PACKAGE.parent)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_package_itself_imports_next_to_nothing() -> None:
    new = loaded("import litellm_proxy_client\ndir(litellm_proxy_client)")
    assert {name for name in new if name.startswith(PACKAGE.name)} == {PACKAGE.name, f"{PACKAGE.name}._version"}
    assert not new & {"httpx", "anyio", "pydantic", "asyncio", "ssl", "json", "email", "importlib.metadata"}


def test_pure_modules_import_nothing_but_the_standard_library() -> None:
    new = loaded("\n".join(f"import litellm_proxy_client.{module}" for module in PURE))
    foreign = {name.partition(".")[0] for name in new} - sys.stdlib_module_names
    assert foreign == {PACKAGE.name}


def test_a_client_imports_no_resource_before_it_is_used() -> None:
    new = loaded("import litellm_proxy_client\nlitellm_proxy_client.Client('http://proxy').with_options(timeout=1)")
    below = {name.removeprefix(f"{PACKAGE.name}.") for name in new}
    assert not {name for name in below if re.match(r"endpoints|_(a?sync)\.|_stream|_page|types\.(?!_|proxy)", name)}


def test_every_public_name_can_be_imported() -> None:
    for name in litellm_proxy_client.__all__:
        assert getattr(litellm_proxy_client, name) is not None
    assert set(litellm_proxy_client.__all__) <= set(dir(litellm_proxy_client))
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        litellm_proxy_client.nothing_of_the_kind  # noqa: B018


def lines_of(path: Path) -> int:
    """The lines of a file; of endpoints without docstrings, since a resource is one file and a parameter one line."""
    text = path.read_text("utf-8")
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = [
        node.body[0] for node in ast.walk(ast.parse(text)) if isinstance(node, documented) and ast.get_docstring(node)
    ]
    spared = sum((doc.end_lineno or doc.lineno) - doc.lineno + 1 for doc in docs)
    return len(text.splitlines()) - (spared if module_of(path) == "endpoints" else 0)


def test_files_are_short() -> None:
    written = [path for path in FILES if module_of(path) not in ("_async", "_sync")]
    lines = {path.relative_to(PACKAGE).as_posix(): lines_of(path) for path in written}
    assert {name: count for name, count in lines.items() if count > MAXIMUM_LINES} == {}
