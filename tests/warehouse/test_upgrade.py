"""A warehouse of any earlier schema under the code of today: nothing is lost, and readers are told what is right."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from gonggo import pipeline
from gonggo.errors import WarehouseError
from gonggo.report.named import list_reports, report_rows
from gonggo.settings import Settings
from gonggo.warehouse.completeness import missing
from gonggo.warehouse.marts import make_marts, refresh_marts
from gonggo.warehouse.migrate import migrate
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import rows
from gonggo.warehouse.writer import writer
from gonggo.web.site import create_site
from tests.warehouse.batches import settings_at
from tests.warehouse.former import (
    BATCHES,
    LATE,
    MIGRATIONS,
    RENAMED,
    SOON,
    WAITING,
    columns_of,
    former,
    schema_until,
    stage,
)

STEPS = (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish)
# Rebuilt at every load, link or publication, out of the other tables and of data files.
DERIVED = {
    *("organisation", "organisation_alias", "programme", "region", "source", "place", "warehouse_state"),
    *("search_document", "search_posting", "search_removed"),
    *("changed", "unchecked", "changed_month", "mart_difference"),
}
# What a load may update in old rows: what followed is known now, and the latest reading of equal words counts.
UPDATED = {
    "announcement": {"notice_key", "last_seen_at"},
    "announcement_version": {"document_key", "valid_to", "is_current", "change_kind", "opens_on"},
    # The text stands with the versions, the record in the facts.
    "document": {"text", "record"},
    # None was said before 0024; a new reading may say that the text names none.
    "fact_organisation": {"programmes"},
}
OPEN = "SELECT native_id, title, closes_on, status FROM open_calls"
# What readers ask; a warehouse without history answers the same. The key of a fact may be of its time.
ASKED = (
    OPEN,
    "SELECT * EXCLUDE (fact_id) FROM fact_evidence",
    "SELECT role, krw, region, year FROM notice_amount",
    "SELECT * EXCLUDE (fact_id) FROM participation",
    "SELECT announcement_key, version_key, valid_from, valid_to, is_current, change_kind, title, opens_on, closes_on, closes_kind, text FROM announcement_version",
    "FROM announcement",
    "FROM change",
    "FROM as_of('2026-01-05')",
    "FROM funding_by_region",
    "FROM programme_status",
    "FROM organisation",
    "FROM site.directory",
    "FROM sector_matrix",
)
# Runs so many statements of the migrations that wait, then kills itself.
KILLED = """
import os, signal, sys
from gonggo.settings import load_settings
from gonggo.warehouse import migrate
from gonggo.warehouse.writer import writer

left = int(sys.argv[1])

def some(con, path):
    global left
    for statement in con.extract_statements(path.read_text("utf-8")):
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        con.execute(statement)
        left -= 1

migrate.run_sql_file = some
with writer(load_settings()) as con:
    migrate.migrate(con)
"""


def run(settings: Settings) -> dict[str, Any]:
    """All steps with one batch waiting. Returns the rules that are broken."""
    stage(settings, "r9", WAITING)
    return {step: step(settings=settings) for step in STEPS}[pipeline.check]["violations"]


def answers(settings: Settings) -> dict[str, list[str]]:
    with closing(open_snapshot(settings)) as con:
        return {query: sorted(map(repr, rows(con, query))) for query in ASKED}


def rows_that_stay(con: Any, columns: dict[str, list[str]]) -> dict[str, set[str]]:
    """The rows of the tables that grow, in these columns."""
    rows_by_table = {}
    for table in sorted(set(columns) - DERIVED):
        names = [name for name in columns[table] if name not in UPDATED.get(table, set()) | {"fact_id"}]
        there = columns_of(con)
        now = next(name for name in (table, RENAMED.get(table, table)) if name in there)
        named = [f'"{name if name in there[now] else RENAMED[name]}" AS "{name}"' for name in names]
        rows_by_table[table] = set(map(repr, rows(con, f'SELECT {", ".join(named)} FROM "{now}"')))
    return rows_by_table


def schema(settings: Settings) -> list[tuple[Any, ...]]:
    """Tables, columns and macros with what is said of them."""
    with closing(open_snapshot(settings)) as con:
        return con.execute(
            "SELECT schema_name || '.' || table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal"
            " UNION ALL SELECT function_name, macro_definition, NULL, NULL FROM duckdb_functions() WHERE NOT internal ORDER BY ALL"
        ).fetchall()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, list[str]]:
    """The same batches under the code of today alone, and the rules that they break."""
    settings = settings_at(tmp_path_factory.mktemp("fresh"))
    for run_id, documents in BATCHES.items():
        stage(settings, run_id, documents)
        pipeline.load(settings)
    return settings, sorted(run(settings))


@pytest.mark.slow
@pytest.mark.parametrize("number", range(1, len(MIGRATIONS) + 1))
def test_an_earlier_warehouse_goes_on(tmp_path: Path, fresh: tuple[Settings, list[str]], number: int) -> None:
    settings = settings_at(tmp_path / "home")
    columns = former(settings, tmp_path / "schema", number)
    with writer(settings) as con:
        before = rows_that_stay(con, columns)
    # A migration that dropped or mangled something would be noticed. Nobody has corrected anything here.
    filled = [table for table in columns if table.startswith("fact_") or table in {*UPDATED, "attachment"}]
    assert all(before[table] for table in filled if table != "fact_correction")
    broken = run(settings)
    with writer(settings) as con:
        after = rows_that_stay(con, columns)
    assert {table: table_rows - after[table] for table, table_rows in before.items() if table_rows - after[table]} == {}
    assert schema(settings) == schema(fresh[0])
    assert missing(settings) == []
    if number == 1:  # there was no place for facts yet
        assert answers(settings)[OPEN] == answers(fresh[0])[OPEN]
        assert broken == {}
    else:
        assert answers(settings) == answers(fresh[0])
        assert sorted(broken) == fresh[1]


@pytest.mark.slow
@pytest.mark.parametrize("number", [2, 15])
def test_readers_of_an_upgraded_warehouse_are_answered(tmp_path: Path, number: int) -> None:
    settings = settings_at(tmp_path / "home")
    former(settings, tmp_path / "schema", number)
    run(settings)
    with closing(open_snapshot(settings)) as con:
        calls = con.execute("SELECT native_id, closes_on::VARCHAR FROM open_calls ORDER BY ALL").fetchall()
        keys = [key for (key,) in con.execute("SELECT announcement_key FROM announcement").fetchall()]
        facts = con.execute("SELECT fact_id, evidence_quote FROM fact_evidence").fetchall()
        for fact, quote in facts:
            quotes = con.execute("SELECT evidence_quote FROM evidence(?) WHERE says = 'this'", [fact]).fetchall()
            assert quotes == [(quote,)]
    assert calls == [("1", SOON), ("5", LATE), ("6", SOON), ("9", SOON)]
    for report in list_reports():
        report_rows(settings, report.name)
    with TestClient(create_site(settings)) as site:
        renamed = [site.get(f"/api/v1/reports/{name}").json() for name in ("net_misses", "prefilter_misses")]
        assert renamed[0] == renamed[1] and renamed[0][0]["수집처"]
        for key in keys:
            assert [site.get(f"{prefix}/calls/{key}").status_code for prefix in ("", "/api/v1")] == [200, 200]


def test_marts_follow_a_migration_that_no_load_follows(tmp_path: Path) -> None:
    settings = settings_at(tmp_path / "home")
    former(settings, tmp_path / "schema", len(MIGRATIONS))
    later = "CREATE OR REPLACE MACRO is_cancelled(change_kind, title) AS true;"
    (tmp_path / "schema" / "9999_later.sql").write_text(later)
    with writer(settings) as con:
        make_marts(con)
        migrate(con, tmp_path / "schema")
        refresh_marts(con)
        assert con.execute("SELECT DISTINCT cancelled FROM announcement_state").fetchall() == [(True,)]


def test_a_warehouse_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    settings = settings_at(tmp_path / "home")
    folder = schema_until(tmp_path / "schema", len(MIGRATIONS))
    (folder / "9999_later.sql").write_text("CREATE TABLE later (x INTEGER);")
    stage(settings, "r9", WAITING)
    with writer(settings) as con:
        migrate(con, folder)
    for step in STEPS:
        with pytest.raises(
            WarehouseError, match=r"gonggo\.duckdb was made by another .*9999_later\.sql.* Update Gonggo"
        ):
            step(settings=settings)
    assert not settings.snapshot.exists()
    # The other way that the message names.
    settings.warehouse.rename(tmp_path / "aside.duckdb")
    assert pipeline.load(settings)["documents"] == len(WAITING)


@pytest.mark.slow
def test_an_upgrade_killed_anywhere_goes_on(tmp_path: Path, fresh: tuple[Settings, list[str]]) -> None:
    settings = settings_at(tmp_path / "home")
    columns = former(settings, tmp_path / "schema", 3)
    with writer(settings) as con:
        before = rows_that_stay(con, columns)
    environ = {**os.environ, "GONGGO_HOME": str(settings.home)}
    ran = []
    for statements in (0, 5, 40, 20):
        child = subprocess.run([sys.executable, "-c", KILLED, str(statements)], env=environ, check=False)
        assert child.returncode == -signal.SIGKILL
        with writer(settings) as con:
            names = [name for (name,) in con.execute("SELECT name FROM schema_migration ORDER BY version").fetchall()]
            assert names == [path.name for path in MIGRATIONS[: len(names)]]
            whole = settings_at(tmp_path / str(statements))
            with writer(whole) as other:
                migrate(other, schema_until(tmp_path / "whole" / str(len(names)), len(names)))
                assert columns_of(con) == columns_of(other)
            now = rows_that_stay(con, columns)
            assert [table for table, table_rows in before.items() if table_rows - now[table]] == []
        ran.append(len(names))
    assert 3 <= ran[0] <= ran[-1] < len(MIGRATIONS) and len(set(ran)) > 2
    run(settings)
    assert answers(settings) == answers(fresh[0])
