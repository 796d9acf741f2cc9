"""The format of database files, which decides who can open what is published."""

import os

import duckdb
import pytest

from gonggo.warehouse.history import copy_file
from gonggo.warehouse.link import link
from gonggo.warehouse.load import load_batches
from gonggo.warehouse.publish import publish
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import first_row, rows
from tests.warehouse.batches import settings_at
from tests.warehouse.kills import stage


@pytest.fixture
def published(tmp_path):
    settings = settings_at(tmp_path)
    stage(settings, 0)
    load_batches(settings)
    link(settings)
    publish(settings)
    return settings


def test_what_is_published_can_be_opened_by_every_duckdb_from_1_0_on(published):
    for path in (published.snapshot, published.warehouse):
        with duckdb.connect(str(path), read_only=True) as con:
            ((tags,),) = con.execute("SELECT tags FROM duckdb_databases() WHERE path IS NOT NULL").fetchall()
        assert tags["storage_version"] == "v1.0.0+"
        # The number of the format, behind a checksum and four letters, as readers of 1.0 and 1.1 compare it.
        assert path.read_bytes()[8:20] == b"DUCK" + (64).to_bytes(8, "little")


def test_a_row_that_was_read_leaves_nothing_in_the_way_of_the_next_query(published):
    con = open_snapshot(published)
    assert first_row(con, "SELECT count(*) FROM announcement WHERE source <> ?", ["none"]) != (0,)
    assert first_row(con, "SELECT 1 FROM announcement WHERE false") is None
    assert rows(con, "SELECT 1 AS one") == [{"one": 1}]
    con.close()


@pytest.mark.parametrize("system", ["copies", "refuses", "copies nothing", "copies half", "has no way"])
def test_a_file_is_copied_whole_whatever_the_system_can(tmp_path, monkeypatch, system):
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(bytes(range(256)) * 1000)
    target.write_bytes(b"longer than the source" * 100_000)
    first = iter([100])

    def refuse(*_):
        raise OSError(95, "Operation not supported")

    def half(file, copy, _):
        count = next(first, 0)
        os.write(copy, os.read(file, count))
        return count

    replacements = {"refuses": refuse, "copies nothing": lambda *_: 0, "copies half": half}
    if system in replacements:
        monkeypatch.setattr(os, "copy_file_range", replacements[system])
    elif system == "has no way":
        monkeypatch.delattr(os, "copy_file_range")
    copy_file(source, target)
    assert target.read_bytes() == source.read_bytes()
