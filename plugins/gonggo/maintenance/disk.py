"""Disk usage of a home, and warnings about it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from gonggo.settings import Settings

# Share of the budget from which warnings begin, and the share of the disk that must stay free.
WARNING_SHARE, MIN_FREE_SHARE = 0.8, 0.1
# With less free space the next publication may fail, because it writes a copy.
MIN_FREE_BYTES = 2 * 1024**3
GB = 1e9


@dataclass(frozen=True)
class FolderSize:
    """A folder of a home: its bytes on the disk and its number of files, hard links counted once."""

    name: str
    bytes: int
    files: int


@dataclass(frozen=True)
class Usage:
    """Bytes that the folders of a home take, and the free and total bytes of its disk."""

    folders: list[FolderSize]
    free: int
    total: int

    @property
    def bytes(self) -> int:
        return sum(folder.bytes for folder in self.folders)


def usage(settings: Settings) -> Usage:
    """Measure the folders of a home, the largest first."""
    settings.home.mkdir(parents=True, exist_ok=True)
    inodes = set[int]()
    sizes = [_measure(path, inodes) for path in sorted(settings.home.iterdir()) if path.is_dir()]
    disk = shutil.disk_usage(settings.home)
    return Usage(sorted(sizes, key=lambda folder: -folder.bytes), disk.free, disk.total)


def _measure(folder: Path, counted_inodes: set[int]) -> FolderSize:
    size = count = 0
    for path in folder.rglob("*"):
        try:
            stat = path.lstat()
        except FileNotFoundError:
            continue
        if path.is_dir() or stat.st_ino in counted_inodes:
            continue
        counted_inodes.add(stat.st_ino)
        size += stat.st_blocks * 512
        count += 1
    return FolderSize(folder.name, size, count)


def warnings(settings: Settings, used: Usage) -> list[str]:
    """Return a sentence for each shortage of disk space; none if there is enough."""
    sentences = []
    budget = settings.disk_budget
    if budget and used.bytes >= WARNING_SHARE * budget:
        largest = ", ".join(f"{folder.name} {folder.bytes / GB:.1f} GB" for folder in used.folders[:3])
        sentences.append(
            f"{settings.home} takes {used.bytes / GB:.1f} of the {budget / GB:.0f} GB of GONGGO_DISK_BUDGET "
            f"({largest}); GONGGO_KEEP_ARCHIVE_DAYS and GONGGO_KEEP_SNAPSHOTS say how much is kept"
        )
    snapshot = settings.snapshot.stat().st_size if settings.snapshot.exists() else 0
    # A publication writes a copy beside the current snapshot.
    if used.free < max(MIN_FREE_BYTES, 2 * snapshot) or used.free < MIN_FREE_SHARE * used.total:
        sentences.append(
            f"{used.free / GB:.1f} of {used.total / GB:.0f} GB are free on the disk of {settings.home}; free some space"
        )
    return sentences
