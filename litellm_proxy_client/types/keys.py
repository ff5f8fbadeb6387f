"""Virtual keys, their budgets and what they may use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias, TypedDict

from pydantic import AfterValidator, Field, model_validator

from ._base import Model, ResponseModel
from ._key_view import KeyView

KeyType: TypeAlias = Literal["default", "llm_api", "management", "read_only"]
KeyStatus: TypeAlias = Literal["active", "expired", "revoked", "deleted"]
LimitType: TypeAlias = Literal["guaranteed_throughput", "best_effort_throughput", "dynamic"]


class BudgetLimitParam(TypedDict):
    """One of several budgets that count at the same time, such as 1 dollar a day beside 20 a month."""

    budget_duration: str
    """The period, such as `"1d"`."""
    max_budget: float
    """US dollars that may be spent in a period."""


class ObjectPermissionParam(TypedDict, total=False):
    """What else than models may be used; what is left out stays as it is."""

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
    """What may be done with an index of a vector store."""

    index_name: str
    index_permissions: Sequence[Literal["read", "write"]]


class _KeyOfUpdate(TypedDict):
    key: str


class KeyUpdateParam(_KeyOfUpdate, total=False):
    """One key of a bulk update: the key or its hash, and what changes. An explicit `None` takes a value back."""

    budget_id: str | None
    max_budget: float | None
    team_id: str | None
    tags: Sequence[str] | None
    object_permission: ObjectPermissionParam | None


class ObjectPermission(Model):
    """What else than models may be used."""

    object_permission_id: str | None = None
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


class BudgetLimit(Model):
    """One of several budgets that count at the same time."""

    budget_duration: str | None = None
    max_budget: float | None = None
    """US dollars that may be spent in a period."""
    reset_at: datetime | None = None
    """When the running period ends."""


class BudgetUsage(Model):
    """What was spent in the running period of a budget."""

    current_spend: float | None = None
    """US dollars."""


class Budget(Model):
    """A budget of its own, which keys refer to by `budget_id`."""

    budget_id: str | None = None
    max_budget: float | None = None
    """US dollars."""
    soft_budget: float | None = None
    """US dollars at which an alert is sent."""
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


class Key(KeyView):
    """A virtual key as the proxy keeps it: all but the key itself, of which it only knows the hash."""

    token: str | None = None
    """The sha256 hash of the key, which names it in every method. `KeyInfo.info` lacks it: see `KeyInfo.key`."""
    key_name: str | None = None
    """The key with all but its last four characters left out."""
    key_alias: str | None = None
    status: KeyStatus | str | None = None
    """Only in `KeyInfo.info`."""
    key_type: KeyType | str | None = None
    blocked: bool | None = None
    expires: datetime | None = None
    """`None`: never."""
    user_id: str | None = None
    team_id: str | None = None
    organization_id: str | None = None
    project_id: str | None = None
    agent_id: str | None = None
    models: list[str] | None = None
    """The models that it may call; empty: all."""
    aliases: dict[str, Any] | None = None
    access_group_ids: list[str] | None = None
    allowed_routes: list[str] | None = None
    """Empty: all."""
    object_permission: ObjectPermission | None = None
    object_permission_id: str | None = None
    permissions: dict[str, Any] | None = None
    spend: float | None = None
    """US dollars spent in the running period of the budget, or ever where there is no period."""
    total_spend: float | None = None
    """US dollars."""
    model_spend: dict[str, Any] | None = None
    max_budget: float | None = None
    """US dollars that may be spent in a period. `None`: no limit."""
    budget_duration: str | None = None
    budget_reset_at: datetime | None = None
    """When the running period ends and `spend` begins again at zero."""
    budget_id: str | None = None
    litellm_budget_table: Budget | None = None
    """The budget of `budget_id`, which holds `soft_budget`; not in answers to changes."""
    budget_limits: list[BudgetLimit] | None = None
    budget_limits_usage: dict[str, BudgetUsage] | None = None
    """What was spent, by period; only in `KeyInfo.info`."""
    model_max_budget: dict[str, Any] | None = None
    model_max_budget_usage: dict[str, Any] | None = None
    budget_fallbacks: dict[str, list[str]] | None = None
    soft_budget_cooldown: bool | None = None
    max_parallel_requests: int | None = None
    tpm_limit: int | None = None
    rpm_limit: int | None = None
    tpd_limit: int | None = None
    allowed_cache_controls: list[str] | None = None
    policies: list[str] | None = None
    config: dict[str, Any] | None = None
    router_settings: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    """Also holds settings that have no field here, such as `tags`, `guardrails` and `model_rpm_limit`."""
    auto_rotate: bool | None = None
    rotation_interval: str | None = None
    rotation_count: int | None = None
    last_rotation_at: datetime | None = None
    key_rotation_at: datetime | None = None
    """When the proxy will rotate it next."""
    created_at: datetime | None = None
    created_by: str | None = None
    created_by_user: dict[str, Any] | None = None
    """Who that is; only where a list was asked to `expand` users."""
    updated_at: datetime | None = None
    updated_by: str | None = None
    settings_updated_at: datetime | None = None
    last_active: datetime | None = None
    user: dict[str, Any] | None = None
    """The user of `user_id`; only where a list was asked to `expand` users."""
    id: str | None = None
    """What tells an entry of the archive of deleted keys from others; only there."""
    deleted_at: datetime | None = None
    deleted_by: str | None = None
    deleted_by_api_key: str | None = None
    """The hash of the key that deleted it."""
    litellm_changed_by: str | None = None
    """What the client that deleted it gave as `changed_by`."""

    @model_validator(mode="after")
    def _same_name(self) -> Key:
        # What LiteLLM has made a `UserAPIKeyAuth` of names the organization otherwise (proxy/_types.py).
        if self.org_id is not None and self.organization_id is None:
            self.organization_id = self.org_id
        return self


if TYPE_CHECKING:
    KeyRow: TypeAlias = Key
else:
    # Without full objects a list holds hashes. A validator before the model would take each key through Python's dicts.
    KeyRow = Annotated[
        Key | Annotated[str, AfterValidator(lambda token: Key(token=token))], Field(union_mode="left_to_right")
    ]


class NewKey(Key):
    """What answers to the making of a key hold besides what the proxy keeps."""

    token_id: str | None = None
    """The same as `token`."""
    duration: str | None = None
    soft_budget: float | None = None
    """US dollars."""
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


class GeneratedKey(NewKey):
    """A new key. `key` is the key itself, and this answer is the only place where the proxy ever shows it."""

    _secret_fields: ClassVar[frozenset[str]] = frozenset({"key"})

    key: str


class UpdatedKey(Key):
    """A key after a change."""

    key: str | None = None
    """Its hash."""


class KeyInfo(ResponseModel):
    """What the proxy knows of one key."""

    key: str
    """Its hash."""
    info: Key


class KeyInfos(ResponseModel):
    """What the proxy knows of several keys; it does not say which key a part is about."""

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


class KeyUpdateDone(Model):
    """A key that a bulk update changed."""

    key: str
    """Its hash."""
    key_info: Key | None = None


class KeyUpdateFailed(KeyUpdateDone):
    """A key that a bulk update left as it was."""

    failed_reason: str | None = None


class BulkUpdatedKeys(ResponseModel):
    """What a bulk update did; each key counts for itself."""

    total_requested: int | None = None
    successful_updates: list[KeyUpdateDone]
    failed_updates: list[KeyUpdateFailed]


class KeySpend(ResponseModel):
    """A key's spend after it was set, all in US dollars."""

    key_hash: str | None = None
    spend: float | None = None
    previous_spend: float | None = None
    max_budget: float | None = None
    budget_reset_at: datetime | None = None


class LoggingCallbacks(Model):
    """Whether the logging that a key asks for works."""

    callbacks: list[str] | None = None
    status: Literal["healthy", "unhealthy"] | str | None = None
    details: str | None = None


class KeyHealth(ResponseModel):
    """Whether a key works, and the logging that it asks for."""

    key: Literal["healthy", "unhealthy"] | str | None = None
    logging_callbacks: LoggingCallbacks | None = None
    """`None` where the key asks for no logging of its own."""


class KeyDeletion(ResponseModel):
    """The proxy's own answer to a deletion, which repeats what was asked for, whether it was there or not."""

    _secret_fields: ClassVar[frozenset[str]] = frozenset({"deleted_keys"})

    deleted_keys: list[str] | None = None


class DeletedKeys(ResponseModel):
    """What a deletion found, each key and alias as it was given."""

    _secret_fields: ClassVar[frozenset[str]] = frozenset({"deleted_keys", "missing_keys"})

    deleted_keys: list[str]
    deleted_aliases: list[str]
    missing_keys: list[str]
    """Those that were not there."""
    missing_aliases: list[str]
    """Those that no key bore."""
