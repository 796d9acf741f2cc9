"""The published snapshots in the object store, and the copy of the current one on this machine."""

from __future__ import annotations

import logging
from pathlib import Path

from filelock import FileLock

from gonggo.cluster.object_store import ObjectStore, object_store
from gonggo.errors import WarehouseError
from gonggo.settings import Settings
from gonggo.warehouse.history import history_folder, make_current, snapshots

log = logging.getLogger(__name__)
FOLDER, CURRENT = "published/history", "published/current"
# Kept on machines that only read: the current one, and the previous one, which a query may still be reading.
LOCAL_SNAPSHOTS = 2
# A newer publication may remove a snapshot while it is being downloaded.
DOWNLOAD_ATTEMPTS = 3


def upload_snapshot(settings: Settings, path: Path) -> None:
    """Upload a snapshot to the object store, make it the current one there, and remove the oldest."""
    store = object_store(settings)
    store.upload_all(settings.home, [path.relative_to(settings.home).as_posix()])
    store.write(CURRENT, path.name.encode())
    store.remove(f"{FOLDER}/{name}" for name in _names(store)[: -settings.keep_snapshots] if name != path.name)


def download_snapshot(settings: Settings) -> None:
    """Download the current snapshot of the object store unless this machine has it; one process at a time does so.

    Raises:
        WarehouseError: The store does not have the snapshot that it names as the current one.
    """
    store = object_store(settings)
    if _is_local(settings, _current(store)):
        return
    settings.snapshot.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.snapshot.with_name("download.lock")):
        for _ in range(DOWNLOAD_ATTEMPTS):
            current = _current(store)
            if _is_local(settings, current) or _download(settings, store, current):
                return
    raise WarehouseError(f"{store.url} does not have {current}, its current snapshot; run `gonggo publish`.")


def roll_back_to_previous(settings: Settings) -> tuple[str, int]:
    """Make the snapshot before the current one the current one; return its name and how many older ones are kept.

    Raises:
        WarehouseError: No older snapshot is kept.
    """
    store = object_store(settings)
    names, current = _names(store), _current(store)
    position = (names.index(current) if current in names else len(names)) - 1
    if position < 0:
        raise WarehouseError(
            f"There is no snapshot before this one in {store.url}/{FOLDER}; "
            "GONGGO_KEEP_SNAPSHOTS says how many are kept."
        )
    store.write(CURRENT, names[position].encode())
    download_snapshot(settings)
    return names[position], position


def _download(settings: Settings, store: ObjectStore, current: str) -> bool:
    """Download a snapshot and make it the one that readers open; return False if the store does not have it."""
    path = history_folder(settings) / current
    if not path.exists() and not store.download(f"{FOLDER}/{current}", path):
        return False
    make_current(settings, path)
    others = sorted((other for other in snapshots(settings) if other.name != current), key=_modified_at)
    for other in others[: 1 - LOCAL_SNAPSHOTS]:
        other.unlink(missing_ok=True)
    log.info("downloaded the snapshot %s", current)
    return True


def _modified_at(path: Path) -> float:
    return path.stat().st_mtime


def _names(store: ObjectStore) -> list[str]:
    return sorted(Path(name).name for name in store.files(f"{FOLDER}/"))


def _current(store: ObjectStore) -> str:
    return (store.read(CURRENT) or b"").decode()


def _is_local(settings: Settings, name: str) -> bool:
    """Return whether readers on this machine open that snapshot; true if nothing is published yet."""
    path = history_folder(settings) / name
    if not name:
        return True
    return settings.snapshot.exists() and path.exists() and path.samefile(settings.snapshot)
