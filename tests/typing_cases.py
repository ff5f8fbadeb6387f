"""Types that checkers reveal and calls that they refuse. This file is checked, never run; see `test_typing.py`.

A line that must be refused has a `type: ignore` comment; both checkers report one that is not needed.
"""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from typing import Any

import httpx
from typing_extensions import assert_type

import litellm_proxy_client
from litellm_proxy_client import (
    AsyncChatCompletionStream,
    AsyncClient,
    AsyncPage,
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionStream,
    Client,
    DeletedKeys,
    Key,
    KeyInfo,
    MessageParam,
    Page,
    ProxyInfo,
    types,
)


def completions(client: Client, messages: list[MessageParam], flag: bool) -> None:
    create = client.chat.completions.create
    assert_type(create(model="m", messages=messages), ChatCompletion)
    assert_type(create(model="m", messages=messages, return_request=False), ChatCompletion)
    assert_type(create(model="m", messages=messages, return_request=True), httpx.Request)
    assert_type(create(model="m", messages=messages, stream=False), ChatCompletion)
    assert_type(create(model="m", messages=messages, stream=False, return_request=False), ChatCompletion)
    assert_type(create(model="m", messages=messages, stream=False, return_request=True), httpx.Request)
    assert_type(create(model="m", messages=messages, stream=True), ChatCompletionStream)
    assert_type(create(model="m", messages=messages, stream=True, return_request=False), ChatCompletionStream)
    assert_type(create(model="m", messages=messages, stream=True, return_request=True), httpx.Request)
    either = create(model="m", messages=messages, stream=flag)
    assert_type(either, ChatCompletion | ChatCompletionStream)
    either = create(model="m", messages=messages, stream=flag, return_request=False)
    assert_type(either, ChatCompletion | ChatCompletionStream)
    assert_type(create(model="m", messages=messages, stream=flag, return_request=True), httpx.Request)


async def async_completions(client: AsyncClient, messages: list[MessageParam], flag: bool) -> None:
    create = client.chat.completions.create
    assert_type(await create(model="m", messages=messages), ChatCompletion)
    assert_type(await create(model="m", messages=messages, return_request=False), ChatCompletion)
    assert_type(await create(model="m", messages=messages, return_request=True), httpx.Request)
    assert_type(await create(model="m", messages=messages, stream=False), ChatCompletion)
    assert_type(await create(model="m", messages=messages, stream=False, return_request=False), ChatCompletion)
    assert_type(await create(model="m", messages=messages, stream=False, return_request=True), httpx.Request)
    assert_type(await create(model="m", messages=messages, stream=True), AsyncChatCompletionStream)
    stream = await create(model="m", messages=messages, stream=True, return_request=False)
    assert_type(stream, AsyncChatCompletionStream)
    assert_type(await create(model="m", messages=messages, stream=True, return_request=True), httpx.Request)
    either = await create(model="m", messages=messages, stream=flag)
    assert_type(either, ChatCompletion | AsyncChatCompletionStream)
    either = await create(model="m", messages=messages, stream=flag, return_request=False)
    assert_type(either, ChatCompletion | AsyncChatCompletionStream)
    assert_type(await create(model="m", messages=messages, stream=flag, return_request=True), httpx.Request)


def what_a_completion_holds(client: Client) -> None:
    completion = client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hello"}])
    assert_type(completion.choices[0].message.content, str | None)
    with client.chat.completions.create(model="m", messages=[completion.choices[0].message], stream=True) as stream:
        for chunk in stream:
            assert_type(chunk.choices[0].delta.content, str | None)
        assert_type(stream.get_final_completion(), ChatCompletion)
    for text in stream.iter_text():
        assert_type(text, str)


async def what_an_async_stream_holds(client: AsyncClient, messages: list[MessageParam]) -> None:
    async with await client.chat.completions.create(model="m", messages=messages, stream=True) as stream:
        async for chunk in stream:
            assert_type(chunk, ChatCompletionChunk)
        assert_type(await stream.get_final_completion(), ChatCompletion)
    async for text in stream.iter_text():
        assert_type(text, str)


def a_conversation(client: Client) -> None:
    messages: list[MessageParam] = [{"role": "user", "content": "Hello"}]
    completion = client.chat.completions.create(model="m", messages=messages)
    messages.append(completion.choices[0].message)
    messages += [{"role": "tool", "tool_call_id": call.id} for call in completion.choices[0].message.tool_calls or []]
    assert_type(completion.choices[0].message, types.ChatCompletionMessage)
    assert_type(completion.usage, types.CompletionUsage | None)


def what_the_proxy_always_sends_is_not_optional(client: Client) -> None:
    assert_type(client.keys.generate().token, str)
    assert_type(client.keys.info("k").info.token, str)
    assert_type(client.keys.info("k").info.max_budget, float | None)
    assert_type(client.teams.create(team_alias="t").team_id, str)
    assert_type(client.teams.get("t").team_info.members_with_roles, list[types.Member])
    assert_type(client.users.create().user_id, str)
    assert_type(client.users.create().token, str | None)
    assert_type(client.users.get("u").user_info.spend, float)
    completion = client.chat.completions.create(model="m", messages=[])
    assert_type(completion.proxy, ProxyInfo)
    assert_type(completion.id, str)
    assert_type(client.keys.list().proxy, ProxyInfo)


def plain_methods(client: Client) -> None:
    assert_type(client.keys.info("k"), KeyInfo)
    assert_type(client.keys.info("k", return_request=False), KeyInfo)
    assert_type(client.keys.info("k", return_request=True), httpx.Request)
    assert_type(client.with_options(timeout=1).keys.info("k", timeout=2), KeyInfo)
    assert_type(client.http.request("GET", "/x"), Any)
    assert_type(client.http.send(client.keys.info("k", return_request=True)), httpx.Response)


async def async_plain_methods(client: AsyncClient) -> None:
    assert_type(await client.keys.info("k"), KeyInfo)
    assert_type(await client.keys.info("k", return_request=False), KeyInfo)
    assert_type(await client.keys.info("k", return_request=True), httpx.Request)
    assert_type(await client.with_options(timeout=1).keys.info("k", timeout=2), KeyInfo)
    assert_type(await client.http.request("GET", "/x"), Any)
    assert_type(await client.http.send(await client.keys.info("k", return_request=True)), httpx.Response)


def lists(client: Client) -> None:
    page = client.keys.list(page=1)
    assert_type(page, Page[Key])
    assert_type(page[0], Key)
    assert_type(page[:2], list[Key])
    assert_type(page.items, list[Key])
    assert_type(page.get_next_page(), Page[Key])
    for key in page:
        assert_type(key, Key)
    for alias in client.keys.aliases():
        assert_type(alias, str)
    assert_type(client.keys.list(return_request=True), httpx.Request)


async def async_lists(client: AsyncClient) -> None:
    page = await client.keys.list(page=1)
    assert_type(page, AsyncPage[Key])
    assert_type(page[0], Key)
    assert_type(page[:2], list[Key])
    assert_type(page.items, list[Key])
    assert_type(await page.get_next_page(), AsyncPage[Key])
    async for key in page:
        assert_type(key, Key)
    async for alias in await client.keys.aliases():
        assert_type(alias, str)
    assert_type(await client.keys.list(return_request=True), httpx.Request)


def several_requests(client: Client) -> None:
    assert_type(client.keys.delete(keys=["k"]), DeletedKeys)
    assert_type(client.keys.delete(keys=["k"], return_request=True), list[httpx.Request])


async def async_several_requests(client: AsyncClient) -> None:
    assert_type(await client.keys.delete(keys=["k"]), DeletedKeys)
    assert_type(await client.keys.delete(keys=["k"], return_request=True), list[httpx.Request])


def refused(client: Client, messages: list[MessageParam], flag: bool) -> None:
    create = client.chat.completions.create
    client.keys.info("k", colour="red")  # type: ignore[call-overload]
    client.keys.info(1)  # type: ignore[call-overload]
    client.keys.list(1)  # type: ignore[call-overload]
    client.keys.list(page="1")  # type: ignore[call-overload]
    client.keys.list(status="blocked")  # type: ignore[call-overload]
    client.keys.delete("k")  # type: ignore[call-overload]
    client.keys.info("k", timeout="1")  # type: ignore[call-overload]
    client.keys.unknown()  # type: ignore[attr-defined]
    create(model="m")  # type: ignore[call-overload]
    create(model="m", messages=messages, temprature=1)  # type: ignore[call-overload]
    create(model="m", messages="Hello")  # type: ignore[arg-type]
    create(model="m", messages=messages, temperature="hot")  # type: ignore[call-overload]
    print(create(model="m", messages=messages, stream=True).choices)  # type: ignore[attr-defined]
    print(create(model="m", messages=messages, stream=flag).choices)  # type: ignore[union-attr]
    for _ in create(model="m", messages=messages, return_request=True):  # type: ignore[attr-defined]
        pass
    Client(base_url=1)  # type: ignore[arg-type]
    print(litellm_proxy_client.no_such_name)  # type: ignore[attr-defined]
    print(types.NoSuchName)  # type: ignore[attr-defined]
    Client(http_client=httpx.Client())  # type: ignore[arg-type]


async def async_refused(client: AsyncClient, messages: list[MessageParam]) -> None:
    create = client.chat.completions.create
    await client.keys.info("k", colour="red")  # type: ignore[call-overload]
    await client.keys.info(1)  # type: ignore[call-overload]
    print(client.keys.info("k").info)  # type: ignore[attr-defined]
    print((await create(model="m", messages=messages, stream=True)).choices)  # type: ignore[attr-defined]
    async for _ in create(model="m", messages=messages, stream=True):  # type: ignore[attr-defined]
        pass
    for _ in await create(model="m", messages=messages, stream=True):  # type: ignore[attr-defined]
        pass
