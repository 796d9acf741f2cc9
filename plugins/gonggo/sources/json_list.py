"""Sites that answer in JSON: where the rows are, which keys hold what, and the announcement's own address."""

from __future__ import annotations

from html import escape
from typing import Any

from gonggo.errors import ChangedError, EmptyError
from gonggo.model import Listed
from gonggo.sources.adapter import Detail, ListPage, Page, Request
from gonggo.sources.catalogue import Cell, DetailRules, ListRules, Site
from gonggo.sources.html_board import named


class JsonList:
    """A JSON list and a JSON detail, described by dotted paths in the site's YAML."""

    def __init__(self, site: Site) -> None:
        if site.list is None or site.detail is None:
            raise ChangedError(f"{site.id}: a json_list needs list and detail in its YAML")
        self.site = site
        self.rules: ListRules = site.list
        self.parts: DetailRules = site.detail

    def list_request(self, page: int) -> Request:
        number = str(page - 1 + self.rules.first_page)
        params = {name: value.replace("{page}", number) for name, value in self.rules.params.items()}
        form = self.rules.form and {name: value.replace("{page}", number) for name, value in self.rules.form.items()}
        return Request(self.rules.url, self.rules.method, params, data=form, headers={"Accept": "application/json"})

    def parse_list(self, page: Page, number: int) -> ListPage:
        data = page.json()
        rows = at(data, self.rules.rows)
        if not isinstance(rows, list):
            raise ChangedError(f"{page.url}: expected a list at {self.rules.rows!r}, got {str(rows)[:80]!r}")
        if not rows and number == 1:
            raise EmptyError(f"{page.url}: expected at least {self.site.expect.rows_per_page_min} rows, got none")
        items = [self._row(row, page.url) for row in rows]
        for name in self.site.expect.required:
            if items and not any(i.title if name == "title" else i.fields.get(name) for i in items):
                raise ChangedError(f"{page.url}: the field {name!r} is empty in all {len(items)} rows")
        total = at(data, self.rules.total) if self.rules.total else None
        last = len(rows) < (self.rules.page_size or 1)
        if self.rules.last_page:
            last = number >= int(at(data, self.rules.last_page) or 0)
        return ListPage(items, int(total) if total is not None else None, last)

    def _row(self, row: Any, url: str) -> Listed:
        native_id, title = at(row, _path(self.rules.id)), at(row, _path(self.rules.title))
        if native_id in (None, "") or not title:
            raise ChangedError(f"{url}: a row without {self.rules.id} or {self.rules.title}: {str(row)[:80]!r}")
        fields: dict[str, str] = {}
        for name, rule in self.rules.fields.items():
            value = at(row, _path(rule))
            if value not in (None, ""):
                fields.update(named(name, str(value), rule.date if isinstance(rule, Cell) else None))
        link = (self.parts.link or self.parts.url).replace("{id}", str(native_id))
        return Listed(self.site.id, str(native_id), str(title).strip(), link, fields)

    def detail_request(self, item: Listed) -> Request | None:
        return Request(self.parts.url.replace("{id}", item.native_id), headers={"Accept": "application/json"})

    def parse_detail(self, page: Page | None, item: Listed) -> Detail:
        if page is None:
            raise ChangedError(f"{item.url}: no answer to read")
        data = page.json()
        body = at(data, self.parts.body) if self.parts.body else data
        if not isinstance(body, dict):
            raise ChangedError(f"{page.url}: expected an object at {self.parts.body!r}, got {str(body)[:80]!r}")
        sections = [(label, str(body[key])) for key, label in self.parts.sections.items() if body.get(key)]
        if not sections:
            raise ChangedError(f"{page.url}: none of {', '.join(self.parts.sections)} is filled")
        return Detail(item.title, "".join(f"<div><p>□ {label} : {_markup(text)}</p></div>" for label, text in sections))


def _markup(text: str) -> str:
    """A value as HTML: as it is when it is markup already, else with its line breaks kept."""
    return text if "</" in text or "<br" in text else escape(text).replace("\n", "<br>")


def _path(rule: Cell | str) -> str:
    return rule if isinstance(rule, str) else rule.select


def at(data: Any, path: str) -> Any:
    """The value at a dotted path; None when a step is missing."""
    for step in path.split("."):
        data = data.get(step) if isinstance(data, dict) else None
    return data
