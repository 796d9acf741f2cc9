"""Incremental updates of marts: the rows of what changed are rebuilt, by the query that also builds the whole mart.

Whoever changes tables that marts read records in ``site.changed`` which announcements changed, in the same transaction.
``sql/changes`` derives the sets of keys from that, each a temporary table ``changed_<set>``.
"""

from __future__ import annotations

from uuid import uuid4

import duckdb

from gonggo.settings import SQL
from gonggo.warehouse.mart_files import Mart
from gonggo.warehouse.sql_files import first_row, run_sql_file

FOLDER = SQL / "changes"
# The kind of change after which everything has to be rebuilt.
EVERYTHING = "everything"
# Marts whose state at the last making says what belongs to what changed.
READ_BY_CHANGES = {
    "announcement_state",
    "programme_document",
    "programme_money_statement",
    "site.programme_within",
    "targets_and_results",
}
# Above this share of all announcements, all are rebuilt: that is faster, and leaves them sorted.
MAX_SHARE = 0.1
# The file that derives each set which needs marts of the day; the other sets are derived before any mart is changed.
_LATER_FILES = {"owner": "owner", "statement": "owner", "sum": "sum", "rate": "rate", "rated": "rate"}
# The sets of documents; of the others, the files of a set say what they are derived from.
_DOCUMENTS = {"announcement", "statement", "rated"}


def are_recorded(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether ``site.changed`` has all that changed since the marts were made."""
    return first_row(con, "SELECT count(*) FROM site.changed WHERE kind = $1", [EVERYTHING]) == (0,)


def everything_changed(con: duckdb.DuckDBPyConnection) -> None:
    """Record that every month may have changed, so that exports by month write all of them again."""
    con.execute("DELETE FROM site.changed_month")
    con.execute("INSERT INTO site.changed_month VALUES ('', ?)", [uuid4().hex])


class Parts:
    """Temporary copies of tables that hold only the rows of a set of keys, each made when it is first asked for."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._made: set[str] = set()
        self._columns = {name: set(columns) for name, columns in con.execute(_COLUMNS_OF_TABLES).fetchall()}

    def columns(self, table: str) -> set[str]:
        """Return the names of the columns of a table; none of a view."""
        return self._columns.get(table, set())

    def of(self, table: str, key: str, changed: str) -> str:
        """Return the name of the part of a table whose ``key`` is in the set ``changed_<changed>``."""
        part = f"part_{changed}_{table.replace('.', '_')}"
        if part not in self._made:
            rows = f"FROM {table} WHERE {key} IN (SELECT key FROM changed_{changed})"  # noqa: S608
            self._con.execute(f"CREATE OR REPLACE TEMP TABLE {part} AS {rows}")
            self._made.add(part)
        return part


class Changes:
    """What changed since the marts were made, within the transaction that brings them up to date."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._run = {"announcement"}
        run_sql_file(con, FOLDER / "announcement.sql")
        run_sql_file(con, FOLDER / "month.sql", change=uuid4().hex)
        self._parts = Parts(con)
        (self._announcements,) = first_row(con, "SELECT count(*) FROM announcement") or (0,)

    def bring_up_to_date(self, mart: Mart) -> bool:
        """Rebuild the rows of a mart that changed; return False if the whole mart has to be rebuilt."""
        if not mart.keys:
            return False
        for name in sorted(mart.sets & set(_LATER_FILES)):
            self._derive(_LATER_FILES[name])
        if any(self._is_large(name) for name in mart.sets & _DOCUMENTS or {"announcement"}):
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
        restriction = mart.restriction(self._parts.columns(name))
        return name if restriction is None else self._parts.of(name, *restriction)


_COLUMNS_OF_TABLES = """
SELECT CASE schema_name WHEN 'main' THEN '' ELSE schema_name || '.' END || table_name AS name, list(column_name)
FROM duckdb_columns() WHERE database_name = current_database() AND NOT internal
GROUP BY name
"""
