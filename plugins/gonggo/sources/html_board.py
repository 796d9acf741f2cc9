"""Boards drawn as HTML tables or lists: rows, ids from href or onclick, per-cell dates, paging, detail selectors."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from gonggo.errors import ChangedError, EmptyError
from gonggo.model import Listed
from gonggo.sources.adapter import Detail, ListPage, Page, Request
from gonggo.sources.catalogue import Cell, DetailRules, ListRules, Site
from gonggo.sources.dates import cell_date, period

_SIZE_TAIL = re.compile(
    r"\s*[\[(](?:파일크기:?)?\s*[\d.,]+\s*[KMG]?B(?:yte)?s?[\])]\s*$|\s*(?:다운로드|내려받기|미리보기)\s*$", re.I
)


class HtmlBoard:
    """A board described by CSS selectors in its YAML."""

    def __init__(self, site: Site) -> None:
        if site.list is None or site.detail is None or site.detail.body is None:
            raise ChangedError(f"{site.id}: an html_board needs list, detail and detail.body in its YAML")
        self.site = site
        self.rules: ListRules = site.list
        self.parts: DetailRules = site.detail
        self.body: str = site.detail.body

    def list_request(self, page: int) -> Request:
        number = str(page - 1 + self.rules.first_page)
        offset = str((page - 1) * (self.rules.page_size or 0))
        fill = {name: v.replace("{page}", number).replace("{offset}", offset) for name, v in self.rules.params.items()}
        form = self.rules.form and {n: v.replace("{page}", number) for n, v in self.rules.form.items()}
        return Request(self.rules.url, self.rules.method, fill, data=form, encoding=self.site.charset)

    def parse_list(self, page: Page, number: int) -> ListPage:
        soup = BeautifulSoup(page.text(self.site.charset), "lxml")
        rows = soup.select(self.rules.rows)
        if not rows:
            at_least = self.site.expect.rows_per_page_min
            raise EmptyError(f"{page.url}: expected at least {at_least} rows ({self.rules.rows}), found none")
        items = [item for item in (self._row(row, page.url) for row in rows) if item]
        if not items:
            raise ChangedError(f"{page.url}: {len(rows)} rows, but none has an id ({self.rules.id})")
        self._demand(items, page.url)
        return ListPage(items, last=self._is_last(soup, number, len(items)))

    def _row(self, row: Tag, url: str) -> Listed | None:
        native_id = self._cell(row, self.rules.id)
        if not native_id:
            return None
        title = self._cell(row, self.rules.title) or ""
        fields: dict[str, str] = {}
        for name, rule in self.rules.fields.items():
            value = self._cell(row, rule)
            if value:
                fields.update(named(name, value, rule.date if isinstance(rule, Cell) else None))
        pinned = bool(self.rules.pinned and row.css.match(self.rules.pinned))
        return Listed(self.site.id, native_id, title, self._link(native_id), fields, pinned=pinned)

    def _cell(self, row: Tag, rule: Cell | str) -> str | None:
        cell = Cell(select=rule) if isinstance(rule, str) else rule
        node = row if cell.select == ":self" else row.select_one(cell.select)
        if node is None:
            return None
        raw = node.get(cell.attribute) if cell.attribute else None
        text = str(raw) if raw else "" if cell.pattern and cell.attribute else node.get_text(" ", strip=True)
        if cell.pattern:
            match = re.search(cell.pattern, text)
            return match.group(1) if match else None
        return " ".join(text.split()) or None

    def _demand(self, items: list[Listed], url: str) -> None:
        for name in self.site.expect.required:
            filled = sum(bool(i.title if name == "title" else i.fields.get(name)) for i in items)
            if not filled:
                raise ChangedError(f"{url}: the field {name!r} is empty in all {len(items)} rows; look at its selector")

    def _is_last(self, soup: BeautifulSoup, number: int, count: int) -> bool:
        if self.rules.last_page:
            shown = re.findall(r"\d+", " ".join(self._numbers(soup)))
            return not shown or max(map(int, shown)) <= number
        return bool(self.rules.page_size and count < self.rules.page_size)

    def _numbers(self, soup: BeautifulSoup) -> list[str]:
        links = soup.select(self.rules.last_page or "")
        return [f"{node.get_text(' ', strip=True)} {_page_number(str(node.get('href') or ''))}" for node in links]

    def _link(self, native_id: str) -> str:
        return (self.parts.link or self.parts.url).replace("{id}", native_id)

    def detail_request(self, item: Listed) -> Request | None:
        headers = {"Referer": self.rules.url}
        return Request(self.parts.url.replace("{id}", item.native_id), headers=headers, encoding=self.site.charset)

    def parse_detail(self, page: Page | None, item: Listed) -> Detail:
        if page is None:
            raise ChangedError(f"{item.url}: no page to read")
        soup = BeautifulSoup(page.text(self.site.charset), "lxml")
        body = soup.select_one(self.body)
        if body is None or not (body.get_text(strip=True) or body.find("img")):
            raise ChangedError(f"{page.url}: expected the announcement in {self.body}, found nothing there")
        fields: dict[str, str] = {}
        for name, rule in self.parts.fields.items():
            value = self._cell(soup, rule)
            if value:
                fields.update(named(name, value))
        title = soup.select_one(self.parts.title) if self.parts.title else None
        whole = title.get_text(" ", strip=True) if title else ""
        return Detail(whole or item.title, str(body), fields, self._files(soup, page.url))

    def _files(self, soup: BeautifulSoup, url: str) -> list[dict[str, str]]:
        found = []
        for link in soup.select(self.parts.files) if self.parts.files else []:
            name = _SIZE_TAIL.sub("", link.get_text(" ", strip=True)).strip()
            href = str(link.get("href") or "")
            if name and not href.lower().startswith(("javascript:", "#")):
                found.append({"name": name, "url": urljoin(url, href)})
        return found


def named(name: str, value: str, pattern: str | None = None) -> dict[str, str]:
    """A field under its standard name; a period brings opens_at and closes_at along, a date becomes ISO."""
    if name == "period":
        opens, closes = period(value)
        return {"period": value} | ({"opens_at": opens} if opens else {}) | ({"closes_at": closes} if closes else {})
    if name in ("posted_on", "opens_at", "closes_at"):
        day = cell_date(value, pattern)
        return {name: day} if day else {}
    return {name: value}


def _page_number(href: str) -> str:
    match = re.search(r"(?:page|pageIndex|pn|page_no)=(\d+)", href)
    return match.group(1) if match else ""
