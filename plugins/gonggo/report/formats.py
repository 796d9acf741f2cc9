"""Rows in the formats of other programs: CSV, workbooks, calendars, feeds, linked data."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from feedgen.feed import FeedGenerator
from icalendar import Calendar, Event
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from gonggo.settings import SEOUL

Row = dict[str, Any]


def csv_bytes(found: list[Row]) -> bytes:
    """With the mark by which spreadsheet programs know UTF-8."""
    out = io.StringIO(newline="")
    if found:
        table = csv.DictWriter(out, list(found[0]))
        table.writeheader()
        table.writerows({name: _cell(value) for name, value in row.items()} for row in found)
    return out.getvalue().encode("utf-8-sig")


def workbook_bytes(sheets: Iterable[tuple[str, list[Row]]]) -> bytes:
    """XLSX, one sheet each of the named rows."""
    book = Workbook(write_only=True)
    for title, found in sheets:
        sheet = book.create_sheet(title[:31].replace("/", " "))
        if found:
            sheet.append(list(found[0]))
        for row in found:
            sheet.append([_cell(value) for value in row.values()])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def calendar_bytes(name: str, calls: Iterable[Row]) -> bytes:
    """The deadlines of the calls that take applications, or will."""
    calendar = Calendar()
    calendar.add("prodid", "-//Gonggo//deadlines//KO")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"공고 마감: {name}")
    for call in calls:
        if not call["closes_on"] or call["status"] not in ("open", "upcoming"):
            continue
        event = Event()
        event.add("uid", f"{call['announcement_key']}@gonggo")
        event.add("summary", f"[마감] {call['title']}")
        event.add("dtstamp", datetime.now(SEOUL))
        event.add("dtstart", deadline(call))
        event.add("description", " · ".join(filter(None, [call["agency"], ", ".join(call["sidos"] or [])])))
        if is_web(call["url"]):
            event.add("url", call["url"])
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def feed_bytes(name: str, title: str, entries: Iterable[Row], href: str) -> bytes:
    """Atom. An entry has id, title, url, updated (ISO), author and told."""
    feed = FeedGenerator()
    feed.id(f"urn:gonggo:{name}")
    feed.title(title)
    feed.link(href=href, rel="self")
    feed.updated(datetime.now(SEOUL))
    for row in entries:
        entry = feed.add_entry(order="append")
        entry.id(row["id"])
        entry.title(row["title"])
        if is_web(row["url"]):
            entry.link(href=row["url"])
        entry.updated(datetime.fromisoformat(row["updated"]))
        entry.author(name=row["author"])
        entry.content(row["told"], type="text")
    content: bytes = feed.atom_str(pretty=True)
    return content


def linked(call: Row) -> Row:
    """A call in the words of schema.org."""
    node = {
        "@type": "MonetaryGrant",
        "@id": f"urn:gonggo:{call['announcement_key']}",
        "name": call["title"],
        "url": call["url"] if is_web(call["url"]) else None,
        "funder": {"@type": "GovernmentOrganization", "name": call["agency"]} if call["agency"] else None,
        "areaServed": [{"@type": "AdministrativeArea", "name": sido} for sido in call["sidos"] or []],
        "amount": {"@type": "MonetaryAmount", "currency": "KRW", "value": call["krw"]} if call["krw"] else None,
        "additionalProperty": {"@type": "PropertyValue", "name": "applicationDeadline", "value": _iso(call)},
    }
    return {name: value for name, value in node.items() if value not in (None, [])}


def is_web(url: str | None) -> bool:
    """Whether an address may become a link: what a page calls its address could be a script."""
    return bool(url and url.startswith(("http://", "https://")))


def deadline(call: Row) -> date | datetime:
    """The hour of the deadline where the text has one, else the day."""
    day, hour = call["closes_on"], call["closes_time"]
    return datetime.combine(day, hour, SEOUL) if hour else day


def _iso(call: Row) -> str | None:
    return deadline(call).isoformat() if call["closes_on"] else call["closes_kind"]


def _cell(value: Any) -> Any:
    value = ", ".join(map(str, value)) if isinstance(value, list) else value
    if not isinstance(value, str):
        return value
    # A text that begins like a formula stays a text: what a page says must not run in anybody's spreadsheet.
    clean = ILLEGAL_CHARACTERS_RE.sub("", value)
    return f"'{clean}" if clean[:1] in ("=", "+", "-", "@") else clean
