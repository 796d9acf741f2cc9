"""``gonggo sql``: a query over the published snapshot, as a table, CSV, JSON or Parquet."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from gonggo.errors import SnapshotError, WarehouseError, is_damage
from gonggo.report.cells import safe_cell
from gonggo.settings import Settings
from gonggo.warehouse.quoting import literal
from gonggo.warehouse.read_only_sql import RefusedError, require_read_only
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import fetch

FORMATS = ("table", "csv", "json", "parquet")


def run_sql(settings: Settings, sql: str, fmt: str = "table", out: Path | None = None) -> None:
    """Run one query and print the result, or write it to ``out``.

    Raises:
        WarehouseError: no snapshot, a wrong query, or Parquet without a file; each says what to do.
    """
    if fmt == "parquet":
        _parquet(settings, sql, out)
        return
    text = query_text(settings, sql, fmt)
    if out is None:
        sys.stdout.write(text)
    else:
        # With a byte order mark, by which spreadsheet programs recognise UTF-8.
        out.write_text(text, "utf-8-sig" if fmt == "csv" else "utf-8")


def query_text(settings: Settings, sql: str, fmt: str, label: Callable[[str], str] = str) -> str:
    """Return the result of one query as text in ``fmt``: table, csv or json. ``label`` names each column's heading."""
    with closing(open_snapshot(settings)) as con:
        try:
            require_read_only(con, sql)
            names, values = fetch(con, sql)
            return render([label(name) for name in names], values, fmt)
        except RefusedError as error:
            raise WarehouseError(f"The query was refused: {error.english}.") from error
        except duckdb.Error as error:
            raise _helpful_error(settings, error) from error


def render(names: list[str], rows: list[tuple[Any, ...]], fmt: str) -> str:
    """Return rows as text in ``fmt``."""
    if fmt == "json":
        return (
            json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False, indent=1, default=str)
            + "\n"
        )
    if fmt == "csv":
        buffer = io.StringIO()
        lines = csv.writer(buffer, lineterminator="\n")
        lines.writerow([safe_cell(name) for name in names])
        lines.writerows([safe_cell(value) for value in row] for row in rows)
        return buffer.getvalue()
    return _table(names, rows)


def _table(names: list[str], rows: list[tuple[Any, ...]]) -> str:
    """Return a table that is aligned by display width: a Korean syllable takes two columns."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    numeric = [all(isinstance(row[i], int | float) for row in rows if row[i] is not None) for i in range(len(names))]
    table = Table(show_edge=False, pad_edge=False)
    for name, right in zip(names, numeric, strict=True):
        table.add_column(Text(name), justify="right" if right and rows else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    console = Console(file=io.StringIO(), width=_width(), color_system=None)
    console.print(table)
    console.print(f"({len(rows)} rows)")
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


def _width() -> int:
    """Return the width of the terminal, or a large one if the output goes to a file or a pipe."""
    import shutil

    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 200


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 100_000:
        return f"{value:,}"
    return str(value)


def _parquet(settings: Settings, sql: str, out: Path | None) -> None:
    if out is None:
        raise WarehouseError("Parquet needs a file: add --output FILE.parquet")
    target = out.resolve()
    with closing(open_snapshot(settings, export=target)) as con:
        try:
            require_read_only(con, sql)
            query = con.extract_statements(sql)[-1].query.strip().rstrip(";")
            con.execute(f"COPY ({query}) TO {literal(target)} (FORMAT parquet)")
        except RefusedError as error:
            raise WarehouseError(f"The query was refused: {error.english}.") from error
        except duckdb.Error as error:
            raise _helpful_error(settings, error) from error


def _helpful_error(settings: Settings, error: duckdb.Error) -> WarehouseError:
    if is_damage(error):
        return SnapshotError(str(settings.snapshot), error)
    message = str(error).strip()
    if isinstance(error, duckdb.CatalogException):
        message += (
            '\nThe tables and views: gonggo sql "SHOW TABLES"; the columns of one: gonggo sql "DESCRIBE announcement"'
        )
    if isinstance(error, duckdb.PermissionException) or "read-only" in message:
        message += "\nThe snapshot is read-only and closed to other files; use --output to write a result."
    return WarehouseError(message)
