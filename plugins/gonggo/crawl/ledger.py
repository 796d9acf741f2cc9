"""What the crawl remembers of a source: which announcements it knows and what their list rows said."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from gonggo.model import Listed

_SCHEMA = """
CREATE TABLE IF NOT EXISTS announcement (
    native_id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, etag TEXT, last_modified TEXT,
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL
)
"""
Standing = Literal["new", "changed", "known"]


class Ledger:
    """The ledger of one source, an SQLite file. A row is written only when its announcement is safe in a batch."""

    def __init__(self, state: Path, source: str) -> None:
        self.path = state / f"{source}.sqlite"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute(_SCHEMA)
            db.execute("CREATE TABLE IF NOT EXISTS standing (settled INTEGER NOT NULL, at TEXT NOT NULL)")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=60)) as db, db:
            yield db

    def fingerprints(self) -> dict[str, str]:
        """Native id → fingerprint of the list row as it was when the announcement was last read."""
        with self._open() as db:
            return dict(db.execute("SELECT native_id, fingerprint FROM announcement"))

    def settled(self) -> bool:
        """Whether the last run brought home all that it listed. If not, the next walk must not stop early."""
        with self._open() as db:
            row = db.execute("SELECT settled FROM standing").fetchone()
        return bool(row and row[0])

    def settle(self, settled: bool, at: str) -> None:
        """Note how a run ended, or (False) that one has begun."""
        with self._open() as db:
            db.execute("DELETE FROM standing")
            db.execute("INSERT INTO standing VALUES (?, ?)", (int(settled), at))

    def validators(self, native_id: str) -> dict[str, str]:
        """The headers of a conditional request; empty for an unknown announcement."""
        with self._open() as db:
            row = db.execute(
                "SELECT etag, last_modified FROM announcement WHERE native_id = ?", (native_id,)
            ).fetchone()
        etag, modified = row or (None, None)
        return ({"If-None-Match": etag} if etag else {}) | ({"If-Modified-Since": modified} if modified else {})

    def mark(self, rows: Iterable[tuple[Listed, str | None, str | None]], at: str) -> None:
        """Remember announcements with their validators (ETag, Last-Modified)."""
        with self._open() as db:
            db.executemany(
                "INSERT INTO announcement VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (native_id) DO UPDATE SET "
                "fingerprint = excluded.fingerprint, etag = excluded.etag, last_modified = excluded.last_modified, "
                "last_seen = max(last_seen, excluded.last_seen)",
                [(item.native_id, item.fingerprint, etag, modified, at, at) for item, etag, modified in rows],
            )

    def seen(self, native_ids: Iterable[str], at: str) -> None:
        """Note that known announcements are still listed."""
        with self._open() as db:
            rows = [(at, native_id) for native_id in native_ids]
            db.executemany("UPDATE announcement SET last_seen = ? WHERE native_id = ?", rows)


def standing(item: Listed, known: dict[str, str]) -> Standing:
    """Whether a list row is new, says something new, or is known."""
    before = known.get(item.native_id)
    return "new" if before is None else "known" if before == item.fingerprint else "changed"
