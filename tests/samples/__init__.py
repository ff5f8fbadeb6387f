"""Recorded responses of a real proxy: `python -m tests.record` writes them, `tests/test_samples.py` reads them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .placeholders import Json

HERE = Path(__file__).parent
VERSION = HERE / "VERSION"
"""The file with the version of LiteLLM that the samples were recorded from."""
WIDTH = 120


@dataclass
class Exchange:
    """The route of a request, and its response; the fields are named like the keys in the JSON files."""

    route: str
    status: int
    answer: Json
    """The response body; of a stream the data of its events, the last of which is `[DONE]`."""

    @property
    def content_type(self) -> str:
        """The content type of the response."""
        return "text/event-stream" if self._events else "application/json"

    @property
    def content(self) -> bytes:
        """The response body as the proxy sent it."""
        texts = [part if part == "[DONE]" else json.dumps(part) for part in self._events]
        return "".join(f"data: {text}\n\n" for text in texts).encode() or json.dumps(self.answer).encode()

    @property
    def _events(self) -> list[Json]:
        return self.answer if isinstance(self.answer, list) and "[DONE]" in self.answer else []


@dataclass
class Sample:
    """A call of a method, and the responses that it received."""

    name: str
    """The method, and after a comma the special feature of this call."""
    arguments: dict[str, Any]
    exchanges: list[Exchange]

    @property
    def method(self) -> str:
        """The method as it is called on a client, such as `keys.list`."""
        return self.name.partition(",")[0]

    @property
    def resource(self) -> str:
        """The resource of the method, such as `keys`, after which the file is named."""
        return self.method.partition(".")[0]


def read_samples() -> list[Sample]:
    """Return all samples."""
    return [
        Sample(name, sample["arguments"], [Exchange(**exchange) for exchange in sample["exchanges"]])
        for path in sorted(HERE.glob("*.json"))
        for name, sample in json.loads(path.read_text("utf-8")).items()
    ]


def write_samples(samples: Sequence[Sample], version: str, *, folder: Path = HERE, keep_others: bool = False) -> None:
    """Write samples, one file for each resource; delete the files of other resources unless `keep_others`."""
    files: dict[str, dict[str, Json]] = {}
    for sample in samples:
        exchanges: list[Json] = [asdict(exchange) for exchange in sample.exchanges]
        files.setdefault(sample.resource, {})[sample.name] = {"arguments": sample.arguments, "exchanges": exchanges}
    for path in folder.glob("*.json"):
        if not keep_others and path.stem not in files:
            path.unlink()
    for resource, content in files.items():
        (folder / f"{resource}.json").write_text(text_of(content) + "\n", "utf-8", newline="\n")
    (folder / VERSION.name).write_text(version + "\n", "utf-8", newline="\n")


def text_of(value: Json, indent: str = "", name: str = "") -> str:
    """Return JSON in which each part that fits on one line is on one line, after its indentation and name."""
    line = name + json.dumps(value, sort_keys=True, ensure_ascii=False)
    if len(indent) + len(line) < WIDTH or not value or not isinstance(value, (dict, list)):
        return indent + line
    inner = indent + " "
    if isinstance(value, dict):
        parts = [text_of(value[key], inner, f"{json.dumps(key)}: ") for key in sorted(value)]
        return f"{indent}{name}{{\n" + ",\n".join(parts) + f"\n{indent}}}"
    parts = [text_of(part, inner) for part in value]
    return f"{indent}{name}[\n" + ",\n".join(parts) + f"\n{indent}]"
