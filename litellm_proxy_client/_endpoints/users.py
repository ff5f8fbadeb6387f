"""Users of the proxy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from .._wire.operation import Operation, PageOperation, Send, get, post
from .._wire.parameters import Null
from ..exceptions import UsageError
from ..types.activity import ActivityPage
from ..types.keys import BudgetLimitParam, ObjectPermissionParam
from ..types.users import (
    BulkUpdatedUsers,
    CreatedUser,
    ListedUser,
    NewUserTeamParam,
    RoleDescription,
    UpdatedUser,
    User,
    UserChangesParam,
    UserInfo,
    UserList,
    UserRole,
    UserUpdateParam,
)
from ._checks import at_least_one, check_duration, check_names, check_page, exactly_one
from ._fields import day_range, fields
from .keys import hash_of

_MAXIMUM_BULK = 500
_LONGEST_ID = 512
# The proxy treats empty settings as omitted, except for _EMPTIED and for the limits, which are part of the metadata.
_LIMITS = ("model_tpm_limit", "model_rpm_limit", "mcp_rpm_limit", "tag_rpm_limit")
_EMPTIED = ("model_max_budget", "object_permission")


class Users:
    """Users: people and services that own keys, with budgets and limits over all of their keys."""

    def create(
        self,
        *,
        user_id: str | None = None,
        user_email: str | None = None,
        user_alias: str | None = None,
        user_role: UserRole | None = None,
        sso_user_id: str | None = None,
        teams: Sequence[str] | Sequence[NewUserTeamParam] | None = None,
        organizations: Sequence[str] | None = None,
        send_invite_email: bool | None = None,
        auto_create_key: bool | None = None,
        key_alias: str | None = None,
        duration: str | None = None,
        models: Sequence[str] | None = None,
        max_budget: float | None = None,
        budget_duration: str | None = None,
        model_max_budget: Mapping[str, Mapping[str, object]] | None = None,
        spend: float | None = None,
        max_parallel_requests: int | None = None,
        tpm_limit: int | None = None,
        rpm_limit: int | None = None,
        model_tpm_limit: Mapping[str, int] | None = None,
        model_rpm_limit: Mapping[str, int] | None = None,
        mcp_rpm_limit: Mapping[str, int] | None = None,
        tag_rpm_limit: Mapping[str, int] | None = None,
        object_permission: ObjectPermissionParam | None = None,
        metadata: Mapping[str, object] | None = None,
        allowed_cache_controls: Sequence[str] | None = None,
        policies: Sequence[str] | None = None,
        guardrails: Sequence[str] | None = None,
        prompts: Sequence[str] | None = None,
        aliases: Mapping[str, str] | None = None,
        budget_limits: Sequence[BudgetLimitParam] | None = None,
        budget_fallbacks: Mapping[str, Sequence[str]] | None = None,
        agent_id: str | None = None,
        team_id: str | None = None,
        blocked: bool | None = None,
        permissions: Mapping[str, object] | None = None,
        config: Mapping[str, object] | None = None,
        extra_body: Mapping[str, object] | None = None,
    ) -> Operation[CreatedUser]:
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

        Returns:
            The user and their key. No later response contains the key again.

        Raises:
            ConflictError: A user with this id or email address exists.
        """
        body = fields(locals())
        return post("/user/new", CreatedUser, json=body, retry="change" if user_id is None else "repeatable")

    def list(
        self,
        *,
        page: int | None = None,
        page_size: int | None = None,
        search: str | None = None,
        user_ids: Sequence[str] | None = None,
        sso_user_ids: Sequence[str] | None = None,
        user_email: str | None = None,
        role: UserRole | None = None,
        team: str | None = None,
        organization_ids: Sequence[str] | None = None,
        sort_by: Literal["user_id", "user_email", "user_alias", "user_role", "spend", "created_at"] | None = None,
        sort_order: Literal["asc", "desc"] | None = None,
    ) -> PageOperation[ListedUser]:
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

        Returns:
            A page of users. Iterate over it to read all pages.
        """
        query = fields(locals())
        check_page(page, page_size, maximum=100, size_name="page_size")
        for name in ("user_ids", "sso_user_ids", "organization_ids"):
            query[name] = _joined(name, query.get(name))
        # The proxy has no default order: without one, rows may repeat or be missing on the next page.
        query.setdefault("sort_by", "user_id")
        call = get("/user/list", UserList, query=query)
        return PageOperation(
            call, ListedUser, "users", "user_id", page="page", total="total", total_pages="total_pages"
        )

    def get(self, user_id: str | None = None) -> Operation[UserInfo]:
        """Get a user with their keys and teams.

        `GET /user/info`

        Args:
            user_id: The user. Default: the user that owns the client's key. If omitted, admins get all keys and teams
                of the proxy, but `user_info` is still their own.

        Returns:
            The user in `user_info`, their `keys` and their `teams`.

        Raises:
            NotFoundError: The user does not exist.
        """
        query = fields(locals())
        _check_id(user_id)
        return get("/user/info", UserInfo, query=query)

    def get_v2(self, user_id: str | None = None) -> Operation[User]:
        """Get a user without their keys, and with only the ids of their teams. Faster than `get`.

        `GET /v2/user/info`

        Args:
            user_id: The user. Default: the user that owns the client's key.

        Returns:
            The user.

        Raises:
            NotFoundError: The user does not exist.
        """
        query = fields(locals())
        _check_id(user_id)
        return get("/v2/user/info", User, query=query)

    async def update(
        self,
        send: Send,
        user_id: str,
        *,
        user_email: str | None = None,
        user_alias: str | None = None,
        user_role: UserRole | None = None,
        password: str | None = None,
        models: Sequence[str] | None = None,
        max_budget: float | Null | None = None,
        budget_duration: str | Null | None = None,
        model_max_budget: Mapping[str, Mapping[str, object]] | Null | None = None,
        spend: float | None = None,
        max_parallel_requests: int | None = None,
        tpm_limit: int | Null | None = None,
        rpm_limit: int | Null | None = None,
        model_tpm_limit: Mapping[str, int] | None = None,
        model_rpm_limit: Mapping[str, int] | None = None,
        mcp_rpm_limit: Mapping[str, int] | None = None,
        tag_rpm_limit: Mapping[str, int] | None = None,
        object_permission: ObjectPermissionParam | None = None,
        metadata: Mapping[str, object] | None = None,
        allowed_cache_controls: Sequence[str] | None = None,
        policies: Sequence[str] | None = None,
        team_id: str | None = None,
        extra_body: Mapping[str, object] | None = None,
    ) -> Operation[UpdatedUser]:
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

        Returns:
            The user with all of their settings, in `data`.

        Raises:
            NotFoundError: The user does not exist, or the client's key may not read them. No user is created.
        """
        body = fields(locals())
        body["user_id"] = user_id
        _check_id(user_id or "")
        _check_changes(body)
        await send(get("/v2/user/info", User, query={"user_id": body["user_id"]}))
        return post("/user/update", UpdatedUser, json=body)

    def bulk_update(
        self,
        users: Sequence[UserUpdateParam] | None = None,
        *,
        all_users: bool | None = None,
        user_updates: UserChangesParam | None = None,
    ) -> Operation[BulkUpdatedUsers]:
        """Update settings of up to 500 users, each to its own values, or of all users to the same values.

        `POST /user/bulk_update`

        Args:
            users: Changes: mappings with `user_id` and parameters of `update`. The client sends no look-up here: the
                proxy creates users that do not exist.
            all_users: True to update all users at once. Requires `user_updates` and a proxy admin.
            user_updates: Changes for all users, with `all_users`. The proxy ignores limits by model and by server here.

        Returns:
            The result for each user. A failure for one user does not prevent the updates of the others.
        """
        body = fields(locals())
        exactly_one(users=users, all_users=all_users or None)
        if users is None:
            if not user_updates:
                raise UsageError("all_users requires user_updates: give the settings to update")
            _check_changes(user_updates, emptied=_EMPTIED)
            return post("/user/bulk_update", BulkUpdatedUsers, json=body)
        if user_updates is not None:
            raise UsageError("user_updates requires all_users: put the settings to update into users")
        if not 1 <= len(users) <= _MAXIMUM_BULK:
            raise UsageError(f"users has {len(users)} members: give 1 to {_MAXIMUM_BULK}")
        for user in users:
            at_least_one(user_id=user.get("user_id") or None, user_email=user.get("user_email") or None)
            _check_changes(user)
        body["all_users"] = None
        return post("/user/bulk_update", BulkUpdatedUsers, json=body)

    def delete(self, user_ids: Sequence[str]) -> Operation[int]:
        """Delete users and their keys: all, or none if one does not exist.

        `POST /user/delete`

        Args:
            user_ids: Ids of the users.

        Returns:
            The number of deleted users.

        Raises:
            NotFoundError: One of the users does not exist; the message names it. None is deleted.
        """
        check_names("user_ids", user_ids)
        return post("/user/delete", int, json={"user_ids": [*dict.fromkeys(user_ids)]})

    def available_roles(self) -> Operation[dict[str, RoleDescription]]:
        """Get a description of what each role may do.

        `GET /user/available_roles`

        Returns:
            The descriptions by role.
        """
        return get("/user/available_roles", dict[str, RoleDescription])

    def daily_activity(
        self,
        start_date: date | str,
        end_date: date | str,
        *,
        user_id: str | None = None,
        api_key: str | None = None,
        model: str | None = None,
        page: int | None = None,
        page_size: int | None = None,
        timezone: int | None = None,
        include_current_utc_day: bool | None = None,
    ) -> Operation[ActivityPage]:
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

        Returns:
            A page of days, latest first. `metadata.has_more` is True if there is another page.
        """
        query = fields(locals())
        check_page(page, page_size, maximum=1000, size_name="page_size")
        query |= day_range(start_date, end_date)
        if api_key is not None:
            query["api_key"] = hash_of(api_key)
        return get("/user/daily/activity", ActivityPage, query=query)


def _check_id(user_id: str | None) -> None:
    if user_id == "":
        raise UsageError("user_id is empty: the proxy would use the caller instead")
    if user_id is not None and (len(user_id) > _LONGEST_ID or not user_id.isprintable()):
        # For such an id, too, the proxy would use the caller instead.
        raise UsageError(f"user_id must have at most {_LONGEST_ID} characters and no control characters")


def _check_changes(changes: Mapping[str, Any], *, emptied: Sequence[str] = (*_EMPTIED, *_LIMITS)) -> None:
    check_duration("budget_duration", changes.get("budget_duration"), budget=True)
    for name, value in changes.items():
        if value in ([], (), {}) and name not in emptied:
            hint = 'give ["all-proxy-models"] to allow all' if name == "models" else "omit it or give a value"
            raise UsageError(f"{name} is empty, which the proxy would ignore: {hint}")


def _joined(name: str, values: Sequence[str] | None) -> str | None:
    check_names(name, values)
    if values is None:
        return None
    if any("," in value for value in values):
        raise UsageError(f"an id in {name} contains a comma, which the proxy reads as a separator of ids")
    # Send a single id twice: the proxy matches one id as a substring, but several exactly (proxy/management_endpoints).
    return ",".join(values if len(values) > 1 else [*values, *values])
