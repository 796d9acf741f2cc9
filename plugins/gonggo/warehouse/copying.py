"""A lake as one DuckDB file, which readers open as they do the single machine's."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import duckdb

from gonggo.warehouse.marts import make_marts
from gonggo.warehouse.memory import retry_with_more_memory
from gonggo.warehouse.migrate import migrate
from gonggo.warehouse.quoting import literal
from gonggo.warehouse.transactions import transaction
from gonggo.warehouse.writer import ROW_GROUP

# Made by the migrations, or of the file itself.
OWN = ("schema_migration", "warehouse_state")


def copy_out(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write what the lake ``gonggo`` of a connection holds to a new file, with its marts and macros."""
    path.unlink(missing_ok=True)
    con.execute(f"ATTACH {literal(path)} AS copied (ROW_GROUP_SIZE {ROW_GROUP})")
    con.execute("USE copied")
    try:
        migrate(con)
        retry_with_more_memory(con, partial(_copy_rows, con))
        make_marts(con, copy_from="gonggo")
        con.execute("CHECKPOINT copied")
    finally:
        con.execute("USE gonggo")
        con.execute("DETACH copied")


def _copy_rows(con: duckdb.DuckDBPyConnection) -> None:
    with transaction(con):
        for (name,) in con.execute(_TABLES, [list(OWN)]).fetchall():
            # The facts of a version stand side by side in the lake, in the order in which they came.
            con.execute(f'INSERT INTO "{name}" BY NAME FROM gonggo."{name}" ORDER BY rowid')


_TABLES = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'copied' AND NOT list_contains($1, table_name)"
