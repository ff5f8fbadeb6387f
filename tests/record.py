"""A recorder of a real proxy's responses to every method: `python -m tests.record [RESOURCE ...]`.

Without names it records all resources; with names it records only these, and writes only their files.
It needs what the tests of tests/live/ need (docs/contributing.md): LITELLM_PROXY_URL, LITELLM_PROXY_API_KEY with the
master key, and LIVE_PROXY_PROVIDER_URL. It deletes what it creates on the proxy, also if it fails.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import uuid
from collections.abc import AsyncIterable, Sequence
from contextlib import suppress
from datetime import datetime, timezone
from functools import reduce
from typing import Any, cast

import httpx

from litellm_proxy_client import AsyncClient
from litellm_proxy_client.exceptions import NotFoundError, ServiceUnavailableError

from .contract.description import route_of
from .contract.refresh import documented_routes
from .samples import VERSION, Exchange, Sample, write_samples
from .samples.placeholders import Json, replace

QUESTION = [{"role": "user", "content": "Hello"}]
SECONDS_UNTIL_SPEND = 60


async def main(resources: Sequence[str]) -> None:
    """Record the named resources; all of them without a name."""
    scenarios = {each.__name__: each for each in (chat, health, keys, credentials, users, teams, models, model_groups)}
    if unknown := set(resources) - scenarios.keys():
        sys.exit(
            f"no function records {', '.join(sorted(unknown))}; known resources: {', '.join(scenarios)}. For a new "
            "resource, write a function of this name in tests/record.py and add it to `scenarios`"
        )
    name = f"sample-{uuid.uuid4().hex[:12]}"
    async with AsyncClient(timeout=60, max_retries=0, transport=(wire := Wire())) as client:
        version = await client.health.version()
        recorded = VERSION.read_text("utf-8").strip()
        if resources and version != recorded:
            sys.exit(f"the samples are of LiteLLM {recorded} and the proxy is {version}: record all resources")
        record = Recorder(client, wire, name)
        try:
            for resource in resources or scenarios:
                await scenarios[resource](record, client, name)
        finally:
            await delete_all(client, name)
    assert {sample.resource for sample in record.samples} == set(resources or scenarios)
    write_samples(record.samples, version, keep_others=bool(resources))
    print(f"{len(record.samples)} samples of LiteLLM {version}")


class Wire(httpx.AsyncHTTPTransport):
    """A transport that records the responses of the proxy."""

    def __init__(self) -> None:
        super().__init__()
        self.exchanges: list[Exchange] | None = None
        """The list to add responses to; `None` while no call is recorded."""
        self._routes = documented_routes()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        if self.exchanges is None:
            return response
        content = await response.aread()
        kind = response.headers["content-type"]
        body = events_of(content) if kind.startswith("text/event-stream") else json.loads(content)
        route = route_of(request, self._routes)
        assert route, (
            f"no docstring has the route of {request.method} {request.url.path}: add it to the method's docstring"
        )
        self.exchanges.append(Exchange(route, response.status_code, body))
        return httpx.Response(response.status_code, headers={"content-type": kind}, stream=httpx.ByteStream(content))


def events_of(content: bytes) -> list[Any]:
    """Return the data of the events of a stream, parsed where it is JSON."""
    lines = [line.removeprefix("data: ") for line in content.decode().split("\n") if line]
    return [line if line == "[DONE]" else json.loads(line) for line in lines]


class Recorder:
    """A recorder that calls methods and stores the calls as samples."""

    def __init__(self, client: AsyncClient, wire: Wire, name: str) -> None:
        self.samples: list[Sample] = []
        self._client = client
        self._wire = wire
        self._name = name

    async def __call__(
        self, sample: str, /, *, by: AsyncClient | None = None, only: str | None = None, **arguments: Any
    ) -> Any:
        """Call a method.

        Args:
            sample: The name of the sample.
            by: The client to call it on; by default the recorder's own.
            only: Keep only the rows that contain this text in lists of the response: other rows belong to others.
            arguments: The arguments of the method.
        """
        recorded = Sample(sample, arguments, [])
        method = reduce(getattr, recorded.method.split("."), cast("Any", by or self._client))
        self._wire.exchanges = recorded.exchanges
        try:
            response = await method(**arguments)
            if arguments.get("stream"):
                async for _ in cast("AsyncIterable[object]", response):
                    pass
        finally:
            self._wire.exchanges = None
        recorded.arguments = self._with_placeholders(arguments)
        for exchange in recorded.exchanges:
            exchange.answer = self._with_placeholders(
                exchange.answer if only is None else trimmed(exchange.answer, only)
            )
        self.samples.append(recorded)
        return response

    def _with_placeholders(self, value: Any) -> Any:
        return replace(json.loads(json.dumps(value).replace(self._name, "sample")))


def trimmed(response: Json, only: str) -> Json:
    """Return a response with only the rows that contain a text, and with matching counts."""
    if isinstance(response, list):
        return rows_with(only, response)
    assert isinstance(response, dict), f"`only` needs a list or an object, not {response!r}"
    trimmed_rows: dict[str, Json] = {}
    counts: dict[int, int] = {}
    for name, rows in response.items():
        kept_rows: list[Json] | dict[str, Json]
        if isinstance(rows, list):
            kept_rows = rows_with(only, rows)
        elif isinstance(rows, dict):
            kept_rows = {key: row for key, row in rows.items() if only in json.dumps(row)}
        else:
            continue
        trimmed_rows[name], counts[len(rows)] = kept_rows, len(kept_rows)
    totals = {name: counts[value] for name, value in response.items() if type(value) is int and value in counts}
    return {**response, **totals, **trimmed_rows}


def rows_with(text: str, rows: list[Json]) -> list[Json]:
    """Return the rows that contain a text, and those that are not objects."""
    return [row for row in rows if not isinstance(row, dict) or text in json.dumps(row)]


async def chat(record: Recorder, client: AsyncClient, name: str) -> None:
    create = "chat.completions.create"
    await record(create, model="mock-short", messages=QUESTION)
    await record(f"{create}, in a stream", model="mock-short", messages=QUESTION, stream=True)
    kinds: dict[str, Any] = {
        "tools": {},
        "reasoning": {},
        "logprobs": {"logprobs": True, "top_logprobs": 1, "max_tokens": 2},
        "refusal": {},
    }
    for kind, options in kinds.items():
        model = f"provider-{kind}"
        await record(f"{create}, {kind}", model=model, messages=QUESTION, **options)
        await record(f"{create}, {kind} in a stream", model=model, messages=QUESTION, **options, stream=True)
    await record("chat.completions.create_many", models=["mock-short", "provider-500"], messages=QUESTION)


async def health(record: Recorder, client: AsyncClient, name: str) -> None:
    await record("health.readiness")
    await record("health.readiness_details")
    await record("health.liveliness")
    await record("health.version")
    await record("health.license")
    await record("health.check", model="mock-short")
    await record("health.check, by id", model_id="mock-short-1")
    with suppress(ServiceUnavailableError):
        await client.health.check(model="provider-500")
    for model in ("mock-short", "provider-500"):
        await record(f"health.history, {model}", model=model, limit=1)
    await record("health.latest", only="mock-short")
    provider = provider_params()
    await record("health.test_connection", litellm_params=provider, mode="chat")
    unreachable = {**provider, "api_base": "http://127.0.0.1:1/v1"}
    await record("health.test_connection, that fails", litellm_params=unreachable, mode="chat")


async def keys(record: Recorder, client: AsyncClient, name: str) -> None:
    settings: dict[str, Any] = {
        "models": ["mock-short"],
        "aliases": {"gpt": "mock-short"},
        "duration": "24h",
        "max_budget": 5.0,
        "soft_budget": 3.0,
        "budget_duration": "30d",
        "budget_limits": [{"budget_duration": "1d", "max_budget": 1.0}],
        "rpm_limit": 60,
        "model_rpm_limit": {"mock-short": 30},
        "metadata": {"purpose": "sample"},
        "key_type": "llm_api",
        "object_permission": {"vector_stores": ["store"]},
        "spend": 1.5,
    }
    key = (await record("keys.generate", key_alias=name, **settings)).key
    await client.teams.create(team_id=name, team_alias=name)
    await record("keys.generate_service_account", team_id=name, key_alias=f"{name}-1", max_budget=1.0)
    await client.users.create(user_id=name, auto_create_key=False)
    other = (await client.keys.generate(key_alias=f"{name}-2", user_id=name)).key
    await record("keys.list", search=name, sort_by="key_alias")
    await record("keys.list, hashes", key_alias=name, return_full_object=False)
    await record("keys.list, with users", key_alias=f"{name}-2", expand=["user"])
    await record("keys.aliases", search=name)
    await record("keys.info", key=key)
    await record("keys.update", key=key, max_budget=7.5, models=[])
    await record("keys.bulk_update", keys=[{"key": other, "max_budget": 9.0}, {"key": "0" * 64, "max_budget": 1.0}])
    await record("keys.block", key=key)
    await record("keys.unblock", key=key)
    await record("keys.reset_spend", key=key, reset_to=0.5)
    await record("keys.health", by=acting_as(client, other))
    await record("keys.delete, by key", keys=[other])
    await record("keys.delete, by keys and aliases", keys=[key], key_aliases=[f"{name}-1", f"{name}-none"])
    await record("keys.info, of a deleted key", key=key)
    await record("keys.list, deleted", key_alias=name, status="deleted")
    await client.teams.delete([name])
    await client.users.delete([name])


async def credentials(record: Recorder, client: AsyncClient, name: str) -> None:
    values = {"api_key": "not-a-real-secret", "api_base": "https://azure.example"}
    info = {"api_type": "azure"}
    await record("credentials.create", credential_name=name, credential_info=info, credential_values=values)
    await record("credentials.list", only=name)
    await record("credentials.get", credential_name=name)
    await record("credentials.by_model", model_id="mock-short-1")
    await record("credentials.update", credential_name=name, credential_values={"api_version": "1"})
    await record("credentials.update_display_name", credential_name=name, display_name="Azure")
    await record("credentials.delete", credential_name=name)


async def users(record: Recorder, client: AsyncClient, name: str) -> None:
    settings: dict[str, Any] = {
        "user_alias": "Ada",
        "user_role": "internal_user",
        "models": ["mock-short"],
        "max_budget": 5.0,
        "budget_duration": "30d",
        "rpm_limit": 10,
        "model_rpm_limit": {"mock-short": 5},
        "metadata": {"purpose": "sample"},
    }
    created = await record("users.create", user_id=name, user_email=f"{name}@host.example", key_alias=name, **settings)
    await record("users.create, without a key", user_id=f"{name}-1", auto_create_key=False)
    await record("users.list", search=name)
    await record("users.get", user_id=name)
    await record("users.get_v2", user_id=name)
    await record("users.update", user_id=name, user_alias="Grace", max_budget=9.5)
    changes = [{"user_id": name, "max_budget": 2.0}, {"user_email": f"{name}-none@host.example", "max_budget": 2.0}]
    await record("users.bulk_update", users=changes)
    await record("users.available_roles")
    await spend(record, client, "users.daily_activity", created.key)
    await record("users.delete", user_ids=[name, f"{name}-1"])


async def teams(record: Recorder, client: AsyncClient, name: str) -> None:
    settings: dict[str, Any] = {
        "models": ["mock-short"],
        "model_aliases": {"gpt": "mock-short"},
        "max_budget": 50.0,
        "soft_budget": 40.0,
        "budget_duration": "30d",
        "team_member_budget": 5.0,
        "tpm_limit": 1000,
        "metadata": {"purpose": "sample"},
        "object_permission": {"vector_stores": ["store"]},
    }
    team, ada, alan = f"{name}-team", f"{name}-ada", f"{name}-alan"
    await record("teams.create", team_id=team, team_alias=name, **settings)
    await record("teams.add_member", team_id=team, user_id=ada, max_budget_in_team=2.0)
    members = [{"role": "user", "user_id": alan}, {"role": "user", "user_id": ada}]
    await record("teams.add_members", team_id=team, members=members)
    await client.keys.generate(team_id=team, key_alias=team, user_id=ada)
    await record("teams.get", team_id=team)
    await record("teams.list", search=team, search_team_id_match="prefix")
    await record("teams.update", team_id=team, max_budget=60.0)
    await record("teams.update_member", team_id=team, user_id=ada, max_budget_in_team=3.0, rpm_limit=7)
    await record("teams.reset_member_budget", team_id=team, user_id=ada)
    await record("teams.add_models", team_id=team, models=["mock-long"])
    await record("teams.delete_models", team_id=team, models=["mock-long"])
    await record("teams.available")
    await record("teams.permissions", team_id=team)
    await record("teams.update_permissions", team_id=team, team_member_permissions=["/key/info"])
    await record("teams.bulk_update_permissions", permissions=["/key/list"], team_ids=[team])
    await record("teams.block", team_id=team)
    await record("teams.unblock", team_id=team)
    await record("teams.delete_member", team_id=team, user_id=alan)
    await record("teams.delete", team_ids=[team])
    await record("teams.list, deleted", search=team, search_team_id_match="prefix", status="deleted")
    spending = f"{name}-spending"
    await client.teams.create(team_id=spending, team_alias=spending)
    key = (await client.keys.generate(team_id=spending, key_alias=spending)).key
    await spend(record, client, "teams.daily_activity", key)
    await client.teams.delete([spending])


async def models(record: Recorder, client: AsyncClient, name: str) -> None:
    info = {"id": f"{name}-1", "tier": "paid"}
    await record("models.add", model_name=name, litellm_params=provider_params(), model_info=info)
    key_client = acting_as(client, (await client.keys.generate(key_alias=f"{name}-models", models=[name])).key)
    await record("models.list", by=key_client, include_metadata=True)
    await record("models.retrieve", model=name)
    await record("models.get", model_id=f"{name}-1")
    await record("models.info", model_id="mock-short-1")
    await record("models.search", search=name)
    await record("models.update", model_id=f"{name}-1", litellm_params={"rpm": 5}, model_info={"tier": "free"})
    await record("models.block", model_id=f"{name}-1")
    await record("models.unblock", model_id=f"{name}-1")
    await record("models.delete", model_id=f"{name}-1")


async def model_groups(record: Recorder, client: AsyncClient, name: str) -> None:
    group = f"{name}-group"
    mock = {"litellm_params": {"model": "openai/gpt-4o", "mock_response": "A"}, "model_info": {"id": f"{name}-a"}}
    other = {"litellm_params": provider_params(), "model_info": {"id": f"{name}-b"}}
    await record("model_groups.create", name=group, models=[mock], fallbacks=["mock-short"])
    await record("model_groups.add_models", name=group, models=[other])
    key_client = acting_as(client, (await client.keys.generate(key_alias=f"{name}-groups", models=[group])).key)
    await record("model_groups.list", by=key_client)
    await record("model_groups.info", name=group, only=name)
    await record("model_groups.set_fallbacks", name=group, fallbacks=["mock-long"])
    await record("model_groups.set_fallbacks, none", name=group, fallbacks=[])
    await record("model_groups.delete", name=group)


def provider_params() -> dict[str, object]:
    return {"model": "openai/answer", "api_base": os.environ["LIVE_PROXY_PROVIDER_URL"], "api_key": "not-a-real-secret"}


def acting_as(client: AsyncClient, key: str) -> AsyncClient:
    return client.with_options(headers={"Authorization": f"Bearer {key}"})


async def spend(record: Recorder, client: AsyncClient, method: str, key: str) -> None:
    """Record a report after a key has spent something and the proxy has stored the spend."""
    await acting_as(client, key).chat.completions.create(model="mock-short", messages=QUESTION)
    today = datetime.now(timezone.utc).date().isoformat()
    report = reduce(getattr, method.split("."), cast("Any", client))
    end = asyncio.get_running_loop().time() + SECONDS_UNTIL_SPEND
    while not (await report(start_date=today, end_date=today, api_key=key)).results:
        assert asyncio.get_running_loop().time() < end, f"{method} does not show the spend"
        await asyncio.sleep(1)
    await record(method, start_date=today, end_date=today, api_key=key)


async def delete_all(client: AsyncClient, name: str) -> None:
    """Delete everything whose name begins with this one."""
    with suppress(NotFoundError):
        await client.model_groups.delete(f"{name}-group")
    for deployment in (await client.models.search(name, size=100)).items:
        await client.models.delete(model_id=deployment.id)
    for credential in (await client.credentials.list()).items:
        if credential.credential_name and credential.credential_name.startswith(name):
            await client.credentials.delete(credential.credential_name)
    if aliases := [alias async for alias in await client.keys.aliases(search=name)]:
        await client.keys.delete(key_aliases=aliases)
    teams = [team.team_id or "" async for team in await client.teams.list(search=name, search_team_id_match="prefix")]
    if teams:
        await client.teams.delete(teams)
    users = [user.user_id or "" async for user in await client.users.list(search=name, page_size=100)]
    if users:
        await client.users.delete(users)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("resources", nargs="*", metavar="RESOURCE", help="such as keys; by default all")
    asyncio.run(main(parser.parse_args().resources))
