"""Airflow's own database on this machine: made once per version of Airflow, mended after a kill."""

from __future__ import annotations

import importlib.metadata
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

from gonggo.errors import GonggoError
from gonggo.local_airflow.programs import Programs
from gonggo.small_state import is_damage, quarantine, transaction

POOLS = {"gonggo_writer": {"slots": 1, "description": "the one writer of the warehouse", "include_deferred": False}}


def prepare_database(programs: Programs) -> None:
    """Bring tables and pools to the state that this version needs. A stamp spares the next start the work."""
    home = programs.logs.parent
    _mend(home / "airflow.db")
    wanted = json.dumps({"airflow": importlib.metadata.version("apache-airflow-core"), "pools": POOLS})
    stamp = home / "prepared.json"
    if stamp.exists() and stamp.read_text("utf-8") == wanted and (home / "airflow.db").exists():
        return
    pools = home / "pools.json"
    pools.write_text(json.dumps(POOLS), "utf-8")
    for arguments in (("db", "migrate"), ("pools", "import", str(pools))):
        command = [sys.executable, "-m", "airflow", *arguments]
        done = subprocess.run(command, env=programs.env, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise GonggoError(f"airflow {' '.join(arguments)} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
    stamp.write_text(wanted, "utf-8")


def _mend(database: Path) -> None:
    """Put a damaged database aside; its history of runs is gone with it, and a new one is made."""
    if not database.exists():
        return
    try:
        with transaction(database) as db:
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        quarantine(database, str(error))


def close_open_runs(database: Path) -> None:
    """End the DAG runs that a killed scheduler left open; they would block the new ones. Their work was kept."""
    if not database.exists():
        return
    _mend(database)
    if not database.exists():
        return
    with transaction(database) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'dag_run'").fetchone():
            return
        db.execute(
            "UPDATE dag_run SET state = 'failed', end_date = CURRENT_TIMESTAMP WHERE state IN ('running', 'queued')"
        )
        unfinished = "('running', 'queued', 'scheduled', 'up_for_retry', 'restarting', 'deferred')"
        db.execute(f"UPDATE task_instance SET state = 'failed' WHERE state IN {unfinished}")  # noqa: S608 (a constant)
