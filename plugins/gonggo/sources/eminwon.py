"""새올 (eminwon): the notice board product of most cities and counties, asked by keyword."""

from __future__ import annotations

import re

from bs4 import Tag

from gonggo.errors import ChangedError
from gonggo.model import Listed
from gonggo.sources import request_template
from gonggo.sources.adapter import Detail, ListPage, Page, Request, rows_read
from gonggo.sources.block_pages import blocked_phrase
from gonggo.sources.catalogue import DetailRules, ListRules, Site
from gonggo.sources.dates import cell_date
from gonggo.sources.html_board import detail_request, html_detail, html_files, list_request, with_status
from gonggo.sources.refusals import explained
from gonggo.sources.soup import attribute, select, soup_of, words
from gonggo.sources.titles import row_heading

_ID = re.compile(r"searchDetail\(\s*'?(\d+)'?")
_TOTAL = re.compile(r"(?:전체\s?게시물|총\s?게시물|전체)\s*+[:：]?\s*+(\d[\d,]*)")
_EMPTY = re.compile(r"(?:검색\s?결과|등록된\s?(?:글|게시물|자료)|데이터|자료)[가이]?\s*(?:없|존재하지)")


class Eminwon:
    """One "page" is one page of one keyword. A keyword without hits is no failure; a page without a list is."""

    searches = True

    def __init__(self, site: Site) -> None:
        if site.list is None or site.detail is None or not site.queries:
            raise ChangedError(f"{site.id}: an eminwon needs list, detail and queries in its YAML")
        self.site = site
        self.rules: ListRules = site.list
        self.parts: DetailRules = site.detail
        self.each = self.rules.pages or 1

    def list_request(self, page: int) -> Request:
        query, turn = request_template.question(self.site.queries, self.each, page)
        return list_request(self.site, self.rules, turn + 1, query=query)

    def parse_list(self, page: Page, number: int) -> ListPage:
        text = page.text(self.site.charset)
        tree = soup_of(text, page.url)
        marked = select(tree, "[onclick*=searchDetail], a[href*=searchDetail]")
        said = words(tree)
        none = _EMPTY.search(said) or (_TOTAL.search(said) and "0" in _TOTAL.findall(said))
        if not marked and (not none or blocked_phrase(text)):
            told = ChangedError(f"{page.url}: neither rows (searchDetail) nor a word that there are none")
            raise explained(page.url, text, told, self.site)
        read, refused = rows_read(marked, self._row)
        items: dict[str, Listed] = {}
        for item in read:
            items.setdefault(item.native_id, item)
        return ListPage(list(items.values()), last=number >= len(self.site.queries) * self.each, refused=refused)

    def _row(self, node: Tag) -> Listed | None:
        found = _ID.search(f"{attribute(node, 'onclick')} {attribute(node, 'href')}")
        row = node if node.name in ("tr", "ul") else node.find_parent(["tr", "ul"])
        if not found or row is None:
            return None
        cells = [" ".join(words(cell).split()) for cell in row.find_all(["td", "li"])]
        link = row.find("a")
        title, status = row_heading(node if link is None else link)
        title = title or max(cells, key=len, default="")
        days = [day for day in map(cell_date, cells) if day]
        fields = {"posted_on": days[0]} if days else {}
        agency = next((c for c in cells if re.search(r"(?:과|팀|실|국|단|센터|소)$", c) and c != title), "")
        fields |= {"department": agency} if agency else {}
        fields = with_status(fields, status)
        url = request_template.fill(self.parts.link or self.parts.url or "", {"id": found[1]})
        return Listed(self.site.id, found[1], title, url, fields)

    def detail_request(self, item: Listed) -> Request | None:
        return detail_request(self.site, self.rules, self.parts, item)

    def parse_detail(self, page: Page | None, item: Listed) -> Detail:
        return html_detail(self.site, self.parts, page, item)

    def files(self, page: Page) -> list[dict[str, str]]:
        return html_files(self.site, self.parts, page)
