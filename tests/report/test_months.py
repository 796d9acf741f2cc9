"""Exports in which only the changed months are written again are the same as those of a complete export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gonggo.report import months
from gonggo.report.exports import export
from gonggo.settings import Settings
from gonggo.warehouse import changes
from gonggo.warehouse.link import link
from gonggo.warehouse.load import load_batches
from gonggo.warehouse.publish import publish, roll_back
from tests.warehouse.batches import batch, day, document, settings_at
from tests.warehouse.test_changes import Story
from tests.world import copy_home


def content(exports: Path) -> dict[str, Any]:
    """What is exported by months: the rows of each file, in any order, and the linked data."""
    files: dict[str, Any] = {
        str(path.relative_to(exports)): duckdb.sql(f"SELECT t::VARCHAR FROM '{path}' AS t ORDER BY ALL").fetchall()
        for path in (exports / "parquet").glob("*/*.parquet")
    }
    return {**files, "linked data": (exports / "gonggo.jsonld").read_bytes()}


def publish_and_export(settings: Settings) -> None:
    load_batches(settings)
    link(settings)
    publish(settings)
    export(settings)


def export_from_nothing(settings: Settings) -> None:
    (settings.exports / months.NAME).unlink()
    export(settings)


def inodes(exports: Path) -> dict[str, int]:
    paths = (exports / "parquet" / "fact_amount").rglob("*.parquet")
    return {path.stem: path.stat().st_ino for path in paths}


@pytest.fixture(autouse=True)
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """However large the share of what changed, only that is written again."""
    monkeypatch.setattr(changes, "MAX_SHARE", 1e9)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_exports_of_what_changed_are_those_of_everything(settings: Settings, tmp_path: Path, seed: int) -> None:
    settings.home.mkdir(parents=True, exist_ok=True)
    story = Story(settings, seed, tmp_path / "pins.yaml")
    for step in range(6):
        story.go_on()
        publish(settings)
        export(settings)
        incremental = content(settings.exports)
        export_from_nothing(settings)
        assert (step, content(settings.exports)) == (step, incremental)


def of_months(settings: Settings, run: str, first: int, *dates: str) -> None:
    papers = [
        document("bizinfo", str(number), f"{number}번 제조 AI 실증 공고", day(9), at=f"{date}T09:00:00+09:00")
        for number, date in enumerate(dates, first)
    ]
    batch(settings, "bizinfo", run, papers)
    publish_and_export(settings)


@pytest.fixture(scope="module")
def of_two_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an announcement of January and one of February, published and exported."""
    settings = settings_at(tmp_path_factory.mktemp("of_two_months"))
    of_months(settings, "r1", 1, "2026-01-05", "2026-02-05")
    return settings.home


@pytest.fixture
def exported(of_two_months: Path, tmp_path: Path) -> Settings:
    return settings_at(copy_home(of_two_months, tmp_path / "home"))


def test_only_the_months_that_changed_are_written_again(exported: Settings) -> None:
    before = inodes(exported.exports)
    of_months(exported, "r2", 3, "2026-02-20", "2026-03-05")
    after = inodes(exported.exports)
    assert set(after) == {"2026-01", "2026-02", "2026-03"}
    assert [month for month in before if after[month] == before[month]] == ["2026-01"]
    incremental = content(exported.exports)
    graph = json.loads(incremental["linked data"])["@graph"]
    assert [node["name"][:2] for node in graph] == ["1번", "2번", "3번", "4번"]
    export_from_nothing(exported)
    assert content(exported.exports) == incremental


def test_an_announcement_that_turns_out_to_be_older_moves_to_its_month(exported: Settings) -> None:
    of_months(exported, "r2", 2, "2026-01-20")
    assert set(inodes(exported.exports)) == {"2026-01"}


def test_a_call_that_closes_with_the_day_is_written_again_with_its_status(exported: Settings) -> None:
    path = exported.exports / months.NAME
    contents = months.read_contents(exported.exports)
    of_yesterday = {
        month: f"{version} of yesterday" for month, version in contents.tables["current_announcement"].items()
    }
    path.write_text(
        contents.model_copy(
            update={"tables": {**contents.tables, "current_announcement": of_yesterday}}
        ).model_dump_json()
    )
    before = {file: file.stat().st_ino for file in exported.exports.glob("parquet/*/2026-*.parquet")}
    export(exported)
    written = {file.parent.name for file, inode in before.items() if file.stat().st_ino != inode}
    assert written == {"current_announcement"}


def test_exports_of_an_older_snapshot_are_its_own(exported: Settings) -> None:
    first = content(exported.exports)
    of_months(exported, "r2", 3, "2026-01-06")
    roll_back(exported)
    export(exported)
    assert content(exported.exports) == first


@pytest.mark.parametrize("damage", ["gone", "no JSON", "other", "written by another version"])
def test_exports_whose_versions_cannot_be_read_are_made_from_nothing(exported: Settings, damage: str) -> None:
    incremental = content(exported.exports)
    before = inodes(exported.exports)
    path = exported.exports / months.NAME
    contents = {
        "no JSON": "{",
        "other": '{"tables": 1}',
        "written by another version": path.read_text("utf-8").replace(months.form(), "another"),
    }
    path.unlink() if damage == "gone" else path.write_text(contents[damage])
    export(exported)
    assert content(exported.exports) == incremental
    assert not set(before.values()) & set(inodes(exported.exports).values())


def test_what_is_missing_in_the_exports_before_is_written_again(exported: Settings) -> None:
    incremental = content(exported.exports)
    (exported.exports / "gonggo.jsonld").unlink()
    (exported.exports / "parquet" / "fact_amount" / "2026-01.parquet").unlink()
    export(exported)
    assert content(exported.exports) == incremental


def test_a_snapshot_from_before_months_had_versions_is_exported(exported: Settings) -> None:
    incremental = content(exported.exports)
    with duckdb.connect(str(exported.snapshot)) as con:
        con.execute("DROP TABLE site.changed_month")
    export(exported)
    assert content(exported.exports) == incremental
