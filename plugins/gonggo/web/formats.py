"""Downloads of a list of calls in the formats of other programs."""

from __future__ import annotations

import json
from collections.abc import Callable

from fastapi.responses import Response

from gonggo.report.cells import clean_values
from gonggo.report.formats import calendar_bytes, csv_bytes, feed_bytes, workbook_bytes
from gonggo.web.snapshot import Row
from gonggo.web.view import download_response


def _entry(call: Row) -> Row:
    """Return a call as a feed entry."""
    day = call["posted_on"] or call["opens_on"] or call["closes_on"]
    return {
        "id": f"urn:gonggo:{call['announcement_key']}",
        "title": call["title"],
        "url": call["url"],
        "updated": f"{day or '1970-01-01'}T00:00:00+09:00",
        "author": call["agency"] or call["source"],
        "content": " · ".join(
            filter(None, [", ".join(call["sidos"]), f"~ {call['closes_on']}" if call["closes_on"] else ""])
        )
        or call["title"],
    }


def _json(calls: list[Row], _: str, __: str) -> bytes:
    return json.dumps(clean_values(calls), ensure_ascii=False, default=str, indent=1).encode()


# Suffix → media type, and a function from rows, the requested URL and the name of the search to the bytes of the file.
FORMATS: dict[str, tuple[str, Callable[[list[Row], str, str], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", lambda calls, *_: csv_bytes(calls)),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda calls, *_: workbook_bytes([("공고", calls)]),
    ),
    "ics": ("text/calendar; charset=utf-8", lambda calls, _, name: calendar_bytes(name, calls)),
    "atom": (
        "application/atom+xml; charset=utf-8",
        lambda calls, url, name: feed_bytes("calls", f"공고: {name}", map(_entry, calls), url),
    ),
    "json": ("application/json; charset=utf-8", _json),
}


def as_file(suffix: str, calls: list[Row], url: str, name: str) -> Response:
    """Return the rows as a file download; calendars and feeds are called by the name of the search."""
    media_type, make = FORMATS[suffix]
    return download_response(make(calls, url, name), media_type, f"gonggo-calls.{suffix}")
