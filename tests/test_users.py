from __future__ import annotations

import json
from datetime import date
from typing import Any, cast
from urllib.parse import parse_qsl

import httpx
import pytest

from litellm_proxy_client import NULL, AsyncClient
from litellm_proxy_client.endpoints.users import Users
from litellm_proxy_client.exceptions import UsageError
from litellm_proxy_client.types.activity import ActivityPage
from litellm_proxy_client.types.users import CreatedUser, User, UserInfo

from .conftest import MakeClient


def body(request: httpx.Request) -> Any:
    return json.loads(request.content)


def query(request: httpx.Request) -> dict[str, str]:
    return dict(parse_qsl(request.url.query.decode()))


@pytest.fixture
def client(make_client: MakeClient) -> AsyncClient:
    return make_client("http://proxy", "sk-admin")


async def test_only_what_is_given_is_sent(client: AsyncClient) -> None:
    request = await client.users.create(user_id="u", max_budget=0.0, auto_create_key=False, return_request=True)
    assert (request.method, request.url.path) == ("POST", "/user/new")
    assert body(request) == {"user_id": "u", "max_budget": 0.0, "auto_create_key": False}


async def test_fields_of_a_later_proxy_can_be_sent(client: AsyncClient) -> None:
    request = await client.users.update("u", spend=1.0, extra_body={"later": 1, "spend": 2.0}, return_request=True)
    assert body(request) == {"user_id": "u", "spend": 2.0, "later": 1}


async def test_update_takes_values_back_with_null(client: AsyncClient) -> None:
    request = await client.users.update("u", max_budget=NULL, tpm_limit=NULL, rpm_limit=None, return_request=True)
    assert body(request) == {"user_id": "u", "max_budget": None, "tpm_limit": None}


async def test_a_bulk_update_takes_values_back_with_none(client: AsyncClient) -> None:
    request = await client.users.bulk_update([{"user_id": "u", "max_budget": None}], return_request=True)
    assert body(request) == {"users": [{"user_id": "u", "max_budget": None}]}
    request = await client.users.bulk_update(
        all_users=True, user_updates={"budget_duration": None}, return_request=True
    )
    assert body(request) == {"all_users": True, "user_updates": {"budget_duration": None}}


async def test_lists_are_sorted_by_the_id_unless_the_caller_sorts(client: AsyncClient) -> None:
    assert query(await client.users.list(return_request=True)) == {"sort_by": "user_id"}
    by_spend = await client.users.list(sort_by="spend", user_ids=["a", "b"], return_request=True)
    assert query(by_spend) == {"sort_by": "spend", "user_ids": "a,b"}
    alone = await client.users.list(sort_by="spend", user_ids=["a"], return_request=True)
    assert query(alone) == {"sort_by": "spend", "user_ids": "a,a"}


async def test_days_may_be_dates_or_strings(client: AsyncClient) -> None:
    request = await client.users.daily_activity(date(2026, 1, 2), "2026-01-31", user_id="u", return_request=True)
    assert request.url.path == "/user/daily/activity"
    assert query(request) == {"start_date": "2026-01-02", "end_date": "2026-01-31", "user_id": "u"}


async def test_no_request_for_activity_names_a_key_but_by_its_hash(client: AsyncClient) -> None:
    request = await client.users.daily_activity(
        "2026-01-02", "2026-01-02", api_key="sk-0123456789abcdef", return_request=True
    )
    assert "sk-" not in str(request.url)


async def test_who_is_deleted_twice_is_named_once(client: AsyncClient) -> None:
    assert body(await client.users.delete(["a", "b", "a"], return_request=True)) == {"user_ids": ["a", "b"]}


def test_making_a_user_is_only_repeated_when_that_makes_no_second_one() -> None:
    assert Users().create(user_email="a@b.com").repeatable is False
    assert Users().create(user_id="u").repeatable is True


@pytest.mark.parametrize("wrong", ["30", "1y", "0d", "2mo"])
def test_a_period_that_the_proxy_would_misread_is_refused(wrong: str) -> None:
    with pytest.raises(UsageError, match="budget_duration"):
        Users().create(budget_duration=wrong)
    with pytest.raises(UsageError, match="budget_duration"):
        Users().update("u", budget_duration=wrong)
    with pytest.raises(UsageError, match="budget_duration"):
        Users().bulk_update([{"user_id": "u", "budget_duration": wrong}])
    with pytest.raises(UsageError, match="budget_limits"):
        Users().create(budget_limits=[{"budget_duration": wrong, "max_budget": 1.0}])


@pytest.mark.parametrize("name", ["models", "metadata", "allowed_cache_controls", "policies", "model_rpm_limit"])
def test_what_the_proxy_would_ignore_is_refused(name: str) -> None:
    empty: Any = {} if name in ("metadata", "model_rpm_limit") else []
    with pytest.raises(UsageError, match=f"{name} is empty"):
        Users().update("u", **cast("Any", {name: empty}))
    with pytest.raises(UsageError, match=f"{name} is empty"):
        Users().bulk_update(all_users=True, user_updates=cast("Any", {name: empty}))


def test_nobody_is_changed_read_or_deleted_by_mistake() -> None:
    with pytest.raises(UsageError, match="user_id, user_email"):
        Users().update(max_budget=1.0)
    for user_id in (Users().get, Users().get_v2):
        with pytest.raises(UsageError, match="empty"):
            user_id("")
    with pytest.raises(UsageError, match="empty"):
        Users().delete([])
    with pytest.raises(UsageError, match="list"):
        Users().delete("u1")
    with pytest.raises(UsageError, match="strings"):
        Users().delete(["u", ""])


def test_a_bulk_update_is_of_some_users_or_of_all() -> None:
    with pytest.raises(UsageError, match="exactly one"):
        Users().bulk_update()
    with pytest.raises(UsageError, match="exactly one"):
        Users().bulk_update([{"user_id": "u"}], all_users=True)
    with pytest.raises(UsageError, match="user_updates"):
        Users().bulk_update(all_users=True)
    with pytest.raises(UsageError, match="user_updates"):
        Users().bulk_update([{"user_id": "u"}], user_updates={"max_budget": 1.0})
    with pytest.raises(UsageError, match="at least one"):
        Users().bulk_update([{"max_budget": 1.0}])
    with pytest.raises(UsageError, match="500"):
        Users().bulk_update([])


@pytest.mark.parametrize("wrong", [{"page": 0}, {"page_size": 0}, {"page_size": 101}])
def test_a_page_that_does_not_exist_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError, match=next(iter(wrong))):
        Users().list(**cast("Any", wrong))


@pytest.mark.parametrize(
    ("start", "end"), [("yesterday", "2026-01-01"), ("2026-01-01", "2026-02-30"), ("2026-01-02", "2026-01-01")]
)
def test_days_that_are_none_are_refused(start: str, end: str) -> None:
    with pytest.raises(UsageError, match="_date="):
        Users().daily_activity(start, end)


def test_a_new_user_s_key_is_masked_in_the_repr() -> None:
    user = CreatedUser.model_validate({"user_id": "u", "key": "sk-0123456789abcdef"})
    assert user.key == "sk-0123456789abcdef"
    assert "0123456789ab" not in repr(user)


def test_a_user_of_another_version_can_be_read() -> None:
    user = User.model_validate({"user_id": "u", "user_role": "later_role", "later": 1})
    assert (user.user_role, user["later"]) == ("later_role", 1)
    info = UserInfo.model_validate({"user_id": None, "user_info": None, "keys": [{"token": "t"}], "teams": []})
    assert info["keys"][0].token == "t"


def test_activity_is_read_by_day() -> None:
    parts: object = {
        "models": {"openai/gpt-4o": {"metrics": {"spend": 1.5}, "api_key_breakdown": {"h": {"metrics": {}}}}}
    }
    page = ActivityPage.model_validate({"results": [{"date": "2026-01-31", "breakdown": parts}]})
    assert page.results[0].date == date(2026, 1, 31)
    assert page["results"][0]["breakdown"]["models"]["openai/gpt-4o"]["metrics"]["spend"] == 1.5


@pytest.mark.parametrize("user_id", ["", "a\nb", "x" * 513])
async def test_an_id_that_the_proxy_would_take_for_the_caller_is_refused(user_id: str) -> None:
    client = AsyncClient("http://proxy.test", "sk-1")
    for refused in (client.users.get(user_id), client.users.get_v2(user_id)):
        with pytest.raises(UsageError, match="user_id"):
            await refused


async def test_an_id_with_a_comma_cannot_be_asked_for() -> None:
    with pytest.raises(UsageError, match="comma"):
        await AsyncClient("http://proxy.test", "sk-1").users.list(user_ids=["a,b"])
