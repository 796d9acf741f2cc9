"""One announcement into the archive: its page, its list row, or its file."""

from __future__ import annotations

from collections.abc import Container
from contextlib import suppress
from dataclasses import replace
from typing import Any

from gonggo.boundary import Traces, error_boundary
from gonggo.crawl.attachments import fetch_files
from gonggo.crawl.client import Client
from gonggo.crawl.ledger import Ledger
from gonggo.crawl.warc import Archive
from gonggo.errors import CollectError, GoneError, UnreadableError
from gonggo.model import Fetch, Listed, now
from gonggo.read.html import from_fragment
from gonggo.sources.adapter import Adapter, Page, page_files
from gonggo.sources.block_pages import gone_phrase, says_little_but
from gonggo.sources.inbox import Inbox


def fetch_one(
    item: Listed,
    adapter: Adapter,
    client: Client,
    archive: Archive,
    ledger: Ledger,
    known: Container[str],
    fetches: list[Fetch],
    *,
    prefilter: str = "likely",
    traces: Traces | None = None,
) -> dict[str, Any]:
    """Archive one announcement and its files; the row says how to remember it once it is safe.

    ``known`` are the native ids that the ledger has: of the others there is nothing to look up.
    ``prefilter`` is why it is fetched: of a sample no files are, and of one that is looked at again those that are new.

    Raises:
        GoneError: its page is no longer there. CollectError: it could not be had.
    """
    request, at = adapter.detail_request(item), now()
    shown: Page | None = None
    row: dict[str, Any] = {"item": item.to_json(), "etag": None, "modified": None, "unchanged": False, "gone": False}
    if request is None:
        record = archive.resource(item.url, (item.body or "").encode(), "text/html; charset=utf-8", at)
    elif isinstance(adapter, Inbox):
        content = adapter.content(request.url, client.limits.file_bytes)
        record = archive.resource(request.url, content, "application/octet-stream", at)
        told = Fetch(item.source, client.run_id, request.url, "file", at, "ok", bytes=len(content))
        fetches.append(replace(told, warc_file=archive.path.name, warc_record=record))
    else:
        before = ledger.validators(item.native_id) if item.native_id in known else {}
        page, record = client.get(request, "detail", before)
        if page.status == 304:
            if archive.payloads:
                for digest in ledger.digests(item.native_id):
                    archive.payloads.still_named(digest)
            return {**row, "unchanged": True, **validators(page)}
        _demand_present(page, adapter, item)
        row |= validators(page)
        shown, at = page, fetches[-1].at
    again = prefilter == "revisit"
    files = _files(item, adapter, shown) if prefilter != "sample" and not isinstance(adapter, Inbox) else []
    archive.listed(item, record, at, fetch_files(files, item, client, ledger, again=again, traces=traces))
    return row


def _files(item: Listed, adapter: Adapter, page: Page | None) -> list[dict[str, str]]:
    """The files that the announcement names; none where its page changed, which its reading will tell."""
    try:
        with error_boundary(f"the files of {item.url}"):
            return adapter.parse_detail(None, item).files if page is None else page_files(adapter, page, item)
    except (CollectError, UnreadableError):
        return []


def open_front(client: Client) -> None:
    """Open the page that a site wants to see first; whatever comes of it, the announcements are asked for."""
    with suppress(CollectError, UnreadableError), error_boundary(f"the front page of {client.site.id}"):
        client.open_front()


def validators(page: Page) -> dict[str, str | None]:
    """What a later conditional request will need."""
    return {"etag": page.headers.get("etag"), "modified": page.headers.get("last-modified")}


def _demand_present(page: Page, adapter: Adapter, item: Listed) -> None:
    """Refuse a page that says that its announcement was taken down.

    Where the announcement can be read, only its text counts: what stands around it speaks of other posts.

    Raises:
        GoneError: with the words that say so.
    """
    text = page.text(adapter.site.charset)
    said = gone_phrase(text)
    if not said:
        return
    with suppress(CollectError, UnreadableError):
        shown = from_fragment(adapter.parse_detail(page, item).html).text
        if not (said := gone_phrase(shown)) or not says_little_but(shown, said):
            return
    raise GoneError(f"{page.url}: the site says {said!r}")
