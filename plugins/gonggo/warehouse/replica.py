"""The published snapshots in the object store, and the one of them that the readers of this machine open."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

from filelock import FileLock

from gonggo.cluster.object_store import ObjectStore, object_store
from gonggo.errors import WarehouseError
from gonggo.model import move_into_place, temporary_path
from gonggo.settings import Settings

log = logging.getLogger(__name__)
FOLDER, CURRENT = "published/history", "published/current"
# Kept on machines that only read: the one in use, and the one before, which a query may still be reading.
LOCAL_SNAPSHOTS = 2


def upload_snapshot(settings: Settings, path: Path) -> None:
    """Upload a snapshot to the object store, make it the current one there, and drop the oldest."""
    store = object_store(settings)
    store.upload_all(settings.home, [path.relative_to(settings.home).as_posix()])
    store.write(CURRENT, path.name.encode())
    store.remove(f"{FOLDER}/{name}" for name in _names(store)[: -settings.keep_snapshots] if name != path.name)


def download_snapshot(settings: Settings) -> None:
    """Download the current snapshot of the object store unless it is here. Only one process at a time does so.

    Raises:
        WarehouseError: the store names a snapshot that it does not have.
    """
    store = object_store(settings)
    if _is_current(settings, _current(store)):
        return
    settings.snapshot.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.snapshot.with_name("bring.lock")):
        # A newer publication may drop it during the download.
        for _ in range(3):
            current = _current(store)
            if _is_current(settings, current) or _download(settings, store, current):
                return
    raise WarehouseError(f"{store.url} does not have {current}, its current snapshot; run `gonggo publish`.")


def roll_back(settings: Settings) -> tuple[str, int]:
    """Make the snapshot before the current one the current one. Return its name and how many older ones are kept.

    Raises:
        WarehouseError: no older snapshot is kept.
    """
    store = object_store(settings)
    names, current = _names(store), _current(store)
    place = (names.index(current) if current in names else len(names)) - 1
    if place < 0:
        raise WarehouseError(
            f"There is no snapshot before this one in {store.url}/{FOLDER}; "
            "GONGGO_KEEP_SNAPSHOTS says how many are kept."
        )
    store.write(CURRENT, names[place].encode())
    download_snapshot(settings)
    return names[place], place


def second_name(path: Path, name: Path) -> None:
    """Give a file a second name: a hard link, or a copy where the file system has none."""
    try:
        os.link(path, name)
    except OSError:
        shutil.copyfile(path, name)


def _download(settings: Settings, store: ObjectStore, current: str) -> bool:
    folder = settings.snapshot.parent / "history"
    if not (folder / current).exists() and not store.download(f"{FOLDER}/{current}", folder / current):
        return False
    scratch = temporary_path(settings.snapshot)
    scratch.unlink(missing_ok=True)
    second_name(folder / current, scratch)
    move_into_place(scratch, settings.snapshot)
    others = sorted((path for path in folder.glob("gonggo-*.duckdb") if path.name != current), key=_modified)
    for path in others[: 1 - LOCAL_SNAPSHOTS]:
        path.unlink(missing_ok=True)
    log.info("the snapshot %s is here", current)
    return True


def _modified(path: Path) -> float:
    return path.stat().st_mtime


def _names(store: ObjectStore) -> list[str]:
    return sorted(Path(name).name for name in store.files(f"{FOLDER}/"))


def _current(store: ObjectStore) -> str:
    return (store.read(CURRENT) or b"").decode()


def _is_current(settings: Settings, current: str) -> bool:
    """Return whether this machine has that snapshot; true if nothing is published yet."""
    kept = settings.snapshot.parent / "history" / current
    if not current:
        return True
    return settings.snapshot.exists() and kept.exists() and kept.samefile(settings.snapshot)
