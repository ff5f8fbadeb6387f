"""Writes docs/reference/ from the docstrings.

python docs/_reference.py            # write the pages
python docs/_reference.py --check    # fail if they are not what would be written
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

DOCS = Path(__file__).resolve().parent
PACKAGE = DOCS.parent / "litellm_proxy_client"
sys.path.insert(0, str(PACKAGE.parent))

import litellm_proxy_client.types  # noqa: E402
from litellm_proxy_client._codegen.endpoint_parser import Method, Module, Parameter, Resource, Source, read_modules  # noqa: E402
from litellm_proxy_client._codegen.generate import TIMEOUT, VARIANTS, documented  # noqa: E402

NOTE = "<!-- Written by `python docs/_reference.py` from the docstrings. Do not edit. -->\n"
INTRODUCTION = """
Pages show the methods of `Client`. `AsyncClient` has the same ones, to be awaited; where the one answers with a `Page`
or a `Stream`, the other answers with an `AsyncPage` or an `AsyncStream`. With `return_request=True` a method answers
with the `httpx.Request` that it would send, or with a list of them where it sends several.
"""
# The pages besides those of resources: title, and the files whose public classes they describe.
PAGES = {
    "client": ("Clients", ["client.py"]),
    "streams": ("Streams", ["streams.py", "_clients/stream.py"]),
    "pages": ("Lists", ["_clients/page.py"]),
    "exceptions": ("Errors", ["exceptions.py"]),
    "types": (
        "Types of several resources",
        ["types/_base.py", "types/proxy.py", "_wire/parameters.py", "_runtime/pools.py"],
    ),
    "users_management": ("The old client's users", ["users_management.py"]),
    "local": ("A proxy of one's own", ["local.py"]),
}
EXPORTED = {*litellm_proxy_client.__all__, *litellm_proxy_client.types.__all__}
SECTION = re.compile(r"^(Args|Attributes|Returns|Raises):\n((?:    .*\n|\n)+)", re.MULTILINE)
ENTRY = re.compile(r"^    (?:\*\*)?(\w+): ((?:.|\n(?!    \S))+)", re.MULTILINE)
TITLES = {"Args": "Parameters"}
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is not fresh")
    check = parser.parse_args().check
    folder = DOCS / "reference"
    pages = write_pages()
    there = {path.name: path for path in folder.glob("*")}
    differ = {name for name, text in pages.items() if name in there and there[name].read_text("utf-8") != text}
    stale = sorted((there.keys() ^ pages.keys()) | differ)
    for name in stale:
        if check:
            print(f"not fresh: docs/reference/{name}; run python docs/_reference.py", file=sys.stderr)
        elif name in pages:
            folder.mkdir(exist_ok=True)
            (folder / name).write_text(pages[name], "utf-8", newline="\n")
        else:
            there[name].unlink()
    return 1 if check and stale else 0


def write_pages() -> dict[str, str]:
    """All pages, by the name of the file."""
    modules = read_modules(PACKAGE / "_endpoints")
    extra = {path.stem: Source(path) for path in sorted((PACKAGE / "types").glob("[!_]*.py"))}
    pages: dict[str, str] = {}
    for module in modules:
        types = extra.pop(module.path.stem, None)
        parts = [f"{NOTE}\n# client.{module.path.stem}\n", *resource(module, module.main, f"client.{module.path.stem}")]
        if types:
            parts += ["\n## Types\n", *definitions(types, "###")]
        pages[f"{module.path.stem}.md"] = "".join(parts)
    for name, (title, files) in PAGES.items():
        sources = [Source(PACKAGE / file) for file in files]
        if name == "types":
            sources += [source for stem, source in extra.items() if f"types/{stem}.py" not in files]
        parts = [f"{NOTE}\n# {title}\n", *(part for source in sources for part in definitions(source, "##"))]
        pages[f"{name}.md"] = "".join(parts)
    pages["index.md"] = "".join(
        [
            f"{NOTE}\n# Reference\n{INTRODUCTION}\n",
            *(f"* [`client.{each.path.stem}`]({each.path.stem}.md): {_first_line(each.main)}\n" for each in modules),
            *(f"* [{title}]({name}.md)\n" for name, (title, _) in PAGES.items()),
        ]
    )
    return pages


def _first_line(resource: Resource) -> str:
    return resource.doc.splitlines()[0]


def resource(module: Module, described: Resource, path: str) -> Iterator[str]:
    """A class of endpoints and those below it."""
    yield from prose(textwrap.dedent(f"    {described.doc}"))
    for method in described.methods:
        yield f"\n## {path}.{method.name}\n"
        added = [TIMEOUT, Parameter("return_request", "bool", "False", True)]
        parameters = [*method.parameters, *added, *([method.options] if method.options else [])]
        yield signature(f"{path}.{method.name}", parameters, _returns(method), options=bool(method.options))
        yield from prose(textwrap.dedent(f"        {documented(method)}"), {each.name: each for each in parameters})
    for name, child in described.children.items():
        yield from resource(module, module.child(child), f"{path}.{name}")


def _returns(method: Method) -> str:
    face = VARIANTS[1]
    return f"{face.result(method)} | {face.stream(method)}" if method.stream else face.result(method)


def signature(name: str, parameters: list[Parameter], returns: str, *, options: bool = False) -> str:
    """How a function is called. The types stand with the parameters."""
    shown = [each.name if each.default is None else f"{each.name}={each.default}" for each in parameters]
    if options:
        shown[-1] = f"**{shown[-1]}"
    first_keyword = next((number for number, each in enumerate(parameters) if each.keyword), None)
    if first_keyword is not None:
        shown.insert(first_keyword, "*")
    line = f"{name}({', '.join(shown)}) -> {returns}"
    return "\n```py\n" + "\n".join(textwrap.wrap(line, 110, subsequent_indent="    ")) + "\n```\n"


def definitions(source: Source, level: str) -> Iterator[str]:
    """The public classes, constants and types of a file; of a private file those that the package exports."""
    body = source.tree.body
    private = "/_" in source.path.relative_to(PACKAGE.parent).as_posix()
    if "├" in (tree := ast.get_docstring(source.tree) or ""):
        yield f"\n```text\n{tree.partition(chr(10))[2].strip()}\n```\n"
    found = {node.name: node for node in body if isinstance(node, ast.ClassDef)}
    for node, following in zip(body, [*body[1:], None], strict=True):
        name = node.name if isinstance(node, ast.ClassDef) else ""
        if isinstance(node, ast.AnnAssign):
            name = source.segment(node.target)
        if not name or name.startswith("_") or (private and name not in EXPORTED):
            continue
        yield f"\n{level} {name}\n"
        if isinstance(node, ast.ClassDef):
            members = [*node.body]
            for base in re.findall(r"\b_\w+", " ".join(source.segment(each) for each in node.bases)):
                members = [*found[base].body, *members] if base in found else members
            yield from _class(source, node, members, level)
        elif isinstance(node, ast.AnnAssign) and node.value:
            value = _flat(source.segment(node.value)).strip("\"'")
            yield f"\n{_docstring_literal(following) or f'`{value}`'}\n"


def _class(source: Source, node: ast.ClassDef, members: list[ast.stmt], level: str) -> Iterator[str]:
    doc = ast.get_docstring(node) or ""
    fields = {field.name: (field, text) for field, text in _fields(source, members) if not field.name.startswith("_")}
    yield from prose(doc, {name: field for name, (field, _) in fields.items()})
    for name in {name for _, body in SECTION.findall(f"{doc}\n") for name, _ in ENTRY.findall(body)} & fields.keys():
        del fields[name]
    yield "\n" if fields else ""
    for field, text in fields.values():
        yield f"* `{field.name}: {field.annotation}`{_colon(text)}\n"
    for item in members:
        if isinstance(item, FUNCTION) and not _is_property(source, item):
            doc = ast.get_docstring(item) or ""
            if item.name == "__init__" and "Args:" in doc:
                name, returns = node.name, node.name
            elif doc and not item.name.startswith(("_", "model_")):
                yield f"\n{level}# {node.name}.{item.name}\n"
                name = f"await {item.name}" if isinstance(item, ast.AsyncFunctionDef) else item.name
                returns = source.segment(item.returns) if item.returns else "None"
            else:
                continue
            parameters = _parameters(source, item.args)
            yield signature(name, parameters, returns)
            yield from prose(doc, {each.name: each for each in parameters})


def _fields(source: Source, members: list[ast.stmt]) -> Iterator[tuple[Parameter, str]]:
    """What instances have, with the text below it: declared, set by the constructor, or a property."""
    for item, following in zip(members, [*members[1:], None], strict=True):
        if isinstance(item, ast.AnnAssign):
            name = source.segment(item.target).removeprefix("self.")
            annotation = re.sub(r"^AlwaysSent\[(.*)\]$", r"\1", source.segment(item.annotation))
            yield Parameter(name, annotation, None, False), _docstring_literal(following)
        elif isinstance(item, FUNCTION) and item.name == "__init__":
            yield from ((field, text) for field, text in _fields(source, item.body) if text)
        elif isinstance(item, FUNCTION) and item.returns and _is_property(source, item):
            yield Parameter(item.name, source.segment(item.returns), None, False), ast.get_docstring(item) or ""


def _is_property(source: Source, item: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(source.segment(decorator).endswith("property") for decorator in item.decorator_list)


def _parameters(source: Source, arguments: ast.arguments) -> list[Parameter]:
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [*[None] * (len(positional) - len(arguments.defaults)), *arguments.defaults, *arguments.kw_defaults]
    found: list[Parameter] = []
    for number, (argument, default) in enumerate(zip([*positional, *arguments.kwonlyargs], defaults, strict=True)):
        if argument.arg != "self":
            annotation = source.segment(argument.annotation) if argument.annotation else ""
            text = source.segment(default) if default else None
            found.append(Parameter(argument.arg, annotation, text, number >= len(positional)))
    return found


def prose(doc: str, types: Mapping[str, Parameter] | None = None) -> Iterator[str]:
    """A docstring as Markdown."""
    doc = f"{doc.strip()}\n"
    if text := SECTION.sub("", doc).strip():
        yield f"\n{text}\n"
    for title, body in SECTION.findall(doc):
        yield f"\n**{TITLES.get(title, title)}**"
        if title == "Returns":
            yield f"{_colon(body)}\n"
            continue
        yield "\n\n"
        for name, text in ENTRY.findall(body):
            annotation = f": {types[name].annotation}" if types and name in types else ""
            yield f"* `{name}{annotation}`{_colon(text)}\n"


def _colon(text: str) -> str:
    return f": {_flat(text)}" if text else ""


def _flat(text: str) -> str:
    return " ".join(text.split())


def _docstring_literal(node: ast.stmt | None) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return node.value.value
    return ""


if __name__ == "__main__":
    sys.exit(main())
