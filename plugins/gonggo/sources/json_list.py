"""Sites that answer in JSON: where the rows are, which keys hold what, and where the announcement is."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

from gonggo.errors import ChangedError, EmptyError
from gonggo.model import Listed
from gonggo.sources import asking
from gonggo.sources.adapter import Detail, ListPage, Page, Request
from gonggo.sources.catalogue import Cell, DetailRules, ListRules, Site
from gonggo.sources.dates import named
from gonggo.sources.html_board import detail_request, html_detail, list_request

_JSON = {"Accept": "application/json"}


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
        data = page.json()
        rows = at(data, self.rules.rows)
        if isinstance(rows, dict):
            rows = list(rows.values()) if all(isinstance(row, dict) for row in rows.values()) else None
        if not isinstance(rows, list):
            raise ChangedError(f"{page.url}: expected a list at {self.rules.rows!r}, got {str(data)[:80]!r}")
        total = at(data, self.rules.total) if self.rules.total else None
        last = len(rows) < (self.rules.page_size or 1)
        if self.rules.last_page:
            last = number >= int(at(data, self.rules.last_page) or 0)
        return rows, whole(total), last

    def parse_list(self, page: Page, number: int) -> ListPage:
        rows, total, last = self.rows(page, number)
        if not rows and number == 1:
            raise EmptyError(f"{page.url}: expected at least {self.site.expect.rows_per_page_min} rows, got none")
        # For a search, ``pages`` counts those of each question.
        last = last or bool(not self.searches and self.rules.pages and number >= self.rules.pages)
        return ListPage([self._row(row, page.url) for row in rows], total, last)

    def _row(self, row: Any, url: str) -> Listed:
        native_id, title = _value(row, self.rules.id), _value(row, self.rules.title)
        if native_id in (None, "") or not title:
            raise ChangedError(f"{url}: a row without {self.rules.id} or {self.rules.title}: {str(row)[:80]!r}")
        fields: dict[str, str] = {}
        for name, rule in self.rules.fields.items():
            value = _value(row, rule)
            if value not in (None, ""):
                said = plain(str(value))
                fields.update(named(name, said, rule.date if isinstance(rule, Cell) else None))
        values = {**fields, "id": str(native_id)}
        template = self.parts.link or self.parts.url
        href = _value(row, self.rules.href) if self.rules.href else None
        link = str(href) if href else asking.fill(template, values) if template else self.site.home
        body = self._sections(row) if self.kind == "row" else None
        return Listed(self.site.id, str(native_id), plain(str(title)), unescape(link), fields, body=body)

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
        data = page.json()
        body = at(data, self.parts.body) if self.parts.body else data
        if not isinstance(body, dict):
            raise ChangedError(f"{page.url}: expected an object at {self.parts.body!r}, got {str(body)[:80]!r}")
        text = self._sections(body)
        if not text:
            raise ChangedError(f"{page.url}: none of {', '.join(self.parts.sections)} is filled")
        return Detail(item.title, text)


def whole(value: Any) -> int | None:
    """A count as APIs write it, a number or its digits; None for anything else."""
    return int(value) if str(value or "").isdigit() else None


def plain(text: str) -> str:
    """A value without the markup and the entities that APIs put into titles."""
    text = unescape(unescape(text))
    for tag in ("<b>", "</b>", "<br>", "<br/>"):
        text = text.replace(tag, "")
    return " ".join(text.split())


def _markup(text: str) -> str:
    """A value as HTML: as it is when it is markup (escaped or not), else with its line breaks kept."""
    bare = unescape(text) if "&lt;" in text else text
    if "</" in bare or "<br" in bare:
        return bare
    return escape(unescape(text)).replace("\r\n", "<br>").replace("\n", "<br>")


def _value(row: Any, rule: Cell | str) -> Any:
    """The value at a rule's path, cut by its pattern."""
    if isinstance(rule, str):
        return at(row, rule)
    value = at(row, rule.select)
    if not rule.pattern or value in (None, ""):
        return value
    match = re.search(rule.pattern, str(value))
    return match.group(1) if match else None


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
