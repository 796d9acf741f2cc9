"""Names of programmes, what kind they are, how far they are, and what belongs to which."""

import pytest

from gonggo.extract import names, noun_phrases, programmes
from gonggo.extract.doc import Doc
from gonggo.extract.models import shipped
from gonggo.extract.record import extract
from gonggo.extract.record_types import Amount, ExtractionRecord, Fact, Programme, TextEvidence
from gonggo.extract.relations import attribution
from gonggo.extract.relations.context import Context


def programmes_of(text, kind="article", title=None):
    fact = Fact(title, TextEvidence(0, len(title), title)) if title else None
    return programmes.find(Doc("x", text), kind, fact, models=shipped())


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("2026년 가람 AI 바우처 지원사업 수요기업 추가 모집 공고", "가람 AI 바우처 지원사업"),
        ("[대구] 2026년 AI 솔루션 실증 참여기업 모집 공고(2차)", "AI 솔루션 실증"),
        ("2026년도 과학기술정보통신부 『AI 모델 설계지원』사업 공고", "AI 모델 설계지원"),
        ("제3회 가람 AI 창업경진대회 참가자 모집공고", "가람 AI 창업경진대회"),
        ("2026년 AI 데이터 산업 활성화 지원 사업 통합 공고", "AI 데이터 산업 활성화 지원 사업"),
        ("2026년 가람 AI 안전관제 보급사업 참여사업장 모집 공고", "가람 AI 안전관제 보급사업"),
        ("2026년 가람 AI 영농지구 조성사업 시행지구 공모 공고", "가람 AI 영농지구 조성사업"),
        ("2026년 가람형 AI 바우처 지원사업 참여기업 모집 공고 | 우리도 알림마당", "가람형 AI 바우처 지원사업"),
        ("2026년 가람 AI 어장 지원사업 참여자 모집 공고", "가람 AI 어장 지원사업"),
        ("가람 AI 의료기기 실증사업 3차년도(2026년) 참여기업 모집 공고", "가람 AI 의료기기 실증사업"),
        ("하늘군·바다군 2026년 2차 AI 현장 실증 지원 사업 수혜기업 모집 공고", "AI 현장 실증 지원 사업"),
        ("가람원 AI 반도체사업의 참여기업 모집 공고", "가람원 AI 반도체사업"),
        ("2026년 인공지능 시민강의 수강생 모집 공고", "인공지능 시민강의"),
        ("2026년 가람 AI 점검 지원사업 참여기업 모집 공고 (나루 AI 프로젝트)", "가람 AI 점검 지원사업"),
    ],
)
def test_the_programme_of_a_call_is_in_its_title(title, name):
    result = programmes_of(f"{title}\n다음과 같이 모집합니다.", "announcement", title)
    assert result[0].name == name
    assert result[0].status == "open"


def test_the_course_in_marks_in_a_title_is_what_the_call_is_for_and_the_words_before_it_are_another_name():
    title = "가람시 AI 반도체 실무인재 양성과정 「G-AI 캠퍼스」 교육생 및 채용기업 모집"
    result = programmes_of(f"{title}\n다음과 같이 모집합니다.", "announcement", title)
    assert [(one.name, one.aliases) for one in result] == [("G-AI 캠퍼스", ("가람시 AI 반도체 실무인재 양성과정",))]


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("2026년 AI 현장 실증 참여기업 모집 공고 (가람 제조데이터 활성화 사업)", ""),
        ("- 2026년 가람 제조데이터 활성화 사업 - 「AI 현장 실증」 참여기업 모집 공고", ""),
        ("「2026년 가람 제조데이터 활성화 사업」 AI 현장 실증 사업 모집 공고", ""),
        (
            "2026년 AI 현장 실증 참여기업 모집 공고",
            '우리부의 "가람 제조데이터 활성화 지원" 과제의 일환으로 모집합니다.',
        ),
    ],
)
def test_a_call_is_part_of_an_umbrella_that_its_title_or_lead_names(title, lead):
    result = programmes_of(f"{title}\n{lead}\n다음과 같이 모집합니다.", "announcement", title)
    assert [one.name.split(" ", 2)[:2] for one in result] == [["AI", "현장"], ["가람", "제조데이터"]]
    assert [one.status for one in result] == ["open", "ongoing"]
    whole = extract(f"{title}\n{lead}\n우리부는 다음과 같이 모집합니다.", id="x", fields={"title": title}).programmes
    assert [one.parent for one in whole] == [whole[1].name, None]


@pytest.mark.parametrize("aside", ["가람테크노파크 주관 사업", "자부담이 없는 사업"])
def test_what_a_title_says_of_its_call_in_brackets_is_no_umbrella(aside):
    title = f"2026년 가람 AI 점검 지원사업 참여기업 모집 공고({aside})"
    result = programmes_of(f"{title}\n다음과 같이 모집합니다.", "announcement", title)
    assert [one.name for one in result] == ["가람 AI 점검 지원사업"]


def test_a_task_is_a_part_of_the_track_that_heads_its_row():
    title = "2026년 하늘부 AI 기술개발사업 신규과제 공고"
    table = (
        "|내역사업|품목번호|품목명|과제수|\n|(내역1) 가람 AI 협업|A-1|가람 AI 현장 판단 기술 개발|1|\n"
        "|(내역2) 나루 AI 경량화|B-1|나루 AI 소형 모델 기술 개발|2|\n"
    )
    text = f"{title}\n하늘부는 다음과 같이 공고합니다.\n□ 품목\n\n{table}"
    parents = {one.name: one.parent for one in extract(text, id="x", fields={"title": title}).programmes}
    assert parents["가람 AI 현장 판단 기술 개발"] == "가람 AI 협업"
    assert parents["나루 AI 경량화"] == "하늘부 AI 기술개발사업"


def test_what_a_name_is_called_from_here_on_is_another_name_of_it():
    title = "2026 하늘도 AI 로봇 개방혁신 참여 스타트업 모집 공고"
    text = f"{title}\n하늘도는 2026 하늘도 AI 로봇 개방혁신(이하 ‘로봇 개방혁신 사업’)을 엽니다."
    result = programmes_of(text, "announcement", title)
    assert [(one.name, one.aliases) for one in result] == [("하늘도 AI 로봇 개방혁신", ("로봇 개방혁신 사업",))]


def test_the_first_of_several_parts_that_a_title_joins_is_a_track():
    title = "2026년 가람 AI 바우처 및 관광·농업 AI 서비스 개발 지원 공고"
    text = (
        f"{title}\n□ 지원내용\n[사업 A] 가람 AI 바우처\n▷ 대상 : 기업\n▷ 규모 : 24개사\n"
        "[사업 B] AI 관광 서비스 개발\n▷ 대상 : 대학\n▷ 규모 : 3개 과제\n"
    )
    assert [one.name for one in programmes_of(text, "announcement", title)][1:] == [
        "가람 AI 바우처",
        "AI 관광 서비스 개발",
    ]


@pytest.mark.parametrize("what", ["선정결과 공고", "선정 결과 안내", "선정평가 결과 공고", "최종 선정 결과 공고"])
def test_a_notice_of_who_was_chosen_takes_no_applications(what):
    title = f"2026년 가람 AI 바우처 지원사업 {what}"

    result = programmes_of(f"{title}\n다음과 같이 알립니다.", "announcement", title)
    assert [(one.name, one.status) for one in result] == [("가람 AI 바우처 지원사업", "selected")]


def test_tracks_of_a_call_are_programmes_of_their_own():
    title = "2026년 가람 AI 전환 사업 공고"
    text = (
        f"{title}\n□ 지원내용\n ㅇ (기초 실증 트랙) 과제당 최대 1억원\n ㅇ (심화 실증 트랙) 과제당 최대 3억원\n"
        "※ 기초 실증 트랙과 심화 실증 트랙에 함께 신청할 수 없음"
    )
    assert [entry.name for entry in programmes_of(text, "announcement", title)] == [
        "가람 AI 전환 사업",
        "기초 실증 트랙",
        "심화 실증 트랙",
    ]


@pytest.mark.parametrize(
    ("text", "name", "kind", "status"),
    [
        ("시는 ‘가람 AI 인재양성 사업’을 추진할 계획이다.", "가람 AI 인재양성 사업", "training", "planned"),
        ("시는 ‘가람 AI 실증 사업’을 운영 중이다.", "가람 AI 실증 사업", "demonstration", "ongoing"),
        ("시가 ‘가람 AI 로봇 개발사업’에 선정됐다고 밝혔다.", "가람 AI 로봇 개발사업", "rnd", "selected"),
        ("두 기관은 ‘가람 AI 업무협약’을 체결했다.", "가람 AI 업무협약", "agreement", "ongoing"),
        ("시는 18일 ‘가람 AI 포럼’을 개최했다.", "가람 AI 포럼", "event", "ended"),
        ("시는 18일 ‘제1차 가람 AI 전략 세미나’를 열었다.", "제1차 가람 AI 전략 세미나", "event", "ended"),
        ("정부는 산업 AI 실증단지를 조성할 예정이다.", "산업 AI 실증단지", "infrastructure", "planned"),
        (
            "도는 인공지능 자율제조 선도 프로젝트에서 과제를 따냈다.",
            "인공지능 자율제조 선도 프로젝트",
            "demonstration",
            "planned",
        ),
    ],
)
def test_names_types_and_statuses_in_prose(text, name, kind, status):
    result = programmes_of(text)[0]
    assert (result.name, result.type, result.status) == (name, kind, status)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("정부 심사가 늦어지며 예산이 불투명해져 AI 2단계 사업을 시 예산으로 추진한다.", "AI 2단계 사업"),
        ("시는 로봇 외에도 AI 인프라 구축 사업을 내년에 시작한다.", "AI 인프라 구축 사업"),
        ("시는 공장 9곳 가운데 수준별 스마트공장 사업에 30억원을 투입한다.", "수준별 스마트공장 사업"),
        ("앞으로 5년 동안 AI 실증단지 사업에 200억원이 들어간다.", "AI 실증단지 사업"),
        ("국비 40억원을 들여 AI 품질검사 보급 사업을 벌인다.", "AI 품질검사 보급 사업"),
    ],
)
def test_words_of_the_clause_before_begin_no_name(text, name):
    assert [entry.name for entry in programmes_of(f"가람시, AI 키운다\n\n{text}\n")] == [name]


def test_a_column_proposes():
    assert programmes_of("시는 ‘가람 AI 공유센터’를 세워야 한다.", "opinion")[0].status == "proposed"


def test_law_and_rules_are_no_programmes():
    text = "「인공지능기본법」과 「AI 사업 운영규정」에 따라 「개인정보 동의서」를 낸다."
    assert programmes_of(text) == []


def test_names_that_differ_by_empty_words_are_one():
    result = names.of_prose(Doc("x", "‘가람 AI 실증 사업’을 벌인다. ‘2026년 가람 AI 실증 지원사업’은 다섯 해를 간다."))
    assert len(result) == 1
    assert result[0].aliases == ["2026년 가람 AI 실증 지원사업"]


def test_figures_belong_to_the_programme_that_the_text_gives_them_to():
    text = (
        "구미시, 인공지능 종합계획의 두 사업을 시작\n"
        "구미시는 ‘구미 인공지능 종합계획’에 따라 올해 두 사업을 시작한다고 밝혔다.\n"
        "시는 ‘가람 AI 실증센터’를 2026년부터 짓는다. 여기에 230억 원을 투입한다.\n"
        "‘한결 AI 인재양성’ 사업에는 90억 원을 들여 600명을 가르친다.\n"
        "구미 인공지능 종합계획은 도입률을 30%로 높일 계획이다."
    )
    record = extract(text, id="x")
    owners = {entry.krw: entry.programme for entry in record.amounts}
    owners |= {entry.value: entry.programme for entry in record.quantities}
    assert owners == {
        23_000_000_000: "가람 AI 실증센터",
        9_000_000_000: "한결 AI 인재양성",
        600: "한결 AI 인재양성",
    }
    # What the city promises is promised by neither of the two.
    assert record.metrics[0].programme not in owners.values()


def test_a_text_with_one_programme_gives_it_everything():
    record = ExtractionRecord(
        programmes=[Programme(name="가")], amounts=[Amount(krw=1, evidence=TextEvidence(0, 2, "1원"))]
    )
    attribution.attribute_to_programmes(record, Context(record, Doc("x", "1원"), "article"))
    assert record.amounts[0].programme == "가"


TWO = "구미시, 인공지능에 나선다\n구미시는 ‘가람 AI 실증센터’와 ‘한결 AI 인재양성’을 함께 시작한다고 밝혔다.\n"


def owners(text, **fields):
    record = extract(text, id="x", fields=fields)
    assert len(record.programmes) > 1
    result = {entry.krw: entry.programme for entry in record.amounts}
    result |= {entry.value: entry.programme for entry in (*record.quantities, *record.metrics)}
    return result | {entry.name: next(iter(entry.programmes), None) for entry in record.organisations}


@pytest.mark.parametrize(
    ("text", "figure", "owner"),
    [
        # Named last before it in its sentence.
        (
            "‘가람 AI 실증센터’에 230억 원을, ‘한결 AI 인재양성’에 90억 원을 투입한다.",
            23_000_000_000,
            "가람 AI 실증센터",
        ),
        (
            "‘가람 AI 실증센터’에 230억 원을, ‘한결 AI 인재양성’에 90억 원을 투입한다.",
            9_000_000_000,
            "한결 AI 인재양성",
        ),
        # The only one that its sentence names, behind it.
        ("올해 국비 70억 원을 들여 ‘가람 AI 실증센터’를 짓는다.", 7_000_000_000, "가람 AI 실증센터"),
        # Two behind it, and nothing before: nobody's.
        ("올해 국비 70억 원을 ‘가람 AI 실증센터’와 ‘한결 AI 인재양성’에 나눠 쓴다.", 7_000_000_000, None),
        # Named last in its paragraph.
        ("‘가람 AI 실증센터’를 산단에 짓는다. 국비 70억 원이 들어간다.", 7_000_000_000, "가람 AI 실증센터"),
        # A word that points back reaches over a paragraph, other words do not.
        (
            "‘가람 AI 실증센터’를 산단에 짓는다.\n\n이 사업에는 국비 70억 원이 들어간다.",
            7_000_000_000,
            "가람 AI 실증센터",
        ),
        ("‘한결 AI 인재양성’에 사람이 몰린다.\n\n시는 예산 70억 원을 마련했다.", 7_000_000_000, None),
    ],
)
def test_a_figure_of_prose_belongs_to_what_is_named_beside_it(text, figure, owner):
    assert owners(TWO + text)[figure] == owner


def test_a_longer_name_is_not_taken_for_the_shorter_one_in_it():
    text = (
        "구미시, 인공지능 사업 두 가지를 시작\n구미시는 ‘가람 AI 실증’을 시작하고 ‘가람 AI 실증 플러스 사업’도 시작한다고 밝혔다.\n"
        "가람 AI 실증 플러스 사업에는 국비 70억 원이 들어간다."
    )
    assert owners(text)[7_000_000_000] == "가람 AI 실증 플러스 사업"


def test_in_a_call_what_stands_under_a_track_is_the_tracks_and_all_else_the_calls():
    title = "2026년 가람 AI 전환 사업 공고"
    text = (
        f"{title}\n가람테크노파크는 참여기업을 모집합니다.\n□ 총사업비 : 40억원\n□ 지원내용\n"
        " ㅇ (기초 실증 트랙) 과제당 최대 1억원, 12개사\n ㅇ (심화 실증 트랙) 과제당 최대 3억원\n"
        "   - 모집규모 : 5개사\n※ 기초 실증 트랙과 심화 실증 트랙에 함께 신청할 수 없음"
    )
    result = owners(text, title=title)
    assert {key: result[key] for key in (4_000_000_000, 100_000_000, 12, 300_000_000, 5)} == {
        4_000_000_000: "가람 AI 전환 사업",
        100_000_000: "기초 실증 트랙",
        12: "기초 실증 트랙",
        300_000_000: "심화 실증 트랙",
        5: "심화 실증 트랙",
    }
    assert result["가람테크노파크"] == "가람 AI 전환 사업"


def test_a_fact_of_a_field_is_the_calls_own():
    title = "2026년 가람 AI 전환 사업 공고"
    text = f"{title}\n□ 지원내용\n ㅇ (기초 실증 트랙) 과제당 최대 1억원\n ㅇ (심화 실증 트랙) 과제당 최대 3억원\n※ 기초 실증 트랙과 심화 실증 트랙"
    assert owners(text, title=title, agency="가람테크노파크")["가람테크노파크"] == "가람 AI 전환 사업"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("가람 AI 실증", "가람 AI 실증 사업", True),
        ("가람 AI 실증 플랫폼", "가람 AI 실증 플랫폼 2", True),
        ("가람 AI 실증", "가람 AI 실증 데이터 고도화 사업", False),
        ("가람 AI 실증", "나래 AI 교육", False),
    ],
)
def test_a_name_that_holds_most_of_another_is_the_same_programme(one, other, same):
    result = names.of_prose(Doc("x", f"시는 ‘{one}’을 벌인다. 올해는 ‘{other}’도 이어 간다."))
    assert len(result) == (1 if same else 2)


def test_lines_of_a_list_that_go_on_with_money_name_programmes():
    text = "가람도가 내년 일을 밝혔다.\n① 부두 AI 지킴이 : 1,260억원. 국비가 절반이다.\n② 버섯 AI 판정 : 52억원이다.\n③ 총사업비 : 2,000억원\n"
    assert [entry.name for entry in programmes_of(text)] == ["부두 AI 지킴이", "버섯 AI 판정"]


def test_one_line_with_money_is_no_list():
    one, two = "① 항만 안전망 : 1,260억원. 국비가 절반이다.\n", "② 부두 지킴이 : 40억원.\n"
    assert not [name for name in names.of_prose(Doc("x", f"가람도가 밝혔다.\n{one}")) if name.origin == "item"]
    listed = names.of_prose(Doc("x", f"가람도가 밝혔다.\n{one}{two}"))
    assert [name.span.text for name in listed if name.origin == "item"] == ["항만 안전망", "부두 지킴이"]


def test_what_is_asked_for_in_quotation_marks_is_a_programme():
    assert [entry.name for entry in programmes_of("우선 ‘공장 AI 길잡이’를 만들자.", "opinion")] == ["공장 AI 길잡이"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("‘가람 AI 축제 안내 사업’은 찾는 사람이 적어 반년 만에 중단됐다.", "ended"),
        ("‘가람 AI 제조 실증 사업’이 산업부 공모에 뽑혀 나라 돈을 받는다.", "selected"),
        ("가람도가 ‘가람 AI 예측 플랫폼 사업’을 3년째 만들고 있다.", "ongoing"),
    ],
)
def test_how_far_a_programme_of_prose_is(text, status):
    assert [entry.status for entry in programmes_of(text)] == [status]


def test_a_harbour_ends_with_no_particle():
    phrases = [phrase.text for phrase in noun_phrases.scan("‘AI 스마트항만 시험장’만 지정해")]
    assert "AI 스마트항만 시험장" in phrases and "AI 스마트항" not in phrases
