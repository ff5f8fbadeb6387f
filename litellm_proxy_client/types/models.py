"""Models and their deployments."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from pydantic import Field, model_validator

from ._base import Model, ResponseModel


class ModelCard(ResponseModel):
    """A model as OpenAI's API lists it: a name that completions can ask for."""

    id: str = ""
    object: str | None = None
    created: int | None = None
    """Seconds since 1970; the proxy makes it up."""
    owned_by: str | None = None
    mode: str | None = None
    """What it is for, such as `chat` or `embedding`."""
    max_input_tokens: int | None = None
    max_output_tokens: int | None = None
    metadata: dict[str, Any] | None = None
    """Its fallbacks, where `include_metadata` asked for them."""


class ModelList(ResponseModel):
    """All models that a key may use."""

    data: list[ModelCard] = Field(default_factory=list[ModelCard])
    object: str | None = None


class DeploymentInfo(Model):
    """What the proxy knows of a deployment besides how to reach it. Prices are US dollars.

    More of LiteLLM's price list is there to be read, such as `info["supports_vision"]`.
    """

    id: str | None = None
    db_model: bool | None = None
    """Whether it was added through the API; the others are in the proxy's configuration file and cannot be changed."""
    blocked: bool | None = None
    base_model: str | None = None
    tier: str | None = None
    team_id: str | None = None
    team_public_model_name: str | None = None
    """The name by which its team asks for it; the proxy gives `model_name` another value then."""
    mode: str | None = None
    key: str | None = None
    """The name under which LiteLLM's price list has it."""
    litellm_provider: str | None = None
    max_tokens: int | None = None
    max_input_tokens: int | None = None
    max_output_tokens: int | None = None
    input_cost_per_token: float | None = None
    output_cost_per_token: float | None = None
    access_groups: list[str] | None = None
    access_via_team_ids: list[str] | None = None
    """The teams that may use it."""
    direct_access: bool | None = None
    """Whether the caller may use it apart from their teams."""
    supported_openai_params: list[str] | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None


class Deployment(ResponseModel):
    """One way to reach a model. Several with one `model_name` are what the proxy balances the load over."""

    model_name: str = ""
    litellm_params: dict[str, Any] = Field(default_factory=dict[str, Any])
    """How it is called; keys and credentials are never sent back."""
    model_info: DeploymentInfo = Field(default_factory=DeploymentInfo)

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, value: Any) -> Any:
        # GET /v1/model/info answers with a list also where one id is asked for.
        if isinstance(value, dict) and "data" in value and "model_name" not in value:
            rows = cast("dict[str, list[Any]]", value)["data"]
            return rows[0] if len(rows) == 1 else rows
        return cast("Any", value)

    @property
    def id(self) -> str:
        """The deployment's id."""
        return self.model_info.id or ""

    @property
    def public_name(self) -> str:
        """The name to ask for it by: `model_name`, or for a team's model the name that the team gave it."""
        return self.model_info.team_public_model_name or self.model_name


class DeploymentList(ResponseModel):
    """Deployments, all or a page of them."""

    data: list[Deployment] = Field(default_factory=list[Deployment])
    total_count: int | None = None
    current_page: int | None = None
    total_pages: int | None = None
    size: int | None = None


class WrittenDeployment(ResponseModel):
    """A deployment as the proxy answers a change with: every text in `litellm_params` is ciphertext.

    `model_info.db_model` is false in it although the deployment is in the database.
    """

    model_id: str = ""
    model_name: str = ""
    litellm_params: dict[str, Any] = Field(default_factory=dict[str, Any], repr=False)
    model_info: DeploymentInfo = Field(default_factory=DeploymentInfo)
    blocked: bool | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None


class DeletedModel(ResponseModel):
    """What the proxy says of a deletion."""

    message: str | None = None
