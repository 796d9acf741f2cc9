"""What is swept and what is not, when room is short, and what the doctor says."""

import json
import os
import time
from dataclasses import replace

import pytest

from gonggo import cli, pipeline
from gonggo.crawl.attachment_store import AttachmentStore
from gonggo.maintenance import disk, doctor
from gonggo.maintenance.cleanup import clean_up
from tests.world import tables

STEPS = (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish)
DAYS = 24 * 3600


def aged(path, days):
    """Make a file, or all of a folder, so many days older."""
    for one in [path, *(path.rglob("*") if path.is_dir() else ())]:
        at = one.stat().st_mtime - days * DAYS
        os.utime(one, (at, at))


def findings(settings, level):
    return [f"{one.message} → {one.fix}" for one in doctor.examine(settings) if one.level == level]


@pytest.mark.slow
def test_temporaries_go_after_a_day_and_nothing_else(home):
    before = tables(home)
    paths = [
        home.archive / "btp" / ".chunk-0009.warc.gz.99.part",
        home.batches / ".btp__x.99.part" / "documents.jsonl",
        home.snapshot.with_name(".gonggo.duckdb.99.part"),
        home.warehouse.with_name("spilled") / "duckdb_temp_block-1.block",
        home.exports.with_name(".exports.99.part") / "csv" / "a.csv",
    ]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 1000)
    assert clean_up(home).temporaries == 0
    for path in paths:
        aged(path.parent if path.parent.name.endswith(".part") else path, 2)
    aged(home.exports.with_name(".exports.99.part"), 2)
    done = clean_up(home)
    assert done.temporaries == len(paths) and done.bytes >= 5000
    assert not any(path.exists() for path in paths)
    assert tables(home) == before


def test_without_a_limit_the_archive_stays(home):
    aged(home.archive, 4000)
    assert (clean_up(home).runs, clean_up(home).contents) == (0, 0)


def test_old_pages_go_and_what_was_read_of_them_stays(home):
    before = tables(home)
    run = next(home.archive.glob("btp/*"))
    aged(run, 400)
    old = replace(home, keep_archive_days=365)
    assert clean_up(old).runs == 1
    assert not run.exists()
    pipeline.replay(settings=old)
    for step in STEPS:
        step(settings=old)
    assert tables(old) == before


def test_old_pages_of_a_run_without_its_batch_stay(home):
    run = next(home.archive.glob("btp/*"))
    aged(run, 400)
    batch = home.batches / f"btp__{run.name}"
    batch.rename(home.home / "aside")
    assert clean_up(replace(home, keep_archive_days=365)).runs == 0


def test_a_file_that_an_open_announcement_still_has_stays(home):
    contents = sorted(home.attached.glob("*/*.warc.gz"))
    aged(home.attached, 400)
    again = replace(home, recrawl_days=0)
    pipeline.collect("jbba", settings=again)
    done = clean_up(replace(home, keep_archive_days=365))
    remaining = sorted(home.attached.glob("*/*.warc.gz"))
    assert remaining and len(remaining) == len(contents) - done.contents
    assert all(AttachmentStore(home.attached).read(path.name.partition(".")[0]) for path in remaining)


def test_disk_usage_is_measured_and_a_budget_warns_before_it_is_full(home):
    used = disk.usage(home)
    names = {size.name for size in used.folders}
    assert {"archive", "batches", "published", "warehouse", "state"} <= names
    # The snapshot and its name in the history are one file.
    published = next(size for size in used.folders if size.name == "published")
    assert published.bytes < 1.2 * home.snapshot.stat().st_size
    assert not [warning for warning in disk.warnings(home, used) if "BUDGET" in warning]
    tight = replace(home, disk_budget=int(used.bytes * 1.1))
    assert "GONGGO_DISK_BUDGET" in disk.warnings(tight, used)[0]
    assert "free some space" in disk.warnings(home, replace(used, free=10**8))[-1]


def test_the_doctor_finds_nothing_wrong_with_a_good_home(home):
    assert findings(home, "bad") == []
    messages = findings(home, "ok")
    assert any("22" in line or "batches are whole" in line for line in messages)


def spoil_ledger(home):
    path = next(home.state.glob("btp.sqlite"))
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\x00" * 4096
    path.write_bytes(content)


def spoil_batch(home):
    path = next(home.batches.glob("btp__*")) / "documents.jsonl"
    path.write_bytes(path.read_bytes()[:500])


def spoil_archive(home):
    path = next(home.archive.glob("btp/*/chunk-0001.warc.gz"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 300] = bytes(300)
    path.write_bytes(content)


def spoil_content(home):
    path = next(home.attached.glob("*/*.warc.gz"))
    path.write_bytes(path.read_bytes()[:200])


def spoil_secret(home):
    (home.home / "airflow").mkdir()
    (home.home / "airflow" / "fernet_key").write_text("x")
    (home.home / "airflow" / "fernet_key").chmod(0o644)


def spoil_clock(home):
    next((home.state / "hosts").glob("*.last")).write_text(str(time.time() + 9999))


def spoil_warehouse(home):
    content = bytearray(home.warehouse.read_bytes())
    content[:9000] = bytes(9000)
    home.warehouse.write_bytes(content)
    with pytest.raises(Exception, match="damaged"):
        pipeline.link(settings=home)


def spoil_rules(home):
    home.alerts.write_text("rules:\n- name: a\n  colour: red\n")


@pytest.mark.parametrize(
    ("spoil", "problem", "mend"),
    [
        (spoil_ledger, "btp.sqlite", "collects again"),
        (spoil_batch, "bytes", "gonggo publish"),
        (spoil_archive, "damaged", "backup"),
        (spoil_content, "is damaged", "backup"),
        (spoil_secret, "can be read by other users", "chmod 600"),
        (spoil_clock, "clock was set back", "synchronise"),
        (spoil_warehouse, "gonggo.duckdb is damaged", "gonggo publish"),
        (spoil_rules, "alerts.yaml:2", "operations.md"),
    ],
)
def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(home, spoil, problem, mend):
    spoil(home)
    bad = findings(home, "bad")
    assert any(problem in line and mend in line for line in bad), bad


def test_what_the_doctor_prescribes_helps(home):
    before = tables(home)
    spoil_batch(home)
    spoil_warehouse(home)
    for step in STEPS:
        step(settings=home)
    assert findings(home, "bad") == []
    assert tables(home) == before


def test_the_commands(home, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GONGGO_HOME", str(home.home))
    monkeypatch.setenv("GONGGO_SOURCES", "demo")
    assert cli.main(["doctor"]) == 0
    assert "batches are whole" in capsys.readouterr().out
    assert cli.main(["backup", str(tmp_path / "copy")]) == 0
    assert cli.main(["maintenance"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["disk_usage"]["bytes"]["archive"] > 0
    monkeypatch.setenv("GONGGO_HOME", str(tmp_path / "neu"))
    assert cli.main(["restore", str(tmp_path / "copy")]) == 0
    spoil_batch(replace(home, home=tmp_path / "neu"))
    capsys.readouterr()
    assert cli.main(["doctor", "--json"]) == 1
    assert any(one["level"] == "bad" for one in json.loads(capsys.readouterr().out))
    assert cli.main(["restore", str(tmp_path / "copy")]) == 1
    assert "not empty" in capsys.readouterr().err
    assert cli.main(["backup"]) == 2
    assert "GONGGO_BACKUP" in capsys.readouterr().err
