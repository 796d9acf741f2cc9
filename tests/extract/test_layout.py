"""Labels, sections and tables of notices, whatever marks they use."""

import pytest

from gonggo.extract.layout import classify, read


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("접수기간", "window"),
        ("신청 · 접수 기간", "window"),
        ("사 업 명", "title"),
        ("신청자격", "target"),
        ("지원 제외 대상", "exclusion"),
        ("평가항목 및 배점", "evaluation"),
        ("총 연구개발기간", "period"),
        ("가나다라", ""),
    ],
)
def test_synonyms_of_labels(said, label):
    assert classify(said) == label


@pytest.mark.parametrize(
    "line",
    [
        "□ 지원대상 : 중소기업",
        "ㅇ (지원대상) 중소기업",
        "[지원대상] 중소기업",
        "3) 지원대상: 중소기업",
        "|지원대상|중소기업|",
        "지원대상\n중소기업",
    ],
)
def test_a_label_and_its_value_in_every_dress(line):
    text = f"|구분|내용|\n|---|---|\n{line}\n" if line.startswith("|") else line
    values = [text[item.start : item.end].strip() for item in read(text).named("target")]
    assert "중소기업" in values


def test_a_section_ends_at_the_next_heading_as_deep():
    text = (
        "1. 지원내용\n □ 지원금액 : 1억원\n2. 지원제외 대상\n - 체납 기업\n □ 부채 5억원 이상\n3. 문의처\n 02-000-0000"
    )
    facts = {piece.text.strip(): piece.is_fact for piece in read(text).pieces}
    assert facts["□ 지원금액 : 1억원"]
    assert not facts["- 체납 기업"]
    assert not facts["□ 부채 5억원 이상"]
    assert facts["02-000-0000"]


def test_cells_know_their_column_and_row():
    pieces = read("|구분|예산(억원)|\n|---|---|\n|제조|30|\n").pieces
    cell = next(piece for piece in pieces if piece.text == "30")
    assert (cell.column, cell.row) == ("예산(억원)", "제조")


def test_heads_of_a_lost_table_meet_their_values():
    layout = read("공고기간\n접수기간\n2026.3.2.~3.20.\n2026.3.9.~3.20. 18:00\n")
    text = "공고기간\n접수기간\n2026.3.2.~3.20.\n2026.3.9.~3.20. 18:00\n"
    assert [text[i.start : i.end] for i in layout.named("window")] == ["2026.3.9.~3.20. 18:00"]


def test_a_form_attached_to_a_notice_states_no_facts():
    text = "### 첨부: 참가_신청서_서식.hwp\n\n과제당 9억원\n\n### 첨부: 모집_공고문.hwp\n\n과제당 1억원"
    facts = {piece.text: piece.is_fact for piece in read(text).pieces}
    assert not facts["과제당 9억원"]
    assert facts["과제당 1억원"]


def test_offsets_hold_in_broken_tables():
    text = "|가|나\n다|라|\n|마\n"
    for piece in read(text).pieces:
        assert text[piece.start : piece.end] == piece.text
