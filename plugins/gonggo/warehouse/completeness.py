"""Is everything that was collected also published?"""

from __future__ import annotations

from contextlib import closing

from gonggo.crawl.ledger import Ledger
from gonggo.crawl.run_files import committed_batches
from gonggo.model import read_jsonl
from gonggo.settings import Settings
from gonggo.warehouse.snapshot import open_snapshot

Named = set[tuple[str, str]]


def missing(settings: Settings) -> list[tuple[str, str]]:
    """Return ``(source, native_id)`` of what is in ledgers or batches and not in the published snapshot, sorted.

    A document must be an announcement there; a row that was only listed must at least be a listing.
    """
    with closing(open_snapshot(settings)) as con:
        announced = set(con.execute("SELECT source, native_id FROM announcement").fetchall())
        listed = set(con.execute("SELECT source, native_id FROM listing").fetchall())
    held, rows = _in_ledgers(settings)
    wanted = (_in_batches(settings, "documents") | held) - announced
    return sorted(wanted | ((_in_batches(settings, "listings") | rows) - announced - listed))


def _in_batches(settings: Settings, kind: str) -> Named:
    paths = [path / f"{kind}.jsonl" for path in committed_batches(settings)]
    return {(row["source"], row["native_id"]) for path in paths if path.exists() for row in read_jsonl(path)}


def _in_ledgers(settings: Settings) -> tuple[Named, Named]:
    """Return the announcements of the ledgers that have a document, and all of them."""
    known = [
        (path.stem, native_id, held)
        for path in sorted(settings.state.glob("*.sqlite"))
        for native_id, held in Ledger(settings.state, path.stem).known().items()
    ]
    rows = {(source, native_id) for source, native_id, _ in known}
    return {(source, native_id) for source, native_id, held in known if held}, rows


def published_batches(settings: Settings) -> set[str]:
    """Return the ids of the batches in the published snapshot; none if nothing is published."""
    if not settings.snapshot.exists():
        return set()
    with closing(open_snapshot(settings)) as con:
        return {row[0] for row in con.execute("SELECT batch_id FROM load_log").fetchall()}
