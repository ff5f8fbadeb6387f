"""Errors hold nothing of a key, survive any body, and can be pickled."""

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
from litellm_proxy_client._wire.redact import REDACTED, Redactor
from litellm_proxy_client.exceptions import (
    InternalServerError,
    LiteLLMProxyError,
    RateLimitError,
    StreamError,
)
from litellm_proxy_client.types.chat import ChatCompletion

T = TypeVar("T")
TREE = [kind for _, kind in inspect.getmembers(exceptions, inspect.isclass) if issubclass(kind, LiteLLMProxyError)]
KEYS = ["sk-client-Secret_0123456789", "a/b+c=d e%f&g", 'quo"te\\back', "sk-(.*)+[x]$", "plain"]
HEADERS = ["Authorization", "x-litellm-api-key", "API-Key", "X-Operators-Own-Name"]


def exchange(key: str, header: str = "Authorization", status: int = 401) -> httpx.Response:
    """A request and answer with a key in every place that can hold one."""
    sent = {header: f"Bearer {key}", "x-echo": f"key={key}", "cookie": "session=cookie-secret"}
    params = {"key": key, "page": "1"}
    request = httpx.Request(
        "POST", "http://user:userinfo-secret@proxy.test/key/info", params=params, headers=sent, json={"key": key}
    )
    request.extensions["trace"] = lambda: key
    message = f"Your key {key} is wrong: {{'key': {key!r}}}"
    body = {"error": {"message": message, "type": key, "param": key, "code": key}, key: [key, {"x": f"a{key}b"}]}
    answered = {"x-litellm-key-echo": key, "set-cookie": "session=cookie-secret", "location": f"http://h/?k={key}"}
    return httpx.Response(status, headers=answered, content=json.dumps(body).encode(), request=request)


def errors(key: str, header: str) -> Iterator[LiteLLMProxyError]:
    redaction: Any = {"auth_header": header, "secrets": (key,)}
    for status in (302, 400, 401, 422, 500):
        yield error_of_response(exchange(key, header, status), kind="admin", **redaction)
    answer = exchange(key, header, 200)
    for frame in (json.loads(answer.content), f"no JSON, but {key}", {"error": {"message": key, "code": "429"}}):
        yield error_of_event(frame, answer, kind="completion", **redaction)
    yield invalid_response_error(answer, f"it holds {key}", **redaction)
    yield stream_error(StreamError, f"it broke at {key}", answer, **redaction)
    cause = OSError(key)
    for failure in (httpx.ConnectError(f"for {key}"), httpx.ReadError(key), httpx.ReadTimeout(key), cause):
        failure.__cause__ = cause
        yield connection_error(failure, answer.request, **redaction)
    yield deadline_error(answer.request, seconds=1, attempts=1, sent=True, **redaction)


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("key", KEYS)
def test_no_error_holds_the_key(key: str, header: str) -> None:
    forms = {key, httpx.QueryParams({"": key}).__str__()[1:], json.dumps(key)[1:-1], "userinfo-secret", "cookie-secret"}
    for error in errors(key, header):
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


def test_the_copies_keep_what_is_no_secret() -> None:
    error = error_of_response(exchange(KEYS[0]), kind="admin", auth_header="Authorization", secrets=KEYS[:1])
    assert str(error.request.url) == "http://proxy.test/key/info?key=REDACTED&page=1"
    assert error.request.method == "POST"
    assert error.request.headers["x-echo"] == "key=REDACTED"
    assert error.request.headers["content-type"] == "application/json"
    assert error.message == "Your key REDACTED is wrong: {'key': 'REDACTED'}"
    assert error.response.json()["REDACTED"] == ["REDACTED", {"x": "aREDACTEDb"}]
    assert error.response.headers["location"] == "http://h/?k=REDACTED"


def test_a_key_that_only_the_request_holds_is_a_secret_too() -> None:
    answer = exchange("sk-of-this-call", "x-api-key")
    error = error_of_response(answer, kind="admin", auth_header="Authorization", secrets=("sk-of-the-client",))
    assert "sk-of-this-call" not in str(vars(error)) + error.response.text + str(error.request.headers.raw)


def test_of_two_keys_that_begin_alike_nothing_is_left() -> None:
    request = httpx.Request("GET", "http://proxy.test/")
    for secrets in (("sk-1", "sk-1234"), ("sk-1234", "sk-1"), ("", "sk-1234")):
        assert "234" not in Redactor(request, "Authorization", secrets).text("sk-1234 sk-1 sk-1234")


def test_a_key_is_not_cut_in_two_by_shortening() -> None:
    for length in range(MAX_MESSAGE - 30, MAX_MESSAGE + 5):
        answer = exchange(KEYS[0], status=500)
        answer = httpx.Response(500, content=b"x" * length + KEYS[0].encode() * 9, request=answer.request)
        error = error_of_response(answer, kind="admin", auth_header="Authorization", secrets=KEYS[:1])
        assert "sk-" not in error.message
        assert len(error.message) < MAX_MESSAGE + 50


def test_an_answer_that_was_compressed() -> None:
    import gzip

    answer = httpx.Response(
        500,
        headers={"content-encoding": "gzip", "transfer-encoding": "chunked"},
        content=gzip.compress(b'{"detail": "sk-1234"}'),
        request=httpx.Request("GET", "http://proxy.test/"),
    )
    error = error_of_response(answer, kind="admin", auth_header="Authorization", secrets=("sk-1234",))
    assert error.response.json() == error.body == {"detail": "REDACTED"}
    assert error.response.headers["content-length"] == str(len(error.response.content))


def test_headers_that_are_not_ascii() -> None:
    answer = httpx.Response(500, headers=[(b"x-name", b"M\xfcller sk-1234")], request=httpx.Request("GET", "http://h/"))
    error = error_of_response(answer, kind="admin", auth_header="Authorization", secrets=("sk-1234",))
    assert error.proxy is not None
    assert error.proxy.headers["x-name"] == "Müller REDACTED"


def duplicates(error: T) -> Sequence[T]:
    return [pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)]


@pytest.mark.parametrize("kind", TREE)
def test_every_class_can_be_pickled_and_copied(kind: type[LiteLLMProxyError]) -> None:
    error = kind("It broke.")
    error.chunks = 6
    error.partial = ChatCompletion.model_validate({"id": "c1", "choices": [{"message": {"content": "Hel"}}]})
    for duplicate in duplicates(error):
        assert type(duplicate) is kind
        assert (duplicate.message, duplicate.args, duplicate.chunks) == ("It broke.", ("It broke.",), 6)
        assert duplicate.partial == error.partial
        assert str(duplicate) == str(error)
    assert vars(kind())["message"] == ""


def test_an_error_with_everything_on_it_can_be_pickled() -> None:
    error = error_of_response(
        exchange(KEYS[0], status=429), kind="admin", auth_header="Authorization", secrets=KEYS[:1]
    )
    for duplicate in duplicates(error):
        assert type(duplicate) is RateLimitError
        assert vars(duplicate).keys() == vars(error).keys()
        assert duplicate.response.json() == error.response.json()
        assert duplicate.response.request.url == error.request.url
        assert duplicate.proxy is not None
        assert duplicate.proxy.headers["x-litellm-key-echo"] == REDACTED


HOSTILE = [
    b"[" * 100_000,
    b'{"error":' * 5_000 + b"1" + b"}" * 5_000,
    b'{"error":' * 90 + b'"deep"' + b"}" * 90,
    b'{"detail":[' * 40 + b"1" + b"]}" * 40,
    json.dumps({"error": {"message": "{" + "[" * 9_000}}).encode(),
    json.dumps({"error": {"message": "{1:" + "-" * 9_000 + "1}"}}).encode(),
    json.dumps({"error": {"message": "{'error':" * 1_000 + "1" + "}" * 1_000}}).encode(),
    json.dumps({"error": {"message": "{'error': {'a', b'b', 1j, ...}, **x}"}}).encode(),
    json.dumps({"error": {"message": "{[]: 1}"}}).encode(),
    json.dumps({"error": {"message": "{" + "'a': 1, " * 100_000 + "}"}}).encode(),
    b'{"error":{"code":' + b"9" * 5_000 + b"}}",
    b'{"error":{"code":' + b"9" * 4_000 + b',"message":"' + b"m" * 1_000_000 + b'"}}',
    b'{"error":{"message":"\\ud800\\u001b[2J\\r\\u0000\\u202e"}}',
    b'{"detail":[{"loc":{"a":1},"msg":["x"]}, null, [], {"loc":[null,[]],"msg":"m"}]}',
    b'{"error":NaN,"detail":Infinity}',
    b'{"error":{"message":{"message":{"message":[["x"]]}},"type":{},"param":[],"code":1e999}}',
    b"\xff\xfe\x00\x01",
    b"\xef\xbb\xbf{}",
    b"<html>" * 100_000,
    b"<title " * 100_000,
    b'"' + b"A: " * 300_000 + b'"',
    b"null",
    b"0",
    b'""',
]


def all_kinds(content: bytes, status: int, content_type: str = "application/json") -> Iterator[LiteLLMProxyError]:
    request = httpx.Request("GET", "http://proxy.test/")
    answer = httpx.Response(status, headers={"content-type": content_type}, content=content, request=request)
    redaction: Any = {"auth_header": "Authorization", "secrets": ("sk-1234",)}
    yield error_of_response(answer, kind="admin", **redaction)
    yield invalid_response_error(answer, content[:50].decode("latin-1"), **redaction)
    try:
        frame = json.loads(content)
    except (ValueError, RecursionError):
        frame = content.decode("latin-1")
    yield error_of_event(frame, answer, kind="completion", **redaction)


def check(error: LiteLLMProxyError) -> None:
    assert 0 < len(error.message) <= MAX_MESSAGE + 200
    assert str(error).encode()
    assert "\x1b" not in error.message
    assert str(duplicates(error)[0]) == str(duplicates(error)[2]) == str(error)


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
def test_no_body_makes_it_fail(content: bytes) -> None:
    for status in (400, 500):
        for content_type in ("application/json", "text/html; charset=base64", "text/plain; charset=zlib"):
            for error in all_kinds(content, status, content_type):
                check(error)


def test_no_random_body_makes_it_fail() -> None:
    dice = random.Random(3)
    words = ["error", "detail", "message", "type", "param", "code", "title", "msg", "loc", "None", "", "{'error': 'x'}"]

    def value(depth: int) -> object:
        kind = dice.randrange(3 if depth > 6 else 6)
        if kind == 4:
            return {dice.choice(words): value(depth + 1) for _ in range(dice.randrange(5))}
        if kind == 5:
            return [value(depth + 1) for _ in range(dice.randrange(4))]
        return dice.choice([*words, None, True, 0, 429, "429", -1.5, "\ud83d", "{'a': "])

    for _ in range(1_000):
        for error in all_kinds(json.dumps(value(0)).encode(), dice.choice([400, 404, 422, 500, 599])):
            check(error)


def test_a_traceback_shows_what_happened() -> None:
    error = error_of_response(
        exchange(KEYS[0], status=500), kind="admin", auth_header="Authorization", secrets=KEYS[:1]
    )
    with pytest.raises(InternalServerError) as caught:
        raise error from None
    last = traceback.format_exception(caught.value)[-1]
    assert last.startswith("litellm_proxy_client.exceptions.InternalServerError: Your key REDACTED is wrong")
    assert "(status 500, type REDACTED, param REDACTED)" in last


def test_errors_cost_no_import_of_httpx_or_pydantic() -> None:
    modules = "exceptions", "_wire.errors", "_wire.retry", "_wire.redact"
    imports = "; ".join(f"import litellm_proxy_client.{module}" for module in modules)
    program = f"{imports}; import sys; sys.exit(bool({{'httpx', 'pydantic', 'anyio'}} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
