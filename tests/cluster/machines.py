"""Steps taken on machines that share nothing but a store and a catalogue, and what they published."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing

from gonggo.settings import Settings, load_settings
from gonggo.warehouse.snapshot import open_snapshot

# Moments of a load, not of what was loaded.
OWN = {"load_log": "loaded_at", "schema_migration": "applied_at"}


def gonggo(env: dict[str, str], *words: str) -> subprocess.Popen[str]:
    """``gonggo …`` on a machine."""
    command = [sys.executable, "-m", "gonggo.cli", *words]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def said(process: subprocess.Popen[str], status: int = 0, seconds: float = 240) -> str:
    text = process.communicate(timeout=seconds)[0]
    assert process.returncode == status, text
    return text


def step(env: dict[str, str], call: str) -> subprocess.Popen[str]:
    """One step of the pipeline on a machine, as a task takes it: ``load(part=1)``."""
    code = f"from gonggo import pipeline; print(pipeline.{call})"
    return subprocess.Popen(
        [sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def alone(env: dict[str, str]) -> dict[str, str]:
    """The environment without what machines share: a single one."""
    return {name: value for name, value in env.items() if name not in ("GONGGO_OBJECT_STORE", "GONGGO_POSTGRES_URL")}


def settings_of(env: dict[str, str]) -> Settings:
    return load_settings(env)


def every_row(settings: Settings) -> dict[str, list[str]]:
    """All rows of all published tables and views, sorted."""
    found = {}
    with closing(open_snapshot(settings)) as con:
        for (name,) in con.execute(_NAMES).fetchall():
            left = f"EXCLUDE ({OWN[name]})" if name in OWN else ""
            quoted = ".".join(f'"{part}"' for part in name.split("."))
            query = f"SELECT COLUMNS(*)::VARCHAR FROM (SELECT * {left} FROM {quoted}) ORDER BY ALL"
            found[name] = [repr(row) for row in con.execute(query).fetchall()]
    return found


_NAMES = """
SELECT CASE schema_name WHEN 'main' THEN '' ELSE schema_name || '.' END || table_name FROM duckdb_tables()
UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1
"""
