"""The DAG upkeep in a real Airflow: what it leaves, and that it turns red when room is short."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from gonggo import pipeline
from gonggo.settings import load_settings
from gonggo.upkeep.backup import backups
from tests.warehouse.batches import batch, day, document

ROOT = Path(__file__).parents[2]
RUN = """
import sys
sys.path.insert(0, sys.argv[1])
import upkeep
for task in upkeep.dag.tasks:
    task.retries = 0
run = upkeep.dag.test()
print("RESULT" + ",".join(sorted(f"{ti.task_id}:{ti.state}" for ti in run.get_task_instances())))
"""


def run_upkeep(home: Path, **more: str) -> tuple[str, str]:
    """One run of the DAG. Returns the states of its tasks, and all that was said."""
    env = {
        **os.environ, "AIRFLOW_HOME": str(home / "airflow"), "PYTHONPATH": str(ROOT / "plugins"), "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"), "GONGGO_HOME": str(home), "GONGGO_SOURCES": "demo", **more,
    }  # fmt: skip
    airflow = [sys.executable, "-W", "ignore", "-m", "airflow"]
    subprocess.run([*airflow, "db", "migrate"], env=env, check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RUN, str(ROOT / "dags")], env=env, capture_output=True, text=True
    )
    return done.stdout.rsplit("RESULT", 1)[-1].strip(), done.stdout + done.stderr


def test_it_sweeps_backs_up_and_warns(tmp_path: Path) -> None:
    home = tmp_path / "home"
    settings = load_settings({"GONGGO_HOME": str(home), "GONGGO_SOURCES": "demo"})
    batch(settings, "gntp", "r1", [document("gntp", "1", "경남 제조 AI 공고", day(2))])
    for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.publish):
        step(settings=settings)
    left = settings.snapshot.with_name(".gonggo.duckdb.99.part")
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    states, said = run_upkeep(home)
    assert "backup:skipped" in states and "sweep:success" in states, said[-6000:]
    assert not left.exists()
    states, said = run_upkeep(home, GONGGO_BACKUP=str(tmp_path / "copy"), GONGGO_DISK_BUDGET="0.001")
    assert "backup:success" in states and "room:failed" in states, said[-6000:]
    assert "GONGGO_DISK_BUDGET" in said
    assert len(backups(tmp_path / "copy")) == 1
