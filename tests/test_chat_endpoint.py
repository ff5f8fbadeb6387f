from __future__ import annotations

import inspect
import json
import re
from typing import Any

import httpx
import pytest

from litellm_proxy_client import AsyncClient
from litellm_proxy_client._endpoints.chat import Completions
from litellm_proxy_client._streams.chat import ChatCompletionProtocol
from litellm_proxy_client._wire.operation import Operation
from litellm_proxy_client._wire.response import EventReader, JsonReader, ResponseReader
from litellm_proxy_client.exceptions import UsageError
from litellm_proxy_client.types.chat import ChatCompletion
from litellm_proxy_client.types.message import UserMessage

from .conftest import MakeClient

HELLO = [{"role": "user", "content": "Hello"}]
WIRE_NAMES = {"no_log": "no-log", "proxy_timeout": "timeout", "proxy_stream_timeout": "stream_timeout"}
NOT_IN_BODY = {"self", "stream", "extra_body", "extra_headers", "extra_query"}


def body(request: httpx.Request) -> Any:
    return json.loads(request.content)


@pytest.fixture
def client(make_client: MakeClient) -> AsyncClient:
    return make_client("http://proxy", "sk-user")


async def test_create_sends_parameters_and_extras(client: AsyncClient) -> None:
    request = await client.chat.completions.create(
        model="gpt-4",
        messages=[*HELLO, UserMessage(content="and")],
        temperature=0.5,
        stop=["a"],
        tools=[{"type": "function", "function": {"name": "f"}}],
        no_log=True,
        proxy_timeout=5,
        extra_body={"top_k": 3, "temperature": 1},
        extra_headers={"x-litellm-tags": "a,b"},
        extra_query={"debug": True},
        return_request=True,
    )
    assert (request.method, request.url.path, request.url.query) == ("POST", "/v1/chat/completions", b"debug=true")
    assert request.headers["x-litellm-tags"] == "a,b"
    assert body(request) == {
        "model": "gpt-4",
        "messages": [{"role": "user", "content": "Hello"}, {"role": "user", "content": "and"}],
        "temperature": 1,
        "stop": ["a"],
        "tools": [{"type": "function", "function": {"name": "f"}}],
        "no-log": True,
        "timeout": 5,
        "top_k": 3,
    }


async def test_create_with_stream_requests_usage_by_default(client: AsyncClient) -> None:
    request = await client.chat.completions.create(model="m", messages=HELLO, stream=True, return_request=True)
    assert body(request) == {
        "model": "m",
        "messages": HELLO,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    request = await client.chat.completions.create(
        model="m", messages=HELLO, stream=True, stream_options={}, return_request=True
    )
    assert body(request)["stream_options"] == {}


async def test_create_many_sends_models_as_one_comma_separated_name(client: AsyncClient) -> None:
    request = await client.chat.completions.create_many(
        models=["a", "b"], messages=HELLO, max_tokens=5, extra_body={"n": 2}, return_request=True
    )
    assert body(request) == {"model": "a,b", "messages": HELLO, "max_tokens": 5, "n": 2}


def test_completions_are_repeatable_and_streams_have_chunks() -> None:
    whole = Completions().create(model="m", messages=HELLO)
    streamed = Completions().create(model="m", messages=HELLO, stream=True)
    many = Completions().create_many(models=["a", "b"], messages=HELLO)
    assert isinstance(whole, Operation)
    assert isinstance(whole.response, JsonReader)
    reader: ResponseReader[Any] = streamed.response
    assert isinstance(reader, EventReader)
    assert whole.response.response_type is ChatCompletion
    assert reader.protocol is ChatCompletionProtocol
    for operation in (whole, streamed, many):
        assert (operation.retry, operation.timeout) == ("repeatable", "long")


@pytest.mark.parametrize("method", ["create", "create_many"])
def test_every_parameter_is_sent_in_body_under_its_name(method: str) -> None:
    create = getattr(Completions(), method)
    names = inspect.signature(create).parameters.keys() - NOT_IN_BODY
    values: dict[str, Any] = {name: {name: 1} for name in names}
    for name in names & {"tools", "functions", "modalities", "tags", "guardrails", "allowed_openai_params"}:
        values[name] = [name]
    for name in names:
        if name.endswith("fallbacks"):
            values[name] = [name]
    values |= {"messages": HELLO} | {name: 1.5 for name in names if name.endswith("timeout")}
    expected = {WIRE_NAMES.get(name, name): value for name, value in values.items()}
    if method == "create_many":
        values["models"] = ["a", "b"]
        del expected["models"]
        expected["model"] = "a,b"
    else:
        values["model"] = expected["model"] = "m"
    assert {name: value for name, value in create(**values).json.items() if name != "stream"} == expected


def test_create_has_parameters_of_openai_and_the_proxy() -> None:
    """The parameters are those of openai 2.54 and of litellm 1.106.2."""
    openai = """audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens
        messages metadata modalities model moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key
        prompt_cache_options prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier
        stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity
        web_search_options"""
    litellm = """tags fallbacks context_window_fallback_dict num_retries max_fallbacks include_fallback_errors
        keepalive_seconds cache caching guardrails prompt_id prompt_variables prompt_label prompt_version drop_params
        allowed_openai_params provider_specific_header fastest_response litellm_trace_id litellm_session_id
        litellm_metadata merge_reasoning_content_in_choices enable_json_schema_validation"""
    parameters = inspect.signature(Completions.create).parameters
    assert set(openai.split()) | set(litellm.split()) | set(WIRE_NAMES) < set(parameters)
    for name in ("api_base", "api_key", "base_url", "mock_response", "callbacks", "model_list"):
        assert name not in parameters, "the proxy rejects or ignores it"


def test_comma_in_model_raises_usage_error_unless_fastest_response() -> None:
    with pytest.raises(UsageError, match=re.escape("create_many(models=[...])")):
        Completions().create(model="a,b", messages=HELLO)
    with pytest.raises(UsageError, match="create_many"):
        Completions().create(model="a,b", messages=HELLO, stream=True)
    for stream in (False, True):
        call = Completions().create(model="a,b", messages=HELLO, fastest_response=True, stream=stream)
        sent = call.json
        assert (sent["model"], sent["fastest_response"]) == ("a,b", True)


@pytest.mark.parametrize(
    ("invalid", "message"),
    [
        ({"model": None}, "model is empty"),
        ({"model": ""}, "model is empty"),
        ({"model": " "}, "model is empty"),
        ({"model": "a,", "fastest_response": True}, "model is empty"),
        ({"messages": []}, "messages is empty"),
        ({"messages": None}, "messages is empty"),
        ({"messages": "Hello"}, "messages must be a list"),
        ({"messages": {"role": "user", "content": "x"}}, "messages must be a list"),
        ({"proxy_timeout": 0}, "proxy_timeout must be more than 0 seconds, got 0"),
        ({"proxy_stream_timeout": -1.5}, "proxy_stream_timeout must be more than 0 seconds, got -1.5"),
        ({"proxy_timeout": float("nan")}, "proxy_timeout must be more than 0 seconds, got nan"),
        ({"fallbacks": "gpt-4"}, "fallbacks must be a list"),
        ({"tags": "a"}, "tags must be a list"),
        ({"tools": {"type": "function"}}, "tools must be a list"),
        ({"guardrails": "g"}, "guardrails must be a list"),
    ],
    ids=str,
)
def test_invalid_arguments_raise_usage_error(invalid: dict[str, Any], message: str) -> None:
    options: dict[str, Any] = {"model": "m", "messages": HELLO, **invalid}
    with pytest.raises(UsageError, match=re.escape(message)):
        Completions().create(**options)


@pytest.mark.parametrize(
    ("models", "message"),
    [
        ([], "models must not be empty"),
        (["a"], "create(model=...)"),
        (["a", ""], "non-empty"),
        (["a", " "], "model is empty"),
        (["a", "b,c"], "comma"),
        ("a,b", "must be a list"),
    ],
    ids=str,
)
def test_invalid_models_raise_usage_error(models: Any, message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        Completions().create_many(models=models, messages=HELLO)


def test_messages_may_be_any_sequence() -> None:
    call = Completions().create(model="m", messages=tuple(HELLO))
    assert isinstance(call, Operation)
    assert call.json["messages"] == HELLO
