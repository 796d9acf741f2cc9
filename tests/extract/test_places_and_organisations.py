"""Places of programmes told from places passed by; bodies, their names and their parts."""

import pytest

from gonggo.errors import DataFileError
from gonggo.extract import models, organisations, regions
from gonggo.extract import places as place_names
from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import read_regions, sectors


def places(text, kind="article", **fields):
    return {entry.name for entry in regions.find(Doc("x", text, fields), kind, [], models.shipped().regions)}


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
    return {entry.name: entry.role for entry in organisations.find(Doc("x", text, fields), kind)}


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
    result = organisations.find(doc, "article")
    assert [entry.name for entry in result] == ["과학기술정보통신부", "한국지능정보사회진흥원"]
    assert "과기정통부" in result[0].aliases
    assert "NIA" in result[1].aliases


@pytest.mark.parametrize(
    "body", ["가람협동조합", "나루산업연합회", "다솜진흥회", "라온과기원", "마루정보원", "바다소방본부", "산들박물관"]
)
def test_organisations_are_known_by_the_ends_of_their_names(body):
    assert body in bodies(f"창원시는 {body}와 함께 제조 AI 실증 사업을 벌인다. {body}는 장비를 빌려준다.")


@pytest.mark.parametrize("word", ["관련협동조합", "지역협의회", "사업협의회", "해당사업단"])
def test_common_nouns_that_end_like_organisations_are_none(word):
    assert word not in bodies(f"창원시는 {word}와 함께 제조 AI 실증 사업을 벌인다.")


def test_people_media_and_venues_are_no_organisations():
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


def test_a_field_that_names_who_signs_is_the_organisation():
    assert bodies("AI 창업 교육생을 모집합니다.", "announcement", agency="(재)경남창조경제혁신센터 대표이사") == {
        "경남창조경제혁신센터": "host"
    }


@pytest.mark.parametrize(
    "text", ["㈜한결로보틱스가 로봇을 댄다.", "한결로보틱스㈜가 로봇을 댄다.", "한결로보틱스의 가나다 대표를 만났다."]
)
def test_companies_by_context(text):
    assert set(bodies(text)) == {"한결로보틱스"}


def for_whom(where, title="", **fields):
    """Places of a call of a ministry for the companies of a place."""
    text = (
        f"2026년 {title} 인공지능 전환 지원사업 참여기업 모집 공고\n과학기술정보통신부는 참여기업을 모집합니다.\n"
        f"□ 지원대상 : {where} 소재 기업 10개사\n□ 접수기간 : 2026. 11. 23. ~ 2026. 12. 11."
    )
    return places(text, "announcement", **fields)


MERGED = {"광주", "전남"}
CHUNGCHEONG = {"대전", "세종", "충북", "충남"}
DONGNAM = {"부산", "울산", "경남"}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("전남광주통합특별시", MERGED),
        ("전남광주", MERGED),
        ("전남광주통합특별시 나주시", {"전남 나주시"}),
        ("전남광주통합특별시 북구", {"광주 북구"}),
        ("수도권", {"서울", "인천", "경기"}),
        ("호남권", {"광주", "전북", "전남"}),
        ("동남권", DONGNAM),
        ("부울경", DONGNAM),
        ("부·울·경", DONGNAM),
        ("대경권", {"대구", "경북"}),
        ("충청권", CHUNGCHEONG),
        ("중부권", CHUNGCHEONG),
        ("영남권", DONGNAM | {"대구", "경북"}),
        ("강원·제주권", {"강원", "제주"}),
        ("호남·제주권", {"광주", "전북", "전남", "제주"}),
        ("동남·대경권", DONGNAM | {"대구", "경북"}),
        ("광주·전남권", MERGED),
        ("대구·경북권", {"대구", "경북"}),
        ("비수도권", {"전국"}),
        ("수도권을 제외한 지역", {"전국"}),
        ("수도권, 충청권, 호남권, 대경권, 동남권, 강원권, 제주권", {"전국"}),
        ("서울 동남권", {"서울"}),
        ("인천 제물포구", {"인천 제물포구"}),
        ("인천광역시 영종구", {"인천 영종구"}),
        ("검단구", {"인천 검단구"}),
        ("인천 중구", {"인천 중구"}),
        ("경기도 광주시", {"경기 광주시"}),
        ("경기 광주", {"경기 광주시"}),
        ("경기광주시", {"경기 광주시"}),
        ("광주광역시", {"광주"}),
        ("서울 경기 광주 대전", {"서울", "경기", "광주", "대전"}),
        ("강원 고성군", {"강원 고성군"}),
        ("경상남도 고성군", {"경남 고성군"}),
        ("부산 중구", {"부산 중구"}),
        ("대구광역시 서구", {"대구 서구"}),
        ("울산 남구", {"울산 남구"}),
        ("완주군", {"전북 완주군"}),
    ],
)
def test_whom_a_call_is_for(where, expected):
    assert for_whom(where) == expected


@pytest.mark.parametrize("where", ["수도권", "호남권", "동남권", "경기도 광주시", "전남광주통합특별시", "강원·제주권"])
def test_a_title_names_the_same_places_as_a_target(where):
    assert for_whom("관내", where) == for_whom(where)


@pytest.mark.parametrize(
    ("where", "fields", "expected"),
    [
        ("중구", {"agency": "부산광역시 중구청"}, {"부산 중구"}),
        ("남구", {"region": "울산"}, {"울산 남구"}),
        ("북구", {"agency": "광주광역시 북구"}, {"광주 북구"}),
        ("고성군", {"region": "강원"}, {"강원 고성군"}),
        ("광주시", {"agency": "경기도 광주시"}, {"경기 광주시"}),
        ("중구", {}, {"전국"}),
    ],
)
def test_of_places_that_share_a_name_the_one_of_the_agency_is_meant(where, fields, expected):
    assert for_whom(where, **fields) == expected


def test_a_city_named_once_with_its_province_is_meant_without_it_too():
    text = "경기도 광주시는 AI 창업 사업을 시작한다. 광주시 관계자는 광주의 기업이 모인다고 말했다."
    assert places(text) == {"경기 광주시"}


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("11,KR-11,서울특별시,서울,Seoul,,,2026-02-01,2026-01-01,", "before it begins"),
        ("11,KR-11,서울특별시,서울,Seoul,,,,20260101,", "valid_to"),
        ("x1,KR-11,서울특별시,서울,Seoul,,,,,", "code"),
        ("11110,,종로구,서울 중구,,서울,,,,", "서울 종로구"),
        ("11110,,종로구,없는도 종로구,,없는도,,,,", "no region here"),
        ("29,KR-29,광주광역시,광주,Gwangju,,,,2026-06-30,없는도", "no region here"),
        ("29,KR-29,광주광역시,광주,Gwangju,,,,,서울", "no last day"),
        ("12,KR-11,서울시,서울,Seoul,,,,,", "stands twice"),
    ],
)
def test_a_wrong_row_of_the_regions_is_refused_with_its_line(tmp_path, row, text):
    head = "code,iso,name_ko,short,name_en,parent,aliases,valid_from,valid_to,successor"
    path = tmp_path / "regions.csv"
    good = "" if row.startswith("11,") or "x1" in row else "11,KR-11,서울특별시,서울,Seoul,,,,,\n"
    path.write_text(f"{head}\n{good}{row}\n", "utf-8")
    with pytest.raises(DataFileError, match=text) as expected:
        read_regions(path)
    assert str(expected.value).startswith(f"{path}:{3 if good else 2}:")


@pytest.mark.parametrize(
    ("agency", "expected"),
    [
        # A field that ends in the middle of the name which the text writes out.
        ("한국지능정보사회진흥", {"한국지능정보사회진흥"}),
        ("경남테크노파크 기업지", {"경남테크노파크 기업지"}),
        ("한국지능정보사회진흥원인공지능팀", {"한국지능정보사회진흥원인공지능팀"}),
        # Another body that begins alike in a few letters only is a body of its own.
        ("한국전력", {"한국전력", "한국지능정보사회진흥원"}),
        ("한국지능", {"한국지능", "한국지능정보사회진흥원"}),
    ],
)
def test_a_name_that_a_field_cuts_off_is_the_organisation_of_the_text(agency, expected):
    text = "AI 바우처 지원사업 참여기업 모집 공고\n한국지능정보사회진흥원은 참여기업을 모집합니다."
    if agency.startswith("경남"):
        text = text.replace("한국지능정보사회진흥원", "경남테크노파크")
    assert set(bodies(text, "announcement", agency=agency)) == expected


def test_a_technopark_is_called_in_full_however_it_is_written():
    assert set(bodies("경남테크노파크는 AI 사업을 시작한다. 부산시는 경남TP를 돕는다.")) == {"경남테크노파크", "부산시"}


@pytest.mark.parametrize(("times", "expected"), [(7, set()), (8, {"부산"})])
def test_a_place_that_a_call_only_mentions_counts_if_it_does_so_again_and_again(times, expected):
    begin = "AI 실증 지원사업 모집 공고\n" + "기업의 인공지능 활용을 돕는 사업이다.\n" * 25
    assert (
        places(begin + "".join(f"{n}. 부산 공장의 설비를 살핀다.\n" for n in range(times)), "announcement") == expected
    )


SIDO = [
    "서울",
    "부산",
    "대구",
    "인천",
    "광주",
    "대전",
    "울산",
    "세종",
    "경기",
    "강원",
    "충북",
    "충남",
    "전북",
    "전남",
    "경북",
    "경남",
    "제주",
]


def test_all_provinces_are_the_country():
    call = "AI 사업 모집 공고\n□ 지원대상 : {} 소재 기업"
    assert places(call.format(", ".join(SIDO)), "announcement") == {"전국"}
    assert places(call.format(", ".join(SIDO[:-1])), "announcement") == set(SIDO[:-1])


@pytest.mark.parametrize(
    ("text", "fields", "expected"),
    [
        ("AI 지원사업 모집 공고\n□ 지원대상 : 서울을 제외한 경기·인천 소재 기업", {}, {"경기", "인천"}),
        (
            "AI 지원사업 모집 공고\n□ 지원대상 : 부산 소재 기업",
            {"title": "대구 대비 부산 AI 지원사업 모집 공고"},
            {"부산"},
        ),
    ],
)
def test_a_place_that_is_left_out_or_compared_is_none_of_a_call(text, fields, expected):
    assert places(text, "announcement", **fields) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("경남 고성군은 AI 조선 사업을 시작한다. 고성군 기업 9곳이 참여한다.", {"경남 고성군"}),
        ("강원도는 AI 감시망 사업을 시작한다. 속초와 고성군에 카메라를 단다.", {"강원 속초시", "강원 고성군"}),
        ("부산 중구는 AI 상권 사업을 시작한다. 중구 기업이 참여한다.", {"부산 중구"}),
        ("부산시가 AI 사업을 시작한다. 7월 9일(전주) 설명회를 연다. 부산 기업이 참여한다.", {"부산"}),
    ],
)
def test_prose_that_names_a_place_of_several_means_the_one_of_its_province(text, expected):
    assert places(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "AI 실증 사업은 청주, 충주, 진천, 음성 지역의 제조기업을 돕는다.",
            {"충북 청주시", "충북 충주시", "충북 진천군", "충북 음성군"},
        ),
        (
            "AI 대전환 이끌 4곳 선정\n- 경남·대구·울산·전남, 2년간 지원 -\n\n중소벤처기업부는 사업을 할 곳으로 경상남도, 대구광역시, "
            "울산광역시, 전라남도를 선정했다고 밝혔다.",
            {"경남", "대구", "울산", "전남"},
        ),
        ("광주시와 기업이 AI 인재를 기른다.", {"광주"}),
        ("[새소식 (전주) 김하나 기자] 전북도는 AI 농업 실증을 벌인다.", {"전북"}),
    ],
)
def test_all_places_of_a_row_are_meant(text, expected):
    assert places(text) == expected


def test_a_province_that_only_says_where_a_city_is_is_none_of_its_own():
    assert places("충남 공주시는 AI 돌봄을 시작했다.") == {"충남 공주시"}
    assert places("전남(나주시)의 기업이 AI 실증을 벌인다.") == {"전남 나주시"}


def test_a_district_is_a_place_without_its_ending_after_its_city_only():
    doc = Doc("x", "김해·양산·부산 강서가 같이 세운다. 강서 지역은 다른 곳이다.")
    assert [place.means for place in doc.place_names][-1] == ("부산 강서구",)


def acting(text, kind="article"):
    return {entry.name: (set(entry.aliases), entry.role) for entry in organisations.find(Doc("x", text), kind)}


def test_gwangju_is_the_larger_of_two_in_a_text_of_many_provinces():
    text = "경기도는 34억원, 광주시는 200억원, 세종시는 100억원, 대구시는 5억원을 AI에 쓴다."
    assert "경기 광주시" not in places(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("중기부는 경남도, 대구광역시, 전라남도, 제주특별자치도를 선정했다.", "제주특별자치도"),
        ("거점에 부산광역시·강원특별자치도·충청북도를, 기관에 가람대학교를 선정했다.", "충청북도"),
        ("거점으로는 광주광역시 등 4개 지자체를 선정했다.", "광주광역시"),
    ],
)
def test_the_last_government_of_a_row_is_an_organisation_without_its_particle(text, name):
    organisation_names = acting(text)
    assert name in organisation_names
    assert not any(other.endswith(("를", "을")) for other in organisation_names)


def test_a_short_form_stands_in_brackets_beside_who_heads_the_organisation():
    assert acting("가람산업진흥원(GSA, 대표 김하나)은 AI 사업을 시작한다.")["가람산업진흥원"][0] == {"GSA"}
    assert acting("나루항만공사(사장 이두리, NPA)는 AI 사업을 시작한다.")["나루항만공사"][0] == {"NPA"}


def test_each_of_several_labels_in_one_line_says_the_role_of_what_follows_it():
    text = "2026년 가람 AI 사업 공고\n\n◦ 주관부처 : 산업통상부, 전문기관 : 한국산업기술기획평가원\n◦ 추진기관 : 인천광역시, (재)가람테크노파크\n"
    roles = {name: role for name, (_, role) in acting(text, "announcement").items()}
    assert roles["한국산업기술기획평가원"] == "operator"
    assert roles["인천광역시"] == "host"
    assert roles["가람테크노파크"] == "operator"


def test_a_row_shares_the_ending_of_its_last_place():
    names_and_means = [
        (place.name, place.means) for place in place_names.scan("서울 강남·노원구와 예산·홍성군에서 벌인다")
    ]
    assert ("강남", ("서울 강남구",)) in names_and_means
    assert ("예산", ("충남 예산군",)) in names_and_means


def test_a_company_of_three_syllables_is_known_by_its_legal_form():
    assert {"나라솔", "다솜랩"} <= bodies("㈜나라솔과 ㈜다솜랩이 참여한다.").keys()


def test_organisations_of_a_row_with_marks_and_campuses_and_stations_are_organisations():
    text = "컨소시엄은 ▲경기도 ▲안산시 ▲한양대학교 ERICA로 이뤄진다. 안성소방서와 고려대 세종캠퍼스도 참여한다."
    assert {"경기도", "안산시", "한양대학교 ERICA", "안성소방서", "고려대 세종캠퍼스"} <= bodies(text).keys()


def test_an_office_of_education_is_one_with_and_without_the_word_for_its_city():
    ((name, (aliases, _)),) = acting("대전시교육청은 AI 교실을 연다. 대전교육청은 학교 열 곳을 뽑았다.").items()
    assert {name, *aliases} == {"대전시교육청", "대전교육청"}


def test_a_city_of_which_an_organisation_is_an_agency_does_not_act_itself():
    assert "제주특별자치도" not in bodies("누리재단은 제주도 산하기관으로 AI 상담을 맡는다.")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("경상남도가 김해시·창원시와 손잡고 과제를 냅니다.", {"경남 김해시", "경남 창원시"}),
        ("ㅇ 예산 : 도비 2억원, 김해시 1억원, 창원시비(1억원)", {"경남 김해시", "경남 창원시"}),
        ("ㅇ 실증구역 : 김해 항공산단, 창원 혁신도시", {"경남 김해시", "경남 창원시"}),
        ("ㅇ 지난해 김해시와 창원시에는 비가 왔다.", {"경남"}),
    ],
)
def test_who_pays_who_acts_and_where_a_thing_is_tried_out_are_places_of_a_call(lines, expected):
    text = (
        "경상남도 AI 실증 지원사업 참여기업 모집 공고\n"
        + "\n".join(f"□ 안내 {n} 자세한 것은 누리집에서 보시고 궁금한 것은 물어 주시기 바랍니다" for n in range(9))
        + f"\n{lines}\n"
    )
    assert places(text, "announcement") == expected


@pytest.mark.parametrize(
    "text",
    [
        "꺼져 가는 경기를 살리려 예산을 늘렸다.",
        "경기가 얼어붙어 일감이 줄었다.",
        "흐림전주 21.4℃ 전주 20.1℃",
    ],
)
def test_the_economy_and_the_weather_are_no_places(text):
    assert [place.name for place in place_names.scan(text)] == []


def test_a_place_that_is_only_a_model_is_left_out_of_a_text():
    doc = Doc("a", "판교밸리를 본떠 나주 AI 밸리를 짓는다. 나주시는 나주 산단에 AI 실증을 지원한다.")
    weights = {short: max(m.weight for m in named) for short, named in regions.mentions_in_prose(doc).items()}
    assert weights.get("경기 성남시", 0) < 0.1 < weights["전남 나주시"]


@pytest.mark.parametrize(
    ("name", "text", "is_named"),
    [
        ("logistics", "수출기업의 물류비를 댄다.", False),
        ("manufacturing", "관내 중소제조업체가 쓴다.", True),
        ("public", "시가 통합돌봄을 편다.", True),
        ("agriculture", "어촌과 양식장을 돕는다.", True),
        ("safety", "생활안전을 살핀다.", True),
    ],
)
def test_words_of_a_sector_count_where_they_aim_at_it(name, text, is_named):
    assert bool(sectors()[name].search(text)) == is_named
