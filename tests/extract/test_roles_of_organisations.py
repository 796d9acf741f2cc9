"""What an organisation does in a programme, as the words around its name and the table it stands in say."""

import pytest

from gonggo.extract.record import extract

DAY = {"posted_on": "2026-03-10"}
LEAD = "김해시는 인공지능을 공장에 들이는 ‘AI 새싹공장 지원사업’을 시작했다고 10일 밝혔다.\n\n"


def roles(text, lead=LEAD):
    record = extract(lead + text, id="x", fields=DAY)
    assert record.is_relevant
    return {organisation.name: organisation.role for organisation in record.organisations}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("사업은 경남테크노파크가 총괄하며 기업을 돕는다.", {"경남테크노파크": "operator"}),
        ("부산정보산업진흥원이 2년에 이어 다시 맡는다.", {"부산정보산업진흥원": "operator"}),
        ("인제대와 창원대가 지난 한 해 240명을 길러 냈다.", {"인제대": "operator"}),
        (
            "경남테크노파크가 기초과정 50명을, 한국전기연구원이 심화과정 20명을 가르쳤다.",
            {"경남테크노파크": "operator", "한국전기연구원": "operator"},
        ),
        (
            "장유 교육장은 인제대가, 진영 교육장은 창원대가 운영하며 여름에 문을 연다.",
            {"인제대": "operator", "창원대": "operator"},
        ),
        ("경상국립대와 한국재료연구원이 공동 수행기관으로 나선다.", {"한국재료연구원": "participant"}),
        (
            "재원은 시비 20억 원에 신한은행 15억 원, 카카오 10억 원이다.",
            {"신한은행": "supporter", "카카오": "supporter"},
        ),
        ("이 사업은 농림축산식품부의 지원으로 이뤄진다.", {"농림축산식품부": "supporter"}),
        ("시는 산업통상부에 국비 30억 원을 신청했다.", {"산업통상부": "other"}),
        ("양산부산대학교병원은 판독 자료를 모은다.", {"양산부산대학교병원": "participant"}),
    ],
)
def test_the_verb_behind_a_name_says_what_it_does(text, expected):
    found = roles(text)
    assert {name: found.get(name) for name in expected} == expected


def test_who_stands_beside_a_government_at_the_head_of_a_release_runs_its_programme():
    text = "(재)경남테크노파크 보도자료\n담당 : AI팀\n\n경상남도와 (재)경남테크노파크는 인공지능을 공장에 들이는 ‘AI 새싹공장 지원사업’ 참여기업을 모집한다.\n"
    assert roles(text, lead="") == {"경남테크노파크": "operator", "경상남도": "host"}


CALL = """2026년 AI 새싹과제 선정 결과 공고

경상남도는 인공지능(AI) 새싹과제 지원사업의 선정 결과를 다음과 같이 공고합니다.

1. 선정 과제
|연번|주관기업|과제명|수요기관|
|---|---|---|---|
|1|㈜가온누리|딸기 수확량 예측|창원시농업기술센터|
|2|㈜다온테크|용접 비드 판독|거제상공회의소|
"""


def test_the_column_of_a_call_says_who_leads_a_project_and_who_takes_part():
    found = roles(CALL, lead="")
    assert {name: found.get(name) for name in ("가온누리", "다온테크", "거제상공회의소")} == {
        "가온누리": "operator",
        "다온테크": "operator",
        "거제상공회의소": "participant",
    }


def test_cities_that_a_call_joins_with_take_part():
    text = (
        "경상남도와 경남테크노파크가 창원시·진주시와 손잡고 인공지능(AI) 새싹과제를 풀 기업을 모집합니다.\n"
        "AI 새싹과제 지원사업 참여기업 모집 공고\n1. 접수기간 : 2026. 4. 1. ~ 4. 30.\n"
    )
    found = roles(text, lead="AI 새싹과제 지원사업 모집 공고\n\n")
    assert (found["창원시"], found["진주시"], found["경상남도"]) == ("participant", "participant", "host")


def test_those_that_publish_a_survey_together_are_its_hosts():
    text = (
        "2025년 AI 인력 실태조사 결과\n\n창원상공회의소와 경남경영자총협회, 경남연구원은 경남 중소기업 300개사를 대상으로 한 "
        "인공지능(AI) 인력 실태조사 결과를 발표했다. AI 활용률은 12.1%, 부족률은 14.2%, 구미는 9%였다.\n"
    )
    record = extract(text, id="x", fields=DAY)
    assert record.kind.value == "statistics"
    assert {one.role for one in record.organisations} == {"host"}
