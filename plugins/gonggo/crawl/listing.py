"""Read the list pages of a source; each is stored as soon as it was read, so that a restarted task continues there."""

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
from gonggo.crawl.ledger import KnownAnnouncements, Ledger
from gonggo.crawl.list_memory import ListMemory
from gonggo.crawl.pagination import Pagination, paginate
from gonggo.crawl.run_files import RunFiles
from gonggo.crawl.warc import Archive
from gonggo.errors import CollectError, EmptyError
from gonggo.model import Fetch, Listed, read_jsonl, write_jsonl
from gonggo.settings import SEOUL
from gonggo.sources import list_assertions
from gonggo.sources.adapter import Adapter, ListPage, Page, endpoint_name, endpoints_of, require_own_keys
from gonggo.sources.inbox import Inbox
from gonggo.sources.list_habits import figures_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Period:
    """The posting dates to collect, both included (YYYY-MM-DD); None is unbounded."""

    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class ListedPages:
    """The rows of a list, the pages that they are from by number, and the errors of the endpoints that failed."""

    pagination: Pagination
    pages: dict[int, ListPage]
    endpoint_errors: list[CollectError]


def list_source_pages(
    adapter: Adapter,
    files: RunFiles,
    fetches: list[Fetch],
    ledger: Ledger,
    known: KnownAnnouncements,
    period: Period,
    *,
    full: bool,
    with_document: bool,
) -> ListedPages:
    """Read the list pages of a source, except those that an earlier attempt at this run has read.

    Where one endpoint of the list fails, with its retries, the next one is tried; where all fail, the rows that the
    first of them gave are used. With ``with_document``, rows without a stored document count as new. ``known`` is what
    the ledger has; rows of another endpoint than that of the last run cannot be compared with it.

    Raises:
        CollectError: The last endpoint failed and there is not one row; the archive has the page at fault.
        EmptyError: There is not one row in all.
    """
    endpoints, errors, incomplete = endpoints_of(adapter), list[CollectError](), dict[str, ListedPages]()
    fingerprints = known.fingerprints(with_document=with_document)
    for number, endpoint in enumerate(endpoints):
        if number < files.outcome().endpoint:
            continue
        endpoint_changed = ledger.endpoint() not in ("", endpoint_name(endpoint))
        paginate_list = partial(
            paginate,
            fingerprints=fingerprints,
            since=period.since,
            until=period.until,
            full=full,
            only_new=endpoint_changed,
        )
        try:
            with error_boundary(f"the list of {adapter.site.id}", files.traces("list", number)):
                pages = dict[int, ListPage]()
                pagination = _paginate_endpoint(endpoint, files, fetches, paginate_list, number, ledger, known, pages)
            if pagination.failure:
                incomplete.setdefault(endpoint_name(endpoint), ListedPages(pagination, pages, errors))
                raise pagination.failure
            files.update_outcome(endpoint_name=endpoint_name(endpoint))
            return ListedPages(pagination, pages, errors)
        except CollectError as error:
            if number == len(endpoints) - 1 and incomplete:
                name, result = next(iter(incomplete.items()))
                files.update_outcome(endpoint_name=name)
                return replace(result, endpoint_errors=[*errors, error])
            if number == len(endpoints) - 1:
                if number:
                    files.forget_pages()
                    files.update_outcome(endpoint=0)
                raise
            errors.append(error)
            log.warning("%s; trying the next endpoint of the list", error)
            files.forget_pages()
            files.update_outcome(endpoint=number + 1)
    raise EmptyError(f"{adapter.site.id}: every endpoint of its list has failed")


def _paginate_endpoint(
    endpoint: Adapter,
    files: RunFiles,
    fetches: list[Fetch],
    paginate_list: Callable[..., Pagination],
    number: int,
    ledger: Ledger,
    known: KnownAnnouncements,
    pages: dict[int, ListPage],
) -> Pagination:
    """Read the list from one endpoint; ``pages`` gets its pages."""
    if isinstance(endpoint, Inbox):
        return paginate_list(endpoint, lambda number: pages.setdefault(number, _inbox_page(endpoint, files, number)))
    require_own_keys(endpoint.site, files.settings)
    start = files.pages_read() + 1
    with Archive(files.archive / f"list-{number}-{start:04d}.warc.gz") as archive:
        client = Client(files.settings, endpoint.site, files.run_id, archive, fetches.append)
        open_front(client)
        today = datetime.now(SEOUL).date()
        memory = ListMemory(ledger, files.settings.state, endpoint.site.id, endpoint_name(endpoint), today)

        def fetch(number: int) -> ListPage:
            if number < start:
                pages[number] = _read_page(files, number)
                return pages[number]
            page, _ = client.get(endpoint.list_request(number), "list")
            list_page = _without_users(endpoint.parse_list(page, number))
            list_assertions.check_list_page(endpoint.site, list_page, number, today, page.url)
            if number == 1:
                figures = figures_of(list_page.items, list_page.keys)
                notes = memory.check(figures, page.url, by_rows=not endpoint.searches)
                list_page = replace(list_page, notices=[*list_page.notices, *notes])
            _write_page(files, number, list_page)
            pages[number] = list_page
            return list_page

        pagination = paginate_list(endpoint, fetch)
        if not pagination.listed:
            raise EmptyError(f"{endpoint.site.id}: {pagination.pages} pages, and not one row; expected some")
        if not pagination.failure:
            files.update_outcome(pause_warning=_learn_habits(memory, pages[1], known))
        return pagination


def _learn_habits(memory: ListMemory, first: ListPage, known: KnownAnnouncements) -> str | None:
    """Record the first page of a healthy run; return a warning when its source has had no new rows for long."""
    # Of the first page alone: in a run over months of old pages every row would count as new.
    new = sum(item.native_id not in known.rows for item in first.items)
    return memory.learn(figures_of(first.items, first.keys), new)


def _without_users(page: ListPage) -> ListPage:
    """Return the page without users and passwords in addresses, which are stored and displayed."""
    items = [
        replace(item, url=strip_credentials(item.url), files=strip_file_credentials(item.files)) for item in page.items
    ]
    return replace(page, items=items)


def _inbox_page(inbox: Inbox, files: RunFiles, number: int) -> ListPage:
    page = inbox.parse_list(Page("inbox:", 200, {}, b""), number)
    _write_page(files, number, page)
    return page


def _write_page(files: RunFiles, number: int, page: ListPage) -> None:
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


def _read_page(files: RunFiles, number: int) -> ListPage:
    (row,) = read_jsonl(files.part("pages", number))
    items = [Listed.from_json(item) for item in row["items"]]
    return ListPage(items, row["total"], row["last"], row["refused"], row["passed"], frozenset(row.get("keys", ())))
