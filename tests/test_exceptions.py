"""Construction of errors from responses and connection failures. The bodies are those of LiteLLM 1.106.2."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import httpx
import pytest

from litellm_proxy_client import exceptions
from litellm_proxy_client._wire.errors import (
    connection_error,
    deadline_error,
    error_of_event,
    error_of_response,
    invalid_response_error,
    stream_error,
)
from litellm_proxy_client._wire.operation import INFERENCE, MANAGEMENT, ErrorRules
from litellm_proxy_client.exceptions import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    BadGatewayError,
    BadRequestError,
    BudgetExceededError,
    ConflictError,
    ContentFilterError,
    ContextWindowExceededError,
    DatabaseRequiredError,
    GatewayTimeoutError,
    InternalServerError,
    InvalidResponseError,
    LiteLLMProxyError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    RequestTimeoutError,
    ServiceUnavailableError,
    StreamError,
    StreamTruncatedError,
    UnauthorizedError,
    UnprocessableEntityError,
)

KEY = "sk-client-Secret_0123456789"
URL = "http://proxy.test:4000/v1/chat/completions"
REDACTION: Any = {"auth_header": "Authorization", "secrets": (KEY,)}
NO_DATABASE = {"error": {"message": "No connected db.", "type": "no_db_connection", "param": None, "code": "400"}}
TREE = [kind for _, kind in inspect.getmembers(exceptions, inspect.isclass) if issubclass(kind, LiteLLMProxyError)]


def response(status: int, body: object = None, *, url: str = URL, **headers: str) -> httpx.Response:
    sent = {"Authorization": f"Bearer {KEY}", "x-litellm-call-id": "from-the-request"}
    request = httpx.Request("POST", url, headers=sent, json={"messages": [], "api_key": "sk-of-the-provider"})
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.Response(
        status, headers={n.replace("__", "-"): v for n, v in headers.items()}, content=content, request=request
    )


def error_of(status: int, body: object = None, rules: ErrorRules = INFERENCE, **headers: str) -> APIStatusError:
    return error_of_response(response(status, body, **headers), rules=rules, **REDACTION)


def error_body(
    message: str, type: str | None = None, code: str | int = "400", param: str | None = None
) -> dict[str, object]:
    return {"error": {"message": message, "type": type, "param": param, "code": code}}


@pytest.mark.parametrize(
    ("status", "type", "prefix", "kind"),
    [
        (400, "invalid_request_error", "litellm.BadRequestError: OpenAIException - Invalid value", BadRequestError),
        (
            400,
            "invalid_request_error",
            "litellm.ContextWindowExceededError: litellm.BadRequestError: ContextWindowExceededError: OpenAI -",
            ContextWindowExceededError,
        ),
        (
            400,
            "invalid_request_error",
            "litellm.BadRequestError: litellm.ContentPolicyViolationError: ContentPolicyViolationError: OpenAI -",
            ContentFilterError,
        ),
        (
            400,
            "invalid_request_error",
            "litellm.BadRequestError: ContextWindowExceededError: x",
            ContextWindowExceededError,
        ),
        (400, None, "litellm.BadRequestError: You said ContextWindowExceededError: ha", BadRequestError),
        (
            401,
            "authentication_error",
            "litellm.AuthenticationError: AuthenticationError: OpenAIException",
            UnauthorizedError,
        ),
        (401, "token_not_found_in_db", "Authentication Error, Invalid proxy server token passed.", UnauthorizedError),
        (403, "permission_error", "litellm.APIError: APIError: OpenAIException - ", PermissionDeniedError),
        (404, "invalid_request_error", "litellm.NotFoundError: OpenAIException - The model", NotFoundError),
        (405, None, "Method Not Allowed", APIStatusError),
        (408, "invalid_request_error", "litellm.Timeout: Timeout Error: OpenAIException", RequestTimeoutError),
        (409, "invalid_request_error", "litellm.BadRequestError: OpenAIException", ConflictError),
        (422, None, "body.max_budget: Input should be a valid number", UnprocessableEntityError),
        (
            429,
            "throttling_error",
            "litellm.RateLimitError: RateLimitError: ContextWindowExceededError: ",
            RateLimitError,
        ),
        (500, "internal_server_error", "litellm.InternalServerError: InternalServerError: ", InternalServerError),
        (502, "internal_server_error", "litellm.BadGatewayError: BadGatewayError: OpenAI - <html>", BadGatewayError),
        (503, "internal_server_error", "litellm.ServiceUnavailableError: ", ServiceUnavailableError),
        (503, "no_db_connection", "Service Unavailable, the authentication database", ServiceUnavailableError),
        (504, "internal_server_error", "litellm.Timeout: Timeout Error: ", GatewayTimeoutError),
        (
            529,
            "internal_server_error",
            "litellm.APIError: APIError: OpenAIException - Overloaded.",
            InternalServerError,
        ),
        (404, "internal_server_error", "Credential not found. Got credential name: x", NotFoundError),
        (422, "auth_error", "the type does not matter", UnprocessableEntityError),
        *[
            (status, "budget_exceeded", "Budget has been exceeded!", BudgetExceededError)
            for status in (400, 422, 429, 500)
        ],
        *[
            (status, f"{owner}_model_access_denied", "The requested model is not available", PermissionDeniedError)
            for owner in ("key", "team", "user", "customer", "org", "project", "agent")
            for status in (400, 401, 403)
        ],
        (404, "pet_model_access_denied", "not in the list", NotFoundError),
    ],
)
def test_status_determines_error_class(status: int, type: str | None, prefix: str, kind: type[APIStatusError]) -> None:
    for rules in (INFERENCE, MANAGEMENT):
        error = error_of(status, error_body(f"{prefix} and so on", type, code=str(status)), rules)
        assert error.__class__ is kind
        assert error.message == f"{prefix} and so on"
        assert (error.status_code, error.type, error.param, error.code) == (status, type, None, str(status))
        assert error.response.status_code == status


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("{'error': 'Model with id=nope not found in db'}", NotFoundError),
        ("Authentication Error, model not found", NotFoundError),
        ("Team id=nope does not exist", NotFoundError),
        ("Key with alias 'a' already exists. Unique key aliases are required.", ConflictError),
        ("start_date is required", BadRequestError),
    ],
)
def test_administration_400_maps_to_not_found_or_conflict(message: str, kind: type[APIStatusError]) -> None:
    error = error_of(400, error_body(message, "auth_error", param="None"), MANAGEMENT)
    assert type(error) is kind
    assert error.status_code == 400
    assert type(error_of(400, error_body(message), INFERENCE)) is BadRequestError


def test_no_database_response_maps_to_unauthorized_or_database_required() -> None:
    error = error_of(400, NO_DATABASE)
    assert type(error) is UnauthorizedError
    assert "the key is wrong" in error.message
    assert "without a database" in error.message
    administration = error_of(400, NO_DATABASE, MANAGEMENT)
    assert type(administration) is DatabaseRequiredError
    assert "without a database" in administration.message


@pytest.mark.parametrize(
    ("body", "message", "type", "param", "code"),
    [
        (
            error_body("Key not found.", "not_found_error", "404", "key"),
            "Key not found.",
            "not_found_error",
            "key",
            "404",
        ),
        (error_body("Oops", "None", 404, "None"), "Oops", None, None, "404"),
        (
            error_body("{'message': 'Team not found, passed team id: nope.'}"),
            "Team not found, passed team id: nope.",
            None,
            None,
            "400",
        ),
        (error_body("{'error': {'message': \"it's 'gone'\"}}"), "it's 'gone'", None, None, "400"),
        (error_body('{"error": "as JSON: true", "x": null}'), "as JSON: true", None, None, "400"),
        (error_body("{'error': object}"), "{'error': object}", None, None, "400"),
        ({"detail": "Not Found"}, "Not Found", None, None, None),
        ({"detail": {"error": "Model id = nope not found"}}, "Model id = nope not found", None, None, None),
        ({"detail": {"message": "gone", "type": "x"}}, "gone", "x", None, None),
        ({"detail": {"error": "unknown", "available_models": ["a"]}}, "unknown", None, None, None),
        ({"detail": {"error": {"message": "deep", "code": 7}}}, "deep", None, None, "7"),
        ({"error": "just text"}, "just text", None, None, None),
        (
            {
                "detail": [
                    {"type": "float_parsing", "loc": ["body", "max_budget"], "msg": "no number"},
                    {"msg": "and more"},
                ]
            },
            "body.max_budget: no number; request: and more",
            "float_parsing",
            "max_budget",
            None,
        ),
        (
            {
                "type": "urn:litellm:error:team-not-found",
                "title": "Team not found",
                "status": 404,
                "detail": "Team id=nope",
            },
            "Team id=nope",
            "urn:litellm:error:team-not-found",
            None,
            None,
        ),
        ({"type": "about:blank", "title": "Only a title"}, "Only a title", "about:blank", None, None),
        ({"status": "shutting_down"}, '{"status": "shutting_down"}', None, None, None),
        (b"upstream connect error", "upstream connect error", None, None, None),
        (
            b"<html><head><title>502 Bad Gateway</title></head>" + b"<p>" * 999,
            "a web page, '502 Bad Gateway'",
            None,
            None,
            None,
        ),
        (b"<!DOCTYPE html><p>hello", "a web page", None, None, None),
        (b"", "the proxy returned 404 Not Found with an empty body", None, None, None),
        (None, "the proxy returned 404 Not Found with an empty body", None, None, None),
    ],
)
def test_message_is_read_from_every_body_shape(
    body: object, message: str, type: str | None, param: str | None, code: str | None
) -> None:
    error = error_of(404, body)
    assert (error.message, error.type, error.param, error.code) == (message, type, param, code)
    if body and not isinstance(body, bytes):
        assert error.body == body


def test_budget_exceeded_error_has_spend_and_max_budget() -> None:
    text = "Budget has been exceeded! Key=key (sk-...hjjA) Current cost: 6.999999999999449e-05, Max budget: 5e-05"
    error = error_of(422, error_body(text, "budget_exceeded", "422"))
    assert isinstance(error, BudgetExceededError)
    assert (error.spend, error.max_budget) == (6.999999999999449e-05, 5e-05)
    for unclear in ("ExceededBudget: over", "Current cost: 1-2, Max budget: 3", "Current cost: 1, Max budget: e"):
        error = error_of(400, error_body(unclear, "budget_exceeded"))
        assert isinstance(error, BudgetExceededError)
        assert (error.spend, error.max_budget) == (None, None)


def test_error_has_values_of_response_headers() -> None:
    headers = {"x__litellm__call__id": "abc", "llm_provider__retry__after": "7", "x__litellm__response__cost": "0"}
    error = error_of(429, error_body("slow down"), INFERENCE, **headers)
    assert error.proxy is not None
    assert (error.call_id, error.retry_after, error.proxy.cost) == ("abc", 7.0, 0.0)
    assert str(error) == "slow down (status 429, retry after 7 s, call id abc)"
    assert repr(error) == "RateLimitError('slow down (status 429, retry after 7 s, call id abc)')"


def test_call_id_is_read_from_request_or_body() -> None:
    assert error_of(401, error_body("no")).call_id == "from-the-request"
    assert error_of(500, {"error": {"message": "no", "litellm_call_id": "from-the-body"}}).call_id == "from-the-body"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://login.test/sso?state=abc", "https://login.test"),
        ("//other.test:8443/x", "http://other.test:8443"),
        ("/v1/chat/completions/?a=abc", "http://proxy.test:4000"),
        ("https://user:abc@login.test/", "https://login.test"),
        ("http://[::1", "an invalid address"),
        ("http://a:abc/", "an invalid address"),
    ],
)
def test_redirect_error_names_only_origin_of_target(location: str, target: str) -> None:
    error = error_of(307, b"", location=location)
    assert type(error) is RedirectError
    assert error.message == f"the proxy redirects to {target}, which is not followed: check base_url"
    assert "abc" not in str(error)


@pytest.mark.parametrize(
    ("code", "kind", "status"),
    [
        ("429", RateLimitError, 429),
        (503, ServiceUnavailableError, 503),
        ("500", InternalServerError, 500),
        ("400", BadRequestError, 400),
        ("None", StreamError, 200),
        (None, StreamError, 200),
        ("half_way", StreamError, 200),
        ("200", StreamError, 200),
        ("4294967296", StreamError, 200),
        (True, StreamError, 200),
    ],
)
def test_code_of_stream_error_determines_error_class(code: Any, kind: type[LiteLLMProxyError], status: int) -> None:
    error = error_of_event(
        error_body("It broke.", code=code), response(200, b"data: ..."), rules=INFERENCE, **REDACTION
    )
    assert error.__class__ is kind
    assert (error.message, error.status_code) == ("It broke.", status)
    assert error.response is not None
    assert error.response.status_code == 200


def test_stream_error_event_without_json_is_stream_error() -> None:
    error = error_of_event("Internal Server Error", response(200), rules=INFERENCE, **REDACTION)
    assert type(error) is StreamError
    assert error.message == "Internal Server Error"
    assert "gave no reason" in error_of_event({}, response(200), rules=INFERENCE, **REDACTION).message


def test_success_status_with_invalid_body_maps_to_error() -> None:
    null_body = invalid_response_error(
        response(200, None), "it is null where an object is expected", rules=INFERENCE, **REDACTION
    )
    assert type(null_body) is InvalidResponseError
    assert null_body.message == "the proxy returned 200 with an invalid body: it is null where an object is expected"
    assert (null_body.status_code, null_body.body) == (200, None)
    page = invalid_response_error(response(200, b"<html>"), "it is not JSON", rules=INFERENCE, **REDACTION)
    assert (type(page), page.body) == (InvalidResponseError, "<html>")
    broken = invalid_response_error(
        response(200, error_body("It broke.", code="half_way")), "it has no choices", rules=INFERENCE, **REDACTION
    )
    assert type(broken) is InvalidResponseError
    assert broken.message == "the proxy returned 200 with an error: It broke."
    refused = invalid_response_error(
        response(200, error_body("Slow down.", code="429")), "it has no choices", rules=INFERENCE, **REDACTION
    )
    assert (type(refused), refused.status_code) == (RateLimitError, 429)


def _class_name(value: object) -> str | None:
    return type(value).__name__ if isinstance(value, Exception) else None


FAILURES: list[tuple[Exception, type[LiteLLMProxyError], bool]] = [
    (httpx.ConnectError("All connection attempts failed"), APIConnectionError, True),
    (httpx.ProxyError("403 Forbidden"), APIConnectionError, True),
    (httpx.ConnectTimeout(""), APITimeoutError, True),
    (httpx.PoolTimeout(""), APITimeoutError, True),
    (httpx.ReadTimeout(""), APITimeoutError, False),
    (httpx.WriteTimeout(""), APITimeoutError, False),
    (httpx.ReadError(""), APIConnectionError, False),
    (httpx.RemoteProtocolError("Server disconnected without sending a response."), APIConnectionError, False),
    (httpx.LocalProtocolError("Illegal header value"), APIConnectionError, False),
    (httpx.UnsupportedProtocol("ftp"), APIConnectionError, False),
    (ConnectionResetError(104, "Connection reset by peer"), APIConnectionError, False),
    (httpx.DecodingError("Error -3 while decompressing data"), InvalidResponseError, False),
]


@pytest.mark.parametrize(("failure", "kind", "unsent"), FAILURES, ids=_class_name)
def test_connection_failure_maps_to_error_class(
    failure: Exception, kind: type[LiteLLMProxyError], unsent: bool
) -> None:
    error = connection_error(failure, response(200).request, **REDACTION)
    assert error.__class__ is kind
    assert getattr(error, "never_sent", False) is unsent
    assert "http://proxy.test:4000" in error.message
    assert str(failure) in error.message
    assert error.__cause__ is None
    assert error.__context__ is None
    assert (error.response, error.proxy, error.status_code) == (None, None, None)


async def test_connection_error_has_message_of_operating_system() -> None:
    async with httpx.AsyncClient() as client:
        request = client.build_request("GET", "http://127.0.0.1:1/")
        with pytest.raises(httpx.ConnectError) as caught:
            await client.send(request)
    error = connection_error(caught.value, request, **REDACTION)
    assert error.message.startswith("could not connect to http://127.0.0.1:1 (ConnectError: ")
    assert "[Errno 111]" in error.message or "refused" in error.message.lower()


def test_timeout_error_states_deadline_and_attempts() -> None:
    request = response(200).request
    once = deadline_error(request, seconds=2.5, attempts=1, sent=True, **REDACTION)
    assert str(once) == "http://proxy.test:4000 did not respond within 2.5 s (timeout) (call id from-the-request)"
    assert "30 s in 3 attempts" in deadline_error(request, seconds=30, attempts=3, sent=True, **REDACTION).message


def test_stream_error_message_has_status_and_chunks() -> None:
    error = stream_error(
        StreamTruncatedError, "it ended", httpx.Response(200, request=response(200).request), **REDACTION
    )
    assert (type(error), error.message, error.body) == (StreamTruncatedError, "it ended", None)
    error.chunks = 6
    assert str(error) == "it ended (status 200, chunks 6, call id from-the-request)"


def test_documented_error_tree_matches_classes() -> None:
    drawn: list[tuple[str, str]] = []
    path: list[str] = []
    for depth, name in re.findall(r"^([│├└─ ]*)(\w+Error) ?", exceptions.__doc__ or "", re.MULTILINE):
        path[len(depth) // 4 :] = [name]
        drawn.append((name, path[-2] if len(path) > 1 else "Exception"))
    assert dict(drawn) == {kind.__name__: kind.__base__ and kind.__base__.__name__ for kind in TREE}


def test_status_code_of_error_class_matches_its_status() -> None:
    for status in range(400, 600):
        error = error_of(status, error_body("No."))
        assert error.status_code == status
        assert type(error).status_code in (status, 500, 0)
