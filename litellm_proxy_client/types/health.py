"""The health of the proxy and of its models."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias, cast

from pydantic import BeforeValidator, Field, model_validator

from ._base import Model, ResponseModel

Mode: TypeAlias = Literal[
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
"""What kind of model a connection is tested with."""

_TRACE = "\nstack trace:"


def _untraced(value: Any) -> Any:
    """A provider's error without the traceback of the server, which the proxy appends to it."""
    return value.partition(_TRACE)[0] if isinstance(value, str) else value


class Readiness(ResponseModel):
    """Whether the proxy can take requests."""

    status: str | None = None
    """`healthy`; a proxy that is not raises `ServiceUnavailableError`."""
    db: str | None = None
    """`connected`, or `Not connected` where there is no database."""
    cache: Any = None
    litellm_version: str | None = None
    success_callbacks: list[str] | None = None
    use_aiohttp_transport: bool | None = None
    log_level: str | None = None
    is_detailed_debug: bool | None = None


class EndpointHealth(Model):
    """What a model's provider answered to a small real request."""

    model: str | None = None
    model_id: str | None = None
    api_base: str | None = None
    error: Annotated[str | None, BeforeValidator(_untraced)] = None
    """The provider's text; the proxy's own traceback is left out."""


class HealthCheck(ResponseModel):
    """Which models answer."""

    healthy_endpoints: list[EndpointHealth] = Field(default_factory=list[EndpointHealth])
    unhealthy_endpoints: list[EndpointHealth] = Field(default_factory=list[EndpointHealth])
    healthy_count: int = 0
    unhealthy_count: int = 0


class ConnectionTest(ResponseModel):
    """Whether a model could be reached. A failure is an answer like any other, not an error."""

    status: str | None = None
    result: dict[str, Any] = Field(default_factory=dict[str, Any])
    """What the proxy tells of the request and the answer, without its own traceback."""

    @model_validator(mode="before")
    @classmethod
    def _without_traceback(cls, value: Any) -> Any:
        answer = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        result = answer.get("result")
        if not isinstance(result, dict) or "error" not in result:
            return cast("Any", value)
        told = cast("dict[str, Any]", result)
        return {**answer, "result": {**told, "error": _untraced(told["error"])}}

    @property
    def ok(self) -> bool:
        """Whether the model answered."""
        return self.status == "success"

    @property
    def error(self) -> str | None:
        """The provider's text where it did not."""
        error = self.result.get("error")
        return error if isinstance(error, str) else None


class HealthRecord(Model):
    """One health check of a model, as the proxy recorded it."""

    health_check_id: str | None = None
    model_name: str | None = None
    model_id: str | None = None
    status: str | None = None
    healthy_count: int | None = None
    unhealthy_count: int | None = None
    error_message: Annotated[str | None, BeforeValidator(_untraced)] = None
    response_time_ms: float | None = None
    details: Any = None
    checked_by: str | None = None
    checked_at: datetime | None = None
    created_at: datetime | None = None


class HealthHistory(ResponseModel):
    """Recorded health checks, the newest first."""

    health_checks: list[HealthRecord] = Field(default_factory=list[HealthRecord])
    total_records: int | None = None
    """The rows of this answer, not of all."""
    limit: int | None = None
    offset: int | None = None


class LatestHealth(ResponseModel):
    """The latest recorded health check of each model."""

    latest_health_checks: dict[str, HealthRecord] = Field(default_factory=dict[str, HealthRecord])
    total_models: int | None = None


class License(ResponseModel):
    """Which licence the proxy has."""

    has_license: bool | None = None
    license_type: str | None = None
    expiration_date: str | None = None
    allowed_features: list[str] | None = None
    limits: dict[str, Any] | None = None
