from __future__ import annotations

import json
from datetime import datetime, timezone
from functools import partial
from typing import Any, cast
from urllib.parse import parse_qsl

import httpx
import pytest

from litellm_proxy_client import NULL, AsyncClient
from litellm_proxy_client._endpoints.teams import Teams
from litellm_proxy_client.exceptions import UsageError
from litellm_proxy_client.types.teams import TeamInfo, TeamList

from .conftest import MakeClient


def body(request: httpx.Request) -> Any:
    return json.loads(request.content)


def query(request: httpx.Request) -> dict[str, str]:
    return dict(parse_qsl(request.url.query.decode()))


@pytest.fixture
def client(make_client: MakeClient) -> AsyncClient:
    return make_client("http://proxy", "sk-admin")


async def test_omitted_parameters_are_not_sent(client: AsyncClient) -> None:
    request = await client.teams.create(team_alias="a", models=[], blocked=False, return_request=True)
    assert (request.method, request.url.path) == ("POST", "/team/new")
    assert body(request) == {"team_alias": "a", "models": [], "blocked": False}


async def test_update_clears_values_with_null_and_empty_lists(client: AsyncClient) -> None:
    request = await client.teams.update(
        "t", max_budget=NULL, budget_limits=[], budget_duration=NULL, extra_body={"later": 1}, return_request=True
    )
    assert body(request) == {
        "team_id": "t",
        "max_budget": None,
        "budget_limits": [],
        "budget_duration": None,
        "later": 1,
    }


async def test_add_member_sends_a_role_and_one_identifier(client: AsyncClient) -> None:
    request = await client.teams.add_member("t", user_email="a@b.com", max_budget_in_team=1.0, return_request=True)
    assert body(request) == {
        "team_id": "t",
        "member": {"role": "user", "user_email": "a@b.com"},
        "max_budget_in_team": 1.0,
    }
    all_users = await client.teams.add_members("t", all_users=True, return_request=True)
    assert body(all_users) == {"team_id": "t", "all_users": True}


async def test_datetime_is_sent_with_its_time_zone(client: AsyncClient) -> None:
    until = datetime(2030, 1, 2, 3, tzinfo=timezone.utc)
    request = await client.teams.update_member(
        "t", user_id="u", temp_budget_increase=1.0, temp_budget_expiry=until, return_request=True
    )
    assert datetime.fromisoformat(body(request)["temp_budget_expiry"].replace("Z", "+00:00")) == until


async def test_list_is_sorted_by_id_by_default(client: AsyncClient) -> None:
    request = await client.teams.list(return_request=True)
    assert (request.url.path, query(request)) == ("/v2/team/list", {"sort_by": "team_id"})
    by_alias = await client.teams.list(sort_by="team_alias", sort_order="desc", return_request=True)
    assert query(by_alias) == {"sort_by": "team_alias", "sort_order": "desc"}


async def test_daily_activity_joins_team_ids_with_commas(client: AsyncClient) -> None:
    request = await client.teams.daily_activity(
        "2026-01-01", "2026-01-31", team_ids=["a", "b"], exclude_team_ids=["c"], return_request=True
    )
    assert query(request) == {
        "start_date": "2026-01-01",
        "end_date": "2026-01-31",
        "team_ids": "a,b",
        "exclude_team_ids": "c",
    }


async def test_ids_are_encoded_in_the_path(client: AsyncClient) -> None:
    request = await client.teams.reset_member_budget("a/b", "u?c", return_request=True)
    assert request.url.raw_path == b"/team/a%2Fb/member/u%3Fc/reset_budget"


def test_create_is_repeatable_only_with_a_team_id() -> None:
    assert Teams().create(team_alias="a").retry == "change"
    assert Teams().create(team_id="t").retry == "repeatable"


@pytest.mark.parametrize("invalid", ["30", "1y", "0d", "2mo"])
def test_invalid_duration_is_rejected(invalid: str) -> None:
    for name in ("budget_duration", "team_member_budget_duration"):
        with pytest.raises(UsageError, match=name):
            Teams().create(**cast("Any", {name: invalid}))
        with pytest.raises(UsageError, match=name):
            Teams().update("t", **cast("Any", {name: invalid}))
    with pytest.raises(UsageError, match="budget_limits"):
        Teams().update("t", budget_limits=[{"budget_duration": invalid, "max_budget": 1.0}])
    with pytest.raises(UsageError, match="budget_duration"):
        Teams().add_member("t", user_id="u", budget_duration=invalid)


def test_member_needs_exactly_one_identifier() -> None:
    for method in (Teams().add_member, Teams().update_member, Teams().delete_member):
        with pytest.raises(UsageError, match="exactly one"):
            method("t")
        with pytest.raises(UsageError, match="exactly one"):
            method("t", user_id="u", user_email="a@b.com")
    with pytest.raises(UsageError, match="exactly one"):
        Teams().add_members("t", [{"role": "user"}])
    with pytest.raises(UsageError, match="exactly one"):
        Teams().add_members("t")
    with pytest.raises(UsageError, match="500"):
        Teams().add_members("t", [])
    with pytest.raises(UsageError, match="temp_budget_expiry is missing"):
        Teams().update_member("t", user_id="u", temp_budget_increase=1.0)


def test_calls_without_effect_are_rejected() -> None:
    for method in (Teams().add_models, Teams().delete_models):
        with pytest.raises(UsageError, match="empty"):
            method("t", [])
        with pytest.raises(UsageError, match="list"):
            method("t", "gpt-4")
    with pytest.raises(UsageError, match="empty"):
        Teams().delete([])
    with pytest.raises(UsageError, match="list"):
        Teams().delete("t")
    with pytest.raises(UsageError, match="list"):
        Teams().update_permissions("t", "/key/info")
    with pytest.raises(UsageError, match="list"):
        Teams().create(team_member_permissions="/key/info")
    with pytest.raises(UsageError, match="exactly one"):
        Teams().bulk_update_permissions(["/key/info"])
    for by_id in (Teams().get, Teams().block, Teams().unblock, Teams().permissions, Teams().update):
        with pytest.raises(UsageError, match="empty"):
            by_id("")


@pytest.mark.parametrize("invalid", ["key/generate", "KEY_GENERATE", " /key/generate", ""])
def test_permission_that_is_not_a_route_is_rejected(invalid: str) -> None:
    for method in (partial(Teams().update_permissions, "t"), partial(Teams().create, team_id="t")):
        with pytest.raises(UsageError, match=f"'{invalid}'.*'/key/generate'"):
            method(team_member_permissions=["/key/info", invalid])
        assert method(team_member_permissions=[]).json["team_member_permissions"] == []


@pytest.mark.parametrize("invalid", [{"page": 0}, {"page_size": 0}, {"page_size": 101}], ids=str)
def test_invalid_page_is_rejected(invalid: dict[str, int]) -> None:
    with pytest.raises(UsageError, match=next(iter(invalid))):
        Teams().list(**cast("Any", invalid))


def test_team_with_unknown_fields_is_parsed() -> None:
    info = TeamInfo.model_validate({"team_id": "t", "team_info": {"later": 1}, "keys": [{"token": "h"}]})
    assert (info.team_info["later"], info["keys"][0].token) == (1, "h")
    assert TeamList.model_validate({"teams": [{"team_id": "t"}]}).teams[0].team_id == "t"
