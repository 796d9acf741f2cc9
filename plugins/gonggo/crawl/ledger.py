"""What the crawl remembers of a source: which announcements it knows, what their rows said, and when they close."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from filelock import FileLock

from gonggo.cluster.postgres import PostgresSchema, copy_rows
from gonggo.model import Listed
from gonggo.settings import Settings
from gonggo.small_state import made_whole, opened

_SCHEMA = """
CREATE TABLE IF NOT EXISTS announcement (
    native_id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, etag TEXT, last_modified TEXT,
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL
)
"""
_FILES = """
CREATE TABLE IF NOT EXISTS file (
    native_id TEXT NOT NULL, url TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, etag TEXT, last_modified TEXT,
    at TEXT NOT NULL, PRIMARY KEY (native_id, url)
)
"""
_FAILING = "CREATE TABLE IF NOT EXISTS failing (name TEXT PRIMARY KEY, tries INTEGER NOT NULL)"
# held: 1 when a document is kept, 0 when the row alone is. item: the row, to ask for it again. content: hash of the
# document. closes: last day of application, open-ended as OPEN_ENDED. checked: when its page was last looked at.
# lacking: looks in a row at which one of its files could not be had, or at which its page was not there.
_LATER = {
    "held": "INTEGER NOT NULL DEFAULT 1",
    "item": "TEXT",
    "content": "TEXT",
    "closes": "TEXT",
    "checked": "TEXT",
    "vanished": "TEXT",
    "lacking": "INTEGER NOT NULL DEFAULT 0",
}
# Moments are of one zone and compared as texts. SQLite and Postgres both read these.
_KEEP = """
INSERT INTO announcement
    (native_id, fingerprint, etag, last_modified, first_seen, last_seen, item, content, closes, checked, lacking)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (native_id) DO UPDATE SET
    fingerprint = excluded.fingerprint, etag = excluded.etag, last_modified = excluded.last_modified,
    last_seen = CASE WHEN excluded.last_seen > announcement.last_seen THEN excluded.last_seen
        ELSE announcement.last_seen END,
    held = 1, item = excluded.item, vanished = NULL, content = coalesce(excluded.content, announcement.content),
    closes = coalesce(excluded.closes, announcement.closes), checked = excluded.checked,
    lacking = CASE WHEN excluded.lacking > 0 THEN announcement.lacking + 1 ELSE 0 END
"""
_LEAVE = """
INSERT INTO announcement (native_id, fingerprint, first_seen, last_seen, held) VALUES (?, ?, ?, ?, 0)
ON CONFLICT (native_id) DO UPDATE SET fingerprint = excluded.fingerprint,
    last_seen = CASE WHEN excluded.last_seen > announcement.last_seen THEN excluded.last_seen
        ELSE announcement.last_seen END
"""
# Looks at an announcement of which a file could not be fetched; after them it is taken as it is.
MAX_TRIES = 5
OPEN_ENDED = "9999-12-31"
RowStatus = Literal["new", "changed", "known"]


@dataclass(frozen=True)
class LedgerEntry:
    """An announcement whose document is safe in a batch. What is None stays as it was remembered."""

    item: Listed
    etag: str | None = None
    modified: str | None = None
    content: str | None = None
    closes: str | None = None
    lacking: bool = False


@dataclass(frozen=True)
class KnownFile:
    """An attached file whose content is archived, with what a conditional request needs, and when it came."""

    name: str
    sha256: str
    etag: str | None
    modified: str | None
    at: str

    @property
    def validators(self) -> dict[str, str]:
        return conditions(self.etag, self.modified)


class Ledger:
    """The ledger of one source: an SQLite file, or with a ``catalogue`` a schema of its Postgres.

    A row is written only when its announcement is safe in a batch.
    """

    def __init__(self, state: Path, source: str, catalogue: str | None = None) -> None:
        self.path = state / f"{source}.sqlite"
        self._place = PostgresSchema(catalogue, f"ledger_{source}") if catalogue else None
        if self._place:
            with self._place.open() as place:
                place.lock_creation()
                _make(place)
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Several runs may find it without its columns at the same moment; to WAL, SQLite changes for one alone.
        with FileLock(self.path.with_suffix(".lock")):
            made_whole(self.path, _make_file)

    def mend(self) -> None:
        """Look at every page of the file; a damaged one is put aside, and all that its source lists is new again."""
        if self._place is None:
            with FileLock(self.path.with_suffix(".lock")):
                made_whole(self.path, _make_file, thoroughly=True)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection | PostgresSchema]:
        if self._place:
            with self._place.open() as place:
                yield place
            return
        with opened(self.path) as db:
            yield db

    def fingerprints(self, *, held: bool = False) -> dict[str, str]:
        """Native id → fingerprint of the list row as it was last read. ``held``: only those with a document.

        What had vanished is left out: a row that is listed again is new; one whose page was never there, a few times.
        """
        query = "SELECT native_id, fingerprint FROM announcement WHERE (vanished IS NULL OR held = 0 AND lacking >= ?)"
        with self._open() as db:
            return dict(db.execute(query + (" AND held = 1" if held else ""), (MAX_TRIES,)).fetchall())

    def known(self) -> dict[str, bool]:
        """Native id → whether a document is held, of all that was ever remembered."""
        with self._open() as db:
            return {row[0]: bool(row[1]) for row in db.execute("SELECT native_id, held FROM announcement")}

    def settled(self) -> bool:
        """Whether the last run brought home all that it listed. If not, the next walk must not stop early."""
        return bool(self._standing()[0])

    def way(self) -> str:
        """By which of a source's ways to its list the remembered rows came; rows of two ways cannot be compared."""
        return str(self._standing()[1])

    def take_over(self, other: Ledger) -> int:
        """Remember in Postgres what a file remembers and this does not; returns how many announcements."""
        with other._open() as file, self._open() as place:
            assert isinstance(place, PostgresSchema)
            copy_rows("file", file, place)
            if place.execute("SELECT 1 FROM standing").fetchone() is None:
                copy_rows("standing", file, place)
            return copy_rows("announcement", file, place)

    def _standing(self) -> tuple[int, str]:
        with self._open() as db:
            row = db.execute("SELECT settled, way FROM standing").fetchone()
        return row or (0, "")

    def settle(self, settled: bool, at: str, way: str | None = None) -> None:
        """Note how a run ended, or (False) that one has begun."""
        way = self.way() if way is None else way
        with self._open() as db:
            db.execute("DELETE FROM standing")
            db.execute("INSERT INTO standing (settled, at, way) VALUES (?, ?, ?)", (int(settled), at, way))

    def validators(self, native_id: str) -> dict[str, str]:
        """The headers of a conditional request; empty for an unknown announcement, and for one that lacks a file."""
        with self._open() as db:
            row = db.execute(
                "SELECT etag, last_modified FROM announcement WHERE native_id = ? AND lacking = 0", (native_id,)
            ).fetchone()
        return conditions(*(row or (None, None)))

    def file(self, native_id: str, url: str) -> KnownFile | None:
        """What is remembered of a file of an announcement."""
        with self._open() as db:
            row = db.execute(
                "SELECT name, sha256, etag, last_modified, at FROM file WHERE native_id = ? AND url = ?",
                (native_id, url),
            ).fetchone()
        return KnownFile(*row) if row else None

    def digests(self, native_id: str) -> list[str]:
        """SHA-256 of the contents of an announcement's files."""
        with self._open() as db:
            return [row[0] for row in db.execute("SELECT sha256 FROM file WHERE native_id = ?", (native_id,))]

    def keep_file(self, native_id: str, url: str, file: KnownFile) -> None:
        """Remember a file. Its content is safe on its own, whatever becomes of the run."""
        with self._open() as db:
            values = (native_id, url, file.name, file.sha256, file.etag, file.modified, file.at)
            db.execute(
                "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (native_id, url) DO UPDATE SET "
                "name = excluded.name, sha256 = excluded.sha256, etag = excluded.etag, "
                "last_modified = excluded.last_modified, at = excluded.at",
                values,
            )

    def contents(self) -> dict[str, str]:
        """Native id → hash of the document that is kept."""
        with self._open() as db:
            return dict(db.execute("SELECT native_id, content FROM announcement WHERE content IS NOT NULL").fetchall())

    def lacking(self) -> set[str]:
        """Native ids of the announcements of which a file could not be had."""
        with self._open() as db:
            return {row[0] for row in db.execute("SELECT native_id FROM announcement WHERE lacking > 0")}

    def due(self, today: str, before: str) -> list[Listed]:
        """The announcements still open today whose page was last looked at before a moment, the longest ago first.

        Those without an end are looked at for a year; those that lack a file at every run, a few times.
        """
        with self._open() as db:
            rows = db.execute(
                "SELECT item FROM announcement WHERE held = 1 AND vanished IS NULL AND item IS NOT NULL "
                "AND (lacking BETWEEN 1 AND ? OR checked < ? AND (closes BETWEEN ? AND '9999' "
                "OR (closes = ? AND first_seen > ?))) ORDER BY checked, native_id",
                (MAX_TRIES, before, today, OPEN_ENDED, _year_before(today)),
            ).fetchall()
        return [Listed.from_json(json.loads(row[0])) for row in rows]

    def keep(self, rows: Iterable[LedgerEntry], at: str) -> None:
        """Remember announcements whose documents are safe."""
        values = [
            (
                *(row.item.native_id, row.item.fingerprint, row.etag, row.modified, at, at, _bare(row.item)),
                *(row.content, row.closes, at, int(row.lacking)),
            )
            for row in rows
        ]
        with self._open() as db:
            db.executemany(_KEEP, values)

    def leave(self, items: Iterable[Listed], at: str) -> None:
        """Remember rows of which no document is wanted, so that they are not new again."""
        with self._open() as db:
            db.executemany(_LEAVE, [(item.native_id, item.fingerprint, at, at) for item in items])

    def vanish(self, native_ids: Iterable[str], at: str) -> None:
        """Note that the pages of announcements are gone."""
        with self._open() as db:
            db.executemany(
                "UPDATE announcement SET vanished = ?, checked = ?, lacking = lacking + 1 WHERE native_id = ?",
                [(at, at, native_id) for native_id in native_ids],
            )

    def hoped_for(self, native_ids: Iterable[str]) -> list[str]:
        """Of those whose pages were not there, the ones that were not asked for often enough to give them up."""
        query = "SELECT native_id FROM announcement WHERE native_id = ? AND lacking BETWEEN 1 AND ?"
        with self._open() as db:
            found = (db.execute(query, (native_id, MAX_TRIES - 1)).fetchone() for native_id in native_ids)
            return [row[0] for row in found if row]

    def failed(self, names: Iterable[str], well: Iterable[str]) -> set[str]:
        """Count a try of those that failed and forget those that are well; returns which failed too often."""
        query = "INSERT INTO failing VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET tries = failing.tries + 1"
        with self._open() as db:
            db.executemany("DELETE FROM failing WHERE name = ?", [(name,) for name in well])
            db.executemany(query, [(name,) for name in names])
            found = db.execute("SELECT name FROM failing WHERE tries >= ?", (MAX_TRIES,)).fetchall()
        return {row[0] for row in found}

    def seen(self, native_ids: Iterable[str], at: str) -> None:
        """Note that known announcements are still listed."""
        with self._open() as db:
            rows = [(at, native_id) for native_id in native_ids]
            db.executemany("UPDATE announcement SET last_seen = ? WHERE native_id = ?", rows)


def ledger_of(settings: Settings, source: str) -> Ledger:
    """The ledger of a source, where the settings keep it."""
    return Ledger(settings.state, source, settings.postgres_url)


def _make_file(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA journal_mode=WAL")
    _make(db)


def _make(db: sqlite3.Connection | PostgresSchema) -> None:
    """Make the tables as they are now, out of nothing or of those of before."""
    db.execute(_SCHEMA)
    db.execute("CREATE TABLE IF NOT EXISTS standing (settled INTEGER NOT NULL, at TEXT NOT NULL)")
    db.execute(_FILES)
    db.execute(_FAILING)
    for name, kind in _LATER.items():
        _add_column(db, "announcement", name, kind)
    _add_column(db, "standing", "way", "TEXT NOT NULL DEFAULT ''")


def _add_column(db: sqlite3.Connection | PostgresSchema, table: str, name: str, kind: str) -> None:
    """Add a column that later versions have."""
    if isinstance(db, PostgresSchema):
        db.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {name} {kind}")
    elif name not in {row[1] for row in db.execute(f"PRAGMA table_info({table})")}:
        db.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")


def _year_before(today: str) -> str:
    return (date.fromisoformat(today) - timedelta(days=365)).isoformat()


def conditions(etag: str | None, modified: str | None) -> dict[str, str]:
    """The headers that ask for something only if it has changed."""
    return ({"If-None-Match": etag} if etag else {}) | ({"If-Modified-Since": modified} if modified else {})


def _bare(item: Listed) -> str:
    """A row without its body: what is needed to ask for its page again."""
    return json.dumps({**item.to_json(), "body": None}, ensure_ascii=False)


def row_status(item: Listed, known: dict[str, str]) -> RowStatus:
    """Whether a list row is new, says something new, or is known."""
    before = known.get(item.native_id)
    return "new" if before is None else "known" if before == item.fingerprint else "changed"
