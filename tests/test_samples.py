"""Every method, on what a real proxy answered (`samples/`): no field is lost, and no key is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from pydantic import BaseModel, TypeAdapter

from litellm_proxy_client import _endpoints as package
from litellm_proxy_client._codegen.endpoint_parser import Module, Resource, read_modules
from litellm_proxy_client._runtime import event_stream, executor
from litellm_proxy_client.types._lenient import parse
from litellm_proxy_client.types.keys import KeyList
from litellm_proxy_client.types.models import Deployment

from .conftest import MakeClient
from .contract.description import route_of
from .contract.refresh import documented_routes
from .samples import HERE, VERSION, Sample, read_samples, text_of, write_samples
from .samples.placeholders import DAY, KEY, Json, replace
from .samples.undeclared import UNDECLARED

SAMPLES = read_samples()
ROUTES = documented_routes()
UNRECORDED = {
    "http.request": "answers with whatever a route answers",
    "http.send": "answers with whatever a route answers",
    "keys.regenerate": "answers under a licence only",
}
FOREIGN = {
    "key": (r"sk-(?!0{22}\b|\.\.\.0000\b)", "sk-16Ac8ee012318a80f869a2"),
    "end of a key": (r"sk-(?!0{22}\b|\.\.\.0000\b)", "sk-...a2_c"),
    "hash": (r"\b(?!0+\b)[0-9a-f]{32,}\b", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    "id": (r"\b(?!0+\b)[0-9a-f]{32,}\b", "team-budget-9f86d081884c7d659a2feaa0c55ad015"),
    "uuid": (r"(?!0{8})[0-9a-f]{8}-[0-9a-f]{4}-", "chatcmpl-e4256c49-3414-4f4f-a41a-7f6591fd3827"),
    "number of a row": (r'"(model_)?id": (?!1\b)\d', {"model_id": 27}),
    "day": (rf"(?!{DAY})\b\d{{4}}-\d\d-\d\d", "from 2026-11-23 on"),
    "time": (r"(?!00:00:00)\d\d:\d\d:\d\d", "2026-11-23T08:20:36Z"),
    "fraction of a second": (r":\d\d\.(?!0+\D)\d", "2026-11-23 08:20:36.233000+00:00"),
    "seconds since 1970": (r"\b(?!1893456000\b)1[5-9]\d{8}", {"created": 1795422036}),
    "duration": (r'_ms": (?!1\b)', {"response_time_ms": 13.02}),
    "ciphertext": (r"(?=[\w/+-]*[A-Z])(?=[\w/+-]*[a-z])(?=[\w/+-]*\d)[\w/+-]{40}", "aB3_x-/" * 9 + "=="),
    "path": (r"/(root|home|usr|opt|var|tmp)/|\.py\b", 'File "/root/venv/lib/python3.11/a.py", line 1'),
    "traceback": (r"Traceback \(", "Refused\nstack trace: Traceback (most recent call last):\n  File"),
    "host": (r"://(?!host\.example:8000\b)", "https://proxy.corp.internal/v1"),
    "loopback": (r"localhost|\d+\.\d+\.\d+\.\d+", "at 127.0.0.1:33211 or localhost:4000"),
    "port": (r"(?!:8000\b):\d{4,5}\b|', \d{2,5}\)", "('10.1.2.3', 33211)"),
}
"""What no sample may hold: how it is told, and an example."""
TRACE = "\nstack trace:"
_ANY: TypeAdapter[Any] = TypeAdapter(Any)


def methods() -> Iterator[str]:
    """Every method there is, as a client has it."""
    for module in read_modules(Path(package.__file__).parent):
        yield from _methods(module, module.main, module.path.stem)


def _methods(module: Module, resource: Resource, path: str) -> Iterator[str]:
    for method in resource.methods:
        yield f"{path}.{method.name}"
    for name, child in resource.children.items():
        yield from _methods(module, module.child(child), f"{path}.{name}")


def test_every_method_has_a_sample() -> None:
    recorded, there = {sample.method for sample in SAMPLES}, set(methods())
    assert there - recorded == UNRECORDED.keys()
    assert recorded - there == set()


class Replay(httpx.MockTransport):
    """A proxy that gives the answers of a sample in order; `read` is what the client made of each, and the answer."""

    def __init__(self, sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(self._answer)
        self.left = [*sample.exchanges]
        self.read: list[tuple[object, Json]] = []
        for module in (executor, event_stream):
            monkeypatch.setattr(module, "parse", self._parse)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        exchange = self.left.pop(0)
        assert route_of(request, ROUTES) == exchange.route
        head = {"content-type": exchange.content_type}
        return httpx.Response(exchange.status, headers=head, stream=httpx.ByteStream(exchange.content))

    def _parse(self, answer: type[Any], data: bytes, *, strict: bool) -> Any:
        read = parse(answer, data, strict=strict)
        self.read.append((read, json.loads(data)))
        return read


async def run(sample: Sample, replay: Replay, make_client: MakeClient) -> object:
    """Call a method as it was called when it was recorded."""
    client = make_client("http://proxy", transport=replay, strict=True, max_retries=0)
    result: Any = await reduce(getattr, sample.method.split("."), cast("Any", client))(**sample.arguments)
    if sample.arguments.get("stream"):
        chunks = [chunk async for chunk in result]
        assert len(chunks) == sample.exchanges[0].content.count(b"data: {")
        result = result.completion
    assert replay.left == []
    return result


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
async def test_no_field_is_lost_and_no_key_is_shown(
    sample: Sample, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay = Replay(sample, monkeypatch)
    result = await run(sample, replay, make_client)
    assert KEY not in repr(result)
    for answer, sent in replay.read:
        dumped = _ANY.dump_python(answer, mode="json", by_alias=True, exclude_unset=True)
        assert [*lost(_as_read(sent, answer), dumped)] == []
        assert [part for part in _parts(answer) if isinstance(part, datetime) and part.tzinfo is None] == []
        assert KEY not in repr(answer)


def test_answers_with_keys_are_among_the_samples() -> None:
    answers = {sample.name: json.dumps([each.answer for each in sample.exchanges]) for sample in SAMPLES}
    assert {name for name, text in answers.items() if KEY in text} == {
        "keys.generate",
        "keys.generate_service_account",
        "users.create",
    }


def lost(sent: Json, read: Json, where: str = "") -> Iterator[str]:
    """Where what was read is not what was sent. A time may be written otherwise, and a traceback be left out."""
    if isinstance(sent, dict) and isinstance(read, dict):
        yield from (f"{where}.{name} is not there" for name in sent.keys() - read.keys())
        for name in sent.keys() & read.keys():
            yield from lost(sent[name], read[name], f"{where}.{name}")
    elif isinstance(sent, list) and isinstance(read, list) and len(sent) == len(read):
        for number, (part, other) in enumerate(zip(sent, read, strict=True)):
            yield from lost(part, other, f"{where}[{number}]")
    elif isinstance(sent, str) and isinstance(read, str):
        if read not in (sent, sent.partition(TRACE)[0]) and not _same_time(sent, read):
            yield f"{where} is {read!r}, not {sent!r}"
    elif sent != read or isinstance(sent, bool) is not isinstance(read, bool):
        yield f"{where} is {read!r}, not {sent!r}"


def _same_time(one: str, other: str) -> bool:
    if not one.startswith(DAY) or not other.startswith(DAY):
        return False
    return datetime.fromisoformat(one.replace("Z", "+00:00")) == datetime.fromisoformat(other.replace("Z", "+00:00"))


def _as_read(sent: Any, answer: object) -> Json:
    """What was sent, in the form that the models give it."""
    if isinstance(answer, Deployment):
        (row,) = sent["data"]
        return cast("Json", row)
    if isinstance(answer, KeyList):
        return {**sent, "keys": [{"token": row} if isinstance(row, str) else row for row in sent["keys"]]}
    if isinstance(answer, str) and isinstance(sent, dict):
        return cast("dict[str, Json]", sent)["litellm_version"]
    return cast("Json", sent)


def _parts(value: object) -> Iterator[object]:
    """A value and all that is in it."""
    yield value
    if isinstance(value, BaseModel):
        value = {**vars(value), **(value.model_extra or {})}
    parts = cast("dict[str, object]", value).values() if isinstance(value, dict) else value
    if isinstance(value, (dict, list)):
        for part in cast("list[object]", parts):
            yield from _parts(part)


@pytest.mark.parametrize(
    ("sent", "read", "difference"),
    [
        ({"a": {"b": 1}}, {"a": {}}, [".a.b is not there"]),
        ({"a": [1, 2]}, {"a": [1]}, [".a is [1], not [1, 2]"]),
        ({"a": [None]}, {"a": [0]}, [".a[0] is 0, not None"]),
        ({"a": True}, {"a": 1}, [".a is 1, not True"]),
        ({"a": "b"}, {"a": "c"}, [".a is 'c', not 'b'"]),
        (
            {"a": f"{DAY}T00:00:00+01:00"},
            {"a": f"{DAY}T00:00:00Z"},
            [f".a is '{DAY}T00:00:00Z', not '{DAY}T00:00:00+01:00'"],
        ),
        ({"a": f"{DAY}T00:00:00.000+00:00"}, {"a": f"{DAY}T00:00:00Z"}, []),
        ({"a": 1, "b": "No.\nstack trace: ..."}, {"a": 1.0, "b": "No.", "c": 2}, []),
    ],
)
def test_what_is_lost_is_noticed(sent: Json, read: Json, difference: list[str]) -> None:
    assert [*lost(sent, read)] == difference


async def test_what_the_proxy_sends_is_declared_or_listed(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    unused = {(model, reason) for reason, models in UNDECLARED.items() for model in models}
    unknown: set[str] = set()
    for sample in SAMPLES:
        replay = Replay(sample, monkeypatch)
        await run(sample, replay, make_client)
        for part in (part for answer, _ in replay.read for part in _parts(answer)):
            for field in part.model_extra or () if isinstance(part, BaseModel) else ():
                kinds = {kind.__name__ for kind in type(part).__mro__}
                reasons = {
                    (model, reason)
                    for reason, models in UNDECLARED.items()
                    for model in kinds & models.keys()
                    if re.fullmatch(models[model], field)
                }
                unused -= reasons
                if not reasons:
                    unknown.add(f"{type(part).__name__}.{field} ({sample.name})")
    assert unknown == set()
    assert unused == set(), "declared, or not sent any more"


@pytest.mark.parametrize("kind", FOREIGN)
def test_samples_hold_placeholders(kind: str) -> None:
    pattern, example = FOREIGN[kind]
    assert re.search(pattern, json.dumps(example)), "the pattern does not tell its example"
    assert not re.search(pattern, json.dumps(replace(cast("Json", example)))), "the recorder does not replace it"
    for path in HERE.glob("*.json"):
        found = [line for line in path.read_text("utf-8").splitlines() if re.search(pattern, line)]
        assert found == [], path.name


@pytest.mark.parametrize("path", sorted(HERE.glob("*.json")), ids=lambda path: path.stem)
def test_a_file_is_as_the_recorder_writes_it(path: Path) -> None:
    text = path.read_text("utf-8")
    content: Json = json.loads(text)
    assert replace(content) == content
    assert text_of(content) + "\n" == text


def test_the_version_is_that_of_the_samples() -> None:
    (told,) = (sample.exchanges[0].answer for sample in SAMPLES if sample.name == "health.version")
    assert VERSION.read_text("utf-8").strip() == cast("dict[str, str]", told)["litellm_version"]


def test_recording_named_resources_keeps_the_files_of_others(tmp_path: Path) -> None:
    old, new = [Sample("keys.list", {}, []), Sample("teams.list", {}, [])], [Sample("teams.get", {}, [])]
    write_samples(old, "1", folder=tmp_path)
    keys = (tmp_path / "keys.json").read_text("utf-8")
    write_samples(new, "1", folder=tmp_path, keep_others=True)
    assert (tmp_path / "keys.json").read_text("utf-8") == keys
    assert [*json.loads((tmp_path / "teams.json").read_text("utf-8"))] == ["teams.get"]
    write_samples(new, "1", folder=tmp_path)
    assert [path.name for path in tmp_path.glob("*.json")] == ["teams.json"]
