"""Regenerate openapi.json: a running proxy's description of its routes, trimmed to what test_contract.py compares.

    python tests/contract/refresh.py

It uses the proxy at LITELLM_PROXY_URL, or else a `LocalProxy`.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent.parent
SNAPSHOT = Path(__file__).with_name("openapi.json")
sys.path.insert(0, str(ROOT))

from litellm_proxy_client._codegen.endpoint_parser import ROUTE, read_modules  # noqa: E402

ADMINISTRATION = re.compile(r"/(v\d+/)?(key|user|team|model|models|model_group|credentials|health|fallback)(/|$)")
KEPT = ("$ref", "type", "enum", "const", "anyOf", "items", "properties", "required", "additionalProperties")


def main() -> None:
    if url := os.environ.get("LITELLM_PROXY_URL"):
        description = read(url)
    else:
        from litellm_proxy_client.local import LocalProxy

        with LocalProxy() as proxy:
            description = read(proxy.url)
    SNAPSHOT.write_text(text_of(trimmed(description)), "utf-8")
    print(f"{SNAPSHOT.relative_to(ROOT)}: LiteLLM {description['info']['version']}")


def read(url: str) -> dict[str, Any]:
    with urlopen(f"{url.rstrip('/')}/openapi.json") as response:
        description: dict[str, Any] = json.load(response)
    return description


def documented_routes() -> set[str]:
    """Return the routes in the docstrings of the endpoints."""
    modules = read_modules(ROOT / "litellm_proxy_client" / "_endpoints")
    methods = [method for module in modules for resource in module.resources for method in resource.methods]
    return {route for method in methods for route in ROUTE.findall(method.doc)}


def trimmed(description: dict[str, Any]) -> dict[str, Any]:
    """Return the administration routes, and the parameters of the routes that endpoints use with their types."""
    used = documented_routes()
    paths: dict[str, Any] = {}
    for path, operations in sorted(description["paths"].items()):
        for method, operation in operations.items():
            if f"{method.upper()} {path}" in used:
                paths.setdefault(path, {})[method] = _operation(operation)
            elif ADMINISTRATION.match(path):
                paths.setdefault(path, {})[method] = {"x-trimmed": True}
    schemas: dict[str, Any] = {}
    missing = references(paths)
    while missing:
        schemas |= {name: _schema(description["components"]["schemas"][name]) for name in missing}
        missing = references(schemas) - schemas.keys()
    return {
        "openapi": description["openapi"],
        "info": {key: description["info"][key] for key in ("title", "version")},
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def _operation(operation: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    parameters = [
        {"name": each["name"], "in": each["in"], "required": each["required"], "schema": _schema(each["schema"])}
        for each in operation.get("parameters", ())
        if each["in"] == "query"
    ]
    if parameters:
        kept["parameters"] = parameters
    if "requestBody" in operation:
        content = operation["requestBody"]["content"]
        kept["requestBody"] = {
            "required": operation["requestBody"].get("required", False),
            "content": {kind: {"schema": _schema(each["schema"])} for kind, each in content.items()},
        }
    return kept


def _schema(schema: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in schema.items() if key in KEPT}
    if kept.get("additionalProperties") is True:
        kept.pop("properties", None)  # it accepts any name
    for key in ("items", "additionalProperties"):
        if isinstance(kept.get(key), dict):
            kept[key] = _schema(kept[key])
    if "properties" in kept:
        kept["properties"] = {name: _schema(each) for name, each in kept["properties"].items()}
    if "anyOf" in kept:
        kept["anyOf"] = [_schema(each) for each in kept["anyOf"]]
        if all(each.keys() == {"type"} for each in kept["anyOf"]):
            return {"type": [each["type"] for each in kept["anyOf"]]}
    return kept


def references(part: dict[str, Any]) -> set[str]:
    """Return the names of the schemas that a part of the description refers to."""
    return set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(part)))


def text_of(description: dict[str, Any]) -> str:
    """Return JSON with a line for each path and schema, so that a diff shows the changed ones."""

    def lines(part: dict[str, Any], indent: str) -> str:
        return ",\n".join(f"{indent}{json.dumps(key)}: {json.dumps(value)}" for key, value in part.items())

    return (
        f'{{\n"openapi": {json.dumps(description["openapi"])},\n"info": {json.dumps(description["info"])},\n'
        f'"paths": {{\n{lines(description["paths"], " ")}\n}},\n'
        f'"components": {{"schemas": {{\n{lines(description["components"]["schemas"], " ")}\n}}}}\n}}\n'
    )


if __name__ == "__main__":
    main()
