from __future__ import annotations

import json
from datetime import date
from typing import Any, cast
from urllib.parse import parse_qsl

import httpx
import pytest

from litellm_proxy_client import NULL, AsyncClient
from litellm_proxy_client._endpoints.users import Users
from litellm_proxy_client.exceptions import NotFoundError, UsageError
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


def looking_up(make_client: MakeClient, *known: str) -> tuple[AsyncClient, list[httpx.Request]]:
    """A client of a proxy that knows these users alone, and what it is sent."""
    sent: list[httpx.Request] = []

    def proxy(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        user_id = query(request).get("user_id") if request.method == "GET" else body(request)["user_id"]
        if request.method == "GET" and user_id not in known:
            return httpx.Response(404, json={"error": {"message": f"User not found: {user_id}", "code": "404"}})
        return httpx.Response(200, json={"user_id": user_id})

    return make_client("http://proxy", "sk-admin", transport=httpx.MockTransport(proxy)), sent


async def test_an_update_sends_what_is_given_and_null_takes_values_back(make_client: MakeClient) -> None:
    client, sent = looking_up(make_client, "u")
    request = await client.users.update("u", spend=1.0, extra_body={"later": 1, "spend": 2.0}, return_request=True)
    assert body(request) == {"user_id": "u", "spend": 2.0, "later": 1}
    request = await client.users.update("u", max_budget=NULL, tpm_limit=NULL, rpm_limit=None, return_request=True)
    assert body(request) == {"user_id": "u", "max_budget": None, "tpm_limit": None}
    assert {(each.method, each.url.path) for each in sent} == {("GET", "/v2/user/info")}


@pytest.mark.parametrize("name", ["model_tpm_limit", "model_rpm_limit", "mcp_rpm_limit", "tag_rpm_limit"])
async def test_limits_that_are_kept_in_the_metadata_are_taken_back_with_an_empty_mapping(
    make_client: MakeClient, name: str
) -> None:
    client, sent = looking_up(make_client, "u")
    await client.users.update("u", **cast("Any", {name: {}}))
    assert body(sent[-1]) == {"user_id": "u", name: {}}


async def test_an_update_of_nobody_sends_none(make_client: MakeClient) -> None:
    client, sent = looking_up(make_client, "a b+c")
    with pytest.raises(NotFoundError, match="nobody"):
        await client.users.update("nobody", user_email="a@b.com", extra_body={"user_id": "a b+c"})
    assert [each.method for each in sent] == ["GET"]
    assert (await client.users.update("a b+c", spend=0.0, extra_body={"user_id": "other"})).user_id == "a b+c"
    assert [each.method for each in sent] == ["GET", "GET", "POST"]


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
async def test_a_period_that_the_proxy_would_misread_is_refused(client: AsyncClient, wrong: str) -> None:
    with pytest.raises(UsageError, match="budget_duration"):
        Users().create(budget_duration=wrong)
    with pytest.raises(UsageError, match="budget_duration"):
        await client.users.update("u", budget_duration=wrong)
    with pytest.raises(UsageError, match="budget_duration"):
        Users().bulk_update([{"user_id": "u", "budget_duration": wrong}])
    with pytest.raises(UsageError, match="budget_limits"):
        Users().create(budget_limits=[{"budget_duration": wrong, "max_budget": 1.0}])


@pytest.mark.parametrize("name", ["models", "metadata", "allowed_cache_controls", "policies", "model_rpm_limit"])
async def test_what_the_proxy_would_ignore_is_refused(client: AsyncClient, name: str) -> None:
    empty: Any = {} if name in ("metadata", "model_rpm_limit") else []
    with pytest.raises(UsageError, match=f"{name} is empty"):
        Users().bulk_update(all_users=True, user_updates=cast("Any", {name: empty}))
    if name != "model_rpm_limit":  # which it ignores of all users alone
        with pytest.raises(UsageError, match=f"{name} is empty"):
            await client.users.update("u", **cast("Any", {name: empty}))


def test_nobody_is_read_or_deleted_by_mistake() -> None:
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
async def test_an_id_that_the_proxy_would_take_for_the_caller_is_refused(client: AsyncClient, user_id: str) -> None:
    for method in (client.users.get, client.users.get_v2, client.users.update):
        with pytest.raises(UsageError, match="user_id"):
            await method(user_id)
    with pytest.raises(UsageError, match="user_id"):
        await client.users.update(cast("Any", None), user_email="a@b.com")


async def test_an_id_with_a_comma_cannot_be_asked_for() -> None:
    with pytest.raises(UsageError, match="comma"):
        await AsyncClient("http://proxy.test", "sk-1").users.list(user_ids=["a,b"])
