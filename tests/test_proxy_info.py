from __future__ import annotations

import copy
import pickle
import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

import httpx
import pytest

from litellm_proxy_client.types.proxy import CostParts, ProxyInfo, RateLimit

# Headers that the proxy sent, with other addresses and ids.
COMPLETION_HEADERS = {
    "date": "Mon, 23 Nov 2026 06:51:27 GMT",
    "content-type": "application/json",
    "x-litellm-call-id": "9e225902",
    "x-litellm-model-id": "425cd0b1",
    "x-litellm-model-name": "openai/answer",
    "x-litellm-model-api-base": "http://provider.test/v1",
    "x-litellm-version": "1.106.2",
    "x-litellm-response-cost": "0.0001",
    "x-litellm-response-cost-original": "0.0001",
    "x-litellm-response-cost-discount-amount": "0.0",
    "x-litellm-response-cost-margin-amount": "0.0",
    "x-litellm-response-cost-margin-percent": "0.0",
    "x-litellm-response-cost-input": "2e-05",
    "x-litellm-response-cost-output": "8e-05",
    "x-litellm-response-cost-tool-usage": "0.0",
    "x-litellm-key-spend": "0.0003",
    "x-litellm-response-duration-ms": "35.4619026184082",
    "x-litellm-overhead-duration-ms": "30.3438",
    "x-litellm-callback-duration-ms": "0.0",
    "x-ratelimit-remaining-requests": "99",
    "llm_provider-x-request-id": "req_provider",
    "llm_provider-x-ratelimit-remaining-requests": "99",
    "request-id": "req_provider",
    "x-litellm-model-group": "provider-answer",
    "x-litellm-attempted-retries": "0",
    "x-litellm-attempted-fallbacks": "0",
}
# The headers of a stream give 0 for every part of the cost and have no total.
STREAM_HEADERS = {
    **{name: "0.0" if "-response-cost-" in name else value for name, value in COMPLETION_HEADERS.items()},
    "x-litellm-key-spend": "0.0",
}
del STREAM_HEADERS["x-litellm-response-cost"]
RATE_LIMIT_HEADERS = {
    "date": "Mon, 23 Nov 2026 07:01:22 GMT",
    "retry-after": "60",
    "rate_limit_type": "requests",
    "reset_at": "2026-11-23 07:02:23 UTC",
    "x-litellm-call-id": "9e225902",
    "x-litellm-response-cost": "0",
    "x-litellm-key-rpm-limit": "2",
    "x-litellm-key-spend": "0.0",
    "x-litellm-timeout": "6000.0",
}
PROPERTIES = [name for name, part in vars(ProxyInfo).items() if isinstance(part, property)]


def test_completion_headers_are_parsed() -> None:
    info = ProxyInfo(httpx.Headers(COMPLETION_HEADERS))
    assert info.call_id == "9e225902"
    assert info.model_id == "425cd0b1"
    assert info.model_group == "provider-answer"
    assert info.model_name == "openai/answer"
    assert info.api_base == "http://provider.test/v1"
    assert info.version == "1.106.2"
    assert info.cost == 0.0001
    assert info.cost_parts == CostParts(
        input=2e-05, output=8e-05, tool_usage=0.0, original=0.0001, discount=0.0, margin=0.0, margin_percent=0.0
    )
    assert info.key_spend == 0.0003
    assert (info.duration_ms, info.overhead_ms, info.callback_ms) == (35.4619026184082, 30.3438, 0.0)
    assert (info.attempted_retries, info.attempted_fallbacks) == (0, 0)
    assert info.rate_limits == (RateLimit(None, "requests", None, 99),)
    assert info.provider_request_id == "req_provider"
    assert info.headers == COMPLETION_HEADERS


def test_stream_cost_is_none_instead_of_zero() -> None:
    info = ProxyInfo(httpx.Headers(STREAM_HEADERS))
    assert info.headers["x-litellm-response-cost-input"] == "0.0"
    assert info.cost is None
    assert info.cost_parts is None


def test_rate_limit_headers_are_parsed() -> None:
    info = ProxyInfo(httpx.Headers(RATE_LIMIT_HEADERS))
    assert info.cost == 0.0
    assert info.key_rpm_limit == 2
    assert info.timeout == 6000.0
    assert info.rate_limit_type == "requests"
    assert info.rate_limit_reset_at == datetime(2026, 11, 23, 7, 2, 23, tzinfo=timezone.utc)


def test_missing_headers_are_none() -> None:
    info = ProxyInfo({})
    assert {name: getattr(info, name) for name in PROPERTIES} == dict.fromkeys(PROPERTIES)
    assert info.headers == {}
    assert repr(info) == "ProxyInfo()"


def test_rate_limits_of_every_kind_are_parsed() -> None:
    info = ProxyInfo(
        {
            "x-ratelimit-limit-tokens": "1000",
            "x-ratelimit-remaining-tokens": "900",
            "x-ratelimit-api_key-limit-requests": "10",
            "x-ratelimit-api_key-remaining-requests": "9",
            "x-ratelimit-model_per_key-remaining-max_parallel_requests": "3",
            "x-ratelimit-remaining-litellm-project-tokens": "5",
            "x-ratelimit-reset-requests": "8.64s",
            "llm_provider-x-ratelimit-limit-requests": "7",
        }
    )
    assert info.rate_limits == (
        RateLimit(None, "tokens", 1000, 900),
        RateLimit("api_key", "requests", 10, 9),
        RateLimit("model_per_key", "max_parallel_requests", None, 3),
        RateLimit("litellm-project", "tokens", None, 5),
    )


def test_lists_json_and_timings_are_parsed() -> None:
    info = ProxyInfo(
        {
            "x-litellm-applied-guardrails": "pii, secrets",
            "x-litellm-guardrail-scan-id": "a1,b2",
            "x-litellm-applied-policies": "strict",
            "x-litellm-policy-sources": "strict=team; loose=key",
            "x-litellm-fallback-errors": '[{"model": "gpt-4", "error": "429"}]',
            "x-litellm-cache-key": "abc",
            "x-litellm-model-region": "eu",
            "x-litellm-timing-llm-api-ms": "12.5",
            "x-litellm-timing-message-copy-ms": "None",
            "x-litellm-key-tpm-limit": "500",
            "x-litellm-key-max-budget": "2.5",
            "x-litellm-max-retries": "3",
        }
    )
    assert info.applied_guardrails == ("pii", "secrets")
    assert info.guardrail_scan_ids == ("a1", "b2")
    assert info.applied_policies == ("strict",)
    assert info.policy_sources == "strict=team; loose=key"
    assert info.fallback_errors == [{"model": "gpt-4", "error": "429"}]
    assert info.cache_key == "abc"
    assert info.model_region == "eu"
    assert info.timings_ms == {"llm-api": 12.5}
    assert info.key_tpm_limit == 500
    assert info.key_max_budget == 2.5
    assert info.max_retries == 3


def test_header_names_are_case_insensitive() -> None:
    assert ProxyInfo({"X-LiteLLM-Call-Id": "abc"}).call_id == "abc"


@pytest.mark.parametrize("value", ["", "None", "nan", "inf", "many", "1,2", "[" * 100_000, "\x00", "٣x", "9" * 5000])
def test_invalid_value_is_none_or_text_and_never_raises(value: str) -> None:
    numeric = {"cost", "key_spend", "key_rpm_limit", "timeout", "attempted_retries", "duration_ms", "cost_parts"}
    names = [
        *COMPLETION_HEADERS,
        *RATE_LIMIT_HEADERS,
        "x-litellm-fallback-errors",
        "x-litellm-timing-llm-api-ms",
        "x-litellm-key-tpm-limit",
    ]
    info = ProxyInfo(dict.fromkeys(names, value))
    for name in PROPERTIES:
        found = getattr(info, name)
        assert found is None or name not in numeric, name
    assert "ProxyInfo" in repr(info)


def test_random_headers_never_raise() -> None:
    rng = random.Random(2)
    names = [
        *COMPLETION_HEADERS,
        *RATE_LIMIT_HEADERS,
        "x-ratelimit-" + "limit-" * 50 + "requests",
        "x-litellm-timing--ms",
    ]
    for _ in range(300):
        headers = {rng.choice(names): "".join(rng.choices("0123456789.,-e{}[]\"'N \x7f", k=rng.randrange(9)))}
        repr(ProxyInfo(headers))


def test_repr_shows_only_present_fields() -> None:
    info = ProxyInfo({"x-litellm-call-id": "abc", "x-litellm-response-cost": "0.5", "set-cookie": "session=secret"})
    text = repr(info)
    assert "call_id='abc'" in text
    assert "cost=0.5" in text
    assert "model_id" not in text
    assert "secret" not in text


def test_proxy_info_can_be_pickled_and_copied() -> None:
    info = ProxyInfo(httpx.Headers([("x-litellm-call-id", "abc"), ("vary", "Origin"), ("vary", "Accept")]))
    copies: list[Any] = [pickle.loads(pickle.dumps(info)), copy.deepcopy(info), copy.copy(info)]
    for copied in copies:
        assert copied.call_id == "abc"
        assert copied.headers == info.headers == {"x-litellm-call-id": "abc", "vary": "Origin, Accept"}


def test_headers_are_parsed_lazily() -> None:
    class CountingHeaders(Mapping[str, str]):
        reads = 0

        def __getitem__(self, name: str) -> str:
            self.reads += 1
            return COMPLETION_HEADERS[name]

        def __iter__(self) -> Iterator[str]:
            self.reads += 1
            return iter(COMPLETION_HEADERS)

        def __len__(self) -> int:
            self.reads += 1
            return len(COMPLETION_HEADERS)

    headers = CountingHeaders()
    info = ProxyInfo(headers)
    assert headers.reads == 0
    assert info.cost == 0.0001
    assert headers.reads > 0
