"""Functions that worker processes call with a client sent to them; a spawned process imports them by name."""

from __future__ import annotations

import asyncio

from litellm_proxy_client import AsyncClient, Client

MESSAGES = [{"role": "user", "content": "Hello"}]


def complete(client: Client | AsyncClient) -> str | None:
    """Create a completion with either client and return its text."""
    if isinstance(client, Client):
        return client.chat.completions.create(model="hello", messages=MESSAGES).choices[0].message.content
    return asyncio.run(_complete(client))


def stream_text(client: Client) -> str:
    """Stream a completion and return its text."""
    with client.chat.completions.create(model="hello", messages=MESSAGES, stream=True) as stream:
        return "".join(stream.iter_text())


async def _complete(client: AsyncClient) -> str | None:
    # The imports of the first call block the event loop, which development mode would log as a slow callback.
    asyncio.get_running_loop().slow_callback_duration = 60
    completion = await client.chat.completions.create(model="hello", messages=MESSAGES)
    return completion.choices[0].message.content
