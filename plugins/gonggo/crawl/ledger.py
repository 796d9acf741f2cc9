"""The crawl state of a source: the announcements it knows, their list rows, and their deadlines."""

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
    # 1 where a document is stored, 0 where only the list row is known.
    Column("has_document", Integer, nullable=False, server_default="1", info={"former_name": "held"}),
    # The list row, to fetch its page again.
    Column("item", Text),
    # Hash of the document.
    Column("content", Text),
    # Last day of application; OPEN_ENDED where there is none.
    Column("closes", Text),
    # When its page was last fetched.
    Column("checked", Text),
    Column("vanished", Text),
    # How many times in a row its page, or one of its files, could not be fetched.
    Column("failed_fetches", Integer, nullable=False, server_default="0", info={"former_name": "lacking"}),
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
_LAST_RUN = Table(
    "last_run",
    _TABLES,
    Column("complete", Integer, nullable=False, info={"former_name": "settled"}),
    Column("at", Text, nullable=False),
    Column("way", Text, nullable=False, server_default=""),
    info={"former_name": "standing"},
)
# What the list usually yields, by its endpoint, whose name is in the column ``way``.
_LIST_HABITS = Table(
    "list_habits", _TABLES, Column("way", Text, primary_key=True), Column("habits", Text, nullable=False)
)
_A = _ANNOUNCEMENT.c
# So often an announcement is fetched again because its page or a file failed; after that it is stored as it is.
MAX_TRIES = 5
OPEN_ENDED = "9999-12-31"
RowStatus = Literal["new", "changed", "known"]


@dataclass(frozen=True)
class LedgerEntry:
    """An announcement whose document is stored in a batch. A value of None leaves the recorded one unchanged."""

    item: Listed
    etag: str | None = None
    modified: str | None = None
    content_hash: str | None = None
    closes: str | None = None
    missing_files: bool = False


@dataclass(frozen=True)
class KnownFile:
    """An attachment whose content is archived, with its validators and when it was fetched."""

    name: str
    sha256: str
    etag: str | None
    modified: str | None
    at: str

    @property
    def validators(self) -> dict[str, str]:
        return conditional_headers(self.etag, self.modified)


@dataclass(frozen=True, slots=True)
class KnownRow:
    """The fingerprint of a list row as it was last read, whether it has a document, and whether it is not vanished."""

    fingerprint: str
    has_document: bool
    present: bool


@dataclass(frozen=True, slots=True)
class KnownAnnouncements:
    """The announcements of a ledger by native id."""

    rows: dict[str, KnownRow]

    def fingerprints(self, *, with_document: bool = False) -> dict[str, str]:
        """Return native id → fingerprint; if ``with_document``, only of those that have one.

        Vanished announcements are omitted, so that a row that is listed again is new.
        """
        rows = self.rows.items()
        return {
            native_id: row.fingerprint
            for native_id, row in rows
            if row.present and (row.has_document or not with_document)
        }


class Ledger:
    """The state of one source, in a file of this machine or in a shared Postgres.

    A row is written only after the document of its announcement is stored in a batch.
    """

    def __init__(self, state: Path, source: str, postgres_url: str | None = None) -> None:
        self._database = open_state(state / f"{source}.sqlite", f"ledger_{source}", _TABLES, postgres_url)

    def repair(self) -> None:
        """Check the whole database; rename a damaged one, after which everything that its source lists is new again."""
        self._database.repair()

    def _rows(self, query: Select[Any]) -> list[Any]:
        with self._database.begin() as db:
            return list(db.execute(query).all())

    def announcements(self) -> KnownAnnouncements:
        """Return the state of every announcement in the ledger, with which the rows of a list are compared."""
        # A page that was never there stays known after some attempts.
        present = or_(_A.vanished.is_(None), and_(_A.has_document == 0, _A.failed_fetches >= MAX_TRIES))
        rows = self._rows(select(_A.native_id, _A.fingerprint, _A.has_document, present))
        return KnownAnnouncements({row[0]: KnownRow(row[1], bool(row[2]), bool(row[3])) for row in rows})

    def known(self) -> dict[str, bool]:
        """Return native id → whether it has a document, of every announcement in the ledger."""
        return {row[0]: bool(row[1]) for row in self._rows(select(_A.native_id, _A.has_document))}

    def last_run_complete(self) -> bool:
        """Return whether the last run fetched everything that it listed; if not, the next one must not stop early."""
        return bool(self._last_run()[0])

    def endpoint(self) -> str:
        """Return the endpoint from which the last run read the list; rows of two endpoints cannot be compared."""
        return str(self._last_run()[1])

    def copy_from(self, other: Ledger) -> int:
        """Copy the rows of another ledger that this one lacks; return how many announcements."""
        with other._database.begin() as source, self._database.begin() as target:
            copy_rows(_FILE, source, target)
            copy_rows(_LIST_HABITS, source, target)
            if target.execute(select(_LAST_RUN)).first() is None:
                copy_rows(_LAST_RUN, source, target)
            return copy_rows(_ANNOUNCEMENT, source, target)

    def list_habits(self, endpoint: str) -> str | None:
        """Return the habits of a list as they were recorded, in JSON; None before the first run."""
        rows = self._rows(select(_LIST_HABITS.c.habits).where(_LIST_HABITS.c.way == endpoint))
        return str(rows[0][0]) if rows else None

    def record_list_habits(self, endpoint: str, habits: str) -> None:
        """Record the habits of a list, in JSON."""
        with self._database.begin() as db:
            row = {"way": endpoint, "habits": habits}
            statement = upsert(db, _LIST_HABITS)
            db.execute(
                statement.on_conflict_do_update(index_elements=["way"], set_={"habits": statement.excluded.habits}), row
            )

    def _last_run(self) -> tuple[int, str]:
        rows = self._rows(select(_LAST_RUN.c.complete, _LAST_RUN.c.way))
        return (rows[0][0], rows[0][1]) if rows else (0, "")

    def record_run(self, complete: bool, at: str, endpoint: str | None = None) -> None:
        """Record how a run ended, or (False) that one has begun."""
        endpoint = self.endpoint() if endpoint is None else endpoint
        with self._database.begin() as db:
            db.execute(delete(_LAST_RUN))
            db.execute(insert(_LAST_RUN), {"complete": int(complete), "at": at, "way": endpoint})

    def validators(self, native_id: str) -> dict[str, str]:
        """Return the headers of a conditional request; none for an unknown announcement or one with a missing file."""
        rows = self._rows(select(_A.etag, _A.last_modified).where(_A.native_id == native_id, _A.failed_fetches == 0))
        return conditional_headers(*rows[0]) if rows else {}

    def file(self, native_id: str, url: str) -> KnownFile | None:
        """Return the recorded file of an announcement."""
        c = _FILE.c
        query = select(c.name, c.sha256, c.etag, c.last_modified, c.at).where(c.native_id == native_id, c.url == url)
        rows = self._rows(query)
        return KnownFile(*rows[0]) if rows else None

    def digests(self, native_id: str) -> list[str]:
        """Return the SHA-256 of each of an announcement's files."""
        return [row[0] for row in self._rows(select(_FILE.c.sha256).where(_FILE.c.native_id == native_id))]

    def record_file(self, native_id: str, url: str, file: KnownFile) -> None:
        """Record a file. Its content is archived on its own, even if the run fails."""
        values = {"name": file.name, "sha256": file.sha256, "etag": file.etag, "at": file.at}
        values["last_modified"] = file.modified
        with self._database.begin() as db:
            row = upsert(db, _FILE).values(native_id=native_id, url=url, **values)
            db.execute(row.on_conflict_do_update(index_elements=["native_id", "url"], set_=values))

    def content_hashes(self) -> dict[str, str]:
        """Return native id → content hash of the stored document."""
        return {row[0]: row[1] for row in self._rows(select(_A.native_id, _A.content).where(_A.content.is_not(None)))}

    def missing_files(self) -> set[str]:
        """Return the native ids of the announcements of which a file could not be fetched."""
        return {row[0] for row in self._rows(select(_A.native_id).where(_A.failed_fetches > 0))}

    def due_for_recrawl(self, today: str, before: str) -> list[Listed]:
        """Return the announcements open today whose page was last fetched before a moment, the oldest fetch first.

        Those without a deadline are due for a year; those that lack a file are due at every run, a few times.
        """
        still_open = or_(
            _A.closes.between(today, "9999"), and_(_A.closes == OPEN_ENDED, _A.first_seen > _year_before(today))
        )
        query = (
            select(_A.item)
            .where(_A.has_document == 1, _A.vanished.is_(None), _A.item.is_not(None))
            .where(or_(_A.failed_fetches.between(1, MAX_TRIES), and_(_A.checked < before, still_open)))
            .order_by(_A.checked, _A.native_id)
        )
        return [Listed.from_json(json.loads(row[0])) for row in self._rows(query)]

    def record_documents(self, rows: Iterable[LedgerEntry], at: str) -> None:
        """Record announcements whose documents are stored."""
        values = [_values(row, at) for row in rows]
        with self._database.begin() as db:
            row = upsert(db, _ANNOUNCEMENT)
            new = row.excluded
            update_set = {
                **{name: new[name] for name in ("fingerprint", "etag", "last_modified", "item", "checked")},
                "last_seen": _latest(new.last_seen),
                "has_document": 1,
                "vanished": None,
                "content": func.coalesce(new.content, _A.content),
                "closes": func.coalesce(new.closes, _A.closes),
                "failed_fetches": case((new.failed_fetches > 0, _A.failed_fetches + 1), else_=0),
            }
            _execute_all(db, row.on_conflict_do_update(index_elements=["native_id"], set_=update_set), values)

    def record_left_out(self, items: Iterable[Listed], at: str) -> None:
        """Record rows of which no document is wanted, so that they do not count as new again."""
        values = [
            {
                "native_id": item.native_id,
                "fingerprint": item.fingerprint,
                "first_seen": at,
                "last_seen": at,
                "has_document": 0,
            }
            for item in items
        ]
        with self._database.begin() as db:
            row = upsert(db, _ANNOUNCEMENT)
            update_set = {"fingerprint": row.excluded.fingerprint, "last_seen": _latest(row.excluded.last_seen)}
            _execute_all(db, row.on_conflict_do_update(index_elements=["native_id"], set_=update_set), values)

    def mark_vanished(self, native_ids: Iterable[str], at: str) -> None:
        """Record that the pages of announcements are gone."""
        statement = (
            update(_ANNOUNCEMENT)
            .where(_A.native_id == bindparam("id"))
            .values(vanished=at, checked=at, failed_fetches=_A.failed_fetches + 1)
        )
        with self._database.begin() as db:
            _execute_all(db, statement, [{"id": native_id} for native_id in native_ids])

    def still_retried(self, native_ids: Iterable[str]) -> list[str]:
        """Return those whose pages were missing, but not yet so often that they are given up."""
        missing = {
            row[0] for row in self._rows(select(_A.native_id).where(_A.failed_fetches.between(1, MAX_TRIES - 1)))
        }
        return [native_id for native_id in native_ids if native_id in missing]

    def count_failures(self, names: Iterable[str], recovered: Iterable[str]) -> set[str]:
        """Count a failed attempt of each name and forget the recovered ones; return which failed too often."""
        with self._database.begin() as db:
            _execute_all(
                db,
                delete(_FAILING).where(_FAILING.c.name == bindparam("recovered")),
                [{"recovered": name} for name in recovered],
            )
            count = upsert(db, _FAILING).on_conflict_do_update(
                index_elements=["name"], set_={"tries": _FAILING.c.tries + 1}
            )
            _execute_all(db, count, [{"name": name, "tries": 1} for name in names])
            rows = db.execute(select(_FAILING.c.name).where(_FAILING.c.tries >= MAX_TRIES)).all()
        return {row[0] for row in rows}

    def mark_seen(self, native_ids: Iterable[str], at: str) -> None:
        """Record that known announcements are still listed."""
        statement = update(_ANNOUNCEMENT).where(_A.native_id == bindparam("id")).values(last_seen=at)
        with self._database.begin() as db:
            _execute_all(db, statement, [{"id": native_id} for native_id in native_ids])


def ledger_of(settings: Settings, source: str) -> Ledger:
    """Return the ledger of a source, in the storage that the settings name."""
    return Ledger(settings.state, source, settings.postgres_url)


def _execute_all(db: Any, statement: Any, rows: list[dict[str, Any]]) -> None:
    """Execute a statement for each row; an empty list would mean one row of defaults to SQLAlchemy."""
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
        "item": _without_body(row.item),
        "content": row.content_hash,
        "closes": row.closes,
        "checked": at,
        "failed_fetches": int(row.missing_files),
    }


def _latest(moment: Any) -> Any:
    """Return the later of a moment and the recorded one."""
    return case((moment > _A.last_seen, moment), else_=_A.last_seen)


def _year_before(today: str) -> str:
    return (date.fromisoformat(today) - timedelta(days=365)).isoformat()


def conditional_headers(etag: str | None, modified: str | None) -> dict[str, str]:
    """Return the headers of a request for something only if it has changed."""
    return ({"If-None-Match": etag} if etag else {}) | ({"If-Modified-Since": modified} if modified else {})


def _without_body(item: Listed) -> str:
    """Return a list row as JSON without its body: what is needed to fetch its page again."""
    return json.dumps({**item.to_json(), "body": None}, ensure_ascii=False)


def row_status(item: Listed, fingerprints: dict[str, str]) -> RowStatus:
    """Return whether a list row is new, has changed, or is known."""
    before = fingerprints.get(item.native_id)
    return "new" if before is None else "known" if before == item.fingerprint else "changed"
