"""Generates both faces from the endpoints.

python -m litellm_proxy_client._codegen.generate            # write _async/ and _sync/
python -m litellm_proxy_client._codegen.generate --check    # fail if they are not what would be written
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from .endpoint_parser import EndpointError, Method, Module, Parameter, Resource, names_in, read_modules
from .exports import write_exports

PACKAGE = Path(__file__).parent.parent
NOTE = "by `python -m litellm_proxy_client._codegen.generate`. Do not edit."

TIMEOUT_DOC = "timeout: Seconds for the whole call, retries and waits included; by default the client's."
REQUEST_DOC = "return_request: Return the prepared request{many} instead of sending {them}."


@dataclass(frozen=True)
class Variant:
    """What differs between the faces."""

    folder: str
    prefix: str
    define: str
    wait: str

    @property
    def base(self) -> str:
        """The class that its resources stand on."""
        return f"{self.prefix or 'Sync'}Resource"

    def answer(self, method: Method) -> str:
        """What a method of this face answers with."""
        return f"{self.prefix}Page[{method.answer}]" if method.kind == "page" else method.answer

    def stream(self, method: Method) -> str:
        """What a method of this face answers with when it streams."""
        return f"{self.prefix}Stream[{method.chunk}]"


VARIANTS = (Variant("_async", "Async", "async def", "await "), Variant("_sync", "", "def", ""))
ADDED = (Parameter("timeout", "float | None", "None", True), Parameter("return_request", "bool", "False", True))
OWN_TYPES = {
    "AsyncPage": "from .._clients.page import AsyncPage",
    "AsyncStream": "from .._clients.stream import AsyncStream",
    "Page": "from .._clients.page import Page",
    "Stream": "from .._clients.stream import Stream",
    "builtins": "import builtins",
    "httpx": "import httpx",
}


def write_module(module: Module, face: Variant) -> str:
    """The generated module of one endpoint module for one face."""
    methods = [method for resource in module.resources for method in resource.methods]
    used = {"httpx"} | {name for method in methods for text in method.annotations for name in names_in(text)}
    used |= {name for method in methods for name in names_in(face.answer(method))}
    used |= {name for method in methods if method.chunk for name in names_in(face.stream(method))}
    if any(method.many for resource in module.resources if _has_list(resource) for method in resource.methods):
        used.add("builtins")
    available = {**module.imports, **OWN_TYPES}
    imports = sorted({available[name] for name in used - {"Literal"} if name in available})
    nested = any(resource.children for resource in module.resources)
    return "\n".join(
        [
            f"# Generated from _endpoints/{module.path.name} {NOTE}",
            "",
            "from __future__ import annotations",
            "",
            *(["from functools import cached_property"] if nested else []),
            "from typing import TYPE_CHECKING, Literal, overload",
            "",
            f"from .._clients.resource import {face.base}",
            f"from .._endpoints import {module.path.stem} as _endpoints",
            "",
            "if TYPE_CHECKING:",
            *(f"    {statement}" for statement in imports),
            "",
            "",
            "\n\n\n".join(_class(module, resource, face) for resource in module.resources),
            "",
        ]
    )


def _class(module: Module, resource: Resource, face: Variant) -> str:
    lines = [f"class {face.prefix}{resource.name}({face.base}):", f'    """{resource.doc}"""', ""]
    if resource.methods:
        lines += [f"    _endpoints = _endpoints.{resource.name}()", ""]
    for name, child in resource.children.items():
        lines += [
            "    @cached_property",
            f"    def {name}(self) -> {face.prefix}{child}:",
            f'        """{_summary(module.child(child))}"""',
            f"        return {face.prefix}{child}(self._executor)",
            "",
        ]
    for method in resource.methods:
        lines += _method(method, face, "builtins." if _has_list(resource) else "")
    return "\n".join(lines).rstrip()


def _has_list(resource: Resource) -> bool:
    """Whether a method hides the type `list` from the annotations of its class."""
    return any(method.name == "list" for method in resource.methods)


def _summary(resource: Resource) -> str:
    return resource.doc.splitlines()[0]


def _method(method: Method, face: Variant, builtins: str) -> list[str]:
    answer, stream = face.answer(method), face.stream(method)
    request = f"{builtins}list[httpx.Request]" if method.many else "httpx.Request"
    sent = {"return_request": "Literal[False] = False"}
    if method.chunk is None:
        overloads = [(sent, answer)]
        whole = f"{answer} | {request}"
    else:
        overloads = [
            ({**sent, "stream": "Literal[False] = False"}, answer),
            ({**sent, "stream": "Literal[True]"}, stream),
            ({**sent, "stream": "bool"}, f"{answer} | {stream}"),
        ]
        whole = f"{answer} | {stream} | {request}"
    lines: list[str] = []
    for changed, returned in [*overloads, ({"return_request": "Literal[True]"}, request)]:
        lines += ["    @overload", *_signature(method, face, changed, f"{returned}: ...")]
    return [
        *lines,
        *_signature(method, face, {}, f"{whole}:"),
        f'        """{documented(method)}"""',
        *_body(method, face),
        "",
    ]


def _signature(method: Method, face: Variant, changed: dict[str, str], returned: str) -> list[str]:
    lines = [f"    {face.define} {method.name}(", "        self,"]
    starred = False
    for parameter in [*method.parameters, *ADDED]:
        if parameter.keyword and not starred:
            lines.append("        *,")
            starred = True
        default = "" if parameter.default is None else f" = {parameter.default}"
        lines.append(f"        {parameter.name}: {changed.get(parameter.name, parameter.annotation + default)},")
    if method.extra:
        lines.append(f"        **{method.extra.name}: {method.extra.annotation},")
    return [*lines, f"    ) -> {returned}"]


def documented(method: Method) -> str:
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


def _body(method: Method, face: Variant) -> list[str]:
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


def write_face(modules: list[Module], face: Variant) -> str:
    """The generated `__init__.py` of a face: every resource as a property that imports it when first used."""
    lines = [
        f"# Generated from _endpoints/ {NOTE}",
        "",
        "from __future__ import annotations",
        "",
        "from functools import cached_property",
        "from typing import TYPE_CHECKING",
        "",
        "if TYPE_CHECKING:",
        "    from .._runtime.executor import RequestExecutor",
        *(f"    from .{module.path.stem} import {face.prefix}{module.main.name}" for module in modules),
        "",
        "",
        f"class {face.prefix or 'Sync'}Resources:",
        '    """The resources of a client."""',
        "",
        "    _executor: RequestExecutor",
        "",
    ]
    for module in modules:
        name, resource = module.path.stem, f"{face.prefix}{module.main.name}"
        lines += [
            "    @cached_property",
            f"    def {name}(self) -> {resource}:",
            f'        """{_summary(module.main)}"""',
            f"        from .{name} import {resource}",
            "",
            f"        return {resource}(self._executor)",
            "",
        ]
    return "\n".join(lines)


def generate(endpoints: Path) -> dict[str, str]:
    """All generated files: path below the package to content."""
    modules = read_modules(endpoints)
    files: dict[str, str] = {}
    for face in VARIANTS:
        files[f"{face.folder}/__init__.py"] = write_face(modules, face)
        files |= {f"{face.folder}/{module.path.name}": write_module(module, face) for module in modules}
    return files | write_exports(endpoints.parent, modules)


def stale(root: Path, files: dict[str, str]) -> list[str]:
    """The files that are missing, differ, or should not be there."""
    there = {f"{face.folder}/{path.name}" for face in VARIANTS for path in (root / face.folder).glob("*.py")}
    there |= {name for name in ("__init__.py", "types/__init__.py") if (root / name).exists()}
    differ = {name for name, text in files.items() if name in there and (root / name).read_text("utf-8") != text}
    return sorted((there ^ files.keys()) | differ)


def main(arguments: list[str] | None = None, root: Path = PACKAGE) -> int:
    """Write the faces, or check that they are fresh."""
    parser = argparse.ArgumentParser(prog="python -m litellm_proxy_client._codegen.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is not fresh")
    options = parser.parse_args(arguments)
    try:
        files = generate(root / "_endpoints")
    except EndpointError as refusal:
        print(f"refused: {refusal}", file=sys.stderr)
        return 1
    names = stale(root, files)
    if options.check:
        for name in names:
            print(f"not fresh: {name}; run python -m litellm_proxy_client._codegen.generate", file=sys.stderr)
        return 1 if names else 0
    for name in names:
        if name in files:
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(files[name], "utf-8", newline="\n")
        else:
            (root / name).unlink()
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
