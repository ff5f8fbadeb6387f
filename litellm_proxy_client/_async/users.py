# Generated from _endpoints/users.py by `python -m litellm_proxy_client._codegen.generate`. Do not edit.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from .._clients.resource import AsyncResource
from .._endpoints import users as _endpoints

if TYPE_CHECKING:
    from .._clients.page import AsyncPage
    from .._wire.operation import Null
    from ..types.activity import ActivityPage
    from ..types.keys import BudgetLimitParam
    from ..types.keys import ObjectPermissionParam
    from ..types.users import BulkUpdatedUsers
    from ..types.users import CreatedUser
    from ..types.users import ListedUser
    from ..types.users import NewUserTeamParam
    from ..types.users import RoleDescription
    from ..types.users import UpdatedUser
    from ..types.users import User
    from ..types.users import UserChangesParam
    from ..types.users import UserInfo
    from ..types.users import UserRole
    from ..types.users import UserUpdateParam
    from collections.abc import Mapping
    from collections.abc import Sequence
    from datetime import date
    import httpx


class AsyncUsers(AsyncResource):
    """Users: the people and services that keys belong to, with budgets and limits over all of their keys."""

    _endpoints = _endpoints.Users()

    @overload
    async def create(
        self, *, user_id: str | None = None, user_email: str | None = None, user_alias: str | None = None,
        user_role: UserRole | None = None, sso_user_id: str | None = None,
        teams: Sequence[str] | Sequence[NewUserTeamParam] | None = None, organizations: Sequence[str] | None = None,
        send_invite_email: bool | None = None, auto_create_key: bool | None = None, key_alias: str | None = None,
        duration: str | None = None, models: Sequence[str] | None = None, max_budget: float | None = None,
        budget_duration: str | None = None, model_max_budget: Mapping[str, Mapping[str, object]] | None = None,
        spend: float | None = None, max_parallel_requests: int | None = None, tpm_limit: int | None = None,
        rpm_limit: int | None = None, model_tpm_limit: Mapping[str, int] | None = None,
        model_rpm_limit: Mapping[str, int] | None = None, mcp_rpm_limit: Mapping[str, int] | None = None,
        tag_rpm_limit: Mapping[str, int] | None = None, object_permission: ObjectPermissionParam | None = None,
        metadata: Mapping[str, object] | None = None, allowed_cache_controls: Sequence[str] | None = None,
        policies: Sequence[str] | None = None, guardrails: Sequence[str] | None = None,
        prompts: Sequence[str] | None = None, aliases: Mapping[str, str] | None = None,
        budget_limits: Sequence[BudgetLimitParam] | None = None,
        budget_fallbacks: Mapping[str, Sequence[str]] | None = None, agent_id: str | None = None,
        team_id: str | None = None, blocked: bool | None = None, permissions: Mapping[str, object] | None = None,
        config: Mapping[str, object] | None = None, extra_body: Mapping[str, object] | None = None,
        timeout: float | None = None, return_request: Literal[False] = False,
    ) -> CreatedUser: ...
    @overload
    async def create(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def create(self, *arguments: Any, **named: Any) -> CreatedUser | httpx.Request:
        """Make a user, and a key for them unless `auto_create_key=False`.

        `POST /user/new`

        Args:
            user_id: An id of your own; by default the proxy makes one up. Only with it the call is sent again after a
                failure; a `ConflictError` may then mean that an earlier attempt had arrived.
            user_email: Their address, which no other user has.
            user_alias: A name for people.
            user_role: `proxy_admin`, `proxy_admin_viewer`, `internal_user` or `internal_user_viewer`; by default what
                the proxy is configured to give, which is the least.
            sso_user_id: Their id at the single sign-on provider.
            teams: Ids of the teams that they join, or mappings with `team_id`, `user_role` and `max_budget_in_team`.
            organizations: Ids of the organizations that they join.
            send_invite_email: Whether they are invited by email.
            auto_create_key: Whether the proxy makes a key for them; by default it does.
            key_alias: The new key's alias.
            duration: How long the new key works, such as `30d`; by default for ever.
            models: The models that they may call; empty or left out: all. `["no-default-models"]`: only their teams'.
            max_budget: US dollars that they may spend in a period with all their own keys; by default without limit.
            budget_duration: The period, such as `30d`, after which `spend` begins again at zero; by default it never
                does. See `keys.generate` for the grammar.
            model_max_budget: Budgets by model, such as `{"gpt-4": {"max_budget": 1.0, "budget_duration": "30d"}}`.
                Needs a licence.
            spend: US dollars that count as spent already. It is no limit.
            max_parallel_requests: How many of their requests may run at the same time.
            tpm_limit: Tokens a minute.
            rpm_limit: Requests a minute.
            model_tpm_limit: Tokens a minute by model, of the new key; for their other keys kept, but not enforced.
            model_rpm_limit: Requests a minute by model, likewise.
            mcp_rpm_limit: Requests a minute by MCP server; kept, but not enforced for users.
            tag_rpm_limit: Requests a minute by tag of the request; kept, but not enforced for users.
            object_permission: The vector stores, MCP servers, agents and the like that they may use.
            metadata: Anything you want to find again.
            allowed_cache_controls: Cache controls that a request may use, such as `no-cache`.
            policies: Policies of their requests.
            guardrails: Guardrails of their requests; the proxy does not apply them yet.
            prompts: The only prompts that they may use.
            aliases: Models that the new key calls in place of others.
            budget_limits: Several budgets of the new key that count at the same time.
            budget_fallbacks: Models to go on with when a model's own budget is spent.
            agent_id: The agent that the new key belongs to.
            team_id: Deprecated by the proxy: see `teams`.
            blocked: Whether the new key is blocked from the start.
            permissions: Other permissions of the new key.
            config: Deprecated by the proxy.
            extra_body: Fields that this version does not know.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The user, and their key. No later answer will show it again.

        Raises:
            ConflictError: There is a user of that id or address.
        """
        return await self._run(self._endpoints.create, arguments, named)

    @overload
    async def list(
        self, *, page: int | None = None, page_size: int | None = None, search: str | None = None,
        user_ids: Sequence[str] | None = None, sso_user_ids: Sequence[str] | None = None, user_email: str | None = None,
        role: UserRole | None = None, team: str | None = None, organization_ids: Sequence[str] | None = None,
        sort_by: Literal["user_id", "user_email", "user_alias", "user_role", "spend", "created_at"] | None = None,
        sort_order: Literal["asc", "desc"] | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> AsyncPage[ListedUser]: ...
    @overload
    async def list(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def list(self, *arguments: Any, **named: Any) -> AsyncPage[ListedUser] | httpx.Request:
        """List users, a page at a time. Needs an admin.

        `GET /user/list`

        Filters narrow the list down; all of them must hold.

        Args:
            page: The page, from 1.
            page_size: Users a page, 1 to 100; the proxy's default is 25.
            search: Users whose id or address holds this text, in whatever case.
            user_ids: These users alone.
            sso_user_ids: The users of these ids at the single sign-on provider.
            user_email: Users whose address holds this text, in whatever case.
            role: Users of this role.
            team: Users of the team with this id.
            organization_ids: Users of these organizations.
            sort_by: By what to sort; by default by the id. Reading all pages is only exact when no two users are equal
                in it.
            sort_order: Rising (`asc`, the proxy's default) or falling.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            One page of users. Iterate over it to read them all.
        """
        return await self._run(self._endpoints.list, arguments, named)

    @overload
    async def get(
        self, user_id: str | None = None, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> UserInfo: ...
    @overload
    async def get(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def get(self, *arguments: Any, **named: Any) -> UserInfo | httpx.Request:
        """Read a user with their keys and teams.

        `GET /user/info`

        Args:
            user_id: The user; by default the one whom the client's key belongs to. Without it, admins are told all
                keys and teams of the proxy, beside a `user_info` that is still their own.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The user in `user_info`, their `keys` and their `teams`.

        Raises:
            NotFoundError: There is no such user.
        """
        return await self._run(self._endpoints.get, arguments, named)

    @overload
    async def get_v2(
        self, user_id: str | None = None, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> User: ...
    @overload
    async def get_v2(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def get_v2(self, *arguments: Any, **named: Any) -> User | httpx.Request:
        """Read a user alone, which is quicker: their teams come as ids, and their keys not at all.

        `GET /v2/user/info`

        Args:
            user_id: The user; by default the one whom the client's key belongs to.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The user.

        Raises:
            NotFoundError: There is no such user.
        """
        return await self._run(self._endpoints.get_v2, arguments, named)

    @overload
    async def update(
        self, user_id: str, *, user_email: str | None = None, user_alias: str | None = None,
        user_role: UserRole | None = None, password: str | None = None, models: Sequence[str] | None = None,
        max_budget: float | Null | None = None, budget_duration: str | Null | None = None,
        model_max_budget: Mapping[str, Mapping[str, object]] | Null | None = None, spend: float | None = None,
        max_parallel_requests: int | None = None, tpm_limit: int | Null | None = None,
        rpm_limit: int | Null | None = None, model_tpm_limit: Mapping[str, int] | None = None,
        model_rpm_limit: Mapping[str, int] | None = None, mcp_rpm_limit: Mapping[str, int] | None = None,
        tag_rpm_limit: Mapping[str, int] | None = None, object_permission: ObjectPermissionParam | None = None,
        metadata: Mapping[str, object] | None = None, allowed_cache_controls: Sequence[str] | None = None,
        policies: Sequence[str] | None = None, team_id: str | None = None,
        extra_body: Mapping[str, object] | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> UpdatedUser: ...
    @overload
    async def update(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def update(self, *arguments: Any, **named: Any) -> UpdatedUser | httpx.Request:
        """Change settings of a user; those left out stay as they are, and `NULL` takes a budget or a limit back.

        `POST /user/update`
        `GET /v2/user/info`

        A look-up is sent first, since the proxy makes a user of an id that it is told to update and does not know.

        The settings that `create` has beside these are those of the key: see `keys.update`. Teams are joined and left
        by `teams.add_member` and `teams.delete_member`.

        Args:
            user_id: The user.
            user_email: Their new address. Unlike `create`, the proxy does not refuse one that another user has.
            user_alias: A name for people.
            user_role: Their role; needs an admin of the proxy.
            password: A new password for the proxy's pages.
            models: The models that they may call. The proxy ignores an empty list: `["all-proxy-models"]` allows all.
            max_budget: US dollars that they may spend in a period with all their own keys.
            budget_duration: The period of the budget, such as `30d`, whose first one begins now.
            model_max_budget: Budgets by model, which replace those there were. Needs a licence.
            spend: US dollars that count as spent.
            max_parallel_requests: How many of their requests may run at the same time.
            tpm_limit: Tokens a minute.
            rpm_limit: Requests a minute.
            model_tpm_limit: Tokens a minute by model; kept, but not enforced for users. `{}` takes them back.
            model_rpm_limit: Requests a minute by model, likewise.
            mcp_rpm_limit: Requests a minute by MCP server, likewise.
            tag_rpm_limit: Requests a minute by tag of the request, likewise.
            object_permission: The vector stores, MCP servers, agents and the like that they may use.
            metadata: Replaces the whole metadata, and with it the limits by model, server and tag that are kept in it.
                It cannot be emptied.
            allowed_cache_controls: Cache controls that a request may use.
            policies: Policies of their requests.
            team_id: Deprecated by the proxy: see `teams.add_member`.
            extra_body: Fields that this version does not know.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The user with all their settings, in `data`.

        Raises:
            NotFoundError: There is no such user, or the key may not read them. Nobody is made.
        """
        return await self._look_up_and_run(self._endpoints.update, arguments, named)

    @overload
    async def bulk_update(
        self, users: Sequence[UserUpdateParam] | None = None, *, all_users: bool | None = None,
        user_updates: UserChangesParam | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> BulkUpdatedUsers: ...
    @overload
    async def bulk_update(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def bulk_update(self, *arguments: Any, **named: Any) -> BulkUpdatedUsers | httpx.Request:
        """Change settings of up to 500 users, each to values of their own, or of all users to the same.

        `POST /user/bulk_update`

        Args:
            users: What to change: mappings with `user_id` and parameters of `update`. No look-up is sent here: the
                proxy makes a user who is not there.
            all_users: `True` changes all users in one go; needs `user_updates` and an admin of the proxy.
            user_updates: With `all_users`: what changes. The proxy ignores limits by model and by server here.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            What became of each user: one that failed does not keep the others from being changed.
        """
        return await self._run(self._endpoints.bulk_update, arguments, named)

    @overload
    async def delete(
        self, user_ids: Sequence[str], *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> int: ...
    @overload
    async def delete(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def delete(self, *arguments: Any, **named: Any) -> int | httpx.Request:
        """Delete users and their keys: all of them, or none when one is not there.

        `POST /user/delete`

        Args:
            user_ids: Their ids.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            How many were deleted.

        Raises:
            NotFoundError: One of them is not there, which the message names; all the others are left.
        """
        return await self._run(self._endpoints.delete, arguments, named)

    @overload
    async def available_roles(
        self, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> dict[str, RoleDescription]: ...
    @overload
    async def available_roles(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def available_roles(self, *arguments: Any, **named: Any) -> dict[str, RoleDescription] | httpx.Request:
        """Read what each role may do, in words.

        `GET /user/available_roles`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The roles by name.
        """
        return await self._run(self._endpoints.available_roles, arguments, named)

    @overload
    async def daily_activity(
        self, start_date: date | str, end_date: date | str, *, user_id: str | None = None, api_key: str | None = None,
        model: str | None = None, page: int | None = None, page_size: int | None = None, timezone: int | None = None,
        include_current_utc_day: bool | None = None, timeout: float | None = None,
        return_request: Literal[False] = False,
    ) -> ActivityPage: ...
    @overload
    async def daily_activity(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def daily_activity(self, *arguments: Any, **named: Any) -> ActivityPage | httpx.Request:
        """Read what was spent, day by day, by model, provider and key.

        `GET /user/daily/activity`

        Pages do not end with a day: one that goes on upon the next page is on both, each time with the sums of that
        page alone. Add up what bears the same date. The totals in `metadata`, too, are those of the page.

        Args:
            start_date: The first day.
            end_date: The last day.
            user_id: Of this user alone; by default admins see everybody's spend, others their own.
            api_key: Of this key alone: itself or its hash.
            model: Of this model alone.
            page: The page, from 1.
            page_size: Rows of the database a page, 1 to 1000; the proxy's default is 50. A row is one key's use of one
                model on one day.
            timezone: Minutes from local time to UTC, such as -60 for Central Europe in winter; by default days are
                those of UTC.
            include_current_utc_day: Whether the day that UTC has now is added where it is not over in local time.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            One page of days, the latest first. `metadata.has_more` says whether there is another.
        """
        return await self._run(self._endpoints.daily_activity, arguments, named)
