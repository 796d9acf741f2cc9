"""The index of the full-text search, which each publication brings up to date from what changed since the last.

A document is the current version of an announcement. Its words are indexed by stretches of up to four letters (see
``sql/search/index.sql``), so that neither particles nor spaces nor the parts of a compound need an analyser of Korean.
``gonggo.warehouse.synonyms`` translates the words of a search; a change of the synonyms leaves the index as it is.
"""

from __future__ import annotations

import hashlib
import logging
from functools import partial

import duckdb

from gonggo.settings import SQL
from gonggo.warehouse.marts import set_state, state
from gonggo.warehouse.memory import HIGH_MEMORY, retry_with_more_memory, set_memory
from gonggo.warehouse.sql_files import first_row, run_sql_file
from gonggo.warehouse.synonyms import text_macros
from gonggo.warehouse.transactions import transaction

log = logging.getLogger(__name__)

FOLDER = SQL / "search"
# Documents that one transaction indexes.
GROUP = 5_000
# The index is sorted again when this share of its rows was added since the last time, and at least so many rows: each
# publication adds rows that are sorted among themselves, of which a search has to read a block each.
UNSORTED_SHARE, MIN_UNSORTED = 0.125, 200_000


def update_search_index(con: duckdb.DuckDBPyConnection) -> int:
    """Bring the index up to date with the current versions; return how many documents were indexed.

    Documents are indexed in groups, each in one transaction, so that what was done before an interruption counts.
    """
    # Sorted rows have to be stored in their order.
    con.execute("SET preserve_insertion_order = true")
    format_now = _format()
    with transaction(con):
        if state(con, "search_format") != format_now:
            for table in ("search_posting", "search_document", "search_removed"):
                con.execute(f"DELETE FROM site.{table}")  # noqa: S608
            set_state(con, "search_format", format_now)
            set_state(con, "search_sorted_rows", "0")
        run_sql_file(con, FOLDER / "changed.sql")
    first, count = first_row(con, "SELECT coalesce(min(doc), 0), count(*) FROM search_new") or (0, 0)
    is_first_group = not _rows(con)
    for start in range(first, first + count, GROUP):
        retry_with_more_memory(con, partial(_index, con, start, start + GROUP - 1))
        log.info("%d of %d documents", min(start + GROUP, first + count) - first, count)
    if is_first_group and count <= GROUP:
        # Its rows are sorted among themselves, and there are no others.
        set_state(con, "search_sorted_rows", str(_rows(con)))
    else:
        _sort(con)
    return int(count)


def _index(con: duckdb.DuckDBPyConnection, first: int, last: int) -> None:
    with transaction(con):
        run_sql_file(con, FOLDER / "index.sql", first=first, last=last)


def _sort(con: duckdb.DuckDBPyConnection) -> None:
    """Sort the index if enough was added since the last time."""
    rows = _rows(con)
    added = rows - int(state(con, "search_sorted_rows") or 0)
    if added < max(MIN_UNSORTED, UNSORTED_SHARE * rows):
        return
    # Not with less at first: a deletion of so many rows that runs out of memory cannot even be rolled back.
    set_memory(con, HIGH_MEMORY)
    with transaction(con):
        run_sql_file(con, FOLDER / "sort.sql")
        set_state(con, "search_sorted_rows", str(_rows(con)))


def _rows(con: duckdb.DuckDBPyConnection) -> int:
    return int((first_row(con, "SELECT count(*) FROM site.search_posting") or (0,))[0])


def _format() -> str:
    """Return a fingerprint of how documents are indexed; if it differs, all of them are indexed again."""
    texts = [*text_macros(), *(path.read_text("utf-8") for path in sorted(FOLDER.glob("*.sql")))]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
