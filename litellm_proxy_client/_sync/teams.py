# Generated from _endpoints/teams.py by `python -m litellm_proxy_client._codegen.generate`. Do not edit.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from .._clients.resource import SyncResource
from .._endpoints import teams as _endpoints

if TYPE_CHECKING:
    from .._clients.page import Page
    from .._wire.parameters import Null
    from ..types.activity import ActivityPage
    from ..types.keys import BudgetLimitParam
    from ..types.keys import ObjectPermissionParam
    from ..types.keys import VectorStoreIndexParam
    from ..types.teams import AddedMembers
    from ..types.teams import DeletedTeams
    from ..types.teams import ListedTeam
    from ..types.teams import MemberBudget
    from ..types.teams import MemberParam
    from ..types.teams import PermissionsUpdate
    from ..types.teams import Team
    from ..types.teams import TeamInfo
    from ..types.teams import TeamLimitType
    from ..types.teams import TeamPermissions
    from ..types.teams import TeamRole
    from ..types.teams import TeamWithNewMembers
    from ..types.teams import UpdatedMember
    from ..types.teams import UpdatedTeam
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date
    from datetime import datetime
    import httpx


class Teams(SyncResource):
    """Teams: users and keys that share models, budgets and limits."""

    _endpoints = _endpoints.Teams()

    @overload
    def create(
        self, *, team_id: str | None = None, team_alias: str | None = None, organization_id: str | None = None,
        blocked: bool | None = None, models: Sequence[str] | None = None,
        default_team_member_models: Sequence[str] | None = None, model_aliases: Mapping[str, str] | None = None,
        access_group_ids: Sequence[str] | None = None, allowed_passthrough_routes: Sequence[str] | None = None,
        denied_passthrough_routes: Sequence[str] | None = None,
        allowed_vector_store_indexes: Sequence[VectorStoreIndexParam] | None = None,
        object_permission: ObjectPermissionParam | None = None, max_budget: float | None = None,
        soft_budget: float | None = None, budget_duration: str | None = None,
        budget_limits: Sequence[BudgetLimitParam] | None = None,
        model_max_budget: Mapping[str, Mapping[str, object]] | None = None, team_member_budget: float | None = None,
        team_member_budget_duration: str | None = None, team_member_tpm_limit: int | None = None,
        team_member_rpm_limit: int | None = None, team_member_key_duration: str | None = None,
        tpm_limit: int | None = None, rpm_limit: int | None = None, tpd_limit: int | None = None,
        model_tpm_limit: Mapping[str, int] | None = None, model_rpm_limit: Mapping[str, int] | None = None,
        mcp_rpm_limit: Mapping[str, int] | None = None, default_estimated_output_tokens: int | None = None,
        default_estimated_output_tokens_per_model: Mapping[str, int] | None = None,
        metadata: Mapping[str, object] | None = None, tags: Sequence[str] | None = None,
        guardrails: Sequence[str] | None = None, disable_global_guardrails: bool | None = None,
        policies: Sequence[str] | None = None, prompts: Sequence[str] | None = None,
        router_settings: Mapping[str, object] | None = None,
        secret_manager_settings: Mapping[str, object] | None = None,
        enforced_file_expires_after: Mapping[str, object] | None = None,
        enforced_batch_output_expires_after: Mapping[str, object] | None = None,
        members_with_roles: Sequence[MemberParam] | None = None, team_member_permissions: Sequence[str] | None = None,
        tpm_limit_type: TeamLimitType | None = None, rpm_limit_type: TeamLimitType | None = None,
        members: Sequence[str] | None = None, admins: Sequence[str] | None = None,
        extra_body: Mapping[str, object] | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Team: ...
    @overload
    def create(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def create(self, *arguments: Any, **named: Any) -> Team | httpx.Request:
        """Create a team. The caller becomes its first admin.

        `POST /team/new`

        Args:
            team_id: A custom id. Default: the proxy generates one. The call is retried only with `team_id`; a
                `ConflictError` may then mean that an earlier attempt succeeded.
            team_alias: A human-readable name, which need not be unique.
            organization_id: The organization that owns the team.
            blocked: True if the team's keys are blocked from the start.
            models: Models that the team's keys may call. Empty: all.
            default_team_member_models: Models that new members may call in the team, a subset of `models`. With this
                setting, new members get their own budget without a limit, so `team_member_budget` does not apply to
                them.
            model_aliases: Model aliases, requested name to actual model, such as `{"gpt-4": "gpt-4o-mini"}`.
            access_group_ids: Access groups whose models the team may call.
            allowed_passthrough_routes: Pass-through routes that the team may call. Requires a licence.
            denied_passthrough_routes: Pass-through routes that the team may not call, even if another setting allows
                them. Requires a licence.
            allowed_vector_store_indexes: Vector store indexes that the team may read or write.
            object_permission: Vector stores, MCP servers, agents and other objects that the team may use.
            max_budget: Budget of a period in USD for all of the team's keys together.
            soft_budget: Spend in USD at which the proxy sends an alert; less than `max_budget`.
            budget_duration: Period, such as `30d`, after which `spend` is reset to zero. See `keys.generate` for the
                format.
            budget_limits: Several budgets that apply at the same time.
            model_max_budget: Budgets by model for each of the team's keys, such as
                `{"gpt-4": {"max_budget": 1.0, "budget_duration": "30d"}}`. Requires a licence.
            team_member_budget: Budget in USD of each member in the team, except of members who have their own budget
                there.
            team_member_budget_duration: Period of the members' budget.
            team_member_tpm_limit: Tokens per minute of each member in the team.
            team_member_rpm_limit: Requests per minute of each member in the team.
            team_member_key_duration: Lifetime of members' keys, such as `30d`. Requires a licence.
            tpm_limit: Tokens per minute of all of the team's keys together.
            rpm_limit: Requests per minute of all of the team's keys together.
            tpd_limit: Tokens per day in batches.
            model_tpm_limit: Tokens per minute by model.
            model_rpm_limit: Requests per minute by model.
            mcp_rpm_limit: Requests per minute by MCP server.
            default_estimated_output_tokens: Tokens counted towards `tpm_limit` when a request has no `max_tokens`.
            default_estimated_output_tokens_per_model: The same by model.
            metadata: Custom data. The proxy also stores some settings in it.
            tags: Tags of the team's requests, for spend reports and routing. Requires a licence.
            guardrails: Guardrails of the team's requests. Requires a licence.
            disable_global_guardrails: True to skip the proxy's global guardrails. Requires a licence.
            policies: Policies of the team's requests. Requires a licence.
            prompts: Prompts that the team is limited to. Requires a licence.
            router_settings: Router settings for the team's requests, such as `{"num_retries": 3}`.
            secret_manager_settings: Settings of the secret manager that stores the team's keys. Requires a licence.
            enforced_file_expires_after: Expiry of files that the team's keys upload, such as
                `{"anchor": "created_at", "days": 30}`.
            enforced_batch_output_expires_after: The same for the output of batches.
            members_with_roles: Initial members: mappings with `role` and `user_id` or `user_email`.
            team_member_permissions: Routes with which members may manage the team's keys; see `permissions`.
            tpm_limit_type: Policy for keys' limits that add up to more than the team's: `guaranteed_throughput` makes
                it an error, `best_effort_throughput` (default) allows it.
            rpm_limit_type: The same policy for `rpm_limit`.
            members: Deprecated by the proxy: use `members_with_roles`.
            admins: Deprecated by the proxy: use `members_with_roles`.
            extra_body: Fields that this version does not know.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The team.

        Raises:
            ConflictError: A team with this id exists.
        """
        return self._run_endpoint(self._endpoints.create, arguments, named)

    @overload
    def list(
        self, *, page: int | None = None, page_size: int | None = None, search: str | None = None,
        search_team_id_match: Literal["exact", "prefix"] | None = None, team_id: str | None = None,
        team_alias: str | None = None, user_id: str | None = None, organization_id: str | None = None,
        status: Literal["deleted"] | None = None, sort_by: Literal["team_id", "team_alias", "created_at"] | None = None,
        sort_order: Literal["asc", "desc"] | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Page[ListedTeam]: ...
    @overload
    def list(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def list(self, *arguments: Any, **named: Any) -> Page[ListedTeam] | httpx.Request:
        """List the teams that the caller may see, page by page.

        `GET /v2/team/list`

        A team is listed if it matches all filters.

        Args:
            page: Page number, from 1.
            page_size: Teams per page, 1 to 100. Default: 10 (the proxy's).
            search: Only teams whose alias contains this text, ignoring case, or whose id equals it.
            search_team_id_match: Comparison of `search` with the id: `exact` (default) matches the whole id, `prefix`
                its beginning.
            team_id: Only this team.
            team_alias: Only teams whose alias contains this text, ignoring case.
            user_id: Only teams of this user. Requires an admin unless it is the caller.
            organization_id: Only teams of this organization.
            status: `deleted` lists the archive of deleted teams.
            sort_by: Field to sort by. Default: the id. Reading all pages is exact only if no two teams have the same
                value.
            sort_order: `asc` (the proxy's default) or `desc`.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            A page of teams. Iterate over it to read all pages.
        """
        return self._run_endpoint(self._endpoints.list, arguments, named)

    @overload
    def get(
        self, team_id: str, *, key_limit: int | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> TeamInfo: ...
    @overload
    def get(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def get(self, *arguments: Any, **named: Any) -> TeamInfo | httpx.Request:
        """Get a team with its keys and its members' spend.

        `GET /team/info`

        Args:
            team_id: The team.
            key_limit: Maximum number of keys to return, from 1. Default: all.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The team in `team_info`, its `keys` and its `team_memberships`.

        Raises:
            NotFoundError: The team does not exist.
        """
        return self._run_endpoint(self._endpoints.get, arguments, named)

    @overload
    def update(
        self, team_id: str, *, team_alias: str | Null | None = None, organization_id: str | Null | None = None,
        blocked: bool | None = None, models: Sequence[str] | None = None,
        default_team_member_models: Sequence[str] | None = None, model_aliases: Mapping[str, str] | None = None,
        access_group_ids: Sequence[str] | None = None, allowed_passthrough_routes: Sequence[str] | None = None,
        denied_passthrough_routes: Sequence[str] | None = None,
        allowed_vector_store_indexes: Sequence[VectorStoreIndexParam] | None = None,
        object_permission: ObjectPermissionParam | None = None, max_budget: float | Null | None = None,
        soft_budget: float | Null | None = None, budget_duration: str | Null | None = None,
        budget_limits: Sequence[BudgetLimitParam] | Null | None = None,
        model_max_budget: Mapping[str, Mapping[str, object]] | Null | None = None,
        team_member_budget: float | Null | None = None, team_member_budget_duration: str | Null | None = None,
        team_member_tpm_limit: int | Null | None = None, team_member_rpm_limit: int | Null | None = None,
        team_member_key_duration: str | None = None, tpm_limit: int | Null | None = None,
        rpm_limit: int | Null | None = None, tpd_limit: int | Null | None = None,
        model_tpm_limit: Mapping[str, int] | None = None, model_rpm_limit: Mapping[str, int] | None = None,
        mcp_rpm_limit: Mapping[str, int] | None = None, default_estimated_output_tokens: int | None = None,
        default_estimated_output_tokens_per_model: Mapping[str, int] | None = None,
        metadata: Mapping[str, object] | None = None, tags: Sequence[str] | None = None,
        guardrails: Sequence[str] | None = None, disable_global_guardrails: bool | None = None,
        policies: Sequence[str] | None = None, prompts: Sequence[str] | None = None,
        router_settings: Mapping[str, object] | Null | None = None,
        secret_manager_settings: Mapping[str, object] | None = None,
        enforced_file_expires_after: Mapping[str, object] | None = None,
        enforced_batch_output_expires_after: Mapping[str, object] | None = None,
        extra_body: Mapping[str, object] | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> UpdatedTeam: ...
    @overload
    def update(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def update(self, *arguments: Any, **named: Any) -> UpdatedTeam | httpx.Request:
        """Update settings of a team. Omitted settings stay unchanged; `NULL` clears a setting.

        `POST /team/update`

        `[]` clears a list and `{}` a mapping, including those that the proxy stores in the team's metadata, such as
        `model_rpm_limit`. Clearing does not require a licence. Only `default_estimated_output_tokens` and
        `team_member_key_duration` are cleared differently: replace the whole `metadata` with one without them.

        Args:
            team_id: The team.
            team_alias: A human-readable name, which need not be unique.
            organization_id: The organization that owns the team.
            blocked: True if the team's keys are blocked. This takes effect immediately.
            models: Models that the team's keys may call. Empty: all.
            default_team_member_models: Models that new members may call in the team, a subset of `models`. As in
                `create`, `team_member_budget` then does not apply to them.
            model_aliases: Model aliases, requested name to actual model, such as `{"gpt-4": "gpt-4o-mini"}`.
            access_group_ids: Access groups whose models the team may call.
            allowed_passthrough_routes: Pass-through routes that the team may call. Requires a licence.
            denied_passthrough_routes: Pass-through routes that the team may not call, even if another setting allows
                them. Requires a licence.
            allowed_vector_store_indexes: Vector store indexes that the team may read or write.
            object_permission: Vector stores, MCP servers, agents and other objects that the team may use. Omitted lists
                stay unchanged, so `{}` changes nothing. To clear a list, set it to `[]`.
            max_budget: Budget of a period in USD for all of the team's keys together.
            soft_budget: Spend in USD at which the proxy sends an alert; less than `max_budget`.
            budget_duration: Period of the budget, such as `30d`. The first period begins now.
            budget_limits: Several budgets that apply at the same time.
            model_max_budget: Budgets by model for each of the team's keys, such as
                `{"gpt-4": {"max_budget": 1.0, "budget_duration": "30d"}}`. Requires a licence.
            team_member_budget: Budget in USD of each member in the team, except of members who have their own budget
                there.
            team_member_budget_duration: Period of the members' budget.
            team_member_tpm_limit: Tokens per minute of each member in the team.
            team_member_rpm_limit: Requests per minute of each member in the team.
            team_member_key_duration: Lifetime of members' keys, such as `30d`. Requires a licence.
            tpm_limit: Tokens per minute of all of the team's keys together.
            rpm_limit: Requests per minute of all of the team's keys together.
            tpd_limit: Tokens per day in batches.
            model_tpm_limit: Tokens per minute by model.
            model_rpm_limit: Requests per minute by model.
            mcp_rpm_limit: Requests per minute by MCP server.
            default_estimated_output_tokens: Tokens counted towards `tpm_limit` when a request has no `max_tokens`.
            default_estimated_output_tokens_per_model: The same by model.
            metadata: Replaces the whole metadata, including the settings that the proxy stores in it.
            tags: Tags of the team's requests, for spend reports and routing. Requires a licence.
            guardrails: Guardrails of the team's requests. Requires a licence.
            disable_global_guardrails: True to skip the proxy's global guardrails. Requires a licence.
            policies: Policies of the team's requests. Requires a licence.
            prompts: Prompts that the team is limited to. Requires a licence.
            router_settings: Router settings for the team's requests, such as `{"num_retries": 3}`.
            secret_manager_settings: Settings of the secret manager that stores the team's keys. Requires a licence.
            enforced_file_expires_after: Expiry of files that the team's keys upload, such as
                `{"anchor": "created_at", "days": 30}`.
            enforced_batch_output_expires_after: The same for the output of batches.
            extra_body: Fields that this version does not know.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The team with all of its settings, in `data`.

        Raises:
            NotFoundError: The team or the organization does not exist.
            ConflictError: Another caller changed the budget at the same time.
        """
        return self._run_endpoint(self._endpoints.update, arguments, named)

    @overload
    def delete(
        self, team_ids: Sequence[str], *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> DeletedTeams: ...
    @overload
    def delete(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def delete(self, *arguments: Any, **named: Any) -> DeletedTeams | httpx.Request:
        """Delete teams and their keys. If one does not exist, none is deleted. Their members remain as users.

        `POST /team/delete`

        Args:
            team_ids: Ids of the teams.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The ids of the deleted teams.

        Raises:
            NotFoundError: One of the teams does not exist; the message names it. None is deleted.
        """
        return self._run_endpoint(self._endpoints.delete, arguments, named)

    @overload
    def add_member(
        self, team_id: str, *, user_id: str | None = None, user_email: str | None = None, role: TeamRole = "user",
        max_budget_in_team: float | None = None, budget_duration: str | None = None,
        allowed_models: Sequence[str] | None = None, extra_body: Mapping[str, object] | None = None,
        timeout: float | None = None, return_request: Literal[False] = False,
    ) -> TeamWithNewMembers: ...
    @overload
    def add_member(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def add_member(self, *arguments: Any, **named: Any) -> TeamWithNewMembers | httpx.Request:
        """Add a user to a team. The proxy creates the user if the id or the email address is unknown.

        `POST /team/member_add`

        Args:
            team_id: The team.
            user_id: The user's id.
            user_email: The user's email address.
            role: `user` (default) or `admin`. Admins require a licence.
            max_budget_in_team: Budget of a period in USD for the user in the team. Default: the team's budget for each
                member.
            budget_duration: Period of that budget. Default: the period of the team's budget for each member.
            allowed_models: Models that the user may call in the team. Default: the team's `default_team_member_models`.
                If either of the two is set, the team's budget for each member does not apply to the user: give
                `max_budget_in_team`.
            extra_body: Fields that this version does not know.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The team, with the user in `updated_users`.

        Raises:
            BadRequestError: The user is already in the team.
            NotFoundError: The team does not exist.
        """
        return self._run_endpoint(self._endpoints.add_member, arguments, named)

    @overload
    def add_members(
        self, team_id: str, members: Sequence[MemberParam] | None = None, *, all_users: bool | None = None,
        max_budget_in_team: float | None = None, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> AddedMembers: ...
    @overload
    def add_members(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def add_members(self, *arguments: Any, **named: Any) -> AddedMembers | httpx.Request:
        """Add up to 500 users, or all users of the proxy, to a team.

        Users who are already members stay unchanged. They count as added if other users join, and as failed if nobody
        joins.

        `POST /team/bulk_member_add`

        Args:
            team_id: The team.
            members: Users to add: mappings with `role` and `user_id` or `user_email`. The proxy creates users that do
                not exist.
            all_users: True to add all users of the proxy.
            max_budget_in_team: Budget of a period in USD for each of these users in the team.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The result for each user. If the team does not exist, no error is raised, but each addition fails.
        """
        return self._run_endpoint(self._endpoints.add_members, arguments, named)

    @overload
    def update_member(
        self, team_id: str, *, user_id: str | None = None, user_email: str | None = None, role: TeamRole | None = None,
        max_budget_in_team: float | Null | None = None, budget_duration: str | Null | None = None,
        tpm_limit: int | Null | None = None, rpm_limit: int | Null | None = None,
        allowed_models: Sequence[str] | None = None, temp_budget_increase: float | None = None,
        temp_budget_expiry: datetime | None = None, extra_body: Mapping[str, object] | None = None,
        timeout: float | None = None, return_request: Literal[False] = False,
    ) -> UpdatedMember: ...
    @overload
    def update_member(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def update_member(self, *arguments: Any, **named: Any) -> UpdatedMember | httpx.Request:
        """Update the budget, limits or role of a member. Omitted settings stay unchanged; `NULL` clears a setting.

        `POST /team/member_update`

        Args:
            team_id: The team.
            user_id: The member's id. The proxy stores a budget even for an id that is not in the team.
            user_email: The member's email address.
            role: The member's role in the team. Admins require a licence.
            max_budget_in_team: Budget of a period in USD for the member in the team.
            budget_duration: Period of that budget.
            tpm_limit: Tokens per minute in the team.
            rpm_limit: Requests per minute in the team.
            allowed_models: Models that the member may call in the team.
            temp_budget_increase: USD added to the budget until `temp_budget_expiry`.
            temp_budget_expiry: Time at which the increase ends.
            extra_body: Fields that this version does not know.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The changed settings.

        Raises:
            NotFoundError: The team does not exist, or has no member with this email address.
        """
        return self._run_endpoint(self._endpoints.update_member, arguments, named)

    @overload
    def delete_member(
        self, team_id: str, *, user_id: str | None = None, user_email: str | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Team: ...
    @overload
    def delete_member(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def delete_member(self, *arguments: Any, **named: Any) -> Team | httpx.Request:
        """Remove a member from a team, and delete their keys in it. The user is not deleted.

        `POST /team/member_delete`

        Args:
            team_id: The team.
            user_id: The member's id.
            user_email: The member's email address.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The updated team.

        Raises:
            NotFoundError: The team does not exist, or has no such member.
        """
        return self._run_endpoint(self._endpoints.delete_member, arguments, named)

    @overload
    def reset_member_budget(
        self, team_id: str, user_id: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> MemberBudget: ...
    @overload
    def reset_member_budget(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def reset_member_budget(self, *arguments: Any, **named: Any) -> MemberBudget | httpx.Request:
        """Clear a member's own budget, so that the team's budget for each member applies again.

        `POST /team/{team_id}/member/{user_id}/reset_budget`

        The member's own limits and `allowed_models` are part of that budget, so they are cleared too.

        Args:
            team_id: The team.
            user_id: The member's id.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The budget that applies now.

        Raises:
            NotFoundError: The team does not exist, or has no such member.
        """
        return self._run_endpoint(self._endpoints.reset_member_budget, arguments, named)

    @overload
    def add_models(
        self, team_id: str, models: Sequence[str], *, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Team: ...
    @overload
    def add_models(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def add_models(self, *arguments: Any, **named: Any) -> Team | httpx.Request:
        """Add models that a team may call. A team that may call all models may then call only these.

        `POST /team/model/add`

        Args:
            team_id: The team.
            models: Models to add.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The updated team.

        Raises:
            NotFoundError: The team does not exist.
        """
        return self._run_endpoint(self._endpoints.add_models, arguments, named)

    @overload
    def delete_models(
        self, team_id: str, models: Sequence[str], *, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Team: ...
    @overload
    def delete_models(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def delete_models(self, *arguments: Any, **named: Any) -> Team | httpx.Request:
        """Remove models from a team. A team that has no models left may call all models.

        `POST /team/model/delete`

        Args:
            team_id: The team.
            models: Models to remove. Models that the team does not have are ignored.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The updated team.

        Raises:
            NotFoundError: The team does not exist.
        """
        return self._run_endpoint(self._endpoints.delete_models, arguments, named)

    @overload
    def block(self, team_id: str, *, timeout: float | None = None, return_request: Literal[False] = False) -> Team: ...
    @overload
    def block(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def block(self, *arguments: Any, **named: Any) -> Team | httpx.Request:
        """Block a team. The proxy refuses the requests of its keys until it is unblocked.

        `POST /team/block`

        The proxy may continue to serve the team for a minute, because this route does not update its in-memory cache.
        `update(team_id, blocked=True)` takes effect immediately (`proxy/management_endpoints/team_endpoints.py`).

        Args:
            team_id: The team.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The updated team.

        Raises:
            NotFoundError: The team does not exist.
        """
        return self._run_endpoint(self._endpoints.block, arguments, named)

    @overload
    def unblock(
        self, team_id: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> Team: ...
    @overload
    def unblock(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def unblock(self, *arguments: Any, **named: Any) -> Team | httpx.Request:
        """Unblock a team.

        `POST /team/unblock`

        As with `block`, the proxy may need a minute; `update(team_id, blocked=False)` takes effect immediately.

        Args:
            team_id: The team.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The updated team.

        Raises:
            NotFoundError: The team does not exist.
        """
        return self._run_endpoint(self._endpoints.unblock, arguments, named)

    @overload
    def available(self, *, timeout: float | None = None, return_request: Literal[False] = False) -> Page[Team]: ...
    @overload
    def available(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def available(self, *arguments: Any, **named: Any) -> Page[Team] | httpx.Request:
        """List the teams that the operator allows everybody to join and that the caller has not joined yet.

        `GET /team/available`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            A page with all of these teams.
        """
        return self._run_endpoint(self._endpoints.available, arguments, named)

    @overload
    def permissions(
        self, team_id: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> TeamPermissions: ...
    @overload
    def permissions(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def permissions(self, *arguments: Any, **named: Any) -> TeamPermissions | httpx.Request:
        """Get the routes with which members who are not admins may manage a team's keys, and those that can be allowed.

        `GET /team/permissions_list`

        Args:
            team_id: The team.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The allowed routes and all available routes.

        Raises:
            NotFoundError: The team does not exist.
        """
        return self._run_endpoint(self._endpoints.permissions, arguments, named)

    @overload
    def update_permissions(
        self, team_id: str, team_member_permissions: Sequence[str], *, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Team: ...
    @overload
    def update_permissions(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def update_permissions(self, *arguments: Any, **named: Any) -> Team | httpx.Request:
        """Set the routes with which members who are not admins may manage a team's keys.

        `POST /team/permissions_update`

        Args:
            team_id: The team.
            team_member_permissions: Routes that these members may call, such as `/key/generate`. They replace the
                current ones. The proxy accepts any name, but with a name that is not one of its routes it fails (500)
                whenever a member who is not an admin manages keys of the team. See `all_available_permissions` of
                `permissions`.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The updated team.

        Raises:
            NotFoundError: The team does not exist.
        """
        return self._run_endpoint(self._endpoints.update_permissions, arguments, named)

    @overload
    def bulk_update_permissions(
        self, permissions: Sequence[str], *, team_ids: Sequence[str] | None = None,
        apply_to_all_teams: bool | None = None, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> PermissionsUpdate: ...
    @overload
    def bulk_update_permissions(
        self, *arguments: Any, return_request: Literal[True], **named: Any,
    ) -> httpx.Request: ...
    def bulk_update_permissions(self, *arguments: Any, **named: Any) -> PermissionsUpdate | httpx.Request:
        """Add routes that the members of several teams may call. Requires a proxy admin.

        `POST /team/permissions_bulk_update`

        Args:
            permissions: Routes to add to those that members may call.
            team_ids: Ids of the teams.
            apply_to_all_teams: True to update all teams of the proxy.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The number of updated teams.
        """
        return self._run_endpoint(self._endpoints.bulk_update_permissions, arguments, named)

    @overload
    def daily_activity(
        self, start_date: date | str, end_date: date | str, *, team_ids: Sequence[str] | None = None,
        exclude_team_ids: Sequence[str] | None = None, api_key: str | None = None, model: str | None = None,
        page: int | None = None, page_size: int | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> ActivityPage: ...
    @overload
    def daily_activity(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    def daily_activity(self, *arguments: Any, **named: Any) -> ActivityPage | httpx.Request:
        """Get the daily spend of teams by model, provider, key and team.

        `GET /team/daily/activity`

        A page may end within a day. The day then appears on both pages, each time with the sums of that page only: add
        up the entries that have the same date. The totals in `metadata` are also those of the page.

        Args:
            start_date: First day, in UTC.
            end_date: Last day, in UTC.
            team_ids: Only these teams. Default: all teams that the caller may see.
            exclude_team_ids: Teams to exclude.
            api_key: Only this key: the key itself or its hash.
            model: Only this model.
            page: Page number, from 1.
            page_size: Database rows per page, 1 to 1000. Default: 10 (the proxy's). A row is the usage of one model by
                one key on one day.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            A page of days, latest first. `metadata.has_more` is True if there is another page.
        """
        return self._run_endpoint(self._endpoints.daily_activity, arguments, named)
