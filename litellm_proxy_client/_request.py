"""Pure: a `Call` and the client's options make the `httpx.Request` that is sent."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlencode

from ._call import Call, Null, QueryValue
from ._options import Options, check_header, user_agent
from .exceptions import UsageError

if TYPE_CHECKING:
    import httpx

CALL_ID = "x-litellm-call-id"
_BODY_OPTIONS = frozenset({"content", "data", "files"})


def build(
    call: Call[Any], options: Options, make: Callable[..., httpx.Request], *, stream: bool = False
) -> httpx.Request:
    """The request of a call, ready to be sent.

    Raises:
        UsageError: A parameter cannot be expressed as JSON, or a header or query parameter is malformed.
    """
    import httpx

    if call.request is not None:
        return call.request
    extra = dict(call.options or {})
    content = None
    if call.json is not None:
        content = encode_json(call.json)
    headers = {
        "Accept": "text/event-stream" if stream else "application/json",
        # Compression would hold chunks of a stream back.
        "Accept-Encoding": "identity" if stream else "gzip, deflate",
        "User-Agent": user_agent(),
        CALL_ID: str(uuid.uuid4()),
    }
    if not _BODY_OPTIONS & extra.keys():
        headers["Content-Type"] = "application/json"
    if options.changed_by is not None and call.method != "GET" and call.kind == "admin":
        headers["litellm-changed-by"] = options.changed_by
    merged = httpx.Headers(headers)
    merged.update(options.headers)
    if call.headers:
        for name, value in call.headers.items():
            check_header(name, value)
        merged.update(call.headers)
    if content is not None:
        extra["content"] = content
    try:
        request = make(call.method, url_of(call, options), headers=merged, **extra)
    except (TypeError, ValueError, httpx.InvalidURL) as error:
        raise UsageError(f"the request cannot be made: {error}") from None
    if options.auth is not None and options.auth_header not in merged:
        # Not before now: a failure above shows its local variables in some tracebacks.
        request.headers[options.auth_header] = options.auth.value
    return request


def url_of(call: Call[Any], options: Options) -> str:
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
