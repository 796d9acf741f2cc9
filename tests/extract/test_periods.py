"""When programmes begin and end: what prose ties to one of several names, and what a call says of itself and its tracks."""

import pytest

from gonggo.extract import period_values, programme_period, prose_periods
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
        ("‘가람 AI 사업’은 연말부터 2028년까지 5년간 추진한다.", ("2024", "2028")),
        ("‘가람 AI 사업’에 2027년까지 앞으로 2년 동안 90억을 쓴다.", ("2026", "2027")),
        ("‘가람 AI 사업’을 2027년부터 벌인다.", ("2027", None)),
        ("‘가람 AI 사업’을 2027년 1월부터 12월까지 벌인다.", ("2027-01", "2027-12")),
        ("‘가람 AI 사업’을 2027년 13월부터 벌인다.", (None, None)),
        ("2022년 시작한 ‘가람 AI 사업’은 지난 4월 취소됐다.", ("2022", "2026-04")),
        ("지난해 문을 연 가람 AI 사업 옆에 또 짓는다.", ("2025", None)),
        ("시가 2022년에 ‘가람 AI 사업’을 시작했지만 접었다.", ("2022", None)),
        ("가람 AI 사업은 오는 9월 착수한다.", ("2026-09", None)),
        ("2022년부터 꾸준히 이어 온 ‘가람 AI 사업’은 사라졌다.", ("2022", None)),
        ("시가 2023년 시작한 ‘가람 AI 사업’이 1단계를 마무리하고 다시 간다.", ("2023", None)),
        ("시는 2023년 「가람 AI 사업」을 세우면서 2027년까지 20종을 만들겠다고 했다.", ("2023", "2027")),
        (
            "‘가람 AI 사업’ 1기는 2025년 3월부터 2026년 1월까지였다. 가람 AI 사업은 2025년부터 2029년까지 5년간 한다.",
            ("2025", "2029"),
        ),
        ("‘가람 AI 사업’에 올해 410억원이 배정됐다. 2028년 준공 때까지 1998억원을 들이는 사업이다.", (None, "2028")),
        ("‘가람 AI 사업’은 지난해 4월 시작해 올 6월까지 1724명을 배출했다.", ("2025-04", None)),
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
        "‘가람 AI 사업’은 2000만 원으로 시작했다.",
    ],
)
def test_windows_goals_and_what_is_said_of_others_are_no_periods(text):
    assert periods(text, "가람 AI 사업" if "2024" not in text else "2024 가람 AI 사업") == [(None, None)]


def test_last_year_is_resolved_by_the_day_of_the_document_alone():
    text = "지난해 시작한 ‘가람 AI 사업’은 2023년 계획에 있었다."
    assert periods(text, "가람 AI 사업", fields={}) == [(None, None)]
    assert periods(text, "가람 AI 사업") == [("2025", None)]


def test_each_of_several_programmes_has_its_own_period():
    text = (
        "가람 AI 사업은 2024년부터 2027년까지 한다. 나루 AI 센터는 2028년까지 짓는다.\n\n"
        "2022~2024년 운영한 다솜 AI 과정은 끝났다. 이 사업은 예산이 없다."
    )
    extracted = periods(text, "가람 AI 사업", "나루 AI 센터", "다솜 AI 과정")
    assert extracted == [("2024", "2027"), (None, "2028"), ("2022", "2024")]


def test_the_period_of_the_only_programme_may_stand_in_another_paragraph():
    text = "시는 ‘가람 AI 실증’에 참여할 기업을 정했다.\n\n예산은 13억원이다.\n\n실증 기간은 7월부터 내년 2월까지다."
    assert periods(text, "가람 AI 실증") == [("2026-07", "2027-02")]


def call(text, name=""):
    doc = Doc("x", text)
    at = text.find(name) if name else -1
    return programme_period.of_call(doc, [Span(-1, -1, ""), Span(at, at + len(name), name)])[bool(name)]


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


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026. 4. 1. ~ 2028. 12. 31. (33개월)", ("2026-04-01", "2028-12-31")),
        ("’26.4월 ~ ’28.12월(33개월)", ("2026-04", "2028-12")),
        ("2026년 4월부터 2028년 12월까지", ("2026-04", "2028-12")),
        ("’26.4월 ~ (33개월)", ("2026-04", "2028-12")),
        ("’26-’29(4년)", ("2026", "2029")),
        ("'26년 - '29년", ("2026", "2029")),
        ("26.4~28.12 (33개월)", ("2026-04", "2028-12")),
        ("26년 5월~26년 12월", ("2026-05", "2026-12")),
        ("26년~28년(3개년)", ("2026", "2028")),
        ("26. 4. 1. ~ 28. 12. 31.", ("2026-04-01", "2028-12-31")),
        ("협약체결일로부터 2026년 11월 30일까지", (None, "2026-11-30")),
        ("협약일로부터 10개월 이내", (None, None)),
        ("5년 이내(1단계: ’26.4~’28.12, 2단계: ’29.1~’30.12)", ("2026-04", "2030-12")),
        ("2026. 4. 1.부터 24개월", ("2026-04-01", "2028-03-31")),
        ("2026년 4월부터 33개월간", ("2026-04", "2028-12")),
        ("2024년부터 5년간", ("2024", "2028")),
        ("2026.4월부터 2년 9개월", ("2026-04", "2028-12")),
        ("(1차년도) 2026.04.01. ~ 2026.12.31.<br>- (2차년도) 2027.01.01. ~ 2027.12.31.", ("2026-04-01", "2027-12-31")),
        ("1단계(’25~’26), 2단계(’27~’29)", ("2025", "2029")),
        ("’25.04∼’29.12, 4년 9개월<br>(’25.04∼’25.12, 9개월)", ("2025-04", "2029-12")),
        ("2026년", ("2026", "2026")),
        ("2026-04-01 ~ 2026-12-31", ("2026-04-01", "2026-12-31")),
        ("2026. 5. 1. – 2026. 11. 30.", ("2026-05-01", "2026-11-30")),
        ("2026. 4. 1. ∼ 협약일로부터 9개월", ("2026-04-01", None)),
        ("33개월 이내('25년 4월 1일 ~ '27년 12월 31일)", ("2025-04-01", "2027-12-31")),
        ("21개월(1차년도: 9개월, 2차년도: 12개월)", (None, None)),
    ],
)
def test_a_range_is_read_in_every_notation(value, expected):
    assert period_values.read(value) == expected


def test_months_without_a_year_are_in_that_of_the_document():
    assert period_values.read("5월 ~ 11월", 2026) == ("2026-05", "2026-11")
    assert period_values.read("5월 ~ 11월") == (None, None)


@pytest.mark.parametrize(
    "label",
    [
        "위탁기간",
        "연구개발과제 기간",
        "총 기간",
        "사업 기간/예산",
        "협약 및 사업기간",
        "사업추진기간",
        "지원기간(총)",
        "수행 기간(개월)",
        "기술개발 기간 및 지원금액",
    ],
)
def test_labels_of_periods_are_made_of_what_lasts(label):
    assert call(f"□ 사업개요\n ㅇ {label} : ’26. 4. ~ ’28. 12.\n") == ("2026-04", "2028-12")


@pytest.mark.parametrize(
    "text",
    [
        "총 사업기간 2026. 4. ~ 2028. 12.",
        "이 과제의 연구기간은 2026년 4월부터 2028년 12월까지로 한다.",
        "○ 지원 규모 : 과제당 연 3억원 이내, ’26.4. ~ ’28.12. (33개월)",
        "○ 지원 규모 : 최대 33개월(’26.4.~’28.12.) 동안 과제당 8억원",
        "|연구개발과제명|총 연구개발기간 (’26년 연구개발기간)|\n|가람 로봇 협업|’26.04∼’28.12, 33개월<br>(’26.04∼’26.12, 9개월)|",
        "|구 분|1차년도|2차년도|3차년도|\n|개발기간|’26.4.~’26.12.<br>(9개월)|’27.1.~’27.12.<br>(12개월)|’28.1.~’28.12.|",
    ],
)
def test_a_period_without_a_label_of_its_own_or_over_several_cells(text):
    assert call(text) == ("2026-04", "2028-12")


def test_the_first_of_several_years_may_be_dated_in_another_place():
    text = "□ (지원기간) 최대 4년(2+2년)\n□ (지원규모) 2개 과제\n□ 기타\n * 1차년도 연구개발기간은 ’26.7월∼12월(6개월)로 함\n"
    assert call(text) == ("2026-07", "2029")
    assert call("□ (지원기간) 최대 4년(2+2년)\n□ (지원규모) 2개 과제\n") == (None, None)


def test_a_window_with_its_length_and_a_month_of_the_year_27_are_no_periods():
    assert call("□ 접수기간 : ’26. 4. 1. ~ ’26. 4. 30. (1개월)") == (None, None)
    assert call("평가결과 안내\n\n‘27년 1~2월\n") == (None, None)


def test_a_track_below_its_heading_has_the_period_there_and_the_call_those_of_all_rows():
    text = (
        "1. 가람 분석 지원\n □ 지원기간 : 2026. 4. ~ 2026. 9.\n □ 지원대상 : 기업\n"
        "2. 나루 실증 지원\n □ 지원기간 : 2026. 6. ~ 2027. 2.\n □ 지원대상 : 기업\n"
    )
    names = [
        Span(-1, -1, ""),
        *(Span(at := text.index(name), at + len(name), name) for name in ("가람 분석 지원", "나루 실증 지원")),
    ]
    periods = programme_period.of_call(Doc("x", text), names)
    assert periods == [("2026-04", "2027-02"), ("2026-04", "2026-09"), ("2026-06", "2027-02")]
    table = "|번호|과제명|총 연구기간|\n|1|가람 소자 개발|’26.4. ~ ’28.12.|\n|2|나루 소자 개발|’26.4. ~ ’27.12.|\n"
    assert call(table) == ("2026-04", "2028-12")


def test_the_dates_behind_a_period_that_is_counted_from_the_agreement_are_the_period():
    assert period_values.read("협약체결일로부터 7개월 이내(2026. 5. ~ 2026. 11.)") == ("2026-05", "2026-11")
    assert period_values.read("협약체결일로부터 7개월(예정)") == (None, None)


def test_the_period_behind_the_name_of_a_track_is_its_own():
    text = "1. 지원대상 과제\n① 가람 AI 기술 개발 (’26~’28, 36억원)\n② 나루 AI 기술 개발 (’26~’29, 60억원)\n"
    names = ["가람 AI 사업", "가람 AI 기술 개발", "나루 AI 기술 개발"]
    spans = [Span(text.find(name), text.find(name) + len(name), name) for name in names]
    assert programme_period.of_call(Doc("x", text), spans)[1:] == [("2026", "2028"), ("2026", "2029")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("총사업비 140억 원을 투입해 2028년까지 단계적으로 추진한다.", (None, "2028")),
        ("기간은 24개월로 2028년 2월 완료될 예정이다.", (None, "2028-02")),
        ("지난해 12월 착공했으며 오는 2027년 6월 준공한다.", ("2025-12", "2027-06")),
        ("선정된 기업은 오는 12월까지 실증을 진행한다.", (None, "2026-12")),
        ("시는 2030년까지 AI 인재 3만 명을 기른다.", (None, None)),
    ],
)
def test_a_sentence_of_money_or_works_speaks_of_the_only_programme_of_a_text(sentence, expected):
    assert periods(f"시는 ‘가람 AI 사업’을 시작한다.\n{sentence}", "가람 AI 사업") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("‘가람 AI 사업’은 2023년 첫 모집을 시작으로 900명을 길렀다.", ("2023", None)),
        ("‘가람 AI 사업’이 뽑혔다.\n\n사업은 2026년부터 2030년까지 5년간 한다.", ("2026", "2030")),
        ("시는 ‘가람 AI 사업’(2027~2033년)을 다음 달 예비타당성 조사에 낸다.", ("2027", "2033")),
        ("‘가람 AI 사업’이 성과를 낸다. 2022년부터 시작한 이 사업은 2026년까지 40개사를 육성한다.", ("2022", "2026")),
        ("‘가람 AI 사업’에 올해 말까지 2억 원을 들인다.", (None, "2026")),
        ("시는 2027년 가람 AI 사업을 시작한다고 밝혔다.", (None, None)),
    ],
)
def test_prose_words_the_period_of_a_programme_in_many_ways(text, expected):
    name = "2027년 가람 AI 사업" if "2027년 가람" in text else "가람 AI 사업"
    assert periods(text, name) == [expected]


def test_the_programme_that_the_headline_names_keeps_its_period_beside_others():
    text = (
        "‘가람 AI 실증밸리’ 통과\n가람시의 ‘가람 AI 실증밸리’가 문턱을 넘었다.\n시에 따르면 계획이 의결됐다. "
        "검토를 거쳐 2026년부터 5년간 추진된다.\n‘나루 AI 센터’도 짓는다."
    )
    assert periods(text, "가람 AI 실증밸리", "나루 AI 센터")[0] == ("2026", "2030")


def test_a_sentence_that_begins_with_years_goes_on_about_the_programme_before_it():
    text = (
        "‘가람 메가클러스터’가 대상에서 빠졌다. 2027년부터 2032년까지 국비 2천억원으로 ‘나루 자료원’을 갖추는 구상이다."
    )
    assert periods(text, "가람 메가클러스터", "나루 자료원") == [("2027", "2032"), (None, None)]
    text = "‘가람 메가클러스터’가 대상에서 빠졌다. 2027년부터 2032년까지는 모두가 기다린 ‘나루 자료원’이 열린다."
    assert periods(text, "가람 메가클러스터", "나루 자료원")[1] == ("2027", "2032")
    text = "‘가람 연구동료’를 시작했다. 이번 사업은 지난해 ‘나루 모델’ 과제로 뽑힌 것으로 올해부터 2028년까지 이어진다."
    assert periods(text, "가람 연구동료", "나루 모델") == [("2026", "2028"), (None, None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2. 2단계 개요\n  가. 기간 : 2026. 4. ~ 2028. 12.\n  나. 사업비 : 9억원", ("2026-04", "2028-12")),
        ("1. 모체 사업의 개요\n   ○ 기  간 : 2026 ~ 2030년(5년)\n   ○ 장  소 : 가람시", ("2026", "2030")),
        ("4. 보급기간 : 2026. 7월 ~ 2027. 2월", ("2026-07", "2027-02")),
        ("7. 접수\n  가. 기간 : 2026. 4. 1. ~ 2026. 4. 30.", (None, None)),
    ],
)
def test_a_label_that_says_only_that_it_is_a_time_is_of_what_its_heading_is(text, expected):
    assert programme_period.of_call(Doc("x", text), [Span(-1, -1, "")]) == [expected]


@pytest.mark.parametrize(
    "years",
    [
        "「가람 AI 확산 사업」(2025~2027)의",
        "가람 AI 확산 사업(2단계, 2025~2027년)이",
        "가람 AI 확산 사업(’25)과 가람 AI 확산 사업(2025 ~ 27)",
    ],
)
def test_years_behind_a_name_are_of_the_whole_programme_not_of_this_years_contract(years):
    text = f"{years} 참여기업을 모집합니다.\n□ 협약기간 : 협약일 ~ 2026. 11. 30."
    assert programme_period.of_call(Doc("x", text), [Span(-1, -1, "가람 AI 확산")]) == [("2025", "2027")]
    assert programme_period.of_call(Doc("x", text), [Span(-1, -1, "나루 AI 확산")]) == [(None, "2026-11-30")]


TRACKS_ON_A_SIDE = (
    "□ 사업기간 : 협약일 ~ 2026. 11. 30.\n\n|구분|새싹 트랙|나무 트랙|\n|모집규모|9개사|4개사|\n"
    "|수행기간|’26. 5월 ~ 10월|협약일부터 6개월|\n"
)
BELOW_HEADINGS = (
    "□ 사업기간 : 2026. 3. ~ 2026. 11.\n\n|구분|규모|\n|① 가람 시제품 제작 지원|5개사|\n|② 나루 판로 개척 지원|4개사|\n\n"
    "#### ① 가람 시제품 제작 지원\n\n- ○ (기간) 협약일 ~ 2026. 10. 31.\n\n#### ② 나루 판로 개척 지원\n\n- ○ (내용) 판로\n"
)
IN_ROWS = "□ 사업기간 : 2026. 3. ~ 2029. 12.\n\n|과제|수|기간|\n|가람 모델 개발|2|’26.7.~’28.12.|\n"


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (TRACKS_ON_A_SIDE, "새싹 트랙", ("2026-05", "2026-10")),
        (TRACKS_ON_A_SIDE, "나무 트랙", (None, None)),
        (BELOW_HEADINGS, "가람 시제품 제작 지원", (None, "2026-10-31")),
        (BELOW_HEADINGS, "나루 판로 개척 지원", ("2026-03", "2026-11")),
        (IN_ROWS, "가람 모델 개발", ("2026-07", "2028-12")),
    ],
)
def test_the_period_of_a_track_is_in_its_column_its_row_or_below_its_heading(text, name, expected):
    at = text.find(name)
    spans = [Span(-1, -1, ""), Span(at, at + len(name), name)]
    assert programme_period.of_call(Doc("x", text), spans)[1] == expected


def test_an_umbrella_does_not_last_as_long_as_its_call():
    text = "가람 마을 사업의 일환으로 모집합니다.\n□ 사업기간 : 2026. 3. ~ 2026. 11.\n"
    call, umbrella = Span(-1, -1, ""), Span(0, 8, "가람 마을 사업")
    assert programme_period.of_call(Doc("x", text), [call, umbrella], [umbrella])[1] == (None, None)


def test_the_last_day_of_a_period_may_stand_beside_its_length():
    text = "2026년 가람 AI 검사 보급\n▣ 기간  협약 후 5개월(늦어도 12월 10일까지 설치)\n"
    assert programme_period.of_call(Doc("x", text), [Span(-1, -1, "")]) == [(None, "2026-12-10")]


def test_the_days_of_a_contest_are_its_period():
    text = "□ 대회기간 : 2026. 5. 11.(월) ~ 2026. 7. 4.(토)\n"
    assert programme_period.of_call(Doc("x", text), [Span(-1, -1, "")]) == [("2026-05-11", "2026-07-04")]
