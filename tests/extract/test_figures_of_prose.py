"""Sums, counts and rates as releases and articles word them, and the programmes that they belong to."""

import pytest

from gonggo.extract import money, quantities
from gonggo.extract.doc import Doc
from gonggo.extract.record import extract

LEAD = "구미시는 인공지능을 지역 공장에 들이는 ‘AI 공방 지원사업’을 추진한다고 밝혔다.\n\n"
DAY = {"posted_on": "2026-03-10"}


def roles(text):
    return {amount.krw // 1_000_000: amount.role for amount in money.find(Doc("a", text), "article")}


def counted(text):
    return {(count.value, count.unit) for count in quantities.find(Doc("a", text), "article")}


def read(text, lead=LEAD, **fields):
    record = extract(lead + text, id="x", fields=DAY | fields)
    assert record.is_relevant
    return record


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("총사업비 60억 원 가운데 절반인 30억 원은 국비다.", {6000: "total", 3000: "national"}),
        ("국비가 40억 원이고 나머지 30억 원은 도와 시가 절반씩 낸다.", {4000: "national", 3000: "local"}),
        ("나랏돈 40억 원에 시 예산 20억 원을 보탠다.", {4000: "national", 2000: "local"}),
        ("정부 지원금 24억 원과 시비 16억 원을 합친다.", {2400: "national", 1600: "local"}),
        ("정부가 70억 원을 대고 도와 시가 15억 원씩 낸다.", {7000: "national", 1500: "local"}),
        ("도에서 16억 원을 지원하고 수요기업에서도 11억 원을 부담한다.", {1600: "local", 1100: "private"}),
        ("시 예산 20억 원으로 짓는다.", {2000: "total"}),
        ("전체 사업비의 70%인 42억 원을 국가가 부담한다.", {4200: "national"}),
        ("내년도 국비 예산 57억 원이 빠졌다.", {5700: "national"}),
        ("사업비는 가람시가 22억 원을 부담한다.", {2200: "local"}),
        ("사업비 22억 원을 부담한다.", {2200: "private"}),
        # Words that end as the name of a government does: armed forces, goods, zones.
        ("해군이 22억 원을 내고 남해군이 5억 원을 낸다.", {2200: "national", 500: "local"}),
        ("정부가 70억 원을 대고 누리특구가 15억 원을 낸다.", {7000: "national", 1500: "private"}),
        ("정부가 70억 원을 대고 참여 기업군이 15억 원을 낸다.", {7000: "national", 1500: "private"}),
        ("국비 70억 원을 더해 전년도 예산 15억 원을 넘겼다.", {7000: "national", 1500: "total"}),
    ],
)
def test_the_source_of_a_sum_is_read_from_payer_budget_and_the_words_behind_it(text, expected):
    assert roles(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("기업당 최대 2천만 원을 주며 20곳에 모두 4억 원이 들어간다.", {20: "award_ceiling", 400: "total"}),
        ("시는 기업당 3천만 원씩 모두 6억 원을 지원한다.", {30: "award_amount", 600: "total"}),
        ("구미시는 교육장과 실증실에 각각 5억 원과 15억 원을 투자한다.", {500: "total", 1500: "total"}),
        ("기업은 6000만~2억4000만원을 지원받을 수 있다.", {60: "award_amount", 240: "award_amount"}),
        ("선정된 기업은 바우처 1천만 원을 받는다.", {10: "award_amount"}),
        ("우수 과제에는 5천만 원을 추가로 준다.", {50: "award_amount"}),
        ("상금은 1등 팀에 500만 원, 2등은 300만 원이다.", {5: "award_amount", 3: "award_amount"}),
        ("시는 지난해에는 역대 최대 규모인 22억 원을 확보했다.", {2200: "annual"}),
        ("내년에 최소한 15억 원이 필요하다.", {1500: "annual"}),
    ],
)
def test_an_award_is_what_each_receives_and_not_what_all_cost(text, expected):
    assert roles(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("연간 약 200억 원 규모의 지역경제 유발 효과를 기대한다.", {20000: "other"}),
        ("민간 투자 300억 원을 끌어내는 것이 목표다.", {30000: "other"}),
        (
            "운행비용 약 30억 원, 시간비용 약 170억 원 등 총 200억 원의 비용을 절감했다.",
            {3000: "other", 17000: "other", 20000: "other"},
        ),
        ("올해 예산은 지난해보다 3억 원 늘어난 15억 원이다.", {1500: "annual"}),
        ("도는 내년에 총 34억 원 이상을 투입할 계획이다.", {3400: "annual"}),
        ("사업이 확정되면 2030년까지 240억 원이 투입될 전망이다.", {24000: "total"}),
        ("2024년부터 3년간 매년 10억 원씩 지원받는다.", {1000: "annual"}),
        ("후속 투자 45억 원을 이끌어 냈다.", {4500: "other"}),
        ("운영비까지 더하면 시가 올해 쓰는 돈은 19억 원이다.", {1900: "annual"}),
    ],
)
def test_effects_fund_nothing_and_the_money_of_a_year_is_annual(text, expected):
    assert roles(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "71개의 과제가 접수됐고 이 가운데 12개가 뽑혔다.",
            {(71, "projects"), (12, "projects")},
        ),
        ("실증 과제 6개 가운데 4개가 상용화됐다.", {(6, "projects"), (4, "projects")}),
        ("2년간 과제 36개에 모두 87억 원을 지원한다.", {(36, "projects")}),
        ("지금까지 97개사만 신청했다.", {(97, "companies")}),
        ("올해 5000개의 스마트 공장을 추가로 구축한다.", {(5000, "sites")}),
        ("로봇 25대와 검사 장비 12대를 들였다.", {(25, "items"), (12, "items")}),
        ("매년 기업 30곳씩 3년간 90곳을 지원한다.", {(30, "companies"), (90, "companies")}),
    ],
)
def test_what_is_counted_follows_from_the_count_before_too(text, expected):
    assert counted(text) == expected


@pytest.mark.parametrize(
    ("text", "value", "what"),
    [
        ("4기 교육생 60명을 뽑는다.", 60, "trained"),
        ("전국에서 32개 대학이 사업계획서를 제출했다.", 32, "took_part"),
        ("시민 2천 명이 체험했다.", 2000, "took_part"),
        ("이 사업에는 8개 기업과 3개 대학이 참여한다.", 8, "took_part"),
        # Staff is not trained, and what came of a programme is not supported by it.
        ("센터에는 전임 교수 9명이 있다.", 9, "other"),
        ("사업단은 현장 코디네이터 14명을 두기로 했다.", 14, "other"),
        ("상담사는 도움이 필요한 노인 83명을 가려내 병원에 알렸다.", 83, "other"),
        ("첫해에 특허출원은 11건이었다.", 11, "other"),
        ("지원받은 기업 가운데 5개 기업이 70억 원의 투자를 유치했다.", 5, "other"),
        ("이 가운데 6개사는 본사를 김해로 옮겼다.", 6, "other"),
        ("시는 기업 140곳과 업무협약을 맺었다.", 140, "took_part"),
    ],
)
def test_what_is_done_with_the_counted(text, value, what):
    assert next(count for count in read(text).quantities if count.value == value).what == what


@pytest.mark.parametrize(
    ("text", "value", "name", "subject", "side"),
    [
        ("생산성 30%이상, 불량률 감소 50%이상 등 효과가 기대된다고 시는 밝혔다.", 50, "불량률 감소", None, "target"),
        (
            "참여 기업은 품질 향상(29.7%), 납기 단축(20.3%) 등의 성과를 낸 것으로 조사됐다.",
            20.3,
            "납기 단축",
            None,
            "result",
        ),
        ("먼저 생산성을 30% 이상 향상시키는 것을 목표로 한다.", 30, "생산성 향상", None, "target"),
        ("– 생산성 7% 향상 목표", 7, "생산성 향상", None, "target"),
        ("중소기업의 AI 활용률은 28.7%로 대기업의 48.8%에 비해 떨어진다.", 48.8, "AI 활용률", "대기업", "indicator"),
        (
            "지난해 기준 지역 제조업의 AI 활용률은 8.1%로 전국 평균 14.3%에 못 미친다.",
            14.3,
            "AI 활용률",
            "전국",
            "indicator",
        ),
        ("사업에 참여한 기업의 매출은 평균 17.3% 늘었다.", 17.3, "매출 증가", "사업에 참여한 기업", "result"),
        ("중소기업의 63.4%가 “비용이 부담된다”고 했다.", 63.4, "비용이 부담된다", "중소기업", "indicator"),
        ("기업의 31%는 인력이 모자란다고 답했다.", 31, "인력이 모자란다", "기업", "indicator"),
        ("응답 기업의 54%는 인력 부족을 애로로 꼽았다.", 54, "인력 부족", "응답 기업", "indicator"),
    ],
)
def test_a_rate_has_the_measure_subject_and_side_that_its_sentence_says(text, value, name, subject, side):
    rate = next(metric for metric in read(text).metrics if metric.value == value)
    assert (rate.name, rate.subject, rate.side) == (name, subject, side)


@pytest.mark.parametrize(
    ("text", "value", "state"),
    [
        ("2024년 5개 기업을 선정한 데 이어 올해 10개 대학으로 지원 대상을 넓힌다.", 5, "done"),
        ("시는 20개 기업을 뽑았고 내년에는 이들의 판로를 넓힐 계획이다.", 20, "done"),
        ("올해 규모는 9개사 내외다.", 9, "planned"),
        ("지난 6년간 도내 기업을 대상으로 과제 120건을 골라 공장 실증을 도와 왔다.", 120, "done"),
        ("시는 거점을 4곳에서 7곳으로 확대한다.", 4, "done"),
        ("시는 거점을 4곳에서 7곳으로 확대한다.", 7, "planned"),
        ("실제 지원은 당초 잡은 35개사보다 많았다.", 35, "planned"),
        ("이 사업으로 매출 증가, 신규 솔루션 적용 15건 등의 성과가 기대된다고 시는 밝혔다.", 15, "planned"),
    ],
)
def test_a_count_is_planned_or_done_by_the_verb_that_it_is_of(text, value, state):
    assert next(count for count in read(text).quantities if count.value == value).state == state


def test_a_sum_is_of_the_programme_that_it_is_said_to_be_the_size_of():
    record = read(
        "시는 226억 원 규모의 ‘초거대 제조 AI 개발사업’과 320억 원이 드는 ‘제조 융합데이터 실증사업’을 함께 벌인다.\n"
    )
    owners = {amount.krw // 100_000_000: amount.programme for amount in record.amounts}
    assert owners == {226: "초거대 제조 AI 개발사업", 320: "제조 융합데이터 실증사업"}


def test_the_cost_after_a_part_is_named_is_of_the_programme_of_the_title():
    text = (
        "구미시, ‘AI 공방 지원사업’ 선정\n구미시는 ‘AI 공방 지원사업’ 대상에 뽑혔다고 밝혔다.\n"
        "시는 내년 산단에 ‘구미 AI 실증랩’을 연다.\n공장 열두 곳이 이곳에서 인공지능을 배운다.\n"
        "기술 상담도 함께 한다.\n사업 투입 예산은 내년까지 국비 37억 원을 포함, 총 72억 원이다.\n"
    )
    record = read(text, lead="", title="구미시, ‘AI 공방 지원사업’ 선정")
    assert {amount.programme for amount in record.amounts} == {"AI 공방 지원사업"}


def test_a_headline_sum_has_the_year_of_the_text_and_the_month_of_an_event_is_no_budget_year():
    record = read(
        "시는 올해 26억 원을 들인다.\n\n지난해 11월 심사를 통과하면서 이 사업으로 43억 원을 확보했다.\n",
        lead="AI 공방에 26억 투입\n" + LEAD,
    )
    assert {amount.krw // 100_000_000: amount.year for amount in record.amounts} == {26: "2026", 43: None}


def test_a_source_is_part_of_no_total_stated_sentences_away_unless_it_is_the_only_one():
    total = "‘AI 공방 지원사업’ 총사업비는 96억 원이다. 공장을 고친다. 장비를 들인다. 사람을 뽑는다."
    only, two = (
        next(
            amount
            for amount in read(f"{total} {more}국비 50억 원은 중앙에서 온다.").amounts
            if amount.krw == 5_000_000_000
        )
        for more in ("", "내년에 81억 원을 쓴다. 공장을 고친다. 장비를 들인다. ")
    )
    assert (only.part_of, two.part_of) == (9_600_000_000, None)


def test_programmes_that_are_listed_side_by_side_are_no_parts_of_each_other():
    record = read(
        "이번 사업은 △기계 AI 지원센터 구축사업, △제조 AI 실증사업, △초거대 AI 개발사업이다.\n"
        "‘제조 AI 실증사업’은 4개 분야에서 진행된다.\n"
    )
    parts = {"기계 AI 지원센터 구축사업", "제조 AI 실증사업", "초거대 AI 개발사업"}
    assert parts <= {programme.name for programme in record.programmes}
    assert not parts & {programme.parent for programme in record.programmes}


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("시는 올해 72억 원(총사업비 141억 원)을 쓴다.", 72, 141),
        ("‘AI 공방 지원사업’에 600억 원이 든다.\n총사업비 600억 원 가운데 300억 원은 기술 개발에 쓴다.", 300, 600),
        ("총 투자비는 370억 원 수준으로 이중 정부와 시가 4년간 총 190억 원을 댄다.", 190, 370),
        ("총사업비는 389억 원으로, 국비 219억 원에 시비 18억 원, 민자 152억 원이 더해진다.", 219, 389),
    ],
)
def test_a_part_is_of_the_sum_that_is_stated_beside_it(text, part, whole):
    record = read(text + "\n", lead="국비 219억 원으로 AI 공방\n" + LEAD if part == 219 else LEAD)
    one = next(amount for amount in record.amounts if amount.krw == part * 100_000_000)
    assert one.part_of == whole * 100_000_000
