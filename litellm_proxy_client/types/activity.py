"""Spend day by day. All amounts are in USD."""

from __future__ import annotations

import datetime
from typing import Any

from ._base import AlwaysSent, BaseModel, ResponseModel


class SpendMetrics(BaseModel):
    """Sums of one day, or of one part of it."""

    spend: AlwaysSent[float]
    flat_cost: AlwaysSent[float]
    prompt_tokens: AlwaysSent[int]
    completion_tokens: AlwaysSent[int]
    total_tokens: AlwaysSent[int]
    cache_read_input_tokens: AlwaysSent[int]
    cache_creation_input_tokens: AlwaysSent[int]
    api_requests: AlwaysSent[int]
    successful_requests: AlwaysSent[int]
    failed_requests: AlwaysSent[int]
    timed_requests: AlwaysSent[int]
    total_response_time_ms: AlwaysSent[int]
    """Milliseconds of all `timed_requests` together."""
    compression_saved_tokens: AlwaysSent[int]
    compression_savings_spend: AlwaysSent[float]
    prompt_caching_savings_spend: AlwaysSent[float]
    gateway_injected_caching_savings_spend: AlwaysSent[float]
    autorouter_savings_spend: AlwaysSent[float]


class ActivityKey(BaseModel):
    """The owner of a key."""

    key_alias: str | None = None
    team_id: str | None = None
    user_id: str | None = None
    user_email: str | None = None
    key_exists: bool | None = None


class KeyActivity(BaseModel):
    """The spend of one key."""

    metrics: AlwaysSent[SpendMetrics]
    metadata: AlwaysSent[ActivityKey]


class ActivityPart(BaseModel):
    """The spend on one model, provider, team or the like, and the keys that paid for it."""

    metrics: AlwaysSent[SpendMetrics]
    metadata: AlwaysSent[dict[str, Any]]
    api_key_breakdown: AlwaysSent[dict[str, KeyActivity]]
    """By the hash of the key."""


class ActivityBreakdown(BaseModel):
    """The same spend, split in several ways. Each part is found by its name."""

    models: AlwaysSent[dict[str, ActivityPart]]
    """By the provider's name of the model, such as `openai/gpt-4o`."""
    model_groups: AlwaysSent[dict[str, ActivityPart]]
    """By the name that the request used."""
    providers: AlwaysSent[dict[str, ActivityPart]]
    endpoints: AlwaysSent[dict[str, ActivityPart]]
    mcp_servers: AlwaysSent[dict[str, ActivityPart]]
    api_keys: AlwaysSent[dict[str, KeyActivity]]
    """By the hash of the key."""
    entities: AlwaysSent[dict[str, ActivityPart]]
    """By team, for the activity of teams."""


class DailyActivity(BaseModel):
    """The spend of one day. A day that does not fit on a page continues on the next page."""

    date: AlwaysSent[datetime.date]
    metrics: AlwaysSent[SpendMetrics]
    breakdown: AlwaysSent[ActivityBreakdown]


class ActivityTotals(BaseModel):
    """Sums of one page, and the number of the page."""

    total_spend: AlwaysSent[float]
    total_flat_cost: AlwaysSent[float]
    total_prompt_tokens: AlwaysSent[int]
    total_completion_tokens: AlwaysSent[int]
    total_tokens: AlwaysSent[int]
    total_api_requests: AlwaysSent[int]
    total_successful_requests: AlwaysSent[int]
    total_failed_requests: AlwaysSent[int]
    total_cache_read_input_tokens: AlwaysSent[int]
    total_cache_creation_input_tokens: AlwaysSent[int]
    total_timed_requests: AlwaysSent[int]
    total_response_time_ms: AlwaysSent[int]
    """Milliseconds of all `total_timed_requests` together."""
    total_compression_saved_tokens: AlwaysSent[int]
    total_compression_savings_spend: AlwaysSent[float]
    total_prompt_caching_savings_spend: AlwaysSent[float]
    total_gateway_injected_caching_savings_spend: AlwaysSent[float]
    total_autorouter_savings_spend: AlwaysSent[float]
    page: AlwaysSent[int]
    total_pages: AlwaysSent[int]
    has_more: AlwaysSent[bool]


class ActivityPage(ResponseModel):
    """A page of daily activity. Its rows are not independent: a day may be split between two pages."""

    results: list[DailyActivity]
    """The latest day first."""
    metadata: AlwaysSent[ActivityTotals]
