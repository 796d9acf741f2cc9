"""A copy of a home elsewhere, from which it can be made again: what no program can work out anew.

Those are the archive, the batches, what the crawl remembers, and what was told to whom. The warehouse, its marts and
exports follow from the batches; the published snapshot is copied too, so that readers need not wait for that.

    DIR/store/…                     the files, each once, under the names that they have in the home
    DIR/20261121T043000/files.jsonl what belongs to the backup of that moment: {"path", "bytes"}
    DIR/20261121T043000/state/…     databases as they were at that moment
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from gonggo.cluster.workspace import files_of
from gonggo.crawl.run_files import damage
from gonggo.errors import GonggoError
from gonggo.model import fsync, move_into_place, read_jsonl, temporary_path, write_jsonl, write_text
from gonggo.report.alerts import FORMER_SENT_FILE, SENT_FILE
from gonggo.settings import SEOUL, Settings
from gonggo.small_state import is_damage

STORE, LIST, STATE = "store", "files.jsonl", "state"
# In a home while a restoration writes it: one that was cut off may go on.
STARTED_FILE = ".restoring"
# Databases are taken first and the archive last: what a ledger remembers has its batch in the same backup, and what
# a batch names its page.
STORED = ("batches", "archive", "published/gonggo.duckdb", "alerts.yaml")
# Databases that stand in the home itself.
_OF_ALERTS = (SENT_FILE, FORMER_SENT_FILE)
log = logging.getLogger(__name__)


def moment() -> str:
    """The name of a backup that is made now."""
    return datetime.now(SEOUL).strftime("%Y%m%dT%H%M%S")


def backup(settings: Settings, folder: Path) -> dict[str, Any]:
    """Copy what is new since the last backup, and write down what belongs to this one; older ones beyond
    ``GONGGO_KEEP_BACKUPS`` go.

    May run beside everything else. Returns ``{"backup": folder, "files": all, "copied": new, "bytes": copied}``.

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
    stamp = moment()
    made = temporary_path(folder / stamp)
    shutil.rmtree(made, ignore_errors=True)
    (made / STATE).mkdir(parents=True)
    for path in _databases(settings.home):
        try:
            _copy_database(path, made / STATE / path.name)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            # The next run makes it anew; all else is worth keeping.
            log.error("%s is damaged (%s); the backup is without it", path, error)
            (made / STATE / path.name).unlink(missing_ok=True)
    copied = size = 0
    rows = []
    for path in _files(settings.home):
        name = path.relative_to(settings.home).as_posix()
        kept = folder / STORE / name
        try:
            if not _same(path, kept):
                _copy(path, kept)
                copied, size = copied + 1, size + kept.stat().st_size
        except FileNotFoundError:
            # Swept, or replaced as a whole, just now.
            continue
        rows.append({"path": name, "bytes": kept.stat().st_size})
    if not rows:
        shutil.rmtree(made)
        raise GonggoError(f"{settings.home} holds nothing to back up; is it the right GONGGO_HOME?")
    write_jsonl(made / LIST, rows)
    fsync(made / LIST)
    move_into_place(made, folder / stamp)
    _forget(settings, folder)
    log.info("%s: %d files, %d of them new", folder / stamp, len(rows), copied)
    return {"backup": str(folder / stamp), "files": len(rows), "copied": copied, "bytes": size}


def backups(folder: Path) -> list[Path]:
    """The backups of a folder, the oldest first."""
    return sorted(path.parent for path in folder.glob(f"[0-9]*/{LIST}"))


def restore(settings: Settings, folder: Path, stamp: str | None = None) -> dict[str, Any]:
    """Make a home that is empty what it was at a backup, by default the newest; the warehouse is made by the next load.

    Returns ``{"restored": backup, "files": count, "home": path}``.

    Raises:
        GonggoError: there is no such backup, the home holds something, or a file of the backup is missing or cut.
    """
    there = {path.name: path for path in backups(folder)}
    if not there or (stamp and stamp not in there):
        known = ", ".join(there) or "none"
        raise GonggoError(f"{folder} holds no backup {stamp or ''}; there are: {known}")
    chosen = there[stamp] if stamp else max(there.values())
    taken = [path.name for path in settings.home.iterdir()] if settings.home.exists() else []
    begun = settings.home / STARTED_FILE
    if taken and not (begun.exists() and begun.read_text("utf-8") == chosen.name):
        raise GonggoError(
            f"{settings.home} is not empty ({', '.join(sorted(taken)[:5])}). Nothing is written over what is there: "
            "move it aside, or set GONGGO_HOME to a new folder."
        )
    rows = list(read_jsonl(chosen / LIST))
    _demand_whole(folder, rows)
    write_text(begun, chosen.name)
    for row in rows:
        _copy(folder / STORE / row["path"], settings.home / row["path"])
    for path in (chosen / STATE).iterdir():
        target = settings.home / path.name if path.name in _OF_ALERTS else settings.state / path.name
        _copy(path, target)
    begun.unlink()
    return {"restored": str(chosen), "files": len(rows), "home": str(settings.home)}


def _demand_whole(folder: Path, rows: list[dict[str, Any]]) -> None:
    """Look at everything before anything is written."""
    for row in rows:
        path = folder / STORE / row["path"]
        size = path.stat().st_size if path.exists() else None
        # A snapshot is replaced by the next backup; the others stay as they are.
        if size is None or (size != row["bytes"] and not row["path"].startswith("published/")):
            raise GonggoError(
                f"{path} has {size or 0} of {row['bytes']} bytes: this backup is damaged; take another one."
            )
    for path in (folder / STORE / "batches").glob("[!.]*"):
        if told := damage(path):
            log.error("%s: %s; the load will make it again from the archive", path.name, told)


def _databases(home: Path) -> list[Path]:
    return [*sorted((home / "state").glob("*.sqlite")), *(home / name for name in _OF_ALERTS if (home / name).exists())]


def _copy_database(path: Path, target: Path) -> None:
    """SQLite's own copy, which is whole whoever writes meanwhile."""
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    fsync(target)


def _files(home: Path) -> Iterator[Path]:
    """What is stored, without what is being written."""
    for name in STORED:
        top = home / name
        found = sorted(top.rglob("*")) if top.is_dir() else [top]
        for path in found:
            hidden = any(part.startswith(".") for part in path.relative_to(home).parts)
            if path.is_file() and not hidden:
                yield path


def _same(path: Path, kept: Path) -> bool:
    """Whether the store has a file as it is: files are never written to twice, only replaced."""
    try:
        one, other = path.stat(), kept.stat()
    except FileNotFoundError:
        return False
    return one.st_size == other.st_size and int(one.st_mtime) == int(other.st_mtime)


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = temporary_path(target)
    shutil.copy2(path, scratch)
    move_into_place(scratch, target)


def _forget(settings: Settings, folder: Path) -> None:
    """Remove the oldest backups, and the files that none of the others names."""
    for path in backups(folder)[: -settings.keep_backups]:
        shutil.rmtree(path)
    named = {row["path"] for path in backups(folder) for row in read_jsonl(path / LIST)}
    store = folder / STORE
    for path in [one for one in store.rglob("*") if one.is_file()]:
        if path.relative_to(store).as_posix() not in named:
            path.unlink()
