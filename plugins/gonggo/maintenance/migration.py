"""From one machine to many: what it collected goes to the store, what it remembers and told to Postgres."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import islice

from gonggo.cluster.object_store import object_store
from gonggo.cluster.store_files import files_inside, is_record, upload_files
from gonggo.crawl.interrupted_runs import unfinished
from gonggo.crawl.ledger import Ledger, ledger_of
from gonggo.errors import GonggoError
from gonggo.report import alerts
from gonggo.settings import Settings

# Batches last: one counts as soon as it is there, and names its pages and files.
FOLDERS = ("archive", "batches")
TOGETHER = 500
log = logging.getLogger(__name__)


def without_cluster(settings: Settings) -> Settings:
    """Return the settings of the machine as it worked alone.

    Raises:
        GonggoError: no store is named to which it could go.
    """
    if not settings.object_store:
        raise GonggoError("Where to? Set GONGGO_OBJECT_STORE and GONGGO_POSTGRES_URL; docs/scaling.md says how.")
    return replace(settings, object_store=None, postgres_url=None)


def move_home(settings: Settings) -> dict[str, int]:
    """Bring the home of a machine that worked alone to ``GONGGO_OBJECT_STORE`` and ``GONGGO_POSTGRES_URL``.

    What is there already stays as it is, so that a move that was cut off goes on; the home keeps what it has. Runs that
    were cut off are to be staged before. Returns ``{"files": copied, "announcements": remembered, "told": marks of
    alerts}``, each counted where it was not there yet.

    Raises:
        GonggoError: no store is named, or the machine still collects.
    """
    busy = ", ".join(sorted({run.source for run in unfinished(without_cluster(settings))}))
    if busy:
        raise GonggoError(f"{busy} is being collected on this machine; move when that has ended.")
    files = sum(_move_files(settings, folder) for folder in FOLDERS)
    # Only what is safe may be remembered as known.
    sources = sorted(path.stem for path in settings.state.glob("*.sqlite"))
    remembered = sum(ledger_of(settings, source).copy_from(Ledger(settings.state, source)) for source in sources)
    return {"files": files, "announcements": remembered, "told": alerts.take_over(settings)}


def _move_files(settings: Settings, folder: str) -> int:
    """Copy what the store does not have; of a batch its record goes last, which makes it one."""
    store = object_store(settings)
    there = store.files(f"{folder}/")
    here = (path.relative_to(settings.home).as_posix() for path in files_inside(settings.home / folder))
    missing = sorted((name for name in here if name not in there), key=lambda name: (is_record(name), name))
    left, moved = iter(missing), 0
    while names := list(islice(left, TOGETHER)):
        upload_files(store, settings.home, names)
        moved += len(names)
        log.info("%s: %d of %d files", folder, moved, len(missing))
    return moved
