"""Fetch one announcement into the archive: its page, the body in its list row, or its file of the inbox."""

from __future__ import annotations

from collections.abc import Container
from contextlib import suppress
from dataclasses import replace

from gonggo.boundary import Traces, error_boundary
from gonggo.crawl.attachments import fetch_files
from gonggo.crawl.client import Client
from gonggo.crawl.ledger import Ledger
from gonggo.crawl.run_records import FetchedAnnouncement
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
    fetched_before: Container[str],
    fetches: list[Fetch],
    *,
    prefilter: str = "likely",
    traces: Traces | None = None,
) -> FetchedAnnouncement:
    """Archive one announcement and its files; return the row that the ledger needs once its document is stored.

    ``fetched_before`` are the native ids in the ledger; the others need no look-up. ``prefilter`` is why it is fetched:
    of a sample no files are fetched, of a revisit only new ones.

    Raises:
        GoneError: Its page is no longer there.
        CollectError: It could not be fetched.
    """
    request, at = adapter.detail_request(item), now()
    detail_page: Page | None = None
    fetched = FetchedAnnouncement(item.native_id, prefilter)
    if request is None:
        record = archive.write_resource(item.url, (item.body or "").encode(), "text/html; charset=utf-8", at)
    elif isinstance(adapter, Inbox):
        content = adapter.content(request.url, client.limits.file_bytes)
        record = archive.write_resource(request.url, content, "application/octet-stream", at)
        fetch = Fetch(item.source, client.run_id, request.url, "file", at, "ok", bytes=len(content))
        fetches.append(replace(fetch, warc_file=archive.path.name, warc_record=record))
    else:
        conditional = ledger.validators(item.native_id) if item.native_id in fetched_before else {}
        page, record = client.get(request, "detail", conditional)
        if page.status == 304:
            if archive.attachments:
                for digest in ledger.digests(item.native_id):
                    archive.attachments.mark_used(digest)
            return FetchedAnnouncement(item.native_id, prefilter, *validators(page), unchanged=True)
        _require_present(page, adapter, item)
        fetched = FetchedAnnouncement(item.native_id, prefilter, *validators(page))
        detail_page, at = page, fetches[-1].at
    revisit = prefilter == "revisit"
    files = _files(item, adapter, detail_page) if prefilter != "sample" and not isinstance(adapter, Inbox) else []
    archive.write_listed(item, record, at, fetch_files(files, item, client, ledger, revisit=revisit, traces=traces))
    return fetched


def _files(item: Listed, adapter: Adapter, page: Page | None) -> list[dict[str, str]]:
    """Return the files that the announcement links to; none where its page has changed, which extraction reports."""
    try:
        with error_boundary(f"the files of {item.url}"):
            return adapter.parse_detail(None, item).files if page is None else page_files(adapter, page, item)
    except (CollectError, UnreadableError):
        return []


def open_front(client: Client) -> None:
    """Open the page that a site wants visited first; the announcements are fetched even if it fails."""
    with suppress(CollectError, UnreadableError), error_boundary(f"the front page of {client.site.id}"):
        client.open_front()


def validators(page: Page) -> tuple[str | None, str | None]:
    """Return ETag and Last-Modified of a page, for a later conditional request."""
    return page.headers.get("etag"), page.headers.get("last-modified")


def _require_present(page: Page, adapter: Adapter, item: Listed) -> None:
    """Refuse a page that says that its announcement was removed.

    Where the announcement can be parsed, only its text counts: the rest of the page may be about other posts.

    Raises:
        GoneError: The page says so; the message quotes it.
    """
    text = page.text(adapter.site.charset)
    phrase = gone_phrase(text)
    if not phrase:
        return
    with suppress(CollectError, UnreadableError):
        announcement = from_fragment(adapter.parse_detail(page, item).html).text
        if not (phrase := gone_phrase(announcement)) or not says_little_but(announcement, phrase):
            return
    raise GoneError(f"{page.url}: the site says {phrase!r}")
