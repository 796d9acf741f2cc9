"""Downloads of a list of calls in the formats of other programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from fastapi.responses import Response

from gonggo.report.cells import clean_values
from gonggo.report.formats import calendar_bytes, csv_bytes, feed_bytes, workbook_bytes
from gonggo.report.translations import Translator
from gonggo.web.snapshot import Row
from gonggo.web.view import download_response

# The columns of a workbook of calls, with the kind of their codes: first what readers sort and filter by, last the
# address and the key. Programs take the CSV or JSON, whose columns are those of the query.
_COLUMNS = {
    "title": "",
    "status": "status",
    "closes_on": "",
    "closes_time": "",
    "closes_kind": "closes",
    "opens_on": "",
    "posted_on": "",
    "agency": "",
    "sidos": "region",
    "places": "",
    "sectors": "sector",
    "types": "type",
    "sizes": "size",
    "max_company_age": "",
    "award_amount": "",
    "award_ceiling": "",
    "kind": "kind",
    "source": "",
    "url": "",
    "announcement_key": "",
}


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


def _workbook(calls: list[Row], t: Translator) -> bytes:
    """Return the calls as a workbook, with heads and codes in the reader's language."""
    sheet = [{t(f"column.{name}"): _in_words(call[name], kind, t) for name, kind in _COLUMNS.items()} for call in calls]
    return workbook_bytes([(t("page.calls"), sheet)])


def _in_words(value: Any, kind: str, t: Translator) -> Any:
    if isinstance(value, list):
        return ", ".join(t.code(kind, item) for item in value)
    return t.code(kind, value) if kind and value is not None else value


def _json(calls: list[Row], *_: object) -> bytes:
    return json.dumps(clean_values(calls), ensure_ascii=False, default=str, indent=1).encode()


# Suffix → media type, and a function from rows, the requested URL, the name of the search and the reader's language to
# the bytes of the file.
FORMATS: dict[str, tuple[str, Callable[[list[Row], str, str, Translator], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", lambda calls, *_: csv_bytes(calls)),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda calls, _, __, t: _workbook(calls, t),
    ),
    "ics": ("text/calendar; charset=utf-8", lambda calls, _, name, __: calendar_bytes(name, calls)),
    "atom": (
        "application/atom+xml; charset=utf-8",
        lambda calls, url, name, _: feed_bytes("calls", f"공고: {name}", map(_entry, calls), url),
    ),
    "json": ("application/json; charset=utf-8", _json),
}


def as_file(suffix: str, calls: list[Row], url: str, name: str, t: Translator) -> Response:
    """Return the rows as a file download; calendars and feeds are called by the name of the search."""
    media_type, make = FORMATS[suffix]
    return download_response(make(calls, url, name, t), media_type, f"gonggo-calls.{suffix}")
