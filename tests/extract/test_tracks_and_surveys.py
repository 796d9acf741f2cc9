"""Periods of several tracks, surveys and interviews in the press, and calls whose tables alone name AI."""

import pytest

from gonggo.extract import application_period, contact, kind, relevance
from gonggo.extract.doc import Doc


def window(text, published="2026-02-02"):
    application = application_period.find(Doc("a", text), published).application
    return tuple(fact.value if fact else None for fact in (application.opens_at, application.closes_at))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- (접수기간) ~ ’26년 9월까지 (조기 마감될 수 있음)", (None, "2026-09-30")),
        (
            "□ 접수 일정\n- 한국 기업: ‘26년 8월 5일(수) 18:00까지\n- 상대국 기업: ‘26년 8월 6일(목) 12:00까지",
            (None, "2026-08-06T12:00"),
        ),
        ("김 양식 지원\n- 접수: 2. 16. ~ 3. 13. 군청\n벼 지원\n- 접수: 2. 20. ~ 3. 20.", ("2026-02-16", "2026-03-20")),
        ("참여기업을 3월 3일(화)부터 27일(금) 16시\n까지 모집한다.", ("2026-03-03", "2026-03-27T16:00")),
        ("□ 공고기간\n◦ 2026. 2. 13 ~ 3. 20\n□ 전산등록기간\n◦ 2026. 3. 5 ~ 2026. 3. 20", ("2026-03-05", "2026-03-20")),
    ],
)
def test_periods_of_tracks_months_and_two_parties(text, expected):
    assert window(text) == expected


def test_a_call_of_which_tracks_end_with_their_money_is_open_as_long():
    track = "□ 신청기간\n◦ 2026년 2월 2일(월) ~ 예산 소진시\n"
    text = f"1. 기획\n{track}2. 지도\n{track}3. 관리\n□ 신청기간\n◦ 2026년 2월 2일 ~ 3월 31일까지"
    assert window(text) == ("2026-02-02", "until_exhausted")
    once = f"1. 기획\n{track}2. 관리\n□ 신청기간\n◦ 2026년 2월 2일 ~ 3월 31일까지"
    assert window(once) == ("2026-02-02", "until_exhausted")
    rows = "|구분|접수기간|\n|수요기업|2026. 2. 2. ~ 예산 소진 시까지|\n|공급기업|2026. 2. 2. ~ 3. 31.|\n"
    assert window(f"□ 접수\n\n{rows}") == ("2026-02-02", "until_exhausted")
    other = "□ 접수기간 : 2026. 2. 2. ~ 3. 31.\n\n□ 추가 신청기간 : 2026. 4. 1. ~ 예산 소진 시까지\n"
    assert window(other) == ("2026-02-02", "2026-03-31")


def test_applications_through_a_system_are_headed_so():
    text = "□ 공고기간 : ’26. 3. 7.(토) ~ 4. 8.(수)\n□ 전산접수 : ’26. 3. 24.(화) 09:00 ~ 4. 8.(수) 16:00까지\n"
    assert window(text) == ("2026-03-24T09:00", "2026-04-08T16:00")


SURVEY = """전북 기업 절반 “인공지능 쓸 사람이 없다”

전북연구소는 도내 제조업체 310곳을 대상으로 벌인 AI 실태조사 결과를 9일 내놓았다. 활용률은 14.9%였다. 인력이 없다는 답이 41.2%, 비용이 27.3%였다.
전자가 22.0%로 높았고 섬유는 4.1%였다. 연구소는 교육을 늘려야 한다고 밝혔다. 나린 기자
"""


def test_a_newspapers_report_of_a_survey_is_statistics():
    assert kind.find(Doc("a", SURVEY)).value == "statistics"
    programme = SURVEY.replace("도내 제조업체 310곳을 대상으로 벌인 AI 실태조사 결과를", "AI 지원사업 계획을")
    assert kind.find(Doc("a", programme)).value == "article"


def test_an_interview_is_an_opinion_by_its_form():
    talk = "[수요초대석] 이랑 교수 “현장이 먼저다”\n\n이랑 교수를 연구실에서 만났다.\n― 무엇이 문제인가.\n“배울 곳이 없어요. 장비보다 사람입니다.”\n/대담 = 한결 편집국장, 정리 = 나린 기자"
    assert kind.find(Doc("a", talk)).value == "opinion"


ROW = "|{n}|AI 컨설팅|AI 진단 보고서 제작 지원|최대 2천만원|\n"
CALL = (
    "2026년 지역기업 성장 지원사업 통합공고\n\n□ 지원대상 : 관내 중소기업\n□ 신청기간 : 2026. 4. 1. ~ 4. 30.\n□ 신청방법 : 온라인 접수\n"
    "□ 지원내용\n|번호|사업|내용|한도|\n|---|---|---|---|\n{rows}□ 제출서류 : 신청서\n□ 문의처 : 기업지원팀 063-000-1234\n"
    "□ 유의사항\n{terms}"
)


def test_ai_in_the_tables_of_a_long_call_is_an_entry_not_the_subject():
    rows = "".join(ROW.format(n=number) for number in range(7))
    terms = "- 선정된 기업은 협약에 따라 사업을 수행하고 결과를 보고하여야 한다.\n" * 180
    text = CALL.format(rows=rows, terms=terms)
    assert not relevance.find(Doc("a", text)).value
    with_subject = text.replace(
        "□ 지원내용\n", "□ 지원내용 : AI 도입\n- 인공지능을 현장에 적용하는 기업을 지원\n- AI 인재 교육\n"
    )
    assert relevance.find(Doc("a", with_subject)).value


def test_a_language_model_is_ai():
    text = "군산시 공무원 절반이 쓰는 ‘비서’\n\n군산시가 행정 전용 언어모델을 만들었다. 이 언어모델에는 시 예산 9억원이 들었다. 시는 내년 사업에서 언어모델을 넓힌다."
    assert relevance.find(Doc("a", text)).value


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("담양시 보도자료 (2025.09.02. / 로봇산업팀 061-000-2866)", ["061-000-2866"]),
        ("제공자 | AI데이터과 과장 이나린(054-000-2410)", ["054-000-2410"]),
        ("담양매일 구독 신청 061-000-1000", []),
        ("담양시청 대표번호 061-000-1000", []),
    ],
)
def test_the_office_of_a_press_release_is_whom_to_ask(text, numbers):
    assert [phone.name for phone in contact.find(Doc("a", text), "press_release").phones] == numbers
