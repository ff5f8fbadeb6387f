from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import parse_qsl

import httpx
import pytest

from litellm_proxy_client import AsyncClient, AsyncUsersManagementClient, Client, UsersManagementClient
from litellm_proxy_client.exceptions import UnauthorizedError

from .both_clients import awaitable

Responder = Callable[[httpx.Request], httpx.Response]


def management(client_kind: str, respond: Responder) -> AsyncUsersManagementClient:
    transport = httpx.MockTransport(respond)
    if client_kind == "async":
        users = AsyncUsersManagementClient("http://proxy/", "sk-test", timeout=5)
        users.client = AsyncClient("http://proxy", "sk-test", transport=transport)
        return users
    sync_users = UsersManagementClient("http://proxy/", "sk-test", timeout=5)
    sync_users.client = Client("http://proxy", "sk-test", transport=transport)
    return cast("AsyncUsersManagementClient", awaitable(cast("Any", sync_users)))


async def test_list_users_sends_the_parameters_of_the_route(client_kind: str) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        assert dict(parse_qsl(request.url.query.decode())) == {
            "user_ids": "a,b",
            "page_size": "2",
            "sort_by": "user_id",
        }
        return httpx.Response(200, json={"users": [{"user_id": "a"}, {"user_id": "b"}], "total": 2, "total_pages": 1})

    async with management(client_kind, respond) as users:
        found = await users.list_users({"user_ids": "a,b", "page_size": 2})
        assert [user["user_id"] async for user in found] == ["a", "b"]


@pytest.mark.parametrize(
    ("params", "sent"),
    [
        ({"page": "2", "page_size": "500"}, {"page": "2", "page_size": "500", "sort_by": "user_id"}),
        ({"page": "last", "later": True, "role": None}, {"page": "last", "later": "true", "sort_by": "user_id"}),
        ({"user_ids": ["a"], "sso_user_ids": "s,,t"}, {"user_ids": "a,a", "sso_user_ids": "s,t", "sort_by": "user_id"}),
        ({"sort_by": "spend", "organization_ids": ""}, {"sort_by": "spend"}),
    ],
    ids=["numbers as strings", "unknown and omitted", "lists", "sort order and empty string"],
)
async def test_list_users_passes_any_parameters_to_the_proxy(
    client_kind: str, params: dict[str, Any], sent: dict[str, str]
) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        assert dict(parse_qsl(request.url.query.decode())) == sent
        return httpx.Response(200, json={"users": [], "total": 0})

    async with management(client_kind, respond) as users:
        assert (await users.list_users(params)).items == []


async def test_iteration_continues_from_a_page_given_as_a_string(client_kind: str) -> None:
    pages: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        pages.append(request.url.params["page"])
        return httpx.Response(200, json={"users": [{"user_id": f"u{pages[-1]}"}], "total": 3, "total_pages": 3})

    async with management(client_kind, respond) as users:
        assert [user["user_id"] async for user in await users.list_users({"page": "2"})] == ["u2", "u3"]
    assert pages == ["2", "3"]


async def test_create_user_sends_any_field(client_kind: str) -> None:
    data = {"user_id": "u", "teams": ["team1"], "later": 1}

    def respond(request: httpx.Request) -> httpx.Response:
        assert json.loads(request.content) == data
        return httpx.Response(200, json={"user_id": "u", "key": "sk-0123456789abcdef"})

    async with management(client_kind, respond) as users:
        created = await users.create_user(data)
    assert created["key"] == "sk-0123456789abcdef"
    assert "0123456789ab" not in repr(created)


async def test_errors_are_library_errors(client_kind: str) -> None:
    async with management(client_kind, lambda _: httpx.Response(401, json={"error": {"message": "no"}})) as users:
        with pytest.raises(UnauthorizedError):
            await users.get_user("u")


async def test_closing_users_management_closes_its_client(client_kind: str) -> None:
    users = management(client_kind, lambda _: httpx.Response(200, json=1))
    async with users:
        assert await users.delete_user(["u"]) == 1
    assert users.client.is_closed
