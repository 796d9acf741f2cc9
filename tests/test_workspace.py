"""Steps whose files are common to several machines, with a folder as their store."""

from dataclasses import replace

import pytest

from gonggo import pipeline
from gonggo.cluster.object_store import ObjectStore, StoreError, object_store
from gonggo.cluster.store_files import workspaces
from gonggo.cluster.workspace import files_of, open_workspace
from gonggo.crawl.interrupted_runs import mark_running
from gonggo.crawl.run_files import RunFiles
from gonggo.errors import EmptyError, GonggoError, SettingsError
from gonggo.maintenance import migration
from gonggo.pipeline import migrate_to_cluster
from gonggo.settings import load_settings

RUN = "20260102T090000-ab12"


@pytest.fixture
def machines(settings, tmp_path):
    """Settings of machines that share nothing but a store (and the ledger, which is not asked for here)."""

    def settings_of(name):
        return replace(settings, home=tmp_path / name, object_store=f"file://{tmp_path / 'store'}")

    return settings_of


def files(settings, prefix=""):
    return set(object_store(settings).files(prefix))


def test_each_step_of_a_run_on_another_machine(portal, machines):
    listed = pipeline.list_source("btp", RUN, settings=machines("lists"))
    for chunk in listed["chunks"]:
        pipeline.fetch_chunk("btp", RUN, chunk, settings=machines(f"fetches{chunk}"))
        extracted = pipeline.extract_chunk("btp", RUN, chunk, settings=machines(f"reads{chunk}"))
        assert extracted["extracted"] and not extracted["failed"]
    run = pipeline.stage("btp", RUN, settings=machines("stages"))
    assert (run["state"], run["extracted"]) == ("ok", listed["listed"])
    reader = machines("loads")
    assert {name.split("/")[-1] for name in files(reader, "batches/")} == {
        *("run.json", "documents.jsonl", "fetches.jsonl", "listings.jsonl")
    }
    assert files(reader, "work/") == set()
    assert len([name for name in files(reader, "archive/btp/") if "chunk-" in name]) == len(listed["chunks"])
    assert pipeline.load(settings=reader)["documents"] == listed["listed"]
    # What a machine had in its workspaces is not left there.
    assert not list(workspaces(reader).iterdir())


def test_a_step_that_is_repeated_ends_the_same(machines):
    pipeline.list_source("btp", RUN, settings=machines("a"))
    for name in ("b", "c"):
        pipeline.fetch_chunk("btp", RUN, 1, settings=machines(name))
        pipeline.extract_chunk("btp", RUN, 1, settings=machines(name))
    first, again = (pipeline.stage("btp", RUN, settings=machines(name)) for name in ("d", "e"))
    assert first["extracted"] == again["extracted"] == 4


def test_what_a_failed_step_says_of_itself_reaches_the_next(portal, machines):
    portal.portal.faults.set({"faults": {"btp": {"kind": "emptied"}}})
    with pytest.raises(EmptyError, match="rows"):
        pipeline.list_source("btp", RUN, settings=machines("lists"))
    run = pipeline.stage("btp", RUN, settings=machines("stages"))
    assert run["state"] == "failed" and "rows" in run["errors"][0]["message"]


def test_a_batch_that_did_not_reach_the_store_as_a_whole_is_made_again(machines):
    pipeline.list_source("btp", RUN, settings=machines("a"))
    pipeline.fetch_chunk("btp", RUN, 1, settings=machines("a"))
    pipeline.extract_chunk("btp", RUN, 1, settings=machines("a"))
    object_store(machines("a")).write(f"batches/btp__{RUN}/documents.jsonl", b"{}")
    assert pipeline.load(settings=machines("loads"))["loaded"] == []
    assert pipeline.stage("btp", RUN, settings=machines("b"))["extracted"] == 4
    assert pipeline.load(settings=machines("loads"))["documents"] == 4


def test_what_is_archived_is_read_again_on_any_machine(machines):
    pipeline.list_source("btp", RUN, settings=machines("a"))
    pipeline.fetch_chunk("btp", RUN, 1, settings=machines("a"))
    pipeline.extract_chunk("btp", RUN, 1, settings=machines("a"))
    pipeline.stage("btp", RUN, settings=machines("a"))
    store = object_store(machines("a"))
    before = store.read(f"batches/btp__{RUN}/documents.jsonl")
    store.write(f"batches/btp__{RUN}/documents.jsonl", b"")
    assert pipeline.replay(settings=machines("b")) == {"runs": 1, "documents": 4, "kept": 0, "failed": {}}
    assert len(store.read(f"batches/btp__{RUN}/documents.jsonl")) == len(before)


def test_the_store_keeps_what_was_not_touched(machines):
    settings = machines("a")
    object_store(settings).write("work/btp/r/kept", b"1")
    object_store(settings).write("work/btp/r/gone", b"2")
    object_store(settings).write("work/btp/r/changed", b"3")
    with open_workspace(settings) as inner:
        folder = inner.work / "btp" / "r"
        files_of(inner).download(folder)
        (folder / "gone").unlink()
        (folder / "changed").write_text("33")
        (folder / ".half.1.part").write_text("x")
        files_of(inner).upload()
        (folder / "new").write_text("4")
    assert {name: object_store(settings).read(name) for name in files(settings)} == {
        "work/btp/r/kept": b"1", "work/btp/r/changed": b"33", "work/btp/r/new": b"4",
    }  # fmt: skip


def test_a_store_that_cannot_be_reached_says_what_to_look_at():
    with pytest.raises(StoreError, match="GONGGO_OBJECT_STORE"):
        ObjectStore("file:///dev/null/x").files()


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"GONGGO_OBJECT_STORE": "s3://b/x"}, "go together"),
        ({"GONGGO_POSTGRES_URL": "postgresql://h/d"}, "go together"),
        ({"GONGGO_OBJECT_STORE": "/mnt/x", "GONGGO_POSTGRES_URL": "postgresql://h/d"}, "s3://"),
        ({"GONGGO_OBJECT_STORE": "s3://b/x", "GONGGO_POSTGRES_URL": "mysql://u:geheim1@h/d"}, "postgresql://"),
    ],
)
def test_settings_that_cannot_be_are_refused(environment, word):
    with pytest.raises(SettingsError, match=word) as refused:
        load_settings(environment)
    assert "geheim1" not in str(refused.value)


def test_a_machine_is_moved_only_when_it_has_ended_its_work(machines):
    old = machines("old")
    files = RunFiles(replace(old, object_store=None), "btp", RUN)
    with mark_running(files), pytest.raises(GonggoError, match="btp is being collected"):
        files.work.mkdir()
        migrate_to_cluster(old)


def test_a_move_that_is_cut_off_leaves_no_batch_that_only_looks_whole(machines, monkeypatch):
    old = machines("old")
    alone = replace(old, object_store=None)
    pipeline.collect("btp", settings=alone)
    put_all = ObjectStore.upload_all

    def watched(store, folder, names):
        wanted, there = list(names), store.files("batches/")
        for batch in [name.removesuffix("run.json") for name in wanted if name.endswith("/run.json")]:
            others = {f"{batch}{path.name}" for path in (old.home / batch).iterdir() if path.name != "run.json"}
            assert others and others <= set(there)
        put_all(store, folder, wanted)

    monkeypatch.setattr(ObjectStore, "upload_all", watched)
    assert migration._move_files(old, "batches") > 1
    assert any(name.endswith("/run.json") for name in object_store(old).files("batches/"))


def test_a_move_needs_a_place_to_go_to(settings):
    with pytest.raises(GonggoError, match="GONGGO_OBJECT_STORE"):
        migrate_to_cluster(settings)
