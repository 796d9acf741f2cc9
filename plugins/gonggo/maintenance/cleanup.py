"""Removal of temporary files of dead processes, and of everything older than the settings keep."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gonggo.cluster.store_files import workspaces
from gonggo.cluster.workspace import files_of
from gonggo.crawl.run_files import RunFiles
from gonggo.settings import Settings

DAY = 24 * 3600.0
# Days after which each kind of file is removed; no process writes a temporary file for longer than a day.
TEMPORARY_DAYS, DAMAGED_DAYS, LOG_DAYS, HOST_DAYS, FETCHED_DAYS = 1, 14, 30, 30, 7
log = logging.getLogger(__name__)


@dataclass
class CleanedUp:
    """Counts of what was removed: temporary files, old files, archived runs, contents of attached files; and bytes."""

    temporaries: int = 0
    old: int = 0
    runs: int = 0
    contents: int = 0
    bytes: int = 0


def clean_up(settings: Settings) -> CleanedUp:
    """Remove leftover and expired files. An interrupted cleanup is completed by the next one."""
    result, now = CleanedUp(), time.time()
    for path in temporary_files(settings):
        if _age(path, now) > TEMPORARY_DAYS:
            result.bytes += _remove(path)
            result.temporaries += 1
    for days, paths in _paths_by_age_limit(settings):
        for path in paths:
            if _age(path, now) > days:
                result.bytes += _remove(path)
                result.old += 1
    compacted = _compact_warehouse(settings)
    if compacted:
        log.info("warehouse: %s", compacted)
    if settings.keep_archive_days and files_of(settings).are_originals:
        _clean_archive(settings, settings.keep_archive_days, now, result)
    log.info("removed: %s", result)
    return result


def _compact_warehouse(settings: Settings) -> dict[str, int]:
    from gonggo.warehouse.factory import warehouse_of

    return warehouse_of(settings).compact()


def temporary_files(settings: Settings) -> list[Path]:
    """Return files and folders under temporary names, including the workspaces of steps."""
    partial_files = [
        path for path in settings.home.rglob(".*.part") if not any(p.name.endswith(".part") for p in path.parents)
    ]
    folders = (settings.warehouse.with_name("spilled"), workspaces(settings))
    return partial_files + [path for folder in folders if folder.is_dir() for path in folder.iterdir()]


def damaged_files(settings: Settings) -> list[Path]:
    """Return the damaged files that were renamed so that new ones could be created."""
    folders = (settings.state, settings.state / "lists", settings.home, settings.warehouse.parent)
    return [path for folder in folders for path in folder.glob("*.damaged-*")]


def _paths_by_age_limit(settings: Settings) -> Iterable[tuple[float, Iterable[Path]]]:
    yield DAMAGED_DAYS, damaged_files(settings)
    yield LOG_DAYS, (path for path in (settings.home / "airflow" / "logs").rglob("*") if path.is_file())
    yield HOST_DAYS, (settings.state / "hosts").glob("*")
    yield FETCHED_DAYS, files_of(settings).fetched_copies()


def _clean_archive(settings: Settings, days: int, now: float, result: CleanedUp) -> None:
    """Remove archived runs that have a batch: the pages go, the data read from them stays."""
    for folder in sorted(settings.archive.glob("*/*")):
        run = RunFiles(settings, folder.parent.name, folder.name)
        if folder.parent != settings.attached and run.batch.is_dir() and _age(folder, now) > days:
            # Renamed first, so that no reader finds an incomplete run.
            hidden = folder.with_name(f".{folder.name}.part")
            folder.rename(hidden)
            result.bytes += _remove(hidden)
            result.runs += 1
    for path in settings.attached.glob("*/*.warc.gz"):
        # The modification time is renewed whenever an announcement still has this attachment.
        if _age(path, now) > days:
            result.bytes += _remove(path)
            result.contents += 1


def _age(path: Path, now: float) -> float:
    """Return the days since the last change of a file, or of anything in a folder."""
    try:
        inner = path.rglob("*") if path.is_dir() else ()
        return float(now - max(file.stat().st_mtime for file in (path, *inner))) / DAY
    except FileNotFoundError:
        return 0.0


def _remove(path: Path) -> int:
    """Remove a file or a folder; return its size in bytes."""
    paths = [path, *path.rglob("*")] if path.is_dir() else [path]
    size = sum(file.lstat().st_size for file in paths if not file.is_dir())
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    return size
