"""Accumulation of chunks. The chunks are recorded from a real proxy, with other ids, unless a test says otherwise."""

from __future__ import annotations

import itertools
import json
import random
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import pytest

from litellm_proxy_client._streams.chat import Accumulator
from litellm_proxy_client.types._lenient import parse
from litellm_proxy_client.types.chat import ChatCompletion, ChatCompletionChunk
from litellm_proxy_client.types.message import ChatCompletionMessage

Fields: TypeAlias = "Mapping[str, object]"

ROLE: Fields = {"index": 0, "delta": {"role": "assistant", "content": ""}}
STOP: Fields = {"index": 0, "delta": {}, "finish_reason": "stop"}
USAGE: dict[str, Any] = {
    "choices": [{"index": 0, "delta": {}}],
    "usage": {
        "completion_tokens": 12,
        "prompt_tokens": 1,
        "total_tokens": 13,
        "completion_tokens_details": {"reasoning_tokens": 0},
        "cost": 0.00025000000000000006,
    },
}


def chunk(*choices: object, **fields: object) -> Fields:
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1795415256, "model": "provider-x"}
    return {**head, "choices": list(choices), **fields}


def deltas(*sent: Fields, index: int = 0) -> list[Fields]:
    return [chunk({"index": index, "delta": delta}) for delta in sent]


def call(index: int, arguments: str, **fields: object) -> Fields:
    name = {"name": fields.pop("name")} if "name" in fields else {}
    return {
        "tool_calls": [{**fields, "function": {"arguments": arguments, **name}, "type": "function", "index": index}]
    }


def accumulate(chunks: Sequence[Fields]) -> Accumulator:
    accumulator = Accumulator()
    for fields in chunks:
        accumulator.add(parse(ChatCompletionChunk, json.dumps(fields).encode(), strict=False))
    return accumulator


def completion(chunks: Sequence[Fields]) -> ChatCompletion:
    """Return the completion, and check that reading it after every chunk does not change it."""
    accumulator = Accumulator()
    for fields in chunks:
        accumulator.add(parse(ChatCompletionChunk, json.dumps(fields).encode(), strict=False))
        accumulator.completion()
    result = accumulator.completion()
    assert result.model_dump(warnings=False) == accumulate(chunks).completion().model_dump(warnings=False)
    return result


def message(*sent: Fields) -> ChatCompletionMessage:
    return completion(deltas(*sent)).choices[0].message


def dumped(result: ChatCompletion) -> Any:
    return result.model_dump(exclude_unset=True)


def test_text_deltas_are_joined() -> None:
    words = [{"index": 0, "delta": {"content": word}} for word in ("You", " said:", " Hello")]
    chunks = [chunk(ROLE), *map(chunk, words), chunk(STOP), chunk(**USAGE)]
    assert dumped(completion(chunks)) == {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1795415256,
        "model": "provider-x",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": "You said: Hello"}, "finish_reason": "stop"}
        ],
        "usage": USAGE["usage"],
    }


def test_accumulator_without_chunks_has_empty_completion() -> None:
    accumulator = Accumulator()
    assert accumulator.completion().choices == []
    assert accumulator.finished is False


def test_partial_completion_grows_with_each_chunk() -> None:
    accumulator = Accumulator()
    texts: list[str | None] = []
    for fields in [chunk(ROLE), *deltas({"content": "One"}, {"content": " two"}), chunk(STOP)]:
        accumulator.add(parse(ChatCompletionChunk, json.dumps(fields).encode(), strict=True))
        texts.append(accumulator.completion().choices[0].message.content)
        assert accumulator.finished is (fields["choices"] == [STOP])
    assert texts == ["", "One", "One two", "One two"]


def test_partial_completion_is_not_changed_by_later_chunks() -> None:
    accumulator = accumulate(deltas(call(0, '{"a"', id="1", name="f"), {"content": "x"}))
    early = accumulator.completion()
    before = early.model_dump_json()
    for fields in deltas(call(0, ":1}"), {"content": "y"}, call(1, "", id="2", name="g")):
        accumulator.add(parse(ChatCompletionChunk, json.dumps(fields).encode(), strict=True))
    assert early.model_dump_json() == before
    assert len(accumulator.completion().choices[0].message.tool_calls or ()) == 2


def test_interleaved_tool_call_fragments_are_joined_by_index() -> None:
    sent = [
        call(0, "", id="call_1", name="get_weather"),
        call(1, "", id="call_2", name="get_time"),
        call(0, '{"city"'),
        call(1, '{"zone"'),
        call(0, ': "Pari'),
        call(1, ': "Euro'),
        call(0, 's"}'),
        call(1, 'pe/Paris"}'),
    ]
    end: Fields = {"index": 0, "delta": {}, "finish_reason": "tool_calls"}
    (choice,) = completion([chunk(ROLE), *deltas(*sent), chunk(end)]).choices
    assert choice.model_dump(exclude_unset=True) == {
        "index": 0,
        "message": {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'},
                },
                {
                    "id": "call_2",
                    "type": "function",
                    "function": {"name": "get_time", "arguments": '{"zone": "Europe/Paris"}'},
                },
            ],
        },
        "finish_reason": "tool_calls",
    }


def test_repeated_or_empty_tool_call_id_and_name_are_ignored() -> None:
    """Some providers repeat id and name in every fragment, or send them as empty strings."""
    sent = [call(0, "{", id="1", name="f"), call(0, "", id="1", name="f"), call(0, "}", id="", name="")]
    (merged,) = message(*sent).tool_calls or []
    assert (merged.id, merged.function.name, merged.function.arguments) == ("1", "f", "{}")


def test_text_beside_tool_calls_is_kept() -> None:
    assert message({"content": "Let me see."}, call(0, "{}", id="1", name="f")).content == "Let me see."


def test_delta_fields_of_openai_and_litellm_are_accumulated() -> None:
    """The test providers send none of these; they follow OpenAI's API and LiteLLM's types."""
    merged = message(
        {"function_call": {"name": "f", "arguments": ""}},
        {"function_call": {"arguments": "{"}},
        {"function_call": {"arguments": "}"}},
        {"tool_calls": [{"index": 0, "id": "1", "type": "custom", "custom": {"name": "sql", "input": "select"}}]},
        {"tool_calls": [{"index": 0, "custom": {"input": " 1"}}]},
        {"refusal": "I'm"},
        {"refusal": " sorry"},
        {"annotations": [{"type": "url_citation", "url_citation": {"url": "http://a"}}]},
        {"annotations": [{"type": "url_citation", "url_citation": {"url": "http://b"}}]},
        {"images": [{"type": "image_url", "index": 0, "image_url": {"url": "data:"}}]},
        {"reasoning": "be"},
        {"reasoning": "cause"},
        {"provider_specific_fields": {"a": "x", "citations": [1]}},
        {"provider_specific_fields": {"a": "y", "b": None}},
    )
    assert merged.function_call is not None
    assert (merged.function_call.name, merged.function_call.arguments) == ("f", "{}")
    (custom,) = merged.tool_calls or []
    assert custom.custom is not None
    assert (custom.type, custom.custom.name, custom.custom.input) == ("custom", "sql", "select 1")
    assert (merged.refusal, merged.reasoning) == ("I'm sorry", "because")
    assert [a.url_citation.url for a in merged.annotations or () if a.url_citation] == ["http://a", "http://b"]
    assert [image.type for image in merged.images or ()] == ["image_url"]
    assert merged.provider_specific_fields == {"a": "y", "citations": [1]}


def test_reasoning_content_is_joined() -> None:
    merged = message(
        {"reasoning_content": "Let"}, {"reasoning_content": " me"}, {"content": "One"}, {"content": " two"}
    )
    assert (merged.reasoning_content, merged.content) == ("Let me", "One two")


def test_thinking_block_ends_with_its_signature() -> None:
    def block(**fields: object) -> Fields:
        return {"thinking_blocks": [{"type": "thinking", **fields}]}

    merged = message(
        block(thinking="Let", signature=None),
        block(thinking=" me", signature=""),
        block(thinking="", signature="s1"),
        {"thinking_blocks": [{"type": "redacted_thinking", "data": "xxx="}]},
        {"thinking_blocks": [{"type": "redacted_thinking", "data": "yyy="}]},
        block(thinking="Then"),
        block(signature="s2"),
        block(thinking="And"),
    )
    assert [(b.type, b.thinking, b.signature, b.data) for b in merged.thinking_blocks or ()] == [
        ("thinking", "Let me", "s1", None),
        ("redacted_thinking", None, None, "xxx="),
        ("redacted_thinking", None, None, "yyy="),
        ("thinking", "Then", "s2", None),
        ("thinking", "And", None, None),
    ]


@pytest.mark.parametrize("encoded_separately", [True, False], ids=["chunks encoded separately", "one encoding split"])
def test_audio_data_is_joined_and_valid_base64(encoded_separately: bool) -> None:
    audio_bytes = bytes(range(256)) * 10
    if encoded_separately:
        data = [b64encode(audio_bytes[i : i + 100]).decode() for i in range(0, len(audio_bytes), 100)]
    else:
        encoded = b64encode(audio_bytes).decode()
        data = [encoded[i : i + 101] for i in range(0, len(encoded), 101)]
    sent = [{"audio": {"id": "audio_1", "data": piece}} for piece in data]
    words = [{"audio": {"id": "audio_1", "transcript": word}} for word in ("One", " two")]
    audio = message(*sent, *words, {"audio": {"id": "audio_1", "expires_at": 5}}).audio
    assert audio is not None
    assert (audio.id, audio.transcript, audio.expires_at) == ("audio_1", "One two", 5)
    assert b64decode(audio.data or "", validate=True) == audio_bytes


def test_choice_without_finish_reason_is_kept_and_not_finished() -> None:
    """With `n=2`, the proxy sends neither a role nor a finish reason for the second choice."""
    chunks = [chunk(ROLE)]
    for one, other in (("One", "ONE"), (" two", " TWO")):
        chunks += [*deltas({"content": one}, index=0), *deltas({"content": other}, index=1)]
    chunks += [chunk(STOP), chunk(**USAGE)]
    first, second = completion(chunks).choices
    assert (first.index, first.message.content, first.finish_reason) == (0, "One two", "stop")
    assert (second.index, second.message.content, second.finish_reason) == (1, "ONE TWO", None)
    assert second.message.role == "assistant"
    assert accumulate(chunks).finished is False


def test_choices_are_sorted_by_index() -> None:
    result = completion([*deltas({"content": "b"}, index=1), *deltas({"content": "a"}, index=0)])
    assert [choice.message.content for choice in result.choices] == ["a", "b"]


def test_finished_is_true_when_every_choice_has_finish_reason() -> None:
    stops: list[Fields] = [{"index": index, "delta": {}, "finish_reason": "stop"} for index in (0, 1)]
    assert accumulate([chunk(ROLE)]).finished is False
    assert accumulate([chunk(ROLE), chunk(STOP)]).finished is True
    assert accumulate([chunk(ROLE), chunk(STOP), chunk(**USAGE)]).finished is True
    assert accumulate([chunk(**USAGE)]).finished is False
    assert accumulate([*deltas({"content": "a"}, index=1), chunk(stops[0])]).finished is False
    assert accumulate([*deltas({"content": "a"}, index=1), chunk(*stops)]).finished is True


def test_logprobs_are_joined() -> None:
    def logprob(token: str) -> Fields:
        other = {"token": "other", "bytes": [111, 116, 104, 101, 114], "logprob": -1.5}
        return {"token": token, "bytes": [*token.encode()], "logprob": -0.25, "top_logprobs": [other]}

    chunks = [
        chunk({"index": 0, "delta": {"content": token}, "logprobs": {"content": [logprob(token)]}})
        for token in ("One", " two", " three")
    ]
    logprobs = completion(chunks).choices[0].logprobs
    assert logprobs is not None
    assert [token.token for token in logprobs.content or ()] == ["One", " two", " three"]
    assert logprobs.model_dump(exclude_unset=True) == {"content": [logprob(t) for t in ("One", " two", " three")]}
    assert completion([chunk(STOP)]).choices[0].logprobs is None


def test_fallback_metadata_is_not_part_of_completion() -> None:
    metadata: Fields = {"id": "litellm-fallback-metadata", "choices": [], "litellm_fallback": {"fallback_model": "x"}}
    result = completion([metadata, chunk(ROLE), *deltas({"content": "a"}), metadata, chunk(STOP)])
    assert result.id == "chatcmpl-1"
    assert "litellm_fallback" not in result


def test_top_level_fields_are_merged() -> None:
    """The first id, the last model (a fallback changes it), and fields that later chunks add."""
    result = completion(
        [
            chunk(ROLE, system_fingerprint="fp", citations=["a"]),
            {"choices": [], "id": "chatcmpl-2", "model": "fallback", "service_tier": "flex", "citations": None},
            {"choices": []},
        ]
    )
    assert (result.id, result.model, result.object) == ("chatcmpl-1", "fallback", "chat.completion")
    assert (result.system_fingerprint, result.service_tier) == ("fp", "flex")
    assert result["citations"] == ["a"]


def test_unknown_delta_fields_are_accumulated_by_type() -> None:
    merged = message({"mood": "go", "copy": 1, "list": [1]}, {"mood": "od", "copy": 2, "list": [2], "d": {"a": "x"}})
    assert {name: (merged.model_extra or {})[name] for name in ("mood", "copy", "list", "d")} == {
        "mood": "good",
        "copy": 2,
        "list": [1, 2],
        "d": {"a": "x"},
    }


def test_chunks_of_unexpected_types_never_raise() -> None:
    chance = random.Random(3)
    leaves: list[object] = [None, True, 1, -0.5, "", "text", "YQ==", [], {}]
    names = ["index", "delta", "content", "role", "tool_calls", "function", "arguments", "audio", "data", "logprobs"]
    names += ["thinking_blocks", "thinking", "signature", "finish_reason", "choices", "usage", "id", "unknown"]

    def value(depth: int) -> object:
        if depth == 0 or chance.random() < 0.2:
            return chance.choice(leaves)
        if chance.random() < 0.3:
            return [value(depth - 1) for _ in range(chance.randrange(3))]
        return {chance.choice(names): value(depth - 1) for _ in range(chance.randrange(5))}

    def choice() -> Fields:
        index: object = chance.choice([0, 0, 1, "x", None, [1]])
        return {"index": index, "delta": value(4), "logprobs": value(3), "finish_reason": value(1)}

    for _ in range(1000):
        accumulator = Accumulator()
        for _ in range(5):
            fields = chunk(choice(), value(2)) if chance.random() < 0.9 else {"choices": value(3), "id": value(1)}
            accumulator.add(parse(ChatCompletionChunk, json.dumps(fields).encode(), strict=False))
            result = accumulator.completion()
            assert isinstance(result, ChatCompletion)
            assert accumulator.finished in (True, False)
            result.model_dump_json(warnings=False)


def test_accumulation_time_is_linear() -> None:
    def seconds(chunks: int) -> float:
        one = parse(
            ChatCompletionChunk, json.dumps(chunk({"index": 0, "delta": {"content": "x" * 100}})).encode(), strict=True
        )
        two = parse(ChatCompletionChunk, json.dumps(deltas(call(0, "y" * 100))[0]).encode(), strict=True)
        accumulator = Accumulator()
        started = time.thread_time()
        for each in itertools.chain.from_iterable(itertools.repeat((one, two), chunks // 2)):
            accumulator.add(each)
        assert len(accumulator.completion().choices[0].message.content or "") == chunks * 50
        return time.thread_time() - started

    assert min(seconds(40_000) for _ in range(2)) < 40 * min(seconds(4_000) for _ in range(3)), (
        "ten times the chunks take ten times the time if linear, a hundred times if quadratic"
    )
