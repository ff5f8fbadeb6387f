"""The documentation's examples that need a database, run unchanged on the real proxy."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from litellm_proxy_client import Client
from litellm_proxy_client.exceptions import LiteLLMProxyError

from ..documents import ROOT, documents, run, use_proxy

# The keys in README are shorter than the proxy allows, so they are not created; the proxy reports them as missing.
ALIASES = ("alias1", "alias2")
TEAMS = ("team123", "team456", "team1")
USERS = ("u1", "u2", "user123")


@pytest.fixture
def client() -> Iterator[Client]:
    """A client of a proxy with the teams, users and keys that the examples use; they are deleted afterwards."""
    with Client() as client:
        _delete_all(client)
        for team in TEAMS:
            client.teams.create(team_id=team, team_alias=team)
        for user in USERS:
            client.users.create(user_id=user, auto_create_key=False)
        for alias in ALIASES:
            client.keys.generate(key_alias=alias)
        yield client
        _delete_all(client)


def _delete_all(client: Client) -> None:
    email_users = {
        user.user_id for user in client.users.list(user_email="a@b.com", page_size=100).items if user.user_id
    }
    calls: list[Callable[[], object]] = [
        *(partial(client.keys.delete, key_aliases=[alias]) for alias in (*ALIASES, "my-key")),
        *(partial(client.users.delete, [user]) for user in {*USERS, *email_users}),
        *(partial(client.teams.delete, [team]) for team in TEAMS),
        partial(client.credentials.delete, "azure1"),
        partial(client.models.delete, model_name="gpt-4"),
        partial(client.model_groups.delete, "gpt4-group"),
    ]
    for call in calls:
        with suppress(LiteLLMProxyError):
            call()


@pytest.mark.parametrize("page", documents(database=True), ids=lambda page: str(page.relative_to(ROOT)))
def test_examples_run(page: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    use_proxy(monkeypatch, os.environ["LITELLM_PROXY_URL"], os.environ["LITELLM_PROXY_API_KEY"])
    run(page, database=True, names={"client": client})
