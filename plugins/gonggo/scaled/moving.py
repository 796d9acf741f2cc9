"""From one machine to many: what it collected goes to the store, what it remembers and told to Postgres."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import islice

from gonggo import pipeline
from gonggo.crawl.cutoff import unfinished
from gonggo.crawl.ledger import Ledger, ledger_of
from gonggo.errors import GonggoError
from gonggo.report import alerts
from gonggo.scaled.desk import files_inside, is_record, put_files
from gonggo.scaled.store import store_of
from gonggo.settings import Settings

# Batches last: one counts as soon as it is there, and names its pages and files.
FOLDERS = ("archive", "batches")
TOGETHER = 500
log = logging.getLogger(__name__)


def move(settings: Settings) -> dict[str, int]:
    """Bring the home of a machine that worked alone to ``GONGGO_STORE`` and ``GONGGO_CATALOGUE``.

    What is there already stays as it is, so that a move that was cut off goes on; the home keeps what it has. Runs that
    were cut off are staged before. Returns ``{"files": copied, "announcements": remembered, "told": marks of alerts}``,
    each counted where it was not there yet.

    Errors:
        GonggoError: no store is named, or the machine still collects.
    """
    if not settings.store:
        raise GonggoError("Where to? Set GONGGO_STORE and GONGGO_CATALOGUE; docs/scaling.md says how.")
    alone = replace(settings, store=None, catalogue=None)
    pipeline.recover(alone, certain=True)
    busy = ", ".join(sorted({run.source for run in unfinished(alone)}))
    if busy:
        raise GonggoError(f"{busy} is being collected on this machine; move when that has ended.")
    files = sum(_move_files(settings, folder) for folder in FOLDERS)
    # Only what is safe may be remembered as known.
    sources = sorted(path.stem for path in settings.state.glob("*.sqlite"))
    remembered = sum(ledger_of(settings, source).take_over(Ledger(settings.state, source)) for source in sources)
    return {"files": files, "announcements": remembered, "told": alerts.take_over(settings)}


def _move_files(settings: Settings, folder: str) -> int:
    """Copy what the store does not have; of a batch its record goes last, which makes it one."""
    store = store_of(settings)
    there = store.files(f"{folder}/")
    here = (path.relative_to(settings.home).as_posix() for path in files_inside(settings.home / folder))
    missing = sorted((name for name in here if name not in there), key=lambda name: (is_record(name), name))
    left, moved = iter(missing), 0
    while names := list(islice(left, TOGETHER)):
        put_files(store, settings.home, names)
        moved += len(names)
        log.info("%s: %d of %d files", folder, moved, len(missing))
    return moved
