"""What a document is, and whether it belongs here."""

from pathlib import Path

import pytest

from gonggo.extract import kind, relevance
from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import kinds
from gonggo.extract.record_types import Fact, FieldEvidence, TextEvidence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "가람시 공고 제2026-1호\nAI 사업 모집 공고\n□ 접수기간 : 2026. 3. 2. ~ 3. 9.\n□ 지원대상 : 중소기업",
            "announcement",
        ),
        (
            "AI 제품을 보유한 도내 중소기업·스타트업\n(1) 도에 공장을 둔 기업에 한하여\n(2) 연구소를 보유한 기업",
            "announcement",
        ),
        ("가람시(시장 가나다)는 AI 사업을 시작한다고 3일 밝혔다. 이번 사업은 제조기업을 돕는다…", "press_release"),
        ("- 가람시, AI 실증 8개 과제 추가 선정- 지역기업과 함께 실증 본격 추진", "press_release"),
        ("가람시가 AI 사업을 시작했다. 기업은 반겼다. “늦었지만 다행”이라고 말했다. 가나다 기자", "article"),
        ("[칼럼] 실증 다음을 물어야 한다\n시는 구매로 이어야 한다. 정부도 나서야 한다. 제도가 필요하다.", "opinion"),
        ("<사설> 누구를 위한 공장인가\n시가 나섰다. 뜻은 좋다. “늦었다”고 시장은 말했다.", "opinion"),
        ("가람도, 어업 AI 시작\n도는 사업을 추진한다고 9일 밝혔다.\n2026-02-09 / 도 대변인실", "press_release"),
        ("조사 개요\n조사 기간 : 2026. 1.\n조사 대상 : 제조기업 1,200개\n표본오차 2.8%", "statistics"),
        ("[모집] 가람 AI 배치 3기\n송도의 바람은 셉니다.\n누가 지원하나요?\n신청할 수 있습니다.", "announcement"),
        (
            "가람 AI 품질검사 보급 2차 공고 (나루·다솜)\n공고기관  가람테크노파크\n문의  가람테크노파크 000-000-0000",
            "announcement",
        ),
        (
            "배포일시 2026. 4. 21.(화) 09:00  매수 3매\n담당부서 산업과 과장 가나다 ☏ 000-000-0000\n\n시는 로봇을 들인다고 21일 밝혔다. 시 관계자는 “늦었다”고 말했다. 기업은 반겼다.",
            "press_release",
        ),
        ("시의회 5분 자유발언문\n존경하는 40만 시민 여러분!\n활용률은 7%, 8%, 9%, 5%, 4%, 2%입니다.", "opinion"),
        (
            "농기계 AI, 이제 마을이 나눠 쓴다\n부처: 가나다부\n배포일: 02/11/2026 09:30:00\n가나다부는 마을 세 곳을 골랐다. 올해 문을 연다. “함께 쓰면 된다”고 했다.",
            "press_release",
        ),
        (
            "섬마을 보건소에 AI 판독기 들어간다\n\n섬마을 보건소에 AI 판독기 들어간다\n\n- 올해 열 곳, 내년 스무 곳으로 늘려 -\n\n가나다부(장관 라마바, 이하 가부)는 보건소를"
            " 돕는다. 판독기는 흉부 사진을 읽는다. 의사가 없는 섬에서도 한 시간 안에 결과를 안다. “늦지 않게 하겠다”고 강조했다. 주민도 반겼다.",
            "press_release",
        ),
        (
            "부품 공장 AI 도입 늘어\n정부는 부품 공장을 돕는다. 열 곳이 들였다. “좋다”고 말했다. 지난해보다 늘었다.\n * 불량 판정을 사람 대신 하는 장치\n"
            "내년에는 더 늘린다.\n * 예산은 국회를 지나야 함\n가나다원(원장 라마바, 이하 가원)이 맡는다.",
            "press_release",
        ),
        ("▷정책과장 가나다▷예산과장 라마바▷홍보과장 사아자▷총무과장 차카타", "other"),
    ],
)
def test_kinds(text, expected):
    assert kind.find(Doc("x", text)).value == expected


def test_a_sign_needs_only_words_that_its_matches_have():
    texts = [path.read_text("utf-8") for path in (Path(__file__).parents[1] / "gold" / "texts").glob("*.txt")]
    needing = [sign for signs in kinds().values() for sign in signs if sign.needs]
    for sign in needing:
        matches = [match.group() for text in texts for match in sign.pattern.finditer(text)]
        assert all(any(word in match for word in sign.needs) for match in matches)
    assert any(sign.pattern.search(text) for sign in needing for text in texts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("경상남도는 인공지능 제조 실증 사업을 시작한다. AI 예산은 90억 원이다.", True),
        ("경기도 내 AI 기반 제품을 보유한 중소기업 지원사업", True),
        ("부산시는 고병원성 AI 차단 사업에 예산을 쓴다. 가금 농가를 지원한다.", False),
        ("가람전자가 AI 냉장고를 출시했다. 판매가는 99만 원이다. 할인 행사도 한다.", False),
        ("미국 백악관은 AI 규칙을 발표했다. 현지 시각 3일 유럽연합도 따랐다. 정책은 중국을 겨눈다.", False),
        ("충북 소재 창업기업 모집. 바이오, 화장품, AI, 로봇, 이차전지 분야 지원", False),
        ("대전시는 스마트공장 사업을 지원한다. 공정을 자동화한다.", False),
        (
            "경기도 제조기업의 AI 활용을 설문조사했다. AI가 부담이라고 응답했다. 도의 지원사업을 아는 기업은 적다.",
            False,
        ),
        ("경기도가 AI 지원사업을 시작한다. AI 바우처를 지원한다. 도는 기업을 설문조사해 사업을 다듬었다.", True),
        (
            "경기도 AI 지원사업 공모를 알린다. 기업이 설문조사에서 AI 지원이 낫다고 응답했다. "
            + "AI 사업을 지원한다. " * 12,
            True,
        ),
    ],
)
def test_relevance(text, expected):
    assert relevance.find(Doc("x", text)).value is expected


@pytest.mark.parametrize(("mentions", "expected"), [(3, False), (4, False), (8, True)])
def test_ai_that_the_beginning_does_not_speak_of_must_be_spoken_of_often(mentions, expected):
    filling = "경상남도는 지역 기업을 돕는 지원사업을 벌인다. "
    text = filling * 28 + "도는 인공지능 사업도 지원한다. " * mentions + filling * 28
    assert 1400 < len(text) < 2200
    assert relevance.find(Doc("x", text)).value is expected


def test_a_kind_and_what_it_is_about_are_proved_by_words_or_a_field():
    doc = Doc("x", "경남 AI 바우처를 안내합니다.", {"agency": "경남테크노파크"})
    assert kind.find(doc) == Fact("announcement", FieldEvidence("agency", "경남테크노파크"))
    assert kind.find(Doc("x", "경남 소식")) == Fact("other")
    doc = Doc("x", "경남 AI 바우처 지원사업을 시작한다.")
    assert relevance.find(doc) == Fact(True, TextEvidence(3, 5, "AI"))


@pytest.mark.parametrize("flu", ["AI(조류인플루엔자)", "고병원성 AI", "AI 방역"])
def test_where_bird_flu_is_spoken_of_the_first_intelligence_proves_that_a_text_is_about_it(flu):
    text = f"{flu} 막는 인공지능 관제\n전북도는 인공지능으로 조류인플루엔자를 막는 사업을 시작한다. 도는 인공지능 예산을 늘린다."
    at = text.index("인공지능")
    assert relevance.find(Doc("x", text)) == Fact(True, TextEvidence(at, at + 4, "인공지능"))
    # Said no more often than bird flu is, intelligence is not what the text is about.
    assert (
        relevance.find(Doc("x", f"{flu} 확산. 조류인플루엔자 방역에 예산을 쓴다. 전북도는 인공지능도 쓴다.")).value
        is False
    )


def test_a_vacancy_is_recognised_by_its_title_or_by_its_repeated_terms():
    call = "경남 AI 지원사업을 시작한다. AI 예산을 늘린다. 도는 사업을 지원한다."
    assert relevance.find(Doc("x", call)).value is True
    assert relevance.find(Doc("x", call, {"title": "AI 사업단 직원 채용 공고"})).value is False


SHORT = "경영 개선을 돕기 위하여 참여자를 모집합니다.\n□ 지원대상 : 세종시 소상공인 30개사\n□ 접수기간 : 2026. 11. 2. ~ 12. 11."


def test_a_title_alone_says_that_a_post_of_a_board_is_about_ai():
    relevant = relevance.find(Doc("x", SHORT, {"title": "소상공인 AI 활용 이용권 지원"}))
    assert relevant.value is True
    assert relevant.evidence.quote == "소상공인 AI 활용 이용권 지원" and relevant.evidence.field == "title"
    assert relevance.find(Doc("x", SHORT, {"title": "소상공인 이용권 지원"})).value is False


@pytest.mark.parametrize("title", ["AI 확산 방지 농가 지원 공고", "AI 방역 소독약 지원"])
def test_the_text_below_a_title_tells_bird_flu(title):
    flu = "조류인플루엔자 발생에 따라 가금 농가의 소독을 지원합니다.\n□ 지원대상 : 세종시 가금 농가 30곳\n□ 방역 : 살처분, 이동 제한"
    assert relevance.find(Doc("x", flu, {"title": title})).value is False


def test_a_title_that_lists_ai_among_others_says_too_little():
    assert relevance.find(Doc("x", SHORT, {"title": "AI·빅데이터·로봇·바이오 등 신산업 지원"})).value is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "가람시, AI 기업 입주자 공개 모집\n가람시는 AI 센터에 입주할 기업을 공개 모집한다고 12일 밝혔다. 신청 자격은 창업 7년 "
            '이내 기업이다. 30개사를 뽑는다. 3년간 무상으로 쓴다. 시 관계자는 "지역 기업이 자라길 바란다"고 말했다.',
            "article",
        ),
        (
            "가람도 AI 실증, 숫자로 끝나선 안 된다\n도가 쏟은 돈은 300억원이다. 실적을 자랑하기에 앞서 현장을 돌아봐야 한다. "
            "장비를 누가 쓸지 계획부터 세워야 한다.",
            "opinion",
        ),
        (
            "“사람이 남아야”\n김하나 가람AI센터 센터장\n이유를 묻자 그는 답했다.\n-사업의 성과는.\n“412명을 길렀습니다.”",
            "opinion",
        ),
        (
            "가람도, AI 시험센터 연다\n담당부서 : 산업과   담당자 : 김하나   연락처 : 031-000-0000\n가람도는 2일 AI 시험센터를 연다고 "
            "밝혔다. 팹리스 40곳이 쓴다.",
            "press_release",
        ),
    ],
)
def test_kinds_without_a_mark_in_the_headline(text, expected):
    assert kind.find(Doc("x", text)).value == expected


@pytest.mark.parametrize(
    "text",
    [
        "대구시가 시민 1,200명에게 물은 AI 민원 서비스 만족도 조사에서 62.4%가 만족한다고 답했다.",
        "대한상공회의소의 국내기업 AI 기술 활용 실태 조사에서 제조업의 AI 활용률은 23.8%로 조사됐다. 응답한 기업은 500곳이다.",
        "부산항만공사와 한국로봇산업진흥원은 AI·로봇 기반 스마트항만 업무협약을 체결했다. AI·로봇 실증을 지원한다.",
        "과학기술정보통신부·디플정위는 올해 초거대AI 활용 지원 사업을 시작한다.",
    ],
)
def test_surveys_of_ai_in_use_and_ai_with_one_other_field_are_relevant(text):
    assert relevance.find(Doc("x", text)).value


def test_a_list_of_what_a_programme_does_is_no_list_of_officers():
    text = (
        "대구시 'AI 의료 실증' 공모 선정\n\n대구시가 인공지능 의료 실증 사업 대상으로 선정됐다고 밝혔다.\n"
        "시는 ▷데이터 수집 ▷인허가 지원 ▷실증 지원 ▷인력 양성 등 AI 기업 지원 체계를 마련한다.\n"
    )
    assert relevance.find(Doc("x", text)).value
    assert kind.find(Doc("x", text)).value != "other"
    officers = "대구시 인사\n▷국장 김하늘 ▷과장 이바다 ▷팀장 박구름\n▷AI정책과장 최노을\n"
    assert not relevance.find(Doc("x", officers)).value


@pytest.mark.parametrize(
    ("name", "expected"), [("조선 자율용접 AI 실증기반 조성", True), ("조선 자율용접 실증기반 조성", False)]
)
def test_a_programme_with_ai_in_its_name_is_what_a_text_that_begins_with_it_is_about(name, expected):
    head = "보도자료 부산시\n담당부서 산업과 ☏ 000-000-0000\n\n부산시, 용접 현장에 배우는 로봇\n\n"
    lead = "부산시의 조선소에서는 용접공이 해마다 줄고 남은 이들도 나이가 들어 일손이 모자란다. " * 5
    text = f"{head}{lead}부산시는 ‘{name}’ 공모에 선정됐다고 밝혔다."
    more = " 시는 국비로 실증 사업을 하고 AI를 쓴다." + " 이 사업으로 협력사를 지원한다." * 60
    assert relevance.find(Doc("x", text + more)).value is expected
