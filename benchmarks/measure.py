"""What the benchmarks share: processes measured whole, results kept as JSON in var/bench/results."""

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
    """What a process and those it waited for cost: wall and processor seconds, the largest one's memory in MB."""

    seconds: float
    processor: float
    peak: float
    said: str

    def cost(self) -> dict[str, float]:
        return {"seconds": round(self.seconds, 3), "processor": round(self.processor, 3), "peak_mb": round(self.peak)}


def run(command: list[str | Path], env: dict[str, str] | None = None) -> Spent:
    """Run a command to its end; ends this program with its last words when it fails."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        whole = {**os.environ, **(env or {})}
        # Where it is set, every start compiles every module anew, which no user's machine does.
        whole.pop("PYTHONDONTWRITEBYTECODE", None)
        begin = time.perf_counter()
        child = subprocess.Popen([*map(str, command)], stdout=out, stderr=err, env=whole)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        said = out.read().decode("utf-8", "replace")
        if child.returncode:
            sys.exit(
                f"{command}: status {child.returncode}\n{said[-2000:]}\n{err.read().decode('utf-8', 'replace')[-2000:]}"
            )
    return Spent(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said)


def environment() -> dict[str, Any]:
    """The machine and the versions that figures belong to."""
    versions = {name: version(name) for name in ("duckdb", "lxml", "requests", "warcio", "apache-airflow")}
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0)),
        "machine": platform.machine(),
        "python": platform.python_version(),
        **versions,
    }


def save(name: str, figures: dict[str, Any]) -> None:
    """Keep the figures of one benchmark, with the environment they were measured in."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    told = {"environment": environment(), **figures}
    (RESULTS / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")


def saved(name: str) -> dict[str, Any] | None:
    """The figures of a benchmark that was run before; None when it was not."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else None
