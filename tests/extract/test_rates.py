"""What a rate is of, whose it is and of when: of goals, of what was reached, of groups that a text compares."""

import pytest

from gonggo.extract.record import extract
from gonggo.extract.relations import phrases
from gonggo.extract.relations.phrases import Phrase

LEAD = "김해시는 인공지능을 공장에 들이는 ‘AI 새싹공장 지원사업’을 지난해 시작했다고 밝혔다.\n\n"
DAY = {"posted_on": "2026-03-10"}


def rates(text, lead=LEAD):
    record = extract(lead + text, id="x", fields=DAY)
    assert record.is_relevant
    return {metric.value: metric for metric in record.metrics}


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("불량률은 목표 30%를 넘는 34%로 줄었다.", {30: "target", 34: "result"}),
        ("취업률은 목표(70%)에 못 미친 61.9%였다.", {70: "target", 61.9: "result"}),
        ("이용률은 54%였다. 당초 목표는 60%였다.", {54: "result", 60: "target"}),
        ("수료율 목표 90%인데 78%에 머물렀다.", {90: "target", 78: "result"}),
        ("시가 목표로 내건 불량률 20% 감소에는 닿지 못했다.", {20: "target"}),
        ("신청은 목표의 40%였다. 이용률이 낮았다.", {40: "result"}),
        ("시는 2028년까지 공정 자동화율을 45%로 높이는 ‘AI 전환 계획’을 내놓았다.", {45: "target"}),
        ("센터장은 “불량률을 15% 더 낮추겠다”고 말했다.", {15: "target"}),
        ("수료생의 88%는 주위에 권하겠다고 답했다.", {88: "result"}),
        ("도내 업체 210곳을 조사했더니 도움이 됐다는 응답이 31%에서 52%로 늘었다.", {31: "indicator", 52: "indicator"}),
        ("재료비가 30% 줄어들리라는 것이 업계의 계산이다.", {30: "claim"}),
    ],
)
def test_a_rate_is_aimed_at_reached_or_told_of_the_world(text, sides):
    found = rates(text)
    assert {value: found[value].side for value in sides} == sides


NOTICE = """2026년 경남 제조AI 새싹공장 지원사업 참여기업 모집 공고

인공지능(AI)을 공정에 들일 도내 중소기업을 다음과 같이 모집합니다.

1. 지원규모
 ○ 총사업비 : 20억원
 ○ 선정규모 : 10개사

2. {heading}
 - 검사형 : 불량률 {figure} 이상 감소
 - 운전형 : 설비 가동률 65% 이상

3. 신청기간
 ○ 2026. 4. 1. ~ 4. 30.
"""


@pytest.mark.parametrize("heading", ["성과목표 (협약서에 명시)", "성능 목표"])
def test_what_stands_under_a_heading_of_goals_is_a_goal(heading):
    found = rates(NOTICE.format(heading=heading, figure="25%"), lead="")
    assert {value: found[value].side for value in (25, 65)} == {25: "target", 65: "target"}


def test_a_label_of_a_line_says_that_its_rates_are_goals():
    text = (
        NOTICE.format(heading="내용", figure="25%") + "\n4. 과제\n ○ 최종목표 : 판별 정확도 97% 이상, 재작업 40% 감소\n"
    )
    found = rates(text, lead="")
    assert {value: found[value].side for value in (97, 40)} == {97: "target", 40: "target"}


def test_what_stands_under_a_heading_of_results_was_reached_in_its_year():
    text = (
        NOTICE.format(heading="내용", figure="25%")
        + "\n4. 1차년도(2025년) 추진 결과\n - 12개사 지원, 참여기업 매출 7.5% 증가\n"
    )
    metric = rates(text, lead="")[7.5]
    assert (metric.side, metric.year) == ("result", "2025")


def test_a_row_with_a_unit_is_named_by_its_first_cell_and_may_say_what_is_so_now():
    table = "\n4. 성능지표\n\n|지표|단위|국내 수준|최종 목표|\n|판별 정확도|%|71|94 이상|\n"
    found = rates(NOTICE.format(heading="내용", figure="25%") + table, lead="")
    assert [(found[value].name, found[value].side) for value in (71, 94)] == [
        ("판별 정확도", "indicator"),
        ("판별 정확도", "target"),
    ]


def test_measures_that_are_listed_are_of_the_subject_of_the_first():
    found = rates("참여기업의 생산성은 평균 13% 향상되고 불량률은 21% 감소했다.")
    assert {value: found[value].subject for value in (13, 21)} == {13: "참여기업", 21: "참여기업"}


def test_columns_without_a_frame_say_what_was_aimed_at_and_reached():
    found = rates("평가 결과는 다음과 같다.\n\n구분 | 목표 | 실적\n불량률 감소 | 30% | 34.1%\n수율 향상 | 10% | 4.7%\n")
    assert {(one.value, one.side, one.name) for one in found.values()} == {
        (30, "target", "불량률 감소"),
        (34.1, "result", "불량률 감소"),
        (10, "target", "수율 향상"),
        (4.7, "result", "수율 향상"),
    }


def test_columns_parted_by_strokes_have_heads():
    text = "정책 이용\n구분 / 이용 경험 / 만족도\n새싹공장 컨설팅 / 21.6% / 78.3%\n가온 실증 지원 / 9.5% / 81.0%\n"
    found = rates(text)
    assert {(one.value, one.name, one.subject) for one in found.values()} == {
        (21.6, "이용 경험", "새싹공장 컨설팅"),
        (78.3, "만족도", "새싹공장 컨설팅"),
        (9.5, "이용 경험", "가온 실증 지원"),
        (81, "만족도", "가온 실증 지원"),
    }


def test_groups_that_are_compared_share_the_measure_that_the_text_speaks_of():
    found = rates(
        "지난해 수료생의 취업률은 70.5%였다. 캠퍼스 사이 차이도 컸다. "
        "장유가 81.2%로 가장 높았고 진영(70.8%), 삼계(66.1%)가 뒤를 이었다. 한림은 43.9%에 그쳤다."
    )
    assert {(value, found[value].name, found[value].subject) for value in (81.2, 70.8, 66.1, 43.9)} == {
        (81.2, "취업률", "장유"),
        (70.8, "취업률", "진영"),
        (66.1, "취업률", "삼계"),
        (43.9, "취업률", "한림"),
    }


def test_what_was_answered_is_no_group():
    found = rates(
        "도내 기업의 AI 도입률은 12.5%였다. 걸림돌로는 담당자 부재(41%)가 가장 많았고 정보 부족(30%)이 뒤를 이었다."
    )
    assert [(found[value].name, found[value].subject) for value in (41, 30)] == [
        ("담당자 부재", None),
        ("정보 부족", None),
    ]


SURVEY = "김해상의가 지난달 지역 제조업체 210개사에 물은 ‘인공지능 활용 실태조사’ 결과를 내놓았다. "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "도입하지 않은 기업이 꼽은 까닭은 ‘비용 부담’ 44.1%, ‘인력 부족’ 21.7%였다.",
            {44.1: ("비용 부담", "도입하지 않은 기업"), 21.7: ("인력 부족", "도입하지 않은 기업")},
        ),
        # A sentence that begins with an answer goes on with those of the one before.
        (
            "이미 로봇을 들인 기업이 쓰는 곳은 ‘용접’(38.2%)이 많았다. ‘포장’과 ‘검사’는 각 19.6%였다.",
            {38.2: ("용접", "로봇을 들인 기업"), 19.6: ("검사", "로봇을 들인 기업")},
        ),
        ("‘교육 지원’을 고른 기업이 52%로 가장 많았다.", {52: ("교육 지원", "지역 제조업체")}),
    ],
)
def test_answers_of_a_survey_are_of_the_firms_that_gave_them(text, expected):
    found = rates(SURVEY + text)
    assert {value: (found[value].name, found[value].subject) for value in expected} == expected


def test_a_share_of_those_who_use_something_is_its_rate_of_use():
    found = rates("김해 기업 가운데 AI 서비스를 이용하는 비율은 2.9%로 조사됐다.")
    assert found[2.9].name == "AI 서비스 이용률"


def test_a_goal_is_of_the_rate_before_it():
    found = rates("오탐률은 4%였다. 안전사고가 21% 줄었다. 당초 목표는 15%였다.")
    assert found[15].name == found[21].name == "안전사고 감소"


def test_a_company_that_its_sentence_is_about_is_whose_a_rate_is():
    found = rates("용접 업체 다온정밀은 열처리 불량률을 3.4%에서 0.9%로 낮췄다.")
    assert {found[value].subject for value in (3.4, 0.9)} == {"다온정밀"}


def test_a_group_keeps_the_clause_that_says_which_it_is():
    found = rates("담당자는 “바우처를 받은 점포의 매출이 평균 8.3% 늘었다”고 했다. 앱을 쓰는 농가의 수확률은 62%였다.")
    assert (found[8.3].subject, found[8.3].side) == ("바우처를 받은 점포", "result")
    assert found[62].subject == "앱을 쓰는 농가"


def test_the_outline_of_a_survey_says_of_whom_it_is():
    text = """김해 AI 기업 실태조사 결과
□ 조사 개요
 - 대상: 김해 소재 제조기업 310개사
 - 인공지능 활용 현황 조사 (2025년 11월)
□ 결과
 - AI를 들인 기업 18.2%
 - 매출이 없는 기업 11.4%
"""
    record = extract(text, id="x", fields=DAY | {"posted_on": "2026-01-10"})
    assert {metric.subject for metric in record.metrics} <= {"김해 소재 제조기업"}


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("시가 2월 조사한 바로는 지역 제조기업의 AI 도입률은 9.1%였다.", {9.1: "2026"}),
        ("지역 제조기업의 AI 도입률은 9.1%로 2년 전(6.4%)보다 올랐다.", {6.4: "2024"}),
        ("참여 농가 소득 20% 증대를 목표로 한다(2029년, 2025년 대비).", {20: "2029"}),
        ("가람비전2030펀드의 만족도는 55.7%였다.", {55.7: None}),
    ],
)
def test_the_year_of_a_rate_is_counted_from_the_text(text, years):
    found = rates(text)
    assert {value: found[value].year for value in years} == years


@pytest.mark.parametrize(
    ("lead", "after", "expected"),
    [
        ("예산 14억 원을 써 ", "의 집행률을 보였다", Phrase("집행률", slot="measure")),
        ("한 사람에 300만 원으로 ", " 취업률을 기록했다", Phrase("취업률", slot="measure")),
        ("판정이 검사원과 어긋나는 경우가 ", "나 됐다", Phrase(answer="판정이 검사원과 어긋나는", slot="clause")),
        ("를 넘는 ", "다", Phrase(again=True)),
        ("취업률 목표 ", "인데", Phrase("취업률", slot="measure")),
        ("취업(취업률 ", ")", Phrase("취업률", slot="measure")),
        ("공실률은 3월 기준 ", "다", Phrase("공실률", slot="measure")),
        (
            "업무에 AI를 활용하고 있는 업체의 비중은 ",
            "였다",
            Phrase("AI 활용 비중", slot="measure"),
        ),
        (
            "이미 대전시 공무원은 ",
            "가 교육을 마쳤습니다",
            Phrase(subject="공무원", answer="교육을 마쳤", slot="clause"),
        ),
    ],
)
def test_the_words_before_and_behind_a_rate_name_what_it_measures(lead, after, expected):
    read = phrases.read(lead, after, "")
    assert (read.measure, read.answer, read.again, read.slot) == expected[0:1] + expected[2:]
    assert read.subject.endswith(expected.subject)
