"""Where a distribution goes: a folder such as the root of a web server, or an object store."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from gonggo.cluster.object_store import ObjectStore, endpoint
from gonggo.errors import UsageError
from gonggo.model import move_into_place, temporary_path
from gonggo.settings import Settings


class Destination(Protocol):
    """Files by name, each replaced in one step."""

    def read(self, name: str) -> bytes | None:
        """Return the content of a small file; None if it does not exist."""

    def put(self, path: Path, name: str) -> None:
        """Store a local file under a name."""

    def remove(self, names: Iterable[str]) -> None:
        """Remove files; those that do not exist are ignored."""

    def is_empty(self) -> bool:
        """Return whether no file is stored."""


class FolderDestination:
    """A folder on this machine, or one that is mounted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: str) -> bytes | None:
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None

    def put(self, path: Path, name: str) -> None:
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = temporary_path(target)
        shutil.copyfile(path, scratch)
        move_into_place(scratch, target)

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            path = self.folder / name
            path.unlink(missing_ok=True)
            while (path := path.parent) != self.folder and path.is_dir() and not any(path.iterdir()):
                path.rmdir()

    def is_empty(self) -> bool:
        return not self.folder.exists() or not any(self.folder.iterdir())


class StoreDestination:
    """A bucket or another store of fsspec; it replaces an object in one step by itself."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def read(self, name: str) -> bytes | None:
        return self._store.read(name)

    def put(self, path: Path, name: str) -> None:
        self._store.upload(path, name)

    def remove(self, names: Iterable[str]) -> None:
        self._store.remove(name for name in names if self._store.has(name))

    def is_empty(self) -> bool:
        return not self._store.files()


def destination_of(settings: Settings, address: str) -> Destination:
    """Return the destination at a folder, or at an address such as ``s3://bucket/prefix``.

    Raises:
        UsageError: the package for object stores is not installed.
        StoreError: the store cannot be reached.
    """
    if not urlsplit(address).netloc:
        return FolderDestination(Path(address.removeprefix("file://")).resolve())
    try:
        return StoreDestination(ObjectStore(address, endpoint(settings), setting="GONGGO_DISTRIBUTION"))
    except ImportError:
        raise UsageError(f"{address} needs the packages for object stores: install gonggo[cluster].") from None
