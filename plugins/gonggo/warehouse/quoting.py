"""Constants and quoting for SQL statements that take no parameters."""

from __future__ import annotations

from pathlib import Path

# Rows of a row group of a database file. A load of at least as many is compressed straight into the file; fewer are
# rewritten with the last, unfilled group. DuckDB's default of 122,880 would make that group as large as a hundred
# ordinary loads.
ROW_GROUP_SIZE = 16_384
# The format of database files, which DuckDB 1.0 and all later versions read. By default, DuckDB 2 writes files that
# only it can read.
STORAGE_VERSION = "v1.0.0"
FILE_OPTIONS = f"ROW_GROUP_SIZE {ROW_GROUP_SIZE}, STORAGE_VERSION '{STORAGE_VERSION}'"


def literal(text: str | Path) -> str:
    """Return a text as a SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"
