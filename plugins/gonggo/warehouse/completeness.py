"""Finds what was collected but is not in the published snapshot."""

from __future__ import annotations

from contextlib import closing

from gonggo.crawl.ledger import Ledger
from gonggo.crawl.run_files import committed_batches
from gonggo.model import read_jsonl
from gonggo.settings import Settings
from gonggo.warehouse.snapshot import open_snapshot

# Announcements as (source, native_id).
AnnouncementIds = set[tuple[str, str]]


def missing(settings: Settings) -> list[tuple[str, str]]:
    """Return the announcements of ledgers and batches that the published snapshot lacks.

    One that was fetched must be an announcement there; one that was only listed must at least be a listing.

    Returns:
        Pairs ``(source, native_id)``, sorted.
    """
    with closing(open_snapshot(settings)) as con:
        announced = set(con.execute("SELECT source, native_id FROM announcement").fetchall())
        listed = set(con.execute("SELECT source, native_id FROM listing").fetchall())
    fetched, in_ledgers = _in_ledgers(settings)
    without_announcement = (_in_batches(settings, "documents") | fetched) - announced
    without_listing = (_in_batches(settings, "listings") | in_ledgers) - announced - listed
    return sorted(without_announcement | without_listing)


def _in_batches(settings: Settings, kind: str) -> AnnouncementIds:
    paths = [path / f"{kind}.jsonl" for path in committed_batches(settings)]
    return {(row["source"], row["native_id"]) for path in paths if path.exists() for row in read_jsonl(path)}


def _in_ledgers(settings: Settings) -> tuple[AnnouncementIds, AnnouncementIds]:
    """Return the announcements of the ledgers that were fetched, and all announcements of the ledgers."""
    entries = [
        (path.stem, native_id, fetched)
        for path in sorted(settings.state.glob("*.sqlite"))
        for native_id, fetched in Ledger(settings.state, path.stem).known().items()
    ]
    everything = {(source, native_id) for source, native_id, _ in entries}
    return {(source, native_id) for source, native_id, fetched in entries if fetched}, everything


def published_batches(settings: Settings) -> set[str]:
    """Return the ids of the batches in the published snapshot; an empty set if nothing is published."""
    if not settings.snapshot.exists():
        return set()
    with closing(open_snapshot(settings)) as con:
        return {row[0] for row in con.execute("SELECT batch_id FROM load_log").fetchall()}
