"""Sphinx extension: write the pages of the reference, and arrange what autodoc makes of them.

The pages contain autodoc directives only. They are written to `docs/reference/` before each build and ignored by git:
a new endpoint, resource or type needs no file by hand.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, TypeVar, cast

from docutils import nodes
from pydantic import BaseModel
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.domains.python import PythonDomain
from sphinx.environment import BuildEnvironment
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.nodes import make_refnode

import litellm_proxy_client
from litellm_proxy_client import types
from litellm_proxy_client._sync import SyncResources

N = TypeVar("N", bound=nodes.Node)

PACKAGE = "litellm_proxy_client"
TYPES = sorted(module.name for module in iter_modules(types.__path__))
# What users import, with the module from which they import it.
PUBLIC = {name: module.__name__ for module in (types, litellm_proxy_client) for name in module.__all__}
# Pages besides those of the resources: title, and modules whose public names they describe.
PAGES = {
    "clients": ("Clients", ["client"]),
    "streams": ("Streams", ["streams", "_clients.stream"]),
    "pages": ("Paginated lists", ["_clients.page"]),
    "exceptions": ("Exceptions", ["exceptions"]),
    "local": ("Local proxy", ["local"]),
    "users_management": ("Users management client", ["users_management"]),
}
# The page of types also describes the modules of `types` that belong to no resource.
SHARED = ["_wire.parameters", "_runtime.pools"]

ALIAS = re.compile(r"Alias of `(\w+)`")
CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
ROUTE = re.compile(r"^(``[A-Z]+ /\S*``)$", re.MULTILINE)
PARAMETER = re.compile(r":param ([\\*]*(\w+)):")

# The names by which text refers to classes, members and resources, with page and anchor; filled after reading.
targets: dict[str, tuple[str, str]] = {}


def setup(app: Sphinx) -> dict[str, object]:
    """Connect the steps of this extension to Sphinx."""
    app.connect("builder-inited", write_pages)
    app.connect("builder-inited", drop_request_overloads)
    app.connect("builder-inited", simplify_annotations)
    app.connect("autodoc-process-docstring", translate_markup, 400)  # before napoleon, at 500
    app.connect("autodoc-process-docstring", add_types, 600)
    app.connect("autodoc-process-signature", hide_constructor)
    app.connect("autodoc-process-bases", replace_bases)
    app.connect("doctree-read", arrange, 400)  # before Sphinx collects the tables of contents, at 500
    app.connect("write-started", collect_targets)
    app.connect("missing-reference", resolve_name)
    app.connect("doctree-resolved", link_code)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


# Pages


def write_pages(app: Sphinx) -> None:
    """Write a page for each resource, and for each group of other names."""
    pages: dict[str, list[str]] = {}
    for path, module, class_name in resources():
        lines = pages.setdefault(f"client/{module}", [])
        lines += heading(f"``client.{path}``", "-" if "." in path else "=")
        lines += class_directive(f"{PACKAGE}._sync.{module}", class_name)
        lines += class_directive(f"{PACKAGE}._async.{module}", f"Async{class_name}")
    shared = [*SHARED]
    for module in TYPES:
        if f"client/{module}" in pages:
            pages[f"client/{module}"] += [*heading("Types", "-"), *describe(f"types.{module}")]
        else:
            shared.append(f"types.{module}")
    for page, (title, modules) in {**PAGES, "types": ("Shared types", shared)}.items():
        pages[page] = [*heading(title, "="), *(line for module in modules for line in describe(module))]

    folder = Path(app.srcdir, "reference")
    files = {folder / f"{page}.rst": "\n".join(lines) for page, lines in pages.items()}
    for file in folder.rglob("*.rst"):
        if file not in files:
            file.unlink()
    for file, text in files.items():
        # Sphinx reads a page again if its file is newer than the last build.
        if not file.exists() or file.read_text("utf-8") != text:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")


def resources(owner: type = SyncResources, parent: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield the path below the client, the module and the sync class of each resource."""
    for name, member in vars(owner).items():
        if isinstance(member, cached_property):
            path = f"{parent}{name}"
            module, class_name = path.partition(".")[0], str(member.func.__annotations__["return"])
            yield path, module, class_name
            yield from resources(getattr(import_module(f"{PACKAGE}._sync.{module}"), class_name), f"{path}.")


@cache
def resource_paths() -> dict[str, str]:
    """Return the path of each resource class: `litellm_proxy_client._sync.keys.Keys` is `Client.keys`."""
    return {
        f"{PACKAGE}.{folder}.{module}.{prefix}{class_name}": f"{prefix}Client.{path}"
        for path, module, class_name in resources()
        for folder, prefix in (("_sync", ""), ("_async", "Async"))
    }


def describe(module_name: str) -> Iterator[str]:
    """Yield the directives for the public names of a module, in source order but sync before async."""
    module = import_module(f"{PACKAGE}.{module_name}")
    source = analyze(module.__name__)
    docstring = inspect.getdoc(module) or ""
    if "├" in docstring:
        tree = docstring.split("\n")[2:]
        yield from [".. code-block:: text", "", *indent(tree), ""]
    found: dict[str, Iterable[str]] = {}
    for node in ast.parse(source.code).body:
        if isinstance(node, ast.ClassDef):
            found[node.name] = class_directive(module.__name__, node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = value_directive(source, node.target.id, node.annotation, node.value)
    names = [name for name in found if name in getattr(module, "__all__", PUBLIC)]
    sync = {name: name.removeprefix("Async") for name in names}
    names.sort(key=lambda name: (list(found).index(sync[name]), name != sync[name]))
    for name in names:
        yield from found[name]


def value_directive(source: ModuleAnalyzer, name: str, annotation: ast.expr, value: ast.expr) -> Iterator[str]:
    """Yield the directive for a type alias or a constant."""
    is_alias = ast.unparse(annotation) == "TypeAlias"
    alias_of = str(value.value) if isinstance(value, ast.Constant) else ast.unparse(value)
    text = CODE.sub(r"``\1``", "\n".join(source.attr_docs.get(("", name), [])))
    yield f".. py:{'type' if is_alias else 'data'}:: {name}"
    yield f"   :module: {PUBLIC.get(name, source.modname)}"
    yield f"   :canonical: {alias_of}" if is_alias else f"   :type: {ast.unparse(annotation)}"
    yield from ["", *indent(text.split("\n")), ""]


def class_directive(module: str, name: str) -> Iterator[str]:
    """Yield the directive for a class, with the members that the description of no other class has."""
    described: Any = getattr(import_module(module), name)
    bases: list[type] = [base for base in described.__mro__[1:] if base.__module__.startswith(f"{PACKAGE}.")]
    # An `Attributes:` section describes some members already.
    hidden = {*dir(BaseModel), *dir(Exception), *re.findall(r"^ +(\w+):", described.__doc__ or "", re.MULTILINE)}
    members = dict.fromkeys(
        member
        for each in [described, *(base for base in bases if not is_described(base))]
        for member in [*inspect.get_annotations(each), *vars(each), *documented_attributes(each)]
        if not member.startswith("_") and member not in hidden
    )
    is_exception = issubclass(described, BaseException)
    yield f".. auto{'exception' if is_exception else 'class'}:: {PUBLIC.get(name, module)}.{name}"
    if members:
        yield f"   :members: {', '.join(members)}"
    if not is_exception:
        yield "   :undoc-members:"
    if any(map(is_described, bases)):
        yield "   :show-inheritance:"
    if "Args:" not in (described.__init__.__doc__ or ""):
        yield "   :class-doc-from: class"
    yield ""


def documented_attributes(described: type) -> list[str]:
    """Return the attributes of a class that have a docstring, including those that its constructor sets."""
    return [name for owner, name in analyze(described.__module__).attr_docs if owner == described.__qualname__]


def is_described(base: type) -> bool:
    """Return True if the reference describes a base class by itself."""
    return base.__module__.startswith(f"{PACKAGE}.") and base.__name__ in PUBLIC


def heading(title: str, line: str) -> list[str]:
    """Return the lines of a section title."""
    return [title, line * len(title), ""]


def indent(lines: Iterable[str]) -> list[str]:
    """Indent the content of a directive."""
    return [f"   {line}" for line in lines]


# Overloads and annotations: autodoc takes them from Sphinx's cache of analyzed modules and from the classes.


def analyze(module: str) -> ModuleAnalyzer:
    """Return the analyzed source of a module."""
    analyzer = ModuleAnalyzer.for_module(module)
    analyzer.analyze()
    return analyzer


def drop_request_overloads(app: Sphinx) -> None:
    """Drop the overload for `return_request=True`, which every method has, and give aliases the overloads left."""
    for full_name in resource_paths():
        module, _, name = full_name.rpartition(".")
        overloads = analyze(module).overloads
        for method, member in inspect.getmembers(getattr(import_module(module), name), inspect.isfunction):
            if found := overloads.get(f"{name}.{method}"):
                found[:] = [each for each in found if each.parameters["return_request"].annotation != "Literal[True]"]
            elif alias := ALIAS.match(member.__doc__ or ""):
                overloads[f"{name}.{method}"] = overloads[f"{name}.{alias[1]}"]


def simplify_annotations(app: Sphinx) -> None:
    """Show the types of fields as type checkers see them, without `Annotated`."""
    for name in TYPES:
        module = import_module(f"{types.__name__}.{name}")
        source = analyze(module.__name__)
        simplify = SimplifyAnnotation(ast.parse(source.code))
        for (class_name, field), annotation in source.annotations.items():
            if class_name:
                simplified = ast.unparse(simplify.visit(ast.parse(annotation)))
                getattr(module, class_name).__annotations__[field] = simplified


class SimplifyAnnotation(ast.NodeTransformer):
    """A replacer of `Annotated[T, ...]` and `AlwaysSent[T]` by `T`, and of aliases in an `if` by their values."""

    def __init__(self, module: ast.Module) -> None:
        blocks = [node.body for node in module.body if isinstance(node, ast.If)]
        aliases = [node for block in blocks for node in block if isinstance(node, ast.AnnAssign)]
        self.aliases = {ast.unparse(node.target): node.value for node in aliases}

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Return the value of an alias."""
        return self.aliases.get(node.id) or node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Return the first argument of `Annotated` or `AlwaysSent`."""
        name = ast.unparse(node.value)
        self.generic_visit(node)
        if name in ("Annotated", "AlwaysSent"):
            return node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
        return node


# Docstrings and signatures


def translate_markup(app: Sphinx, kind: str, name: str, described: object, options: object, lines: list[str]) -> None:
    """Translate what docstrings borrow from Markdown to reStructuredText, and what napoleon would misread."""
    owner = resource_paths().get(name.rpartition(".")[0])
    text = CODE.sub(r"``\1``", ALIAS.sub(rf"Alias of `{owner}.\1`", "\n".join(lines)))
    text = ROUTE.sub(r"| \1", text)  # a line block, which keeps each route on its own line
    if kind in ("attribute", "property"):
        # Napoleon takes words before a colon in the first line for a type.
        text = f"\\ \n{text}"
    lines[:] = text.split("\n")


def add_types(app: Sphinx, kind: str, name: str, described: Any, options: object, lines: list[str]) -> None:
    """Add the types of parameters to the list that napoleon has made of `Args:`."""
    for number in reversed(range(len(lines))):
        if parameter := PARAMETER.match(lines[number]):
            annotation = inspect.signature(described).parameters[parameter[2]].annotation
            lines.insert(number, f":type {parameter[1]}: {annotation}")


def hide_constructor(
    app: Sphinx, kind: str, name: str, described: Any, options: object, signature: str | None, returns: str | None
) -> tuple[str, None] | None:
    """Hide the parameters of a class unless its docstring or its constructor's describes them."""
    if kind in ("class", "exception") and signature:
        return None if "Args:" in f"{described.__doc__}{described.__init__.__doc__}" else ("", None)
    return None


def replace_bases(app: Sphinx, name: str, described: type, options: object, bases: list[type]) -> None:
    """Replace base classes by the nearest ones that the reference describes."""
    nearest = (next(filter(is_described, inspect.getmro(base)), None) for base in described.__bases__)
    bases[:] = [base for base in nearest if base]


# Documents


def arrange(app: Sphinx, document: nodes.document) -> None:
    """Merge sync and async classes, and shorten fields, signatures, tables of contents and the search index."""
    for index in list(document.findall(addnodes.index)):  # names the private modules; search finds the descriptions
        index.parent.remove(index)
    for field in document.findall(nodes.field):
        if field[0].astext() == "Variables":
            field[0] = nodes.field_name("", "Attributes")
    classes: dict[str, addnodes.desc] = {}
    for description in document.findall(addnodes.desc):
        signatures = children(description, addnodes.desc_signature)
        shorten(signatures, children(description, addnodes.desc_content)[0])
        if description["objtype"] in ("attribute", "property"):
            signatures[0]["_toc_name"] = ""
        elif description["objtype"] == "class":
            classes[signatures[0]["fullname"]] = description
    for name, description in classes.items():
        if (other := classes.get(f"Async{name}")) and own_text(description) == own_text(other):
            merge(description, other)
    # Sphinx would take the nearest attribute called `object` for the type; `resolve_name` looks for classes alone.
    for reference in document.findall(addnodes.pending_xref):
        if reference["refdomain"] == "py":
            reference["py:module"] = reference["py:class"] = None
            reference.attributes.pop("refspecific", None)


def children(element: nodes.Element, kind: type[N]) -> list[N]:
    """Return the children of a kind."""
    return [child for child in element.children if isinstance(child, kind)]


def shorten(signatures: list[addnodes.desc_signature], content: addnodes.desc_content) -> None:
    """Replace optional keyword parameters by an ellipsis where the content lists them, or is that of an alias."""
    fields = children(content, nodes.field_list)
    listed = {name.astext() for each in fields for name in each.findall(addnodes.literal_strong)}
    is_alias = content.astext().startswith("Alias of")
    for parameters in [each for signature in signatures for each in signature.findall(addnodes.desc_parameterlist)]:
        all_parameters = children(parameters, addnodes.desc_parameter)
        star = next((n for n, parameter in enumerate(all_parameters) if parameter.astext() == "*"), len(all_parameters))
        hidden = [
            parameter
            for parameter in all_parameters[star:]
            if any("default_value" in part["classes"] for part in children(parameter, nodes.inline))
            and (is_alias or parameter[0].astext() in listed)
        ]
        if hidden:
            parameters.insert(parameters.index(hidden[0]), addnodes.desc_parameter("", "…"))
        for parameter in hidden:
            parameters.remove(parameter)


def own_text(description: addnodes.desc) -> str:
    """Return the text of a class without that of its members."""
    content = children(description, addnodes.desc_content)[0]
    return "\n".join(child.astext() for child in content.children if not isinstance(child, addnodes.desc))


def merge(sync: addnodes.desc, other: addnodes.desc) -> None:
    """Move the signatures of an async class and of its members beside those of the sync class, and drop the rest."""
    members = (children(children(each, addnodes.desc_content)[0], addnodes.desc) for each in (sync, other))
    for target, source in [(sync, other), *zip(*members, strict=True)]:
        for signature in children(source, addnodes.desc_signature):
            signature["_toc_name"] = ""
            target.insert(len(target) - 1, signature)
    other.parent.remove(other)


# Links


def collect_targets(app: Sphinx, builder: Builder) -> None:
    """Collect the names by which text refers to what the reference describes, and let search find no private names."""
    for page, (_, modules) in PAGES.items():
        targets.update({f"{PACKAGE}.{module}": (f"reference/{page}", "") for module in modules})
    objects = cast("PythonDomain", app.env.get_domain("py")).objects
    for full_name, entry in [each for each in objects.items() if not each[1].aliased]:
        owner, _, name = full_name.rpartition(".")
        is_member = entry.objtype not in ("class", "exception", "data", "type")
        target = entry.docname, entry.node_id
        targets[f"{owner.rpartition('.')[2]}.{name}" if is_member else name] = targets[full_name] = target
        if path := resource_paths().get(owner if is_member else full_name):
            public_name = f"{path}.{name}" if is_member else path
            objects[public_name] = objects.pop(full_name)
            targets[public_name] = target
            if path.startswith("Client."):
                targets[f"client{public_name[6:]}"] = target
                if is_member:
                    targets[public_name[7:]] = target


def resolve_name(
    app: Sphinx, env: BuildEnvironment, reference: addnodes.pending_xref, content: nodes.TextElement
) -> nodes.reference | None:
    """Resolve a type by its last name, since annotations and `Raises:` have no other."""
    name: str = reference["reftarget"]
    last = name.rpartition(".")[2] if name.startswith(f"{PACKAGE}.") else name
    if reference["refdomain"] == "py" and (target := targets.get(name) or targets.get(last)):
        return make_refnode(app.builder, reference["refdoc"], *target, content)
    return None


def link_code(app: Sphinx, document: nodes.document, page: str) -> None:
    """Link code such as `client.keys.generate(...)`, `Client.keys.list` or `NotFoundError` to its description."""
    for code in list(document.findall(nodes.literal)):
        target = targets.get(re.sub(r"\(.*\)$", "", code.astext()))
        if target and not isinstance(code.parent, (nodes.title, nodes.reference)):
            code.replace_self(make_refnode(app.builder, page, *target, code.deepcopy()))
