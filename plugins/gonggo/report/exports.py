"""What every publication leaves for other programs: tables, workbooks, calendars, feeds, linked data, a dictionary.

All of it is made aside and put in place at once, so that a reader never meets half of an export.
"""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock

from gonggo.model import scratch_of
from gonggo.report.formats import calendar_bytes, csv_bytes, feed_bytes, linked, workbook_bytes
from gonggo.report.named import list_reports
from gonggo.settings import SQL, Settings
from gonggo.warehouse.connect import MUCH, open_snapshot, or_with_much, rows
from gonggo.warehouse.quoting import literal

ALL = "전체"
# Rows of a Parquet file that are held in memory until they are written; by default a hundred thousand texts would be.
TOGETHER = 8192
# What DuckDB may hold at first: this process holds the rows of an export besides.
MEMORY = "320MB"
Row = dict[str, Any]


def export(settings: Settings) -> dict[str, Any]:
    """Make all exports of the published snapshot.

    Returns ``{"exports": folder, "files": count}``.
    """
    with FileLock(settings.exports.with_name("exports.lock")):
        return or_with_much(partial(_export, settings, MEMORY), partial(_export, settings, MUCH[0]))


def _export(settings: Settings, memory: str) -> dict[str, Any]:
    scratch, folder = scratch_of(settings.exports), settings.exports
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    # First of all, while this process holds nothing else: Parquet takes the most memory.
    _parquet(settings, scratch / "parquet", memory)
    with closing(open_snapshot(settings, memory=memory)) as con:
        calls = rows(con, (SQL / "exports" / "calls.sql").read_text("utf-8"))
        changes = rows(con, (SQL / "exports" / "changes.sql").read_text("utf-8"))
        _put(scratch / "gonggo.xlsx", workbook_bytes(_reports(con, scratch / "csv")))
        dictionary = rows(con, (SQL / "exports" / "dictionary.sql").read_text("utf-8"))
    for region, found in _by_region(calls).items():
        _put(scratch / "calendar" / f"{region}.ics", calendar_bytes(region, found))
    for name, found in _by_region(changes).items():
        _feed(scratch / "feeds" / f"{name}.atom", f"공고 변경: {name}", found)
    for name, found in _by(changes, "sectors").items():
        _feed(scratch / "feeds" / f"sector-{name}.atom", f"공고 변경: {name}", found)
    _graph(scratch / "gonggo.jsonld", calls)
    _dictionary(scratch / "dictionary.md", dictionary)
    old = folder.with_name(".exports.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    scratch.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return {"exports": str(folder), "files": sum(1 for path in folder.rglob("*") if path.is_file())}


def _reports(con: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[tuple[str, list[Row]]]:
    """The title and rows of each named report, one at a time; each is a CSV file too."""
    for report in list_reports():
        found = rows(con, report.path.read_text("utf-8"))
        _put(folder / f"{report.name}.csv", csv_bytes(found))
        yield report.title_ko, found


def _graph(path: Path, calls: Iterable[Row]) -> None:
    """The calls as linked data, a line each: as one object a hundred thousand would fill the memory."""
    with path.open("w", encoding="utf-8") as file:
        file.write('{"@context": "https://schema.org", "@graph": [')
        for number, call in enumerate(calls):
            file.write(("\n" if number == 0 else ",\n") + json.dumps(linked(call), ensure_ascii=False))
        file.write("\n]}\n")


def _by(found: Iterable[Row], column: str) -> dict[str, list[Row]]:
    """The rows under each value of a list column."""
    groups = defaultdict[str, list[Row]](list)
    for row in found:
        for name in row[column] or ():
            groups[name].append(row)
    return groups


def _by_region(found: list[Row]) -> dict[str, list[Row]]:
    return {ALL: found, **_by(found, "sidos")}


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)


def _entry(change: Row) -> Row:
    """A change as an entry of a feed."""
    told = [f"{change['old']} → {change['new']}" if change["old"] else change["new"], change["title"]]
    return {
        "id": f"urn:gonggo:{change['version_key']}:{change['kind']}",
        "title": f"[{change['label']}] {change['title']}",
        "url": change["url"],
        "updated": change["changed_at"],
        "author": change["agency"] or change["source"],
        "told": next(filter(None, told)),
    }


def _feed(path: Path, title: str, changes: list[Row]) -> None:
    """The changes of the last weeks; the newest first."""
    _put(path, feed_bytes(path.stem, title, map(_entry, changes), path.name))


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
        names = [row[0] for row in con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
        for name in names:
            _copy(con, f'FROM "{name}"', folder / f"{name}.parquet", "")
        query = "SELECT *, year(posted_on) AS year, month(posted_on) AS month FROM current_announcement"
        _copy(con, query, folder / "current_announcement", ", PARTITION_BY (year, month)")


def _copy(con: duckdb.DuckDBPyConnection, query: str, path: Path, options: str) -> None:
    con.execute(f"COPY ({query}) TO {literal(path)} (FORMAT parquet, ROW_GROUP_SIZE {TOGETHER}{options})")
