"""Pure: a `Call` and the client's options make the `httpx.Request` that is sent."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlencode, urlsplit

from ..exceptions import UsageError
from .config import ClientConfig, check_header, user_agent
from .operation import Null, Operation, QueryValue

if TYPE_CHECKING:
    import httpx

CALL_ID = "x-litellm-call-id"
# Of what is asked for again and again the address is parsed once; names and ids in paths would fill any store.
_MAX_URLS = 64
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "DELETE", "CONNECT"})
_BODY_OPTIONS = frozenset({"content", "data", "files"})


class RequestBuilder:
    """Makes the requests of a client; what all of them have in common is made once.

    Args:
        options: The client's options.
        make: `httpx.Request`, or the `build_request` of a client that was given.
    """

    def __init__(self, options: ClientConfig, make: Callable[..., httpx.Request] | None) -> None:
        self._options = options
        self._make = make
        self._heads: dict[tuple[bool, ...], list[tuple[str, str]]] = {}
        self._urls: dict[str, httpx.URL] = {}

    def build(self, call: Operation[Any], *, stream: bool = False) -> httpx.Request:
        """The request of a call, ready to be sent.

        Raises:
            UsageError: A parameter cannot be expressed as JSON, or a header or query parameter is malformed.
        """
        import httpx

        if call.request is not None:
            return call.request
        options = self._options
        content = b"" if call.json is None else encode_json(call.json)
        headers = self._head(call, stream)
        if call.headers:
            headers = _merged([*headers, (CALL_ID, str(uuid.uuid4()))], call.headers)
        elif not _has(headers, CALL_ID):
            headers = [*headers, (CALL_ID, str(uuid.uuid4()))]
        try:
            url = self._url(call)
            if self._make is None and not call.options:
                length = [("Content-Length", str(len(content)))] if content or call.method not in _BODILESS else []
                request = httpx.Request(call.method, url, headers=headers + length, stream=httpx.ByteStream(content))
                request.read()
            else:
                extra = dict(call.options or {})
                if call.json is not None:
                    extra["content"] = content
                request = (self._make or httpx.Request)(call.method, url, headers=headers, **extra)
        except (TypeError, ValueError, httpx.InvalidURL) as error:
            raise UsageError(f"the request cannot be made: {error}") from None
        if options.auth is not None and not _has(headers, options.auth_header):
            # Not before now: a failure above shows its local variables in some tracebacks.
            request.headers[options.auth_header] = options.auth.value
        return request

    def _head(self, call: Operation[Any], stream: bool) -> list[tuple[str, str]]:
        """The headers that every such call has, but for its id and the key."""
        bodied = not _BODY_OPTIONS & (call.options or {}).keys()
        change = call.method != "GET" and call.kind == "admin"
        ready = self._heads.get((stream, bodied, change))
        if ready is None:
            options = self._options
            headers = [
                ("Host", urlsplit(options.base_url).netloc),
                ("Accept", "text/event-stream" if stream else "application/json"),
                # Compression would hold chunks of a stream back.
                ("Accept-Encoding", "identity" if stream else "gzip, deflate"),
                ("User-Agent", user_agent()),
            ]
            if bodied:
                headers.append(("Content-Type", "application/json"))
            if options.changed_by is not None and change:
                headers.append(("litellm-changed-by", options.changed_by))
            ready = self._heads[stream, bodied, change] = _merged(headers, options.headers)
        return ready

    def _url(self, call: Operation[Any]) -> httpx.URL:
        import httpx

        text = url_of(call, self._options)
        url = self._urls.get(text)
        if url is None:
            url = httpx.URL(text)
            if len(self._urls) < _MAX_URLS:
                self._urls[text] = url
        return url


def _has(headers: list[tuple[str, str]], name: str) -> bool:
    name = name.lower()
    return any(other.lower() == name for other, _ in headers)


def _merged(headers: list[tuple[str, str]], more: Mapping[str, str]) -> list[tuple[str, str]]:
    """The headers, with those of the caller in place of others of the same name."""
    for name, value in more.items():
        check_header(name, value)
    names = {name.lower() for name in more}
    return [*(pair for pair in headers if pair[0].lower() not in names), *more.items()]


def url_of(call: Operation[Any], options: ClientConfig) -> str:
    """The absolute address of a call."""
    url = options.base_url + call.path
    query = encode_query({**options.query, **(call.query or {})}) if options.query or call.query else ""
    return f"{url}{'&' if '?' in call.path else '?'}{query}" if query else url


def encode_query(query: Mapping[str, QueryValue]) -> str:
    """Percent-encoded query parameters; `None` is left out and a sequence repeats its name."""
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        if value is None:
            continue
        values = [value] if isinstance(value, (str, int, float)) else value
        pairs.extend((name, _text(name, item)) for item in values)
    try:
        return urlencode(pairs, quote_via=quote, safe="")
    except UnicodeEncodeError:
        raise UsageError("a query parameter holds half a surrogate pair, which UTF-8 cannot express") from None


def _text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise UsageError(f"query parameter {name!r} must be a string, number or boolean, not {type(value).__name__}")


def encode_json(body: object) -> bytes:
    """JSON as it is sent: top-level `None` values left out, models as the proxy sent them.

    Raises:
        UsageError: A value has no JSON form.
    """
    if isinstance(body, Mapping):
        fields = cast("Mapping[str, object]", body)
        body = {name: value for name, value in fields.items() if value is not None}
    try:
        text = json.dumps(body, default=_plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.encode()
    except UnicodeEncodeError:
        raise UsageError("a text holds half a surrogate pair, which UTF-8 cannot express") from None
    except RecursionError:
        raise UsageError("the body is nested too deeply, or holds itself") from None
    except (TypeError, ValueError) as error:
        raise UsageError(f"the body cannot be expressed as JSON: {error}") from None


def _plain(value: object) -> object:
    if isinstance(value, Null):
        return None
    from pydantic import BaseModel
    from pydantic_core import to_jsonable_python

    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_unset=True)
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, object]", value))
    return to_jsonable_python(value)
