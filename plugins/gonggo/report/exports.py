"""What every publication leaves for other programs: tables, workbooks, calendars, feeds, linked data, a dictionary.

All of it is made aside and put in place at once, so that a reader never meets half of an export.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
from feedgen.feed import FeedGenerator
from icalendar import Calendar, Event
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from gonggo.report.named import list_reports
from gonggo.settings import SEOUL, Settings
from gonggo.warehouse.connect import SQL, literal, open_snapshot, rows

ALL = "전체"
Row = dict[str, Any]


def export(settings: Settings) -> dict[str, Any]:
    """Make all exports of the published snapshot.

    Returns ``{"exports": folder, "files": count}``.
    """
    scratch, folder = settings.exports.with_name(".exports.part"), settings.exports
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    with closing(open_snapshot(settings)) as con:
        calls = rows(con, (SQL / "exports" / "calls.sql").read_text("utf-8"))
        changes = rows(con, (SQL / "exports" / "changes.sql").read_text("utf-8"))
        reports = [(report, rows(con, report.path.read_text("utf-8"))) for report in list_reports()]
        dictionary = rows(con, (SQL / "exports" / "dictionary.sql").read_text("utf-8"))
    for report, found in reports:
        _csv(scratch / "csv" / f"{report.name}.csv", found)
    _workbook(scratch / "gonggo.xlsx", [(report.title_ko, found) for report, found in reports])
    for region, found in _by_region(calls).items():
        _calendar(scratch / "calendar" / f"{region}.ics", region, found)
    for name, found in _by_region(changes).items():
        _feed(scratch / "feeds" / f"{name}.atom", f"공고 변경: {name}", found)
    for name, found in _by(changes, "sectors").items():
        _feed(scratch / "feeds" / f"sector-{name}.atom", f"공고 변경: {name}", found)
    _json_ld(scratch / "gonggo.jsonld", calls)
    _dictionary(scratch / "dictionary.md", dictionary)
    _parquet(settings, scratch / "parquet")
    old = folder.with_name(".exports.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    scratch.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return {"exports": str(folder), "files": sum(1 for path in folder.rglob("*") if path.is_file())}


def _by(found: Iterable[Row], column: str) -> dict[str, list[Row]]:
    """The rows under each value of a list column."""
    groups = defaultdict[str, list[Row]](list)
    for row in found:
        for name in row[column] or ():
            groups[name].append(row)
    return groups


def _by_region(found: list[Row]) -> dict[str, list[Row]]:
    return {ALL: found, **_by(found, "sidos")}


def _csv(path: Path, found: list[Row]) -> None:
    """With the mark by which spreadsheet programs know UTF-8."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        if found:
            table = csv.DictWriter(out, list(found[0]))
            table.writeheader()
            table.writerows({name: _cell(value) for name, value in row.items()} for row in found)


def _workbook(path: Path, sheets: list[tuple[str, list[Row]]]) -> None:
    book = Workbook(write_only=True)
    for title, found in sheets:
        sheet = book.create_sheet(title[:31].replace("/", " "))
        if found:
            sheet.append(list(found[0]))
        for row in found:
            sheet.append([_cell(value) for value in row.values()])
    book.save(path)


def _plain(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _cell(value: Any) -> Any:
    value = _plain(value)
    if not isinstance(value, str):
        return value
    # A text that begins like a formula stays a text: what a page says must not run in anybody's spreadsheet.
    clean = ILLEGAL_CHARACTERS_RE.sub("", value)
    return f"'{clean}" if clean[:1] in ("=", "+", "-", "@") else clean


def _calendar(path: Path, region: str, calls: list[Row]) -> None:
    """The deadlines of the open calls of a region."""
    calendar = Calendar()
    calendar.add("prodid", "-//Gonggo//deadlines//KO")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"공고 마감: {region}")
    for call in calls:
        if not call["closes_on"] or call["status"] not in ("open", "upcoming"):
            continue
        event = Event()
        event.add("uid", f"{call['announcement_key']}@gonggo")
        event.add("summary", f"[마감] {call['title']}")
        event.add("dtstamp", datetime.now(SEOUL))
        event.add("dtstart", _deadline(call))
        event.add("description", " · ".join(filter(None, [call["agency"], ", ".join(call["sidos"] or [])])))
        if _is_web(call["url"]):
            event.add("url", call["url"])
        calendar.add_component(event)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(calendar.to_ical())


def _deadline(call: Row) -> date | datetime:
    """The hour of the deadline where the text has one, else the day."""
    day, hour = call["closes_on"], call["closes_time"]
    return datetime.combine(day, hour, SEOUL) if hour else day


def _feed(path: Path, title: str, changes: list[Row]) -> None:
    """The changes of the last weeks as Atom; the newest first."""
    feed = FeedGenerator()
    feed.id(f"urn:gonggo:{path.stem}")
    feed.title(title)
    feed.link(href=path.name, rel="self")
    feed.updated(datetime.now(SEOUL))
    for change in changes:
        entry = feed.add_entry(order="append")
        entry.id(f"urn:gonggo:{change['version_key']}:{change['kind']}")
        entry.title(f"[{change['label']}] {change['title']}")
        if _is_web(change["url"]):
            entry.link(href=change["url"])
        entry.updated(datetime.fromisoformat(change["changed_at"]))
        entry.author(name=change["agency"] or change["source"])
        told = [f"{change['old']} → {change['new']}" if change["old"] else change["new"], change["title"]]
        entry.content(next(filter(None, told)), type="text")
    path.parent.mkdir(exist_ok=True)
    feed.atom_file(str(path), pretty=True)


def _json_ld(path: Path, calls: list[Row]) -> None:
    """The calls in the words of schema.org."""
    graph = [
        {
            "@type": "MonetaryGrant",
            "@id": f"urn:gonggo:{call['announcement_key']}",
            "name": call["title"],
            "url": call["url"] if _is_web(call["url"]) else None,
            "funder": {"@type": "GovernmentOrganization", "name": call["agency"]} if call["agency"] else None,
            "areaServed": [{"@type": "AdministrativeArea", "name": sido} for sido in call["sidos"] or []],
            "amount": {"@type": "MonetaryAmount", "currency": "KRW", "value": call["krw"]} if call["krw"] else None,
            "additionalProperty": {"@type": "PropertyValue", "name": "applicationDeadline", "value": _iso(call)},
        }
        for call in calls
    ]
    whole = {"@context": "https://schema.org", "@graph": [_without_nothing(node) for node in graph]}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1), "utf-8")


def _is_web(url: str | None) -> bool:
    """Whether an address may become a link: what a page calls its address could be a script."""
    return bool(url and url.startswith(("http://", "https://")))


def _iso(call: Row) -> str | None:
    return _deadline(call).isoformat() if call["closes_on"] else call["closes_kind"]


def _without_nothing(node: Row) -> Row:
    return {name: value for name, value in node.items() if value not in (None, [])}


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


def _parquet(settings: Settings, folder: Path) -> None:
    """Calls, facts and runs as Parquet; the calls partitioned by the year and month of their posting."""
    folder.mkdir()
    with closing(open_snapshot(settings, export=folder)) as con:
        names = [row[0] for row in con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
        for name in names:
            _copy(con, f'FROM "{name}"', folder / f"{name}.parquet", "")
        query = "SELECT *, year(posted_on) AS year, month(posted_on) AS month FROM current_announcement"
        _copy(con, query, folder / "current_announcement", ", PARTITION_BY (year, month)")


def _copy(con: duckdb.DuckDBPyConnection, query: str, path: Path, options: str) -> None:
    con.execute(f"COPY ({query}) TO {literal(path)} (FORMAT parquet{options})")
