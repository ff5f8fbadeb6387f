"""The names that users import: from the package itself, and from `types`."""

from __future__ import annotations

import ast
import importlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

import litellm_proxy_client
from litellm_proxy_client import exceptions, types
from litellm_proxy_client._codegen.endpoint_parser import Module, names_in, read_modules
from litellm_proxy_client._codegen.exports import write_exports

PACKAGE = Path(litellm_proxy_client.__file__).parent
MODULES = read_modules(PACKAGE / "_endpoints")
PUBLIC = [
    *("types/*.py", "exceptions.py", "client.py", "local.py", "streams.py"),
    *("users_management.py", "_clients/*.py", "_sync/*.py"),
]
"""The files whose public classes users meet."""


@pytest.mark.parametrize("module", [litellm_proxy_client, types])
def test_every_name_can_be_imported(module: ModuleType) -> None:
    for name in module.__all__:
        assert getattr(module, name) is not None, name
    assert set(module.__all__) <= set(dir(module))
    with pytest.raises(AttributeError, match="has no attribute 'no_such_name'"):
        module.no_such_name  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'no_such_name'"):
        exec(f"from {module.__name__} import no_such_name")


def test_clients_exceptions_streams_pages_and_parameter_types_are_exported() -> None:
    errors = {name for name, value in vars(exceptions).items() if isinstance(value, type)}
    assert errors < set(litellm_proxy_client.__all__)
    assert {
        *("AsyncClient", "AsyncPage", "AsyncStream", "Client", "Page", "Stream"),
        *("AsyncChatCompletionStream", "ChatCompletionChunk", "ChatCompletionStream"),
        *("NULL", "Null", "MessageParam", "QueryValue", "TransportName", "UserMessage"),
    } < set(litellm_proxy_client.__all__)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.path.stem)
def test_the_types_of_every_method_are_exported(module: Module) -> None:
    for method in (method for resource in module.resources for method in resource.methods):
        for name in {name for annotation in method.annotations for name in names_in(annotation)}:
            if "..types." in module.imports.get(name, ""):
                assert name in litellm_proxy_client.__all__, f"{method.name}: {name}"
                assert getattr(litellm_proxy_client, name) is getattr(types, name)


def test_every_model_is_exported_from_types() -> None:
    for path in (PACKAGE / "types").glob("*.py"):
        if path.stem != "__init__":
            found = importlib.import_module(f"{types.__name__}.{path.stem}")
            own = {name for name, value in vars(found).items() if getattr(value, "__module__", "") == found.__name__}
            classes = {name for name in own if isinstance(vars(found)[name], type) and not name.startswith("_")}
            assert classes <= set(types.__all__), path.stem


def test_a_new_model_is_exported(tmp_path: Path) -> None:
    package = tmp_path / PACKAGE.name
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "types/colours.py").write_text(
        "class Colour:\n    pass\nclass _Hidden:\n    pass\nShade: TypeAlias = str\nDEPTH: int = 5\n"
    )
    before, after = write_exports(PACKAGE, MODULES), write_exports(package, MODULES)
    assert before["__init__.py"] == after["__init__.py"]
    added = set(after["types/__init__.py"].splitlines()) - set(before["types/__init__.py"].splitlines())
    assert added == {
        "    from .colours import Colour, Shade",
        *('    "Colour",', '    "Colour": "colours",', '    "Shade",', '    "Shade": "colours",'),
    }


def public_classes() -> Iterator[tuple[str, str]]:
    """Every public class, with the file that defines it."""
    for path in (path for pattern in PUBLIC for path in sorted(PACKAGE.glob(pattern))):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield node.name, path.relative_to(PACKAGE).as_posix()


def test_no_two_public_classes_have_one_name() -> None:
    files: dict[str, list[str]] = {}
    for name, file in public_classes():
        files.setdefault(name, []).append(file)
    assert {"Client", "Key", "Keys", "NotFoundError", "Stream", "UsersManagementClient"} <= files.keys()
    twice = {name: where for name, where in files.items() if len(where) > 1}
    assert twice == {}, "use the existing class, or choose another name"


# --- Errors of lazy imports ---

BROKEN = """
    import sys, traceback

    class Broken:
        def find_spec(self, name, path=None, target=None):
            if name == {module!r}:
                raise {error}

    sys.meta_path.insert(0, Broken())
    try:
        {statement}
    except BaseException as error:
        chain = [error]
        while chain[-1].__cause__ is not None:
            chain.append(chain[-1].__cause__)
        print(*(f"{{type(each).__name__}}: {{each}}" for each in chain), sep="\\n")
"""
CLIENT = "from litellm_proxy_client import Client; Client('http://proxy')"


def raised(module: str, error: str, statement: str) -> list[str]:
    """The error of a statement and its causes, in an interpreter in which the import of a module raises an error."""
    program = dedent(BROKEN).format(module=module, error=error, statement=statement)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=PACKAGE.parent)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    "error", ["ModuleNotFoundError('no pydantic here')", "ValueError('too old')", "AttributeError('no X')"]
)
@pytest.mark.parametrize("attribute", ["models", "chat.completions", "_executor"])
def test_an_error_in_the_import_of_a_resource_is_raised_as_it_is(attribute: str, error: str) -> None:
    kind, _, text = error.rstrip("')").partition("('")
    assert raised("pydantic", error, f"{CLIENT}.{attribute}") == [f"{kind}: {text}"]


@pytest.mark.parametrize(
    "statement", ["from litellm_proxy_client import Key", "from litellm_proxy_client.types import Key"]
)
def test_an_error_in_the_import_of_a_name_is_raised_with_its_cause(statement: str) -> None:
    assert raised("pydantic", "ModuleNotFoundError('no pydantic')", statement) == ["ModuleNotFoundError: no pydantic"]
    assert raised("pydantic", "ValueError('too old')", statement) == ["ValueError: too old"]
    package = statement.split()[1]
    # `from ... import` would replace an AttributeError by an ImportError without a cause.
    assert raised("pydantic", "AttributeError('no X')", statement) == [
        f"ImportError: cannot import 'Key' from '{package}': no X",
        "AttributeError: no X",
    ]


def test_an_unknown_attribute_of_a_client_is_an_attribute_error() -> None:
    assert raised("nothing", "ValueError", f"{CLIENT}.colours") == [
        "AttributeError: 'Client' object has no attribute 'colours'"
    ]
