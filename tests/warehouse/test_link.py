"""One call, told in several places: what is linked, why, and what a person may say against it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from gonggo.errors import DataFileError
from gonggo.settings import Settings
from gonggo.warehouse import load
from gonggo.warehouse.connect import open_snapshot
from gonggo.warehouse.link import PINS, link
from gonggo.warehouse.marts import build_marts
from gonggo.warehouse.publish import publish
from tests.warehouse.batches import batch, day, document, paper, settings_at

TITLE = "경남 제조 AI 실증 지원사업 모집공고"
NAME = "경남 자율제조 로봇 실증"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(tmp_path)


def ask(settings: Settings, sql: str, pins: Path = PINS) -> list[tuple]:
    load.load_batches(settings)
    link(settings, pins)
    build_marts(settings)
    publish(settings)
    with closing(open_snapshot(settings)) as con:
        return con.execute(sql).fetchall()


def told(number: str, title: str, total: int, kind: str = "announcement", **facts):
    body = f"{NAME} 총사업비 {total}억"
    amounts = [(f"총사업비 {total}억", total * 10**8, "total", NAME)]
    return paper(number, title, body, kind=kind, programmes=[(NAME, "demonstration", "open")], amounts=amounts, **facts)


def test_an_article_about_a_call_joins_it_and_its_money_is_not_counted_again(settings: Settings) -> None:
    call, piece = told("1", f"{NAME} 공고", 151), told("2", "로봇 실증 시작된다", 152, "article")
    batch(settings, "bizinfo", "r1", [call, piece])
    links = ask(settings, "SELECT reason, score FROM notice_link")
    assert links == [("press_names_programme", 0.9)]
    assert ask(settings, "SELECT krw FROM notice_amount WHERE role = 'total'") == [(151 * 10**8,)]
    assert ask(settings, "SELECT title FROM notice") == [(f"{NAME} 공고",)]


@pytest.mark.parametrize(
    "change", [{"region": "제주"}, {"posted": day(-300)}], ids=["another region", "another season"]
)
def test_an_article_of_elsewhere_or_another_season_stays_alone(settings: Settings, change: dict) -> None:
    batch(settings, "bizinfo", "r1", [told("1", f"{NAME} 공고", 151), told("2", "로봇 실증", 152, "article", **change)])
    assert ask(settings, "SELECT count(*) FROM notice") == [(2,)]


def test_a_name_that_two_calls_have_links_no_article(settings: Settings) -> None:
    calls = [told("1", f"{NAME} 1차 공고", 151), told("3", f"{NAME} 추가 공고", 20)]
    batch(settings, "bizinfo", "r1", [*calls, told("2", "로봇 실증", 152, "article")])
    assert ask(settings, "FROM notice_link") == []


def test_a_person_pins_and_forbids(settings: Settings, tmp_path: Path) -> None:
    batch(
        settings,
        "bizinfo",
        "r1",
        [document("bizinfo", "1", TITLE, day(3)), document("bizinfo", "5", "다른 공고 제목입니다", day(8))],
    )
    batch(settings, "gtp", "r1", [document("gtp", "7", TITLE, day(3))])
    assert ask(settings, "SELECT count(*) FROM notice") == [(2,)]
    pins = tmp_path / "pins.yaml"
    pins.write_text("same:\n- [bizinfo/1, bizinfo/5]\napart:\n- [bizinfo/1, gtp/7]\n- [bizinfo/1, gtp/none]\n")
    assert ask(settings, "SELECT sources, count(*) OVER () FROM notice ORDER BY 1", pins) == [
        (["bizinfo"], 2),
        (["gtp"], 2),
    ]
    assert ask(settings, "SELECT reason FROM notice_link WHERE reason = 'pinned'", pins) == [("pinned",)]


def test_a_wrong_pin_names_file_and_line(settings: Settings, tmp_path: Path) -> None:
    pins = tmp_path / "pins.yaml"
    pins.write_text("same:\n- [bizinfo/1]\n")
    with pytest.raises(DataFileError, match=r"pins\.yaml:2"):
        link(settings, pins)


def filed(source: str, number: str, title: str, closes: str | None = None, file: str = "a", **change) -> dict:
    """An announcement with a file; one letter stands for its content."""
    role = change.pop("role", "notice")
    file_of = {
        "name": "공고문.hwp",
        "url": "https://example.or.kr/f",
        "sha256": file * 64,
        "bytes": 100,
        "outcome": "ok",
        "role": role,
    }
    return document(
        source,
        number,
        title,
        closes,
        attachments=[file_of],
        listed={"agency": change.pop("agency", "경남테크노파크")},
        **change,
    )


def notices(settings: Settings, *documents: dict) -> int:
    for one in documents:
        batch(settings, one["source"], f"r{one['native_id']}", [one])
    return ask(settings, "SELECT count(*) FROM notice")[0][0]


ONE = "경남 제조 AI 실증 지원사업 참여기업 모집 공고"


@pytest.mark.parametrize(
    "other",
    [
        filed("gtp", "2", "경남 제조 AI 실증 지원사업 참여기업 모집 공고"),
        filed("gtp", "2", "[경남] 경남 제조AI 실증 지원사업 안내", agency="기업마당"),
        filed("gtp", "2", "제조 AI 실증사업 모집"),
        filed("gtp", "2", "경남 제조 AI 실증 지원사업 참여기업 모집 공고", day(9)),
        filed("gtp", "2", "2026년 경남 제조 AI 실증 지원사업 모집", role=None),
    ],
    ids=["same title", "another agency", "shorter, same agency", "one knows its closing day", "a year in one title"],
)
def test_one_file_on_two_sites_makes_one_call_where_no_closing_day_does(settings: Settings, other: dict) -> None:
    assert notices(settings, filed("bizinfo", "1", ONE), other) == 1
    assert ask(settings, "SELECT DISTINCT reason FROM notice_link") == [("same_file",)]
    assert ask(
        settings,
        "SELECT count(*), count(DISTINCT l.notice_key) FROM notice_link AS l JOIN notice AS n USING (notice_key)",
    ) == [(2, 1)]


@pytest.mark.parametrize(
    "other",
    [
        filed("gtp", "2", ONE, file="b"),
        filed("gtp", "2", "경남 바이오 헬스 인력양성 과정", agency="경남테크노파크"),
        filed("gtp", "2", ONE, role="form"),
        filed("bizinfo", "2", ONE),
        filed("gtp", "2", f"{ONE} (2차)"),
    ],
    ids=["another file", "another title", "a form", "one site", "another round"],
)
def test_a_file_alone_says_too_little(settings: Settings, other: dict) -> None:
    first = filed("bizinfo", "1", f"{ONE} (1차)" if "2차" in other["title"] else ONE)
    assert notices(settings, first, other) == 2


def test_a_file_under_many_titles_says_nothing(settings: Settings) -> None:
    titles = ("경남 제조 AI 실증 공고", "경남 제조 AI 실증 모집", "경남 제조 AI 실증 안내", "경남 제조 AI 실증 접수")
    sources = ("bizinfo", "gtp", "btp", "jbba")
    documents = [
        filed(source, str(at), title) for at, (source, title) in enumerate(zip(sources, titles, strict=True), 1)
    ]
    assert notices(settings, *documents[:3]) == 1
    assert notices(settings, documents[3]) == 4


def test_one_without_a_closing_day_does_not_join_two_that_have_others(settings: Settings) -> None:
    documents = [filed("bizinfo", "1", ONE, day(3)), filed("gtp", "2", ONE), filed("btp", "3", ONE, day(8))]
    assert notices(settings, *documents) == 3
