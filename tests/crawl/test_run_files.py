"""The files between the steps of a run: those of version 0.1 are read, and a damaged one is found before it is staged."""

import json

import duckdb
import pytest

from gonggo import pipeline
from gonggo.crawl.run_files import RunFiles
from gonggo.model import read_jsonl, write_jsonl


def archived_run(settings):
    """Fetch and extract all chunks of a source; return the files of the run and how many announcements it has."""
    listing = pipeline.list_source("btp", "r1", settings=settings)
    for chunk in listing["chunks"]:
        pipeline.fetch_chunk("btp", "r1", chunk, settings=settings)
        pipeline.extract_chunk("btp", "r1", chunk, settings=settings)
    return RunFiles(settings, "btp", "r1"), listing["to_fetch"]


def as_version_0_1_wrote_them(files):
    items = {row["item"]["native_id"]: row["item"] for row in read_jsonl(files.listing)}
    planned = [
        {"chunk": row["chunk"], "net": row["prefilter"], "item": row["item"]} for row in read_jsonl(files.listing)
    ]
    write_jsonl(files.listing, planned)
    for path in files.work.glob("fetched-*.jsonl"):
        rows = [
            {
                "item": items[row["native_id"]],
                "net": row["prefilter"],
                **{name: row[name] for name in ("etag", "modified", "unchanged", "gone")},
            }
            for row in read_jsonl(path)
        ]
        write_jsonl(path, rows)
    for path in files.work.glob("summaries-*.jsonl"):
        path.unlink()


def test_a_run_that_version_0_1_began_is_staged(portal, settings):
    files, count = archived_run(settings)
    as_version_0_1_wrote_them(files)
    run = pipeline.stage("btp", "r1", settings=settings)
    assert (run["state"], run["extracted"]) == ("ok", count)
    assert pipeline.collect("btp", settings=settings)["fetched"] == 0


@pytest.mark.slow
def test_a_batch_of_version_0_1_is_loaded(portal, settings):
    run = pipeline.collect("btp", settings=settings)
    path = settings.batches / run["batch_id"] / "listings.jsonl"
    rows = [{**row, "net": row.pop("prefilter")} for row in read_jsonl(path)]
    write_jsonl(path, rows)
    record = path.with_name("run.json")
    data = json.loads(record.read_text("utf-8"))
    data["files"]["listings.jsonl"] = path.stat().st_size
    record.write_text(json.dumps(data), "utf-8")
    pipeline.load(settings)
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        loaded = con.execute("SELECT prefilter, count(*) FROM listing GROUP BY 1 ORDER BY 1").fetchall()
    assert loaded and sum(count for _, count in loaded) == len(rows) and all(prefilter for prefilter, _ in loaded)


@pytest.mark.parametrize(
    "change", [lambda line: line.replace(b'"', b"'", 1), lambda line: b""], ids=["changed", "missing"]
)
@pytest.mark.slow
def test_a_document_that_is_not_the_one_that_was_written_is_not_staged(portal, settings, change):
    files, count = archived_run(settings)
    path = files.part("documents", 1)
    first, *others = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([change(first), *others]))
    run = pipeline.stage("btp", "r1", settings=settings)
    assert (run["state"], run["extracted"]) == ("failed", 0)
    again = pipeline.collect("btp", settings=settings)
    assert (again["state"], again["extracted"]) == ("ok", count)
