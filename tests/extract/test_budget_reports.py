"""Reports on a budget: what the state gives a region in a year, or what a government spends, and the items of both."""

import pytest

from gonggo.extract import budget_reports, money
from gonggo.extract.doc import Doc
from gonggo.extract.record import extract

DAY = {"posted_on": "2026-12-05"}
STATE = (
    "나루도, 내년 국비 90억 더 따냈다\n\n나루도는 2027년도 정부 예산안이 국회를 거치며 인공지능 등 6개 사업에서 국비 90억 원을 더 따냈다고 "
    "5일 밝혔다.\n도 사업 5건이 37억 원, 나라가 바로 주는 사업 1건이 53억 원이다.\n"
    "새로 들어간 것은 △나루 AI 푸드랩 구축(14억 원) △나루권 인공지능(AI) 대전환 사업(6억 원) △갯벌 로봇 실증센터 조성(6억 원) 등이다.\n"
)
TOTALS = (
    "전남도가 인공지능(AI) 산업에 쓸 내년 국비 640억원을 따냈다고 밝혔다.\n"
    "내역을 보면 ▲가람 AI 관제센터 구축 42억원(총사업비 310억원) ▲단비 AI 조선소 실증 17억원(총사업비 96억원) ▲다솜 AI 전력망 구축 23억원(총사업비 "
    "150억원)이다.\n도는 2027년 국비를 디딤돌로 삼는다.\n"
)
OWN = (
    "다솜시의회 추경 2조1400억 원안 의결\n\n다솜시의회가 1300억원을 늘린 제2회 추가경정예산안을 집행부가 낸 그대로 의결했다.\n"
    "시의회는 기정예산 2조100억원보다 6.5% 많은 2조1400억원을 통과시켰다.\n"
    "미래산업에서는 인공지능(AI) 실증랩 구축 13억원과 AI 교통 기획 2억원이 남았다.\n하천 정비 74억원, 도로 확장 38억원도 그대로다.\n"
)


def amounts(text, fields=DAY):
    record = extract(text, id="x", fields=fields)
    assert record.is_relevant
    return {entry.krw // 100_000_000: entry for entry in record.amounts}


def roles(text):
    return {amount.krw // 100_000_000: amount.role for amount in money.find(Doc("x", text), "article")}


def test_what_a_report_on_money_won_from_the_state_lists_is_of_the_state_for_that_year():
    read = amounts(STATE)
    assert {krw: (read[krw].role, read[krw].year) for krw in (90, 37, 53, 14, 6)} == dict.fromkeys(
        (90, 37, 53, 14, 6), ("national", "2027")
    )
    assert {read[krw].part_of for krw in (37, 53, 14, 6)} == {9_000_000_000}
    assert read[90].programme is read[37].programme is None


def test_a_list_in_a_sentence_repeats_a_sum_for_each_of_its_items():
    record = extract(STATE, id="x", fields=DAY)
    assert len({entry.programme for entry in record.amounts if entry.krw == 600_000_000}) == 2


def test_the_totals_in_the_brackets_of_such_a_list_are_of_no_year():
    read = amounts(TOTALS, {})
    assert [(read[krw].role, read[krw].year) for krw in (640, 42, 17, 23)] == [("national", "2027")] * 4
    assert [(read[krw].role, read[krw].year) for krw in (310, 96, 150)] == [("total", None)] * 3
    assert [read[krw].part_of for krw in (42, 17, 23)] == [31_000_000_000, 9_600_000_000, 15_000_000_000]


def test_what_a_report_on_the_budget_of_a_year_lists_is_of_that_year_and_part_of_it():
    read = amounts(OWN)
    assert {entry.role for entry in read.values()} == {"annual"}
    assert {entry.year for entry in read.values()} == {"2026"}
    assert [read[krw].part_of for krw in (1300, 13, 2, 74, 38)] == [2_140_000_000_000] * 5
    assert read[21400].part_of is None


def test_the_largest_item_is_no_whole_of_those_before_it():
    read = amounts(
        "창원시의 2027년도 예산안이 시의회를 통과했다. 인공지능(AI) 실증 지원 12억 원, AI 교육 6억 원이 담겼다. 도로에는 95억 원을 쓴다."
    )
    assert {krw: (entry.year, entry.part_of) for krw, entry in read.items()} == dict.fromkeys(
        (12, 6, 95), ("2027", None)
    )


def test_the_money_of_the_state_that_a_lead_compares_with_is_of_the_state():
    text = "나루도의 인공지능 사업 7건에 2027년 국비 90억 원이 반영됐다. 이는 올해 54억원보다 36억원 늘어난 규모다."
    assert roles(text)[54] == "national"


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("나루시는 ‘가람 AI 실증’ 공모에 뽑혀 국비 37억 원을 확보했다.", None),
        ("나루도가 2027년 국비 410억 원을 챙겼다.", "national"),
        ("나루시의회는 2027년도 본예산을 심의하면서 순서를 따졌다.", "annual"),
        ("나루시는 AI 관련 예산을 지난해보다 9% 늘어난 84억 원으로 짰다.", "annual"),
        ("나루시의 2027년도 예산안이 3일 시의회를 통과했다.", "annual"),
        ("나루시는 2029년까지 국비 37억 원을 확보해 로봇을 들인다.", None),
        ("나루시는 공장에 로봇을 들인다. 사업비는 20억 원이다.", None),
    ],
)
def test_only_the_lead_of_a_report_on_a_budget_says_so(text, role):
    report = budget_reports.of(Doc("x", text))
    assert (report and report.role) == role


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Called a whole, or of several years.
        ("나루시의회가 2027년도 예산안을 의결했다. 로봇 센터에는 2029년까지 60억 원이 든다.", {60: "total"}),
        ("나루시의회가 2027년도 예산안을 의결했다. 로봇 센터는 총사업비 60억 원 규모다.", {60: "total"}),
        # Put in the budget of a year, whatever the text is about.
        ("시는 60개 사업을 모두 208억 원으로 2027년 본예산안에 담았다.", {208: "annual"}),
        # No money of a programme.
        ("시는 지역화폐 1000억 원 발행을 목표로 잡았다.", {1000: "other"}),
    ],
)
def test_words_of_a_whole_of_a_budget_or_of_a_target_come_first(text, expected):
    assert roles(text) == expected
