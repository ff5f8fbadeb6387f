"""Every endpoint is checked against the proxy's description of its routes (`contract/openapi.json`)."""

from __future__ import annotations

import ast
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from .contract.calls import Endpoint, RecordedCall, endpoints
from .contract.description import Description, Problem, names_in, route_of
from .contract.known import GAPS, RESPONSES, UNDESCRIBED, UNDESCRIBED_ROUTES, UNSENT, VALUES
from .contract.refresh import ADMINISTRATION, SNAPSHOT

DESCRIPTION = Description(SNAPSHOT)
ROUTES = {*DESCRIPTION.operations, *UNDESCRIBED_ROUTES}
ENDPOINTS = endpoints()
RECORDED_CALLS: dict[str, list[RecordedCall]] = {}
UNKNOWN_ROUTE = Problem(
    "route",
    "is not in the snapshot: run tests/contract/refresh.py; if the proxy does not describe it, list it in "
    "UNDESCRIBED_ROUTES in known.py",
)


@pytest.fixture(autouse=True)
def _same_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the ids deterministic, so that two requests with the same arguments are equal."""
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=0))


def recorded_calls(endpoint: Endpoint) -> list[RecordedCall]:
    if endpoint.name not in RECORDED_CALLS:
        RECORDED_CALLS[endpoint.name] = [*endpoint.recorded_calls()]
    return RECORDED_CALLS[endpoint.name]


def routes_of(endpoint: Endpoint, *, undone: bool) -> set[str]:
    """Return the routes that an endpoint uses, with `undone` also the routes that revert its changes."""
    requests = [
        request for each in recorded_calls(endpoint) for request in (*each.requests, *(each.undone if undone else ()))
    ]
    return {route for request in requests if (route := route_of(request, ROUTES))}


def all_used() -> set[str]:
    return {route for endpoint in ENDPOINTS for route in routes_of(endpoint, undone=True)}


def problems_of(endpoint: Endpoint) -> Iterator[tuple[str, Problem, str]]:
    """Yield route, problem, and the arguments that cause it."""
    for each in recorded_calls(endpoint):
        for request in (*each.requests, *each.undone):
            route = route_of(request, ROUTES)
            if route is None:
                yield f"{request.method} {request.url.path}", UNKNOWN_ROUTE, each.arguments
            elif route not in UNDESCRIBED_ROUTES:
                for problem in DESCRIPTION.problems(request, route):
                    yield route, problem, each.arguments


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_endpoint_sends_only_what_the_proxy_describes(endpoint: Endpoint) -> None:
    unknown = {
        f"{route}: {problem.where} {problem.error} ({arguments})"
        for route, problem, arguments in problems_of(endpoint)
        if problem.where not in UNDESCRIBED.get(route, ())
    }
    assert not unknown, "\n".join(sorted(unknown))


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_every_parameter_changes_the_request(endpoint: Endpoint) -> None:
    def sent(requests: list[httpx.Request]) -> list[tuple[object, ...]]:
        return [(each.method, each.url, each.content, each.headers) for each in requests]

    changing = {
        each.name
        for each in recorded_calls(endpoint)
        if each.without is None or sent(each.requests) != sent(each.without)
    }
    assert endpoint.values.keys() - changing == set()


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_documented_routes_are_the_routes_used(endpoint: Endpoint) -> None:
    assert routes_of(endpoint, undone=False) == endpoint.routes, (
        "the docstring has other routes than those sent, or the snapshot lacks one: run tests/contract/refresh.py"
    )


def test_every_administration_route_is_used_or_a_known_gap() -> None:
    used = all_used()
    gaps = [route for routes in GAPS.values() for route in routes]
    administration = {route for route in DESCRIPTION.operations if ADMINISTRATION.match(route.partition(" ")[2])}
    assert len(gaps) == len(set(gaps)), "a gap is listed twice"
    assert set(gaps) & used == set(), "listed as gaps but used"
    assert set(gaps) - administration == set(), "listed as gaps but no longer described"
    assert administration - used - set(gaps) == set(), "neither used nor a known gap: list them in known.GAPS"
    others = used & DESCRIPTION.operations.keys() - administration
    assert others == {"POST /v1/chat/completions"}, "add the beginning of the path to refresh.ADMINISTRATION"


def test_undescribed_routes_are_used_and_have_live_tests() -> None:
    used = all_used()
    for route, proof in UNDESCRIBED_ROUTES.items():
        assert route not in DESCRIPTION.operations, f"{route} is now described"
        assert route in used, f"{route} is no longer used"
        path, _, name = proof.partition("::")
        tree = ast.parse((Path(__file__).parent / "live" / path).read_text("utf-8"))
        tests = {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
        assert name in tests, f"live test {proof} does not exist"


def test_fields_listed_as_undescribed_are_sent_and_undescribed() -> None:
    sent: dict[str, set[str]] = {}
    for endpoint in ENDPOINTS:
        for route, problem, _ in problems_of(endpoint):
            sent.setdefault(route, set()).add(problem.where)
    for route, places in UNDESCRIBED.items():
        assert set(places) - sent.get(route, set()) == set(), route


def test_described_fields_are_sent_or_listed() -> None:
    sent: dict[str, set[str]] = {}
    for endpoint in ENDPOINTS:
        for each in recorded_calls(endpoint):
            for request in (*each.requests, *each.undone):
                sent.setdefault(route_of(request, ROUTES) or "", set()).update(names_in(request))
    unsent = {
        route: names - sent[route]
        for route in sent.keys() & DESCRIPTION.operations.keys()
        if (names := DESCRIPTION.names(route)) - sent[route]
    }
    assert unsent.keys() == UNSENT.keys()
    for route, listed in UNSENT.items():
        assert set(listed) in ({"*"}, unsent[route]), route


def test_every_listed_value_and_response_is_used() -> None:
    names = {endpoint.name: endpoint.values for endpoint in ENDPOINTS}
    parameters = {name for values in names.values() for name in values}
    for key in VALUES:
        method, _, name = key.rpartition(".")
        assert name in (names.get(method, {}) if method else parameters), f"no endpoint has the parameter {key}"
    used = all_used()
    assert RESPONSES.keys() <= used


@pytest.mark.parametrize(
    ("route", "query", "body", "problem"),
    [
        ("GET /key/list", {"sizes": 1}, None, Problem("sizes", "is not known")),
        ("GET /key/list", {"size": "many"}, None, Problem("size", 'is "many", not integer')),
        ("GET /key/list", {}, {"size": 1}, Problem("body", "is not known")),
        (
            "GET /health/services",
            {},
            None,
            Problem("parameters", "are not in the snapshot: run tests/contract/refresh.py"),
        ),
        ("POST /key/block", {}, None, Problem("body", "is missing")),
        ("POST /key/block", {}, {}, Problem("key", "is missing")),
        ("POST /key/block", {}, {"key": None}, Problem("key", "is null, not string")),
        ("POST /key/block", {}, {"key": "a", "keys": ["a"]}, Problem("keys", "is not known")),
        ("POST /key/update", {}, {"key": "a", "models": "b"}, Problem("models", 'is "b", not array')),
        ("POST /key/update", {}, {"key": "a", "tags": [1]}, Problem("tags[]", "is 1, not string")),
        ("POST /key/bulk_update", {}, {"keys": [{"key": "a", "b": 1}]}, Problem("keys[].b", "is not known")),
    ],
    ids=str,
)
def test_mismatched_request_is_reported(
    route: str, query: dict[str, str], body: dict[str, object] | None, problem: Problem
) -> None:
    method, _, path = route.partition(" ")
    request = httpx.Request(method, f"http://proxy{path}", params=query, json=body)
    assert route_of(request, ROUTES) == route
    assert problem in DESCRIPTION.problems(request, route)


def test_unknown_route_is_not_found() -> None:
    for request in (httpx.Request("GET", "http://proxy/key"), httpx.Request("PUT", "http://proxy/key/list")):
        assert route_of(request, ROUTES) is None
