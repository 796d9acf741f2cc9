"""A home made again from its backup is the home that it was; one that is damaged is refused before anything is written."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from gonggo import pipeline
from gonggo.access_keys import AccessKeys
from gonggo.errors import GonggoError
from gonggo.maintenance.backup import backup, backups, restore
from gonggo.warehouse.completeness import missing
from tests.world import VERSIONS, tables

STEPS = (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish)


def published(settings):
    for step in STEPS:
        step(settings=settings)
    return tables(settings, versions=VERSIONS)


@pytest.mark.slow
def test_a_lost_home_comes_back_whole_and_goes_on_where_it_was(home, portal, tmp_path):
    before = tables(home, versions=VERSIONS)
    backup(home, tmp_path / "copy")
    shutil.rmtree(home.home)
    restore(home, tmp_path / "copy")
    # Readers have the tables at once, and the writer's are made of the batches.
    assert tables(home, versions=VERSIONS) == before
    assert published(home) == before
    assert missing(home) == []
    asked = len(portal.portal.requests)
    again = pipeline.collect("jbba", settings=home)
    assert (again["new"], again["fetched"]) == (0, 0)
    assert len(portal.portal.requests) - asked < 5
    assert pipeline.replay(settings=home)["documents"] == 22
    assert published(home) == before


@pytest.mark.slow
def test_the_second_backup_copies_what_is_new_alone(home, tmp_path):
    first = backup(home, tmp_path / "copy")
    assert first["copied"] == first["files"]
    pipeline.collect("sjtp", settings=home)
    second = backup(home, tmp_path / "copy")
    assert 0 < second["copied"] < first["copied"]
    assert second["files"] > first["files"]


def test_two_backups_of_one_second_are_two(home, tmp_path, monkeypatch):
    monkeypatch.setattr("gonggo.maintenance.backup.backup_name", lambda: "20261101T043000")
    for _ in range(3):
        backup(home, tmp_path / "copy")
    names = [path.name for path in backups(tmp_path / "copy")]
    assert names == ["20261101T043000", "20261101T043000-2", "20261101T043000-3"]
    restore(replace(home, home=tmp_path / "other"), tmp_path / "copy", names[1])


def test_an_earlier_backup_is_there_as_long_as_it_is_kept(home, tmp_path, monkeypatch):
    moments = iter(["20261101T043000", "20261102T043000", "20261103T043000"])
    monkeypatch.setattr("gonggo.maintenance.backup.backup_name", lambda: next(moments))
    few = replace(home, keep_backups=2)
    backup(few, tmp_path / "copy")
    pipeline.collect("sjtp", settings=home)
    backup(few, tmp_path / "copy")
    shutil.rmtree(next(home.batches.glob("sjtp__*")))
    backup(few, tmp_path / "copy")
    assert [path.name for path in backups(tmp_path / "copy")] == ["20261102T043000", "20261103T043000"]
    other = replace(home, home=tmp_path / "other")
    restore(other, tmp_path / "copy", "20261102T043000")
    assert list(other.batches.glob("sjtp__*"))
    with pytest.raises(GonggoError, match="20261101T043000"):
        restore(replace(home, home=tmp_path / "third"), tmp_path / "copy", "20261101T043000")


@pytest.mark.slow
def test_what_a_ledger_remembers_has_its_batch_in_the_same_backup(home, tmp_path, monkeypatch):
    """A source is collected while the backup runs: at worst it is collected again."""
    from gonggo.maintenance import backup as room

    real = room._copy_database

    def meanwhile(path, target):
        real(path, target)
        if path.stem == "btp":
            pipeline.collect("cbtp", settings=home)

    monkeypatch.setattr(room, "_copy_database", meanwhile)
    backup(home, tmp_path / "copy")
    other = replace(home, home=tmp_path / "other")
    restore(other, tmp_path / "copy")
    published(other)
    assert missing(other) == []


def test_nothing_is_written_over_a_home(home, tmp_path):
    backup(home, tmp_path / "copy")
    with pytest.raises(GonggoError, match="not empty"):
        restore(home, tmp_path / "copy")
    with pytest.raises(GonggoError, match="within"):
        backup(home, home.home / "copy")
    with pytest.raises(GonggoError, match="nothing to back up"):
        backup(replace(home, home=tmp_path / "empty"), tmp_path / "copy")


def test_a_cut_backup_is_refused_and_a_restoration_that_was_cut_off_goes_on(home, tmp_path, monkeypatch):
    backup(home, tmp_path / "copy")
    other = replace(home, home=tmp_path / "other")
    from gonggo.maintenance import backup as room

    real, count = room._copy, iter(range(100))

    def killed(path, target):
        if next(count) == 7:
            raise KeyboardInterrupt
        real(path, target)

    monkeypatch.setattr(room, "_copy", killed)
    with pytest.raises(KeyboardInterrupt):
        restore(other, tmp_path / "copy")
    monkeypatch.setattr(room, "_copy", real)
    restore(other, tmp_path / "copy")
    assert tables(other) == tables(home)
    chunk = next((tmp_path / "copy" / "store" / "archive").rglob("chunk-*.warc.gz"))
    chunk.write_bytes(chunk.read_bytes()[:100])
    with pytest.raises(GonggoError, match="damaged"):
        restore(replace(home, home=tmp_path / "third"), tmp_path / "copy")
    assert not (tmp_path / "third").exists()


def test_alerts_that_were_sent_are_not_sent_again_and_keys_stay(home, tmp_path):
    with closing(sqlite3.connect(home.home / "alerts_sent.sqlite")) as db, db:
        db.execute("CREATE TABLE alert_sent (rule, announcement, event, at)")
        db.execute("INSERT INTO alert_sent VALUES ('r', 'a', 'new', 'now')")
    _, secret = AccessKeys(home).add("달력", "api", "test")
    backup(home, tmp_path / "copy")
    other = replace(home, home=tmp_path / "other")
    restore(other, tmp_path / "copy")
    assert AccessKeys(other).find(secret).name == "달력"
    with closing(sqlite3.connect(other.home / "alerts_sent.sqlite")) as db:
        assert db.execute("SELECT rule FROM alert_sent").fetchall() == [("r",)]
    rows = [json.loads(line) for line in (backups(tmp_path / "copy")[0] / "files.jsonl").read_text().splitlines()]
    assert not any("warehouse" in row["path"] or "work" in row["path"] for row in rows)
