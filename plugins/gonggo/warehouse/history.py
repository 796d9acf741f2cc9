"""The files of the published snapshots on this machine: the current one, and the history with a name for each."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

from gonggo.model import move_into_place, temporary_path
from gonggo.settings import SEOUL, Settings

_PATTERN = "gonggo-*.duckdb"
# Bytes that one call of the system copies at most.
_AT_ONCE = 1 << 30


def spill_folder(settings: Settings) -> Path:
    """Return the folder for what the queries of the writer cannot hold in memory."""
    return settings.warehouse.with_name("spilled")


def history_folder(settings: Settings) -> Path:
    """Return the folder of the last published snapshots, each under a name of its own."""
    return settings.snapshot.parent / "history"


def snapshots(settings: Settings) -> list[Path]:
    """Return the snapshots of the history, oldest first."""
    return sorted(history_folder(settings).glob(_PATTERN))


def add_to_history(settings: Settings, path: Path) -> tuple[Path, int]:
    """Link a new snapshot into the history and drop the oldest; return its name there and how many are kept."""
    folder = history_folder(settings)
    folder.mkdir(exist_ok=True)
    named = folder / f"gonggo-{datetime.now(SEOUL).strftime('%Y%m%dT%H%M%S.%f')}.duckdb"
    link_or_copy(path, named)
    for old in snapshots(settings)[: -settings.keep_snapshots]:
        old.unlink()
    return named, len(snapshots(settings))


def make_current(settings: Settings, path: Path) -> None:
    """Replace the snapshot that readers open by one of the history, atomically."""
    temporary = temporary_path(settings.snapshot)
    temporary.unlink(missing_ok=True)
    link_or_copy(path, temporary)
    move_into_place(temporary, settings.snapshot)


def publication_time(name: str) -> str:
    """Return when a snapshot was published, from its file name: ``20261129T150000.000000``."""
    return Path(name).stem.partition("-")[2]


def copy_file(source: Path, target: Path) -> None:
    """Copy a file; on a file system whose files can share blocks (Btrfs, XFS), without copying the bytes."""
    if not _copied_by_system(source, target):
        shutil.copyfile(source, target)


def _copied_by_system(source: Path, target: Path) -> bool:
    """Let the system copy a file; return whether it could."""
    if not hasattr(os, "copy_file_range"):
        return False
    with source.open("rb") as file, target.open("wb") as copy:
        try:
            while os.copy_file_range(file.fileno(), copy.fileno(), _AT_ONCE):
                pass
        except OSError:
            return False
    return target.stat().st_size == source.stat().st_size


def link_or_copy(path: Path, name: Path) -> None:
    """Give a file a second name by a hard link, or copy it if the file system has no links."""
    try:
        os.link(path, name)
    except OSError:
        shutil.copyfile(path, name)
