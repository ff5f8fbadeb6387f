"""Users of the proxy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeAlias, TypedDict

from ._base import AlwaysSent, BaseModel, ResponseModel
from .keys import Budget, Key, NewKey, ObjectPermission, ObjectPermissionParam
from .teams import Team, TeamRole

UserRole: TypeAlias = Literal["proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer"]


class _TeamOfNewUser(TypedDict):
    team_id: str


class NewUserTeamParam(_TeamOfNewUser, total=False):
    """A team that a new user joins."""

    user_role: TeamRole
    """Their role in the team. Default: `user`."""
    max_budget_in_team: float
    """Their budget in the team, in USD."""


class UserChangesParam(TypedDict, total=False):
    """Changes of a user. Omitted fields stay as they are. An explicit `None` clears a budget or a limit."""

    user_role: UserRole
    user_alias: str
    models: Sequence[str]
    max_budget: float | None
    budget_duration: str | None
    model_max_budget: Mapping[str, Mapping[str, object]] | None
    spend: float
    max_parallel_requests: int
    tpm_limit: int | None
    rpm_limit: int | None
    model_tpm_limit: Mapping[str, int]
    model_rpm_limit: Mapping[str, int]
    mcp_rpm_limit: Mapping[str, int]
    allowed_cache_controls: Sequence[str]
    policies: Sequence[str]
    object_permission: ObjectPermissionParam
    metadata: Mapping[str, object]


class UserUpdateParam(UserChangesParam, total=False):
    """One user of a bulk update: the `user_id`, or the `user_email` alone, and the changes."""

    user_id: str
    user_email: str


class OrganizationMembership(BaseModel):
    """The membership of a user in an organization."""

    user_id: AlwaysSent[str]
    organization_id: AlwaysSent[str]
    user_role: str | None = None
    spend: AlwaysSent[float]
    """In USD."""
    budget_id: str | None = None
    litellm_budget_table: Budget | None = None
    created_at: AlwaysSent[datetime]
    updated_at: AlwaysSent[datetime]


class User(ResponseModel):
    """A user as the proxy stores them."""

    user_id: AlwaysSent[str]
    user_email: str | None = None
    user_alias: str | None = None
    user_role: UserRole | str | None = None
    """`None` counts as `internal_user_viewer`."""
    sso_user_id: str | None = None
    teams: AlwaysSent[list[str]]
    """The ids of their teams."""
    team_id: str | None = None
    organization_id: str | None = None
    organization_memberships: list[OrganizationMembership] | None = None
    models: AlwaysSent[list[str]]
    """The models that they may call outside of teams; empty: all. `no-default-models`: none."""
    object_permission: ObjectPermission | None = None
    object_permission_id: str | None = None
    spend: AlwaysSent[float]
    """Spend in the current budget period, or since creation if no period is set, in USD."""
    model_spend: dict[str, Any] | None = None
    max_budget: float | None = None
    """The limit of a period, in USD. `None`: no limit."""
    budget_duration: str | None = None
    budget_reset_at: datetime | None = None
    """The end of the current period, when `spend` is reset to zero."""
    model_max_budget: dict[str, Any] | None = None
    model_max_budget_usage: dict[str, Any] | None = None
    max_parallel_requests: int | None = None
    tpm_limit: int | None = None
    rpm_limit: int | None = None
    allowed_cache_controls: list[str] | None = None
    policies: list[str] | None = None
    metadata: AlwaysSent[dict[str, Any]]
    """Also contains settings that have no field here, such as `model_rpm_limit`."""
    password_reset_required: bool | None = None
    last_breach_check_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class ListedUser(User):
    """A user as lists return them."""

    key_count: AlwaysSent[int]
    """The number of their keys."""


class UserInfo(ResponseModel):
    """A user with their keys and teams."""

    user_id: AlwaysSent[str]
    user_info: AlwaysSent[User]
    """The user. If an admin gave no id: the admin, or `None` if the admin's key belongs to no user."""
    keys: AlwaysSent[list[Key]]
    teams: AlwaysSent[list[Team]]


class UserList(ResponseModel):
    """A page of users, as the proxy sends it."""

    users: list[ListedUser]
    total: AlwaysSent[int]
    page: AlwaysSent[int]
    page_size: AlwaysSent[int]
    total_pages: AlwaysSent[int]


class CreatedUser(NewKey):
    """A new user, and the key that the proxy created for them, whose settings have the names of `Key`."""

    _secret_fields: ClassVar[frozenset[str]] = frozenset({"key"})

    user_id: AlwaysSent[str]
    key: str | None = None
    """The key itself, which no later response shows; empty with `auto_create_key=False`."""
    token: str | None = None
    user_email: str | None = None
    user_alias: str | None = None
    user_role: UserRole | str | None = None
    teams: list[Any] | None = None
    """The teams that the user joined, as objects if the proxy sends objects."""


class UpdatedUser(ResponseModel):
    """A user after a change."""

    user_id: AlwaysSent[str]
    data: AlwaysSent[User]
    """The whole user; after a bulk update of all users only the changes."""


class UserUpdateResult(BaseModel):
    """The result for one user of a bulk update."""

    success: AlwaysSent[bool]
    user_id: str | None = None
    user_email: str | None = None
    error: str | None = None
    updated_user: UpdatedUser | None = None


class BulkUpdatedUsers(ResponseModel):
    """The result of a bulk update. Each user succeeds or fails by themselves."""

    results: list[UserUpdateResult]
    total_requested: AlwaysSent[int]
    successful_updates: AlwaysSent[int]
    failed_updates: AlwaysSent[int]


class RoleDescription(BaseModel):
    """The description of a role for people."""

    description: AlwaysSent[str]
    ui_label: AlwaysSent[str]
