"""The named reports: one query a file in ``sql/reports``."""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gonggo.errors import WarehouseError
from gonggo.report.sql_command import query_text
from gonggo.settings import SQL, Settings
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import first_comment, rows

log = logging.getLogger(__name__)
# Reports by the names of the version before, which are still answered, with a warning, for one version.
FORMER = {"money_by_region_purse_year": "money_by_region_funding_source_year", "net_misses": "prefilter_misses"}


@dataclass(frozen=True)
class Report:
    """One named report. Its file begins ``-- title ko | title en | what it answers``."""

    name: str
    title_ko: str
    title_en: str
    description: str
    path: Path


def list_reports() -> list[Report]:
    """Every named report, by name.

    Errors:
        WarehouseError: a file without the three parts in its first comment.
    """
    return [_read(path) for path in sorted((SQL / "reports").glob("*.sql"))]


def run_report(settings: Settings, name: str, fmt: str = "table") -> str:
    """The named report as text: table, csv or json.

    Errors:
        WarehouseError: no report of that name (the names are listed), or no snapshot.
    """
    return query_text(settings, _find(name).path.read_text("utf-8"), fmt)


def report_rows(settings: Settings, name: str) -> list[dict[str, Any]]:
    """The rows of a named report as dictionaries."""
    with closing(open_snapshot(settings)) as con:
        return rows(con, _find(name).path.read_text("utf-8"))


def _find(name: str) -> Report:
    known = {report.name: report for report in list_reports()}
    if name in FORMER:
        log.warning("the report %s is now called %s; the former name goes with the next version", name, FORMER[name])
        name = FORMER[name]
    if name not in known:
        raise WarehouseError(f"There is no report {name!r}. There are: {', '.join(known)}")
    return known[name]


def _read(path: Path) -> Report:
    parts = [part.strip() for part in first_comment(path).split("|")]
    if len(parts) != 3:
        raise WarehouseError(f"{path}:1: expected `-- title ko | title en | what it answers`")
    title_ko, title_en, description = parts
    return Report(path.stem, title_ko, title_en, description, path)
