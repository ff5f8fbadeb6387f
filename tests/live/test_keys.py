from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from typing import cast

import pytest

from litellm_proxy_client import NULL, AsyncClient
from litellm_proxy_client.exceptions import (
    BadRequestError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    UnauthorizedError,
)
from litellm_proxy_client.types.keys import GeneratedKey, KeyStatus

MISSING = "0" * 64


def acting_as(live: AsyncClient, key: GeneratedKey) -> AsyncClient:
    return live.with_options(headers={"Authorization": f"Bearer {key.key}"})


@pytest.fixture
def name() -> str:
    """A unique prefix of the aliases of all keys and teams that a test creates."""
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture(autouse=True)
async def delete_keys(live: AsyncClient, name: str) -> AsyncIterator[None]:
    yield
    aliases = [alias async for alias in await live.keys.aliases(search=name)]
    if aliases:
        await live.keys.delete(key_aliases=aliases)


@pytest.fixture
async def key(live: AsyncClient, name: str) -> GeneratedKey:
    return await live.keys.generate(key_alias=name, max_budget=5.0, metadata={"purpose": "test"})


@pytest.fixture
async def team(live: AsyncClient, name: str) -> AsyncIterator[str]:
    team = cast("dict[str, str]", await live.http.request("POST", "/team/new", json={"team_alias": name}))
    yield team["team_id"]
    await live.http.request("POST", "/team/delete", json={"team_ids": [team["team_id"]]})


async def test_key_is_created_read_updated_and_deleted(live: AsyncClient, name: str) -> None:
    started = datetime.now(timezone.utc)
    created = await live.keys.generate(
        key_alias=name,
        models=["mock-short"],
        aliases={"gpt": "mock-short"},
        duration="24h",
        max_budget=5.0,
        soft_budget=3.0,
        budget_duration="30d",
        budget_limits=[{"budget_duration": "1d", "max_budget": 1.0}],
        rpm_limit=60,
        tpm_limit=1000,
        max_parallel_requests=2,
        model_rpm_limit={"mock-short": 30},
        metadata={"purpose": "test"},
        key_type="llm_api",
        object_permission={"vector_stores": ["store"]},
    )
    assert created.key.startswith("sk-")
    assert created.key not in repr(created)
    assert created.token is not None
    assert created.token != created.key
    assert created.expires is not None
    assert timedelta(hours=23) < created.expires - started < timedelta(hours=25)

    by_key = (await live.keys.info(created.key)).info
    by_hash = await live.keys.info(created.token)
    assert by_hash.key == created.token
    assert by_hash.info == by_key
    assert by_key.key_alias == name
    assert by_key.status == "active"
    assert by_key.models == ["mock-short"]
    assert by_key.aliases == {"gpt": "mock-short"}
    assert by_key.allowed_routes == ["llm_api_routes"]
    assert (by_key.max_budget, by_key.rpm_limit, by_key.tpm_limit, by_key.max_parallel_requests) == (5.0, 60, 1000, 2)
    assert by_key.metadata == {"purpose": "test", "model_rpm_limit": {"mock-short": 30}}
    assert by_key.budget_reset_at is not None
    assert by_key.budget_reset_at.day == 1
    assert by_key.litellm_budget_table is not None
    assert by_key.litellm_budget_table.soft_budget == 3.0
    assert by_key.budget_limits is not None
    assert by_key.budget_limits[0].max_budget == 1.0
    assert by_key.budget_limits_usage is not None
    assert by_key.budget_limits_usage["1d"].current_spend == 0.0
    assert by_key.object_permission is not None
    assert by_key.object_permission.vector_stores == ["store"]

    updated = await live.keys.update(created.key, max_budget=7.5, budget_duration=NULL, duration=NULL, models=[])
    assert updated.key == created.token
    assert (updated.max_budget, updated.budget_duration, updated.budget_reset_at) == (7.5, None, None)
    assert (updated.expires, updated.models, updated.rpm_limit) == (None, [], 60)

    deleted = await live.keys.delete(keys=[created.key])
    assert deleted.deleted_keys == [created.key]
    assert (await live.keys.info(created.key)).info.status == "deleted"


async def test_update_finds_a_key_by_its_alias(live: AsyncClient, key: GeneratedKey, name: str) -> None:
    assert (await live.keys.update(key_alias=name, max_budget=NULL)).max_budget is None
    assert (await live.keys.update(key.key, key_alias=f"{name}-new")).key_alias == f"{name}-new"
    assert (await live.keys.update(key.key, key_alias=NULL)).key_alias is None
    await live.keys.delete(keys=[key.key])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("max_parallel_requests", 7),
        ("tpm_limit", 7),
        ("rpm_limit", 7),
        ("tpd_limit", 7),
        ("user_id", "somebody"),
        ("agent_id", "somebody"),
        ("router_settings", {"num_retries": 2}),
    ],
)
async def test_null_clears_a_field(live: AsyncClient, name: str, field: str, value: object) -> None:
    key = await live.keys.generate(key_alias=name, extra_body={field: value})
    assert (await live.keys.info(key.key)).info[field] == value
    assert (await live.keys.update(key.key, extra_body={field: NULL}))[field] is None
    (row,) = (await live.keys.list(key_alias=name)).items
    assert row[field] is None


async def test_empty_mapping_or_list_clears_a_field(live: AsyncClient, name: str) -> None:
    key = await live.keys.generate(
        key_alias=name,
        aliases={"a": "b"},
        metadata={"a": 1},
        permissions={"pii": False},
        budget_fallbacks={"a": ["b"]},
        models=["a"],
        allowed_routes=["/models"],
        budget_limits=[{"budget_duration": "1d", "max_budget": 1.0}],
    )
    await live.keys.update(
        key.key,
        aliases={},
        metadata={},
        permissions={},
        budget_fallbacks={},
        models=[],
        allowed_routes=[],
        budget_limits=[],
    )
    (row,) = (await live.keys.list(key_alias=name)).items
    assert (row.aliases, row.metadata, row.permissions, row.budget_fallbacks) == ({}, {}, {}, {})
    assert (row.models, row.allowed_routes, row.budget_limits) == ([], [], None)


async def test_replacing_the_metadata_clears_limits_stored_in_it(live: AsyncClient, name: str) -> None:
    key = await live.keys.generate(key_alias=name, model_rpm_limit={"mock-short": 1}, metadata={"a": 1})
    updated = await live.keys.update(key.key, extra_body={"model_rpm_limit": NULL})
    assert updated.metadata == {"a": 1, "model_rpm_limit": {"mock-short": 1}}
    assert (await live.keys.update(key.key, metadata={"a": 1})).metadata == {"a": 1}


async def test_key_with_a_given_value_is_created(live: AsyncClient, name: str) -> None:
    own_key = f"sk-{uuid.uuid4().hex}"
    key = await live.keys.generate(key=own_key, key_alias=name, max_budget=1.0)
    assert key.key == own_key
    await live.keys.generate(key=own_key, max_budget=2.0)
    # The second call neither created nor changed a key.
    assert (await live.keys.info(own_key)).info.max_budget == 1.0
    with pytest.raises(BadRequestError, match="sk-"):
        await live.keys.generate(key=f"no-{uuid.uuid4().hex}")
    with pytest.raises(BadRequestError, match="16 characters"):
        await live.keys.generate(key="sk-short")


async def test_alias_is_unique(live: AsyncClient, key: GeneratedKey, name: str) -> None:
    with pytest.raises(ConflictError, match="already exists") as conflict:
        await live.keys.generate(key_alias=name)
    assert conflict.value.status_code == 400
    other = await live.keys.generate(key_alias=f"{name}-other")
    with pytest.raises(ConflictError, match="already exists"):
        await live.keys.update(other.key, key_alias=name)


async def test_missing_key_raises_not_found(live: AsyncClient, name: str) -> None:
    with pytest.raises(NotFoundError):
        await live.keys.info(MISSING)
    with pytest.raises(NotFoundError):
        await live.keys.update(MISSING, max_budget=1.0)
    with pytest.raises(NotFoundError):
        await live.keys.update(key_alias=name, max_budget=1.0)
    with pytest.raises(NotFoundError):
        await live.keys.block(MISSING)
    with pytest.raises(NotFoundError):
        await live.keys.unblock(MISSING)
    with pytest.raises(NotFoundError):
        await live.keys.reset_spend(MISSING)
    with pytest.raises(NotFoundError):
        await live.keys.delete(keys=[MISSING, f"sk-{name}-missing"], key_aliases=[name])


async def test_delete_by_key_and_alias_reports_deleted_and_missing(live: AsyncClient, name: str) -> None:
    keys = [await live.keys.generate(key_alias=f"{name}-{i}") for i in range(5)]
    missing_key = f"sk-{uuid.uuid4().hex}"
    tokens = [key.token or "" for key in keys]
    deleted = await live.keys.delete(
        keys=[keys[0].key, tokens[1], missing_key], key_aliases=[f"{name}-1", f"{name}-2", f"{name}-3", f"{name}-none"]
    )
    assert deleted.deleted_keys == [keys[0].key, tokens[1]]
    assert deleted.missing_keys == [missing_key]
    assert deleted.deleted_aliases == [f"{name}-1", f"{name}-2", f"{name}-3"]
    assert deleted.missing_aliases == [f"{name}-none"]
    assert [alias async for alias in await live.keys.aliases(search=name)] == [f"{name}-4"]


async def test_management_key_deletes_keys_of_its_user(live: AsyncClient, name: str) -> None:
    user = f"{name}-user"
    await live.http.request(
        "POST", "/user/new", json={"user_id": user, "user_role": "internal_user", "auto_create_key": False}
    )
    try:
        manager = await live.keys.generate(key_alias=f"{name}-m", user_id=user, key_type="management")
        own_keys = [await live.keys.generate(key_alias=f"{name}-{i}", user_id=user) for i in range(2)]
        others = await live.keys.generate(key_alias=f"{name}-other")
        by_manager = acting_as(live, manager).keys
        with pytest.raises(PermissionDeniedError):
            await by_manager.delete(keys=[own_keys[0].key, others.key])
        deleted = await by_manager.delete(keys=[*(key.key for key in own_keys), MISSING])
        assert deleted.deleted_keys == [key.key for key in own_keys]
        assert deleted.missing_keys == [MISSING]
    finally:
        await live.http.request("POST", "/user/delete", json={"user_ids": [user]})


async def test_blocked_key_is_rejected_until_unblocked(live: AsyncClient, key: GeneratedKey) -> None:
    as_key = acting_as(live, key)
    assert (await as_key.keys.info()).info.key_alias == key.key_alias
    assert (await live.keys.block(key.key)).blocked is True
    assert (await live.keys.info(key.key)).info.status == "revoked"
    with pytest.raises(UnauthorizedError, match="blocked"):
        await as_key.keys.info()
    assert (await live.keys.unblock(key.key)).blocked is False
    assert (await as_key.keys.info()).key == key.token


async def test_bulk_update_reports_each_key(live: AsyncClient, key: GeneratedKey, name: str) -> None:
    other = await live.keys.generate(key_alias=f"{name}-other", max_budget=1.0)
    result = await live.keys.bulk_update(
        [
            {"key": key.key, "max_budget": 9.0},
            {"key": other.token or "", "max_budget": None},
            {"key": MISSING, "max_budget": 1.0},
        ]
    )
    assert result.total_requested == 3
    assert [done.key for done in result.successful_updates] == [key.token, other.token]
    assert [failed.failed_reason for failed in result.failed_updates] == ["Key not found."]
    assert (await live.keys.info(key.key)).info.max_budget == 9.0
    assert (await live.keys.info(other.key)).info.max_budget is None


async def test_spend_is_reset(live: AsyncClient, name: str) -> None:
    key = await live.keys.generate(key_alias=name, spend=1.5)
    with pytest.raises(BadRequestError, match="current spend"):
        await live.keys.reset_spend(key.key, reset_to=2.0)
    reset = await live.keys.reset_spend(key.key, reset_to=0.5)
    assert (reset.previous_spend, reset.spend, reset.key_hash) == (1.5, 0.5, key.token)
    assert (await live.keys.reset_spend(key.key)).spend == 0.0
    assert (await live.keys.info(key.key)).info.spend == 0.0


async def test_key_health_is_reported(live: AsyncClient, key: GeneratedKey) -> None:
    health = await acting_as(live, key).keys.health()
    assert (health.key, health.logging_callbacks) == ("healthy", None)


async def test_service_account_belongs_to_a_team_and_no_user(live: AsyncClient, team: str, name: str) -> None:
    key = await live.keys.generate_service_account(
        team_id=team, key_alias=name, max_budget=1.0, extra_body={"user_id": "somebody"}
    )
    info = (await live.keys.info(key.key)).info
    assert (info.team_id, info.user_id, info.max_budget) == (team, None, 1.0)
    assert info.metadata == {"service_account_id": name}
    with pytest.raises(BadRequestError, match="immutable"):
        await live.keys.update(key.key, metadata={"service_account_id": "other"})
    with pytest.raises(NotFoundError, match="team_id does not exist") as error:
        await live.keys.generate_service_account(team_id=f"{name}-none")
    assert error.value.status_code == 400


async def test_enterprise_features_raise_without_a_licence(live: AsyncClient, key: GeneratedKey, name: str) -> None:
    with pytest.raises(InternalServerError, match="Enterprise"):
        await live.keys.regenerate(key.key, grace_period="1h")
    with pytest.raises(PermissionDeniedError, match="Enterprise"):
        await live.keys.generate(key_alias=f"{name}-tags", tags=["a"])
    with pytest.raises(PermissionDeniedError, match="Enterprise"):
        await live.keys.update(key.key, guardrails=["a"])
    with pytest.raises(InternalServerError, match="enterprise license"):
        await live.keys.generate(
            key_alias=f"{name}-budgets", model_max_budget={"mock-short": {"budget_limit": 1.0, "time_period": "1d"}}
        )


async def test_single_key_is_found(live: AsyncClient, key: GeneratedKey, name: str) -> None:
    by_hash = await live.keys.list(key_hash=key.key)
    assert [(row.token, row.key_alias, row.max_budget) for row in by_hash.items] == [(key.token, name, 5.0)]
    assert by_hash.total == 1
    by_search = await live.keys.list(search=name[5:].upper())
    assert [row.token for row in by_search.items] == [key.token]
    only_hashes = await live.keys.list(key_alias=name, return_full_object=False)
    assert [(row.token, row.key_alias) for row in only_hashes.items] == [(key.token, None)]
    assert len(await live.keys.list(key_alias=name[:-1])) == 0
    assert len(await live.keys.list(key_alias=name[:-1], substring_matching=True)) == 1


async def test_keys_are_listed_by_status(live: AsyncClient, team: str, name: str) -> None:
    created: dict[KeyStatus, GeneratedKey] = {
        "active": await live.keys.generate(key_alias=f"{name}-a", team_id=team),
        "expired": await live.keys.generate(key_alias=f"{name}-e", team_id=team, duration="0s"),
        "revoked": await live.keys.generate(key_alias=f"{name}-r", team_id=team, blocked=True),
        "deleted": await live.keys.generate(key_alias=f"{name}-d", team_id=team),
    }
    await live.keys.delete(keys=[created["deleted"].key])
    for status, key in created.items():
        rows = (await live.keys.list(team_id=team, status=status)).items
        assert [row.token for row in rows] == [key.token], status
    assert {row.token for row in (await live.keys.list(team_id=team)).items} == {
        key.token for status, key in created.items() if status != "deleted"
    }
    expired = await live.keys.list(team_id=team, expires="expired")
    assert [row.token for row in expired.items] == [created["expired"].token]
    archived = (await live.keys.list(team_id=team, status="deleted"))[0]
    assert archived.deleted_at is not None


async def test_keys_and_aliases_are_paged(live: AsyncClient, team: str, name: str) -> None:
    created = [await live.keys.generate(key_alias=f"{name}-{i}", team_id=team) for i in range(5)]
    page = await live.keys.list(team_id=team, page=1, size=2, return_full_object=True)
    assert (len(page), page.total, page.total_pages, page.has_next_page) == (2, 5, 3, True)
    second = await page.get_next_page()
    last = await second.get_next_page()
    assert (last.page, len(last), last.has_next_page) == (3, 1, False)
    assert sorted(row.token or "" for row in [*page.items, *second.items, *last.items]) == sorted(
        key.token or "" for key in created
    )
    assert [row.token async for row in page] == [row.token for row in [*page.items, *second.items, *last.items]]
    by_alias = await live.keys.list(team_id=team, size=2, sort_by="key_alias", sort_order="asc")
    assert [row.key_alias async for row in by_alias] == [f"{name}-{i}" for i in range(5)]
    aliases = await live.keys.aliases(team_id=team, size=2)
    assert (aliases.total, aliases.total_pages) == (5, 3)
    assert [alias async for alias in aliases] == [f"{name}-{i}" for i in range(5)]


async def test_list_expands_users(live: AsyncClient, key: GeneratedKey, name: str) -> None:
    (row,) = (await live.keys.list(key_alias=name, return_full_object=False, expand=["user"])).items
    assert (row.token, row.key_alias) == (key.token, name)
    assert "created_by_user" in row


async def test_list_includes_keys_of_administered_teams(live: AsyncClient, team: str, name: str) -> None:
    key = await live.keys.generate(key_alias=name, team_id=team, user_id=f"{name}-user")
    page = await live.keys.list(user_id=f"{name}-user", team_id=team, include_team_keys=True)
    assert [row.token for row in page.items] == [key.token]


async def test_iteration_yields_each_key_once_while_others_are_deleted(live: AsyncClient, team: str, name: str) -> None:
    created: list[GeneratedKey] = []
    for start in range(0, 250, 25):
        created += await asyncio.gather(
            *(live.keys.generate(key_alias=f"{name}-{start + i}", team_id=team) for i in range(25))
        )
    seen: list[str] = []
    deleted: set[str] = set()
    async for row in await live.keys.list(team_id=team, size=20):
        seen.append(row.token or "")
        if len(seen) in (20, 60, 100, 160):
            removed = set(seen[-20:-10])
            await live.keys.delete(keys=sorted(removed))
            deleted |= removed
    assert len(deleted) == 40
    assert len(seen) == len(set(seen))
    assert {key.token for key in created} - deleted <= set(seen)
    await live.keys.delete(keys=[key.token or "" for key in created if key.token not in deleted])


async def test_key_spend_rises_by_the_cost_of_a_completion(live: AsyncClient, key: GeneratedKey) -> None:
    as_key = acting_as(live, key)
    completion = await as_key.chat.completions.create(
        model="provider-answer", messages=[{"role": "user", "content": f"Hello {uuid.uuid4()}"}]
    )
    assert completion.proxy is not None
    cost = completion.proxy.cost
    assert cost
    spend = 0.0
    for _ in range(60):  # the proxy writes spend to its database in batches
        spend = (await live.keys.info(key.key)).info.spend or 0.0
        if spend:
            break
        await asyncio.sleep(1)
    assert spend == pytest.approx(cost)
