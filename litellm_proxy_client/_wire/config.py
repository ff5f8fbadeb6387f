"""What a client was told once: where the proxy is, how to call it, and for how long."""

from __future__ import annotations

import math
import os
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypedDict
from urllib.parse import urlsplit

from .._version import __version__
from ..exceptions import UsageError
from .operation import Kind, QueryValue

DEFAULT_URL = "http://localhost:4000"
ADMIN_TIMEOUT = 30.0
COMPLETION_TIMEOUT = 600.0
IDLE_TIMEOUT = 300.0
CONNECT_TIMEOUT = 10.0
MAX_RETRIES = 2
MAX_RESPONSE_BYTES = 256 * 1024 * 1024

# These take the bare key; every other header takes "Bearer <key>" (proxy/auth/user_api_key_auth.py, get_api_key).
_BARE_KEY_HEADERS = frozenset({"api-key", "x-api-key", "x-goog-api-key", "ocp-apim-subscription-key"})


class Redaction(TypedDict):
    """What the functions that make errors are told to leave out."""

    auth_header: str
    secrets: tuple[str, ...]


class Secret:
    """A string that no repr, log or traceback shows."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "Secret('...')"


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """The options of a client; `with_options` makes a changed copy.

    Attributes:
        base_url: The proxy's address without a trailing slash.
        auth: The value of the authorization header; `None` without a key.
        auth_header: The name of the authorization header.
        timeout: Seconds a logical call may take; `None` for the defaults of its kind.
        idle_timeout: Seconds a stream may be silent after its first chunk.
        connect_timeout: Seconds that making a connection may take.
        max_retries: How often a request is sent again at the most.
        headers: Headers of every request.
        query: Query parameters of every request.
        changed_by: Who is named in the proxy's audit log as the author of a change.
        strict: Whether an answer that does not fit its model is an error.
        max_response_bytes: How large an answer may be, or all events of a stream together, decompressed.
    """

    base_url: str
    auth: Secret | None = None
    auth_header: str = "Authorization"
    timeout: float | None = None
    idle_timeout: float = IDLE_TIMEOUT
    connect_timeout: float = CONNECT_TIMEOUT
    max_retries: int = MAX_RETRIES
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    query: Mapping[str, QueryValue] = field(default_factory=dict[str, QueryValue], repr=False)
    changed_by: str | None = None
    strict: bool = False
    max_response_bytes: int = MAX_RESPONSE_BYTES

    def __post_init__(self) -> None:
        check_timeout("timeout", self.timeout)
        check_timeout("idle_timeout", self.idle_timeout)
        check_timeout("connect_timeout", self.connect_timeout)
        check_whole("max_retries", self.max_retries, 0)
        check_whole("max_response_bytes", self.max_response_bytes, 1)
        for name, value in {self.auth_header: "", "litellm-changed-by": self.changed_by or "", **self.headers}.items():
            check_header(name, value)

    @property
    def redaction(self) -> Redaction:
        """What must not appear in an error."""
        secrets = () if self.auth is None else (self.auth.value.removeprefix("Bearer "),)
        return {"auth_header": self.auth_header, "secrets": secrets}

    def seconds(self, kind: Kind, timeout: float | None) -> float:
        """The deadline of a call in seconds from now: its own, else the client's, else the default of its kind."""
        check_timeout("timeout", timeout)
        if timeout is None:
            timeout = self.timeout
        if timeout is None:
            return COMPLETION_TIMEOUT if kind == "completion" else ADMIN_TIMEOUT
        return timeout

    def with_overrides(
        self,
        *,
        timeout: float | None,
        idle_timeout: float | None,
        max_retries: int | None,
        headers: Mapping[str, str] | None,
        query: Mapping[str, QueryValue] | None,
        changed_by: str | None,
    ) -> ClientConfig:
        """A copy in which what is not `None` is changed; headers and query parameters are added."""
        return replace(
            self,
            timeout=self.timeout if timeout is None else timeout,
            idle_timeout=self.idle_timeout if idle_timeout is None else idle_timeout,
            max_retries=self.max_retries if max_retries is None else max_retries,
            headers={**self.headers, **(headers or {})},
            query={**self.query, **(query or {})},
            changed_by=self.changed_by if changed_by is None else changed_by,
        )


def authorization(name: str, api_key: str) -> Secret:
    """The value of the authorization header."""
    if not isinstance(api_key, str) or not re.fullmatch("[!-~]+", api_key):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise UsageError("api_key must be a string of printable ASCII characters without spaces")
    return Secret(api_key if name.lower() in _BARE_KEY_HEADERS else f"Bearer {api_key}")


def resolve_base_url(given: str | None) -> str:
    """The proxy's address: without trailing slashes and without one pasted `/v1`.

    Only OpenAI's routes exist below `/v1` (proxy/proxy_server.py), so that address would break the administration.
    """
    url = (given or os.environ.get("LITELLM_PROXY_URL") or DEFAULT_URL).strip()
    if any(character <= " " or character == "\x7f" for character in url):
        raise UsageError("base_url must not hold spaces, line ends or control characters")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise UsageError(f"base_url is no address: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"base_url must begin with http:// or https:// and name a host, not {_shown(url)!r}")
    if parts.username or parts.password:
        raise UsageError("base_url must not hold a user name or password; pass the key as api_key")
    if parts.query or parts.fragment:
        raise UsageError("base_url must not have a query or fragment; pass query parameters as query")
    path = parts.path.rstrip("/").removesuffix("/v1").rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}"


def _shown(url: str) -> str:
    return url.rpartition("@")[2].partition("?")[0]


def resolve_api_key(given: str | None) -> str | None:
    """The key given, else the environment's."""
    return given if given is not None else os.environ.get("LITELLM_PROXY_API_KEY") or None


def user_agent() -> str:
    """What the proxy's logs show as the program that called."""
    return f"litellm-proxy-client/{__version__} python/{platform.python_version()}"


def check_timeout(name: str, value: float | None) -> None:
    """Refuse a timeout that is no positive number of seconds."""
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value) or value <= 0:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise UsageError(f"{name} must be a positive number of seconds (math.inf for no limit), not {value!r}")


def check_whole(name: str, value: int, least: int) -> None:
    """Refuse what is no whole number, or too small."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise UsageError(f"{name} must be a whole number from {least}, not {value!r}")


def check_header(name: str, value: str) -> None:
    """Refuse a header that could smuggle in another one, before anything is sent."""
    if not isinstance(name, str) or not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise UsageError(f"header {name!r} must be a string with a string for its value")
    if not name or not name.isascii() or any(c <= " " or c in ":\x7f" for c in name):
        raise UsageError(f"{name!r} cannot be a header's name")
    if any(c in "\r\n\x00" for c in value):
        raise UsageError(f"the value of header {name!r} must not hold line ends or NUL")
    try:
        value.encode("ascii")
    except UnicodeEncodeError:
        raise UsageError(f"the value of header {name!r} must be ASCII; percent-encode other characters") from None
