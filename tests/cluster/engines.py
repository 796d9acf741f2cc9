"""The engines of the scaled set-up as processes on loopback: Postgres, Redis, and a server that speaks S3."""

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

# Postgres refuses to run as root; its package brings a user.
USER = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}


@dataclass(frozen=True)
class Engines:
    """Where they listen, and the keys that they ask for."""

    postgres: str
    redis: str
    s3: str
    key: str
    secret: str

    def database(self) -> str:
        """The address of a new database."""
        name = f"gonggo_{secrets.token_hex(4)}"
        con = psycopg2.connect(f"{self.postgres}/postgres")
        con.autocommit = True
        with con.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        con.close()
        return f"{self.postgres}/{name}"

    def environment(self, store: str, catalogue: str) -> dict[str, str]:
        """What tells Gonggo of them."""
        return {
            "GONGGO_OBJECT_STORE": store,
            "GONGGO_POSTGRES_URL": catalogue,
            "FSSPEC_S3_ENDPOINT_URL": self.s3,
            "AWS_ACCESS_KEY_ID": self.key,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_REGION": "ap-northeast-2",
        }


@contextmanager
def engines(folder: Path) -> Iterator[Engines]:
    """All three, with their files in a folder."""
    # Postgres runs as another user, who must reach its own folder in it.
    folder.chmod(0o711)
    with _postgres(folder / "postgres") as postgres, _redis(folder / "redis") as redis, _s3(folder / "s3") as s3:
        yield Engines(postgres, redis, s3, secrets.token_hex(8), secrets.token_hex(16))


def _program(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name) or name


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
    make = [
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
    subprocess.run([*make, "--pwfile", password, "--no-sync"], check=True, cwd=folder, **quiet)
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
    with running([*command, "-c", "max_connections=200", "-c", "fsync=off"], folder / "log", **USER):
        url = f"postgresql://gonggo:{password.read_text()}@127.0.0.1:{port}"
        wait(lambda: psycopg2.connect(f"{url}/postgres").close())
        yield url


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    folder.mkdir()
    port, password = free_port(0), secrets.token_hex(12)
    config = folder / "redis.conf"
    config.write_text(f'port {port}\nbind 127.0.0.1\nrequirepass {password}\nsave ""\ndir {folder}\n')
    with running(["redis-server", config], folder / "log"):
        import redis

        url = f"redis://:{password}@127.0.0.1:{port}/0"
        wait(lambda: redis.Redis.from_url(url).ping())
        yield url


@contextmanager
def _s3(folder: Path) -> Iterator[str]:
    folder.mkdir()
    port = free_port(0)
    url = f"http://127.0.0.1:{port}"
    with running([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], folder / "log"):
        wait(lambda: requests.get(url, timeout=5))
        yield url


@contextmanager
def running(command: list[object], log: Path, **options: object) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out, subprocess.Popen(list(map(str, command)), stdout=out, stderr=out, **options) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def wait(ready, seconds: float = 60.0) -> None:
    """Until it answers."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            ready()
            return
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
