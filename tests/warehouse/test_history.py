"""How things stood on a day, what changed since, and the way back to an earlier snapshot."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from gonggo.errors import WarehouseError
from gonggo.settings import Settings
from gonggo.warehouse import load
from gonggo.warehouse.link import link
from gonggo.warehouse.marts import build_marts
from gonggo.warehouse.publish import publish, roll_back
from gonggo.warehouse.snapshot import open_snapshot
from tests.warehouse.batches import batch, day, document, settings_at
from tests.world import copy_home

TITLE = "2026년 경남 제조 AI 실증 지원사업 모집공고"
FIRST, THEN = "2026-01-02T09:00:00+09:00", "2026-01-05T23:30:00+09:00"
SOON, LATE = "2099-12-01", "2099-12-20"


def published(settings: Settings) -> None:
    load.load_batches(settings)
    link(settings)
    build_marts(settings)
    publish(settings)


def ask(settings: Settings, sql: str) -> list[tuple]:
    with closing(open_snapshot(settings)) as con:
        return con.execute(sql).fetchall()


@pytest.fixture(scope="module")
def without_rows(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A snapshot without announcements, for tests that only read."""
    settings = settings_at(copy_home(empty, tmp_path_factory.mktemp("without_rows") / "home"))
    publish(settings)
    return settings


@pytest.fixture(scope="module")
def two_versions(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A snapshot with a call whose last day was moved, for tests that only read."""
    settings = settings_at(copy_home(empty, tmp_path_factory.mktemp("two_versions") / "home"))
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLE, SOON, at=FIRST)])
    batch(settings, "bizinfo", "r2", [document("bizinfo", "1", TITLE, LATE, at=THEN)])
    published(settings)
    return settings


@pytest.mark.parametrize(
    ("on", "closes"),
    [("2026-01-01", None), ("2026-01-02", SOON), ("2026-01-04", SOON), ("2026-01-05", LATE), ("2026-02-01", LATE)],
)
def test_a_day_shows_what_was_known_at_its_end_in_seoul(two_versions: Settings, on: str, closes: str | None) -> None:
    on_that_day = ask(two_versions, f"SELECT closes_on::VARCHAR FROM as_of('{on}')")
    assert on_that_day == ([(closes,)] if closes else [])


def test_a_change_tells_the_old_and_the_new_value(two_versions: Settings) -> None:
    changes = ask(two_versions, "SELECT kind, old, new FROM change ORDER BY changed_at, kind")
    assert ("new", None, TITLE) in changes
    assert ("extended", SOON, LATE) in changes
    assert len(changes) == 2


@pytest.mark.slow
def test_back_and_back_again_and_forward(settings: Settings) -> None:
    for run, number in (("r1", "1"), ("r2", "2"), ("r3", "3")):
        batch(settings, "bizinfo", run, [document("bizinfo", number, f"{TITLE} {number}", day(3))])
        published(settings)
    count = "SELECT count(*) FROM announcement"
    with closing(open_snapshot(settings)) as reader:
        assert roll_back(settings)["older"] == 1
        assert ask(settings, count) == [(2,)]
        assert reader.execute(count).fetchall() == [(3,)]
    roll_back(settings)
    assert ask(settings, count) == [(1,)]
    with pytest.raises(WarehouseError, match="no snapshot before"):
        roll_back(settings)
    published(settings)
    assert ask(settings, count) == [(3,)]


def test_two_readers_of_one_process_at_once(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLE, day(3))])
    published(settings)
    with closing(open_snapshot(settings)) as one, closing(open_snapshot(settings)) as other:
        query = "SELECT current_setting('TimeZone'), count(*) FROM announcement"
        shown = [con.execute(query).fetchall() for con in (one, other)]
    assert shown == [[("Asia/Seoul", 1)]] * 2


@pytest.mark.parametrize(
    ("words", "krw"),
    [
        ("227억", 22_700_000_000),
        ("227억원", 22_700_000_000),
        ("3억 5천만원", 350_000_000),
        ("5천만원", 50_000_000),
        ("2,500만원", 25_000_000),
        ("1조 2,000억", 1_200_000_000_000),
        ("1.5억", 150_000_000),
        ("3천5백만원", 35_000_000),
        ("천만원", 10_000_000),
        ("100,000원", 100_000),
        ("4억5천만", 450_000_000),
        ("추후 공고", None),
        ("", None),
    ],
)
def test_money_in_words_is_a_number(without_rows: Settings, words: str, krw: int | None) -> None:
    assert ask(without_rows, f"SELECT won('{words}')") == [(krw,)]


@pytest.mark.parametrize(
    ("name", "region"),
    [("판교", "경기 성남시"), ("전라북도", "전북"), ("창원시", "경남 창원시"), ("경남", "경남"), ("동구", None), ("없는곳", None)],
)  # fmt: skip
def test_a_place_leads_to_its_region(without_rows: Settings, name: str, region: str | None) -> None:
    assert ask(without_rows, f"SELECT region_of('{name}')") == [(region,)]


@pytest.mark.parametrize(
    ("name", "on", "then"),
    [
        *(("광주", "2026-06-30", "광주"), ("광주", "2026-07-01", "전남광주"), ("전남", "2026-11-21", "전남광주")),
        *(("전남광주", "2026-06-30", "광주·전남"), ("전남광주", "2026-07-01", "전남광주")),
        *(("광주 북구", "2026-06-30", "광주 북구"), ("광주 북구", "2026-07-01", "전남광주 북구"), ("전남광주 나주시", "2026-06-30", "전남 나주시")),
        *(("인천 동구", "2026-07-01", "인천 제물포구"), ("인천 중구", "2026-07-01", "인천 제물포구·인천 영종구"), ("인천 서구", "2026-06-30", "인천 서구")),
        *(("인천 제물포구", "2026-06-30", "인천 동구·인천 중구"), ("인천 검단구", "2026-06-30", "인천 서구"), ("인천 검단구", "2026-07-01", "인천 검단구")),
        *(("대구 군위군", "2023-06-30", "경북 군위군"), ("강원", "2020-01-01", "강원"), ("없는곳", "2026-07-01", "없는곳")),
        *(("경북 군위군", "2023-06-30", "경북 군위군"), ("경북 군위군", "2023-07-01", "대구 군위군"), ("경남", "2026-11-21", "경남")),
    ],
)  # fmt: skip
def test_a_region_has_the_name_of_the_day(without_rows: Settings, name: str, on: str, then: str) -> None:
    assert ask(without_rows, f"SELECT region_on('{name}', '{on}')") == [(then,)]


def test_money_by_the_regions_of_a_day(settings: Settings) -> None:
    papers = []
    for number, names in (("1", ["광주"]), ("2", ["전남"]), ("3", ["광주", "전남"])):
        one = document("bizinfo", number, f"{number}호 제조 AI 실증 공고", day(3))
        places = [{"name": name, "evidence": {"field": "region", "quote": name}} for name in names]
        programmes = [{**one["record"]["programmes"][0], "name": f"{number}호 제조 AI 실증"}]
        papers.append({**one, "record": {**one["record"], "regions": places, "programmes": programmes}})
    batch(settings, "bizinfo", "r1", papers)
    published(settings)
    sums = "SELECT region, sum(krw) FROM funding_on('{}') WHERE funding_source = 'national' GROUP BY 1 ORDER BY 1"
    assert [row[0] for row in ask(settings, sums.format("2026-06-30"))] == ["광주", "광주·전남", "전남"]
    assert [row[0] for row in ask(settings, sums.format("2026-07-01"))] == ["전남광주"]


def test_the_evidence_of_a_fact_stands_in_its_sentence(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", TITLE, day(3))])
    published(settings)
    ((fact, quote),) = ask(settings, "SELECT fact_id, evidence_quote FROM fact_amount WHERE role = 'total' LIMIT 1")
    ((evidence_quote, around, url),) = ask(settings, f"SELECT evidence_quote, around, url FROM evidence('{fact}')")
    assert evidence_quote == quote
    assert quote in around
    assert url
