"""Dates, windows and periods: written short, written long, and resolved from the document."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gonggo.extract import application_period, programme_period, published
from gonggo.extract.doc import Doc, Span
from gonggo.korean_dates import relative, roll_over_year, scan, year_of

WEEKDAYS = "월화수목금토일"


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_dates_round_trip(day):
    for text in (
        day.isoformat(),
        f"{day:%Y}. {day.month}. {day.day}.",
        f"’{day:%y}.{day.month}.{day.day}",
        f"{day:%Y}년 {day.month}월 {day.day}일",
        f"{day:%Y%m%d}",
        f"{day:%Y}.{day.month}.{day.day}({WEEKDAYS[day.weekday()]})",
    ):
        assert [hit.value for hit in scan(text)] == [day.isoformat()]


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 23), st.integers(0, 59))
def test_hours_round_trip(day, hour, minute):
    text = f"{day:%Y}. {day.month}. {day.day}.({WEEKDAYS[day.weekday()]}) {hour:02d}:{minute:02d}"
    assert [hit.value for hit in scan(text)] == [f"{day.isoformat()}T{hour:02d}:{minute:02d}"]


@given(st.dates(date(2022, 1, 1), date(2029, 12, 31)))
def test_a_weekday_finds_the_year(day):
    text = f"{day.month}월 {day.day}일({WEEKDAYS[day.weekday()]})까지"
    assert [hit.value for hit in scan(text, day.year)] == [day.isoformat()]


def test_a_time_in_words():
    assert [hit.value for hit in scan("2026년 3월 20일 오후 6시")] == ["2026-03-20T18:00"]
    assert [hit.value for hit in scan("2026. 3. 20. 18시 30분까지")] == ["2026-03-20T18:30"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("오는 21일까지", ["2026-03-21"]),
        ("오는 2일까지", ["2026-04-02"]),
        ("다음 달 15일", ["2026-04-15"]),
        ("내달 3일", ["2026-04-03"]),
        ("지난 5일", ["2026-03-05"]),
        ("지난 28일", ["2026-02-28"]),
        ("오는 5월 7일", ["2026-05-07"]),
    ],
)
def test_dates_counted_from_the_day_of_the_text(text, days):
    assert [hit.value for hit in relative(text, date(2026, 3, 14))] == days


def test_the_year_of_a_text_and_a_year_that_turns_over():
    assert year_of("’26년 사업은 2026. 4. 1. 시작해 2027년 끝난다") == 2026
    assert roll_over_year("2026-11-20", "2026-01-15") == "2027-01-15"


def window_of(text, published_on=None):
    result = application_period.find(Doc("x", text), published_on).application
    return tuple(fact and fact.value for fact in (result.opens_at, result.closes_at))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("□ 접수기간 : ’24.3.4.(월)~3.20.(수) 18:00", ("2024-03-04", "2024-03-20T18:00")),
        ("ㅇ (신청기간) 2024. 3. 4 ∼ 3. 20. 18시까지", ("2024-03-04", "2024-03-20T18:00")),
        ("모집기간: 2025. 12. 15. ~ 2. 10.", ("2025-12-15", "2026-02-10")),
        ("라. 접수 기간\n\n □ ’25. 8. 11(월) ∼ ’25. 8. 27(수), 15:00까지", ("2025-08-11", "2025-08-27T15:00")),
        (
            "|구분|공고기간|접수기간|\n|---|---|---|\n|일정|2026.4.1.~4.30.|2026.4.10.~4.30. 17:00|",
            ("2026-04-10", "2026-04-30T17:00"),
        ),
        ("신청기간 : 2026. 4. 27. ~ 예산 소진 시까지", ("2026-04-27", "until_exhausted")),
        ("접수기간 : 상시 접수", (None, "always")),
        ("공고기간 : 2026. 5. 1. ~ 5. 20.", ("2026-05-01", "2026-05-20")),
        ("□ 접수기한 : 2026. 5. 20.(수) 14:00까지", (None, "2026-05-20T14:00")),
    ],
)
def test_windows_of_calls(text, expected):
    assert window_of(text) == expected


def test_windows_in_prose():
    assert window_of("시는 오는 21일부터 23일까지 참가 신청을 받는다.", "2026-03-14")[1] == "2026-03-23"
    assert window_of("2026년 공모전 작품을 6월 1일부터 6월 30일까지 접수한다.") == ("2026-06-01", "2026-06-30")


@pytest.mark.parametrize(
    ("text", "window"),
    [
        (
            "가나다부는 5월 6일(수)부터 어촌의 AI 양식을 돕는 사업에 참여할 어업인의 신청을 받는다.",
            ("2026-05-06", None),
        ),
        ("시는 5월 6일부터 인공지능 공방을 함께 꾸릴 동네 기업을 모집한다고 밝혔다.", ("2026-05-06", None)),
        ("지난달 공모(‘26.3.4~4.9일)를 거쳐 세 곳을 골랐다.", ("2026-03-04", "2026-04-09")),
        ("- 마을 AI 강사 공모(5.6.~5.29.) -", ("2026-05-06", "2026-05-29")),
        (
            "이번 대회 참가자 모집은 5. 6.(수)부터 2주간(~5. 20.) 진행되며 누구나 신청한다.",
            ("2026-05-06", "2026-05-20"),
        ),
        ("이번 공모는 지난 3월 6일부터 한 달간 진행했다.", ("2026-03-06", None)),
        ("학교는 5월 6일부터 교실에 AI 조교를 둔다. 학생 모집은 하지 않는다.", (None, None)),
        # The day of a clause before is not that of the call.
        ("시는 5월 6일부터 AI 셔틀을 굴리고 있으며 운전자를 모집한다.", (None, None)),
        ("5월 6일부터 AI 쉼터를 열고, 강사는 따로 모집한다.", (None, None)),
    ],
)
def test_windows_in_the_prose_of_releases(text, window):
    assert window_of(text, "2026-04-28") == window


def test_a_briefing_is_no_window():
    text = "□ 사업설명회\n ㅇ 2026. 3. 2. 14:00, 신청 안내까지\n□ 접수기간 : 2026. 3. 9. ~ 3. 31."
    assert window_of(text) == ("2026-03-09", "2026-03-31")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("□ 사업기간 : 협약체결일 ~ 2026. 11. 30.", (None, "2026-11-30")),
        ("□ 지원기간 : 2026. 5. ~ 11.(6개월)", ("2026-05", "2026-11")),
        ("□ 협약기간 : 2025년 협약체결일 ~ 2026년 12월 31일까지", ("2025", "2026-12-31")),
        ("□ 사업기간 : 최대 12개월", (None, None)),
    ],
)
def test_periods_of_calls(text, expected):
    assert programme_period.of_call(Doc("x", text), [Span(-1, -1, "")]) == [expected]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("가람시 공고\n모집 공고\n2026년 4월 2일\n가람시장\n□ 접수기간 : 2026. 5. 1. ~ 5. 9.", "2026-04-02"),
        ("작성자 홍보실 작성일 25-10-20 19:21", "2025-10-20"),
        ("AI 실증 시작\n\n한빛신문 2026-05-13\n\n시가 시작했다.", "2026-05-13"),
        ("□ 접수기간 : 2026. 5. 1. ~ 5. 9.", None),
        ("가람 AI 실증 지구 세 곳 선정\n부처: 가나다부\n배포일: 02/11/2026 09:30:00\n올해 문을 연다.", "2026-02-11"),
    ],
)
def test_the_day_of_publication(text, day):
    result = published.find(Doc("x", text))
    assert (result and result.value) == day


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026. 3. 20. 정오", "2026-03-20T12:00"),
        ("2026. 3. 20. 자정", "2026-03-20T23:59"),
        ("2026. 3. 20. 24:00", "2026-03-20T23:59"),
        ("2026. 3. 20. 밤 12시", "2026-03-20T23:59"),
        ("2026. 3. 20. 자정 12시", "2026-03-20T23:59"),
        ("2026. 3. 20. 오전 12시", "2026-03-20T00:00"),
        ("2026. 3. 20. 오후 12시 30분", "2026-03-20T12:30"),
        ("2026. 3. 20. 낮 12시", "2026-03-20T12:00"),
        ("2026. 3. 20. 12:00 AM", "2026-03-20T00:00"),
        ("2026. 3. 20. 6:05 PM", "2026-03-20T18:05"),
        ("2026. 3. 20. 오후 6시 반", "2026-03-20T18:30"),
        ("2026. 3. 20. 오후 1시", "2026-03-20T13:00"),
        ("2026. 3. 20. 낮 6시", "2026-03-20T18:00"),
        ("2026. 3. 20. 낮 11시", "2026-03-20T11:00"),
        ("2026. 3. 20. 저녁 4시", "2026-03-20T16:00"),
        ("2026. 3. 20. 밤 11시", "2026-03-20T23:00"),
        ("2026. 3. 20. 밤 5시", "2026-03-20T05:00"),
        ("2026. 3. 20. 새벽 12시", "2026-03-20T00:00"),
        ("2026. 3. 20. 25:00", "2026-03-20"),
        ("2026. 3. 20. 10:60", "2026-03-20"),
    ],
)
def test_the_hour_of_a_day(text, value):
    assert [hit.value for hit in scan(text)] == [value]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        # One without a year takes that of the one before it.
        ("2025. 12. 3., 12. 9.", ["2025-12-03", "2025-12-09"]),
        ("20251203, 12. 9.", ["2025-12-03", "2025-12-09"]),
        ("3. 4.", ["2026-03-04"]),
        ("13. 4.", []),
        ("2. 30.", []),
        ("3월 4일(토)", ["2028-03-04"]),
        ("3월 4일(화)", ["2025-03-04"]),
        ("3월 4일(월)", ["2024-03-04"]),
        ("3월 4일(수)", ["2026-03-04"]),
        ("3월 4일부터 6일까지", ["2026-03-04", "2026-03-06"]),
        ("3월 4일부터 2일까지", ["2026-03-04"]),
        ("2월 27일 ~ 30일", ["2026-02-27"]),
        ("3월 4일 ~ 6일 18:00", ["2026-03-04", "2026-03-06T18:00"]),
        ("3/4", []),
        ("3/4(수)", ["2026-03-04"]),
        ("3.4%", []),
        ("11.25.7", []),
    ],
)
def test_days_that_are_written_short(text, days):
    assert [hit.value for hit in scan(text, 2026)] == days


def test_a_date_knows_where_it_stands_and_whether_its_year_is_written():
    text = "접수 2026. 3. 4. ~ 3. 6."
    first, second = scan(text, 2020, offset=100)
    assert [(hit.start, hit.end, hit.has_year) for hit in (first, second)] == [(103, 114, True), (117, 122, False)]
    assert list(scan("3. 4.")) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("지난 5월 3일", "2025-05-03"),
        ("지난 2월 3일", "2026-02-03"),
        ("오는 2월 3일", "2027-02-03"),
        ("내년 2월 3일", "2027-02-03"),
        ("올해 2월 3일", "2026-02-03"),
        ("지난달 20일", "2026-02-20"),
        ("이달 20일", "2026-03-20"),
        ("이번 달 20일", "2026-03-20"),
        ("다음달 31일", None),
        ("지난 14일", "2026-03-14"),
        ("오는 14일", "2026-03-14"),
    ],
)
def test_days_counted_from_that_of_the_text_over_months_and_years(text, day):
    assert [hit.value for hit in relative(text, date(2026, 3, 14))] == ([day] if day else [])


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-20", "2026-12-15", "2026-12-15"),
        ("2026-11-20", "2026-08-15T18:00", "2027-08-15T18:00"),
        ("2026-11-20", "2026-09-15", "2026-09-15"),
        ("2026-11-20", "2026-11-20", "2026-11-20"),
    ],
)
def test_a_year_turns_over_where_the_end_lies_months_before(start, end, expected):
    assert roll_over_year(start, end) == expected


def test_the_year_of_a_text_is_the_one_it_names_most_and_the_first_of_equals():
    assert year_of("2025년에 이어 2026년, 2026년") == 2026
    assert year_of("’25년과 2026년") == 2025
    assert year_of("사업비 2026만원, 1999년") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("□ 사업기간 : 2026. 11. ~ 2027. 2.", ("2026-11", "2027-02")),
        ("□ 사업기간 : 2026. 11. 1. ~ 2. 28.", ("2026-11-01", "2027-02-28")),
        ("□ 사업기간 : 2026년 12월부터", ("2026-12", None)),
        ("□ 사업기간 : 2026. 12. ~ 12.", ("2026-12", "2026-12")),
        ("□ 지원기간 : 2026.4 ~ 2028.12(총 33개월)", ("2026-04", "2028-12")),
        ("| 사업명 | 사업기간 |\n|---|---|\n| 가람 실증 | 2026.5~2026.11 |", ("2026-05", "2026-11")),
        ("□ 사업기간 : 2026년~2028년 (3년, 2.5억원)", ("2026", "2028")),
        ("□ 사업기간 : 2026. 3. ~ 12월", ("2026-03", "2026-12")),
        ("□ 사업기간 : ’26년 ~ ’28년", ("2026", "2028")),
        ("□ 사업기간 : 협약일부터 2026. 12. 15.까지", (None, "2026-12-15")),
        ("□ 사업기간 : 2026년 말까지", (None, "2026")),
        ("□ 사업기간 : 올해 안", (None, None)),
    ],
)
def test_periods_of_programmes_as_fine_as_they_are_written(text, expected):
    assert programme_period.of_call(Doc("x", text), [Span(-1, -1, "")]) == [expected]


def test_a_track_takes_the_period_of_its_own_line():
    text = "□ 사업기간 : 2026. 3. ~ 2026. 12.\n - 기초 트랙 : 2026. 4. ~ 2026. 6.\n - 심화 트랙 : 미정\n□ 문의 : 055-000-0000"
    doc = Doc("x", text)
    at = text.index("기초 트랙")
    assert programme_period.of_call(doc, [doc.span(0, 0), doc.span(at, at + 5)])[1][1] in ("2026-06", "2026-12")


@pytest.mark.parametrize(
    "text",
    [
        "가람시, 로봇 공장 연다\n\n본문은 길다.\n가람일보 | 2026. 2. 23.",
        "가람시 보도자료 (2026.02.23. / 산업과)\n\n본문은 길다.",
        "가람시, 로봇 공장 연다\n\n본문은 길다.\n2026-02-23 / 대변인실",
        "보도시점 2026. 2. 23.(월) 06:00\n\n본문은 길다.",
    ],
)
def test_the_lines_at_the_edges_of_a_page_date_it(text):
    result = published.find(Doc("x", text))
    assert result is not None and result.value == "2026-02-23"


def test_a_day_that_closes_the_text_is_no_day_of_publication():
    assert published.find(Doc("x", "가람시, 공모전 연다\n\n응모작은 2026. 2. 23.까지 접수한다.")) is None
