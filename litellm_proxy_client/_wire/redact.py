"""Pure: copies of requests and answers with nothing of a key in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

if TYPE_CHECKING:
    import httpx

    from ..types._lenient import Json

REDACTED = "REDACTED"
# Deeper than any answer of the proxy, and not too deep for pickle and copy.
MAX_NESTING = 100

# The proxy takes a key from any of these, besides the one that its operator named
# (types/proxy/auth/special_headers.py); the last is for a proxy on the way.
_KEY_HEADERS = frozenset(
    {
        "authorization",
        "x-litellm-api-key",
        "api-key",
        "x-api-key",
        "x-goog-api-key",
        "ocp-apim-subscription-key",
        "proxy-authorization",
    }
)
_COOKIES = frozenset({"cookie", "set-cookie"})
# The copy of an answer is decoded, and whole.
_FRAMING = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class Redactor:
    """Replaces the secrets of one request, wherever they appear.

    Args:
        request: The request; the values of its headers for keys count as secrets.
        auth_header: The name of the header that holds the client's key.
        secrets: The client's key.
    """

    def __init__(self, request: httpx.Request, auth_header: str, secrets: Sequence[str]) -> None:
        self._keys = _KEY_HEADERS | {auth_header.lower()}
        own = [value.rpartition(" ")[2] for name, value in request.headers.multi_items() if name in self._keys]
        # Longest first: of two secrets that begin alike, nothing of the longer may be left.
        forms = sorted(_forms([*secrets, *own]), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, forms))) if forms else None
        self.request = self._request(request)
        """The request without credentials and without its body, which can hold some."""

    def text(self, text: str) -> str:
        """A text without secrets."""
        return text if self._pattern is None else self._pattern.sub(REDACTED, text)

    def value(self, value: object, depth: int = 0) -> Json:
        """A JSON value without secrets.

        Raises:
            ValueError: It is nested too deeply.
        """
        if depth > MAX_NESTING:
            raise ValueError("nested too deeply")
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            parts = cast("dict[str, object]", value).items()
            return {self.text(name): self.value(part, depth + 1) for name, part in parts}
        if isinstance(value, list):
            return [self.value(part, depth + 1) for part in cast("list[object]", value)]
        return value if isinstance(value, (int, float)) else None

    def body(self, content: bytes) -> Json:
        """A body as JSON where it is that, else as text; `None` where it is empty."""
        try:
            return self.value(json.loads(content))
        except (ValueError, RecursionError):
            return self.text(content.decode("utf-8", "replace")) or None

    def response(self, response: httpx.Response) -> httpx.Response:
        """A copy of an answer; its body is decoded, and empty where it was not read as a whole."""
        import httpx

        try:
            content = response.content
        except httpx.ResponseNotRead:
            content = b""
        headers = [pair for pair in self._headers(response.headers.raw) if pair[0].lower() not in _FRAMING]
        return httpx.Response(response.status_code, headers=headers, content=self._bytes(content), request=self.request)

    def _request(self, request: httpx.Request) -> httpx.Request:
        import httpx

        try:
            url = httpx.URL(self.text(str(request.url.copy_with(userinfo=b""))))
        except httpx.InvalidURL:
            url = httpx.URL("")
        return httpx.Request(request.method, url, headers=list(self._headers(request.headers.raw)))

    def _headers(self, raw: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
        hidden = self._keys | _COOKIES
        for name, value in raw:
            yield name, REDACTED.encode() if name.decode("latin-1").lower() in hidden else self._bytes(value)

    def _bytes(self, content: bytes) -> bytes:
        return self.text(content.decode("latin-1")).encode("latin-1")


def _forms(secrets: Iterable[str]) -> set[str]:
    """Secrets as they are, and as they stand in addresses and in JSON."""
    return {form for text in secrets if text for form in (text, quote(text, safe=""), json.dumps(text)[1:-1])}
