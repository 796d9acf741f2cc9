"""A distribution in a bucket: anyone attaches its DuckDB file over HTTP."""

from __future__ import annotations

import duckdb
import pytest

from gonggo import pipeline
from gonggo.cluster.object_store import ObjectStore
from gonggo.distribution.distribute import distribute
from gonggo.settings import load_settings
from gonggo.warehouse.lake import extension_file
from tests.warehouse.batches import batch, day, document

pytestmark = pytest.mark.slow


def test_the_tables_of_a_bucket_are_attached_over_http(servers, machine, monkeypatch):
    for name, value in machine("a").items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", "경남 제조 AI 실증 공고", day(2))])
    for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.publish, pipeline.export):
        step(settings=settings)
    done = distribute(settings, "s3://gonggo/public")
    assert done["uploaded"] == done["files"] - 1
    endpoint = settings.environment["FSSPEC_S3_ENDPOINT_URL"]
    assert "manifest.json" in ObjectStore("s3://gonggo/public", endpoint).files()
    with duckdb.connect(config={"allow_unsignedextension_files": "true"}) as con:
        con.execute(f"LOAD '{extension_file('httpfs')}'")
        con.execute(f"ATTACH '{endpoint}/gonggo/public/gonggo.duckdb' AS gonggo (READ_ONLY)")
        assert con.execute("SELECT title FROM gonggo.open_calls").fetchall() == [("경남 제조 AI 실증 공고",)]
