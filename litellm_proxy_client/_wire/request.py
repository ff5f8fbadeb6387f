"""Pure: build the `httpx.Request` of an operation with the client's options."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlencode, urlsplit

from ..exceptions import UsageError
from .config import ClientConfig, check_header, user_agent
from .operation import Operation
from .parameters import Null, QueryValue
from .response import EVENT_STREAM

if TYPE_CHECKING:
    import httpx

CALL_ID = "x-litellm-call-id"
# Parsed URLs are cached, but only so many: with names and ids in paths, an unlimited cache would grow without end.
_MAX_URLS = 64
_METHODS_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "DELETE", "CONNECT"})
# With one of these options, httpx sets the content type itself.
_BODY_OPTIONS = frozenset({"content", "data", "files"})


class RequestBuilder:
    """Builds the requests of a client; what they have in common is built once.

    Args:
        options: The client's options.
        build_request: The method of the user's own `httpx.AsyncClient`, which adds its headers and cookies; `None`
            without one.
    """

    def __init__(self, options: ClientConfig, build_request: Callable[..., httpx.Request] | None) -> None:
        self._options = options
        self._build_request = build_request
        self._common_headers: dict[tuple[str, bool, bool], list[tuple[str, str]]] = {}
        self._urls: dict[str, httpx.URL] = {}

    def build(self, operation: Operation[Any]) -> httpx.Request:
        """Build the request of an operation, ready to be sent.

        Raises:
            UsageError: The body cannot be serialized as JSON, or a header or query parameter is invalid.
        """
        import httpx

        if operation.request is not None:
            return operation.request
        options = self._options
        content = b"" if operation.json is None else encode_json(operation.json)
        headers = self._headers_for(operation)
        if operation.headers:
            headers = _merge_headers([*headers, (CALL_ID, str(uuid.uuid4()))], operation.headers)
        elif not _has_header(headers, CALL_ID):
            headers = [*headers, (CALL_ID, str(uuid.uuid4()))]
        try:
            url = self._url(operation)
            if self._build_request is None and not operation.options:
                has_length = content or operation.method not in _METHODS_WITHOUT_BODY
                length = [("Content-Length", str(len(content)))] if has_length else []
                # Given a stream, httpx skips its own encoding of the body and its default headers, which are set here.
                request = httpx.Request(
                    operation.method, url, headers=headers + length, stream=httpx.ByteStream(content)
                )
                request.read()  # makes `request.content` readable; a ByteStream needs no I/O
            else:
                extra = dict(operation.options or {})
                if operation.json is not None:
                    extra["content"] = content
                request = (self._build_request or httpx.Request)(operation.method, url, headers=headers, **extra)
        except (TypeError, ValueError, httpx.InvalidURL) as error:
            raise UsageError(f"the request is invalid: {error}") from None
        if options.auth is not None and not _has_header(headers, options.auth_header):
            # Add the key last: some traceback tools print local variables, and an error above would show it.
            request.headers[options.auth_header] = options.auth.value
        return request

    def _headers_for(self, operation: Operation[Any]) -> list[tuple[str, str]]:
        """Return the headers that all operations of this kind share, without call id and key."""
        is_json = not _BODY_OPTIONS & (operation.options or {}).keys()
        is_change = operation.method != "GET" and operation.errors.needs_database
        accept = operation.response.accept
        common = self._common_headers.get((accept, is_json, is_change))
        if common is None:
            options = self._options
            headers = [
                ("Host", urlsplit(options.base_url).netloc),
                ("Accept", accept),
                # A compressing server buffers, which would delay the chunks of a stream.
                ("Accept-Encoding", "identity" if accept == EVENT_STREAM else "gzip, deflate"),
                ("User-Agent", user_agent()),
            ]
            if is_json:
                headers.append(("Content-Type", "application/json"))
            if options.changed_by is not None and is_change:
                headers.append(("litellm-changed-by", options.changed_by))
            common = self._common_headers[accept, is_json, is_change] = _merge_headers(headers, options.headers)
        return common

    def _url(self, operation: Operation[Any]) -> httpx.URL:
        import httpx

        text = build_url(operation, self._options)
        url = self._urls.get(text)
        if url is None:
            url = httpx.URL(text)
            if len(self._urls) < _MAX_URLS:
                self._urls[text] = url
        return url


def _has_header(headers: list[tuple[str, str]], name: str) -> bool:
    name = name.lower()
    return any(other.lower() == name for other, _ in headers)


def _merge_headers(headers: list[tuple[str, str]], overrides: Mapping[str, str]) -> list[tuple[str, str]]:
    """Add headers, which replace existing ones of the same name."""
    for name, value in overrides.items():
        check_header(name, value)
    names = {name.lower() for name in overrides}
    return [*(pair for pair in headers if pair[0].lower() not in names), *overrides.items()]


def build_url(operation: Operation[Any], options: ClientConfig) -> str:
    """Return the absolute URL of an operation."""
    url = options.base_url + operation.path
    query = encode_query({**options.query, **(operation.query or {})}) if options.query or operation.query else ""
    return f"{url}{'&' if '?' in operation.path else '?'}{query}" if query else url


def encode_query(query: Mapping[str, QueryValue]) -> str:
    """Percent-encode query parameters; `None` values are omitted, and a sequence repeats its name."""
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        if value is None:
            continue
        values = [value] if isinstance(value, (str, int, float)) else value
        pairs.extend((name, _query_text(name, item)) for item in values)
    try:
        return urlencode(pairs, quote_via=quote, safe="")
    except UnicodeEncodeError:
        raise UsageError("a query parameter contains a lone surrogate, which is not valid UTF-8") from None


def _query_text(name: str, value: object) -> str:
    if isinstance(value, bool):  # before int, which is its base class
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise UsageError(f"query parameter {name!r} must be a string, number or boolean, got {type(value).__name__}")


def encode_json(body: object) -> bytes:
    """Serialize a body as JSON: top-level `None` values are omitted, models are written as the proxy sent them.

    Raises:
        UsageError: A value cannot be serialized as JSON.
    """
    if isinstance(body, Mapping):
        fields = cast("Mapping[str, object]", body)
        body = {name: value for name, value in fields.items() if value is not None}
    try:
        text = json.dumps(body, default=_jsonable, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.encode()
    except UnicodeEncodeError:
        raise UsageError("a string in the body contains a lone surrogate, which is not valid UTF-8") from None
    except RecursionError:
        raise UsageError("the body is nested too deeply or contains itself") from None
    except (TypeError, ValueError) as error:
        raise UsageError(f"the body cannot be serialized as JSON: {error}") from None


def _jsonable(value: object) -> object:
    if isinstance(value, Null):
        return None
    from pydantic import BaseModel
    from pydantic_core import to_jsonable_python

    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_unset=True)
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, object]", value))
    return to_jsonable_python(value)
