"""1, 2 and 4 Celery workers on sites that take a second to answer: what more machines bring where the wait is for others.

Each worker is a process with one task at a time and a home of its own; files go through an S3 server, what is common
through Postgres, tasks through Redis, all on this machine. Measured is the time from the trigger of twelve collecting
DAGs to the end of the last. Beside them the same by `gonggo collect`, one source after another.

usage: workers.py [--late SECONDS]
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from measure import environment, save
from serving import answering

from gonggo.local_airflow.environment import free_port
from gonggo.settings import load_settings
from gonggo.sources.catalogue import active_sites
from tests.cluster.airflow import cluster
from tests.cluster.engines import Engines, engines
from tests.world import environment as of_home

WORKERS = (1, 2, 4)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--late", type=float, default=1.0, help="seconds before each answer")
    args = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="gonggo-workers-") as folder, slow_portal(args.late) as url:
        rows = [{"workers": 0, "seconds": alone(Path(folder) / "alone", url), "requests": asked(url)}]
        with tempfile.TemporaryDirectory(prefix="gonggo-engines-") as rooms, engines(Path(rooms)) as there:
            for workers in WORKERS:
                rows.append({"workers": workers, **by_celery(there, _made(Path(folder) / str(workers)), url, workers)})
    print(
        f"{rows[0]['requests']} requests, each answered after {args.late:g} s; {environment()['cores']} cores for everything"
    )
    print(f"{'':<40}{'seconds':>9}{'times as fast as one worker':>29}")
    for row in rows:
        name = f"{row['workers']} Celery workers" if row["workers"] else "gonggo collect, one source after another"
        print(f"{name:<40}{row['seconds']:>9.0f}{rows[1]['seconds'] / row['seconds']:>29.2f}")
    save("workers", {"late_seconds": args.late, "rows": rows})
    return 0


def alone(home: Path, url: str) -> float:
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "gonggo.cli", "collect"],
        check=False,
        env=of_home(home, url),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return round(time.perf_counter() - begun, 1)


def by_celery(there: Engines, folder: Path, url: str, workers: int) -> dict[str, float]:
    """Seconds from the trigger to the end of the last DAG run, and requests."""
    asked(url)
    with common(there.environment(f"s3://gonggo/{secrets.token_hex(4)}", there.database())) as told:

        def machine(name: str, **more: str) -> dict[str, str]:
            return {**of_home(folder / name, url), **told, **more}

        with cluster(there, machine, folder, workers, concurrency=1) as airflow:
            dags = [f"collect_{site.id}" for site in active_sites(load_settings(machine("any")))]
            states = airflow.collect(dags)
            if set(states.values()) != {"success"}:
                sys.exit(f"{workers} workers: {states}")
            return {"seconds": round(max(airflow.taken.values()), 1), "requests": asked(url)}


@contextmanager
def common(told: dict[str, str]) -> Iterator[dict[str, str]]:
    """The variables of a store and a catalogue, for this process too."""
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield told
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@contextmanager
def slow_portal(late: float) -> Iterator[str]:
    port = free_port(8795)
    url = f"http://127.0.0.1:{port}"
    with answering("slow_portal.py", late, port, ready=lambda: asked(url)):
        yield url


def asked(url: str) -> int:
    """How many requests the portal had since the last look."""
    with urllib.request.urlopen(f"{url}/_control", timeout=60) as answer:  # noqa: S310
        total = int(json.load(answer)["requests"])
    before, asked.before = getattr(asked, "before", 0), total
    return total - before


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
