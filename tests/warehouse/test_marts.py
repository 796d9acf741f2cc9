"""The marts over papers written for them: what adds up, what goes on, how far programmes come."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gonggo.errors import DataFileError
from gonggo.settings import SQL, Settings
from gonggo.warehouse import load, synonyms
from gonggo.warehouse.link import link
from gonggo.warehouse.marts import build_marts
from gonggo.warehouse.publish import publish
from gonggo.warehouse.snapshot import open_snapshot
from tests.warehouse.batches import batch, day, document, paper, settings_at


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(tmp_path)


def ask(settings: Settings, papers: list[dict[str, Any]], sql: str) -> list[tuple]:
    batch(settings, "bizinfo", "r1", papers)
    load.load_batches(settings)
    link(settings)
    build_marts(settings)
    publish(settings)
    with closing(open_snapshot(settings)) as con:
        return con.execute(sql).fetchall()


@pytest.mark.parametrize(
    ("parts", "verdict", "difference"),
    [
        ({"national": 150, "local": 77}, "adds up", 0),
        ({"national": 150, "local": 65}, "unstated part", 12 * 10**8),
        ({"national": 150, "local": 90}, "parts exceed total", -13 * 10**8),
        ({"national": 150, "local": 76.6}, "rounding", 4 * 10**7),
    ],
)
def test_parts_are_held_against_the_total(
    settings: Settings, parts: dict[str, float], verdict: str, difference: int
) -> None:
    amounts = [("총사업비 227억", 227 * 10**8, "total", "제조 AI 실증")]
    amounts += [(f"{role} {n}억", round(n * 10**8), role, "제조 AI 실증") for role, n in parts.items()]
    body = "제조 AI 실증 총사업비 227억 " + " ".join(f"{role} {n}억" for role, n in parts.items())
    one = paper("1", "제조 AI 실증 공고", body, programmes=[("제조 AI 실증", "demonstration", "open")], amounts=amounts)
    sql = "SELECT verdict, difference, len(fact_ids) FROM budget_audit WHERE kind = 'parts'"
    assert ask(settings, [one], sql) == [(verdict, difference, 3)]


def test_two_sums_of_one_purse_are_no_audit(settings: Settings) -> None:
    body = "제조 AI 실증 총사업비 227억 국비 150억 국비 20억 도비 57억"
    told = [("총사업비 227억", 227, "total"), ("국비 150억", 150, "national"), ("국비 20억", 20, "national")]
    amounts = [(q, n * 10**8, role, "제조 AI 실증") for q, n, role in [*told, ("도비 57억", 57, "local")]]
    one = paper("1", "제조 AI 실증 공고", body, programmes=[("제조 AI 실증", "demonstration", "open")], amounts=amounts)
    assert ask(settings, [one], "FROM budget_audit") == []


def test_documents_that_differ_about_a_total_are_told(settings: Settings) -> None:
    papers = [
        paper(
            str(n), f"{n}번째 글 제조 AI 실증", f"제조 AI 실증 총사업비 {told}억",
            programmes=[("제조 AI 실증", "demonstration", "open")],
            amounts=[(f"총사업비 {told}억", int(told * 10**8), "total", "제조 AI 실증")],
        )
        for n, told in enumerate((151, 151.4, 200))
    ]  # fmt: skip
    sql = "SELECT stated // 100000000, verdict FROM budget_audit WHERE kind = 'documents' ORDER BY difference"
    assert ask(settings, papers, sql) == [(151, "rounding"), (200, "different totals")]


def test_editions_and_what_ended_after_one_year(settings: Settings) -> None:
    this = int(day(0)[:4])
    kinds = [("AI 바우처", (this - 3, this - 1, this)), ("AI 한해사업", (this - 2,)), ("AI 새사업", (this,))]
    papers = [
        paper(f"{name}{year}", f"{year}년 {name} 공고", f"{name} 안내", programmes=[(name, "adoption", "open")])
        for name, years in kinds
        for year in years
    ]
    found = ask(
        settings, papers, "SELECT name, editions, skipped_years, verdict FROM programme_continuity ORDER BY 2 DESC, 4"
    )
    assert found == [
        ("AI 바우처", 3, 1, "continuing"),
        ("AI 한해사업", 1, 0, "ended after one year"),
        ("AI 새사업", 1, 0, "first year"),
    ]


def test_how_far_the_programmes_of_a_region_come(settings: Settings) -> None:
    stages = [("가 구상", "plan", "proposed"), ("나 계획", "plan", "planned"), ("다 과제", "rnd", "open")]
    stages += [
        ("라 실증", "demonstration", "ongoing"),
        ("마 실증", "demonstration", "ended"),
        ("바 보급", "adoption", "open"),
    ]
    papers = [paper(str(n), f"{row[0]} 소식", f"{row[0]} 내용", programmes=[row]) for n, row in enumerate(stages)]
    assert ask(settings, papers, "FROM stage_progress") == [("경남", 1, 1, 1, 2, 1, 0.33)]


def test_people_bodies_and_rates(settings: Settings) -> None:
    body = "AI 인력양성 교육생 2,100명, 경상남도 주관. 생산성 25% 향상 목표. 불량률 9% 감소를 달성했다."
    one = paper(
        "1", "AI 인력양성 과정", body,
        programmes=[("AI 인력양성", "training", "open")],
        quantities=[("2,100명", 2100, "people")],
        metrics=[("25%", "생산성", 25), ("9%", "불량률", 9)],
        organisations=[("경상남도", "host")],
    )  # fmt: skip
    survey = paper("2", "AI 도입 실태", "AI 도입률 3.9%", kind="statistics", metrics=[("3.9%", "AI 도입률", 3.9)])
    assert ask(settings, [one, survey], "SELECT people, region, programme FROM talent") == [
        (2100, "경남", "AI 인력양성")
    ]
    with closing(open_snapshot(settings)) as con:
        sides = con.execute("SELECT metric, side FROM targets_and_results ORDER BY 1").fetchall()
        assert sides == [("불량률", "reported"), ("생산성", "promised")]
        assert con.execute("SELECT indicator, value FROM adoption_indicator").fetchall() == [("AI 도입률", 3.9)]
        assert con.execute("SELECT organisation, role FROM participation").fetchall() == [("경상남도", "host")]


def test_money_of_a_region_counts_once_what_a_document_divides_and_says_again(settings: Settings) -> None:
    body = (
        "제조 AI 실증에 총 151.4억 원, 곧 약 151억 원을 들인다. 2026년은 50억 원이다. 로봇 거점에 90억 원을 요청했다."
    )
    one = paper(
        "1", "제조 AI 실증 계획", body, posted="2026-03-02",
        programmes=[("제조 AI 실증", "demonstration", "planned"), ("로봇 거점", "infrastructure", "proposed")],
        amounts=[
            ("151.4억", 15_140_000_000, "total", "제조 AI 실증"),
            ("약 151억", 15_100_000_000, "total", "제조 AI 실증"),
            ("50억", 5_000_000_000, "total", "제조 AI 실증"),
            ("90억", 9_000_000_000, "total", "로봇 거점"),
        ],
    )  # fmt: skip
    _, again, part, _ = one["record"]["amounts"]
    again["same_as"] = part["part_of"] = 15_140_000_000
    assert ask(settings, [one], "SELECT year, krw, amounts FROM funding_by_region") == [("2026", 15_140_000_000, 1)]


def test_a_rate_is_a_promise_a_result_or_an_indicator_as_its_words_say(settings: Settings) -> None:
    body = "생산성 25% 향상이 목표다. 불량률은 9% 줄었다. 제조업의 AI 도입률은 3.9%다. 업체는 70%를 줄인다고 말한다."
    one = paper(
        "1", "제조 AI 실증", body,
        programmes=[("제조 AI 실증", "demonstration", "ongoing")],
        metrics=[("25%", "생산성", 25), ("9%", "불량률", 9), ("3.9%", "AI 도입률", 3.9), ("70%", "비용", 70)],
    )  # fmt: skip
    for metric, side in zip(one["record"]["metrics"], ("target", "result", "indicator", "claim"), strict=True):
        metric["side"] = side
    sides = ask(settings, [one], "SELECT metric, side FROM targets_and_results ORDER BY 1")
    assert sides == [("불량률", "reported"), ("생산성", "promised")]
    with closing(open_snapshot(settings)) as con:
        assert con.execute("SELECT indicator, value FROM adoption_indicator").fetchall() == [("AI 도입률", 3.9)]


def test_a_region_counts_a_sector_and_its_money_once(settings: Settings) -> None:
    batch(settings, "gtp", "r0", [document("gtp", "7", "경남 제조 AI 실증 지원사업 모집공고", day(3))])
    double = document("bizinfo", "9", "[경남] 경남 제조 AI 실증 지원사업 모집공고", day(3))
    assert ask(settings, [double], "FROM sector_matrix") == [("경남", "manufacturing", 1, 1, 1, 22_700_000_000)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("자율제조", ["2", "1"]),  # in the title first; then in 자율제조를
        ("AI자율 제조", ["2"]),
        ("ai 진주", ["3"]),
        ("자율제조 창원", ["2", "1"]),
        ("양자", []),
        (" ", []),
        ("ＡＩ 진주에서", ["3"]),
        ("인공지능 진주", ["3"]),
        ("A.I. 이용권", ["4"]),
        ("AI바우처를", ["4"]),
        ("인공지능 이용권은", ["4"]),
        ("AX", ["4"]),
        ("인공지능 전환", ["4"]),
        ("에이아이 SW", ["5"]),
        ("소프트웨어", ["5"]),
        ("중기부의 바우처", ["4"]),
        ("mail", ["5"]),  # within a word as it was typed
        ("AI 메일", ["5"]),  # but a name in Latin letters is no part of email
        ("AI 자율 제조 창원 기업을 모은다 공고", []),
        ("AI 공고 창원 기업 을 모은다", ["2"]),
        ("\\Q.*\\E [ (", []),
        ("%", []),
    ],
)
def test_search_minds_neither_particles_nor_spaces_nor_names(settings: Settings, words: str, found: list[str]) -> None:
    papers = [
        paper("1", "경남 AI 공고", "창원의 공장에서 자율제조를 시작한다."),
        paper("2", "AI 자율 제조 공고", "창원 기업을 모은다."),
        paper("3", "ai 공고", "진주 기업을 모은다."),
        paper("4", "인공지능 바우처 공급기업", "중소벤처기업부가 AI 전환을 돕는다."),
        paper("5", "소프트웨어 교육", "ai@example.or.kr 메일, email로 AI 교육을 받는다."),
    ]
    got = [row[0].rsplit("/", 1)[-1] for row in ask(settings, papers, f"SELECT url FROM search('{words}')")]
    assert got == found


def test_a_list_is_searched_as_the_texts_are(settings: Settings) -> None:
    papers = [
        paper("1", "인공지능 바우처 공급기업 모집", "x"),
        paper("2", "인구 이용권 email 안내", "x"),
        paper("3", "ＡＩ 자율 제조", "x"),
    ]

    def found(words: str) -> list[str]:
        asked = f"find_calls('{words}', {', '.join(['NULL'] * 13)})"
        return sorted(row[0].rsplit("/", 1)[-1] for row in ask(settings, papers, f"SELECT url FROM {asked}"))

    assert found("AI 바우처") == found("ａｉ 이용권을") == found("A.I.바우처") == ["1"]
    assert found("AI") == found("인공지능") == ["1", "3"]
    assert found("자율제조에서") == ["3"] and found("바우처") == ["1", "2"] and found("mail") == ["2"]


def test_a_list_of_synonyms_that_is_wrong_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "synonyms.yaml"
    wrong.write_text("same:\n- [AI, 인공지능]\n- [홀로]\n", "utf-8")
    monkeypatch.setattr(synonyms, "SYNONYMS", wrong)
    with pytest.raises(DataFileError, match=r"synonyms\.yaml:3"):
        synonyms.macros()


def test_a_name_that_does_not_go_with_its_acronym_is_linked_by_it_and_flagged(settings: Settings) -> None:
    one = paper(
        "1", "AI 공고", "한국과학기술연구원(KAIST)이 맡는다.", organisations=[("한국과학기술연구원", "operator")]
    )
    one["record"]["organisations"][0]["aliases"] = ["KAIST"]
    two = paper("2", "AI 공고", "한국과학기술원이 맡는다.", organisations=[("한국과학기술원", "operator")])
    three = paper(
        "3", "AI 공고", "한국과학기술연구원(KIST)이 맡는다.", organisations=[("한국과학기술연구원", "operator")]
    )
    three["record"]["organisations"][0]["aliases"] = ["KIST"]
    found = ask(
        settings, [one, two, three], "SELECT organisation, written, alias_conflict FROM participation ORDER BY url"
    )
    assert found == [
        ("한국과학기술원", "한국과학기술연구원", "KAIST"),
        ("한국과학기술원", "한국과학기술원", None),
        ("한국과학기술연구원", "한국과학기술연구원", None),
    ]
    told = ask(settings, [], "SELECT written, acronym, meant FROM organisation_alias_conflict")
    assert told == [("한국과학기술연구원", "KAIST", "한국과학기술원")]


@pytest.mark.parametrize(
    "folder", sorted(path.name for path in SQL.iterdir() if path.is_dir() and path.name != "schema")
)
def test_lines_of_sql_can_be_read_without_scrolling(folder):
    """The formatter passes over what stands in a string or beside a comment; a comment of its own may be long."""
    for path in sorted((SQL / folder).glob("*.sql")):
        lines = enumerate(path.read_text("utf-8").splitlines(), 1)
        long = [number for number, line in lines if len(line) > 120 and not line.lstrip().startswith("--")]
        assert not long, f"{path}: lines {long}"
