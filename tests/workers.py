"""What worker processes do with a client that was sent to them; found by name where a process was spawned."""

from __future__ import annotations

import asyncio

from litellm_proxy_client import AsyncClient, Client

MESSAGES = [{"role": "user", "content": "Hello"}]


def ask(client: Client | AsyncClient) -> str | None:
    """A call by either client; the model's name comes back."""
    if isinstance(client, Client):
        return client.chat.completions.create(model="hello", messages=MESSAGES).choices[0].message.content
    return asyncio.run(_ask(client))


def text(client: Client) -> str:
    """A stream, put together."""
    with client.chat.completions.create(model="hello", messages=MESSAGES, stream=True) as stream:
        return "".join(stream.iter_text())


async def _ask(client: AsyncClient) -> str | None:
    # In development mode the loop complains of what takes long; the imports of the first call do.
    asyncio.get_running_loop().slow_callback_duration = 60
    completion = await client.chat.completions.create(model="hello", messages=MESSAGES)
    return completion.choices[0].message.content
