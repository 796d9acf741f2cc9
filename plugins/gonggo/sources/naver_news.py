"""News search of Naver: the headlines and summaries of regional papers for the queries of the YAML."""

from __future__ import annotations

import hashlib
from typing import Any

from gonggo.errors import ChangedError, TerminalError, TransientError
from gonggo.settings import Settings
from gonggo.sources import request_template
from gonggo.sources.adapter import Page, Request, key_of
from gonggo.sources.catalogue import Site
from gonggo.sources.json_list import JsonList, as_rows, at, is_there
from gonggo.sources.refusals import explained
from gonggo.sources.rss import day


class NaverNews(JsonList):
    """One "page" is one page of one query; the articles themselves are the papers' and are not fetched."""

    searches = True

    def __init__(self, site: Site, settings: Settings) -> None:
        super().__init__(site)
        self.id, self.secret = key_of(site.key_env, settings), key_of(site.secret_env, settings)
        self.each = self.rules.pages or 1

    def list_request(self, page: int) -> Request:
        query, turn = request_template.question(self.site.queries, self.each, page)
        size = self.rules.page_size or 100
        params = {"query": query, "display": str(size), "start": str(1 + turn * size), "sort": "date", "format": "json"}
        headers = {"X-NCP-APIGW-API-KEY-ID": self.id, "X-NCP-APIGW-API-KEY": self.secret}
        return Request(self.rules.url, params=params, headers=headers)

    def rows(self, page: Page, number: int) -> tuple[list[Any], int | None, bool]:
        data = page.json(self.site)
        error = data.get("error") or data if isinstance(data, dict) and "errorCode" in str(data)[:200] else None
        if isinstance(error, dict):
            said = f"{self.site.id}: the service refused: {error.get('errorCode')} {error.get('errorMessage') or ''}"
            if str(error.get("errorCode")) in ("SE99", "010"):
                raise TransientError(f"{said}; it may answer later")
            raise TerminalError(f"{said}. Check {self.site.key_env} and {self.site.secret_env}.")
        items = as_rows(at(data, "items"), "link", there=is_there(data, "items"))
        if items is None:
            changed = ChangedError(f"{page.url}: expected items, got {str(data)[:80]!r}")
            raise explained(page.url, page.text("utf-8"), changed, self.site)
        last = number >= len(self.site.queries) * self.each
        return [_row(item) for item in items], None, last


def _row(item: Any) -> dict[str, Any]:
    if not isinstance(item, dict):
        # The row says so itself, as one without a number.
        return {}
    link = str(item.get("originallink") or item.get("link") or "")
    return {
        **item,
        "id": hashlib.sha256(link.encode()).hexdigest()[:20],
        "link": link,
        "published": day(str(item.get("pubDate") or "")),
    }
