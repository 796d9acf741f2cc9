"""Migration from one machine to a cluster: files go to the object store, state goes to Postgres."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import islice

from gonggo.access_keys import copy_keys_to_cluster
from gonggo.cluster.object_store import object_store
from gonggo.cluster.store_files import files_inside, is_record, upload_files
from gonggo.crawl.interrupted_runs import unfinished
from gonggo.crawl.ledger import Ledger, ledger_of
from gonggo.errors import GonggoError, UsageError
from gonggo.report import alerts
from gonggo.settings import Settings

# Batches last: a batch counts as soon as it exists, and refers to its pages and files.
FOLDERS = ("archive", "batches")
FILES_AT_ONCE = 500
log = logging.getLogger(__name__)


def without_cluster(settings: Settings) -> Settings:
    """Return the settings of the machine before the migration, without object store and Postgres.

    Raises:
        UsageError: no object store is set.
    """
    if not settings.object_store:
        raise UsageError("Where to? Set GONGGO_OBJECT_STORE and GONGGO_POSTGRES_URL; docs/scaling.md says how.")
    return replace(settings, object_store=None, postgres_url=None)


def move_home(settings: Settings) -> dict[str, int]:
    """Copy the home of a single machine to ``GONGGO_OBJECT_STORE`` and ``GONGGO_POSTGRES_URL``.

    What has been copied already is skipped, so that an interrupted migration can continue; the home is not changed.
    Interrupted runs have to be staged before. Returns the numbers of new items: ``{"files", "announcements",
    "alerts_sent", "keys"}``.

    Raises:
        GonggoError: no object store is set, or the machine is still collecting.
    """
    running = ", ".join(sorted({run.source for run in unfinished(without_cluster(settings))}))
    if running:
        raise GonggoError(f"{running} is being collected on this machine; migrate when that has finished.")
    files = sum(_move_files(settings, folder) for folder in FOLDERS)
    # After the files, so that the ledgers never know announcements whose files are missing.
    sources = sorted(path.stem for path in settings.state.glob("*.sqlite"))
    remembered = sum(ledger_of(settings, source).copy_from(Ledger(settings.state, source)) for source in sources)
    sent, keys = alerts.copy_sent_to_cluster(settings), copy_keys_to_cluster(settings)
    return {"files": files, "announcements": remembered, "alerts_sent": sent, "keys": keys}


def _move_files(settings: Settings, folder: str) -> int:
    """Copy files that the store does not have; the record of a batch, which completes it, comes last."""
    store = object_store(settings)
    stored = store.files(f"{folder}/")
    local = (path.relative_to(settings.home).as_posix() for path in files_inside(settings.home / folder))
    missing = sorted((name for name in local if name not in stored), key=lambda name: (is_record(name), name))
    remaining, moved = iter(missing), 0
    while names := list(islice(remaining, FILES_AT_ONCE)):
        upload_files(store, settings.home, names)
        moved += len(names)
        log.info("%s: %d of %d files", folder, moved, len(missing))
    return moved
