"""Exports by the month in which announcements were first seen, so that only the months that changed are written again.

The folder of the exports holds ``months.json``: the version of each month of each output. A publication gives a month
another version when anything of its announcements changed (``sql/exports/months.sql``). What is written of a month that
has the same version is taken over from the exports before.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import duckdb
from pydantic import BaseModel, ValidationError

from gonggo.report import formats
from gonggo.report.formats import json_ld
from gonggo.report.named import export_rows
from gonggo.settings import SQL
from gonggo.warehouse.history import link_or_copy
from gonggo.warehouse.quoting import literal
from gonggo.warehouse.sql_files import first_row, rows

NAME = "months.json"
# Rows of a Parquet file that are held in memory until they are written; by default it would be a hundred thousand.
ROW_GROUP_SIZE = 8192
# Months of which the linked data are read by one query.
MONTHS_AT_ONCE = 6
# Of these tables, and of those of facts, every row belongs to an announcement and changes only with it, or with its
# status. The others are written as a whole.
_OF_ANNOUNCEMENTS = {
    "announcement",
    "announcement_state",
    "announcement_version",
    "attachment",
    "change",
    "current_announcement",
    "current_listing",
    "document",
    "listing",
    "participation",
    "programme_document",
}
_WITH_STATUS = "current_announcement"
_HEAD, _END = b'{"@context": "https://schema.org", "@graph": [\n', b"\n]}\n"
# The version of each month of an output.
Versions = dict[str, str]


class ExportContents(BaseModel):
    """``months.json``: what the files of the exports hold of each month."""

    # What they were written by.
    form: str = ""
    tables: dict[str, Versions] = {}
    # The names of the files of each of these tables.
    files: dict[str, list[str]] = {}
    linked_data: Versions = {}
    # The first byte and the number of bytes of each month in the linked data.
    places: dict[str, tuple[int, int]] = {}


@dataclass(frozen=True)
class Months:
    """The months of a snapshot in order, with the version of the announcements of each, and of their status."""

    content: Versions
    status: Versions


def read_contents(exports: Path) -> ExportContents:
    """Return what exports hold of each month; nothing if that is unknown, or was written by another version."""
    try:
        contents = ExportContents.model_validate_json((exports / NAME).read_bytes())
    except (OSError, ValidationError):
        return ExportContents()
    return contents if contents.form == form() else ExportContents()


def form() -> str:
    """Return a fingerprint of what exports by months are written by."""
    files = [Path(__file__), Path(formats.__file__), *sorted((SQL / "exports").glob("*.sql"))]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def months_of(con: duckdb.DuckDBPyConnection, snapshot: str) -> Months:
    """Return the months of a snapshot; ``snapshot`` is the version of all if it was published before they had any."""
    month_rows = export_rows(con, "months") if first_row(con, _HAS_VERSIONS) else rows(con, _WITHOUT_VERSIONS)
    content = {row["month"]: row["version"] or snapshot for row in month_rows}
    return Months(content, {row["month"]: f"{content[row['month']]} {row['status']}" for row in month_rows})


def write_parquet(
    con: duckdb.DuckDBPyConnection, folder: Path, months: Months, before: Path, previous: ExportContents
) -> ExportContents:
    """Write the tables as Parquet, those of announcements by months.

    Args:
        con: A connection to the snapshot, which may write to the folder.
        folder: The empty folder to write to.
        months: The months of the snapshot.
        before: The folder that is replaced.
        previous: What it holds.

    Returns:
        The version of each month of each table that was written by months, and its files.
    """
    written = ExportContents()
    for row in export_rows(con, "definitions"):
        name = row["name"]
        if not (name.startswith("fact_") or name in _OF_ANNOUNCEMENTS):
            _copy(con, f'FROM "{name}"', folder / f"{name}.parquet", "")
            continue
        current = months.status if name == _WITH_STATUS else months.content
        written.tables[name] = {month: f"{row['definition']} {version}" for month, version in current.items()}
        is_there = all((before / name / file).is_file() for file in previous.files.get(name, ()))
        versions = previous.tables.get(name, {}) if is_there else {}
        unchanged = {month for month, version in written.tables[name].items() if versions.get(month) == version}
        (folder / name).mkdir()
        _write_months(con, name, folder / name, [month for month in current if month not in unchanged])
        _take_over(before / name, folder / name, unchanged)
        if not any((folder / name).iterdir()):
            # A table without rows still has columns.
            _copy(con, _NO_ROWS.format(name=name), folder / name / "empty.parquet", "")
        written.files[name] = sorted(path.name for path in (folder / name).iterdir())
    return written


def _write_months(con: duckdb.DuckDBPyConnection, name: str, folder: Path, months: list[str]) -> None:
    """Write the rows of a table for some months, each to a file of its own."""
    if not months:
        return
    con.execute("CREATE OR REPLACE TEMP TABLE written_month AS SELECT unnest($1) AS month", [months])
    _copy(con, _ROWS_OF_MONTHS.format(name=name), folder, ", PARTITION_BY (month)")
    # One folder for each month of each table would take longer than its file.
    for part in folder.glob("month=*"):
        for number, path in enumerate(sorted(part.iterdir())):
            path.rename(folder / f"{part.name.removeprefix('month=')}{f'.{number}' if number else ''}.parquet")
        part.rmdir()


def _take_over(old: Path, folder: Path, months: Container[str]) -> None:
    """Link the files of some months, where there are any, from the folder of a table to another."""
    for path in old.glob("*.parquet"):
        if path.name.partition(".")[0] in months:
            link_or_copy(path, folder / path.name)


def _copy(con: duckdb.DuckDBPyConnection, query: str, path: Path, options: str) -> None:
    con.execute(f"COPY ({query}) TO {literal(path)} (FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP_SIZE}{options})")


def write_linked_data(
    con: duckdb.DuckDBPyConnection, path: Path, versions: Versions, before: Path, previous: ExportContents
) -> dict[str, tuple[int, int]]:
    """Write the calls as JSON-LD, one line each; as a single object they would fill the memory.

    Args:
        con: A connection to the snapshot.
        path: Where to write.
        versions: The version of each month, in order.
        before: The file that is replaced.
        previous: What it holds.

    Returns:
        The first byte and the number of bytes of each month.
    """
    previous_versions = previous.linked_data if before.is_file() else {}
    unchanged = [
        month for month in versions if month in previous.places and previous_versions.get(month) == versions[month]
    ]
    fresh = _linked_data_of(con, [month for month in versions if month not in unchanged])
    places: dict[str, tuple[int, int]] = {}
    with path.open("wb") as file, (before if unchanged else path).open("rb") as old:
        file.write(_HEAD)
        for month in versions:
            lines = _read(old, *previous.places[month]) if month in unchanged else next(fresh)
            file.write(b",\n" if lines and file.tell() > len(_HEAD) else b"")
            places[month] = (file.tell(), len(lines))
            file.write(lines)
        file.write(_END)
    return places


def _read(file: BinaryIO, first: int, count: int) -> bytes:
    file.seek(first)
    return file.read(count)


def _linked_data_of(con: duckdb.DuckDBPyConnection, months: list[str]) -> Iterator[bytes]:
    """Yield the lines of each month."""
    for start in range(0, len(months), MONTHS_AT_ONCE):
        group = months[start : start + MONTHS_AT_ONCE]
        lines = defaultdict[str, list[str]](list)
        for row in export_rows(con, "linked_data", {"months": group}):
            lines[row["month"]].append(json.dumps(json_ld(row), ensure_ascii=False))
        for month in group:
            yield ",\n".join(lines[month]).encode()


_ROWS_OF_MONTHS = """
SELECT t.*, m.month FROM "{name}" AS t JOIN (
    SELECT announcement_key, strftime(first_seen_at, '%Y-%m') AS month FROM announcement
    WHERE strftime(first_seen_at, '%Y-%m') IN (FROM written_month)
) AS m USING (announcement_key)
"""
_NO_ROWS = 'FROM "{name}" LIMIT 0'
_HAS_VERSIONS = "SELECT 1 FROM duckdb_tables() WHERE table_name = 'changed_month'"
_WITHOUT_VERSIONS = """
SELECT DISTINCT strftime(first_seen_at, '%Y-%m') AS month, NULL AS version, NULL AS status FROM announcement ORDER BY 1
"""
