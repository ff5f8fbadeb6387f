"""The generator, and the resources that it generates from the endpoints."""

from __future__ import annotations

import ast
import asyncio
import importlib
import inspect
import json
import pydoc
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest

from litellm_proxy_client import AsyncClient, Client
from litellm_proxy_client._clients.resource import AsyncResource, SyncResource
from litellm_proxy_client._codegen import generate as generator
from litellm_proxy_client._codegen.endpoint_parser import Method, read_modules
from litellm_proxy_client.exceptions import UsageTypeError

from .conftest import MakeClient
from .server import Exchange, Server

PACKAGE = Path(generator.__file__).parent.parent
MODULES = read_modules(PACKAGE / "_endpoints")
METHODS = [
    pytest.param(module.path.stem, resource.name, method, id=f"{resource.name}.{method.name}")
    for module in MODULES
    for resource in module.resources
    for method in resource.methods
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package, freshly generated, in a folder to run Python in."""
    target = tmp_path / "litellm_proxy_client"
    shutil.copytree(PACKAGE, target, ignore=shutil.ignore_patterns("__pycache__"))
    assert generator.main([], target) == 0
    return target


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=copy.parent, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )


def generate(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(copy, "-m", "litellm_proxy_client._codegen.generate", *arguments)


# --- Up to date in both directions ---


def test_generated_files_are_up_to_date() -> None:
    files = generator.generate(PACKAGE / "_endpoints")
    assert generator.outdated(PACKAGE, files) == []
    assert {f"{folder}/{name}.py" for folder in ("_async", "_sync") for name in ("__init__", "chat")} <= files.keys()


def test_check_reports_missing_changed_and_surplus_files_and_a_run_repairs_them(copy: Path) -> None:
    keys = (copy / "_sync/keys.py").read_text()
    (copy / "_async/chat.py").unlink()
    (copy / "_sync/keys.py").write_text(keys.replace("key: str", "key: int", 1))
    (copy / "_sync/gone.py").write_text("")
    checked = generate(copy, "--check")
    assert checked.returncode == 1
    assert re.findall(r"not up to date: (\S+);", checked.stderr) == ["_async/chat.py", "_sync/gone.py", "_sync/keys.py"]
    assert not (copy / "_async/chat.py").exists(), "a check wrote a file"
    assert generate(copy).returncode == 0
    assert not (copy / "_sync/gone.py").exists()
    assert (copy / "_sync/keys.py").read_text() == keys
    assert generate(copy, "--check").returncode == 0


def test_a_changed_endpoint_makes_both_clients_outdated(copy: Path) -> None:
    keys = copy / "_endpoints/keys.py"
    keys.write_text(keys.read_text().replace("Create a key.", "Create a new key."))
    (copy / "_endpoints/credentials.py").unlink()
    outdated = re.findall(r"not up to date: (\S+);", generate(copy, "--check").stderr)
    assert outdated == [
        "__init__.py",
        *(f"{folder}/{name}.py" for folder in ("_async", "_sync") for name in ("__init__", "credentials", "keys")),
    ]


def test_linter_accepts_generated_code() -> None:
    check_style(PACKAGE)


def check_style(package: Path) -> None:
    config = f"--config={PACKAGE.parent / 'pyproject.toml'}"
    folders = [f"{package.name}/{name}" for name in ("_async", "_sync", "__init__.py", "types/__init__.py")]
    done = run(package, "-m", "ruff", "check", "--no-cache", config, *folders)
    assert done.returncode == 0, done.stdout + done.stderr


def test_generated_code_is_at_most_fifty_lines_for_each_method_and_client() -> None:
    lines = sum(text.count("\n") for text in generator.generate(PACKAGE / "_endpoints").values())
    assert lines / len(METHODS) / 2 <= 50


# --- Both clients have the same methods ---


def resource_class(folder: str, module: str, resource: str) -> Any:
    prefix = "Async" if folder == "_async" else ""
    return getattr(importlib.import_module(f"litellm_proxy_client.{folder}.{module}"), prefix + resource)


def without_async(annotation: str) -> str:
    return re.sub(r"\bAsync(Page|\w*Stream)\b", r"\1", annotation)


@pytest.mark.parametrize(("module", "resource", "method"), METHODS)
def test_both_clients_have_the_same_methods(module: str, resource: str, method: Method) -> None:
    awaited = getattr(resource_class("_async", module, resource), method.name)
    called = getattr(resource_class("_sync", module, resource), method.name)
    assert inspect.iscoroutinefunction(awaited)
    assert not inspect.iscoroutinefunction(called)
    assert awaited.__doc__ == called.__doc__
    of_async, of_sync = inspect.signature(awaited), inspect.signature(called)
    assert list(of_async.parameters.values()) == list(of_sync.parameters.values())
    assert without_async(of_async.return_annotation) == of_sync.return_annotation


@pytest.mark.parametrize(("module", "resource", "method"), METHODS)
def test_the_signature_has_the_parameters_of_the_first_overload(module: str, resource: str, method: Method) -> None:
    for folder in ("_async", "_sync"):
        tree = ast.parse((PACKAGE / folder / f"{module}.py").read_text())
        classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        owner = resource_class(folder, module, resource)
        overloads = [node for node in classes[owner.__name__].body if getattr(node, "name", "") == method.name]
        functions = [node for node in overloads if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
        first, implementation = functions[0], functions[-1]
        signature = inspect.signature(getattr(owner, method.name))
        expected = {
            each.arg: (ast.unparse(each.annotation) if each.annotation else inspect.Parameter.empty)
            for each in [*first.args.args, *first.args.kwonlyargs, *([first.args.kwarg] if first.args.kwarg else [])]
        }
        # An overload narrows these two to one of their values.
        expected |= dict.fromkeys(expected.keys() & {"stream", "return_request"}, "bool")
        assert {name: each.annotation for name, each in signature.parameters.items()} == expected
        assert implementation.returns is not None
        assert signature.return_annotation == ast.unparse(implementation.returns)
        assert [each.name for each in signature.parameters.values() if each.kind is each.KEYWORD_ONLY] == [
            each.arg for each in first.args.kwonlyargs
        ]


SHOWN = ("key_alias: 'str | None' = None", "timeout: 'float | None' = None", "return_request: 'bool' = False")


@pytest.mark.parametrize("client", [AsyncClient("http://proxy"), Client("http://proxy")], ids=["async", "sync"])
def test_help_shows_the_parameters(client: AsyncClient | Client) -> None:
    text = re.sub(r"\s+", " ", pydoc.render_doc(client.keys.generate, renderer=pydoc.TextDoc())).replace("\b", "")
    assert all(shown in text for shown in SHOWN)
    assert "-> 'GeneratedKey | httpx.Request'" in text
    assert "key_alias: " in text.partition("Args:")[2]


@pytest.mark.parametrize("client", [AsyncClient("http://proxy"), Client("http://proxy")], ids=["async", "sync"])
def test_ipython_shows_the_parameters(client: AsyncClient | Client) -> None:
    pytest.importorskip("IPython", reason="IPython 9 needs Python 3.11")
    from IPython.core.oinspect import Inspector

    inspector: Any = Inspector(theme_name="nocolor")
    definition = re.sub(r"\s+", " ", inspector.info(client.keys.generate, oname="generate")["definition"])
    assert all(shown in definition for shown in SHOWN)


@pytest.mark.parametrize("client", [AsyncClient("http://proxy"), Client("http://proxy")], ids=["async", "sync"])
def test_jedi_completes_the_parameters(client: AsyncClient | Client) -> None:
    jedi: Any = importlib.import_module("jedi")
    (signature,) = jedi.Interpreter("client.keys.generate(", [{"client": client}]).get_signatures()
    assert {"key_alias", "timeout", "return_request"} <= {each.name for each in signature.params}


@pytest.mark.parametrize("client", [AsyncClient("http://proxy"), Client("http://proxy")], ids=["async", "sync"])
@pytest.mark.parametrize("return_request", [False, True])
@pytest.mark.parametrize(
    ("arguments", "named"),
    [((), {}), (("k", "l"), {}), (("k",), {"colour": "red"})],
    ids=["missing", "surplus", "unknown"],
)
async def test_wrong_arguments_are_rejected(
    client: AsyncClient | Client, return_request: bool, arguments: tuple[str, ...], named: dict[str, str]
) -> None:
    """With `return_request=True` type checkers accept any argument, so the endpoint must reject it."""
    block: Any = client.keys.block
    with pytest.raises(UsageTypeError, match=r"^Keys\.block\(\) ") as caught:
        result = block(*arguments, return_request=return_request, **named)
        assert inspect.iscoroutine(result)
        await result
    assert caught.value.__context__ is None


@pytest.mark.parametrize("client", [AsyncClient("http://proxy"), Client("http://proxy")], ids=["async", "sync"])
async def test_wrong_arguments_of_a_look_up_are_rejected(client: AsyncClient | Client) -> None:
    get: Any = client.models.get
    with pytest.raises(UsageTypeError, match="colour"):
        await asyncio.to_thread(get, colour="red") if isinstance(client, Client) else await get(colour="red")


# --- Aliases ---

ALIASES = [
    (module.path.stem, resource.name, alias, target)
    for module in MODULES
    for resource in module.resources
    for alias, target in resource.aliases.items()
]


def test_only_aliases_of_the_same_route_and_type_exist() -> None:
    found = {(module, alias, target) for module, _, alias, target in ALIASES}
    assert found == {
        ("keys", "create", "generate"),
        ("keys", "get", "info"),
        ("models", "create", "add"),
        ("model_groups", "get", "info"),
    }


@pytest.mark.parametrize(("module", "resource", "alias", "target"), ALIASES)
@pytest.mark.parametrize("folder", ["_async", "_sync"])
def test_an_alias_has_the_signature_of_its_target(
    folder: str, module: str, resource: str, alias: str, target: str
) -> None:
    owner = resource_class(folder, module, resource)
    other, method = getattr(owner, alias), getattr(owner, target)
    assert inspect.signature(other) == inspect.signature(method)
    assert inspect.iscoroutinefunction(other) == inspect.iscoroutinefunction(method)
    assert (other.__name__, other.__doc__) == (alias, f"Alias of `{target}`.")


async def test_an_alias_sends_the_same_request(make_client: MakeClient) -> None:
    client = make_client("http://proxy")
    request = await client.keys.create(key_alias="a", return_request=True)
    same = await client.keys.generate(key_alias="a", return_request=True)
    assert (request.method, request.url, request.content) == (same.method, same.url, same.content)


def test_both_clients_have_the_same_overloads() -> None:
    for module in MODULES:
        text = {
            name: ast.unparse(ast.parse((PACKAGE / name / module.path.name).read_text()))
            for name in ("_async", "_sync")
        }
        called = re.sub(r"\bAsyncResource\b", "SyncResource", text["_async"])
        called = re.sub(r"\bAsync(\w+)", r"\1", called).replace("async def", "def").replace("return await", "return")
        assert called == text["_sync"]


def test_both_clients_have_every_resource() -> None:
    def resources(holder: object, prefix: str = "") -> Iterator[tuple[str, str]]:
        for name, value in inspect.getmembers(holder, lambda value: isinstance(value, (AsyncResource, SyncResource))):
            if name.startswith("_"):
                continue
            yield f"{prefix}{name}", type(value).__name__.removeprefix("Async")
            yield from resources(value, f"{prefix}{name}.")

    found = dict(resources(AsyncClient("http://proxy")))
    assert dict(resources(Client("http://proxy"))) == found
    assert {module.path.stem for module in MODULES} <= found.keys()
    assert sorted(found.values()) == sorted(resource.name for module in MODULES for resource in module.resources)


# --- Rules of endpoints ---

GOOD = '''
    def look(self, *, name: str) -> Operation[object]:
        """Look.

        `GET /look`

        Args:
            name: Its name.
        """
        return get("/look", object)
'''


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        ("        `GET /look`\n\n", "", "no line with a route"),
        ("`GET /look`", "Sends `GET /look`.", "no line with a route"),
        ("`GET /look`", "`LOOK /look`", "no line with a route"),
        (" -> Operation[object]", "", "no return annotation"),
        ("-> Operation[object]", "-> object", "it returns object"),
        ("            name: Its name.\n", "            names: Its name.\n", "parameter name is not documented"),
        ("            name: Its name.\n", "            name:\n", "parameter name is not documented"),
        (
            "Its name.\n",
            "Its name.\n            colour: A colour.\n",
            "documents colour, which is not one of its parameters",
        ),
        ("Its name.\n", "Its name.\n            name: Its name.\n", "documents a parameter twice"),
        ("name: str", "name: str, timeout: float | None = None", "timeout is added by the generator"),
        ("name: str", "name: str, return_request: bool = False", "return_request is added by the generator"),
        ("name: str", "name", "parameter name has no annotation"),
        ("name: str", "name: dict[\n            str, str]", "longer than a line"),
        ("name: str", "name: str = NAME", "default of name is not a constant"),
        ("*, name", "*names", "positional-only"),
        ("self, *, name: str", "self, name: str, /", "positional-only"),
        ("    def", "    @cached\n    def", "has a decorator"),
        ("    def", "    async def", "first parameter of an async endpoint must be send"),
        ("object]:", "object] | Operation[LookProtocol]:", "keyword parameter stream"),
        ('"""Look.', 'r"""Look.', "does not begin with"),
        ('"""Look.', '""""""\n        """', "no docstring"),
        ("        return get", '        body = {"name": name}\n        return get', "repeats name"),
        ("        return get", "        a = 1\n        body = fields(locals())\n        return get", "first statement"),
        ("        return get", "        body = dict(locals())\n        return get", "first statement"),
    ],
)
def test_an_endpoint_that_breaks_the_rules_is_rejected(
    tmp_path: Path, right: str, wrong: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert right in GOOD
    endpoints = tmp_path / "_endpoints"
    endpoints.mkdir()
    for body, rejected in ((GOOD, False), (GOOD.replace(right, wrong, 1), True)):
        (endpoints / "looks.py").write_text(f'class Looks:\n    """Looks."""\n{body}')
        assert generator.main([], tmp_path) == rejected
    assert re.search(rf"error: looks\.py: Looks\.look: .*{reason}", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('class Other:\n    """Looks."""\n', "no class named Looks"),
        ("class Looks:\n    pass\n", "no docstring"),
        ('class Looks(Base):\n    """Looks."""\n', "base class"),
        ('class Looks:\n    """Looks."""\n    far: Far\n', "no class named Far"),
        ('class Looks:\n    """Looks."""\n    view = look\n', "an alias must directly follow its method"),
        ('class Looks:\n    """Looks."""\n    view = partial(look)\n', "write an alias as"),
        ('if TYPE_CHECKING:\n    import httpx\nclass Looks:\n    """Looks."""\n', "import at the top"),
    ],
)
def test_a_resource_that_breaks_the_rules_is_rejected(
    tmp_path: Path, source: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    endpoints = tmp_path / "_endpoints"
    endpoints.mkdir()
    (endpoints / "looks.py").write_text(source)
    assert generator.main([], tmp_path) == 1
    assert reason in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["_endpoints"], "a file was written"


# --- Adding an endpoint takes one method in one file, and the generator ---

GUIDE = (PACKAGE.parent / "docs/contributing.md").read_text("utf-8")
METHOD = indent(dedent(re.findall(r"^   ```py\n(.*?)^   ```$", GUIDE, re.MULTILINE | re.DOTALL)[0]), "    ")
RESOURCE = '''
    """Pets."""

    from __future__ import annotations

    from .._streams.chat import ChatCompletionProtocol
    from .._wire.operation import MultiStepOperation, Operation, PageOperation, Send, encode_path, get, post
    from .._wire.response import EventReader
    from ._fields import fields


    class Pets:
        """Pets of the proxy."""

        def list(self, *, page: int | None = None) -> PageOperation[dict[str, object]]:
            """List pets.

            `GET /pets`

            Args:
                page: The page, from 1.
            """
            query = fields(locals())
            call = get("/pets", dict[str, object], query=query)
            return PageOperation(call, dict[str, object], "pets", "id", page="page", total_pages="pages")

        async def feed(self, send: Send, *, name: str) -> Operation[dict[str, object]]:
            """Feed a pet. A look-up is sent first.

            `GET /pets`
            `POST /pets/{id}/feed`

            Args:
                name: Its name.
            """
            query = fields(locals())
            found = await send(get("/pets", dict[str, object], query=query))
            return post(encode_path("/pets/{}/feed", str(found["id"])), dict[str, object])

        def wash(self, *, names: list[str]) -> MultiStepOperation[int]:
            """Wash pets.

            `POST /pets/{name}/wash`

            Args:
                names: Their names.
            """
            calls = [post(encode_path("/pets/{}/wash", name), object) for name in names]

            async def run(send: Send) -> int:
                return len([await send(call) for call in calls])

            return MultiStepOperation(calls, run)

        def talk(self, *, stream: bool = False) -> Operation[dict[str, object]] | Operation[ChatCompletionProtocol]:
            """Have a pet talk.

            `POST /pets/talk`

            Args:
                stream: Word by word.
            """
            body = fields(locals())
            if stream:
                return Operation("POST", "/pets/talk", EventReader(ChatCompletionProtocol), json=body)
            return post("/pets/talk", dict[str, object], json=body)
'''
PROGRAM = """
    import asyncio, json, sys
    from litellm_proxy_client import AsyncClient, Client

    def called(client):
        request = client.credentials.jwks("a/b", return_request=True)
        yield client.credentials.jwks("a/b"), str(request.url)
        page = client.pets.list(page=7, return_request=True)
        yield [pet["id"] for pet in client.pets.list()], page.url.query.decode()
        yield client.pets.feed(name="Rex"), client.pets.feed(name="Rex", return_request=True).url.path
        requests = client.pets.wash(names=["x", "y"], return_request=True)
        yield client.pets.wash(names=["x", "y"]), [request.url.path for request in requests]
        yield client.pets.talk(), [chunk["word"] for chunk in client.pets.talk(stream=True)]
        yield client.pets.talk(stream=True, return_request=True).headers["accept"], None

    async def awaited(client):
        request = await client.credentials.jwks("a/b", return_request=True)
        yield await client.credentials.jwks("a/b"), str(request.url)
        page = await client.pets.list(page=7, return_request=True)
        yield [pet["id"] async for pet in await client.pets.list()], page.url.query.decode()
        yield await client.pets.feed(name="Rex"), (await client.pets.feed(name="Rex", return_request=True)).url.path
        requests = await client.pets.wash(names=["x", "y"], return_request=True)
        yield await client.pets.wash(names=["x", "y"]), [request.url.path for request in requests]
        yield await client.pets.talk(), [chunk["word"] async for chunk in await client.pets.talk(stream=True)]
        yield (await client.pets.talk(stream=True, return_request=True)).headers["accept"], None

    async def main():
        async with AsyncClient(sys.argv[1], "sk-1") as client:
            return [pair async for pair in awaited(client)]

    with Client(sys.argv[1], "sk-1") as client:
        print(json.dumps([list(called(client)), asyncio.run(main())]))
"""


async def pets(exchange: Exchange) -> None:
    request = exchange.request
    if request.target.startswith("/pets?name="):
        await exchange.respond({"id": 5})
    elif request.target.startswith("/pets?") or request.target == "/pets":
        number = int(request.target.partition("page=")[2] or 1)
        await exchange.respond({"pets": [{"id": 2 * number}, {"id": 2 * number + 1}], "pages": 2})
    elif request.target == "/pets/talk" and request.json()["stream"]:
        await exchange.begin_stream()
        for word in ("woof", "miaow"):
            await exchange.event({"word": word})
        await exchange.end_stream()
    else:
        await exchange.respond({"message": f"{request.method} {request.target} {request.body.decode()}"})


async def test_adding_an_endpoint_takes_one_method_and_the_generator(copy: Path) -> None:
    credentials = copy / "_endpoints/credentials.py"
    credentials.write_text(credentials.read_text() + "\n" + METHOD)
    (copy / "_endpoints/pets.py").write_text(dedent(RESOURCE).lstrip())
    written = generate(copy)
    assert (written.returncode, written.stderr) == (0, "")
    changed = [f"{folder}/{name}.py" for folder in ("_async", "_sync") for name in ("__init__", "credentials", "pets")]
    assert written.stdout.split() == changed

    check_style(copy)

    async with Server(pets) as server:
        done = await asyncio.to_thread(run, copy, "-W", "error", "-c", dedent(PROGRAM), server.url)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    called, awaited = json.loads(done.stdout)
    assert called == [
        [{"message": "GET /credentials/a%2Fb/jwks "}, f"{server.url}/credentials/a%2Fb/jwks"],
        [[2, 3, 4, 5], "page=7"],
        [{"message": "POST /pets/5/feed "}, "/pets/5/feed"],
        [2, ["/pets/x/wash", "/pets/y/wash"]],
        [{"message": 'POST /pets/talk {"stream":false}'}, ["woof", "miaow"]],
        ["text/event-stream", None],
    ]
    assert awaited == called
