"""Airflow's metadata database on this machine: created once per version of Airflow, repaired after a kill."""

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
# Several commands of Airflow's command line in one process: to load Airflow takes longer than each of them.
_COMMANDS = """
import json, sys
from airflow.__main__ import main
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["airflow", *arguments]
    main()
"""


def prepare_database(programs: Programs) -> None:
    """Create or migrate tables and pools for this version of Airflow, unless the last start has done so.

    Raises:
        GonggoError: A command of Airflow failed; the message has the end of its output.
    """
    home = programs.logs.parent
    replace_if_damaged(home / "airflow.db")
    versions = json.dumps({"airflow": importlib.metadata.version("apache-airflow-core"), "pools": POOLS})
    stamp = home / "prepared.json"
    if stamp.exists() and stamp.read_text("utf-8") == versions and (home / "airflow.db").exists():
        return
    pools = home / "pools.json"
    pools.write_text(json.dumps(POOLS), "utf-8")
    command = [sys.executable, "-c", _COMMANDS, json.dumps([["db", "migrate"], ["pools", "import", str(pools)]])]
    result = subprocess.run(command, env=programs.env, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        output = f"{result.stdout[-1500:]}{result.stderr[-1500:]}"
        raise GonggoError(f"airflow db migrate and pools import failed:\n{output}")
    stamp.write_text(versions, "utf-8")


def replace_if_damaged(database: Path) -> None:
    """Rename a damaged database, so that a new one is created, without the history of runs."""
    if not database.exists():
        return
    try:
        with transaction(database) as db:
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        quarantine(database, str(error))


def mark_runs_ended(airflow_home: Path) -> None:
    """Record that every DAG run in the database has ended."""
    _ended_mark(airflow_home).touch()


def have_runs_ended(airflow_home: Path) -> bool:
    """Return whether every DAG run in the database has ended, so that none blocks a new one."""
    return not (airflow_home / "airflow.db").exists() or _ended_mark(airflow_home).exists()


def unmark_runs_ended(airflow_home: Path) -> None:
    """Record that there may be DAG runs that have not ended."""
    _ended_mark(airflow_home).unlink(missing_ok=True)


def _ended_mark(airflow_home: Path) -> Path:
    return airflow_home / "runs_ended"
