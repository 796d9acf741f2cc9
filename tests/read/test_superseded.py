"""Text that says of itself that it no longer holds: what is struck out or deleted with tracking is kept apart."""

from __future__ import annotations

import pytest

from gonggo.read.attachments import Attachment, append_attachments
from gonggo.read.files import from_bytes
from gonggo.read.html import from_fragment, from_page
from gonggo.read.reading import RemovedText
from tests.read.office_files import HEADER_OF_SHAPES, hwp, hwpx, p, t, word_of

OLD, NEW = "2026. 12. 4. 18:00", "2026. 12. 11. 15:00"
LINE = "접수기간 : 2026. 11. 23. ~ "


def run(text: str, properties: str = "", tag: str = "t") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:{tag} xml:space='preserve'>{text}</w:{tag}></w:r>"


def superseded_quotes(reading) -> list[str]:
    return [passage.quote for passage in reading.removed if passage.kind == "superseded"]


@pytest.mark.parametrize(
    "old",
    [
        f"<del>{OLD}</del>",
        f"<s>{OLD}</s>",
        f"<strike>{OLD}</strike>",
        f"<span style='color: red; text-decoration: underline line-through'>{OLD}</span>",
        f"<span style='TEXT-DECORATION-LINE: LINE-THROUGH'>{OLD}</span>",
        f"<b class='x cancelled'>{OLD}</b>",
        f"<del datetime='2026-12-01'><span>{OLD[:6]}</span><s>{OLD[6:]}</s></del>",
    ],
)
def test_what_a_page_strikes_through_is_superseded(old):
    body = f"<style>p{{margin:0}} b.cancelled, .gone {{ text-decoration: line-through }}</style><p>{LINE}{old} <ins>{NEW}</ins></p>"
    page = from_page(
        f"<html><body><div class='view_content'>{body}<p>{'문의는 담당자에게 한다. ' * 8}</p></div></body></html>"
    )
    for reading in (from_fragment(body), page):
        assert LINE + NEW in reading.text and OLD not in reading.text
        assert superseded_quotes(reading) == [OLD]


def test_a_struck_bullet_or_a_line_below_changes_nothing():
    reading = from_fragment("<p><s>□</s> 지원금 1억원</p><p style='text-decoration:underline'>밑줄</p>")
    assert reading.text == "□ 지원금 1억원\n\n밑줄" and reading.removed == []


def test_hidden_text_is_left_out_and_small_print_is_not():
    reading = from_fragment(
        "<p hidden>하나</p><p style='font-size: 0px'>둘둘</p><p style='font-size:0.9em'>작은 글씨</p>"
    )
    assert reading.text == "작은 글씨"


@pytest.mark.parametrize(
    "changed",
    [
        f"<w:del>{run(OLD, tag='delText')}</w:del><w:ins>{run(NEW)}</w:ins>",
        f"<w:moveFrom>{run(OLD)}</w:moveFrom><w:moveTo>{run(NEW)}</w:moveTo>",
        run(OLD, "<w:strike/>") + run(NEW, "<w:strike w:val='0'/>"),
        run(OLD, "<w:dstrike w:val='true'/>") + run(NEW),
        f"<w:ins><w:del>{run(OLD, tag='delText')}</w:del>{run(NEW)}</w:ins>",
    ],
)
def test_tracked_changes_and_strikes_of_a_docx(changed):
    reading = from_bytes(word_of(f"<w:p>{run(LINE)}{changed}</w:p><w:p>{run('끝')}</w:p>"))
    assert reading.text == f"{LINE}{NEW}\n끝"
    assert superseded_quotes(reading) == [OLD]


def test_a_deleted_row_and_a_deleted_end_of_a_paragraph_of_a_docx():
    cell = "<w:tc><w:p>{}</w:p></w:tc>"
    rows = [f"<w:tr>{cell.format(run('마감'))}{cell.format(run(NEW))}</w:tr>"]
    rows += [f"<w:tr><w:trPr><w:del/></w:trPr>{cell.format(run('마감'))}{cell.format(run(OLD))}</w:tr>"]
    joined = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('접수')}</w:p><w:p>{run('기간은')}</w:p>"
    reading = from_bytes(word_of(f"{joined}<w:tbl>{''.join(rows)}</w:tbl>"))
    assert reading.text == f"접수기간은\n\n|마감|{NEW}|"
    assert superseded_quotes(reading) == ["마감", OLD]


def test_shapes_of_letters_that_are_struck_out_in_a_hwpx():
    runs = [("0", LINE), ("1", OLD), ("2", NEW), ("1", " ◦ ")]
    body = "".join(f"<hp:run charPrIDRef='{shape}'>{t(text)}</hp:run>" for shape, text in runs)
    reading = from_bytes(hwpx(f"<hp:p>{body}</hp:p>", more=HEADER_OF_SHAPES))
    assert reading.text == f"{LINE}{NEW} ◦"
    assert superseded_quotes(reading) == [OLD]


def test_deleted_text_of_a_hwpx_is_kept_as_superseded():
    reading = from_bytes(
        hwpx(p(f"<hp:t>{LINE}<hp:deleteBegin/>{OLD}<hp:deleteEnd/><hp:insertBegin/>{NEW}<hp:insertEnd/></hp:t>"))
    )
    assert reading.text == LINE + NEW and superseded_quotes(reading) == [OLD]


def test_shapes_of_letters_that_are_struck_out_in_a_hwp():
    reading = from_bytes(hwp([(LINE, 0, OLD, 1, NEW, 2), ("□ 문의", 1)]))
    assert reading.text == f"{LINE}{NEW}\n"[:-1]
    assert superseded_quotes(reading) == [OLD, "□ 문의"]


def test_what_an_attached_notice_struck_out_is_kept_with_its_file():
    content = word_of(f"<w:p>{run(LINE)}<w:del>{run(OLD, tag='delText')}</w:del><w:ins>{run(NEW)}</w:ins></w:p>")
    whole = append_attachments("본문", [(Attachment("모집 공고문.docx", "x"), content)])
    assert NEW in whole.text and OLD not in whole.text
    assert list(whole.removed) == [RemovedText("superseded", OLD, "모집 공고문.docx")]
