"""A client for the few calls of Airflow's REST API that a one-shot run needs."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import requests

from gonggo.errors import GonggoError
from gonggo.local_airflow.environment import USER

FINAL = ("success", "failed")
# Attempts of a call while the server is busy or not up yet.
_ATTEMPTS = 6


class AirflowApi:
    """A client that is logged in to the Airflow on this machine.

    Raises:
        GonggoError: By the constructor, if Airflow refuses the login.
    """

    def __init__(self, base: str, password: str) -> None:
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False
        login = {"username": USER, "password": password}
        response = self.session.post(f"{base}/auth/token", json=login, timeout=60)
        if response.status_code != 201:
            raise GonggoError(
                f"Airflow refused the login ({response.status_code}); remove passwords.json and try again"
            )
        self.session.headers["Authorization"] = f"Bearer {response.json()['access_token']}"

    def _call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a request; repeat it while the database is busy (SQLite has one writer) or the server is not up."""
        for attempt in range(_ATTEMPTS):
            last = attempt == _ATTEMPTS - 1
            try:
                response = self.session.request(method, f"{self.base}/api/v2{path}", timeout=60, **options)
                if response.status_code < 500 or last:
                    return response
            except requests.RequestException:
                if last:
                    raise
            time.sleep(1 + attempt)
        raise AssertionError

    def dags(self) -> set[str]:
        """Return the ids of the DAGs that have been parsed.

        Raises:
            GonggoError: A DAG file cannot be imported; the message has its traceback.
        """
        broken = self._call("GET", "/importErrors").json().get("import_errors", [])
        if broken:
            raise GonggoError(f"{broken[0]['filename']} cannot be imported:\n{broken[0]['stack_trace']}")
        return {dag["dag_id"] for dag in self._call("GET", "/dags?limit=500").json().get("dags", [])}

    def trigger(self, dag_id: str) -> str:
        """Start a run; return its id.

        Raises:
            GonggoError: Airflow did not start it.
        """
        self._call("PATCH", f"/dags/{dag_id}", json={"is_paused": False})
        # Since the run id is ours, a repeated call cannot start a second run: 409 means that the first call arrived.
        run_id = f"manual__{datetime.now(UTC).isoformat()}"
        response = self._call("POST", f"/dags/{dag_id}/dagRuns", json={"logical_date": None, "dag_run_id": run_id})
        if response.status_code not in (200, 409):
            raise GonggoError(f"Airflow did not start {dag_id}: {response.status_code} {response.text[:300]}")
        return run_id

    def state(self, dag_id: str, run_id: str) -> str:
        """Return the state of a run: queued, running, success or failed."""
        return str(self._call("GET", f"/dags/{dag_id}/dagRuns/{run_id}").json().get("state"))

    def fail_open_runs(self) -> int:
        """Mark all runs of all DAGs that have not ended as failed; return how many there were."""
        failed = set[tuple[str, str]]()
        while open_runs := self.open_runs() - failed:
            for dag_id, run_id in open_runs:
                # A DAG that no longer exists cannot be changed, and its runs block nothing.
                self._call("PATCH", f"/dags/{dag_id}/dagRuns/{quote(run_id, safe='')}", json={"state": "failed"})
            failed |= open_runs
        return len(failed)

    def open_runs(self) -> set[tuple[str, str]]:
        """Return DAG id and run id of runs that have not ended, at most a page of them."""
        response = self._call("GET", "/dags/~/dagRuns?state=running&state=queued&limit=100")
        return {(run["dag_id"], run["dag_run_id"]) for run in response.json().get("dag_runs", [])}

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        """Return the last runs of a DAG, newest first."""
        response = self._call("GET", f"/dags/{dag_id}/dagRuns?limit=20&order_by=-run_after")
        return list(response.json().get("dag_runs", []))

    def running_tasks(self, dag_id: str, run_id: str) -> list[str]:
        """Return the ids of the tasks of a run that are running."""
        response = self._call("GET", f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances?state=running")
        return [str(task["task_id"]) for task in response.json().get("task_instances", [])]
