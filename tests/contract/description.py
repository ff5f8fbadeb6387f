"""The proxy's OpenAPI description of its routes, and the parts of a request that do not match it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qsl

import httpx

Json: TypeAlias = "dict[str, Any] | list[Any] | str | int | float | None"
SENTINEL = "x_sentinel"
"""A name that only tests use, for entries of mappings whose keys the user chooses."""
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


class Problem(NamedTuple):
    """A place in a request, and the error in it."""

    where: str
    error: str


class Description:
    """The snapshot of an OpenAPI description that `refresh.py` writes."""

    def __init__(self, path: Path) -> None:
        self.document: dict[str, Any] = json.loads(path.read_text("utf-8"))
        self.operations: dict[str, dict[str, Any]] = {
            f"{method.upper()} {path}": operation
            for path, operations in self.document["paths"].items()
            for method, operation in operations.items()
        }

    def names(self, route: str) -> set[str]:
        """Return the query parameters of a route and the fields of its body."""
        operation = self.operations[route]
        found = {each["name"] for each in operation.get("parameters", ())}
        for content in operation.get("requestBody", {}).get("content", {}).values():
            schema = self._resolved(content["schema"])
            for each in schema.get("anyOf", [schema]):
                found |= self._resolved(each).get("properties", {}).keys()
        return found

    def problems(self, request: httpx.Request, route: str) -> list[Problem]:
        """Return the parts of a request that the route would ignore or reject."""
        operation = self.operations[route]
        if "x-trimmed" in operation:
            return [Problem("parameters", "are not in the snapshot: run tests/contract/refresh.py")]
        return [*self._query(request, operation), *self._body(request, operation)]

    def _query(self, request: httpx.Request, operation: dict[str, Any]) -> Iterator[Problem]:
        described = {each["name"]: each for each in operation.get("parameters", ())}
        sent = parse_qsl(request.url.query.decode(), keep_blank_values=True)
        for name, text in sent:
            if name in described:
                types = self._types(described[name]["schema"])
                value: Json = text
                if not types <= {"string", "null", "array"}:
                    with suppress(ValueError):
                        value = json.loads(text)
                yield from self._differences([value] if "array" in types else value, described[name]["schema"], name)
            elif name != SENTINEL:
                yield Problem(name, "is not known")
        for name, each in described.items():
            if each["required"] and name not in dict(sent):
                yield Problem(name, "is missing")

    def _body(self, request: httpx.Request, operation: dict[str, Any]) -> Iterator[Problem]:
        described = operation.get("requestBody")
        if not request.content:
            if described and described["required"]:
                yield Problem("body", "is missing")
        elif described is None:
            yield Problem("body", "is not known")
        else:
            schema = described["content"]["application/json"]["schema"]
            yield from self._differences(json.loads(request.content), schema, "")

    def _differences(self, value: Json, schema: dict[str, Any], where: str) -> Iterator[Problem]:
        """Yield the places where a value does not match a schema."""
        schema = self._resolved(schema)
        if alternatives := schema.get("anyOf"):
            found = [[*self._differences(value, each, where)] for each in alternatives]
            yield from min(found, key=len)
            return
        if (types := self._types(schema)) and not any(_has_type(value, type_name) for type_name in types):
            yield Problem(where or "body", f"is {json.dumps(value)}, not {' or '.join(sorted(types))}")
        elif "enum" in schema and value is not None and value not in schema["enum"]:
            yield Problem(where, f"is {json.dumps(value)}, which is not one of {schema['enum']}")
        elif isinstance(value, list):
            for each in value:
                yield from self._differences(each, schema.get("items", {}), f"{where}[]")
        elif isinstance(value, dict):
            yield from self._members(value, schema, where)

    def _members(self, value: dict[str, Any], schema: dict[str, Any], where: str) -> Iterator[Problem]:
        properties, others = (
            schema.get("properties", {}),
            schema.get("additionalProperties", not schema.get("properties")),
        )
        for name, each in value.items():
            path = f"{where}.{name}".lstrip(".")
            if name in properties:
                yield from self._differences(each, properties[name], path)
            elif name != SENTINEL and not others:
                yield Problem(path, "is not known")
        for name in schema.get("required", ()):
            if name not in value:
                yield Problem(f"{where}.{name}".lstrip("."), "is missing")

    def _types(self, schema: dict[str, Any]) -> set[str]:
        schema = self._resolved(schema)
        if "anyOf" in schema:
            return {type_name for each in schema["anyOf"] for type_name in self._types(each)}
        types = schema.get("type", [])
        return {types} if isinstance(types, str) else set(types)

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema


def names_in(request: httpx.Request) -> set[str]:
    """Return the query parameters of a request and the fields of its body."""
    body: dict[str, Any] = json.loads(request.content or "{}")
    return {name for name, _ in parse_qsl(request.url.query.decode())} | set(body)


def route_of(request: httpx.Request, routes: set[str]) -> str | None:
    """Return the route that a request matches: of several the one with the fewest placeholders."""
    path = request.url.raw_path.decode().partition("?")[0]
    sent = f"{request.method} {path}"
    matching = [route for route in routes if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(route)), sent)]
    return min(matching, key=lambda route: route.count("{"), default=None)


def _has_type(value: Json, type_name: str) -> bool:
    return isinstance(value, TYPES[type_name]) and (type_name == "boolean" or not isinstance(value, bool))
