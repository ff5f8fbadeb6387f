"""The answers are those of a real proxy, with other ids."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from litellm_proxy_client._endpoints.chat import Completions
from litellm_proxy_client._wire.request import encode_json
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

# What `model: "mock-short,provider-429"` answers, without the parts of the exception that do not matter here.
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


def test_tool_calls() -> None:
    (choice,) = completion(TOOLS).choices
    assert choice.message.content is None
    assert choice.finish_reason == "tool_calls"
    assert [(call.id, call.function.name) for call in choice.message.tool_calls or ()] == [
        ("call_1", "get_weather"),
        ("call_2", "get_time"),
    ]


def test_the_message_of_an_answer_can_be_sent_again() -> None:
    message = completion(TOOLS).choices[0].message
    messages: list[MessageParam] = [{"role": "user", "content": "weather?"}, message]
    messages += [ToolMessage(content="mild", tool_call_id=call.id) for call in message.tool_calls or ()]
    assert sent(messages) == [
        {"role": "user", "content": "weather?"},
        json.loads(TOOLS)["choices"][0]["message"],
        {"role": "tool", "content": "mild", "tool_call_id": "call_1"},
        {"role": "tool", "content": "mild", "tool_call_id": "call_2"},
    ]


def test_messages_are_sent_with_their_role_and_without_what_was_not_given() -> None:
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
def test_a_message_without_content_is_refused(kind: type[Any]) -> None:
    with pytest.raises(ValidationError):
        kind()


def test_a_refusal_is_found_where_the_proxy_hides_it() -> None:
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


def test_logprobs() -> None:
    logprobs = completion(LOGPROBS).choices[0].logprobs
    assert logprobs is not None
    (token,) = logprobs.content or []
    assert (token.token, token.bytes, token.logprob) == ("One", [79, 110, 101], -0.25)
    assert [(other.token, other.logprob) for other in token.top_logprobs or ()] == [("other", -1.5)]


def test_a_model_that_failed_among_several() -> None:
    answer = Completions().create_many(models=["a", "b"], messages=[{"role": "user", "content": "Hello"}]).response_type
    hello, failed = parse(answer, MANY, strict=True)
    assert hello.failure is None
    assert hello.choices[0].message.content == "Hello"
    assert hello.choices[0].message.tool_calls is None
    assert failed.choices == []
    assert failed.failure is not None
    assert (failed.failure.status_code, failed.failure.model) == (429, "openai/429")
    assert failed.failure.message.startswith("litellm.RateLimitError")
    assert failed["body"]["type"] == "requests", "the rest of what the proxy says is there too"
    for silent in parse(answer, b'[{},null,{"choices":null}]', strict=False):
        assert silent.failure is not None
        assert (silent.failure.status_code, silent.failure.message) == (None, "")
    assert parse(answer, b"[null]", strict=True)[0].failure is not None
    for none in (b"null", b"[null]"):
        with pytest.raises(ValueError):
            parse(ChatCompletion, none, strict=False)


def test_cost() -> None:
    def answer(usage: str, **headers: str) -> ChatCompletion:
        made = parse(ChatCompletion, f'{{"usage":{usage}}}'.encode(), strict=False)
        object.__setattr__(
            made, "_proxy", ProxyInfo({f"x-litellm-{k.replace('_', '-')}": v for k, v in headers.items()})
        )
        return made

    assert completion(TOOLS).cost is None, "made by hand"
    assert answer('{"cost":0.5}').cost == 0.5
    assert answer("{}", response_cost="0.25", model_id="1").cost == 0.25
    assert answer('{"cost":0.5}', response_cost="0.25", model_id="1").cost == 0.25
    assert answer('{"cost":0.5}', response_cost="0.25").cost == 0.5, "the head of a list tells the cost of another one"
    assert answer("{}", response_cost="0.25").cost is None
    assert answer('"free"').cost is None


@pytest.mark.parametrize("data", [USAGE_CHUNK, TOOL_CHUNK, b'{"choices":[{"index":0}]}', b'{"choices":[{}]}'])
def test_a_chunk_with_a_choice_always_has_a_delta(data: bytes) -> None:
    assert (chunk(data).choices[0].delta.content or "") == ""


def test_chunks() -> None:
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


def test_what_a_newer_proxy_adds_is_kept() -> None:
    answer = completion(b'{"choices":[{"message":{"mood":"good"},"x":1}],"usage":{"y":{"z":2}},"citations":["a"]}')
    assert answer["citations"] == ["a"]
    assert answer.choices[0]["x"] == 1
    assert answer.choices[0].message["mood"] == "good"
    assert answer.usage is not None
    assert answer.usage["y"] == {"z": 2}
    assert (answer.usage.total_tokens, answer.usage.prompt_tokens_details) == (0, None)


def test_a_custom_tool_call() -> None:
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
