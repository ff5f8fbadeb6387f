"""Generates both faces from the endpoints.

    python -m litellm_proxy_client._generate            # write _async/ and _sync/
    python -m litellm_proxy_client._generate --check    # fail if they are not what would be written

The sources are read as text, never imported; annotations are copied as they stand.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = Path(__file__).parent
ROUTE = re.compile(r"^\s*`(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /\S*`", re.MULTILINE)

TIMEOUT_DOC = "timeout: Seconds for the whole call, retries and waits included; by default the client's."
REQUEST_DOC = "return_request: Return the prepared request{many} instead of sending {them}."


class Refused(Exception):
    """An endpoint that breaks the rules of `docs/contributing.md`."""


@dataclass
class Parameter:
    """A parameter of an endpoint, its annotation and default as source text."""

    name: str
    annotation: str
    default: str | None
    keyword: bool


@dataclass
class Method:
    """An endpoint's method."""

    name: str
    parameters: list[Parameter]
    extra: Parameter | None
    """`**options`, where there is one."""
    kind: str
    """Which runner of `_resource.py` it takes: `call`, `page`, `call_or_stream`, `calls`, `find_call`, `find_calls`."""
    answer: str
    chunk: str | None
    doc: str

    @property
    def many(self) -> bool:
        """Whether it makes several requests."""
        return self.kind.endswith("calls")


@dataclass
class Resource:
    """A class of endpoints."""

    name: str
    doc: str
    methods: list[Method] = field(default_factory=list)
    children: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Face:
    """What differs between the faces."""

    folder: str
    prefix: str
    define: str
    wait: str

    @property
    def base(self) -> str:
        """The class that its resources stand on."""
        return f"{self.prefix or 'Sync'}Resource"


OWN_TYPES = {
    "AsyncPage": "from .._page import AsyncPage",
    "AsyncStream": "from .._stream import AsyncStream",
    "Page": "from .._page import Page",
    "Stream": "from .._stream import Stream",
    "builtins": "import builtins",
    "httpx": "import httpx",
}
FACES = (Face("_async", "Async", "async def", "await "), Face("_sync", "", "def", ""))


def read_resources(path: Path) -> tuple[list[Resource], dict[str, str]]:
    """The resources in an endpoint module, and its imports: name to statement."""
    source = path.read_text()
    tree = ast.parse(source)
    imports: dict[str, str] = {}
    resources: list[Resource] = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module != "__future__":
            module = "." * node.level + (node.module or "")
            imports.update({a.asname or a.name: f"from {module} import {_alias(a)}" for a in node.names})
        elif isinstance(node, ast.Import):
            imports.update({a.asname or a.name: f"import {_alias(a)}" for a in node.names})
        elif isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            raise Refused(f"{path.name}: import at the top; the generated faces guard what only types need")
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            resources.append(_resource(path, source, node))
    return resources, imports


def _alias(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def _resource(path: Path, source: str, node: ast.ClassDef) -> Resource:
    doc = _docstring(source, node)
    if not doc:
        raise Refused(f"{path.name}: class {node.name} has no docstring")
    resource = Resource(node.name, doc)
    for item in node.body:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            resource.children[item.target.id] = _segment(source, item.annotation)
        elif isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and not item.name.startswith("_"):
            try:
                resource.methods.append(_method(source, item))
            except Refused as refusal:
                raise Refused(f"{path.name}: {node.name}.{item.name}: {refusal}") from None
    return resource


def _segment(source: str, node: ast.AST) -> str:
    segment = ast.get_source_segment(source, node) or ""
    return " ".join(segment.split()) if "\n" in segment else segment


def _docstring(source: str, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """A docstring as it is written, escapes and all."""
    if not ast.get_docstring(node):
        return ""
    return (ast.get_source_segment(source, node.body[0]) or "").removeprefix('"""').removesuffix('"""')


def _method(source: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Method:
    if node.returns is None:
        raise Refused("it has no return annotation")
    doc = _docstring(source, node)
    if not doc or not ROUTE.search(doc):
        raise Refused("its docstring has no route line such as `GET /key/list`")
    finds = isinstance(node, ast.AsyncFunctionDef)
    parameters = list(_parameters(source, node.args))
    if finds:
        if not parameters or parameters[0].name != "send":
            raise Refused("an async endpoint's first parameter is send")
        parameters = parameters[1:]
    extra = node.args.kwarg
    kind, answer, chunk = _returns(_segment(source, node.returns))
    if finds:
        if kind not in ("call", "calls"):
            raise Refused("an async endpoint returns Call[...] or Calls[...]")
        kind = f"find_{kind}"
    described = extra and Parameter(extra.arg, _annotation(source, extra), None, True)
    for parameter in [*parameters, *([described] if described else [])]:
        if parameter.name in ("timeout", "return_request"):
            raise Refused(f"{parameter.name} is added by the generator")
        if not re.search(rf"^\s+(\*\*)?{parameter.name}: \S", doc, re.MULTILINE):
            raise Refused(f"parameter {parameter.name} is not documented")
    return Method(node.name, parameters, described, kind, answer, chunk, doc)


def _annotation(source: str, argument: ast.arg) -> str:
    if argument.annotation is None:
        raise Refused(f"parameter {argument.arg} has no annotation")
    return _segment(source, argument.annotation)


def _parameters(source: str, arguments: ast.arguments) -> Iterator[Parameter]:
    positional = [*arguments.posonlyargs, *arguments.args][1:]
    if arguments.vararg:
        raise Refused("*arguments are not supported")
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    for argument, default in zip(positional, defaults, strict=True):
        yield _parameter(source, argument, default, keyword=False)
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _parameter(source, argument, default, keyword=True)


def _parameter(source: str, argument: ast.arg, default: ast.expr | None, *, keyword: bool) -> Parameter:
    if default is not None and not isinstance(default, ast.Constant):
        raise Refused(f"the default of {argument.arg} is not a constant")
    text = None if default is None else _segment(source, default)
    return Parameter(argument.arg, _annotation(source, argument), text, keyword)


def _returns(annotation: str) -> tuple[str, str, str | None]:
    if match := re.fullmatch(r"Call\[(.+)\] \| StreamCall\[(.+)\]", annotation):
        return "call_or_stream", match[1], match[2]
    if match := re.fullmatch(r"(Call|PageCall|Calls)\[(.+)\]", annotation):
        return {"Call": "call", "PageCall": "page", "Calls": "calls"}[match[1]], match[2], None
    raise Refused(f"it returns {annotation}, which is no Call, PageCall, Calls or Call | StreamCall")


def write_module(path: Path, face: Face) -> str:
    """The generated module of one endpoint module for one face."""
    resources, imports = read_resources(path)
    body = "\n\n\n".join(_class(resource, face) for resource in resources)
    used = set(re.findall(r"\w+", re.sub(r'"""(?:.|\n)*?"""', "", body)))
    nested = any(resource.children for resource in resources)
    typing = ["TYPE_CHECKING", *(name for name in ("Literal", "overload") if name in used)]
    for_types = {name: statement for name, statement in imports.items() if name in used and name not in typing}
    for_types |= {name: statement for name, statement in OWN_TYPES.items() if name in used}
    lines = [
        f"# Generated from endpoints/{path.name} by `python -m litellm_proxy_client._generate`. Do not edit.",
        "",
        "from __future__ import annotations",
        "",
        *(["from functools import cached_property"] if nested else []),
        f"from typing import {', '.join(typing)}",
        "",
        f"from .._resource import {face.base}",
        f"from ..endpoints import {path.stem} as _endpoints",
        "",
    ]
    if for_types:
        lines += ["if TYPE_CHECKING:", *(f"    {statement}" for statement in sorted(set(for_types.values()))), ""]
    return "\n".join([*lines, "", body, ""])


def _class(resource: Resource, face: Face) -> str:
    lines = [f"class {face.prefix}{resource.name}({face.base}):", f'    """{resource.doc}"""', ""]
    shadowed = any(method.name == "list" for method in resource.methods)
    if resource.methods:
        lines += [f"    _endpoints = _endpoints.{resource.name}()", ""]
    for name, child in resource.children.items():
        lines += [
            "    @cached_property",
            f"    def {name}(self) -> {face.prefix}{child}:",
            f'        """The {name} of this resource."""',
            f"        return {face.prefix}{child}(self._transport)",
            "",
        ]
    for method in resource.methods:
        lines += _method_lines(method, face, shadowed=shadowed)
    return "\n".join(lines).rstrip()


def _method_lines(method: Method, face: Face, *, shadowed: bool) -> list[str]:
    request = f"{'builtins.' if shadowed else ''}list[httpx.Request]" if method.many else "httpx.Request"
    if method.kind == "page":
        answer = f"{face.prefix}Page[{method.answer}]"
    else:
        answer = method.answer
    lines: list[str] = []
    if method.chunk is None:
        sent = [({"return_request": "Literal[False] = False"}, answer)]
        whole = f"{answer} | {request}"
    else:
        stream = f"{face.prefix}Stream[{method.chunk}]"
        sent = [
            ({"stream": "Literal[False] = False", "return_request": "Literal[False] = False"}, answer),
            ({"stream": "Literal[True]", "return_request": "Literal[False] = False"}, stream),
            ({"stream": "bool", "return_request": "Literal[False] = False"}, f"{answer} | {stream}"),
        ]
        whole = f"{answer} | {stream} | {request}"
    for changed, returned in [*sent, ({"return_request": "Literal[True]"}, request)]:
        lines += ["    @overload", *_signature(method, face, changed, f"{returned}: ...")]
    lines += _signature(method, face, {"return_request": "bool = False"}, f"{whole}:")
    lines += [f'        """{_documented(method)}"""', *_body(method, face), ""]
    return lines


def _signature(method: Method, face: Face, changed: dict[str, str], returned: str) -> list[str]:
    lines = [f"    {face.define} {method.name}(", "        self,"]
    starred = False
    for parameter in [
        *method.parameters,
        Parameter("timeout", "float | None", "None", True),
        Parameter("return_request", "bool", "False", True),
    ]:
        if parameter.keyword and not starred:
            lines.append("        *,")
            starred = True
        default = "" if parameter.default is None else f" = {parameter.default}"
        lines.append(f"        {parameter.name}: {changed.get(parameter.name, parameter.annotation + default)},")
    if method.extra:
        lines.append(f"        **{method.extra.name}: {method.extra.annotation},")
    return [*lines, f"    ) -> {returned}"]


def _documented(method: Method) -> str:
    """The endpoint's docstring with the parameters that the generator adds."""
    many = {"many": "s", "them": "them"} if method.many else {"many": "", "them": "it"}
    added = [f"            {line}" for line in (TIMEOUT_DOC, REQUEST_DOC.format(**many))]
    lines = method.doc.split("\n")
    if "        Args:" not in lines:
        place = next((i for i, line in enumerate(lines) if line in ("        Returns:", "        Raises:")), None)
        if place is None:
            return "\n".join([*lines[:-1], "", "        Args:", *added, lines[-1]])
        return "\n".join([*lines[:place], "        Args:", *added, "", *lines[place:]])
    start = lines.index("        Args:") + 1
    end = next((i for i in range(start, len(lines)) if not lines[i].startswith("         ")), len(lines))
    return "\n".join([*lines[:end], *added, *lines[end:]])


def _body(method: Method, face: Face) -> list[str]:
    passed = [f"{p.name}={p.name}" if p.keyword else p.name for p in method.parameters]
    if method.extra:
        passed.append(f"**{method.extra.name}")
    finds = method.kind.startswith("find_")
    if finds:
        passed.insert(0, "send")
    opening = "lambda send: " if finds else ""
    return [
        f"        return {face.wait}self._{method.kind}(",
        *_nested(f"{opening}self._endpoints.{method.name}", passed),
        "            timeout,",
        "            return_request,",
        "        )",
    ]


def _nested(function: str, passed: list[str]) -> list[str]:
    if not passed:
        return [f"            {function}(),"]
    return [f"            {function}(", *(f"                {argument}," for argument in passed), "            ),"]


def write_face(paths: list[Path], face: Face) -> str:
    """The generated `__init__.py` of a face: every resource as a property that imports it when first used."""
    lines = [
        "# Generated from endpoints/ by `python -m litellm_proxy_client._generate`. Do not edit.",
        "",
        "from __future__ import annotations",
        "",
        "from functools import cached_property",
        "from typing import TYPE_CHECKING",
        "",
        "if TYPE_CHECKING:",
        "    from .._transport import Transport",
        *(f"    from .{path.stem} import {face.prefix}{_main(path).name}" for path in paths),
        "",
        "",
        f"class {face.prefix or 'Sync'}Resources:",
        '    """The resources of a client."""',
        "",
        "    _transport: Transport",
        "",
    ]
    for path in paths:
        main = _main(path)
        lines += [
            "    @cached_property",
            f"    def {path.stem}(self) -> {face.prefix}{main.name}:",
            f'        """{main.doc.splitlines()[0]}"""',
            f"        from .{path.stem} import {face.prefix}{main.name}",
            "",
            f"        return {face.prefix}{main.name}(self._transport)",
            "",
        ]
    return "\n".join(lines)


def _main(path: Path) -> Resource:
    resources, _ = read_resources(path)
    wanted = path.stem.replace("_", "")
    for resource in resources:
        if resource.name.lower() == wanted:
            return resource
    raise Refused(f"{path.name} has no class named {path.stem.title().replace('_', '')}")


def generate(endpoints: Path) -> dict[str, str]:
    """All generated files: path below the package to content."""
    paths = sorted(path for path in endpoints.glob("*.py") if not path.name.startswith("_"))
    files: dict[str, str] = {}
    for face in FACES:
        files[f"{face.folder}/__init__.py"] = write_face(paths, face)
        files.update({f"{face.folder}/{path.name}": write_module(path, face) for path in paths})
    return files


def stale(root: Path, files: dict[str, str]) -> list[str]:
    """The files that are missing, differ, or should not be there."""
    there = {f"{face.folder}/{path.name}" for face in FACES for path in (root / face.folder).glob("*.py")}
    differ = {name for name, text in files.items() if name in there and (root / name).read_text() != text}
    return sorted((there ^ files.keys()) | differ)


def main(arguments: list[str] | None = None, root: Path = PACKAGE) -> int:
    """Write the faces, or check that they are fresh."""
    parser = argparse.ArgumentParser(prog="python -m litellm_proxy_client._generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is not fresh")
    options = parser.parse_args(arguments)
    try:
        files = generate(root / "endpoints")
    except Refused as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        return 1
    names = stale(root, files)
    if options.check:
        for name in names:
            print(f"not fresh: {name}; run python -m litellm_proxy_client._generate", file=sys.stderr)
        return 1 if names else 0
    for name in names:
        if name in files:
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(files[name])
        else:
            (root / name).unlink()
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
