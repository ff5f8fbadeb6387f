from __future__ import annotations

import hashlib
import json
from datetime import datetime, timezone
from typing import Any, cast
from urllib.parse import parse_qsl

import httpx
import pytest

from litellm_proxy_client import NULL, AsyncClient
from litellm_proxy_client._endpoints.keys import Keys
from litellm_proxy_client.exceptions import NotFoundError, PermissionDeniedError, UsageError
from litellm_proxy_client.types.keys import GeneratedKey, Key, KeyList, KeyUpdateParam

from .conftest import MakeClient

RAW = "sk-0123456789abcdef"
HASH = hashlib.sha256(RAW.encode()).hexdigest()
OTHER = "ab" * 32


def body(request: httpx.Request) -> Any:
    return json.loads(request.content)


def query(request: httpx.Request) -> dict[str, str]:
    return dict(parse_qsl(request.url.query.decode()))


@pytest.fixture
def client(make_client: MakeClient) -> AsyncClient:
    return make_client("http://proxy", "sk-admin")


# --- Secrecy of keys ---


async def test_requests_name_keys_by_hash_only(client: AsyncClient) -> None:
    keys = client.keys
    requests = [
        await keys.info(RAW, return_request=True),
        await keys.list(key_hash=RAW, return_request=True),
        await keys.list(search=RAW, return_request=True),
        await keys.update(RAW, max_budget=1.0, return_request=True),
        await keys.bulk_update([{"key": RAW, "max_budget": 1.0}], return_request=True),
        *await keys.delete(keys=[RAW], return_request=True),
        await keys.block(RAW, return_request=True),
        await keys.unblock(RAW, return_request=True),
        await keys.regenerate(RAW, return_request=True),
        await keys.reset_spend(RAW, return_request=True),
    ]
    for request in requests:
        sent = str(request.url) + request.content.decode()
        assert RAW not in sent
        assert HASH in sent


async def test_key_hash_is_sent_unchanged(client: AsyncClient) -> None:
    assert query(await client.keys.info(OTHER, return_request=True)) == {"key": OTHER}


@pytest.mark.parametrize("invalid", ["", "my-alias", "secret-of-another-service", "ab" * 31, " " + RAW])
def test_invalid_key_raises_usage_error_without_repeating_it(invalid: str) -> None:
    with pytest.raises(UsageError, match="sha256") as caught:
        Keys().block(invalid)
    assert not invalid or invalid not in str(caught.value)


def test_repr_masks_generated_key() -> None:
    key = GeneratedKey.model_validate({"key": RAW, "token": HASH})
    assert key.key == RAW
    assert RAW not in repr(key)
    assert RAW not in str(key)


async def test_repr_masks_deleted_keys(make_client: MakeClient) -> None:
    proxy = DeletingProxy({HASH: None})
    deleted = await make_client("http://proxy", transport=proxy.transport).keys.delete(keys=[RAW, "sk-" + "z" * 20])
    assert RAW in deleted.deleted_keys
    assert RAW not in repr(deleted)
    assert "z" * 20 not in repr(deleted)


# --- Requests ---


async def test_generate_sends_only_given_parameters(client: AsyncClient) -> None:
    request = await client.keys.generate(key_alias="a", max_budget=0.0, models=[], blocked=False, return_request=True)
    assert (request.method, request.url.path) == ("POST", "/key/generate")
    assert body(request) == {"key_alias": "a", "max_budget": 0.0, "models": [], "blocked": False}


async def test_extra_body_fields_are_sent(client: AsyncClient) -> None:
    request = await client.keys.generate(key_alias="a", extra_body={"later": 1, "key_alias": "b"}, return_request=True)
    assert body(request) == {"key_alias": "b", "later": 1}


async def test_update_clears_fields_with_null(client: AsyncClient) -> None:
    request = await client.keys.update(RAW, max_budget=NULL, duration=NULL, tpm_limit=None, return_request=True)
    assert body(request) == {"key": HASH, "max_budget": None, "duration": None}


async def test_update_accepts_key_alias(client: AsyncClient) -> None:
    request = await client.keys.update(key_alias="a", max_budget=2.0, return_request=True)
    assert body(request) == {"key_alias": "a", "max_budget": 2.0}


async def test_datetime_is_sent_with_time_zone(client: AsyncClient) -> None:
    expiry = datetime(2030, 1, 2, 3, tzinfo=timezone.utc)
    request = await client.keys.update(RAW, temp_budget_increase=1.0, temp_budget_expiry=expiry, return_request=True)
    assert datetime.fromisoformat(body(request)["temp_budget_expiry"].replace("Z", "+00:00")) == expiry


async def test_list_is_sorted_by_hash_by_default(client: AsyncClient) -> None:
    by_hash = query(await client.keys.list(return_request=True))
    by_spend = query(await client.keys.list(sort_by="spend", sort_order="asc", return_request=True))
    assert by_hash == {"return_full_object": "true", "sort_by": "token"}
    assert by_spend == {"return_full_object": "true", "sort_by": "spend", "sort_order": "asc"}


async def test_search_for_alias_is_sent_unchanged(client: AsyncClient) -> None:
    assert query(await client.keys.list(search="sk-team", return_request=True))["search"] == "sk-team"


@pytest.mark.parametrize(
    ("parameters", "repeatable"),
    [
        ({}, False),
        ({"key_alias": "a"}, False),
        ({"key": RAW}, True),
        ({"key": RAW, "key_alias": "a"}, False),  # the proxy would reject the retry: the first attempt took the alias
    ],
    ids=str,
)
def test_generate_is_repeatable_only_if_a_retry_creates_no_second_key(
    parameters: dict[str, str], repeatable: bool
) -> None:
    assert (Keys().generate(**cast("Any", parameters)).retry == "repeatable") == repeatable
    assert (Keys().generate_service_account(team_id="t", **cast("Any", parameters)).retry == "repeatable") == repeatable


# --- Invalid arguments ---


@pytest.mark.parametrize("invalid", ["30", "30 d", "1.5h", "-1d", "1y", "30days", "d", "", "٣d"])
def test_invalid_duration_raises_usage_error(invalid: str) -> None:
    for parameter in ("duration", "budget_duration", "rotation_interval"):
        with pytest.raises(UsageError, match=parameter):
            Keys().generate(**cast("Any", {parameter: invalid, "auto_rotate": True}))
    with pytest.raises(UsageError, match="grace_period"):
        Keys().regenerate(RAW, grace_period=invalid)
    with pytest.raises(UsageError, match="budget_limits"):
        Keys().update(RAW, budget_limits=[{"budget_duration": invalid, "max_budget": 1.0}])


@pytest.mark.parametrize("valid", ["30s", "5m", "24h", "30d", "2w", "1mo", "daily", "Monthly"])
def test_valid_duration_is_sent(valid: str) -> None:
    assert Keys().generate(duration=valid, budget_duration=valid).json["budget_duration"] == valid


@pytest.mark.parametrize("invalid", ["0d", "2mo", "12mo"])
def test_invalid_budget_duration_raises_usage_error(invalid: str) -> None:
    assert Keys().generate(duration=invalid).json["duration"] == invalid
    with pytest.raises(UsageError, match="budget_duration"):
        Keys().generate(budget_duration=invalid)


@pytest.mark.parametrize("invalid", [{"page": 0}, {"page": -1}, {"size": 0}, {"size": 101}], ids=str)
def test_invalid_page_or_size_raises_usage_error(invalid: dict[str, int]) -> None:
    with pytest.raises(UsageError, match=next(iter(invalid))):
        Keys().list(**cast("Any", invalid))
    with pytest.raises(UsageError, match=next(iter(invalid))):
        Keys().aliases(**cast("Any", invalid))


def test_incomplete_parameter_pair_raises_usage_error() -> None:
    with pytest.raises(UsageError, match="rotation_interval is missing"):
        Keys().generate(auto_rotate=True)
    with pytest.raises(UsageError, match="auto_rotate is missing"):
        Keys().generate(rotation_interval="30d")
    with pytest.raises(UsageError, match="temp_budget_expiry is missing"):
        Keys().update(RAW, temp_budget_increase=1.0)
    with pytest.raises(UsageError, match="key, key_alias"):
        Keys().update(max_budget=1.0)


@pytest.mark.parametrize(
    "name", ["aliases", "budget_fallbacks", "config", "metadata", "model_max_budget", "permissions"]
)
def test_null_that_breaks_key_list_raises_usage_error(name: str) -> None:
    with pytest.raises(UsageError, match=f"{name} .*give {{}}"):
        Keys().update(RAW, extra_body={name: NULL})
    assert Keys().update(RAW, extra_body={name: {}}).json[name] == {}


def test_delete_without_keys_raises_usage_error() -> None:
    with pytest.raises(UsageError, match="nothing to delete"):
        Keys().delete()
    with pytest.raises(UsageError, match="nothing to delete"):
        Keys().delete(keys=[], key_aliases=[])
    with pytest.raises(UsageError, match="non-empty"):
        Keys().delete(key_aliases=["a", ""])


def test_string_instead_of_list_raises_usage_error() -> None:
    with pytest.raises(UsageError, match="list"):
        Keys().delete(keys=RAW)
    with pytest.raises(UsageError, match="list"):
        Keys().delete(key_aliases="alias")


def test_bulk_update_size_is_limited() -> None:
    with pytest.raises(UsageError, match="500"):
        Keys().bulk_update([])
    with pytest.raises(UsageError, match="500"):
        Keys().bulk_update([KeyUpdateParam(key=OTHER, max_budget=1.0)] * 501)


# --- Responses ---


def test_bare_hashes_in_key_list_become_keys() -> None:
    rows = KeyList.model_validate({"keys": [HASH, {"token": OTHER, "spend": 1.5}], "total_count": 2}).rows
    assert [row.token for row in rows] == [HASH, OTHER]
    assert rows[1]["spend"] == 1.5


def test_org_id_of_key_row_is_also_organization_id() -> None:
    row = Key.model_validate({"org_id": "acme"})
    assert (row.organization_id, row["org_id"]) == ("acme", "acme")


def test_key_of_another_proxy_version_is_parsed() -> None:
    key = Key.model_validate({"later": {"a": 1}, "key_type": "some_later_type", "expires": "2026-12-23T06:36:04Z"})
    assert key["later"] == {"a": 1}
    assert key.key_type == "some_later_type"
    assert key.expires == datetime(2026, 12, 23, 6, 36, 4, tzinfo=timezone.utc)


# --- Deleting ---


class DeletingProxy:
    """A fake that deletes like the real proxy: it echoes the requested names, and returns 404 if none existed."""

    def __init__(self, keys: dict[str, str | None], *, bulk_look_up_allowed: bool = True) -> None:
        self.keys = keys
        self.bulk_look_up_allowed = bulk_look_up_allowed
        self.requests: list[str] = []
        self.transport = httpx.MockTransport(self.respond)

    def respond(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(f"{request.method} {request.url.path}")
        if request.url.path == "/key/list":
            (name,) = [value for field, value in query(request).items() if field in ("key_hash", "key_alias")]
            rows = [h for h, alias in self.keys.items() if name in (h, alias)]
            return httpx.Response(200, json={"keys": rows, "total_count": len(rows)})
        requested = body(request)
        names: list[str] = requested.get("keys") or requested["key_aliases"]
        found = [h for h, alias in self.keys.items() if (h if "keys" in requested else alias) in names]
        if request.url.path == "/v2/key/info":
            if not self.bulk_look_up_allowed:
                return httpx.Response(403, json={"detail": "Virtual key is not allowed to call this route."})
            return httpx.Response(200, json={"key": None, "info": [{"key_alias": self.keys[h]} for h in found]})
        if not found:
            return httpx.Response(404, json={"error": {"message": "{'error': 'No keys found'}", "code": "404"}})
        for hashed in found:
            del self.keys[hashed]
        return httpx.Response(200, json={"deleted_keys": names})


async def test_delete_sends_keys_and_aliases_in_two_requests(client: AsyncClient) -> None:
    requests = await client.keys.delete(keys=[RAW, HASH], key_aliases=["a", "a"], return_request=True)
    assert [body(request) for request in requests] == [{"keys": [HASH]}, {"key_aliases": ["a"]}]
    assert {request.url.path for request in requests} == {"/key/delete"}
    (alone,) = await client.keys.delete(key_aliases=["a"], return_request=True)
    assert body(alone) == {"key_aliases": ["a"]}


@pytest.mark.parametrize("bulk_look_up_allowed", [True, False], ids=["bulk look-up", "single look-ups"])
async def test_delete_reports_deleted_and_missing_keys(make_client: MakeClient, bulk_look_up_allowed: bool) -> None:
    raws = [f"sk-0123456789abcde{i}" for i in range(8)]
    hashes = [hashlib.sha256(raw.encode()).hexdigest() for raw in raws]
    existing = {0, 1, 5}
    proxy = DeletingProxy(
        {**{hashes[i]: None for i in existing}, "c1" * 32: "one", "c2" * 32: "two"},
        bulk_look_up_allowed=bulk_look_up_allowed,
    )
    client = make_client("http://proxy", transport=proxy.transport)
    deleted = await client.keys.delete(keys=[*raws[:7], hashes[7]], key_aliases=["one", "none", "two"])
    assert set(deleted.deleted_keys) == {raws[i] for i in existing}
    assert deleted.missing_keys == [raws[2], raws[3], raws[4], raws[6], hashes[7]]
    assert deleted.deleted_aliases == ["one", "two"]
    assert deleted.missing_aliases == ["none"]
    assert proxy.keys == {}


async def test_delete_looks_up_once_if_all_keys_exist(make_client: MakeClient) -> None:
    hashes = [f"{i:064x}" for i in range(250)]
    proxy = DeletingProxy(dict.fromkeys(hashes))
    deleted = await make_client("http://proxy", transport=proxy.transport).keys.delete(keys=hashes)
    assert deleted.deleted_keys == hashes
    assert proxy.requests == ["POST /v2/key/info", "POST /key/delete"]


async def test_delete_of_one_key_needs_no_look_up(make_client: MakeClient) -> None:
    proxy = DeletingProxy({HASH: "alias"})
    client = make_client("http://proxy", transport=proxy.transport)
    assert (await client.keys.delete(keys=[RAW])).deleted_keys == [RAW]
    with pytest.raises(NotFoundError):
        await client.keys.delete(key_aliases=["alias"])
    assert proxy.requests == ["POST /key/delete"] * 2


async def test_delete_of_key_by_key_and_alias_reports_both_deleted(make_client: MakeClient) -> None:
    proxy = DeletingProxy({HASH: "alias"})
    client = make_client("http://proxy", transport=proxy.transport)
    deleted = await client.keys.delete(keys=[RAW], key_aliases=["alias"])
    assert (deleted.deleted_keys, deleted.deleted_aliases) == ([RAW], ["alias"])
    assert (deleted.missing_keys, deleted.missing_aliases) == ([], [])


async def test_delete_of_missing_keys_raises_not_found_error(make_client: MakeClient) -> None:
    client = make_client("http://proxy", transport=DeletingProxy({OTHER: "other"}).transport)
    with pytest.raises(NotFoundError):
        await client.keys.delete(keys=[RAW], key_aliases=["alias"])


async def test_forbidden_delete_raises_permission_denied_error(make_client: MakeClient) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/key/delete":
            return httpx.Response(403, json={"error": {"message": "You are not authorized to delete this key"}})
        return httpx.Response(200, json={"info": [], "keys": []})

    client = make_client("http://proxy", transport=httpx.MockTransport(respond))
    with pytest.raises(PermissionDeniedError, match="not authorized"):
        await client.keys.delete(keys=[RAW, OTHER])
