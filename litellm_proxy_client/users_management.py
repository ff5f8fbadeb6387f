"""`UsersManagementClient`, with the methods that the old client's users know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from .client import AsyncClient, Client

if TYPE_CHECKING:
    from ._clients.page import AsyncPage, Page
    from ._wire.operation import PageOperation
    from .types.users import CreatedUser, ListedUser, User, UserInfo

_COMMA_SEPARATED = ("user_ids", "sso_user_ids", "organization_ids")


def _listing(params: Mapping[str, Any] | None) -> PageOperation[ListedUser]:
    """The call of `users.list` with the parameters of the route, whatever they are: the proxy judges them."""
    from ._endpoints.users import Users

    query = {name: value for name, value in (params or {}).items() if value is not None}
    lists: dict[str, Any] = {}
    for name in query.keys() & set(_COMMA_SEPARATED):
        value = query.pop(name)
        lists[name] = ([each for each in value.split(",") if each] if isinstance(value, str) else value) or None
    if str(query.get("page")).isdecimal():
        query["page"] = int(query["page"])  # the following pages are counted from it
    call = Users().list(**lists)
    return replace(call, operation=replace(call.operation, query={**(call.operation.query or {}), **query}))


def _user_id(user_data: Mapping[str, object]) -> str | None:
    user_id = user_data.get("user_id")
    return user_id if isinstance(user_id, str) else None


class UsersManagementClient:
    """Users, as the `UsersManagementClient` inside `litellm` has them. `Client.users` can do more.

    Answers are objects that can be read by key, as the dicts can that they replace.
    """

    def __init__(self, base_url: str | None = None, api_key: str | None = None, timeout: float | None = None) -> None:
        """Make a client; nothing is sent before the first call.

        Args:
            base_url: The proxy's address; by default `LITELLM_PROXY_URL`, else `http://localhost:4000`.
            api_key: An admin's key; by default `LITELLM_PROXY_API_KEY`.
            timeout: Seconds that a call may take with all its retries; by default 30.

        Raises:
            UsageError: An argument cannot be right.
        """
        self.client = Client(base_url, api_key, timeout=timeout)
        """The client that sends the calls."""

    def list_users(self, params: Mapping[str, Any] | None = None) -> Page[ListedUser]:
        """List users, a page at a time.

        `GET /user/list`

        Args:
            params: Parameters of the route as `Client.users.list` describes them, such as
                `{"role": "internal_user", "page_size": 100}`, or whatever else the proxy knows.

        Returns:
            One page of users. Iterating over it goes on through all following pages.
        """
        page = self.client.users._run(_listing, (params,), {})  # pyright: ignore[reportPrivateUsage]
        return cast("Page[ListedUser]", page)

    def get_user(self, user_id: str | None = None) -> UserInfo:
        """Read a user with their keys and teams.

        `GET /user/info`

        Args:
            user_id: The user; by default the one whom the client's key belongs to.

        Returns:
            The user in `user_info`, their `keys` and their `teams`.

        Raises:
            NotFoundError: There is no such user.
        """
        return self.client.users.get(user_id)

    def get_user_v2(self, user_id: str | None = None) -> User:
        """Read a user alone, without keys.

        `GET /v2/user/info`

        Args:
            user_id: The user; by default the one whom the client's key belongs to.

        Returns:
            The user.

        Raises:
            NotFoundError: There is no such user.
        """
        return self.client.users.get_v2(user_id)

    def create_user(self, user_data: Mapping[str, object]) -> CreatedUser:
        """Make a user, and a key for them unless `auto_create_key` is false.

        `POST /user/new`

        Args:
            user_data: Parameters of `Client.users.create`, or whatever else the proxy knows.

        Returns:
            The user, and their key. No later answer will show it again.

        Raises:
            ConflictError: There is a user of that id or address.
        """
        return self.client.users.create(user_id=_user_id(user_data), extra_body=user_data)

    def delete_user(self, user_ids: Sequence[str]) -> int:
        """Delete users and their keys: all of them, or none when one is not there.

        `POST /user/delete`

        Args:
            user_ids: Their ids.

        Returns:
            How many were deleted.

        Raises:
            NotFoundError: One of them is not there, which the message names; all the others are left.
        """
        return self.client.users.delete(user_ids)

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    def __enter__(self) -> UsersManagementClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncUsersManagementClient:
    """Users, for `await`: see `UsersManagementClient`. `AsyncClient.users` can do more."""

    def __init__(self, base_url: str | None = None, api_key: str | None = None, timeout: float | None = None) -> None:
        """Make a client; nothing is sent before the first call.

        Args:
            base_url: The proxy's address; by default `LITELLM_PROXY_URL`, else `http://localhost:4000`.
            api_key: An admin's key; by default `LITELLM_PROXY_API_KEY`.
            timeout: Seconds that a call may take with all its retries; by default 30.

        Raises:
            UsageError: An argument cannot be right.
        """
        self.client = AsyncClient(base_url, api_key, timeout=timeout)
        """The client that sends the calls."""

    async def list_users(self, params: Mapping[str, Any] | None = None) -> AsyncPage[ListedUser]:
        """List users, a page at a time.

        `GET /user/list`

        Args:
            params: Parameters of the route as `AsyncClient.users.list` describes them, such as
                `{"role": "internal_user", "page_size": 100}`, or whatever else the proxy knows.

        Returns:
            One page of users. `async for` goes on through all following pages.
        """
        page = await self.client.users._run(_listing, (params,), {})  # pyright: ignore[reportPrivateUsage]
        return cast("AsyncPage[ListedUser]", page)

    async def get_user(self, user_id: str | None = None) -> UserInfo:
        """Read a user with their keys and teams.

        `GET /user/info`

        Args:
            user_id: The user; by default the one whom the client's key belongs to.

        Returns:
            The user in `user_info`, their `keys` and their `teams`.

        Raises:
            NotFoundError: There is no such user.
        """
        return await self.client.users.get(user_id)

    async def get_user_v2(self, user_id: str | None = None) -> User:
        """Read a user alone, without keys.

        `GET /v2/user/info`

        Args:
            user_id: The user; by default the one whom the client's key belongs to.

        Returns:
            The user.

        Raises:
            NotFoundError: There is no such user.
        """
        return await self.client.users.get_v2(user_id)

    async def create_user(self, user_data: Mapping[str, object]) -> CreatedUser:
        """Make a user, and a key for them unless `auto_create_key` is false.

        `POST /user/new`

        Args:
            user_data: Parameters of `AsyncClient.users.create`, or whatever else the proxy knows.

        Returns:
            The user, and their key. No later answer will show it again.

        Raises:
            ConflictError: There is a user of that id or address.
        """
        return await self.client.users.create(user_id=_user_id(user_data), extra_body=user_data)

    async def delete_user(self, user_ids: Sequence[str]) -> int:
        """Delete users and their keys: all of them, or none when one is not there.

        `POST /user/delete`

        Args:
            user_ids: Their ids.

        Returns:
            How many were deleted.

        Raises:
            NotFoundError: One of them is not there, which the message names; all the others are left.
        """
        return await self.client.users.delete(user_ids)

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def __aenter__(self) -> AsyncUsersManagementClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
