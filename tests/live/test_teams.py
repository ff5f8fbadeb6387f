from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone

import pytest

from litellm_proxy_client import NULL, AsyncClient
from litellm_proxy_client.exceptions import (
    BadRequestError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    UnauthorizedError,
    UnprocessableEntityError,
    UsageError,
)
from litellm_proxy_client.types.keys import ObjectPermissionParam


@pytest.fixture
def name() -> str:
    """A unique prefix of the ids of all teams and users that a test creates."""
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture(autouse=True)
async def delete_teams_and_users(live: AsyncClient, name: str) -> AsyncIterator[None]:
    yield
    teams = [team.team_id or "" async for team in await live.teams.list(search=name, search_team_id_match="prefix")]
    if teams:
        await live.teams.delete(teams)
    users = [user.user_id or "" async for user in await live.users.list(search=name, page_size=100)]
    if users:
        await live.users.delete(users)


@pytest.fixture
async def team(live: AsyncClient, name: str) -> str:
    created = await live.teams.create(team_id=name, team_alias=name, models=["mock-short"])
    assert created.team_id == name
    return name


async def test_team_is_created_read_updated_and_deleted(live: AsyncClient, name: str) -> None:
    created = await live.teams.create(
        team_id=name,
        team_alias=f"{name} search",
        models=["mock-short"],
        max_budget=20.0,
        soft_budget=15.0,
        budget_duration="30d",
        team_member_budget=2.0,
        rpm_limit=60,
        model_rpm_limit={"mock-short": 5},
        metadata={"purpose": "test"},
        members_with_roles=[{"role": "user", "user_id": f"{name}-ada"}],
    )
    assert (created.team_id, created.max_budget, created.soft_budget, created.rpm_limit) == (name, 20.0, 15.0, 60)
    with pytest.raises(ConflictError, match="already exists"):
        await live.teams.create(team_id=name)

    key = await live.keys.generate(team_id=name)
    read = await live.teams.get(name)
    assert read.team_info.team_alias == f"{name} search"
    assert read.team_info.budget_reset_at is not None
    assert read.team_info.budget_reset_at > datetime.now(timezone.utc)
    assert read.team_info.team_member_budget_table is not None
    assert read.team_info.team_member_budget_table.max_budget == 2.0
    assert read.team_info.metadata is not None
    assert read.team_info.metadata["model_rpm_limit"] == {"mock-short": 5}
    assert read.team_info.members_with_roles is not None
    assert f"{name}-ada" in [member.user_id for member in read.team_info.members_with_roles]
    assert read.keys is not None
    assert [listed.token for listed in read.keys] == [key.token]
    assert read.team_memberships is not None
    assert f"{name}-ada" in [membership.user_id for membership in read.team_memberships]

    updated = await live.teams.update(name, max_budget=30.0, team_alias=name)
    assert updated.data is not None
    assert (updated.data.max_budget, updated.data.team_alias, updated.data.rpm_limit) == (30.0, name, 60)

    assert (await live.teams.delete([name])).deleted_teams == [name]
    with pytest.raises(NotFoundError):
        await live.teams.get(name)
    with pytest.raises(NotFoundError):
        await live.teams.update(name, max_budget=1.0)
    assert [deleted.team_id for deleted in (await live.teams.list(team_id=name, status="deleted")).items] == [name]


async def test_null_clears_fields_and_the_team_can_still_be_listed(live: AsyncClient, team: str) -> None:
    await live.teams.update(
        team, max_budget=20.0, soft_budget=1.0, budget_duration="30d", tpm_limit=1, rpm_limit=2, tpd_limit=3
    )
    await live.teams.update(
        team, budget_limits=[{"budget_duration": "1d", "max_budget": 2.0}], router_settings={"num_retries": 1}
    )
    updated = await live.teams.update(
        team,
        team_alias=NULL,
        organization_id=NULL,
        max_budget=NULL,
        soft_budget=NULL,
        budget_duration=NULL,
        budget_limits=NULL,
        model_max_budget=NULL,
        team_member_budget=NULL,
        team_member_budget_duration=NULL,
        team_member_tpm_limit=NULL,
        team_member_rpm_limit=NULL,
        tpm_limit=NULL,
        rpm_limit=NULL,
        tpd_limit=NULL,
        router_settings=NULL,
    )
    assert updated.data is not None
    (listed,) = (await live.teams.list(team_id=team)).items
    for row in (updated.data, listed, (await live.teams.get(team)).team_info):
        assert (row.team_alias, row.max_budget, row.soft_budget, row.budget_duration) == (None, None, None, None)
        assert (row.tpm_limit, row.rpm_limit, row.tpd_limit, row.budget_reset_at) == (None, None, None, None)
        assert not row.budget_limits
        assert not row.router_settings


async def test_teams_are_listed_and_paged(live: AsyncClient, name: str) -> None:
    ids = [f"{name}-{i}" for i in range(5)]
    for team_id in ids:
        await live.teams.create(team_id=team_id, team_alias=team_id)
    page = await live.teams.list(search=name, page_size=2)
    assert [team.team_id for team in page.items] == ids[:2]
    assert (page.total, page.total_pages, page.has_next_page) == (5, 3, True)
    assert page[0].keys_count == 0
    assert [team.team_id async for team in page] == ids
    assert [team.team_id for team in (await live.teams.list(team_id=ids[3])).items] == ids[3:4]
    assert (await live.teams.list(team_alias=name)).total == 5


async def test_deletion_is_all_or_nothing(live: AsyncClient, team: str) -> None:
    with pytest.raises(NotFoundError, match=f"{team}-not-there"):
        await live.teams.delete([team, f"{team}-not-there"])
    assert (await live.teams.get(team)).team_id == team


async def test_members_are_added_updated_and_deleted(live: AsyncClient, team: str) -> None:
    ada, alan, grace = (f"{team}-{member_name}" for member_name in ("ada", "alan", "grace"))
    joined = await live.teams.add_member(team, user_id=ada, max_budget_in_team=1.5, budget_duration="7d")
    assert joined.updated_users is not None
    assert [user.user_id for user in joined.updated_users] == [ada]
    assert joined.updated_team_memberships is not None
    assert joined.updated_team_memberships[0].litellm_budget_table is not None
    assert joined.updated_team_memberships[0].litellm_budget_table.max_budget == 1.5
    with pytest.raises(BadRequestError, match="already in team"):
        await live.teams.add_member(team, user_id=ada)

    added = await live.teams.add_members(
        team, [{"user_id": alan, "role": "user"}, {"user_email": f"{grace}@example.com", "role": "user"}]
    )
    assert (added.total_requested, added.successful_additions, added.failed_additions) == (2, 2, 0)
    repeated = await live.teams.add_members(team, [{"user_id": alan, "role": "user"}])
    assert (repeated.failed_additions, [result.success for result in repeated.results]) == (1, [False])
    assert "already in team" in (repeated.results[0].error or "")
    read = await live.teams.get(team)
    assert read.team_info.members_with_roles is not None
    assert {ada, alan} < {member.user_id for member in read.team_info.members_with_roles}

    updated = await live.teams.update_member(team, user_id=ada, max_budget_in_team=3.0, rpm_limit=7)
    assert (updated.user_id, updated.max_budget_in_team, updated.rpm_limit) == (ada, 3.0, 7)
    (membership,) = [m for m in (await live.teams.get(team)).team_memberships or () if m.user_id == ada]
    assert membership.litellm_budget_table is not None
    assert membership.litellm_budget_table.max_budget == 3.0
    expiry = datetime.now(timezone.utc) + timedelta(days=1)
    raised = await live.teams.update_member(team, user_id=ada, temp_budget_increase=1.0, temp_budget_expiry=expiry)
    assert raised.temp_budget_increase == 1.0
    cleared = await live.teams.update_member(team, user_id=ada, max_budget_in_team=NULL, budget_duration=NULL)
    assert cleared.max_budget_in_team is None
    assert (await live.teams.reset_member_budget(team, ada)).budget_source == "none"

    remaining = await live.teams.delete_member(team, user_id=ada)
    assert remaining.members_with_roles is not None
    assert ada not in [member.user_id for member in remaining.members_with_roles]
    await live.teams.delete_member(team, user_email=f"{grace}@example.com")
    with pytest.raises(NotFoundError, match="not found in team"):
        await live.teams.delete_member(team, user_id=ada)


async def test_models_are_added_and_deleted(live: AsyncClient, team: str) -> None:
    assert set((await live.teams.add_models(team, ["gpt-4"])).models or ()) == {"mock-short", "gpt-4"}
    assert (await live.teams.delete_models(team, ["mock-short", "none"])).models == ["gpt-4"]
    with pytest.raises(NotFoundError):
        await live.teams.add_models(f"{team}-not-there", ["gpt-4"])


async def test_blocked_team_is_rejected(live: AsyncClient, team: str) -> None:
    key = await live.keys.generate(team_id=team)
    member = live.with_options(headers={"Authorization": f"Bearer {key.key}"})

    async def complete() -> None:
        await member.chat.completions.create(model="mock-short", messages=[{"role": "user", "content": "Hello"}])

    await live.teams.update(team, blocked=True)
    with pytest.raises(UnauthorizedError, match="blocked"):
        await complete()
    await live.teams.update(team, blocked=False)
    await complete()


async def test_block_and_unblock_do_not_update_the_proxys_cache(live: AsyncClient, team: str) -> None:
    key = await live.keys.generate(team_id=team)
    member = live.with_options(headers={"Authorization": f"Bearer {key.key}"})
    await member.chat.completions.create(model="mock-short", messages=[{"role": "user", "content": "Hello"}])
    assert (await live.teams.block(team)).blocked is True
    assert (await live.teams.get(team)).team_info.blocked is True
    await member.chat.completions.create(model="mock-short", messages=[{"role": "user", "content": "Hello"}])
    assert (await live.teams.unblock(team)).blocked is False
    for method in (live.teams.block, live.teams.unblock):
        with pytest.raises(NotFoundError):
            await method(f"{team}-not-there")


async def test_permissions_are_read_and_updated(live: AsyncClient, team: str) -> None:
    before = await live.teams.permissions(team)
    assert before.team_member_permissions == []
    assert "/key/generate" in (before.all_available_permissions or ())
    assert (await live.teams.update_permissions(team, ["/key/info"])).team_member_permissions == ["/key/info"]
    result = await live.teams.bulk_update_permissions(["/key/list"], team_ids=[team])
    assert result.teams_updated == 1
    assert set((await live.teams.permissions(team)).team_member_permissions or ()) == {"/key/info", "/key/list"}


async def test_permission_that_is_not_a_route_breaks_keys_of_members(live: AsyncClient, team: str) -> None:
    key = (await live.users.create(user_id=f"{team}-ada", user_role="internal_user")).key
    await live.teams.add_member(team, user_id=f"{team}-ada")
    ada = live.with_options(headers={"Authorization": f"Bearer {key}"}, max_retries=0)
    with pytest.raises(UnauthorizedError, match=r"\['/key/(info|health)', '/key/(info|health)'\]"):
        await ada.keys.generate(team_id=team)
    available = (await live.teams.permissions(team)).all_available_permissions or []
    broken: list[str] = []
    for route in [*available, "/not/there"]:
        await live.teams.update_permissions(team, [route])
        try:
            await ada.keys.generate(team_id=team)
        except UnauthorizedError:
            assert route != "/key/generate"
        except InternalServerError:
            broken.append(route)
    activity_routes = [route for route in available if route.startswith("/team/daily/activity/")]
    assert broken == [*(route for route in activity_routes if route != "/team/daily/activity/aggregated"), "/not/there"]
    with pytest.raises(UsageError, match="key/generate"):
        await live.teams.update_permissions(team, ["key/generate"])
    with pytest.raises(UnprocessableEntityError, match="permissions"):
        await live.teams.bulk_update_permissions(["key/generate"], team_ids=[team])


async def test_fields_stored_in_the_metadata_are_cleared(live: AsyncClient, team: str) -> None:
    await live.teams.update(
        team,
        model_rpm_limit={"mock-short": 1},
        model_tpm_limit={"mock-short": 1},
        mcp_rpm_limit={"a": 1},
        default_estimated_output_tokens=5,
        metadata={"purpose": "test"},
    )
    key = await live.keys.generate(team_id=team)
    member = live.with_options(headers={"Authorization": f"Bearer {key.key}"}, max_retries=0)

    async def complete() -> None:
        await member.chat.completions.create(model="mock-short", messages=[{"role": "user", "content": "Hello"}])

    with pytest.raises(RateLimitError):
        for _ in range(3):
            await complete()
    await live.teams.update(team, model_rpm_limit={}, model_tpm_limit={}, mcp_rpm_limit={}, tags=[], guardrails=[])
    for _ in range(3):
        await complete()
    metadata = (await live.teams.get(team)).team_info.metadata or {}
    assert {name for name, value in metadata.items() if value} == {"purpose", "default_estimated_output_tokens"}
    await live.teams.update(team, metadata={"purpose": "test"})
    assert (await live.teams.get(team)).team_info.metadata == {"purpose": "test"}


async def test_empty_object_permission_clears_nothing(live: AsyncClient, team: str) -> None:
    steps: list[tuple[ObjectPermissionParam, list[str]]] = [
        ({"vector_stores": ["a"]}, ["a"]),
        ({}, ["a"]),
        ({"vector_stores": []}, []),
    ]
    for given, remaining in steps:
        await live.teams.update(team, object_permission=given)
        permission = (await live.teams.get(team)).team_info.object_permission
        assert permission is not None
        assert permission.vector_stores == remaining


async def test_default_member_models_omit_the_member_budget(live: AsyncClient, team: str) -> None:
    async def budget_of(member_name: str) -> tuple[str | None, float | None, list[str] | None]:
        (found,) = [
            m for m in (await live.teams.get(team)).team_memberships or () if m.user_id == f"{team}-{member_name}"
        ]
        assert found.litellm_budget_table is not None
        return found.budget_source, found.litellm_budget_table.max_budget, found.litellm_budget_table.allowed_models

    await live.teams.update(team, team_member_budget=2.0)
    await live.teams.add_member(team, user_id=f"{team}-before")
    await live.teams.update(team, default_team_member_models=["mock-short"])
    await live.teams.add_member(team, user_id=f"{team}-after")
    await live.teams.add_member(team, user_id=f"{team}-own", max_budget_in_team=3.0)
    assert await budget_of("before") == ("team_default", 2.0, [])
    assert await budget_of("after") == ("custom", None, ["mock-short"])
    assert await budget_of("own") == ("custom", 3.0, ["mock-short"])
    await live.teams.reset_member_budget(team, f"{team}-after")
    assert await budget_of("after") == ("team_default", 2.0, [])


async def test_available_teams_are_listed(live: AsyncClient) -> None:
    assert (await live.teams.available()).items == []


async def test_daily_activity_is_returned(live: AsyncClient, team: str) -> None:
    today = datetime.now(timezone.utc).date()
    activity = await live.teams.daily_activity(today - timedelta(days=1), today, team_ids=[team])
    assert activity.results == []
    assert activity.metadata is not None
    assert (activity.metadata.total_spend, activity.metadata.has_more) == (0.0, False)


async def test_enterprise_features_raise_without_a_licence(live: AsyncClient, team: str) -> None:
    with pytest.raises(PermissionDeniedError, match="Enterprise"):
        await live.teams.update(team, tags=["a"])
    with pytest.raises(BadRequestError, match="premium"):
        await live.teams.update_member(team, user_id="anybody", role="admin")
