"""Child processes that are started, monitored and stopped together."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from gonggo.checkout import checkout
from gonggo.crawl.run_files import read_json
from gonggo.errors import GonggoError
from gonggo.model import write_text

# How long programs may take to start; a program that ends by itself is noticed at once.
START_SECONDS = 600.0


@dataclass
class Programs:
    """Child processes, each in its own process group.

    A register of them on disk survives if this process is killed.
    """

    logs: Path
    env: dict[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def register(self) -> Path:
        return self.logs / "programs.json"

    def start(self, name: str, *command: str) -> None:
        """Start a program with its output appended to ``<name>.log``."""
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
        # Written atomically: after a kill it shows which processes are still running.
        write_text(self.register, json.dumps(pids))

    def check_alive(self) -> None:
        """Raise ``GonggoError`` if a program has ended by itself."""
        for name, child in self.running.items():
            if child.poll() is not None:
                raise GonggoError(
                    f"{name} ended with status {child.returncode}; the end of {self.logs / name}.log may say why"
                )

    def stop(self) -> None:
        """Stop all programs, the API server last, because the scheduler reports to it."""
        self.stop_all_but_server()
        for server in self.running.values():
            _stop_child(server)
        self.running.clear()
        self.register.unlink(missing_ok=True)

    def stop_all_but_server(self) -> None:
        """Stop all programs but the API server, concurrently."""
        others = {name: child for name, child in self.running.items() if name != "api-server"}
        with ThreadPoolExecutor() as executor:
            list(executor.map(_stop_child, others.values()))
        for name in others:
            del self.running[name]

    def stop_leftovers(self) -> list[str]:
        """Stop the programs that a killed run left running; return their names."""
        if not self.register.exists():
            return []
        stopped = []
        for name, entry in read_json(self.register).items():
            pid, started = entry if isinstance(entry, list) and len(entry) == 2 else (None, None)
            # Its id may belong to another process by now, which has another start time.
            if started and isinstance(pid, int) and _started(pid) == started:
                _stop_group(pid, partial(_has_ended, pid))
                stopped.append(name)
        self.register.unlink(missing_ok=True)
        return stopped


def _stop_child(child: subprocess.Popen[bytes]) -> None:
    _stop_group(child.pid, lambda: child.poll() is not None)


def _started(pid: int) -> str:
    """Return the start time of a process as ps prints it; empty if it does not exist or is a zombie."""
    result = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607
    state, _, started = result.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else started.strip()


def _has_ended(pid: int) -> bool:
    return not _started(pid)


def _stop_group(pid: int, has_ended: Callable[[], bool]) -> None:
    """Stop a process group by signals of growing force."""
    for sign, seconds in ((signal.SIGINT, 4.0), (signal.SIGTERM, 3.0), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, sign)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if has_ended():
                # Other processes of the group may outlive its leader.
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(pid, signal.SIGKILL)
                return
            time.sleep(0.1)


def wait_for(url: str, seconds: float, programs: Programs) -> None:
    """Wait until a URL answers with status 200.

    Raises:
        GonggoError: It did not answer in time, or one of the programs ended.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        programs.check_alive()
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310
                if response.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise GonggoError(f"{url} did not answer within {seconds:.0f} s; the logs are in {programs.logs}")
