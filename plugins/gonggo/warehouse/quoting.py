"""Constants and quoting for SQL statements that take no parameters."""

from __future__ import annotations

from pathlib import Path

# Rows of a row group of a database file. A load of at least as many is compressed straight into the file; fewer are
# rewritten with the last, unfilled group. DuckDB's default of 122,880 would make that group as large as a hundred
# ordinary loads.
ROW_GROUP_SIZE = 16_384


def literal(text: str | Path) -> str:
    """Return a text as a SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"
