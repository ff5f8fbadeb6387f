"""`UsersManagementClient`, with the methods of the client of that name inside `litellm`."""

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


def _list_operation(params: Mapping[str, Any] | None) -> PageOperation[ListedUser]:
    """Build the operation of `users.list` with any parameters, which the proxy validates."""
    from ._endpoints.users import Users

    query = {name: value for name, value in (params or {}).items() if value is not None}
    id_lists: dict[str, Any] = {}
    # `users.list` takes these as sequences, and joins them by commas for the route.
    for name in query.keys() & set(_COMMA_SEPARATED):
        value = query.pop(name)
        id_lists[name] = ([part for part in value.split(",") if part] if isinstance(value, str) else value) or None
    if str(query.get("page")).isdecimal():
        query["page"] = int(query["page"])  # the numbers of the following pages are computed from it
    page = Users().list(**id_lists)
    return replace(page, operation=replace(page.operation, query={**(page.operation.query or {}), **query}))


def _user_id(user_data: Mapping[str, object]) -> str | None:
    user_id = user_data.get("user_id")
    return user_id if isinstance(user_id, str) else None


class UsersManagementClient:
    """User management with the methods of `UsersManagementClient` inside `litellm`. `Client.users` has more methods.

    Responses are objects with access by key, so code that reads the dicts of that client keeps working.
    """

    def __init__(self, base_url: str | None = None, api_key: str | None = None, timeout: float | None = None) -> None:
        """Create a client; nothing is sent before the first call.

        Args:
            base_url: The proxy's address. Default: `LITELLM_PROXY_URL`, else `http://localhost:4000`.
            api_key: An admin's key. Default: `LITELLM_PROXY_API_KEY`.
            timeout: Deadline in seconds for a call with all its retries. Default: 30.

        Raises:
            UsageError: An argument is invalid.
        """
        self.client: Client = Client(base_url, api_key, timeout=timeout)
        """The client that sends the requests."""

    def list_users(self, params: Mapping[str, Any] | None = None) -> Page[ListedUser]:
        """List users, one page at a time.

        `GET /user/list`

        Args:
            params: Query parameters of the route, as described by `Client.users.list`, such as
                `{"role": "internal_user", "page_size": 100}`, or others that the proxy supports.

        Returns:
            One page of users. Iterating over it also requests all following pages.
        """
        # Not `users.list`, which accepts only the parameters that it declares.
        page = self.client.users._run_endpoint(_list_operation, (params,), {})  # pyright: ignore[reportPrivateUsage]
        return cast("Page[ListedUser]", page)

    def get_user(self, user_id: str | None = None) -> UserInfo:
        """Get a user with their keys and teams.

        `GET /user/info`

        Args:
            user_id: The user's id. Default: the user to whom the client's key belongs.

        Returns:
            The user in `user_info`, their `keys` and their `teams`.

        Raises:
            NotFoundError: The user does not exist.
        """
        return self.client.users.get(user_id)

    def get_user_v2(self, user_id: str | None = None) -> User:
        """Get a user alone, without their keys.

        `GET /v2/user/info`

        Args:
            user_id: The user's id. Default: the user to whom the client's key belongs.

        Returns:
            The user.

        Raises:
            NotFoundError: The user does not exist.
        """
        return self.client.users.get_v2(user_id)

    def create_user(self, user_data: Mapping[str, object]) -> CreatedUser:
        """Create a user, and a key for them unless `auto_create_key` is false.

        `POST /user/new`

        Args:
            user_data: Parameters of `Client.users.create`, or others that the proxy supports.

        Returns:
            The user and their key, which no later response contains.

        Raises:
            ConflictError: A user with that id or email address exists.
        """
        return self.client.users.create(user_id=_user_id(user_data), extra_body=user_data)

    def delete_user(self, user_ids: Sequence[str]) -> int:
        """Delete users and their keys: all of them, or none if one does not exist.

        `POST /user/delete`

        Args:
            user_ids: The ids of the users.

        Returns:
            The number of deleted users.

        Raises:
            NotFoundError: A user does not exist; the message names their id. None of the others was deleted.
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
    """The asynchronous `UsersManagementClient`. `AsyncClient.users` has more methods."""

    def __init__(self, base_url: str | None = None, api_key: str | None = None, timeout: float | None = None) -> None:
        """Create a client; nothing is sent before the first call.

        Args:
            base_url: The proxy's address. Default: `LITELLM_PROXY_URL`, else `http://localhost:4000`.
            api_key: An admin's key. Default: `LITELLM_PROXY_API_KEY`.
            timeout: Deadline in seconds for a call with all its retries. Default: 30.

        Raises:
            UsageError: An argument is invalid.
        """
        self.client: AsyncClient = AsyncClient(base_url, api_key, timeout=timeout)
        """The client that sends the requests."""

    async def list_users(self, params: Mapping[str, Any] | None = None) -> AsyncPage[ListedUser]:
        """List users, one page at a time.

        `GET /user/list`

        Args:
            params: Query parameters of the route, as described by `AsyncClient.users.list`, such as
                `{"role": "internal_user", "page_size": 100}`, or others that the proxy supports.

        Returns:
            One page of users. `async for` also requests all following pages.
        """
        # Not `users.list`, which accepts only the parameters that it declares.
        page = await self.client.users._run_endpoint(_list_operation, (params,), {})  # pyright: ignore[reportPrivateUsage]
        return cast("AsyncPage[ListedUser]", page)

    async def get_user(self, user_id: str | None = None) -> UserInfo:
        """Get a user with their keys and teams.

        `GET /user/info`

        Args:
            user_id: The user's id. Default: the user to whom the client's key belongs.

        Returns:
            The user in `user_info`, their `keys` and their `teams`.

        Raises:
            NotFoundError: The user does not exist.
        """
        return await self.client.users.get(user_id)

    async def get_user_v2(self, user_id: str | None = None) -> User:
        """Get a user alone, without their keys.

        `GET /v2/user/info`

        Args:
            user_id: The user's id. Default: the user to whom the client's key belongs.

        Returns:
            The user.

        Raises:
            NotFoundError: The user does not exist.
        """
        return await self.client.users.get_v2(user_id)

    async def create_user(self, user_data: Mapping[str, object]) -> CreatedUser:
        """Create a user, and a key for them unless `auto_create_key` is false.

        `POST /user/new`

        Args:
            user_data: Parameters of `AsyncClient.users.create`, or others that the proxy supports.

        Returns:
            The user and their key, which no later response contains.

        Raises:
            ConflictError: A user with that id or email address exists.
        """
        return await self.client.users.create(user_id=_user_id(user_data), extra_body=user_data)

    async def delete_user(self, user_ids: Sequence[str]) -> int:
        """Delete users and their keys: all of them, or none if one does not exist.

        `POST /user/delete`

        Args:
            user_ids: The ids of the users.

        Returns:
            The number of deleted users.

        Raises:
            NotFoundError: A user does not exist; the message names their id. None of the others was deleted.
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
