"""The chunks are those of a real proxy, with other ids, unless a test says otherwise."""

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
    """The completion, which must be the same when it is asked for after every chunk."""
    accumulator = Accumulator()
    for fields in chunks:
        accumulator.add(parse(ChatCompletionChunk, json.dumps(fields).encode(), strict=False))
        accumulator.completion()
    answer = accumulator.completion()
    assert answer.model_dump(warnings=False) == accumulate(chunks).completion().model_dump(warnings=False)
    return answer


def message(*sent: Fields) -> ChatCompletionMessage:
    return completion(deltas(*sent)).choices[0].message


def dumped(answer: ChatCompletion) -> Any:
    return answer.model_dump(exclude_unset=True)


def test_text() -> None:
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


def test_before_anything_has_come() -> None:
    accumulator = Accumulator()
    assert accumulator.completion().choices == []
    assert accumulator.finished is False


def test_while_it_comes() -> None:
    accumulator = Accumulator()
    texts: list[str | None] = []
    for fields in [chunk(ROLE), *deltas({"content": "One"}, {"content": " two"}), chunk(STOP)]:
        accumulator.add(parse(ChatCompletionChunk, json.dumps(fields).encode(), strict=True))
        texts.append(accumulator.completion().choices[0].message.content)
        assert accumulator.finished is (fields["choices"] == [STOP])
    assert texts == ["", "One", "One two", "One two"]


def test_a_completion_does_not_change_with_what_comes_later() -> None:
    accumulator = accumulate(deltas(call(0, '{"a"', id="1", name="f"), {"content": "x"}))
    early = accumulator.completion()
    before = early.model_dump_json()
    for fields in deltas(call(0, ":1}"), {"content": "y"}, call(1, "", id="2", name="g")):
        accumulator.add(parse(ChatCompletionChunk, json.dumps(fields).encode(), strict=True))
    assert early.model_dump_json() == before
    assert len(accumulator.completion().choices[0].message.tool_calls or ()) == 2


def test_fragments_of_tool_calls_that_interleave() -> None:
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


def test_a_tool_call_that_repeats_its_id_and_name() -> None:
    """Seen with other providers: id and name in every fragment, or as empty texts."""
    sent = [call(0, "{", id="1", name="f"), call(0, "", id="1", name="f"), call(0, "}", id="", name="")]
    (made,) = message(*sent).tool_calls or []
    assert (made.id, made.function.name, made.function.arguments) == ("1", "f", "{}")


def test_text_beside_tool_calls_stays() -> None:
    assert message({"content": "Let me see."}, call(0, "{}", id="1", name="f")).content == "Let me see."


def test_what_is_in_no_answer_of_the_test_providers() -> None:
    """As OpenAI's API and LiteLLM's types describe it."""
    made = message(
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
    assert made.function_call is not None
    assert (made.function_call.name, made.function_call.arguments) == ("f", "{}")
    (custom,) = made.tool_calls or []
    assert custom.custom is not None
    assert (custom.type, custom.custom.name, custom.custom.input) == ("custom", "sql", "select 1")
    assert (made.refusal, made.reasoning) == ("I'm sorry", "because")
    assert [a.url_citation.url for a in made.annotations or () if a.url_citation] == ["http://a", "http://b"]
    assert [image.type for image in made.images or ()] == ["image_url"]
    assert made.provider_specific_fields == {"a": "y", "citations": [1]}


def test_reasoning() -> None:
    made = message({"reasoning_content": "Let"}, {"reasoning_content": " me"}, {"content": "One"}, {"content": " two"})
    assert (made.reasoning_content, made.content) == ("Let me", "One two")


def test_thinking_blocks_end_with_their_signature() -> None:
    def block(**fields: object) -> Fields:
        return {"thinking_blocks": [{"type": "thinking", **fields}]}

    made = message(
        block(thinking="Let", signature=None),
        block(thinking=" me", signature=""),
        block(thinking="", signature="s1"),
        {"thinking_blocks": [{"type": "redacted_thinking", "data": "xxx="}]},
        {"thinking_blocks": [{"type": "redacted_thinking", "data": "yyy="}]},
        block(thinking="Then"),
        block(signature="s2"),
        block(thinking="And"),
    )
    assert [(b.type, b.thinking, b.signature, b.data) for b in made.thinking_blocks or ()] == [
        ("thinking", "Let me", "s1", None),
        ("redacted_thinking", None, None, "xxx="),
        ("redacted_thinking", None, None, "yyy="),
        ("thinking", "Then", "s2", None),
        ("thinking", "And", None, None),
    ]


@pytest.mark.parametrize("encoded_apart", [True, False])
def test_sound(encoded_apart: bool) -> None:
    sound = bytes(range(256)) * 10
    if encoded_apart:
        data = [b64encode(sound[i : i + 100]).decode() for i in range(0, len(sound), 100)]
    else:
        whole = b64encode(sound).decode()
        data = [whole[i : i + 101] for i in range(0, len(whole), 101)]
    sent = [{"audio": {"id": "audio_1", "data": piece}} for piece in data]
    words = [{"audio": {"id": "audio_1", "transcript": word}} for word in ("One", " two")]
    audio = message(*sent, *words, {"audio": {"id": "audio_1", "expires_at": 5}}).audio
    assert audio is not None
    assert (audio.id, audio.transcript, audio.expires_at) == ("audio_1", "One two", 5)
    assert b64decode(audio.data or "", validate=True) == sound


def test_several_choices_of_which_one_never_ends() -> None:
    """`n=2`: the proxy gives the second choice neither a role nor a finish reason."""
    chunks = [chunk(ROLE)]
    for one, other in (("One", "ONE"), (" two", " TWO")):
        chunks += [*deltas({"content": one}, index=0), *deltas({"content": other}, index=1)]
    chunks += [chunk(STOP), chunk(**USAGE)]
    first, second = completion(chunks).choices
    assert (first.index, first.message.content, first.finish_reason) == (0, "One two", "stop")
    assert (second.index, second.message.content, second.finish_reason) == (1, "ONE TWO", None)
    assert second.message.role == "assistant"
    assert accumulate(chunks).finished is False


def test_choices_are_in_the_order_of_their_index() -> None:
    answer = completion([*deltas({"content": "b"}, index=1), *deltas({"content": "a"}, index=0)])
    assert [choice.message.content for choice in answer.choices] == ["a", "b"]


def test_finished() -> None:
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


def test_the_fallback_metadata_is_no_part_of_it() -> None:
    metadata: Fields = {"id": "litellm-fallback-metadata", "choices": [], "litellm_fallback": {"fallback_model": "x"}}
    answer = completion([metadata, chunk(ROLE), *deltas({"content": "a"}), metadata, chunk(STOP)])
    assert answer.id == "chatcmpl-1"
    assert "litellm_fallback" not in answer


def test_the_head() -> None:
    """The first id; the last model, which changes when the proxy falls back; and what is new."""
    answer = completion(
        [
            chunk(ROLE, system_fingerprint="fp", citations=["a"]),
            {"choices": [], "id": "chatcmpl-2", "model": "fallback", "service_tier": "flex", "citations": None},
            {"choices": []},
        ]
    )
    assert (answer.id, answer.model, answer.object) == ("chatcmpl-1", "fallback", "chat.completion")
    assert (answer.system_fingerprint, answer.service_tier) == ("fp", "flex")
    assert answer["citations"] == ["a"]


def test_fields_that_no_version_knows() -> None:
    made = message({"mood": "go", "copy": 1, "list": [1]}, {"mood": "od", "copy": 2, "list": [2], "d": {"a": "x"}})
    assert {name: (made.model_extra or {})[name] for name in ("mood", "copy", "list", "d")} == {
        "mood": "good",
        "copy": 2,
        "list": [1, 2],
        "d": {"a": "x"},
    }


def test_chunks_that_do_not_fit_never_raise() -> None:
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
            answer = accumulator.completion()
            assert isinstance(answer, ChatCompletion)
            assert accumulator.finished in (True, False)
            answer.model_dump_json(warnings=False)


def test_the_time_is_linear() -> None:
    def seconds(chunks: int) -> float:
        one = parse(
            ChatCompletionChunk, json.dumps(chunk({"index": 0, "delta": {"content": "x" * 100}})).encode(), strict=True
        )
        two = parse(ChatCompletionChunk, json.dumps(deltas(call(0, "y" * 100))[0]).encode(), strict=True)
        accumulator = Accumulator()
        started = time.thread_time()
        for made in itertools.chain.from_iterable(itertools.repeat((one, two), chunks // 2)):
            accumulator.add(made)
        assert len(accumulator.completion().choices[0].message.content or "") == chunks * 50
        return time.thread_time() - started

    assert min(seconds(40_000) for _ in range(2)) < 40 * min(seconds(4_000) for _ in range(3)), (
        "ten times is linear, a hundred quadratic"
    )
