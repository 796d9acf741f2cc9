"""One call, told in several places: what is linked, why, and what a person may say against it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from gonggo.errors import DataFileError
from gonggo.model import announcement_key
from gonggo.settings import Settings
from gonggo.warehouse import load
from gonggo.warehouse.governments import government_names
from gonggo.warehouse.link import PINS, link
from gonggo.warehouse.marts import build_marts, verify_marts
from gonggo.warehouse.publish import publish
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.writer import writer
from tests.warehouse.batches import batch, day, document, evidence, paper

TITLE = "경남 제조 AI 실증 지원사업 모집공고"
NAME = "경남 자율제조 로봇 실증"


def ask(settings: Settings, sql: str, pins: Path = PINS) -> list[tuple]:
    load.load_batches(settings)
    link(settings, pins)
    build_marts(settings)
    publish(settings)
    with closing(open_snapshot(settings)) as con:
        return con.execute(sql).fetchall()


def linked(settings: Settings, sql: str, pins: Path = PINS) -> list[tuple]:
    """What the tables of the writer hold once it is linked; without marts and publication."""
    load.load_batches(settings)
    link(settings, pins)
    with writer(settings) as con:
        return con.execute(sql).fetchall()


def calls(settings: Settings) -> list[list[str]]:
    """The announcements of each call, by their numbers."""
    rows = linked(
        settings, "SELECT list(native_id ORDER BY native_id) FROM announcement GROUP BY notice_key ORDER BY 1"
    )
    return [row[0] for row in rows]


def sited(source: str, number: str, title: str, closes: str | None = day(3), **change):
    return document(source, number, title, closes, **change)


def named(number: str, *organisations: tuple[str, list[str]], programmes: tuple[str, ...] = (), **dates):
    """A document that names organisations with their short forms, and programmes."""
    text = " ".join([name for name, _ in organisations] + list(programmes))
    announcement = paper(
        number, f"{number}번째 소식입니다", text, organisations=[(name, "host") for name, _ in organisations]
    )
    for entry, (_, aliases) in zip(announcement["record"]["organisations"], organisations, strict=True):
        entry["aliases"] = aliases
    announcement["record"]["programmes"] = [
        {"name": name, "aliases": [], "type": "adoption", "status": "open", "start": None, "end": None, **dates}
        | {"evidence": evidence(announcement["record"]["text"], name)}
        for name in programmes
    ]
    return announcement


def together(settings: Settings) -> list[list[str]]:
    """The names that are one organisation, as they are matched."""
    rows = linked(
        settings,
        "SELECT list(alias_norm ORDER BY alias_norm) FROM organisation_alias GROUP BY organisation_key ORDER BY 1",
    )
    return [row[0] for row in rows]


def text_with_total(number: str, title: str, total: int, kind: str = "announcement", **facts):
    body = f"{NAME} 총사업비 {total}억"
    amounts = [(f"총사업비 {total}억", total * 10**8, "total", NAME)]
    return paper(number, title, body, kind=kind, programmes=[(NAME, "demonstration", "open")], amounts=amounts, **facts)


def test_an_article_about_a_call_joins_it_and_its_money_is_not_counted_again(settings: Settings) -> None:
    call, piece = text_with_total("1", f"{NAME} 공고", 151), text_with_total("2", "로봇 실증 시작된다", 152, "article")
    batch(settings, "bizinfo", "r1", [call, piece])
    links = ask(settings, "SELECT reason, score FROM notice_link")
    assert links == [("press_names_programme", 0.9)]
    assert ask(settings, "SELECT krw FROM notice_amount WHERE role = 'total'") == [(151 * 10**8,)]
    assert ask(settings, "SELECT title FROM notice") == [(f"{NAME} 공고",)]


@pytest.mark.parametrize(
    "change", [{"region": "제주"}, {"posted": day(-300)}], ids=["another region", "another season"]
)
def test_an_article_of_elsewhere_or_another_season_stays_alone(settings: Settings, change: dict) -> None:
    batch(
        settings,
        "bizinfo",
        "r1",
        [text_with_total("1", f"{NAME} 공고", 151), text_with_total("2", "로봇 실증", 152, "article", **change)],
    )
    assert ask(settings, "SELECT count(*) FROM notice") == [(2,)]


def test_a_name_that_two_calls_have_links_no_article(settings: Settings) -> None:
    calls = [text_with_total("1", f"{NAME} 1차 공고", 151), text_with_total("3", f"{NAME} 추가 공고", 20)]
    batch(settings, "bizinfo", "r1", [*calls, text_with_total("2", "로봇 실증", 152, "article")])
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
    asked = (
        "SELECT a.native_id, l.reason FROM notice_link AS l JOIN announcement AS a USING (announcement_key) ORDER BY 1"
    )
    links = linked(settings, asked, pins)
    assert ("5", "pinned") in links and "7" not in dict(links)


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
    return linked(settings, "SELECT count(DISTINCT notice_key) FROM announcement")[0][0]


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
    assert linked(settings, "SELECT DISTINCT reason FROM notice_link") == [("same_file",)]
    assert ask(
        settings,
        "SELECT count(*), count(DISTINCT l.notice_key) FROM notice_link AS l JOIN notice AS n USING (notice_key)",
    ) == [(2, 1)]


@pytest.mark.parametrize(
    "other",
    [
        filed("gtp", "2", ONE, file="b", agency="기업마당"),
        filed("gtp", "2", "경남 바이오 헬스 인력양성 과정", agency="경남테크노파크"),
        filed("gtp", "2", ONE, role="form", agency="기업마당"),
        filed("bizinfo", "2", ONE),
        filed("gtp", "2", f"{ONE} (2차)"),
    ],
    ids=["another file", "another title", "a form", "one site", "another round"],
)
def test_a_file_alone_says_too_little(settings: Settings, other: dict) -> None:
    first = filed("bizinfo", "1", f"{ONE} (1차)" if "2차" in other["title"] else ONE)
    assert notices(settings, first, other) == 2


@pytest.mark.parametrize(("days", "joined"), [(60, True), (61, False)])
def test_a_file_that_is_posted_months_apart_is_of_two_calls(settings: Settings, days: int, joined: bool) -> None:
    documents = [filed("bizinfo", "1", ONE), filed("gtp", "2", ONE)]
    for one, posted in zip(documents, (day(-days), day(0)), strict=True):
        one["record"]["published_on"] = {"value": posted, "evidence": {"field": "posted_on", "quote": posted}}
    assert notices(settings, *documents) == (1 if joined else 2)


def test_an_empty_file_and_files_of_what_is_no_call_say_nothing(settings: Settings) -> None:
    empty, story, beside = (filed("gtp", number, ONE, agency="기업마당") for number in ("2", "3", "4"))
    empty["attachments"][0]["bytes"] = 0
    story["record"]["kind"]["value"] = "article"
    beside["record"]["relevant"]["value"] = False
    for other in (empty, story, beside):
        batch(settings, other["source"], f"r{other['native_id']}", [other])
    batch(settings, "bizinfo", "r1", [filed("bizinfo", "1", ONE)])
    assert linked(settings, "FROM notice_link") == []


@pytest.mark.parametrize(
    ("title", "agency", "joined"),
    [
        ("경남 제조 AI 검증 돌봄", "기업마당", False),
        ("경남 제조 AI 검증 돌봄", "경남테크노파크", True),
        ("경남 바다 AI 로봇", "경남테크노파크", False),
    ],
    ids=["alike, another agency", "alike, the same agency", "half alike, the same agency"],
)
def test_titles_that_are_somewhat_alike_need_the_same_agency(
    settings: Settings, title: str, agency: str, joined: bool
) -> None:
    documents = [filed("bizinfo", "1", "경남 제조 AI 실증"), filed("gtp", "2", title, agency=agency)]
    assert notices(settings, *documents) == (1 if joined else 2)
    if joined:
        assert linked(settings, "SELECT DISTINCT reason, score FROM notice_link") == [("same_file", 0.95)]


def test_a_file_under_many_titles_says_nothing(settings: Settings) -> None:
    agencies = ("경남테크노파크", "기업마당", "부산테크노파크", "전북테크노파크")
    titles = ("경남 제조 AI 실증 공고", "경남 제조 AI 실증 모집", "경남 제조 AI 실증 안내", "경남 제조 AI 실증 접수")
    sources = ("bizinfo", "gtp", "btp", "jbba")
    documents = [
        filed(source, str(at), title, agency=agency)
        for at, (source, title, agency) in enumerate(zip(sources, titles, agencies, strict=True), 1)
    ]
    assert notices(settings, *documents[:3]) == 1
    assert notices(settings, documents[3]) == 4


def test_one_without_a_closing_day_does_not_join_two_that_have_others(settings: Settings) -> None:
    documents = [filed("bizinfo", "1", ONE, day(3)), filed("gtp", "2", ONE), filed("btp", "3", ONE, day(8))]
    assert notices(settings, *documents) == 3


# ── the same call on several sites ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TITLE, TITLE),
        (TITLE, f"[경남] {TITLE}"),
        (TITLE, f"【경남】{TITLE}"),
        (TITLE, "경남 제조 ai 실증 지원사업 - 모집공고!"),
        (TITLE, "경남제조AI실증지원사업모집공고"),
        ("가나다라마바사아", "가나다라마바사아"),
    ],
)
def test_one_call_on_two_sites_is_one_whatever_signs_its_title_bears(settings: Settings, one: str, other: str) -> None:
    batch(settings, "bizinfo", "r1", [sited("bizinfo", "1", one)])
    batch(settings, "gtp", "r1", [sited("gtp", "2", other)])
    assert calls(settings) == [["1", "2"]]
    assert linked(settings, "SELECT reason, score, count(*) FROM notice_link GROUP BY ALL") == [("same_call", 1.0, 2)]


@pytest.mark.parametrize(
    ("title", "other", "closes"),
    [
        (TITLE, TITLE, day(4)),
        (TITLE, "경남 제조 AI 실증 지원사업 추가 모집공고", day(3)),
        ("AI 모집공고", "AI 모집공고", day(3)),
    ],
    ids=["another day", "another title", "a title too short to tell"],
)
def test_what_differs_or_is_too_short_to_tell_stays_apart(
    settings: Settings, title: str, other: str, closes: str
) -> None:
    batch(settings, "bizinfo", "r1", [sited("bizinfo", "1", title)])
    batch(settings, "gtp", "r1", [sited("gtp", "2", other, closes)])
    assert calls(settings) == [["1"], ["2"]]
    assert linked(settings, "FROM notice_link") == []


def test_calls_of_two_regions_or_of_two_agencies_without_a_last_day_stay_apart(settings: Settings) -> None:
    rows = [
        sited("bizinfo", "1", TITLE, None, listed={"agency": "경남테크노파크"}),
        sited("bizinfo", "2", TITLE),
        sited("bizinfo", "4", TITLE),
    ]
    rows[2]["record"]["regions"][0]["name"] = "제주"
    batch(settings, "bizinfo", "r1", rows)
    batch(settings, "gtp", "r1", [sited("gtp", "3", TITLE, None)])
    # The third has no last day and the agency of the second.
    assert calls(settings) == [["1"], ["2", "3"], ["4"]]


def test_a_site_of_one_region_says_where_a_call_without_a_place_is(settings: Settings) -> None:
    """btp is a site of 부산, bizinfo one of the whole country."""
    rows = [sited(source, number, TITLE) for source, number in (("btp", "1"), ("bizinfo", "2"), ("bizinfo", "3"))]
    for row in rows[:2]:
        row["record"]["regions"] = []
    rows[1]["listed"] = {"agency": "중소벤처기업부"}
    rows[2]["record"]["regions"][0]["name"] = "부산"
    for row in rows:
        batch(settings, row["source"], f"r{row['native_id']}", [row])
    assert calls(settings) == [["1", "3"], ["2"]]


def test_links_are_rebuilt_when_a_call_changes(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [sited("bizinfo", "1", TITLE)])
    batch(settings, "gtp", "r1", [sited("gtp", "2", TITLE)])
    assert calls(settings) == [["1", "2"]]
    moved = sited("gtp", "2", TITLE, day(9), at="2026-01-03T09:00:00+09:00", content_hash="another")
    batch(settings, "gtp", "r2", [moved])
    assert calls(settings) == [["1"], ["2"]]
    assert linked(settings, "FROM notice_link") == []


# ── articles about a call ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["article", "press_release"])
@pytest.mark.parametrize("days", [-125, 115])
def test_an_article_of_the_season_joins_the_call(settings: Settings, kind: str, days: int) -> None:
    batch(
        settings,
        "bizinfo",
        "r1",
        [text_with_total("1", f"{NAME} 공고", 151), text_with_total("2", "로봇 실증", 152, kind, posted=day(days))],
    )
    assert calls(settings) == [["1", "2"]]


@pytest.mark.parametrize(("kind", "days"), [("article", -126), ("article", 116), ("opinion", -5), ("statistics", -5)])
def test_what_is_no_news_or_of_another_season_joins_none(settings: Settings, kind: str, days: int) -> None:
    batch(
        settings,
        "bizinfo",
        "r1",
        [text_with_total("1", f"{NAME} 공고", 151), text_with_total("2", "로봇 실증", 152, kind, posted=day(days))],
    )
    assert calls(settings) == [["1"], ["2"]]


@pytest.mark.parametrize(("name", "joined"), [("가나 AI 실증", False), ("가나다라 AI 실증", True)])
def test_a_short_name_is_too_common_to_join_by(settings: Settings, name: str, joined: bool) -> None:
    batch(
        settings,
        "bizinfo",
        "r1",
        [
            paper("1", f"{name} 참여기업 공고", name, programmes=[(name, "demonstration", "open")]),
            paper("2", "실증이 시작된다", name, kind="article", programmes=[(name, "demonstration", "open")]),
        ],
    )
    assert calls(settings) == ([["1", "2"]] if joined else [["1"], ["2"]])


def test_an_article_that_names_two_calls_joins_neither_and_what_is_irrelevant_joins_none(settings: Settings) -> None:
    other = "경남 항공부품 인공지능 검사"
    both = paper(
        "3", "두 사업", f"{NAME} {other}", kind="article",
        programmes=[(NAME, "demonstration", "open"), (other, "adoption", "open")],
    )  # fmt: skip
    beside = text_with_total("4", "로봇 실증", 152, "article")
    beside["record"]["relevant"] = {"value": False}
    second = paper("2", f"{other} 공고", other, programmes=[(other, "adoption", "open")])
    batch(settings, "bizinfo", "r1", [text_with_total("1", f"{NAME} 공고", 151), second, both, beside])
    assert calls(settings) == [["1"], ["2"], ["3"], ["4"]]


# ── organisations and programmes ────────────────────────────────────────────────────────────────────────────────────


def test_a_short_form_is_the_full_name_that_most_texts_give_it(settings: Settings) -> None:
    batch(
        settings,
        "bizinfo",
        "r1",
        [
            named("1", ("가람산업진흥원", ["가진원"])),
            named("2", ("가람산업진흥원", ["가진원"])),
            named("3", ("가온진흥원", ["가진원"])),
            named("4", ("가진원", [])),
        ],
    )
    assert together(settings) == [["가람산업진흥원", "가진원"], ["가온진흥원"]]
    rows = linked(settings, "SELECT name, mentions FROM organisation ORDER BY 1")
    assert rows == [("가람산업진흥원", 3), ("가온진흥원", 1)]


def test_a_short_form_of_two_organisations_that_is_given_equally_often_is_neither(settings: Settings) -> None:
    batch(
        settings,
        "bizinfo",
        "r1",
        [
            named("1", ("가람산업진흥원", ["가진원"])),
            named("2", ("가온진흥원", ["가진원"])),
            named("3", ("가진원", [])),
        ],
    )
    assert together(settings) == [["가람산업진흥원"], ["가온진흥원"], ["가진원"]]


def test_a_short_form_that_stands_nowhere_alone_is_known_too(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [named("1", ("(재)가람산업진흥원", ["가진원", "㈜", "가람산업진흥원"]))])
    assert together(settings) == [["가람산업진흥원", "가진원"]]
    assert linked(settings, "SELECT alias FROM organisation_alias WHERE alias_norm = '가진원'") == [("가진원",)]


def test_the_signs_of_a_form_of_company_make_no_other_organisation(settings: Settings) -> None:
    batch(
        settings,
        "bizinfo",
        "r1",
        [named(str(n), (name, [])) for n, name in enumerate(("㈜한결AI", "한결 AI", "(주)한결ai"), 1)],
    )
    assert together(settings) == [["한결ai"]]
    assert linked(settings, "SELECT mentions FROM organisation") == [(3,)]


def test_a_short_form_of_a_short_form_is_taken_one_step_far(settings: Settings) -> None:
    batch(
        settings,
        "bizinfo",
        "r1",
        [named("1", ("가람산업진흥원", ["가진원"])), named("2", ("가진원", ["가원"])), named("3", ("가원", []))],
    )
    assert ["가람산업진흥원", "가진원"] in together(settings)


def test_an_acronym_of_another_known_organisation_is_a_conflict_and_the_acronym_decides(settings: Settings) -> None:
    batch(
        settings,
        "bizinfo",
        "r1",
        [named("1", ("한국과학기술연구원", ["KAIST"])), named("2", ("한국과학기술연구원", ["KIST"]))],
    )
    conflicts = linked(settings, "SELECT * EXCLUDE fact_id FROM organisation_alias_conflict")
    assert conflicts == [("한국과학기술연구원", "KAIST", "한국과학기술원")]
    assert {"한국과학기술원"} <= {name for group in together(settings) for name in group}
    # Linked again, the same conflict is listed once.
    batch(settings, "bizinfo", "r2", [named("3", ("가람산업진흥원", []))])
    assert linked(settings, "SELECT * EXCLUDE fact_id FROM organisation_alias_conflict") == conflicts


def test_a_government_is_one_organisation_under_its_official_name(settings: Settings) -> None:
    names = (
        "경남도",
        "경남도",
        "경남도청",
        "경상남도의회",
        "울산시",
        "울산광역시",
        "강원도",
        "서울 중구",
        "중구",
        "광주시",
    )
    batch(settings, "bizinfo", "r1", [named(str(n), (name, [])) for n, name in enumerate(names, 1)])
    found = "SELECT name, mentions FROM organisation ORDER BY 1"
    assert linked(settings, found) == [
        *[("강원특별자치도", 1), ("경상남도", 3), ("경상남도의회", 1), ("광주시", 1)],
        *[("서울특별시 중구", 1), ("울산광역시", 2), ("중구", 1)],
    ]
    aliases = "SELECT list(alias ORDER BY alias) FROM organisation_alias JOIN organisation USING (organisation_key)"
    assert linked(settings, f"{aliases} WHERE name = '경상남도'") == [
        (["경남", "경남도", "경남도청", "경상남도", "경상남도청"],)
    ]
    assert linked(settings, f"{aliases} WHERE name = '서울특별시 중구'") == [
        (["서울 중구", "서울시 중구", "서울특별시 중구"],)
    ]


def test_what_texts_say_makes_no_other_body_of_a_government(settings: Settings) -> None:
    texts = [("가람테크노파크", ["경남도"]), ("울산광역시청", ["울산시", "본청"]), ("경상남도", []), ("본청", [])]
    batch(settings, "bizinfo", "r1", [named(str(n), text) for n, text in enumerate(texts, 1)])
    assert linked(settings, "SELECT name, mentions FROM organisation ORDER BY 1") == [
        ("가람테크노파크", 1),
        ("경상남도", 1),
        ("울산광역시", 2),
    ]


def test_a_government_takes_part_under_one_name_whichever_text_came_first(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [named("1", ("경남도", []))])
    taking_part = "SELECT organisation, written FROM participation ORDER BY 2"
    assert ask(settings, taking_part) == [("경상남도", "경남도")]
    batch(settings, "bizinfo", "r2", [named("2", ("경상남도", [])), named("3", ("경상남도청", []))])
    rows = ask(settings, taking_part)
    assert rows == [("경상남도", "경남도"), ("경상남도", "경상남도"), ("경상남도", "경상남도청")]
    assert ask(settings, "SELECT organisation, calls FROM organisation_role") == [("경상남도", 3)]
    assert verify_marts(settings)["differences"] == {}


def test_a_name_of_a_government_is_the_name_of_one_alone() -> None:
    rows = government_names()
    official_by_name: dict[str, set[str]] = {}
    for row in rows:
        official_by_name.setdefault(row["name"].replace(" ", ""), set()).add(row["official"])
    assert [name for name, official in official_by_name.items() if len(official) > 1] == []
    assert official_by_name["경북군위군"] == official_by_name["대구시군위군"] == {"군위군"}
    assert not {"광주시", "중구", "중구청", "고성군"} & official_by_name.keys()
    assert official_by_name["전라남도"] == {"전라남도"}


def test_programmes_are_one_over_their_years(settings: Settings) -> None:
    batch(
        settings,
        "bizinfo",
        "r1",
        [
            named("1", programmes=("가람 AI 바우처 지원사업",), start="2025-03", end="2026-01"),
            named("2", programmes=("2026년 가람 AI 바우처",), start="2026-03", end="2027-12-31"),
            named("3", programmes=("가람 AI 바우처 지원사업",), start="2024-05", end="2024-09"),
            named("4", programmes=("「」",)),
        ],
    )
    rows = linked(settings, "SELECT name, name_norm, mentions, first_year, last_year FROM programme")
    assert [(name, norm, mentions, str(first), str(last)) for name, norm, mentions, first, last in rows] == [
        ("가람 AI 바우처 지원사업", "가람ai바우처", 3, "2024", "2027")
    ]


def test_a_name_shows_as_most_texts_write_it_and_one_of_signs_alone_is_none(settings: Settings) -> None:
    names = ("한결AI", "한결 AI", "한결 AI", "(주)")
    batch(settings, "bizinfo", "r1", [named(str(n), (name, [])) for n, name in enumerate(names, 1)])
    assert linked(settings, "SELECT alias, alias_norm FROM organisation_alias") == [("한결 AI", "한결ai")]
    assert linked(settings, "SELECT name, mentions FROM organisation") == [("한결 AI", 3)]


def test_what_no_text_says_any_more_is_no_organisation_and_no_programme(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [named("1", ("가람산업진흥원", ["가진원"]), programmes=("가람 AI 실증",))])
    assert together(settings) == [["가람산업진흥원", "가진원"]]
    other = named("1", ("나래진흥원", []), programmes=("나래 AI 교육",))
    batch(
        settings, "bizinfo", "r2", [{**other, "retrieved_at": "2026-01-03T09:00:00+09:00", "content_hash": "another"}]
    )
    current = "SELECT name FROM organisation UNION ALL SELECT name FROM programme ORDER BY 1"
    once = linked(settings, current)
    link(settings)
    assert linked(settings, current) == once and len(once) == len(set(once))


def test_an_article_that_names_two_programmes_of_one_call_joins_it(settings: Settings) -> None:
    second = "경남 항공부품 인공지능 검사"
    both = [(NAME, "demonstration", "open"), (second, "adoption", "open")]
    call = paper("1", f"{NAME} 공고", f"{NAME} {second}", programmes=both)
    batch(settings, "bizinfo", "r1", [call, paper("2", "두 사업", f"{NAME} {second}", kind="article", programmes=both)])
    assert calls(settings) == [["1", "2"]]


def test_a_pin_takes_the_place_of_the_link_that_was_found(settings: Settings, tmp_path: Path) -> None:
    batch(
        settings, "bizinfo", "r1", [sited("bizinfo", "1", TITLE), sited("bizinfo", "3", "경남 항공 AI 교육생 모집공고")]
    )
    batch(settings, "gtp", "r1", [sited("gtp", "2", TITLE)])
    pins = tmp_path / "pins.yaml"
    pins.write_text("same:\n- [bizinfo/3, gtp/2]\n")
    asked = "SELECT a.native_id, notice_link.reason FROM notice_link JOIN announcement AS a USING (announcement_key) ORDER BY ALL"
    assert linked(settings, asked, pins) == [("1", "same_call"), ("2", "pinned")]


# ── without a file, and without a closing day ───────────────────────────────────────────────────────────────────────


PROGRAMME = "경남 자율제조 로봇 실증"


def owned(source: str, number: str, title: str, closes: str | None = None, **change) -> dict:
    """An announcement of a programme that it names, by the agency of its list row."""
    posted, programme = change.pop("posted", day(-5)), change.pop("programme", PROGRAMME)
    agency, opens = change.pop("agency", "경남테크노파크"), change.pop("opens", None)
    announcement = paper(
        number, title, programme, programmes=[(programme, "demonstration", "open")], posted=posted, **change
    )
    application = {
        edge: {"value": value, "evidence": {"field": edge, "quote": value}} if value else None
        for edge, value in (("opens_at", opens), ("closes_at", closes))
    }
    announcement["record"]["application"] = application
    return announcement | {"source": source, "key": announcement_key(source, number), "listed": {"agency": agency}}


FIRST = owned("bizinfo", "1", "경남 로봇 실증 참여기업 모집 공고", day(9), opens=day(-4))


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (FIRST, owned("gtp", "2", "로봇 자율제조 실증 지원사업", day(9)), "same_programme"),
        (FIRST, owned("gtp", "2", "로봇 자율제조 실증 지원사업"), "same_programme"),
        (FIRST, owned("gtp", "2", "경남 로봇 실증 참여기업 모집 공고", programme="로봇"), "same_title"),
    ],
    ids=["the programme, the agency and the window", "no closing day", "the title, no closing day"],
)
def test_a_call_is_found_without_a_file(settings: Settings, one: dict, other: dict, reason: str) -> None:
    assert notices(settings, one, other) == 1
    assert ("gtp", reason) in linked(
        settings, "SELECT a.source, l.reason FROM notice_link AS l JOIN announcement AS a USING (announcement_key)"
    )


@pytest.mark.parametrize(
    "other",
    [
        owned("gtp", "2", "로봇 자율제조 실증 지원사업", agency="부산테크노파크"),
        owned("gtp", "2", "로봇 자율제조 실증 지원사업", day(10)),
        owned("gtp", "2", "로봇 자율제조 실증 지원사업", opens=day(-1)),
        owned("gtp", "2", "로봇 자율제조 실증 지원사업", region="제주"),
        owned("gtp", "2", "로봇 자율제조 실증 지원사업", posted=day(-36)),
        owned("gtp", "2", "로봇 자율제조 실증 지원사업 2차"),
        owned("gtp", "2", "바이오 헬스 인력양성 과정"),
        owned("bizinfo", "2", "로봇 자율제조 실증 지원사업"),
        owned("gtp", "2", "로봇 자율제조 실증 지원사업", kind="article", region="제주"),
    ],
    ids=["agency", "closing day", "first day", "region", "a month apart", "round", "title", "one site", "article"],
)
def test_a_programme_alone_says_too_little(settings: Settings, other: dict) -> None:
    first = owned("bizinfo", "1", "경남 로봇 실증 참여기업 모집 공고 1차", day(9), opens=day(-4))
    assert notices(settings, first if "2차" in other["title"] else FIRST, other) == 2


def test_a_programme_that_a_site_calls_twice_at_once_says_nothing(settings: Settings) -> None:
    twice = [owned("gtp", "2", "로봇 실증 수요기업 모집"), owned("gtp", "3", "로봇 실증 공급기업 모집")]
    assert notices(settings, FIRST, *twice) == 3
