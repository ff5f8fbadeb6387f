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


async def test_omitted_parameters_are_not_sent(client: AsyncClient) -> None:
    request = await client.users.create(user_id="u", max_budget=0.0, auto_create_key=False, return_request=True)
    assert (request.method, request.url.path) == ("POST", "/user/new")
    assert body(request) == {"user_id": "u", "max_budget": 0.0, "auto_create_key": False}


def client_of_known_users(make_client: MakeClient, *known: str) -> tuple[AsyncClient, list[httpx.Request]]:
    """Return a client of a fake proxy that knows only these users, and the list of requests that it receives."""
    sent: list[httpx.Request] = []

    def proxy(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        user_id = query(request).get("user_id") if request.method == "GET" else body(request)["user_id"]
        if request.method == "GET" and user_id not in known:
            return httpx.Response(404, json={"error": {"message": f"User not found: {user_id}", "code": "404"}})
        return httpx.Response(200, json={"user_id": user_id})

    return make_client("http://proxy", "sk-admin", transport=httpx.MockTransport(proxy)), sent


async def test_update_sends_given_values_and_clears_with_null(make_client: MakeClient) -> None:
    client, sent = client_of_known_users(make_client, "u")
    request = await client.users.update("u", spend=1.0, extra_body={"later": 1, "spend": 2.0}, return_request=True)
    assert body(request) == {"user_id": "u", "spend": 2.0, "later": 1}
    request = await client.users.update("u", max_budget=NULL, tpm_limit=NULL, rpm_limit=None, return_request=True)
    assert body(request) == {"user_id": "u", "max_budget": None, "tpm_limit": None}
    assert {(each.method, each.url.path) for each in sent} == {("GET", "/v2/user/info")}


@pytest.mark.parametrize("name", ["model_tpm_limit", "model_rpm_limit", "mcp_rpm_limit", "tag_rpm_limit"])
async def test_empty_mapping_clears_limits_stored_in_the_metadata(make_client: MakeClient, name: str) -> None:
    client, sent = client_of_known_users(make_client, "u")
    await client.users.update("u", **cast("Any", {name: {}}))
    assert body(sent[-1]) == {"user_id": "u", name: {}}


async def test_update_of_an_unknown_user_is_not_sent(make_client: MakeClient) -> None:
    client, sent = client_of_known_users(make_client, "a b+c")
    with pytest.raises(NotFoundError, match="nobody"):
        await client.users.update("nobody", user_email="a@b.com", extra_body={"user_id": "a b+c"})
    assert [each.method for each in sent] == ["GET"]
    assert (await client.users.update("a b+c", spend=0.0, extra_body={"user_id": "other"})).user_id == "a b+c"
    assert [each.method for each in sent] == ["GET", "GET", "POST"]


async def test_bulk_update_clears_values_with_none(client: AsyncClient) -> None:
    request = await client.users.bulk_update([{"user_id": "u", "max_budget": None}], return_request=True)
    assert body(request) == {"users": [{"user_id": "u", "max_budget": None}]}
    request = await client.users.bulk_update(
        all_users=True, user_updates={"budget_duration": None}, return_request=True
    )
    assert body(request) == {"all_users": True, "user_updates": {"budget_duration": None}}


async def test_list_is_sorted_by_id_by_default(client: AsyncClient) -> None:
    assert query(await client.users.list(return_request=True)) == {"sort_by": "user_id"}
    by_spend = await client.users.list(sort_by="spend", user_ids=["a", "b"], return_request=True)
    assert query(by_spend) == {"sort_by": "spend", "user_ids": "a,b"}
    single_user = await client.users.list(sort_by="spend", user_ids=["a"], return_request=True)
    assert query(single_user) == {"sort_by": "spend", "user_ids": "a,a"}


async def test_daily_activity_accepts_dates_and_strings(client: AsyncClient) -> None:
    request = await client.users.daily_activity(date(2026, 1, 2), "2026-01-31", user_id="u", return_request=True)
    assert request.url.path == "/user/daily/activity"
    assert query(request) == {"start_date": "2026-01-02", "end_date": "2026-01-31", "user_id": "u"}


async def test_daily_activity_sends_keys_only_as_hashes(client: AsyncClient) -> None:
    request = await client.users.daily_activity(
        "2026-01-02", "2026-01-02", api_key="sk-0123456789abcdef", return_request=True
    )
    assert "sk-" not in str(request.url)


async def test_delete_sends_duplicate_ids_once(client: AsyncClient) -> None:
    assert body(await client.users.delete(["a", "b", "a"], return_request=True)) == {"user_ids": ["a", "b"]}


def test_create_is_repeatable_only_with_a_user_id() -> None:
    assert Users().create(user_email="a@b.com").retry == "change"
    assert Users().create(user_id="u").retry == "repeatable"


@pytest.mark.parametrize("invalid", ["30", "1y", "0d", "2mo"])
async def test_invalid_duration_is_rejected(client: AsyncClient, invalid: str) -> None:
    with pytest.raises(UsageError, match="budget_duration"):
        Users().create(budget_duration=invalid)
    with pytest.raises(UsageError, match="budget_duration"):
        await client.users.update("u", budget_duration=invalid)
    with pytest.raises(UsageError, match="budget_duration"):
        Users().bulk_update([{"user_id": "u", "budget_duration": invalid}])
    with pytest.raises(UsageError, match="budget_limits"):
        Users().create(budget_limits=[{"budget_duration": invalid, "max_budget": 1.0}])


@pytest.mark.parametrize("name", ["models", "metadata", "allowed_cache_controls", "policies", "model_rpm_limit"])
async def test_values_that_the_proxy_ignores_are_rejected(client: AsyncClient, name: str) -> None:
    empty: Any = {} if name in ("metadata", "model_rpm_limit") else []
    with pytest.raises(UsageError, match=f"{name} is empty"):
        Users().bulk_update(all_users=True, user_updates=cast("Any", {name: empty}))
    if name != "model_rpm_limit":  # the proxy ignores this one only when it updates all users
        with pytest.raises(UsageError, match=f"{name} is empty"):
            await client.users.update("u", **cast("Any", {name: empty}))


def test_empty_ids_are_rejected() -> None:
    for method in (Users().get, Users().get_v2):
        with pytest.raises(UsageError, match="empty"):
            method("")
    with pytest.raises(UsageError, match="empty"):
        Users().delete([])
    with pytest.raises(UsageError, match="list"):
        Users().delete("u1")
    with pytest.raises(UsageError, match="strings"):
        Users().delete(["u", ""])


def test_bulk_update_needs_either_users_or_all_users() -> None:
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


@pytest.mark.parametrize("invalid", [{"page": 0}, {"page_size": 0}, {"page_size": 101}], ids=str)
def test_invalid_page_is_rejected(invalid: dict[str, int]) -> None:
    with pytest.raises(UsageError, match=next(iter(invalid))):
        Users().list(**cast("Any", invalid))


@pytest.mark.parametrize(
    ("start", "end"), [("yesterday", "2026-01-01"), ("2026-01-01", "2026-02-30"), ("2026-01-02", "2026-01-01")]
)
def test_invalid_dates_are_rejected(start: str, end: str) -> None:
    with pytest.raises(UsageError, match="_date="):
        Users().daily_activity(start, end)


def test_key_of_a_new_user_is_masked_in_the_repr() -> None:
    user = CreatedUser.model_validate({"user_id": "u", "key": "sk-0123456789abcdef"})
    assert user.key == "sk-0123456789abcdef"
    assert "0123456789ab" not in repr(user)


def test_user_with_unknown_fields_is_parsed() -> None:
    user = User.model_validate({"user_id": "u", "user_role": "later_role", "later": 1})
    assert (user.user_role, user["later"]) == ("later_role", 1)
    info = UserInfo.model_validate({"user_id": None, "user_info": None, "keys": [{"token": "t"}], "teams": []})
    assert info["keys"][0].token == "t"


def test_daily_activity_is_parsed() -> None:
    parts: object = {
        "models": {"openai/gpt-4o": {"metrics": {"spend": 1.5}, "api_key_breakdown": {"h": {"metrics": {}}}}}
    }
    page = ActivityPage.model_validate({"results": [{"date": "2026-01-31", "breakdown": parts}]})
    assert page.results[0].date == date(2026, 1, 31)
    assert page["results"][0]["breakdown"]["models"]["openai/gpt-4o"]["metrics"]["spend"] == 1.5


@pytest.mark.parametrize("user_id", ["", "a\nb", "x" * 513], ids=["empty", "line break", "too long"])
async def test_id_that_the_proxy_would_replace_by_the_caller_is_rejected(client: AsyncClient, user_id: str) -> None:
    for method in (client.users.get, client.users.get_v2, client.users.update):
        with pytest.raises(UsageError, match="user_id"):
            await method(user_id)
    with pytest.raises(UsageError, match="user_id"):
        await client.users.update(cast("Any", None), user_email="a@b.com")


async def test_user_id_with_a_comma_is_rejected() -> None:
    with pytest.raises(UsageError, match="comma"):
        await AsyncClient("http://proxy.test", "sk-1").users.list(user_ids=["a,b"])
