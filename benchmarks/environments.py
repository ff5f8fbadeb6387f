"""A virtual environment for each competitor, which contains its requirements and nothing else."""

from __future__ import annotations

import json
import subprocess
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
REQUIREMENTS = {
    "ours": [str(ROOT)],
    "httpx": ["httpx"],
    "aiohttp": ["aiohttp"],
    "openai": ["openai"],
    "openai with aiohttp": ["openai[aiohttp]"],
    "litellm": ["litellm[proxy]"],
}
OF_COMPETITOR = {
    "ours": "ours",
    "ours sync": "ours",
    "ours on httpx": "ours",
    "httpx": "httpx",
    "aiohttp": "aiohttp",
    "openai": "openai",
    "openai sync": "openai",
    "openai on aiohttp": "openai with aiohttp",
    "litellm": "litellm",
    "litellm client": "litellm",
}
# The contents of a new virtual environment, which are not part of the competitor.
PREINSTALLED = ("pip", "setuptools", "pkg_resources", "_distutils_hack", "distutils-precedence.pth", "__pycache__")

_DESCRIBE_ENVIRONMENT = """
import importlib.metadata, json, platform, sysconfig
packages = {found.metadata["Name"]: found.version for found in importlib.metadata.distributions()}
print(json.dumps([platform.python_version(), sysconfig.get_path("purelib"), packages]))
"""


@dataclass(frozen=True)
class Environment:
    """A Python interpreter with the packages that a competitor needs."""

    python: Path
    version: str
    packages: dict[str, str]
    library: Path

    def size(self) -> int:
        """Return the disk space of the competitor with its dependencies: bytes in whole blocks, including byte code."""
        installed = [path for path in self.library.iterdir() if not path.name.startswith(PREINSTALLED)]
        files = [file for path in installed for file in (path.rglob("*") if path.is_dir() else [path])]
        return sum(file.stat().st_blocks * 512 for file in files if file.is_file())


def existing(python: Path) -> Environment:
    """Return the environment of an existing interpreter."""
    command = [str(python), "-E", "-s", "-c", _DESCRIBE_ENVIRONMENT]
    version, library, packages = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return Environment(python, version, packages, Path(library))


def prepare(name: str, folder: Path) -> Environment:
    """Create an environment, or reuse that of an earlier run; this project is always reinstalled.

    Raises:
        subprocess.CalledProcessError: A requirement cannot be installed; the error contains pip's output.
    """
    path = folder / name.replace(" ", "-")
    python = path / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    requirements = REQUIREMENTS[name]
    marker = path / "complete"
    if not marker.exists():
        venv.create(path, clear=True, with_pip=True)
    if not marker.exists() or str(ROOT) in requirements:
        subprocess.run([*pip, *requirements], check=True, stderr=subprocess.PIPE, text=True)
    marker.touch()
    return existing(python)
