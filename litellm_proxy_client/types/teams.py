"""Teams, their members and what these may do."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypeAlias, TypedDict

from ._base import Model, ResponseModel
from .keys import Budget, BudgetLimit, Key, ObjectPermission

TeamRole: TypeAlias = Literal["admin", "user"]
TeamLimitType: TypeAlias = Literal["guaranteed_throughput", "best_effort_throughput"]


class _RoleOfMember(TypedDict):
    role: TeamRole


class MemberParam(_RoleOfMember, total=False):
    """Who joins a team: `user_id` or `user_email`, and the role. A licence is needed for `admin`."""

    user_id: str
    user_email: str


class Member(Model):
    """A member of a team."""

    user_id: str | None = None
    user_email: str | None = None
    user_alias: str | None = None
    role: TeamRole | str | None = None


class TeamMembership(Model):
    """What a member has spent in a team, and may spend."""

    user_id: str | None = None
    team_id: str | None = None
    spend: float | None = None
    """US dollars spent in the running period of the budget."""
    total_spend: float | None = None
    """US dollars spent ever."""
    budget_id: str | None = None
    budget_source: Literal["team_default", "custom", "none"] | str | None = None
    """Whose budget that is; only in `TeamInfo`."""
    litellm_budget_table: Budget | None = None
    """The budget; that of the team's members, or one of their own."""


class Team(ResponseModel):
    """A team as the proxy keeps it."""

    team_id: str | None = None
    team_alias: str | None = None
    organization_id: str | None = None
    members_with_roles: list[Member] | None = None
    members: list[str] | None = None
    """Deprecated by the proxy: see `members_with_roles`."""
    admins: list[str] | None = None
    """Deprecated by the proxy: see `members_with_roles`."""
    team_member_permissions: list[str] | None = None
    blocked: bool | None = None
    models: list[str] | None = None
    """The models that its keys may call; empty: all."""
    default_team_member_models: list[str] | None = None
    access_group_ids: list[str] | None = None
    access_group_models: list[str] | None = None
    access_group_mcp_server_ids: list[str] | None = None
    access_group_agent_ids: list[str] | None = None
    object_permission: ObjectPermission | None = None
    object_permission_id: str | None = None
    spend: float | None = None
    """US dollars spent in the running period of the budget, or ever where there is no period."""
    model_spend: dict[str, Any] | None = None
    max_budget: float | None = None
    """US dollars that may be spent in a period. `None`: no limit."""
    soft_budget: float | None = None
    """US dollars at which an alert is sent."""
    budget_duration: str | None = None
    budget_reset_at: datetime | None = None
    """When the running period ends and `spend` begins again at zero."""
    budget_limits: list[BudgetLimit] | None = None
    model_max_budget: dict[str, Any] | None = None
    model_max_budget_usage: dict[str, Any] | None = None
    max_parallel_requests: int | None = None
    tpm_limit: int | None = None
    rpm_limit: int | None = None
    tpd_limit: int | None = None
    policies: list[str] | None = None
    allow_team_guardrail_config: bool | None = None
    router_settings: dict[str, Any] | None = None
    model_id: int | None = None
    litellm_model_table: dict[str, Any] | None = None
    """Holds `model_aliases`."""
    metadata: dict[str, Any] | None = None
    """Also holds settings that have no field here, such as `tags`, `guardrails` and `model_rpm_limit`."""
    created_at: datetime | None = None
    updated_at: datetime | None = None


class ListedTeam(Team):
    """A team as lists show it."""

    members_count: int | None = None
    keys_count: int | None = None
    id: str | None = None
    """What tells an entry of the archive of deleted teams from others; only there."""
    deleted_at: datetime | None = None
    deleted_by: str | None = None
    deleted_by_api_key: str | None = None
    """The hash of the key that deleted it."""
    litellm_changed_by: str | None = None
    """What the client that deleted it gave as `changed_by`."""


class TeamList(ResponseModel):
    """A page of teams, as the proxy sends it."""

    teams: list[ListedTeam]
    total: int | None = None
    page: int | None = None
    page_size: int | None = None
    total_pages: int | None = None


class TeamDetails(Team):
    """A team as `get` shows it."""

    team_member_budget_table: Budget | None = None
    """The budget that each member has who has none of their own."""


class TeamInfo(ResponseModel):
    """A team with its keys, and what its members have spent."""

    team_id: str | None = None
    team_info: TeamDetails
    keys: list[Key] | None = None
    team_memberships: list[TeamMembership] | None = None
    """Of those members who have a budget in the team."""


class UpdatedTeam(ResponseModel):
    """A team after a change."""

    team_id: str | None = None
    data: Team | None = None


class DeletedTeams(ResponseModel):
    """The ids of the teams that were deleted."""

    deleted_teams: list[str] | None = None


class NewMember(Model):
    """The user that joined, as far as it matters here; all other fields of a user are kept too."""

    user_id: str | None = None
    user_email: str | None = None
    user_role: str | None = None
    teams: list[str] | None = None


class TeamWithNewMembers(Team):
    """A team after members joined."""

    updated_users: list[NewMember] | None = None
    updated_team_memberships: list[TeamMembership] | None = None


class MemberAddResult(Model):
    """What became of one member of several."""

    success: bool | None = None
    user_id: str | None = None
    user_email: str | None = None
    error: str | None = None
    updated_user: NewMember | None = None
    """`None` where they were in the team already."""
    updated_team_membership: TeamMembership | None = None


class AddedMembers(ResponseModel):
    """What became of the members who were to join."""

    team_id: str | None = None
    results: list[MemberAddResult]
    total_requested: int | None = None
    successful_additions: int | None = None
    failed_additions: int | None = None
    updated_team: TeamWithNewMembers | None = None


class UpdatedMember(ResponseModel):
    """What was changed about a member; the proxy repeats what it was given."""

    user_id: str | None = None
    user_email: str | None = None
    team_id: str | None = None
    max_budget_in_team: float | None = None
    """US dollars."""
    budget_duration: str | None = None
    allowed_models: list[str] | None = None
    tpm_limit: int | None = None
    rpm_limit: int | None = None
    temp_budget_increase: float | None = None
    temp_budget_expiry: datetime | None = None


class TeamPermissions(ResponseModel):
    """What members who are no admins may do with the keys of a team."""

    team_id: str | None = None
    team_member_permissions: list[str] | None = None
    """The routes that they may call, beside `/key/info` and `/key/health`, which they always may."""
    all_available_permissions: list[str] | None = None
    """What can be allowed. With any other name the proxy fails (500) whenever a member manages keys, and so it does
    with some of these: those that begin with `/team/daily/activity/`, but for `/team/daily/activity/aggregated`."""


class PermissionsUpdate(ResponseModel):
    """What a bulk update of permissions did."""

    message: str | None = None
    teams_updated: int | None = None
    permissions_appended: list[str] | None = None


class MemberBudget(ResponseModel):
    """Which budget counts for a member."""

    team_id: str | None = None
    user_id: str | None = None
    budget_id: str | None = None
    previous_budget_id: str | None = None
    budget_source: Literal["team_default", "custom", "none"] | str | None = None
