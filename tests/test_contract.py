"""Every endpoint, held against what the proxy says of its own routes (`contract/openapi.json`)."""

from __future__ import annotations

import ast
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from .contract.calls import Endpoint, Made, endpoints
from .contract.description import Description, Problem, names_in, route_of
from .contract.known import ANSWERS, GAPS, UNDESCRIBED, UNDESCRIBED_ROUTES, UNSENT, VALUES
from .contract.refresh import ADMINISTRATION, SNAPSHOT

DESCRIPTION = Description(SNAPSHOT)
ROUTES = {*DESCRIPTION.operations, *UNDESCRIBED_ROUTES}
ENDPOINTS = endpoints()
MADE: dict[str, list[Made]] = {}


@pytest.fixture(autouse=True)
def _same_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two requests with the same arguments are equal."""
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=0))


def made(endpoint: Endpoint) -> list[Made]:
    if endpoint.name not in MADE:
        MADE[endpoint.name] = [*endpoint.made()]
    return MADE[endpoint.name]


def routes_of(endpoint: Endpoint, *, undone: bool) -> set[str]:
    """The routes that an endpoint uses, those for taking back what it did among them or not."""
    requests = [request for each in made(endpoint) for request in (*each.requests, *(each.undone if undone else ()))]
    return {route for request in requests if (route := route_of(request, ROUTES))}


def all_used() -> set[str]:
    return {route for endpoint in ENDPOINTS for route in routes_of(endpoint, undone=True)}


def problems_of(endpoint: Endpoint) -> Iterator[tuple[str, Problem, str]]:
    """Route, problem, and the arguments that lead to it."""
    for each in made(endpoint):
        for request in (*each.requests, *each.undone):
            route = route_of(request, ROUTES)
            if route is None:
                yield f"{request.method} {request.url.path}", Problem("route", "is not known"), each.arguments
            elif route not in UNDESCRIBED_ROUTES:
                for problem in DESCRIPTION.problems(request, route):
                    yield route, problem, each.arguments


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_what_an_endpoint_sends_is_what_the_proxy_describes(endpoint: Endpoint) -> None:
    unknown = {
        f"{route}: {problem.where} {problem.what} ({arguments})"
        for route, problem, arguments in problems_of(endpoint)
        if problem.where not in UNDESCRIBED.get(route, ())
    }
    assert not unknown, "\n".join(sorted(unknown))


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_every_parameter_changes_what_is_sent(endpoint: Endpoint) -> None:
    def sent(requests: list[httpx.Request]) -> list[tuple[object, ...]]:
        return [(each.method, each.url, each.content, each.headers) for each in requests]

    changing = {
        each.name for each in made(endpoint) if each.without is None or sent(each.requests) != sent(each.without)
    }
    assert endpoint.values.keys() - changing == set()


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_the_documented_routes_are_the_ones_used(endpoint: Endpoint) -> None:
    assert routes_of(endpoint, undone=False) == endpoint.routes


def test_every_route_of_the_administration_is_used_or_a_known_gap() -> None:
    used = all_used()
    gaps = [route for routes in GAPS.values() for route in routes]
    administration = {route for route in DESCRIPTION.operations if ADMINISTRATION.match(route.partition(" ")[2])}
    assert len(gaps) == len(set(gaps)), "a gap is listed twice"
    assert set(gaps) & used == set(), "no gaps any more"
    assert set(gaps) - administration == set(), "not described any more"
    assert administration - used - set(gaps) == set(), "neither used nor a known gap"


def test_undescribed_routes_are_used_and_proved_by_live_tests() -> None:
    used = all_used()
    for route, proof in UNDESCRIBED_ROUTES.items():
        assert route not in DESCRIPTION.operations, f"{route} is described now"
        assert route in used, f"{route} is not used any more"
        path, _, name = proof.partition("::")
        tree = ast.parse((Path(__file__).parent / "live" / path).read_text("utf-8"))
        tests = {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
        assert name in tests, f"there is no live test {proof}"


def test_what_is_listed_as_undescribed_is_sent_and_not_described() -> None:
    sent: dict[str, set[str]] = {}
    for endpoint in ENDPOINTS:
        for route, problem, _ in problems_of(endpoint):
            sent.setdefault(route, set()).add(problem.where)
    for route, places in UNDESCRIBED.items():
        assert set(places) - sent.get(route, set()) == set(), route


def test_what_is_described_is_sent_or_listed() -> None:
    sent: dict[str, set[str]] = {}
    for endpoint in ENDPOINTS:
        for each in made(endpoint):
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


def test_values_and_answers_are_needed() -> None:
    names = {endpoint.name: endpoint.values for endpoint in ENDPOINTS}
    parameters = {name for values in names.values() for name in values}
    for key in VALUES:
        method, _, name = key.rpartition(".")
        assert name in (names.get(method, {}) if method else parameters), f"no endpoint has {key}"
    used = all_used()
    assert ANSWERS.keys() <= used


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
)
def test_what_differs_is_noticed(
    route: str, query: dict[str, str], body: dict[str, object] | None, problem: Problem
) -> None:
    method, _, path = route.partition(" ")
    request = httpx.Request(method, f"http://proxy{path}", params=query, json=body)
    assert route_of(request, ROUTES) == route
    assert problem in DESCRIPTION.problems(request, route)


def test_a_route_that_is_not_there_is_noticed() -> None:
    for request in (httpx.Request("GET", "http://proxy/key"), httpx.Request("PUT", "http://proxy/key/list")):
        assert route_of(request, ROUTES) is None
