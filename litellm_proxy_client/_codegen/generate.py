"""The generator of the asynchronous and the synchronous resources.

python -m litellm_proxy_client._codegen.generate            # write _async/, _sync/ and the public names
python -m litellm_proxy_client._codegen.generate --check    # fail if the files are not up to date
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .endpoint_parser import EndpointError, Method, Module, Parameter, Resource, names_in, read_modules
from .exports import write_exports

PACKAGE = Path(__file__).parent.parent
NOTE = "by `python -m litellm_proxy_client._codegen.generate`. Do not edit."
LINE_LENGTH = 120

TIMEOUT_DOC = "timeout: Seconds for the whole call, retries and waits included. Default: the client's."
REQUEST_DOC = "return_request: Return the prepared request{many} instead of sending {them}."


@dataclass(frozen=True)
class Variant:
    """The differences between the asynchronous and the synchronous client."""

    folder: str
    prefix: str
    define: str
    wait: str

    @property
    def base(self) -> str:
        """The class that its resources derive from."""
        return f"{self.prefix or 'Sync'}Resource"

    def result(self, method: Method) -> str:
        """Return the return type of a method of this client."""
        return f"{self.prefix}Page[{method.result}]" if method.kind == "PageOperation" else method.result

    def stream(self, method: Method) -> str:
        """Return the return type of a method of this client with `stream=True`."""
        return f"{self.prefix}{method.stream}"


VARIANTS = (Variant("_async", "Async", "async def", "await "), Variant("_sync", "", "def", ""))
TIMEOUT = Parameter("timeout", "float | None", "None", True)
RETURN_REQUEST = Parameter("return_request", "Literal[False]", "False", True)
OWN_IMPORTS = {
    "Any": "from typing import Any",
    "AsyncPage": "from .._clients.page import AsyncPage",
    "Page": "from .._clients.page import Page",
    "builtins": "import builtins",
    "httpx": "import httpx",
}


def write_module(module: Module, variant: Variant) -> str:
    """Return the generated module of one endpoint module for one client."""
    methods = [method for resource in module.resources for method in resource.methods]
    used = {"httpx"} | {name for method in methods for text in method.annotations for name in names_in(text)}
    used |= {name for method in methods for name in names_in(variant.result(method))}
    if any(method.many for resource in module.resources if resource.has_list for method in resource.methods):
        used.add("builtins")
    available = {**module.imports, **OWN_IMPORTS}
    imports = sorted({available[name] for name in used - {"Any", "Literal"} if name in available})
    streams = sorted({variant.stream(method) for method in methods if method.stream})
    nested = any(resource.children for resource in module.resources)
    aliased = any(resource.aliases for resource in module.resources)
    return "\n".join(
        [
            f"# Generated from _endpoints/{module.path.name} {NOTE}",
            "",
            "from __future__ import annotations",
            "",
            *(["from functools import cached_property"] if nested else []),
            "from typing import TYPE_CHECKING, Any, Literal, overload",
            "",
            f"from .._clients.resource import {variant.base}{', alias' if aliased else ''}",
            f"from .._endpoints import {module.path.stem} as _endpoints",
            *([f"from ..streams import {', '.join(streams)}"] if streams else []),
            "",
            "if TYPE_CHECKING:",
            *(f"    {statement}" for statement in imports),
            "",
            "",
            "\n\n\n".join("\n".join(_class(module, resource, variant)).rstrip() for resource in module.resources),
            "",
        ]
    )


def _class(module: Module, resource: Resource, variant: Variant) -> Iterator[str]:
    yield from [f"class {variant.prefix}{resource.name}({variant.base}):", f'    """{resource.doc}"""', ""]
    if resource.methods:
        yield from [f"    _endpoints = _endpoints.{resource.name}()", ""]
    for name, child in resource.children.items():
        yield from [
            "    @cached_property",
            f"    def {name}(self) -> {variant.prefix}{child}:",
            f'        """{_summary(module.child(child))}"""',
            f"        return {variant.prefix}{child}(self._executor)",
            "",
        ]
    for method in resource.methods:
        yield from _method(method, variant, "builtins." if resource.has_list else "")
        for name in (name for name, target in resource.aliases.items() if target == method.name):
            yield from [f'    {name} = alias({method.name}, "Alias of `{method.name}`.")', ""]


def _summary(resource: Resource) -> str:
    return resource.doc.splitlines()[0]


def _method(method: Method, variant: Variant, builtins: str) -> Iterator[str]:
    result, stream = variant.result(method), variant.stream(method)
    request = f"{builtins}list[httpx.Request]" if method.many else "httpx.Request"
    if method.stream is None:
        overloads: list[tuple[dict[str, str], str]] = [({}, result)]
        returned = f"{result} | {request}"
    else:
        overloads = [
            ({"stream": "Literal[False] = False"}, result),
            ({"stream": "Literal[True]"}, stream),
            ({"stream": "bool"}, f"{result} | {stream}"),
        ]
        returned = f"{result} | {stream} | {request}"
    define = f"    {variant.define} {method.name}"
    for changed, type_ in overloads:
        yield "    @overload"
        yield from _packed(f"{define}(", _parameters(method, changed), f") -> {type_}: ...")
    unsent = ["self", "*arguments: Any", "return_request: Literal[True]", "**named: Any"]
    yield "    @overload"
    yield from _packed(f"{define}(", unsent, f") -> {request}: ...")
    yield from _packed(f"{define}(", ["self", "*arguments: Any", "**named: Any"], f") -> {returned}:")
    yield f'        """{documented(method)}"""'
    run = "_look_up_and_run" if method.looks_up else "_run_endpoint"
    last = f", {stream}" if method.stream else ""
    yield f"        return {variant.wait}self.{run}(self._endpoints.{method.name}, arguments, named{last})"
    yield ""


def _parameters(method: Method, changed: dict[str, str]) -> list[str]:
    texts = ["self"]
    for parameter in [*method.parameters, TIMEOUT, RETURN_REQUEST]:
        if parameter.keyword and "*" not in texts:
            texts.append("*")
        default = "" if parameter.default is None else f" = {parameter.default}"
        texts.append(f"{parameter.name}: {changed.get(parameter.name, parameter.annotation + default)}")
    if method.options:
        texts.append(f"**{method.options.name}: {method.options.annotation}")
    return texts


def _packed(opening: str, parts: Sequence[str], closing: str) -> list[str]:
    """Return comma-separated parts in as few lines as the line length allows."""
    whole = f"{opening}{', '.join(parts)}{closing}"
    if len(whole) <= LINE_LENGTH:
        return [whole]
    lines, indent = [opening], " " * 8
    line = indent
    for part in parts:
        if line != indent and len(line) + len(part) + 1 > LINE_LENGTH:
            lines.append(line.rstrip())
            line = indent
        line += f"{part}, "
    return [*lines, line.rstrip(), f"    {closing}"]


def documented(method: Method) -> str:
    """Return the endpoint's docstring with the parameters that the generator adds."""
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


def write_client(modules: list[Module], variant: Variant) -> str:
    """Return the generated `__init__.py` of a client: every resource as a property that imports it when first used."""
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
        *(f"    from .{module.path.stem} import {variant.prefix}{module.main.name}" for module in modules),
        "",
        "",
        f"class {variant.prefix or 'Sync'}Resources:",
        '    """The resources of a client."""',
        "",
        "    _executor: RequestExecutor",
        "",
    ]
    for module in modules:
        name, resource = module.path.stem, f"{variant.prefix}{module.main.name}"
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
    """Return all generated files: path below the package to content."""
    modules = read_modules(endpoints)
    files: dict[str, str] = {}
    for variant in VARIANTS:
        files[f"{variant.folder}/__init__.py"] = write_client(modules, variant)
        files |= {f"{variant.folder}/{module.path.name}": write_module(module, variant) for module in modules}
    return files | write_exports(endpoints.parent, modules)


def outdated(root: Path, files: dict[str, str]) -> list[str]:
    """Return the files that are missing, that differ, or that should not exist."""
    existing = {
        f"{variant.folder}/{path.name}" for variant in VARIANTS for path in (root / variant.folder).glob("*.py")
    }
    existing |= {name for name in ("__init__.py", "types/__init__.py") if (root / name).exists()}
    differ = {name for name, text in files.items() if name in existing and (root / name).read_text("utf-8") != text}
    return sorted((existing ^ files.keys()) | differ)


def main(arguments: list[str] | None = None, root: Path = PACKAGE) -> int:
    """Write the resources of both clients, or check that they are up to date."""
    parser = argparse.ArgumentParser(prog="python -m litellm_proxy_client._codegen.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is not up to date")
    options = parser.parse_args(arguments)
    try:
        files = generate(root / "_endpoints")
    except EndpointError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    names = outdated(root, files)
    if options.check:
        for name in names:
            print(f"not up to date: {name}; run python -m litellm_proxy_client._codegen.generate", file=sys.stderr)
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
