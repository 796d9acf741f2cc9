"""Who takes part in what ministries and cities announce, as what, and where: rows, labels, footnotes, winners."""

import pytest

from gonggo.extract import organisations
from gonggo.extract.doc import Doc
from gonggo.extract.record import extract

LEAD = "중소벤처기업부(장관 김하나, 이하 중기부)는 인공지능(AI) ‘새싹공장 지원사업’을 시작한다고 밝혔다.\n\n"


def bodies(text, lead=LEAD):
    return {entry.name: entry.role for entry in organisations.find(Doc("x", lead + text), "press_release")}


def places(text):
    return {region.name for region in extract(text, id="x", fields={"posted_on": "2026-03-10"}).regions}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("나린로봇, 온유랩, 비전숲 등 3개 AI 공급기업들이 부스를 차렸다.", {"나린로봇", "온유랩", "비전숲"}),
        ("행사에는 나린로봇, 온유랩, 비전숲 등 국내 AI 전문기업이 이름을 올렸다.", {"나린로봇", "온유랩", "비전숲"}),
        ("입주 공간은 ㈜나린로봇, 온유랩, 비전숲 등 AI 진단 기업들로 찼다.", {"나린로봇", "온유랩", "비전숲"}),
        ("대상은 ‘초록나래’팀이 받았고, 우수상은 ‘온실벗’팀에 돌아갔다.", {"초록나래", "온실벗"}),
        ("경북 구미의 나린플라텍은 전자부품을 만드는 제조업체로, 불량을 줄이려 한다.", {"나린플라텍"}),
        ("연구에 참여 중인 온유엔지니어링은 시제품을 낸다.", {"온유엔지니어링"}),
        (
            "5개 지역의 운영기관*이 어르신을 뽑는다.\n\n * (세종) ‘세종은빛모임’, (제주) ‘느티나무공동체’\n",
            {"세종은빛모임", "느티나무공동체"},
        ),
        (
            "사업은 경북권감염대응센터, 경상북도, PPM* 의료기관, 대한건강협회와 함께 추진한다.",
            {"경상북도", "대한건강협회"},
        ),
        ("전남대, 조선대, 한밭대에서 석사 30명을 길렀다.", {"전남대", "조선대", "한밭대"}),
        ("중앙대학교 광명병원은 이번 사업으로 판독을 돕는다.", {"중앙대학교 광명병원"}),
    ],
)
def test_rows_winners_and_firms_of_places_are_named(text, names):
    assert names <= bodies(text).keys()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("사업은 교육부터 자문까지 돕는다.", "교육부"),
        ("해양수산부와 연구팀은 보급에 협력한다.", "연구팀"),
        ("선박 설비 제조업체로 해외수출이 주력이다.", "해외수출"),
        ("충북은 청주시, 충주시, 음성군 등 도내 전역의 제조업을 키운다.", "청주시"),
        ("광주광역시·전라남도 內 병원 100곳의 자료를 쓴다.", "광주광역시"),
        ("병원은 심사평가원 데이터를 활용해 업무를 줄였다.", "심사평가원"),
        ("옛 한국산업단지공단 별관을 고쳐 쓴다.", "한국산업단지공단"),
        ("나이, 성별, 병력, 키 등 의료 기업이 쓸 자료를 모은다.", "성별"),
        ("서울, 부산, 대구 등 지역 기업이 참여한다.", "서울"),
    ],
)
def test_words_places_and_houses_are_no_bodies(text, name):
    assert name not in bodies(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "* 컨소시엄 주관기관: 부산대병원, 서울성모병원",
            {"부산대병원": "operator", "서울성모병원": "operator"},
        ),
        ("* (지정기관) 국립암센터, 한국도로공사", {"국립암센터": "participant", "한국도로공사": "participant"}),
        ("주관대학인 세종대, 연세대에서 석사를 길렀다.", {"세종대": "operator", "연세대": "operator"}),
        (
            "(후원) 온유소프트㈜, 한국생산성본부\n",
            {"온유소프트": "supporter", "한국생산성본부": "supporter"},
        ),
        (
            "5개 지역의 운영기관*이 어르신을 뽑는다.\n\n * (세종) ‘세종은빛모임’, (제주) ‘느티나무공동체’\n",
            {"세종은빛모임": "operator"},
        ),
        ("전남대학교 김두리 교수 연구팀 주관으로 개발했다.", {"전남대학교": "operator"}),
        (
            "삼성서울병원, 서울아산병원 등 2개 의료기관에서 사업을 수행 중이다.",
            {"삼성서울병원": "operator", "서울아산병원": "operator"},
        ),
        ("대구(대구테크노파크 컨소시엄)를 선정했다.", {"대구테크노파크": "operator"}),
        ("신청에 대한 자세한 내용은 소상공인시장진흥공단 누리집에 있다.", {"소상공인시장진흥공단": "operator"}),
        ("올해 산업통상부, 교육부와 손잡고 현장을 넓힌다.", {"중소벤처기업부": "host", "교육부": "participant"}),
        (
            "여러 부처가 함께한다.\n\n* 중기부, 산업부, 해수부, 국토부, 농식품부\n",
            {"중소벤처기업부": "host", "국토부": "participant", "농식품부": "participant"},
        ),
    ],
)
def test_labels_footnotes_and_words_say_what_a_body_is(text, expected):
    found = {
        name: entry.role
        for entry in organisations.find(Doc("x", LEAD + text), "press_release")
        for name in (entry.name, *entry.aliases)
    }
    assert {name: found.get(name) for name in expected} == expected


def test_an_agency_in_the_headline_of_a_release_of_a_ministry_does_not_own_it():
    headline = "광주테크노파크, 인공지능 거점이 된다\n\n"
    assert (
        bodies("광주테크노파크는 자료를 안전하게 다루는 곳을 연다.", lead=headline + LEAD)["광주테크노파크"]
        == "operator"
    )


def test_a_city_that_a_call_chose_takes_part_in_whatever_order_the_sentence_says_so():
    for text in (
        "‘새싹’ 공모에 부산시(시장 김하나)가 이름을 올렸다.",
        "부산시는 ‘새싹’ 공모에 최종 선정됨에 따라 준비한다.",
    ):
        lead = "과학기술정보통신부가 인공지능 사업을 벌인다.\n"
        assert bodies(text, lead=lead)["부산시"] == "participant"


NATIONAL = "전국 4개 지역에서 이루어지는 인공지능(AI) 교육 참여자 모집\n\n중소벤처기업부(장관 김하나)는 인공지능 교육 사업을 시작한다.\n\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NATIONAL + "교육은 서울, 경기, 대구, 제주 4개 지역에서 과정이 개설된다.", {"서울", "경기", "대구", "제주"}),
        (
            LEAD + "대상은 비수도권이다.\n\n* (광역시, 4개) 부산, 대구, 광주, 울산\n(도, 4개) : 강원, 충북, 전북, 경남",
            {"부산", "대구", "광주", "울산", "강원", "충북", "전북", "경남"},
        ),
        (
            LEAD
            + "사업을 할 곳으로 경상남도와 대구광역시를 선정했다.\n\n* 4개 신청 지자체 : 강원, 경남, 대구, 충북\n\n"
            "경상남도는 기계 산업을, 대구광역시는 자동차부품을 인공지능으로 바꾼다.",
            {"경남", "대구"},
        ),
        (
            LEAD
            + "한빛호텔(서울시 용산구 소재)에서 착수보고회를 열었다. 부산시와 함께 부산 공장에 실증한다. 부산 기업이 참여한다.",
            {"부산"},
        ),
        (
            LEAD + "부산시와 함께 부산 공장에 실증한다. 부산 기업이 참여한다.\n(일시/장소) 7. 11., 세종 회의실",
            {"부산"},
        ),
        (
            LEAD + "부산시와 함께 부산 공장에 실증한다. 부산 기업과 대구성모병원이 참여한다.",
            {"부산"},
        ),
    ],
)
def test_a_release_is_for_the_places_it_lists_and_not_for_venues_applicants_and_names(text, expected):
    assert places(text) == expected
