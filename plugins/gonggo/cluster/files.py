"""The files of a home as every machine that works on it sees them, and the home whose machine works alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gonggo.settings import Settings


class FileCopies(Protocol):
    """Single files that other machines may have too."""

    def exists(self, path: Path) -> bool:
        """Return whether a file is here or can be fetched."""

    def local_copy(self, path: Path) -> Path:
        """Return the path, with the file fetched to it where it was missing and another machine has it."""

    def publish(self, path: Path) -> None:
        """Make a file available to the other machines at once."""


class Files(FileCopies, Protocol):
    """The archive, the batches and the unfinished runs. Paths are those that ``settings`` and ``RunFiles`` give."""

    @property
    def are_originals(self) -> bool:
        """Whether what lies in the home is all there is, and not copies of an object store's files."""

    def workspace(self) -> AbstractContextManager[Settings]:
        """Give settings whose archive, batches and unfinished runs a step may write to."""

    def download(self, *paths: Path) -> None:
        """Fetch folders and files into the workspace, as far as they are missing there."""

    def upload(self) -> None:
        """Make everything that was written to, or removed from, the workspace so for the other machines."""

    def mirror(self, folder: Path) -> None:
        """Give the other machines a folder of the home as it is here."""

    def batch_ids(self) -> set[str]:
        """Return the ids of all committed batches."""

    def archived_runs(self, source: str | None = None) -> list[tuple[str, str]]:
        """Return source and run id of the completely archived runs (of one source), in any order."""

    def fetched_copies(self) -> Iterable[Path]:
        """Return the files of the archive that are here only because they were read here once."""


class LocalCopies:
    """Files that no other machine has."""

    def exists(self, path: Path) -> bool:
        return path.exists()

    def local_copy(self, path: Path) -> Path:
        return path

    def publish(self, path: Path) -> None:
        """Do nothing: the file is where everybody looks for it."""


@dataclass(frozen=True)
class HomeFiles(LocalCopies):
    """The files of a single machine: every step works in the home itself."""

    settings: Settings

    @property
    def are_originals(self) -> bool:
        return True

    @contextmanager
    def workspace(self) -> Iterator[Settings]:
        yield self.settings

    def download(self, *paths: Path) -> None:
        """Do nothing: everything is here."""

    def upload(self) -> None:
        """Do nothing: the step wrote to the home."""

    def mirror(self, folder: Path) -> None:
        """Do nothing: the folder is in the home."""

    def batch_ids(self) -> set[str]:
        return {path.parent.name for path in self.settings.batches.glob("[!.]*/run.json") if path.is_file()}

    def archived_runs(self, source: str | None = None) -> list[tuple[str, str]]:
        records = self.settings.archive.glob(f"{source or '*'}/*/run.json")
        return [(path.parent.parent.name, path.parent.name) for path in records]

    def fetched_copies(self) -> Iterable[Path]:
        return ()
