"""The files of a home in an object store, on which each step works in a local folder, its workspace.

The files that a step needs are downloaded to the workspace, and those that it wrote are uploaded at its end. A step
that is killed leaves the store unchanged and starts over when it runs again.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from gonggo.cluster.object_store import ObjectStore, object_store
from gonggo.settings import Settings

# Lists the files of a workspace as of the last download or upload: file name → size and modification time.
_MANIFEST = ".brought.json"


@dataclass(frozen=True)
class StoreFiles:
    """The files that many machines share, under the same names as in a home."""

    settings: Settings

    @property
    def are_originals(self) -> bool:
        return False

    @property
    def _store(self) -> ObjectStore:
        return object_store(self.settings)

    @property
    def _base(self) -> Path:
        return self.settings.workspace or self.settings.home

    def _name(self, path: Path) -> str:
        return path.relative_to(self._base).as_posix()

    def exists(self, path: Path) -> bool:
        return path.exists() or self._store.has(self._name(path))

    def local_copy(self, path: Path) -> Path:
        if not path.exists():
            self._store.download(self._name(path), path)
        return path

    def publish(self, path: Path) -> None:
        self._store.upload(path, self._name(path))

    @contextmanager
    def workspace(self) -> Iterator[Settings]:
        """Yield settings with a new workspace; upload its changes and remove it at the end.

        A step that runs within another one uses the workspace of the outer step.
        """
        if self.settings.workspace:
            yield self.settings
            return
        folder = workspaces(self.settings) / f"{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir(parents=True)
        inner = replace(self.settings, workspace=folder)
        try:
            yield inner
        finally:
            # Also after an error: the step that reports a failed run needs the files that the run wrote.
            StoreFiles(inner).upload()
            shutil.rmtree(folder)

    def download(self, *paths: Path) -> None:
        folder = self.settings.workspace
        if folder is None:
            return
        stored = {name: mtime for path in paths for name, mtime in self._store.files(self._name(path)).items()}
        missing = {name: mtime for name, mtime in stored.items() if not (folder / name).exists()}
        if not missing:
            return
        self._store.download_all(missing, folder)
        for name, mtime in missing.items():
            os.utime(folder / name, (mtime, mtime))
        _set_folder_times(folder, missing)
        _write_manifest(folder, {**_read_manifest(folder), **{name: _state(folder / name) for name in missing}})

    def upload(self) -> None:
        folder = self.settings.workspace
        if folder is None:
            return
        before = _read_manifest(folder)
        present = {name: _state(folder / name) for name in _names(folder)}
        upload_files(self._store, folder, [name for name, state in present.items() if before.get(name) != state])
        self._store.remove(name for name in before if name not in present)
        _write_manifest(folder, present)

    def mirror(self, folder: Path) -> None:
        home = self.settings.home
        present = {path.relative_to(home).as_posix() for path in files_inside(folder)}
        self._store.upload_all(home, sorted(present))
        prefix = f"{folder.relative_to(home).as_posix()}/"
        self._store.remove(name for name in self._store.files(prefix) if name not in present)

    def batch_ids(self) -> set[str]:
        return set(self._store.folders("batches/"))

    def archived_runs(self, source: str | None = None) -> list[tuple[str, str]]:
        store, attached = self._store, self.settings.attached.name
        sources = [source] if source else [name for name in store.folders("archive/") if name != attached]
        runs = [(name, run_id) for name in sources for run_id in store.folders(f"archive/{name}/")]
        return [(name, run_id) for name, run_id in runs if store.has(f"archive/{name}/{run_id}/run.json")]

    def fetched_copies(self) -> Iterable[Path]:
        return (path for path in self.settings.archive.rglob("*") if path.is_file())


def workspaces(settings: Settings) -> Path:
    """Return the folder of this machine's workspaces, where killed steps leave theirs."""
    return settings.home / "workspaces"


def upload_files(store: ObjectStore, folder: Path, names: list[str]) -> None:
    """Upload files below ``folder``; records of batches last, because a batch is complete once it has its record."""
    store.upload_all(folder, [name for name in names if not is_record(name)])
    store.upload_all(folder, [name for name in names if is_record(name)])


def is_record(name: str) -> bool:
    """Return whether a file is the record of a batch (``run.json``), which marks the batch as complete."""
    return name.startswith("batches/") and name.endswith("/run.json")


def files_inside(folder: Path) -> Iterable[Path]:
    """Return the files of a folder except hidden ones, which are temporary."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return (path for path in files if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def _names(folder: Path) -> Iterator[str]:
    """Return the names of the files to upload at the end of a step; attachments were uploaded when fetched."""
    for path in files_inside(folder):
        name = path.relative_to(folder).as_posix()
        # Locks and progress displays concern only this machine.
        if path.suffix != ".lock" and not name.startswith(("work/progress/", "archive/files/")):
            yield name


def _state(path: Path) -> list[int]:
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns]


def _set_folder_times(folder: Path, names: Iterable[str]) -> None:
    """Set the time of each folder to that of its newest file, because interrupted runs are recognized by it."""
    for parent in {(folder / name).parent for name in names}:
        newest = max(path.stat().st_mtime for path in parent.iterdir() if path.is_file())
        os.utime(parent, (newest, newest))


def _read_manifest(folder: Path) -> dict[str, list[int]]:
    path = folder / _MANIFEST
    manifest: dict[str, list[int]] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return manifest


def _write_manifest(folder: Path, manifest: dict[str, list[int]]) -> None:
    (folder / _MANIFEST).write_text(json.dumps(manifest), "utf-8")
