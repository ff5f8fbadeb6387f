"""The health of the proxy and of its models."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias, cast

from pydantic import BeforeValidator, Field, model_validator

from ._base import AlwaysSent, BaseModel, ResponseModel

ModelMode: TypeAlias = Literal[
    "chat",
    "completion",
    "embedding",
    "audio_speech",
    "audio_transcription",
    "image_generation",
    "image_edit",
    "video_generation",
    "batch",
    "rerank",
    "realtime",
    "responses",
    "anthropic_messages",
    "ocr",
    "evaluation",
    "decisions",
]
"""The kind of model that a connection is tested with."""

_TRACE = "\nstack trace:"


def _without_trace(value: Any) -> Any:
    """Remove the server's traceback, which the proxy appends to a provider's error."""
    return value.partition(_TRACE)[0] if isinstance(value, str) else value


class Readiness(ResponseModel):
    """The readiness of the proxy to accept requests."""

    status: AlwaysSent[str]
    """`healthy`; a proxy that is not ready raises `ServiceUnavailableError`."""
    db: str | None = None
    """`connected`, or `Not connected` without a database."""
    cache: Any = None
    litellm_version: str | None = None
    success_callbacks: list[str] | None = None
    use_aiohttp_transport: bool | None = None
    log_level: str | None = None
    is_detailed_debug: bool | None = None


class EndpointHealth(BaseModel):
    """The result of a small real request to the provider of a model."""

    model: str | None = None
    model_id: str | None = None
    api_base: str | None = None
    error: Annotated[str | None, BeforeValidator(_without_trace)] = None
    """The provider's error text, without the proxy's own traceback."""


class HealthCheck(ResponseModel):
    """The models that respond, and those that do not."""

    healthy_endpoints: list[EndpointHealth] = Field(default_factory=list[EndpointHealth])
    unhealthy_endpoints: list[EndpointHealth] = Field(default_factory=list[EndpointHealth])
    healthy_count: int = 0
    unhealthy_count: int = 0


class ConnectionTest(ResponseModel):
    """The result of a connection test. A failed test is a normal response, not an error."""

    status: AlwaysSent[str]
    result: dict[str, Any] = Field(default_factory=dict[str, Any])
    """The proxy's report on the request and the response, without the proxy's own traceback."""

    @model_validator(mode="before")
    @classmethod
    def _remove_traceback(cls, value: Any) -> Any:
        response = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        result = response.get("result")
        if not isinstance(result, dict) or "error" not in result:
            return cast("Any", value)
        fields = cast("dict[str, Any]", result)
        return {**response, "result": {**fields, "error": _without_trace(fields["error"])}}

    @property
    def ok(self) -> bool:
        """True if the model responded."""
        return self.status == "success"

    @property
    def error(self) -> str | None:
        """The provider's error text if it did not respond."""
        error = self.result.get("error")
        return error if isinstance(error, str) else None


class HealthRecord(BaseModel):
    """One health check of a model, as the proxy recorded it."""

    health_check_id: AlwaysSent[str]
    model_name: AlwaysSent[str]
    model_id: str | None = None
    status: AlwaysSent[str]
    healthy_count: AlwaysSent[int]
    unhealthy_count: AlwaysSent[int]
    error_message: Annotated[str | None, BeforeValidator(_without_trace)] = None
    response_time_ms: float | None = None
    details: Any = None
    checked_by: str | None = None
    checked_at: AlwaysSent[datetime]
    created_at: AlwaysSent[datetime]


class HealthHistory(ResponseModel):
    """Recorded health checks, the newest first."""

    health_checks: list[HealthRecord] = Field(default_factory=list[HealthRecord])
    total_records: AlwaysSent[int]
    """The number of records in this response, not of all records."""
    limit: AlwaysSent[int]
    offset: AlwaysSent[int]


class LatestHealth(ResponseModel):
    """The latest recorded health check of each model."""

    latest_health_checks: dict[str, HealthRecord] = Field(default_factory=dict[str, HealthRecord])
    total_models: AlwaysSent[int]


class License(ResponseModel):
    """The licence of the proxy."""

    has_license: AlwaysSent[bool]
    license_type: AlwaysSent[str]
    expiration_date: str | None = None
    allowed_features: AlwaysSent[list[str]]
    limits: AlwaysSent[dict[str, Any]]
