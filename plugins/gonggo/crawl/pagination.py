"""Walking the list pages of a source: what is new, what changed, and when to stop."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from gonggo.boundary import error_boundary
from gonggo.crawl.ledger import row_status
from gonggo.errors import CollectError
from gonggo.model import Listed
from gonggo.sources.adapter import Adapter, ListPage

PAGE_CEILING = 400
log = logging.getLogger(__name__)


@dataclass
class Pagination:
    """What a walk found. ``complete`` is true when it ended for a reason, not at the ceiling."""

    wanted: list[Listed] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    pages: int = 0
    listed: int = 0
    new: int = 0
    changed: int = 0
    complete: bool = False
    newest: str | None = None
    # It ended at an empty page after a full one, or at one that came before and need not be the last; the next walk
    # goes on to the end, whatever it knows.
    doubtful: bool = False
    # Why a page behind the first could not be had or read: what came before it is kept, and the walk is not complete.
    failure: CollectError | None = None


def paginate(
    adapter: Adapter,
    fetch: Callable[[int], ListPage],
    known: dict[str, str],
    *,
    since: str | None = None,
    until: str | None = None,
    full: bool = False,
    only_new: bool = False,
) -> Pagination:
    """Ask for page after page until nothing more can be new.

    Stops at the page that calls itself the last, at one that repeats what this walk has seen (boards answer with
    their last page for ever), at one whose rows are all older than ``since``, and, unless ``full``, at one that holds
    nothing new. Pinned rows count for none of these. Rows posted after ``until`` are passed over.
    An adapter that ``searches`` asks something else with every page; its walk ends with its last question.
    ``only_new``: a row that differs from what is known is known all the same.
    A page that cannot be had or read ends the walk, which keeps the rows of the pages before it and says why.

    Raises:
        CollectError: the first page failed, so that there is nothing to keep.
    """
    found, seen, rows, before = Pagination(), set[str](), list[int](), set[str]()
    for number in range(1, PAGE_CEILING + 1):
        try:
            with error_boundary(f"page {number} of the list"):
                page = fetch(number)
                if not page.items and rows and rows[-1] >= rows[0] and not adapter.searches:
                    # The end of a board whose last page is full, or one without its rows: one more look tells.
                    page = fetch(number)
                    found.doubtful = not page.items
        except CollectError as error:
            if not found.listed:
                raise
            told = f"page {number} of the list failed; the {found.listed} rows before it are kept: {error}"
            log.warning("%s: %s", adapter.site.id, told)
            found.failure = type(error)(told)
            return found
        rows.append(len(page.items))
        found.pages = number
        fresh = [item for item in page.items if item.native_id not in seen]
        own = [item for item in fresh if not item.pinned]
        days = [item.fields["posted_on"] for item in own if "posted_on" in item.fields]
        found.newest = max([*days, found.newest or ""]) or None
        seen.update(item.native_id for item in fresh)
        found.listed += len(fresh)
        interesting = _sort_out([item for item in fresh if not _after(item, until)], known, found, only_new)
        log.info("%s: page %d: %d rows, %d new", adapter.site.id, number, len(page.items), len(interesting))
        repeated = number > 1 and not own
        now = {item.native_id for item in page.items}
        # Past its end a board shows its last page again; one that pays no heed to the number shows its first.
        found.doubtful |= repeated and bool(now) and (number == 2 or now != before) and len(now) >= rows[0]
        before = now
        nothing_new = not any(not item.pinned for item in interesting)
        enough = repeated or (nothing_new and not full and bool(known)) or _older(own, since)
        if page.last or (enough and not adapter.searches):
            found.complete = True
            return found
    log.error("%s: gave up after %d pages; the board seems to have no end", adapter.site.id, PAGE_CEILING)
    return found


def _sort_out(items: list[Listed], known: dict[str, str], found: Pagination, only_new: bool) -> list[Listed]:
    interesting = []
    for item in items:
        kind = row_status(item, known)
        if kind == "known" or (kind == "changed" and only_new):
            found.known.append(item.native_id)
            continue
        interesting.append(item)
        found.new += kind == "new"
        found.changed += kind == "changed"
    found.wanted += interesting
    return interesting


def _older(items: list[Listed], since: str | None) -> bool:
    # Boards without a day of posting have at least the day on which applying begins.
    days = [item.fields.get("posted_on") or item.fields.get("opens_at") or "9999" for item in items]
    return bool(since and days and all(day < since for day in days))


def _after(item: Listed, until: str | None) -> bool:
    return bool(until and item.fields.get("posted_on", "") > until)
