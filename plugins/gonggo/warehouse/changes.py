"""Bringing a mart up to date by making the rows of what changed anew, from the query that makes it from nothing.

Whoever changes tables that marts read records in ``site.changed`` which announcements changed, in the same transaction.
``sql/changes`` derives the sets of keys from that, each a temporary table ``changed_<set>``.
"""

from __future__ import annotations

import duckdb

from gonggo.settings import SQL
from gonggo.warehouse.mart_files import Mart
from gonggo.warehouse.sql_files import first_row, run_sql_file

FOLDER = SQL / "changes"
# The kind of change after which everything has to be made anew.
EVERYTHING = "everything"
# Marts whose state at the last making says what belongs to what changed.
READ_BY_CHANGES = {
    "announcement_state",
    "programme_document",
    "programme_money_statement",
    "site.programme_within",
}
# Above this share of all announcements, all are made anew: that is faster, and leaves them sorted.
MAX_SHARE = 0.1
# The file that derives each set which needs marts of the day; the other sets are derived before any mart is changed.
_LATER_FILES = {"owner": "owner", "statement": "owner", "sum": "sum"}


def are_recorded(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether ``site.changed`` has all that changed since the marts were made."""
    return first_row(con, "SELECT count(*) FROM site.changed WHERE kind = $1", [EVERYTHING]) == (0,)


class Changes:
    """What changed since the marts were made, within the transaction that brings them up to date."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._parts: dict[tuple[str, str], str] = {}
        self._run = {"announcement"}
        run_sql_file(con, FOLDER / "announcement.sql")
        self._columns = {name: set(columns) for name, columns in con.execute(_COLUMNS_OF_TABLES).fetchall()}
        (self._announcements,) = first_row(con, "SELECT count(*) FROM announcement") or (0,)

    def bring_up_to_date(self, mart: Mart) -> bool:
        """Make the rows of a mart that changed anew; return False if all of it has to be made anew."""
        if not mart.keys:
            return False
        for name in sorted(mart.sets & set(_LATER_FILES)):
            self._derive(_LATER_FILES[name])
        if any(self._is_large(name) for name in mart.sets & {"announcement", "statement"} or {"announcement"}):
            return False
        self._con.execute(f"DELETE FROM {mart.name} WHERE {mart.is_changed}")  # noqa: S608
        self._con.execute(f"INSERT INTO {mart.name} {mart.query_of_changed(lambda name: self._part(mart, name))}")
        return True

    def _derive(self, file: str) -> None:
        if file not in self._run:
            run_sql_file(self._con, FOLDER / f"{file}.sql")
            self._run.add(file)

    def _is_large(self, name: str) -> bool:
        row = first_row(self._con, f"SELECT count(*) FROM changed_{name}")  # noqa: S608
        return row is not None and row[0] > MAX_SHARE * self._announcements

    def _part(self, mart: Mart, name: str) -> str:
        """Return the name of a temporary table with the rows of a table or mart that a restricted query reads."""
        restriction = mart.restriction(self._columns.get(name, set()))
        if restriction is None:
            return name
        key, changed = restriction
        if (name, changed) not in self._parts:
            part = f"part_{changed}_{name.replace('.', '_')}"
            self._con.execute(
                f"CREATE OR REPLACE TEMP TABLE {part} AS FROM {name} WHERE {key} IN (SELECT key FROM changed_{changed})"  # noqa: S608
            )
            self._parts[name, changed] = part
        return self._parts[name, changed]


_COLUMNS_OF_TABLES = """
SELECT CASE schema_name WHEN 'main' THEN '' ELSE schema_name || '.' END || table_name AS name, list(column_name)
FROM duckdb_columns() WHERE database_name = current_database() AND NOT internal
GROUP BY name
"""
