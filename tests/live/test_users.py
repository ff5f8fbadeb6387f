from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta, timezone

import pytest

from litellm_proxy_client import NULL, AsyncClient
from litellm_proxy_client.exceptions import (
    ConflictError,
    InternalServerError,
    NotFoundError,
    RateLimitError,
    UnprocessableEntityError,
)
from litellm_proxy_client.types.users import UserRole


@pytest.fixture
def name() -> str:
    """A unique prefix of the ids of all users that a test creates."""
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture(autouse=True)
async def delete_users(live: AsyncClient, name: str) -> AsyncIterator[None]:
    yield
    user_ids = [user.user_id or "" async for user in await live.users.list(search=name, page_size=100)]
    if user_ids:
        await live.users.delete(user_ids)


async def test_user_is_created_read_updated_and_deleted(live: AsyncClient, name: str) -> None:
    before = datetime.now(timezone.utc)
    created = await live.users.create(
        user_id=name,
        user_email=f"{name}@example.com",
        user_alias="Ada",
        user_role="internal_user",
        models=["mock-short"],
        max_budget=5.0,
        budget_duration="30d",
        rpm_limit=10,
        model_rpm_limit={"mock-short": 5},
        metadata={"purpose": "test"},
        key_alias=name,
        duration="1d",
    )
    assert created.user_id == name
    assert created.user_role == "internal_user"
    assert created.key
    assert created.key not in repr(created)
    assert created.expires is not None
    assert created.expires > before
    with pytest.raises(ConflictError, match="already exists"):
        await live.users.create(user_id=name)

    read = await live.users.get(name)
    user = read.user_info
    assert user is not None
    assert (user.user_email, user.user_alias, user.models) == (f"{name}@example.com", "Ada", ["mock-short"])
    assert (user.max_budget, user.budget_duration, user.rpm_limit, user.spend) == (5.0, "30d", 10, 0.0)
    assert user.budget_reset_at is not None
    assert user.budget_reset_at > before
    assert user["metadata"] == {"purpose": "test", "model_rpm_limit": {"mock-short": 5}}
    assert read.keys is not None
    assert [key.key_alias for key in read.keys] == [name]
    assert read["teams"] == []
    single = await live.users.get_v2(name)
    assert (single.user_id, single.max_budget, single.teams) == (name, 5.0, [])

    updated = await live.users.update(name, user_alias="Grace", max_budget=9.5, metadata={"purpose": "other"})
    assert updated.user_id == name
    assert updated.data is not None
    assert (updated.data.user_alias, updated.data.max_budget, updated.data.rpm_limit) == ("Grace", 9.5, 10)
    assert updated.data.metadata == {"purpose": "other"}

    assert await live.users.delete([name]) == 1
    with pytest.raises(NotFoundError):
        await live.users.get(name)
    with pytest.raises(NotFoundError):
        await live.users.get_v2(name)


async def test_single_id_does_not_match_longer_ids(live: AsyncClient, name: str) -> None:
    for each in (name, f"{name}0"):
        await live.users.create(user_id=each, auto_create_key=False)
    try:
        assert [user.user_id for user in (await live.users.list(user_ids=[name])).items] == [name]
    finally:
        await live.users.delete([f"{name}0"])


async def test_user_is_created_without_a_key(live: AsyncClient, name: str) -> None:
    created = await live.users.create(user_id=name, auto_create_key=False)
    assert not created.key
    assert (await live.users.get(name)).keys == []


async def test_null_clears_budgets_and_limits_and_the_user_can_still_be_listed(live: AsyncClient, name: str) -> None:
    await live.users.create(
        user_id=name, auto_create_key=False, max_budget=1.0, budget_duration="30d", tpm_limit=3, rpm_limit=4
    )
    await live.users.update(
        name, max_budget=NULL, budget_duration=NULL, model_max_budget=NULL, tpm_limit=NULL, rpm_limit=NULL
    )
    (user,) = (await live.users.list(user_ids=[name])).items
    assert (user.max_budget, user.budget_duration, user.budget_reset_at) == (None, None, None)
    assert (user.tpm_limit, user.rpm_limit, user.model_max_budget) == (None, None, {})


async def test_update_does_not_create_a_user(live: AsyncClient, name: str) -> None:
    with pytest.raises(NotFoundError, match=name):
        await live.users.update(name, user_email=f"{name}@example.com", max_budget=1.0)
    assert (await live.users.list(search=name)).items == []
    # The route itself creates an unknown user, so the client looks the user up first.
    await live.http.request("POST", "/user/update", json={"user_id": name})
    assert (await live.users.get_v2(name)).user_id == name


@pytest.mark.parametrize("suffix", [" b+c", "é/ü&x=1", "%20"])
async def test_update_accepts_special_characters_in_the_id(live: AsyncClient, name: str, suffix: str) -> None:
    await live.users.create(user_id=name + suffix, auto_create_key=False)
    assert (await live.users.update(name + suffix, max_budget=1.0)).user_id == name + suffix
    assert [user.max_budget for user in (await live.users.list(search=name)).items] == [1.0]


async def test_update_allows_two_users_with_the_same_email(live: AsyncClient, name: str) -> None:
    for user_id in (name, f"{name}-1"):
        await live.users.create(user_id=user_id, auto_create_key=False)
        await live.users.update(user_id, user_email=f"{name}@example.com")
    assert (await live.users.list(user_email=f"{name}@example.com")).total == 2


async def test_key_that_cannot_read_a_user_cannot_update_it(live: AsyncClient, name: str) -> None:
    await live.users.create(user_id=f"{name}-1", auto_create_key=False)
    created = await live.users.create(user_id=name, user_role="internal_user")
    user = live.with_options(headers={"Authorization": f"Bearer {created.key}"})
    with pytest.raises(NotFoundError):
        await user.users.update(f"{name}-1", user_alias="Ada")
    assert (await live.users.get_v2(f"{name}-1")).user_alias is None


async def test_empty_mapping_clears_limits_by_model(live: AsyncClient, name: str) -> None:
    limits = {"model_rpm_limit": {"mock-short": 1}, "model_tpm_limit": {"mock-short": 2}, "tag_rpm_limit": {"a": 3}}
    await live.users.create(user_id=name, auto_create_key=False, metadata={"purpose": "test"}, extra_body=limits)
    assert (await live.users.get_v2(name)).metadata == {"purpose": "test", **limits}
    await live.users.update(name, model_rpm_limit={}, tag_rpm_limit={})
    expected = {"purpose": "test", **limits, "model_rpm_limit": {}, "tag_rpm_limit": {}}
    assert (await live.users.get_v2(name)).metadata == expected
    await live.users.bulk_update([{"user_id": name, "model_tpm_limit": {}}])
    assert (await live.users.get_v2(name)).metadata == {**expected, "model_tpm_limit": {}}


async def test_limit_by_model_applies_only_to_the_new_key(live: AsyncClient, name: str) -> None:
    created = await live.users.create(user_id=name, model_rpm_limit={"mock-short": 1})
    other = await live.keys.generate(user_id=name)

    async def complete(key: str | None) -> None:
        user = live.with_options(headers={"Authorization": f"Bearer {key}"}, max_retries=0)
        await user.chat.completions.create(model="mock-short", messages=[{"role": "user", "content": "Hello"}])

    for _ in range(3):
        await complete(other.key)
    with pytest.raises(RateLimitError):
        for _ in range(3):
            await complete(created.key)


async def test_get_without_an_id_returns_the_admin_and_all_keys(live: AsyncClient, name: str) -> None:
    created = await live.users.create(user_id=name, user_role="proxy_admin")
    await live.users.create(user_id=f"{name}-1", key_alias=f"{name}-1")
    info = await live.with_options(headers={"Authorization": f"Bearer {created.key}"}).users.get()
    assert info.user_info is not None
    assert (info.user_id, info.user_info.user_id) == (name, name)
    assert f"{name}-1" in [key.user_id for key in info.keys or ()]


async def test_metadata_can_be_replaced_but_not_cleared(live: AsyncClient, name: str) -> None:
    await live.users.create(user_id=name, auto_create_key=False, metadata={"a": 1})
    await live.users.update(name, metadata={"b": 2})
    assert (await live.users.get_v2(name)).metadata == {"b": 2}
    ignored: dict[str, object] = {"user_id": name, "metadata": {}, "models": [], "allowed_cache_controls": []}
    # The proxy ignores empty values, so the client rejects them.
    await live.http.request("POST", "/user/update", json=ignored)
    assert (await live.users.get_v2(name)).metadata == {"b": 2}


async def test_users_are_listed_filtered_and_paged(live: AsyncClient, name: str) -> None:
    ids = [f"{name}-{i}" for i in range(5)]
    for i, user_id in enumerate(ids):
        role: UserRole = "internal_user" if i % 2 else "internal_user_viewer"
        await live.users.create(user_id=user_id, user_role=role, auto_create_key=i == 0)
    page = await live.users.list(search=name, page_size=2)
    assert [user.user_id for user in page.items] == ids[:2]
    assert (page.total, page.total_pages, page.has_next_page) == (5, 3, True)
    assert page[0].key_count == 1
    assert (await page.get_next_page())[0].user_id == ids[2]
    assert [user.user_id async for user in page] == ids
    assert [user.user_id for user in (await live.users.list(search=name, role="internal_user")).items] == ids[1::2]
    assert [user.user_id for user in (await live.users.list(user_ids=ids[3:])).items] == ids[3:]
    descending = await live.users.list(search=name, sort_by="user_id", sort_order="desc")
    assert [user.user_id for user in descending.items] == ids[::-1]


async def test_bulk_update_changes_several_users(live: AsyncClient, name: str) -> None:
    ids = [f"{name}-{i}" for i in range(2)]
    for user_id in ids:
        await live.users.create(user_id=user_id, auto_create_key=False, max_budget=1.0)
    result = await live.users.bulk_update(
        [{"user_id": ids[0], "max_budget": 2.0}, {"user_id": ids[1], "max_budget": None}]
    )
    assert (result.total_requested, result.successful_updates, result.failed_updates) == (2, 2, 0)
    assert [result.success for result in result.results] == [True, True]
    first = result.results[0].updated_user
    assert first is not None
    assert first.data is not None
    assert first.data.max_budget == 2.0
    assert (await live.users.get_v2(ids[1])).max_budget is None


async def test_deletion_is_all_or_nothing(live: AsyncClient, name: str) -> None:
    await live.users.create(user_id=name, auto_create_key=False)
    with pytest.raises(NotFoundError, match=f"{name}-not-there"):
        await live.users.delete([name, f"{name}-not-there"])
    assert (await live.users.get_v2(name)).user_id == name


async def test_available_roles_are_returned(live: AsyncClient) -> None:
    roles = await live.users.available_roles()
    assert {"proxy_admin", "internal_user", "internal_user_viewer"} <= set(roles)
    assert roles["internal_user"].description


async def test_daily_activity_is_returned(live: AsyncClient) -> None:
    await live.chat.completions.create(model="mock-short", messages=[{"role": "user", "content": "Hello"}])
    today = datetime.now(timezone.utc).date()
    activity = await live.users.daily_activity(today - timedelta(days=30), today, page_size=1000)
    assert activity.metadata.page == 1
    assert activity.metadata.total_spend is not None
    assert [day.date for day in activity.results] == sorted((day.date for day in activity.results), reverse=True)
    for day in activity.results:
        assert isinstance(day.date, date)
        assert day.metrics.spend is not None
        assert day.breakdown.models


async def test_activity_page_can_end_within_a_day(live: AsyncClient, name: str) -> None:
    created = await live.users.create(user_id=name)
    user = live.with_options(headers={"Authorization": f"Bearer {created.key}"})
    today = datetime.now(timezone.utc).date()
    for model in ("mock-short", "mock-long"):
        await user.chat.completions.create(model=model, messages=[{"role": "user", "content": "Hello"}])
    deadline = asyncio.get_running_loop().time() + 60
    activity = await live.users.daily_activity(today, today + timedelta(days=1), user_id=name)
    while activity.metadata.total_api_requests != 2:
        assert asyncio.get_running_loop().time() < deadline, "the daily activity does not show the spend"
        await asyncio.sleep(1)
        activity = await live.users.daily_activity(today, today + timedelta(days=1), user_id=name)
    assert len(activity.results) == 1
    for number, has_more in ((1, True), (2, False)):
        page = await live.users.daily_activity(today, today + timedelta(days=1), user_id=name, page=number, page_size=1)
        assert [day.date for day in page.results] == [activity.results[0].date]
        assert page.metadata is not None
        assert (page.metadata.total_api_requests, page.metadata.has_more) == (1, has_more)


async def test_enterprise_features_raise_without_a_licence(live: AsyncClient, name: str) -> None:
    with pytest.raises(InternalServerError, match="enterprise"):
        await live.users.create(
            user_id=name, model_max_budget={"mock-short": {"max_budget": 1.0, "budget_duration": "1d"}}
        )
    with pytest.raises(UnprocessableEntityError, match="invitation"):
        await live.users.create(user_id=name, extra_body={"password": "x"})
