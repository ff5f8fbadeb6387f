"""Every chat model of the real proxy, streamed or not, sync and async: the expected response or error."""

from __future__ import annotations

import json
import os
import uuid
from typing import Any

import httpx
import pytest

from litellm_proxy_client import AsyncClient, Client
from litellm_proxy_client.exceptions import (
    APITimeoutError,
    BadGatewayError,
    BadRequestError,
    ConflictError,
    ContentFilterError,
    ContextWindowExceededError,
    GatewayTimeoutError,
    InternalServerError,
    InvalidResponseError,
    LiteLLMProxyError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RequestTimeoutError,
    ServiceUnavailableError,
    UnauthorizedError,
    UsageError,
)
from litellm_proxy_client.types.chat import ChatCompletion

from ..both_clients import awaitable

TEN = "One two three four five six seven eight nine ten."
FIVE = "One two three four five"
HELLO = "Hello from the mock model."

# The content of each model's completion, which is also the content of its whole stream.
# The finish_reason is "stop" unless FINISH_REASONS has another one.
COMPLETIONS = {
    "mock-short": HELLO,
    "mock-slow": HELLO,
    "mock-tool-call": HELLO,
    "mock-any/thing": "Answer from a wildcard model.",
    "provider-stream-2000": "".join(f"{number} " for number in range(2000)),
    "provider-paced": "".join(f"{number} " for number in range(100)),
    "provider-pause": TEN,
    "provider-keepalive": TEN,
    "provider-no-done": TEN,
    "provider-reasoning": TEN,
    "provider-choices": TEN,
    "provider-logprobs": TEN,
    "provider-empty": "",
    "provider-content-filter": FIVE,
    "provider-length": FIVE,
    "provider-json": '{"city": "Paris", "temperature": 21.5, "tags": ["a", "b"]}',
}
FINISH_REASONS = {"provider-content-filter": "content_filter", "provider-length": "length"}

# Models that raise the same error with and without streaming.
ERRORS: dict[str, type[LiteLLMProxyError]] = {
    "mock-rate-limit": RateLimitError,
    "mock-server-error": InternalServerError,
    "mock-context-window": ContextWindowExceededError,
    "mock-content-filter": BadRequestError,
    "mock-timeout": RequestTimeoutError,
    "mock-stream-error": InternalServerError,
    "provider-400": BadRequestError,
    "provider-401": UnauthorizedError,
    "provider-403": PermissionDeniedError,
    "provider-404": NotFoundError,
    "provider-408": RequestTimeoutError,
    "provider-409": ConflictError,
    "provider-429": RateLimitError,
    "provider-500": InternalServerError,
    "provider-502": BadGatewayError,
    "provider-503": ServiceUnavailableError,
    "provider-504": GatewayTimeoutError,
    "provider-529": InternalServerError,
    "provider-quota": RateLimitError,
    "provider-context-length": ContextWindowExceededError,
    "provider-content-policy": ContentFilterError,
    "provider-timeout": RequestTimeoutError,
    "provider-keepalive-429": RateLimitError,
    "provider-error-first": InternalServerError,
    "provider-reset-first": InternalServerError,
    "provider-hang-up": InternalServerError,
    "provider-down": InternalServerError,
}

# Models that fail without streaming, and whose stream breaks: the error has the partial completion.
BROKEN_STREAMS = {
    "provider-reset": FIVE,
    "provider-truncate": FIVE,
    "provider-error-event": FIVE,
    "provider-malformed": FIVE,
    "provider-keepalive-reset": FIVE,
}


def user_message(text: str = "Hello") -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


async def complete(client: AsyncClient, model: str, text: str = "Hello", *, stream: bool) -> ChatCompletion:
    if not stream:
        return await client.chat.completions.create(model=model, messages=user_message(text))
    completion_stream = await client.chat.completions.create(model=model, messages=user_message(text), stream=True)
    return await completion_stream.get_final_completion()


streamed = pytest.mark.parametrize("stream", [False, True], ids=["not streamed", "streamed"])


@streamed
@pytest.mark.parametrize("model", COMPLETIONS)
async def test_model_returns_its_completion(live: AsyncClient, model: str, stream: bool) -> None:
    completion = await complete(live, model, stream=stream)
    choice = completion.choices[0]
    assert (choice.message.content or "") == COMPLETIONS[model]
    assert choice.finish_reason == FINISH_REASONS.get(model, "stop")


@streamed
@pytest.mark.parametrize("model", ["provider-answer", "provider-slow-3", "provider-keepalive-slow"])
async def test_message_reaches_the_model(live: AsyncClient, model: str, stream: bool) -> None:
    text = f"naïve 🙂 {uuid.uuid4()}"
    completion = await complete(live, model, text, stream=stream)
    assert completion.choices[0].message.content == f"You said: {text}"


@streamed
async def test_long_completion_is_complete(live: AsyncClient, stream: bool) -> None:
    text = (await complete(live, "mock-long", stream=stream)).choices[0].message.content or ""
    assert text.startswith("# A long answer")
    assert "日本語" in text
    assert text.rstrip().endswith("with what was shown.")


@streamed
async def test_group_responds_from_its_deployments(live: AsyncClient, stream: bool) -> None:
    completion = await complete(live, "mock-group", stream=stream)
    assert completion.choices[0].message.content in {"Answer from deployment A.", "Answer from deployment B."}


@streamed
async def test_special_characters_are_preserved(live: AsyncClient, stream: bool) -> None:
    text = (await complete(live, "provider-unicode", stream=stream)).choices[0].message.content or ""
    for part in (
        "👩‍👩‍👧‍👦",
        "line\u2028paragraph\u2029next\u0085end",
        "\x1c\x1d\x1e\x1f\x7f",
        "\ufeff",
        "\U0010ffff",
        "שלום",
    ):
        assert part in text


@streamed
@pytest.mark.parametrize("model", ERRORS)
async def test_model_error_raises_its_class(live: AsyncClient, model: str, stream: bool) -> None:
    with pytest.raises(ERRORS[model]) as caught:
        await complete(live.with_options(max_retries=0), model, stream=stream)
    error = caught.value
    assert type(error) is ERRORS[model]
    assert error.call_id
    assert error.message
    assert error.partial is None
    if model in ("provider-429", "provider-503", "provider-quota"):
        assert error.retry_after == 1
    assert os.environ["LITELLM_PROXY_API_KEY"] not in repr(error) + str(error.__dict__)


@streamed
@pytest.mark.parametrize("model", BROKEN_STREAMS)
async def test_broken_response_raises_with_the_partial_completion(live: AsyncClient, model: str, stream: bool) -> None:
    with pytest.raises(InternalServerError) as caught:
        await complete(live.with_options(max_retries=0), model, stream=stream)
    error = caught.value
    if stream:
        assert error.partial is not None
        assert error.partial.choices[0].message.content == BROKEN_STREAMS[model]
        assert error.chunks == 6
    else:
        assert error.partial is None


@streamed
async def test_surrogate_pair_in_two_chunks_breaks_the_proxys_stream(live: AsyncClient, stream: bool) -> None:
    client = live.with_options(max_retries=0)
    if not stream:
        assert (await complete(client, "provider-surrogates", stream=False)).choices[
            0
        ].message.content == "before 😀 after"
        return
    with pytest.raises(InternalServerError, match="surrogates not allowed") as caught:
        await complete(client, "provider-surrogates", stream=True)
    assert caught.value.type is None
    assert caught.value.partial is not None
    assert caught.value.partial.choices[0].message.content == "before "


@streamed
async def test_provider_stream_without_an_end_looks_complete(live: AsyncClient, stream: bool) -> None:
    """The proxy adds a `stop`, so no client can detect the missing end (docs/guides/streaming.md)."""
    if stream:
        completion = await complete(live, "provider-end", stream=True)
        assert completion.choices[0].message.content == FIVE
        assert completion.choices[0].finish_reason == "stop"
    else:
        with pytest.raises(InternalServerError):
            await complete(live.with_options(max_retries=0), "provider-end", stream=False)


@streamed
async def test_html_response_is_an_error_unless_streamed(live: AsyncClient, stream: bool) -> None:
    if stream:
        assert not (await complete(live, "provider-html", stream=True)).choices[0].message.content
    else:
        with pytest.raises(InternalServerError, match="Empty or invalid response"):
            await complete(live.with_options(max_retries=0), "provider-html", stream=False)


@streamed
async def test_null_response_raises(live: AsyncClient, stream: bool) -> None:
    with pytest.raises(InternalServerError if stream else InvalidResponseError):
        await complete(live.with_options(max_retries=0), "provider-422", stream=stream)


@streamed
@pytest.mark.parametrize("model", ["provider-never", "provider-stall", "provider-slow-30"])
async def test_silent_model_raises_a_timeout(live: AsyncClient, model: str, stream: bool) -> None:
    with pytest.raises(APITimeoutError) as caught:
        await complete(live.with_options(timeout=2, idle_timeout=2), model, stream=stream)
    if model == "provider-stall" and stream:
        assert caught.value.partial is not None
        assert caught.value.partial.choices[0].message.content == FIVE


@streamed
async def test_proxy_times_out_a_silent_provider(live: AsyncClient, stream: bool) -> None:
    if stream:
        with pytest.raises(InternalServerError, match="Timeout on reading data") as caught:
            await complete(live.with_options(max_retries=0), "provider-stall-timeout", stream=True)
        assert caught.value.chunks == 6
    else:
        with pytest.raises(APITimeoutError):
            await complete(live.with_options(timeout=2), "provider-stall-timeout", stream=False)
        with pytest.raises(RequestTimeoutError):
            await live.with_options(max_retries=0).chat.completions.create(
                model="provider-never", messages=user_message(), proxy_timeout=1
            )


@streamed
@pytest.mark.parametrize(
    ("model", "failures"), [(f"provider-{s}-{n}", t) for s in (429, 500, 503) for n, t in (("once", 1), ("twice", 2))]
)
async def test_transient_errors_are_retried(live: AsyncClient, model: str, failures: int, stream: bool) -> None:
    text = uuid.uuid4().hex
    completion = await complete(live, model, text, stream=stream)
    assert completion.choices[0].message.content == f"You said: {text}"
    async with httpx.AsyncClient(trust_env=False) as http:
        requests = (await http.get(f"{os.environ['LIVE_PROXY_PROVIDER_URL']}/requests")).json()
    assert len([request for request in requests if request.get("text") == text]) == failures + 1


@streamed
async def test_tool_calls_and_their_results_are_exchanged(live: AsyncClient, stream: bool) -> None:
    completion = await complete(live, "provider-tools", "What is the weather?", stream=stream)
    choice = completion.choices[0]
    assert choice.finish_reason == "tool_calls"
    calls = choice.message.tool_calls or []
    assert [(call.id, call.function.name, call.function.arguments) for call in calls] == [
        ("call_1", "get_weather", '{"city": "Paris", "unit": "celsius"}'),
        ("call_2", "get_time", '{"zone": "Europe/Paris"}'),
    ]
    messages: list[Any] = [{"role": "user", "content": "What is the weather?"}, choice.message]
    messages += [{"role": "tool", "tool_call_id": call.id, "content": f"answer {call.id}"} for call in calls]
    response = await live.chat.completions.create(model="provider-tools", messages=messages)
    assert response.choices[0].message.content == "You said: answer call_2"


async def test_mock_model_returns_tool_calls(live: AsyncClient) -> None:
    """The mock model returns tool calls only without streaming; streamed, it returns only its text."""
    calls = (await complete(live, "mock-tool-call", stream=False)).choices[0].message.tool_calls or []
    assert [(call.function.name, call.function.arguments) for call in calls] == [("get_weather", '{"city": "Paris"}')]


@streamed
async def test_reasoning_choices_logprobs_and_refusal_are_returned(live: AsyncClient, stream: bool) -> None:
    reasoning = await complete(live, "provider-reasoning", stream=stream)
    assert reasoning.choices[0].message.reasoning_content == "Let me think about that."
    choices = (await complete(live, "provider-choices", stream=stream)).choices
    assert [choice.message.content for choice in choices] == [TEN, TEN.upper()]
    logprobs = (await complete(live, "provider-logprobs", stream=stream)).choices[0].logprobs
    assert logprobs is not None
    assert logprobs.content is not None
    assert "".join(token.token for token in logprobs.content) == TEN
    message = (await complete(live, "provider-refusal", stream=stream)).choices[0].message
    # The proxy drops the refusal from a stream.
    assert message.refusal == (None if stream else "I'm sorry, I can't help with that.")


@streamed
async def test_cost_and_usage_are_reported(live: AsyncClient, stream: bool) -> None:
    if stream:
        response = await live.chat.completions.create(
            model="provider-answer", messages=user_message("Hello"), stream=True
        )
        completion = await response.get_final_completion()
        assert response.proxy.model_group == "provider-answer"
        assert response.cost == pytest.approx(0.00007)
    else:
        completion = await live.chat.completions.create(model="provider-answer", messages=user_message("Hello"))
        assert completion.proxy is not None
        assert completion.proxy.model_group == "provider-answer"
        assert completion.proxy.cost == pytest.approx(0.00007)
    assert completion.cost == pytest.approx(0.00007)
    assert completion.usage is not None
    assert (completion.usage.prompt_tokens, completion.usage.completion_tokens) == (1, 3)


async def test_several_models_complete_one_prompt(live: AsyncClient) -> None:
    messages = [{"role": "user", "content": "Hello"}]
    with pytest.raises(UsageError, match="create_many"):
        await live.chat.completions.create(model="mock-short,provider-answer", messages=messages)
    responses = await live.chat.completions.create_many(models=["mock-short", "provider-answer"], messages=messages)
    assert sorted(response.choices[0].message.content or "" for response in responses) == [HELLO, "You said: Hello"]
    fastest = await live.chat.completions.create(
        model="provider-slow-3,mock-short", messages=messages, fastest_response=True
    )
    assert fastest.choices[0].message.content == HELLO


async def test_parameters_reach_the_provider(live: AsyncClient) -> None:
    completion = await live.chat.completions.create(
        model="provider-echo",
        messages=user_message(),
        temperature=0.5,
        max_tokens=50,
        seed=7,
        extra_body={"unknown_param": [1]},
    )
    body = json.loads(completion.choices[0].message.content or "")["body"]
    assert body["temperature"] == 0.5
    assert body["seed"] == 7
    assert body["unknown_param"] == [1]


async def test_wrong_key_and_unknown_model_raise(live: AsyncClient, client_kind: str) -> None:
    key = "sk-wrong-0123456789"
    client = AsyncClient(api_key=key) if client_kind == "async" else awaitable(Client(api_key=key))
    async with client:
        with pytest.raises(UnauthorizedError) as caught:
            await client.chat.completions.create(model="mock-short", messages=user_message())
    assert key not in repr(caught.value)
    with pytest.raises(BadRequestError, match="no-such-model"):
        await live.chat.completions.create(model="no-such-model", messages=user_message())
