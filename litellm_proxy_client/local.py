"""A real LiteLLM proxy as a child process, for demos and for tests.

    with LocalProxy() as proxy:
        client = proxy.client()

It needs the extra `local` (`pip install 'litellm-proxy-client[local]'`) and a POSIX system, but no database, provider
or network. `python -m litellm_proxy_client.local` is the child process; do not run it directly.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import weakref
from collections.abc import Generator, Iterator, Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, TypeAlias, cast

from .exceptions import LiteLLMProxyError, UsageError

if TYPE_CHECKING:
    from .client import AsyncClient, Client

__all__ = ["MOCK_MODELS", "LocalProxy", "LocalProxyError"]

Config: TypeAlias = "str | os.PathLike[str] | Mapping[str, object] | Sequence[Mapping[str, object]]"

HOST = "127.0.0.1"
STOP_TIMEOUT = 5.0
LOG_SIZE = 100_000

LONG_RESPONSE = " ".join(
    f"This is sentence {number} of a long answer, which is there to be streamed in many small chunks."
    for number in range(1, 13)
)
_TOOL_CALL = {
    "id": "call_mock_1",
    "type": "function",
    "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'},
}


def _mock_model(name: str, model: str = "openai/gpt-4o", **behaviour: object) -> Mapping[str, object]:
    prices = {"input_cost_per_token": 0.00001, "output_cost_per_token": 0.00002}
    response = {"mock_response": f"Hello from {name}."}
    return {
        "model_name": name,
        "litellm_params": {"model": model, "api_key": "unused", **prices, **response, **behaviour},
        "model_info": {"id": f"{name}-1"},
    }


MOCK_MODELS: Sequence[Mapping[str, object]] = (
    _mock_model("gpt-4", "openai/gpt-4"),
    _mock_model("gpt-3.5-turbo", "openai/gpt-3.5-turbo"),
    _mock_model("mock-long", mock_response=LONG_RESPONSE),
    _mock_model("mock-slow", mock_delay=3),
    _mock_model("mock-tool-call", mock_tool_calls=[_TOOL_CALL]),
    _mock_model("mock-rate-limit", mock_response="litellm.RateLimitError"),
    _mock_model("mock-server-error", mock_response="litellm.InternalServerError"),
    _mock_model("mock-context-window", mock_response="litellm.ContextWindowExceededError"),
)
"""The models of a `LocalProxy` without a configuration.

The proxy itself responds for them, at a cost of 0.00001 USD per prompt token and 0.00002 USD per completion token:
`gpt-4` and `gpt-3.5-turbo` with a sentence, `mock-long` with about 1,000 characters, `mock-slow` after three seconds,
`mock-tool-call` with a call of the tool `get_weather`, and `mock-rate-limit`, `mock-server-error` and
`mock-context-window` with the error of that name.
"""

# Inherit only the machine's settings: DATABASE_URL, REDIS_HOST, LITELLM_* and others would configure the proxy.
INHERITED_VARIABLES = {
    *("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH"),
    *("SSL_CERT_DIR", "SSL_CERT_FILE", "TEMP", "TMP", "TMPDIR", "TZ"),
}

# Without these, LiteLLM downloads prices, headers and news from GitHub, and reads a `.env` file above its own folder.
OFFLINE_VARIABLES = {
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_LOCAL_AUTOROUTER_PRESETS": "True",
    "LITELLM_LOCAL_BLOG_POSTS": "True",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_POLICY_TEMPLATES": "True",
    "LITELLM_MODE": "PRODUCTION",
    "PYTHONSAFEPATH": "1",
    "PYTHONUNBUFFERED": "1",
}


class LocalProxyError(LiteLLMProxyError):
    """The proxy did not start; the message ends with its log, with keys masked."""


class LocalProxy:
    """A real LiteLLM proxy on a free port of the loopback interface.

    Use it as a context manager, or call `start()` and `stop()`. Starting takes about ten seconds and blocks: in async
    code, start it before the event loop, or with `await asyncio.to_thread(proxy.start)`. The proxy stops together with
    the process that started it, however that process ends. It sends no network requests of its own and has no database,
    so administration routes that need one (keys, users, teams) fail as on any proxy without a database.

    The proxy inherits only the machine's settings (`PATH`, `HOME`, `LANG`, `TMPDIR`, ...) from this process's
    environment, and reads no `.env` file. Pass other variables, such as a provider's key, as `env`.

    Args:
        config: The path of a LiteLLM configuration file, a configuration as a mapping, or only its model entries
            (`{"model_name": ..., "litellm_params": {...}}`). Default: `MOCK_MODELS`. With only entries, the proxy
            neither retries nor cools down a failing model, and drops parameters that a model does not support.
        api_key: The master key. Default: a new random key. If the configuration sets `general_settings.master_key`,
            pass the same key here.
        port: The port; 0, the default, selects a free one.
        env: Environment variables for the proxy, which extend or override its own.
        startup_timeout: Maximum number of seconds until the proxy responds. Default: 120.
    """

    def __init__(
        self,
        config: Config | None = None,
        *,
        api_key: str | None = None,
        port: int = 0,
        env: Mapping[str, str] | None = None,
        startup_timeout: float = 120.0,
    ) -> None:
        self.api_key: str = api_key or f"sk-{secrets.token_hex(24)}"
        self.startup_timeout = startup_timeout
        self._config = config
        self._port = port
        self._env = dict(env or {})
        self._url: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: str | None = None
        self._owner_pid = 0
        self._output: IO[bytes] | None = None
        self._log = ""

    def __repr__(self) -> str:
        return f"<LocalProxy {self._url or 'not running'}>"

    def __enter__(self) -> LocalProxy:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The proxy's address, such as `http://127.0.0.1:54321`."""
        if self._url is None:
            raise UsageError("this LocalProxy is not running: use it in a `with` statement, or call start()")
        return self._url

    @property
    def pid(self) -> int | None:
        """The id of the proxy's process, which leads a process group of its own; `None` if it is not running."""
        return None if self._process is None else self._process.pid

    @property
    def log(self) -> str:
        """The last 100,000 bytes of the proxy's output, with keys masked. It can still be read after `stop`."""
        if self._output is None:
            return self._log
        file = self._output.fileno()
        # The child shares this file's position, at which it writes: pread does not move it, as seek and read would.
        output = os.pread(file, LOG_SIZE, max(0, os.fstat(file).st_size - LOG_SIZE))
        return mask_keys(output.decode(errors="replace"), self.api_key, self._env, self._config)

    def client(self) -> Client:
        """Create a client of this proxy."""
        from .client import Client

        return Client(base_url=self.url, api_key=self.api_key)

    def async_client(self) -> AsyncClient:
        """Create an async client of this proxy."""
        from .client import AsyncClient

        return AsyncClient(base_url=self.url, api_key=self.api_key)

    def start(self) -> LocalProxy:
        """Start the proxy and wait until it responds; do nothing if it is running already.

        Raises:
            UsageError: The extra `local` is not installed, or the configuration cannot be written as YAML.
            LocalProxyError: The proxy exited, rejected the key, or did not respond within `startup_timeout`.
        """
        if self._process is not None and self._process.poll() is None:
            return self
        self.stop()
        if not (find_spec("litellm") and find_spec("uvicorn") and find_spec("fastapi")):
            raise UsageError("LocalProxy needs LiteLLM: pip install 'litellm-proxy-client[local]'")
        deadline = time.monotonic() + self.startup_timeout
        try:
            with _reserved_port(self._port) as port:
                self._spawn(port)
                while not self._is_ready(port):
                    if time.monotonic() > deadline:
                        raise self._error(f"the proxy did not respond within {self.startup_timeout:g} s")
                    time.sleep(0.1)
        except BaseException:
            self.stop()
            raise
        self._url = f"http://{HOST}:{port}"
        return self

    def stop(self) -> None:
        """Stop the proxy and its child processes; do nothing if it is not running."""
        process, self._process, self._url = self._process, None, None
        try:
            if process is not None:
                _stop_process(process)
        finally:
            if self._output is not None:
                self._log = self.log
                self._output.close()
                self._output = None
            # In a forked child, the folder is still in use by the parent's proxy.
            if self._folder is not None and self._owner_pid == os.getpid():
                shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _spawn(self, port: int) -> None:
        environment = {name: value for name, value in os.environ.items() if name in INHERITED_VARIABLES}
        environment |= OFFLINE_VARIABLES | self._env | {"LITELLM_MASTER_KEY": self.api_key}
        self._output = tempfile.TemporaryFile("w+b")  # noqa: SIM115 (`stop` closes it)
        config = self._config_file()
        arguments = ["--config", config, "--host", HOST, "--port", str(port), "--num_workers", "1"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "litellm_proxy_client.local", self._folder or "", *arguments],
            env=environment,
            stdin=subprocess.PIPE,  # the system closes it when this process ends, however it ends: the child then exits
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a process group of its own, which can be killed as a whole
            bufsize=0,
        )
        _children.add(self._process)

    def _config_file(self) -> str:
        config = MOCK_MODELS if self._config is None else self._config
        if isinstance(config, str | os.PathLike):
            if not Path(config).is_file():
                raise UsageError(f"the configuration file does not exist: {os.fspath(config)!r}")
            return os.path.abspath(config)
        if not isinstance(config, Mapping):
            config = {
                "model_list": list(config),
                "router_settings": {"num_retries": 0, "disable_cooldowns": True},
                "litellm_settings": {"drop_params": True},
            }
        # Not JSON: LiteLLM reads YAML 1.1, in which 1e-05 is a string, so a small price would not be a number.
        yaml = importlib.import_module("yaml")
        try:
            text: str = yaml.safe_dump(dict(config), sort_keys=False)
        except yaml.YAMLError as error:
            raise UsageError(f"the configuration cannot be written as YAML: {error}") from None
        self._folder, self._owner_pid = tempfile.mkdtemp(prefix="litellm-proxy-client-"), os.getpid()
        file = Path(self._folder, "config.yaml")
        file.write_text(text, encoding="utf-8")
        return str(file)

    def _is_ready(self, port: int) -> bool:
        assert self._process is not None
        connection = HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/v1/models", headers={"Authorization": f"Bearer {self.api_key}"})
            status = connection.getresponse().status
        except (OSError, HTTPException):
            status = None
        finally:
            connection.close()
        if self._process.poll() is not None:
            raise self._error("the proxy exited during startup")
        if status in (400, 401, 403):
            raise self._error("the proxy rejects the key: pass `general_settings.master_key` as `api_key` too")
        return status == 200

    def _error(self, message: str) -> LocalProxyError:
        lines = self.log.strip().splitlines()
        return LocalProxyError("\n".join([f"{message}; its log ends with", *lines[-20:]]) if lines else message)


def mask_keys(text: str, key: str, *settings: object) -> str:
    """Replace a key, the secrets in settings, any text that looks like a key, and passwords in URLs by `...`."""
    # A shorter secret may be an ordinary word, and replacing that would make the log unreadable.
    for secret in {key, *_secrets_in(settings)}:
        if len(secret) >= 8:
            text = text.replace(secret, "...")
    return re.sub(r"\bsk-[\w-]{8,}|(?<=://)[^/\s@]+:[^/\s@]+(?=@)", "...", text)


@contextlib.contextmanager
def _reserved_port(requested: int) -> Generator[int, None, None]:
    """Yield a port that no other process gets until the child listens on it, several seconds later."""
    with socket.socket() as reservation:
        # With SO_REUSEADDR, Linux lets the child bind to the port of a socket that is bound but does not listen.
        reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            reservation.bind((HOST, requested))
        except OSError as error:
            raise UsageError(f"port {requested} cannot be used: {error.strerror}") from None
        port: int = reservation.getsockname()[1]
        if sys.platform != "linux":  # other systems refuse the second bind
            reservation.close()
        yield port


def _secrets_in(value: object, name: str = "") -> Iterator[str]:
    """Yield the strings of a configuration whose names indicate secrets."""
    if isinstance(value, Mapping):
        for key, item in cast("Mapping[object, object]", value).items():
            yield from _secrets_in(item, str(key))
    elif isinstance(value, str):
        if re.search("key|token|secret|password|credential", name, re.IGNORECASE):
            yield value
    elif isinstance(value, Sequence):
        for item in cast("Sequence[object]", value):
            yield from _secrets_in(item, name)


def _stop_process(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    try:
        process.terminate()
        process.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        pass
    finally:
        process.stdin.close()
        if process.poll() is None:  # not yet reaped, so the system cannot have given its id to another process
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


_children: weakref.WeakSet[subprocess.Popen[bytes]] = weakref.WeakSet()


def _disown_children() -> None:
    """Make a forked child forget the proxies, which belong to its parent."""
    for process in _children:
        assert process.stdin is not None
        # A proxy runs until all copies of its pipe are closed: this copy would keep it alive after the parent exits.
        process.stdin.close()
        # With a return code, Popen regards the process as ended: it neither waits for it nor signals it.
        process.returncode = 0


os.register_at_fork(after_in_child=_disown_children)


# --- the child process -------------------------------------------------------------------


def _kill_group(folder: str) -> None:
    """Kill this process and all that it started, after deleting the configuration in `folder`."""
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _exit_with_parent(folder: str) -> None:
    """Wait for the end of standard input, which is the end of the parent process, and exit."""
    while os.read(0, 1):
        pass
    _kill_group(folder)


def _exit(number: int, frame: object) -> None:
    raise SystemExit


def _serve(folder: str, arguments: Sequence[str]) -> None:
    threading.Thread(target=_exit_with_parent, args=(folder,), daemon=True).start()
    signal.signal(signal.SIGTERM, _exit)
    try:
        litellm: Any = importlib.import_module("litellm")
        litellm.disable_hf_tokenizer_download = True
        importlib.import_module("litellm.proxy.proxy_cli").run_server(arguments)
    except SystemExit:
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        _kill_group(folder)


if __name__ == "__main__":
    if len(sys.argv) < 2 or os.getpgrp() != os.getpid():
        sys.exit("LocalProxy starts this module as its child process: do not run it directly")
    _serve(sys.argv[1], sys.argv[2:])
