from __future__ import annotations

import json
from typing import Any, cast

import httpx
import pytest

from litellm_proxy_client import NULL, AsyncClient
from litellm_proxy_client._endpoints.credentials import Credentials
from litellm_proxy_client.exceptions import UsageError
from litellm_proxy_client.types.credentials import Credential, CredentialList

from .conftest import MakeClient


def body(request: httpx.Request) -> Any:
    return json.loads(request.content)


@pytest.fixture
def client(make_client: MakeClient) -> AsyncClient:
    return make_client("http://proxy", "sk-admin")


@pytest.mark.parametrize(
    ("name", "encoded"),
    [
        ("azure1", "azure1"),
        ("team/azure 1", "team%2Fazure%201"),
        ("Schlüssel", "Schl%C3%BCssel"),
        ("a?b#c%2F+d", "a%3Fb%23c%252F%2Bd"),
        ("../models", "..%2Fmodels"),
    ],
)
async def test_name_is_encoded_as_one_path_segment(client: AsyncClient, name: str, encoded: str) -> None:
    credentials = client.credentials
    assert (await credentials.get(name, return_request=True)).url.raw_path.decode() == f"/credentials/by_name/{encoded}"
    for request in (
        await credentials.delete(name, return_request=True),
        await credentials.update(name, credential_info={"a": "b"}, return_request=True),
        await credentials.update_display_name(name, "x", return_request=True),
    ):
        assert request.url.raw_path.decode() == f"/credentials/{encoded}"


@pytest.mark.parametrize("name", ["", ".", "..", "a\nb"])
def test_unencodable_name_raises_usage_error(name: str) -> None:
    for call in (
        lambda: Credentials().create(credential_name=name, credential_values={"api_key": "x"}),
        lambda: Credentials().get(name),
        lambda: Credentials().delete(name),
        lambda: Credentials().update(name, credential_info={"a": "b"}),
    ):
        with pytest.raises(UsageError, match="path"):
            call()


async def test_create_sends_given_fields(client: AsyncClient) -> None:
    request = await client.credentials.create(
        credential_name="a",
        credential_info={"api_type": "azure"},
        credential_values={"api_key": "secret"},
        extra_body={"later": 1},
        return_request=True,
    )
    assert (request.method, request.url.path) == ("POST", "/credentials")
    assert body(request) == {
        "credential_name": "a",
        "credential_info": {"api_type": "azure"},
        "credential_values": {"api_key": "secret"},
        "later": 1,
    }


async def test_required_credential_info_is_always_sent(client: AsyncClient) -> None:
    copy = await client.credentials.create(credential_name="a", model_id="m", return_request=True)
    change = await client.credentials.update("a", credential_values_to_delete=["api_base"], return_request=True)
    assert body(copy) == {"credential_name": "a", "credential_info": {}, "model_id": "m"}
    assert body(change) == {"credential_info": {}, "credential_values_to_delete": ["api_base"]}


async def test_display_name_can_be_changed_and_cleared(client: AsyncClient) -> None:
    named = await client.credentials.update_display_name("a", "Azure (west)", return_request=True)
    cleared = await client.credentials.update_display_name("a", NULL, return_request=True)
    assert named.method == "PATCH"
    assert body(named) == {"credential_info": {}, "display_name": "Azure (west)"}
    assert body(cleared) == {"credential_info": {}, "display_name": None}


@pytest.mark.parametrize(
    "values", [{}, {"credential_values": {}}, {"credential_values": {"a": "b"}, "model_id": "m"}], ids=str
)
def test_create_requires_exactly_one_source(values: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="exactly one of credential_values, model_id"):
        Credentials().create(credential_name="a", **cast("Any", values))


def test_update_requires_a_change() -> None:
    with pytest.raises(UsageError, match="nothing to change"):
        Credentials().update("a")
    with pytest.raises(UsageError, match="exactly one"):
        Credentials().update("a", credential_values={"a": "b"}, model_id="m")
    with pytest.raises(UsageError, match="list"):
        Credentials().update("a", credential_values_to_delete="api_key")


def test_repr_masks_credential_values_but_not_names() -> None:
    sent = {"credential_name": "a", "credential_values": {"my_secret": "aaaabbbbccccdddd", "more": {"inner": "short"}}}
    credential = Credential.model_validate(sent)
    assert "aaaabbbbccccdddd" not in repr(credential)
    assert "short" not in repr(credential)
    assert "my_secret" in repr(credential)
    assert "aaaabbbbccccdddd" not in repr(CredentialList.model_validate({"credentials": [sent]}))
    assert credential.credential_values == sent["credential_values"]
