"""The environment in which Airflow runs on one machine, and the files it needs."""

from __future__ import annotations

import base64
import json
import os
import secrets
import socket
from pathlib import Path

from gonggo.settings import ROOT, Settings

POOLS = {"gonggo_writer": {"slots": 1, "description": "One writer of the DuckDB file", "include_deferred": False}}


def airflow_home(settings: Settings) -> Path:
    """Where Airflow keeps its database, logs and secrets."""
    return settings.home / "airflow"


def secret(path: Path, make: str = "url") -> str:
    """The secret in ``path``, made once and readable by its owner only. ``make``: url | fernet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = secrets.token_bytes(32)
        text = base64.urlsafe_b64encode(raw).decode() if make == "fernet" else secrets.token_urlsafe(32)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(text)
    return path.read_text().strip()


def free_port(wanted: int) -> int:
    """``wanted`` when nothing listens there on loopback, else another free port."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")


def write_files(settings: Settings) -> tuple[Path, Path]:
    """The pool file and the password file ({"admin": …}, mode 600)."""
    home = airflow_home(settings)
    password, passwords, pools = (
        secret(home / "secrets" / "admin"),
        home / "secrets" / "passwords.json",
        home / "pools.json",
    )
    passwords.touch(mode=0o600, exist_ok=True)
    passwords.write_text(json.dumps({"admin": password}))
    pools.write_text(json.dumps(POOLS))
    return pools, passwords


def environment(settings: Settings, port: int, *, one_shot: bool) -> dict[str, str]:
    """All variables for the components of Airflow that answers on ``port``."""
    home = airflow_home(settings)
    keys = home / "secrets"
    return {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'plugins'}{os.pathsep}{ROOT}",
        "PYTHONWARNINGS": "ignore",
        "GONGGO_HOME": str(settings.home),
        "GONGGO_ONE_SHOT": "1" if one_shot else "0",
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__FERNET_KEY": secret(keys / "fernet", "fernet"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(keys / "passwords.json"),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API__SECRET_KEY": secret(keys / "session"),
        "AIRFLOW__API_AUTH__JWT_SECRET": secret(keys / "jwt"),
        "AIRFLOW__WORKERS__EXECUTION_API_RETRIES": "10",
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "30",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        "AIRFLOW__SCHEDULER__MIN_HEARTBEAT_INTERVAL": "1",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
    }
