"""Run every check and test on a clean checkout: the command in README.md, then the nox sessions that it does not run.

The argument is the folder of the proxy for the live tests, which are skipped if the folder does not exist. Each run has
its own home, database and ports. It stops what it started and removes what it created, even if it fails or is
interrupted.
"""

import contextlib
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIVE_PROXY = Path(sys.argv[1]).resolve()
MINUTES = 40
CLEANUP = 60
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)


def main():
    """Run everything and clean up."""
    for number in SIGNALS:
        signal.signal(number, interrupted)
    signal.alarm(MINUTES * 60)
    os.chdir(ROOT)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("LITELLM_", "LIVE_PROXY_"))
    }
    with tempfile.TemporaryDirectory(prefix="litellm-proxy-client-ci-", ignore_cleanup_errors=True) as folder:
        venv = Path(folder, "venv")
        environment["NOX_ENVDIR"] = str(Path(folder, "nox"))
        command = readme_command().replace(".venv", str(venv))
        run(["bash", "-euo", "pipefail", "-c", command], environment)
        nox = [venv / "bin" / "nox", "-f", "tests/noxfile.py", "-s"]
        run([*nox, "transports", "coverage", "lowest", "pythons"], environment)
        if not LIVE_PROXY.exists():
            say(f"{LIVE_PROXY} does not exist: tests/live/ was not run")
            return
        home = Path(folder, "live-proxy")
        environment |= {"LIVE_PROXY_HOME": str(home), **ports()}
        try:
            printed = run([LIVE_PROXY / "up", "--fresh"], environment, stdout=subprocess.PIPE)
            environment |= dict(re.findall(r"^export (\w+)=(.*)$", printed, re.MULTILINE))
            run([*nox, "live"], environment)
        finally:
            signal.alarm(0)
            run([LIVE_PROXY / "down"], environment)
            remove_database(home)
    say("all passed")


def readme_command():
    """Return the command in README.md that runs the checks and tests."""
    (command,) = re.findall(r"^.*tests/noxfile\.py$", Path("README.md").read_text(), re.MULTILINE)
    return command.strip()


def ports():
    """Return free ports, so that the proxy does not collide with one that is already running."""
    names = ("LIVE_PROXY_PORT", "LIVE_PROXY_PG_PORT", "LIVE_PROXY_PROVIDER_PORT")
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in names]
    try:
        return {name: str(probe.getsockname()[1]) for name, probe in zip(names, sockets, strict=True)}
    finally:
        for probe in sockets:
            probe.close()


def remove_database(home):
    """Remove the database that `up` creates outside its home for root, because PostgreSQL does not run as root."""
    name = "live-proxy-" + hashlib.sha256(str(home).encode()).hexdigest()[:8]
    shutil.rmtree(Path("/var/lib/postgresql", name), ignore_errors=True)


def run(command, environment, **options):
    """Run a command and return its standard output if that is piped; exit if the command fails."""
    command = [str(part) for part in command]
    say(" ".join(command))
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True, text=True, **options
    )
    try:
        printed, _ = process.communicate()
    except BaseException:
        stop(process)
        raise
    if process.returncode:
        sys.exit(f".ci/run: failed with status {process.returncode}: {' '.join(command)}")
    return printed


def stop(process):
    """Interrupt a process and its group, so that they can clean up; kill them if they do not exit in time."""
    for number in (signal.SIGINT, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(CLEANUP)


def interrupted(number, frame):
    """Exit, so that everything is cleaned up; ignore further signals during the cleanup."""
    for each in SIGNALS:
        signal.signal(each, lambda *_: None)
    sys.exit(f".ci/run: {signal.Signals(number).name} after {time.monotonic() - BEGIN:.0f} s")


def say(text):
    """Print a message with the elapsed time."""
    print(f"[{time.monotonic() - BEGIN:4.0f} s] {text}", file=sys.stderr, flush=True)


BEGIN = time.monotonic()

if __name__ == "__main__":
    main()
