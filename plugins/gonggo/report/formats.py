"""Rows in the formats of other programs: CSV, workbooks, calendars, feeds, linked data."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from feedgen.feed import FeedGenerator
from icalendar import Calendar, Event, Timezone, TimezoneStandard
from openpyxl import Workbook

from gonggo.report.cells import clean, clean_values, lines, one_line, safe_cell
from gonggo.settings import SEOUL

Row = dict[str, Any]
# A URL that is safe in a link or a line of a calendar: without line breaks.
_WEB_URL = re.compile(r"https?://[^\s/][^\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]*", re.IGNORECASE)
# Longest text that a workbook cell can hold.
LONGEST_CELL = 32_767


def csv_bytes(rows: list[Row]) -> bytes:
    """Return the rows as CSV in UTF-8 with a byte order mark, by which spreadsheet programs recognise it."""
    out = io.StringIO(newline="")
    if rows:
        table = csv.writer(out)
        table.writerow([safe_cell(name) for name in rows[0]])
        table.writerows([safe_cell(value) for value in row.values()] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def workbook_bytes(sheets: Iterable[tuple[str, list[Row]]]) -> bytes:
    """Return an XLSX workbook with one sheet for each pair of a title and its rows."""
    book = Workbook(write_only=True)
    for title, rows in sheets:
        sheet = book.create_sheet(title[:31].replace("/", " "))
        if rows:
            sheet.append([safe_cell(name) for name in rows[0]])
        for row in rows:
            sheet.append([_short(safe_cell(value)) for value in row.values()])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def calendar_bytes(name: str, calls: Iterable[Row]) -> bytes:
    """Return an iCalendar of the deadlines of open and upcoming calls, in Seoul time, with its time zone."""
    calendar = Calendar()
    calendar.add("prodid", "-//Gonggo//deadlines//KO")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"공고 마감: {one_line(name)}")
    calendar.add_component(_seoul())
    for call in calls:
        if not call["closes_on"] or call["status"] not in ("open", "upcoming"):
            continue
        event = Event()
        event.add("uid", f"{call['announcement_key']}@gonggo")
        event.add("summary", f"[마감] {one_line(call['title'] or '')}")
        event.add("dtstamp", datetime.now(UTC))
        event.add("dtstart", deadline(call))
        corrected = call["corrected"] and f"정정: {call['corrected']}"
        description = " · ".join(filter(None, [call["agency"], ", ".join(call["sidos"] or []), corrected]))
        event.add("description", lines(description))
        if is_web_url(call["url"]):
            event.add("url", call["url"])
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _seoul() -> Timezone:
    """Return the time zone of the deadlines: UTC+9 all year since 1988."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", SEOUL.key)
    standard.add("dtstart", datetime(1988, 10, 9, 3))
    standard.add("tzoffsetfrom", timedelta(hours=10))
    standard.add("tzoffsetto", timedelta(hours=9))
    standard.add("tzname", "KST")
    zone.add_component(standard)
    return zone


def feed_bytes(name: str, title: str, entries: Iterable[Row], href: str) -> bytes:
    """Return an Atom feed. Each entry has id, title, url, updated (ISO), author and content."""
    feed = FeedGenerator()
    feed.id(f"urn:gonggo:{clean(name)}")
    feed.title(one_line(title))
    feed.link(href=clean(href), rel="self")
    feed.updated(datetime.now(SEOUL))
    for row in entries:
        entry = feed.add_entry(order="append")
        entry.id(clean(row["id"]))
        entry.title(one_line(row["title"] or "") or "-")
        if is_web_url(row["url"]):
            entry.link(href=row["url"])
        entry.updated(datetime.fromisoformat(row["updated"]))
        entry.author(name=one_line(row["author"] or "") or "-")
        entry.content(lines(row["content"] or "") or "-", type="text")
    content: bytes = feed.atom_str(pretty=True)
    return content


def json_ld(call: Row) -> Row:
    """Return a call in the vocabulary of schema.org."""
    node: Row = {
        "@type": "MonetaryGrant",
        "@id": f"urn:gonggo:{call['announcement_key']}",
        "name": call["title"],
        "url": call["url"] if is_web_url(call["url"]) else None,
        "funder": {"@type": "GovernmentOrganization", "name": call["agency"]} if call["agency"] else None,
        "areaServed": [{"@type": "AdministrativeArea", "name": sido} for sido in call["sidos"] or []],
        "amount": {"@type": "MonetaryAmount", "currency": "KRW", "value": call["krw"]} if call["krw"] else None,
        "additionalProperty": {"@type": "PropertyValue", "name": "applicationDeadline", "value": _iso(call)},
    }
    document: Row = clean_values({name: value for name, value in node.items() if value not in (None, [])})
    return document


def is_web_url(url: str | None) -> bool:
    """Return whether a URL is http or https and safe as a link: no script, no line break."""
    return bool(url and _WEB_URL.fullmatch(url))


def deadline(call: Row) -> date | datetime:
    """Return the deadline with its hour if the text states one, else the day."""
    day, hour = call["closes_on"], call["closes_time"]
    return datetime.combine(day, hour, SEOUL) if hour else day


def _iso(call: Row) -> str | None:
    return deadline(call).isoformat() if call["closes_on"] else call["closes_kind"]


def _short(value: Any) -> Any:
    """Return a cell cut to the length that Excel accepts."""
    return value[: LONGEST_CELL - 1] + "…" if isinstance(value, str) and len(value) > LONGEST_CELL else value
