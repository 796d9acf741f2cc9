"""The list pages of a source, one after another, each kept as soon as it was read: a walk that is cut off goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from gonggo.addresses import strip_credentials, strip_file_credentials
from gonggo.boundary import error_boundary
from gonggo.crawl.client import Client
from gonggo.crawl.fetching import open_front
from gonggo.crawl.ledger import Ledger
from gonggo.crawl.list_memory import ListMemory
from gonggo.crawl.pagination import Pagination, paginate
from gonggo.crawl.run_files import RunFiles
from gonggo.crawl.warc import Archive
from gonggo.errors import CollectError, EmptyError
from gonggo.model import Fetch, Listed, read_jsonl, write_jsonl
from gonggo.settings import SEOUL
from gonggo.sources import list_assertions
from gonggo.sources.adapter import Adapter, ListPage, Page, require_own_keys, way_name, ways_of
from gonggo.sources.inbox import Inbox
from gonggo.sources.list_habits import figures_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Period:
    """The days of posting that a walk is for, both included (YYYY-MM-DD); None is open."""

    since: str | None = None
    until: str | None = None


def list_source_pages(
    adapter: Adapter, files: RunFiles, fetches: list[Fetch], ledger: Ledger, period: Period, *, full: bool, held: bool
) -> tuple[Pagination, list[CollectError]]:
    """Walk the list pages of a source; pages that an attempt before this one read are not asked for again.

    A source with several ways to its list is asked by the next one when a way fails, its retries included; the errors
    of the ways that failed come with the walk. When all of them fail, what the first got of its list is kept.
    ``held``: rows of which no document is held are new.

    Raises:
        CollectError: the last way failed, and there is not one row; the archive keeps the page that offends.
        EmptyError: not one row in all.
    """
    ways, failures, kept = ways_of(adapter), list[CollectError](), dict[str, Pagination]()
    known = ledger.fingerprints(held=held)
    for number, way in enumerate(ways):
        if number < files.meta().get("way", 0):
            continue
        other = ledger.way() not in ("", way_name(way))
        go = partial(paginate, known=known, since=period.since, until=period.until, full=full, only_new=other)
        try:
            with error_boundary(f"the list of {adapter.site.id}", files.traces("list", number)):
                found = _walk_way(way, files, fetches, go, number, ledger)
            if found.failure:
                kept.setdefault(way_name(way), found)
                raise found.failure
            files.write_meta(way_name=way_name(way))
            return found, failures
        except CollectError as error:
            if number == len(ways) - 1 and kept:
                name, found = next(iter(kept.items()))
                files.write_meta(way_name=name)
                return found, [*failures, error]
            if number == len(ways) - 1:
                if number:
                    files.forget_pages()
                    files.write_meta(way=0)
                raise
            failures.append(error)
            log.warning("%s; trying the next way to the list", error)
            files.forget_pages()
            files.write_meta(way=number + 1)
    raise EmptyError(f"{adapter.site.id}: every way to its list has failed")


def _walk_way(
    way: Adapter, files: RunFiles, fetches: list[Fetch], go: Callable[..., Pagination], number: int, ledger: Ledger
) -> Pagination:
    if isinstance(way, Inbox):
        return go(way, lambda number: _files_given(way, files, number))
    require_own_keys(way.site, files.settings)
    start = files.pages_read() + 1
    with Archive(files.archive / f"list-{number}-{start:04d}.warc.gz") as archive:
        client = Client(files.settings, way.site, files.run_id, archive, fetches.append)
        open_front(client)
        today = datetime.now(SEOUL).date()
        memory = ListMemory(files.settings.state, way.site.id, way_name(way), today)

        def fetch(number: int) -> ListPage:
            if number < start:
                return _read(files, number)
            page, _ = client.get(way.list_request(number), "list")
            rows = _without_users(way.parse_list(page, number))
            list_assertions.check_list_page(way.site, rows, number, today, page.url)
            if number == 1 and not way.searches:
                unusual = memory.check(figures_of(rows.items, rows.keys), page.url)
                rows = replace(rows, notices=[*rows.notices, *unusual])
            _keep(files, number, rows)
            return rows

        found = go(way, fetch)
        if not found.listed:
            raise EmptyError(f"{way.site.id}: {found.pages} pages, and not one row; expected some")
        if not found.failure:
            files.write_meta(silent=_learn(memory, _read(files, 1), ledger))
        return found


def _learn(memory: ListMemory, first: ListPage, ledger: Ledger) -> str | None:
    """Remember the first page of a healthy run; return a warning when its source has been silent for long."""
    # Of the first page alone: a walk back over months would make every row of theirs look like news.
    known = ledger.known()
    return memory.learn(figures_of(first.items, first.keys), sum(item.native_id not in known for item in first.items))


def _without_users(page: ListPage) -> ListPage:
    """The rows with no user and password in their addresses, which are stored and shown."""
    items = [
        replace(item, url=strip_credentials(item.url), files=strip_file_credentials(item.files)) for item in page.items
    ]
    return replace(page, items=items)


def _files_given(inbox: Inbox, files: RunFiles, number: int) -> ListPage:
    page = inbox.parse_list(Page("inbox:", 200, {}, b""), number)
    _keep(files, number, page)
    return page


def _keep(files: RunFiles, number: int, page: ListPage) -> None:
    rows = [
        {
            "items": [item.to_json() for item in page.items],
            "total": page.total,
            "last": page.last,
            "refused": page.row_errors,
            "passed": page.notices,
            "keys": sorted(page.keys),
        }
    ]
    write_jsonl(files.part("pages", number), rows)


def _read(files: RunFiles, number: int) -> ListPage:
    (row,) = read_jsonl(files.part("pages", number))
    items = [Listed.from_json(item) for item in row["items"]]
    return ListPage(items, row["total"], row["last"], row["refused"], row["passed"], frozenset(row.get("keys", ())))
