"""What every publication leaves for other programs: tables, workbooks, calendars, feeds, linked data, a dictionary.

All of it is made aside and put in place at once, so that a reader never meets half of an export. Each output is made
by itself: one that fails is left out and told, in the result, in the log and in ``failed.json`` beside the others.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock

from gonggo.errors import GonggoError
from gonggo.model import temporary_path
from gonggo.report.formats import calendar_bytes, csv_bytes, feed_bytes, linked, workbook_bytes
from gonggo.report.named import list_reports
from gonggo.settings import SQL, Settings
from gonggo.warehouse.memory import HIGH_MEMORY, retry_on_out_of_memory
from gonggo.warehouse.quoting import literal
from gonggo.warehouse.recovery import is_file_error
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import rows

ALL = "전체"
# Rows of a Parquet file that are held in memory until they are written; by default a hundred thousand texts would be.
TOGETHER = 8192
# What DuckDB may hold at first: this process holds the rows of an export besides.
MEMORY = "320MB"
# The outputs that could not be made at the last publication, with why; not there when all were.
FAILED = "failed.json"
Row = dict[str, Any]
log = logging.getLogger(__name__)


def export(settings: Settings) -> dict[str, Any]:
    """Make all exports of the published snapshot.

    Returns ``{"exports": folder, "files": count, "failed": {output: why}}``.

    Raises:
        WarehouseError: nothing is published yet. OSError: the disk is full, or refuses; the exports before stay.
    """
    with FileLock(settings.exports.with_name("exports.lock")):
        return retry_on_out_of_memory(partial(_export, settings, MEMORY), partial(_export, settings, HIGH_MEMORY[0]))


def _export(settings: Settings, memory: str) -> dict[str, Any]:
    scratch, folder = temporary_path(settings.exports), settings.exports
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    outputs = Outputs(scratch)
    # First of all, while this process holds nothing else: Parquet takes the most memory.
    outputs.make("parquet", lambda path: _parquet(settings, path, memory))
    with closing(open_snapshot(settings, memory=memory)) as con:
        calls, changes, dictionary, places = (
            outputs.asked(f"exports/{name}.sql", partial(_asked, con, name))
            for name in ("calls", "changes", "dictionary", "regions")
        )
        reports = _reports(con, outputs)
        outputs.make("gonggo.xlsx", lambda path: _put(path, workbook_bytes(reports)))
        # Those that the workbook did not come to, where it failed.
        for _ in reports:
            pass
    regions = {row["name"]: row["sidos"] for row in places}
    for region, entries in _by_region(calls, regions).items():
        outputs.make(f"calendar/{region}.ics", _writing(calendar_bytes, region, entries))
    for name, entries in [*_by_region(changes, regions).items(), *_by_sector(changes).items()]:
        outputs.make(f"feeds/{name}.atom", _writing(_feed, name, entries))
    outputs.make("gonggo.jsonld", lambda path: _graph(path, calls))
    outputs.make("dictionary.md", lambda path: _dictionary(path, dictionary))
    if outputs.failed:
        _put(scratch / FAILED, json.dumps(outputs.failed, ensure_ascii=False, indent=1).encode())
    old = folder.with_name(".exports.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    scratch.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    files = sum(1 for path in folder.rglob("*") if path.is_file() and path.name != FAILED)
    return {"exports": str(folder), "files": files, "failed": outputs.failed}


class Outputs:
    """The files of an export below a folder, each made by itself; what could not be made, and why."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.failed: dict[str, str] = {}

    def make(self, name: str, make: Callable[[Path], None]) -> None:
        """Make one output at its path; half of one that fails is taken away."""
        path = self.folder / name
        try:
            path.parent.mkdir(exist_ok=True)
            make(path)
        except Exception as error:
            self._failed(name, error)
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def asked(self, name: str, ask: Callable[[], list[Row]]) -> list[Row]:
        """The rows of a query; none where it fails."""
        try:
            return ask()
        except Exception as error:
            self._failed(name, error)
            return []

    def _failed(self, name: str, error: Exception) -> None:
        """Note a failure that is of this output alone; a disk or a memory that is too small is everyone's."""
        everyones = isinstance(error, OSError | GonggoError | duckdb.OutOfMemoryException)
        if everyones or (isinstance(error, duckdb.Error) and is_file_error(error)):
            raise error
        log.error("the export %s was left out: %s", name, error, exc_info=error)
        self.failed[name] = f"{type(error).__name__}: {error}"[:500]


def last_failed(settings: Settings) -> dict[str, str]:
    """The outputs that could not be made at the last publication, and why."""
    try:
        failed: dict[str, str] = json.loads((settings.exports / FAILED).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return failed


def _asked(con: duckdb.DuckDBPyConnection, name: str) -> list[Row]:
    return rows(con, (SQL / "exports" / f"{name}.sql").read_text("utf-8"))


def _writing(make: Callable[[str, list[Row]], bytes], name: str, entries: list[Row]) -> Callable[[Path], None]:
    return lambda path: _put(path, make(name, entries))


def _reports(con: duckdb.DuckDBPyConnection, outputs: Outputs) -> Iterator[tuple[str, list[Row]]]:
    """The title and rows of each named report, one at a time; each is a CSV file too."""
    for report in list_reports():
        query = report.path.read_text("utf-8")
        report_rows = outputs.asked(f"reports/{report.name}", partial(rows, con, query))
        shown = report.labelled(report_rows)
        outputs.make(f"csv/{report.name}.csv", partial(_put_csv, shown))
        yield report.title_ko, shown


def _put_csv(found: list[Row], path: Path) -> None:
    _put(path, csv_bytes(found))


def _graph(path: Path, calls: Iterable[Row]) -> None:
    """The calls as linked data, a line each: as one object a hundred thousand would fill the memory."""
    with path.open("w", encoding="utf-8") as file:
        file.write('{"@context": "https://schema.org", "@graph": [')
        for number, call in enumerate(calls):
            file.write(("\n" if number == 0 else ",\n") + json.dumps(linked(call), ensure_ascii=False))
        file.write("\n]}\n")


def _by(entries: Iterable[Row], column: str) -> dict[str, list[Row]]:
    """The rows under each value of a list column."""
    groups = defaultdict[str, list[Row]](list)
    for row in entries:
        for name in row[column] or ():
            groups[name].append(row)
    return groups


def _by_region(entries: list[Row], regions: dict[str, list[str]]) -> dict[str, list[Row]]:
    """The rows of each region, none for one that has none: who follows it need not wait for its first call."""
    groups = {ALL: entries, **_by(entries, "sidos")}
    for name, sidos in regions.items():
        groups[name] = [row for row in entries if not set(sidos).isdisjoint(row["sidos"] or ())]
    return groups


def _by_sector(entries: list[Row]) -> dict[str, list[Row]]:
    return {f"sector-{name}": group for name, group in _by(entries, "sectors").items()}


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _entry(change: Row) -> Row:
    """A change as an entry of a feed."""
    texts = [f"{change['old']} → {change['new']}" if change["old"] else change["new"], change["title"]]
    return {
        "id": f"urn:gonggo:{change['version_key']}:{change['kind']}",
        "title": f"[{change['label']}] {change['title']}",
        "url": change["url"],
        "updated": change["changed_at"],
        "author": change["agency"] or change["source"],
        "told": next(filter(None, texts), ""),
    }


def _feed(name: str, changes: list[Row]) -> bytes:
    """The changes of the last weeks; the newest first."""
    title = f"공고 변경: {name.removeprefix('sector-')}"
    return feed_bytes(name, title, map(_entry, changes), f"{name}.atom")


def _dictionary(path: Path, comments: list[Row]) -> None:
    """Every table, view and column with its two comments."""
    lines = ["# 데이터 사전 | Data dictionary", ""]
    for row in comments:
        korean, _, english = (row["comment"] or "").partition(" | ")
        if row["column_name"] is None:
            lines += ["", f"## {row['name']}", "", f"{korean} — {english}", ""]
        else:
            lines.append(f"- `{row['column_name']}` {row['data_type']}: {korean} — {english}")
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _parquet(settings: Settings, folder: Path, memory: str) -> None:
    """Calls, facts and runs as Parquet; the calls partitioned by the year and month of their posting."""
    folder.mkdir()
    with closing(open_snapshot(settings, export=folder, memory=memory)) as con:
        names = [
            row[0]
            for row in con.execute(
                "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' ORDER BY 1"
            ).fetchall()
        ]
        for name in names:
            _copy(con, f'FROM "{name}"', folder / f"{name}.parquet", "")
        query = "SELECT *, year(posted_on) AS year, month(posted_on) AS month FROM current_announcement"
        _copy(con, query, folder / "current_announcement", ", PARTITION_BY (year, month)")


def _copy(con: duckdb.DuckDBPyConnection, query: str, path: Path, options: str) -> None:
    con.execute(f"COPY ({query}) TO {literal(path)} (FORMAT parquet, ROW_GROUP_SIZE {TOGETHER}{options})")
