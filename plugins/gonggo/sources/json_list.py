"""Sites that answer in JSON: where the rows are, which keys hold what, and where the announcement is."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

from gonggo.errors import ChangedError, EmptyError
from gonggo.model import Listed
from gonggo.sources import request_template
from gonggo.sources.adapter import Detail, ListPage, Page, Request, rows_read
from gonggo.sources.addresses import followed
from gonggo.sources.catalogue import Cell, DetailRules, ListRules, Site
from gonggo.sources.html_board import detail_request, field_of, html_detail, list_request, with_status
from gonggo.sources.refusals import explained, in_words
from gonggo.sources.titles import titled

_JSON = {"Accept": "application/json"}
_TAG = re.compile(r"</?(?:b|br|i|u|em|strong|mark|span|font|img|sup|sub)(?:\s[^<>]{0,300})?/?>", re.I)
_KEYS = re.compile(r"\{([\w.]+)\}")
_LONGEST_COUNT = 12
_FIRST_ERROR = 400


class JsonList:
    """A JSON list described by dotted paths; the announcement is JSON, a page, or in the row itself."""

    searches = False

    def __init__(self, site: Site, key: str = "") -> None:
        if site.list is None or site.detail is None:
            raise ChangedError(f"{site.id}: a {site.family} needs list and detail in its YAML")
        self.site = site
        self.key = key
        self.rules: ListRules = site.list
        self.parts: DetailRules = site.detail
        self.kind = site.detail.kind or "json"

    def list_request(self, page: int) -> Request:
        asked = list_request(self.site, self.rules, page, key=self.key)
        return Request(**{**asked.__dict__, "headers": {**_JSON, **asked.headers}})

    def rows(self, page: Page, number: int) -> tuple[list[Any], int | None, bool]:
        """The raw rows of an answer, the total it states, and whether it is the last."""
        data = page.json(self.site)
        rows = as_rows(at(data, self.rules.rows), self.rules.id, there=is_there(data, self.rules.rows))
        if rows is None:
            changed = ChangedError(f"{page.url}: expected a list at {self.rules.rows!r}, got {str(data)[:80]!r}")
            raise explained(page.url, page.text("utf-8"), changed, self.site)
        total = at(data, self.rules.total) if self.rules.total else None
        last = len(rows) < (self.rules.page_size or 1)
        if self.rules.last_page:
            last = not rows or number >= (whole(at(data, self.rules.last_page)) or 0)
        return rows, whole(total), last

    def parse_list(self, page: Page, number: int) -> ListPage:
        rows, total, last = self.rows(page, number)
        if not rows and number == 1:
            empty = EmptyError(f"{page.url}: expected at least {self.site.expect.rows_per_page_min} rows, got none")
            raise explained(page.url, page.text(self.site.charset), empty, self.site)
        if not rows and (refusing := in_words(self.site, page.text(self.site.charset))):
            raise refusing
        # For a search, ``pages`` counts those of each question.
        last = last or bool(not self.searches and self.rules.pages and number >= self.rules.pages)
        # What is no object beside objects says nothing of how these are built.
        strays = [row for row in rows if not isinstance(row, (dict, list))]
        strays = strays if len(strays) < len(rows) else []
        items, refused = rows_read((row for row in rows if row not in strays), lambda row: self._row(row, page.url))
        told = [f"{page.url}: a row that is no object: {str(row)[:80]!r}" for row in strays]
        refused += [{"outcome": ChangedError.outcome, "url": "", "message": message} for message in told]
        keys = frozenset(str(key) for row in rows if isinstance(row, dict) for key in row)
        return ListPage(items, total, last, refused, keys=keys)

    def _row(self, row: Any, url: str) -> Listed:
        native_id, title = _number(_value(row, self.rules.id)), _value(row, self.rules.title)
        if not native_id or not title:
            raise ChangedError(f"{url}: a row without {self.rules.id} or {self.rules.title}: {str(row)[:80]!r}")
        fields: dict[str, str] = {}
        for name, rule in self.rules.fields.items():
            value = _value(row, rule)
            if value not in (None, ""):
                said = plain(str(value))
                fields.update(field_of(name, said, rule.date if isinstance(rule, Cell) else None))
        name, status = titled(plain(str(title)))
        fields = with_status(fields, status)
        values = {**fields, "id": native_id}
        template = self.parts.link or self.parts.url
        href = _value(row, self.rules.href) if self.rules.href else None
        link = str(href) if href else request_template.fill(template, values) if template else self.site.home
        # No other entity: a parameter called "copy" or "sect" is none.
        link = followed(self.site.home, link.replace("&amp;", "&"), self.site.charset)
        body = self._sections(row) if self.kind == "row" else None
        return Listed(self.site.id, native_id, name, link, fields, body=body)

    def _sections(self, data: dict[str, Any]) -> str:
        """The parts of an answer as labelled paragraphs."""
        found = [(label, at(data, key)) for key, label in self.parts.sections.items()]
        return "".join(f"<div><p>□ {label} : {_markup(str(text))}</p></div>" for label, text in found if text)

    def detail_request(self, item: Listed) -> Request | None:
        if self.kind == "row":
            return None
        asked = detail_request(self.site, self.rules, self.parts, item)
        return asked if self.kind == "html" else Request(**{**asked.__dict__, "headers": {**asked.headers, **_JSON}})

    def parse_detail(self, page: Page | None, item: Listed) -> Detail:
        if self.kind == "row":
            return Detail(item.title, item.body or "", {}, item.files)
        if self.kind == "html":
            return html_detail(self.site, self.parts, page, item)
        if page is None:
            raise ChangedError(f"{item.url}: no answer to read")
        data = page.json(self.site)
        body = at(data, self.parts.body) if self.parts.body else data
        if isinstance(body, list) and len(body) == 1:
            # One object is a list of one in some answers.
            body = body[0]
        if not isinstance(body, dict):
            raise ChangedError(f"{page.url}: expected an object at {self.parts.body!r}, got {str(body)[:80]!r}")
        text = self._sections(body)
        if not text:
            raise ChangedError(f"{page.url}: none of {', '.join(self.parts.sections)} is filled")
        return Detail(item.title, text)


def whole(value: Any) -> int | None:
    """A count as APIs write it, a number or its digits; None for anything else."""
    digits = str(value if value is not None else "").replace(",", "").strip()
    return int(digits) if digits.isdecimal() and len(digits) <= _LONGEST_COUNT else None


def as_rows(found: Any, number: Cell | str, *, there: bool) -> list[Any] | None:
    """Return what stands where an answer has its rows, as a list; None where that is no list in any form.

    One row may come without its list, rows by their keys, and no rows as null, false or an empty text.
    """
    if isinstance(found, dict) and found and _value(found, number) in (None, ""):
        found = list(found.values()) if all(isinstance(row, dict) for row in found.values()) else [found]
    if isinstance(found, dict):
        found = [found] if found else []
    if found is None or found is False or (isinstance(found, str) and not found.strip()):
        found = [] if there else None
    return [row for row in found if row not in (None, "", {}, [])] if isinstance(found, list) else None


def is_there(data: Any, path: str) -> bool:
    """Return whether an answer has a value at a dotted path, be it null, or nothing in place of what would hold it.

    Nothing in an answer that tells of a failure is no such value.
    """
    front, _, last = path.rpartition(".")
    above = at(data, front)
    if front and above in (None, "", [], {}):
        return is_there(data, front) and not _failed(data)
    return last in above if isinstance(above, dict) else not path


def _failed(data: Any) -> bool:
    """Return whether an answer says of itself that it went wrong."""
    if not isinstance(data, dict):
        return False
    codes = [whole(data.get(name)) or 0 for name in ("code", "status", "statusCode")]
    return any(code >= _FIRST_ERROR for code in codes) or data.get("success") is False or bool(data.get("error"))


def _number(value: Any) -> str:
    """Return the number of a row as text, the same for 7, 7.0 and "7" with a line end behind it; "" for none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def plain(text: str) -> str:
    """A value without the markup and the entities that APIs put into titles."""
    text = unescape(unescape(text))
    return " ".join(_TAG.sub("", text).split())


def _markup(text: str) -> str:
    """A value as HTML: as it is when it is markup (escaped or not), else with its line breaks kept."""
    bare = unescape(text) if "&lt;" in text else text
    if "</" in bare or "<br" in bare:
        return bare
    return escape(unescape(text)).replace("\r\n", "<br>").replace("\n", "<br>")


def _value(row: Any, rule: Cell | str) -> Any:
    """The value at a rule's path, cut by its pattern."""
    path = rule if isinstance(rule, str) else rule.select
    if _KEYS.search(path):
        return _joined(row, path)
    if isinstance(rule, str):
        return at(row, rule)
    value = at(row, path)
    if not rule.pattern or value in (None, ""):
        return value
    match = re.search(rule.pattern, str(value))
    return match.group(1) if match else None


def _joined(row: Any, template: str) -> str | None:
    """Return one value of several keys, as in "{call}:{serial}"; None where one of them is missing."""
    found = [_number(at(row, key)) for key in _KEYS.findall(template)]
    return _KEYS.sub("{}", template).format(*found) if all(found) else None


def at(data: Any, path: str) -> Any:
    """The value at a dotted path (numbers index lists); None when a step is missing."""
    for step in path.split(".") if path else ():
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and step.isdigit() and int(step) < len(data):
            data = data[int(step)]
        else:
            return None
    return data
