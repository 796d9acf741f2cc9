"""The few calls of Airflow's REST API that a one-shot run needs."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import requests

from gonggo.errors import GonggoError
from gonggo.local_airflow.environment import USER

FINAL = ("success", "failed")
_ATTEMPTS = 6


class AirflowApi:
    """A logged-in client of the Airflow on this machine."""

    def __init__(self, base: str, password: str) -> None:
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False
        login = {"username": USER, "password": password}
        answer = self.session.post(f"{base}/auth/token", json=login, timeout=60)
        if answer.status_code != 201:
            raise GonggoError(f"Airflow refused the login ({answer.status_code}); remove passwords.json and try again")
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def _call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Ask, and ask again while the database (SQLite has one writer) is busy or the server not there."""
        for attempt in range(_ATTEMPTS):
            last = attempt == _ATTEMPTS - 1
            try:
                answer = self.session.request(method, f"{self.base}/api/v2{path}", timeout=60, **options)
                if answer.status_code < 500 or last:
                    return answer
            except requests.RequestException:
                if last:
                    raise
            time.sleep(1 + attempt)
        raise AssertionError

    def dags(self) -> set[str]:
        """Ids of the DAGs that have been parsed.

        Raises:
            GonggoError: a DAG file does not import; the message has its traceback.
        """
        broken = self._call("GET", "/importErrors").json().get("import_errors", [])
        if broken:
            raise GonggoError(f"{broken[0]['filename']} does not import:\n{broken[0]['stack_trace']}")
        return {dag["dag_id"] for dag in self._call("GET", "/dags?limit=500").json().get("dags", [])}

    def trigger(self, dag_id: str) -> str:
        """Start a run; returns its id."""
        self._call("PATCH", f"/dags/{dag_id}", json={"is_paused": False})
        # With an id of our own a repeated call cannot start a second run: 409 says that the first one arrived.
        run_id = f"manual__{datetime.now(UTC).isoformat()}"
        answer = self._call("POST", f"/dags/{dag_id}/dagRuns", json={"logical_date": None, "dag_run_id": run_id})
        if answer.status_code not in (200, 409):
            raise GonggoError(f"Airflow did not start {dag_id}: {answer.status_code} {answer.text[:300]}")
        return run_id

    def state(self, dag_id: str, run_id: str) -> str:
        """queued, running, success or failed."""
        return str(self._call("GET", f"/dags/{dag_id}/dagRuns/{run_id}").json().get("state"))

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        """The runs of a DAG, newest first."""
        answer = self._call("GET", f"/dags/{dag_id}/dagRuns?limit=20&order_by=-run_after")
        return list(answer.json().get("dag_runs", []))
