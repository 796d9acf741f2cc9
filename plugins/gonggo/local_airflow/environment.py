"""The environment of Airflow's processes on one machine: loopback addresses, and secrets that are generated once."""

from __future__ import annotations

import errno
import json
import os
import secrets
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from gonggo.checkout import checkout
from gonggo.crawl.run_files import read_json, write_json
from gonggo.errors import GonggoError, UsageError
from gonggo.settings import Settings

USER = "admin"
# Locks of the ports that this process has reserved for its child processes.
_PORT_LOCKS: list[FileLock] = []


def free_port(preferred: int) -> int:
    """Reserve a port: ``preferred`` if it is free and no other run of this user has reserved it, else any free one.

    The port stays reserved until this process ends, because the program that will listen there takes a while to start.

    Raises:
        OSError: No port is free.
    """
    for candidate in (preferred, *([0] * 20)):
        port = _unused(candidate)
        if port is None:
            continue
        lock = FileLock(Path(tempfile.gettempdir()) / f"gonggo-{os.getuid()}-port-{port}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        _PORT_LOCKS.append(lock)
        return port
    raise OSError("no free port on 127.0.0.1")


class HomeInUseError(GonggoError):
    """Another process runs Airflow for the home; ``url`` is the address of its API server if it can be shared."""

    def __init__(self, message: str, command: str, pid: int | None, url: str | None) -> None:
        super().__init__(message)
        self.command, self.pid, self.url = command, pid, url


@contextmanager
def exclusive(settings: Settings, command: str, url: str | None = None) -> Iterator[None]:
    """Hold the lock on the Airflow of a home; a second process would end the programs of the first as leftovers.

    The lock ends with the process, even if it is killed.

    Args:
        settings: Where the home is.
        command: What runs, as the error message of a second process names it.
        url: The address of Airflow's API server, if other processes may use it.

    Raises:
        HomeInUseError: Another process holds the lock; the message names it.
    """
    folder = settings.home / "airflow"
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / "running.json"
    lock = FileLock(folder / "running.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        other = read_json(note)
        running, pid = other.get("command", "make up or make run"), other.get("pid")
        raise HomeInUseError(
            f"{running} (process {pid or 'unknown'}) is already running for {settings.home}. Wait for its end, stop it "
            "with Ctrl-C, or use another home: GONGGO_HOME=DIR.",
            running,
            pid,
            other.get("url"),
        ) from None
    try:
        write_json(note, {"command": command, "pid": os.getpid(), "url": url})
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def require_free_address(host: str, port: int, option: str) -> None:
    """Check that a server can listen on an address.

    Raises:
        UsageError: The address is in use or not one of this machine; the message names the option and a free port.
    """
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EACCES):
            free = next((other for other in range(max(port, 1024) + 1, 65536) if _unused(other)), 8090)
            raise UsageError(f"Port {port} is taken or not yours to take. Use another: {option} {free}") from error
        raise UsageError(f"{host} is no address of this machine ({error}). Use --host 127.0.0.1.") from error


def _unused(port: int) -> int | None:
    """Return the port if nothing listens on it, any free port for 0, and None if it is in use."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return None
        return int(probe.getsockname()[1])


def with_portal(settings: Settings, say: Callable[[str], object]) -> Settings:
    """Return the settings with a free port for the demo portal; unchanged if there is no portal."""
    if not settings.demo_url:
        return settings
    preferred = settings.demo_url.rpartition(":")[2]
    port = free_port(int(preferred))
    url = f"http://127.0.0.1:{port}"
    if str(port) != preferred:
        say(f"Port {preferred} is taken; the demo portal uses {port}.")
    return replace(settings, demo_url=url, allow_private=(*settings.allow_private, url[7:]))


def airflow_environment(settings: Settings, port: int, *, one_shot: bool) -> dict[str, str]:
    """Return the environment variables for all processes of Airflow.

    Args:
        settings: Of this project.
        port: Of Airflow's API server.
        one_shot: Whether a single run is made: nothing is scheduled by time, and the scheduler polls faster.

    Raises:
        GonggoError: The package is not installed from a checkout.
    """
    folder = checkout()
    if folder is None:
        raise GonggoError("Airflow is started here from a checkout: clone the repository and run `make setup`.")
    home = settings.home / "airflow"
    (home / "logs").mkdir(parents=True, exist_ok=True)
    base = f"http://127.0.0.1:{port}"
    values = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__EXECUTOR": "gonggo_executor.PreloadedLocalExecutor",
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Seoul",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{base}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(_passwords(home)),
        "AIRFLOW__CORE__FERNET_KEY": _secret(home / "fernet_key", _fernet),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": base,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": _secret(home / "api_secret", secrets.token_hex),
        "AIRFLOW__API_AUTH__JWT_SECRET": _secret(home / "jwt_secret", secrets.token_hex),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2" if one_shot else "1",
        # In a single run no DAG file changes.
        **({"AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "3600"} if one_shot else {}),
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        # The scheduler may be ready before the server that its tasks report to.
        "AIRFLOW__WORKERS__EXECUTION_API_RETRIES": "10",
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "30",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "PYTHONUTF8": "1",
        "PYTHONWARNINGS": "ignore",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "GONGGO_HOME": str(settings.home),
        "GONGGO_ONE_SHOT": "1" if one_shot else "0",
    }
    if settings.demo_url:
        values["GONGGO_DEMO_URL"] = settings.demo_url
    return {**os.environ, **values}


def password(settings: Settings) -> str:
    """Return the password of the only user, generated once."""
    return str(read_json(_passwords(settings.home / "airflow"))[USER])


def _passwords(home: Path) -> Path:
    """Return the file of passwords, created if it has none for the user."""
    path = home / "passwords.json"
    if not read_json(path).get(USER):
        _write_private(path, json.dumps({USER: secrets.token_urlsafe(12)}))
    return path


def _secret(path: Path, generate: Callable[[], str]) -> str:
    """Return the secret of a file, generated if the file is missing or empty (as it is after a power cut)."""
    if not path.exists() or not path.read_bytes().strip(b"\0 \n"):
        _write_private(path, generate())
    return path.read_text("utf-8")


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:  # noqa: PTH123
        out.write(text)


def _fernet() -> str:
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()
