"""Chat models. The responses are recorded from a real proxy, with other ids."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from pydantic import ValidationError

from litellm_proxy_client._endpoints.chat import Completions
from litellm_proxy_client._wire.request import encode_json
from litellm_proxy_client._wire.response import JsonReader
from litellm_proxy_client.types._lenient import parse
from litellm_proxy_client.types.chat import ChatCompletion, ChatCompletionChunk, Choice
from litellm_proxy_client.types.message import (
    ChatCompletionMessage,
    ChatCompletionMessageToolCall,
    DeveloperMessage,
    FunctionCall,
    MessageParam,
    SystemMessage,
    ToolMessage,
    UserMessage,
)
from litellm_proxy_client.types.proxy import ProxyInfo

TOOLS = b"""{"id":"chatcmpl-1","created":1795415255,"model":"provider-tools","object":"chat.completion","choices":[
{"finish_reason":"tool_calls","index":0,"message":{"role":"assistant","tool_calls":[
{"function":{"arguments":"{\\"city\\": \\"Paris\\"}","name":"get_weather"},"id":"call_1","type":"function"},
{"function":{"arguments":"{\\"zone\\": \\"Europe/Paris\\"}","name":"get_time"},"id":"call_2","type":"function"}],
"provider_specific_fields":{"refusal":null},"content":null},"provider_specific_fields":{}}],
"usage":{"completion_tokens":12,"prompt_tokens":1,"total_tokens":13,
"completion_tokens_details":{"reasoning_tokens":0}}}"""

REFUSAL = b"""{"id":"chatcmpl-2","created":1795415256,"model":"provider-refusal","object":"chat.completion","choices":[
{"finish_reason":"stop","index":0,"message":{"role":"assistant",
"provider_specific_fields":{"refusal":"I'm sorry, I can't help with that."},"content":null},
"provider_specific_fields":{}}],"usage":{"completion_tokens":7,"prompt_tokens":1,"total_tokens":8}}"""

LOGPROBS = b"""{"id":"chatcmpl-3","created":1795415256,"model":"provider-logprobs","object":"chat.completion",
"choices":[{"finish_reason":"stop","index":0,"message":{"content":"One","role":"assistant"},"logprobs":{"content":[
{"token":"One","bytes":[79,110,101],"logprob":-0.25,
"top_logprobs":[{"token":"other","bytes":[111,116,104,101,114],"logprob":-1.5}]}]}}],
"usage":{"completion_tokens":10,"prompt_tokens":1,"total_tokens":11}}"""

# Response to `model: "mock-short,provider-429"`, without fields of the exception that no test reads.
MANY = b"""[{"id":"chatcmpl-4","created":1795415420,"model":"gpt-4o-mini","object":"chat.completion",
"system_fingerprint":null,"choices":[{"finish_reason":"stop","index":0,"message":{"content":"Hello","role":"assistant",
"tool_calls":null,"function_call":null,"provider_specific_fields":null}}],"usage":{"completion_tokens":20,
"prompt_tokens":10,"total_tokens":30,"completion_tokens_details":null,"prompt_tokens_details":null}},
{"status_code":429,"message":"litellm.RateLimitError: RateLimitError: OpenAIException - Rate limit reached.",
"llm_provider":"openai","model":"openai/429","litellm_debug_info":null,"headers":null,
"body":{"message":"Rate limit reached for requests.","type":"requests"},"code":"429","type":"throttling_error"}]"""

USAGE_CHUNK = b"""{"id":"chatcmpl-5","created":1795415251,"model":"provider-answer","object":"chat.completion.chunk",
"choices":[{"index":0,"delta":{}}],"usage":{"completion_tokens":3,"prompt_tokens":1,"total_tokens":4,
"completion_tokens_details":{"reasoning_tokens":0},"cost":0.00007000000000000001}}"""

TOOL_CHUNK = b"""{"id":"chatcmpl-6","created":1795415256,"model":"provider-tools","object":"chat.completion.chunk",
"choices":[{"index":0,"delta":{"tool_calls":[{"id":"call_1","function":{"arguments":"","name":"get_weather"},
"type":"function","index":0}]}}]}"""

FALLBACK_CHUNK = b"""{"id":"litellm-fallback-metadata","choices":[],
"litellm_fallback":{"fallback_model":"gpt-4o-mini","errors":[{"message":"500"}]}}"""


def completion(data: bytes) -> ChatCompletion:
    return parse(ChatCompletion, data, strict=True)


def chunk(data: bytes) -> ChatCompletionChunk:
    return parse(ChatCompletionChunk, data, strict=True)


def sent(messages: list[MessageParam]) -> Any:
    return json.loads(encode_json({"messages": messages}))["messages"]


def test_tool_calls_are_parsed() -> None:
    (choice,) = completion(TOOLS).choices
    assert choice.message.content is None
    assert choice.finish_reason == "tool_calls"
    assert [(call.id, call.function.name) for call in choice.message.tool_calls or ()] == [
        ("call_1", "get_weather"),
        ("call_2", "get_time"),
    ]


def test_message_of_a_response_can_be_sent_back() -> None:
    message = completion(TOOLS).choices[0].message
    messages: list[MessageParam] = [{"role": "user", "content": "weather?"}, message]
    messages += [ToolMessage(content="mild", tool_call_id=call.id) for call in message.tool_calls or ()]
    assert sent(messages) == [
        {"role": "user", "content": "weather?"},
        json.loads(TOOLS)["choices"][0]["message"],
        {"role": "tool", "content": "mild", "tool_call_id": "call_1"},
        {"role": "tool", "content": "mild", "tool_call_id": "call_2"},
    ]


def test_messages_are_sent_with_role_and_without_unset_fields() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    assert sent(
        [
            SystemMessage(content="be brief"),
            DeveloperMessage(content="be brief", name="ann"),
            UserMessage(content=[{"type": "text", "text": "what is this?"}, image]),
            ChatCompletionMessage(
                tool_calls=[ChatCompletionMessageToolCall(id="1", function=FunctionCall(name="f", arguments="{}"))]
            ),
            ChatCompletionMessage(content="a cat"),
        ]
    ) == [
        {"role": "system", "content": "be brief"},
        {"role": "developer", "content": "be brief", "name": "ann"},
        {"role": "user", "content": [{"type": "text", "text": "what is this?"}, image]},
        {
            "role": "assistant",
            "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
        },
        {"role": "assistant", "content": "a cat"},
    ]


@pytest.mark.parametrize("kind", [SystemMessage, UserMessage, ToolMessage])
def test_message_without_content_raises_validation_error(kind: type[Any]) -> None:
    with pytest.raises(ValidationError):
        kind()


def test_refusal_is_read_from_provider_specific_fields() -> None:
    message = completion(REFUSAL).choices[0].message
    assert message.refusal == message["refusal"] == "I'm sorry, I can't help with that."
    assert (
        completion(REFUSAL.replace(b'"content":null', b'"content":null,"refusal":"No."')).choices[0].message.refusal
        == "No."
    )
    for fields in (b'{"refusal":null}', b'{"refusal":5}', b"{}", b"null", b'"text"'):
        data = REFUSAL.replace(b'{"refusal":"I\'m sorry, I can\'t help with that."}', fields)
        message = parse(ChatCompletion, data, strict=False).choices[0].message
        assert message.refusal is None
        assert "refusal" not in message


def test_logprobs_are_parsed() -> None:
    logprobs = completion(LOGPROBS).choices[0].logprobs
    assert logprobs is not None
    (token,) = logprobs.content or []
    assert (token.token, token.bytes, token.logprob) == ("One", [79, 110, 101], -0.25)
    assert [(other.token, other.logprob) for other in token.top_logprobs or ()] == [("other", -1.5)]


def test_failed_model_of_create_many_has_failure() -> None:
    operation = Completions().create_many(models=["a", "b"], messages=[{"role": "user", "content": "Hello"}])
    reader = operation.response
    assert isinstance(reader, JsonReader)
    response_type = cast("Any", reader.response_type)
    hello, failed = parse(response_type, MANY, strict=True)
    assert hello.failure is None
    assert hello.choices[0].message.content == "Hello"
    assert hello.choices[0].message.tool_calls is None
    assert failed.choices == []
    assert failed.failure is not None
    assert (failed.failure.status_code, failed.failure.model) == (429, "openai/429")
    assert failed.failure.message.startswith("litellm.RateLimitError")
    assert failed["body"]["type"] == "requests", "other fields of the proxy's error are kept"
    for empty in parse(response_type, b'[{},null,{"choices":null}]', strict=False):
        assert empty.failure is not None
        assert (empty.failure.status_code, empty.failure.message) == (None, "")
    assert parse(response_type, b"[null]", strict=True)[0].failure is not None
    for none in (b"null", b"[null]"):
        with pytest.raises(ValueError):
            parse(ChatCompletion, none, strict=False)


def test_cost_is_read_from_usage_or_headers() -> None:
    def response(usage: str, **headers: str) -> ChatCompletion:
        parsed = parse(ChatCompletion, f'{{"usage":{usage}}}'.encode(), strict=False)
        object.__setattr__(
            parsed, "_proxy", ProxyInfo({f"x-litellm-{k.replace('_', '-')}": v for k, v in headers.items()})
        )
        return parsed

    assert completion(TOOLS).cost is None, "created without a response"
    assert response('{"cost":0.5}').cost == 0.5
    assert response("{}", response_cost="0.25", model_id="1").cost == 0.25
    assert response('{"cost":0.5}', response_cost="0.25", model_id="1").cost == 0.25
    assert response('{"cost":0.5}', response_cost="0.25").cost == 0.5, (
        "the cost header of a list is for another completion"
    )
    assert response("{}", response_cost="0.25").cost is None
    assert response('"free"').cost is None


@pytest.mark.parametrize(
    "data",
    [USAGE_CHUNK, TOOL_CHUNK, b'{"choices":[{"index":0}]}', b'{"choices":[{}]}'],
    ids=["usage", "tool call", "index only", "empty choice"],
)
def test_choice_of_a_chunk_always_has_delta(data: bytes) -> None:
    assert (chunk(data).choices[0].delta.content or "") == ""


def test_chunks_are_parsed() -> None:
    usage = chunk(USAGE_CHUNK).usage
    assert usage is not None
    assert (usage.total_tokens, usage.cost) == (4, 0.00007000000000000001)
    (call,) = chunk(TOOL_CHUNK).choices[0].delta.tool_calls or []
    assert call.function is not None
    assert (call.index, call.id, call.function.name) == (0, "call_1", "get_weather")
    fallback = chunk(FALLBACK_CHUNK)
    assert fallback.choices == []
    assert fallback["litellm_fallback"]["fallback_model"] == "gpt-4o-mini"
    assert chunk(b'{"id":"1"}').choices == []


def test_unknown_fields_of_newer_proxy_are_kept() -> None:
    response = completion(b'{"choices":[{"message":{"mood":"good"},"x":1}],"usage":{"y":{"z":2}},"citations":["a"]}')
    assert response["citations"] == ["a"]
    assert response.choices[0]["x"] == 1
    assert response.choices[0].message["mood"] == "good"
    assert response.usage is not None
    assert response.usage["y"] == {"z": 2}
    assert (response.usage.total_tokens, response.usage.prompt_tokens_details) == (0, None)


def test_custom_tool_call_is_parsed_and_sent() -> None:
    message = ChatCompletionMessage.model_validate_json(
        '{"content":null,"tool_calls":[{"id":"1","type":"custom","custom":{"name":"sql","input":"select 1"}}]}'
    )
    (call,) = message.tool_calls or []
    assert call.custom is not None
    assert (call.custom.name, call.custom.input, call.function.name) == ("sql", "select 1", "")
    assert sent([message]) == [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "1", "type": "custom", "custom": {"name": "sql", "input": "select 1"}}],
        }
    ]


def test_choices_do_not_share_their_defaults() -> None:
    one, other = Choice(), Choice()
    one.message.content = "x"
    assert other.message.content is None
