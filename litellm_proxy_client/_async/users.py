# Generated from _endpoints/users.py by `python -m litellm_proxy_client._codegen.generate`. Do not edit.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from .._clients.resource import AsyncResource
from .._endpoints import users as _endpoints

if TYPE_CHECKING:
    from .._clients.page import AsyncPage
    from .._wire.parameters import Null
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
    """Users: people and services that own keys, with budgets and limits over all of their keys."""

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
        """Create a user, and a key for the user unless `auto_create_key=False`.

        `POST /user/new`

        Args:
            user_id: A custom id. Default: the proxy generates one. The call is retried only with `user_id`; a
                `ConflictError` may then mean that an earlier attempt succeeded.
            user_email: The user's email address, unique among all users.
            user_alias: A human-readable name.
            user_role: `proxy_admin`, `proxy_admin_viewer`, `internal_user` or `internal_user_viewer`. Default: the role
                that the proxy is configured to assign; if none is configured, the one with the fewest permissions.
            sso_user_id: The user's id at the single sign-on provider.
            teams: Teams that the user joins: ids, or mappings with `team_id`, `user_role` and `max_budget_in_team`.
            organizations: Ids of the organizations that the user joins.
            send_invite_email: True to invite the user by email.
            auto_create_key: True if the proxy creates a key for the user. Default: True (the proxy's).
            key_alias: Alias of the new key.
            duration: Lifetime of the new key, such as `30d`. Default: unlimited.
            models: Models that the user may call. Empty or omitted: all. `["no-default-models"]`: only those of the
                user's teams.
            max_budget: Budget of a period in USD for all of the user's own keys together. Default: unlimited.
            budget_duration: Period, such as `30d`, after which `spend` is reset to zero. Default: never. See
                `keys.generate` for the format.
            model_max_budget: Budgets by model, such as `{"gpt-4": {"max_budget": 1.0, "budget_duration": "30d"}}`.
                Requires a licence.
            spend: Initial spend in USD. This does not set a limit.
            max_parallel_requests: Maximum number of the user's concurrent requests.
            tpm_limit: Tokens per minute.
            rpm_limit: Requests per minute.
            model_tpm_limit: Tokens per minute by model for the new key. For the user's other keys, the limit is stored,
                but not enforced.
            model_rpm_limit: Requests per minute by model for the new key. For the user's other keys, the limit is
                stored, but not enforced.
            mcp_rpm_limit: Requests per minute by MCP server. Stored, but not enforced for users.
            tag_rpm_limit: Requests per minute by request tag. Stored, but not enforced for users.
            object_permission: Vector stores, MCP servers, agents and other objects that the user may use.
            metadata: Custom data.
            allowed_cache_controls: Cache controls that a request may use, such as `no-cache`.
            policies: Policies of the user's requests.
            guardrails: Guardrails of the user's requests. The proxy does not apply them yet.
            prompts: Prompts that the user is limited to.
            aliases: Model aliases of the new key, requested name to actual model.
            budget_limits: Several budgets of the new key that apply at the same time.
            budget_fallbacks: Models to fall back to when the budget of a model is exceeded.
            agent_id: The agent that owns the new key.
            team_id: Deprecated by the proxy: use `teams`.
            blocked: True if the new key is created blocked.
            permissions: Other permissions of the new key.
            config: Deprecated by the proxy.
            extra_body: Fields that this version does not know.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The user and their key. No later response contains the key again.

        Raises:
            ConflictError: A user with this id or email address exists.
        """
        return await self._run_endpoint(self._endpoints.create, arguments, named)

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
        """List users, page by page. Requires an admin.

        `GET /user/list`

        A user is listed if they match all filters.

        Args:
            page: Page number, from 1.
            page_size: Users per page, 1 to 100. Default: 25 (the proxy's).
            search: Only users whose id or email address contains this text, ignoring case.
            user_ids: Only these users.
            sso_user_ids: Only users with these ids at the single sign-on provider.
            user_email: Only users whose email address contains this text, ignoring case.
            role: Only users with this role.
            team: Only users of the team with this id.
            organization_ids: Only users of these organizations.
            sort_by: Field to sort by. Default: the id. Reading all pages is exact only if no two users have the same
                value.
            sort_order: `asc` (the proxy's default) or `desc`.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            A page of users. Iterate over it to read all pages.
        """
        return await self._run_endpoint(self._endpoints.list, arguments, named)

    @overload
    async def get(
        self, user_id: str | None = None, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> UserInfo: ...
    @overload
    async def get(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def get(self, *arguments: Any, **named: Any) -> UserInfo | httpx.Request:
        """Get a user with their keys and teams.

        `GET /user/info`

        Args:
            user_id: The user. Default: the user that owns the client's key. If omitted, admins get all keys and teams
                of the proxy, but `user_info` is still their own.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The user in `user_info`, their `keys` and their `teams`.

        Raises:
            NotFoundError: The user does not exist.
        """
        return await self._run_endpoint(self._endpoints.get, arguments, named)

    @overload
    async def get_v2(
        self, user_id: str | None = None, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> User: ...
    @overload
    async def get_v2(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def get_v2(self, *arguments: Any, **named: Any) -> User | httpx.Request:
        """Get a user without their keys, and with only the ids of their teams. Faster than `get`.

        `GET /v2/user/info`

        Args:
            user_id: The user. Default: the user that owns the client's key.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The user.

        Raises:
            NotFoundError: The user does not exist.
        """
        return await self._run_endpoint(self._endpoints.get_v2, arguments, named)

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
        """Update settings of a user. Omitted settings stay unchanged; `NULL` clears a budget or a limit.

        `POST /user/update`
        `GET /v2/user/info`

        The client looks the user up first, because the proxy creates a user when the id to update is unknown.

        The other settings of `create` belong to the key: see `keys.update`. To join or leave a team, use
        `teams.add_member` and `teams.delete_member`.

        Args:
            user_id: The user.
            user_email: The user's new email address. Unlike with `create`, the proxy accepts one that another user has.
            user_alias: A human-readable name.
            user_role: The user's role. Requires a proxy admin.
            password: A new password for the proxy's web pages.
            models: Models that the user may call. The proxy ignores an empty list: `["all-proxy-models"]` allows all.
            max_budget: Budget of a period in USD for all of the user's own keys together.
            budget_duration: Period of the budget, such as `30d`. The first one begins now.
            model_max_budget: Budgets by model, which replace the current ones. Requires a licence.
            spend: Spend in USD.
            max_parallel_requests: Maximum number of the user's concurrent requests.
            tpm_limit: Tokens per minute.
            rpm_limit: Requests per minute.
            model_tpm_limit: Tokens per minute by model. Stored, but not enforced for users. `{}` clears the limits.
            model_rpm_limit: Requests per minute by model. Stored, but not enforced for users. `{}` clears the limits.
            mcp_rpm_limit: Requests per minute by MCP server. Stored, but not enforced for users. `{}` clears the
                limits.
            tag_rpm_limit: Requests per minute by request tag. Stored, but not enforced for users. `{}` clears the
                limits.
            object_permission: Vector stores, MCP servers, agents and other objects that the user may use.
            metadata: Replaces the whole metadata, including the limits by model, server and tag that the proxy stores
                in it. It cannot be emptied.
            allowed_cache_controls: Cache controls that a request may use.
            policies: Policies of the user's requests.
            team_id: Deprecated by the proxy: use `teams.add_member`.
            extra_body: Fields that this version does not know.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The user with all of their settings, in `data`.

        Raises:
            NotFoundError: The user does not exist, or the client's key may not read them. No user is created.
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
        """Update settings of up to 500 users, each to its own values, or of all users to the same values.

        `POST /user/bulk_update`

        Args:
            users: Changes: mappings with `user_id` and parameters of `update`. The client sends no look-up here: the
                proxy creates users that do not exist.
            all_users: True to update all users at once. Requires `user_updates` and a proxy admin.
            user_updates: Changes for all users, with `all_users`. The proxy ignores limits by model and by server here.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The result for each user. A failure for one user does not prevent the updates of the others.
        """
        return await self._run_endpoint(self._endpoints.bulk_update, arguments, named)

    @overload
    async def delete(
        self, user_ids: Sequence[str], *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> int: ...
    @overload
    async def delete(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def delete(self, *arguments: Any, **named: Any) -> int | httpx.Request:
        """Delete users and their keys: all, or none if one does not exist.

        `POST /user/delete`

        Args:
            user_ids: Ids of the users.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The number of deleted users.

        Raises:
            NotFoundError: One of the users does not exist; the message names it. None is deleted.
        """
        return await self._run_endpoint(self._endpoints.delete, arguments, named)

    @overload
    async def available_roles(
        self, *, timeout: float | None = None, return_request: Literal[False] = False,
    ) -> dict[str, RoleDescription]: ...
    @overload
    async def available_roles(self, *arguments: Any, return_request: Literal[True], **named: Any) -> httpx.Request: ...
    async def available_roles(self, *arguments: Any, **named: Any) -> dict[str, RoleDescription] | httpx.Request:
        """Get a description of what each role may do.

        `GET /user/available_roles`

        Args:
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            The descriptions by role.
        """
        return await self._run_endpoint(self._endpoints.available_roles, arguments, named)

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
        """Get the daily spend of users by model, provider and key.

        `GET /user/daily/activity`

        A page may end within a day. The day then appears on both pages, each time with the sums of that page only: add
        up the entries that have the same date. The totals in `metadata` are also those of the page.

        Args:
            start_date: First day.
            end_date: Last day.
            user_id: Only this user. Default: for admins the spend of all users, for other callers their own.
            api_key: Only this key, given as itself or as its hash.
            model: Only this model.
            page: Page number, from 1.
            page_size: Database rows per page, 1 to 1000. Default: 50 (the proxy's). A row is the usage of one model by
                one key on one day.
            timezone: Minutes from local time to UTC, such as -60 for Central Europe in winter. Default: days are in
                UTC.
            include_current_utc_day: True to extend a range that ends on the current local day to the current day in
                UTC. Requires `timezone`.
            timeout: Seconds for the whole call, retries and waits included. Default: the client's.
            return_request: Return the prepared request instead of sending it.

        Returns:
            A page of days, latest first. `metadata.has_more` is True if there is another page.
        """
        return await self._run_endpoint(self._endpoints.daily_activity, arguments, named)
