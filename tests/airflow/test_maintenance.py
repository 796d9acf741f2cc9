"""The DAG upkeep in a real Airflow: what it leaves, and that it turns red when room is short."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gonggo import pipeline
from gonggo.maintenance.backup import backups
from gonggo.settings import load_settings
from tests.airflow.running import airflow_of, run_dags
from tests.warehouse.batches import batch, day, document

pytestmark = pytest.mark.slow


def test_it_sweeps_backs_up_and_warns(tmp_path: Path) -> None:
    home = tmp_path / "home"
    settings = load_settings({"GONGGO_HOME": str(home), "GONGGO_SOURCES": "demo"})
    batch(settings, "gntp", "r1", [document("gntp", "1", "경남 제조 AI 공고", day(2))])
    for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.publish):
        step(settings=settings)
    left = settings.snapshot.with_name(".gonggo.duckdb.99.part")
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    (states,), log = run_dags(airflow_of(home), "maintenance:dag")
    assert "backup:skipped" in states and "cleanup:success" in states and "verify:success" in states, log[-6000:]
    assert not left.exists()
    env = airflow_of(home, GONGGO_BACKUP=str(tmp_path / "copy"), GONGGO_DISK_BUDGET="0.001")
    (states,), log = run_dags(env, "maintenance:dag")
    assert "backup:success" in states and "disk_usage:failed" in states, log[-6000:]
    assert "GONGGO_DISK_BUDGET" in log
    assert len(backups(tmp_path / "copy")) == 1
