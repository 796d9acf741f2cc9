"""Money of a programme is one figure: which document speaks, what is part of what, and what is no money at all."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from gonggo.settings import Settings
from gonggo.warehouse import load
from gonggo.warehouse.link import link
from gonggo.warehouse.marts import build_marts
from gonggo.warehouse.publish import publish
from gonggo.warehouse.snapshot import open_snapshot
from tests.warehouse.batches import batch, paper

EOK = 10**8
DOCK = "가온 로봇 실증"


def says(number: str, kind: str, amounts: list[dict[str, Any]], **change: Any) -> dict[str, Any]:
    """A document about programmes of 경남, with amounts in hundreds of millions of won and what they belong to."""
    programmes = change.pop("programmes", {DOCK: {}})
    titled = {"title": f"{number} 소식", "posted": "2026-03-02", **change}
    body = " ".join([*programmes, *(f"{a['role']} {a['eok']}억" for a in amounts)])
    one = paper(
        number, titled.pop("title"), body, kind=kind, **titled,
        programmes=[(name, "demonstration", "open") for name in programmes],
        amounts=[(f"{a['role']} {a['eok']}억", round(a["eok"] * EOK), a["role"], a.get("of", DOCK)) for a in amounts],
    )  # fmt: skip
    for fact, more in zip(one["record"]["programmes"], programmes.values(), strict=True):
        fact.update(more)
    for fact, amount in zip(one["record"]["amounts"], amounts, strict=True):
        fact.update({key: round(amount[key] * EOK) for key in ("part_of", "same_as") if key in amount})
        fact.update({key: amount[key] for key in ("year",) if key in amount})
    return one


def money(settings: Settings, papers: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Return programme, year, source of funding and sum in hundreds of millions, of all programmes."""
    batch(settings, "bizinfo", "r1", papers)
    load.load_batches(settings)
    link(settings)
    build_marts(settings)
    publish(settings)
    return asked(settings, "SELECT programme, year, funding_source, krw / 1e8 FROM programme_money ORDER BY ALL")


def asked(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with closing(open_snapshot(settings)) as con:
        return con.execute(query).fetchall()


def test_an_articles_total_its_parts_and_its_restatement_are_one_sum(settings: Settings) -> None:
    plan = "남녘 제조 AI 계획"
    article = says(
        "1", "article",
        [
            {"role": "total", "eok": 900, "of": plan},
            {"role": "total", "eok": 700, "of": plan, "part_of": 900},
            {"role": "total", "eok": 1000, "of": plan, "same_as": 900},
            {"role": "total", "eok": 120, "of": DOCK},
            {"role": "local", "eok": 45, "of": DOCK, "part_of": 120},
            {"role": "annual", "eok": 260, "of": None},
        ],
        programmes={plan: {"type": "plan"}, DOCK: {"parent": plan}},
    )  # fmt: skip
    assert money(settings, [article]) == [(DOCK, "2026", "local", 45), (plan, "2026", "total", 900)]
    beside = asked(settings, "SELECT krw // 100000000, set_aside FROM programme_money_statement WHERE set_aside <> ''")
    assert sorted(beside) == [(120, "umbrella"), (260, "no programme"), (700, "part"), (1000, "restated")]
    assert asked(settings, "SELECT funding_source, krw / 1e8 FROM funding_by_region ORDER BY 1") == [
        ("local", 45),
        ("total", 900),
    ]


@pytest.mark.parametrize(
    ("documents", "total"),
    [
        ([("announcement", "2026-01-02", 30), ("press_release", "2026-02-02", 31), ("article", "2026-03-02", 32)], 30),
        ([("press_release", "2026-02-02", 31), ("article", "2026-03-02", 32)], 31),
        ([("article", "2026-02-02", 31), ("article", "2026-03-02", 32)], 32),
        ([("opinion", "2026-02-02", 31)], None),
    ],
)
def test_a_call_speaks_before_a_release_before_an_article_and_the_newer_before_the_older(
    settings: Settings, documents: list[tuple[str, str, int]], total: int | None
) -> None:
    papers = [
        says(str(n), kind, [{"role": "total", "eok": eok}], posted=posted)
        for n, (kind, posted, eok) in enumerate(documents)
    ]
    assert [row[3] for row in money(settings, papers)] == ([] if total is None else [total])
    assert len(asked(settings, "FROM programme_money_statement")) == len(documents)


def test_a_document_that_says_more_speaks_before_one_of_the_same_day(settings: Settings) -> None:
    coarse = says("1", "article", [{"role": "total", "eok": 151}])
    fine = says("2", "article", [{"role": "total", "eok": 151.4}, {"role": "national", "eok": 100, "part_of": 151.4}])
    assert money(settings, [coarse, fine]) == [(DOCK, "2026", "national", 100), (DOCK, "2026", "total", 151.4)]


def test_calls_of_two_years_are_two_sums_and_a_whole_run_is_one(settings: Settings) -> None:
    calls = [
        says(str(year), "announcement", [{"role": "total", "eok": eok}], posted=f"{year}-03-02", title=f"{year}년 모집")
        for year, eok in ((2025, 20), (2026, 25))
    ]
    assert money(settings, calls) == [(DOCK, "2025", "total", 20), (DOCK, "2026", "total", 25)]


def test_the_years_of_a_whole_run_are_not_added_to_it(settings: Settings) -> None:
    run = says("1", "article", [{"role": "total", "eok": 200}], programmes={DOCK: {"start": "2024", "end": "2028"}})
    year = says("2", "article", [{"role": "total", "eok": 50, "year": "2026"}])
    assert money(settings, [run, year]) == [(DOCK, "2024", "total", 200)]


def test_a_track_counts_where_its_umbrella_states_nothing(settings: Settings) -> None:
    tracks = {"가온 갈래": {"parent": DOCK}, "나래 갈래": {"parent": DOCK}}
    call = says(
        "1", "announcement",
        [
            {"role": "national", "eok": 170},
            {"role": "national", "eok": 90, "of": "가온 갈래", "part_of": 170},
            {"role": "total", "eok": 145, "of": "가온 갈래"},
            {"role": "total", "eok": 55, "of": "나래 갈래"},
        ],
        programmes={DOCK: {}, **tracks},
    )  # fmt: skip
    assert money(settings, [call]) == [
        ("가온 갈래", "2026", "total", 145),
        (DOCK, "2026", "national", 170),
        ("나래 갈래", "2026", "total", 55),
    ]
    assert asked(settings, "SELECT krw / 1e8 FROM funding_by_region WHERE funding_source = 'total'") == [(200,)]


@pytest.mark.parametrize(
    ("more", "reason"), [({"status": "proposed"}, "asked for"), ({"outcome": "cancelled"}, "cancelled")]
)
def test_what_is_asked_for_or_cancelled_is_no_money(settings: Settings, more: dict[str, str], reason: str) -> None:
    one = says("1", "article", [{"role": "total", "eok": 90}], programmes={DOCK: more})
    assert money(settings, [one]) == []
    assert asked(settings, "SELECT set_aside FROM programme_money_statement") == [(reason,)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("가온 인공지능 실증", "가온 AI 실증사업"),
        ("가온 AI 전환(AX) 밸리", "가온 인공지능 전환 밸리"),
        ("가온 이용권", "가온 바우처"),
    ],
)
def test_words_that_are_one_make_one_programme(settings: Settings, one: str, other: str) -> None:
    papers = [
        says("1", "announcement", [{"role": "total", "eok": 30, "of": one}], programmes={one: {}}),
        says("2", "article", [{"role": "total", "eok": 32, "of": other}], programmes={other: {}}),
    ]
    assert money(settings, papers) == [(one, "2026", "total", 30)]


def named_twice(eok: float, **change: Any) -> list[dict[str, Any]]:
    """A call whose name goes on behind that of the programme in an article, which is of 30억."""
    longer = f"{DOCK} 연계 제품 시험"
    shares = [{"role": "total", "eok": eok, "of": longer}, {"role": "annual", "eok": 3, "of": longer, "part_of": eok}]
    return [
        says("1", "article", [{"role": "total", "eok": 30}]),
        says("2", "announcement", shares, programmes={longer: {}}, **change),
    ]


def test_the_same_sum_under_a_longer_name_counts_once(settings: Settings) -> None:
    assert money(settings, named_twice(30)) == [
        (DOCK, "2026", "total", 30),
        (f"{DOCK} 연계 제품 시험", "2026", "annual", 3),
    ]
    beside = asked(settings, "SELECT programme, krw / 1e8 FROM programme_money_statement WHERE set_aside = 'umbrella'")
    assert beside == [(f"{DOCK} 연계 제품 시험", 30)]


@pytest.mark.parametrize(("eok", "region"), [(31, "경남"), (30, "전남")])
def test_another_sum_or_region_under_a_longer_name_counts_beside_it(
    settings: Settings, eok: float, region: str
) -> None:
    rows = money(settings, named_twice(eok, region=region))
    assert [row[3] for row in rows if row[2] == "total"] == [30, eok]


def test_a_sum_that_many_programmes_of_a_region_have_ties_none(settings: Settings) -> None:
    others = [f"{word}{ending} 사업화" for word in ("나래", "다온", "라온", "마루") for ending in "강산들길섬"]
    papers = [
        says(str(n), "announcement", [{"role": "total", "eok": 30, "of": name}], programmes={name: {}}, title=name)
        for n, name in enumerate(others, 3)
    ]
    rows = money(settings, [*named_twice(30), *papers])
    assert sum(row[3] for row in rows if row[2] == "total") == 30 * 22


def test_sums_of_one_name_in_two_regions_are_two_programmes(settings: Settings) -> None:
    papers = [
        says(region, "announcement", [{"role": "total", "eok": 10}], region=region, title=f"{region} 모집")
        for region in ("경남", "전남")
    ]
    assert len(money(settings, papers)) == 2


def test_funding_sources_go_with_the_total_that_counts(settings: Settings) -> None:
    two = [{"role": "total", "eok": 60}, {"role": "national", "eok": 40, "part_of": 60}]
    two += [{"role": "total", "eok": 20}, {"role": "national", "eok": 15, "part_of": 20}]
    assert money(settings, [says("1", "announcement", two)]) == [
        (DOCK, "2026", "national", 40),
        (DOCK, "2026", "total", 60),
    ]


def test_the_rounded_sum_of_a_headline_is_not_added_though_it_names_the_programme_otherwise(settings: Settings) -> None:
    sums = [{"role": "total", "eok": 183, "of": "가온 센터"}, {"role": "total", "eok": 182.6}]
    sums.append({"role": "total", "eok": 18, "of": "가온 센터"})
    article = says("1", "article", sums, programmes={"가온 센터": {}, DOCK: {}})
    assert money(settings, [article]) == [(DOCK, "2026", "total", 182.6), ("가온 센터", "2026", "total", 18)]
