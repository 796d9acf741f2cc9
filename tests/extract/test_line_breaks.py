"""Paragraphs whose lines were broken to a width are whole again, and nothing else is joined."""

from gonggo.extract import line_breaks
from gonggo.extract.record import extract

BROKEN = """창원시, 제조 AI 실증사업 시작

창원시는 지역 기업의 인공지능 전환을 돕기 위해 가람대학교와 함께 ‘창원 제조
AI 실증사업’을 추진한다고 10일 밝혔다. 사업비는 모두 40억 원이며 이 가운데 국비가
24억 원이다. 시는 다음 달부터 두 달 동안 참여기업을 모아 공정 데이터를 살핀 뒤
설비에 맞는 해결책을 고른다.

□ 이번 사업에는 창원산업진흥원과 한국전자기술연구원이 참여해 기업 스무 곳의
불량 예측과 설비 진단을 돕는다.
"""


def test_the_breaks_of_a_paragraph_become_spaces_at_their_places():
    whole = line_breaks.joined(BROKEN)
    assert len(whole) == len(BROKEN)
    assert "‘창원 제조 AI 실증사업’을" in whole
    assert "국비가 24억 원이다" in whole
    assert "기업 스무 곳의 불량 예측" in whole
    assert whole.count("\n\n") == BROKEN.count("\n\n")


def test_a_name_and_a_source_over_two_lines_are_read_and_their_evidence_holds():
    record = extract(BROKEN, id="x")
    assert "창원 제조 AI 실증사업" in {entry.name for entry in record.programmes}
    assert {(amount.krw, amount.role) for amount in record.amounts} >= {(2_400_000_000, "national")}
    for amount in record.amounts:
        assert record.text[amount.evidence.start : amount.evidence.end] == amount.evidence.quote


def test_lists_tables_and_short_lines_keep_their_breaks():
    listed = "".join(
        f"○ 지원내용 {number} : 솔루션 도입비와 학습데이터 구축비를 함께 지원하며 기업당 한도가 있음\n"
        for number in range(9)
    )
    rows = "".join(
        f"|가람 실증 {number}|기업이 쓰는 설비의 불량을 예측하는 현장 실증을 돕는 사업|{number}개사|\n"
        for number in range(9)
    )
    short = "창원시\n제조 AI\n실증사업\n시작\n기업\n모집\n안내\n"
    for text in (listed, rows, short):
        assert line_breaks.joined(text) == text


def test_long_paragraphs_of_one_line_each_keep_their_breaks():
    text = "".join(f"{'창원시는 지역 기업의 인공지능 전환을 돕는다고 밝혔다. ' * 6}\n" for _ in range(8))
    assert line_breaks.joined(text) == text
