from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from litellm_proxy_client import AsyncUsersManagementClient, UsersManagementClient
from litellm_proxy_client.exceptions import NotFoundError, UnprocessableEntityError

from ..both_clients import awaitable


@pytest.fixture
async def users(client_kind: str) -> AsyncIterator[AsyncUsersManagementClient]:
    client = (
        AsyncUsersManagementClient()
        if client_kind == "async"
        else cast("Any", awaitable(cast("Any", UsersManagementClient())))
    )
    async with client:
        yield client


async def test_methods_of_the_litellm_client_work(users: AsyncUsersManagementClient) -> None:
    name = f"test-{uuid.uuid4().hex[:12]}"
    created = await users.create_user(
        {
            "user_id": name,
            "user_email": f"{name}@example.com",
            "user_role": "internal_user",
            "user_alias": "Alice",
            "max_budget": 100.0,
        }
    )
    try:
        assert created["user_id"] == name
        assert created["key"].startswith("sk-")
        assert (await users.get_user(user_id=name))["user_info"]["user_alias"] == "Alice"
        assert (await users.get_user_v2(user_id=name))["max_budget"] == 100.0
        assert [user["user_id"] for user in (await users.list_users({"user_ids": name})).items] == [name]
        assert name in {user["user_id"] async for user in await users.list_users()}
        found = await users.list_users({"search": name, "page": "1", "page_size": "1", "later": "1"})
        assert [user["user_id"] async for user in found] == [name]
        with pytest.raises(UnprocessableEntityError, match="page_size"):
            await users.list_users({"page_size": "500"})
        with pytest.raises(NotFoundError, match=f"{name}-not-there"):
            await users.delete_user([name, f"{name}-not-there"])
    finally:
        assert await users.delete_user([name]) == 1
    with pytest.raises(NotFoundError):
        await users.get_user(user_id=name)
