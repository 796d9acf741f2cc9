"""The main job itself, on one site: real scheduler, real asset hand-over, twice, and once after a kill."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def start(home, sources="demo,jbba,smes24", command=("-m", "gonggo.local_airflow.run_once")):
    env = {
        **os.environ,
        "GONGGO_SOURCES": sources,
        "GONGGO_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }
    env.pop("GONGGO_INBOX", None)
    command = [sys.executable, *command]
    return subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def alive(home):
    """Programs of Airflow or the portal that still work for this home."""
    command_lines = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"GONGGO_HOME={home}".encode() in environ.read_bytes().split(b"\x00"):
                command_lines.append((environ.parent / "cmdline").read_bytes().replace(b"\x00", b" ").decode())
        except OSError:
            continue
    return command_lines


def test_killed_half_way_then_run_again_then_nothing_new(tmp_path):
    home = tmp_path / "home"
    cut = start(home)
    deadline = time.monotonic() + 600
    while not (listed := list((home / "work").glob("jbba/*/listing.jsonl"))) and time.monotonic() < deadline:
        time.sleep(0.05)
    cut.send_signal(signal.SIGKILL)
    cut.communicate()
    assert listed

    whole = start(home)
    printed = whole.communicate(timeout=900)[0]
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


# `make up` on a port that no other test uses.
UP = "import sys; from gonggo.local_airflow import up; up.PORT = int(sys.argv[1]); sys.exit(up.main())"


def test_a_run_beside_a_running_airflow_uses_it_and_leaves_it_running(tmp_path):
    home = tmp_path / "home"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    up = start(home, "demo,jbba", ("-c", UP, str(port)))
    try:
        deadline = time.monotonic() + 60
        while not (home / "airflow" / "running.json").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        beside = start(home, "demo,jbba")
        printed = beside.communicate(timeout=1200)[0]
        assert beside.returncode == 0 and up.poll() is None, printed + (up.stdout.read() if up.poll() else "")
        assert f"make up (process {up.pid})" in printed and f"http://127.0.0.1:{port}" in printed
        assert "Airflow keeps running" in printed
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v2/version", timeout=30) as answer:
            assert answer.status == 200
        with duckdb.connect(str(home / "published" / "gonggo.duckdb"), read_only=True) as con:
            assert con.execute("SELECT count(*) > 5 FROM announcement").fetchone() == (True,)
    finally:
        up.send_signal(signal.SIGTERM)
        up.communicate(timeout=120)
    assert alive(home) == []
