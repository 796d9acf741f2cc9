"""How much room a home takes, and when it is time to say so."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from gonggo.settings import Settings

# Shares of the budget, and of the disk that must stay free.
NEARLY, LEAST_SHARE = 0.8, 0.1
# Below this the next publication may not find room for its copy.
LEAST_BYTES = 2 * 1024**3
GB = 1e9


@dataclass(frozen=True)
class FolderSize:
    """One folder of a home: its bytes on the disk and its files, hard links counted once."""

    name: str
    bytes: int
    files: int


@dataclass(frozen=True)
class Usage:
    """What a home takes, room by room, and what its disk has: bytes."""

    folders: list[FolderSize]
    free: int
    total: int

    @property
    def bytes(self) -> int:
        return sum(room.bytes for room in self.folders)


def usage(settings: Settings) -> Usage:
    """Measure the folders of a home, the largest first."""
    settings.home.mkdir(parents=True, exist_ok=True)
    seen = set[int]()
    rooms = [_measure(path, seen) for path in sorted(settings.home.iterdir()) if path.is_dir()]
    disk = shutil.disk_usage(settings.home)
    return Usage(sorted(rooms, key=lambda room: -room.bytes), disk.free, disk.total)


def _measure(folder: Path, seen: set[int]) -> FolderSize:
    size = count = 0
    for path in folder.rglob("*"):
        try:
            told = path.lstat()
        except FileNotFoundError:
            continue
        if path.is_dir() or told.st_ino in seen:
            continue
        seen.add(told.st_ino)
        size += told.st_blocks * 512
        count += 1
    return FolderSize(folder.name, size, count)


def warnings(settings: Settings, used: Usage) -> list[str]:
    """What to say of the room that a home takes, in one sentence each; nothing where there is enough."""
    told = []
    budget = settings.disk_budget
    if budget and used.bytes >= NEARLY * budget:
        largest = ", ".join(f"{room.name} {room.bytes / GB:.1f} GB" for room in used.folders[:3])
        told.append(
            f"{settings.home} takes {used.bytes / GB:.1f} of the {budget / GB:.0f} GB of GONGGO_DISK_BUDGET "
            f"({largest}); GONGGO_KEEP_ARCHIVE_DAYS and GONGGO_KEEP_SNAPSHOTS say how much is kept"
        )
    snapshot = settings.snapshot.stat().st_size if settings.snapshot.exists() else 0
    # A publication writes a copy beside the one that is read.
    if used.free < max(LEAST_BYTES, 2 * snapshot) or used.free < LEAST_SHARE * used.total:
        told.append(
            f"{used.free / GB:.1f} of {used.total / GB:.0f} GB are free on the disk of {settings.home}; make room"
        )
    return told
