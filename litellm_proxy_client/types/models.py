"""Models and their deployments."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from pydantic import Field, model_validator

from ._base import AlwaysSent, BaseModel, ResponseModel


class Model(ResponseModel):
    """A model as OpenAI's API lists it: a name that completions can request."""

    id: str = ""
    object: AlwaysSent[str]
    created: AlwaysSent[int]
    """Unix seconds; the proxy invents the value."""
    owned_by: AlwaysSent[str]
    mode: str | None = None
    """The purpose, such as `chat` or `embedding`."""
    max_input_tokens: int | None = None
    max_output_tokens: int | None = None
    metadata: dict[str, Any] | None = None
    """The fallbacks of the model, if `include_metadata` requested them."""


class ModelList(ResponseModel):
    """All models that a key may use, as the proxy sends them."""

    data: list[Model] = Field(default_factory=list[Model])
    object: AlwaysSent[str]


class DeploymentInfo(BaseModel):
    """The proxy's knowledge of a deployment, apart from how to reach it. Prices are in USD.

    More of LiteLLM's price list can be read by key, such as `info["supports_vision"]`.
    """

    id: AlwaysSent[str]
    db_model: AlwaysSent[bool]
    """True if it was added through the API. The others are in the proxy's configuration file and cannot be changed."""
    blocked: bool | None = None
    base_model: str | None = None
    tier: str | None = None
    team_id: str | None = None
    team_public_model_name: str | None = None
    """The name by which its team requests it. The proxy then gives `model_name` another value."""
    mode: str | None = None
    key: str | None = None
    """The name of the model in LiteLLM's price list."""
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
    """True if the caller may use it independently of their teams."""
    supported_openai_params: list[str] | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None


class Deployment(ResponseModel):
    """One way to reach a model. The proxy balances the load over all deployments that share a `model_name`."""

    model_name: str = ""
    litellm_params: dict[str, Any] = Field(default_factory=dict[str, Any])
    """The parameters of its calls. The proxy never returns keys and credentials."""
    model_info: DeploymentInfo = Field(default_factory=DeploymentInfo.model_construct)

    @model_validator(mode="before")
    @classmethod
    def _single_row(cls, value: Any) -> Any:
        # GET /v1/model/info returns a list even when one id is requested.
        if isinstance(value, dict) and "data" in value and "model_name" not in value:
            rows = cast("dict[str, list[Any]]", value)["data"]
            return rows[0] if len(rows) == 1 else rows
        return cast("Any", value)

    @property
    def id(self) -> str:
        """The id of the deployment."""
        return self.model_info.id or ""

    @property
    def public_name(self) -> str:
        """The name to request it by: `model_name`, or the name that its team gave it if it belongs to a team."""
        return self.model_info.team_public_model_name or self.model_name


class DeploymentList(ResponseModel):
    """Deployments, all or a page of them, as the proxy sends them."""

    data: list[Deployment] = Field(default_factory=list[Deployment])
    total_count: int | None = None
    current_page: int | None = None
    total_pages: int | None = None
    size: int | None = None


class WrittenDeployment(ResponseModel):
    """A deployment as the proxy returns it after a change: every text in `litellm_params` is ciphertext.

    `model_info.db_model` is false in it although the deployment is in the database.
    """

    model_id: str = ""
    model_name: str = ""
    litellm_params: dict[str, Any] = Field(default_factory=dict[str, Any], repr=False)
    model_info: DeploymentInfo = Field(default_factory=DeploymentInfo.model_construct)
    blocked: AlwaysSent[bool]
    created_at: AlwaysSent[datetime]
    created_by: AlwaysSent[str]
    updated_at: AlwaysSent[datetime]
    updated_by: AlwaysSent[str]


class DeletedModel(ResponseModel):
    """The confirmation of a deletion."""

    message: AlwaysSent[str]
