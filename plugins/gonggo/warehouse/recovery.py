"""What happens to a warehouse file that cannot be read or written: told apart, marked, set aside, made again."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import duckdb

from gonggo.errors import DamagedError, WarehouseError, is_damage
from gonggo.settings import Settings
from gonggo.warehouse import lake
from gonggo.warehouse.lock import writer_lock

log = logging.getLogger(__name__)
_DISK_FULL = "No space left on device"
# Below this many free bytes an error of the file is taken for a full disk.
LEAST_FREE = 16 * 1024 * 1024


def discard(settings: Settings) -> None:
    """Remove the warehouse, so that the next load makes it again from all batches."""
    with writer_lock(settings):
        if settings.postgres_url:
            lake.discard(settings)
        settings.warehouse.unlink(missing_ok=True)
        _write_ahead(settings).unlink(missing_ok=True)


def is_file_error(error: duckdb.Error) -> bool:
    """Return whether an error is about the warehouse's file or its disk, not about the statement."""
    return isinstance(error, (duckdb.IOException, duckdb.FatalException)) or _DISK_FULL in str(error)


def explain(settings: Settings, error: duckdb.Error) -> WarehouseError:
    """Return an error that says why the file cannot be used and what to do; mark the file when it is damaged."""
    message = str(error)
    if is_damage(error):
        _mark(settings).write_text(message, "utf-8")
        return DamagedError(
            f"{settings.warehouse} is damaged; the next load makes it again from the batches. ({message})"
        )
    if "lock" in message:
        return WarehouseError(
            f"{settings.warehouse} is open in another program; close that, and try again. ({message})"
        )
    free = shutil.disk_usage(settings.warehouse.parent).free
    if _DISK_FULL in message or free < LEAST_FREE:
        return WarehouseError(
            f"No room to write {settings.warehouse}: {free >> 20} MB are free. What was loaded is safe; "
            f"make room and try again. ({message})"
        )
    return WarehouseError(
        f"{settings.warehouse} cannot be read or written: {message}. `gonggo doctor` says what to do."
    )


def _mark(settings: Settings) -> Path:
    return settings.warehouse.with_name("damaged")


def is_marked_damaged(settings: Settings) -> bool:
    """Return whether the warehouse's file was found damaged."""
    return _mark(settings).exists()


def quarantine(settings: Settings) -> Path | None:
    """Rename a file that was found damaged, so that the next load makes a new one; return its new name."""
    if settings.postgres_url:
        # A lake is no file, and its loaders must not wait for each other here.
        return None
    with writer_lock(settings):
        mark = _mark(settings)
        if not mark.exists():
            return None
        aside = settings.warehouse.with_name(f"{settings.warehouse.name}.damaged-{int(mark.stat().st_mtime)}")
        log.error("%s was damaged (%s); made again from the batches", settings.warehouse, mark.read_text("utf-8"))
        if settings.warehouse.exists():
            settings.warehouse.rename(aside)
        _write_ahead(settings).unlink(missing_ok=True)
        mark.unlink()
        return aside


def _write_ahead(settings: Settings) -> Path:
    return settings.warehouse.with_name(f"{settings.warehouse.name}.wal")
