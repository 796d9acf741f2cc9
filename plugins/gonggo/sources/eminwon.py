"""새올 (eminwon): the notice board of most cities and counties, searched by keyword."""

from __future__ import annotations

import re

from bs4 import Tag

from gonggo.errors import ChangedError
from gonggo.model import Listed
from gonggo.sources import request_template
from gonggo.sources.adapter import Detail, ListPage, Page, Request, parse_rows
from gonggo.sources.attachments import plain_call
from gonggo.sources.block_pages import blocked_phrase
from gonggo.sources.catalogue import DetailRules, ListRules, Site
from gonggo.sources.columns import TableHeads, unknown_columns
from gonggo.sources.dates import cell_date
from gonggo.sources.html_board import detail_request, html_detail, html_files, list_request, with_status
from gonggo.sources.refusals import explain
from gonggo.sources.soup import attribute, select, soup_of, text_of
from gonggo.sources.titles import row_heading

# As ``plain_call`` spells it; some boards pass the element before the id.
_ID = re.compile(r"searchDetail\((?:this,)?'?(\d+)'?")
# The number of a notice, with the city before it.
_NOTICE_NUMBER = re.compile(r"[가-힣\s]{0,20}제?\s?\d{4}\s?-\s?\d+\s?호?")
_WORD = re.compile("[가-힣A-Za-z]{2}")
_TOTAL = re.compile(r"(?:전체\s?게시물|총\s?게시물|전체)\s*+[:：]?\s*+(\d[\d,]*)")
_OFFICE = re.compile(r"(?:과|팀|실|국|단|센터|소)$")
_NO_RESULTS = re.compile(r"(?:검색\s?결과|등록된\s?(?:글|게시물|자료)|데이터|자료)[가이]?\s*(?:없|존재하지)")


class Eminwon:
    """A board of 새올. A page is a page of results of one keyword. No results are fine, a missing list is an error."""

    searches = True

    def __init__(self, site: Site) -> None:
        if site.list is None or site.detail is None or not site.queries:
            raise ChangedError(f"{site.id}: an eminwon needs list, detail and queries in its YAML")
        self.site = site
        self.list_rules: ListRules = site.list
        self.detail_rules: DetailRules = site.detail
        self.pages_per_query = self.list_rules.pages or 1

    def list_request(self, page: int) -> Request:
        query, page_of_query = request_template.query_page(self.site.queries, self.pages_per_query, page)
        return list_request(self.site, self.list_rules, page_of_query + 1, query=query)

    def parse_list(self, page: Page, number: int) -> ListPage:
        text = page.text(self.site.charset)
        tree = soup_of(text, page.url)
        row_nodes = select(tree, "[onclick*=searchDetail], a[href*=searchDetail]")
        page_text = text_of(tree)
        says_none = _NO_RESULTS.search(page_text) or (_TOTAL.search(page_text) and "0" in _TOTAL.findall(page_text))
        if not row_nodes and (not says_none or blocked_phrase(text)):
            error = ChangedError(f"{page.url}: neither rows (searchDetail) nor a word that there are none")
            raise explain(page.url, text, error, self.site)
        heads = TableHeads()
        parsed, row_errors = parse_rows(row_nodes, lambda node: self._row(node, heads))
        if row_nodes and not parsed and not row_errors:
            raise ChangedError(f"{page.url}: {len(row_nodes)} calls of searchDetail, but none with an id in a row")
        items: dict[str, Listed] = {}
        for item in parsed:
            items.setdefault(item.native_id, item)
        row = _row_of(row_nodes[0]) if row_nodes and number == 1 else None
        notices = [] if row is None else list(unknown_columns(heads.head(row)))
        last = number >= len(self.site.queries) * self.pages_per_query
        return ListPage(list(items.values()), last=last, row_errors=row_errors, notices=notices)

    def _row(self, node: Tag, heads: TableHeads) -> Listed | None:
        id_match = _ID.search(plain_call(f"{attribute(node, 'onclick')} {attribute(node, 'href')}"))
        row = _row_of(node)
        if not id_match or row is None:
            return None
        nodes = _cells(row, heads)
        cells = [(" ".join(text_of(cell).split()), kind) for cell, kind in nodes]
        named = {kind: text for text, kind in reversed(cells) if kind and text}
        title, status = _title(row, nodes)
        title = title or _longest(cells)
        fields = _posting_day([(text, kind) for text, kind in cells if not title or title not in text], named)
        department = named.get("department") or next(
            (text for text, kind in cells if not kind and text != title and _OFFICE.search(text)), ""
        )
        fields |= {"department": department} if department else {}
        fields = with_status(fields, status)
        url = request_template.fill(self.detail_rules.link or self.detail_rules.url or "", {"id": id_match[1]})
        return Listed(self.site.id, id_match[1], title, url, fields)

    def detail_request(self, item: Listed) -> Request | None:
        return detail_request(self.site, self.list_rules, self.detail_rules, item)

    def parse_detail(self, page: Page | None, item: Listed) -> Detail:
        return html_detail(self.site, self.detail_rules, page, item)

    def files(self, page: Page) -> list[dict[str, str]]:
        return html_files(self.site, self.detail_rules, page)


def _row_of(node: Tag) -> Tag | None:
    return node if node.name in ("tr", "ul") else node.find_parent(["tr", "ul"])


def _cells(row: Tag, heads: TableHeads) -> list[tuple[Tag, str | None]]:
    """Return the cells of a row, of a table or of a list, each with its kind."""
    return heads.cells(row) if row.name == "tr" else [(cell, None) for cell in row.find_all("li")]


def _title(row: Tag, cells: list[tuple[Tag, str | None]]) -> tuple[str, str]:
    """Return the title of a row and its status: of the cell that the head row names, else of the first link with words.

    Every cell may call the script or hold a link, that with the number of the notice too.
    """
    named = next((cell for cell, kind in cells if kind == "title"), None)
    candidates = row.find_all("a") if named is None else [named.find("a") or named]
    headings = map(row_heading, candidates)
    return next(
        (found for found in headings if _WORD.search(found[0]) and not _NOTICE_NUMBER.fullmatch(found[0])), ("", "")
    )


def _longest(cells: list[tuple[str, str | None]]) -> str:
    """Return the longest text of cells of unknown kind that has words and is not the number of a notice."""
    texts = [text for text, kind in cells if not kind and _WORD.search(text) and not _NOTICE_NUMBER.fullmatch(text)]
    return max(texts, key=len, default="")


def _posting_day(cells: list[tuple[str, str | None]], named: dict[str, str]) -> dict[str, str]:
    """Return the day of posting: from the cell that the head row names, else the first date in an unknown cell."""
    for kind in ("posted_on", "notice_period"):
        if day := cell_date(named.get(kind, "")):
            return {"posted_on": day}
    days = [day for text, kind in cells if not kind and (day := cell_date(text))]
    return {"posted_on": days[0]} if days else {}
