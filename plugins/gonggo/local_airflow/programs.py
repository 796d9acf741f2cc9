"""Programs that are started, watched and stopped together."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from gonggo.checkout import checkout
from gonggo.crawl.run_files import read_json
from gonggo.errors import GonggoError
from gonggo.model import write_text


@dataclass
class Programs:
    """Child programs, each in a process group of its own. A list of them survives a kill of this process."""

    logs: Path
    env: dict[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def register(self) -> Path:
        return self.logs / "programs.json"

    def start(self, name: str, *command: str) -> None:
        """Start a program; what it prints goes to ``<name>.log``."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as out:
            self.running[name] = subprocess.Popen(  # noqa: S603
                command,
                env=self.env,
                cwd=checkout(),
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        pids = {key: [child.pid, _started(child.pid)] for key, child in self.running.items()}
        # As a whole or not at all: what it names is what a kill leaves running.
        write_text(self.register, json.dumps(pids))

    def demand_alive(self) -> None:
        """Raise when a program has ended by itself."""
        for name, child in self.running.items():
            if child.poll() is not None:
                raise GonggoError(
                    f"{name} ended with status {child.returncode}; its last words are in {self.logs / name}.log"
                )

    def stop(self) -> None:
        """Stop all: the scheduler before the server that it reports to, the others at once."""
        server = self.running.pop("api-server", None)
        with ThreadPoolExecutor() as hands:
            list(hands.map(_stop_child, self.running.values()))
        if server:
            _stop_child(server)
        self.running.clear()
        self.register.unlink(missing_ok=True)

    def stop_leftovers(self) -> list[str]:
        """Stop what a killed run left running. Returns the names."""
        if not self.register.exists():
            return []
        stopped = []
        for name, entry in read_json(self.register).items():
            pid, started = entry if isinstance(entry, list) and len(entry) == 2 else (None, None)
            # A number may have been given to another process since; its start time tells.
            if started and isinstance(pid, int) and _started(pid) == started:
                _stop_group(pid, lambda pid=pid: not _started(pid))
                stopped.append(name)
        self.register.unlink(missing_ok=True)
        return stopped


def _stop_child(child: subprocess.Popen[bytes]) -> None:
    _stop_group(child.pid, lambda: child.poll() is not None)


def _started(pid: int) -> str:
    """When a process started, as the system says it; empty when there is none (or it is a zombie)."""
    done = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607
    state, _, when = done.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else when.strip()


def _stop_group(pid: int, ended: object) -> None:
    assert callable(ended)
    for sign, seconds in ((signal.SIGINT, 4.0), (signal.SIGTERM, 3.0), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, sign)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if ended():
                # Workers of the group may outlive their parent.
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(pid, signal.SIGKILL)
                return
            time.sleep(0.1)


def wait_for(url: str, seconds: float, programs: Programs) -> None:
    """Wait until an address answers.

    Raises:
        GonggoError: it does not in time, or a program ended meanwhile.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        programs.demand_alive()
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise GonggoError(f"{url} did not answer within {seconds:.0f} s; the logs are in {programs.logs}")
