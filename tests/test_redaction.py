"""Errors never contain a key, can be built from any body, and can be pickled."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
import random
import subprocess
import sys
import traceback
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import httpx
import pytest

from litellm_proxy_client import exceptions
from litellm_proxy_client._wire.errors import (
    MAX_MESSAGE,
    connection_error,
    deadline_error,
    error_of_event,
    error_of_response,
    invalid_response_error,
    stream_error,
)
from litellm_proxy_client._wire.operation import INFERENCE, MANAGEMENT
from litellm_proxy_client._wire.redact import REDACTED, Redactor
from litellm_proxy_client.exceptions import (
    InternalServerError,
    LiteLLMProxyError,
    RateLimitError,
    StreamError,
)
from litellm_proxy_client.types.chat import ChatCompletion

T = TypeVar("T")
ERROR_CLASSES = [
    kind for _, kind in inspect.getmembers(exceptions, inspect.isclass) if issubclass(kind, LiteLLMProxyError)
]
KEYS = ["sk-client-Secret_0123456789", "a/b+c=d e%f&g", 'quo"te\\back', "sk-(.*)+[x]$", "plain"]
HEADERS = ["Authorization", "x-litellm-api-key", "API-Key", "X-Operators-Own-Name"]


def response_with_key(key: str, header: str = "Authorization", status: int = 401) -> httpx.Response:
    """Return a response, with its request, that contains a key in every place that can hold one."""
    request_headers = {header: f"Bearer {key}", "x-echo": f"key={key}", "cookie": "session=cookie-secret"}
    params = {"key": key, "page": "1"}
    request = httpx.Request(
        "POST",
        "http://user:userinfo-secret@proxy.test/key/info",
        params=params,
        headers=request_headers,
        json={"key": key},
    )
    request.extensions["trace"] = lambda: key
    message = f"Your key {key} is wrong: {{'key': {key!r}}}"
    body = {"error": {"message": message, "type": key, "param": key, "code": key}, key: [key, {"x": f"a{key}b"}]}
    response_headers = {
        "x-litellm-key-echo": key,
        "set-cookie": "session=cookie-secret",
        "location": f"http://h/?k={key}",
    }
    return httpx.Response(status, headers=response_headers, content=json.dumps(body).encode(), request=request)


def errors_with_key(key: str, header: str) -> Iterator[LiteLLMProxyError]:
    redaction: Any = {"auth_header": header, "secrets": (key,)}
    for status in (302, 400, 401, 422, 500):
        yield error_of_response(response_with_key(key, header, status), rules=MANAGEMENT, **redaction)
    response = response_with_key(key, header, 200)
    for event in (json.loads(response.content), f"not JSON, but {key}", {"error": {"message": key, "code": "429"}}):
        yield error_of_event(event, response, rules=INFERENCE, **redaction)
    yield invalid_response_error(response, f"it contains {key}", rules=INFERENCE, **redaction)
    yield stream_error(StreamError, f"it broke at {key}", response, **redaction)
    cause = OSError(key)
    for failure in (httpx.ConnectError(f"for {key}"), httpx.ReadError(key), httpx.ReadTimeout(key), cause):
        failure.__cause__ = cause
        yield connection_error(failure, response.request, **redaction)
    yield deadline_error(response.request, seconds=1, attempts=1, sent=True, **redaction)


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("key", KEYS)
def test_no_error_contains_the_key(key: str, header: str) -> None:
    forms = {key, httpx.QueryParams({"": key}).__str__()[1:], json.dumps(key)[1:-1], "userinfo-secret", "cookie-secret"}
    for error in errors_with_key(key, header):
        request, response = error.request, error.response
        assert request is not None
        shown = [
            str(error),
            repr(error),
            "".join(traceback.format_exception(error)),
            str(vars(error)),
            str(request.url),
        ]
        shown += [str(request.headers.raw), pickle.dumps(error).decode("latin-1"), repr(error.proxy)]
        if error.proxy is not None:
            shown.append(str(error.proxy.headers))
        if response is not None:
            shown += [str(response.headers.raw), response.text, repr(error.body)]
            assert response.request is request
        for form in forms:
            assert not any(form in text for text in shown), (type(error), form)
        assert request.headers[header] == REDACTED
        assert request.content == b""


def test_copied_request_and_response_keep_other_values() -> None:
    error = error_of_response(
        response_with_key(KEYS[0]), rules=MANAGEMENT, auth_header="Authorization", secrets=KEYS[:1]
    )
    assert str(error.request.url) == "http://proxy.test/key/info?key=REDACTED&page=1"
    assert error.request.method == "POST"
    assert error.request.headers["x-echo"] == "key=REDACTED"
    assert error.request.headers["content-type"] == "application/json"
    assert error.message == "Your key REDACTED is wrong: {'key': 'REDACTED'}"
    assert error.response.json()["REDACTED"] == ["REDACTED", {"x": "aREDACTEDb"}]
    assert error.response.headers["location"] == "http://h/?k=REDACTED"


def test_key_of_a_single_request_is_redacted() -> None:
    response = response_with_key("sk-of-this-call", "x-api-key")
    error = error_of_response(response, rules=MANAGEMENT, auth_header="Authorization", secrets=("sk-of-the-client",))
    assert "sk-of-this-call" not in str(vars(error)) + error.response.text + str(error.request.headers.raw)


def test_keys_with_a_common_prefix_are_fully_redacted() -> None:
    request = httpx.Request("GET", "http://proxy.test/")
    for secrets in (("sk-1", "sk-1234"), ("sk-1234", "sk-1"), ("", "sk-1234")):
        assert "234" not in Redactor(request, "Authorization", secrets).text("sk-1234 sk-1 sk-1234")


def test_truncated_message_contains_no_part_of_the_key() -> None:
    for length in range(MAX_MESSAGE - 30, MAX_MESSAGE + 5):
        response = response_with_key(KEYS[0], status=500)
        response = httpx.Response(500, content=b"x" * length + KEYS[0].encode() * 9, request=response.request)
        error = error_of_response(response, rules=MANAGEMENT, auth_header="Authorization", secrets=KEYS[:1])
        assert "sk-" not in error.message
        assert len(error.message) < MAX_MESSAGE + 50


def test_compressed_response_is_decompressed_and_redacted() -> None:
    import gzip

    response = httpx.Response(
        500,
        headers={"content-encoding": "gzip", "transfer-encoding": "chunked"},
        content=gzip.compress(b'{"detail": "sk-1234"}'),
        request=httpx.Request("GET", "http://proxy.test/"),
    )
    error = error_of_response(response, rules=MANAGEMENT, auth_header="Authorization", secrets=("sk-1234",))
    assert error.response.json() == error.body == {"detail": "REDACTED"}
    assert error.response.headers["content-length"] == str(len(error.response.content))


def test_non_ascii_headers_are_redacted() -> None:
    response = httpx.Response(
        500, headers=[(b"x-name", b"M\xfcller sk-1234")], request=httpx.Request("GET", "http://h/")
    )
    error = error_of_response(response, rules=MANAGEMENT, auth_header="Authorization", secrets=("sk-1234",))
    assert error.proxy is not None
    assert error.proxy.headers["x-name"] == "Müller REDACTED"


def copies_of(error: T) -> Sequence[T]:
    return [pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)]


@pytest.mark.parametrize("kind", ERROR_CLASSES)
def test_every_error_class_can_be_pickled_and_copied(kind: type[LiteLLMProxyError]) -> None:
    error = kind("It broke.")
    error.chunks = 6
    error.partial = ChatCompletion.model_validate({"id": "c1", "choices": [{"message": {"content": "Hel"}}]})
    for copied in copies_of(error):
        assert type(copied) is kind
        assert (copied.message, copied.args, copied.chunks) == ("It broke.", ("It broke.",), 6)
        assert copied.partial == error.partial
        assert str(copied) == str(error)
    assert vars(kind())["message"] == ""


def test_error_with_all_attributes_can_be_pickled() -> None:
    error = error_of_response(
        response_with_key(KEYS[0], status=429), rules=MANAGEMENT, auth_header="Authorization", secrets=KEYS[:1]
    )
    for copied in copies_of(error):
        assert type(copied) is RateLimitError
        assert vars(copied).keys() == vars(error).keys()
        assert copied.response.json() == error.response.json()
        assert copied.response.request.url == error.request.url
        assert copied.proxy is not None
        assert copied.proxy.headers["x-litellm-key-echo"] == REDACTED


HOSTILE_BODIES = {
    "deep array": b"[" * 100_000,
    "deep error object": b'{"error":' * 5_000 + b"1" + b"}" * 5_000,
    "error object of 90 levels": b'{"error":' * 90 + b'"deep"' + b"}" * 90,
    "detail of 40 levels": b'{"detail":[' * 40 + b"1" + b"]}" * 40,
    "message that begins like deep JSON": json.dumps({"error": {"message": "{" + "[" * 9_000}}).encode(),
    "message with many minus signs": json.dumps({"error": {"message": "{1:" + "-" * 9_000 + "1}"}}).encode(),
    "message that is a deep Python literal": json.dumps(
        {"error": {"message": "{'error':" * 1_000 + "1" + "}" * 1_000}}
    ).encode(),
    "message that is an invalid Python literal": json.dumps(
        {"error": {"message": "{'error': {'a', b'b', 1j, ...}, **x}"}}
    ).encode(),
    "message with an unhashable key": json.dumps({"error": {"message": "{[]: 1}"}}).encode(),
    "message with 100,000 entries": json.dumps({"error": {"message": "{" + "'a': 1, " * 100_000 + "}"}}).encode(),
    "code of 5,000 digits": b'{"error":{"code":' + b"9" * 5_000 + b"}}",
    "code of 4,000 digits and a large message": b'{"error":{"code":'
    + b"9" * 4_000
    + b',"message":"'
    + b"m" * 1_000_000
    + b'"}}',
    "message with a surrogate and control characters": b'{"error":{"message":"\\ud800\\u001b[2J\\r\\u0000\\u202e"}}',
    "detail with unexpected types": b'{"detail":[{"loc":{"a":1},"msg":["x"]}, null, [], {"loc":[null,[]],"msg":"m"}]}',
    "NaN and Infinity": b'{"error":NaN,"detail":Infinity}',
    "error with values of unexpected types": (
        b'{"error":{"message":{"message":{"message":[["x"]]}},"type":{},"param":[],"code":1e999}}'
    ),
    "invalid UTF-8": b"\xff\xfe\x00\x01",
    "byte order mark": b"\xef\xbb\xbf{}",
    "large HTML": b"<html>" * 100_000,
    "unclosed titles": b"<title " * 100_000,
    "large JSON string": b'"' + b"A: " * 300_000 + b'"',
    "null": b"null",
    "number": b"0",
    "empty string": b'""',
}


def errors_from(content: bytes, status: int, content_type: str = "application/json") -> Iterator[LiteLLMProxyError]:
    request = httpx.Request("GET", "http://proxy.test/")
    response = httpx.Response(status, headers={"content-type": content_type}, content=content, request=request)
    redaction: Any = {"auth_header": "Authorization", "secrets": ("sk-1234",)}
    yield error_of_response(response, rules=MANAGEMENT, **redaction)
    yield invalid_response_error(response, content[:50].decode("latin-1"), rules=INFERENCE, **redaction)
    try:
        event = json.loads(content)
    except (ValueError, RecursionError):
        event = content.decode("latin-1")
    yield error_of_event(event, response, rules=INFERENCE, **redaction)


def assert_valid(error: LiteLLMProxyError) -> None:
    assert 0 < len(error.message) <= MAX_MESSAGE + 200
    assert str(error).encode()
    assert "\x1b" not in error.message
    assert str(copies_of(error)[0]) == str(copies_of(error)[2]) == str(error)


@pytest.mark.parametrize("content", HOSTILE_BODIES.values(), ids=HOSTILE_BODIES.keys())
def test_any_body_becomes_an_error(content: bytes) -> None:
    for status in (400, 500):
        for content_type in ("application/json", "text/html; charset=base64", "text/plain; charset=zlib"):
            for error in errors_from(content, status, content_type):
                assert_valid(error)


def test_random_body_becomes_an_error() -> None:
    rng = random.Random(3)
    words = ["error", "detail", "message", "type", "param", "code", "title", "msg", "loc", "None", "", "{'error': 'x'}"]

    def value(depth: int) -> object:
        kind = rng.randrange(3 if depth > 6 else 6)
        if kind == 4:
            return {rng.choice(words): value(depth + 1) for _ in range(rng.randrange(5))}
        if kind == 5:
            return [value(depth + 1) for _ in range(rng.randrange(4))]
        return rng.choice([*words, None, True, 0, 429, "429", -1.5, "\ud83d", "{'a': "])

    for _ in range(1_000):
        for error in errors_from(json.dumps(value(0)).encode(), rng.choice([400, 404, 422, 500, 599])):
            assert_valid(error)


def test_traceback_ends_with_the_error_message() -> None:
    error = error_of_response(
        response_with_key(KEYS[0], status=500), rules=MANAGEMENT, auth_header="Authorization", secrets=KEYS[:1]
    )
    with pytest.raises(InternalServerError) as caught:
        raise error from None
    last = traceback.format_exception(caught.value)[-1]
    assert last.startswith("litellm_proxy_client.exceptions.InternalServerError: Your key REDACTED is wrong")
    assert "(status 500, type REDACTED, param REDACTED)" in last


def test_importing_errors_does_not_import_httpx_or_pydantic() -> None:
    modules = "exceptions", "_wire.errors", "_wire.retry", "_wire.redact"
    imports = "; ".join(f"import litellm_proxy_client.{module}" for module in modules)
    program = f"{imports}; import sys; sys.exit(bool({{'httpx', 'pydantic', 'anyio'}} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
