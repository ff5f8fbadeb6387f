"""Pure: copy requests and responses without their credentials."""

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
# Deeper than any response of the proxy, and within the recursion limit of pickle and copy.
MAX_NESTING = 100

# The proxy accepts a key in any of these headers, and in the one that its operator configured
# (types/proxy/auth/special_headers.py). The last one is for a forward proxy between client and LiteLLM.
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
# The copy of a response has a complete, decoded body, which these headers would contradict.
_FRAMING = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class Redactor:
    """Replaces the secrets of one request wherever they appear.

    Args:
        request: The request; the values of its key headers are secrets, too.
        auth_header: The name of the header with the client's key.
        secrets: The client's key.
    """

    def __init__(self, request: httpx.Request, auth_header: str, secrets: Sequence[str]) -> None:
        self._keys = _KEY_HEADERS | {auth_header.lower()}
        # The header's value without its scheme, such as `Bearer`.
        sent = [value.rpartition(" ")[2] for name, value in request.headers.multi_items() if name in self._keys]
        # Longest first: a regex takes the first alternative that matches, which must not be a prefix of another secret.
        forms = sorted(_encoded_forms([*secrets, *sent]), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, forms))) if forms else None
        self.request = self._copy_request(request)
        """A copy of the request without credentials and without the body, which can contain credentials."""

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        return text if self._pattern is None else self._pattern.sub(REDACTED, text)

    def value(self, value: object, depth: int = 0) -> Json:
        """Return a JSON value without secrets.

        Raises:
            ValueError: The value is nested too deeply.
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
        """Return a body without secrets, as parsed JSON or else as text; `None` if it is empty."""
        try:
            return self.value(json.loads(content))
        except (ValueError, RecursionError):
            return self.text(content.decode("utf-8", "replace")) or None

    def response(self, response: httpx.Response) -> httpx.Response:
        """Copy a response without secrets; the body is decoded, and empty unless all of it was read."""
        import httpx

        try:
            content = response.content
        except httpx.ResponseNotRead:
            content = b""
        headers = [pair for pair in self._headers(response.headers.raw) if pair[0].lower() not in _FRAMING]
        return httpx.Response(response.status_code, headers=headers, content=self._bytes(content), request=self.request)

    def _copy_request(self, request: httpx.Request) -> httpx.Request:
        import httpx

        try:
            url = httpx.URL(self.text(str(request.url.copy_with(userinfo=b""))))
        except httpx.InvalidURL:
            url = httpx.URL("")  # the replaced text made it invalid
        return httpx.Request(request.method, url, headers=list(self._headers(request.headers.raw)))

    def _headers(self, raw: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
        redacted = self._keys | _COOKIES
        for name, value in raw:
            yield name, REDACTED.encode() if name.decode("latin-1").lower() in redacted else self._bytes(value)

    def _bytes(self, content: bytes) -> bytes:
        # Latin-1 maps every byte to one character and back, so bytes that are not text survive.
        return self.text(content.decode("latin-1")).encode("latin-1")


def _encoded_forms(secrets: Iterable[str]) -> set[str]:
    """Return the secrets unchanged, percent-encoded as in a URL, and escaped as in JSON."""
    return {form for text in secrets if text for form in (text, quote(text, safe=""), json.dumps(text)[1:-1])}
