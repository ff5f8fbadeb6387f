"""Teams, their members and the permissions of members."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypeAlias, TypedDict

from ._base import AlwaysSent, BaseModel, ResponseModel
from .keys import Budget, BudgetLimit, Key, ObjectPermission

TeamRole: TypeAlias = Literal["admin", "user"]
TeamLimitType: TypeAlias = Literal["guaranteed_throughput", "best_effort_throughput"]


class _RoleOfMember(TypedDict):
    role: TeamRole


class MemberParam(_RoleOfMember, total=False):
    """A user who joins a team: `user_id` or `user_email`, and the role. The role `admin` needs a licence."""

    user_id: str
    user_email: str


class Member(BaseModel):
    """A member of a team."""

    user_id: str | None = None
    user_email: str | None = None
    user_alias: str | None = None
    role: AlwaysSent[TeamRole | str]


class TeamMembership(BaseModel):
    """The spend and the budget of a member in a team."""

    user_id: AlwaysSent[str]
    team_id: AlwaysSent[str]
    spend: AlwaysSent[float]
    """Spend in the current budget period, in USD."""
    total_spend: AlwaysSent[float]
    """Spend since the member joined, in USD."""
    budget_id: str | None = None
    budget_source: Literal["team_default", "custom", "none"] | str | None = None
    """The origin of that budget; only in `TeamInfo`."""
    litellm_budget_table: Budget | None = None
    """The budget: the team's default for members, or one of their own."""


class Team(ResponseModel):
    """A team as the proxy stores it."""

    team_id: AlwaysSent[str]
    team_alias: str | None = None
    organization_id: str | None = None
    members_with_roles: AlwaysSent[list[Member]]
    members: AlwaysSent[list[str]]
    """Deprecated by the proxy: see `members_with_roles`."""
    admins: AlwaysSent[list[str]]
    """Deprecated by the proxy: see `members_with_roles`."""
    team_member_permissions: AlwaysSent[list[str]]
    blocked: AlwaysSent[bool]
    models: AlwaysSent[list[str]]
    """The models that its keys may call; empty: all."""
    default_team_member_models: list[str] | None = None
    access_group_ids: AlwaysSent[list[str]]
    access_group_models: list[str] | None = None
    access_group_mcp_server_ids: list[str] | None = None
    access_group_agent_ids: list[str] | None = None
    object_permission: ObjectPermission | None = None
    object_permission_id: str | None = None
    spend: AlwaysSent[float]
    """Spend in the current budget period, or since creation if no period is set, in USD."""
    model_spend: AlwaysSent[dict[str, Any]]
    max_budget: float | None = None
    """The limit of a period, in USD. `None`: no limit."""
    soft_budget: float | None = None
    """The spend at which the proxy sends an alert, in USD."""
    budget_duration: str | None = None
    budget_reset_at: datetime | None = None
    """The end of the current period, when `spend` is reset to zero."""
    budget_limits: list[BudgetLimit] | None = None
    model_max_budget: AlwaysSent[dict[str, Any]]
    model_max_budget_usage: dict[str, Any] | None = None
    max_parallel_requests: int | None = None
    tpm_limit: int | None = None
    rpm_limit: int | None = None
    tpd_limit: int | None = None
    policies: AlwaysSent[list[str]]
    allow_team_guardrail_config: AlwaysSent[bool]
    router_settings: dict[str, Any] | None = None
    model_id: int | None = None
    litellm_model_table: dict[str, Any] | None = None
    """Contains `model_aliases`."""
    metadata: AlwaysSent[dict[str, Any]]
    """Also contains settings that have no field here, such as `tags`, `guardrails` and `model_rpm_limit`."""
    created_at: AlwaysSent[datetime]
    updated_at: AlwaysSent[datetime]


class ListedTeam(Team):
    """A team as lists return it."""

    members_count: int | None = None
    keys_count: int | None = None
    id: str | None = None
    """The id of an entry in the archive of deleted teams; only there."""
    deleted_at: datetime | None = None
    deleted_by: str | None = None
    deleted_by_api_key: str | None = None
    """The hash of the key that deleted it."""
    litellm_changed_by: str | None = None
    """The `changed_by` of the client that deleted it."""


class TeamList(ResponseModel):
    """A page of teams, as the proxy sends it."""

    teams: list[ListedTeam]
    total: AlwaysSent[int]
    page: AlwaysSent[int]
    page_size: AlwaysSent[int]
    total_pages: AlwaysSent[int]


class TeamDetails(Team):
    """A team as `get` returns it."""

    team_member_budget_table: Budget | None = None
    """The budget of each member who has none of their own."""


class TeamInfo(ResponseModel):
    """A team with its keys and the spend of its members."""

    team_id: AlwaysSent[str]
    team_info: TeamDetails
    keys: AlwaysSent[list[Key]]
    team_memberships: AlwaysSent[list[TeamMembership]]
    """Only of those members who have a budget in the team."""


class UpdatedTeam(ResponseModel):
    """A team after a change."""

    team_id: AlwaysSent[str]
    data: AlwaysSent[Team]


class DeletedTeams(ResponseModel):
    """The ids of the teams that were deleted."""

    deleted_teams: AlwaysSent[list[str]]


class NewMember(BaseModel):
    """The user who joined. Only these fields are declared; all other fields of a user are kept too."""

    user_id: AlwaysSent[str]
    user_email: str | None = None
    user_role: str | None = None
    teams: AlwaysSent[list[str]]


class TeamWithNewMembers(Team):
    """A team after members joined."""

    updated_users: AlwaysSent[list[NewMember]]
    updated_team_memberships: AlwaysSent[list[TeamMembership]]


class MemberAddResult(BaseModel):
    """The result for one of several members."""

    success: AlwaysSent[bool]
    user_id: str | None = None
    user_email: str | None = None
    error: str | None = None
    updated_user: NewMember | None = None
    """`None` if they were in the team already."""
    updated_team_membership: TeamMembership | None = None


class AddedMembers(ResponseModel):
    """The results for members who were to join."""

    team_id: AlwaysSent[str]
    results: list[MemberAddResult]
    total_requested: AlwaysSent[int]
    successful_additions: AlwaysSent[int]
    failed_additions: AlwaysSent[int]
    updated_team: TeamWithNewMembers | None = None


class UpdatedMember(ResponseModel):
    """The changes of a member, as the request gave them."""

    user_id: AlwaysSent[str]
    user_email: str | None = None
    team_id: AlwaysSent[str]
    max_budget_in_team: float | None = None
    """In USD."""
    budget_duration: str | None = None
    allowed_models: list[str] | None = None
    tpm_limit: int | None = None
    rpm_limit: int | None = None
    temp_budget_increase: float | None = None
    temp_budget_expiry: datetime | None = None


class TeamPermissions(ResponseModel):
    """The permissions of members who are not admins, for the keys of their team."""

    team_id: AlwaysSent[str]
    team_member_permissions: list[str] | None = None
    """The routes that they may call, in addition to `/key/info` and `/key/health`, which are always permitted."""
    all_available_permissions: AlwaysSent[list[str]]
    """The names that can be permitted. With any other name the proxy fails (500) whenever a member manages keys. So it
    does with some of these: those that begin with `/team/daily/activity/`, except `/team/daily/activity/aggregated`."""


class PermissionsUpdate(ResponseModel):
    """The result of a bulk update of permissions."""

    message: AlwaysSent[str]
    teams_updated: AlwaysSent[int]
    permissions_appended: list[str] | None = None


class MemberBudget(ResponseModel):
    """The budget that applies to a member."""

    team_id: AlwaysSent[str]
    user_id: AlwaysSent[str]
    budget_id: str | None = None
    previous_budget_id: str | None = None
    budget_source: AlwaysSent[Literal["team_default", "custom", "none"] | str]
