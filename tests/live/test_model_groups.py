from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from litellm_proxy_client import AsyncClient
from litellm_proxy_client.exceptions import BadRequestError, NotFoundError, UnauthorizedError, UsageError

QUESTION = [{"role": "user", "content": "Hello"}]
A = {"model_name": "openai/gpt-4o", "litellm_params": {"mock_response": "A"}}
B = {"model_name": "gpt-4-backup", "litellm_params": {"model": "openai/gpt-4o", "mock_response": "B"}}
BROKEN = {"model_name": "x", "litellm_params": {"model": "openai/500", "mock_response": "litellm.InternalServerError"}}


@pytest.fixture
async def name(live: AsyncClient) -> AsyncIterator[str]:
    """A group's name that no other test uses; what begins with it at the end is deleted."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    yield name
    for deployment in (await live.models.search(name, size=100)).items:
        await live.models.delete(model_id=deployment.id)


async def deployments(live: AsyncClient, name: str) -> list[str]:
    return [deployment.id for deployment in (await live.models.info()).items if deployment.model_name == name]


async def test_a_group_balances_is_looked_at_extended_and_deleted(live: AsyncClient, name: str) -> None:
    made = await live.model_groups.create(name=name, models=[A, B], fallbacks=["mock-short"])
    assert await deployments(live, name) == made.ids
    answers = [await live.chat.completions.create(model=name, messages=QUESTION) for _ in range(40)]
    assert Counter(answer.choices[0].message.content for answer in answers).keys() == {"A", "B"}

    info = await live.model_groups.info(name)
    assert (info.model_group, info.fallbacks) == (name, ["mock-short"])
    assert [deployment.id for deployment in info.deployments] == made.ids
    assert name in [group.model_group for group in (await live.model_groups.list()).items]

    added = await live.model_groups.add_models(name, [A])
    assert await deployments(live, name) == [*made.ids, *added.ids]

    deleted = await live.model_groups.delete(name=name)
    assert sorted(deleted.deleted) == sorted([*made.ids, *added.ids])
    assert deleted.fallbacks_deleted is True
    assert await deployments(live, name) == []
    for missing in (live.model_groups.info(name), live.model_groups.delete(name)):
        with pytest.raises(NotFoundError):
            await missing


async def test_fallbacks_are_used_replaced_and_taken_back(live: AsyncClient, name: str) -> None:
    await live.model_groups.create(name, [BROKEN])
    await live.model_groups.set_fallbacks(name, ["mock-short"])
    answer = await live.chat.completions.create(model=name, messages=QUESTION)
    assert answer.choices[0].message.content == "Hello from the mock model."
    assert (await live.model_groups.set_fallbacks(name, ["mock-long"])).fallback_models == ["mock-long"]
    await live.model_groups.set_fallbacks(name, [])
    assert (await live.model_groups.info(name)).fallbacks == []
    with pytest.raises(NotFoundError):
        await live.model_groups.set_fallbacks(name, [])


async def test_a_name_with_a_slash_can_be_a_group_without_fallbacks(live: AsyncClient, name: str) -> None:
    made = await live.model_groups.create(f"{name}/a", [A])
    info = await live.model_groups.info(f"{name}/a")
    assert ([deployment.id for deployment in info.deployments], info.fallbacks) == (made.ids, None)
    assert (await live.model_groups.delete(f"{name}/a")).deleted == made.ids


async def test_a_key_that_is_no_admins_may_look_and_not_delete(live: AsyncClient, name: str) -> None:
    made = await live.model_groups.create(name, [A])
    key = await live.keys.generate(models=[name])
    try:
        guest = live.with_options(headers={"Authorization": f"Bearer {key.key}"})
        info = await guest.model_groups.info(name)
        assert ([deployment.id for deployment in info.deployments], info.fallbacks) == (made.ids, None)
        with pytest.raises(UnauthorizedError):
            await guest.model_groups.delete(name)
    finally:
        await live.keys.delete(keys=[key.token or ""])
    assert await deployments(live, name) == made.ids


async def test_a_failed_creation_leaves_nothing_behind(live: AsyncClient, name: str) -> None:
    with pytest.raises(BadRequestError, match="Invalid fallback models"):
        await live.model_groups.create(name, [A, B], fallbacks=["no-such-group"])
    assert await deployments(live, name) == []
    twice = {**A, "model_info": {"id": f"{name}-1"}}
    with pytest.raises(Exception, match="Failed to add model"):
        await live.model_groups.create(name, [B, twice, twice])
    assert await deployments(live, name) == []


async def test_a_group_of_the_proxys_file_stays(live: AsyncClient) -> None:
    with pytest.raises(UsageError, match="configuration file"):
        await live.model_groups.delete("mock-group")
