"""Numbered migrations: each runs once, and may not change afterwards."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from gonggo.errors import WarehouseError
from gonggo.warehouse.connect import SQL, statements, transaction

_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migration (version INTEGER, name VARCHAR, sha256 VARCHAR, applied_at TIMESTAMPTZ);
COMMENT ON TABLE schema_migration IS '적용된 스키마 변경 | Schema migrations that have run';
COMMENT ON COLUMN schema_migration.version IS '번호 | Number';
COMMENT ON COLUMN schema_migration.name IS '파일 이름 | File name';
COMMENT ON COLUMN schema_migration.sha256 IS '파일 해시 | Hash of the file';
COMMENT ON COLUMN schema_migration.applied_at IS '적용 시각 | When it ran';
"""


def migrate(con: duckdb.DuckDBPyConnection, folder: Path = SQL / "schema") -> list[str]:
    """Run what has not run yet, in order. Returns the names of the files that ran.

    Errors:
        WarehouseError: a file that ran has changed since.
    """
    con.execute(_TABLE)
    done = dict(con.execute("SELECT name, sha256 FROM schema_migration").fetchall())
    ran = []
    for path in sorted(folder.glob("[0-9]*.sql")):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if path.name not in done:
            _apply(con, path, digest)
            ran.append(path.name)
        elif done[path.name] != digest:
            raise WarehouseError(
                f"{path.name} has changed since it ran; undo that, and write a new numbered migration."
            )
    return ran


def _apply(con: duckdb.DuckDBPyConnection, path: Path, digest: str) -> None:
    with transaction(con):
        statements(con, path)
        con.execute("INSERT INTO schema_migration VALUES (?, ?, ?, now())", [int(path.name[:4]), path.name, digest])
