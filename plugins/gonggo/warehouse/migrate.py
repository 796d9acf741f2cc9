"""Numbered schema migrations: each runs once and must not change afterwards."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path

import duckdb

from gonggo.errors import WarehouseError
from gonggo.settings import SQL
from gonggo.warehouse.memory import retry_with_more_memory
from gonggo.warehouse.sql_files import first_row, run_sql_file
from gonggo.warehouse.transactions import transaction

_TABLE = """
CREATE TABLE schema_migration (version INTEGER, name VARCHAR, sha256 VARCHAR, applied_at TIMESTAMPTZ);
COMMENT ON TABLE schema_migration IS '적용된 스키마 변경 | Schema migrations that have run';
COMMENT ON COLUMN schema_migration.version IS '번호 | Number';
COMMENT ON COLUMN schema_migration.name IS '파일 이름 | File name';
COMMENT ON COLUMN schema_migration.sha256 IS '파일 해시 | Hash of the file';
COMMENT ON COLUMN schema_migration.applied_at IS '적용 시각 | When it ran';
"""


def migrate(con: duckdb.DuckDBPyConnection, folder: Path = SQL / "schema") -> list[str]:
    """Run the pending migrations in order; return the names of their files.

    Raises:
        WarehouseError: A migration that was applied before has changed since, or its file is missing. Nothing was
            applied.
    """
    if not _has_log(con):
        con.execute(_TABLE)
    applied = dict(con.execute("SELECT name, sha256 FROM schema_migration ORDER BY name").fetchall())
    digests = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("[0-9]*.sql"))}
    unknown = [name for name in applied if folder / name not in digests]
    if unknown:
        raise WarehouseError(
            f"{_database_path(con)} was made by another version of Gonggo: {', '.join(unknown)} ran on it and is not "
            "here. Update Gonggo to that version, or move the file away: `gonggo publish` makes it of the batches."
        )
    changed = [path.name for path, digest in digests.items() if applied.get(path.name, digest) != digest]
    if changed:
        raise WarehouseError(
            f"{', '.join(changed)} has changed since it ran; undo that, and write a new numbered migration."
        )
    pending = {path: digest for path, digest in digests.items() if path.name not in applied}
    for path, digest in pending.items():
        retry_with_more_memory(con, partial(_apply, con, path, digest))
    return [path.name for path in pending]


def is_migrated(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether every migration was applied."""
    if not _has_log(con):
        return False
    applied = {row[0] for row in con.execute("SELECT name FROM schema_migration").fetchall()}
    return applied == {path.name for path in (SQL / "schema").glob("[0-9]*.sql")}


def _has_log(con: duckdb.DuckDBPyConnection) -> bool:
    query = "SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database() AND table_name = $1"
    return first_row(con, query, ["schema_migration"]) == (1,)


def _database_path(con: duckdb.DuckDBPyConnection) -> str:
    """Return the path of the database in use."""
    row = first_row(con, "SELECT path FROM duckdb_databases() WHERE database_name = current_database()")
    return str(row[0]) if row else ""


def _apply(con: duckdb.DuckDBPyConnection, path: Path, digest: str) -> None:
    with transaction(con):
        run_sql_file(con, path)
        con.execute("INSERT INTO schema_migration VALUES (?, ?, ?, now())", [int(path.name[:4]), path.name, digest])
