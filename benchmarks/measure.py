"""Measure processes as a whole, and save results as JSON in var/bench/results."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from peer import ROOT

RESULTS = ROOT / "var" / "bench" / "results"


@dataclass(frozen=True)
class Spent:
    """The cost of a process and its children: wall seconds, processor seconds, the largest peak memory in MB; its output."""

    seconds: float
    processor: float
    peak: float
    output: str

    def cost(self) -> dict[str, float]:
        return {"seconds": round(self.seconds, 3), "processor": round(self.processor, 3), "peak_mb": round(self.peak)}


def run(command: list[str | Path], env: dict[str, str] | None = None) -> Spent:
    """Run a command to its end; if it fails, print the end of its output and exit."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child_env = {**os.environ, **(env or {})}
        # With it, every process would compile every module, which no user's machine does.
        child_env.pop("PYTHONDONTWRITEBYTECODE", None)
        begin = time.perf_counter()
        child = subprocess.Popen([*map(str, command)], stdout=out, stderr=err, env=child_env)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        output = out.read().decode("utf-8", "replace")
        if child.returncode:
            sys.exit(
                f"{command}: status {child.returncode}\n{output[-2000:]}\n{err.read().decode('utf-8', 'replace')[-2000:]}"
            )
    return Spent(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, output)


def environment() -> dict[str, Any]:
    """Return the machine and the versions for which figures hold."""
    versions = {name: version(name) for name in ("duckdb", "lxml", "requests", "warcio", "apache-airflow")}
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0)),
        "machine": platform.machine(),
        "python": platform.python_version(),
        **versions,
    }


def save(name: str, figures: dict[str, Any]) -> None:
    """Save the figures of one benchmark, with the environment in which they were measured."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    result = {"environment": environment(), **figures}
    (RESULTS / f"{name}.json").write_text(json.dumps(result, ensure_ascii=False, indent=1), "utf-8")


def saved(name: str) -> dict[str, Any] | None:
    """Return the figures of the last run of a benchmark; None if there was none."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else None
