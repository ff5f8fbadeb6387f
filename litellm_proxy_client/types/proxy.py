"""What the proxy says in the headers of its answers."""

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
    """What an answer's cost is made of, in US dollars; `None` where the proxy said nothing.

    `input`, `cache_read`, `cache_creation`, `output` and `tool_usage` add up to `original`, from which the discount is
    taken and to which the margin is added.
    """

    input: float | None = None
    output: float | None = None
    cache_read: float | None = None
    cache_creation: float | None = None
    reasoning: float | None = None
    """The part of `output` that reasoning took."""
    tool_usage: float | None = None
    original: float | None = None
    """The cost without discount and margin."""
    discount: float | None = None
    margin: float | None = None
    margin_percent: float | None = None
    """As a fraction: 0.1 is 10 %."""
    classifier: float | None = None
    """What choosing the model cost, where the proxy's router asks another model to do it."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """One limit, and what is left of it."""

    scope: str | None
    """Whom it limits: `api_key`, `model_per_key`, `team`, ...; `None` for the provider's limit on the proxy."""
    unit: str
    """`requests`, `tokens` (a minute each) or `max_parallel_requests`."""
    limit: int | None
    remaining: int | None


class ProxyInfo:
    """What the proxy said in an answer's headers. Everything is `None` where it said nothing.

    The administration's answers have next to none of this; a refused key's neither.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._source = headers

    def __repr__(self) -> str:
        names = (name for name, part in vars(type(self)).items() if isinstance(part, property))
        said = ((name, getattr(self, name)) for name in names)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in said if value is not None)})"

    def __reduce__(self) -> tuple[type[ProxyInfo], tuple[dict[str, str]]]:
        return type(self), (dict(self.headers),)

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """All headers, their names in lower case. The provider's own begin with `llm_provider-`."""
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
        """The id of the deployment that answered."""
        return self._text("x-litellm-model-id")

    @property
    def model_group(self) -> str | None:
        """The group of the deployment that answered: another than asked for after a fallback."""
        return self._text("x-litellm-model-group")

    @property
    def model_name(self) -> str | None:
        """The provider and its name for the model, such as `openai/gpt-4`."""
        return self._text("x-litellm-model-name")

    @property
    def model_region(self) -> str | None:
        """The region of the deployment that answered."""
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
        """The cost in US dollars; `None` for a stream, whose head is sent before its cost is known."""
        return self._number("x-litellm-response-cost")

    @property
    def cost_parts(self) -> CostParts | None:
        """What the cost is made of; `None` where the cost is, since a stream's head says 0 for every part."""
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
        """What the key has spent, in US dollars: with this answer, but on a stream or an error without it."""
        return self._number("x-litellm-key-spend")

    @property
    def key_max_budget(self) -> float | None:
        """What the key may spend, in US dollars."""
        return self._number("x-litellm-key-max-budget")

    @property
    def key_rpm_limit(self) -> int | None:
        """How many requests a minute the key may send."""
        return self._whole("x-litellm-key-rpm-limit")

    @property
    def key_tpm_limit(self) -> int | None:
        """How many tokens a minute the key may use."""
        return self._whole("x-litellm-key-tpm-limit")

    @property
    def duration_ms(self) -> float | None:
        """How long the proxy took, in milliseconds; for a stream, to its first chunk."""
        return self._number("x-litellm-response-duration-ms")

    @property
    def overhead_ms(self) -> float | None:
        """How much of the duration was the proxy's own, in milliseconds."""
        return self._number("x-litellm-overhead-duration-ms")

    @property
    def callback_ms(self) -> float | None:
        """How much of the duration its callbacks took, in milliseconds."""
        return self._number("x-litellm-callback-duration-ms")

    @property
    def timings_ms(self) -> Mapping[str, float] | None:
        """Its steps in milliseconds, such as `llm-api`, where the operator has set `LITELLM_DETAILED_TIMING`."""
        steps = ((_TIMING.fullmatch(name), number(value)) for name, value in self.headers.items())
        return {match[1]: value for match, value in steps if match and value is not None} or None

    @property
    def timeout(self) -> float | None:
        """How many seconds the proxy gave the provider; said with errors only."""
        return self._number("x-litellm-timeout")

    @property
    def attempted_retries(self) -> int | None:
        """How often the proxy itself tried again."""
        return self._whole("x-litellm-attempted-retries")

    @property
    def max_retries(self) -> int | None:
        """How often the proxy itself would have tried again."""
        return self._whole("x-litellm-max-retries")

    @property
    def attempted_fallbacks(self) -> int | None:
        """How many other model groups the proxy tried."""
        return self._whole("x-litellm-attempted-fallbacks")

    @property
    def fallback_errors(self) -> Json:
        """Why the fallbacks were needed, where the operator lets the proxy tell."""
        try:
            errors: Json = json.loads(self.headers.get("x-litellm-fallback-errors", ""))
        except (ValueError, RecursionError):
            return None
        return errors

    @property
    def cache_key(self) -> str | None:
        """The answer's key in the proxy's cache."""
        return self._text("x-litellm-cache-key")

    @property
    def applied_guardrails(self) -> tuple[str, ...] | None:
        """The guardrails that the proxy says it applied. It also names those asked for that do not exist."""
        return self._list("x-litellm-applied-guardrails")

    @property
    def guardrail_scan_ids(self) -> tuple[str, ...] | None:
        """The ids that guardrails gave their scans."""
        return self._list("x-litellm-guardrail-scan-id")

    @property
    def applied_policies(self) -> tuple[str, ...] | None:
        """The policies that the proxy applied."""
        return self._list("x-litellm-applied-policies")

    @property
    def policy_sources(self) -> str | None:
        """Why each policy was applied, as `name=reason; ...`."""
        return self._text("x-litellm-policy-sources")

    @property
    def rate_limits(self) -> tuple[RateLimit, ...] | None:
        """The limits of the key, team, model, ... and of the provider, with what is left of them."""
        found: dict[tuple[str | None, str], dict[str, int | None]] = {}
        for name in self.headers:
            if match := _LIMIT.fullmatch(name):
                found.setdefault((match[1] or match[3], match[4]), {})[match[2]] = self._whole(name)
        limits = (RateLimit(*what, said.get("limit"), said.get("remaining")) for what, said in found.items())
        return tuple(limits) or None

    @property
    def rate_limit_type(self) -> str | None:
        """Which limit refused the call: `requests`, `tokens` or `max_parallel_requests`."""
        return self._text("rate_limit_type")

    @property
    def rate_limit_reset_at(self) -> datetime | None:
        """When the limit that refused the call lets one pass again."""
        return moment(self.headers.get("reset_at"))

    @property
    def provider_request_id(self) -> str | None:
        """The provider's own id for the request."""
        return self._text("llm_provider-x-request-id") or self._text("llm_provider-request-id")
