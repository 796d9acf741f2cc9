"""The named reports, one query for each file in ``sql/reports``, and the queries of exports in ``sql/exports``."""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import duckdb
from pydantic import RootModel, StringConstraints

from gonggo.datafile import load_model
from gonggo.errors import DataFileError, UsageError, WarehouseError
from gonggo.report.sql_command import query_text
from gonggo.settings import SQL, Settings, nearest
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import first_comment, rows

log = logging.getLogger(__name__)
LABELS = SQL / "reports" / "columns.yaml"
# Former names of reports, accepted with a warning for one more version.
FORMER = {"money_by_region_purse_year": "money_by_region_funding_source_year", "net_misses": "prefilter_misses"}


@dataclass(frozen=True)
class Report:
    """One named report. Its file begins ``-- title ko | title en | what it answers``."""

    name: str
    title_ko: str
    title_en: str
    description: str
    path: Path

    def label(self, column: str) -> str:
        """Return what a column is called where people read it.

        Raises:
            DataFileError: ``columns.yaml`` has no name for it.
        """
        labels = _labels()
        name = labels.get(f"{self.name}.{column}") or labels.get(column)
        if name is None:
            raise DataFileError(f"{LABELS}: has no name for the column {column} of the report {self.name}; add a line")
        return name

    def labelled(self, report_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows under the names that people read."""
        return [{self.label(column): value for column, value in row.items()} for row in report_rows]


class Labels(RootModel[dict[str, Annotated[str, StringConstraints(min_length=1)]]]):
    """``columns.yaml``: the Korean names of the columns, by ``column`` or ``report.column``."""


@cache
def _labels() -> dict[str, str]:
    return load_model(LABELS, Labels).root


def list_reports() -> list[Report]:
    """Return every named report, by name.

    Raises:
        WarehouseError: a file without the three parts in its first comment.
    """
    return [_read(path) for path in sorted((SQL / "reports").glob("*.sql"))]


def run_report(settings: Settings, name: str, fmt: str = "table") -> str:
    """Return the named report as text: table, csv or json, with Korean headings.

    Raises:
        UsageError: there is no report of that name.
        WarehouseError: nothing is published yet.
    """
    report = find_report(name)
    return query_text(settings, report.path.read_text("utf-8"), fmt, report.label)


def report_rows(settings: Settings, name: str) -> list[dict[str, Any]]:
    """Return the rows of a named report as dictionaries."""
    with closing(open_snapshot(settings)) as con:
        return rows(con, find_report(name).path.read_text("utf-8"))


def export_rows(
    con: duckdb.DuckDBPyConnection, name: str, values: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Return the rows of ``sql/exports/<name>.sql``, which gets the ``values`` that it refers to as ``$name``."""
    return rows(con, (SQL / "exports" / f"{name}.sql").read_text("utf-8"), values)


def find_report(name: str) -> Report:
    """Return the report of a name; a former name is accepted with a warning.

    Raises:
        UsageError: there is no report of that name; similar names are listed.
    """
    reports = {report.name: report for report in list_reports()}
    if name in FORMER:
        log.warning("the report %s is now %s; the former name works for one more version", name, FORMER[name])
        name = FORMER[name]
    if name not in reports:
        raise UsageError(f"there is no report {name!r}{nearest(name, reports) or '.'} `gonggo report` lists them.")
    return reports[name]


def _read(path: Path) -> Report:
    parts = [part.strip() for part in first_comment(path).split("|")]
    if len(parts) != 3:
        raise WarehouseError(f"{path}:1: expected `-- title ko | title en | what it answers`")
    title_ko, title_en, description = parts
    return Report(path.stem, title_ko, title_en, description, path)
