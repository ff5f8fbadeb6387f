from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest

from litellm_proxy_client import NULL, AsyncClient
from litellm_proxy_client.exceptions import BadRequestError, ConflictError, NotFoundError

SECRET = "a-secret-of-many-characters"
DEPLOYMENT = "mock-short-1"


@pytest.fixture
def prefix() -> str:
    """A unique prefix of the names of all credentials that a test creates."""
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture(
    params=["", "/b c", "/ä/Ω/", "100%?#&+=;,:@$'\"\\", "/..", "/jwks/by_name/jwks"],
    ids=["plain", "spaces", "non-ASCII letters", "special characters", "parent segment", "names of other routes"],
)
def name(request: pytest.FixtureRequest, prefix: str) -> str:
    return prefix + str(request.param)


@pytest.fixture(autouse=True)
async def delete_credentials(live: AsyncClient, prefix: str) -> AsyncIterator[None]:
    yield
    for credential in (await live.credentials.list()).items:
        if credential.credential_name and credential.credential_name.startswith(prefix):
            await live.credentials.delete(credential.credential_name)


async def test_credential_of_any_name_is_created_read_updated_and_deleted(live: AsyncClient, name: str) -> None:
    credentials = live.credentials
    created = await credentials.create(
        credential_name=name,
        credential_info={"api_type": "azure"},
        credential_values={"api_key": SECRET, "api_base": "https://example.azure.openai.com"},
    )
    assert created.success is True
    with pytest.raises(ConflictError, match="already exists"):
        await credentials.create(credential_name=name, credential_values={"api_key": SECRET})

    read = await credentials.get(name)
    assert (read.credential_name, read.display_name, read.source) == (name, None, "db")
    assert read.credential_info == {"api_type": "azure"}
    assert read.credential_values is not None
    assert read.credential_values["api_base"] == "https://example.azure.openai.com"
    assert read.credential_values["api_key"] not in ("", SECRET)
    assert "example.azure" not in repr(read)
    listed = [credential async for credential in await credentials.list()]
    assert read in listed

    updated = await credentials.update(
        name, credential_values={"api_version": "1"}, credential_values_to_delete=["api_base", "none"]
    )
    assert updated.success is True
    after = await credentials.get(name)
    assert after.credential_values == {"api_key": read.credential_values["api_key"], "api_version": "1"}
    assert after.credential_info == {"api_type": "azure"}

    assert (await credentials.delete(name)).success is True
    with pytest.raises(NotFoundError):
        await credentials.get(name)


async def test_missing_credential_raises_not_found(live: AsyncClient, prefix: str) -> None:
    for missing in (
        live.credentials.get(prefix),
        live.credentials.update(prefix, credential_info={"a": "b"}),
        live.credentials.update_display_name(prefix, "x"),
        live.credentials.delete(prefix),
        live.credentials.by_model(prefix),
        live.credentials.create(credential_name=prefix, model_id=prefix),
    ):
        with pytest.raises(NotFoundError):
            await missing


async def test_display_name_can_change_and_name_cannot(live: AsyncClient, prefix: str) -> None:
    await live.credentials.create(credential_name=prefix, credential_values={"api_key": SECRET}, display_name="Azure")
    assert (await live.credentials.get(prefix)).display_name == "Azure"
    await live.credentials.update_display_name(prefix, "Azure (Zürich)")
    assert (await live.credentials.get(prefix)).display_name == "Azure (Zürich)"
    await live.credentials.update(prefix, credential_info={"a": "b"})
    assert (await live.credentials.get(prefix)).display_name == "Azure (Zürich)"
    await live.credentials.update_display_name(prefix, NULL)
    assert (await live.credentials.get(prefix)).display_name is None
    with pytest.raises(BadRequestError, match="display_name"):
        await live.credentials.update_display_name(prefix, " ")
    with pytest.raises(BadRequestError, match="immutable"):
        await live.credentials.update(prefix, extra_body={"credential_name": f"{prefix}-new"})


async def test_credential_values_of_a_deployment_are_read_and_copied(live: AsyncClient, prefix: str) -> None:
    of_model = await live.credentials.by_model(DEPLOYMENT)
    assert of_model.credential_name == f"mock-short-credential-{DEPLOYMENT}"
    assert of_model.credential_values
    await live.credentials.create(credential_name=prefix, model_id=DEPLOYMENT)
    assert (await live.credentials.get(prefix)).credential_values == of_model.credential_values


async def test_list_returns_one_page(live: AsyncClient, prefix: str) -> None:
    for i in range(3):
        await live.credentials.create(credential_name=f"{prefix}-{i}", credential_values={"api_key": SECRET})
    page = await live.credentials.list()
    names = [credential.credential_name for credential in page.items]
    assert {f"{prefix}-{i}" for i in range(3)} <= set(names)
    assert (page.total, page.total_pages, page.has_next_page) == (len(names), 1, False)
    assert [credential.credential_name async for credential in page] == names
