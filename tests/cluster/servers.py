"""The servers of a cluster as processes on this machine: Postgres, Redis, and a server that speaks S3."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import requests

from gonggo.local_airflow.environment import free_port

# Postgres refuses to run as root; its package creates a user.
USER = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}


@dataclass(frozen=True)
class Servers:
    """The addresses of the servers, and the keys that they require."""

    postgres: str
    redis: str
    s3: str
    key: str
    secret: str

    def database(self) -> str:
        """Create a database and return its address."""
        name = f"gonggo_{secrets.token_hex(4)}"
        con = psycopg2.connect(f"{self.postgres}/postgres")
        con.autocommit = True
        with con.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        con.close()
        return f"{self.postgres}/{name}"

    def environment(self, store: str, postgres_url: str) -> dict[str, str]:
        """Return the variables by which Gonggo uses the servers."""
        return {
            "GONGGO_OBJECT_STORE": store,
            "GONGGO_POSTGRES_URL": postgres_url,
            "FSSPEC_S3_ENDPOINT_URL": self.s3,
            "AWS_ACCESS_KEY_ID": self.key,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_REGION": "ap-northeast-2",
        }


@contextmanager
def run_servers(folder: Path) -> Iterator[Servers]:
    """Run all servers, with their files in a folder, until the block ends."""
    # Postgres runs as another user, who must be able to enter this folder.
    folder.chmod(0o711)
    with _postgres(folder / "postgres") as postgres, _redis(folder / "redis") as redis, _s3(folder / "s3") as s3:
        yield Servers(postgres, redis, s3, secrets.token_hex(8), secrets.token_hex(16))


def _program(name: str) -> str:
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(installed[-1]) if installed else shutil.which(name) or name


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    folder.mkdir()
    if USER:
        shutil.chown(folder, USER["user"], USER["group"])
    password = folder / "password"
    password.write_text(secrets.token_hex(12))
    if USER:
        shutil.chown(password, USER["user"])
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, **USER}
    initdb = [
        _program("initdb"),
        "-D",
        folder / "data",
        "-U",
        "gonggo",
        "-A",
        "scram-sha-256",
        "-E",
        "UTF8",
        "--no-locale",
    ]
    subprocess.run([*initdb, "--pwfile", password, "--no-sync"], check=True, cwd=folder, **quiet)
    port = free_port(0)
    command = [
        _program("postgres"),
        "-D",
        folder / "data",
        "-p",
        str(port),
        "-k",
        folder,
        "-c",
        "listen_addresses=127.0.0.1",
    ]
    with running_process([*command, "-c", "max_connections=200", "-c", "fsync=off"], folder / "log", **USER):
        url = f"postgresql://gonggo:{password.read_text()}@127.0.0.1:{port}"
        wait_for(lambda: psycopg2.connect(f"{url}/postgres").close())
        yield url


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    folder.mkdir()
    port, password = free_port(0), secrets.token_hex(12)
    config = folder / "redis.conf"
    config.write_text(f'port {port}\nbind 127.0.0.1\nrequirepass {password}\nsave ""\ndir {folder}\n')
    with running_process(["redis-server", config], folder / "log"):
        import redis

        url = f"redis://:{password}@127.0.0.1:{port}/0"
        wait_for(lambda: redis.Redis.from_url(url).ping())
        yield url


@contextmanager
def _s3(folder: Path) -> Iterator[str]:
    folder.mkdir()
    port = free_port(0)
    url = f"http://127.0.0.1:{port}"
    with running_process([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], folder / "log"):
        wait_for(lambda: requests.get(url, timeout=5))
        yield url


@contextmanager
def running_process(command: list[object], log: Path, **options: object) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out, subprocess.Popen(list(map(str, command)), stdout=out, stderr=out, **options) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_for(ready, seconds: float = 60.0) -> None:
    """Wait until ``ready`` raises nothing any more."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            ready()
            return
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
