"""Users of the proxy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeAlias, TypedDict

from ._base import Model, ResponseModel
from .keys import Budget, Key, NewKey, ObjectPermission, ObjectPermissionParam
from .teams import Team, TeamRole

UserRole: TypeAlias = Literal["proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer"]


class _TeamOfNewUser(TypedDict):
    team_id: str


class NewUserTeamParam(_TeamOfNewUser, total=False):
    """A team that a new user joins."""

    user_role: TeamRole
    """Their role in the team; by default `user`."""
    max_budget_in_team: float
    """US dollars that they may spend in it."""


class UserChangesParam(TypedDict, total=False):
    """What changes about a user; what is left out stays. An explicit `None` takes a budget or a limit back."""

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
    """One user of a bulk update: who (`user_id`, or `user_email` alone), and what changes."""

    user_id: str
    user_email: str


class OrganizationMembership(Model):
    """That a user belongs to an organization."""

    user_id: str | None = None
    organization_id: str | None = None
    user_role: str | None = None
    spend: float | None = None
    """US dollars."""
    budget_id: str | None = None
    litellm_budget_table: Budget | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class User(ResponseModel):
    """A user as the proxy keeps them."""

    user_id: str | None = None
    user_email: str | None = None
    user_alias: str | None = None
    user_role: UserRole | str | None = None
    """`None` counts as `internal_user_viewer`."""
    sso_user_id: str | None = None
    teams: list[str] | None = None
    """The ids of their teams."""
    team_id: str | None = None
    organization_id: str | None = None
    organization_memberships: list[OrganizationMembership] | None = None
    models: list[str] | None = None
    """The models that they may call outside of teams; empty: all. `no-default-models`: none."""
    object_permission: ObjectPermission | None = None
    object_permission_id: str | None = None
    spend: float | None = None
    """US dollars spent in the running period of the budget, or ever where there is no period."""
    model_spend: dict[str, Any] | None = None
    max_budget: float | None = None
    """US dollars that may be spent in a period. `None`: no limit."""
    budget_duration: str | None = None
    budget_reset_at: datetime | None = None
    """When the running period ends and `spend` begins again at zero."""
    model_max_budget: dict[str, Any] | None = None
    model_max_budget_usage: dict[str, Any] | None = None
    max_parallel_requests: int | None = None
    tpm_limit: int | None = None
    rpm_limit: int | None = None
    allowed_cache_controls: list[str] | None = None
    policies: list[str] | None = None
    metadata: dict[str, Any] | None = None
    """Also holds settings that have no field here, such as `model_rpm_limit`."""
    password_reset_required: bool | None = None
    last_breach_check_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class ListedUser(User):
    """A user as lists show them."""

    key_count: int | None = None
    """How many keys they have."""


class UserInfo(ResponseModel):
    """A user with their keys and teams."""

    user_id: str | None = None
    user_info: User | None = None
    """The user; where an admin asked for nobody: the admin, or `None` where their key belongs to no user."""
    keys: list[Key] | None = None
    teams: list[Team] | None = None


class UserList(ResponseModel):
    """A page of users, as the proxy sends it."""

    users: list[ListedUser]
    total: int | None = None
    page: int | None = None
    page_size: int | None = None
    total_pages: int | None = None


class CreatedUser(NewKey):
    """A new user, and the key that the proxy made for them, whose settings have the names that `Key` gives them."""

    _secret_fields: ClassVar[frozenset[str]] = frozenset({"key"})

    key: str | None = None
    """The key itself, which no later answer shows; empty with `auto_create_key=False`."""
    user_email: str | None = None
    user_alias: str | None = None
    user_role: UserRole | str | None = None
    teams: list[Any] | None = None
    """The teams joined; in full where the proxy sends them so."""


class UpdatedUser(ResponseModel):
    """A user after a change."""

    user_id: str | None = None
    data: User | None = None
    """All that the proxy keeps of them; of a bulk update of all users only what changed."""


class UserUpdateResult(Model):
    """What became of one user of a bulk update."""

    success: bool | None = None
    user_id: str | None = None
    user_email: str | None = None
    error: str | None = None
    updated_user: UpdatedUser | None = None


class BulkUpdatedUsers(ResponseModel):
    """What a bulk update did; each user counts for themselves."""

    results: list[UserUpdateResult]
    total_requested: int | None = None
    successful_updates: int | None = None
    failed_updates: int | None = None


class RoleDescription(Model):
    """A role, for people."""

    description: str | None = None
    ui_label: str | None = None
