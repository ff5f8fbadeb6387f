"""Every method, with the recorded responses of a real proxy (`samples/`): no field is lost and no key is shown."""

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

from litellm_proxy_client import _endpoints as endpoints_package
from litellm_proxy_client import types
from litellm_proxy_client._codegen.endpoint_parser import Module, Resource, read_modules
from litellm_proxy_client._wire import protocol
from litellm_proxy_client._wire import response as response_module
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
    "http.request": "returns the response of any route",
    "http.send": "returns the response of any route",
    "keys.regenerate": "needs an enterprise licence",
}
INCOMPLETE = {
    ("chat.completions.create_many", "ChatCompletion"): "the error of a model that failed",
    ("keys.delete, by keys and aliases", "Key"): "only the hash, or all but the hash",
    ("keys.list, hashes", "Key"): "only the hash",
}
"""Responses without fields that are always sent otherwise: sample and model."""
UNREPLACED = {
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
"""Values that no sample may contain: a pattern that detects each, and an example."""
TRACE = "\nstack trace:"
_ANY: TypeAdapter[Any] = TypeAdapter(Any)


def methods() -> Iterator[str]:
    """Yield every method as it is called on a client."""
    for module in read_modules(Path(endpoints_package.__file__).parent):
        yield from _methods(module, module.main, module.path.stem)


def _methods(module: Module, resource: Resource, path: str) -> Iterator[str]:
    for method in resource.methods:
        yield f"{path}.{method.name}"
    for name, child in resource.children.items():
        yield from _methods(module, module.child(child), f"{path}.{name}")


def test_every_method_has_a_sample() -> None:
    recorded, existing = {sample.method for sample in SAMPLES}, set(methods())
    assert existing - recorded - UNRECORDED.keys() == set(), "record them: python -m tests.record RESOURCE"
    assert UNRECORDED.keys() - (existing - recorded) == set(), "listed as unrecorded, but recorded or removed"
    assert recorded - existing == set(), "samples of methods that do not exist: record their resource again"


class Replay(httpx.MockTransport):
    """A fake proxy that replays the responses of a sample in order.

    `parsed` has, for each response, the value that the client parsed and the JSON that the proxy sent.
    """

    def __init__(self, sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(self._respond)
        self.remaining = [*sample.exchanges]
        self.parsed: list[tuple[object, Json]] = []
        for module in (protocol, response_module):
            monkeypatch.setattr(module, "parse", self._parse)

    def _respond(self, request: httpx.Request) -> httpx.Response:
        exchange = self.remaining.pop(0)
        assert route_of(request, ROUTES) == exchange.route
        headers = {"content-type": exchange.content_type}
        return httpx.Response(exchange.status, headers=headers, stream=httpx.ByteStream(exchange.content))

    def _parse(self, response_type: type[Any], data: bytes, *, strict: bool) -> Any:
        parsed = parse(response_type, data, strict=strict)
        self.parsed.append((parsed, json.loads(data)))
        return parsed


async def replay_call(sample: Sample, replay: Replay, make_client: MakeClient) -> object:
    """Call a method with the recorded arguments and responses."""
    client = make_client("http://proxy", transport=replay, strict=True, max_retries=0)
    result: Any = await reduce(getattr, sample.method.split("."), cast("Any", client))(**sample.arguments)
    if sample.arguments.get("stream"):
        chunks = [chunk async for chunk in result]
        assert len(chunks) == sample.exchanges[0].content.count(b"data: {")
        result = result.completion
    assert replay.remaining == []
    return result


@pytest.fixture(scope="module")
def built_models() -> None:
    """Build all models: pydantic 2.10 cannot dump an instance as `Any` while its class is not built yet."""
    for name in types.__all__:
        kind = getattr(types, name)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind.model_rebuild()


@pytest.mark.usefixtures("built_models")
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
async def test_no_field_is_lost_and_repr_hides_keys(
    sample: Sample, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay = Replay(sample, monkeypatch)
    result = await replay_call(sample, replay, make_client)
    assert KEY not in repr(result)
    for parsed, sent in replay.parsed:
        dumped = _ANY.dump_python(parsed, mode="json", by_alias=True, exclude_unset=True)
        assert [*differences(_normalized(sent, parsed), dumped)] == []
        assert [part for part in _nested_values(parsed) if isinstance(part, datetime) and part.tzinfo is None] == []
        assert KEY not in repr(parsed)


def test_samples_include_responses_with_keys() -> None:
    responses = {sample.name: json.dumps([each.answer for each in sample.exchanges]) for sample in SAMPLES}
    assert {name for name, text in responses.items() if KEY in text} == {
        "keys.generate",
        "keys.generate_service_account",
        "users.create",
    }


def differences(sent: Json, parsed: Json, where: str = "") -> Iterator[str]:
    """Yield each place where a parsed value differs from the value sent.

    The format of a time may differ, and a traceback may be omitted.
    """
    if isinstance(sent, dict) and isinstance(parsed, dict):
        yield from (f"{where}.{name} is missing" for name in sent.keys() - parsed.keys())
        for name in sent.keys() & parsed.keys():
            yield from differences(sent[name], parsed[name], f"{where}.{name}")
    elif isinstance(sent, list) and isinstance(parsed, list) and len(sent) == len(parsed):
        for number, (part, other) in enumerate(zip(sent, parsed, strict=True)):
            yield from differences(part, other, f"{where}[{number}]")
    elif isinstance(sent, str) and isinstance(parsed, str):
        if parsed not in (sent, sent.partition(TRACE)[0]) and not _same_time(sent, parsed):
            yield f"{where} is {parsed!r}, not {sent!r}"
    elif sent != parsed or isinstance(sent, bool) is not isinstance(parsed, bool):
        yield f"{where} is {parsed!r}, not {sent!r}"


def _same_time(sent: str, parsed: str) -> bool:
    if not sent.startswith(DAY) or not parsed.startswith(DAY):
        return False
    return datetime.fromisoformat(sent.replace("Z", "+00:00")) == datetime.fromisoformat(parsed.replace("Z", "+00:00"))


def _normalized(sent: Any, parsed: object) -> Json:
    """Return the JSON that was sent in the structure of the models."""
    if isinstance(parsed, Deployment):
        (row,) = sent["data"]
        return cast("Json", row)
    if isinstance(parsed, KeyList):
        return {**sent, "keys": [{"token": row} if isinstance(row, str) else row for row in sent["keys"]]}
    if isinstance(parsed, str) and isinstance(sent, dict):
        return cast("dict[str, Json]", sent)["litellm_version"]
    return cast("Json", sent)


def _nested_values(value: object) -> Iterator[object]:
    """Yield a value and every value nested in it."""
    yield value
    if isinstance(value, BaseModel):
        value = {**vars(value), **(value.model_extra or {})}
    parts = cast("dict[str, object]", value).values() if isinstance(value, dict) else value
    if isinstance(value, (dict, list)):
        for part in cast("list[object]", parts):
            yield from _nested_values(part)


@pytest.mark.parametrize(
    ("sent", "parsed", "difference"),
    [
        ({"a": {"b": 1}}, {"a": {}}, [".a.b is missing"]),
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
def test_differences_are_detected(sent: Json, parsed: Json, difference: list[str]) -> None:
    assert [*differences(sent, parsed)] == difference


async def test_every_field_is_declared_or_listed_as_undeclared(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    unused = {(model, reason) for reason, models in UNDECLARED.items() for model in models}
    undeclared: set[str] = set()
    for sample in SAMPLES:
        replay = Replay(sample, monkeypatch)
        await replay_call(sample, replay, make_client)
        for part in (part for parsed, _ in replay.parsed for part in _nested_values(parsed)):
            for field in part.model_extra or () if isinstance(part, BaseModel) else ():
                class_names = {kind.__name__ for kind in type(part).__mro__}
                matching = {
                    (model, reason)
                    for reason, models in UNDECLARED.items()
                    for model in class_names & models.keys()
                    if re.fullmatch(models[model], field)
                }
                unused -= matching
                if not matching:
                    undeclared.add(f"{type(part).__name__}.{field} ({sample.name})")
    assert undeclared == set(), "declare them in the model, or list them in samples/undeclared.py"
    assert unused == set(), "UNDECLARED lists fields that are declared or no longer sent"


async def test_fields_that_are_always_sent_are_in_every_sample(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A field of the type `AlwaysSent` is not optional for type checkers, so a recorded response must have it."""
    missing: dict[tuple[str, str], set[str]] = {}
    seen: set[str] = set()
    for sample in SAMPLES:
        replay = Replay(sample, monkeypatch)
        result = await replay_call(sample, replay, make_client)
        for part in _nested_values([result, *(response for response, _ in replay.parsed)]):
            for name, field in type(part).model_fields.items() if isinstance(part, BaseModel) else ():
                if "always sent" in field.metadata:
                    seen.add(f"{type(part).__name__}.{name}")
                    if getattr(part, name) is None:
                        missing.setdefault((sample.name, type(part).__name__), set()).add(name)
    unexpected = {where: names for where, names in missing.items() if where not in INCOMPLETE}
    assert unexpected == {}, "declare these fields as optional, or list the sample in INCOMPLETE"
    assert missing.keys() == INCOMPLETE.keys(), "complete, or not recorded any more"
    assert {"Team.team_id", "Key.token", "User.user_id"} <= seen


@pytest.mark.parametrize("kind", UNREPLACED)
def test_samples_contain_placeholders(kind: str) -> None:
    pattern, example = UNREPLACED[kind]
    assert re.search(pattern, json.dumps(example)), "the pattern does not match its example"
    assert not re.search(pattern, json.dumps(replace(cast("Json", example)))), "the recorder does not replace it"
    for path in HERE.glob("*.json"):
        found = [line for line in path.read_text("utf-8").splitlines() if re.search(pattern, line)]
        assert found == [], path.name


@pytest.mark.parametrize("path", sorted(HERE.glob("*.json")), ids=lambda path: path.stem)
def test_sample_file_has_the_format_of_the_recorder(path: Path) -> None:
    text = path.read_text("utf-8")
    content: Json = json.loads(text)
    assert replace(content) == content
    assert text_of(content) + "\n" == text


def test_recorded_version_matches_the_version_file() -> None:
    (response,) = (sample.exchanges[0].answer for sample in SAMPLES if sample.name == "health.version")
    assert VERSION.read_text("utf-8").strip() == cast("dict[str, str]", response)["litellm_version"]


def test_recording_named_resources_keeps_the_files_of_others(tmp_path: Path) -> None:
    old, new = [Sample("keys.list", {}, []), Sample("teams.list", {}, [])], [Sample("teams.get", {}, [])]
    write_samples(old, "1", folder=tmp_path)
    keys = (tmp_path / "keys.json").read_text("utf-8")
    write_samples(new, "1", folder=tmp_path, keep_others=True)
    assert (tmp_path / "keys.json").read_text("utf-8") == keys
    assert [*json.loads((tmp_path / "teams.json").read_text("utf-8"))] == ["teams.get"]
    write_samples(new, "1", folder=tmp_path)
    assert [path.name for path in tmp_path.glob("*.json")] == ["teams.json"]
