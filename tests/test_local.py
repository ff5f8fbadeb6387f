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


def ask(proxy: LocalProxy, model: str, key: str | None = None) -> tuple[int, Any]:
    """A completion without this project's clients: status and body."""
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
    """Whether a process runs; one that nobody has waited for is dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def gone_within(seconds: float, *pids: int) -> bool:
    deadline = time.monotonic() + seconds
    while any(map(alive, pids)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


class TestShared:
    """What the one proxy of the whole test run shows."""

    def test_both_clients_get_an_answer(self, local_proxy: LocalProxy) -> None:
        with local_proxy.client() as client:
            assert type(client) is Client
            response = client.chat.completions.create(model="gpt-4", messages=[{"role": "user", "content": "Hello"}])
        assert response.choices[0].message.content == "Hello from gpt-4."
        assert response.proxy is not None
        assert response.proxy.cost is not None
        assert response.proxy.cost > 0

    async def test_and_the_async_one(self, local_proxy: LocalProxy) -> None:
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
    def test_built_in_models_do_as_documented(
        self, local_proxy: LocalProxy, model: str, status: int, text: str
    ) -> None:
        assert model in {entry["model_name"] for entry in MOCK_MODELS}
        begin = time.monotonic()
        answered, body = ask(local_proxy, model)
        assert (answered, text in json.dumps(body)) == (status, True)
        assert (time.monotonic() - begin >= 3) == (model == "mock-slow")

    def test_only_the_key_opens_it(self, local_proxy: LocalProxy) -> None:
        assert ask(local_proxy, "gpt-4", "sk-another-key")[0] in (400, 401)

    @linux
    def test_listens_on_one_address_only(self, local_proxy: LocalProxy) -> None:
        parts = urlsplit(local_proxy.url)
        assert parts.hostname == "127.0.0.1"
        with pytest.raises(ConnectionRefusedError):
            # Linux takes all of 127.0.0.0/8 for its own, so a proxy that listens everywhere would answer here.
            socket.create_connection(("127.0.0.2", parts.port or 0), timeout=1)

    def test_keys_are_strong_and_never_shown(self, local_proxy: LocalProxy) -> None:
        assert local_proxy.api_key.startswith("sk-")
        assert len(local_proxy.api_key) > 40
        assert local_proxy.api_key != LocalProxy().api_key
        for shown in (repr(local_proxy), repr(local_proxy.client()), local_proxy.log):
            assert local_proxy.api_key not in shown
        assert local_proxy.url in repr(local_proxy)

    def test_a_second_start_changes_nothing(self, local_proxy: LocalProxy) -> None:
        url = local_proxy.url
        assert local_proxy.start() is local_proxy
        assert local_proxy.url == url

    def test_a_forked_child_uses_it_and_does_not_stop_it(self, local_proxy: LocalProxy) -> None:
        child = os.fork()
        if child == 0:  # pragma: no cover
            try:
                answered = ask(local_proxy, "gpt-4")[0]
                local_proxy.stop()
                os._exit(0 if answered == 200 else 1)
            finally:
                os._exit(2)
        assert os.waitpid(child, 0)[1] == 0
        assert ask(local_proxy, "gpt-4")[0] == 200


@linux
def test_own_models_and_environment_and_nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
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
    proxy = LocalProxy([entry], env={"PYTHONPATH": str(tmp_path), "MY_KEY": "a-secret-of-mine"})
    with proxy:
        assert ask(proxy, "mine")[1]["choices"][0]["message"]["content"] == "naïve 🙂"
        assert ask(proxy, "gpt-4")[0] == 400
        pid, url = proxy.pid, proxy.url
        assert pid is not None
        variables = Path(f"/proc/{pid}/environ").read_text()
        assert "MY_KEY=a-secret-of-mine" in variables
        for name in ("DATABASE_URL", "LITELLM_LOG", "OPENAI_API_KEY"):
            assert name not in variables
    assert "AUDITED" in proxy.log
    assert "NETWORK" not in proxy.log
    assert gone_within(5, pid)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), timeout=1)
    proxy.stop()
    with pytest.raises(UsageError, match="not running"):
        _ = proxy.url


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Mapping[str, Any]]:
    """A process with a proxy, which has a child of its own, and with a forked child that outlives the process."""
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
def test_a_killed_process_takes_its_proxy_along(family: Mapping[str, Any]) -> None:
    family["parent"].kill()
    assert gone_within(10, family["proxy"], family["child"])
    assert alive(family["fork"])


@linux
def test_a_process_that_just_ends_takes_its_proxy_along(family: Mapping[str, Any]) -> None:
    family["parent"].stdin.close()
    assert family["parent"].wait(10) == 0
    assert gone_within(10, family["proxy"], family["child"])


def test_a_proxy_that_ends_while_it_starts_is_an_error_with_its_log() -> None:
    key = "sk-1234"
    with pytest.raises(LocalProxyError, match="exited during startup") as caught:
        LocalProxy(api_key=key).start()
    assert "master key" in str(caught.value).lower()


def test_another_master_key_in_the_configuration_is_an_error() -> None:
    other = "sk-" + "0123456789abcdef" * 3
    proxy = LocalProxy({"model_list": [*MOCK_MODELS], "general_settings": {"master_key": other}})
    with pytest.raises(LocalProxyError, match="rejects the key") as caught:
        proxy.start()
    assert other not in str(caught.value)
    assert proxy.pid is None


def test_a_proxy_that_is_not_ready_in_time_is_stopped() -> None:
    proxy = LocalProxy(startup_timeout=0.3)
    with pytest.raises(LocalProxyError, match=r"did not respond within 0\.3 s"):
        proxy.start()
    assert (proxy.pid, repr(proxy)) == (None, "<LocalProxy not running>")


def test_it_must_run_to_be_used() -> None:
    proxy = LocalProxy()
    with pytest.raises(UsageError, match="not running"):
        _ = proxy.url
    for make in (proxy.client, proxy.async_client):
        with pytest.raises(UsageError, match="not running"):
            make()


def test_a_missing_file_is_refused() -> None:
    with pytest.raises(UsageError, match="no configuration file"):
        LocalProxy("nowhere.yaml").start()


def test_a_configuration_that_is_no_yaml_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be written as YAML"):
        LocalProxy({"model_list": object()}).start()


def test_a_port_in_use_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} cannot be used"):
            LocalProxy(port=port).start()


def test_the_log_masks_keys() -> None:
    config = {"model_list": [{"model_name": "m", "litellm_params": {"api_key": "azure0123456789"}}]}
    environment = {"AWS_SECRET_ACCESS_KEY": "aws-secret-value", "HOME": "/home/someone"}
    text = (
        "the-master-key azure0123456789 aws-secret-value /home/someone sk-proj-abcdefgh postgresql://user:pass@host/db"
    )
    assert (
        mask_keys(text, "the-master-key", config, environment)
        == "... ... ... /home/someone ... postgresql://...@host/db"
    )


def test_the_child_is_not_for_use_by_hand() -> None:
    done = subprocess.run([sys.executable, "-m", "litellm_proxy_client.local"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "do not run it directly" in done.stderr
