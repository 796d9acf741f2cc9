"""An Airflow with Celery workers on machines that share only object store, Postgres, Redis and Airflow's database."""

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
from tests.cluster.servers import Servers

COMPONENTS = ("api-server", "scheduler", "dag-processor")
TIMEOUT_SECONDS = 900.0


@dataclass
class Cluster:
    """The programs of Airflow's components, on one machine, and of each worker, on another."""

    api: AirflowApi
    settings: Settings
    programs: list[Programs]
    seconds: dict[str, float] = field(default_factory=dict)

    def check_alive(self) -> None:
        for programs in self.programs:
            programs.check_alive()

    def collect(self, dags: list[str]) -> dict[str, str]:
        """Trigger DAGs, wait for their ends and record their seconds; return their states."""
        begin = time.monotonic()
        runs = {dag: self.api.trigger(dag) for dag in dags}
        states: dict[str, str] = {}
        while len(states) < len(runs):
            self._pause(begin)
            for dag, run in runs.items():
                if dag not in states and (state := self.api.state(dag, run)) in FINAL:
                    states[dag], self.seconds[dag] = state, time.monotonic() - begin
        return states

    def wait_for_warehouse(self) -> None:
        """Wait until every batch of the store is published and no run is active."""
        begin = time.monotonic()
        while True:
            self._pause(begin)
            runs = self.api.runs("warehouse")
            assert all(run["state"] != "failed" for run in runs), runs
            busy = any(run["state"] not in FINAL for run in runs)
            if runs and not busy and batch_ids(self.settings) <= self._published():
                return

    def _published(self) -> set[str]:
        from gonggo.warehouse.factory import warehouse_of

        warehouse_of(self.settings).fetch_snapshot()
        return published_batches(self.settings)

    def _pause(self, begin: float) -> None:
        self.check_alive()
        assert time.monotonic() - begin < TIMEOUT_SECONDS, "not finished"
        time.sleep(0.5)


@contextmanager
def cluster(
    servers: Servers, machine, folder: Path, workers: int, *, concurrency: int = 2, **more: str
) -> Iterator[Cluster]:
    """Run the components of Airflow on one machine and each worker on another, until the block ends."""
    home = machine("airflow", **more)
    settings, port = load_settings(home), free_port(0)
    database, pools = servers.database(), Path(folder / "pools.json")
    pools.write_text(json.dumps({"gonggo_writer": {"slots": 4, "description": "loaders", "include_deferred": False}}))
    shared = {
        **airflow_environment(settings, port, one_shot=True),
        **home,
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CORE__PARALLELISM": "32",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database.replace("postgresql://", "postgresql+psycopg2://"),
        "AIRFLOW__CELERY__BROKER_URL": servers.redis,
        "AIRFLOW__CELERY__RESULT_BACKEND": database.replace("postgresql://", "db+postgresql+psycopg2://"),
    }
    own = {
        name: value for name, value in shared.items() if name.startswith(("AIRFLOW", "PYTHON", "NO_PROXY", "no_proxy"))
    }
    for arguments in (("db", "migrate"), ("pools", "import", str(pools))):
        subprocess.run([sys.executable, "-m", "airflow", *arguments], env=shared, check=True, capture_output=True)
    machines = [Programs(folder / "logs-airflow", shared)]
    for number in range(workers):
        env = {**machine(f"worker{number}", **more), **own, "AIRFLOW_HOME": str(folder / f"airflow{number}")}
        machines.append(Programs(folder / f"logs-worker{number}", env))
    try:
        for name in COMPONENTS:
            machines[0].start(name, sys.executable, "-m", "airflow", name)
        for number, programs in enumerate(machines[1:]):
            options = ("--skip-serve-logs", "--without-mingle", "--celery-hostname", f"worker{number}@%h")
            programs.start(
                "worker", sys.executable, "-m", "airflow", "celery", "worker", "-c", str(concurrency), *options
            )
        base = f"http://127.0.0.1:{port}"
        wait_for(f"{base}/api/v2/version", 180, machines[0])
        running = Cluster(AirflowApi(base, password(settings)), settings, machines)
        deadline = time.monotonic() + 120
        while "warehouse" not in running.api.dags():
            running.check_alive()
            assert time.monotonic() < deadline, "Airflow did not find the DAGs"
            time.sleep(0.5)
        yield running
    finally:
        for programs in reversed(machines):
            programs.stop()
