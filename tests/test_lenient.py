from __future__ import annotations

import importlib
import json
import pkgutil
import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, Field

from litellm_proxy_client import types
from litellm_proxy_client.types._base import BaseModel, ResponseModel
from litellm_proxy_client.types._lenient import parse
from litellm_proxy_client.types.chat import ChatCompletion, ChatCompletionChunk, Choice, CompletionUsage


class Part(BaseModel):
    number: int | None = None
    word: str = "default"


class Whole(ResponseModel):
    count: int = 0
    when: datetime | None = None
    parts: list[Part] = Field(default_factory=list[Part])
    by_name: dict[str, Part] | None = None
    either: Part | list[Part] | None = None
    other_name: str | None = Field(None, alias="otherName")
    later: Later | None = None
    sequence: Sequence[Part] | None = None
    mapping: Mapping[str, int] | None = None
    checked: Annotated[str, AfterValidator(str.upper)] | None = None


class Later(BaseModel):
    deeper: Later | None = None
    needed: int


def lenient(kind: type[Any], value: object) -> Any:
    return parse(kind, json.dumps(value).encode(), strict=False)


def test_valid_fields_are_validated() -> None:
    whole = parse(Whole, b'{"count":1,"when":"2026-01-02T03:04:05Z","otherName":"x","checked":"a"}', strict=True)
    assert whole.when is not None
    assert (whole.count, whole.when.year, whole.other_name, whole.checked) == (1, 2026, "x", "A")


def test_invalid_field_keeps_its_value_and_others_are_validated() -> None:
    whole = lenient(Whole, {"count": "many", "when": "2026-01-02T03:04:05Z", "checked": "a", "unknown": {"a": 1}})
    assert isinstance(whole, Whole)
    assert whole["count"] == "many"
    assert isinstance(whole.when, datetime)
    assert whole.checked == "A", "its validator has run"
    assert whole["unknown"] == {"a": 1}
    assert whole.model_fields_set == {"count", "when", "checked", "unknown"}


def test_nested_objects_are_parsed_as_models() -> None:
    bad, good = {"number": "x", "extra": 1}, {"number": 2}
    whole = lenient(
        Whole,
        {
            "parts": [good, bad, None, 7],
            "by_name": {"a": good, "b": bad, "c": []},
            "either": bad,
            "sequence": [bad, good],
            "mapping": {"a": 1, "b": "x"},
        },
    )
    assert [type(part) for part in whole.parts] == [Part, Part, type(None), int]
    assert (whole.parts[0].number, whole.parts[1].number, whole.parts[1].word) == (2, "x", "default")
    assert whole.parts[1]["extra"] == 1
    assert (whole.by_name["a"].number, whole.by_name["b"].number, whole.by_name["c"]) == (2, "x", [])
    assert isinstance(whole.either, Part)
    assert whole.either["number"] == "x"
    assert [part.number for part in whole.sequence] == ["x", 2]
    assert whole.mapping == {"a": 1, "b": "x"}
    assert [part.number for part in lenient(Whole, {"either": [bad, good]}).either] == ["x", 2]


def test_unexpected_null_counts_as_omitted() -> None:
    whole = lenient(Whole, {"parts": None, "count": None, "either": None})
    assert (whole.parts, whole.count, whole.either) == ([], 0, None)
    assert whole.model_fields_set == {"either"}
    assert lenient(ChatCompletionChunk, {"choices": None, "id": "1"}).choices == []


def test_missing_required_field_is_none() -> None:
    later = lenient(Whole, {"later": {"deeper": {"needed": "x"}, "unknown": 1}}).later
    assert isinstance(later, Later)
    assert isinstance(later.deeper, Later)
    assert later.deeper["needed"] == "x"
    assert later["unknown"] == 1
    assert later.needed is None
    assert "needed" not in later


def test_invalid_value_is_stored_under_field_name_of_alias() -> None:
    assert lenient(Whole, {"otherName": 5}).other_name == 5


@pytest.mark.parametrize(
    "name", ["_fields_set", "cls", "self", "__class__", "__dict__", "model_fields", "copy", "\ud800"]
)
def test_unknown_field_may_have_any_name(name: str) -> None:
    whole = lenient(Whole, {name: "x", "count": "many"})
    assert type(whole) is Whole
    assert whole["count"] == "many"
    assert (whole.model_extra or {})[name] == "x"


def test_lone_surrogate_is_kept() -> None:
    assert parse(Whole, rb'{"checked":"a\ud83d","parts":[{"word":"\ude00"}]}', strict=False).parts[0].word == "\ude00"


@pytest.mark.parametrize(
    ("kind", "data", "reason"),
    [
        (Whole, b"null", "it is null where Whole is expected"),
        (Whole, b"[]", "it is a list where Whole is expected"),
        (Whole, b'"x"', "it is a string where Whole is expected"),
        (list[Whole], b"{}", "it is an object where list"),
        (dict[str, object], b"[]", "it is a list where dict"),
        (str, b"5", "it is a number where str is expected"),
        (int, b'"x"', "it is a string where int is expected"),
        (Whole, b"", "it is not JSON"),
        (Whole, b"<html>", "it is not JSON"),
        (Whole, b'{"count":1', "it is not JSON"),
        (Whole, b'{"checked":"\xff"}', "it is not JSON"),
        (Whole, b"[" * 100_000, "recursion limit"),
        (Whole, b'{"unknown":' + b"[" * 300 + b"]" * 300 + b"}", "recursion limit"),
        (Whole, b'{"unknown":"\\ud800","deep":' + b"[" * 100_000, "nested too deeply"),
        (Later, b'{"deeper":' * 450 + b"1" + b"}" * 450, "recursion limit"),
        (Whole, b'{"count":"x","big":' + b"9" * 5000 + b"}", "digits"),
    ],
)
def test_unparsable_data_raises_value_error(kind: type[Any], data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse(kind, data, strict=False)
    with pytest.raises(ValueError):
        parse(kind, data, strict=True)


@pytest.mark.parametrize(
    ("kind", "data", "value"),
    [
        (str, b'"x"', "x"),
        (int, b"5", 5),
        (object, b"null", None),
        (object, b"[1]", [1]),
        (dict[str, object], b'{"a":[1]}', {"a": [1]}),
        (list[str], b'["a",1]', ["a", 1]),
        (list[dict[str, object]], b'[{"a":1}]', [{"a": 1}]),
    ],
)
def test_responses_other_than_models_are_parsed(kind: type[Any], data: bytes, value: object) -> None:
    assert parse(kind, data, strict=False) == value


def test_list_of_models_is_parsed() -> None:
    first, second, third = lenient(list[Part], [{"number": 1}, {"number": "x"}, "y"])
    assert (first.number, second.number, third) == (1, "x", "y")


def test_strict_error_names_field_but_not_its_value() -> None:
    with pytest.raises(ValueError) as caught:
        parse(Whole, b'{"parts":[{"number":"sk-secret"}],"count":"x"}', strict=True)
    assert str(caught.value).startswith("count: Input should be a valid integer")
    assert str(caught.value).endswith("(and 1 more)")
    assert "secret" not in str(caught.value)


def test_random_json_is_always_parsed() -> None:
    chance = random.Random(2)

    def value(depth: int) -> object:
        leaves: list[object] = [None, True, 0, -1.5, 10**30, "", "text", "stop"]
        if depth == 0 or chance.random() < 0.3:
            return chance.choice(leaves)
        if chance.random() < 0.3:
            return [value(depth - 1) for _ in range(chance.randrange(4))]
        names = [
            *ChatCompletion.model_fields,
            *Choice.model_fields,
            *CompletionUsage.model_fields,
            "content",
            "tool_calls",
            "x",
        ]
        return {chance.choice(names): value(depth - 1) for _ in range(chance.randrange(6))}

    for _ in range(2000):
        sent = {
            "choices": [{"message": value(4), "delta": value(4), "logprobs": value(3)}, value(3)],
            "usage": value(3),
        }
        for kind in (ChatCompletion, ChatCompletionChunk):
            parsed = lenient(kind, sent)
            assert isinstance(parsed, kind)
            repr(parsed)
            assert isinstance(parsed.choices, list)


def models() -> list[type[BaseModel]]:
    """Return every model of a response."""
    for module in pkgutil.iter_modules(types.__path__):
        importlib.import_module(f"{types.__name__}.{module.name}")
    found: list[type[BaseModel]] = []
    remaining: list[type[BaseModel]] = [BaseModel]
    while remaining:
        remaining += (children := remaining.pop().__subclasses__())
        found += [child for child in children if child.__module__.startswith(types.__name__)]
    return sorted(found, key=lambda model: model.__name__)


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_every_model_parses_values_of_any_type(model: type[BaseModel]) -> None:
    chance = random.Random(4)
    values: list[Any] = [None, True, 7, -0.5, "", "text", "2026", [], [None], [7], ["x"], {}, {"x": None}, [{"x": [1]}]]
    for _ in range(200):
        sent = {field.alias or name: chance.choice(values) for name, field in model.model_fields.items()}
        parsed = lenient(model, sent)
        assert isinstance(parsed, model)
        repr(parsed)
        parsed.model_dump_json(warnings=False)
