"""The news search of Naver: headlines and summaries of newspapers for the queries of the YAML."""

from __future__ import annotations

import hashlib
from typing import Any

from gonggo.errors import ChangedError, TerminalError, TransientError
from gonggo.settings import Settings
from gonggo.sources import request_template
from gonggo.sources.adapter import Page, Request, api_key
from gonggo.sources.catalogue import Site
from gonggo.sources.json_list import JsonList, as_rows, has_path, value_at
from gonggo.sources.refusals import explain
from gonggo.sources.rss import seoul_day


class NaverNews(JsonList):
    """A news search. A page is one page of results of one query; the articles themselves are not fetched."""

    searches = True

    def __init__(self, site: Site, settings: Settings) -> None:
        super().__init__(site)
        self.client_id, self.client_secret = api_key(site.key_env, settings), api_key(site.secret_env, settings)
        self.pages_per_query = self.list_rules.pages or 1

    def list_request(self, page: int) -> Request:
        query, page_of_query = request_template.query_page(self.site.queries, self.pages_per_query, page)
        size = self.list_rules.page_size or 100
        params = {
            "query": query,
            "display": str(size),
            "start": str(1 + page_of_query * size),
            "sort": "date",
            "format": "json",
        }
        headers = {"X-NCP-APIGW-API-KEY-ID": self.client_id, "X-NCP-APIGW-API-KEY": self.client_secret}
        return Request(self.list_rules.url, params=params, headers=headers)

    def rows(self, page: Page, number: int) -> tuple[list[Any], int | None, bool]:
        data = page.json(self.site)
        error = data.get("error") or data if isinstance(data, dict) and "errorCode" in str(data)[:200] else None
        if isinstance(error, dict):
            message = f"{self.site.id}: the service refused: {error.get('errorCode')} {error.get('errorMessage') or ''}"
            if str(error.get("errorCode")) in ("SE99", "010"):
                raise TransientError(f"{message}; it may answer later")
            raise TerminalError(f"{message}. Check {self.site.key_env} and {self.site.secret_env}.")
        items = as_rows(value_at(data, "items"), "link", is_present=has_path(data, "items"))
        if items is None:
            no_items = ChangedError(f"{page.url}: expected items, got {str(data)[:80]!r}")
            raise explain(page.url, page.text("utf-8"), no_items, self.site)
        is_last = number >= len(self.site.queries) * self.pages_per_query
        return [_row(item) for item in items], None, is_last


def _row(item: Any) -> dict[str, Any]:
    if not isinstance(item, dict):
        # A row without an id is reported as such.
        return {}
    link = str(item.get("originallink") or item.get("link") or "")
    return {
        **item,
        "id": hashlib.sha256(link.encode()).hexdigest()[:20],
        "link": link,
        "published": seoul_day(str(item.get("pubDate") or "")),
    }
