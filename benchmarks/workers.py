"""Measure 1, 2 and 4 Celery workers on sites that take a second to answer, where a collection mostly waits.

Each worker is a process with a home of its own that runs one task at a time. Files go through an S3 server, shared state
through Postgres and tasks through Redis, all on this machine. The time is that from the trigger of twelve collecting DAGs
to the end of the last. For comparison, `gonggo collect` collects one source after another.

usage: workers.py [--delay SECONDS]
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
from serving import server_process

from gonggo.local_airflow.environment import free_port
from gonggo.settings import load_settings
from gonggo.sources.catalogue import active_sites
from tests.cluster.airflow import cluster
from tests.cluster.servers import Servers, run_servers
from tests.world import environment as home_environment

WORKERS = (1, 2, 4)


def main() -> int:
    """Measure each number of workers, print the times and save them."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--delay", type=float, default=1.0, help="seconds before each answer")
    args = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="gonggo-workers-") as folder, slow_portal(args.delay) as url:
        rows = [
            {
                "workers": 0,
                "seconds": collect_in_sequence(Path(folder) / "sequence", url),
                "requests": request_count(url),
            }
        ]
        with (
            tempfile.TemporaryDirectory(prefix="gonggo-servers-") as server_folder,
            run_servers(Path(server_folder)) as running,
        ):
            for workers in WORKERS:
                rows.append(
                    {
                        "workers": workers,
                        **collect_by_celery(running, _new_folder(Path(folder) / str(workers)), url, workers),
                    }
                )
    print(
        f"{rows[0]['requests']} requests, each answered after {args.delay:g} s; {environment()['cores']} cores for everything"
    )
    print(f"{'':<40}{'seconds':>9}{'times as fast as one worker':>29}")
    for row in rows:
        name = f"{row['workers']} Celery workers" if row["workers"] else "gonggo collect, one source after another"
        print(f"{name:<40}{row['seconds']:>9.0f}{rows[1]['seconds'] / row['seconds']:>29.2f}")
    save("workers", {"late_seconds": args.delay, "rows": rows})
    return 0


def collect_in_sequence(home: Path, url: str) -> float:
    """Return the seconds of `gonggo collect`, which collects one source after another."""
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "gonggo.cli", "collect"],
        check=False,
        env=home_environment(home, url),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return round(time.perf_counter() - begin, 1)


def collect_by_celery(running: Servers, folder: Path, url: str, workers: int) -> dict[str, float]:
    """Return the seconds from the trigger to the end of the last DAG run, and the number of requests."""
    request_count(url)
    with environment_variables(
        running.environment(f"s3://gonggo/{secrets.token_hex(4)}", running.database())
    ) as shared:

        def machine(name: str, **more: str) -> dict[str, str]:
            return {**home_environment(folder / name, url), **shared, **more}

        with cluster(running, machine, folder, workers, concurrency=1) as airflow:
            dags = [f"collect_{site.id}" for site in active_sites(load_settings(machine("any")))]
            states = airflow.collect(dags)
            if set(states.values()) != {"success"}:
                sys.exit(f"{workers} workers: {states}")
            return {"seconds": round(max(airflow.seconds.values()), 1), "requests": request_count(url)}


@contextmanager
def environment_variables(values: dict[str, str]) -> Iterator[dict[str, str]]:
    """Set environment variables of this process until the block ends, and yield them."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield values
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@contextmanager
def slow_portal(delay: float) -> Iterator[str]:
    """Serve the demo portal with a delay before each answer until the block ends, and yield its address."""
    port = free_port(8795)
    url = f"http://127.0.0.1:{port}"
    with server_process("slow_portal.py", delay, port, ready=lambda: request_count(url)):
        yield url


def request_count(url: str) -> int:
    """Return the number of requests to the portal since the last call."""
    with urllib.request.urlopen(f"{url}/_control", timeout=60) as answer:  # noqa: S310
        total = int(json.load(answer)["requests"])
    before, request_count.before = getattr(request_count, "before", 0), total
    return total - before


def _new_folder(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
