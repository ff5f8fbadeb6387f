# Generated from _endpoints/teams.py by `python -m litellm_proxy_client._codegen.generate`. Do not edit.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from .._clients.resource import AsyncResource
from .._endpoints import teams as _endpoints

if TYPE_CHECKING:
    from .._clients.page import AsyncPage
    from .._wire.operation import Null
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


class AsyncTeams(AsyncResource):
    """Teams: users and keys that share models, budgets and limits."""

    _endpoints = _endpoints.Teams()

    @overload
    async def create(
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
    async def create(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def create(self, *arguments: Any, **named: Any) -> Team | httpx.Request:
        """Make a team; whoever makes it is its first admin.

        `POST /team/new`

        Args:
            team_id: An id of your own; by default the proxy makes one up. Only with it the call is sent again after a
                failure; a `ConflictError` may then mean that an earlier attempt had arrived.
            team_alias: A name for people; several teams may share one.
            organization_id: The organization that it belongs to.
            blocked: Whether its keys are blocked from the start.
            models: The models that its keys may call; empty: all.
            default_team_member_models: The models that new members may call in the team, out of `models`. With it they
                get a budget of their own, without a limit, so that `team_member_budget` does not count for them.
            model_aliases: Models to call in place of others, such as `{"gpt-4": "gpt-4o-mini"}`.
            access_group_ids: Access groups whose models it may call.
            allowed_passthrough_routes: The pass-through routes that it may call. Needs a licence.
            denied_passthrough_routes: Pass-through routes that it may not call, whatever else allows them. Needs a
                licence.
            allowed_vector_store_indexes: The indexes of vector stores that it may read or write.
            object_permission: The vector stores, MCP servers, agents and the like that it may use.
            max_budget: US dollars that all its keys together may spend in a period.
            soft_budget: US dollars at which an alert is sent; less than `max_budget`.
            budget_duration: The period, such as `30d`, after which `spend` begins again at zero. See `keys.generate`
                for the grammar.
            budget_limits: Several budgets that count at the same time.
            model_max_budget: Budgets by model of each of its keys, such as `{"gpt-4": {"max_budget": 1.0,
                "budget_duration": "30d"}}`. Needs a licence.
            team_member_budget: US dollars that each member may spend in the team, unless they have a budget of their
                own there.
            team_member_budget_duration: The period of the members' budget.
            team_member_tpm_limit: Tokens a minute of each member in the team.
            team_member_rpm_limit: Requests a minute of each member in the team.
            team_member_key_duration: How long the keys of members work, such as `30d`. Needs a licence.
            tpm_limit: Tokens a minute of all its keys together.
            rpm_limit: Requests a minute of all its keys together.
            tpd_limit: Tokens a day of batches.
            model_tpm_limit: Tokens a minute by model.
            model_rpm_limit: Requests a minute by model.
            mcp_rpm_limit: Requests a minute by MCP server.
            default_estimated_output_tokens: Tokens that count for `tpm_limit` when a request names no `max_tokens`.
            default_estimated_output_tokens_per_model: The same by model.
            metadata: Anything you want to find again. The proxy also keeps settings in it.
            tags: Tags of its requests, for spend reports and routing. Needs a licence.
            guardrails: Guardrails of its requests. Needs a licence.
            disable_global_guardrails: Whether the proxy's own guardrails are left out. Needs a licence.
            policies: Policies of its requests. Needs a licence.
            prompts: The only prompts that it may use. Needs a licence.
            router_settings: Settings of the router for its requests, such as `{"num_retries": 3}`.
            secret_manager_settings: Where its keys are kept as secrets. Needs a licence.
            enforced_file_expires_after: When files that its keys upload expire, such as `{"anchor": "created_at",
                "days": 30}`.
            enforced_batch_output_expires_after: The same for the output of batches.
            members_with_roles: Its first members: mappings with `role` and `user_id` or `user_email`.
            team_member_permissions: What its members may do with its keys; see `permissions`.
            tpm_limit_type: Whether the limits of its keys may add up to more than the team's: an error with
                `guaranteed_throughput`, allowed with `best_effort_throughput` (default).
            rpm_limit_type: The same for requests.
            members: Deprecated by the proxy: see `members_with_roles`.
            admins: Deprecated by the proxy: see `members_with_roles`.
            extra_body: Fields that this version does not know.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The team.

        Raises:
            ConflictError: There is a team of that id.
        """
        return await self._run(self._endpoints.create, arguments, named)

    @overload
    async def list(
        self, *, page: int | None = None, page_size: int | None = None, search: str | None = None,
        search_team_id_match: Literal["exact", "prefix"] | None = None, team_id: str | None = None,
        team_alias: str | None = None, user_id: str | None = None, organization_id: str | None = None,
        status: Literal["deleted"] | None = None, sort_by: Literal["team_id", "team_alias", "created_at"] | None = None,
        sort_order: Literal["asc", "desc"] | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> AsyncPage[ListedTeam]: ...
    @overload
    async def list(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def list(self, *arguments: Any, **named: Any) -> AsyncPage[ListedTeam] | httpx.Request:
        """List the teams that the caller may see, a page at a time.

        `GET /v2/team/list`

        Filters narrow the list down; all of them must hold.

        Args:
            page: The page, from 1.
            page_size: Teams a page, 1 to 100; the proxy's default is 10.
            search: Teams whose alias holds this text, in whatever case, or whose id it is.
            search_team_id_match: Whether `search` must be the whole id (`exact`, default) or its beginning (`prefix`).
            team_id: This team alone.
            team_alias: Teams whose alias holds this text, in whatever case.
            user_id: Teams of this user; needs an admin where it is not the caller.
            organization_id: Teams of this organization.
            status: `deleted` reads the archive of deleted teams.
            sort_by: By what to sort; by default by the id. Reading all pages is only exact when no two teams are equal
                in it.
            sort_order: Rising (`asc`, the proxy's default) or falling.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            One page of teams. Iterate over it to read them all.
        """
        return await self._run(self._endpoints.list, arguments, named)

    @overload
    async def get(
        self, team_id: str, *, key_limit: int | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> TeamInfo: ...
    @overload
    async def get(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def get(self, *arguments: Any, **named: Any) -> TeamInfo | httpx.Request:
        """Read a team with its keys and what its members have spent.

        `GET /team/info`

        Args:
            team_id: The team.
            key_limit: How many keys to read, from 1; by default all.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The team in `team_info`, its `keys` and its `team_memberships`.

        Raises:
            NotFoundError: There is no such team.
        """
        return await self._run(self._endpoints.get, arguments, named)

    @overload
    async def update(
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
    async def update(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def update(self, *arguments: Any, **named: Any) -> UpdatedTeam | httpx.Request:
        """Change settings of a team; those left out stay as they are, and `NULL` takes a value back.

        `POST /team/update`

        `[]` takes a list back, and `{}` a mapping, also those that the proxy keeps in the team's metadata, such as
        `model_rpm_limit`; no licence is needed for that. Only `default_estimated_output_tokens` and
        `team_member_key_duration` are taken back by giving the whole `metadata` anew, without them.

        Args:
            team_id: The team.
            team_alias: A name for people; several teams may share one.
            organization_id: The organization that it belongs to.
            blocked: Whether its keys are blocked, which counts at once.
            models: The models that its keys may call; empty: all.
            default_team_member_models: The models that new members may call in the team, out of `models`; as in
                `create`, `team_member_budget` then does not count for them.
            model_aliases: Models to call in place of others, such as `{"gpt-4": "gpt-4o-mini"}`.
            access_group_ids: Access groups whose models it may call.
            allowed_passthrough_routes: The pass-through routes that it may call. Needs a licence.
            denied_passthrough_routes: Pass-through routes that it may not call, whatever else allows them. Needs a
                licence.
            allowed_vector_store_indexes: The indexes of vector stores that it may read or write.
            object_permission: The vector stores, MCP servers, agents and the like that it may use; lists that are left
                out stay, so that `{}` changes nothing, and each is taken back by `[]` of its own.
            max_budget: US dollars that all its keys together may spend in a period.
            soft_budget: US dollars at which an alert is sent; less than `max_budget`.
            budget_duration: The period of the budget, such as `30d`, whose first one begins now.
            budget_limits: Several budgets that count at the same time.
            model_max_budget: Budgets by model of each of its keys, such as `{"gpt-4": {"max_budget": 1.0,
                "budget_duration": "30d"}}`. Needs a licence.
            team_member_budget: US dollars that each member may spend in the team, unless they have a budget of their
                own there.
            team_member_budget_duration: The period of the members' budget.
            team_member_tpm_limit: Tokens a minute of each member in the team.
            team_member_rpm_limit: Requests a minute of each member in the team.
            team_member_key_duration: How long the keys of members work, such as `30d`. Needs a licence.
            tpm_limit: Tokens a minute of all its keys together.
            rpm_limit: Requests a minute of all its keys together.
            tpd_limit: Tokens a day of batches.
            model_tpm_limit: Tokens a minute by model.
            model_rpm_limit: Requests a minute by model.
            mcp_rpm_limit: Requests a minute by MCP server.
            default_estimated_output_tokens: Tokens that count for `tpm_limit` when a request names no `max_tokens`.
            default_estimated_output_tokens_per_model: The same by model.
            metadata: Replaces the whole metadata, and with it the settings that the proxy keeps in it.
            tags: Tags of its requests, for spend reports and routing. Needs a licence.
            guardrails: Guardrails of its requests. Needs a licence.
            disable_global_guardrails: Whether the proxy's own guardrails are left out. Needs a licence.
            policies: Policies of its requests. Needs a licence.
            prompts: The only prompts that it may use. Needs a licence.
            router_settings: Settings of the router for its requests, such as `{"num_retries": 3}`.
            secret_manager_settings: Where its keys are kept as secrets. Needs a licence.
            enforced_file_expires_after: When files that its keys upload expire, such as `{"anchor": "created_at",
                "days": 30}`.
            enforced_batch_output_expires_after: The same for the output of batches.
            extra_body: Fields that this version does not know.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The team with all its settings, in `data`.

        Raises:
            NotFoundError: There is no such team or organization.
            ConflictError: Somebody else changed the budget at the same time.
        """
        return await self._run(self._endpoints.update, arguments, named)

    @overload
    async def delete(
        self, team_ids: Sequence[str], *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> DeletedTeams: ...
    @overload
    async def delete(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def delete(self, *arguments: Any, **named: Any) -> DeletedTeams | httpx.Request:
        """Delete teams and their keys: all of them, or none when one is not there. Their members stay as users.

        `POST /team/delete`

        Args:
            team_ids: Their ids.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            Their ids.

        Raises:
            NotFoundError: One of them is not there, which the message names; all the others are left.
        """
        return await self._run(self._endpoints.delete, arguments, named)

    @overload
    async def add_member(
        self, team_id: str, *, user_id: str | None = None, user_email: str | None = None, role: TeamRole = "user",
        max_budget_in_team: float | None = None, budget_duration: str | None = None,
        allowed_models: Sequence[str] | None = None, extra_body: Mapping[str, object] | None = None,
        timeout: float | None = None, return_request: Literal[False] = False,
    ) -> TeamWithNewMembers: ...
    @overload
    async def add_member(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def add_member(self, *arguments: Any, **named: Any) -> TeamWithNewMembers | httpx.Request:
        """Let a user join a team. The proxy makes the user when there is none of that id or address.

        `POST /team/member_add`

        Args:
            team_id: The team.
            user_id: The user, by id.
            user_email: The user, by address.
            role: `user` or `admin`; admins need a licence.
            max_budget_in_team: US dollars that they may spend in the team in a period; by default what the team gives
                each member.
            budget_duration: The period of that budget; by default the members' of the team.
            allowed_models: The models that they may call in the team; by default the team's default for members. With
                either of them the team's budget for members does not count for them: give `max_budget_in_team`.
            extra_body: Fields that this version does not know.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The team, with the user in `updated_users`.

        Raises:
            BadRequestError: They are in the team already.
            NotFoundError: There is no such team.
        """
        return await self._run(self._endpoints.add_member, arguments, named)

    @overload
    async def add_members(
        self, team_id: str, members: Sequence[MemberParam] | None = None, *, all_users: bool | None = None,
        max_budget_in_team: float | None = None, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> AddedMembers: ...
    @overload
    async def add_members(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def add_members(self, *arguments: Any, **named: Any) -> AddedMembers | httpx.Request:
        """Let up to 500 users join a team, or all users of the proxy.

        Who is in it already stays as they are, and counts as added beside others who join; where nobody does, they
        count as failed.

        `POST /team/bulk_member_add`

        Args:
            team_id: The team.
            members: Who joins: mappings with `role` and `user_id` or `user_email`. The proxy makes users who are not
                there.
            all_users: `True`: all users of the proxy join.
            max_budget_in_team: US dollars that each of them may spend in the team in a period.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            What became of each: a team that is not there does not raise, but fails each addition.
        """
        return await self._run(self._endpoints.add_members, arguments, named)

    @overload
    async def update_member(
        self, team_id: str, *, user_id: str | None = None, user_email: str | None = None, role: TeamRole | None = None,
        max_budget_in_team: float | Null | None = None, budget_duration: str | Null | None = None,
        tpm_limit: int | Null | None = None, rpm_limit: int | Null | None = None,
        allowed_models: Sequence[str] | None = None, temp_budget_increase: float | None = None,
        temp_budget_expiry: datetime | None = None, extra_body: Mapping[str, object] | None = None,
        timeout: float | None = None, return_request: Literal[False] = False,
    ) -> UpdatedMember: ...
    @overload
    async def update_member(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def update_member(self, *arguments: Any, **named: Any) -> UpdatedMember | httpx.Request:
        """Change the budget, limits or role of a member; those left out stay as they are.

        `POST /team/member_update`

        Args:
            team_id: The team.
            user_id: The member, by id. Of an id that is not in the team the proxy keeps a budget all the same.
            user_email: The member, by address.
            role: Their role in the team; admins need a licence.
            max_budget_in_team: US dollars that they may spend in the team in a period.
            budget_duration: The period of that budget.
            tpm_limit: Tokens a minute in the team.
            rpm_limit: Requests a minute in the team.
            allowed_models: The models that they may call in the team.
            temp_budget_increase: US dollars that are added to the budget until `temp_budget_expiry`.
            temp_budget_expiry: When the increase ends.
            extra_body: Fields that this version does not know.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            What was changed.

        Raises:
            NotFoundError: There is no such team, or no member of that address.
        """
        return await self._run(self._endpoints.update_member, arguments, named)

    @overload
    async def delete_member(
        self, team_id: str, *, user_id: str | None = None, user_email: str | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Team: ...
    @overload
    async def delete_member(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def delete_member(self, *arguments: Any, **named: Any) -> Team | httpx.Request:
        """Take a member, and their keys in it, out of a team. They stay as a user.

        `POST /team/member_delete`

        Args:
            team_id: The team.
            user_id: The member, by id.
            user_email: The member, by address.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The team as it is now.

        Raises:
            NotFoundError: There is no such team, or no such member in it.
        """
        return await self._run(self._endpoints.delete_member, arguments, named)

    @overload
    async def reset_member_budget(
        self, team_id: str, user_id: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> MemberBudget: ...
    @overload
    async def reset_member_budget(
        self, *arguments: Any, return_request: Literal[True], **named: Any,
    ) -> httpx.Request: ...
    async def reset_member_budget(self, *arguments: Any, **named: Any) -> MemberBudget | httpx.Request:
        """Take back the budget of a member's own, so that the one of the team's members counts for them again.

        `POST /team/{team_id}/member/{user_id}/reset_budget`

        Their own limits and `allowed_models` are part of that budget, and go with it.

        Args:
            team_id: The team.
            user_id: The member.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            Which budget counts now.

        Raises:
            NotFoundError: There is no such team, or no such member in it.
        """
        return await self._run(self._endpoints.reset_member_budget, arguments, named)

    @overload
    async def add_models(
        self, team_id: str, models: Sequence[str], *, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Team: ...
    @overload
    async def add_models(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def add_models(self, *arguments: Any, **named: Any) -> Team | httpx.Request:
        """Let a team call more models. A team that may call all models may then call these alone.

        `POST /team/model/add`

        Args:
            team_id: The team.
            models: The models to add.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The team as it is now.

        Raises:
            NotFoundError: There is no such team.
        """
        return await self._run(self._endpoints.add_models, arguments, named)

    @overload
    async def delete_models(
        self, team_id: str, models: Sequence[str], *, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Team: ...
    @overload
    async def delete_models(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def delete_models(self, *arguments: Any, **named: Any) -> Team | httpx.Request:
        """Take models away from a team. A team that has none left may call all models.

        `POST /team/model/delete`

        Args:
            team_id: The team.
            models: The models to take away; those that it did not have are ignored.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The team as it is now.

        Raises:
            NotFoundError: There is no such team.
        """
        return await self._run(self._endpoints.delete_models, arguments, named)

    @overload
    async def block(
        self, team_id: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> Team: ...
    @overload
    async def block(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def block(self, *arguments: Any, **named: Any) -> Team | httpx.Request:
        """Block a team, so that requests of its keys are refused.

        `POST /team/block`

        The proxy may go on serving the team for a minute, since this route leaves what it has in memory as it is;
        `update(team_id, blocked=True)` counts at once (`proxy/management_endpoints/team_endpoints.py`).

        Args:
            team_id: The team.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The team as it is now.

        Raises:
            NotFoundError: There is no such team.
        """
        return await self._run(self._endpoints.block, arguments, named)

    @overload
    async def unblock(
        self, team_id: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> Team: ...
    @overload
    async def unblock(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def unblock(self, *arguments: Any, **named: Any) -> Team | httpx.Request:
        """Let the keys of a blocked team make requests again.

        `POST /team/unblock`

        As with `block`, `update(team_id, blocked=False)` counts at once.

        Args:
            team_id: The team.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The team as it is now.

        Raises:
            NotFoundError: There is no such team.
        """
        return await self._run(self._endpoints.unblock, arguments, named)

    @overload
    async def available(
        self, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> AsyncPage[Team]: ...
    @overload
    async def available(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def available(self, *arguments: Any, **named: Any) -> AsyncPage[Team] | httpx.Request:
        """List the teams that the operator lets everybody join, and the caller is not in yet.

        `GET /team/available`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            All of them on one page.
        """
        return await self._run(self._endpoints.available, arguments, named)

    @overload
    async def permissions(
        self, team_id: str, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> TeamPermissions: ...
    @overload
    async def permissions(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def permissions(self, *arguments: Any, **named: Any) -> TeamPermissions | httpx.Request:
        """Read what members who are no admins may do with the keys of a team, and what they could be allowed.

        `GET /team/permissions_list`

        Args:
            team_id: The team.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The routes that they may call.

        Raises:
            NotFoundError: There is no such team.
        """
        return await self._run(self._endpoints.permissions, arguments, named)

    @overload
    async def update_permissions(
        self, team_id: str, team_member_permissions: Sequence[str], *, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> Team: ...
    @overload
    async def update_permissions(
        self, *arguments: Any, return_request: Literal[True], **named: Any,
    ) -> httpx.Request: ...
    async def update_permissions(self, *arguments: Any, **named: Any) -> Team | httpx.Request:
        """Say what members who are no admins may do with the keys of a team.

        `POST /team/permissions_update`

        Args:
            team_id: The team.
            team_member_permissions: The routes that they may call, such as `/key/generate`, in place of those so far.
                The proxy takes any name, but with one that it has no route for it fails (500) whenever a member who is
                no admin manages keys of the team. See `all_available_permissions` of `permissions`.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The team as it is now.

        Raises:
            NotFoundError: There is no such team.
        """
        return await self._run(self._endpoints.update_permissions, arguments, named)

    @overload
    async def bulk_update_permissions(
        self, permissions: Sequence[str], *, team_ids: Sequence[str] | None = None,
        apply_to_all_teams: bool | None = None, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> PermissionsUpdate: ...
    @overload
    async def bulk_update_permissions(
        self, *arguments: Any, return_request: Literal[True], **named: Any,
    ) -> httpx.Request: ...
    async def bulk_update_permissions(self, *arguments: Any, **named: Any) -> PermissionsUpdate | httpx.Request:
        """Allow the members of several teams more than so far. Needs an admin of the proxy.

        `POST /team/permissions_bulk_update`

        Args:
            permissions: The routes that are added to those that they may call.
            team_ids: The teams.
            apply_to_all_teams: `True`: all teams of the proxy.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            How many teams were changed.
        """
        return await self._run(self._endpoints.bulk_update_permissions, arguments, named)

    @overload
    async def daily_activity(
        self, start_date: date | str, end_date: date | str, *, team_ids: Sequence[str] | None = None,
        exclude_team_ids: Sequence[str] | None = None, api_key: str | None = None, model: str | None = None,
        page: int | None = None, page_size: int | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> ActivityPage: ...
    @overload
    async def daily_activity(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def daily_activity(self, *arguments: Any, **named: Any) -> ActivityPage | httpx.Request:
        """Read what teams spent, day by day, by model, provider, key and team.

        `GET /team/daily/activity`

        Pages do not end with a day: one that goes on upon the next page is on both, each time with the sums of that
        page alone. Add up what bears the same date. The totals in `metadata`, too, are those of the page.

        Args:
            start_date: The first day, in UTC.
            end_date: The last day, in UTC.
            team_ids: Of these teams; by default of all that the caller may see.
            exclude_team_ids: Without these teams.
            api_key: Of this key alone: itself or its hash.
            model: Of this model alone.
            page: The page, from 1.
            page_size: Rows of the database a page, 1 to 1000; the proxy's default is 10. A row is one key's use of one
                model on one day.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            One page of days, the latest first. `metadata.has_more` says whether there is another.
        """
        return await self._run(self._endpoints.daily_activity, arguments, named)
