"""What the crawl remembers of a source, opened by several runs at once."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest

from gonggo.crawl.ledger import Ledger, LedgerEntry
from gonggo.model import Listed

RUNS = 6


@pytest.mark.slow
def test_runs_that_begin_at_once_open_a_new_ledger_together(tmp_path):
    together = Barrier(RUNS)

    def begin(name):
        together.wait()
        return Ledger(tmp_path, name).known()

    with ThreadPoolExecutor(RUNS) as runs:
        for number in range(12):
            assert list(runs.map(begin, [f"site{number}"] * RUNS)) == [{}] * RUNS


def test_a_ledger_of_the_first_version_keeps_its_rows_and_gets_the_columns_of_this_one(tmp_path):
    with closing(sqlite3.connect(tmp_path / "btp.sqlite")) as db, db:
        db.execute(
            "CREATE TABLE announcement (native_id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, etag TEXT, "
            "last_modified TEXT, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL)"
        )
        db.execute("INSERT INTO announcement VALUES ('1', 'f', NULL, NULL, '2026-01-01', '2026-01-02')")
        db.execute("CREATE TABLE standing (settled INTEGER NOT NULL, at TEXT NOT NULL)")
        db.execute("INSERT INTO standing VALUES (1, '2026-01-02')")
    ledger = Ledger(tmp_path, "btp")
    assert (ledger.known(), ledger.last_run_complete(), ledger.endpoint()) == ({"1": True}, True, "")
    ledger.record_documents(
        [LedgerEntry(Listed("btp", "1", "공고", "https://example.or.kr/1"), closes="2099-01-01")], "2026-01-03"
    )
    assert [item.native_id for item in ledger.due_for_recrawl("2026-01-10", "2026-01-08")] == ["1"]


def test_columns_with_former_names_are_renamed_with_their_values(tmp_path):
    path = tmp_path / "btp.sqlite"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "CREATE TABLE announcement (native_id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, etag TEXT, "
            "last_modified TEXT, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, "
            "held INTEGER NOT NULL DEFAULT 1, lacking INTEGER NOT NULL DEFAULT 0)"
        )
        db.execute("INSERT INTO announcement VALUES ('1', 'f', 'e', NULL, '2026-01-01', '2026-01-02', 1, 2)")
        db.execute("INSERT INTO announcement VALUES ('2', 'g', 'e', NULL, '2026-01-01', '2026-01-02', 0, 0)")
        db.execute("CREATE TABLE last_run (settled INTEGER NOT NULL, at TEXT NOT NULL, way TEXT NOT NULL DEFAULT '')")
        db.execute("INSERT INTO last_run VALUES (1, '2026-01-02', 'api')")
    for _ in range(2):
        ledger = Ledger(tmp_path, "btp")
        assert ledger.known() == {"1": True, "2": False}
        assert ledger.announcements().fingerprints(with_document=True) == {"1": "f"}
        assert (ledger.missing_files(), ledger.validators("1"), ledger.validators("2")) == (
            {"1"},
            {},
            {"If-None-Match": "e"},
        )
        assert (ledger.last_run_complete(), ledger.endpoint()) == (True, "api")
    with closing(sqlite3.connect(path)) as db:
        columns = {row[1] for row in db.execute("PRAGMA table_info(announcement)")}
    assert {"has_document", "failed_fetches"} <= columns and not columns & {"held", "lacking"}
