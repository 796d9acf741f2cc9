"""Rows in the formats of other programs: CSV, workbooks, calendars, feeds, linked data."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from feedgen.feed import FeedGenerator
from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from gonggo.report.cells import clean, clean_values, lines, one_line, safe_cell
from gonggo.settings import SEOUL
from gonggo.text_width import columns

Row = dict[str, Any]
# A URL that is safe in a link or a line of a calendar: without line breaks.
_WEB_URL = re.compile(r"https?://[^\s/][^\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]*", re.IGNORECASE)
# Longest text that a workbook cell can hold.
LONGEST_CELL = 32_767
# Characters of the narrowest and widest column of a workbook, and rows that are looked at for the width of a column.
NARROWEST, WIDEST, ROWS_FOR_WIDTH = 8, 60, 500
# From this number on, the numbers of a column get separators of thousands: years have none, amounts have.
SEPARATED_FROM = 10_000
# How long before a deadline a calendar reminds of it; of a whole day, at nine in the morning of a day before.
_ALARMS = (timedelta(days=7), timedelta(days=1))
_MORNING = timedelta(hours=9)
_END_OF_CALENDAR = b"END:VCALENDAR\r\n"


def csv_bytes(rows: list[Row]) -> bytes:
    """Return the rows as CSV in UTF-8 with a byte order mark, by which spreadsheet programs recognise it."""
    out = io.StringIO(newline="")
    if rows:
        table = csv.writer(out)
        table.writerow([safe_cell(name) for name in rows[0]])
        table.writerows([safe_cell(value) for value in row.values()] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def workbook_bytes(sheets: Iterable[tuple[str, list[Row]]]) -> bytes:
    """Return an XLSX workbook with one sheet for each pair of a title and its rows; those without rows are left out.

    Heads stay in view and have filters, columns are as wide as their content, and amounts have separators of thousands.
    """
    book = Workbook(write_only=True)
    for title, rows in sheets:
        if rows:
            _add_sheet(book, title, rows)
    if not book.worksheets:
        # A workbook has at least one sheet.
        book.create_sheet("없음").append(["해당하는 자료가 없습니다 | nothing found"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _add_sheet(book: Workbook, title: str, rows: list[Row]) -> None:
    sheet = book.create_sheet(title[:31].replace("/", " "))
    names = list(rows[0])
    formats = [_number_format([row[name] for row in rows]) for name in names]
    # Before the first row, after which these can no longer be written.
    sheet.freeze_panes = "A2"
    for number, name in enumerate(names, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _width(name, [row[name] for row in rows])
    sheet.append([_cell(sheet, safe_cell(name), font=Font(bold=True)) for name in names])
    for row in rows:
        values = [_short(safe_cell(value)) for value in row.values()]
        sheet.append(
            [
                _cell(sheet, value, number_format=number_format) if number_format and value is not None else value
                for value, number_format in zip(values, formats, strict=True)
            ]
        )
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(rows) + 1}"


def _cell(sheet: Any, value: Any, **style: Any) -> Any:
    cell = WriteOnlyCell(sheet, value)
    for name, wanted in style.items():
        setattr(cell, name, wanted)
    return cell


def _number_format(values: list[Any]) -> str | None:
    """Return the number format of a column; None for texts and dates, which have one by themselves."""
    numbers: list[Any] = [
        value for value in values if isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    ]
    if not numbers or any(isinstance(value, str) for value in values):
        return None
    broken = any(value != int(value) for value in numbers)
    separated = max(map(abs, numbers)) >= SEPARATED_FROM
    return ("#,##0" if separated else "0") + (".##" if broken else "")


def _width(name: str, values: list[Any]) -> float:
    """Return the width of a column by its longest text; a Korean letter takes the room of two Latin ones."""
    texts = [name, *(str(safe_cell(value)) for value in values[:ROWS_FOR_WIDTH] if value is not None)]
    widest = max(columns(line[: WIDEST + 1]) for text in texts for line in text.split("\n"))
    # Room for the button of the filter.
    return min(max(widest + 3, NARROWEST), WIDEST)


def calendar_bytes(name: str, calls: Iterable[Row], event: Callable[[Row], bytes] | None = None) -> bytes:
    """Return an iCalendar of the deadlines of open and upcoming calls, in Seoul time, with its time zone and alarms.

    Args:
        name: Whose calendar it is.
        calls: The calls.
        event: Returns what ``event_bytes`` does, for example what it returned for another calendar.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Gonggo//deadlines//KO")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    # How often programs that subscribe should ask again.
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    calendar.add("x-wr-calname", f"공고 마감: {one_line(name)}")
    calendar.add_component(_seoul())
    content: bytes = calendar.to_ical()
    events = map(event or event_bytes, filter(_has_deadline_ahead, calls))
    return b"".join([content.removesuffix(_END_OF_CALENDAR), *events, _END_OF_CALENDAR])


def _has_deadline_ahead(call: Row) -> bool:
    return bool(call["closes_on"]) and call["status"] in ("open", "upcoming")


def event_bytes(call: Row) -> bytes:
    """Return the deadline of a call as an event of an iCalendar."""
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
    for before in _ALARMS:
        event.add_component(_alarm(before, str(event["summary"]), whole_day=not call["closes_time"]))
    content: bytes = event.to_ical()
    return content


def _alarm(before: timedelta, text: str, *, whole_day: bool) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    # A whole day begins at midnight.
    alarm.add("trigger", _MORNING - before if whole_day else -before)
    return alarm


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


# The type of schema.org for the text of each kind of document.
_DOCUMENT_TYPES = {
    "announcement": "SpecialAnnouncement",
    "press_release": "NewsArticle",
    "article": "NewsArticle",
    "opinion": "OpinionNewsArticle",
    "statistics": "Report",
}


def json_ld(announcement: Row) -> Row:
    """Return an announcement in the vocabulary of schema.org: a call as a grant with its notice, another as an article.

    ``status`` distinguishes a call from a result or a briefing (``no_call``), ``krw`` is the largest stated total.
    """
    is_call = announcement["kind"] == "announcement" and announcement["status"] != "no_call"
    key, agency = f"urn:gonggo:{announcement['announcement_key']}", announcement["agency"]
    url = announcement["url"] if is_web_url(announcement["url"]) else None
    body = {"@type": "GovernmentOrganization", "name": agency} if agency else None
    text_type = _DOCUMENT_TYPES.get(announcement["kind"], "Article")
    document = {
        "@type": text_type,
        "@id": f"{key}:notice" if is_call else key,
        "headline": announcement["title"],
        "url": url,
        "publisher": body,
        "datePosted" if text_type == "SpecialAnnouncement" else "datePublished": _iso_day(announcement["posted_on"]),
        "expires": deadline(announcement).isoformat() if is_call and announcement["closes_on"] else None,
        "spatialCoverage": [{"@type": "AdministrativeArea", "name": sido} for sido in announcement["sidos"] or []],
    }
    grant = {
        "@type": "MonetaryGrant",
        "@id": key,
        "name": announcement["title"],
        "url": url,
        "funder": body,
        "amount": {"@type": "MonetaryAmount", "currency": "KRW", "value": announcement["krw"]}
        if announcement["krw"]
        else None,
        "subjectOf": _without_empty(document),
    }
    node: Row = clean_values(_without_empty(grant if is_call else document))
    return node


def _without_empty(node: Row) -> Row:
    return {name: value for name, value in node.items() if value not in (None, [])}


def _iso_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def is_web_url(url: str | None) -> bool:
    """Return whether a URL is http or https and safe as a link: no script, no line break."""
    return bool(url and _WEB_URL.fullmatch(url))


def deadline(call: Row) -> date | datetime:
    """Return the deadline with its hour if the text states one, else the day."""
    day, hour = call["closes_on"], call["closes_time"]
    return datetime.combine(day, hour, SEOUL) if hour else day


def _short(value: Any) -> Any:
    """Return a cell cut to the length that Excel accepts."""
    return value[: LONGEST_CELL - 1] + "…" if isinstance(value, str) and len(value) > LONGEST_CELL else value
