"""Model groups: the deployments that the proxy balances the load over, under one public name."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypeAlias

from pydantic import Field

from ._base import AlwaysSent, ResponseModel
from .models import Deployment, WrittenDeployment

FallbackType: TypeAlias = Literal["general", "context_window", "content_policy"]
"""The kind of failure that a fallback is for."""


class ModelGroup(ResponseModel):
    """A public name and the common properties of its deployments. Prices are in USD."""

    model_group: str = ""
    providers: AlwaysSent[list[str]]
    mode: str | None = None
    max_input_tokens: float | None = None
    max_output_tokens: float | None = None
    input_cost_per_token: float | None = None
    output_cost_per_token: float | None = None
    input_cost_per_pixel: float | None = None
    tpm: int | None = None
    rpm: int | None = None
    itpm: int | None = None
    """Input tokens per minute."""
    otpm: int | None = None
    """Output tokens per minute."""
    supports_vision: AlwaysSent[bool]
    supports_function_calling: AlwaysSent[bool]
    supports_parallel_function_calling: AlwaysSent[bool]
    supports_reasoning: AlwaysSent[bool]
    supports_web_search: AlwaysSent[bool]
    supports_url_context: AlwaysSent[bool]
    supports_fast_mode: AlwaysSent[bool]
    supported_reasoning_efforts: list[str] | None = None
    supported_openai_params: list[str] | None = None
    configurable_clientside_auth_params: list[Any] | None = None
    is_public_model_group: bool | None = None
    health_status: str | None = None
    health_response_time: float | None = None
    health_checked_at: datetime | None = None


class ModelGroupList(ResponseModel):
    """All model groups, as the proxy sends them."""

    data: list[ModelGroup] = Field(default_factory=list[ModelGroup])


class ModelGroupInfo(ModelGroup):
    """A model group with its deployments and fallbacks."""

    deployments: list[Deployment] = Field(default_factory=list[Deployment])
    fallbacks: list[str] | None = None
    """The groups that the proxy tries when this one fails. `None` if they cannot be known: only an admin's key may read
    them, and not for a name that contains a `/`."""


class Fallbacks(ResponseModel):
    """The groups that the proxy tries when a group fails."""

    model: str = ""
    fallback_models: list[str] = Field(default_factory=list[str])
    fallback_type: AlwaysSent[str]
    message: str | None = None


class ChangedModelGroup(ResponseModel):
    """The deployments and fallbacks that were added to a model group."""

    model_group: str = ""
    deployments: list[WrittenDeployment] = Field(default_factory=list[WrittenDeployment])
    fallbacks: list[str] = Field(default_factory=list[str])

    @property
    def ids(self) -> list[str]:
        """The ids of the deployments that were added."""
        return [deployment.model_id for deployment in self.deployments]


class DeletedModelGroup(ResponseModel):
    """The parts of a model group that were deleted, and those that were kept."""

    model_group: str = ""
    deleted: list[str] = Field(default_factory=list[str])
    """The ids of the deployments that were deleted."""
    kept: list[str] = Field(default_factory=list[str])
    """The ids of the deployments that remain, because they come from the proxy's configuration file."""
    fallbacks_deleted: bool = False
