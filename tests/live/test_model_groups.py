from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from litellm_proxy_client import AsyncClient
from litellm_proxy_client.exceptions import BadRequestError, NotFoundError, UnauthorizedError, UsageError

QUESTION = [{"role": "user", "content": "Hello"}]
MODEL_A = {"model_name": "openai/gpt-4o", "litellm_params": {"mock_response": "A"}}
MODEL_B = {"model_name": "gpt-4-backup", "litellm_params": {"model": "openai/gpt-4o", "mock_response": "B"}}
BROKEN_MODEL = {
    "model_name": "x",
    "litellm_params": {"model": "openai/500", "mock_response": "litellm.InternalServerError"},
}


@pytest.fixture
async def name(live: AsyncClient) -> AsyncIterator[str]:
    """A unique group name; deployments whose name begins with it are deleted after the test."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    yield name
    for deployment in (await live.models.search(name, size=100)).items:
        await live.models.delete(model_id=deployment.id)


async def deployment_ids(live: AsyncClient, name: str) -> list[str]:
    return [deployment.id for deployment in (await live.models.info()).items if deployment.model_name == name]


async def test_group_is_created_balanced_read_extended_and_deleted(live: AsyncClient, name: str) -> None:
    created = await live.model_groups.create(name=name, models=[MODEL_A, MODEL_B], fallbacks=["mock-short"])
    assert await deployment_ids(live, name) == created.ids
    responses = [await live.chat.completions.create(model=name, messages=QUESTION) for _ in range(40)]
    assert Counter(response.choices[0].message.content for response in responses).keys() == {"A", "B"}

    info = await live.model_groups.info(name)
    assert (info.model_group, info.fallbacks) == (name, ["mock-short"])
    assert [deployment.id for deployment in info.deployments] == created.ids
    assert name in [group.model_group for group in (await live.model_groups.list()).items]

    added = await live.model_groups.add_models(name, [MODEL_A])
    assert await deployment_ids(live, name) == [*created.ids, *added.ids]

    deleted = await live.model_groups.delete(name=name)
    assert sorted(deleted.deleted) == sorted([*created.ids, *added.ids])
    assert deleted.fallbacks_deleted is True
    assert await deployment_ids(live, name) == []
    for missing in (live.model_groups.info(name), live.model_groups.delete(name)):
        with pytest.raises(NotFoundError):
            await missing


async def test_fallbacks_are_used_replaced_and_cleared(live: AsyncClient, name: str) -> None:
    await live.model_groups.create(name, [BROKEN_MODEL])
    await live.model_groups.set_fallbacks(name, ["mock-short"])
    response = await live.chat.completions.create(model=name, messages=QUESTION)
    assert response.choices[0].message.content == "Hello from the mock model."
    assert (await live.model_groups.set_fallbacks(name, ["mock-long"])).fallback_models == ["mock-long"]
    await live.model_groups.set_fallbacks(name, [])
    assert (await live.model_groups.info(name)).fallbacks == []
    with pytest.raises(NotFoundError):
        await live.model_groups.set_fallbacks(name, [])


async def test_group_name_with_a_slash_works_without_fallbacks(live: AsyncClient, name: str) -> None:
    created = await live.model_groups.create(f"{name}/a", [MODEL_A])
    info = await live.model_groups.info(f"{name}/a")
    assert ([deployment.id for deployment in info.deployments], info.fallbacks) == (created.ids, None)
    assert (await live.model_groups.delete(f"{name}/a")).deleted == created.ids


async def test_non_admin_key_can_read_but_not_delete_a_group(live: AsyncClient, name: str) -> None:
    created = await live.model_groups.create(name, [MODEL_A])
    key = await live.keys.generate(models=[name])
    try:
        key_client = live.with_options(headers={"Authorization": f"Bearer {key.key}"})
        info = await key_client.model_groups.info(name)
        assert ([deployment.id for deployment in info.deployments], info.fallbacks) == (created.ids, None)
        with pytest.raises(UnauthorizedError):
            await key_client.model_groups.delete(name)
    finally:
        await live.keys.delete(keys=[key.token or ""])
    assert await deployment_ids(live, name) == created.ids


async def test_failed_group_creation_is_rolled_back(live: AsyncClient, name: str) -> None:
    with pytest.raises(BadRequestError, match="Invalid fallback models"):
        await live.model_groups.create(name, [MODEL_A, MODEL_B], fallbacks=["no-such-group"])
    assert await deployment_ids(live, name) == []
    duplicate = {**MODEL_A, "model_info": {"id": f"{name}-1"}}
    with pytest.raises(Exception, match="Failed to add model"):
        await live.model_groups.create(name, [MODEL_B, duplicate, duplicate])
    assert await deployment_ids(live, name) == []


async def test_group_in_the_configuration_file_cannot_be_deleted(live: AsyncClient) -> None:
    with pytest.raises(UsageError, match="configuration file"):
        await live.model_groups.delete("mock-group")
