"""Is everything that was collected also published?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from gonggo.model import read_jsonl
from gonggo.settings import Settings
from gonggo.warehouse.connect import open_snapshot


def missing(settings: Settings) -> list[tuple[str, str]]:
    """``(source, native_id)`` of what the ledgers or the batches know and the published snapshot lacks, sorted."""
    with closing(open_snapshot(settings)) as con:
        published = set(con.execute("SELECT source, native_id FROM announcement").fetchall())
    return sorted({*_in_batches(settings), *_in_ledgers(settings)} - published)


def _in_batches(settings: Settings) -> Iterator[tuple[str, str]]:
    for path in sorted(settings.batches.glob("*/documents.jsonl")):
        for row in read_jsonl(path):
            yield row["source"], row["native_id"]


def _in_ledgers(settings: Settings) -> Iterator[tuple[str, str]]:
    """What a ledger marked as collected."""
    for path in sorted(settings.state.glob("*.sqlite")):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as con:
            for (native_id,) in con.execute("SELECT native_id FROM announcement"):
                yield path.stem, native_id


def published_batches(settings: Settings) -> set[str]:
    """Ids of the batches that the published snapshot holds; empty when nothing is published."""
    if not settings.snapshot.exists():
        return set()
    with closing(open_snapshot(settings)) as con:
        return {row[0] for row in con.execute("SELECT batch_id FROM load_log").fetchall()}
