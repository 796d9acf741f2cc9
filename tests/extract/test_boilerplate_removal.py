"""What a site puts around a text states no fact of it."""

import pytest

from gonggo.extract import boilerplate, title
from gonggo.extract.doc import Doc
from gonggo.extract.record import extract

BODY = "창원시는 ‘제조 AI 실증 사업’에 30억원을 들인다고 밝혔다. 시는 공장 12곳에 인공지능을 넣는다.\n"


def test_other_stories_go_up_to_an_empty_line_and_offsets_stay():
    text = BODY + "■ 많이 본 뉴스\n1 다른 시 예산 700억원\n2 축제 열려\n\n덧붙임"
    stripped = boilerplate.blank(text)
    assert len(stripped) == len(text)
    assert stripped.split() == (BODY + "덧붙임").split()


def test_a_line_keeps_what_stands_before_its_list_of_stories():
    assert boilerplate.blank("끝 문장이다. ▶관련기사 ▷보조금 420억원 확보").strip() == "끝 문장이다."


def test_text_about_most_read_books_is_no_boilerplate():
    text = "도서관에서 가장 많이 읽힌 책을 AI가 고른다. 관련 기사에는 없다."
    assert boilerplate.blank(text) == text


def test_sums_of_other_stories_and_of_comments_are_no_facts():
    text = f"창원시, 제조 AI 실증 사업 추진\n\n{BODY}\n[관련기사]\n· 다른 시 예산 700억원\n\n댓글 2\n독자 : 1인당 75만원씩 주라\n"
    record = extract(text, id="x")
    assert [amount.krw for amount in record.amounts] == [3_000_000_000]
    assert record.text == text


@pytest.mark.parametrize(
    "above",
    [
        "보도시점 2026. 1. 29.(목) 06:00",
        "제공일자 | 2026. 1. 29.(목)",
        "홈 > 뉴스",
        "가람뉴스 › 경제",
        "가람진흥원 > 알림마당 > 사업공고",
        "< 보도자료 >",
    ],
)
def test_what_stands_over_a_title_is_none(above):
    text = f"{above}\n가람시, 골목 가게에 인공지능 들인다\n\n시는 3일 이같이 밝혔다."
    assert title.find(Doc("x", text)).value == "가람시, 골목 가게에 인공지능 들인다"
