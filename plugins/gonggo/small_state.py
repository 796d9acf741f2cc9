"""SQLite files of the crawl and the alerts; a damaged one is renamed, recreated and logged."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock

log = logging.getLogger(__name__)
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_damage(error: BaseException) -> bool:
    """Return whether an error of SQLite means that the file of the database is damaged."""
    if not isinstance(error, sqlite3.DatabaseError):
        return False
    code = getattr(error, "sqlite_errorcode", None)
    return (code is not None and code & 0xFF in _DAMAGE) or "malformed" in str(error)


def quarantine(path: Path, why: str) -> Path:
    """Rename a damaged state file, a database with its write-ahead log, so that a new one can be created."""
    quarantined = path.with_name(f"{path.name}.damaged-{time.time_ns() // 1_000_000}")
    for suffix in ("", "-wal", "-shm", "-journal"):
        part = path.with_name(path.name + suffix)
        if part.exists() or part.is_symlink():
            part.rename(quarantined.with_name(quarantined.name + suffix))
    log.error("%s was damaged (%s); it was renamed to %s, and a new one is created", path, why, quarantined.name)
    return quarantined


def prepare_database(
    path: Path, create_tables: Callable[[sqlite3.Connection], object], *, full_check: bool = False
) -> None:
    """Create the tables of a database, after renaming a damaged one; ``full_check`` checks every page."""
    try:
        with transaction(path) as db:
            if full_check:
                result = db.execute("PRAGMA quick_check(1)").fetchone()[0]
                if result != "ok":
                    raise sqlite3.DatabaseError(f"malformed: {result}")
            create_tables(db)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        quarantine(path, str(error))
        with transaction(path) as db:
            create_tables(db)


def rename_database(former: Path, path: Path) -> None:
    """Rename a database of an earlier version, with its write-ahead log, unless a file of the new name exists."""
    if not former.exists():
        return
    with FileLock(path.with_suffix(".lock")):
        if former.exists() and not path.exists():
            for tail in ("-wal", "-shm", ""):
                part = former.with_name(former.name + tail)
                if part.exists():
                    part.rename(path.with_name(path.name + tail))
            former.with_suffix(".lock").unlink(missing_ok=True)


@contextmanager
def transaction(path: Path, seconds: float = 60) -> Iterator[sqlite3.Connection]:
    """Open a database for one transaction."""
    with closing(sqlite3.connect(path, timeout=seconds)) as db, db:
        yield db
