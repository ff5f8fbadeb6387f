"""Model groups: what the proxy balances the load over."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypeAlias

from pydantic import Field

from ._base import ResponseModel
from .models import Deployment, WrittenDeployment

FallbackType: TypeAlias = Literal["general", "context_window", "content_policy"]
"""Which failure a fallback is for."""


class ModelGroup(ResponseModel):
    """A public name and what its deployments have in common. Prices are US dollars."""

    model_group: str = ""
    providers: list[str] | None = None
    mode: str | None = None
    max_input_tokens: float | None = None
    max_output_tokens: float | None = None
    input_cost_per_token: float | None = None
    output_cost_per_token: float | None = None
    input_cost_per_pixel: float | None = None
    tpm: int | None = None
    rpm: int | None = None
    itpm: int | None = None
    """Tokens of requests a minute."""
    otpm: int | None = None
    """Tokens of answers a minute."""
    supports_vision: bool | None = None
    supports_function_calling: bool | None = None
    supports_parallel_function_calling: bool | None = None
    supports_reasoning: bool | None = None
    supports_web_search: bool | None = None
    supports_url_context: bool | None = None
    supports_fast_mode: bool | None = None
    supported_reasoning_efforts: list[str] | None = None
    supported_openai_params: list[str] | None = None
    configurable_clientside_auth_params: list[Any] | None = None
    is_public_model_group: bool | None = None
    health_status: str | None = None
    health_response_time: float | None = None
    health_checked_at: datetime | None = None


class ModelGroupList(ResponseModel):
    """All model groups."""

    data: list[ModelGroup] = Field(default_factory=list[ModelGroup])


class ModelGroupInfo(ModelGroup):
    """A model group with its deployments and fallbacks."""

    deployments: list[Deployment] = Field(default_factory=list[Deployment])
    fallbacks: list[str] | None = None
    """The groups that are asked instead when this one fails; `None` where that cannot be known: only an admin's key may
    ask, and not of a name that holds a `/`."""


class Fallbacks(ResponseModel):
    """Which groups are asked instead when a group fails."""

    model: str = ""
    fallback_models: list[str] = Field(default_factory=list[str])
    fallback_type: str | None = None
    message: str | None = None


class ChangedModelGroup(ResponseModel):
    """What was added to a model group."""

    model_group: str = ""
    deployments: list[WrittenDeployment] = Field(default_factory=list[WrittenDeployment])
    fallbacks: list[str] = Field(default_factory=list[str])

    @property
    def ids(self) -> list[str]:
        """The ids of the deployments that were added."""
        return [deployment.model_id for deployment in self.deployments]


class DeletedModelGroup(ResponseModel):
    """What was deleted of a model group."""

    model_group: str = ""
    deleted: list[str] = Field(default_factory=list[str])
    """The ids of the deployments that were deleted."""
    kept: list[str] = Field(default_factory=list[str])
    """The ids of those that remain, since they come from the proxy's configuration file."""
    fallbacks_deleted: bool = False
