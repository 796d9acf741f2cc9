"""What a power cut or a failing disk leaves: half files are known as such, told, and made good from what is whole."""

import logging
import shutil
from contextlib import closing

import pytest

from demo.portal import serve
from gonggo import pipeline
from gonggo.crawl.attachment_store import AttachmentStore
from gonggo.errors import DamagedError
from gonggo.model import read_jsonl
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.writer import writer
from tests.world import home_settings, tables


def published(settings):
    for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish):
        step(settings=settings)
    return tables(settings)


def cut(path, share):
    """Leave a part of a file."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])


@pytest.fixture(scope="module")
def portal():
    """One for all: its address is part of what is compared."""
    with serve() as serving:
        yield serving


@pytest.fixture(scope="module")
def whole(portal, tmp_path_factory):
    """The tables of a collection that nothing disturbed."""
    settings = home_settings(tmp_path_factory.mktemp("whole"), portal.url)
    pipeline.collect("btp", settings=settings)
    return published(settings)


@pytest.fixture(scope="module")
def once(portal, tmp_path_factory):
    """A home with one collection in it, and its batch: made once, copied by those that begin with one."""
    settings = home_settings(tmp_path_factory.mktemp("once"), portal.url)
    return settings.home, pipeline.collect("btp", settings=settings)


@pytest.fixture
def collected(once, settings):
    """The batch of the one collection of this home."""
    home, run = once
    shutil.copytree(home, settings.home)
    return settings.batches / run["batch_id"]


@pytest.mark.slow
@pytest.mark.parametrize("share", [0, 0.3, 0.501, 0.99])
def test_what_a_cut_archive_lost_is_reported_and_asked_for_again(portal, settings, whole, share):
    for chunk in pipeline.list_source("btp", "r1", settings=settings)["chunks"]:
        pipeline.fetch_chunk("btp", "r1", chunk, settings=settings)
        if chunk == 1:
            cut(settings.archive / "btp" / "r1" / "chunk-0001.warc.gz", share)
        pipeline.extract_chunk("btp", "r1", chunk, settings=settings)
    run = pipeline.stage("btp", "r1", settings=settings)
    assert run["state"] == "partial"
    assert "the archive is damaged" in run["errors"][-1]["message"]
    again = pipeline.collect("btp", settings=settings)
    assert (again["state"], again["fetched"]) == ("ok", run["failed"])
    assert published(settings) == whole


@pytest.mark.slow
@pytest.mark.parametrize(("name", "share"), [("documents", 0.5), ("documents", 0), ("listings", 0.4), ("fetches", 0)])
def test_half_a_batch_is_made_again_from_the_archive(settings, whole, collected, name, share):
    cut(collected / f"{name}.jsonl", share)
    assert pipeline.load(settings)["rebuilt"] == [collected.name]
    assert published(settings) == whole


@pytest.mark.slow
def test_a_batch_cut_between_two_lines_is_known_too(settings, whole, collected):
    lines = (collected / "documents.jsonl").read_bytes().splitlines(keepends=True)
    (collected / "documents.jsonl").write_bytes(b"".join(lines[:3]))
    assert pipeline.load(settings)["rebuilt"] == [collected.name]
    assert published(settings) == whole


def test_half_a_batch_without_its_archive_is_reported_with_what_is_missing(settings, collected):
    pipeline.collect("gtp", settings=settings)
    cut(collected / "documents.jsonl", 0.5)
    shutil.rmtree(settings.archive / "btp")
    assert "bytes" in pipeline.load(settings)["failed"][collected.name]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["listing.jsonl", "run.json", "fetched-0001.jsonl", "pages-0001.jsonl"])
def test_a_run_whose_notes_are_cut_is_collected_again(portal, settings, whole, name):
    for chunk in pipeline.list_source("btp", "r1", settings=settings)["chunks"]:
        pipeline.fetch_chunk("btp", "r1", chunk, settings=settings)
    cut(settings.work / "btp" / "r1" / name, 0.6)
    cut(settings.work / "progress" / "btp.json", 0.5)
    pipeline.recover(settings, certain=True)
    pipeline.collect("btp", settings=settings)
    assert published(settings) == whole
    assert not list(settings.work.glob("btp/r1"))


def test_chunks_that_were_fetched_and_not_read_are_read_without_asking_again(portal, settings, whole):
    for chunk in pipeline.list_source("btp", "r1", settings=settings)["chunks"]:
        pipeline.fetch_chunk("btp", "r1", chunk, settings=settings)
    asked = len(portal.portal.requests)
    assert pipeline.recover(settings, certain=True) == ["btp__r1"]
    assert len(portal.portal.requests) == asked
    assert published(settings) == whole


def test_what_was_read_of_a_file_that_decayed_stays_and_the_file_comes_again(portal, settings):
    run = pipeline.collect("jbba", settings=settings)
    stored_file = next(settings.attached.glob("*/*.warc.gz"))
    digest = stored_file.name.partition(".")[0]
    cut(stored_file, 0.5)
    assert AttachmentStore(settings.attached).read(digest) is None
    pipeline.replay(settings=settings)
    rows = [
        file
        for row in read_jsonl(settings.batches / run["batch_id"] / "documents.jsonl")
        for file in row["attachments"]
    ]
    messages = [file for file in rows if file.get("sha256") == digest]
    assert messages and all("kept as it was read before" in file["reason"] for file in messages)
    shutil.rmtree(settings.state)
    pipeline.collect("jbba", settings=settings)
    assert AttachmentStore(settings.attached).read(digest)


def test_reading_a_damaged_archive_again_loses_no_document(settings, whole, collected, caplog):
    cut(settings.archive / "btp" / collected.name.partition("__")[2] / "chunk-0002.warc.gz", 0.4)
    with caplog.at_level(logging.ERROR):
        pipeline.replay(settings=settings)
    assert "they stay as they were" in caplog.text
    assert published(settings) == whole


def test_a_replacement_of_a_batch_that_was_cut_off_is_undone(settings, whole, collected):
    collected.rename(collected.with_name(f".{collected.name}.before"))
    assert published(settings) == whole


def place_of(settings, table: str) -> int:
    """Where the first block of a table is in the warehouse's file; blocks come after three headers."""
    with writer(settings) as con:
        block, size = con.execute(
            f"SELECT min(block_id), (SELECT block_size FROM pragma_database_size() LIMIT 1) FROM pragma_storage_info('{table}') WHERE block_id >= 0"
        ).fetchone()
    return 3 * 4096 + block * size


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["head", "announcement_version", "site.directory", "write-ahead log"])
def test_a_damaged_warehouse_is_made_again_from_the_batches(settings, whole, collected, damage):
    published(settings)
    if damage == "write-ahead log":
        with writer(settings) as con:
            con.execute("SET checkpoint_threshold = '1TB'")
            con.execute("PRAGMA disable_checkpoint_on_shutdown")
            con.execute("DELETE FROM load_log")
        path = settings.warehouse.with_name(f"{settings.warehouse.name}.wal")
    else:
        path = settings.warehouse
    start = place_of(settings, damage) if damage in ("announcement_version", "site.directory") else 0
    content = bytearray(path.read_bytes())
    start = start or (0 if damage == "head" else len(content) // 2)
    content[start : start + 9000] = bytes(9000) if damage != "write-ahead log" else b"\x55" * 9000
    path.write_bytes(content)
    first = pipeline.load(settings)
    if not first["warehouse_rebuilt"]:
        # The damaged part is not what a load looks at; the step that meets it marks the file.
        with pytest.raises(DamagedError):
            published(settings)
        assert pipeline.load(settings)["warehouse_rebuilt"]
    assert published(settings) == whole
    assert list(settings.warehouse.parent.glob("*.damaged-*"))


def test_temporaries_of_dead_processes_are_never_read(settings, whole, collected):
    for folder in (
        settings.archive / "btp",
        settings.batches,
        settings.batches / ".btp__x.1.part",
        settings.snapshot.parent,
        settings.warehouse.parent,
    ):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f".half.{2**22}.part").write_bytes(b"half")
        (folder / "run.json").write_text("half") if folder.name.startswith(".btp") else None
    assert published(settings) == whole
    with closing(open_snapshot(settings)) as con:
        assert con.execute("SELECT count(*) FROM load_log").fetchone() == (1,)
