"""The response headers of the proxy."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from .._headers import moment, number

if TYPE_CHECKING:
    from ._lenient import Json

_LIMIT = re.compile(
    r"x-ratelimit-(?:([\w-]{1,99})-)?(limit|remaining)-(?:([\w-]{1,99})-)?(requests|tokens|max_parallel_requests)"
)
_TIMING = re.compile(r"x-litellm-timing-(.+)-ms")


@dataclass(frozen=True, slots=True)
class CostParts:
    """The parts of the cost of a response, in USD. A part that the proxy does not send is `None`.

    `input`, `cache_read`, `cache_creation`, `output` and `tool_usage` add up to `original`. The proxy subtracts the
    discount from it and adds the margin to it.
    """

    input: float | None = None
    output: float | None = None
    cache_read: float | None = None
    cache_creation: float | None = None
    reasoning: float | None = None
    """The part of `output` that is for reasoning."""
    tool_usage: float | None = None
    original: float | None = None
    """The cost without discount and margin."""
    discount: float | None = None
    margin: float | None = None
    margin_percent: float | None = None
    """As a fraction: 0.1 is 10 %."""
    classifier: float | None = None
    """The cost of choosing the model, if the proxy's router uses another model for that."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A rate limit and what remains of it."""

    scope: str | None
    """The limited party: `api_key`, `model_per_key`, `team`, ...; `None` for the provider's limit on the proxy."""
    unit: str
    """`requests` or `tokens` (both per minute), or `max_parallel_requests`."""
    limit: int | None
    remaining: int | None


class ProxyInfo:
    """The response headers of the proxy. A property whose header is missing is `None`.

    Responses of administration routes have almost none of these headers, and neither have responses to a rejected key.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._source = headers

    def __repr__(self) -> str:
        names = (name for name, part in vars(type(self)).items() if isinstance(part, property))
        values = ((name, getattr(self, name)) for name in names)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in values if value is not None)})"

    def __reduce__(self) -> tuple[type[ProxyInfo], tuple[dict[str, str]]]:
        return type(self), (dict(self.headers),)

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """All headers, with names in lower case. Those of the provider begin with `llm_provider-`."""
        return {name.lower(): value for name, value in self._source.items()}

    def _text(self, name: str) -> str | None:
        value = self.headers.get(name)
        return None if value in ("", "None") else value

    def _number(self, name: str) -> float | None:
        return number(self.headers.get(name))

    def _whole(self, name: str) -> int | None:
        value = self._number(name)
        return None if value is None or not value.is_integer() else int(value)

    def _list(self, name: str) -> tuple[str, ...] | None:
        text = self._text(name)
        return None if text is None else tuple(part.strip() for part in text.split(",") if part.strip())

    @property
    def call_id(self) -> str | None:
        """The id of the call in the proxy's logs and spend logs."""
        return self._text("x-litellm-call-id")

    @property
    def model_id(self) -> str | None:
        """The id of the deployment that responded."""
        return self._text("x-litellm-model-id")

    @property
    def model_group(self) -> str | None:
        """The model group of the deployment that responded. After a fallback, it is not the requested one."""
        return self._text("x-litellm-model-group")

    @property
    def model_name(self) -> str | None:
        """The provider and the provider's name of the model, such as `openai/gpt-4`."""
        return self._text("x-litellm-model-name")

    @property
    def model_region(self) -> str | None:
        """The region of the deployment that responded."""
        return self._text("x-litellm-model-region")

    @property
    def api_base(self) -> str | None:
        """The provider's address."""
        return self._text("x-litellm-model-api-base")

    @property
    def version(self) -> str | None:
        """The proxy's version."""
        return self._text("x-litellm-version")

    @property
    def cost(self) -> float | None:
        """The cost in USD; `None` for a stream, whose headers are sent before its cost is known."""
        return self._number("x-litellm-response-cost")

    @property
    def cost_parts(self) -> CostParts | None:
        """The parts of the cost; `None` if `cost` is `None`: the headers of a stream have 0 for every part."""
        if self.cost is None:
            return None
        prefix = "x-litellm-response-cost-"
        return CostParts(
            input=self._number(prefix + "input"),
            output=self._number(prefix + "output"),
            cache_read=self._number(prefix + "cache-read"),
            cache_creation=self._number(prefix + "cache-creation"),
            reasoning=self._number(prefix + "reasoning"),
            tool_usage=self._number(prefix + "tool-usage"),
            original=self._number(prefix + "original"),
            discount=self._number(prefix + "discount-amount"),
            margin=self._number(prefix + "margin-amount"),
            margin_percent=self._number(prefix + "margin-percent"),
            classifier=self._number("x-litellm-classifier-cost"),
        )

    @property
    def key_spend(self) -> float | None:
        """The spend of the key in USD. It includes this response, unless that is a stream or an error."""
        return self._number("x-litellm-key-spend")

    @property
    def key_max_budget(self) -> float | None:
        """The budget of the key in USD."""
        return self._number("x-litellm-key-max-budget")

    @property
    def key_rpm_limit(self) -> int | None:
        """The requests per minute that the key may send."""
        return self._whole("x-litellm-key-rpm-limit")

    @property
    def key_tpm_limit(self) -> int | None:
        """The tokens per minute that the key may use."""
        return self._whole("x-litellm-key-tpm-limit")

    @property
    def duration_ms(self) -> float | None:
        """The duration of the call at the proxy in milliseconds; for a stream, until its first chunk."""
        return self._number("x-litellm-response-duration-ms")

    @property
    def overhead_ms(self) -> float | None:
        """The part of the duration that the proxy itself took, in milliseconds."""
        return self._number("x-litellm-overhead-duration-ms")

    @property
    def callback_ms(self) -> float | None:
        """The part of the duration that the proxy's callbacks took, in milliseconds."""
        return self._number("x-litellm-callback-duration-ms")

    @property
    def timings_ms(self) -> Mapping[str, float] | None:
        """The durations of steps such as `llm-api` in milliseconds, if the operator set `LITELLM_DETAILED_TIMING`."""
        steps = ((_TIMING.fullmatch(name), number(value)) for name, value in self.headers.items())
        return {match[1]: value for match, value in steps if match and value is not None} or None

    @property
    def timeout(self) -> float | None:
        """The timeout that the proxy set for the provider, in seconds; only in error responses."""
        return self._number("x-litellm-timeout")

    @property
    def attempted_retries(self) -> int | None:
        """The number of retries by the proxy itself."""
        return self._whole("x-litellm-attempted-retries")

    @property
    def max_retries(self) -> int | None:
        """The maximum number of retries by the proxy itself."""
        return self._whole("x-litellm-max-retries")

    @property
    def attempted_fallbacks(self) -> int | None:
        """The number of other model groups that the proxy tried."""
        return self._whole("x-litellm-attempted-fallbacks")

    @property
    def fallback_errors(self) -> Json:
        """The errors that caused fallbacks, if the operator permits the proxy to send them."""
        try:
            errors: Json = json.loads(self.headers.get("x-litellm-fallback-errors", ""))
        except (ValueError, RecursionError):
            return None
        return errors

    @property
    def cache_key(self) -> str | None:
        """The key of the response in the proxy's cache."""
        return self._text("x-litellm-cache-key")

    @property
    def applied_guardrails(self) -> tuple[str, ...] | None:
        """The guardrails that the proxy reports as applied, including requested ones that do not exist."""
        return self._list("x-litellm-applied-guardrails")

    @property
    def guardrail_scan_ids(self) -> tuple[str, ...] | None:
        """The ids of the guardrails' scans."""
        return self._list("x-litellm-guardrail-scan-id")

    @property
    def applied_policies(self) -> tuple[str, ...] | None:
        """The policies that the proxy applied."""
        return self._list("x-litellm-applied-policies")

    @property
    def policy_sources(self) -> str | None:
        """The reason for each applied policy, as `name=reason; ...`."""
        return self._text("x-litellm-policy-sources")

    @property
    def rate_limits(self) -> tuple[RateLimit, ...] | None:
        """The limits of the key, team, model, ... and of the provider, with what remains of each."""
        found: dict[tuple[str | None, str], dict[str, int | None]] = {}
        for name in self.headers:
            if match := _LIMIT.fullmatch(name):
                found.setdefault((match[1] or match[3], match[4]), {})[match[2]] = self._whole(name)
        limits = (RateLimit(*what, header.get("limit"), header.get("remaining")) for what, header in found.items())
        return tuple(limits) or None

    @property
    def rate_limit_type(self) -> str | None:
        """The limit that the call exceeded: `requests`, `tokens` or `max_parallel_requests`."""
        return self._text("rate_limit_type")

    @property
    def rate_limit_reset_at(self) -> datetime | None:
        """The time at which the exceeded limit allows calls again."""
        return moment(self.headers.get("reset_at"))

    @property
    def provider_request_id(self) -> str | None:
        """The provider's own id of the request."""
        return self._text("llm_provider-x-request-id") or self._text("llm_provider-request-id")
