from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest

from litellm_proxy_client import NULL, AsyncClient
from litellm_proxy_client.exceptions import BadRequestError, ConflictError, NotFoundError

SECRET = "a-secret-of-many-characters"
DEPLOYMENT = "mock-short-1"


@pytest.fixture
def plain() -> str:
    """A name that no other test uses; the names of all credentials that a test makes begin with it."""
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture(params=["", "/b c", "/ä/Ω/", "100%?#&+=;,:@$'\"\\", "/..", "/jwks/by_name/jwks"])
def name(request: pytest.FixtureRequest, plain: str) -> str:
    return plain + str(request.param)


@pytest.fixture(autouse=True)
async def clean(live: AsyncClient, plain: str) -> AsyncIterator[None]:
    yield
    for credential in (await live.credentials.list()).items:
        if credential.credential_name and credential.credential_name.startswith(plain):
            await live.credentials.delete(credential.credential_name)


async def test_a_credential_is_made_read_changed_and_deleted_whatever_its_name(live: AsyncClient, name: str) -> None:
    credentials = live.credentials
    made = await credentials.create(
        credential_name=name,
        credential_info={"api_type": "azure"},
        credential_values={"api_key": SECRET, "api_base": "https://example.azure.openai.com"},
    )
    assert made.success is True
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

    changed = await credentials.update(
        name, credential_values={"api_version": "1"}, credential_values_to_delete=["api_base", "none"]
    )
    assert changed.success is True
    after = await credentials.get(name)
    assert after.credential_values == {"api_key": read.credential_values["api_key"], "api_version": "1"}
    assert after.credential_info == {"api_type": "azure"}

    assert (await credentials.delete(name)).success is True
    with pytest.raises(NotFoundError):
        await credentials.get(name)


async def test_what_is_not_there_is_not_found(live: AsyncClient, plain: str) -> None:
    for missing in (
        live.credentials.get(plain),
        live.credentials.update(plain, credential_info={"a": "b"}),
        live.credentials.update_display_name(plain, "x"),
        live.credentials.delete(plain),
        live.credentials.by_model(plain),
        live.credentials.create(credential_name=plain, model_id=plain),
    ):
        with pytest.raises(NotFoundError):
            await missing


async def test_the_display_name_changes_and_the_name_does_not(live: AsyncClient, plain: str) -> None:
    await live.credentials.create(credential_name=plain, credential_values={"api_key": SECRET}, display_name="Azure")
    assert (await live.credentials.get(plain)).display_name == "Azure"
    await live.credentials.update_display_name(plain, "Azure (Zürich)")
    assert (await live.credentials.get(plain)).display_name == "Azure (Zürich)"
    await live.credentials.update(plain, credential_info={"a": "b"})
    assert (await live.credentials.get(plain)).display_name == "Azure (Zürich)"
    await live.credentials.update_display_name(plain, NULL)
    assert (await live.credentials.get(plain)).display_name is None
    with pytest.raises(BadRequestError, match="display_name"):
        await live.credentials.update_display_name(plain, " ")
    with pytest.raises(BadRequestError, match="immutable"):
        await live.credentials.update(plain, extra_body={"credential_name": f"{plain}-new"})


async def test_the_values_of_a_deployment_are_read_and_copied(live: AsyncClient, plain: str) -> None:
    of_model = await live.credentials.by_model(DEPLOYMENT)
    assert of_model.credential_name == f"mock-short-credential-{DEPLOYMENT}"
    assert of_model.credential_values
    await live.credentials.create(credential_name=plain, model_id=DEPLOYMENT)
    assert (await live.credentials.get(plain)).credential_values == of_model.credential_values


async def test_a_list_is_one_page(live: AsyncClient, plain: str) -> None:
    for i in range(3):
        await live.credentials.create(credential_name=f"{plain}-{i}", credential_values={"api_key": SECRET})
    page = await live.credentials.list()
    names = [credential.credential_name for credential in page.items]
    assert {f"{plain}-{i}" for i in range(3)} <= set(names)
    assert (page.total, page.total_pages, page.has_next_page) == (len(names), 1, False)
    assert [credential.credential_name async for credential in page] == names
