from __future__ import annotations

import os
import re

import pytest

from litellm_proxy_client import AsyncClient
from litellm_proxy_client.exceptions import NotFoundError, ServiceUnavailableError


async def test_proxy_reports_its_status_and_version(live: AsyncClient) -> None:
    readiness = await live.health.readiness()
    assert (readiness.status, readiness["db"]) == ("healthy", "connected")
    assert await live.health.liveliness() == "I'm alive!"
    version = await live.health.version()
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", version)
    assert (await live.health.readiness_details()).litellm_version == version
    assert (await live.health.license()).has_license is False


async def test_health_check_distinguishes_healthy_and_unhealthy_models(live: AsyncClient) -> None:
    check = await live.health.check(model="mock-short")
    assert (check.healthy_count, check.unhealthy_count) == (1, 0)
    assert check.healthy_endpoints[0].model_id == "mock-short-1"
    assert (await live.health.check(model_id="mock-short-1")).healthy_count == 1
    with pytest.raises(ServiceUnavailableError) as caught:
        await live.health.check(model="provider-500")
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["unhealthy_count"] == 1

    history = await live.health.history(model="mock-short", limit=1)
    assert [record.status for record in history.health_checks] == ["healthy"]
    assert history.health_checks[0].checked_at is not None
    assert history.health_checks[0].checked_at.tzinfo is not None
    assert (await live.health.latest()).total_models


async def test_connection_test_reports_success_and_failure(live: AsyncClient) -> None:
    provider = {"model": "openai/answer", "api_base": os.environ["LIVE_PROXY_PROVIDER_URL"], "api_key": "sk-unused"}
    good = await live.health.test_connection(provider, mode="chat")
    assert (good.ok, good.error) == (True, None)
    bad = await live.health.test_connection({**provider, "api_base": "http://127.0.0.1:9/v1"}, mode="chat")
    assert bad.ok is False
    assert "Connection error" in (bad.error or "")
    assert "Traceback" not in repr(bad)


async def test_http_request_calls_any_route(live: AsyncClient) -> None:
    provider = {"model": "openai/answer", "api_base": os.environ["LIVE_PROXY_PROVIDER_URL"], "api_key": "sk-unused"}
    body = {"litellm_params": provider, "mode": "chat"}
    response = await live.http.request(method="POST", uri="/health/test_connection", json=body)
    assert response["status"] == "success"
    assert await live.http.request("get", "health/liveliness/") == "I'm alive!"
    listed = await live.http.request("GET", "/model_group/info", params={"model_group": "mock-short"})
    assert [group["model_group"] for group in listed["data"]] == ["mock-short"]
    with pytest.raises(NotFoundError):
        await live.http.request("GET", "/no/such/route")
    request = await live.models.list(return_request=True)
    assert (await live.http.send(request)).json()["object"] == "list"
