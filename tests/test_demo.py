"""`python -m litellm_proxy_client demo`, on a real proxy."""

from __future__ import annotations

import pytest

from litellm_proxy_client.__main__ import main
from litellm_proxy_client.local import LocalProxy


@pytest.fixture(autouse=True)
def use_local_proxy(local_proxy: LocalProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITELLM_PROXY_URL", local_proxy.url)
    monkeypatch.setenv("LITELLM_PROXY_API_KEY", local_proxy.api_key)


def test_the_demo_prints_the_response_of_each_client_with_and_without_streaming(
    local_proxy: LocalProxy, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("Hello from gpt-4.") == 4
    assert printed.count("cost 0.00") == 4
    assert local_proxy.url in printed
    assert local_proxy.api_key not in printed


def test_an_error_of_the_proxy_ends_the_demo_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--model", "no-such-model"]) == 1
    assert "no-such-model" in capsys.readouterr().err
