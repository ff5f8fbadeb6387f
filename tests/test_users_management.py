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

ResponseModel = Callable[[httpx.Request], httpx.Response]


def management(face: str, answer: ResponseModel) -> AsyncUsersManagementClient:
    transport = httpx.MockTransport(answer)
    if face == "async":
        users = AsyncUsersManagementClient("http://proxy/", "sk-test", timeout=5)
        users.client = AsyncClient("http://proxy", "sk-test", transport=transport)
        return users
    plain = UsersManagementClient("http://proxy/", "sk-test", timeout=5)
    plain.client = Client("http://proxy", "sk-test", transport=transport)
    return cast("AsyncUsersManagementClient", awaitable(cast("Any", plain)))


async def test_parameters_are_those_of_the_route(face: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert dict(parse_qsl(request.url.query.decode())) == {
            "user_ids": "a,b",
            "page_size": "2",
            "sort_by": "user_id",
        }
        return httpx.Response(200, json={"users": [{"user_id": "a"}, {"user_id": "b"}], "total": 2, "total_pages": 1})

    async with management(face, answer) as users:
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
)
async def test_parameters_are_for_the_proxy_to_judge(face: str, params: dict[str, Any], sent: dict[str, str]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert dict(parse_qsl(request.url.query.decode())) == sent
        return httpx.Response(200, json={"users": [], "total": 0})

    async with management(face, answer) as users:
        assert (await users.list_users(params)).items == []


async def test_following_pages_are_counted_from_a_page_that_is_a_string(face: str) -> None:
    pages: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        pages.append(request.url.params["page"])
        return httpx.Response(200, json={"users": [{"user_id": f"u{pages[-1]}"}], "total": 3, "total_pages": 3})

    async with management(face, answer) as users:
        assert [user["user_id"] async for user in await users.list_users({"page": "2"})] == ["u2", "u3"]
    assert pages == ["2", "3"]


async def test_whatever_the_proxy_knows_of_a_user_is_sent(face: str) -> None:
    data = {"user_id": "u", "teams": ["team1"], "later": 1}

    def answer(request: httpx.Request) -> httpx.Response:
        assert json.loads(request.content) == data
        return httpx.Response(200, json={"user_id": "u", "key": "sk-0123456789abcdef"})

    async with management(face, answer) as users:
        made = await users.create_user(data)
    assert made["key"] == "sk-0123456789abcdef"
    assert "0123456789ab" not in repr(made)


async def test_errors_are_this_library_s(face: str) -> None:
    async with management(face, lambda _: httpx.Response(401, json={"error": {"message": "no"}})) as users:
        with pytest.raises(UnauthorizedError):
            await users.get_user("u")


async def test_it_is_closed_with_its_client(face: str) -> None:
    users = management(face, lambda _: httpx.Response(200, json=1))
    async with users:
        assert await users.delete_user(["u"]) == 1
    assert users.client.is_closed
