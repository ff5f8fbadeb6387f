"""The order of the layers that docs/contributing.md lists: each imports only from those above it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import litellm_proxy_client

PACKAGE = Path(litellm_proxy_client.__file__).parent
(LISTED,) = re.findall(
    r"^```text\n(_version .*?)^```$", (PACKAGE.parent / "docs/contributing.md").read_text(), re.MULTILINE | re.DOTALL
)
LAYERS = [re.split(" {3,}", line)[0].split() for line in LISTED.splitlines()]
LAYER = {name.strip("/"): number for number, names in enumerate(LAYERS) for name in names}
PURE = ("_version", "_headers", "exceptions", "_wire.parameters", "_wire.retry", "_wire.sse", "_wire.decompress")
FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]


def name_of(path: Path) -> str:
    """A file as its imports name it, below the package: `_wire.retry`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path) for path in FILES}


def layer_of(module: str) -> int:
    return LAYER[module.partition(".")[0]]


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """The modules of the package that a file imports, also inside functions and for types alone, with the line."""
    folder = path.relative_to(PACKAGE).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = (PACKAGE.name, *folder)
            base = [*(package[: len(package) + 1 - node.level] if node.level else ())]
            base += node.module.split(".") if node.module else []
            found = [[*base, alias.name] for alias in node.names]
        else:
            continue
        for names in found:
            if names[0] == PACKAGE.name:
                # What follows a module's name is a name in it.
                module, parent = ".".join(names[1:]), ".".join(names[1:-1])
                yield (module if module in NAMES else parent), node.lineno


IMPORTS = {name_of(path): {module for module, _ in imports(path) if module} for path in FILES}


def test_every_module_has_its_layer() -> None:
    assert {name.partition(".")[0] for name in NAMES} == set(LAYER)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_layers_above(path: Path) -> None:
    own = name_of(path).partition(".")[0]
    wrong = [
        f"{path.name}:{line} imports {other or 'the package itself'}"
        for other, line in imports(path)
        if not other or (other.partition(".")[0] != own and layer_of(other) >= LAYER[own])
    ]
    assert wrong == []


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Modules that import each other in a circle, if there are any."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle(IMPORTS) == []
    assert circle({**IMPORTS, "_headers": {"client"}}) != []


def test_imports_are_found() -> None:
    """Each form that an import can have is recognized."""
    assert {"_runtime.background_loop", "_wire.config", "_async"} <= IMPORTS["client"]
    assert {"exceptions", "client"} <= IMPORTS["local"], "inside functions"
    assert "_runtime.executor" in IMPORTS["_clients.resource"], "for types alone"
    assert {"_clients.resource", "_endpoints.keys", "types.keys"} <= IMPORTS["_async.keys"]
    assert "_headers" in IMPORTS["types.proxy"]


def loaded(statement: str) -> set[str]:
    """Return the modules that a statement imports in a new interpreter."""
    program = f"import sys\nbefore = set(sys.modules)\n{statement}\nprint(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=PACKAGE.parent)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_package_itself_imports_next_to_nothing() -> None:
    new = loaded("import litellm_proxy_client\ndir(litellm_proxy_client)")
    assert {name for name in new if name.startswith(PACKAGE.name)} == {PACKAGE.name, f"{PACKAGE.name}._version"}
    assert not new & {"httpx", "anyio", "pydantic", "asyncio", "ssl", "json", "email", "importlib.metadata"}
    assert loaded("from litellm_proxy_client import types\ndir(types)") - new == {f"{PACKAGE.name}.types"}


def test_pure_modules_import_nothing_but_the_standard_library() -> None:
    new = loaded("\n".join(f"import litellm_proxy_client.{module}" for module in PURE))
    foreign = {name.partition(".")[0] for name in new} - sys.stdlib_module_names
    assert foreign == {PACKAGE.name}


def test_a_client_imports_no_resource_before_it_is_used() -> None:
    new = loaded("import litellm_proxy_client\nlitellm_proxy_client.Client('http://proxy').with_options(timeout=1)")
    below = {name.removeprefix(f"{PACKAGE.name}.") for name in new}
    assert not {
        name for name in below if re.match(r"_endpoints|_(a?sync)\.|_streams|_clients\.|types\.(?!_|proxy)", name)
    }
