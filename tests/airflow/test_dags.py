"""The DAGs as Airflow sees them, parsed in a process of their own so that no setting leaks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.airflow.running import airflow_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PARSE = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
print("RESULT" + json.dumps({
    "errors": {k: str(v) for k, v in bag.import_errors.items()},
    "dags": {d.dag_id: {t.task_id: sorted(t.upstream_task_ids) for t in d.tasks} for d in bag.dags.values()},
    "docs": [d.dag_id for d in bag.dags.values() if not d.doc_md],
    "pools": sorted({t.pool for t in bag.dags["warehouse"].tasks}),
    "owners": sorted({t.owner for d in bag.dags.values() for t in d.tasks}),
    "tags": [d.dag_id for d in bag.dags.values() if "gonggo" not in d.tags],
    "inlets": sorted({f"{d.dag_id}.{t.task_id}<{a.name}" for d in bag.dags.values() for t in d.tasks for a in t.inlets}),
    "outlets": sorted({f"{d.dag_id}.{t.task_id}>{a.name}" for d in bag.dags.values() for t in d.tasks for a in t.outlets}),
    "most_tasks": sorted({d.max_active_tasks for d in bag.dags.values() if "collect" in d.tags}),
    "fetches": sorted({t.partial_kwargs["max_active_tis_per_dagrun"] for d in bag.dags.values() for t in d.tasks if t.task_id == "fetch"}),
    "deadlines": sorted(d.dag_id for d in bag.dags.values() if d.deadline),
    "untold": [d.dag_id for d in bag.dags.values() if not d.on_failure_callback],
    "heavy": [m for m in ("duckdb", "bs4", "requests") if m in sys.modules],
}))
"""
PLUGINS = """
import json, sys
from airflow import plugins_manager as pm
pm.get_fastapi_plugins()
stems = {"settings", "model", "errors", "pipeline", "cli", "datafile"}
print("RESULT" + json.dumps({
    "names": [p.name for p in pm._get_plugins()[0]],
    "errors": pm.get_import_errors(),
    "loose": sorted(stems & set(sys.modules)),
}))
"""


def _airflow(code, tmp_path, *arguments, **extra):
    env = {
        **os.environ,
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        **extra,
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *arguments], env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.rsplit("RESULT", 1)[1])


def test_every_named_source_is_a_dag_and_parsing_stays_light(tmp_path):
    seen = _airflow(PARSE, tmp_path, str(ROOT / "dags"), GONGGO_SOURCES="demo,bizinfo,btp")
    assert seen["errors"] == {}
    assert set(seen["dags"]) == {"collect_bizinfo", "collect_btp", "warehouse", "notify", "maintenance"}
    assert seen["dags"]["collect_btp"]["stage"] == ["extract"]
    assert seen["dags"]["warehouse"]["publish"] == ["check"]
    assert seen["pools"] == ["gonggo_writer"]
    assert seen["docs"] == []
    assert (seen["owners"], seen["tags"]) == (["gonggo"], [])
    assert seen["deadlines"] == ["collect_bizinfo", "collect_btp", "warehouse"]
    assert seen["untold"] == []
    assert seen["heavy"] == []


def test_the_lineage_of_the_data_is_shown(tmp_path):
    seen = _airflow(PARSE, tmp_path, str(ROOT / "dags"), GONGGO_SOURCES="live,btp")
    assert seen["inlets"] == [
        "notify.due<gonggo://published",
        "notify.morning<gonggo://published",
        "warehouse.load<gonggo://batches",
    ]
    assert seen["outlets"] == ["collect_btp.stage>gonggo://batches", "warehouse.publish>gonggo://published"]


def test_a_source_leaves_slots_to_others(tmp_path):
    """Where requests have to wait for each other, a second task would only wait too."""
    polite = _airflow(PARSE, tmp_path, str(ROOT / "dags"), GONGGO_SOURCES="live,btp")
    assert (polite["most_tasks"], polite["fetches"]) == ([4], [1])
    at_once = _airflow(PARSE, tmp_path, str(ROOT / "dags"), GONGGO_SOURCES="demo,btp")
    assert at_once["fetches"] == [2]


def test_a_backfill_is_refused_before_it_locks_sqlite(tmp_path):
    env = airflow_of(tmp_path, GONGGO_SOURCES="demo,btp", GONGGO_ONE_SHOT="0")
    done = None
    for words in (
        ("dags", "reserialize"),
        ("backfill", "create", "--dag-id", "collect_btp", "--from-date", "2026-11-01", "--to-date", "2026-11-02"),
    ):
        command = [sys.executable, "-W", "ignore", "-m", "airflow", *words]
        done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode != 0
    assert "does not allow backfill runs" in done.stdout + done.stderr
    assert "database is locked" not in done.stdout + done.stderr


def test_the_plugin_loader_leaves_the_package_alone(tmp_path):
    seen = _airflow(PLUGINS, tmp_path)
    assert "gonggo" in seen["names"]
    assert seen["errors"] == {}
    assert seen["loose"] == []


def test_a_key_that_is_left_to_a_connection_is_not_looked_up_by_parsing(tmp_path):
    keys = {"DATA_GO_KR_API_KEY": "connection:nowhere"}
    seen = _airflow(PARSE, tmp_path, str(ROOT / "dags"), GONGGO_SOURCES="live,mss_api", **keys)
    assert seen["errors"] == {}
    assert "collect_mss_api" in seen["dags"]
