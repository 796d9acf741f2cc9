"""Damaged small files: recreated automatically and reported; readings that a replay can no longer make stay."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from gonggo import pipeline
from gonggo.errors import GonggoError
from gonggo.local_airflow.database import replace_if_damaged
from gonggo.local_airflow.environment import airflow_environment, exclusive, password
from gonggo.local_airflow.programs import Programs
from gonggo.maintenance import backup, doctor
from gonggo.model import read_jsonl
from gonggo.report import alerts
from tests.board import Board, Post, serving
from tests.read.office_files import hwpx, p, t
from tests.test_boundary import GOOD, documents, home

NOTICE = "AI 실증 지원사업 공고. 총사업비 7억원을 지원한다. 신청기간은 2026. 11. 1. ~ 2027. 3. 4.까지이다."
DAMAGE = {
    "nothing of it": lambda path: path.write_bytes(b"no database at all " * 50),
    "zeros": lambda path: path.write_bytes(bytes(8192)),
    "a page": lambda path: path.write_bytes(path.read_bytes()[:4096] + bytes(4096) + path.read_bytes()[8192:]),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
}


@pytest.fixture
def board():
    with serving(
        Board([Post(f"{GOOD} {number}", ["/공고문.hwpx"]) for number in range(5)], hwpx(p(t(NOTICE))))
    ) as shown:
        yield shown


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_ledger_is_quarantined_and_its_source_collected_again(board, tmp_path, kind):
    settings = home(tmp_path, board.url)
    pipeline.collect("btp", settings=settings)
    path = settings.state / "btp.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    DAMAGE[kind](path)
    run = pipeline.collect("btp", settings=settings)
    assert (run["state"], run["new"], run["extracted"]) == ("ok", 5, 5), run["errors"]
    assert pipeline.collect("btp", settings=settings)["new"] == 0
    assert (
        len([one for one in settings.state.glob("btp.sqlite.damaged-*") if not one.name.endswith(("-wal", "-shm"))])
        == 1
    )
    messages = [finding.message for finding in doctor.examine(settings)]
    assert any("btp.sqlite was damaged and recreated" in what for what in messages)
    assert any("btp.sqlite was damaged" in what for what in doctor.visible_problems(settings))


def test_a_damaged_database_of_sent_alerts_is_recreated(tmp_path):
    settings = home(tmp_path)
    message = {"rule": "a", "events": [["x", "new"]]}
    alerts.mark_sent(settings, message)
    (settings.home / "alerts_sent.sqlite").write_bytes(b"x" * 5000)
    alerts.mark_sent(settings, message)
    assert alerts._sent_events(settings) == {("a", "x", "new")}
    assert len(list(settings.home.glob("alerts_sent.sqlite.damaged-*"))) == 1


def test_alerts_that_an_earlier_version_sent_are_not_sent_again(tmp_path):
    settings = home(tmp_path)
    settings.home.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(settings.home / "told.sqlite")) as db, db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute(
            "CREATE TABLE told (rule TEXT, announcement TEXT, event TEXT, at TEXT, PRIMARY KEY (rule, announcement, event))"
        )
        db.execute("INSERT INTO told VALUES ('a', 'x', 'new', '2026-01-01')")
    assert alerts._sent_events(settings) == {("a", "x", "new")}
    alerts.mark_sent(settings, {"rule": "a", "events": [["y", "new"]]})
    assert alerts._sent_events(settings) == {("a", "x", "new"), ("a", "y", "new")}
    assert not (settings.home / "told.sqlite").exists()


def test_a_damaged_ledger_costs_no_backup(board, tmp_path):
    settings = home(tmp_path / "home", board.url)
    pipeline.collect("btp", settings=settings)
    (settings.state / "gtp.sqlite").write_bytes(b"x" * 5000)
    result = backup.backup(settings, tmp_path / "copy")
    assert result["files"] > 0
    assert list((tmp_path / "copy").rglob("btp.sqlite")) and not list((tmp_path / "copy").rglob("gtp.sqlite"))


# ── the launch ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_airflow_a_home(tmp_path):
    settings = home(tmp_path)
    with exclusive(settings, "make up"):
        with (
            pytest.raises(GonggoError, match=r"make up \(process \d+\) is already running for .*GONGGO_HOME"),
            exclusive(settings, "make run"),
        ):
            pass
        with exclusive(replace(settings, home=tmp_path / "other"), "make run"):
            pass
    with exclusive(settings, "make run"):
        pass


@pytest.mark.parametrize("content", [b"", bytes(50), b"[1]", b"{", b'{"admin": null}'])
def test_damaged_secrets_and_registers_of_the_local_airflow_are_recreated(tmp_path, content):
    settings = home(tmp_path)
    folder = settings.home / "airflow"
    (folder / "logs").mkdir(parents=True)
    for name in ("passwords.json", "logs/programs.json"):
        (folder / name).write_bytes(content)
    (folder / "fernet_key").write_bytes(bytes(44))
    Programs(folder / "logs", {}).stop_leftovers()
    env = airflow_environment(settings, 8080, one_shot=True)
    assert len(password(settings)) > 8
    assert len(env["AIRFLOW__CORE__FERNET_KEY"]) == 44 and "\0" not in env["AIRFLOW__CORE__FERNET_KEY"]


def test_a_damaged_database_of_airflow_is_renamed(tmp_path):
    path = tmp_path / "airflow.db"
    path.write_bytes(b"x" * 5000)
    replace_if_damaged(path)
    assert not path.exists() and list(tmp_path.glob("airflow.db.damaged-*"))


# ── replay ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def money(document):
    return {amount["krw"] for amount in document["record"]["amounts"]}


def test_a_replay_over_a_damaged_file_keeps_what_was_read_of_it_and_says_so(board, tmp_path):
    settings = home(tmp_path, board.url)
    run = pipeline.collect("btp", settings=settings)
    before = documents(settings, run)
    assert 700_000_000 in money(before["1"])
    (content,) = settings.attached.glob("*/*.warc.gz")
    content.write_bytes(content.read_bytes()[:200])
    done = pipeline.replay(settings=settings)
    assert (done["runs"], done["documents"], done["kept"], done["failed"]) == (1, 5, 5, {})
    after = documents(settings, run)
    for name, document in after.items():
        assert document["record"] == before[name]["record"]
        (file,) = document["attachments"]
        assert (
            file["outcome"] == "ok" and "kept as it was read before" in file["reason"] and "archive" in file["reason"]
        )
    assert pipeline.replay(settings=settings)["kept"] == 5


def test_a_replay_that_cannot_read_a_page_keeps_what_was_read_of_it(board, tmp_path, monkeypatch):
    settings = home(tmp_path, board.url)
    run = pipeline.collect("btp", settings=settings)
    before = documents(settings, run)
    monkeypatch.setattr("gonggo.crawl.documents.extract_parts", lambda *_, **__: 1 / 0)
    assert pipeline.replay(settings=settings)["kept"] == 5
    after = documents(settings, run)
    assert all(after[name]["record"] == before[name]["record"] and after[name]["outcome"] == "ok" for name in before)
    assert all("ZeroDivisionError" in document["reason"] for document in after.values())
    monkeypatch.undo()
    assert pipeline.replay(settings=settings)["kept"] == 0
    assert documents(settings, run) == before


def test_a_run_that_cannot_be_replayed_is_named_and_costs_no_other(board, tmp_path):
    settings = home(tmp_path, board.url)
    pipeline.collect("btp", settings=settings)
    good = pipeline.collect("btp", full=True, no_prefilter=True, settings=replace(settings, recrawl_days=0))
    # Two runs of one second sort by the chance in their names: the first is the one that is not the second.
    (first,) = (run for run in settings.archive.glob("btp/*") if f"btp__{run.name}" != good["batch_id"])
    (first / "run.json").write_text("[]", "utf-8")
    done = pipeline.replay(settings=settings)
    assert list(done["failed"]) == [f"btp__{first.name}"] and done["runs"] == 1
    assert json.loads((settings.batches / good["batch_id"] / "run.json").read_text("utf-8"))["state"]
    assert len(list(read_jsonl(settings.batches / f"btp__{first.name}" / "documents.jsonl"))) == 5


@pytest.mark.parametrize("record", ["[]", "{", '{"files": {"documents.jsonl": "x"}}', '{"files": []}'])
def test_a_batch_whose_record_is_damaged_costs_no_other(board, tmp_path, record):
    settings = replace(home(tmp_path / "home", board.url), inbox=(tmp_path / "받은",))
    (tmp_path / "받은").mkdir()
    (tmp_path / "받은" / "글.txt").write_text("경남 제조AI 실증에 3억원을 지원한다.", "utf-8")
    runs = list(pipeline.collect_all(["btp", "inbox"], settings=settings))
    (settings.batches / runs[0]["batch_id"] / "run.json").write_text(record, "utf-8")
    loaded = pipeline.load(settings=settings)
    assert {*loaded["loaded"], *loaded["failed"]} == {run["batch_id"] for run in runs}
    assert runs[1]["batch_id"] in loaded["loaded"]
