"""기업마당 (Bizinfo): the open API of the national aggregate. The list carries the whole announcement."""

from __future__ import annotations

import os
from html import escape, unescape
from typing import Any
from urllib.parse import urljoin

from gonggo.errors import ChangedError, EmptyError, TerminalError
from gonggo.model import Listed
from gonggo.settings import Settings
from gonggo.sources.adapter import Detail, ListPage, Page, Request
from gonggo.sources.catalogue import ListRules, Site
from gonggo.sources.dates import cell_date, period

# What the API calls a part of the announcement, and the label under which the text shows it.
SECTIONS = {
    "jrsdInsttNm": "소관기관",
    "excInsttNm": "수행기관",
    "bsnsSumryCn": "사업개요",
    "trgetNm": "지원대상",
    "reqstBeginEndDe": "신청기간",
    "reqstMthPapersCn": "신청방법",
    "refrncNm": "문의처",
}
PLACEHOLDERS = {"직접수행", "기초자치단체", "지방중소벤처기업청", "소관부처직접수행"}


class Bizinfo:
    """The JSON API. The key comes from the environment and is masked wherever an address is written down."""

    def __init__(self, site: Site, settings: Settings) -> None:
        if site.list is None:
            raise ChangedError(f"{site.id}: needs list in its YAML")
        self.site = site
        self.rules: ListRules = site.list
        self.key = "demo" if settings.mode == "demo" else os.environ.get(site.key_env or "", "")

    def list_request(self, page: int) -> Request:
        fill = {"{page}": str(page), "{key}": self.key}
        params = {name: fill.get(value, value) for name, value in self.rules.params.items()}
        return Request(self.rules.url, params=params)

    def parse_list(self, page: Page, number: int) -> ListPage:
        data = page.json()
        if isinstance(data, dict) and data.get("reqErr"):
            hint = f"Check {self.site.key_env}; ask for a key at {self.site.key_url}."
            raise TerminalError(f"{self.site.id}: the API refused: {data['reqErr']}. {hint}")
        rows = data.get("jsonArray") if isinstance(data, dict) else None
        rows = rows.get("item") if isinstance(rows, dict) else rows
        if not isinstance(rows, list):
            raise ChangedError(f"{page.url}: expected jsonArray with a list, got {str(data)[:80]!r}")
        if not rows and number == 1:
            raise EmptyError(f"{page.url}: expected at least {self.site.expect.rows_per_page_min} items, got none")
        total = next((int(row["totCnt"]) for row in rows if str(row.get("totCnt", "")).isdigit()), None)
        size = self.rules.page_size or 100
        return ListPage([self._row(row, page.url) for row in rows], total, last=len(rows) < size)

    def _row(self, row: dict[str, Any], url: str) -> Listed:
        if not row.get("pblancId") or not row.get("pblancNm"):
            raise ChangedError(f"{url}: an item without pblancId or pblancNm: {str(row)[:80]!r}")
        text = {name: str(value) for name, value in row.items() if value not in (None, "")}
        opens, closes = period(text.get("reqstBeginEndDe", ""))
        operator = text.get("excInsttNm", "")
        fields = {
            "posted_on": cell_date(text.get("creatPnttm", "")) or "",
            "updated_at": text.get("updtPnttm", ""),
            "period": text.get("reqstBeginEndDe", ""),
            "opens_at": opens or "",
            "closes_at": closes or "",
            "agency": text.get("jrsdInsttNm", ""),
            "operator": "" if operator in PLACEHOLDERS else operator,
            "category": text.get("pldirSportRealmLclasCodeNm", ""),
            "target": text.get("trgetNm", ""),
            "hashtags": text.get("hashtags", ""),
        }
        address = urljoin(url, unescape(text.get("pblancUrl", self.site.home)))
        filled = {name: value for name, value in fields.items() if value}
        body, files = _body(text), _files(text, url)
        title = unescape(text["pblancNm"]).strip()
        return Listed(self.site.id, text["pblancId"], title, address, filled, body=body, files=files)

    def detail_request(self, item: Listed) -> Request | None:
        return None

    def parse_detail(self, page: Page | None, item: Listed) -> Detail:
        return Detail(item.title, item.body or "", {}, item.files)


def _body(text: dict[str, str]) -> str:
    """The parts as labelled paragraphs; the summary is HTML already, the rest is text."""
    parts = []
    for name, label in SECTIONS.items():
        value = text.get(name)
        if value:
            parts.append(f"<div><p>□ {label} : {value if name == 'bsnsSumryCn' else escape(unescape(value))}</p></div>")
    return "".join(parts)


def _files(text: dict[str, str], url: str) -> list[dict[str, str]]:
    files = []
    for names, paths in (("printFileNm", "printFlpthNm"), ("fileNm", "flpthNm")):
        pairs = zip(text.get(names, "").split("@"), text.get(paths, "").split("@"), strict=False)
        files += [{"name": name.strip(), "url": urljoin(url, path.strip())} for name, path in pairs if name and path]
    return files
