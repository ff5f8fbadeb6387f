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


async def test_only_what_is_given_is_sent(client: AsyncClient) -> None:
    request = await client.teams.create(team_alias="a", models=[], blocked=False, return_request=True)
    assert (request.method, request.url.path) == ("POST", "/team/new")
    assert body(request) == {"team_alias": "a", "models": [], "blocked": False}


async def test_update_takes_values_back_with_null_and_with_empty_lists(client: AsyncClient) -> None:
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


async def test_a_member_joins_with_a_role_and_one_name(client: AsyncClient) -> None:
    request = await client.teams.add_member("t", user_email="a@b.com", max_budget_in_team=1.0, return_request=True)
    assert body(request) == {
        "team_id": "t",
        "member": {"role": "user", "user_email": "a@b.com"},
        "max_budget_in_team": 1.0,
    }
    everybody = await client.teams.add_members("t", all_users=True, return_request=True)
    assert body(everybody) == {"team_id": "t", "all_users": True}


async def test_a_time_is_sent_with_its_zone(client: AsyncClient) -> None:
    until = datetime(2030, 1, 2, 3, tzinfo=timezone.utc)
    request = await client.teams.update_member(
        "t", user_id="u", temp_budget_increase=1.0, temp_budget_expiry=until, return_request=True
    )
    assert datetime.fromisoformat(body(request)["temp_budget_expiry"].replace("Z", "+00:00")) == until


async def test_lists_are_sorted_by_the_id_unless_the_caller_sorts(client: AsyncClient) -> None:
    request = await client.teams.list(return_request=True)
    assert (request.url.path, query(request)) == ("/v2/team/list", {"sort_by": "team_id"})
    by_alias = await client.teams.list(sort_by="team_alias", sort_order="desc", return_request=True)
    assert query(by_alias) == {"sort_by": "team_alias", "sort_order": "desc"}


async def test_activity_of_several_teams_is_one_list(client: AsyncClient) -> None:
    request = await client.teams.daily_activity(
        "2026-01-01", "2026-01-31", team_ids=["a", "b"], exclude_team_ids=["c"], return_request=True
    )
    assert query(request) == {
        "start_date": "2026-01-01",
        "end_date": "2026-01-31",
        "team_ids": "a,b",
        "exclude_team_ids": "c",
    }


async def test_an_id_cannot_leave_its_place_in_a_path(client: AsyncClient) -> None:
    request = await client.teams.reset_member_budget("a/b", "u?c", return_request=True)
    assert request.url.raw_path == b"/team/a%2Fb/member/u%3Fc/reset_budget"


def test_making_a_team_is_only_repeated_when_that_makes_no_second_one() -> None:
    assert Teams().create(team_alias="a").repeatable is False
    assert Teams().create(team_id="t").repeatable is True


@pytest.mark.parametrize("wrong", ["30", "1y", "0d", "2mo"])
def test_a_period_that_the_proxy_would_misread_is_refused(wrong: str) -> None:
    for name in ("budget_duration", "team_member_budget_duration"):
        with pytest.raises(UsageError, match=name):
            Teams().create(**cast("Any", {name: wrong}))
        with pytest.raises(UsageError, match=name):
            Teams().update("t", **cast("Any", {name: wrong}))
    with pytest.raises(UsageError, match="budget_limits"):
        Teams().update("t", budget_limits=[{"budget_duration": wrong, "max_budget": 1.0}])
    with pytest.raises(UsageError, match="budget_duration"):
        Teams().add_member("t", user_id="u", budget_duration=wrong)


def test_a_member_has_one_name() -> None:
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


def test_what_would_do_nothing_is_refused() -> None:
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
    for blank in (Teams().get, Teams().block, Teams().unblock, Teams().permissions, Teams().update):
        with pytest.raises(UsageError, match="empty"):
            blank("")


@pytest.mark.parametrize("wrong", ["key/generate", "KEY_GENERATE", " /key/generate", ""])
def test_a_permission_that_is_no_route_is_refused(wrong: str) -> None:
    for method in (partial(Teams().update_permissions, "t"), partial(Teams().create, team_id="t")):
        with pytest.raises(UsageError, match=f"'{wrong}'.*'/key/generate'"):
            method(team_member_permissions=["/key/info", wrong])
        assert method(team_member_permissions=[]).json["team_member_permissions"] == []


@pytest.mark.parametrize("wrong", [{"page": 0}, {"page_size": 0}, {"page_size": 101}])
def test_a_page_that_does_not_exist_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError, match=next(iter(wrong))):
        Teams().list(**cast("Any", wrong))


def test_a_team_of_another_version_can_be_read() -> None:
    info = TeamInfo.model_validate({"team_id": "t", "team_info": {"later": 1}, "keys": [{"token": "h"}]})
    assert (info.team_info["later"], info["keys"][0].token) == (1, "h")
    assert TeamList.model_validate({"teams": [{"team_id": "t"}]}).teams[0].team_id == "t"
