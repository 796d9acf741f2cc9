"""The environment in which Airflow's programs run here: one machine, loopback, secrets made once."""

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
# Ports that this process keeps for programs of its own.
_KEPT: list[FileLock] = []


def free_port(preferred: int) -> int:
    """``preferred`` when nothing listens there and no other run of this user means to, else a free port.

    It is kept for this process until that ends: the program that will listen there takes a while to start.
    """
    for wanted in (preferred, *([0] * 20)):
        port = _unused(wanted)
        if port is None:
            continue
        kept = FileLock(Path(tempfile.gettempdir()) / f"gonggo-{os.getuid()}-port-{port}.lock")
        try:
            kept.acquire(timeout=0)
        except Timeout:
            continue
        _KEPT.append(kept)
        return port
    raise OSError("no free port on 127.0.0.1")


@contextmanager
def alone(settings: Settings, what: str) -> Iterator[None]:
    """Hold the Airflow of a home for this process: a second one would end the programs of the first as left over.

    What kills the process ends that too.

    Raises:
        GonggoError: another process holds it; the message says which, and what to do.
    """
    folder = settings.home / "airflow"
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / "running.json"
    lock = FileLock(folder / "running.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        other = read_json(note)
        raise GonggoError(
            f"{other.get('what', 'make up or make run')} (process {other.get('pid', 'unknown')}) runs for "
            f"{settings.home} already. Trigger its DAGs in Airflow's pages, stop it there by Ctrl-C, or give this one "
            "a home of its own: GONGGO_HOME=DIR."
        ) from None
    try:
        write_json(note, {"what": what, "pid": os.getpid()})
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def demand_free(host: str, port: int, option: str) -> None:
    """Refuse an address on which nothing can listen.

    Raises:
        UsageError: it is taken or not of this machine; the message names the option and a port that is free.
    """
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EACCES):
            free = next((near for near in range(max(port, 1024) + 1, 65536) if _unused(near)), 8090)
            raise UsageError(f"Port {port} is taken or not yours to take. Use another: {option} {free}") from error
        raise UsageError(f"{host} is no address of this machine ({error}). Use --host 127.0.0.1.") from error


def _unused(port: int) -> int | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return None
        return int(probe.getsockname()[1])


def with_portal(settings: Settings, say: Callable[[str], object]) -> Settings:
    """Settings whose demo portal has a port that is free; as they are where there is none."""
    if not settings.demo_url:
        return settings
    wanted = settings.demo_url.rpartition(":")[2]
    port = free_port(int(wanted))
    url = f"http://127.0.0.1:{port}"
    if str(port) != wanted:
        say(f"Port {wanted} is taken; the demo portal uses {port}.")
    return replace(settings, demo_url=url, allow_private=(*settings.allow_private, url[7:]))


def airflow_environment(settings: Settings, port: int, *, one_shot: bool) -> dict[str, str]:
    """Environment variables for all of Airflow's programs. ``one_shot``: no clock, quick turn-around."""
    folder = checkout()
    if folder is None:
        raise GonggoError("Airflow is started here from a checkout: clone the repository and run `make setup`.")
    home = settings.home / "airflow"
    (home / "logs").mkdir(parents=True, exist_ok=True)
    base = f"http://127.0.0.1:{port}"
    values = {
        "AIRFLOW_HOME": str(home),
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
    """The password of the one user, made once."""
    return str(read_json(_passwords(settings.home / "airflow"))[USER])


def _passwords(home: Path) -> Path:
    path = home / "passwords.json"
    if not read_json(path).get(USER):
        _write_private(path, json.dumps({USER: secrets.token_urlsafe(12)}))
    return path


def _secret(path: Path, make: object) -> str:
    if not path.exists() or not path.read_bytes().strip(b"\0 \n"):
        assert callable(make)
        _write_private(path, str(make()))
    return path.read_text("utf-8")


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:  # noqa: PTH123
        out.write(text)


def _fernet() -> str:
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()
