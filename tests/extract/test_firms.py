"""Organisations that prose and forms name: firms in lists, those that sign, cells below 기관명; and those that only ask."""

import pytest

from gonggo.extract import organisation_mentions, organisations
from gonggo.extract.doc import Doc


def named(text, kind="article"):
    return {entry.name: entry.role for entry in organisations.find(Doc("a", text), kind)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "선정기업은 다음과 같다.\n△돌봄 = 나린로봇, 온유랩, 비전숲\n△안전 = 세이프온, 단비테크",
            {"나린로봇", "온유랩", "비전숲", "세이프온", "단비테크"},
        ),
        (
            "첫 입주기업 5곳이 가려졌다.\n▷항만(2) 돛단, 마린온AI\n▷금융(1) 레그온, 해온",
            {"돛단", "마린온AI", "레그온", "해온"},
        ),
        ("나린로봇, 온유랩, 단비항공기술 등 중소기업 세 곳이 현장을 내준다.", {"나린로봇", "온유랩", "단비항공기술"}),
        (
            "개발사 온새빛랩은 계약을 앞두고 있다. 부품을 만드는 단비케미컬은 서버실을 짓는다.",
            {"온새빛랩", "단비케미컬"},
        ),
        ("군산시는 포스텍, 나린솔루션즈와 인공지능 업무협약을 맺었다.", {"군산시", "포스텍", "나린솔루션즈"}),
    ],
)
def test_firms_are_named_without_a_legal_form(text, names):
    assert names <= named(text).keys()


@pytest.mark.parametrize(
    "text",
    [
        "반도체, 바이오, 로봇 등 중소기업이 참여한다.",
        "교육에는 대표, 임원, 직원 등 기업 관계자가 참여했다.",
        "중소기업 동반성장과 혁신을 돕는다.",
        "△교육 = 이론, 실습, 평가",
    ],
)
def test_fields_and_people_are_no_firms(text):
    assert named(text) == {}


def test_a_messenger_is_not_the_company_whose_name_it_begins_with():
    assert "카카오" not in named("기사를 카카오톡으로 보낸다.")
    assert "카카오" in named("카카오가 실증에 참여한다.")


def test_a_university_is_one_with_both_of_its_names():
    assert list(named("호서대와 손잡았다. 호서대학교는 학과를 연다.")) == ["호서대"]


@pytest.mark.parametrize(
    "text",
    [
        "전남연구원이 올 1월 조사한 활용률은 9.9%였다.",
        "광주상공회의소가 7월에 물은 결과 절반이 몰랐다.",
        "산업연구원은 7조원의 부가가치가 생길 것으로 추산했다.",
        "발행인 이랑 · 등록번호 전북 가00001 · 편집인 나린 · (주)나린미디어랩",
    ],
)
def test_who_asks_or_publishes_does_not_act(text):
    assert named(text) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("운영은 대구테크노파크가 맡았다.", {"대구테크노파크": "operator"}),
        ("정보통신산업진흥원을 통해 장비를 나눠 준다.", {"정보통신산업진흥원": "operator"}),
        ("사업을 맡은 포항산업과학연구원 관계자는 목표를 낮췄다.", {"포항산업과학연구원": "operator"}),
    ],
)
def test_who_runs_a_programme_is_its_operator(text, expected):
    assert named(text) == expected


def test_what_an_opinion_wishes_of_a_ministry_makes_it_no_host():
    assert named("산림청과 국립산림과학원이 힘을 보태야 한다.", "opinion") == {
        "산림청": "other",
        "국립산림과학원": "other",
    }


def test_cells_below_a_head_of_names_are_organisations():
    table = "□ 문의처\n|지역|기관명|연락처|\n|---|---|---|\n|서울|서울 제조혁신센터|02-000-1000|\n|부산|부산 제조혁신센터|051-000-1000|"
    text = "2026년 AI 도입 지원사업 공고\n중소벤처기업부는 다음과 같이 공고합니다.\n" + table
    assert {"서울 제조혁신센터", "부산 제조혁신센터"} <= named(text, "announcement").keys()


def test_who_issues_a_notice_is_read_from_its_number_and_its_signature():
    text = "미래빛네트워크 제2026-001호\n\n2026년 AI 해외진출 지원사업 공고\n\n2026년 3월 10일\n미래빛네트워크 대표이사\n\n1. 개요"
    assert "미래빛네트워크" in named(text, "announcement")
    assert list(named("보건복지부 공고 제2026-007호\n2026년 AI 의료 지원사업", "announcement")) == ["보건복지부"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "협약에는 전남도·장성군을 비롯해 나린에너지·KT·온빛솔라·단비증권 등이 참여했다.",
            {"나린에너지", "KT", "온빛솔라", "단비증권"},
        ),
        ("신용보증기금·나린부동산거래원·한국가스공사 등 총 8개 기관이 참여했다.", {"나린부동산거래원", "한국가스공사"}),
        ("사업에는 한국전자통신연구원, 온새미로데이터가 함께 참여한다.", {"온새미로데이터"}),
        ("포스코·단비칼텍스·나린시멘트 등 국내 제조업 대표기업이 참여했다.", {"단비칼텍스", "나린시멘트"}),
    ],
)
def test_who_stands_in_a_row_beside_a_known_organisation_acts_too(text, names):
    assert names <= named(text).keys()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("협약식에는 KT, 나린 대표, 온빛 상무 등이 함께했다.", {"KT"}),
        ("교육에는 KT와 지역 대학, 주민 등이 참여했다.", {"KT"}),
        ("포스코는 반도체, 로봇 등 신산업에 투자한다.", {"포스코"}),
        ("포스코와 노르웨이 연구진이 공동으로 참여한다.", {"포스코"}),
    ],
)
def test_people_and_groups_in_a_row_are_no_organisations(text, names):
    assert named(text).keys() == names


def test_values_of_labels_are_rows_of_organisations():
    table = "|구분|내용|\n|---|---|\n|시행기관|경상북도, 의성군|\n|참여기관|경북대학교, 나린모빌리티|"
    text = "2026년 AI 농기계 실증 사업 공고\n아래와 같이 공모합니다.\n" + table
    assert named(text, "announcement") == {
        "경상북도": "host",
        "의성군": "host",
        "경북대학교": "participant",
        "나린모빌리티": "participant",
    }
    prose = "2026년 AI 실증 사업 공고\n□ 참여기업: 포항테크노파크와 협업체계를 구축하여, 과제를 수행하는 기업"
    assert named(prose, "announcement").keys() <= {"포항테크노파크"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("증평군은 AI 실증을 시작한다.", {"증평군": "host"}),
        ("12일 가람시에 따르면 장비가 늘었다. 12일 나주시에 따르면 AI 실증이 끝났다.", {"나주시": "host"}),
        ("해양수산부에서 AI 양식 사업비를 댄다.", {"해양수산부": "host"}),
        ("국비는 12억원이다. 시비(안동시 72억원)도 든다.", {"안동시": "host"}),
        ("대구 동구청은 AI 인재를 기른다.", {"동구": "host"}),
        ("온빛데이터(대표 김하나)가 만든다.", {"온빛데이터": "participant"}),
        ("시행사로 나린디앤디가 참여한다.", {"나린디앤디": "participant"}),
        ("한국은행 대구경북본부는 AI 활용을 물었다고 밝혔다.", {"한국은행 대구경북본부": "host"}),
        (
            "나주시는 한국전자기술연구원과 AI 업무협약을 맺었다.",
            {"나주시": "host", "한국전자기술연구원": "participant"},
        ),
    ],
)
def test_who_acts_by_the_words_around_a_name(text, expected):
    assert named(text) == expected


def test_in_brackets_after_a_city_stand_its_parts():
    mentions = organisations.find(Doc("a", "과제는 신안군(도초면)과 장성군(황룡면)이 맡는다."), "article")
    assert [(entry.name, entry.aliases) for entry in mentions] == [("신안군", ()), ("장성군", ())]


def test_a_hospital_is_one_with_both_names_of_its_university():
    assert list(named("전남대학교병원이 참여한다. 전남대병원은 실증처다.")) == ["전남대학교병원"]


def test_a_city_that_a_notice_names_as_its_agency_hosts():
    text = "2026년 AI 공장 지원사업 모집 공고\n가. 주관: 중소벤처기업부·충청남도·천안시\n나. 수행기관: 충남테크노파크"
    assert named(text, "announcement") == {
        "중소벤처기업부": "host",
        "충청남도": "host",
        "천안시": "host",
        "충남테크노파크": "operator",
    }


def test_cities_that_a_ministry_chose_take_part():
    release = "보건복지부는 AI 돌봄 실증 지역으로 경기 화성시, 경북 의성군을 뽑았다고 밝혔다."
    assert named(release) == {"보건복지부": "host", "화성시": "participant", "의성군": "participant"}
    own = "화성시는 보건복지부의 AI 돌봄 실증 지역에 선정됐다고 밝혔다."
    assert named(own) == {"화성시": "host", "보건복지부": "host"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "물류 전문기업인 가람소프트, 나루텍, 다솜로직스와 자율주행 업체도 함께한다.",
            {"가람소프트", "나루텍", "다솜로직스"},
        ),
        ("기술 개발에는 △가람정보 △ETRI △나루시스템이 참여한다.", {"가람정보", "나루시스템"}),
        ("가람이앤씨, 나루AI, 다솜컴퍼니 등 4개 공급기업을 선정했다.", {"가람이앤씨", "나루AI", "다솜컴퍼니"}),
        ("교육은 가람소프트, 나루개발원, 네이버클라우드로 구성된 컨소시엄이 맡는다.", {"가람소프트"}),
    ],
)
def test_rows_of_firms_say_before_or_behind_them_what_they_are(text, expected):
    names = {mention.surface for mention in organisation_mentions.scan(text)}
    assert expected <= names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("시험을 마친 다온비전 대표는 “살 곳이 없다”고 했다.", "다온비전"),
        ("초기 펀드는 가온누리벤처스가 굴린다.", "가온누리벤처스"),
        ("한국산업단지공단 여수광양지사가 안전망을 깔았다.", "한국산업단지공단 여수광양지사"),
        ("안전보건공단 울산지역본부는 장비를 나눠 준다.", "안전보건공단 울산지역본부"),
        ("한국전자통신연구원 대경권연구센터가 이끈다.", "한국전자통신연구원 대경권연구센터"),
        ("경북대와 계명대, 수성미래전문대가 240명을 길러 냈다.", "수성미래전문대"),
    ],
)
def test_a_firm_or_a_branch_is_named_by_how_it_ends_and_acts(text, name):
    assert name in {mention.surface for mention in organisation_mentions.scan(text)}


@pytest.mark.parametrize(
    "text",
    [
        "데이터센터가 문을 열었다\n병원 자료는 나가지 않는다.",
        "2·3차 협력업체 노동자는 교육을 받지 못했다.",
    ],
)
def test_what_stands_before_or_on_the_line_above_is_no_part_of_a_name(text):
    assert list(organisation_mentions.scan(text)) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("나래대학교 미래소재융합기술원이 사업을 이끈다.", "나래대학교 미래소재융합기술원"),
        ("포스텍 인공지능연구원이 교육을 맡는다.", "포스텍 인공지능연구원"),
        ("도는 ND C&I(사장 김하나)와 협약을 맺었다.", "ND C&I"),
    ],
)
def test_a_name_of_two_words_is_one_organisation(text, name):
    assert list(named(text)) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "중소기업에서 중견기업으로 커나가는 곳은 적다.",
        "운영기관은 기업 실태조사를 거쳐 과정을 짠다.",
        "교재와 동영상의 저작권은 함께 가진다.",
    ],
)
def test_words_after_a_description_or_with_the_end_of_a_name_are_no_organisations(text):
    assert named(text) == {}


def test_a_branch_is_one_with_the_short_form_of_its_body():
    text = "중기중앙회 경기지역본부가 나섰다. 중소기업중앙회 경기지역본부는 교육을 연다."
    assert len(named(text)) == 1


def test_gwangju_is_one_city_with_both_of_its_names():
    assert len(named("광주광역시와 업체가 협약했다. 광주시는 실증을 돕는다.")) == 1


def test_what_stands_in_brackets_is_a_short_form_only_if_of_the_letters_of_the_name():
    text = "나래산업진흥원(인력양성)과 한빛과학연구원(한과연)이 사업을 함께한다."
    aliases = {entry.name: entry.aliases for entry in organisations.find(Doc("a", text), "article")}
    assert aliases == {"나래산업진흥원": (), "한빛과학연구원": ("한과연",)}


@pytest.mark.parametrize(
    "text",
    [
        "나주시는 3일 과학기술정보통신부가 주관한 ‘마을 돌봄 AI 실증’ 공모에 최종 선정됐다고 밝혔다.",
        "산업통상부는 공모 결과를 냈다. 나주시가 올봄부터 준비해 왔다. 시는 ‘AI 배전 실증’ 공모에 선정됐다.",
        "과학기술정보통신부 공모다. 이 사업에는 나주시가 주관 지자체로 나선다. 나주시는 공모에 뽑혔다.",
        "전남도와 순천시, 나주시는 과학기술정보통신부의 ‘논밭 AI 실증’ 공모에 최종 선정됐다.",
    ],
)
def test_a_city_that_the_call_of_a_ministry_chose_takes_part(text):
    assert named(text)["나주시"] == "participant"


def test_a_city_whose_programme_a_call_chose_still_hosts_it():
    text = "나주시는 배전망을 손본다. 시는 산업통상부 공모에 배전 AI 실증사업이 뽑혀 올해 시작한다고 밝혔다. 산업통상부가 돕는다."
    assert named(text)["나주시"] == "host"


def test_provinces_in_a_row_of_governments_act_by_their_short_names():
    text = "산업통상부 공모에 대전, 세종, 충북 등 중부권 3개 시도가 공동으로 선정됐다."
    assert {"대전": "participant", "세종": "participant", "충북": "participant"}.items() <= named(text).items()
    assert "대전" not in named("대전, 세종, 충북 등 3개 시도가 폭염을 겪었다.")


def test_a_ministry_that_takes_part_beside_the_owner_is_no_host():
    text = "주관은 산업통상부이고 국토교통부도 참여한다."
    assert named(text) == {"산업통상부": "host", "국토교통부": "participant"}


def test_who_joins_with_others_that_are_only_counted_takes_part():
    text = "산업통상부 사업이다. 공모에는 한국농어촌공사, 지역 새싹기업 6개사가 참여했다."
    assert named(text)["한국농어촌공사"] == "participant"


def test_those_present_at_an_opening_have_no_role():
    text = "나주대학교가 AI관을 열었다. 행사에는 산업통상부 차관과 한국연구재단 이사장이 참석했다."
    assert not {"산업통상부", "한국연구재단"} & named(text).keys()


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        (
            "□ 추진체계 : (주최) 산업통상부 / 전담 : (재)나래산업진흥원 / 협력 : 나래대학교 산학협력단",
            "나래대학교 산학협력단",
            "participant",
        ),
        ("□ 참여 지방자치단체 : 나주시, 순천시", "순천시", "participant"),
        ("□ 교육기관 : 나래대학교(기초반)", "나래대학교", "participant"),
        # One label of two words is that of the host.
        ("□ 주최, 주관 : 나래테크노파크", "나래테크노파크", "host"),
        ("□ 주최 · 주관 : 나래테크노파크", "나래테크노파크", "host"),
    ],
)
def test_labels_of_a_call_say_who_takes_part(text, name, role):
    assert named(f"2026년 나래 사업 공고\n{text}\n", "announcement")[name] == role
