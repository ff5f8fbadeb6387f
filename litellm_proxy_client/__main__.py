"""`python -m litellm_proxy_client demo`: request a completion in four ways through a real LiteLLM proxy."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from .exceptions import LiteLLMProxyError

if TYPE_CHECKING:
    from .client import AsyncClient, Client
    from .types.chat import ChatCompletion

QUESTION = "Say hello to the reader of this."


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m litellm_proxy_client", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser(
        "demo",
        help="a completion and a stream, sync and async",
        description="Asks a model the same question four times: without and with streaming, with Client and with "
        "AsyncClient. Uses the proxy at LITELLM_PROXY_URL (with LITELLM_PROXY_API_KEY), or else starts one with mock "
        "models, which needs the extra `local`.",
    )
    command.add_argument("--model", help="the model to ask (default: gpt-4, else the first that the proxy lists)")
    options = parser.parse_args(arguments)
    try:
        with _proxy() as (client, async_client):
            demo(client, async_client, options.model)
    except LiteLLMProxyError as error:
        print(f"The demo failed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130  # the shell's status of a process that SIGINT ended
    return 0


def demo(client: Client, async_client: AsyncClient, model: str | None) -> None:
    """Request a completion in four ways and print the results."""
    model = model or _choose_model(client)
    question = {"role": "user", "content": QUESTION}
    print(f"\nAsking {model}: {QUESTION}")

    print("\nclient.chat.completions.create(...)")
    response = client.chat.completions.create(model=model, messages=[question])
    print(f"  {response.choices[0].message.content}")
    _print_usage(response, response.proxy.cost)

    print("\nclient.chat.completions.create(..., stream=True)\n  ", end="")
    pieces = 0
    with client.chat.completions.create(
        model=model, messages=[question], stream=True, stream_options={"include_usage": True}
    ) as stream:
        for text in stream.iter_text():
            print(text, end="", flush=True)
            pieces += 1
    print(f"\n  [in {pieces} pieces]")
    _print_usage(stream.completion, stream.cost)

    asyncio.run(_demo_async(async_client, model))
    print(f"\nDone: {model} answered without and with streaming, with Client and with AsyncClient.")


async def _demo_async(client: AsyncClient, model: str) -> None:
    question = {"role": "user", "content": QUESTION}
    async with client:
        print("\nawait async_client.chat.completions.create(...)")
        response = await client.chat.completions.create(model=model, messages=[question])
        print(f"  {response.choices[0].message.content}")
        _print_usage(response, response.proxy.cost)

        print("\nawait async_client.chat.completions.create(..., stream=True)\n  ", end="")
        pieces = 0
        async with await client.chat.completions.create(
            model=model, messages=[question], stream=True, stream_options={"include_usage": True}
        ) as stream:
            async for text in stream.iter_text():
                print(text, end="", flush=True)
                pieces += 1
        print(f"\n  [in {pieces} pieces]")
        _print_usage(stream.completion, stream.cost)


@contextlib.contextmanager
def _proxy() -> Generator[tuple[Client, AsyncClient], None, None]:
    """Yield clients of the proxy in the environment, or of a local proxy that runs during the demo."""
    from .client import AsyncClient, Client

    if os.environ.get("LITELLM_PROXY_URL"):
        with Client() as client:
            print(f"Using the proxy at LITELLM_PROXY_URL: {client!r}")
            yield client, AsyncClient()
        return

    from .local import LocalProxy

    print("LITELLM_PROXY_URL is not set: starting a LiteLLM proxy, which takes several seconds ...", flush=True)
    started = time.monotonic()
    with LocalProxy() as proxy:
        print(f"The proxy is ready at {proxy.url} after {time.monotonic() - started:.1f} s.")
        with proxy.client() as client:
            yield client, proxy.async_client()
    print("The proxy was stopped.")


def _choose_model(client: Client) -> str:
    models = cast("Mapping[str, Sequence[Mapping[str, str]]]", client.http.request("GET", "/v1/models"))
    names = [model["id"] for model in models["data"]]
    if not names:
        raise LiteLLMProxyError("the proxy lists no model that this key may use: pass one as --model")
    return "gpt-4" if "gpt-4" in names else names[0]


def _print_usage(completion: ChatCompletion, cost: float | None) -> None:
    usage = completion.usage
    tokens = f"{usage.prompt_tokens} + {usage.completion_tokens} tokens" if usage else "tokens not reported"
    price = "cost not reported" if cost is None else f"cost {cost:.6f} USD"
    print(f"  [model {completion.model}, {tokens}, {price}]")


if __name__ == "__main__":
    sys.exit(main())
