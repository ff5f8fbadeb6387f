"""Values in responses that differ between proxies or over time, and the placeholders for them in samples."""

from __future__ import annotations

import re
from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

KEY = "sk-" + "0" * 22
HASH = "0" * 64
HEX = "0" * 32
UUID = "00000000-0000-0000-0000-000000000000"
DAY = "2030-01-01"
TIME = "00:00:00"
EPOCH = 1893456000
"""The start of that day, in Unix seconds."""
HOST = "host.example:8000"
PATH = "/path"
CIPHERTEXT = "ciphertext"

_TEXTS: list[tuple[re.Pattern[str], str]] = [
    (re.compile(r"\bsk-[\w-]{10,}"), KEY),
    (re.compile(r"\bsk-\.\.\.[\w-]{4}"), "sk-..." + KEY[-4:]),
    (re.compile(r"\b[0-9a-f]{64}\b"), HASH),
    (re.compile(r"\b[0-9a-f]{32}\b"), HEX),
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), UUID),
    (re.compile(r"\b20\d\d-\d\d-\d\d(?!\d)"), DAY),
    (re.compile(rf"(?<={DAY}[T ])\d\d:\d\d:\d\d"), TIME),
    (re.compile(rf"(?<={DAY}[T ]{TIME}\.)\d+"), "000000"),
    (re.compile(r"(?<=://)[^/\s\"'\\)]+"), HOST),
    (re.compile(r"\b(localhost|\d{1,3}(\.\d{1,3}){3})(:\d+|', \d+)?\b"), HOST),
    (re.compile(r"(?<![\w:/.])/(root|home|usr|opt|var|tmp|app|etc|Users)/[^\s\"',:]*"), PATH),
    (re.compile(r"(?<=\nstack trace: Traceback).*", re.DOTALL), " ..."),
    (re.compile(r"^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)[A-Za-z0-9_+/-]{40,}={0,2}$"), CIPHERTEXT),
    # The proxy sends one of these prompts when it checks the health of a model (proxy/health_check.py).
    (re.compile(r"^(Hey how's it going\?|What's 1 \+ 1\?)$"), "Hello"),
]
_ROW_NUMBERS = ("id", "model_id")
"""Fields that contain the row number of a table."""
_UNORDERED = ("models", "team_member_permissions")
"""Lists that the proxy builds from sets, so that their order varies."""


def replace(value: Json, name: str = "") -> Json:
    """Return a value with its placeholders; `name` is the name of the field that contains it."""
    if isinstance(value, str):
        for pattern, placeholder in _TEXTS:
            value = pattern.sub(placeholder, value)
        return value
    if isinstance(value, list):
        parts = [replace(part) for part in value]
        return sorted(parts, key=str) if name in _UNORDERED and all(isinstance(part, str) for part in parts) else parts
    if isinstance(value, dict):
        replaced = {str(replace(key)): replace(part, key) for key, part in value.items()}
        assert len(replaced) == len(value), f"one placeholder would replace several keys of {sorted(value)}"
        return replaced
    if value is None or isinstance(value, bool):
        return value
    if name.endswith("_ms") or name in _ROW_NUMBERS:
        return type(value)(1)
    return type(value)(EPOCH) if 1.5e9 < value < 2.5e9 else value
