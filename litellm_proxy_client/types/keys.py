"""Virtual keys, their budgets and their permissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias, TypedDict, TypeVar

from pydantic import AfterValidator, Field, model_validator

from ._base import AlwaysSent, BaseModel, ResponseModel
from ._key_view import KeyView

S = TypeVar("S", bound="KeySettings")

KeyType: TypeAlias = Literal["default", "llm_api", "management", "read_only"]
KeyStatus: TypeAlias = Literal["active", "expired", "revoked", "deleted"]
LimitType: TypeAlias = Literal["guaranteed_throughput", "best_effort_throughput", "dynamic"]


class BudgetLimitParam(TypedDict):
    """One of several budgets that apply at the same time, such as 1 USD per day and 20 USD per month."""

    budget_duration: str
    """The period, such as `"1d"`."""
    max_budget: float
    """The limit of a period, in USD."""


class ObjectPermissionParam(TypedDict, total=False):
    """Permissions for objects other than models, such as MCP servers. Omitted fields stay unchanged."""

    vector_stores: Sequence[str]
    search_tools: Sequence[str]
    skills: Sequence[str]
    agents: Sequence[str]
    agent_access_groups: Sequence[str]
    models: Sequence[str]
    blocked_tools: Sequence[str]
    mcp_servers: Sequence[str]
    mcp_access_groups: Sequence[str]
    mcp_toolsets: Sequence[str]
    mcp_tool_permissions: Mapping[str, Sequence[str]]
    mcp_tool_search_enabled: bool


class VectorStoreIndexParam(TypedDict):
    """Permissions for an index of a vector store."""

    index_name: str
    index_permissions: Sequence[Literal["read", "write"]]


class _KeyOfUpdate(TypedDict):
    key: str


class KeyUpdateParam(_KeyOfUpdate, total=False):
    """One key of a bulk update: the key or its hash, and the changes. An explicit `None` clears a field."""

    budget_id: str | None
    max_budget: float | None
    team_id: str | None
    tags: Sequence[str] | None
    object_permission: ObjectPermissionParam | None


class ObjectPermission(BaseModel):
    """Permissions for objects other than models, such as MCP servers."""

    object_permission_id: AlwaysSent[str]
    vector_stores: list[str] | None = None
    search_tools: list[str] | None = None
    skills: list[str] | None = None
    agents: list[str] | None = None
    agent_access_groups: list[str] | None = None
    models: list[str] | None = None
    blocked_tools: list[str] | None = None
    mcp_servers: list[str] | None = None
    mcp_access_groups: list[str] | None = None
    mcp_toolsets: list[str] | None = None
    mcp_tool_permissions: dict[str, list[str]] | None = None
    mcp_tool_search_enabled: bool | None = None


class BudgetLimit(BaseModel):
    """One of several budgets that apply at the same time."""

    budget_duration: AlwaysSent[str]
    max_budget: AlwaysSent[float]
    """The limit of a period, in USD."""
    reset_at: datetime | None = None
    """The end of the current period."""


class BudgetUsage(BaseModel):
    """The spend in the current period of a budget."""

    current_spend: AlwaysSent[float]
    """In USD."""


class Budget(BaseModel):
    """A separate budget, which keys refer to by `budget_id`."""

    budget_id: str | None = None
    max_budget: float | None = None
    """In USD."""
    soft_budget: float | None = None
    """The spend at which the proxy sends an alert, in USD."""
    max_parallel_requests: int | None = None
    tpm_limit: int | None = None
    rpm_limit: int | None = None
    tpd_limit: int | None = None
    model_max_budget: dict[str, Any] | None = None
    budget_duration: str | None = None
    budget_reset_at: datetime | None = None
    allowed_models: list[str] | None = None
    temp_budget_increase: float | None = None
    temp_budget_expiry: datetime | None = None
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None


class KeySettings(KeyView):
    """The settings and the spend of a virtual key."""

    key_name: str | None = None
    """The key, abbreviated to its last four characters."""
    key_alias: str | None = None
    status: KeyStatus | str | None = None
    """Only in `KeyInfo.info`."""
    key_type: KeyType | str | None = None
    blocked: bool | None = None
    expires: datetime | None = None
    """`None`: never."""
    team_id: str | None = None
    organization_id: str | None = None
    project_id: str | None = None
    agent_id: str | None = None
    models: AlwaysSent[list[str]]
    """The models that the key may call; empty: all."""
    aliases: AlwaysSent[dict[str, Any]]
    access_group_ids: list[str] | None = None
    allowed_routes: AlwaysSent[list[str]]
    """Empty: all."""
    object_permission: ObjectPermission | None = None
    object_permission_id: str | None = None
    permissions: AlwaysSent[dict[str, Any]]
    spend: AlwaysSent[float]
    """Spend in the current budget period, or since creation if no period is set, in USD."""
    total_spend: float | None = None
    """In USD."""
    model_spend: dict[str, Any] | None = None
    max_budget: float | None = None
    """The limit of a period, in USD. `None`: no limit."""
    budget_duration: str | None = None
    budget_reset_at: datetime | None = None
    """The end of the current period, when `spend` is reset to zero."""
    budget_id: str | None = None
    litellm_budget_table: Budget | None = None
    """The budget of `budget_id`, which contains `soft_budget`; not in responses to changes."""
    budget_limits: list[BudgetLimit] | None = None
    budget_limits_usage: dict[str, BudgetUsage] | None = None
    """The spend by period; only in `KeyInfo.info`."""
    model_max_budget: dict[str, Any] | None = None
    model_max_budget_usage: dict[str, Any] | None = None
    budget_fallbacks: dict[str, list[str]] | None = None
    soft_budget_cooldown: bool | None = None
    max_parallel_requests: int | None = None
    tpm_limit: int | None = None
    rpm_limit: int | None = None
    tpd_limit: int | None = None
    allowed_cache_controls: AlwaysSent[list[str]]
    policies: list[str] | None = None
    config: AlwaysSent[dict[str, Any]]
    router_settings: dict[str, Any] | None = None
    metadata: AlwaysSent[dict[str, Any]]
    """Also contains settings that have no field here, such as `tags`, `guardrails` and `model_rpm_limit`."""
    auto_rotate: bool | None = None
    rotation_interval: str | None = None
    rotation_count: int | None = None
    last_rotation_at: datetime | None = None
    key_rotation_at: datetime | None = None
    """The time of the next rotation by the proxy."""
    created_at: datetime | None = None
    created_by: str | None = None
    created_by_user: dict[str, Any] | None = None
    """The user of `created_by`; only if a list was requested with `expand` for users."""
    updated_at: datetime | None = None
    updated_by: str | None = None
    settings_updated_at: datetime | None = None
    last_active: datetime | None = None
    user: dict[str, Any] | None = None
    """The user of `user_id`; only if a list was requested with `expand` for users."""
    id: str | None = None
    """The id of an entry in the archive of deleted keys; only there."""
    deleted_at: datetime | None = None
    deleted_by: str | None = None
    deleted_by_api_key: str | None = None
    """The hash of the key that deleted it."""
    litellm_changed_by: str | None = None
    """The `changed_by` of the client that deleted it."""

    @model_validator(mode="after")
    def _copy_organization(self: S) -> S:
        # Some routes return a `UserAPIKeyAuth` of LiteLLM, which names the organization `org_id` (proxy/_types.py).
        if self.org_id is not None and self.organization_id is None:
            self.organization_id = self.org_id
        return self


class Key(KeySettings):
    """A virtual key as the proxy stores it: without the key itself, of which the proxy keeps only the hash.

    In a list without full objects only `token` is set, and all other fields are `None`.
    """

    token: AlwaysSent[str]
    """The sha256 hash of the key, which identifies it in every method."""
    user_id: str | None = None


if TYPE_CHECKING:
    KeyRow: TypeAlias = Key
else:
    # Without full objects a list contains hashes. A validator before the model would convert each key to a Python dict.
    KeyRow = Annotated[
        Key | Annotated[str, AfterValidator(lambda token: Key(token=token))], Field(union_mode="left_to_right")
    ]


class NewKey(KeySettings):
    """The settings of a new key, including those that the proxy returns only when it creates a key."""

    token_id: str | None = None
    """The same as `token`."""
    duration: str | None = None
    soft_budget: float | None = None
    """In USD."""
    end_user_budget_id: str | None = None
    throttle_on_budget_exceeded: bool | None = None
    rpm_limit_type: LimitType | str | None = None
    tpm_limit_type: LimitType | str | None = None
    model_rpm_limit: dict[str, Any] | None = None
    model_tpm_limit: dict[str, Any] | None = None
    mcp_rpm_limit: dict[str, Any] | None = None
    tag_rpm_limit: dict[str, Any] | None = None
    default_estimated_output_tokens: int | None = None
    default_estimated_output_tokens_per_model: dict[str, int] | None = None
    tags: list[str] | None = None
    guardrails: list[str] | None = None
    disable_global_guardrails: bool | None = None
    prompts: list[str] | None = None
    enforced_params: list[str] | None = None
    enable_prompt_caching: bool | None = None
    allowed_passthrough_routes: list[str] | None = None
    denied_passthrough_routes: list[str] | None = None
    allowed_vector_store_indexes: list[dict[str, Any]] | None = None


class GeneratedKey(NewKey, Key):
    """A new key. `key` is the key itself, and this response is the only one in which the proxy ever shows it."""

    _secret_fields: ClassVar[frozenset[str]] = frozenset({"key"})

    key: str


class UpdatedKey(Key):
    """A key after a change."""

    key: AlwaysSent[str]
    """Its hash."""


class KeyInfo(ResponseModel):
    """A key with its hash."""

    key: str
    """Its hash."""
    info: Key

    @model_validator(mode="after")
    def _copy_token(self) -> KeyInfo:
        # The proxy omits the hash in `info`.
        if "token" not in self.info:
            self.info.token = self.key
        return self


class KeyInfos(ResponseModel):
    """Several keys. The order of `info` is unrelated to that of `key`."""

    key: list[str] | None = None
    info: list[KeyRow]


class KeyList(ResponseModel):
    """A page of keys, as the proxy sends it."""

    rows: list[KeyRow] = Field(alias="keys")  # a model's `keys` is the method that makes `{**model}` work
    total_count: int | None = None
    current_page: int | None = None
    total_pages: int | None = None


class KeyAliasList(ResponseModel):
    """A page of aliases, as the proxy sends it."""

    aliases: list[str]
    total_count: int | None = None
    current_page: int | None = None
    total_pages: int | None = None
    size: int | None = None


class KeyUpdateDone(BaseModel):
    """A key that a bulk update changed."""

    key: str
    """Its hash."""
    key_info: AlwaysSent[Key]

    @model_validator(mode="after")
    def _copy_token(self) -> KeyUpdateDone:
        # The proxy omits the hash in `key_info`.
        if self.get("key_info") is not None and "token" not in self.key_info:
            self.key_info.token = self.key
        return self


class KeyUpdateFailed(BaseModel):
    """A key that a bulk update did not change."""

    key: str
    """Its hash."""
    key_info: Key | None = None
    failed_reason: AlwaysSent[str]


class BulkUpdatedKeys(ResponseModel):
    """The result of a bulk update. Each key succeeds or fails by itself."""

    total_requested: AlwaysSent[int]
    successful_updates: list[KeyUpdateDone]
    failed_updates: list[KeyUpdateFailed]


class KeySpend(ResponseModel):
    """The spend of a key after it was set. All amounts are in USD."""

    key_hash: AlwaysSent[str]
    spend: AlwaysSent[float]
    previous_spend: AlwaysSent[float]
    max_budget: float | None = None
    budget_reset_at: datetime | None = None


class LoggingCallbacks(BaseModel):
    """The state of the logging that a key requests."""

    callbacks: list[str] | None = None
    status: Literal["healthy", "unhealthy"] | str | None = None
    details: str | None = None


class KeyHealth(ResponseModel):
    """The state of a key, and of the logging that it requests."""

    key: AlwaysSent[Literal["healthy", "unhealthy"] | str]
    logging_callbacks: LoggingCallbacks | None = None
    """`None` if the key requests no logging of its own."""


class KeyDeletion(ResponseModel):
    """The proxy's own response to a deletion. It repeats the requested keys, even those that did not exist."""

    _secret_fields: ClassVar[frozenset[str]] = frozenset({"deleted_keys"})

    deleted_keys: AlwaysSent[list[str]]


class DeletedKeys(ResponseModel):
    """The result of a deletion, with each key and alias as it was given."""

    _secret_fields: ClassVar[frozenset[str]] = frozenset({"deleted_keys", "missing_keys"})

    deleted_keys: list[str]
    deleted_aliases: list[str]
    missing_keys: list[str]
    """Keys that did not exist."""
    missing_aliases: list[str]
    """Aliases that no key has."""
