"""Models, model groups, health and custom requests: their requests, their argument checks, and their rollback."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from litellm_proxy_client import AsyncClient, Client
from litellm_proxy_client.exceptions import (
    AmbiguousNameError,
    APIConnectionError,
    InternalServerError,
    InvalidResponseError,
    LiteLLMProxyError,
    PartialChangeError,
    UnauthorizedError,
    UsageError,
)

from .conftest import MakeClient
from .server import Exchange, Server

ENTRIES = [
    {"model_name": "gpt-4", "litellm_params": {"api_key": "key1"}},
    {"model_name": "gpt-4-backup", "litellm_params": {"api_key": "key2"}},
]


class FakeProxy:
    """A fake proxy that stores deployments and can fail at a given write."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.fallbacks: dict[str, list[str]] = {}
        self.writes = 0
        self.fail_at = 0
        self.failure: Callable[[Exchange], Any] | None = None
        self.applies_failed_write = False
        self.rejects_deletion = False

    async def __call__(self, exchange: Exchange) -> None:
        request = exchange.request
        body: Any = request.json() if request.body else {}
        if request.target in ("/model/new", "/fallback"):
            self.writes += 1
            failing = self.writes == self.fail_at and self.failure is not None
            if not failing or self.applies_failed_write:
                if request.target == "/fallback":
                    self.fallbacks[body["model"]] = body["fallback_models"]
                else:
                    self.ids.append(body["model_info"]["id"])
            if failing:
                assert self.failure is not None
                await self.failure(exchange)
                return
            await exchange.respond({"model_id": body["model_info"]["id"]} if "model_info" in body else body)
        elif request.target == "/model/delete":
            if self.rejects_deletion:
                await exchange.respond({"error": {"message": "broken", "code": "500"}}, 500)
            elif body["id"] in self.ids:
                self.ids.remove(body["id"])
                await exchange.respond({"message": "deleted"})
            else:
                await exchange.respond({"error": {"message": f"Model with id={body['id']} not found in db"}}, 400)
        elif request.method == "DELETE":
            name = request.target.split("/")[2].split("?")[0]
            found = self.fallbacks.pop(name, None)
            await exchange.respond(
                {"model": name} if found else {"detail": {"error": "No fallbacks"}}, 200 if found else 404
            )


async def respond_500(exchange: Exchange) -> None:
    await exchange.respond({"error": {"message": "no", "code": "500"}}, 500)


async def reset_connection(exchange: Exchange) -> None:
    exchange.reset()


async def never_respond(exchange: Exchange) -> None:
    await exchange.wait_for_disconnect()


@pytest.mark.parametrize("failing_write", [1, 2, 3])
@pytest.mark.parametrize("applied", [False, True], ids=["not applied", "applied"])
@pytest.mark.parametrize("failure", [respond_500, reset_connection, never_respond])
async def test_failed_group_creation_deletes_its_deployments(
    make_client: MakeClient, failing_write: int, applied: bool, failure: Callable[[Exchange], Any]
) -> None:
    proxy = FakeProxy()
    proxy.fail_at, proxy.failure, proxy.applies_failed_write = failing_write, failure, applied
    async with Server(proxy) as server:
        with pytest.raises((InternalServerError, APIConnectionError)):
            await make_client(server.url, timeout=1).model_groups.create("group", ENTRIES, fallbacks=["other"])
    assert proxy.ids == []
    assert proxy.fallbacks == {}


async def test_failed_rollback_is_reported(make_client: MakeClient) -> None:
    proxy = FakeProxy()
    proxy.fail_at, proxy.failure, proxy.rejects_deletion = 2, respond_500, True
    async with Server(proxy) as server:
        with pytest.raises(PartialChangeError) as caught:
            await make_client(server.url).model_groups.create("group", ENTRIES)
    assert isinstance(caught.value.__cause__, InternalServerError)
    assert f"deployment {proxy.ids[0]}" in caught.value.done
    assert proxy.ids[0] in str(caught.value)


async def test_partial_group_deletion_reports_remaining_deployments(make_client: MakeClient) -> None:
    deployments = [
        {"model_name": "group", "litellm_params": {}, "model_info": {"id": f"id-{number}", "db_model": True}}
        for number in (1, 2)
    ]

    async def proxy(exchange: Exchange) -> None:
        target, body = exchange.request.target, exchange.request.body
        if target.startswith("/v2/model/info"):
            await exchange.respond({"data": deployments})
        elif target == "/model/delete" and json.loads(body)["id"] == "id-2":
            await respond_500(exchange)
        else:
            await exchange.respond({})

    async with Server(proxy) as server:
        with pytest.raises(PartialChangeError) as caught:
            await make_client(server.url).model_groups.delete("group")
    assert caught.value.done == ["deleted its fallbacks", "deleted deployment id-1"]
    assert caught.value.not_done == ["delete deployment id-2"]


@pytest.mark.parametrize("teams", [["a", None], ["a", "b"]], ids=["one of a team", "two of teams"])
async def test_group_deletion_rejects_a_name_shared_with_teams(
    make_client: MakeClient, teams: list[str | None]
) -> None:
    deployments = [
        {"model_name": "group", "model_info": {"id": f"id-{number}", "db_model": True, "team_id": team}}
        for number, team in enumerate(teams)
    ]

    async def proxy(exchange: Exchange) -> None:
        await exchange.respond({"data": deployments})

    async with Server(proxy) as server:
        with pytest.raises(AmbiguousNameError) as caught:
            await make_client(server.url).model_groups.delete("group")
    assert caught.value.ids == ["id-0", "id-1"]
    assert [request.method for request in server.requests] == ["GET"]


async def test_group_deletion_raises_the_error_of_its_first_step(make_client: MakeClient) -> None:
    async def proxy(exchange: Exchange) -> None:
        if exchange.request.method == "GET":
            await exchange.respond({"data": [{"model_name": "group", "model_info": {"id": "id-1"}}]})
        else:
            await exchange.respond({"error": {"message": "Only proxy admin", "code": "401"}}, 401)

    async with Server(proxy) as server:
        with pytest.raises(UnauthorizedError):
            await make_client(server.url).model_groups.delete("group")


@pytest.mark.parametrize("body", [{}, {"litellm_version": None}, []], ids=["empty object", "null version", "list"])
async def test_missing_version_raises_invalid_response_error(make_client: MakeClient, body: object) -> None:
    async def proxy(exchange: Exchange) -> None:
        await exchange.respond(body)

    async with Server(proxy) as server:
        with pytest.raises(InvalidResponseError):
            await make_client(server.url).health.version()


async def test_deployment_is_read_beside_other_fields(make_client: MakeClient) -> None:
    async def proxy(exchange: Exchange) -> None:
        await exchange.respond({"object": "list", "data": [{"model_name": "a", "model_info": {"id": "b"}}]})

    async with Server(proxy) as server:
        deployment = await make_client(server.url).models.get(model_id="b")
    assert (deployment.model_name, deployment.id) == ("a", "b")


def test_model_and_group_methods_build_their_requests() -> None:
    client = Client("http://proxy.test", "sk-1")
    write, read = client.models.add("gpt-4", litellm_params={"api_key": "k"}, return_request=True)
    body = json.loads(write.content)
    assert (write.method, write.url.path) == ("POST", "/model/new")
    assert body["litellm_params"] == {"model": "gpt-4", "custom_llm_provider": "openai", "api_key": "k"}
    assert read.url.params["litellm_model_id"] == body["model_info"]["id"]

    requests = client.model_groups.create("group", ENTRIES, fallbacks=["other"], return_request=True)
    assert [request.url.path for request in requests] == ["/model/new", "/model/new", "/fallback"]
    assert {json.loads(request.content)["model_name"] for request in requests[:2]} == {"group"}
    params = json.loads(requests[1].content)["litellm_params"]
    assert params == {"model": "gpt-4-backup", "custom_llm_provider": "openai", "api_key": "key2"}

    request = client.models.delete(model_id="x", return_request=True)
    assert json.loads(request.content) == {"id": "x"}
    patch, _ = client.models.update("a/b", model_info={"tier": "free"}, return_request=True)
    assert patch.url.raw_path == b"/model/a%2Fb/update"
    assert json.loads(patch.content) == {"model_info": {"tier": "free", "id": "a/b"}}


INVALID_CALLS: dict[str, Callable[[Any], Any]] = {
    "get without a name or id": lambda c: c.models.get(),
    "get by id and name": lambda c: c.models.get(model_id="a", model_name="b"),
    "delete without a name or id": lambda c: c.models.delete(),
    "update without a change": lambda c: c.models.update("a"),
    "add without a name": lambda c: c.models.add(""),
    "add with two sets of parameters": lambda c: c.models.add("a", litellm_params={}, model_params={}),
    "search page 0": lambda c: c.models.search(page=0),
    "search size 0": lambda c: c.models.search(size=0),
    "retrieve the parent path": lambda c: c.models.retrieve(".."),
    "group without models": lambda c: c.model_groups.create("a", []),
    "models as a dict": lambda c: c.model_groups.create("a", {"model_name": "x"}),
    "entry without a model name": lambda c: c.model_groups.create("a", [{"litellm_params": {}}]),
    "entry with an unknown field": lambda c: c.model_groups.create("a", [{"model": "x"}]),
    "entry whose litellm_params is a string": lambda c: c.model_groups.create(
        "a", [{"model_name": "x", "litellm_params": "y"}]
    ),
    "fallbacks as a string": lambda c: c.model_groups.create("a", ENTRIES, fallbacks="b"),
    "group name with a slash and fallbacks": lambda c: c.model_groups.create("a/b", ENTRIES, fallbacks=["c"]),
    "set_fallbacks with a string": lambda c: c.model_groups.set_fallbacks("a", "b"),
    "set_fallbacks for a name with a slash": lambda c: c.model_groups.set_fallbacks("a/b", ["c"]),
    "clear fallbacks of a name with a slash": lambda c: c.model_groups.set_fallbacks("a/b", []),
    "health check by model and id": lambda c: c.health.check(model="a", model_id="b"),
    "test_connection without parameters": lambda c: c.health.test_connection({}),
    "history limit 0": lambda c: c.health.history(limit=0),
    "history limit 1001": lambda c: c.health.history(limit=1001),
    "history offset -1": lambda c: c.health.history(offset=-1),
    "request to another host": lambda c: c.http.request("GET", "https://elsewhere.test/x"),
    "request path with parent segments": lambda c: c.http.request("GET", "/a/../b"),
    "request that follows redirects": lambda c: c.http.request("GET", "/a", follow_redirects=True),
    "request params as a string": lambda c: c.http.request("GET", "/a", params="b"),
    "header with CR and LF": lambda c: c.http.request("GET", "/a", headers={"x": "a\r\nb"}),
    "JSON with NaN": lambda c: c.http.request("POST", "/a", json={"x": float("nan")}),
    "JSON with a lone surrogate": lambda c: c.http.request("POST", "/a", json={"x": "\ud83d"}),
    "JSON with an unserializable object": lambda c: c.http.request("POST", "/a", json={"x": object()}),
}


@pytest.mark.parametrize("call", INVALID_CALLS.values(), ids=INVALID_CALLS.keys())
async def test_invalid_arguments_are_rejected_before_sending(
    call: Callable[[AsyncClient], Any], make_client: MakeClient
) -> None:
    async with Server(respond_500) as server:
        with pytest.raises(UsageError) as caught:
            await call(make_client(server.url))
    assert isinstance(caught.value, LiteLLMProxyError)
    assert server.requests == []


async def test_billed_health_check_is_not_retried(make_client: MakeClient) -> None:
    async with Server(respond_500) as server:
        with pytest.raises(InternalServerError):
            await make_client(server.url).health.check(model="x")
    assert len(server.requests) == 1


async def test_http_request_sends_forms_bytes_and_parameters(make_client: MakeClient) -> None:
    async def accept(exchange: Exchange) -> None:
        await exchange.respond([1, 2])

    async with Server(accept) as server:
        http = make_client(server.url, "sk-1").http
        assert await http.request("POST", "//a/b/", data={"x": "1"}, params={"q": ["a b", "c"]}) == [1, 2]
        await http.request("PUT", "a", data=b"raw", headers={"content-type": "text/plain"}, timeout=5)
    form, raw = server.requests
    assert (form.target, form.body) == ("/a/b?q=a%20b&q=c", b"x=1")
    assert form.headers["content-type"] == "application/x-www-form-urlencoded"
    assert (raw.body, raw.headers["content-type"]) == (b"raw", "text/plain")
