"""The queries of docs/sql.md run as they stand."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest

from gonggo.settings import Settings
from gonggo.warehouse.connect import open_snapshot
from gonggo.warehouse.link import link
from gonggo.warehouse.load import load_batches
from gonggo.warehouse.publish import publish
from tests.warehouse.batches import batch, day, document, settings_at

DOC = Path(__file__).parents[2] / "docs" / "sql.md"
QUERIES = re.findall(r"```sql\n(.*?)```", DOC.read_text("utf-8"), re.S)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_at(tmp_path_factory.mktemp("home"))
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", "경남 제조 AI 실증 공고", day(2))])
    load_batches(settings)
    link(settings)
    publish(settings)
    return settings


def test_the_page_has_its_queries() -> None:
    assert len(QUERIES) >= 12


@pytest.mark.parametrize("number", range(len(QUERIES)))
def test_a_query_of_the_page_runs(settings: Settings, number: int) -> None:
    with closing(open_snapshot(settings)) as con:
        con.execute(QUERIES[number]).fetchall()
