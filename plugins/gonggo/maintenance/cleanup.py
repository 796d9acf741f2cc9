"""What may go: temporaries of processes that died, and what the settings say is kept for so long and no longer."""

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
# Nothing writes at one file for longer.
TEMPORARY_DAYS, DAMAGED_DAYS, LOG_DAYS, HOST_DAYS, FETCHED_DAYS = 1, 14, 30, 30, 7
log = logging.getLogger(__name__)


@dataclass
class CleanedUp:
    """How much went: temporaries, other old files, runs of the archive, contents of attached files; bytes in all."""

    temporaries: int = 0
    old: int = 0
    runs: int = 0
    contents: int = 0
    bytes: int = 0


def clean_up(settings: Settings) -> CleanedUp:
    """Remove what is left over and what is past its time. May be killed anywhere; what it left goes the next time."""
    done, now = CleanedUp(), time.time()
    for path in temporaries(settings):
        if _age(path, now) > TEMPORARY_DAYS:
            done.bytes += _remove(path)
            done.temporaries += 1
    for days, paths in _dated(settings):
        for path in paths:
            if _age(path, now) > days:
                done.bytes += _remove(path)
                done.old += 1
    compacted = _compact_warehouse(settings)
    if compacted:
        log.info("warehouse: %s", compacted)
    if settings.keep_archive_days and files_of(settings).are_originals:
        _sweep_archive(settings, settings.keep_archive_days, now, done)
    log.info("swept: %s", done)
    return done


def _compact_warehouse(settings: Settings) -> dict[str, int]:
    from gonggo.warehouse.factory import warehouse_of

    return warehouse_of(settings).compact()


def temporaries(settings: Settings) -> list[Path]:
    """Files and folders that a process writes before it gives them their name."""
    found = [path for path in settings.home.rglob(".*.part") if not any(p.name.endswith(".part") for p in path.parents)]
    folders = (settings.warehouse.with_name("spilled"), workspaces(settings))
    return found + [path for folder in folders if folder.is_dir() for path in folder.iterdir()]


def set_aside(settings: Settings) -> list[Path]:
    """Return the files that were found damaged and renamed, so that new ones could be made."""
    folders = (settings.state, settings.state / "lists", settings.home, settings.warehouse.parent)
    return [path for folder in folders for path in folder.glob("*.damaged-*")]


def _dated(settings: Settings) -> Iterable[tuple[float, Iterable[Path]]]:
    yield DAMAGED_DAYS, set_aside(settings)
    yield LOG_DAYS, (path for path in (settings.home / "airflow" / "logs").rglob("*") if path.is_file())
    yield HOST_DAYS, (settings.state / "hosts").glob("*")
    yield FETCHED_DAYS, files_of(settings).fetched_copies()


def _sweep_archive(settings: Settings, days: int, now: float, done: CleanedUp) -> None:
    """Remove runs whose batch is there, so that only the pages go and none of what was read of them."""
    for folder in sorted(settings.archive.glob("*/*")):
        run = RunFiles(settings, folder.parent.name, folder.name)
        if folder.parent != settings.attached and run.batch.is_dir() and _age(folder, now) > days:
            # Out of sight at once: a reading must not meet half a run.
            aside = folder.with_name(f".{folder.name}.part")
            folder.rename(aside)
            done.bytes += _remove(aside)
            done.runs += 1
    for path in settings.attached.glob("*/*.warc.gz"):
        # A content is touched whenever an announcement is found to have it still.
        if _age(path, now) > days:
            done.bytes += _remove(path)
            done.contents += 1


def _age(path: Path, now: float) -> float:
    """Days since the last change of a file, or of anything in a folder."""
    try:
        inner = path.rglob("*") if path.is_dir() else ()
        return float(now - max(one.stat().st_mtime for one in (path, *inner))) / DAY
    except FileNotFoundError:
        return 0.0


def _remove(path: Path) -> int:
    """Remove a file or a folder; returns its bytes."""
    paths = [path, *path.rglob("*")] if path.is_dir() else [path]
    size = sum(one.lstat().st_size for one in paths if not one.is_dir())
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    return size
