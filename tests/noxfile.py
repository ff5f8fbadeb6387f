"""The checks and tests that contributors and CI run: `nox -f tests/noxfile.py`.

`--list` shows all sessions, `-s NAME` runs one. Arguments after `--` go to pytest:
`nox -f tests/noxfile.py -s tests -- tests/test_keys.py -k generate`.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import nox
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")

nox.needs_version = ">=2025.11.12"
nox.options.sessions = ["lint", "typing", "tests", "docs"]
nox.options.envdir = os.environ.get("NOX_ENVDIR") or ROOT / ".nox"
# nox makes a missing interpreter an error where the variable CI is set.
nox.options.error_on_missing_interpreters = False
nox.options.download_python = "never"

# Tests that run on both transports in any case.
CHOOSE_TRANSPORT = ("matrix", "security", "time")
# Other tests that need no second run on httpx's transport: most send nothing.
NOT_ON_HTTPX = (
    "benchmarks",
    "codegen",
    "language",
    "layers",
    "load",
    "packaging",
    "private_names",
    "properties",
    "public_names",
    "typing",
)
# Tests that need LiteLLM, a linter, a type checker or a build, and one that only reads text.
NEED_MORE = ("benchmarks", "codegen", "demo", "docs", "language", "local", "packaging", "typing")
# Long tests of what hardly depends on the version of Python.
NOT_ON_EACH_PYTHON = ("contract", "load", "matrix", "properties")
COVERAGE = ("--cov", "--cov-report=", "--cov-fail-under=0")
# Seconds for tests to stop the proxies that they started, after Ctrl-C.
CLEANUP = 60


def install(session: nox.Session, project: str, *groups: str) -> None:
    """Install the project, editable, and groups of dependencies."""
    session.install("-e", project, *nox.project.dependency_groups(PYPROJECT, *groups))


def files(*names: str) -> list[str]:
    """Return the paths of test files."""
    paths = [f"tests/test_{name}.py" for name in names]
    missing = [path for path in paths if not Path(path).exists()]
    if missing:
        raise FileNotFoundError(f"the noxfile names {', '.join(missing)}")
    return paths


def without(*names: str) -> list[str]:
    """Return the options of pytest that leave out test files."""
    return [f"--ignore={path}" for path in files(*names)]


def run_pytest(session: nox.Session, *arguments: str, **variables: str) -> None:
    """Run pytest on all cores, without the developer's own proxy."""
    environment = {name: None for name in os.environ if name.startswith("LITELLM_")} | variables
    command = ["python", "-m", "pytest", "-n", "auto", "--dist", "loadgroup", *arguments, *session.posargs]
    session.run(*command, env=environment, interrupt_timeout=CLEANUP)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format and spelling, and that the generated code is up to date."""
    session.chdir(ROOT)
    session.install(*nox.project.dependency_groups(PYPROJECT, "lint"))
    session.run("ruff", "check", ".", ".ci/run.py")
    session.run("ruff", "format", "--check", ".", ".ci/run.py")
    session.run("codespell")
    session.run("python", "-m", "litellm_proxy_client._codegen.generate", "--check")


@nox.session
def typing(session: nox.Session) -> None:
    """Check types with mypy and pyright, both strict, and that the public types are complete."""
    session.chdir(ROOT)
    # The checkers follow the imports of the tests, of this file and of docs/.
    install(session, ".", "dev")
    # pyright would look for a newer release of itself.
    environment = {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    session.run("mypy")
    session.run("pyright", env=environment)
    session.run("pyright", "--verifytypes", "litellm_proxy_client", "--ignoreexternal", env=environment)


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests but those of tests/live/."""
    session.chdir(ROOT)
    install(session, ".[local]", "dev")
    run_pytest(session)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation site in docs/_build/html, with warnings as errors, and check its pages."""
    session.chdir(ROOT)
    install(session, ".", "test", "docs")
    session.run("python", "-m", "pytest", "-m", "docs", "tests/test_site.py", *session.posargs)


@nox.session
def transports(session: nox.Session) -> None:
    """Run the tests that depend on the transport on httpx's own, and record their branch coverage."""
    session.chdir(ROOT)
    install(session, ".[local]", "test", "coverage")
    run_pytest(session, *without(*NOT_ON_HTTPX, *CHOOSE_TRANSPORT), *COVERAGE, LITELLM_PROXY_TRANSPORT="httpx")


@nox.session(requires=["transports"])
def coverage(session: nox.Session) -> None:
    """Add the tests that choose each transport themselves to the coverage of `transports`, and check the total."""
    session.chdir(ROOT)
    install(session, ".", "test", "coverage")
    run_pytest(session, *files(*CHOOSE_TRANSPORT), *COVERAGE, "--cov-append")
    session.run("coverage", "report")


@nox.session
def lowest(session: nox.Session) -> None:
    """Run the tests with the lowest supported versions of the dependencies."""
    session.chdir(ROOT)
    required = [Requirement(line) for line in PYPROJECT["project"]["dependencies"]]
    versions = [f"{each.name}=={part.version}" for each in required for part in each.specifier if part.operator == ">="]
    session.install(*versions, *nox.project.dependency_groups(PYPROJECT, "test"))
    run_pytest(session, *without(*NEED_MORE))


def newest(version: str) -> str:
    """Return the newest CPython of a minor version below pyenv's root, or how nox finds one on PATH.

    pyenv's own command on PATH starts only if pyenv is set to that version.
    """
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv", "versions")
    found = [path for path in versions.glob(f"{version}.*") if re.fullmatch(r"3\.\d+\.\d+", path.name)]
    if not found:
        return f"cpython{version}"
    return str(max(found, key=lambda path: int(path.name.rpartition(".")[2])) / "bin" / f"python{version}")


@nox.session(python=[newest(f"3.{minor}") for minor in range(10, 15)])
def pythons(session: nox.Session) -> None:
    """Run most tests on every CPython from 3.10 to 3.14 that this machine has."""
    session.chdir(ROOT)
    install(session, ".", "test")
    run_pytest(session, *without(*NEED_MORE, *NOT_ON_EACH_PYTHON))


@nox.session
def live(session: nox.Session) -> None:
    """Run tests/live/ on the proxy at LITELLM_PROXY_URL; a test that is skipped has failed."""
    session.chdir(ROOT)
    install(session, ".", "test")
    command = ["python", "-m", "pytest", "-m", "live", "-p", "tests.no_skips", *(session.posargs or ["tests/live"])]
    session.run(*command, interrupt_timeout=CLEANUP)


@nox.session(venv_backend="none")
def dev(session: nox.Session) -> None:
    """Install what all sessions need, but for `coverage`, into the environment that nox itself runs in."""
    session.chdir(ROOT)
    groups = nox.project.dependency_groups(PYPROJECT, "dev")
    session.run(sys.executable, "-m", "pip", "install", "-q", "-e", ".[local]", *groups)
