"""What the crawl remembers of a source: which announcements it knows, what their rows said, and when they close."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from gonggo.cluster.state import copy_rows, open_state, upsert
from gonggo.model import Listed
from gonggo.settings import Settings

_TABLES = MetaData()
# Moments are of one time zone and compared as texts.
_ANNOUNCEMENT = Table(
    "announcement",
    _TABLES,
    Column("native_id", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("first_seen", Text, nullable=False),
    Column("last_seen", Text, nullable=False),
    # 1 where a document is kept, 0 where the list row alone is.
    Column("held", Integer, nullable=False, server_default="1"),
    # The list row, to ask for its page again.
    Column("item", Text),
    # Hash of the document.
    Column("content", Text),
    # Last day of application; OPEN_ENDED where there is none.
    Column("closes", Text),
    # When its page was last looked at.
    Column("checked", Text),
    Column("vanished", Text),
    # How many times in a row its page, or one of its files, could not be fetched.
    Column("lacking", Integer, nullable=False, server_default="0"),
)
_FILE = Table(
    "file",
    _TABLES,
    Column("native_id", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("at", Text, nullable=False),
)
_FAILING = Table("failing", _TABLES, Column("name", Text, primary_key=True), Column("tries", Integer, nullable=False))
# How the last run ended; one row.
_STANDING = Table(
    "standing",
    _TABLES,
    Column("settled", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("way", Text, nullable=False, server_default=""),
)
_A = _ANNOUNCEMENT.c
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
    """What is remembered of one source, in a file of this machine or in the Postgres that machines share.

    A row is written only when its announcement is safe in a batch.
    """

    def __init__(self, state: Path, source: str, postgres_url: str | None = None) -> None:
        self._database = open_state(state / f"{source}.sqlite", f"ledger_{source}", _TABLES, postgres_url)

    def mend(self) -> None:
        """Check the whole database; set a damaged one aside, after which everything its source lists is new again."""
        self._database.repair()

    def _rows(self, query: Select[Any]) -> list[Any]:
        with self._database.begin() as db:
            return list(db.execute(query).all())

    def fingerprints(self, *, held: bool = False) -> dict[str, str]:
        """Return native id → fingerprint of the list row as it was last read. ``held``: only those with a document.

        What vanished is left out, so that a row that is listed again is new; but a row whose page was never there
        stays in after some attempts.
        """
        query = select(_A.native_id, _A.fingerprint).where(
            or_(_A.vanished.is_(None), and_(_A.held == 0, _A.lacking >= MAX_TRIES))
        )
        return {row[0]: row[1] for row in self._rows(query.where(_A.held == 1) if held else query)}

    def known(self) -> dict[str, bool]:
        """Return native id → whether a document is held, of everything that was ever remembered."""
        return {row[0]: bool(row[1]) for row in self._rows(select(_A.native_id, _A.held))}

    def settled(self) -> bool:
        """Return whether the last run fetched everything that it listed. If not, the next walk must not stop early."""
        return bool(self._standing()[0])

    def way(self) -> str:
        """Return by which of a source's ways to its list the rows came; rows of two ways cannot be compared."""
        return str(self._standing()[1])

    def take_over(self, other: Ledger) -> int:
        """Copy what another ledger remembers and this one does not; return how many announcements."""
        with other._database.begin() as source, self._database.begin() as target:
            copy_rows(_FILE, source, target)
            if target.execute(select(_STANDING)).first() is None:
                copy_rows(_STANDING, source, target)
            return copy_rows(_ANNOUNCEMENT, source, target)

    def _standing(self) -> tuple[int, str]:
        rows = self._rows(select(_STANDING.c.settled, _STANDING.c.way))
        return (rows[0][0], rows[0][1]) if rows else (0, "")

    def settle(self, settled: bool, at: str, way: str | None = None) -> None:
        """Note how a run ended, or (False) that one has begun."""
        way = self.way() if way is None else way
        with self._database.begin() as db:
            db.execute(delete(_STANDING))
            db.execute(insert(_STANDING), {"settled": int(settled), "at": at, "way": way})

    def validators(self, native_id: str) -> dict[str, str]:
        """Return the headers of a conditional request; none for an unknown announcement, or one that lacks a file."""
        rows = self._rows(select(_A.etag, _A.last_modified).where(_A.native_id == native_id, _A.lacking == 0))
        return conditions(*rows[0]) if rows else {}

    def file(self, native_id: str, url: str) -> KnownFile | None:
        """Return what is remembered of a file of an announcement."""
        c = _FILE.c
        query = select(c.name, c.sha256, c.etag, c.last_modified, c.at).where(c.native_id == native_id, c.url == url)
        rows = self._rows(query)
        return KnownFile(*rows[0]) if rows else None

    def digests(self, native_id: str) -> list[str]:
        """Return the SHA-256 of each of an announcement's files."""
        return [row[0] for row in self._rows(select(_FILE.c.sha256).where(_FILE.c.native_id == native_id))]

    def keep_file(self, native_id: str, url: str, file: KnownFile) -> None:
        """Remember a file. Its content is safe by itself, even if the run fails."""
        values = {"name": file.name, "sha256": file.sha256, "etag": file.etag, "at": file.at}
        values["last_modified"] = file.modified
        with self._database.begin() as db:
            row = upsert(db, _FILE).values(native_id=native_id, url=url, **values)
            db.execute(row.on_conflict_do_update(index_elements=["native_id", "url"], set_=values))

    def contents(self) -> dict[str, str]:
        """Return native id → hash of the document that is kept."""
        return {row[0]: row[1] for row in self._rows(select(_A.native_id, _A.content).where(_A.content.is_not(None)))}

    def lacking(self) -> set[str]:
        """Return the native ids of the announcements of which a file could not be fetched."""
        return {row[0] for row in self._rows(select(_A.native_id).where(_A.lacking > 0))}

    def due(self, today: str, before: str) -> list[Listed]:
        """Return the announcements still open today whose page was last looked at before a moment, oldest look first.

        Those without an end are due for a year; those that lack a file are due at every run, a few times.
        """
        still_open = or_(
            _A.closes.between(today, "9999"), and_(_A.closes == OPEN_ENDED, _A.first_seen > _year_before(today))
        )
        query = (
            select(_A.item)
            .where(_A.held == 1, _A.vanished.is_(None), _A.item.is_not(None))
            .where(or_(_A.lacking.between(1, MAX_TRIES), and_(_A.checked < before, still_open)))
            .order_by(_A.checked, _A.native_id)
        )
        return [Listed.from_json(json.loads(row[0])) for row in self._rows(query)]

    def keep(self, rows: Iterable[LedgerEntry], at: str) -> None:
        """Remember announcements whose documents are safe."""
        values = [_values(row, at) for row in rows]
        with self._database.begin() as db:
            row = upsert(db, _ANNOUNCEMENT)
            new = row.excluded
            update_set = {
                **{name: new[name] for name in ("fingerprint", "etag", "last_modified", "item", "checked")},
                "last_seen": _later(new.last_seen),
                "held": 1,
                "vanished": None,
                "content": func.coalesce(new.content, _A.content),
                "closes": func.coalesce(new.closes, _A.closes),
                "lacking": case((new.lacking > 0, _A.lacking + 1), else_=0),
            }
            _execute_all(db, row.on_conflict_do_update(index_elements=["native_id"], set_=update_set), values)

    def leave(self, items: Iterable[Listed], at: str) -> None:
        """Remember rows of which no document is wanted, so that they are not new again."""
        values = [
            {"native_id": item.native_id, "fingerprint": item.fingerprint, "first_seen": at, "last_seen": at, "held": 0}
            for item in items
        ]
        with self._database.begin() as db:
            row = upsert(db, _ANNOUNCEMENT)
            update_set = {"fingerprint": row.excluded.fingerprint, "last_seen": _later(row.excluded.last_seen)}
            _execute_all(db, row.on_conflict_do_update(index_elements=["native_id"], set_=update_set), values)

    def vanish(self, native_ids: Iterable[str], at: str) -> None:
        """Note that the pages of announcements are gone."""
        statement = (
            update(_ANNOUNCEMENT)
            .where(_A.native_id == bindparam("id"))
            .values(vanished=at, checked=at, lacking=_A.lacking + 1)
        )
        with self._database.begin() as db:
            _execute_all(db, statement, [{"id": native_id} for native_id in native_ids])

    def hoped_for(self, native_ids: Iterable[str]) -> list[str]:
        """Return those whose pages were missing, but not often enough to give them up."""
        missing = {row[0] for row in self._rows(select(_A.native_id).where(_A.lacking.between(1, MAX_TRIES - 1)))}
        return [native_id for native_id in native_ids if native_id in missing]

    def failed(self, names: Iterable[str], well: Iterable[str]) -> set[str]:
        """Count an attempt of those that failed and forget those that are well; return which failed too often."""
        with self._database.begin() as db:
            _execute_all(
                db, delete(_FAILING).where(_FAILING.c.name == bindparam("well")), [{"well": name} for name in well]
            )
            count = upsert(db, _FAILING).on_conflict_do_update(
                index_elements=["name"], set_={"tries": _FAILING.c.tries + 1}
            )
            _execute_all(db, count, [{"name": name, "tries": 1} for name in names])
            rows = db.execute(select(_FAILING.c.name).where(_FAILING.c.tries >= MAX_TRIES)).all()
        return {row[0] for row in rows}

    def seen(self, native_ids: Iterable[str], at: str) -> None:
        """Note that known announcements are still listed."""
        statement = update(_ANNOUNCEMENT).where(_A.native_id == bindparam("id")).values(last_seen=at)
        with self._database.begin() as db:
            _execute_all(db, statement, [{"id": native_id} for native_id in native_ids])


def ledger_of(settings: Settings, source: str) -> Ledger:
    """Return the ledger of a source, where the settings keep it."""
    return Ledger(settings.state, source, settings.postgres_url)


def _execute_all(db: Any, statement: Any, rows: list[dict[str, Any]]) -> None:
    """Execute a statement for each row; SQLAlchemy would take an empty list for one row of defaults."""
    if rows:
        db.execute(statement, rows)


def _values(row: LedgerEntry, at: str) -> dict[str, Any]:
    return {
        "native_id": row.item.native_id,
        "fingerprint": row.item.fingerprint,
        "etag": row.etag,
        "last_modified": row.modified,
        "first_seen": at,
        "last_seen": at,
        "item": _bare(row.item),
        "content": row.content,
        "closes": row.closes,
        "checked": at,
        "lacking": int(row.lacking),
    }


def _later(moment: Any) -> Any:
    """Return the later of a moment and the one that is remembered."""
    return case((moment > _A.last_seen, moment), else_=_A.last_seen)


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
