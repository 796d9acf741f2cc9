"""The lock that makes one process at a time the writer of the warehouse."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import BaseFileLock, FileLock, Timeout

from gonggo.errors import WarehouseError
from gonggo.settings import Settings

log = logging.getLogger(__name__)
# Longer than any step of a warehouse takes.
PATIENCE_SECONDS = 1800.0


@contextmanager
def writer_lock(settings: Settings, *, several: bool = False) -> Iterator[None]:
    """Hold the lock of the warehouse's file, waiting for the process that holds it. One process may nest it.

    With ``several`` the lock is shared by loaders, where the warehouse is a lake.

    Raises:
        WarehouseError: the other process did not end in time.
    """
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    if settings.postgres_url:
        from gonggo.cluster.postgres import writer_lock

        with writer_lock(settings.postgres_url, several=several, patience_seconds=PATIENCE_SECONDS):
            yield
        return
    lock = FileLock(settings.warehouse.with_name("writer.lock"), is_singleton=True)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        log.warning("%s is in use by another writer; waiting for it to end", settings.warehouse)
        _wait(settings, lock)
    try:
        yield
    finally:
        lock.release()


def _wait(settings: Settings, lock: BaseFileLock) -> None:
    try:
        lock.acquire(timeout=PATIENCE_SECONDS)
    except Timeout as error:
        raise WarehouseError(
            f"{settings.warehouse} has been in use by another writer for {PATIENCE_SECONDS:.0f} s; "
            "look for a `gonggo publish` or a warehouse task that hangs, end it, and try again."
        ) from error
