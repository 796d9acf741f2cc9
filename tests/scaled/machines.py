"""Steps taken on machines that share nothing but a store and a catalogue, and what they published."""

from __future__ import annotations

import subprocess
import sys

from gonggo.settings import Settings, load_settings
from gonggo.warehouse.connect import open_snapshot

# Of the moment and machine of a load, not of what was loaded.
OWN = {"load_log": ["loaded_at"], "schema_migration": ["applied_at"], "warehouse_state": ["value", "name"]}


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


def settings_of(env: dict[str, str]) -> Settings:
    return load_settings(env)


def every_row(settings: Settings) -> dict[str, list[str]]:
    """All rows of all published tables and views, sorted."""
    con = open_snapshot(settings)
    names = [row[0] for row in con.execute(_NAMES).fetchall()]
    found = {}
    for name in names:
        left = ", ".join(OWN.get(name, []))
        columns = f"* EXCLUDE ({left})" if left and name != "warehouse_state" else "1" if left else "*"
        found[name] = [
            repr(row)
            for row in con.execute(
                f'SELECT COLUMNS(*)::VARCHAR FROM (SELECT {columns} FROM "{name}") ORDER BY ALL'
            ).fetchall()
        ]
    con.close()
    return found


_NAMES = """
SELECT table_name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1
"""
