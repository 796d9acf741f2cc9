"""Exports of every publication for other programs: tables, workbooks, calendars, feeds, linked data, a dictionary.

They are written to a temporary folder that then replaces the old one, so that readers never find a partial export. An
output that fails is left out and reported in the result, in the log and in ``failed.json`` beside the others. Parquet
and linked data of the months that stayed as they were are taken over from the folder before (``gonggo.report.months``).
"""

from __future__ import annotations

import json
import logging
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import yaml
from filelock import FileLock

from gonggo.errors import GonggoError
from gonggo.model import temporary_path
from gonggo.report import months
from gonggo.report.formats import calendar_bytes, csv_bytes, event_bytes, feed_bytes, workbook_bytes
from gonggo.report.months import ExportContents, months_of, read_contents, write_linked_data, write_parquet
from gonggo.report.named import export_rows, list_reports
from gonggo.settings import Settings
from gonggo.step_results import ExportResult
from gonggo.warehouse.memory import HIGH_MEMORY, retry_on_out_of_memory
from gonggo.warehouse.recovery import is_file_error
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import rows

ALL = "전체"
PARQUET, LINKED_DATA = "parquet", "gonggo.jsonld"
# Memory limit of DuckDB at the first attempt; this process holds the rows of an export as well.
MEMORY = "320MB"
# The outputs that failed at the last publication, with the reasons; the file is absent if none failed.
FAILED = "failed.json"
# Names the snapshot that the exports were made from.
SOURCE = ".snapshot"
Row = dict[str, Any]
T = TypeVar("T")
log = logging.getLogger(__name__)


def export(settings: Settings) -> ExportResult:
    """Make all exports of the published snapshot.

    Raises:
        WarehouseError: nothing is published yet.
        OSError: the disk is full or not writable; the previous exports stay.
    """
    with FileLock(settings.exports.with_name("exports.lock")):
        return retry_on_out_of_memory(partial(_export, settings, MEMORY), partial(_export, settings, HIGH_MEMORY[0]))


def _export(settings: Settings, memory: str) -> ExportResult:
    scratch, folder = temporary_path(settings.exports), settings.exports
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    version = snapshot_version(settings)
    outputs = Outputs(scratch)
    before = read_contents(folder)
    # First, while this process holds nothing else, because Parquet takes the most memory.
    (scratch / PARQUET).mkdir()
    with closing(open_snapshot(settings, export=scratch / PARQUET, memory=memory)) as con:
        snapshot_months = months_of(con, version)
        parquet_contents = outputs.make(
            PARQUET, lambda path: write_parquet(con, path, snapshot_months, folder / PARQUET, before)
        )
    with closing(open_snapshot(settings, memory=memory)) as con:
        calls, changes, dictionary, regions = (
            outputs.query(f"exports/{name}.sql", partial(export_rows, con, name))
            for name in ("calls", "changes", "dictionary", "regions")
        )
        reports = _reports(con, outputs)
        outputs.make("gonggo.xlsx", lambda path: _write(path, workbook_bytes(reports)))
        # If the workbook failed, the remaining reports are still written as CSV.
        for _ in reports:
            pass
        places = outputs.make(
            LINKED_DATA,
            lambda path: write_linked_data(con, path, snapshot_months.content, folder / LINKED_DATA, before),
        )
    sidos_of_region = {row["name"]: row["sidos"] for row in regions}
    _calendars(outputs, calls, sidos_of_region)
    for name, entries in [*_by_region(changes, sidos_of_region).items(), *_by_sector(changes).items()]:
        outputs.make(f"feeds/{name}.atom", _writer(_feed, name, entries))
    outputs.make("dictionary.md", lambda path: _dictionary(path, dictionary))
    outputs.make("dbt/sources.yml", lambda path: _dbt_sources(path, dictionary))
    if outputs.failed:
        _write(scratch / FAILED, json.dumps(outputs.failed, ensure_ascii=False, indent=1).encode())
    contents = (parquet_contents or ExportContents()).model_copy(
        update={
            "form": months.form(),
            "linked_data": snapshot_months.content if places else {},
            "places": places or {},
        }
    )
    _write(scratch / months.NAME, contents.model_dump_json(indent=1).encode())
    _write(scratch / SOURCE, version.encode())
    old = folder.with_name(".exports.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    scratch.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    files = sum(1 for path in folder.rglob("*") if path.is_file() and path.name not in (FAILED, SOURCE))
    return {"exports": str(folder), "files": files, "failed": outputs.failed}


def _calendars(outputs: Outputs, calls: list[Row], sidos_of_region: dict[str, list[str]]) -> None:
    """Write the calendars of all calls and of each region; a call stands in several of them."""
    call_of_key = {call["announcement_key"]: call for call in calls}
    event = lru_cache(None)(lambda key: event_bytes(call_of_key[key]))
    make_calendar = partial(calendar_bytes, event=lambda call: event(call["announcement_key"]))
    for region, entries in _by_region(calls, sidos_of_region).items():
        outputs.make(f"calendar/{region}.ics", _writer(make_calendar, region, entries))


def snapshot_version(settings: Settings) -> str:
    """Return an identifier of the published snapshot; empty if nothing is published."""
    try:
        stat = settings.snapshot.stat()
    except OSError:
        return ""
    return f"{stat.st_mtime_ns}-{stat.st_size}"


def exported_version(settings: Settings) -> str | None:
    """Return the identifier of the snapshot that the last exports were made from; None if that is unknown."""
    try:
        return (settings.exports / SOURCE).read_text("utf-8")
    except OSError:
        return None


class Outputs:
    """The output files of an export below a folder, and the reasons of those that failed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.failed: dict[str, str] = {}

    def make(self, name: str, make: Callable[[Path], T]) -> T | None:
        """Write one output to its path and return what ``make`` does; None, and nothing left, if it fails."""
        path = self.folder / name
        try:
            path.parent.mkdir(exist_ok=True)
            return make(path)
        except Exception as error:
            self._record_failure(name, error)
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            return None

    def query(self, name: str, run: Callable[[], list[Row]]) -> list[Row]:
        """Return the rows of a query; none if it fails."""
        try:
            return run()
        except Exception as error:
            self._record_failure(name, error)
            return []

    def _record_failure(self, name: str, error: Exception) -> None:
        """Record a failure that affects only this output; re-raise a full disk, lack of memory or a damaged file."""
        affects_all = isinstance(error, OSError | GonggoError | duckdb.OutOfMemoryException)
        if affects_all or (isinstance(error, duckdb.Error) and is_file_error(error)):
            raise error
        log.error("the export %s was left out: %s", name, error, exc_info=error)
        self.failed[name] = f"{type(error).__name__}: {error}"[:500]


def last_failed(settings: Settings) -> dict[str, str]:
    """Return the outputs that failed at the last publication, with the reasons."""
    try:
        failed: dict[str, str] = json.loads((settings.exports / FAILED).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return failed


def _writer(make: Callable[[str, list[Row]], bytes], name: str, entries: list[Row]) -> Callable[[Path], None]:
    return lambda path: _write(path, make(name, entries))


def _reports(con: duckdb.DuckDBPyConnection, outputs: Outputs) -> Iterator[tuple[str, list[Row]]]:
    """Yield the title and rows of each named report, which is also written as a CSV file."""
    for report in list_reports():
        query = report.path.read_text("utf-8")
        report_rows = outputs.query(f"reports/{report.name}", partial(rows, con, query))
        shown = report.labelled(report_rows)
        outputs.make(f"csv/{report.name}.csv", partial(_write_csv, shown))
        yield report.title_ko, shown


def _write_csv(report_rows: list[Row], path: Path) -> None:
    _write(path, csv_bytes(report_rows))


def _group_by(entries: Iterable[Row], column: str) -> dict[str, list[Row]]:
    """Group rows by the values of a list column."""
    groups = defaultdict[str, list[Row]](list)
    for row in entries:
        for name in row[column] or ():
            groups[name].append(row)
    return groups


def _by_region(entries: list[Row], regions: dict[str, list[str]]) -> dict[str, list[Row]]:
    """Group rows by region; regions without rows are included, so that their feeds exist from the start."""
    groups = {ALL: entries, **_group_by(entries, "sidos")}
    for name, sidos in regions.items():
        groups[name] = [row for row in entries if not set(sidos).isdisjoint(row["sidos"] or ())]
    return groups


def _by_sector(entries: list[Row]) -> dict[str, list[Row]]:
    return {f"sector-{name}": group for name, group in _group_by(entries, "sectors").items()}


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _entry(change: Row) -> Row:
    """Return a change as a feed entry."""
    texts = [f"{change['old']} → {change['new']}" if change["old"] else change["new"], change["title"]]
    return {
        "id": f"urn:gonggo:{change['version_key']}:{change['kind']}",
        "title": f"[{change['label']}] {change['title']}",
        "url": change["url"],
        "updated": change["changed_at"],
        "author": change["agency"] or change["source"],
        "content": next(filter(None, texts), ""),
    }


def _feed(name: str, changes: list[Row]) -> bytes:
    """Return an Atom feed of changes, the newest first."""
    title = f"공고 변경: {name.removeprefix('sector-')}"
    return feed_bytes(name, title, map(_entry, changes), f"{name}.atom")


def _dictionary(path: Path, comments: list[Row]) -> None:
    """Write the data dictionary: every table, view and column with its Korean and English comment."""
    lines = ["# 데이터 사전 | Data dictionary", ""]
    for row in comments:
        korean, _, english = (row["comment"] or "").partition(" | ")
        if row["column_name"] is None:
            lines += ["", f"## {row['name']}", "", f"{korean} — {english}", ""]
        else:
            lines.append(f"- `{row['column_name']}` {row['data_type']}: {korean} — {english}")
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _dbt_sources(path: Path, comments: list[Row]) -> None:
    """Write the data dictionary as sources of dbt, so that models can refer to ``source('gonggo', 'open_calls')``."""
    tables: dict[str, Row] = {}
    for row in comments:
        if row["column_name"] is None:
            tables[row["name"]] = {"name": row["name"], "description": row["comment"] or "", "columns": []}
        elif row["name"] in tables:
            column = {"name": row["column_name"], "description": row["comment"] or "", "data_type": row["data_type"]}
            tables[row["name"]]["columns"].append(column)
    source = {"name": "gonggo", "database": "gonggo", "schema": "main", "tables": list(tables.values())}
    # The writer in C, if PyYAML was built with it, takes a tenth of the time.
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    content = yaml.dump(
        {"version": 2, "sources": [source]}, Dumper=dumper, allow_unicode=True, sort_keys=False, width=1000
    )
    path.write_text(content, "utf-8")
