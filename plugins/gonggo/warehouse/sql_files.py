"""Running of SQL files and queries, with results as plain Python values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from gonggo.errors import WarehouseError


def run_sql_file(con: duckdb.DuckDBPyConnection, path: Path, **values: Any) -> None:
    """Run every statement of a SQL file; each gets the ``values`` that it refers to as ``$name``."""
    run_sql(con, path.read_text("utf-8"), values)


def run_sql(con: duckdb.DuckDBPyConnection, text: str, values: Mapping[str, Any]) -> None:
    """Run every statement of a SQL text; each gets the ``values`` that it refers to as ``$name``."""
    for statement in con.extract_statements(text):
        parameters = {name: values[name] for name in statement.named_parameters}
        con.execute(statement, parameters or None)


def fetch(
    con: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any] | None = None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the column names and the rows of one query, which gets the ``values`` that it refers to as ``$name``.

    Timestamps with a time zone are returned as text, because Python objects would need the package pytz, and text keeps
    the offset.
    """
    relation = con.sql(sql) if values is None else con.sql(sql, params=_of_query(con, sql, values))
    if relation is None:
        return [], []
    names = list(relation.columns)
    has_zone = [str(kind) == "TIMESTAMP WITH TIME ZONE" for kind in relation.types]
    if any(has_zone):
        quoted = ['"' + name.replace('"', '""') + '"' for name in names]
        columns = zip(quoted, has_zone, strict=True)
        relation = relation.project(", ".join(f"{q}::VARCHAR AS {q}" if zone else q for q, zone in columns))
    return names, relation.fetchall()


def first_row(con: duckdb.DuckDBPyConnection, sql: str, parameters: object = None) -> tuple[Any, ...] | None:
    """Return the first row of a query with few rows, or None if it has none.

    ``fetchone()`` would leave a result that is not fetched to its end, beside which DuckDB 2 runs no other query of the
    same connection.
    """
    result = con.execute(sql, parameters).fetchall()
    return result[0] if result else None


def _of_query(con: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any]) -> dict[str, Any]:
    (statement,) = con.extract_statements(sql)
    return {name: values[name] for name in statement.named_parameters}


def rows(con: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Return the rows of one query, which gets the ``values`` that it refers to, as dictionaries by column name."""
    names, result = fetch(con, sql, values)
    return [dict(zip(names, row, strict=True)) for row in result]


def first_comment(path: Path) -> str:
    """Return the first comment line of a SQL file, without its dashes.

    Raises:
        WarehouseError: The file does not begin with a comment.
    """
    line = path.read_text("utf-8").split("\n", 1)[0]
    if not line.startswith("--"):
        raise WarehouseError(f"{path}:1: the file must begin with a comment that says what it is")
    return line.lstrip("- ").strip()
