"""What every notice says decides nothing: no word of a lexicon is found inside ordinary words by accident."""

from pathlib import Path

import pytest

from gonggo.extract import kind, places, relevance
from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import kinds, sectors
from gonggo.extract.lexicons import relevance as words_of_relevance
from gonggo.extract.record import extract
from gonggo.extract.record_types import to_json
from gonggo.read.boilerplate import strip_boilerplate
from gonggo.read.spam import strip_spam

LINES = Path(__file__).with_name("boilerplate.txt").read_text("utf-8").splitlines()
PHRASES = [phrase.strip() for line in LINES if not line.startswith("#") for phrase in line.split(",")]
VETOES = ("avian", "job", "stock", "advert", "foreign", "survey")
CALL = (
    "2026년 인공지능(AI) 바우처 지원사업 참여기업 모집 공고\n"
    "부산정보산업진흥원은 인공지능 도입을 지원하기 위하여 다음과 같이 모집합니다.\n□ 지원내용 : AI 솔루션 구매\n□ 유의사항\n"
)


def matches_by_phrase(pattern, phrases=PHRASES):
    """The phrases that a pattern is found in, as they stand in a sentence."""
    return {
        phrase: match.group() for phrase in phrases if (match := pattern.search(f"신청 시 {phrase} 등을 확인하여야 함"))
    }


def test_the_list_is_long_and_each_phrase_stands_once():
    assert len(PHRASES) >= 300
    assert len(PHRASES) == len(set(PHRASES))


@pytest.mark.parametrize("veto", VETOES)
def test_no_word_against_a_document_is_in_boilerplate(veto):
    assert matches_by_phrase(getattr(words_of_relevance(), veto)) == {}


def facts(text):
    record = to_json(extract(text, id="a"))
    return {name: without_evidence(record[name]) for name in record if name not in ("id", "text", "also")}


def without_evidence(value):
    if isinstance(value, list):
        return [without_evidence(entry) for entry in value]
    if isinstance(value, dict):
        return {name: without_evidence(entry) for name, entry in value.items() if name != "evidence"}
    return value


@pytest.mark.parametrize(
    "text",
    [
        CALL + "- 신청 시 {} 등을 확인하여야 함\n",
        CALL.replace("□ 유의사항", "□ 지원조건") + "- 신청 시 {} 등을 확인\n",
        "경기도는 ‘AI 바우처 사업’을 추진한다고 밝혔다. 도는 인공지능 기업을 지원한다. 나린 기자\n신청할 때 {} 등을 확인한다.\n",
    ],
    ids=["terms", "facts of a call", "prose"],
)
@pytest.mark.parametrize("start", range(0, len(PHRASES), 15))
def test_boilerplate_changes_no_fact_by_the_words_of_any_lexicon(text, start):
    alone = facts(text.replace("{}", "서류"))
    for phrase in PHRASES[start : start + 15]:
        assert (phrase, facts(text.replace("{}", phrase))) == (phrase, alone)


def test_bird_flu_is_not_in_boilerplate():
    assert matches_by_phrase(words_of_relevance().avian_ai) == {}
    assert matches_by_phrase(words_of_relevance().ai) == {}


@pytest.mark.parametrize("sector", list(sectors()))
def test_no_sector_is_in_boilerplate(sector):
    assert matches_by_phrase(sectors()[sector]) == {}


@pytest.mark.parametrize("name", [name for name in kinds() if name != "announcement"])
def test_no_sign_of_another_kind_is_in_boilerplate(name):
    signs = [sign for sign in kinds()[name] if sign.points >= 1]
    assert [expected for sign in signs if (expected := matches_by_phrase(sign.pattern))] == []


def test_no_place_is_in_boilerplate():
    expected = {phrase: [place.name for place in places.scan(f"신청 시 {phrase} 등을 확인")] for phrase in PHRASES}
    assert {phrase: names for phrase, names in expected.items() if names} == {}


@pytest.mark.parametrize("phrase", PHRASES)
def test_no_line_of_boilerplate_is_taken_out(phrase):
    text = f"유의사항\n{phrase}\n신청자는 {phrase} 등을 확인\n▶ 관련 법령 : {phrase}\n{phrase}"
    assert strip_spam(text) == (text, [])
    assert strip_boilerplate(text) == (text, [])


@pytest.mark.parametrize(
    "line",
    [
        "관련기사 자격증 소지자 우대",
        "관련 기사 자격 보유 인력",
        "주요기사 자격 종목",
        "▶ 관련 서류 : 사업계획서",
        "▶ 네이버 클라우드 이용권 지원",
        "무단 배포 시 환수",
        "카드깡 등 부정 사용 시 환수",
    ],
)
def test_terms_that_begin_like_a_page_s_own_lines_stay(line):
    text = f"지원내용\n솔루션 구매\n유의사항\n{line}\n중복 지원 불가"
    assert strip_boilerplate(text) == (text, [])
    assert strip_spam(text) == (text, [])


@pytest.mark.parametrize("line", ["관련기사", "관련기사 3", "관련뉴스 더보기", "많이 본 뉴스 [1/3]", "댓글 0"])
def test_what_follows_a_page_s_last_heading_goes(line):
    text = f"기사 본문이다.\n둘째 줄이다.\n셋째 줄이다.\n{line}\n다른 기사의 제목"
    assert strip_boilerplate(text)[0] == "기사 본문이다.\n둘째 줄이다.\n셋째 줄이다."


@pytest.mark.parametrize("tail", ["관련기사", "관련기사 3", "많이 본 뉴스 더보기", "댓글 0", "인기기사 전체보기 >"])
def test_what_follows_a_heading_of_other_news_is_taken_out(tail):
    content = "AI 사업을 알린다.\n둘째 줄이다.\n셋째 줄이다.\n넷째 줄이다.\n다섯째 줄이다.\n여섯째 줄이다."
    text = f"{content}\n{tail}\n다른 시의 AI 사업 90억 원\n\n또 다른 소식"
    remaining, removed = strip_boilerplate(text)
    assert remaining == content
    assert removed == [tail, "다른 시의 AI 사업 90억 원", "또 다른 소식"]


def test_a_heading_of_other_news_in_the_first_half_or_in_a_sentence_cuts_nothing():
    early = "AI 사업을 알린다.\n관련기사\n" + "본문이 이어진다.\n" * 4
    assert "본문이 이어진다." in strip_boilerplate(early)[0]
    text = "AI 사업을 알린다.\n둘째 줄이다.\n관련기사 내용은 사실과 다르다.\n예산은 90억 원이다."
    assert strip_boilerplate(text) == (text, [])


def test_a_call_stays_one_with_all_boilerplate_at_once():
    for start in range(0, len(PHRASES), 40):
        doc = Doc("x", CALL + "".join(f" - {phrase}\n" for phrase in PHRASES[start : start + 40]))
        assert relevance.find(doc).value, PHRASES[start : start + 40]
        assert kind.find(doc).value == "announcement"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("조류인플루엔자(AI) 발생에 따라 경기도는 가금 농가의 이동을 막고 AI 차단 방역 사업에 예산을 지원한다.", False),
        ("경기도는 AI 발생 농장에서 살처분을 마쳤다. AI 항원이 나온 철새도래지 방역 사업을 지원한다.", False),
        ("AI 발생으로 매출이 준 가금 가공·유통 기업의 자금 지원사업 공고. 경기도는 융자를 지원한다.", False),
        (
            "전북특별자치도는 인공지능(AI) 기반 가축방역 예찰 플랫폼 실증 지원사업을 공모한다. 인공지능 모델로 조류인플루엔자 "
            "위험을 예측하는 AI 기술 개발에 예산을 지원한다. 인공지능 기업이 참여한다.",
            True,
        ),
        (CALL + " - 제재부가금 부과 및 사업비 환수\n", True),
        (CALL + " - 조류 등 야생동물 영상은 제외\n", True),
    ],
)
def test_bird_flu_is_recognised_by_its_own_words_in_its_own_place(text, expected):
    assert relevance.find(Doc("x", text)).value is expected


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("식품제조 기업", "manufacturing"),
        ("AI제조 실증", "manufacturing"),
        ("원격의료 서비스", "health"),
        ("농축수산 분야", "agriculture"),
        ("신재생 에너지", "energy"),
        ("차세대반도체 설계", "semiconductor"),
        ("해양물류 거점", "logistics"),
    ],
)
def test_a_sector_glued_to_another_noun_is_found(text, sector):
    assert sectors()[sector].search(text)
