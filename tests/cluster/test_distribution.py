"""A distribution in a bucket: anyone attaches its DuckDB file over HTTP."""

from __future__ import annotations

import json
from contextlib import closing

import duckdb
import pytest
import s3fs

from gonggo.cluster.object_store import ObjectStore
from gonggo.distribution.distribute import distribute
from gonggo.warehouse.lake import extension_file
from gonggo.warehouse.snapshot import open_snapshot
from tests.cluster.machines import gonggo, output_of, settings_of, step

pytestmark = pytest.mark.slow
CALLS = "SELECT title, closes_on FROM {}open_calls ORDER BY ALL"


def test_the_tables_of_a_bucket_are_attached_over_http(servers, machine):
    env = machine("a")
    output_of(gonggo(env, "collect", "btp"))
    output_of(step(env, "export()"))
    settings = settings_of(env)
    done = distribute(settings, "s3://gonggo/public")
    assert done["uploaded"] == done["files"] - 1
    assert "manifest.json" in ObjectStore("s3://gonggo/public", servers.s3).files()
    with closing(open_snapshot(settings)) as con:
        wanted = con.execute(CALLS.format("")).fetchall()
    # As the owner of a bucket for everyone does it; the store lets nobody read without that.
    anyone = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::gonggo/public/*"}
    store = s3fs.S3FileSystem(endpoint_url=servers.s3)
    store.call_s3("put_bucket_policy", Bucket="gonggo", Policy=json.dumps({"Statement": [anyone]}))
    with duckdb.connect() as con:
        con.execute(f"LOAD '{extension_file('httpfs')}'")
        con.execute(f"ATTACH '{servers.s3}/gonggo/public/gonggo.duckdb' AS gonggo (READ_ONLY)")
        assert wanted and con.execute(CALLS.format("gonggo.")).fetchall() == wanted
