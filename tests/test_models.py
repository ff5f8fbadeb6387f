"""Models, model groups, health and requests by hand: what is sent, what is refused, and what is undone."""

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


class Models:
    """A proxy that keeps deployments, and fails as it is told to."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.fallbacks: dict[str, list[str]] = {}
        self.writes = 0
        self.fail_at = 0
        self.fails: Callable[[Exchange], Any] | None = None
        self.carries_out = False
        self.refuses_deletion = False

    async def __call__(self, exchange: Exchange) -> None:
        request = exchange.request
        body: Any = request.json() if request.body else {}
        if request.target in ("/model/new", "/fallback"):
            self.writes += 1
            failing = self.writes == self.fail_at and self.fails is not None
            if not failing or self.carries_out:
                if request.target == "/fallback":
                    self.fallbacks[body["model"]] = body["fallback_models"]
                else:
                    self.ids.append(body["model_info"]["id"])
            if failing:
                assert self.fails is not None
                await self.fails(exchange)
                return
            await exchange.answer({"model_id": body["model_info"]["id"]} if "model_info" in body else body)
        elif request.target == "/model/delete":
            if self.refuses_deletion:
                await exchange.answer({"error": {"message": "broken", "code": "500"}}, 500)
            elif body["id"] in self.ids:
                self.ids.remove(body["id"])
                await exchange.answer({"message": "deleted"})
            else:
                await exchange.answer({"error": {"message": f"Model with id={body['id']} not found in db"}}, 400)
        elif request.method == "DELETE":
            name = request.target.split("/")[2].split("?")[0]
            found = self.fallbacks.pop(name, None)
            await exchange.answer(
                {"model": name} if found else {"detail": {"error": "No fallbacks"}}, 200 if found else 404
            )


async def refuse(exchange: Exchange) -> None:
    await exchange.answer({"error": {"message": "no", "code": "500"}}, 500)


async def reset(exchange: Exchange) -> None:
    exchange.reset()


async def say_nothing(exchange: Exchange) -> None:
    await exchange.until_left()


@pytest.mark.parametrize("step", [1, 2, 3])
@pytest.mark.parametrize("carries_out", [False, True])
@pytest.mark.parametrize("fails", [refuse, reset, say_nothing])
async def test_a_group_that_cannot_be_made_whole_leaves_no_deployment(
    make_client: MakeClient, step: int, carries_out: bool, fails: Callable[[Exchange], Any]
) -> None:
    models = Models()
    models.fail_at, models.fails, models.carries_out = step, fails, carries_out
    async with Server(models) as server:
        with pytest.raises((InternalServerError, APIConnectionError)):
            await make_client(server.url, timeout=1).model_groups.create("group", ENTRIES, fallbacks=["other"])
    assert models.ids == []
    assert models.fallbacks == {}


async def test_what_could_not_be_undone_is_reported(make_client: MakeClient) -> None:
    models = Models()
    models.fail_at, models.fails, models.refuses_deletion = 2, refuse, True
    async with Server(models) as server:
        with pytest.raises(PartialChangeError) as caught:
            await make_client(server.url).model_groups.create("group", ENTRIES)
    assert isinstance(caught.value.__cause__, InternalServerError)
    assert f"deployment {models.ids[0]}" in caught.value.done
    assert models.ids[0] in str(caught.value)


async def test_a_group_half_deleted_says_what_remains(make_client: MakeClient) -> None:
    deployments = [
        {"model_name": "group", "litellm_params": {}, "model_info": {"id": f"id-{number}", "db_model": True}}
        for number in (1, 2)
    ]

    async def proxy(exchange: Exchange) -> None:
        target, body = exchange.request.target, exchange.request.body
        if target.startswith("/v2/model/info"):
            await exchange.answer({"data": deployments})
        elif target == "/model/delete" and json.loads(body)["id"] == "id-2":
            await refuse(exchange)
        else:
            await exchange.answer({})

    async with Server(proxy) as server:
        with pytest.raises(PartialChangeError) as caught:
            await make_client(server.url).model_groups.delete("group")
    assert caught.value.done == ["deleted its fallbacks", "deleted deployment id-1"]
    assert caught.value.not_done == ["delete deployment id-2"]


@pytest.mark.parametrize("teams", [["a", None], ["a", "b"]])
async def test_a_group_is_not_deleted_together_with_what_others_named_so(
    make_client: MakeClient, teams: list[str | None]
) -> None:
    deployments = [
        {"model_name": "group", "model_info": {"id": f"id-{number}", "db_model": True, "team_id": team}}
        for number, team in enumerate(teams)
    ]

    async def proxy(exchange: Exchange) -> None:
        await exchange.answer({"data": deployments})

    async with Server(proxy) as server:
        with pytest.raises(AmbiguousNameError) as caught:
            await make_client(server.url).model_groups.delete("group")
    assert caught.value.ids == ["id-0", "id-1"]
    assert [request.method for request in server.requests] == ["GET"]


async def test_a_deletion_of_which_nothing_was_done_fails_as_its_first_step(make_client: MakeClient) -> None:
    async def proxy(exchange: Exchange) -> None:
        if exchange.request.method == "GET":
            await exchange.answer({"data": [{"model_name": "group", "model_info": {"id": "id-1"}}]})
        else:
            await exchange.answer({"error": {"message": "Only proxy admin", "code": "401"}}, 401)

    async with Server(proxy) as server:
        with pytest.raises(UnauthorizedError):
            await make_client(server.url).model_groups.delete("group")


@pytest.mark.parametrize("answer", [{}, {"litellm_version": None}, []])
async def test_a_proxy_that_does_not_tell_its_version(make_client: MakeClient, answer: object) -> None:
    async def proxy(exchange: Exchange) -> None:
        await exchange.answer(answer)

    async with Server(proxy) as server:
        with pytest.raises(InvalidResponseError):
            await make_client(server.url).health.version()


async def test_a_deployment_is_read_whatever_stands_beside_it(make_client: MakeClient) -> None:
    async def proxy(exchange: Exchange) -> None:
        await exchange.answer({"object": "list", "data": [{"model_name": "a", "model_info": {"id": "b"}}]})

    async with Server(proxy) as server:
        deployment = await make_client(server.url).models.get(model_id="b")
    assert (deployment.model_name, deployment.id) == ("a", "b")


def test_requests_of_models_and_groups() -> None:
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


REFUSED: list[Callable[[Any], Any]] = [
    lambda c: c.models.get(),
    lambda c: c.models.get(model_id="a", model_name="b"),
    lambda c: c.models.delete(),
    lambda c: c.models.update("a"),
    lambda c: c.models.add(""),
    lambda c: c.models.add("a", litellm_params={}, model_params={}),
    lambda c: c.models.search(page=0),
    lambda c: c.models.search(size=0),
    lambda c: c.models.retrieve(".."),
    lambda c: c.model_groups.create("a", []),
    lambda c: c.model_groups.create("a", {"model_name": "x"}),
    lambda c: c.model_groups.create("a", [{"litellm_params": {}}]),
    lambda c: c.model_groups.create("a", [{"model": "x"}]),
    lambda c: c.model_groups.create("a", [{"model_name": "x", "litellm_params": "y"}]),
    lambda c: c.model_groups.create("a", ENTRIES, fallbacks="b"),
    lambda c: c.model_groups.create("a/b", ENTRIES, fallbacks=["c"]),
    lambda c: c.model_groups.set_fallbacks("a", "b"),
    lambda c: c.model_groups.set_fallbacks("a/b", ["c"]),
    lambda c: c.model_groups.set_fallbacks("a/b", []),
    lambda c: c.health.check(model="a", model_id="b"),
    lambda c: c.health.test_connection({}),
    lambda c: c.health.history(limit=0),
    lambda c: c.health.history(limit=1001),
    lambda c: c.health.history(offset=-1),
    lambda c: c.http.request("GET", "https://elsewhere.test/x"),
    lambda c: c.http.request("GET", "/a/../b"),
    lambda c: c.http.request("GET", "/a", follow_redirects=True),
    lambda c: c.http.request("GET", "/a", params="b"),
    lambda c: c.http.request("GET", "/a", headers={"x": "a\r\nb"}),
    lambda c: c.http.request("POST", "/a", json={"x": float("nan")}),
    lambda c: c.http.request("POST", "/a", json={"x": "\ud83d"}),
    lambda c: c.http.request("POST", "/a", json={"x": object()}),
]


@pytest.mark.parametrize("call", REFUSED)
async def test_bad_input_is_refused_before_sending(call: Callable[[AsyncClient], Any], make_client: MakeClient) -> None:
    async with Server(refuse) as server:
        with pytest.raises(UsageError) as caught:
            await call(make_client(server.url))
    assert isinstance(caught.value, LiteLLMProxyError)
    assert server.requests == []


async def test_a_health_check_is_paid_for_and_not_repeated(make_client: MakeClient) -> None:
    async with Server(refuse) as server:
        with pytest.raises(InternalServerError):
            await make_client(server.url).health.check(model="x")
    assert len(server.requests) == 1


async def test_forms_bytes_and_parameters_by_hand(make_client: MakeClient) -> None:
    async def accept(exchange: Exchange) -> None:
        await exchange.answer([1, 2])

    async with Server(accept) as server:
        http = make_client(server.url, "sk-1").http
        assert await http.request("POST", "//a/b/", data={"x": "1"}, params={"q": ["a b", "c"]}) == [1, 2]
        await http.request("PUT", "a", data=b"raw", headers={"content-type": "text/plain"}, timeout=5)
    form, raw = server.requests
    assert (form.target, form.body) == ("/a/b?q=a%20b&q=c", b"x=1")
    assert form.headers["content-type"] == "application/x-www-form-urlencoded"
    assert (raw.body, raw.headers["content-type"]) == (b"raw", "text/plain")
