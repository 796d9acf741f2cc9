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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("단지가 들어서면 3200개의 새 일자리가 생긴다.", {(3200, "people")}),
        ("회사는 내년까지 직원 45명을 신규 채용한다.", {(45, "people")}),
        ("시는 2031년까지 입주기업은 800개, 매출은 2조 원이 될 것으로 본다.", {(800, "companies")}),
        ("도는 고장을 25% 줄이고 320명의 고용을 낳을 것으로 기대했다.", {(320, "people")}),
        ("14개 지역 중소기업이 컨소시엄으로 참여한다.", {(14, "companies")}),
        ("시범사업 27건 가운데 AI 과제는 6건이다.", {(27, "projects"), (6, "projects")}),
        ("시는 올해 예산에 9개 사업에서 국비를 더 얻었다.", {(9, "projects")}),
        # Firms of a place, differences, a day's mean, and what something fell from and to are no counts.
        ("현재 380개 AI 기업이 활동하고 있다.", set()),
        ("김해의 금속 기업 240개사 중 대부분이 영세하다.", set()),
        ("목표로 잡은 값보다 16곳 많다.", set()),
        ("하루 이용이 평균 70명에 그쳤다.", set()),
        ("하루 8시간씩 청년 35명을 교육했다.", {(35, "people")}),
        ("민원은 한 달 210건에서 90건으로 57% 줄었다.", set()),
        # What a programme is made of is told of its parts.
        ("이 계획은 4대 분야 13개 사업으로 구성되어 있다.", set()),
        # Places on a course are the size of a programme, though fewer.
        ("정원이 240명에서 160명으로 줄었다.", {(240, "people"), (160, "people")}),
    ],
)
def test_prose_counts_jobs_and_firms_to_be_but_not_bystanders_or_differences(text, expected):
    assert counts(text) == expected


CALL = "2026년 AI 새싹공장 지원사업 참여기업 모집 공고\n□ 모집규모 : 20개사\n{line}\n"


@pytest.mark.parametrize(
    "line",
    [
        "○ 한 기업은 2개 과제까지 참여 가능",
        "○ 실증 기간에 전담 인력 3명 이상을 지정하여야 함",
        "○ 컨소시엄은 주관기관을 포함하여 4개 기관 이내로 구성",
        "○ 유사 사업 실적이 2건 이상 있어야 함",
        "○ 결과물 : 시제품 1종 이상과 설명서",
    ],
)
def test_what_each_applicant_must_have_or_make_is_no_count(line):
    assert counts(CALL.format(line=line), "announcement") == {(20, "companies")}


def test_the_background_of_a_call_counts_whom_an_earlier_round_served():
    line = "□ 추진배경\n ○ 지난해 시범사업으로 35개사를 지원한 결과 불량이 줄었음\n ○ 도내 공장은 1,200개소에 이름"
    assert counts(CALL.format(line=line), "announcement") == {(20, "companies"), (35, "companies")}


def test_a_cell_may_say_in_brackets_how_its_count_is_divided():
    line = "|과정|기간|정원|\n|기초 과정|3월|90명(3개 반)|\n|심화 과정|6월|40명(2개 반)|"
    assert counts(CALL.format(line=line), "announcement") >= {(90, "people"), (40, "people")}
