"""The marts over papers written for them: what adds up, what goes on, how far programmes come."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gonggo.errors import DataFileError
from gonggo.model import announcement_key
from gonggo.settings import SQL, Settings
from gonggo.warehouse import load, synonyms
from gonggo.warehouse.link import link
from gonggo.warehouse.marts import build_marts
from gonggo.warehouse.publish import publish
from gonggo.warehouse.snapshot import open_snapshot
from tests.warehouse.batches import batch, day, document, evidence, paper, settings_at
from tests.world import copy_home


def ask(settings: Settings, papers: list[dict[str, Any]], sql: str) -> list[tuple]:
    batch(settings, "bizinfo", "r1", papers)
    load.load_batches(settings)
    link(settings)
    build_marts(settings)
    publish(settings)
    with closing(open_snapshot(settings)) as con:
        return con.execute(sql).fetchall()


PARTS = {"national": 150, "local": 65}


@pytest.mark.parametrize(
    ("parts", "rows"),
    [
        ({"national": 150, "local": 77}, []),
        ({"national": 150, "local": 65}, [("unstated part", 12 * 10**8, 3)]),
        ({"national": 150, "local": 90}, [("parts exceed total", -13 * 10**8, 3)]),
        ({"national": 150, "local": 76.6}, [("rounding", 4 * 10**7, 3)]),
        ({"national": 150}, []),  # of the others nothing is said
        ({"national": 150, "local": 38.5}, []),  # province and city may pay as much each, which is listed once
    ],
)
def test_parts_are_held_against_the_total(settings: Settings, parts: dict[str, float], rows: list[tuple]) -> None:
    sql = "SELECT verdict, difference, len(fact_ids) FROM budget_audit"
    assert ask(settings, [with_parts("1", 227, parts)], sql) == rows


def with_parts(number: str, total: float, parts: dict[str, float], related: bool = True) -> dict[str, Any]:
    """A call with a total and its sources of funding, which the text ties to it or not."""
    amounts = [(f"총사업비 {total}억", round(total * 10**8), "total", "제조 AI 실증")]
    amounts += [(f"{role} {n}억", round(n * 10**8), role, "제조 AI 실증") for role, n in parts.items()]
    body = f"제조 AI 실증 총사업비 {total}억 " + " ".join(f"{role} {n}억" for role, n in parts.items())
    one = paper("1", "제조 AI 실증 공고", body, programmes=[("제조 AI 실증", "demonstration", "open")], amounts=amounts)
    for amount in one["record"]["amounts"][1:] if related else []:
        amount["part_of"] = round(total * 10**8)
    return one


def test_sums_that_the_text_does_not_tie_together_are_no_audit(settings: Settings) -> None:
    assert ask(settings, [with_parts("1", 227, PARTS, related=False)], "FROM budget_audit") == []


def test_sums_of_two_sentences_are_no_audit(settings: Settings) -> None:
    one = with_parts("1", 227, PARTS)
    text = one["record"]["text"].replace("억 national", "억이다. national")
    one["record"]["text"] = text
    for amount in one["record"]["amounts"]:
        amount["evidence"] = evidence(text, amount["evidence"]["quote"])
    assert ask(settings, [one], "FROM budget_audit") == []


def test_tracks_are_audited_only_where_they_exceed_their_whole(settings: Settings) -> None:
    few, many = with_parts("1", 200, {}), with_parts("2", 90, {})
    for one, sums in ((few, (60, 30)), (many, (60, 40))):
        whole = one["record"]["amounts"][0]
        one["record"]["amounts"] += [{**whole, "krw": n * 10**8, "part_of": whole["krw"]} for n in sums]
    few["native_id"], few["key"] = "7", announcement_key("bizinfo", "7")
    sql = "SELECT kind, stated // 100000000, verdict FROM budget_audit"
    assert ask(settings, [few, many], sql) == [("parts", 90, "parts exceed total")]


CONTINUITY = "SELECT name, editions, skipped_years, verdict, ground FROM programme_continuity ORDER BY 2 DESC, 4"


def test_editions_are_calls_and_what_is_not_known_stays_open(settings: Settings) -> None:
    this = int(day(0)[:4])
    kinds = [("AI 바우처", (this - 3, this - 1, this)), ("AI 한해사업", (this - 2,)), ("AI 새사업", (this,))]
    papers = [
        paper(f"{name}{year}", f"{year}년 {name} 공고", f"{name} 안내", programmes=[(name, "adoption", "open")])
        for name, years in kinds
        for year in years
    ]
    mentioned = [("AI 언급사업", "adoption", "ongoing")]
    papers.append(paper("9", f"{this - 1}년 소식", "AI 언급사업 기사", kind="article", programmes=mentioned))
    assert ask(settings, papers, CONTINUITY) == [
        ("AI 바우처", 3, 1, "continuing", "calls"),
        ("AI 새사업", 1, 0, "first year", "calls"),
        ("AI 한해사업", 1, 0, "unknown", None),
    ]


@pytest.mark.parametrize(
    ("outcome", "verdict"), [("discontinued", "ended"), ("expanded", "continued"), (None, "unknown")]
)
def test_a_programme_ended_or_went_on_where_a_text_says_so(
    settings: Settings, outcome: str | None, verdict: str
) -> None:
    call = paper("1", "2024년 AI 실증 공고", "AI 실증 안내", programmes=[("AI 실증", "demonstration", "open")])
    call["record"]["published_on"] = None
    text = "AI 실증은 이듬해 예산에 편성되지 않았다."
    piece = paper("2", "소식", text, kind="article", programmes=[("AI 실증", "demonstration", "ended")])
    (programme,) = piece["record"]["programmes"]
    programme["outcome"] = outcome
    programme["grounds"] = [{"bearing": "outcome", "evidence": evidence(piece["record"]["text"], "편성되지 않았다")}]
    verdicts = ask(settings, [call, piece], "SELECT verdict, ground_detail FROM programme_continuity")
    assert verdicts == [(verdict, "편성되지 않았다" if outcome else None)]


@pytest.mark.parametrize(
    ("months", "verdict"),
    [
        (range(24), "not called again"),
        ([*range(11), *range(14, 24)], "unknown"),  # a hole in the season of the next call
        ([0], "unknown"),
    ],
)
def test_a_programme_was_not_called_again_where_its_source_was_collected_throughout(
    settings: Settings, months: Iterable[int], verdict: str
) -> None:
    call = paper(
        "1", "AI 실증 공고", "AI 실증 안내", posted=day(-700), programmes=[("AI 실증", "demonstration", "open")]
    )
    call["retrieved_at"] = f"{day(-699)}T09:00:00+09:00"
    for month in months:
        started = f"{day(-699 + 30 * month)}T09:00:00+09:00"
        batch(settings, "bizinfo", f"r{month + 10}", [call] if month == 0 else [], started_at=started)
    verdicts = ask(
        settings, [], "SELECT verdict, ground, starts_with(ground_detail, 'bizinfo ') FROM programme_continuity"
    )
    assert verdicts == [(verdict, *(("coverage", True) if verdict != "unknown" else (None, None)))]


def test_how_far_the_programmes_of_a_region_come(settings: Settings) -> None:
    stages = [("가 구상", "plan", "proposed"), ("나 계획", "plan", "planned"), ("다 과제", "rnd", "open")]
    stages += [
        ("라 실증", "demonstration", "ongoing"),
        ("마 실증", "demonstration", "ended"),
        ("바 실증", "demonstration", "open"),  # a call is no demonstration yet
        ("사 보급", "adoption", "ongoing"),
        ("아 실증", "demonstration", "ended"),
        ("자 실증", "demonstration", "open"),
    ]
    papers = [paper(str(n), f"{row[0]} 소식", f"{row[0]} 내용", programmes=[row]) for n, row in enumerate(stages)]
    papers[-2]["record"]["programmes"][0]["outcome"] = "adopted"
    papers[-1]["record"]["programmes"][0]["outcome"] = "cancelled"
    assert ask(settings, papers, "FROM stage_progress") == [("경남", 1, 1, 2, 2, 2, 0.5)]


@pytest.mark.parametrize(
    ("metric", "promised", "reported", "verdict"),
    [
        ("생산성 향상", 25, 30, "met"),
        ("생산성 향상", 25, 18, "missed"),
        ("불량률", 5, 4, "reported"),  # the text does not say which way it should go
        ("불량률", 5, 5, "met"),
        ("생산성 향상", 25, None, "open"),
    ],
)
def test_a_promise_is_met_or_missed_by_a_result_that_names_it(
    settings: Settings, metric: str, promised: int, reported: int | None, verdict: str
) -> None:
    papers = []
    for number, side, value in (("1", "target", promised), ("2", "result", reported)):
        if value is not None:
            body, programmes = f"제조 AI 실증 {metric} {value}%", [("제조 AI 실증", "demonstration", "ongoing")]
            one = paper(number, f"{number} 소식", body, programmes=programmes, metrics=[(f"{value}%", metric, value)])
            one["record"]["metrics"][0].update(side=side, programme="제조 AI 실증")
            papers.append(one)
    verdicts = ask(
        settings, papers, "SELECT verdict, result_fact_id IS NOT NULL FROM targets_and_results ORDER BY side"
    )
    assert verdicts[0] == (verdict, reported is not None)


def test_people_organisations_and_rates(settings: Settings) -> None:
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


@pytest.fixture(scope="module")
def searched(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A snapshot with texts to search, for tests that only read."""
    settings = settings_at(copy_home(empty, tmp_path_factory.mktemp("searched") / "home"))
    papers = [
        paper("1", "경남 AI 공고", "창원의 공장에서 자율제조를 시작한다."),
        paper("2", "AI 자율 제조 공고", "창원 기업을 모은다."),
        paper("3", "ai 공고", "진주 기업을 모은다."),
        paper("4", "인공지능 바우처 공급기업", "중소벤처기업부가 AI 전환을 돕는다."),
        paper("5", "소프트웨어 교육", "ai@example.or.kr 메일, email로 AI 교육을 받는다."),
    ]
    ask(settings, papers, "SELECT 1")
    return settings


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("자율제조", ["2", "1"]),  # in the title first; then in 자율제조를
        ("AI자율 제조", ["2", "1"]),
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
        ("AI 자율 제조 창원 기업을 모은다 공고", ["2"]),
        ("자율제조공고", ["2", "1"]),  # how it begins and how it ends
        ("양자 진주", ["3"]),  # none has both
        ("양자 광자 진주", []),  # most of the words have to be there
        ("제조AI창원", ["2", "1"]),
        ("\\Q.*\\E [ (", []),
        ("%", []),
        ("'; DROP TABLE announcement; --", []),
        ("\x00\x02AI\x03 진주", ["3"]),
        ("진주 " * 4000, ["3"]),
        ("", []),
    ],
)
def test_search_minds_neither_particles_nor_spaces_nor_names(
    searched: Settings, words: str, numbers: list[str]
) -> None:
    with closing(open_snapshot(searched)) as con:
        rows = con.execute("SELECT url FROM search(?)", [words]).fetchall()
    assert [row[0].rsplit("/", 1)[-1] for row in rows] == numbers


def test_a_list_is_searched_as_the_texts_are(settings: Settings) -> None:
    papers = [
        paper("1", "인공지능 바우처 공급기업 모집", "x"),
        paper("2", "인구 이용권 email 안내", "x"),
        paper("3", "ＡＩ 자율 제조", "x"),
    ]

    ask(settings, papers, "SELECT 1")
    with closing(open_snapshot(settings)) as con:

        def matching_numbers(words: str) -> list[str]:
            rows = con.execute(f"SELECT url FROM find_calls('{words}', {', '.join(['NULL'] * 13)})").fetchall()
            return sorted(row[0].rsplit("/", 1)[-1] for row in rows)

        assert (
            matching_numbers("AI 바우처")
            == matching_numbers("ａｉ 이용권을")
            == matching_numbers("A.I.바우처")
            == ["1"]
        )
        assert matching_numbers("AI") == matching_numbers("인공지능") == ["1", "3"]
        assert (
            matching_numbers("자율제조에서") == ["3"]
            and matching_numbers("바우처") == ["1", "2"]
            and matching_numbers("mail") == ["2"]
        )


def test_a_list_of_calls_may_be_of_those_posted_in_some_days_and_takes_the_undated_where_no_day_is_given(
    settings: Settings,
) -> None:
    papers = [paper(n, f"{n}번째 AI 공고", "x", posted=posted) for n, posted in (("1", day(-9)), ("2", day(-2)))]
    undated = paper("3", "3번째 AI 공고", "x")
    undated["record"]["published_on"] = None
    ask(settings, [*papers, undated], "SELECT 1")
    with closing(open_snapshot(settings)) as con:

        def matching_numbers(more: str = "") -> list[str]:
            rows = con.execute(f"SELECT url FROM find_calls({', '.join(['NULL'] * 14)}{more})").fetchall()
            return sorted(row[0].rsplit("/", 1)[-1] for row in rows)

        assert matching_numbers() == matching_numbers(", posted_from := NULL, posted_to := NULL") == ["1", "2", "3"]
        assert matching_numbers(f", posted_from := '{day(-3)}'") == ["2"]
        assert matching_numbers(f", posted_to := '{day(-3)}'") == ["1"]


def test_no_macro_has_a_default_that_a_lake_cannot_keep() -> None:
    for path in (SQL / "macros").glob("*.sql"):
        assert ":= NULL" not in path.read_text("utf-8"), f"{path.name}: DuckLake fails to keep a default that is NULL"


def test_a_list_of_synonyms_that_is_wrong_is_reported_with_its_line(
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
    linked = ask(
        settings, [one, two, three], "SELECT organisation, written, alias_conflict FROM participation ORDER BY url"
    )
    assert linked == [
        ("한국과학기술원", "한국과학기술연구원", "KAIST"),
        ("한국과학기술원", "한국과학기술원", None),
        ("한국과학기술연구원", "한국과학기술연구원", None),
    ]
    conflicts = ask(settings, [], "SELECT written, acronym, meant FROM organisation_alias_conflict")
    assert conflicts == [("한국과학기술연구원", "KAIST", "한국과학기술원")]


@pytest.mark.parametrize(
    "folder", sorted(path.name for path in SQL.iterdir() if path.is_dir() and path.name != "schema")
)
def test_lines_of_sql_can_be_read_without_scrolling(folder):
    """The formatter passes over what stands in a string or beside a comment; a comment of its own may be long."""
    for path in sorted((SQL / folder).glob("*.sql")):
        lines = enumerate(path.read_text("utf-8").splitlines(), 1)
        long = [number for number, line in lines if len(line) > 120 and not line.lstrip().startswith("--")]
        assert not long, f"{path}: lines {long}"
