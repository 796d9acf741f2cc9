"""Run commands and steps on machines that share only an object store and Postgres, and read what they published."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing

from gonggo.settings import Settings, load_settings
from gonggo.warehouse.snapshot import open_snapshot

# Columns with times of the load itself, which differ between machines.
LOAD_TIMES = {"load_log": "loaded_at", "schema_migration": "applied_at"}


def gonggo(env: dict[str, str], *words: str) -> subprocess.Popen[str]:
    """Start ``gonggo …`` on a machine."""
    command = [sys.executable, "-m", "gonggo.cli", *words]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def output_of(process: subprocess.Popen[str], status: int = 0, seconds: float = 900) -> str:
    """Wait for a process, assert its exit status, and return its output."""
    text = process.communicate(timeout=seconds)[0]
    assert process.returncode == status, text
    return text


def step(env: dict[str, str], call: str) -> subprocess.Popen[str]:
    """Start one step of the pipeline on a machine, as a task does: ``load(part=1)``."""
    code = f"from gonggo import pipeline; print(pipeline.{call})"
    return subprocess.Popen(
        [sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def without_cluster(env: dict[str, str]) -> dict[str, str]:
    """Return the environment of a single machine: one without object store and Postgres."""
    return {name: value for name, value in env.items() if name not in ("GONGGO_OBJECT_STORE", "GONGGO_POSTGRES_URL")}


def settings_of(env: dict[str, str]) -> Settings:
    """Return the settings of a machine."""
    return load_settings(env)


def every_row(settings: Settings) -> dict[str, list[str]]:
    """Return the sorted rows of all published tables and views."""
    rows = {}
    with closing(open_snapshot(settings)) as con:
        for (name,) in con.execute(_NAMES).fetchall():
            without = f"EXCLUDE ({LOAD_TIMES[name]})" if name in LOAD_TIMES else ""
            quoted = ".".join(f'"{part}"' for part in name.split("."))
            query = f"SELECT COLUMNS(*)::VARCHAR FROM (SELECT * {without} FROM {quoted}) ORDER BY ALL"
            rows[name] = [repr(row) for row in con.execute(query).fetchall()]
    return rows


_NAMES = """
SELECT CASE schema_name WHEN 'main' THEN '' ELSE schema_name || '.' END || table_name FROM duckdb_tables()
UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1
"""
