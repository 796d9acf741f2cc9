"""기업마당 (Bizinfo): the national aggregate, by its API, its mirror at data.go.kr, its Excel export, or its pages.

The site's YAML lists these endpoints in the order in which they are tried; those whose key is missing are left out. All
of them use the same ids (pblancId), so that an announcement is the same one whichever endpoint it came from.
"""

from __future__ import annotations

from html import escape, unescape
from typing import Any

from gonggo.errors import ChangedError, EmptyError
from gonggo.model import Listed
from gonggo.settings import Settings
from gonggo.sources.adapter import Detail, ListPage, Page, Request, api_key, parse_rows
from gonggo.sources.addresses import resolve_link
from gonggo.sources.catalogue import DetailRules, ListRules, Site
from gonggo.sources.datago import Datago
from gonggo.sources.dates import cell_date, period
from gonggo.sources.html_board import HtmlBoard, detail_request, html_detail, list_request, with_status
from gonggo.sources.json_list import as_rows, has_path, to_count, value_at
from gonggo.sources.refusals import explain, refusal, refusal_in
from gonggo.sources.sheets import rows_of
from gonggo.sources.titles import clean_title

# Keys of the API, and the labels under which their values stand in the text.
SECTION_LABELS = {
    "jrsdInsttNm": "소관기관",
    "excInsttNm": "수행기관",
    "bsnsSumryCn": "사업개요",
    "trgetNm": "지원대상",
    "reqstBeginEndDe": "신청기간",
    "reqstMthPapersCn": "신청방법",
    "refrncNm": "문의처",
}
OPERATOR_PLACEHOLDERS = {"직접수행", "기초자치단체", "지방중소벤처기업청", "소관부처직접수행"}


class Bizinfo:
    """One endpoint of the list. ``endpoints`` holds an adapter for each one whose key is available, this one first.

    Keys come from the environment, and are masked wherever a URL is written down.
    """

    searches = False

    def __init__(self, site: Site, settings: Settings, name: str | None = None) -> None:
        if site.detail is None or not site.endpoints:
            raise ChangedError(f"{site.id}: a bizinfo needs endpoints and detail in its YAML")
        names = [
            name
            for name, endpoint in site.endpoints.items()
            if endpoint.key_env is None or api_key(endpoint.key_env, settings)
        ]
        self.name = name or names[0]
        endpoint = site.endpoints[self.name]
        self.site = site.model_copy(
            update={
                "list": endpoint.list,
                "expect": endpoint.expect,
                "key_env": endpoint.key_env,
                "key_url": endpoint.key_url,
            }
        )
        self.list_rules: ListRules = endpoint.list
        self.detail_rules: DetailRules = site.detail
        self.api_key = api_key(endpoint.key_env, settings)
        self.endpoints = [self, *(Bizinfo(site, settings, other) for other in names[1:])] if name is None else [self]

    def list_request(self, page: int) -> Request:
        return list_request(self.site, self.list_rules, page, key=self.api_key)

    def parse_list(self, page: Page, number: int) -> ListPage:
        if self.name == "excel":
            return self._sheet(page)
        if self.name == "pages":
            return self._html_list(page, number)
        if self.name == "mirror":
            rows, total, last = Datago(self.site, self.api_key).rows(page, number)
        else:
            rows, total, last = self._api(page)
        if not rows and number == 1:
            raise EmptyError(f"{page.url}: expected at least {self.site.expect.rows_per_page_min} items, got none")
        items, refused = parse_rows(rows, lambda row: self._row(row, page.url))
        return ListPage(items, total, last, refused)

    def _html_list(self, page: Page, number: int) -> ListPage:
        read = HtmlBoard(self.site.model_copy(update={"detail": self.detail_rules})).parse_list(page, number)
        for item in read.items:
            if not _operator(item.fields.get("operator", "")):
                item.fields.pop("operator", None)
        return read

    def _api(self, page: Page) -> tuple[list[Any], int | None, bool]:
        data = page.json(self.site)
        if isinstance(data, dict) and data.get("reqErr"):
            raise refusal_in(self.site, str(data["reqErr"])) or refusal(self.site, "key", str(data["reqErr"]))
        path = (
            "jsonArray.item"
            if isinstance(value_at(data, "jsonArray"), dict) and has_path(data, "jsonArray.item")
            else "jsonArray"
        )
        rows = as_rows(value_at(data, path), "pblancId", is_present=has_path(data, path))
        if rows is None:
            error = ChangedError(f"{page.url}: expected jsonArray with a list, got {str(data)[:80]!r}")
            raise explain(page.url, page.text("utf-8"), error, self.site)
        total = next(filter(None, (to_count(value_at(row, "totCnt")) for row in rows)), None)
        return rows, total, len(rows) < (self.list_rules.page_size or 100)

    def _row(self, row: dict[str, Any], url: str) -> Listed:
        if not isinstance(row, dict) or not row.get("pblancId") or not row.get("pblancNm"):
            raise ChangedError(f"{url}: an item without pblancId or pblancNm: {str(row)[:80]!r}")
        values = {name: str(value) for name, value in row.items() if value not in (None, "")}
        opens, closes = period(values.get("reqstBeginEndDe", ""))
        fields = {
            "posted_on": cell_date(values.get("creatPnttm", "")) or "",
            "updated_at": values.get("updtPnttm", ""),
            "period": values.get("reqstBeginEndDe", ""),
            "opens_at": opens or "",
            "closes_at": closes or "",
            "agency": values.get("jrsdInsttNm", ""),
            "operator": _operator(values.get("excInsttNm", "")),
            "category": values.get("pldirSportRealmLclasCodeNm", ""),
            "target": values.get("trgetNm", ""),
            "hashtags": values.get("hashtags", ""),
        }
        address = resolve_link(self.site.home, values.get("pblancUrl", "").replace("&amp;", "&"))
        body, files = _body_html(values), _row_files(values, self.site.home)
        title, status = clean_title(unescape(values["pblancNm"]))
        fields = with_status(_without_empty(fields), status)
        return Listed(self.site.id, values["pblancId"], title, address, fields, body=body, files=files)

    def _sheet(self, page: Page) -> ListPage:
        """Return the rows of the Excel export, which holds all open announcements in one answer, newest first."""
        rows = rows_of(page, self.list_rules.rows)
        items, refused = parse_rows(rows, lambda row: self._sheet_row(row, page.url))
        return ListPage(items, len(rows), last=True, row_errors=refused)

    def _sheet_row(self, row: dict[str, str], url: str) -> Listed:
        native_id = row.get("공고상세URL", "").partition("pblancId=")[2].partition("&")[0]
        if not native_id or not row.get("공고명"):
            raise ChangedError(f"{url}: a row without 공고명 or 공고상세URL: {str(row)[:80]!r}")
        title, status = clean_title(row["공고명"])
        fields = {
            "opens_at": cell_date(row.get("신청시작일자", "")) or "",
            "closes_at": cell_date(row.get("신청종료일자", "")) or "",
            "agency": row.get("소관부처", ""),
            "operator": _operator(row.get("사업수행기관", "")),
            "category": row.get("지원분야", ""),
        }
        address = resolve_link(self.site.home, row["공고상세URL"])
        return Listed(self.site.id, native_id, title, address, with_status(_without_empty(fields), status))

    def detail_request(self, item: Listed) -> Request | None:
        """Return the request of the page; None for the API and its mirror, whose rows are whole announcements."""
        return None if item.body else detail_request(self.site, self.list_rules, self.detail_rules, item)

    def parse_detail(self, page: Page | None, item: Listed) -> Detail:
        if page is None:
            return Detail(item.title, item.body or "", {}, item.files)
        return html_detail(self.site, self.detail_rules, page, item)


def _operator(name: str) -> str:
    return "" if name in OPERATOR_PLACEHOLDERS else name


def _without_empty(fields: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def _body_html(text: dict[str, str]) -> str:
    """Return the values as labelled paragraphs. The summary is HTML, everything else plain text."""
    sections = []
    for name, label in SECTION_LABELS.items():
        value = text.get(name)
        if value:
            sections.append(
                f"<div><p>□ {label} : {value if name == 'bsnsSumryCn' else escape(unescape(value))}</p></div>"
            )
    return "".join(sections)


def _row_files(text: dict[str, str], url: str) -> list[dict[str, str]]:
    files = []
    for names, paths in (("printFileNm", "printFlpthNm"), ("fileNm", "flpthNm")):
        pairs = zip(text.get(names, "").split("@"), text.get(paths, "").split("@"), strict=False)
        files += [
            {"name": name.strip(), "url": resolve_link(url, path.strip())} for name, path in pairs if name and path
        ]
    return files
