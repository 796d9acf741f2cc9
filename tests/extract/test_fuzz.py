"""Whatever comes in, a record comes out, and every fact in it stands where it says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gonggo.extract.record import extract
from gonggo.extract.record_types import ExtractionRecord
from gonggo.extract.scoring import compare

pytestmark = pytest.mark.slow

PIECES = [
    "AI", "인공지능 ", "경남도는 ", "창원시 ", "지원사업 ", "모집 공고\n", "□ 접수기간 : ", "|지원규모|", "|---|\n", "<br>", "(단위 : 천원)",
    "2026. 2. 30.", "2026. 3. 4.(월) ~ ", "’99.13.45", "오는 31일부터 32일까지", "24:99", "총사업비 ", "1조 2천억", "국비 ", "999,999,999,999억원",
    "(국비 1, 지방비 2)", "7천만~", "3개 컨소시엄", "99999999999명", "0%", "‘", "’", "「", "」", "((((", "))))", "㈜", "한국", "연구원", "대표를 만났다",
    "055-000-1201~3", "@", "a@b.co.kr", "\n", "\n\n", ". ", "다. ", "\u200b", "Ⅰ", "가. ", "1\n", "※", "【예시】", "### 첨부: 서식.hwp\n", "업력 ", "7년 이내 ",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=60).map("".join))
def test_no_input_breaks_extraction_and_all_evidence_holds(text):
    record = extract(text, id="x")
    table = compare({"x": ExtractionRecord()}, {"x": record})
    assert table.proved == table.facts


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=4, max_size=40).map("".join))
def test_the_same_text_gives_the_same_record(text):
    assert extract(text, id="x") == extract(text, id="x")
