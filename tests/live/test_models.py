from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator

import pytest

from litellm_proxy_client import AsyncClient
from litellm_proxy_client.exceptions import (
    AmbiguousNameError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
    UsageError,
)

QUESTION = [{"role": "user", "content": "Hello"}]


@pytest.fixture
async def name(live: AsyncClient) -> AsyncIterator[str]:
    """A unique public model name; deployments found by it are deleted after the test."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    yield name
    for deployment in (await live.models.search(name, size=100)).items:
        await live.models.delete(model_id=deployment.id)


async def test_model_is_added_used_updated_blocked_and_deleted(live: AsyncClient, name: str) -> None:
    params = {"model": "openai/answer", "api_base": os.environ["LIVE_PROXY_PROVIDER_URL"], "api_key": "sk-unused"}
    added = await live.models.add(model_name=name, litellm_params=params, model_info={"tier": "paid"})
    assert (added.model_name, added.model_info.db_model, added.model_info.tier) == (name, True, "paid")
    assert added.litellm_params["model"] == "openai/answer"
    assert "sk-unused" not in repr(added)

    completion = await live.chat.completions.create(model=name, messages=QUESTION)
    assert completion.choices[0].message.content == "You said: Hello"
    assert completion.proxy is not None
    assert completion.proxy.model_id == added.id

    assert (await live.models.get(model_name=name)).id == added.id
    assert (await live.models.get(model_id=added.id)).model_name == name
    assert (await live.models.retrieve(name)).id == name
    assert name in [card.id for card in (await live.models.list()).items]
    assert [found.id for found in (await live.models.info(model_id=added.id)).items] == [added.id]
    page = await live.models.search(name, size=1)
    assert (page.total, page[0].id) == (1, added.id)

    updated = await live.models.update(
        added.id, litellm_params={"mock_response": "Changed."}, model_info={"tier": "free"}
    )
    assert (updated.id, updated.model_info.tier, updated.litellm_params["api_base"]) == (
        added.id,
        "free",
        params["api_base"],
    )
    completion = await live.chat.completions.create(model=name, messages=QUESTION)
    assert completion.choices[0].message.content == "Changed."

    assert (await live.models.block(added.id)).blocked is True
    assert (await live.models.get(model_id=added.id)).model_info.blocked is True
    assert (await live.models.unblock(added.id)).blocked is False

    assert "deleted" in ((await live.models.delete(model_name=name)).message or "")
    for missing in (
        live.models.get(model_id=added.id),
        live.models.get(model_name=name),
        live.models.retrieve(name),
        live.models.delete(model_id=added.id),
        live.models.delete(model_name=name),
        live.models.update(added.id, blocked=True),
        live.models.block(added.id),
    ):
        with pytest.raises(NotFoundError):
            await missing


async def test_model_parameter_defaults_to_the_model_name(live: AsyncClient, name: str) -> None:
    added = await live.models.add(model_name=f"openai/{name}", litellm_params={"mock_response": "Hi."})
    assert added.litellm_params["model"] == f"openai/{name}"
    await live.models.delete(model_name=f"openai/{name}")


async def test_added_model_that_cannot_be_served_is_deleted(live: AsyncClient, name: str) -> None:
    with pytest.raises(InternalServerError, match="saved to the database"):
        await live.models.add(name, model_info={"id": f"{name}-1"})
    with pytest.raises(NotFoundError):
        await live.models.delete(model_id=f"{name}-1")


async def test_ambiguous_name_raises_with_all_ids(live: AsyncClient, name: str) -> None:
    ids = {(await live.models.add(name, litellm_params={"model": "openai/gpt-4o"})).id for _ in range(2)}
    for ambiguous in (live.models.get(model_name=name), live.models.delete(model_name=name)):
        with pytest.raises(AmbiguousNameError) as caught:
            await ambiguous
        assert set(caught.value.ids) == ids
        assert all(each in str(caught.value) for each in ids)
    assert {deployment.id for deployment in (await live.model_groups.info(name)).deployments} == ids


async def test_model_in_the_configuration_file_cannot_be_changed(live: AsyncClient) -> None:
    with pytest.raises(UsageError, match="configuration file"):
        await live.models.delete(model_name="mock-short")
    for update in (live.models.update("mock-short-1", blocked=True), live.models.block("mock-short-1")):
        with pytest.raises(BadRequestError, match="config"):
            await update
    with pytest.raises(NotFoundError, match="not found in db"):
        await live.models.delete(model_id="mock-short-1")


async def test_wildcard_is_deleted_only_by_its_own_name(live: AsyncClient, name: str) -> None:
    added = await live.models.add(f"{name}/*", litellm_params={"model": "openai/*", "api_key": "sk-unused"})
    served_name = f"{name}/gpt-4o"  # the proxy lists the wildcard under this name, with the wildcard's id
    assert [deployment.id for deployment in (await live.model_groups.info(served_name)).deployments] == [added.id]
    for deletion in (live.models.delete(model_name=served_name), live.model_groups.delete(served_name)):
        with pytest.raises(NotFoundError):
            await deletion
    assert (await live.models.get(model_id=added.id)).model_name == f"{name}/*"
    await live.models.delete(model_name=f"{name}/*")
    with pytest.raises(NotFoundError):
        await live.models.get(model_id=added.id)


async def test_search_pages_return_each_deployment_once(live: AsyncClient) -> None:
    all_ids = {deployment.id for deployment in (await live.models.info()).items}
    paged_ids = [deployment.id async for deployment in await live.models.search(size=7)]
    assert set(paged_ids) == all_ids
    assert len(paged_ids) == len(all_ids)
