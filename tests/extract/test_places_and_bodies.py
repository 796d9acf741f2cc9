"""Places of programmes told from places passed by; bodies, their names and their parts."""

import pytest

from gonggo.extract import organisations, regions
from gonggo.extract.doc import Doc


def places(text, kind="article", **fields):
    return {entry["name"] for entry in regions.find(Doc("x", text, fields), kind)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("창원시는 제조 AI 사업을 시작한다.", {"경남 창원시"}),
        ("성남 판교에 AI 센터를 짓는다.", {"경기 성남시"}),
        ("서울 여의도에 핀테크 실증 거점을 조성한다.", {"서울 영등포구"}),
        ("강원특별자치도가 AI 인재를 기른다.", {"강원"}),
        ("전라북도와 정읍시가 스마트팜 실증을 벌인다.", {"전북 정읍시"}),
        ("군산과 김제에 걸친 새만금에 AI 단지를 조성한다.", {"전북 군산시", "전북 김제시"}),
        ("전남광주통합특별시는 AI 집적단지를 넓힌다. 광주의 기업이 들어온다.", {"광주"}),
        ("과학기술정보통신부는 AI 인재양성 사업을 시작한다.", {"전국"}),
        ("전국의 지자체를 대상으로 AI 행정 사업을 벌인다.", {"전국"}),
    ],
)
def test_places_by_the_names_in_use(text, expected):
    assert places(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "대구시는 AI 로봇 사업을 시작한다. 서울 코엑스에서 열린 설명회에 300명이 왔다.",
        "대구시는 AI 로봇 사업을 시작한다. 부산에 비해 늦었다는 평가다.",
        "대구시는 AI 로봇 사업을 시작한다. 예산을 늘려 고령 농가와 공주대를 돕는다.",
    ],
)
def test_places_passed_by_and_everyday_words(text):
    assert places(text) == {"대구"}


def test_a_call_is_for_where_its_applicants_are():
    text = (
        "2026년 AI 시제품 지원사업 모집 공고\n□ 지원대상 : 경북 구미시 소재 중소기업\n"
        "□ 문의처 : 서울특별시 강남구 테헤란로 10, 02-000-0000"
    )
    assert places(text, "announcement") == {"경북 구미시"}


def bodies(text, kind="article", **fields):
    return {entry["name"]: entry["role"] for entry in organisations.find(Doc("x", text, fields), kind)}


def test_parts_in_prose():
    text = "사업은 가람테크노파크가 주관하고 한국전자기술연구원(KETI)과 금오공대가 참여한다. 산업통상부는 국비를 댄다."
    assert bodies(text) == {
        "가람테크노파크": "operator",
        "한국전자기술연구원": "participant",
        "금오공대": "participant",
        "산업통상부": "host",
    }


def test_short_forms_join_their_full_names():
    doc = Doc(
        "x", "과학기술정보통신부(과기정통부)가 밝혔다. 과기정통부는 한국지능정보사회진흥원(NIA)과 함께 NIA 사업을 연다."
    )
    found = organisations.find(doc, "article")
    assert [entry["name"] for entry in found] == ["과학기술정보통신부", "한국지능정보사회진흥원"]
    assert "과기정통부" in found[0]["aliases"]
    assert "NIA" in found[1]["aliases"]


def test_people_media_and_venues_are_no_bodies():
    text = (
        "한빛신문 가나다 기자. 서울대학교 라마바 교수는 말했다. 행사는 경남대학교에서 열렸다. 부산시는 사업을 시작한다."
    )
    assert set(bodies(text)) == {"부산시"}


def test_a_ministry_hosts_and_its_agency_operates():
    text = (
        "과학기술정보통신부 공고 제2026-0001호\nAI 사업 공고\n과학기술정보통신부와 정보통신산업진흥원은 다음과 같이 공고합니다.\n"
        "□ 지원제외 : 한국벤처캐피탈협회 회원사\n□ 관련 규정\n - 기획재정부 계약예규"
    )
    assert bodies(text, "announcement") == {"과학기술정보통신부": "host", "정보통신산업진흥원": "operator"}


def test_a_field_that_names_who_signs_is_the_body():
    assert bodies("AI 창업 교육생을 모집합니다.", "announcement", agency="(재)경남창조경제혁신센터 대표이사") == {
        "경남창조경제혁신센터": "host"
    }


@pytest.mark.parametrize(
    "text", ["㈜한결로보틱스가 로봇을 댄다.", "한결로보틱스㈜가 로봇을 댄다.", "한결로보틱스의 가나다 대표를 만났다."]
)
def test_companies_by_context(text):
    assert set(bodies(text)) == {"한결로보틱스"}
