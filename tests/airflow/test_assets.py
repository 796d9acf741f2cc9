"""The assets that the DAGs update: what their events say, and who follows them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gonggo.settings import load_settings
from gonggo.warehouse.snapshot import open_snapshot
from tests.airflow.running import ROOT, RUN, airflow_of, run_dags

pytestmark = pytest.mark.slow

EXAMPLES = f"import sys; sys.path.insert(0, {str(ROOT / 'docs' / 'examples')!r})\n"
FOLLOWERS = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
for name in sys.argv[2:]:
    timetable = importlib.import_module(name).dag.timetable
    print("RESULT" + ",".join(asset.name for asset in timetable.asset_condition.objects))
"""


def query(home: Path, sql: str) -> list[Any]:
    """Rows of Airflow's database."""
    with closing(sqlite3.connect(home / "airflow" / "airflow.db")) as db:
        return db.execute(sql).fetchall()


def test_events_say_what_was_staged_and_published_and_the_example_reads_it(tmp_path: Path, portal: Any) -> None:
    folder = shutil.copytree(ROOT / "dags", tmp_path / "dags")
    shutil.copy(ROOT / "docs" / "examples" / "follow_publication.py", folder)
    env = airflow_of(tmp_path, GONGGO_SOURCES="demo,jbba", GONGGO_DEMO_URL=portal.url)
    env["AIRFLOW__CORE__DAGS_FOLDER"] = str(folder)
    dags = ("collect:collect_jbba", "warehouse:dag", "follow_publication:dag")
    states, log = run_dags(env, *dags, code=EXAMPLES + RUN)
    assert len(states) == 3 and ":failed" not in "".join(states), log[-12000:]

    events = query(
        tmp_path, "SELECT a.name, e.extra FROM asset_event AS e JOIN asset AS a ON a.id = e.asset_id ORDER BY e.id"
    )
    (staged,) = [json.loads(extra) for name, extra in events if name == "gonggo://batches"]
    (published,) = [json.loads(extra) for name, extra in events if name == "gonggo://published"]
    settings = load_settings(env)
    assert [path.name for path in settings.batches.iterdir() if path.is_dir()] == [staged["batch_id"]]
    assert (staged["source"], staged["state"]) == ("jbba", "ok") and staged["extracted"] > 0
    with closing(open_snapshot(settings)) as con:
        (rows,) = con.execute("SELECT count(*) FROM announcement").fetchone() or (None,)
        warnings = dict(con.execute("SELECT name, rows_found FROM check_result").fetchall())
        regions = Counter(
            region for (sidos,) in con.execute("SELECT sidos FROM open_calls").fetchall() for region in sidos
        )
    assert published["path"] == str(settings.snapshot)
    assert (published["rows"], published["batches"], published["warnings"]) == (rows, 1, warnings)
    ((counted,),) = query(
        tmp_path, "SELECT value FROM xcom WHERE task_id = 'open_calls_by_region' AND key = 'return_value'"
    )
    assert dict(json.loads(counted)) == regions and regions


def test_a_publication_triggers_the_messages_and_the_example(tmp_path: Path) -> None:
    env = airflow_of(tmp_path, GONGGO_ONE_SHOT="0")
    followed, log = run_dags(env, "notify", "follow_publication", "warehouse", code=EXAMPLES + FOLLOWERS)
    assert followed == ["gonggo://published", "gonggo://published", "gonggo://batches"], log[-3000:]
