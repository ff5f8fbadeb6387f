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
    """A name that no other test uses; the ids of all users that a test makes begin with it."""
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture(autouse=True)
async def clean(live: AsyncClient, name: str) -> AsyncIterator[None]:
    yield
    left = [user.user_id or "" async for user in await live.users.list(search=name, page_size=100)]
    if left:
        await live.users.delete(left)


async def test_a_user_is_made_read_changed_and_deleted(live: AsyncClient, name: str) -> None:
    before = datetime.now(timezone.utc)
    made = await live.users.create(
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
    assert made.user_id == name
    assert made.user_role == "internal_user"
    assert made.key
    assert made.key not in repr(made)
    assert made.expires is not None
    assert made.expires > before
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
    alone = await live.users.get_v2(name)
    assert (alone.user_id, alone.max_budget, alone.teams) == (name, 5.0, [])

    changed = await live.users.update(name, user_alias="Grace", max_budget=9.5, metadata={"purpose": "other"})
    assert changed.user_id == name
    assert changed.data is not None
    assert (changed.data.user_alias, changed.data.max_budget, changed.data.rpm_limit) == ("Grace", 9.5, 10)
    assert changed.data.metadata == {"purpose": "other"}

    assert await live.users.delete([name]) == 1
    with pytest.raises(NotFoundError):
        await live.users.get(name)
    with pytest.raises(NotFoundError):
        await live.users.get_v2(name)


async def test_a_single_id_is_no_part_of_another(live: AsyncClient, name: str) -> None:
    for each in (name, f"{name}0"):
        await live.users.create(user_id=each, auto_create_key=False)
    try:
        assert [user.user_id for user in (await live.users.list(user_ids=[name])).items] == [name]
    finally:
        await live.users.delete([f"{name}0"])


async def test_a_user_without_a_key(live: AsyncClient, name: str) -> None:
    made = await live.users.create(user_id=name, auto_create_key=False)
    assert not made.key
    assert (await live.users.get(name)).keys == []


async def test_null_takes_budgets_and_limits_back_and_lists_go_on_to_work(live: AsyncClient, name: str) -> None:
    await live.users.create(
        user_id=name, auto_create_key=False, max_budget=1.0, budget_duration="30d", tpm_limit=3, rpm_limit=4
    )
    await live.users.update(
        name, max_budget=NULL, budget_duration=NULL, model_max_budget=NULL, tpm_limit=NULL, rpm_limit=NULL
    )
    (user,) = (await live.users.list(user_ids=[name])).items
    assert (user.max_budget, user.budget_duration, user.budget_reset_at) == (None, None, None)
    assert (user.tpm_limit, user.rpm_limit, user.model_max_budget) == (None, None, {})


async def test_an_update_makes_nobody(live: AsyncClient, name: str) -> None:
    with pytest.raises(NotFoundError, match=name):
        await live.users.update(name, user_email=f"{name}@example.com", max_budget=1.0)
    assert (await live.users.list(search=name)).items == []
    await live.http.request("POST", "/user/update", json={"user_id": name})  # which is why the client looks them up
    assert (await live.users.get_v2(name)).user_id == name


@pytest.mark.parametrize("end", [" b+c", "é/ü&x=1", "%20"])
async def test_an_update_finds_every_id(live: AsyncClient, name: str, end: str) -> None:
    await live.users.create(user_id=name + end, auto_create_key=False)
    assert (await live.users.update(name + end, max_budget=1.0)).user_id == name + end
    assert [user.max_budget for user in (await live.users.list(search=name)).items] == [1.0]


async def test_an_update_lets_two_users_have_one_address(live: AsyncClient, name: str) -> None:
    for user_id in (name, f"{name}-1"):
        await live.users.create(user_id=user_id, auto_create_key=False)
        await live.users.update(user_id, user_email=f"{name}@example.com")
    assert (await live.users.list(user_email=f"{name}@example.com")).total == 2


async def test_a_key_that_may_not_read_a_user_changes_nothing(live: AsyncClient, name: str) -> None:
    await live.users.create(user_id=f"{name}-1", auto_create_key=False)
    made = await live.users.create(user_id=name, user_role="internal_user")
    user = live.with_options(headers={"Authorization": f"Bearer {made.key}"})
    with pytest.raises(NotFoundError):
        await user.users.update(f"{name}-1", user_alias="Ada")
    assert (await live.users.get_v2(f"{name}-1")).user_alias is None


async def test_limits_by_model_are_taken_back_with_an_empty_mapping(live: AsyncClient, name: str) -> None:
    limits = {"model_rpm_limit": {"mock-short": 1}, "model_tpm_limit": {"mock-short": 2}, "tag_rpm_limit": {"a": 3}}
    await live.users.create(user_id=name, auto_create_key=False, metadata={"purpose": "test"}, extra_body=limits)
    assert (await live.users.get_v2(name)).metadata == {"purpose": "test", **limits}
    await live.users.update(name, model_rpm_limit={}, tag_rpm_limit={})
    kept = {"purpose": "test", **limits, "model_rpm_limit": {}, "tag_rpm_limit": {}}
    assert (await live.users.get_v2(name)).metadata == kept
    await live.users.bulk_update([{"user_id": name, "model_tpm_limit": {}}])
    assert (await live.users.get_v2(name)).metadata == {**kept, "model_tpm_limit": {}}


async def test_a_limit_by_model_is_that_of_the_new_key_alone(live: AsyncClient, name: str) -> None:
    made = await live.users.create(user_id=name, model_rpm_limit={"mock-short": 1})
    other = await live.keys.generate(user_id=name)

    async def ask(key: str | None) -> None:
        user = live.with_options(headers={"Authorization": f"Bearer {key}"}, max_retries=0)
        await user.chat.completions.create(model="mock-short", messages=[{"role": "user", "content": "Hello"}])

    for _ in range(3):
        await ask(other.key)
    with pytest.raises(RateLimitError):
        for _ in range(3):
            await ask(made.key)


async def test_an_admin_who_asks_for_nobody_is_told_of_themselves_and_all_keys(live: AsyncClient, name: str) -> None:
    made = await live.users.create(user_id=name, user_role="proxy_admin")
    await live.users.create(user_id=f"{name}-1", key_alias=f"{name}-1")
    info = await live.with_options(headers={"Authorization": f"Bearer {made.key}"}).users.get()
    assert info.user_info is not None
    assert (info.user_id, info.user_info.user_id) == (name, name)
    assert f"{name}-1" in [key.user_id for key in info.keys or ()]


async def test_metadata_is_replaced_but_never_emptied(live: AsyncClient, name: str) -> None:
    await live.users.create(user_id=name, auto_create_key=False, metadata={"a": 1})
    await live.users.update(name, metadata={"b": 2})
    assert (await live.users.get_v2(name)).metadata == {"b": 2}
    ignored: dict[str, object] = {"user_id": name, "metadata": {}, "models": [], "allowed_cache_controls": []}
    await live.http.request("POST", "/user/update", json=ignored)  # which is why the client refuses it
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
    falling = await live.users.list(search=name, sort_by="user_id", sort_order="desc")
    assert [user.user_id for user in falling.items] == ids[::-1]


async def test_several_users_are_changed_at_once(live: AsyncClient, name: str) -> None:
    ids = [f"{name}-{i}" for i in range(2)]
    for user_id in ids:
        await live.users.create(user_id=user_id, auto_create_key=False, max_budget=1.0)
    done = await live.users.bulk_update(
        [{"user_id": ids[0], "max_budget": 2.0}, {"user_id": ids[1], "max_budget": None}]
    )
    assert (done.total_requested, done.successful_updates, done.failed_updates) == (2, 2, 0)
    assert [result.success for result in done.results] == [True, True]
    first = done.results[0].updated_user
    assert first is not None
    assert first.data is not None
    assert first.data.max_budget == 2.0
    assert (await live.users.get_v2(ids[1])).max_budget is None


async def test_a_deletion_is_all_or_nothing(live: AsyncClient, name: str) -> None:
    await live.users.create(user_id=name, auto_create_key=False)
    with pytest.raises(NotFoundError, match=f"{name}-not-there"):
        await live.users.delete([name, f"{name}-not-there"])
    assert (await live.users.get_v2(name)).user_id == name


async def test_available_roles(live: AsyncClient) -> None:
    roles = await live.users.available_roles()
    assert {"proxy_admin", "internal_user", "internal_user_viewer"} <= set(roles)
    assert roles["internal_user"].description


async def test_daily_activity(live: AsyncClient) -> None:
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


async def test_a_page_of_activity_does_not_end_with_the_day(live: AsyncClient, name: str) -> None:
    made = await live.users.create(user_id=name)
    user = live.with_options(headers={"Authorization": f"Bearer {made.key}"})
    today = datetime.now(timezone.utc).date()
    for model in ("mock-short", "mock-long"):
        await user.chat.completions.create(model=model, messages=[{"role": "user", "content": "Hello"}])
    end = asyncio.get_running_loop().time() + 60
    whole = await live.users.daily_activity(today, today + timedelta(days=1), user_id=name)
    while whole.metadata.total_api_requests != 2:
        assert asyncio.get_running_loop().time() < end, "what was spent is not shown"
        await asyncio.sleep(1)
        whole = await live.users.daily_activity(today, today + timedelta(days=1), user_id=name)
    assert len(whole.results) == 1
    for number, more in ((1, True), (2, False)):
        page = await live.users.daily_activity(today, today + timedelta(days=1), user_id=name, page=number, page_size=1)
        assert [day.date for day in page.results] == [whole.results[0].date]
        assert page.metadata is not None
        assert (page.metadata.total_api_requests, page.metadata.has_more) == (1, more)


async def test_what_needs_a_licence_says_so(live: AsyncClient, name: str) -> None:
    with pytest.raises(InternalServerError, match="enterprise"):
        await live.users.create(
            user_id=name, model_max_budget={"mock-short": {"max_budget": 1.0, "budget_duration": "1d"}}
        )
    with pytest.raises(UnprocessableEntityError, match="invitation"):
        await live.users.create(user_id=name, extra_body={"password": "x"})
