"""What was spent, day by day; all money is in US dollars."""

from __future__ import annotations

import datetime
from typing import Any

from ._base import Model, ResponseModel


class SpendMetrics(Model):
    """Sums of one day, or of one part of it."""

    spend: float | None = None
    flat_cost: float | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    api_requests: int | None = None
    successful_requests: int | None = None
    failed_requests: int | None = None
    timed_requests: int | None = None
    total_response_time_ms: int | None = None
    """Milliseconds of all `timed_requests` together."""
    compression_saved_tokens: int | None = None
    compression_savings_spend: float | None = None
    prompt_caching_savings_spend: float | None = None
    gateway_injected_caching_savings_spend: float | None = None
    autorouter_savings_spend: float | None = None


class ActivityKey(Model):
    """Whose key it was."""

    key_alias: str | None = None
    team_id: str | None = None
    user_id: str | None = None
    user_email: str | None = None
    key_exists: bool | None = None


class KeyActivity(Model):
    """What one key spent."""

    metrics: SpendMetrics | None = None
    metadata: ActivityKey | None = None


class ActivityPart(Model):
    """What one model, provider, team or the like cost, and which keys paid."""

    metrics: SpendMetrics | None = None
    metadata: dict[str, Any] | None = None
    api_key_breakdown: dict[str, KeyActivity] | None = None
    """By the key's hash."""


class ActivityBreakdown(Model):
    """The same spend, split in several ways; each part by its name."""

    models: dict[str, ActivityPart] | None = None
    """By the provider's name of the model, such as `openai/gpt-4o`."""
    model_groups: dict[str, ActivityPart] | None = None
    """By the name that the request asked for."""
    providers: dict[str, ActivityPart] | None = None
    endpoints: dict[str, ActivityPart] | None = None
    mcp_servers: dict[str, ActivityPart] | None = None
    api_keys: dict[str, KeyActivity] | None = None
    """By the key's hash."""
    entities: dict[str, ActivityPart] | None = None
    """By team, where teams were asked for."""


class DailyActivity(Model):
    """What happened on one day. A day that does not fit on a page goes on upon the next one."""

    date: datetime.date | None = None
    metrics: SpendMetrics | None = None
    breakdown: ActivityBreakdown | None = None


class ActivityTotals(Model):
    """Sums of one page, and which page it is."""

    total_spend: float | None = None
    total_flat_cost: float | None = None
    total_prompt_tokens: int | None = None
    total_completion_tokens: int | None = None
    total_tokens: int | None = None
    total_api_requests: int | None = None
    total_successful_requests: int | None = None
    total_failed_requests: int | None = None
    total_cache_read_input_tokens: int | None = None
    total_cache_creation_input_tokens: int | None = None
    total_timed_requests: int | None = None
    total_response_time_ms: int | None = None
    """Milliseconds of all `total_timed_requests` together."""
    total_compression_saved_tokens: int | None = None
    total_compression_savings_spend: float | None = None
    total_prompt_caching_savings_spend: float | None = None
    total_gateway_injected_caching_savings_spend: float | None = None
    total_autorouter_savings_spend: float | None = None
    page: int | None = None
    total_pages: int | None = None
    has_more: bool | None = None


class ActivityPage(ResponseModel):
    """A page of daily activity. It is no list of rows that stand alone: a day may be split between two pages."""

    results: list[DailyActivity]
    """The latest day first."""
    metadata: ActivityTotals | None = None
