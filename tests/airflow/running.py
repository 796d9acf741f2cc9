"""Run DAGs in an Airflow and processes of their own, so that no setting leaks into other tests."""

from __future__ import annotations

import json
import os
import socketserver
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests import serving

ROOT = Path(__file__).parents[2]
RUN = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    file, _, dag_id = name.partition(":")
    module = importlib.import_module(file)
    dag = getattr(module, dag_id)
    for task in dag.tasks:  # a test cannot wait five minutes for the next attempt
        if hasattr(task, "partial_kwargs"):
            task.partial_kwargs["retries"] = 0
        else:
            task.retries = 0
    run = dag.test()
    print("RESULT" + ",".join(sorted(f"{ti.task_id}:{ti.state}" for ti in run.get_task_instances())))
"""


@cache
def _database() -> bytes:
    """Return the database of a new Airflow; it is created once, which takes longer than most runs."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "AIRFLOW_HOME": folder, "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
        command = [sys.executable, "-W", "ignore", "-m", "airflow", "db", "migrate"]
        subprocess.run(command, env=env, check=True, capture_output=True)
        return (Path(folder) / "airflow.db").read_bytes()


def airflow_of(home: Path, **extra: str) -> dict[str, str]:
    """Return the environment of an Airflow in a home, after creating its database."""
    env = {
        **os.environ,
        "AIRFLOW_HOME": str(home / "airflow"),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "GONGGO_HOME": str(home),
        "GONGGO_SOURCES": "demo",
        "GONGGO_ONE_SHOT": "1",
        **extra,
    }
    database = home / "airflow" / "airflow.db"
    if not database.exists():
        database.parent.mkdir(parents=True, exist_ok=True)
        database.write_bytes(_database())
    return env


def run_dags(env: dict[str, str], *names: str, code: str = RUN) -> tuple[list[str], str]:
    """Run DAGs, ``file:name of the variable``, in one process; return the states of their tasks, and the output."""
    command = [sys.executable, "-W", "ignore", "-c", code, str(ROOT / "dags"), *names]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    results = [line.partition("RESULT")[2] for line in done.stdout.splitlines() if "RESULT" in line]
    return results, done.stdout + done.stderr


class Mail(socketserver.StreamRequestHandler):
    """A minimal SMTP server, which accepts messages."""

    def handle(self) -> None:
        self.wfile.write(b"220 mail\r\n")
        for line in self.rfile:
            word = line.strip().upper()
            if word.startswith(b"EHLO"):
                self.wfile.write(b"250 mail\r\n")
            elif word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.received.append(letter)
                self.wfile.write(b"250 taken\r\n")
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 yes\r\n")


class Chat(BaseHTTPRequestHandler):
    """The webhook of a chat at /secret-open; all other addresses refuse."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/secret-open":
            self.server.received.append(json.loads(body)["text"])
        self.send_response(200 if self.path == "/secret-open" else 403)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


class Packets(socketserver.BaseRequestHandler):
    """Records the packets that arrive by UDP."""

    def handle(self) -> None:
        self.server.received.append(self.request[0].decode())


@contextmanager
def served(handler: Any, kind: Any = socketserver.ThreadingTCPServer) -> Iterator[Any]:
    """Run a server on this machine until the block ends; what it receives is in ``received``."""
    server = kind(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.received = []
    with serving.running(server):
        yield server


def webhook(chat: Any, path: str = "open") -> str:
    """Return the Airflow connection whose password is the address of a chat."""
    port = chat.server_address[1]
    return json.dumps({"conn_type": "http", "password": f"http://127.0.0.1:{port}/secret-{path}"})


def post_office(mail: Any) -> str:
    """Return the Airflow connection to a mail server."""
    extra = {"disable_ssl": True, "disable_tls": True, "from_email": "gonggo@example.or.kr"}
    return json.dumps({"conn_type": "smtp", "host": "127.0.0.1", "port": mail.server_address[1], "extra": extra})
