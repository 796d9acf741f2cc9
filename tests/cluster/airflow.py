"""An Airflow with Celery workers on machines that share nothing but store, catalogue, queue and Airflow's database."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gonggo.crawl.run_files import batch_ids
from gonggo.local_airflow.airflow_api import FINAL, AirflowApi
from gonggo.local_airflow.environment import airflow_environment, free_port, password
from gonggo.local_airflow.programs import Programs, wait_for
from gonggo.settings import Settings, load_settings
from gonggo.warehouse.completeness import published_batches
from tests.cluster.engines import Engines

PARTS = ("api-server", "scheduler", "dag-processor")
PATIENCE = 900.0


@dataclass
class Cluster:
    """The machine of Airflow's own parts and one for each worker."""

    api: AirflowApi
    settings: Settings
    parts: list[Programs]
    taken: dict[str, float] = field(default_factory=dict)

    def check_alive(self) -> None:
        for programs in self.parts:
            programs.check_alive()

    def collect(self, dags: list[str]) -> dict[str, str]:
        """Trigger DAGs and wait for their ends; returns their states, and keeps the seconds they took."""
        begun = time.monotonic()
        runs = {dag: self.api.trigger(dag) for dag in dags}
        states: dict[str, str] = {}
        while len(states) < len(runs):
            self._pause(begun)
            for dag, run in runs.items():
                if dag not in states and (state := self.api.state(dag, run)) in FINAL:
                    states[dag], self.taken[dag] = state, time.monotonic() - begun
        return states

    def wait_for_warehouse(self) -> None:
        """Until every batch of the store is published and nothing runs."""
        begun = time.monotonic()
        while True:
            self._pause(begun)
            runs = self.api.runs("warehouse")
            assert all(run["state"] != "failed" for run in runs), runs
            busy = any(run["state"] not in FINAL for run in runs)
            if runs and not busy and batch_ids(self.settings) <= self._published():
                return

    def _published(self) -> set[str]:
        from gonggo.warehouse.factory import warehouse_of

        warehouse_of(self.settings).fetch_snapshot()
        return published_batches(self.settings)

    def _pause(self, begun: float) -> None:
        self.check_alive()
        assert time.monotonic() - begun < PATIENCE, "not finished"
        time.sleep(0.5)


@contextmanager
def cluster(
    there: Engines, machine, folder: Path, workers: int, *, concurrency: int = 2, **more: str
) -> Iterator[Cluster]:
    """Airflow's parts on one machine, each worker on another."""
    home = machine("airflow", **more)
    settings, port = load_settings(home), free_port(0)
    database, common = there.database(), Path(folder / "queue.json")
    common.write_text(json.dumps({"gonggo_writer": {"slots": 4, "description": "loaders", "include_deferred": False}}))
    shared = {
        **airflow_environment(settings, port, one_shot=True),
        **home,
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CORE__PARALLELISM": "32",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database.replace("postgresql://", "postgresql+psycopg2://"),
        "AIRFLOW__CELERY__BROKER_URL": there.redis,
        "AIRFLOW__CELERY__RESULT_BACKEND": database.replace("postgresql://", "db+postgresql+psycopg2://"),
    }
    own = {
        name: value for name, value in shared.items() if name.startswith(("AIRFLOW", "PYTHON", "NO_PROXY", "no_proxy"))
    }
    for arguments in (("db", "migrate"), ("pools", "import", str(common))):
        subprocess.run([sys.executable, "-m", "airflow", *arguments], env=shared, check=True, capture_output=True)
    parts = [Programs(folder / "logs-airflow", shared)]
    for number in range(workers):
        env = {**machine(f"worker{number}", **more), **own, "AIRFLOW_HOME": str(folder / f"airflow{number}")}
        parts.append(Programs(folder / f"logs-worker{number}", env))
    try:
        for name in PARTS:
            parts[0].start(name, sys.executable, "-m", "airflow", name)
        for number, programs in enumerate(parts[1:]):
            options = ("--skip-serve-logs", "--without-mingle", "--celery-hostname", f"worker{number}@%h")
            programs.start(
                "worker", sys.executable, "-m", "airflow", "celery", "worker", "-c", str(concurrency), *options
            )
        base = f"http://127.0.0.1:{port}"
        wait_for(f"{base}/api/v2/version", 180, parts[0])
        made = Cluster(AirflowApi(base, password(settings)), settings, parts)
        deadline = time.monotonic() + 120
        while "warehouse" not in made.api.dags():
            made.check_alive()
            assert time.monotonic() < deadline, "Airflow did not find the DAGs"
            time.sleep(0.5)
        yield made
    finally:
        for programs in reversed(parts):
            programs.stop()
