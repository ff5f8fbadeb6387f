"""The built wheel, installed alone in a new environment."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, check: bool = True, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={name: value for name, value in os.environ.items() if not name.startswith("LITELLM_")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel, what it requires, and nothing else."""
    folder = tmp_path_factory.mktemp("venv")
    run(sys.executable, "-m", "venv", folder)
    python = folder / "bin" / "python"
    run(python, "-m", "pip", "install", "-q", wheel)
    return python


def test_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    code = {name for name in names if ".dist-info/" not in name}
    sources = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "litellm_proxy_client").rglob("*")
        if path.is_file() and path.suffix in (".py", ".typed") and path.parent.name != "_codegen"
    }
    assert code == sources
    assert "litellm_proxy_client/py.typed" in code
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_wheel_describes_itself(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(name).decode())
    assert metadata["Name"] == "litellm-proxy-client"
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Description-Content-Type"] == "text/markdown"
    required = {line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line}
    assert {re.split(r"[^\w-]", line)[0] for line in required} == {"aiohttp", "anyio", "httpcore", "httpx", "pydantic"}
    assert metadata.get_all("Provides-Extra") == ["local"]


def test_installed_alone_it_completes(python: Path, tmp_path: Path) -> None:
    """With both clients, against a stub on loopback."""
    script = dedent("""
        import asyncio, json, sys, threading
        from http.server import BaseHTTPRequestHandler, HTTPServer

        class Stub(BaseHTTPRequestHandler):
            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                message = {"role": "assistant", "content": asked["messages"][0]["content"].upper()}
                choice = {"index": 0, "finish_reason": "stop", "message": message}
                answer = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        server = HTTPServer(("127.0.0.1", 0), Stub)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"

        from litellm_proxy_client import AsyncClient, Client, __version__

        async def ask():
            async with AsyncClient(url, "sk-1") as client:
                return await client.chat.completions.create(model="m", messages=[{"role": "user", "content": "async"}])

        sync = Client(url, "sk-1").chat.completions.create(model="m", messages=[{"role": "user", "content": "sync"}])
        answers = [answer.choices[0].message.content for answer in (sync, asyncio.run(ask()))]
        foreign = [name for name in ("litellm", "openai", "pytest", "tests") if name in sys.modules]
        print(json.dumps({"answers": answers, "foreign": foreign, "version": __version__}))
    """)
    done = run(python, "-W", "error", "-c", script, cwd=tmp_path)
    assert done.stderr == ""
    printed = json.loads(done.stdout)
    assert printed == {"answers": ["SYNC", "ASYNC"], "foreign": [], "version": printed["version"]}
    assert run(python, "-m", "pip", "show", "litellm-proxy-client").stdout.splitlines()[1].endswith(printed["version"])


def test_without_the_extra_the_demo_says_what_to_install(python: Path, tmp_path: Path) -> None:
    done = run(python, "-m", "litellm_proxy_client", "demo", cwd=tmp_path, check=False)
    assert done.returncode == 1
    assert "pip install 'litellm-proxy-client[local]'" in done.stderr
    assert "Traceback" not in done.stderr
