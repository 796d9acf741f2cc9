"""Backup of everything in a home that cannot be recomputed, and its restoration.

These are the archive, the batches, the state of the crawl, and the alerts that were sent. The warehouse, its marts and
exports can be rebuilt from the batches; the published snapshot is copied too, so that readers need not wait for that.

    DIR/store/…                     the files, each once, under the names that they have in the home
    DIR/20261121T043000/files.jsonl the files of the backup of that moment: {"path", "bytes"}
    DIR/20261121T043000/state/…     databases as they were at that moment
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from gonggo.access_keys import KEYS_FILE
from gonggo.cluster.workspace import files_of
from gonggo.crawl.run_files import damage
from gonggo.errors import GonggoError, UsageError
from gonggo.model import fsync, move_into_place, read_jsonl, temporary_path, write_jsonl, write_text
from gonggo.report.alerts import FORMER_SENT_FILE, SENT_FILE
from gonggo.settings import SEOUL, Settings
from gonggo.small_state import is_damage
from gonggo.step_results import BackupResult, RestoreResult

STORE, LIST, STATE = "store", "files.jsonl", "state"
# In a home while it is being restored, so that an interrupted restoration can continue.
STARTED_FILE = ".restoring"
# Databases are copied first and the archive last, so that every entry of a ledger has its batch in the same backup, and
# every batch its pages.
STORED = ("batches", "archive", "published/gonggo.duckdb", "alerts.yaml", "corrections.yaml")
# Databases in the home folder itself.
_IN_HOME = (SENT_FILE, FORMER_SENT_FILE, KEYS_FILE)
log = logging.getLogger(__name__)


def backup_name() -> str:
    """Return the name of a backup that is made now."""
    return datetime.now(SEOUL).strftime("%Y%m%dT%H%M%S")


def backup(settings: Settings, folder: Path, say: Callable[[str], object] = lambda line: None) -> BackupResult:
    """Copy what is new since the last backup, and record the files of this one.

    The oldest backups beyond ``GONGGO_KEEP_BACKUPS`` are removed. May run at the same time as everything else.
    ``say`` is called with a description of each step.

    Raises:
        GonggoError: the folder lies within the home, or there is nothing in the home.
    """
    if not files_of(settings).are_originals:
        raise GonggoError(
            f"The data are in {settings.object_store} and in Postgres: back up the bucket (versions, a copy elsewhere) "
            "and the database (pg_dump) by their own means; docs/scaling.md says what belongs together."
        )
    folder = folder.resolve()
    if folder.is_relative_to(settings.home):
        raise GonggoError(f"{folder} lies within {settings.home}; a backup belongs on another disk.")
    stamp = backup_name()
    scratch = temporary_path(folder / stamp)
    shutil.rmtree(scratch, ignore_errors=True)
    (scratch / STATE).mkdir(parents=True)
    for path in _databases(settings.home):
        try:
            _copy_database(path, scratch / STATE / path.name)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            # The next run recreates it; the rest is worth saving.
            log.error("%s is damaged (%s); the backup is without it", path, error)
            (scratch / STATE / path.name).unlink(missing_ok=True)
    copied = size = 0
    rows = []
    for path in _files(settings.home):
        name = path.relative_to(settings.home).as_posix()
        stored = folder / STORE / name
        try:
            if not _is_stored(path, stored):
                _copy(path, stored)
                copied, size = copied + 1, size + stored.stat().st_size
                say(f"copying: {copied} new files, {size >> 20} MB")
        except FileNotFoundError:
            # Removed or replaced at this moment.
            continue
        rows.append({"path": name, "bytes": stored.stat().st_size})
    if not rows:
        shutil.rmtree(scratch)
        raise GonggoError(f"{settings.home} holds nothing to back up; is it the right GONGGO_HOME?")
    write_jsonl(scratch / LIST, rows)
    fsync(scratch / LIST)
    backup_folder = _free_path(folder / stamp)
    move_into_place(scratch, backup_folder)
    _remove_old_backups(settings, folder)
    log.info("%s: %d files, %d of them new", backup_folder, len(rows), copied)
    return {"backup": str(backup_folder), "files": len(rows), "copied": copied, "bytes": size}


def _free_path(path: Path) -> Path:
    """Return the path, with a number after it if another backup of the same second has it."""
    if not path.exists():
        return path
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(free for free in numbered if not free.exists())


def backups(folder: Path) -> list[Path]:
    """Return the backups in a folder, the oldest first."""
    return sorted(path.parent for path in folder.glob(f"[0-9]*/{LIST}"))


def restore(
    settings: Settings, folder: Path, stamp: str | None = None, say: Callable[[str], object] = lambda line: None
) -> RestoreResult:
    """Restore a backup, by default the newest, into an empty home; the next load rebuilds the warehouse.

    ``say`` is called with a description of each step.

    Raises:
        UsageError: there is no such backup.
        GonggoError: the home holds something, or a file of the backup is missing or cut.
    """
    by_name = {path.name: path for path in backups(folder)}
    if not by_name or (stamp and stamp not in by_name):
        there_are = f"there are: {', '.join(by_name)}" if by_name else "`gonggo backup DIR` makes one"
        raise UsageError(f"{folder} holds no backup{f' {stamp}' if stamp else ''}; {there_are}.")
    chosen = by_name[stamp] if stamp else max(by_name.values())
    present = [path.name for path in settings.home.iterdir()] if settings.home.exists() else []
    marker = settings.home / STARTED_FILE
    if present and not (marker.exists() and marker.read_text("utf-8") == chosen.name):
        raise GonggoError(
            f"{settings.home} is not empty ({', '.join(sorted(present)[:5])}). Nothing is written over what is there: "
            "move it aside, or set GONGGO_HOME to a new folder."
        )
    rows = list(read_jsonl(chosen / LIST))
    _check_complete(folder, rows)
    write_text(marker, chosen.name)
    for number, row in enumerate(rows, 1):
        say(f"restoring: file {number} of {len(rows)}")
        _copy(folder / STORE / row["path"], settings.home / row["path"])
    for path in (chosen / STATE).iterdir():
        target = settings.home / path.name if path.name in _IN_HOME else settings.state / path.name
        _copy(path, target)
    marker.unlink()
    return {"restored": str(chosen), "files": len(rows), "home": str(settings.home)}


def _check_complete(folder: Path, rows: list[dict[str, Any]]) -> None:
    """Check every file of a backup before anything is written.

    Raises:
        GonggoError: a file is missing or incomplete.
    """
    for row in rows:
        path = folder / STORE / row["path"]
        size = path.stat().st_size if path.exists() else None
        # The snapshot is replaced by later backups; all other files never change.
        if size is None or (size != row["bytes"] and not row["path"].startswith("published/")):
            raise GonggoError(
                f"{path} has {size or 0} of {row['bytes']} bytes: this backup is damaged; take another one."
            )
    for path in (folder / STORE / "batches").glob("[!.]*"):
        if damage_found := damage(path):
            log.error("%s: %s; the load will rebuild it from the archive", path.name, damage_found)


def _databases(home: Path) -> list[Path]:
    return [*sorted((home / "state").glob("*.sqlite")), *(home / name for name in _IN_HOME if (home / name).exists())]


def _copy_database(path: Path, target: Path) -> None:
    """Copy a database with SQLite's backup function, which is consistent even during writes."""
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    fsync(target)


def _files(home: Path) -> Iterator[Path]:
    """Yield the files to store, without those that are being written."""
    for name in STORED:
        top = home / name
        paths = sorted(top.rglob("*")) if top.is_dir() else [top]
        for path in paths:
            hidden = any(part.startswith(".") for part in path.relative_to(home).parts)
            if path.is_file() and not hidden:
                yield path


def _is_stored(path: Path, stored: Path) -> bool:
    """Return whether the store has the current version of a file; files are replaced, never modified."""
    try:
        original, copy = path.stat(), stored.stat()
    except FileNotFoundError:
        return False
    return original.st_size == copy.st_size and int(original.st_mtime) == int(copy.st_mtime)


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = temporary_path(target)
    shutil.copy2(path, scratch)
    move_into_place(scratch, target)


def _remove_old_backups(settings: Settings, folder: Path) -> None:
    """Remove the oldest backups, and the stored files that no other backup lists."""
    for path in backups(folder)[: -settings.keep_backups]:
        shutil.rmtree(path)
    named = {row["path"] for path in backups(folder) for row in read_jsonl(path / LIST)}
    store = folder / STORE
    for path in [one for one in store.rglob("*") if one.is_file()]:
        if path.relative_to(store).as_posix() not in named:
            path.unlink()
