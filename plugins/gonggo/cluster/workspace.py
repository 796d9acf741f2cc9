"""The desk of a step: a folder of its own; what other machines wrote comes to it, what it writes goes from it.

A step that is killed leaves the store as it was; run again, it begins from there.
"""

from __future__ import annotations

import functools
import inspect
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from gonggo.cluster.object_store import ObjectStore, object_store
from gonggo.settings import Settings, working_settings

_NOTES = ".brought.json"
Step = TypeVar("Step", bound=Callable[..., Any])


def in_workspace(*wanted: str) -> Callable[[Step], Step]:
    """A step whose files are common to all machines: at a desk with what ``wanted`` names, when there is a store.

    ``wanted`` are folders (ending in ``/``) and files by their names in a home, with the step's arguments in braces:
    ``work/{source}/{run_id}/``. One that is None ends the name: all that begins so is wanted.
    """

    def made(step: Step) -> Step:
        arguments = inspect.signature(step)

        @functools.wraps(step)
        def run(*values: Any, **named: Any) -> Any:
            bound = arguments.bind(*values, **named)
            bound.apply_defaults()
            with open_workspace(bound.arguments["settings"] or working_settings()) as settings:
                download(settings, *(_named(one, bound.arguments) for one in wanted))
                bound.arguments["settings"] = settings
                return step(*bound.args, **bound.kwargs)

        return run  # type: ignore[return-value]

    return made


def _named(pattern: str, values: dict[str, Any]) -> str:
    """The pattern with its values, up to the first that is None."""
    parts = list[str]()
    for part in pattern.split("/"):
        if any(values[name] is None for name in values if f"{{{name}}}" in part or f"{{{name}:" in part):
            return "/".join([*parts, ""])
        parts.append(part.format(**values))
    return "/".join(parts)


@contextmanager
def open_workspace(settings: Settings) -> Iterator[Settings]:
    """Settings whose archive, batches and unfinished runs are at a desk; what was written there goes to the store.

    Without a store, and within a step that has a desk, the settings stay as they are.
    """
    if settings.object_store is None or settings.workspace:
        yield settings
        return
    desk = workspaces(settings) / f"{os.getpid()}-{secrets.token_hex(4)}"
    desk.mkdir(parents=True)
    inner = replace(settings, workspace=desk)
    try:
        yield inner
    finally:
        # After an error too: what a failed run says of itself must reach the step that tells it.
        upload(inner)
        shutil.rmtree(desk)


def workspaces(settings: Settings) -> Path:
    """The folder of the desks of this machine; a step that was killed leaves its own behind."""
    return settings.home / "desks"


def download(settings: Settings, *wanted: str) -> None:
    """Bring folders and files of the store to the desk, as far as they are not there."""
    if settings.workspace is None:
        return
    store, desk = object_store(settings), settings.workspace
    kept = {name: written for prefix in wanted for name, written in store.files(prefix).items()}
    fresh = {name: written for name, written in kept.items() if not (desk / name).exists()}
    if not fresh:
        return
    store.download_all(fresh, desk)
    for name, written in fresh.items():
        os.utime(desk / name, (written, written))
    _date_folders(desk, fresh)
    _write_notes(desk, {**_read_notes(desk), **{name: _state(desk / name) for name in fresh}})


def upload(settings: Settings) -> None:
    """Bring what was written at the desk to the store, and remove there what was removed here."""
    if settings.workspace is None:
        return
    store, desk = object_store(settings), settings.workspace
    before = _read_notes(desk)
    there = {name: _state(desk / name) for name in _names(desk)}
    upload_files(store, desk, [name for name, state in there.items() if before.get(name) != state])
    store.remove(name for name in before if name not in there)
    _write_notes(desk, there)


def upload_files(store: ObjectStore, folder: Path, names: list[str]) -> None:
    """Copy files below ``folder`` to the same names in the store; records of batches go when the others are there."""
    store.upload_all(folder, [name for name in names if not is_record(name)])
    store.upload_all(folder, [name for name in names if is_record(name)])


def is_record(name: str) -> bool:
    """Whether a file is the record of a batch (``run.json``): a batch that has it is whole."""
    return name.startswith("batches/") and name.endswith("/run.json")


def local_copy(settings: Settings, path: Path) -> Path:
    """A file of the archive below the home, brought from the store to where it is looked for when it is not there."""
    if settings.object_store and not path.exists():
        base = settings.workspace or settings.home
        object_store(settings).download(path.relative_to(base).as_posix(), path)
    return path


def mirror(settings: Settings, folder: Path) -> None:
    """Make a folder of the home in the store what it is here."""
    if settings.object_store is None:
        return
    store, prefix = object_store(settings), f"{folder.relative_to(settings.home).as_posix()}/"
    here = {path.relative_to(settings.home).as_posix() for path in files_inside(folder)}
    store.upload_all(settings.home, sorted(here))
    store.remove(name for name in store.files(prefix) if name not in here)


def _names(desk: Path) -> Iterator[str]:
    """What goes to the store at the end of a step. Contents of attached files went there as they came."""
    for path in files_inside(desk):
        name = path.relative_to(desk).as_posix()
        # Locks, and what only a screen of this machine reads, are nothing to others.
        if path.suffix != ".lock" and not name.startswith(("work/progress/", "archive/files/")):
            yield name


def files_inside(folder: Path) -> Iterable[Path]:
    """The files of a folder, but for hidden ones: temporaries and notes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return (path for path in files if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def _state(path: Path) -> list[int]:
    told = path.stat()
    return [told.st_size, told.st_mtime_ns]


def _date_folders(desk: Path, names: Iterable[str]) -> None:
    """Give folders the date of the newest file in them: how long a run has been silent is read from it."""
    for folder in {(desk / name).parent for name in names}:
        newest = max(path.stat().st_mtime for path in folder.iterdir() if path.is_file())
        os.utime(folder, (newest, newest))


def _read_notes(desk: Path) -> dict[str, list[int]]:
    notes = desk / _NOTES
    told: dict[str, list[int]] = json.loads(notes.read_text("utf-8")) if notes.exists() else {}
    return told


def _write_notes(desk: Path, told: dict[str, list[int]]) -> None:
    (desk / _NOTES).write_text(json.dumps(told), "utf-8")
