"""The lock that makes one process at a time the writer of a warehouse file."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from gonggo.errors import WarehouseError

log = logging.getLogger(__name__)
# Longer than any step of a warehouse takes.
TIMEOUT_SECONDS = 1800.0


@contextmanager
def file_lock(database: Path) -> Iterator[None]:
    """Hold the lock of a warehouse file, waiting for the process that has it. A process may nest it.

    Raises:
        WarehouseError: The other process did not end in time.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(database.with_name("writer.lock"), is_singleton=True)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        log.warning("%s is in use by another writer; waiting for it to end", database)
        _wait(database, lock)
    try:
        yield
    finally:
        lock.release()


def _wait(database: Path, lock: BaseFileLock) -> None:
    try:
        lock.acquire(timeout=TIMEOUT_SECONDS)
    except Timeout as error:
        raise WarehouseError(
            f"{database} has been in use by another writer for {TIMEOUT_SECONDS:.0f} s; "
            "look for a `gonggo publish` or a warehouse task that hangs, end it, and try again."
        ) from error
