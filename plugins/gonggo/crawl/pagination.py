"""Page through the list of a source: which rows are new or changed, and when to stop."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from gonggo.boundary import error_boundary
from gonggo.crawl.ledger import row_status
from gonggo.errors import CollectError
from gonggo.model import Listed
from gonggo.sources.adapter import Adapter, ListPage

MAX_PAGES = 400
log = logging.getLogger(__name__)


@dataclass
class Pagination:
    """The rows of a list. ``complete`` is false if paging ended at the maximum number of pages."""

    candidates: list[Listed] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    pages: int = 0
    listed: int = 0
    new: int = 0
    changed: int = 0
    complete: bool = False
    newest: str | None = None
    # It ended at an empty page after a full one, or at a repeated one that need not be the last; the next run reads the
    # list to its end, whatever is known.
    doubtful: bool = False
    # Why a later page could not be fetched or parsed: the rows before it are used, and the list is not complete.
    failure: CollectError | None = None


def paginate(
    adapter: Adapter,
    fetch: Callable[[int], ListPage],
    fingerprints: dict[str, str],
    *,
    since: str | None = None,
    until: str | None = None,
    full: bool = False,
    only_new: bool = False,
) -> Pagination:
    """Read page after page until no further row can be new.

    Stops at the page that is marked as the last, at one that repeats rows (past its end a board repeats its last page),
    at one whose rows are all older than ``since``, and, unless ``full``, at one without new rows. Pinned rows do not
    count. Rows posted after ``until`` are skipped. An adapter that ``searches`` has another query for each page, and
    ends with the last. With ``only_new``, a changed row counts as known. A page that cannot be fetched or parsed
    ends the paging; the rows before it are returned, with the reason.

    Raises:
        CollectError: The first page failed, so that there are no rows.
    """
    pagination, listed_ids, row_counts, previous_ids = Pagination(), set[str](), list[int](), set[str]()
    for number in range(1, MAX_PAGES + 1):
        try:
            with error_boundary(f"page {number} of the list"):
                page = fetch(number)
                if not page.items and row_counts and row_counts[-1] >= row_counts[0] and not adapter.searches:
                    # The end of a board whose last page is full, or a page that lost its rows: a second request shows
                    page = fetch(number)
                    pagination.doubtful = not page.items
        except CollectError as error:
            if not pagination.listed:
                raise
            message = f"page {number} of the list failed; the {pagination.listed} rows before it are kept: {error}"
            log.warning("%s: %s", adapter.site.id, message)
            pagination.failure = type(error)(message)
            return pagination
        row_counts.append(len(page.items))
        pagination.pages = number
        new_on_page = [item for item in page.items if item.native_id not in listed_ids]
        regular_items = [item for item in new_on_page if not item.pinned]
        days = [item.fields["posted_on"] for item in regular_items if "posted_on" in item.fields]
        pagination.newest = max([*days, pagination.newest or ""]) or None
        listed_ids.update(item.native_id for item in new_on_page)
        pagination.listed += len(new_on_page)
        candidates = _classify(
            [item for item in new_on_page if not _is_after(item, until)], fingerprints, pagination, only_new
        )
        log.info("%s: page %d: %d rows, %d new", adapter.site.id, number, len(page.items), len(candidates))
        repeated = number > 1 and not regular_items
        current_ids = {item.native_id for item in page.items}
        # Past its end a board repeats its last page; one that ignores the page number repeats its first.
        pagination.doubtful |= (
            repeated
            and bool(current_ids)
            and (number == 2 or current_ids != previous_ids)
            and len(current_ids) >= row_counts[0]
        )
        previous_ids = current_ids
        nothing_new = not any(not item.pinned for item in candidates)
        enough = repeated or (nothing_new and not full and bool(fingerprints)) or _all_older(regular_items, since)
        if page.last or (enough and not adapter.searches):
            pagination.complete = True
            return pagination
    log.error("%s: gave up after %d pages; the board seems to have no end", adapter.site.id, MAX_PAGES)
    return pagination


def _classify(
    items: list[Listed], fingerprints: dict[str, str], pagination: Pagination, only_new: bool
) -> list[Listed]:
    candidates = []
    for item in items:
        status = row_status(item, fingerprints)
        if status == "known" or (status == "changed" and only_new):
            pagination.known.append(item.native_id)
            continue
        candidates.append(item)
        pagination.new += status == "new"
        pagination.changed += status == "changed"
    pagination.candidates += candidates
    return candidates


def _all_older(items: list[Listed], since: str | None) -> bool:
    # Boards without a posting date have at least the first day of application.
    days = [item.fields.get("posted_on") or item.fields.get("opens_at") or "9999" for item in items]
    return bool(since and days and all(day < since for day in days))


def _is_after(item: Listed, until: str | None) -> bool:
    return bool(until and item.fields.get("posted_on", "") > until)
