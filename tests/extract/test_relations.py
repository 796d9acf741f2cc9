"""What belongs to what: trees of money, what counts and rates say, umbrellas and outcomes; each with its words."""

import json

import pytest

from gonggo.errors import DataFileError
from gonggo.extract.doc import Doc
from gonggo.extract.record import extract
from gonggo.extract.record_types import ExtractionRecord, Programme, evidences, from_json, to_json
from gonggo.extract.relations import counts, funding_tree, programme_tree
from gonggo.extract.relations.around import Sentences
from gonggo.extract.relations.context import Context

LEAD = "창원시는 ‘가람 AI 실증 사업’을 추진한다고 밝혔다. 인공지능을 산단 공장에 도입하는 사업이다. "
DAY = {"posted_on": "2026-03-05"}


def read(text, **fields):
    record = extract(LEAD + text, id="x", fields=DAY | fields)
    assert record.is_relevant
    return record


def amount(record, krw):
    return next(entry for entry in record.amounts if entry.krw == krw)


def count(record, value):
    return next(entry for entry in record.quantities if entry.value == value)


def rate(record, value):
    return next(entry for entry in record.metrics if entry.value == value)


def billion(tenths):
    return tenths * 100_000_000


# Trees of money.


@pytest.mark.parametrize(
    ("text", "parts", "whole"),
    [
        # In brackets after the whole.
        ("총사업비 220억 원(국비 120억, 도비 60억, 민자 40억)을 투입한다.", (120, 60, 40), 220),
        # Said to be of it.
        ("총사업비는 220억 원이다. 이 가운데 120억 원은 국비다.", (120,), 220),
        ("총사업비 220억 원 가운데 국비가 120억 원이다.", (120,), 220),
        # Before the whole that they make.
        ("국비 120억 원, 도비 60억 원, 시비 40억 원 등 총 220억 원을 들인다.", (120, 60, 40), 220),
        # Years that add up.
        ("2024년 20억 원, 지난해 40억 원을 썼고 올해는 50억 원을 쓴다. 총사업비는 110억 원이다.", (20, 40, 50), 110),
        # The first is just as much as the others.
        (
            "총사업비는 60억 원이다. 30억 원을 투입해 산단을 고도화한다. 또 20억 원을 생활 문제에 투입하고 "
            "나머지 10억 원을 공간 조성에 쓴다.",
            (30, 20, 10),
            60,
        ),
    ],
)
def test_a_sum_is_part_of_the_one_that_words_or_arithmetic_say_contains_it(text, parts, whole):
    record = read(text)
    assert {krw: amount(record, billion(krw)).part_of for krw in parts} == dict.fromkeys(parts, billion(whole))
    assert amount(record, billion(whole)).part_of is None


def test_what_a_year_is_budgeted_is_annual_and_of_the_year_that_the_sentences_before_speak_of():
    record = read(
        "\n\n총사업비는 220억 원이다. 시는 내년도 인공지능 사업으로 35억 원을 책정했다. 이 사업에 8억 원을 따로 배정했다."
    )
    assert [(amount(record, billion(krw)).role, amount(record, billion(krw)).year) for krw in (220, 35, 8)] == [
        ("total", None),
        ("annual", "2027"),
        ("annual", "2027"),
    ]


def test_the_money_of_one_year_of_a_programme_with_a_larger_total_is_annual():
    record = read("\n\n시는 56억 원 규모 2026년도 사업계획을 확정했다. 이 사업은 2028년까지 220억 원을 투입한다.")
    year = amount(record, billion(56))
    assert (year.role, year.year, year.part_of) == ("annual", "2026", billion(220))


def test_what_a_budget_of_the_state_allots_is_of_its_year_and_parts_of_what_it_allots_together():
    record = read(
        "2026년 정부 예산에 국비 620억 원이 반영됐다.\n\n"
        + "공장이 바뀐다. " * 7
        + "계속사업에는 모두 86억 원이 배정됐다. 의료 거점에 52억 원, 인재 양성에 4억 원, 스마트 단지에 30억 원이다."
    )
    assert {amount(record, billion(krw)).part_of for krw in (52, 4, 30)} == {billion(86)}
    assert {(one.role, one.year) for one in record.amounts} == {("national", "2026")}


@pytest.mark.parametrize(
    ("lines", "sentences"),
    [
        (["창원시가 산단의 인공지능 전환에 쓰는 총사업비는 모두 220억 원이며", "이 가운데 120억 원은 국비다."], 1),
        (["창원시가 산단의 인공지능 전환에 쓰는 총사업비는 모두 220억 원이다", "이 가운데 120억 원은 국비다."], 2),
        (["창원시가 산단의 인공지능 전환에 쓰는 총사업비는 모두 220억 원", "- 이 가운데 120억 원은 국비"], 2),
        (["산단의 인공지능 전환", "이 가운데 120억 원은 국비다."], 2),
    ],
)
def test_a_sentence_goes_on_over_the_end_of_a_long_line_that_ends_in_the_middle(lines, sentences):
    assert len(Sentences(Doc("x", "\n".join(lines))).spans) == sentences


def test_sums_that_nothing_ties_stand_by_themselves():
    record = read("총사업비 220억 원을 투입한다. 참여기업의 매출은 900억 원이었다.")
    assert [entry.part_of for entry in record.amounts] == [None, None]


@pytest.mark.parametrize(
    ("text", "krw", "year"),
    [
        ("올해 예산은 32억 원이다.", 32, "2026"),
        ("내년에는 32억 원을 배정한다.", 32, "2027"),
        ("2025년 사업비는 32억 원이었다.", 32, "2025"),
        ("2026년부터 2028년까지 32억 원을 투입한다.", 32, None),
        ("3년간 32억 원을 투입한다.", 32, None),
        ("올해 예산은 42억 원에서 32억 원으로 줄었다.", 32, "2026"),
        ("올해 예산은 42억 원에서 32억 원으로 줄었다.", 42, "2025"),
        ("관련 예산은 올해 54억 원에서 내년 74억 원으로 늘었다.", 54, "2026"),
        ("관련 예산은 올해 54억 원에서 내년 74억 원으로 늘었다.", 74, "2027"),
        ("지원 규모는 32억 원으로 지난해 25억 원에서 28% 늘었다.", 32, "2026"),
        ("자체 예산 32억 원을 세워 내년 1월부터 12월까지 돕는다.", 32, "2027"),
    ],
)
def test_the_year_of_a_sum_is_one_budget_year_or_nothing(text, krw, year):
    assert amount(read(text), billion(krw)).year == year


def test_a_year_relative_to_the_day_of_the_document_is_unknown_without_one():
    assert amount(extract(LEAD + "올해 예산은 32억 원이다.", id="x"), billion(32)).year is None


def test_the_parts_of_a_years_money_are_of_that_year():
    record = read("올해 예산은 32억 원(국비 20억, 시비 12억)이다.")
    assert [entry.year for entry in record.amounts] == ["2026"] * 3


def test_a_rounded_sum_of_the_headline_is_the_exact_one_of_the_text():
    text = "창원시, 공장 AI에 138억 원 투입\n\n" + LEAD + "총사업비는 138억 5000만 원이다."
    record = extract(text, id="x", fields=DAY)
    assert amount(record, 13_800_000_000).same_as == 13_850_000_000
    assert amount(record, 13_850_000_000).same_as is None


def test_a_year_of_a_project_is_counted_from_the_one_that_is_dated():
    text = "\n\n○ 1차년도(2024.7.~2025.6.) 실적\n · 사업비 집행 27억 원\n○ 2차년도 계획\n · 사업비 35억 원\n"
    record = read(text)
    assert [amount(record, billion(krw)).year for krw in (27, 35)] == ["2024~2025", "2025~2026"]


CALL = "2026년 창원 AI 전환 사업 공고"


def call(*lines):
    text = "\n".join([CALL, "창원시는 인공지능을 도입할 참여기업을 모집합니다.", *lines])
    return extract(text, id="x", fields=DAY | {"title": CALL})


@pytest.mark.parametrize(("ends", "year"), [("2026. 12. 31.", "2026"), ("2027. 12. 31.", None)])
def test_the_money_of_a_call_for_what_ends_in_its_year_is_of_that_year(ends, year):
    title = "창원 AI 전환 사업 공고"
    text = f"{title}\n창원시는 인공지능을 도입할 참여기업을 모집합니다.\n□ 사업기간 : 협약일 ~ {ends}\n□ 지원규모 : 총 32억원\n"
    record = extract(text, id="x", fields=DAY | {"title": title})
    assert amount(record, billion(32)).year == year


def test_a_year_of_a_project_is_counted_from_the_year_of_its_call():
    record = call("□ 지원내용", " ㅇ 과제당 연간 최대 7억원 이내 (1차년도 2억원, 2차년도 5억원)")
    assert [amount(record, billion(krw)).year for krw in (2, 5)] == ["2026", "2027"]


def test_an_award_is_of_the_year_right_before_it_and_not_of_the_calls():
    record = call("□ 지원규모", " ㅇ 기업당 최대 3억원", " ㅇ ’27년 과제당 5억원 내외")
    assert [amount(record, billion(krw)).year for krw in (3, 5)] == [None, "2027"]


TABLE = "\n".join(
    (
        "□ 2026년 재원 (단위 : 억원)",
        "|구분|국비|도비|합계|",
        "|---|---|---|---|",
        "|창원|30|12|42|",
        "|김해|20|8|28|",
        "|합계|50|20|70|",
    )
)


def test_in_a_table_a_sum_is_part_of_that_of_its_row_and_this_of_that_of_its_column():
    record = call(TABLE)
    wholes = {krw: amount(record, billion(krw)).part_of for krw in (30, 12, 8, 42, 28)}
    assert wholes == {30: billion(42), 12: billion(42), 8: billion(28), 42: billion(70), 28: billion(70)}


def test_the_caption_of_a_table_says_the_year_of_its_sums():
    record = read(f"\n\n{TABLE}\n")
    assert {entry.year for entry in record.amounts} == {"2026"}


TRACKS = (
    "□ 지원내용",
    " ㅇ (기초 실증 트랙) 6개 과제 선정, 과제당 최대 2억원",
    " ㅇ (심화 실증 트랙) 6개 과제 선정, 과제당 최대 2억원",
    "※ 기초 실증 트랙과 심화 실증 트랙",
)


def test_what_is_stated_for_two_tracks_is_listed_for_each():
    record = call(*TRACKS)
    tracks = ["기초 실증 트랙", "심화 실증 트랙"]
    assert [entry.programme for entry in record.amounts if entry.krw == billion(2)] == tracks
    assert [entry.programme for entry in record.quantities if entry.value == 6] == tracks


def test_a_count_in_a_list_of_tracks_is_of_the_name_right_before_it():
    record = call(
        "□ 모집정원 : 총 300명(기초 실증 트랙 200명, 심화 실증 트랙 100명)",
        "※ 기초 실증 트랙과 심화 실증 트랙",
        *TRACKS,
    )
    assert [count(record, value).programme for value in (200, 100)] == ["기초 실증 트랙", "심화 실증 트랙"]


def test_money_of_an_unknown_year_is_no_part_of_the_money_of_another_sentence():
    text = LEAD + "지난해 시작한 이 사업은 도비 20억 원을 투입해 25개사를 도왔다. {} 예산을 35억 원으로 늘린다."
    wholes = [amount(extract(text.format(word), id="x"), billion(20)).part_of for word in ("올해는", "시는")]
    assert wholes == [None, None]
    assert amount(extract(text.replace("지난해 시작한 ", "").format("시는"), id="x"), billion(20)).part_of == billion(
        35
    )


def test_a_sum_that_prose_states_again_is_listed_once():
    record = read("총사업비는 220억 원이다.\n\n‘나래 AI 검사 사업’도 있다. ‘가람 AI 실증 사업’은 220억 원이다.")
    assert [entry.krw for entry in record.amounts] == [billion(220)]


def test_a_row_that_is_called_like_the_label_of_a_programme_is_of_it():
    text = (
        "경남도는 ‘가람 AI 대전환 계획’을 발표했다.\n\n ㅇ (창원) 나래 AI 자율공장 사업 : 42억 원\n"
        f" ㅇ (김해) 다솜 AI 탄소관리 사업 : 28억 원\n\n{TABLE}\n"
    )
    record = extract(text, id="x", fields=DAY)
    owners = {krw: amount(record, billion(krw)).programme for krw in (30, 8)}
    assert owners == {30: "나래 AI 자율공장 사업", 8: "다솜 AI 탄소관리 사업"}


def test_funding_sources_that_add_up_by_chance_do_not_part_one_of_them():
    record = read("총사업비 130억 원을 투입한다. 국비 78억 원, 도비 26억 원, 시비 16억 원, 군비 10억 원을 낸다.")
    assert {amount(record, billion(krw)).part_of for krw in (78, 26, 16, 10)} == {billion(130)}


# Counts.


@pytest.mark.parametrize(
    ("text", "value", "what", "state"),
    [
        ("기업 30개사를 지원할 계획이다.", 30, "supported", "planned"),
        ("지난해에는 기업 30개사를 선정했다.", 30, "supported", "done"),
        ("공모에는 기업 41개사가 신청했다.", 41, "took_part", "done"),
        ("매년 600명을 교육한다.", 600, "trained", "planned"),
        ("지난해 수료생은 212명이다.", 212, "trained", "done"),
        ("일자리는 150개를 목표로 잡았다.", 150, "jobs", "planned"),
        ("센서 400대를 설치할 예정이다.", 400, "built", "planned"),
        ("참여 기업 31개사 중 6개사가 제품 양산에 들어갔다.", 6, "other", "done"),
        ("지난해 실증공장 2곳을 구축했다.", 2, "built", "done"),
        ("지난해 40개사가 지원해 10대 1의 경쟁률을 보였다.", 40, "took_part", "done"),
        ("지난해 스타트업 40개사를 발굴했다.", 40, "supported", "done"),
        ("지난해 수료생 가운데 61명이 조기 취·창업에 성공했다.", 61, "jobs", "done"),
        ("대학 등 16개 기관이 컨소시엄을 구성해 추진할 예정이다.", 16, "took_part", "planned"),
        ("계획은 모두 7개 사업으로 짜였다.", 7, "other", "planned"),
    ],
)
def test_a_count_says_what_is_done_with_it_and_whether_it_is_done(text, value, what, state):
    entry = count(read(text), value)
    assert (entry.what, entry.state) == (what, state)


@pytest.mark.parametrize(
    ("text", "value", "per"),
    [
        ("매년 600명을 교육한다.", 600, "year"),
        ("기업당 인턴 12명을 보낸다.", 12, "award"),
        ("기업 30개사를 지원할 계획이다.", 30, None),
    ],
)
def test_a_count_says_what_it_is_counted_by(text, value, per):
    assert count(read(text), value).per == per


def test_the_heading_of_a_list_says_whether_its_counts_are_done():
    record = read("\n\n○ 1차년도 실적\n · 수료 61명, 참여기업 14개사\n○ 2차년도 계획\n · 수료 82명\n")
    assert [count(record, value).state for value in (61, 14, 82)] == ["done", "done", "planned"]


# Rates.


def test_each_rate_of_a_sentence_has_the_measure_and_its_own_subject():
    record = read("\n\n국내 제조업의 AI 도입률은 4.1% 수준으로, 정보통신(26.3%), 금융·보험(14.8%)보다 낮다.")
    assert {entry.name for entry in record.metrics} == {"AI 도입률"}
    assert [entry.subject for entry in record.metrics] == ["국내 제조업", "정보통신", "금융·보험"]
    assert {entry.side for entry in record.metrics} == {"indicator"}
    assert {entry.programme for entry in record.metrics} == {None}


def test_a_rate_that_rose_is_one_measure_of_one_subject_in_two_years():
    record = read("\n\n조사에 따르면 종업원 250명 이상 기업의 AI 활용률은 2017년 3.2%에서 2022년 9.4%로 높아졌다.")
    assert [(entry.name, entry.subject, entry.year) for entry in record.metrics] == [
        ("AI 활용률", "종업원 250명 이상 기업", "2017"),
        ("AI 활용률", "종업원 250명 이상 기업", "2022"),
    ]


def test_the_same_period_is_that_of_the_rates_before_and_the_same_rate_of_another_group_is_listed_again():
    text = (
        "\n\n조사에 따르면 종업원 250명 이상 기업의 AI 활용률은 2017년 3.2%에서 2022년 9.4%로 높아졌지만, "
        "10~49명 규모 기업은 같은 기간 0.8%에서 3.2%로 오르는 데 그쳤다."
    )
    record = read(text)
    large, small = "종업원 250명 이상 기업", "10~49명 규모 기업"
    assert sorted((entry.year, entry.value, entry.subject) for entry in record.metrics) == [
        ("2017", 0.8, small),
        ("2017", 3.2, large),
        ("2022", 3.2, small),
        ("2022", 9.4, large),
    ]


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("참여 기업의 불량률은 4.2%에서 2.7%로 떨어졌다.", ("result", "result")),
        ("도내 제조기업의 AI 활용률을 4.2%에서 2.7%로 바꾸는 것이 목표다.", ("indicator", "target")),
    ],
)
def test_what_a_rate_was_and_became_are_of_one_side_unless_the_later_is_a_target(text, sides):
    record = read(text)
    assert (rate(record, 4.2).side, rate(record, 2.7).side) == sides


def test_what_a_figure_changed_by_between_two_years_is_of_both():
    text = "\n\n조사에 따르면 도내 AI 인력은 2022년 4,200명에서 2024년 5,300명으로 26.2% 늘었다."
    assert [entry.year for entry in read(text).metrics] == ["2022~2024"]


def test_the_year_by_which_a_rate_is_to_change_is_none_of_what_it_is():
    record = read("\n\n도내 제조기업의 AI 활용률을 2029년까지 12%에서 30%로 높인다.")
    assert [rate(record, value).year for value in (12, 30)] == [None, "2029"]


def test_the_year_of_a_survey_in_brackets_is_that_of_the_rates_before():
    record = read("\n\n도내 제조기업의 AI 활용률은 17.9%로 수도권(40.4%)의 절반에 못 미친다(2024년 기준).")
    assert rate(record, 17.9).year == "2024"


@pytest.mark.parametrize(
    ("text", "value", "subject"),
    [
        ("AI 매출 증가율은 광주가 전년보다 38.5%로 가장 높았다.", 38.5, "광주"),
        ("지역 제조기업이 꼽은 애로는 ‘전문인력 부족’이 43.9%로 가장 많았다.", 43.9, "지역 제조기업"),
        ("도입 뒤 자동차 부품 산업에선 불량률이 41% 줄었다.", 41, "자동차 부품 산업"),
        ("서울 기업의 1위는 ‘연산자원 비용’(39.2%)이었다.", 39.2, "서울 기업"),
    ],
)
def test_whose_a_rate_is_stands_after_the_measure_or_before_the_answer(text, value, subject):
    assert rate(read(f"\n\n설문 조사 결과다. {text}"), value).subject == subject


def test_a_rate_that_another_sentence_states_again_is_listed_once():
    text = "\n\n국내 제조업의 AI 도입률은 4.1%다. 도입률 4.1%는 낮다는 지적이 나온다."
    assert [entry.value for entry in read(text).metrics] == [4.1]


def test_the_heads_of_a_table_are_the_subjects_and_the_years():
    text = "\n\n업종별 AI 도입률\n구분 2022년 2025년\n섬유 1.3% 2.8%\n기계장비 3.4% 9.1%\n"
    record = read(text)
    assert [(entry.subject, entry.year, entry.value) for entry in record.metrics] == [
        ("섬유", "2022", 1.3),
        ("섬유", "2025", 2.8),
        ("기계장비", "2022", 3.4),
        ("기계장비", "2025", 9.1),
    ]


def test_an_answer_of_a_survey_is_what_was_answered_by_whom_and_when():
    text = (
        "\n\n창원상공회의소가 2025년 지역 제조기업 120개사를 대상으로 조사했다. "
        "‘매출이 늘었다’는 답은 18.4%였다. 전문인력이 부족하다는 응답은 52.6%로 집계됐다."
    )
    record = read(text)
    assert [entry.name for entry in record.metrics] == ["매출이 늘었다", "전문인력이 부족하다"]
    assert {(entry.subject, entry.year) for entry in record.metrics} == {("지역 제조기업", "2025")}


@pytest.mark.parametrize(
    ("text", "value", "side", "name"),
    [
        ("시는 불량률을 30% 줄이는 것을 목표로 잡았다.", 30, "target", "불량률 감소"),
        ("실증 결과 불량률이 2.1%에서 1.4%로 낮아졌다.", 1.4, "result", "불량률"),
        ("검사 시간은 40% 단축할 계획이다.", 40, "target", "검사 시간 단축"),
        ("올해는 생산성 12% 향상, 불량률 7% 감소를 목표로 잡았다.", 12, "target", "생산성 향상"),
        ("검사 정확도는 93.4%로, 목표(90%)를 웃돈다.", 93.4, "result", "검사 정확도"),
        ("검사 정확도는 93.4%로, 목표(90%)를 웃돈다.", 90, "target", "검사 정확도"),
    ],
)
def test_a_rate_of_a_programme_is_promised_or_reached(text, value, side, name):
    entry = rate(read(text), value)
    assert (entry.side, entry.name, entry.programme) == (side, name, "가람 AI 실증 사업")


def test_the_growth_of_a_budget_and_a_guess_are_no_effect_of_a_programme():
    record = read("올해 예산은 40억 원으로 지난해보다 60% 늘었다. 대표는 “값은 45% 낮출 수 있다”고 말했다.")
    assert [rate(record, value).side for value in (60, 45)] == ["indicator", "claim"]
    straight = read('대표는 "값은 45% 낮출 수 있다"고 말했다.')
    assert rate(straight, 45).side == "claim"


def test_the_statement_of_a_rate_below_the_headline_says_whose_it_is():
    text = "창원시, 두 사업에 속도…생산성 12% 높인다\n\n" + LEAD + "사업이 끝나면 생산성 12% 향상이 기대된다."
    record = extract(text, id="x", fields=DAY)
    assert rate(record, 12).programme == "가람 AI 실증 사업"


def test_whoever_was_asked_is_the_subject_of_what_the_survey_found():
    record = read("\n\n시가 지난해 지역 기업 320곳을 조사한 결과 AI 인력이 부족하다는 응답이 64.2%에 달했다.")
    metric = rate(record, 64.2)
    assert (metric.name, metric.subject) == ("AI 인력이 부족하다", "지역 기업")


def test_a_survey_that_is_dated_by_months_is_of_the_year_in_which_they_last_passed():
    text = "\n\n이번 조사는 {}월 2일부터 25일까지 300개 중소기업을 대상으로 실시했다. 조사에서 AI를 쓰는 중소기업은 5.3%에 그쳤다."
    metric = rate(read(text.format(1)), 5.3)
    assert (metric.subject, metric.year) == ("중소기업", DAY["posted_on"][:4])
    assert rate(read(text.format(11)), 5.3).year == str(int(DAY["posted_on"][:4]) - 1)
    asked = rate(read(text.format(1) + " 도입할 뜻이 없는 곳은 94.7%였다."), 94.7)
    assert asked.subject == "중소기업"


def test_whoever_asked_and_when_is_no_part_of_who_was_asked():
    record = read(
        "\n\n상공회의소가 올 1월 산단 입주업체 120곳을 대상으로 조사했다. AI 인력이 부족하다는 응답이 56.4%였다."
    )
    assert rate(record, 56.4).subject == "산단 입주업체"


def test_what_firms_of_one_industry_do_is_compared_with_another():
    record = read(
        "\n\n중소기업 300곳을 조사했다. 업종별로는 서비스업에서 AI 적용을 희망하는 기업이 28.0%로 제조업(10.5%)보다 높았다."
    )
    assert [(rate(record, value).name, rate(record, value).subject) for value in (28, 10.5)] == [
        ("AI 적용을 희망하는", "서비스업"),
        ("AI 적용을 희망하는", "제조업"),
    ]


def test_a_headline_does_not_say_of_a_rate_what_follows_the_dots():
    record = read("\n\n제조업 AI 도입률 4.2%…규모가 작을수록 낮아\n")
    assert rate(record, 4.2).name == "AI 도입률"


# Programmes.

UMBRELLA = (
    "경남도는 ‘가람 AI 대전환 계획’을 발표했다. 이 계획은 모두 3개 사업으로 짜였다.\n\n"
    "① ‘나래 AI 자율공장 사업’ : 320억 원. 국비 160억 원이 들어간다.\n"
    "② ‘다솜 AI 탄소관리 사업’ : 105억 원. 올해 21곳에 설치했다.\n\n"
    "인공지능으로 산단을 바꾸는 사업이다."
)


def test_the_lines_of_a_list_are_parts_of_the_programme_named_over_it():
    record = extract(UMBRELLA, id="x", fields=DAY)
    parents = {programme.name: programme.parent for programme in record.programmes}
    assert parents["나래 AI 자율공장 사업"] == parents["다솜 AI 탄소관리 사업"] == "가람 AI 대전환 계획"
    assert parents["가람 AI 대전환 계획"] is None


def test_the_tracks_of_a_call_are_parts_of_it():
    title = "2026년 창원 AI 전환 사업 공고"
    text = f"{title}\n창원시는 참여기업을 모집합니다.\n□ 지원내용\n ㅇ (기초 실증 트랙) 과제당 최대 1억원\n ㅇ (심화 실증 트랙) 과제당 최대 3억원\n※ 기초 실증 트랙과 심화 실증 트랙"
    record = extract(text, id="x", fields=DAY | {"title": title})
    assert [programme.parent for programme in record.programmes] == [None, "창원 AI 전환 사업", "창원 AI 전환 사업"]


def parents_of(text, **fields):
    return {one.name: one.parent for one in extract(text, id="x", fields=DAY | fields).programmes}


def test_programmes_whose_totals_add_up_to_that_of_another_are_its_parts():
    text = (
        "여수시는 인공지능에 돈을 쓴다. ‘가람 AI 산업벨트’의 총사업비는 142억 원이다.\n\n"
        "먼저 ‘나래 AI 설비진단 사업’에는 총 52억 원이 들어갔다.\n\n그다음 ‘다솜 AI 로봇 실증 사업’은 총 31억 원이다.\n\n"
        "끝으로 ‘라온 AI 콘텐츠 거점’에는 총 {} 원이 들어갔다."
    )
    parents = parents_of(text.format("59억"))
    assert parents.pop("가람 AI 산업벨트") is None
    assert list(parents.values()) == ["가람 AI 산업벨트"] * 3
    assert set(parents_of(text.format("60억")).values()) == {None}


def test_the_marked_items_of_a_sentence_are_parts_of_the_programme_before_them():
    text = (
        "창원시는 인공지능 ‘가람 AI 제조혁신 지원사업’을 추진한다고 밝혔다. {}▲‘나래 AI 자율형 공장’ "
        "▲‘다솜 AI 상생 트랙’ 등을 지원할 예정이다."
    )
    parts = ("나래 AI 자율형 공장", "다솜 AI 상생 트랙")
    parents = {one.name: one.parent for one in extract(text.format(""), id="x", fields=DAY).programmes}
    assert [parents.get(name) for name in parts] == ["가람 AI 제조혁신 지원사업"] * 2
    beside = {one.name: one.parent for one in extract(text.format("이와 별도로 "), id="x", fields=DAY).programmes}
    assert [beside.get(name) for name in parts] == [None] * 2


def test_a_number_within_a_name_is_no_number_of_parts():
    text = "창원시 기업 네 곳이 인공지능 ‘가람 AI 공장 고도화2 사업’에 뽑혔다. 시는 ‘나래 AI 등대공장’도 지원한다."
    assert {one.parent for one in extract(text, id="x", fields=DAY).programmes} == {None}


def test_a_programme_that_is_included_in_the_one_before_is_a_part_of_it():
    text = (
        "광주시가 인공지능 ‘가람 도시문제 해결 실증 사업’을 돌아봤다. "
        "시는 ‘나래 AI 바우처 사업’ 등을 포함해 4개 분야 실증을 추진했다."
    )
    assert parents_of(text)["나래 AI 바우처 사업"] == "가람 도시문제 해결 실증 사업"


def test_a_main_part_of_a_strategy_and_what_is_named_after_it_are_parts_of_it():
    text = (
        "경기도는 ‘가람 AI 기술개발 센터’를 인공지능 거점으로 짓는다.\n\n"
        "이번 유치는 도가 추진하는 ‘나래 AI 산업 육성’ 전략의 핵심 축이다. 도는 ‘다솜 AI 랩’ 개소도 앞두고 있다."
    )
    parents = parents_of(text)
    assert parents["가람 AI 기술개발 센터"] == parents["다솜 AI 랩"] == "나래 AI 산업 육성"


def parents_among(text, *names):
    """Return the umbrellas of programmes that are known to be in a text of prose."""
    record = ExtractionRecord(programmes=[Programme(name=name) for name in names])
    related = programme_tree.relate_programmes(record.programmes, Context(record, Doc("x", text), "article"))
    return {one.name: one.parent for one in related}


def test_the_task_that_won_a_call_is_of_the_call():
    text = (
        "나래시가 과학기술정보통신부의 ‘온가람 AI 서비스 실증’ 공모사업에 최종 선정됐다. 국산 AI 반도체를 공공 분야에 쓰는 사업이다. "
        "나래시가 수행하는 실증 과제는 ‘나래 특화형 AI 산불 실증’으로, 2025년 6월부터 2026년 12월까지 진행된다."
    )
    assert parents_of(text) == {"온가람 AI 서비스 실증": None, "나래 특화형 AI 산불 실증": "온가람 AI 서비스 실증"}


def test_what_a_text_names_after_a_plan_that_is_made_known_is_of_the_plan_unless_it_stands_apart():
    text = (
        "나래시는 ‘나래 AI 산업 육성 계획’을 17일 발표했다. 시는 2027년까지 ‘가람 AI 창업센터’를 조성한다. 20억원을 투입한다. "
        "{}‘다솜 AI 실증 사업’도 추진한다."
    )
    plan = "나래 AI 산업 육성 계획"
    parts = "가람 AI 창업센터", "다솜 AI 실증 사업"
    assert parents_among(text.format(""), plan, *parts) == {plan: None} | dict.fromkeys(parts, plan)
    assert parents_among(text.format("한편 "), plan, *parts) == {plan: None, parts[0]: plan, parts[1]: None}


def test_what_was_there_before_a_plan_is_not_of_it():
    text = "나래시는 ‘나래 AI 육성 계획’을 17일 발표했다. 정부는 지난해 ‘온가람 AI 바우처’를 시작했다. 시는 ‘나래 AI 공방’을 짓는다."
    plan, older, new = "나래 AI 육성 계획", "온가람 AI 바우처", "나래 AI 공방"
    assert parents_among(text, plan, older, new) == {plan: None, older: None, new: plan}


NAMES = "가람 AI 실증센터", "다솜 AI 바우처", "마루 AI 인재 양성"
ITEMS = "△가람 AI 실증센터 구축(20억원) △다솜 AI 바우처 지원(30억원) △마루 AI 인재 양성(10억원)"


def test_the_items_of_a_sentence_about_this_programme_are_of_the_one_before_it():
    text = (
        "나래 AI 집적단지 조성사업은 ‘온가람 AI 국가전략’의 핵심과제로 2024년부터 2028년까지 추진한다. "
        f"이 사업은 크게 {ITEMS} 등으로 구성되어 있다."
    )
    whole, plan = "나래 AI 집적단지 조성사업", "온가람 AI 국가전략"
    assert parents_among(text, whole, plan, *NAMES) == {whole: None, plan: None} | dict.fromkeys(NAMES, whole)


def test_the_items_of_a_sentence_are_neither_of_what_went_before_nor_of_the_items_of_another_list():
    text = (
        "나래도가 AI에 쓸 국비 60억원을 확보했다. 도는 앞서 ‘온 AI 컴퓨팅센터’를 유치했다.\n"
        f"AI 분야는 {ITEMS}이다.\n우주 분야는 △샛별 AI 발사장 구축(40억원) △은하 AI 시험동 구축(50억원)이다."
    )
    every = "온 AI 컴퓨팅센터", *NAMES, "샛별 AI 발사장", "은하 AI 시험동"
    assert parents_among(text, *every) == dict.fromkeys(every)


def test_the_project_that_a_notice_names_by_its_label_is_the_umbrella_of_the_call():
    course, project = "가람 AI 리더 과정", "나래 AI역량강화 지원사업"
    record = ExtractionRecord(programmes=[Programme(name=course), Programme(name=project)])
    doc = Doc("x", f"□ 공고명 : {course} 모집\n□ 사업명 : 2026 {project}\n")
    related = programme_tree.relate_programmes(record.programmes, Context(record, doc, "announcement"))
    assert [one.parent for one in related] == [project, None]


@pytest.mark.parametrize(
    "lead",
    [
        "산업부의 「나래 AI 전환 사업」에 선정된 우리 도는 참여기업을 모집합니다.",
        "산업부와 가람도가 지원하는 「나래 AI 전환 사업」의 2026년도 참여기업을 모집합니다.",
        "산업부가 시행한 ‘나래 AI 전환 사업’ 공모에 가람도가 선정됨에 따라 참여기업을 모집합니다.",
        "산업부의 「나래 AI 전환 사업」에 따라 참여기업을 모집합니다.",
    ],
)
def test_a_call_is_part_of_the_programme_under_which_it_is_made_and_that_is_under_way(lead):
    title = "2026년 가람 AI 공장 지원사업 참여기업 모집 공고"
    record = extract(f"{title}\n\n{lead}\n", id="x", fields=DAY)
    assert [(one.name, one.parent, one.status) for one in record.programmes] == [
        ("가람 AI 공장 지원사업", "나래 AI 전환 사업", "open"),
        ("나래 AI 전환 사업", None, "ongoing"),
    ]


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("은 올해 예산이 편성되지 않았다.", "discontinued"),
        ("은 단년도로 그쳤다.", "discontinued"),
        ("은 지난해 한 해로 그쳤다.", "discontinued"),
        ("은 내년 예산이 전액 삭감됐다.", "discontinued"),
        ("은 내년 예산이 40% 삭감됐다.", None),
        ("은 서비스를 시 전 지역으로 확대했다.", "expanded"),
        ("은 현장에 적용해 운영하고 있다.", "adopted"),
        ("은 주민 반대로 무산됐다.", "cancelled"),
        ("은 올해 세 산단 120개사로 확대했다.", "expanded"),
        ("은 농협이 유료로 사들여 쓰고 있다.", "adopted"),
        ("은 전국으로 확산할 예정이다.", None),
        ("은 내년 예산을 늘려 확대할 계획이다.", None),
        ("의 예산은 올해 30억원에서 내년 45억원으로 증가한다.", "expanded"),
        ("은 참여 기업을 20곳에서 35곳으로 늘려 뽑는다.", "expanded"),
        ("은 호응이 좋아 이웃 두 구까지 넓혔다.", "expanded"),
        ("은 참여기업의 매출을 20억원에서 35억원으로 키웠다.", None),
        ("은 문을 연 뒤 청년 고용이 두 배로 늘었다.", None),
        ("은 수요 기업을 100곳으로 늘리는 방안을 검토한다.", None),
        ("은 이용자가 적어 반년 만에 문을 닫았다.", "discontinued"),
        ("은 도입 1년 만에 운영을 멈췄다.", "discontinued"),
        ("은 예산을 구하지 못해 더는 이어지지 못한다.", "discontinued"),
        ("은 수료생 300명을 목표로 했지만 120명에 그쳐 올해는 운영하지 않는다.", "discontinued"),
        ("은 실증 뒤 소방서 5곳이 정식으로 도입했다.", "adopted"),
        ("은 현재 공장 12곳이 이용료를 내고 쓰고 있다.", "adopted"),
        ("은 공사가 시험을 마친 장비를 사들였다.", "adopted"),
        ("은 수료생 300명을 목표로 했지만 120명에 그쳤다.", "missed"),
        ("은 예비타당성조사를 통과하지 못했다.", "missed"),
        ("은 심사에서 탈락했다가 다시 도전한 끝에 반영됐다.", None),
        ("은 참여 기업이 부도나 협약이 파기됐다.", "cancelled"),
        ("은 사업 기간이 2년 연장됐다.", "continued"),
        ("은 올해도 같은 규모로 이어진다.", "continued"),
    ],
)
def test_an_outcome_is_what_words_say_and_hopes_are_none(words, outcome):
    text = f"창원시는 인공지능 실증을 이어 왔다. 시가 추진한 ‘나래 AI 검사 사업’{words}"
    record = extract(text, id="x", fields=DAY)
    assert [programme.outcome for programme in record.programmes] == [outcome]


def test_an_outcome_may_stand_right_before_the_name():
    text = "창원시는 인공지능 실증을 이어 왔다. 시는 3년 만에 중단된 ‘나래 AI 검사 사업’의 장비를 대학에 넘긴다."
    record = extract(text, id="x", fields=DAY)
    assert [(one.outcome, one.status) for one in record.programmes] == [("discontinued", "ended")]


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("지난해 12곳이던 지원 기업을 30곳으로 늘렸습니다.", "expanded"),
        ("지원 기업은 30곳으로 늘릴 계획입니다.", None),
        ("지원 기업을 30곳으로 늘렸습니다.", None),
    ],
)
def test_a_call_that_says_that_it_is_larger_than_the_last_is_an_expansion(words, outcome):
    text = f"2026년 나래 AI 검사 지원사업 참여기업 모집 공고\n\n창원시는 인공지능 검사를 도입할 기업을 모집합니다. {words}\n"
    record = extract(text, id="x", fields=DAY)
    assert [one.outcome for one in record.programmes] == [outcome]


def test_an_outcome_is_of_all_names_joined_to_each_other_and_not_hidden_by_a_part():
    text = (
        "창원시는 인공지능 실증을 이어 왔다. ‘나래 AI 검사 사업’과 ‘다솜 AI 관제 사업’은 올해 예산이 편성되지 않았다.\n\n"
        "‘라온 AI 실증 사업’은 ‘마루 AI 바우처 사업’ 등을 포함해 네 분야를 도왔지만 내년 예산이 없다."
    )
    record = extract(text, id="x", fields=DAY)
    assert {one.name: (one.outcome, one.status) for one in record.programmes} == dict.fromkeys(
        ("나래 AI 검사 사업", "다솜 AI 관제 사업", "라온 AI 실증 사업", "마루 AI 바우처 사업"),
        ("discontinued", "ended"),
    )


def test_a_programme_whose_last_year_was_finished_and_that_calls_again_goes_on():
    text = "창원시는 인공지능 ‘가람 AI 실증 사업’의 참여기업을 모집한다. 지난해 사업을 성공적으로 마무리해 경쟁이 치열할 전망이다."
    assert [one.outcome for one in extract(text, id="x", fields=DAY).programmes] == ["continued"]


def test_a_budget_that_is_several_times_larger_is_an_expansion():
    text = "창원시는 인공지능 ‘가람 AI 실증 사업’을 추진해 왔다. {}"
    grown = extract(text.format("올해부터 예산을 전년 대비 3배 확대한 24억 원으로 책정했다."), id="x", fields=DAY)
    assert [one.outcome for one in grown.programmes] == ["expanded"]


def test_what_is_asked_for_is_no_outcome():
    text = "경남의 상공회의소가 제조 인공지능 실증 예산을 300억원으로 늘려 달라고 정부에 건의했다."
    record = extract(text, id="x", fields=DAY | {"title": "지역 상의 “제조 AI 실증 예산 늘려야”"})
    assert [(one.outcome, one.status) for one in record.programmes] == [(None, "proposed")]


def test_what_is_adopted_is_under_way():
    text = "창원시는 인공지능 사업을 한다. 시가 추진할 ‘나래 AI 검사 사업’은 산단 기업들이 쓰기로 했다."
    record = extract(text, id="x", fields=DAY)
    assert [(one.outcome, one.status) for one in record.programmes] == [("adopted", "ongoing")]


def test_a_government_acts_in_all_programmes_that_it_tells_of_and_others_in_their_own():
    text = (
        "창원시, 인공지능 사업 두 가지 시작\n\n창원시는 ‘가람 AI 실증센터’를 짓는다. 한국전자통신연구원이 운영을 맡는다.\n\n"
        "창원시는 ‘한결 AI 인재양성’ 사업도 시작한다. 국립창원대학교가 참여한다."
    )
    record = extract(text, id="x", fields=DAY)
    acting = {body.name: body.programmes for body in record.organisations}
    assert acting["한국전자통신연구원"] == ("가람 AI 실증센터",)
    assert acting["국립창원대학교"] == ("한결 AI 인재양성",)


TWO = (
    "전남도는 인공지능 사업 두 가지를 한다. ‘나래 AI 콘텐츠 거점’과 ‘여수 AI 설비진단’ 사업이다.\n\n"
    "‘나래 AI 콘텐츠 거점’은 순천에 짓는다.\n\n‘여수 AI 설비진단’은 여수에서 한다. "
)


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("기업 37개사를 지원했다.", "여수 AI 설비진단"),
        ("이 거점은 기업 37개사를 지원했다.", "나래 AI 콘텐츠 거점"),
        ("거점은 지난해 문을 열었다. 기업 37개사를 지원했다.", "나래 AI 콘텐츠 거점"),
    ],
)
def test_a_programme_is_referred_to_by_the_noun_that_its_name_alone_ends_with(text, owner):
    record = extract(TWO + text, id="x", fields=DAY)
    assert count(record, 37).programme == owner


def test_what_refers_back_is_of_the_programme_of_the_paragraph_before():
    text = LEAD + "\n\n‘나래 AI 검사 사업’도 있다.\n\n이런 실증으로 불량률을 30% 줄이는 것이 목표다."
    assert rate(extract(text, id="x", fields=DAY), 30).programme == "나래 AI 검사 사업"


# All of them.


def test_the_words_that_tie_a_fact_stand_where_they_are_said_to():
    text = (
        LEAD + "총사업비 220억 원(국비 120억, 도비 100억)을 투입한다. 올해 예산은 32억 원이다. 기업 30개사를 지원한다."
    )
    record = extract(text, id="x", fields=DAY)
    grounds = [ground for entry in (*record.amounts, *record.quantities) for ground in entry.grounds or ()]
    assert {ground.bearing for ground in grounds} >= {"programme", "part_of", "year"}
    assert all(text[one.start : one.end] == one.quote for one in evidences(grounds))


def test_a_record_with_bearings_is_read_as_it_was_written():
    record = read("총사업비 220억 원(국비 120억, 도비 100억)을 투입한다. 불량률을 30% 줄이는 것이 목표다.")
    assert from_json(to_json(record)) == record


def test_a_record_from_before_there_were_bearings_is_read():
    old = {"id": "x", "amounts": [{"krw": 5, "role": "total", "evidence": None, "programme": None}]}
    record = from_json(old)
    assert isinstance(record, ExtractionRecord)
    assert record.amounts[0].part_of is None


def test_a_model_with_an_answer_that_there_is_not_is_refused(tmp_path):
    path = tmp_path / "counts.json"
    odd = {"weights": {"sponsored": {"always": 1.0}}, "documents": []}
    state = {"weights": {"done": {}, "planned": {}}, "documents": []}
    path.write_text(json.dumps({"what": odd, "state": state}), "utf-8")
    with pytest.raises(DataFileError, match="'sponsored' is no answer"):
        counts.load(path)


@pytest.mark.parametrize(
    ("at", "whole", "expected"),
    [
        (1, 60, True),
        (1, 35, True),
        (1, 65, True),
        (1, 15, True),
        (1, 10, False),
        (1, 70, False),
        (0, 5, False),
        (3, 50, True),
    ],
)
def test_neighbours_in_a_list_add_up_to_a_whole_with_the_one_that_is_asked_for(at, whole, expected):
    assert funding_tree._holds_run([5, 10, 20, 30], at, whole) is expected


def test_a_range_in_a_headline_is_the_precise_total_of_the_text():
    text = (
        "경남도, 제조 AI 전환에 1조 원대 투입\n\n경남도는 ‘나루 제조 AI 전환 사업’에 2030년까지 1조 1,909억원을 들인다고 밝혔다. "
        "인공지능을 공장에 넣는 사업으로 기업 300곳이 참여한다.\n"
    )
    sums = {amount.krw: amount.same_as for amount in extract(text, id="x").amounts}
    assert sums == {1_000_000_000_000: 1_190_900_000_000, 1_190_900_000_000: None}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "‘가람 AI 실증 사업’은 ‘AI 설비 이용 지원 사업’과 ‘AI 서비스 개발 지원 사업’으로 구분해 추진된다.",
            {"AI 설비 이용 지원 사업", "AI 서비스 개발 지원 사업"},
        ),
        ("시는 ‘가람 AI 실증 사업’에 선정됨에 따라 ‘나래 AI 체험센터’를 구축한다.", {"나래 AI 체험센터"}),
        ("‘나래 AI 교실 사업’은 ‘가람 AI 실증 사업’ 일환으로 추진된다.", {"나래 AI 교실 사업"}),
    ],
)
def test_what_a_programme_is_divided_into_or_won_for_is_a_part_of_it(text, parts):
    parents = {programme.name: programme.parent or "" for programme in read(text).programmes}
    assert parts <= parents.keys()
    assert all("가람 AI 실증" in parents[part] for part in parts)


BY_YEARS = """
○ 총사업비 : 48억원(2년간)
구분
계
2026
2027
국비
32억원
14억원
18억원
시비
16억원
8억원
8억원
"""


def test_a_purse_of_a_year_is_part_of_that_of_all_years_which_is_of_none():
    record = call(BY_YEARS)
    of = {(entry.krw // 100_000_000, entry.year): entry.part_of for entry in record.amounts}
    assert of == {
        (48, None): None,
        (32, None): billion(48),
        (16, None): billion(48),
        (14, "2026"): billion(32),
        (18, "2027"): billion(32),
        (8, "2026"): billion(16),
        (8, "2027"): billion(16),
    }


REPORT = (
    "경남도가 2027년도 예산안을 내놓았다. 인공지능 분야는 모두 340억원이다. 도는 12일 창원에서 이를 설명하고 도의회의 심의를 거쳐 "
    "다음 달 확정할 계획이라고 밝혔다. 공장과 어촌에 인공지능을 도입하는 데 주로 쓴다. "
)


def test_the_items_of_a_report_on_the_budget_of_a_year_are_of_that_year():
    text = (
        f"{REPORT}'가람 AI 실증'은 110억원이다. '굴 양식 AI 보급'은 34억원에서 12억원으로 깎였다. "
        "'조선 AI 전환'은 2030년까지 총 720억원이 든다."
    )
    of = {entry.krw // 100_000_000: (entry.role, entry.year) for entry in read(text).amounts}
    expected = {110: ("annual", "2027"), 34: ("annual", "2026"), 12: ("annual", "2027"), 720: ("total", None)}
    assert {krw: of[krw] for krw in expected} == expected


def test_the_budget_of_what_is_to_begin_next_year_is_of_that_year():
    record = read("도는 이 사업을 내년에 어선 40척으로 넓히기로 했다. 사업비는 18억원이다.")
    assert (amount(record, billion(18)).role, amount(record, billion(18)).year) == ("total", "2027")


@pytest.mark.parametrize(
    ("line", "value", "state"),
    [
        ("○ 접수 : 3. 2. ~ 3. 20. (총 41개사 신청)", 41, "done"),
        ("○ 1차 모집에서 13개사를 선정하였으며, 이번에는 9개사를 모집함", 13, "done"),
        ("○ 1차 모집에서 13개사를 선정하였으며, 이번에는 9개사를 모집함", 9, "planned"),
        ("○ 2025년에 시범으로 17개사를 지원", 17, "done"),
        ("○ 지원규모 : 19개사", 19, "planned"),
    ],
)
def test_a_call_tells_of_earlier_rounds(line, value, state):
    assert count(call(line), value).state == state


def test_the_count_of_a_headline_is_planned_or_done_as_the_text_below_says():
    text = (
        "창원시 ‘가람 AI 실증’, 참여기업 23개사… 불량률 줄여\n\n창원시는 인공지능을 도입하는 ‘가람 AI 실증’ 결과를 내놓았다. "
        "지난해 참여기업 23개사를 선정해 지원했다.\n"
    )
    record = extract(text, id="x", fields=DAY)
    assert [(entry.value, entry.state) for entry in record.quantities] == [(23, "done")]


@pytest.mark.parametrize(("text", "per"), [("연 60명을 가르친다.", "year"), ("1년에 60명을 가르친다.", "year")])
def test_so_many_a_year(text, per):
    assert count(read(text), 60).per == per


def test_items_of_a_list_that_add_up_to_a_sum_far_above_are_its_parts():
    record = read(
        "2029년까지 4,119억 원을 투입한다. "
        + "공장과 병원과 학교에 인공지능을 고루 들인다. " * 14
        + "이 사업은 △가람 AI 인프라 조성(2,549억 원) "
        "△나루 AI 기업 육성(549억 원) △다솜 AI 인력 양성(513억 원) △단비 AI 융합 연구(508억 원)로 이루어진다."
    )
    wholes = [amount(record, billion(part)).part_of for part in (2549, 549, 513, 508)]
    assert wholes == [billion(4119)] * 4


def test_a_whole_that_the_headline_stated_before_contains_the_part_before_it():
    text = "창원시, 총 236억 들여 인공지능 공장 짓는다\n\n창원시는 ‘가람 AI 실증’에 국비 140억원을 포함한 총사업비 236억원을 들인다.\n"
    assert amount(extract(text, id="x", fields=DAY), billion(140)).part_of == billion(236)


def test_a_total_of_several_years_has_no_year_of_a_title_and_a_sum_beside_a_period_none_of_a_caption():
    record = call(
        "□ 사업비 : 총 24억원(2026년 10억원, 2027년 14억원)",
        "< 2026년도 신규과제 >",
        "|번호|과제명|사업기간|총사업비|",
        "|1|가람 AI 로봇 실증|’26.4.1 ~ ’29.12.31|18억원|",
        "|2|나루 AI 선박 설계|’26.4.1 ~ ’28.12.31|6억원|",
    )
    assert [amount(record, billion(krw)).year for krw in (24, 10, 14, 18, 6)] == [None, "2026", "2027", None, None]
    assert [amount(record, billion(krw)).part_of for krw in (10, 14)] == [billion(24)] * 2


def test_totals_of_tracks_that_add_up_to_a_purse_of_the_call_are_of_that_purse():
    record = call(
        "□ 총사업비 : 75억원(시비 62억원, 기업부담금 13억원)",
        "|세부사업|지원규모|사업비|",
        "|가람 AI 시제품 지원|10개사|20억원|",
        "|나루 AI 판로 지원|12개사|14억원|",
        "|다솜 AI 검사 지원|8개사|28억원|",
    )
    parts = [amount(record, billion(krw)) for krw in (20, 14, 28)]
    assert [(part.role, part.part_of) for part in parts] == [("local", billion(62))] * 3


def test_a_part_of_the_budget_of_a_year_is_of_that_year_and_a_turnover_of_the_year_beside_it():
    record = read("올해 예산 290억 원 가운데 61억 원만 썼다. 참여기업 평균 매출은 18억 원(2024년 14억 원)이다.")
    assert (amount(record, billion(61)).year, amount(record, billion(61)).part_of) == ("2026", billion(290))
    assert (amount(record, billion(14)).role, amount(record, billion(14)).year) == ("other", "2024")


@pytest.mark.parametrize(
    ("title", "line", "what"),
    [
        ("전북 소상공인 AI 경영개선 이용권 지원 공고", "□ 모집규모: 1,500명", "supported"),
        ("전북 AI 지원사업 합동 설명회 개최 안내", "□ 참가대상: 도내 기업 누구나(선착순 120명)", "took_part"),
        ("전북 청년 AI 개발자 양성과정 교육생 모집 공고", "□ 모집규모: 50명", "trained"),
    ],
)
def test_a_call_supports_trains_or_invites_the_people_it_wants(title, line, what):
    text = f"{title}\n전북테크노파크는 인공지능(AI) 지원사업의 참가자를 모집합니다.\n{line}\n□ 신청: 2026. 3. 9. ~ 3. 20.\n"
    record = extract(text, id="x", fields=DAY)
    assert [entry.what for entry in record.quantities] == [what]


@pytest.mark.parametrize(
    ("text", "value", "what"),
    [
        ("시는 5개사를 최종 선정했다. 신청 기업은 22개사였다.", 22, "took_part"),
        ("선정 취소가 생기면 예비기업 2개사를 순서대로 뽑는다.", 2, "other"),
    ],
)
def test_who_applied_and_who_waits_is_not_supported(text, value, what):
    assert count(read(text), value).what == what


def test_shares_of_a_count_that_name_no_unit_are_no_counts():
    text = (
        "경기 AI 거점 입주기업 모집 공고\n□ 모집규모: 32개사(거점별 12, 6, 5, 5, 4개사)\n□ 신청: 2026. 3. 9. ~ 3. 20.\n"
    )
    assert [entry.value for entry in extract(text, id="x", fields=DAY).quantities] == [32]
