"""docker-compose.yml in a real engine: both profiles, restarts, crashes in the middle, an upgrade."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest
import requests

from gonggo.local_airflow.airflow_api import FINAL, AirflowApi
from gonggo.settings import Settings
from tests.containers.engine import BEFORE, FILE, IMAGE, ROOT, Project, file_before, project, wait_until
from tests.world import VERSIONS, masked, tables

# As the single machine collects: tests/world.py.
AS_THERE = {"GONGGO_PREFILTER": "off", "GONGGO_CHUNK_SIZE": "5"}
# Airflow notices after five minutes that the process of a task is gone, and tries again five minutes later.
SECONDS = 2400
# Batches that are staged and not published.
WAITING = """
from gonggo.crawl.run_files import batch_ids
from gonggo.settings import load_settings
from gonggo.warehouse.completeness import published_batches
from gonggo.warehouse.factory import warehouse_of
settings = load_settings()
warehouse_of(settings).fetch_snapshot()
print(len(batch_ids(settings)), len(batch_ids(settings) - published_batches(settings)))
"""


def collecting(api: AirflowApi) -> list[str]:
    """Return the ids of the DAGs that collect, once Airflow has found them all."""

    def collecting_dags() -> list[str]:
        return sorted(dag for dag in api.dags() if dag.startswith("collect_"))

    # Those that collect come from one file, and so all at once.
    wait_until(lambda: {"warehouse", "notify", "maintenance"} <= api.dags() and collecting_dags(), 180)
    return collecting_dags()


def wait_for_tasks(running: Project, dags: list[str]) -> None:
    """Wait until several tasks of the DAGs' first runs, which Airflow starts by itself, are running.

    Raises:
        AssertionError: The runs have ended, so that nothing can be interrupted any more.
    """
    api = running.api()

    def several() -> bool:
        runs = [(dag, run) for dag in dags for run in api.runs(dag)]
        assert len(runs) < len(dags) or any(run["state"] not in FINAL for _, run in runs), "all runs have ended"
        return len([task for dag, run in runs for task in api.running_tasks(dag, run["dag_run_id"])]) > 1

    wait_until(several, SECONDS, running.logs)


def wait_for_publication(running: Project, dags: list[str]) -> None:
    """Wait until every run of the DAGs has succeeded, and what they staged is published."""
    api = running.api()

    def states(dag: str) -> set[str]:
        return {str(run["state"]) for run in api.runs(dag)}

    def published() -> bool:
        answer = running.inside("scheduler", "python", "-c", WAITING, check=False)
        batches = answer.stdout.split()[-2:]
        idle = states("warehouse") <= set(FINAL)
        return idle and answer.returncode == 0 and batches[1] == "0" and int(batches[0]) >= len(dags)

    wait_until(lambda: all(states(dag) and states(dag) <= set(FINAL) for dag in dags), SECONDS, running.logs)
    assert {dag: states(dag) for dag in dags} == {dag: {"success"} for dag in dags}
    wait_until(published, SECONDS, running.logs)
    assert states("warehouse") == {"success"}


def assert_as_on(single: Settings, running: Project, **more: str) -> None:
    """Compare the published tables with those of the single machine."""
    expected = masked(tables(single, **more))
    actual = masked(tables(running.published(running.folder / "published"), **more))
    assert actual == expected
    assert expected["calls"] and expected["facts"]


def crash_postgres(running: Project) -> None:
    """Kill Postgres; the engine starts it again."""
    (postgres,) = running.containers("postgres")
    running.crash(postgres["Id"])
    wait_until(lambda: running.containers("postgres")[0]["RestartCount"] > postgres["RestartCount"], 60, running.logs)


def crash_worker(running: Project) -> None:
    """Kill a worker in the middle of a task of a DAG that collects; the engine starts it again."""

    def at_work(worker: str) -> bool:
        of_worker = f"state = 'running' AND dag_id LIKE 'collect_%' AND hostname = '{worker[:12]}'"
        return psql(running, f"SELECT count(*) FROM task_instance WHERE {of_worker}").strip() != "0"

    def crashed() -> bool:
        for worker in [str(container["Id"]) for container in running.containers("worker")]:
            if at_work(worker):
                running.crash(worker)
                # Its tasks may have ended before; what did not end still runs as far as Airflow knows.
                if at_work(worker):
                    return True
        return False

    wait_until(crashed, 120, running.logs)


def make_old_traces(running: Project) -> None:
    """Leave a log of a task, and an entry of Airflow's log of events, of long ago."""
    folder = "/opt/gonggo/airflow/logs/dag_id=collect_btp/run_id=old"
    running.inside("scheduler", "sh", "-c", f"mkdir -p {folder} && touch -d '40 days ago' {folder}/1.log {folder}")
    psql(running, "INSERT INTO log (dttm, event) VALUES (now() - INTERVAL '40 days', 'of long ago')")
    psql(running, "INSERT INTO log (dttm, event) VALUES (now(), 'of now')")


def assert_old_traces_are_gone(running: Project) -> None:
    """Only what is of long ago is removed; the cleaner, which has just been started again, says that it is well."""
    logs = "/opt/gonggo/airflow/logs"
    assert running.inside("scheduler", "ls", f"{logs}/dag_id=collect_btp/run_id=old/1.log", check=False).returncode
    assert running.inside("scheduler", "find", logs, "-name", "*.log").stdout
    assert psql(running, "SELECT DISTINCT event FROM log WHERE event LIKE 'of %'").split() == ["of", "now"]


def psql(running: Project, sql: str) -> str:
    command = f'PGPASSWORD="$POSTGRES_PASSWORD" psql -v ON_ERROR_STOP=1 -U airflow -At -c "{sql}"'
    return running.inside("postgres", "sh", "-c", command).stdout


def slots(running: Project) -> int:
    """Return how many tasks may write to the warehouse at once."""
    return int(psql(running, "SELECT slots FROM slot_pool WHERE pool = 'gonggo_writer'"))


def behind_a_proxy(running: Project) -> None:
    """Start with the override file of docs/containers.md beside the compose file."""
    text = (ROOT / "docs" / "containers.md").read_text("utf-8")
    override = running.folder / "docker-compose.override.yml"
    override.write_text(re.findall(r"```yaml\n(.*?)```", text, re.S)[0], "utf-8")
    running.files = (FILE, override)
    running.up()


def page(path: str, token: str = "") -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.get(f"http://127.0.0.1:8080{path}", headers=headers, timeout=60, allow_redirects=False)


def test_one_machine(single_machine: Settings, tmp_path: Any) -> None:
    with project(tmp_path, "demo", **AS_THERE) as running:
        # Not yet healthy: the first runs would be over by then.
        running.start()
        dags = collecting(running.api())
        wait_for_tasks(running, dags)
        crash_postgres(running)
        running.wait_until_healthy()
        wait_for_publication(running, dags)
        assert_as_on(single_machine, running, versions=VERSIONS)

        make_old_traces(running)
        running.compose("restart", "--timeout", "30")
        running.wait_until_healthy()
        assert_as_on(single_machine, running, versions=VERSIONS)
        assert_old_traces_are_gone(running)
        assert slots(running) == 1
        # Nobody without a login sees the pages.
        assert page("/gonggo/").status_code in (302, 303, 307, 401, 403)
        token = str(running.api().session.headers["Authorization"]).removeprefix("Bearer ")
        assert "text/html" in page("/gonggo/", token).headers["Content-Type"]
        assert json.loads(running.inside("scheduler", "gonggo", "doctor", "--json", check=False).stdout)
        days = ("--from-date", "2026-11-01", "--to-date", "2026-11-02")
        running.inside("scheduler", "airflow", "backfill", "create", "--dag-id", "collect_btp", *days)
        wait_for_publication(running, dags)
        assert {run["run_type"] for run in running.api().runs("collect_btp")} >= {"scheduled", "backfill"}
        assert_as_on(single_machine, running, versions=VERSIONS)
        assert "InsecureKeyLength" not in running.compose("logs", "--no-color")

        behind_a_proxy(running)
        behind = {"Host": "gonggo.example.kr", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
        # One address is made of the headers, one of the setting.
        for path in ("/auth/login", "/api/v2/auth/login"):
            answer = requests.get(f"http://127.0.0.1:8080{path}", headers=behind, timeout=60, allow_redirects=False)
            assert answer.headers["Location"] == "https://gonggo.example.kr/auth/login/"
        login = requests.get("http://127.0.0.1:8080/auth/login/", headers=behind, timeout=60)
        assert [cookie.secure for cookie in login.cookies] == [True]


def test_many_machines(single_machine: Settings, tmp_path: Any) -> None:
    with project(tmp_path, "demo", "scaled", **AS_THERE) as running:
        running.start("--scale", "worker=2")
        dags = collecting(running.api())
        wait_for_tasks(running, dags)
        crash_worker(running)
        wait_for_tasks(running, dags)
        crash_postgres(running)
        running.wait_until_healthy()
        wait_for_publication(running, dags)
        # What the worker did not end was tried again.
        assert int(psql(running, "SELECT max(try_number) FROM task_instance WHERE dag_id LIKE 'collect_%'")) > 1
        assert_as_on(single_machine, running, versions=VERSIONS)

        assert slots(running) == 4
        running.compose("restart", "--timeout", "30")
        running.wait_until_healthy()
        assert_as_on(single_machine, running, versions=VERSIONS)


@pytest.fixture
def image_before() -> Any:
    """The image before under the name that the compose file has; a function puts the present one back."""
    present = subprocess.run(
        ["docker", "image", "inspect", "--format", "{{.Id}}", IMAGE], check=True, capture_output=True, text=True
    ).stdout.strip()

    def put_back() -> None:
        subprocess.run(["docker", "tag", present, IMAGE], check=True)

    subprocess.run(["docker", "tag", BEFORE, IMAGE], check=True)
    yield put_back
    put_back()


def test_an_upgrade(single_machine: Settings, image_before: Any, tmp_path: Any) -> None:
    with project(tmp_path, "demo", file=file_before(tmp_path), **AS_THERE) as running:
        running.up()
        wait_for_publication(running, collecting(running.api()))
        with_before = tables(running.published(tmp_path / "before"), versions=VERSIONS)
        assert with_before["calls"]

        image_before()
        running.files = (FILE,)
        running.up()
        api = running.api()
        dags = collecting(api)
        for dag in dags:
            api.trigger(dag)
        wait_for_publication(running, dags)
        # What was collected before is read again by the extractors of the new image.
        running.inside("scheduler", "gonggo", "replay")
        assert_as_on(single_machine, running)
