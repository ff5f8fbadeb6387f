"""One virtual environment for what each competitor needs, and nothing else in it."""

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
# What a virtual environment has from the start; that is not the competitor's.
NOT_COUNTED = ("pip", "setuptools", "pkg_resources", "_distutils_hack", "distutils-precedence.pth", "__pycache__")

_DESCRIBE = """
import importlib.metadata, json, platform, sysconfig
packages = {found.metadata["Name"]: found.version for found in importlib.metadata.distributions()}
print(json.dumps([platform.python_version(), sysconfig.get_path("purelib"), packages]))
"""


@dataclass(frozen=True)
class Environment:
    """A Python that has what a competitor needs."""

    python: Path
    version: str
    packages: dict[str, str]
    library: Path

    def size(self) -> int:
        """Bytes that the competitor with all that it needs takes on the disk, in whole blocks, byte code included."""
        counted = [path for path in self.library.iterdir() if not path.name.startswith(NOT_COUNTED)]
        files = [file for path in counted for file in (path.rglob("*") if path.is_dir() else [path])]
        return sum(file.stat().st_blocks * 512 for file in files if file.is_file())


def existing(python: Path) -> Environment:
    """The environment of an interpreter that is there already."""
    command = [str(python), "-E", "-s", "-c", _DESCRIBE]
    version, library, packages = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return Environment(python, version, packages, Path(library))


def prepare(name: str, folder: Path) -> Environment:
    """Make an environment, or use the one that an earlier run has made; this project is installed anew.

    Raises:
        subprocess.CalledProcessError: Something cannot be installed; the error has pip's output.
    """
    place = folder / name.replace(" ", "-")
    python = place / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    requirements = REQUIREMENTS[name]
    made = place / "complete"
    if not made.exists():
        venv.create(place, clear=True, with_pip=True)
    if not made.exists() or str(ROOT) in requirements:
        subprocess.run([*pip, *requirements], check=True, stderr=subprocess.PIPE, text=True)
    made.touch()
    return existing(python)
