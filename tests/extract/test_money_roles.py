"""The part that an amount plays is told by who pays it, the year it is for, and the heads of its table."""

import pytest

from gonggo.extract import money
from gonggo.extract.doc import Doc


def roles(text, kind="article"):
    return {amount.krw // 1_000_000: amount.role for amount in money.find(Doc("a", text), kind)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("사업비는 도가 24억원, 한빛전자가 22억원을 분담한다.", {2400: "local", 2200: "private"}),
        ("시가 추가로 7억원을 댔다.", {700: "local"}),
        ("양산시와 김해시가 각각 16억원과 10억원을 낸다.", {1600: "local", 1000: "local"}),
        ("국비 90억원이 들어가고 나머지 13억원은 참여기업이 낸다.", {9000: "national", 1300: "private"}),
        (
            "120억원(국비 60억, 도비 38억, 목포시 22억)을 들인다.",
            {12000: "total", 6000: "national", 3800: "local", 2200: "local"},
        ),
        ("총 140억원의 국비와 35억원 규모의 도비를 투입한다.", {14000: "national", 3500: "local"}),
        ("140억원의 사업비를 투입한다.", {14000: "total"}),
        ("재원은 국비 100억원, 지방비 50억원, 민간 40억원이다.", {10000: "national", 5000: "local", 4000: "private"}),
    ],
)
def test_who_pays_an_amount_is_its_source(text, expected):
    assert roles(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("돈은 2024년 28억원이 들어갔고 올해는 52억원이 책정됐다.", {2800: "annual", 5200: "annual"}),
        ("내년 예산을 올해 40억원에서 65억원으로 늘린다.", {4000: "annual", 6500: "annual"}),
        ("올해 쓰는 돈은 32억원이다. 이 가운데 18억원은 장비를 산다.", {3200: "annual", 1800: "annual"}),
        ("총 603억원(’25년 106억원) 규모다.", {60300: "total", 10600: "annual"}),
        ("사업기간/예산(정부출연금): ’22년~’28년 / 총 603억원(’25년 106억원)", {60300: "national", 10600: "annual"}),
        (
            "과제당 ’26년 12억원, ’27년 11억원, ’28년 3억원이다.",
            {1200: "award_amount", 1100: "award_amount", 300: "award_amount"},
        ),
        (
            "< 2026년 가람 AI 프로그램 >\n|프로그램|규모|예산|\n|GPU 이용|60개사|14억 원|\n|AI 과정|90명|21억 원|\n",
            {1400: "annual", 2100: "annual"},
        ),
        ("< 2026년 지역별 내용 >\nㅇ (진주) 실증 센터 : 620억 원.", {62000: "annual"}),
        ("내년 9억원을 끝으로 130억원짜리 사업이 끝난다.", {900: "annual", 13000: "total"}),
        ("올해 40억 원\n총 지원 규모는 40억 원이다.", {4000: "total"}),
    ],
)
def test_the_year_of_an_amount_makes_it_annual_and_the_whole_is_a_total(text, expected):
    assert roles(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("한 파운드리 기업이 4,700억원을 들여 공장을 짓는다.", {470_000: "other"}),
        ("은행은 입주사에 투자하는 200억원짜리 펀드를 만든다.", {20_000: "other"}),
        ("씨앗로봇은 지난해 22억원의 투자를 받았다.", {2200: "other"}),
        ("지난해만 22억원의 국내외 투자가 이뤄졌다.", {2200: "other"}),
        ("씨앗로봇은 국가 연구 과제(22억원)를 수주했다.", {2200: "other"}),
        ("훈련생에게 월 300만 원을 준다.", {3: "award_amount"}),
        ("작업을 줄이면 한 해 3억원이 남는다.", {300: "other"}),
        ("한 공장에 4천만 원씩 준다.", {40: "award_amount"}),
    ],
)
def test_what_a_firm_spends_or_earns_is_other_money(text, expected):
    assert roles(text) == expected


def test_no_amount_is_a_difference_or_a_price_by_piece():
    assert roles("지난해보다 405억원(66.2%) 늘어난 규모다. 로봇 한 대에 15억원꼴이다.") == {}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            "|구분| | |\n|---|---|---|\n|과제당 최대 지원금| |28억|\n|과제당 비율별 지원금|30%|8억|\n| |40%|11억|",
            {2800: "award_ceiling", 800: "award_ceiling", 1100: "award_ceiling"},
        ),
        (
            "|구분|방법|사업비(분담비율)| |\n|---|---|---|---|\n| | |정부지원(85%)|민간부담(15%)|\n|기획|8회|238백만원|42백만원|",
            {238: "total", 42: "private"},
        ),
        (
            "|유형|지원 기간 및 지원 한도|\n|---|---|\n|기획|3개월, 238백만원|\n|지도|4개월, 119백만원|",
            {238: "award_ceiling", 119: "award_ceiling"},
        ),
        ("|분야|정부 지원금|\n|---|---|\n|영상|5.5억|\n|음성|4.5억|", {550: "national", 450: "national"}),
    ],
)
def test_heads_of_rows_and_columns_tell_the_part(table, expected):
    assert roles("AI 지원사업 공고\n\n" + table, "announcement") == expected


def test_tables_of_box_characters_are_tables():
    table = "┏━━━━━┳━━━━━┓\n┃ 과정 ┃ 지원 한도 ┃\n┣━━━━━╋━━━━━┫\n┃ 기획 ┃ 3억 원 ┃\n┗━━━━━┻━━━━━┛\n"
    assert roles("AI 지원사업 공고\n\n" + table, "announcement") == {300: "award_ceiling"}


def test_a_share_of_the_state_that_each_award_has_at_most_is_a_ceiling():
    text = "|지원규모|총 159억원 이내(‘25년 과제별 정부지원연구개발비 11억원 이내)|"
    assert roles("AI 지원사업 공고\n\n" + text, "announcement")[1100] == "award_ceiling"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[붙임] 2026년 지역별 재원 (단위 : 억 원)\n지역 합계 국비 지방비 민간\n진주 62 40 12 10\n여수 74 50 14 10\n※ 변동될 수 있음",
            {
                6200: "annual",
                4000: "national",
                1200: "local",
                1000: "private",
                7400: "annual",
                5000: "national",
                1400: "local",
            },
        ),
        (
            "[붙임] 국비 반영 내역      (단위: 백만원)\n 사업명        2025   2026   비고\n AI 공정센터       -   4,100   신규\n AI 온실 실증      -   3,500   신규",
            {4100: "national", 3500: "national"},
        ),
        (
            "< 연차별 계획 >\n(단위 : 억 원)\n구분 계 2027년 2028년\n국비 72 30 42\n시비 41 20 21\n민간부담 13 5 8\n합계 126 55 71",
            {
                7200: "national",
                3000: "national",
                4200: "national",
                4100: "local",
                2000: "local",
                2100: "local",
                1300: "private",
                500: "private",
                800: "private",
                12600: "total",
                5500: "annual",
                7100: "annual",
            },
        ),
        ("금액 (단위: 백만원)\n이것은 표가 아닌 글이다 10 20\n그렇다", {}),
    ],
)
def test_numbers_of_a_table_set_apart_by_spaces_have_the_unit_of_its_caption(text, expected):
    assert roles(text, "press_release") == expected


def test_the_unit_of_a_table_is_no_sum_and_may_be_a_multiple():
    table = "지원금 현황 (단위: 10만원)\n|구분|지원금|\n|---|---|\n|기획|35|\n|지도|120|"
    sums = {amount.krw for amount in money.find(Doc("a", "AI 지원사업 공고\n" + table), "announcement")}
    assert sums == {3_500_000, 12_000_000}


@pytest.mark.parametrize(
    "heads",
    [
        "|구분|총사업비|||\n|구분|정부지원금|기업부담금|합계|\n",
        "|구분|총사업비|||\n||정부지원금|기업부담금|합계|\n",
        "|구분|총사업비| | |\n| |정부지원금|기업부담금|합계|\n",
    ],
)
def test_heads_in_two_rows_say_who_pays(heads):
    text = f"□ 사업비 구성\n\n{heads}|2026년|20억원|5억원|25억원|\n"
    assert {(entry.krw // 10**8, entry.role) for entry in money.find(Doc("x", text), "announcement")} == {
        (20, "national"),
        (5, "private"),
        (25, "total"),
    }


def test_the_money_of_a_designated_task_is_that_of_the_state_and_that_of_one_year_annual():
    table = (
        "□ 지원대상 품목\n\n|번호|품목명|공모유형|’26년 정부지원연구개발비(억원)|총 정부지원연구개발비(억원)|\n"
        "|1|가람 소자 제조 기술 개발|품목지정|12.5|45|\n|2|나루 소자 측정 기술 개발|품목지정|11|30억원 이내|\n"
    )
    assert {(entry.krw // 10**7, entry.role) for entry in money.find(Doc("x", table), "announcement")} == {
        (125, "annual"),
        (450, "national"),
        (110, "annual"),
        (300, "award_ceiling"),
    }


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("○ 지원규모 : 6개사 × 30백만원\n", "announcement", {30: "award_amount"}),
        ("도시 각 분야에 AI를 들이는 사업규모 30억원이다.", "article", {3000: "total"}),
        ("각 기업에 3억원을 지원한다.", "article", {300: "award_amount"}),
        ("올해 추경으로 신설된 이 사업 예산은 350억원 규모다.", "article", {35000: "total"}),
        ("올해 예산은 350억원 규모다.", "article", {35000: "annual"}),
    ],
)
def test_a_product_is_of_awards_and_words_of_each_and_of_years_reach_no_further_than_they_mean(text, kind, expected):
    assert roles(text, kind) == expected


def test_the_money_of_one_year_in_the_row_of_a_task_is_annual():
    table = "|연번|지원대상 과제명|수행기간|2026년 지원액(백만원)|\n|1|가람 AI 기술 개발|3년|1,200|\n|2|나루 AI 기술 개발|3년|1,500|\n"
    assert roles(table, "announcement") == {1200: "annual", 1500: "annual"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("정부는 최대 1400억 원의 정부 출자금을 투입한다.", {140000: "total"}),
        ("기업당 최대 4억 원을 투입해 돕는다.", {400: "award_ceiling"}),
        ("사업비 8억원(국비 6, 참여기업 2)을 확보했다.", {800: "total", 600: "national", 200: "private"}),
    ],
)
def test_what_is_spent_at_most_is_the_whole_and_firms_pay_a_part(text, expected):
    assert roles(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("시는 내년도 국비로 1,205억원을 신청했으나, 426억원을 확보했다.", {120500: "national", 42600: "national"}),
        ("지자체별 약 70억원 국비 지원을 한다.", {7000: "national"}),
        ("올해 말까지 2억 원(국비 1억4천, 군비 6천)을 들인다.", {200: "total", 140: "national", 60: "local"}),
        (
            "가람시는 정부예산에 국비 720억원을 확보했다.\n▷AI 실증 40억원(총사업비 100억원) ▷AI 배움터 13억원 등이다.",
            {72000: "national", 4000: "national", 10000: "total", 1300: "national"},
        ),
    ],
)
def test_money_of_the_state_is_recognised_before_a_second_sum_behind_it_or_in_the_lead(text, expected):
    assert roles(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("뽑힌 4개 대학은 올해 11억원씩 지원받고 내년에 더 받는다.", {1100: "award_amount"}),
        (
            "선정된 컨소시엄 기업에게는 2년 동안 총 4.5억 원(1차년도 3.5억원)이 지원될 예정이다.",
            {450: "award_amount", 350: "award_amount"},
        ),
        ("올해는 특히 기업의 해외 진출을 돕고 기술을 알리기 위해 80억 원의 예산이 투입된다.", {8000: "annual"}),
        ("2028년까지 6대 분야, 60개 사업에 1조2730억원을 투자해 도정을 바꾼다.", {1273000: "total"}),
        ("강 시장은 “총사업비 6000억원 중 3000억원은 기술 개발에 쓴다”고 했다.", {600000: "total", 300000: "total"}),
    ],
)
def test_what_each_gets_what_a_year_spends_and_what_a_mayor_says_is_money(text, expected):
    assert roles(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Who pays, by the name before a share or in a list.
        ("사업에는 국비 12억 원, 도비 9억 원, 수협 부담 3억 원이 든다.", {12: "national", 9: "local", 3: "private"}),
        ("시 출자금 20억 원에 모태펀드 50억 원, 민간 30억 원을 더했다.", {20: "local", 50: "national", 30: "private"}),
        ("재원은 경기도 18억 원, 성남시 7억 원, 국민은행 5억 원이다.", {18: "local", 7: "local", 5: "private"}),
        ("산림청이 40억 원, 군이 12억 원, 조합기업이 3억 원을 치렀다.", {40: "national", 12: "local", 3: "private"}),
        ("지역 유형에는 국비 4억 원에 지자체가 1억 원을 보탠다.", {4: "national", 1: "local"}),
        ("국비는 90억 원이고 나머지 45억 원은 지방자치단체가 부담한다.", {90: "national", 45: "local"}),
        # What is said behind a sum, or asked for.
        ("예산은 11억 원(전액 시비)이다.", {11: "local"}),
        ("세 사업 합계 7억 원은 전액 도비이며 바뀔 수 있다.", {7: "local"}),
        ("도는 80억 원을 국비로 요청할 생각이다.", {80: "national"}),
        ("국비 요구액도 18억 원으로 낮춘다.", {18: "national"}),
        # The budget of a year, and what it became.
        ("'과수 AI'는 34억 원에서 12억 원으로 깎였다.", {34: "annual", 12: "annual"}),
        ("이 사업은 54억 원(올해 32억 원)으로 는다.", {32: "annual"}),
        ("작년(15억 원)보다 크다.", {15: "annual"}),
        # No year's budget: a total that shrank.
        ("총사업비는 340억 원에서 120억 원으로 줄었다.", {340: "total"}),
        # Each, whoever they are; but not by field.
        ("연구실당 2억 원을 지원했다.", {2: "award_amount"}),
        ("분야별로는 제조가 96억 원이다.", {96: "total"}),
        # Of no programme.
        ("도는 당초 100억 원을 목표로 잡았다.", {100: "other"}),
        ("조합은 자체 자금 4억 원으로 장비를 샀다.", {4: "other"}),
        ("한 업체는 연 2억 원의 연료비를 아꼈다.", {2: "other"}),
        ("혼잡비용이 연간 85억 원가량 줄 것으로 봤다.", {85: "other"}),
    ],
)
def test_who_pays_and_of_which_year_in_more_wordings(text, expected):
    read = {entry.krw // 100_000_000: entry.role for entry in money.find(Doc("x", text), "article")}
    assert {krw: read.get(krw) for krw in expected} == expected


def test_a_price_in_the_sentence_before_does_not_hide_a_grant():
    text = "▷ 내용 : 이용료를 바우처로 지급. 정액 500만원"
    assert [entry.krw for entry in money.find(Doc("x", text), "announcement")] == [5_000_000]


def test_what_a_report_on_money_asked_of_the_state_lists_is_the_states():
    text = (
        "목포시가 내년 국비 640억 원을 건의했다. 시는 지난주 세종청사를 찾았다.\n▲ 굴 양식 AI : 총사업비 210억 원. 내년 요구액 32억 원.\n"
        "▲ 항만 순찰 로봇 : 내년에 27억 원을 요청했다.\n"
    )
    read = {entry.krw // 100_000_000: entry.role for entry in money.find(Doc("x", text), "press_release")}
    assert (read[32], read[27], read[210]) == ("national", "national", "total")


def test_who_pays_heads_a_row_among_rows_of_purses():
    text = "구분\nA. 해상형\nB. 육상형\n국비\n12억원\n9억원\n강원도\n4억원\n3억원\n민간\n2억원\n1억원\n"
    read = {entry.krw // 100_000_000: entry.role for entry in money.find(Doc("x", text), "announcement")}
    assert read == {12: "national", 9: "national", 4: "local", 3: "local", 2: "private", 1: "private"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Right behind a sum, or before all of them.
        ("대학원은 10년간 190억원 국비를 지원받는다.", {19000: "national"}),
        ("2028년까지는 27억원 시비도 지원받는다.", {2700: "local"}),
        ("센터는 전액 민간 자본으로 지으며 투자 규모는 약 800억원이다.", {80000: "private"}),
        # The second sum has a source of its own.
        ("국비 40억원 시비 12억원을 들인다.", {4000: "national", 1200: "local"}),
        # A council pays nothing.
        ("시의회가 70억원을 늘린 예산안을 시가 낸 그대로 의결했다.", {7000: "annual"}),
        # All that the chosen are given, whatever it is called.
        ("선정된 67개 기업에게 총 지원금 41억원을 지원한다.", {4100: "total"}),
    ],
)
def test_a_source_is_said_right_behind_a_sum_or_before_all_of_them(text, expected):
    assert roles(text) == expected


@pytest.mark.parametrize(
    "text",
    ["올해는 지난해보다 약 58억원 많은 규모로 짓는다.", "국비 37억원을 확보했다. 나루시\n25일 시에 따르면 곧 짓는다."],
)
def test_what_is_more_than_before_and_a_day_behind_a_city_are_no_sums(text):
    assert 58 not in {krw // 100 for krw in roles(text)} and 2500 not in roles(text)


def test_columns_by_field_are_no_awards_and_heads_name_a_source_in_brackets():
    table = (
        "2026년 AI 실증 지원사업 공고\n□ 지원규모 : 정부출연금 총 86억원\n|분야|과제수|과제당 정부출연금|분야별 정부출연금|\n"
        "|AI 물류|5개|8억원 내외|46억원<br>(5개 × 9억원)|\n|AI 관광|4개|4억원 이내|16억원|\n"
    )
    read = roles(table, "announcement")
    assert (read[4600], read[900], read[1600], read[400]) == ("national", "award_amount", "national", "award_ceiling")
    table = "2026년 AI 바우처 지원사업 공고\n□ 지원내용\n|구분|도입형|확산형|\n|바우처 예산(시비)|6억원|4억원|\n|지원한도|최대 1,500만원|최대 3,000만원|\n"
    assert roles(table, "announcement") == {600: "local", 400: "local", 15: "award_ceiling", 30: "award_ceiling"}


def test_all_prizes_and_the_sums_of_parts_are_totals():
    text = (
        "제3회 AI 해커톤 참가팀 모집\n○ 시상규모 : 총상금 2,600만원\n(단위 : 만원)\n|부문|훈격|시상|상금|부문 합계|\n"
        "|개발|대상|1팀|800|1,700|\n|기획|대상|1팀|500|900|\n"
    )
    read = roles(text, "announcement")
    assert (read[26], read[17], read[9], read[8]) == ("total", "total", "total", "award_amount")


def test_the_year_of_a_call_in_brackets_behind_the_whole_is_a_total():
    text = "2026년 AI 사업 공고\n□ 사업비 : 총 24억원(2026년 10억원, 2027년 14억원)\n"
    assert roles(text, "announcement") == {2400: "total", 1000: "total", 1400: "total"}
    assert roles("이 사업은 54억 원(올해 32억 원)으로 는다.")[3200] == "annual"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Of the budget of a year.
        ("올해 예산 290억원 가운데 61억원만 썼다.", {29000: "annual", 6100: "annual"}),
        ("올해 예산은 356억원이며 이 중 로봇 과정이 212억원을 차지한다.", {35600: "annual", 21200: "annual"}),
        ("내년 예산안에는 개발형 84억원, 활용형 95억원이 담겼다.", {8400: "annual", 9500: "annual"}),
        ("올해 예산 20억원, 국비 12억원을 쓴다.", {2000: "annual", 1200: "national"}),
        # What is hoped for besides is no further item of it.
        ("올해 예산 20억원, 경제효과 300억원을 내다본다.", {2000: "annual", 30000: "other"}),
        ("올해 예산 20억원, 투자 유치 80억원을 내걸었다.", {2000: "annual", 8000: "other"}),
        ("시는 2022년부터 올해까지 연 38억원을 지원했다.", {3800: "annual"}),
        # The same of another year.
        ("평균 매출 18억원(2024년 14억원)이다.", {1800: "other", 1400: "other"}),
        # Given back, but for all of the money of a programme.
        ("남은 9억 원을 돌려줬다.", {900: "other"}),
        ("네 곳이 그만두어(환수 6억원) 끝났다.", {600: "other"}),
        ("협약이 끝나 사업비 6억원은 반납됐다.", {600: "total"}),
        # Who pays.
        ("총 480억원(정부 400억원, 민간 80억원)이다.", {48000: "total", 40000: "national", 8000: "private"}),
        ("민간에서는 가람은행 15억원, 나루은행 20억원을 넣었다.", {1500: "private", 2000: "private"}),
    ],
)
def test_parts_of_a_budget_other_years_and_what_is_given_back(text, expected):
    assert roles(text) == expected
