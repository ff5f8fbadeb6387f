from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path
from textwrap import dedent
from typing import Any
from urllib.parse import urlsplit

import pytest

from litellm_proxy_client import AsyncClient, Client
from litellm_proxy_client.exceptions import UsageError
from litellm_proxy_client.local import MOCK_MODELS, LocalProxy, LocalProxyError, mask_keys

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def request_completion(proxy: LocalProxy, model: str, key: str | None = None) -> tuple[int, Any]:
    """Request a completion without this project's clients; return status and body."""
    connection = HTTPConnection(urlsplit(proxy.url).netloc, timeout=30)
    body = {"model": model, "messages": [{"role": "user", "content": "Hello"}]}
    headers = {"Authorization": f"Bearer {key or proxy.api_key}", "Content-Type": "application/json"}
    try:
        connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def alive(pid: int) -> bool:
    """Return True if a process runs; a zombie, which its parent has not waited for, counts as dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def ended_within(seconds: float, *pids: int) -> bool:
    deadline = time.monotonic() + seconds
    while any(map(alive, pids)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


class TestSharedProxy:
    """Tests of the one proxy that the whole test run shares."""

    def test_sync_client_gets_completion(self, local_proxy: LocalProxy) -> None:
        with local_proxy.client() as client:
            assert type(client) is Client
            response = client.chat.completions.create(model="gpt-4", messages=[{"role": "user", "content": "Hello"}])
        assert response.choices[0].message.content == "Hello from gpt-4."
        assert response.proxy is not None
        assert response.proxy.cost is not None
        assert response.proxy.cost > 0

    async def test_async_client_gets_stream(self, local_proxy: LocalProxy) -> None:
        async with local_proxy.async_client() as client:
            assert type(client) is AsyncClient
            stream = await client.chat.completions.create(
                model="mock-long", messages=[{"role": "user", "content": "Hello"}], stream=True
            )
            pieces = [text async for text in stream.iter_text()]
        assert len(pieces) > 100
        assert len("".join(pieces)) > 1000

    @pytest.mark.parametrize(
        ("model", "status", "text"),
        [
            ("gpt-4", 200, "Hello from gpt-4."),
            ("gpt-3.5-turbo", 200, "Hello from gpt-3.5-turbo."),
            ("mock-long", 200, "This is sentence 12 of a long answer"),
            ("mock-slow", 200, "Hello from mock-slow."),
            ("mock-tool-call", 200, "get_weather"),
            ("mock-rate-limit", 429, "RateLimitError"),
            ("mock-server-error", 500, "InternalServerError"),
            ("mock-context-window", 400, "ContextWindowExceededError"),
        ],
    )
    def test_built_in_models_respond_as_documented(
        self, local_proxy: LocalProxy, model: str, status: int, text: str
    ) -> None:
        assert model in {entry["model_name"] for entry in MOCK_MODELS}
        begin = time.monotonic()
        response_status, body = request_completion(local_proxy, model)
        assert (response_status, text in json.dumps(body)) == (status, True)
        assert (time.monotonic() - begin >= 3) == (model == "mock-slow")

    def test_wrong_key_is_rejected(self, local_proxy: LocalProxy) -> None:
        assert request_completion(local_proxy, "gpt-4", "sk-another-key")[0] in (400, 401)

    @linux
    def test_proxy_listens_only_on_loopback_address(self, local_proxy: LocalProxy) -> None:
        parts = urlsplit(local_proxy.url)
        assert parts.hostname == "127.0.0.1"
        with pytest.raises(ConnectionRefusedError):
            # On Linux all of 127.0.0.0/8 is loopback, so a proxy that listens on all interfaces would accept this.
            socket.create_connection(("127.0.0.2", parts.port or 0), timeout=1)

    def test_api_key_is_strong_and_never_shown(self, local_proxy: LocalProxy) -> None:
        assert local_proxy.api_key.startswith("sk-")
        assert len(local_proxy.api_key) > 40
        assert local_proxy.api_key != LocalProxy().api_key
        for shown in (repr(local_proxy), repr(local_proxy.client()), local_proxy.log):
            assert local_proxy.api_key not in shown
        assert local_proxy.url in repr(local_proxy)

    def test_second_start_changes_nothing(self, local_proxy: LocalProxy) -> None:
        url = local_proxy.url
        assert local_proxy.start() is local_proxy
        assert local_proxy.url == url

    def test_forked_child_uses_but_does_not_stop_proxy(self, local_proxy: LocalProxy) -> None:
        child = os.fork()
        if child == 0:  # pragma: no cover
            try:
                response_status = request_completion(local_proxy, "gpt-4")[0]
                local_proxy.stop()
                os._exit(0 if response_status == 200 else 1)
            finally:
                os._exit(2)
        assert os.waitpid(child, 0)[1] == 0
        assert request_completion(local_proxy, "gpt-4")[0] == 200


@linux
def test_proxy_has_only_given_models_and_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/nowhere")
    monkeypatch.setenv("LITELLM_LOG", "DEBUG")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-developer")
    (tmp_path / "sitecustomize.py").write_text(
        dedent("""
            import sys

            def audit(event, arguments):
                if event in ("socket.connect", "socket.getaddrinfo"):
                    print("NETWORK", event, arguments, flush=True)

            sys.addaudithook(audit)
            print("AUDITED", flush=True)
        """)
    )
    entry = {
        "model_name": "mine",
        "litellm_params": {
            "model": "openai/whatever",
            "api_key": "os.environ/MY_KEY",
            "mock_response": "naïve 🙂",
            "input_cost_per_token": 1e-05,
        },
    }
    proxy = LocalProxy([entry], env={"PYTHONPATH": str(tmp_path), "MY_KEY": "secret-of-the-test"})
    with proxy:
        assert request_completion(proxy, "mine")[1]["choices"][0]["message"]["content"] == "naïve 🙂"
        assert request_completion(proxy, "gpt-4")[0] == 400
        pid, url = proxy.pid, proxy.url
        assert pid is not None
        variables = Path(f"/proc/{pid}/environ").read_text()
        assert "MY_KEY=secret-of-the-test" in variables
        for name in ("DATABASE_URL", "LITELLM_LOG", "OPENAI_API_KEY"):
            assert name not in variables
    assert "AUDITED" in proxy.log
    assert "NETWORK" not in proxy.log
    assert ended_within(5, pid)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), timeout=1)
    proxy.stop()
    with pytest.raises(UsageError, match="not running"):
        _ = proxy.url


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Mapping[str, Any]]:
    """A process that has a proxy, whose process has a child, and a forked child that outlives the process."""
    (tmp_path / "config.yaml").write_text(
        dedent("""
            model_list:
              - model_name: gpt-4
                litellm_params: {model: openai/gpt-4, api_key: unused, mock_response: Hello}
            litellm_settings:
              callbacks: handler.instance
        """)
    )
    (tmp_path / "handler.py").write_text(
        dedent("""
            import subprocess
            from litellm.integrations.custom_logger import CustomLogger

            child = subprocess.Popen(["sleep", "600"])
            print("CHILD", child.pid, flush=True)
            instance = CustomLogger()
        """)
    )
    script = dedent("""
        import json, os, re, sys, time
        from litellm_proxy_client.local import LocalProxy

        proxy = LocalProxy(sys.argv[1]).start()
        fork = os.fork()
        if fork == 0:
            time.sleep(600)
        child = int(re.search(r"CHILD (\\d+)", proxy.log)[1])
        print(json.dumps({"fork": fork, "proxy": proxy.pid, "child": child}), flush=True)
        sys.stdin.read()
    """)
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "config.yaml")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    pids: dict[str, Any] = {}
    try:
        pids = json.loads(parent.stdout.readline())
        assert all(map(alive, pids.values()))
        yield {**pids, "parent": parent}
    finally:
        parent.kill()
        parent.wait()
        parent.stdin.close()
        parent.stdout.close()
        for pid in pids.values():
            if alive(pid):
                os.kill(pid, signal.SIGKILL)


@linux
def test_proxy_ends_when_its_parent_is_killed(processes: Mapping[str, Any]) -> None:
    processes["parent"].kill()
    assert ended_within(10, processes["proxy"], processes["child"])
    assert alive(processes["fork"])


@linux
def test_proxy_ends_when_its_parent_exits(processes: Mapping[str, Any]) -> None:
    processes["parent"].stdin.close()
    assert processes["parent"].wait(10) == 0
    assert ended_within(10, processes["proxy"], processes["child"])


def test_failed_start_raises_error_with_log() -> None:
    key = "sk-1234"
    with pytest.raises(LocalProxyError, match="exited during startup") as caught:
        LocalProxy(api_key=key).start()
    assert "master key" in str(caught.value).lower()


def test_different_master_key_in_config_raises_error() -> None:
    other = "sk-" + "0123456789abcdef" * 3
    proxy = LocalProxy({"model_list": [*MOCK_MODELS], "general_settings": {"master_key": other}})
    with pytest.raises(LocalProxyError, match="rejects the key") as caught:
        proxy.start()
    assert other not in str(caught.value)
    assert proxy.pid is None


def test_proxy_is_stopped_after_startup_timeout() -> None:
    proxy = LocalProxy(startup_timeout=0.3)
    with pytest.raises(LocalProxyError, match=r"did not respond within 0\.3 s"):
        proxy.start()
    assert (proxy.pid, repr(proxy)) == (None, "<LocalProxy not running>")


def test_use_before_start_raises_usage_error() -> None:
    proxy = LocalProxy()
    with pytest.raises(UsageError, match="not running"):
        _ = proxy.url
    for make in (proxy.client, proxy.async_client):
        with pytest.raises(UsageError, match="not running"):
            make()


def test_missing_config_file_raises_usage_error() -> None:
    with pytest.raises(UsageError, match="configuration file does not exist"):
        LocalProxy("nowhere.yaml").start()


def test_config_that_is_not_yaml_raises_usage_error() -> None:
    with pytest.raises(UsageError, match="cannot be written as YAML"):
        LocalProxy({"model_list": object()}).start()


def test_port_in_use_raises_usage_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} cannot be used"):
            LocalProxy(port=port).start()


def test_log_masks_keys() -> None:
    config = {"model_list": [{"model_name": "m", "litellm_params": {"api_key": "azure0123456789"}}]}
    environment = {"AWS_SECRET_ACCESS_KEY": "aws-secret-value", "HOME": "/home/someone"}
    text = (
        "the-master-key azure0123456789 aws-secret-value /home/someone sk-proj-abcdefgh postgresql://user:pass@host/db"
    )
    assert (
        mask_keys(text, "the-master-key", config, environment)
        == "... ... ... /home/someone ... postgresql://...@host/db"
    )


def test_running_the_module_exits_with_error() -> None:
    done = subprocess.run([sys.executable, "-m", "litellm_proxy_client.local"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "do not run it directly" in done.stderr
