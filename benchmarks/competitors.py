"""All measured clients behind one interface: complete, open and read a stream, list keys.

Each imports its package only when it is created, since each runs in its own environment (environments.py).
All have the OpenAI SDK's default limits: 1,000 connections, of which 100 are kept alive when idle.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from typing import Any

from loopback import page

KEY = "sk-1234"
MODEL = "mock-short"
MESSAGES: Any = [{"role": "user", "content": "Hello"}]
BODY = {"model": MODEL, "messages": MESSAGES}
AUTH = {"Authorization": f"Bearer {KEY}"}
CONNECTIONS, KEEPALIVE_CONNECTIONS = 1000, 100
TIMEOUT = 60.0
KEYS = {"return_full_object": "true", "size": "100"}


class Typed:
    """The common part of the async clients with typed chunks."""

    create: Callable[..., Any]

    async def complete(self) -> str:
        response = await self.create(model=MODEL, messages=MESSAGES)
        return str(response.choices[0].message.content)

    async def open(self) -> AsyncIterator[Any]:
        return aiter(await self.create(model=MODEL, messages=MESSAGES, stream=True))

    async def read(self, stream: AsyncIterator[Any]) -> int:
        """Read a stream to its end, read the text of each chunk, and return the number of chunks."""
        count = 0
        async for chunk in stream:
            _ = chunk.choices[0].delta.content
            count += 1
        return count


class TypedSync:
    """The common part of the sync clients with typed chunks."""

    create: Callable[..., Any]

    def complete(self) -> str:
        return str(self.create(model=MODEL, messages=MESSAGES).choices[0].message.content)

    def open(self) -> Iterator[Any]:
        return iter(self.create(model=MODEL, messages=MESSAGES, stream=True))

    def read(self, stream: Iterator[Any]) -> int:
        count = 0
        for chunk in stream:
            _ = chunk.choices[0].delta.content
            count += 1
        return count


class Ours(Typed):
    def __init__(self, url: str, transport: Any = None) -> None:
        from litellm_proxy_client import AsyncClient

        self.client = AsyncClient(url, KEY, timeout=TIMEOUT, transport=transport)
        self.create = self.client.chat.completions.create

    async def page(self) -> int:
        return len(await self.client.keys.list(size=100))

    @staticmethod
    def decode(data: bytes) -> int:
        from litellm_proxy_client.types.keys import KeyList

        return len(KeyList.model_validate_json(data).rows)


class OursSync(TypedSync):
    def __init__(self, url: str) -> None:
        from litellm_proxy_client import Client

        self.client = Client(url, KEY, timeout=TIMEOUT)
        self.create = self.client.chat.completions.create

    def page(self) -> int:
        return len(self.client.keys.list(size=100))


def ours_on_httpx(url: str) -> Ours:
    return Ours(url, "httpx")


class OpenAI(Typed):
    def __init__(self, url: str, **options: Any) -> None:
        from openai import AsyncOpenAI  # type: ignore[import-not-found]

        self.client = AsyncOpenAI(base_url=f"{url}/v1", api_key=KEY, timeout=TIMEOUT, **options)
        self.url = url
        self.create = self.client.chat.completions.create

    async def page(self) -> int:
        # The SDK has no methods for the proxy's routes; `get` with `cast_to` is its API for other routes.
        response = await self.client.get(f"{self.url}/key/list", cast_to=_openai_page(), options={"params": KEYS})
        return len(response.keys)

    @staticmethod
    def decode(data: bytes) -> int:
        return len(_openai_page().construct(**json.loads(data)).keys)


class OpenAISync(TypedSync):
    def __init__(self, url: str) -> None:
        from openai import OpenAI as Client

        self.create = Client(base_url=f"{url}/v1", api_key=KEY, timeout=TIMEOUT).chat.completions.create


def openai_on_aiohttp(url: str) -> OpenAI:
    from openai import DefaultAioHttpClient

    return OpenAI(url, http_client=DefaultAioHttpClient())


@cache
def _openai_page() -> Any:
    """Return a model of a page of keys, written like the SDK's own models: every field is declared and optional."""
    from datetime import datetime
    from typing import Optional

    from openai import BaseModel
    from pydantic import create_model

    times = dict.fromkeys(("expires", "budget_reset_at", "created_at", "updated_at"), datetime)
    fields: dict[str, Any] = {
        name: (Optional[times.get(name) or (str if value is None else type(value))], None)  # noqa: UP045
        for name, value in json.loads(page())["keys"][0].items()
    }
    key = create_model("Key", __base__=BaseModel, **fields)
    rows: Any = (list[key], ...)  # type: ignore[valid-type]
    return create_model("KeyPage", __base__=BaseModel, keys=rows, total_count=(int, ...), total_pages=(int, ...))


class LiteLLM(Typed):
    def __init__(self, url: str) -> None:
        import litellm  # type: ignore[import-not-found]

        async def create(model: str, **options: Any) -> Any:
            return await litellm.acompletion(
                model=f"litellm_proxy/{model}", api_base=f"{url}/v1", api_key=KEY, timeout=TIMEOUT, **options
            )

        self.create = create


class LiteLLMClient:
    def __init__(self, url: str) -> None:
        from litellm.proxy.client import Client  # type: ignore[import-not-found]

        self.client = Client(url, KEY)

    def complete(self) -> str:
        return str(self.client.chat.completions(MODEL, MESSAGES)["choices"][0]["message"]["content"])

    def open(self) -> Iterator[Any]:
        return iter(self.client.chat.completions_stream(MODEL, MESSAGES))

    def read(self, stream: Iterator[Any]) -> int:
        count = 0
        for chunk in stream:
            _ = chunk["choices"][0]["delta"].get("content")
            count += 1
        return count

    def page(self) -> int:
        return len(self.client.keys.list(size=100, return_full_object=True)["keys"])


class Httpx:
    """Only the transport: responses are parsed with `json.loads`, and events are counted in the bytes of a stream."""

    def __init__(self, url: str) -> None:
        import httpx

        self.client = httpx.AsyncClient(base_url=url, limits=_limits(httpx), timeout=TIMEOUT, headers=AUTH)

    async def complete(self) -> str:
        response = await self.client.post("/v1/chat/completions", json=BODY)
        return str(json.loads(response.content)["choices"][0]["message"]["content"])

    async def open(self) -> AsyncIterator[bytes]:
        request = self.client.build_request("POST", "/v1/chat/completions", json={**BODY, "stream": True})
        return (await self.client.send(request, stream=True)).aiter_bytes()

    async def read(self, stream: AsyncIterator[bytes]) -> int:
        return await _count_events(stream)

    async def page(self) -> int:
        response = await self.client.get("/key/list", params=KEYS)
        return len(json.loads(response.content)["keys"])

    @staticmethod
    def decode(data: bytes) -> int:
        return len(json.loads(data)["keys"])


class Aiohttp:
    """The same as `Httpx` on aiohttp."""

    def __init__(self, url: str) -> None:
        import aiohttp

        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        timeout = aiohttp.ClientTimeout(TIMEOUT)
        self.client = aiohttp.ClientSession(connector=connector, timeout=timeout, headers=AUTH)
        self.url = url

    async def complete(self) -> str:
        async with self.client.post(f"{self.url}/v1/chat/completions", json=BODY) as response:
            return str(json.loads(await response.read())["choices"][0]["message"]["content"])

    async def open(self) -> AsyncIterator[bytes]:
        response = await self.client.post(f"{self.url}/v1/chat/completions", json={**BODY, "stream": True})

        async def chunks() -> AsyncIterator[bytes]:
            async with response:
                async for data in response.content.iter_any():
                    yield data

        return chunks()

    async def read(self, stream: AsyncIterator[bytes]) -> int:
        return await _count_events(stream)

    async def page(self) -> int:
        async with self.client.get(f"{self.url}/key/list", params=KEYS) as response:
            return len(json.loads(await response.read())["keys"])


async def _count_events(stream: AsyncIterator[bytes]) -> int:
    """Return the number of events except `[DONE]`; each ends in two newlines and contains no other."""
    return sum([data.count(b"\n") async for data in stream]) // 2 - 1


def _limits(httpx: Any) -> Any:
    return httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=KEEPALIVE_CONNECTIONS)


ASYNC: dict[str, Callable[[str], Any]] = {
    "ours": Ours,
    "ours on httpx": ours_on_httpx,
    "httpx": Httpx,
    "aiohttp": Aiohttp,
    "openai": OpenAI,
    "openai on aiohttp": openai_on_aiohttp,
    "litellm": LiteLLM,
}
SYNC: dict[str, Callable[[str], Any]] = {
    "ours sync": OursSync,
    "openai sync": OpenAISync,
    "litellm client": LiteLLMClient,
}
