"""The parser of the endpoint modules, which rejects endpoints that break the rules of `docs/contributing.md`.

The modules are parsed, never imported, and annotations and docstrings are copied as source text. Therefore the
generated code does not depend on the version of Python that runs the generator.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROUTE = re.compile(r"^ *`((?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /\S*)`", re.MULTILINE)
_ARGUMENTS = re.compile(r"^ {8}Args:\n((?: {9}.*\n|\n)+)", re.MULTILINE)
_ARGUMENT = re.compile(r"^ {12}(?:\*\*)?(\w+): \S", re.MULTILINE)
_ADDED = ("timeout", "return_request")

Function = ast.FunctionDef | ast.AsyncFunctionDef


class EndpointError(Exception):
    """An endpoint or a resource that breaks the rules."""


@dataclass
class Parameter:
    """A parameter of an endpoint, with its annotation and default as source text."""

    name: str
    annotation: str
    default: str | None
    keyword: bool


@dataclass
class Method:
    """An endpoint's method."""

    name: str
    parameters: list[Parameter]
    options: Parameter | None
    """`**options`, if the method has them."""
    kind: str
    """The operation that it returns: `Operation`, `PageOperation` or `MultiStepOperation`."""
    result: str
    """The type of the result, or of a page's rows."""
    stream: str | None
    """The name of the stream's class without `Async` before it, if the method can stream."""
    looks_up: bool
    """True if it is `async def`: it sends look-ups before it returns its operation."""
    doc: str

    @property
    def many(self) -> bool:
        """True if it sends several requests."""
        return self.kind == "MultiStepOperation"

    @property
    def annotations(self) -> list[str]:
        """The annotations that the generated method repeats."""
        parameters = [*self.parameters, self.options] if self.options else self.parameters
        return [*(parameter.annotation for parameter in parameters), self.result]


@dataclass
class Resource:
    """A class of endpoints."""

    name: str
    doc: str
    methods: list[Method] = field(default_factory=list[Method])
    children: dict[str, str] = field(default_factory=dict[str, str])
    """Resources below this one: attribute to class."""
    aliases: dict[str, str] = field(default_factory=dict[str, str])
    """Other names of methods: alias to method."""

    @property
    def has_list(self) -> bool:
        """True if a method shadows the type `list` in the annotations of its class."""
        return any(method.name == "list" for method in self.methods)


@dataclass
class Module:
    """A file of endpoints."""

    path: Path
    resources: list[Resource]
    imports: dict[str, str]
    """Imported name to its import statement, as written in a folder beside `_endpoints/`."""

    @property
    def main(self) -> Resource:
        """The resource that is a property of the client, named like the file."""
        wanted = self.path.stem.replace("_", "")
        for resource in self.resources:
            if resource.name.lower() == wanted:
                return resource
        raise EndpointError(f"{self.path.name} has no class named {self.path.stem.title().replace('_', '')}")

    def child(self, name: str) -> Resource:
        """Return the class of a resource below another one."""
        for resource in self.resources:
            if resource.name == name:
                return resource
        raise EndpointError(f"{self.path.name} has no class named {name}")


def read_modules(endpoints: Path) -> list[Module]:
    """Return all endpoint modules in a folder, in alphabetical order."""
    return [_Reader(path).module() for path in sorted(endpoints.glob("*.py")) if not path.name.startswith("_")]


def names_in(annotation: str) -> set[str]:
    """Return the names that an annotation uses."""
    return {node.id for node in ast.walk(ast.parse(annotation)) if isinstance(node, ast.Name)}


class Source:
    """A Python file, as a syntax tree and as text."""

    def __init__(self, path: Path) -> None:
        self.path = path
        text = path.read_text("utf-8")
        self.tree = ast.parse(text)
        self._lines = [line.encode() for line in text.split("\n")]

    def segment(self, node: ast.expr | ast.stmt) -> str:
        """Return the source text of a node."""
        # ast.get_source_segment splits the whole file again for each node, which takes seconds for a file of endpoints.
        lines = self._lines[node.lineno - 1 : node.end_lineno]
        lines[-1] = lines[-1][: node.end_col_offset]
        lines[0] = lines[0][node.col_offset :]
        return b"\n".join(lines).decode()


class _Reader(Source):
    def module(self) -> Module:
        module = Module(self.path, [], {})
        for node in self.tree.body:
            if isinstance(node, ast.ImportFrom) and node.module != "__future__":
                origin = {0: "", 1: ".._endpoints."}.get(node.level, "." * node.level) + (node.module or "")
                module.imports |= {
                    each.asname or each.name: f"from {origin} import {_alias(each)}" for each in node.names
                }
            elif isinstance(node, ast.Import):
                module.imports |= {each.asname or each.name: f"import {_alias(each)}" for each in node.names}
            elif isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
                raise EndpointError(
                    f"{self.path.name}: import at the top of the file: the generator itself adds `if TYPE_CHECKING`"
                )
            elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                module.resources.append(self.resource(node))
        return module

    def resource(self, node: ast.ClassDef) -> Resource:
        try:
            resource = Resource(node.name, self.docstring(node))
            if node.bases:
                raise EndpointError("it has a base class, whose methods would not be generated")
        except EndpointError as error:
            raise EndpointError(f"{self.path.name}: {node.name}: {error}") from None
        for item in node.body:
            try:
                self.member(resource, item)
            except EndpointError as error:
                name = getattr(item, "name", None) or self.segment(item)
                raise EndpointError(f"{self.path.name}: {node.name}.{name}: {error}") from None
        return resource

    def member(self, resource: Resource, item: ast.stmt) -> None:
        """Add a method, a resource below this one, or an alias to a resource."""
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            resource.children[item.target.id] = self.segment(item.annotation)
        elif isinstance(item, ast.Assign):
            name, target = item.targets[0], item.value
            if not (isinstance(name, ast.Name) and isinstance(target, ast.Name)):
                raise EndpointError("write an alias as `alias = method`")
            if not resource.methods or target.id != resource.methods[-1].name:
                raise EndpointError("an alias must directly follow its method")
            resource.aliases[name.id] = target.id
        elif isinstance(item, Function) and not item.name.startswith("_"):
            resource.methods.append(self.method(item))

    def method(self, node: Function) -> Method:
        if node.decorator_list:
            raise EndpointError("it has a decorator, which the generated method would not have")
        if node.returns is None:
            raise EndpointError("it has no return annotation")
        doc = self.docstring(node)
        if not ROUTE.search(doc):
            raise EndpointError("its docstring has no line with a route, such as `GET /key/list`")
        parameters = list(self.parameters(node.args))
        kind, result, stream = _returns(self.annotation("its return type", node.returns))
        if isinstance(node, ast.AsyncFunctionDef):
            if not parameters or parameters.pop(0).name != "send":
                raise EndpointError("the first parameter of an async endpoint must be send")
            if kind == "PageOperation" or stream:
                raise EndpointError("an async endpoint must return Operation[...] or MultiStepOperation[...]")
        _check_fields(node)
        options = self.parameter(node.args.kwarg, None, keyword=True) if node.args.kwarg else None
        looks_up = isinstance(node, ast.AsyncFunctionDef)
        method = Method(node.name, parameters, options, kind, result, stream, looks_up, doc)
        _check(method)
        return method

    def parameters(self, arguments: ast.arguments) -> Iterator[Parameter]:
        if arguments.vararg or arguments.posonlyargs:
            raise EndpointError("it has *arguments or positional-only parameters: every parameter must accept its name")
        positional = arguments.args[1:]
        defaults = [None] * (len(positional) - len(arguments.defaults)) + list[ast.expr | None](arguments.defaults)
        for argument, default in zip(positional, defaults, strict=True):
            yield self.parameter(argument, default, keyword=False)
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            yield self.parameter(argument, default, keyword=True)

    def parameter(self, argument: ast.arg, default: ast.expr | None, *, keyword: bool) -> Parameter:
        name = argument.arg
        if name in _ADDED:
            raise EndpointError(f"parameter {name} is added by the generator: remove it")
        if default is not None and not isinstance(default, ast.Constant):
            raise EndpointError(f"the default of {name} is not a constant")
        text = None if default is None else self.segment(default)
        return Parameter(name, self.annotation(name, argument.annotation), text, keyword)

    def annotation(self, name: str, node: ast.expr | None) -> str:
        if node is None:
            raise EndpointError(f"parameter {name} has no annotation")
        segment = self.segment(node)
        if "\n" in segment:
            raise EndpointError(f"the annotation of {name} is longer than a line: define a type alias")
        return segment

    def docstring(self, node: ast.ClassDef | Function) -> str:
        """Return a docstring as source text, with its escape sequences."""
        if not ast.get_docstring(node):
            raise EndpointError("it has no docstring")
        segment = self.segment(node.body[0])
        if not segment.startswith('"""'):
            raise EndpointError('its docstring does not begin with """')
        return segment[3:-3]


def _alias(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def _returns(annotation: str) -> tuple[str, str, str | None]:
    if match := re.fullmatch(r"Operation\[(.+)\] \| Operation\[(\w+)Protocol\]", annotation):
        return "Operation", match[1], f"{match[2]}Stream"
    if match := re.fullmatch(r"(Operation|PageOperation|MultiStepOperation)\[(.+)\]", annotation):
        return match[1], match[2], None
    raise EndpointError(
        f"it returns {annotation}; it must return Operation, PageOperation, MultiStepOperation or "
        "Operation[...] | Operation[...Protocol]"
    )


def _check_fields(node: Function) -> None:
    """Check that the first statement builds the body or query from the parameters: `fields(locals(), ...)`.

    Raises:
        EndpointError: Another statement calls `locals()`, or a dictionary repeats a parameter under its own name.
    """
    first = node.body[1] if len(node.body) > 1 else None
    call = first.value if isinstance(first, (ast.Assign, ast.AnnAssign)) else None
    built = isinstance(call, ast.Call) and ast.unparse(call.func) == "fields" and call.args[:1]
    names = {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "locals" and not (built and each is built[0]):
            raise EndpointError("call locals() only in the first statement: `body = fields(locals())`")
        if isinstance(each, ast.Dict):
            for key, value in zip(each.keys, each.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(value, ast.Name) and key.value == value.id in names:
                    raise EndpointError(f"a dictionary repeats {value.id}: begin with `body = fields(locals())`")


def _check(method: Method) -> None:
    names = [each.name for each in method.parameters] + ([method.options.name] if method.options else [])
    section = _ARGUMENTS.search(method.doc)
    documented: list[str] = _ARGUMENT.findall(section[1]) if section else []
    for name in names:
        if name not in documented:
            raise EndpointError(f"parameter {name} is not documented")
    for name in documented:
        if name not in names:
            raise EndpointError(f"it documents {name}, which is not one of its parameters")
    if names != documented:
        raise EndpointError("it documents a parameter twice, or its parameters in another order than the signature")
    if method.stream and Parameter("stream", "bool", "False", True) not in method.parameters:
        raise EndpointError("an endpoint that can stream must have the keyword parameter stream: bool = False")
