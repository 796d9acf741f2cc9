"""The interface to the files of a home that several machines may share, and its implementation for one machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gonggo.settings import Settings


class FileCopies(Protocol):
    """Access to single files that other machines may share."""

    def exists(self, path: Path) -> bool:
        """Return whether a file is on this machine or can be downloaded."""

    def local_copy(self, path: Path) -> Path:
        """Download a file if it is missing on this machine and stored elsewhere; return its path."""

    def publish(self, path: Path) -> None:
        """Make a file available to the other machines immediately."""


class Files(FileCopies, Protocol):
    """Access to the archive, the batches and the unfinished runs, by the paths of ``settings`` and ``RunFiles``."""

    @property
    def are_originals(self) -> bool:
        """Return whether the files in the home are the originals, not copies of those in an object store."""

    def workspace(self) -> AbstractContextManager[Settings]:
        """Yield settings whose archive, batches and unfinished runs a step may write to."""

    def download(self, *paths: Path) -> None:
        """Download the files and folders that the workspace lacks."""

    def upload(self) -> None:
        """Apply what was written to, or removed from, the workspace to the store."""

    def mirror(self, folder: Path) -> None:
        """Make a folder of the store equal to this folder of the home."""

    def batch_ids(self) -> set[str]:
        """Return the ids of all committed batches."""

    def archived_runs(self, source: str | None = None) -> list[tuple[str, str]]:
        """Return ``(source, run id)`` of the completely archived runs (of one source), in any order."""

    def fetched_copies(self) -> Iterable[Path]:
        """Return the files of the archive that are on this machine only because they were downloaded."""


class LocalCopies:
    """Files that no other machine shares."""

    def exists(self, path: Path) -> bool:
        return path.exists()

    def local_copy(self, path: Path) -> Path:
        return path

    def publish(self, path: Path) -> None:
        """Do nothing: no other machine needs the file."""


@dataclass(frozen=True)
class HomeFiles(LocalCopies):
    """The files of a single machine: steps work in the home itself."""

    settings: Settings

    @property
    def are_originals(self) -> bool:
        return True

    @contextmanager
    def workspace(self) -> Iterator[Settings]:
        yield self.settings

    def download(self, *paths: Path) -> None:
        """Do nothing: all files are on this machine."""

    def upload(self) -> None:
        """Do nothing: the step has written to the home itself."""

    def mirror(self, folder: Path) -> None:
        """Do nothing: no other machine needs the folder."""

    def batch_ids(self) -> set[str]:
        return {path.parent.name for path in self.settings.batches.glob("[!.]*/run.json") if path.is_file()}

    def archived_runs(self, source: str | None = None) -> list[tuple[str, str]]:
        records = self.settings.archive.glob(f"{source or '*'}/*/run.json")
        return [(path.parent.parent.name, path.parent.name) for path in records]

    def fetched_copies(self) -> Iterable[Path]:
        return ()
