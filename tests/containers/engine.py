"""The unchanged docker-compose.yml in a Docker engine: what it needs, projects of their own, and their ends."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from gonggo.errors import GonggoError
from gonggo.local_airflow.airflow_api import AirflowApi
from gonggo.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
IMAGE, BEFORE = "gonggo:0.1.0", "gonggo:before"
# Which sample sites are collected: all unless the environment names some.
SOURCES = os.environ.get("GONGGO_SOURCES", "demo")
ADDRESS = ("127.0.0.1", 8080)
# Services that end when they have done their work.
ENDING = frozenset({"init"})
# What `docker-compose.yml` takes from the environment, which would come before the variables of a project.
_TAKEN = ("GONGGO_", "AIRFLOW", "POSTGRES_", "REDIS_", "STORE_", "COMPOSE_", "FSSPEC_", "AWS_")


def what_is_missing() -> str | None:
    """Return what a machine lacks to run the containers, in a sentence; None if it has everything."""
    if shutil.which("docker") is None:
        return "there is no `docker`. Install Docker Engine with Compose."
    answer = _run("docker", "version", "--format", "{{.Server.Version}}", check=False)
    if answer.returncode:
        return f"no engine answers. Start one, or set DOCKER_HOST. {answer.stderr.strip().splitlines()[-1]}"
    if compose_command() is None:
        return "there is neither `docker compose` nor `docker-compose`."
    if _run("docker", "ps", "--quiet", "--filter", f"ancestor={IMAGE}").stdout:
        return f"containers of {IMAGE} are running in this engine, and their image would be replaced. Stop them first."
    with socket.socket() as probe:
        if probe.connect_ex(ADDRESS) == 0:
            return f"port {ADDRESS[1]} is in use."
    return None


def compose_command() -> list[str] | None:
    """Return the command of Compose, which is a plugin of `docker` or, formerly, a program of its own."""
    if _run("docker", "compose", "version", check=False).returncode == 0:
        return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else None


def build_images() -> None:
    """Build the image of this checkout, and that of the one before."""
    _run("docker", "build", "--tag", IMAGE, str(ROOT))
    with subprocess.Popen(["git", "archive", commit_before()], cwd=ROOT, stdout=subprocess.PIPE) as archive:
        subprocess.run(["docker", "build", "--quiet", "--tag", BEFORE, "-"], stdin=archive.stdout, check=True)
    assert archive.returncode == 0


def commit_before() -> str:
    """Return the commit before the newest migration, so that an upgrade from it migrates."""
    newest = _run("git", "log", "-1", "--format=%H", "--", "sql/schema", cwd=ROOT).stdout.strip()
    return f"{newest}~1"


def file_before(folder: Path) -> Path:
    """Write the compose file of `commit_before` into a folder."""
    path = folder / "docker-compose.yml"
    path.write_text(_run("git", "show", f"{commit_before()}:docker-compose.yml", cwd=ROOT).stdout, "utf-8")
    return path


def variables(*, scaled: bool, **more: str) -> dict[str, str]:
    """Fill in docker/example.env as docs/containers.md says."""
    text = (ROOT / "docker" / "example.env").read_text("utf-8")
    if scaled:
        before, head, after = text.partition("# For --profile scaled, all of these:\n")
        assert head
        text = before + re.sub("^# ", "", after, flags=re.M)
    values = dict(re.findall(r"^(\w+)=(.*)$", text, re.M))
    for name, value in values.items():
        if not value and re.search("PASSWORD|FERNET|SECRET|STORE_KEY", name) and "NAVER" not in name:
            length = 64 if name == "AIRFLOW_JWT_SECRET" else 32
            values[name] = base64.urlsafe_b64encode(secrets.token_bytes(length)).decode()
    return {**values, **more}


@dataclass
class Project:
    """The containers, volumes and network of one `docker compose up`, with the variables of its `.env`."""

    name: str
    folder: Path
    values: dict[str, str]
    profiles: tuple[str, ...]
    files: tuple[Path, ...] = (FILE,)

    def compose(self, *words: str, check: bool = True) -> str:
        """Run a command of Compose and return its output."""
        command = compose_command()
        assert command is not None
        path = self.folder / ".env"
        path.write_text("".join(f"{name}={value}\n" for name, value in self.values.items()), "utf-8")
        options = ["--project-name", self.name, "--project-directory", str(ROOT), "--env-file", str(path)]
        options += [f"--file={file}" for file in self.files] + [f"--profile={profile}" for profile in self.profiles]
        return _run(*command, *options, *words, check=check).stdout

    def start(self, *words: str) -> None:
        """Start the services, or those whose names are given; return as soon as all have been started."""
        self.compose("up", "--detach", *words)

    def up(self, *words: str, seconds: float = 600) -> None:
        """Start the services, or those whose names are given, and wait until they are healthy."""
        self.start(*words)
        self.wait_until_healthy(seconds)

    def wait_until_healthy(self, seconds: float = 600) -> None:
        """Wait until every service is healthy, and the ones that end have ended well."""
        wait_until(lambda: not self.unwell(), seconds, lambda: f"{self.unwell()}\n{self.logs()}")

    def unwell(self) -> dict[str, str]:
        """Return the state of each container that is not as it should be."""
        states = {}
        for container in self.containers():
            service, state = container["Config"]["Labels"]["com.docker.compose.service"], container["State"]
            if service in ENDING:
                well = state["Status"] == "exited" and state["ExitCode"] == 0
            else:
                well = state["Running"] and state.get("Health", {"Status": "healthy"})["Status"] == "healthy"
            if not well:
                states[f"{service} {container['Id'][:12]}"] = json.dumps(state)[:600]
        return states

    def containers(self, service: str = "") -> list[dict[str, Any]]:
        """Return what the engine says of each container, or of those of one service."""
        ids = self._ids("ps", "--all", service=service)
        return json.loads(_run("docker", "inspect", *ids).stdout) if ids else []

    def id_of(self, service: str) -> str:
        """Return the id of a service's first container."""
        return str(self.containers(service)[0]["Id"])

    def logs(self, lines: int = 40) -> str:
        return self.compose("logs", "--no-color", f"--tail={lines}", check=False)[-20000:]

    def inside(self, service: str, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in a service's first container."""
        return _run("docker", "exec", self.id_of(service), *words, check=check)

    def crash(self, container: str) -> None:
        """Kill all programs of a container but its init, which then ends as they did."""
        _run("docker", "exec", container, "sh", "-c", "kill -9 -1", check=False)

    def api(self, seconds: float = 120) -> AirflowApi:
        """Return a client of Airflow, logged in as the user that `init` made; without its database Airflow refuses all."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return AirflowApi("http://{}:{}".format(*ADDRESS), self.values["GONGGO_ADMIN_PASSWORD"])
            except (GonggoError, requests.RequestException):
                if time.monotonic() > deadline:
                    raise
                time.sleep(2)

    def published(self, folder: Path) -> Settings:
        """Copy the published snapshot into a home, and return the home's settings."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        # In a cluster, a reader fetches the newest one first.
        self.inside("scheduler", "gonggo", "sql", "SELECT 1")
        _run("docker", "cp", f"{self.id_of('scheduler')}:/opt/gonggo/data/published", str(folder))
        return load_settings({"GONGGO_HOME": str(folder), "GONGGO_SOURCES": "demo"})

    def down(self) -> None:
        """End the project; nothing of it may be left."""
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "20")
        left = {kind: self._ids(*words) for kind, words in _KINDS.items()}
        assert not any(left.values()), left

    def _ids(self, *words: str, service: str = "") -> list[str]:
        labels = [f"label=com.docker.compose.project={self.name}"]
        labels += [f"label=com.docker.compose.service={service}"] if service else []
        return _run("docker", *words, "--quiet", *(f"--filter={label}" for label in labels)).stdout.split()


_KINDS = {"containers": ("ps", "--all"), "volumes": ("volume", "ls"), "networks": ("network", "ls")}


@contextmanager
def project(folder: Path, *profiles: str, file: Path = FILE, **more: str) -> Iterator[Project]:
    """A project of its own, which is ended with everything it made when the block ends."""
    values = variables(scaled="scaled" in profiles, GONGGO_SOURCES=SOURCES, **more)
    started = Project(f"gonggo-test-{secrets.token_hex(3)}", folder, values, profiles, (file,))
    try:
        yield started
    except BaseException:
        sys.stderr.write(started.logs(200))
        raise
    finally:
        started.down()


def wait_until(done: Callable[[], object], seconds: float, report: Callable[[], str] = str) -> None:
    """Wait until ``done`` returns something true.

    Raises:
        AssertionError: It did not within the seconds; with what ``report`` returns then.
    """
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, report()
        time.sleep(1)


def _run(*words: str, check: bool = True, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(_TAKEN)}
    done = subprocess.run(words, env=env, cwd=cwd, capture_output=True, text=True)
    assert not check or done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done
