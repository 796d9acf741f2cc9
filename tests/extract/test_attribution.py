"""Which programme a figure is of: not one that is named in passing, but the one that its words, table or part say."""

from dataclasses import replace

import pytest

from gonggo.extract.doc import Doc
from gonggo.extract.record import extract
from gonggo.extract.record_types import Programme
from gonggo.extract.relations import outline, united

DAY = {"posted_on": "2026-03-05"}
CALL = "2026년 창원 AI 전환 사업 공고"


def read(text):
    record = extract(text, id="x", fields=DAY)
    assert record.is_relevant
    return record


def call(*lines):
    text = "\n".join([CALL, "창원시는 인공지능을 도입할 참여기업을 모집합니다.", *lines])
    return extract(text, id="x", fields=DAY | {"title": CALL})


def owner(record, krw):
    return next(entry.programme for entry in record.amounts if entry.krw == krw * 100_000_000)


def names(record):
    return [programme.name for programme in record.programmes]


TOPIC = "창원시는 ‘가람 AI 자율제조 실증’ 사업을 추진한다. "


def test_a_programme_that_is_only_an_item_of_a_list_does_not_become_what_the_text_is_about():
    record = read(
        TOPIC + "지난해에는 ‘나래 AI 관제 플랫폼 구축’, ‘다솜 AI 검사 센터 구축’ 등의 사업을 마쳤다. "
        "이런 실증을 바탕으로 기업 44개사를 지원한다. 총사업비는 220억 원이다."
    )
    assert len(record.programmes) > 1
    assert owner(record, 220) == "가람 AI 자율제조 실증"
    assert [count.programme for count in record.quantities] == ["가람 AI 자율제조 실증"]


def test_a_sentence_that_points_back_is_not_of_what_it_names_on_the_way():
    record = read(
        TOPIC + "인공지능을 공장에 들인다. 시는 ‘나래 AI 품질관리 플랫폼’을 개발하기 위해 220억 원을 투입해 "
        "14개 기관과 함께 이 사업을 추진한다."
    )
    assert "나래 AI 품질관리 플랫폼" in names(record)
    assert owner(record, 220) == "가람 AI 자율제조 실증"


def test_the_programme_that_a_sentence_is_about_stays_its_own_where_it_points_back():
    record = read(
        TOPIC + "인공지능을 공장에 들인다. ‘나래 AI 품질관리 플랫폼’은 이 사업과 달리 220억 원을 들여 따로 짓는다."
    )
    assert owner(record, 220) == "나래 AI 품질관리 플랫폼"


def test_money_of_several_programmes_is_of_none_of_them():
    record = read(
        "창원시는 인공지능 사업을 추진했다. ‘나래 AI 관광 실증 사업’은 작년에 문을 닫았다. ‘다솜 AI 농업 실증 사업’은 사실상 멈췄다. "
        "인공지능에 쓴 돈이다. 두 사업에 지금까지 들어간 돈은 317억 원이다."
    )
    assert len(record.programmes) == 2
    assert owner(record, 317) is None


def test_what_is_added_to_a_strategy_is_of_it_and_not_of_the_part_named_last():
    record = read(
        "경기도는 ‘가람 AI 기술개발 센터’를 인공지능 거점으로 짓는다.\n\n"
        "이번 유치는 도가 추진하는 ‘나래 AI 산업 육성’ 전략의 핵심 축이다. 도는 ‘다솜 AI 랩’ 개소도 앞두고 있다. "
        "더불어 연구 활동 지원 등을 통해 매년 2,100명을 양성한다."
    )
    assert [count.programme for count in record.quantities if count.value == 2100] == ["나래 AI 산업 육성"]


def test_a_programme_that_the_headline_alone_names_owns_nothing_of_the_text_below():
    record = read(
        "전남도, AI 농업 실증단지에 480억 원 투입\n\n전남도는 ‘가람 AI 축산 밸리 조성사업’ 공모에 선정됐다.\n\n"
        "이번 사업은 총사업비 480억 원을 들여 인공지능 축사를 짓는다.\n\n도는 이를 통해 청년 120명을 양성할 방침이다."
    )
    assert "AI 농업 실증단지" in names(record)
    assert owner(record, 480) == "가람 AI 축산 밸리 조성사업"
    assert [count.programme for count in record.quantities if count.value == 120] == ["가람 AI 축산 밸리 조성사업"]


def test_what_is_said_of_all_listed_parts_is_of_their_umbrella():
    record = read(
        "부산시는 ‘가람 AI 인재양성 종합계획’을 수립했다.\n\n종합계획은 △나래 AI 대학원 운영(210억 원) △다솜 AI 전환교육(180억 원) "
        "△라온 AI 부트캠프(220억 원) 등 3개 사업으로 구성되며 2030년까지 총 610억 원을 투입한다."
    )
    assert owner(record, 610) == "가람 AI 인재양성 종합계획"
    assert owner(record, 180) == "다솜 AI 전환교육"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("벼 분야는 위성 영상이 늦었지만 올해 50억 원을 쓴다.", "벼 AI 생육관리 사업"),
        ("김 양식의 경우 50억 원을 쓴다.", "김 양식 AI 예찰 사업"),
        ("올해 50억 원을 쓴다.", "전복 AI 급이 사업"),
    ],
)
def test_the_beginning_of_a_name_stands_for_its_programme(words, expected):
    record = read(
        "전남도는 인공지능 사업 세 가지를 한다. ‘벼 AI 생육관리 사업’이 첫째다. ‘김 양식 AI 예찰 사업’이 둘째다. "
        f"‘전복 AI 급이 사업’이 셋째다. {words}"
    )
    assert len(record.programmes) == 3
    assert owner(record, 50) == expected


TRACKS = (
    "□ 지원내용",
    " ㅇ (기초 실증 트랙) 과제당 최대 2억원",
    " ㅇ (심화 실증 트랙) 과제당 최대 4억원",
    "※ 기초 실증 트랙과 심화 실증 트랙",
)


def test_a_column_of_a_call_is_of_the_track_whose_name_begins_like_its_head():
    record = call(
        *TRACKS,
        "| 구분 | 기초 실증 | 심화 실증 |",
        "|---|---|---|",
        "| 과제당 최대 지원금 | 6억원 | 9억원 |",
    )
    assert [owner(record, krw) for krw in (6, 9)] == ["기초 실증 트랙", "심화 실증 트랙"]


def test_the_row_of_totals_is_of_the_call_and_not_of_the_track_above_it():
    record = call(
        *TRACKS,
        "| 구분 | 총사업비 |",
        "|---|---|",
        "| 기초 실증 트랙 | 6억원 |",
        "| 심화 실증 트랙 | 9억원 |",
        "| 합계 | 15억원 |",
    )
    assert owner(record, 15) == "창원 AI 전환 사업"


def test_what_stands_below_a_table_is_of_the_call_and_not_of_a_track_in_its_rows_or_heads():
    record = call(
        "□ 지원규모",
        "",
        "|구분|기초 실증 트랙|심화 실증 트랙|",
        "|---|---|---|",
        "|선정 규모|5개 과제|3개 과제|",
        "|과제당 최대 지원금|6억원|9억원|",
        "",
        "□ 지원예산 : 총 57억원",
    )
    assert [owner(record, krw) for krw in (6, 9, 57)] == ["기초 실증 트랙", "심화 실증 트랙", "창원 AI 전환 사업"]


def test_what_stands_under_the_next_heading_is_not_of_the_track_above_it():
    record = call(*TRACKS[:-1], "□ 지원예산 : 총 38억원", TRACKS[-1])
    assert owner(record, 4) == "심화 실증 트랙"
    assert owner(record, 38) == "창원 AI 전환 사업"


@pytest.mark.parametrize(
    ("lines", "is_left"),
    [
        (("- - (기초 트랙)", "", "#### ㅇ (예산) 3억원"), True),
        (("ㅇ (기초 트랙)", "- 3억원"), False),
        (("ㅇ (기초 트랙)", "ㅇ 3억원"), False),
        (("- (기초 트랙)", "□ 예산", "- 3억원"), True),
        (("* 기초 트랙", "- ◦ 3억원"), True),
        (("기초 트랙", "□ 3억원"), False),
        (("1. 과제", "3 | 기초 트랙", "2. 예산 : 3억원"), True),
        (("## Ⅲ 지원", "기초 트랙", "## Ⅳ 예산", "3억원"), True),
        (("가. 유형", "기초 트랙", "다. 3억원"), False),
        (("1. 기초 트랙", "1) 대상", "가. 3억원"), False),
    ],
)
def test_a_part_of_a_notice_ends_at_the_next_line_with_a_mark_of_an_outer_level(lines, is_left):
    text = "\n".join(("공고", *lines))
    assert outline.is_left(text, text.index("기초"), text.index("3억원")) is is_left


def test_a_programme_that_a_sentence_only_passes_by_takes_no_figures():
    record = read(
        TOPIC + "시는 ‘나래 AI 데이터센터’를 기반으로 중소기업 30개사를 지원할 예정이다. 이 사업에 40억 원을 투입한다."
    )
    assert "나래 AI 데이터센터" in names(record)
    assert owner(record, 40) == "가람 AI 자율제조 실증"
    assert [count.programme for count in record.quantities] == ["가람 AI 자율제조 실증"]


def test_after_a_facility_this_programme_is_the_one_before_it():
    record = read(TOPIC + "시는 ‘나래 AI 데이터센터’도 구축한다. 이번 사업으로 기업 30개사를 지원한다.")
    assert "나래 AI 데이터센터" in names(record)
    assert [count.programme for count in record.quantities] == ["가람 AI 자율제조 실증"]


def test_the_money_of_a_programme_without_a_name_is_of_no_other():
    record = read(TOPIC + "총사업비는 220억 원이다. 앞서 시는 430억 원 규모의 1단계 사업을 통해 기반시설을 구축했다.")
    assert owner(record, 220) == "가람 AI 자율제조 실증"
    assert owner(record, 430) is None


def test_what_stands_far_above_the_only_name_of_a_text_is_not_of_it():
    record = read(
        "창원시는 지난해 인공지능 기업 37개사를 지원했다. "
        + "시는 인공지능 산업을 키우는 데 힘을 쏟고 있다. " * 8
        + "시는 ‘나래 AI 자율제조 실증’ 사업을 추진한다."
    )
    assert names(record) == ["나래 AI 자율제조 실증"]
    assert [count.programme for count in record.quantities] == [None]


def test_what_is_said_after_the_items_of_a_sentence_is_not_of_the_last_item():
    record = read(
        TOPIC + "시는 △공정 데이터를 모으는 ‘나래 AI 데이터센터’ △시험 장비를 제공한다. 기업 30개사를 지원할 계획이다."
    )
    assert "나래 AI 데이터센터" in names(record)
    assert [count.programme for count in record.quantities] == ["가람 AI 자율제조 실증"]


def test_a_programme_that_prose_names_shorter_is_the_same_programme():
    record = read(
        "광주시, 인공지능 집적단지에 220억 투입\n광주시는 ‘나래 인공지능 이용권(바우처) 지원사업’을 추진한다고 밝혔다. "
        "나래 인공지능 이용권 사업은 공장에 인공지능을 들이는 사업이다. 올해 220억 원을 들인다."
    )
    programme = next(one for one in record.programmes if "이용권" in one.name)
    assert programme.name == "나래 인공지능 이용권(바우처) 지원사업"
    assert sum("이용권" in one.name for one in record.programmes) == 1
    assert owner(record, 220) == programme.name


def test_another_phase_is_another_programme():
    one, other = (Programme(name=f"나래 AI 집적단지 {number}단계", type=None, status=None) for number in (1, 2))
    again = replace(one, name="나래 AI 집적단지 1단계 사업")
    doc = Doc("x", "")
    assert united.united([one, other, again], doc) == [replace(one, aliases=(again.name,)), other]


def test_what_is_named_to_say_what_the_programme_does_takes_no_figures():
    record = read(
        TOPIC
        + "이 사업은 솔루션을 지원해 ‘나래 AI 스마트공장 구축’을 추진하는 사업이다. 기업 30개사에 40억 원을 지원한다."
    )
    assert "나래 AI 스마트공장 구축" in names(record)
    assert owner(record, 40) == "가람 AI 자율제조 실증"


def test_after_a_look_back_the_text_goes_on_about_what_it_spoke_of():
    record = read(
        TOPIC + "앞서 시는 ‘나래 AI 검사 사업’을 통해 기반시설을 갖췄다. 시는 기업 30개사에 40억 원을 지원한다."
    )
    assert "나래 AI 검사 사업" in names(record)
    assert owner(record, 40) == "가람 AI 자율제조 실증"


def test_what_a_text_says_before_it_comes_to_its_programme_is_nobodys():
    text = (
        "지방 정부의 인공지능 예산 경쟁\n지방 정부가 인공지능 예산을 늘리고 있다.\n우려도 나온다.\n논란도 있다.\n"
        "울산은 인공지능에 351억 원을 투입한다.\n‘나래 AI 자율제조 실증’ 사업에는 82억 원을 투입한다."
    )
    record = read(text)
    assert [owner(record, 351), owner(record, 82)] == [None, "나래 AI 자율제조 실증"]


@pytest.mark.parametrize("label", ["[사업 {}] ", "(유형 {}) ", "트랙 {} : "])
def test_a_label_before_the_name_of_a_track_leaves_it_the_head_of_what_stands_below(label):
    record = call(
        label.format(1) + "로봇 실증 트랙",
        "▷ 대상 : 제조 중소기업",
        "▷ 지원금 : 기업당 최대 3억원",
        label.format(2) + "검사 실증 트랙",
        "▷ 지원금 : 기업당 최대 7억원",
    )
    assert {"로봇 실증 트랙", "검사 실증 트랙"} <= set(names(record))
    assert (owner(record, 3), owner(record, 7)) == ("로봇 실증 트랙", "검사 실증 트랙")


def test_a_line_beside_the_items_that_tracks_head_is_of_the_whole_call():
    record = call(
        "○ 로봇 실증 트랙 : 12개사",
        "○ 검사 실증 트랙 : 8개사",
        "○ 총 지원예산 : 26억원",
    )
    assert {"로봇 실증 트랙", "검사 실증 트랙"} <= set(names(record))
    assert owner(record, 26) not in ("로봇 실증 트랙", "검사 실증 트랙")


def test_a_number_in_a_circle_stands_for_the_track_that_is_named_after_it():
    record = call(
        "① 로봇 실증 트랙 : 12개사",
        "② 검사 실증 트랙 : 8개사",
        "□ 지원조건",
        "○ ①의 과제당 지원금은 최대 4억원",
        "○ ② 트랙은 과제당 최대 6억원",
    )
    assert {"로봇 실증 트랙", "검사 실증 트랙"} <= set(names(record))
    assert (owner(record, 4), owner(record, 6)) == ("로봇 실증 트랙", "검사 실증 트랙")


@pytest.mark.parametrize(
    "sentence",
    [
        "창원시는 내년도 인공지능 예산을 올해보다 많은 340억 원으로 짰다. ",
        "창원시의 내년 인공지능 관련 국비는 340억 원이다. ",
        "창원시는 2030년까지 AI에 340억 원을 쓴다. ",
    ],
)
def test_all_the_money_for_a_field_is_of_no_programme(sentence):
    record = read(sentence + "인공지능 사업 가운데 ‘가람 AI 자율제조 실증’에는 20억 원을 들인다.")
    assert names(record) == ["가람 AI 자율제조 실증"]
    assert (owner(record, 340), owner(record, 20)) == (None, "가람 AI 자율제조 실증")


def test_a_column_goes_on_about_a_programme_to_the_end_of_the_paragraph():
    record = read(
        "[기고] 창원의 인공지능\n\n" + TOPIC + "공장마다 카메라를 단다. 불량을 미리 안다. 올해는 30억 원을 쓴다.\n\n"
        "학생은 줄고 있다. 기업은 사람을 찾는다. 90억 원이면 대학 하나를 살린다."
    )
    assert record.kind.value == "opinion"
    assert owner(record, 30) == "가람 AI 자율제조 실증"
    assert owner(record, 90) is None


def test_what_is_taken_out_of_a_programme_is_not_what_its_money_is_of():
    record = read(
        TOPIC + "인공지능을 공장에 들인다. 시는 ‘나래 AI 관제 센터’를 통째로 빼고 사업비를 210억 원으로 줄였다."
    )
    assert "나래 AI 관제 센터" in names(record)
    assert owner(record, 210) == "가람 AI 자율제조 실증"


@pytest.mark.parametrize("words", ["6억 원으로 벌인", "6억 원을 들여 만든", "6억 원을 써 시민과 꾸린"])
def test_a_sum_is_of_what_was_done_with_it(words):
    record = read(TOPIC + f"인공지능을 공장에 들인다. 이 사업은 시가 {words} ‘나래 AI 관제 플랫폼 구축’의 후속이다.")
    assert "나래 AI 관제 플랫폼 구축" in names(record)
    assert owner(record, 6) == "나래 AI 관제 플랫폼 구축"


def test_the_sum_of_a_headline_is_of_the_programme_that_the_text_below_is_about():
    record = read(
        "38억 들인 창원 공장 인공지능, 첫 성적표 나왔다\n\n입력 2026.03.05 16:22 | 수정 2026.03.05 17:01\n\n"
        "창원시 산업단지의 공장들은 지난해부터 로봇과 카메라를 들였다. 일손이 모자라기 때문이다. 사람 대신 기계가 흠집을 찾는다. "
        "현장의 반응은 엇갈린다. 젊은 직원은 반기고 나이 든 직원은 낯설어한다. 노동조합은 일자리를 걱정한다. " + TOPIC
    )
    assert owner(record, 38) == "가람 AI 자율제조 실증"


RELEASE = (
    "창원시 보도자료 (2026.03.05.)\n제목: 창원시, ‘가람 AI 길동무’로 빈 공장 채운다\n부제: 3년간 96억 원… 첫해 성적 으뜸\n\n"
    "창원시는 중앙정부의 「나래 AI 인력 사업」 첫해 평가에서 으뜸에 올랐다고 5일 밝혔다.\n\n"
    "이 사업은 2025년부터 3년 동안 국비 60억 원, 시비 36억 원 등 총 96억 원으로 공장 사람들에게 인공지능을 가르친다.\n\n"
    "○ 첫해 실적\n  · 사업비 집행 27억 원\n○ 올해 계획\n  · ‘가람 AI 길동무’ 40명을 기업에 보낸다\n\n시는 평가에 따라 국비 3억 원을 더 받았다.\n"
)


def test_what_a_headline_quotes_takes_no_money_of_the_programme_that_the_text_goes_on_about():
    record = read(RELEASE)
    assert {"가람 AI 길동무", "나래 AI 인력 사업"} <= set(names(record))
    assert [owner(record, krw) for krw in (96, 60, 36, 27)] == ["나래 AI 인력 사업"] * 4


def test_what_a_text_reports_soon_after_speaking_of_this_programme_is_of_that_programme():
    record = read(
        "창원시는 5일 다솜대와 가람 AI 자율제조 확산 추진을 위한 업무협약을 맺었다.\n행사에는 시장과 의원이 왔다.\n"
        "시는 ‘나래 AI 공정 개발 및 실증’ 사업도 벌인다. 나래는 공정을 스스로 배운다.\n"
        "시는 공장에 인공지능을 들이려고 열네 기관과 이 사업을 추진해 왔다.\n"
        "지난해 데이터 표준을 만들었다. 또한 보안기술 개발 3건 등의 성과를 냈다.\n"
    )
    assert {count.programme for count in record.quantities if count.value == 3} == {"나래 AI 공정 개발 및 실증"}


def test_a_heading_with_two_numbers_heads_the_part_of_its_track():
    record = call(
        "□ 총사업비 : 31억원",
        "|번호|과제명|총사업비|",
        "|1|가람 AI 로봇 실증센터 구축|18억원|",
        "|2|나루 AI 선박 플랫폼 구축|13억원|",
        "2. 재원 구성",
        "2-1. 과제 1 : 가람 AI 로봇 실증센터 구축",
        "(단위: 억원)",
        "|구분|’26년|’27년|합계|",
        "|국비|5|7|12|",
        "2-2. 과제 2 : 나루 AI 선박 플랫폼 구축",
        "(단위: 억원)",
        "|구분|’26년|’27년|합계|",
        "|국비|4|6|10|",
    )
    assert owner(record, 12) == "가람 AI 로봇 실증센터 구축"
    assert owner(record, 10) == "나루 AI 선박 플랫폼 구축"


def test_the_city_that_the_text_is_about_is_in_all_programmes_and_the_ministry_in_its_own():
    record = read(
        "나주시는 산업통상부의 ‘AI 배전망 실증사업’ 공모에 선정됐다고 3일 밝혔다. 산업통상부와 과학기술정보통신부는 결과를 함께 냈다.\n"
        "시는 이와 함께 ‘AI 배전 체험관’을 짓는다. 시는 ‘AI 설비 아카데미’도 연다.\n"
    )
    programmes = {body.name: body.programmes for body in record.organisations}
    assert len(programmes["나주시"]) == 3
    assert programmes["산업통상부"] == ("AI 배전망 실증사업",)


def test_what_is_part_of_the_money_of_a_programme_named_behind_it_is_of_that_programme():
    record = read(
        "창원시는 ‘2026년 지역 주도형 AI 전환 사업’ 공모에 선정돼 국비 14억원을 포함한 총사업비 23억원 규모의 ‘창원 AI 제조 혁신 프로젝트’를 "
        "추진한다. 인공지능을 공장에 들인다."
    )
    assert owner(record, 14) == owner(record, 23) == "창원 AI 제조 혁신 프로젝트"


def test_money_for_several_parts_is_of_the_programme_of_the_sentence_before():
    record = read(
        TOPIC
        + "인공지능을 공장에 들인다. 내년부터 국비 26억원, 도비 9억원을 들여 산단에 ‘나래 AI 데이터 센터’와 ‘다솜 AI 인증 지원센터’를 세운다."
    )
    assert owner(record, 26) is None
    record = read(
        TOPIC
        + "내년부터 국비 26억원, 도비 9억원을 들여 산단에 ‘나래 AI 데이터 센터’와 ‘다솜 AI 인증 지원센터’를 세운다."
    )
    assert owner(record, 26) == owner(record, 9) == "가람 AI 자율제조 실증"
