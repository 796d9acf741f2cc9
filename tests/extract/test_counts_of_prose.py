"""Counts by their labels, the nouns before them and their 만 and 천; what is forbidden or a department is none."""

import pytest

from gonggo.extract import quantities
from gonggo.extract.doc import Doc


def counts(text, kind="article"):
    return {(count.value, count.unit) for count in quantities.find(Doc("a", text), kind)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("◦ 지원과제 : 265개 내외", {(265, "projects")}),
        ("◦ 지원 기업 : 총 30개", {(30, "companies")}),
    ],
)
def test_a_label_says_what_is_counted(text, expected):
    assert counts("2026년 AI 지원사업 공고\n" + text, "announcement") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027년까지 거점을 10개로 늘린다.", {(10, "sites")}),
        ("쓰이지 않는 과제가 8개에 달했다.", {(8, "projects")}),
        ("정부예산에 인공지능 사업 7건이 반영됐다.", {(7, "projects")}),
        ("이용객이 7만5천 명에 머물렀다.", {(75_000, "people")}),
        ("대학은 해마다 150명을 길러낸다.", {(150, "people")}),
        ("목표는 30만 명이다.", {(300_000, "people")}),
        ("시는 1개 자유 과제와 6개 지정 과제를 돕는다.", {(1, "projects"), (6, "projects")}),
        ("시는 12개 기업 수요 과제를 돕는다.", {(12, "companies")}),
        ("실증과제로 총 5개를 선정했다.", {(5, "projects")}),
        ("AI 융복합기업 1000개 유치를 목표로 한다.", {(1000, "companies")}),
        ("1636개의 AI기업이 이름을 올렸다.", {(1636, "companies")}),
        ("스마트공장 3만개를 보급했다.", {(30_000, "sites")}),
        ("과학기술 분야 27개 사업이 뽑혔다.", {(27, "projects")}),
        ("돌봄 현장에 500개의 돌봄 로봇을 보급한다.", {(500, "items")}),
        ("카메라 84대 신규 설치로 넓힌다.", {(84, "items")}),
        ("13개 광역지방자치단체가 신청했다.", {(13, "organisations")}),
        ("올해는 과제 20건 이상을 AI 기술로 선정한다.", {(20, "projects")}),
        (
            "▲나루 공장(30개) ▲가람 공장(400개) 등에서 450개 내외 과제를 돕는다.",
            {(30, "projects"), (400, "projects"), (450, "projects")},
        ),
    ],
)
def test_prose_counts_by_the_noun_before_and_by_myriads(text, expected):
    assert counts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "‘농어업 AX 3종 세트’를 연다.",
        "최종 평가에서 80점을 넘긴 기업",
        "국책사업평가2팀에 묻는다.",
        "시행령 제2호의 사업",
    ],
)
def test_sets_marks_departments_and_articles_are_no_counts(text):
    assert counts(text) == set()


def test_what_an_applicant_may_not_exceed_is_no_count():
    assert counts("2026년 AI 지원사업 공고\n주관기관은 1개 과제만 신청 가능", "announcement") == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("교차로 신호를 바꾼다. 시는 38개 교차로에 이를 적용했다.", {(38, "sites")}),
        ("도내 16개 보건소에 판독기를 보급한다.", {(16, "sites")}),
        ("폐쇄분석실 9개실을 갖춘 센터가 문을 열었다.", {(9, "sites")}),
        ("오이 하우스 84동에 제어기를 달았다.", {(84, "sites")}),
        ("홀몸 노인 170가구에 로봇을 나눠 주었다.", {(170, "sites")}),
        ("어선 35척에 충돌예방 장치를 보급한다.", {(35, "items")}),
        ("성과가 좋은 제품 12개를 골라 구매한다.", {(12, "items")}),
        ("조선 기자재 업체 27곳이 참여한다.", {(27, "companies")}),
        # Cohorts, ages and gigawatts are none; devices of a round number are.
        ("지난 4기에는 9개사가 참여했다.", {(9, "companies")}),
        ("40대는 열에 넷이 써 봤다.", set()),
        ("순찰 로봇 40대는 올해 도입했다.", {(40, "items")}),
        ("2기가와트급 발전소를 짓는다.", set()),
    ],
)
def test_what_is_counted_by_more_counters(text, expected):
    assert {(count.value, count.unit) for count in quantities.find(Doc("x", text), "article")} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("□ 지원규모 : 총 12개 과제(산림 8, 어촌 4)", [12, 8, 4]),
        ("□ 모집인원 : 60명 (재직자 35, 대학생 25)", [60, 35, 25]),
        # What does not add up is something else.
        ("□ 지원규모 : 총 12개 과제(산림 8, 2027년)", [12]),
    ],
)
def test_the_parts_in_brackets_of_a_count_are_counts(text, expected):
    assert [count.value for count in quantities.find(Doc("x", text), "announcement")] == expected
