"""The one place that chooses which files a step works on: those of the home or those of an object store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gonggo.cluster.files import Files, HomeFiles
from gonggo.cluster.store_files import StoreFiles
from gonggo.settings import Settings, working_settings


def files_of(settings: Settings) -> Files:
    """Return the files of the object store if the settings name one, else those of the home."""
    return StoreFiles(settings) if settings.object_store else HomeFiles(settings)


@contextmanager
def open_workspace(settings: Settings | None = None) -> Iterator[Settings]:
    """Yield the settings that a step works with, by default based on those of the environment."""
    with files_of(settings or working_settings()).workspace() as inner:
        yield inner
