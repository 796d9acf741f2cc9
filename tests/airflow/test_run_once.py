"""The main job itself, on one site: real scheduler, real asset hand-over, twice, and once after a kill."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def start(home):
    env = {
        **os.environ,
        "GONGGO_SOURCES": "demo,jbba,smes24",
        "GONGGO_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }
    env.pop("GONGGO_INBOX", None)
    command = [sys.executable, "-m", "gonggo.local_airflow.run_once"]
    return subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def alive(home):
    """Programs of Airflow or the portal that still work for this home."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"GONGGO_HOME={home}".encode() in environ.read_bytes().split(b"\x00"):
                found.append((environ.parent / "cmdline").read_bytes().replace(b"\x00", b" ").decode())
        except OSError:
            continue
    return found


def test_killed_half_way_then_run_again_then_nothing_new(tmp_path):
    home = tmp_path / "home"
    cut = start(home)
    deadline = time.monotonic() + 120
    while not list((home / "work").glob("jbba/*/listing.jsonl")) and time.monotonic() < deadline:
        time.sleep(0.05)
    cut.send_signal(signal.SIGKILL)
    cut.communicate()

    whole = start(home)
    printed = whole.communicate(timeout=300)[0]
    assert whole.returncode == 0, printed
    assert "interrupted" in printed
    # The runs that the killed scheduler left open ended before the new ones began, and none is open.
    with closing(sqlite3.connect(home / "airflow" / "airflow.db")) as db:
        states = [
            state for (state,) in db.execute("SELECT state FROM dag_run WHERE dag_id = 'collect_jbba' ORDER BY id")
        ]
        assert states == ["failed", "success"]
        assert db.execute("SELECT * FROM dag_run WHERE state NOT IN ('success', 'failed')").fetchall() == []
    with duckdb.connect(str(home / "published" / "gonggo.duckdb"), read_only=True) as con:
        counted = dict(con.execute("SELECT source, count(*) FROM announcement GROUP BY 1").fetchall())
        doubled = con.execute(
            "SELECT count(*) FROM announcement_version WHERE is_current GROUP BY announcement_key HAVING count(*) > 1"
        )
        assert doubled.fetchall() == []
    # Of the ten rows of jbba the net leaves one.
    assert counted == {"jbba": 9, "smes24": 24}

    again = start(home)
    printed = again.communicate(timeout=300)[0]
    assert again.returncode == 0, printed
    assert "Nothing new" in printed
    assert alive(home) == []
    runs = [json.loads(p.read_text("utf-8")) for p in sorted((home / "batches").glob("*/run.json"))]
    assert sum(run["extracted"] for run in runs) == 33
