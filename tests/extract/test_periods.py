"""When programmes begin and end: what prose ties to one of several names, and what a call says of itself and its tracks."""

import pytest

from gonggo.extract import programme_period, prose_periods
from gonggo.extract.doc import Doc, Span
from gonggo.extract.layout import read

DAY = {"posted_on": "2026-07-06"}


def periods(text, *names, fields=DAY):
    return prose_periods.find(Doc("x", text, fields), [[name] for name in names])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("‘가람 AI 사업’(2024~2028년, 50억)을 벌인다.", ("2024", "2028")),
        ("‘가람 AI 사업’(2026∼30년)을 벌인다.", ("2026", "2030")),
        ("‘가람 AI 사업’을 2026년부터 2028년까지 추진한다.", ("2026", "2028")),
        ("‘가람 AI 사업’을 ’26년 3월 ~ ’27년 2월 벌인다.", ("2026-03", "2027-02")),
        ("‘가람 AI 사업’을 2029년 12월까지 마친다.", (None, "2029-12")),
        ("시는 ‘가람 AI 사업’을 6월 3일부터 7월 4일까지 연다.", ("2026-06-03", "2026-07-04")),
        ("시는 ‘가람 AI 사업’을 6월 3~5일 연다.", ("2026-06-03", "2026-06-05")),
        ("‘가람 AI 사업’은 올해 6월부터 내년 2월까지 한다.", ("2026-06", "2027-02")),
        ("내년 3월부터 2년 동안 ‘가람 AI 사업’을 한다.", ("2027-03", "2029-02")),
        ("2026년부터 3년간 ‘가람 AI 사업’을 한다.", ("2026", "2028")),
        ("‘가람 AI 사업’을 2027년부터 벌인다.", ("2027", None)),
        ("‘가람 AI 사업’을 2027년 1월부터 12월까지 벌인다.", ("2027-01", "2027-12")),
        ("‘가람 AI 사업’을 2027년 13월부터 벌인다.", (None, None)),
        ("2022년 시작한 ‘가람 AI 사업’은 지난 4월 취소됐다.", ("2022", "2026-04")),
        ("지난해 문을 연 가람 AI 사업 옆에 또 짓는다.", ("2025", None)),
        ("시가 2022년에 ‘가람 AI 사업’을 시작했지만 접었다.", ("2022", None)),
        ("가람 AI 사업은 오는 9월 착수한다.", ("2026-09", None)),
    ],
)
def test_a_sentence_says_when_its_programme_begins_and_ends(text, expected):
    assert periods(text, "가람 AI 사업") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "‘가람 AI 사업’을 벌인다.",
        "‘가람 AI 사업’에 참여할 기업을 7월 22일부터 8월 9일까지 모집한다.",
        "‘가람 AI 사업’으로 2030년까지 생산성을 20% 높인다.",
        "‘가람 AI 사업’은 올해까지 412개사를 지원했다.",
        "‘가람 AI 사업’이 있다. 지난해 문을 연 데이터 구역은 붐빈다.",
        "‘2024 가람 AI 사업’에 참여한다.",
    ],
)
def test_windows_goals_and_what_is_said_of_others_are_no_periods(text):
    assert periods(text, "가람 AI 사업" if "2024" not in text else "2024 가람 AI 사업") == [(None, None)]


def test_last_year_is_told_by_the_day_of_the_document_alone():
    text = "지난해 시작한 ‘가람 AI 사업’은 2023년 계획에 있었다."
    assert periods(text, "가람 AI 사업", fields={}) == [(None, None)]
    assert periods(text, "가람 AI 사업") == [("2025", None)]


def test_each_of_several_programmes_has_its_own_period():
    text = (
        "가람 AI 사업은 2024년부터 2027년까지 한다. 나루 AI 센터는 2028년까지 짓는다.\n\n"
        "2022~2024년 운영한 다솜 AI 과정은 끝났다. 이 사업은 예산이 없다."
    )
    found = periods(text, "가람 AI 사업", "나루 AI 센터", "다솜 AI 과정")
    assert found == [("2024", "2027"), (None, "2028"), ("2022", "2024")]


def test_the_period_of_the_only_programme_may_stand_in_another_paragraph():
    text = "시는 ‘가람 AI 실증’에 참여할 기업을 정했다.\n\n예산은 13억원이다.\n\n실증 기간은 7월부터 내년 2월까지다."
    assert periods(text, "가람 AI 실증") == [("2026-07", "2027-02")]


def call(text, name=""):
    doc = Doc("x", text)
    at = text.find(name) if name else -1
    return programme_period.of_call(doc, Span(at, at + len(name), name))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("최대 4년(2년+2년)\n* 1차년도 기간은 ’26.7월∼12월(6개월)로 하되 조정될 수 있음", ("2026-07", "2029")),
        ("3년 9개월 이내, 1차년도: ’26. 4. ~ ’26. 12.", ("2026-04", "2029-12")),
        ("1차년도: ’26. 4. ~ ’26. 12.", ("2026-04", "2026-12")),
        ("’22년~’28년 / 총 60억원(’26년 10억원)", ("2022", "2028")),
    ],
)
def test_a_run_of_years_of_which_the_first_is_dated(value, expected):
    assert call(f"◦ (지원기간) {value}\n◦ (지원규모) 2개 과제") == expected


def test_a_label_for_period_and_money_is_one_of_a_period():
    assert call("□ 사업기간/예산(정부출연금): ’22년~’28년 / 총 60억원") == ("2022", "2028")
    assert [item.label for item in read("□ 총 사업기간 및 예산 : 2026. 1. ~ 2026. 12.").items] == ["period"]


def test_a_row_of_a_table_gives_its_track_a_period_and_not_the_call():
    text = (
        "□ 사업기간 : ’22년~’28년\n\n|번호|과제명|총 연구기간|과제 수|\n|1|가람 소자 개발|’26.4. ~ ’28.12.|1개|\n"
        "|2|나루 소자 개발|’26.4. ~ ’27.12.|1개|\n"
    )
    assert call(text, "나루 소자 개발") == ("2026-04", "2027-12")
    assert call(text) == ("2022", "2028")


@pytest.mark.parametrize(
    "text",
    [
        "□ 협약의 체결\n - (협약기간) 협약일 ~ ’26. 12. 31.\n - (협약내용) 지원 방식",
        "□ 지원개요\n - □ 기 간: 협약일로부터 ~ 2026. 12. 31.",
    ],
)
def test_the_run_from_the_day_of_the_agreement_counts_where_no_label_states_another(text):
    assert call(text) == (None, "2026-12-31")
    assert call("□ 사업기간 : 2026. 1. ~ 2026. 6.\n" + text) == ("2026-01", "2026-06")
