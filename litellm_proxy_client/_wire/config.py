"""Pure: client configuration: address, credentials, timeouts."""

from __future__ import annotations

import math
import os
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlsplit

from .._version import __version__
from ..exceptions import UsageError
from .parameters import QueryValue

if TYPE_CHECKING:
    from .operation import TimeoutClass

DEFAULT_URL = "http://localhost:4000"
SHORT_TIMEOUT = 30.0
LONG_TIMEOUT = 600.0
IDLE_TIMEOUT = 300.0
CONNECT_TIMEOUT = 10.0
MAX_RETRIES = 2
MAX_RESPONSE_BYTES = 256 * 1024 * 1024

# The value of these headers is the bare key; of every other header it is "Bearer <key>"
# (proxy/auth/user_api_key_auth.py, get_api_key).
_BARE_KEY_HEADERS = frozenset({"api-key", "x-api-key", "x-goog-api-key", "ocp-apim-subscription-key"})


class Redaction(TypedDict):
    """Keyword arguments that name the credentials to redact, for the functions that build errors."""

    auth_header: str
    secrets: tuple[str, ...]


class Secret:
    """A string that does not show in a repr, log or traceback."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value: str = value

    def __repr__(self) -> str:
        return "Secret('...')"


@dataclass(frozen=True, slots=True)
class ClientConfig:
    """The options of a client; `with_options` creates a changed copy.

    Attributes:
        base_url: The proxy's address without a trailing slash.
        auth: The value of the authorization header; `None` without a key.
        auth_header: The name of the authorization header.
        timeout: Deadline of a call in seconds; `None` for the default of its class.
        idle_timeout: Maximum number of seconds without data from a stream after its first chunk.
        connect_timeout: Maximum number of seconds to make a connection.
        max_retries: Maximum number of retries of a request.
        headers: Headers of every request.
        query: Query parameters of every request.
        changed_by: The author of changes in the proxy's audit log.
        strict: True if a response that does not match its model is an error.
        max_response_bytes: Maximum size of a decompressed response, or of all events of a stream together.
    """

    base_url: str
    auth: Secret | None = None
    auth_header: str = "Authorization"
    timeout: float | None = None
    idle_timeout: float = IDLE_TIMEOUT
    connect_timeout: float = CONNECT_TIMEOUT
    max_retries: int = MAX_RETRIES
    # Headers and query parameters may contain credentials, so the repr omits them.
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    query: Mapping[str, QueryValue] = field(default_factory=dict[str, QueryValue], repr=False)
    changed_by: str | None = None
    strict: bool = False
    max_response_bytes: int = MAX_RESPONSE_BYTES

    def __post_init__(self) -> None:
        check_timeout("timeout", self.timeout)
        check_timeout("idle_timeout", self.idle_timeout)
        check_timeout("connect_timeout", self.connect_timeout)
        check_integer("max_retries", self.max_retries, 0)
        check_integer("max_response_bytes", self.max_response_bytes, 1)
        for name, value in {self.auth_header: "", "litellm-changed-by": self.changed_by or "", **self.headers}.items():
            check_header(name, value)

    @property
    def redaction(self) -> Redaction:
        """The credentials that must not appear in an error."""
        # The bare key, since it can appear in a response without the `Bearer` before it.
        secrets = () if self.auth is None else (self.auth.value.removeprefix("Bearer "),)
        return {"auth_header": self.auth_header, "secrets": secrets}

    def seconds(self, timeout_class: TimeoutClass, timeout: float | None) -> float:
        """Return the timeout of a call in seconds: its own, else the client's, else the default of its class."""
        check_timeout("timeout", timeout)
        if timeout is None:
            timeout = self.timeout
        if timeout is None:
            return LONG_TIMEOUT if timeout_class == "long" else SHORT_TIMEOUT
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
        """Return a copy with every option that is not `None` replaced; headers and query parameters are merged."""
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
    """Return the value of the authorization header."""
    if not isinstance(api_key, str) or not re.fullmatch("[!-~]+", api_key):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise UsageError("api_key must be a string of printable ASCII characters without spaces")
    return Secret(api_key if name.lower() in _BARE_KEY_HEADERS else f"Bearer {api_key}")


def resolve_base_url(base_url: str | None) -> str:
    """Return the proxy's address without trailing slashes and without one `/v1` at its end.

    Only OpenAI's routes exist below `/v1` (proxy/proxy_server.py): with it, administration routes would not be found.
    """
    url = (base_url or os.environ.get("LITELLM_PROXY_URL") or DEFAULT_URL).strip()
    if any(character <= " " or character == "\x7f" for character in url):
        raise UsageError("base_url must not contain spaces, line breaks or control characters")
    try:
        parts = urlsplit(url)
        _ = parts.port  # parsed on access: raises a ValueError for an invalid port
    except ValueError as error:
        raise UsageError(f"base_url is not a valid URL: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"base_url must start with http:// or https:// and have a host, got {_without_secrets(url)!r}")
    if parts.username or parts.password:
        raise UsageError("base_url must not contain a user name or password; pass the key as api_key")
    if parts.query or parts.fragment:
        raise UsageError("base_url must not have a query or fragment; pass query parameters as query")
    path = parts.path.rstrip("/").removesuffix("/v1").rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}"


def _without_secrets(url: str) -> str:
    """Return a URL without user name, password and query, for an error message."""
    return url.rpartition("@")[2].partition("?")[0]


def resolve_api_key(api_key: str | None) -> str | None:
    """Return the given key, else the one of the environment."""
    return api_key if api_key is not None else os.environ.get("LITELLM_PROXY_API_KEY") or None


def user_agent() -> str:
    """Return the value of the `User-Agent` header, which the proxy's logs show."""
    return f"litellm-proxy-client/{__version__} python/{platform.python_version()}"


def check_timeout(name: str, value: float | None) -> None:
    """Raise a `UsageError` unless a timeout is a positive number of seconds."""
    if value is None:
        return
    # Exclude bool, a subclass of int, and NaN, which compares False with everything.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value) or value <= 0:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise UsageError(f"{name} must be a positive number of seconds (math.inf for no limit), got {value!r}")


def check_integer(name: str, value: int, minimum: int) -> None:
    """Raise a `UsageError` unless a value is an integer of at least the minimum."""
    if isinstance(value, bool) or not isinstance(value, int) or value < minimum:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise UsageError(f"{name} must be an integer of at least {minimum}, got {value!r}")


def check_header(name: str, value: str) -> None:
    """Raise a `UsageError` for a header that could inject another one, before anything is sent."""
    if not isinstance(name, str) or not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise UsageError(f"header {name!r}: name and value must be strings")
    if not name or not name.isascii() or any(c <= " " or c in ":\x7f" for c in name):
        raise UsageError(f"{name!r} is not a valid header name")
    # Values are written into the request as they are: a line break would begin another header.
    if any(c in "\r\n\x00" for c in value):
        raise UsageError(f"the value of header {name!r} must not contain line breaks or NUL")
    try:
        value.encode("ascii")
    except UnicodeEncodeError:
        raise UsageError(f"the value of header {name!r} must be ASCII; percent-encode other characters") from None
