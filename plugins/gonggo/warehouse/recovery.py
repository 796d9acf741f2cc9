"""Recovery of a warehouse file that cannot be read or written: diagnosis, a mark if it is damaged, and quarantine."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import duckdb

from gonggo.errors import DamagedError, WarehouseError, is_damage
from gonggo.settings import Settings

log = logging.getLogger(__name__)
_DISK_FULL = "No space left on device"
# With fewer free bytes, an error of the file is taken for a full disk.
MIN_FREE_BYTES = 16 * 1024 * 1024


def is_file_error(error: duckdb.Error) -> bool:
    """Return whether an error is about a database file or its disk, not about the statement."""
    # DuckDB 2 reports a damaged block by its message alone.
    return isinstance(error, duckdb.IOException) or is_damage(error) or _DISK_FULL in str(error)


def explain_file_error(database: Path, error: duckdb.Error) -> WarehouseError:
    """Return an error that says why the file cannot be used and what to do; mark the file if it is damaged."""
    message = str(error)
    if is_damage(error):
        _mark(database).write_text(message, "utf-8")
        return DamagedError(f"{database} is damaged; the next load rebuilds it from the batches. ({message})")
    if "lock" in message:
        return WarehouseError(f"{database} is open in another program; close that, and try again. ({message})")
    free = shutil.disk_usage(database.parent).free
    if _DISK_FULL in message or free < MIN_FREE_BYTES:
        return WarehouseError(
            f"No space to write {database}: {free >> 20} MB are free. What was loaded is safe; "
            f"free some space and try again. ({message})"
        )
    return WarehouseError(f"{database} cannot be read or written: {message}. `gonggo doctor` says what to do.")


def is_marked_damaged(settings: Settings) -> bool:
    """Return whether the warehouse file was found damaged and has not been replaced yet."""
    return _mark(settings.warehouse).exists()


def quarantine_file(database: Path) -> Path | None:
    """Rename a file that is marked as damaged; return its new path, or None if there is no mark."""
    mark = _mark(database)
    if not mark.exists():
        return None
    renamed = database.with_name(f"{database.name}.damaged-{int(mark.stat().st_mtime)}")
    log.error("%s was damaged (%s); it is rebuilt from the batches", database, mark.read_text("utf-8"))
    if database.exists():
        database.rename(renamed)
    write_ahead_log(database).unlink(missing_ok=True)
    mark.unlink()
    return renamed


def write_ahead_log(database: Path) -> Path:
    """Return the path of the write-ahead log that DuckDB keeps beside a file."""
    return database.with_name(f"{database.name}.wal")


def _mark(database: Path) -> Path:
    return database.with_name("damaged")
