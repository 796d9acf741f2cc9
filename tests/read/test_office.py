"""Office files: what is read out of them, and what is refused."""

from __future__ import annotations

import io
import json
import random
import zipfile
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from demo.office import pdf
from gonggo import pipeline
from gonggo.cli import main
from gonggo.errors import SettingsError, UnreadableError
from gonggo.read.attachments import Attachment, append_attachments
from gonggo.read.files import from_bytes
from gonggo.read.office.archive import member_name
from gonggo.read.office.sniff import sniff
from gonggo.read.subprocess_reader import read_office
from gonggo.settings import Settings, load_settings
from tests.read.office_files import hwp, hwpx, nested, p, record, sheet, t, tbl, word, word_of, zipped

NOTICE = ["경남 제조 AI 실증 지원사업 모집 공고", [["지원규모", "기업당 최대 1억원"], ["접수기간", "2026. 11. 3.까지"]]]

HWPML = """<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE HWPML [<!ENTITY nbsp "&#160;">]><HWPML Version="2.8"><HEAD/><BODY><SECTION>
<P><TEXT><CHAR>규정</CHAR></TEXT></P><P><TEXT><TABLE><ROW><CELL><PARALIST><P><TEXT><CHAR>지원규모</CHAR></TEXT></P></PARALIST></CELL>
<CELL><PARALIST><P><TEXT><CHAR>1억&nbsp;원</CHAR></TEXT></P></PARALIST></CELL></ROW></TABLE></TEXT></P></SECTION></BODY></HWPML>"""
PLACEHOLDER = "이 문서는 상위 버전의 배포용 문서입니다."


def outcome(content: bytes) -> str:
    return read_office(content, sniff(content) or "hwp").outcome


def text(content: bytes, name: str = "a.hwp") -> str:
    return from_bytes(content, name=name).text


def test_a_table_of_a_hwp_reads_as_label_and_value() -> None:
    read = text(hwp(NOTICE))
    assert read.startswith("경남 제조 AI 실증 지원사업 모집 공고\n")
    assert "|지원규모|기업당 최대 1억원|" in read and "|접수기간|2026. 11. 3.까지|" in read


def test_text_within_tables_of_one_cell_stays_in_its_place() -> None:
    lines = text(hwp(["앞", nested("가운데", 5), "뒤"])).split()
    assert lines == ["앞", "가운데", "뒤"]


def test_control_characters_of_a_hwp_are_no_text() -> None:
    units = "신청\t접수\n마감".replace("\t", "\t" + "捤獥" * 3 + "\t").encode("utf-16-le")
    body = record(0x42, 0, b"\0" * 22) + record(0x43, 1, units + b"\r\0")
    assert text(hwp([body])) == "신청 접수\n마감"


def test_a_long_record_is_read_whole() -> None:
    assert text(hwp(["긴 글 " * 2000])).count("긴 글") == 2000


def test_a_large_hwp_is_known_though_its_header_stands_at_its_end() -> None:
    words = random.Random(1)
    noise = ["".join(chr(words.randrange(0xAC00, 0xD7A3)) for _ in range(2000)) for _ in range(700)]
    content = hwp(noise)
    assert content.index(b"HWP Document File") > 1_000_000
    assert sniff(content) == "hwp"


def test_deleted_text_of_a_hwpx_is_gone_and_the_deadline_right() -> None:
    deadline = "<hp:t>3<hp:deleteBegin/>1<hp:deleteEnd/>0일 1<hp:deleteBegin/>8</hp:t>"
    rest = "<hp:t>9<hp:deleteEnd/>7시까지</hp:t>"
    assert text(hwpx(p(deadline, rest))) == "30일 17시까지"


def test_a_hwpx_keeps_nested_tables_breaks_and_order() -> None:
    inner = tbl([[p(t("재원")), p(t("국비"))]])
    read = text(hwpx(p(t("앞<hp:lineBreak/>줄")) + p(tbl([[p(t("안")) + p(inner)]])) + p(t("뒤"))))
    assert read.split() == ["앞", "줄", "안", "|재원|국비|", "뒤"]
    assert "머리말" not in text(
        hwpx(p("<hp:ctrl><hp:header>" + p(t("머리말")) + "</hp:header></hp:ctrl>", t("본문입니다")))
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (hwpx(p(t("거꾸로 쓴 길")), path="Contents\\section0.xml"), "거꾸로 쓴 길"),
        (pdf(["접수기간: 2026. 11. 3. 18:00까지 전자우편으로 접수합니다."]), "2026. 11. 3. 18:00까지"),
        (word(["공고 본문은 여기에 있으며 아래 표를 본다."], [["지원규모", "1억원"]]), "|지원규모|1억원|"),
        (sheet([["사업명", "금액"], ["제조 AI", 100]]), "|제조 AI|100|"),
        (zipped({"공고문.hwp": hwp(NOTICE), "사진.jpg": b"\xff\xd8"}), "|지원규모|기업당 최대 1억원|"),
        (hwp(["비밀이 아닌 본문"], flags=0), "비밀이 아닌 본문"),
        (HWPML.encode(), "|지원규모|1억 원|"),
    ],
)
def test_every_format_is_known_by_its_bytes(content: bytes, words: str) -> None:
    assert words in text(content, name="이름이 틀린 파일.hwp")


def test_names_in_a_zip_without_the_mark_of_utf8_are_korean() -> None:
    entry = zipfile.ZipInfo("x")
    entry.filename = "붙임/공고문.hwp".encode("cp949").decode("cp437")
    assert member_name(entry) == "공고문.hwp"


def test_a_file_for_distribution_gives_its_text_and_never_the_placeholder() -> None:
    office = read_office(hwp([PLACEHOLDER], flags=5, distributed=NOTICE), "hwp")
    assert office.outcome == "ok"
    assert "|지원규모|기업당 최대 1억원|" in office.text and "배포용" not in office.text


def test_a_file_for_distribution_gives_its_preview_where_its_text_is_broken() -> None:
    content = hwp([PLACEHOLDER], flags=5, preview="<지원규모><1억원>\r\n미리 보기 본문")
    office = read_office(content, "hwp")
    assert office.outcome == "partial"
    assert "미리 보기 본문" in office.text and "배포용" not in office.text


BOMB = b"\0" * (300 * 1024 * 1024)


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (hwp(["본문"], flags=3), "encrypted"),
        (hwpx(p(t("가")), more={"META-INF/manifest.xml": "<m><encryption-data/></m>"}), "encrypted"),
        (b"SCDSA004" + b"\0" * 100, "drm"),
        (b"HWP Document File V3.00 \x1a\1\2\3\4\5", "unsupported"),
        (hwp(NOTICE)[:1500], "corrupt"),
        (hwpx(p(t("가")))[:200], "corrupt"),
        (hwp([record(0x42, 0, b"")[:2]]), "empty"),
        (hwp([nested("끝", 400)]), "corrupt"),
        (hwpx("<hp:p><hp:run>" + "<hp:tbl><hp:tr><hp:tc>" * 500 + "</hp:tc></hp:tr></hp:tbl>" * 500 + "</hp:run></hp:p>"), "corrupt"),
        (hwp([BOMB]), "too_big"),
        (hwpx("<hp:p>" + " " * (80 * 1024 * 1024) + "</hp:p>"), "too_big"),
        (zipped({"bomb.bin": BOMB}), "too_big"),
        (pdf([], [], []), "needs_ocr"),
        (b"%PDF-1.4 broken", "corrupt"),
        (zipped({"a.txt": b"x"}), "unsupported"),
    ],
    ids=["password", "hwpx password", "drm", "hwp3", "cut hwp", "cut hwpx", "torn record", "nested hwp", "nested hwpx",
         "deflate bomb", "xml bomb", "zip bomb", "scan", "broken pdf", "no document"],
)  # fmt: skip
def test_what_cannot_be_read_says_why(content: bytes, wanted: str) -> None:
    assert outcome(content) == wanted


def test_an_external_entity_is_never_resolved(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("비밀")
    body = hwpx(p(t("가")))
    evil = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]><hs:sec><hp:p><hp:t>&e;</hp:t></hp:p></hs:sec>'
    office = read_office(zipped({"Contents/section0.xml": evil.encode(), "mimetype": body[:1]}), "hwpx")
    assert office.outcome == "corrupt" and "비밀" not in office.text
    laughs = '<!ENTITY a "하하하하하하"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    assert outcome(HWPML.replace("[<", f"[{laughs}<", 1).encode()) == "corrupt"


def test_a_reader_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "worker.py"
    slow.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr("gonggo.read.subprocess_reader.WORKER", slow)
    monkeypatch.setattr("gonggo.read.subprocess_reader.SECONDS", {"hwp": 1})
    assert read_office(b"x", "hwp").outcome == "timeout"
    slow.write_text("import os\nos.abort()\n")
    assert read_office(b"x", "hwp").outcome == "crashed"


def test_a_scan_is_read_by_the_program_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "read_scan"
    program.write_text("#!/bin/sh\ngrep -q %PDF && printf '지원규모 1억원\\f\\f접수 마감 11월 3일\\f'\n")
    program.chmod(0o755)
    scan = pdf([], [], [])
    assert read_office(scan, "pdf").outcome == "needs_ocr"
    office = read_office(scan, "pdf", [str(program)])
    assert office.outcome == "partial" and "read_scan" in str(office.reason)
    assert {place: office.text[start:end] for start, end, place in office.locations} == {
        "p1": "지원규모 1억원", "p3": "접수 마감 11월 3일",
    }  # fmt: skip
    program.write_text("#!/bin/sh\nexit 3\n")
    office = read_office(scan, "pdf", [str(program)])
    assert office.outcome == "needs_ocr" and "status 3" in str(office.reason)
    monkeypatch.setenv("GONGGO_OCR", "no-such-program --pages")
    with pytest.raises(SettingsError, match="no-such-program is not a program"):
        load_settings()


def test_the_program_of_the_settings_reads_the_scans_of_the_command_and_of_a_collection(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    program = tmp_path / "read_scan"
    program.write_text(
        "#!/bin/sh\ncat > /dev/null\nprintf '경남 AI 실증 지원사업 참여기업 모집 공고\\n지원규모 1억원\\f'\n"
    )
    program.chmod(0o755)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "scan.pdf").write_bytes(pdf([], [], []))
    monkeypatch.setenv("GONGGO_OCR", str(program))
    # A wrong setting of something else does not keep a file from being read.
    monkeypatch.setenv("GONGGO_SOURCES", "nosuch")
    assert main(["extract", "--json", str(inbox / "scan.pdf")]) == 0
    assert [amount["krw"] for amount in json.loads(capsys.readouterr().out)["amounts"]] == [100_000_000]
    collected = pipeline.collect("inbox", settings=replace(settings, inbox=(inbox,), ocr=(str(program),)))
    assert collected["extracted"] == 1
    scan = Attachment("공고문.pdf", "https://a.kr/1"), pdf([], [], [])
    assert "지원규모 1억원" in append_attachments("공고", [scan], [str(program)]).text


def test_the_command_reads_office_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "공고.hwp").write_bytes(hwp(NOTICE))
    assert main(["extract", "--json", str(tmp_path / "공고.hwp")]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert [amount["krw"] for amount in facts["amounts"]] == [100_000_000]
    with pytest.raises(UnreadableError, match="drm: locked"):
        from_bytes(b"SCDSA004" + b"\0" * 100)


def placed(content: bytes) -> dict[str, str]:
    """What stands at each place of a file."""
    reading = from_bytes(content)
    return {place: reading.text[start:end] for start, end, place in reading.locations}


def test_every_cell_and_page_is_known_by_its_place() -> None:
    outer = [["구분", [[["안쪽", "표"]]]], ["", "재원"]]
    assert placed(hwp(["앞", [["상자"]], NOTICE[1], "사이", outer])) == {
        "t1r1c1": "지원규모", "t1r1c2": "기업당 최대 1억원", "t1r2c1": "접수기간", "t1r2c2": "2026. 11. 3.까지",
        "t2r1c1": "구분", "t2r1c2": "/안쪽/표/", "t2r2c1": " ", "t2r2c2": "재원",
    }  # fmt: skip
    boxed = tbl([[p(t("안")) + p(tbl([[p(t("재원")), p(t("국비"))]]))]])
    assert placed(hwpx(p(boxed))) == {"t1r1c1": "재원", "t1r1c2": "국비"}
    assert placed(word(["공고 본문은 여기에 있으며 아래 표를 본다."], [["지원규모", "1억원"]])) == {
        "t1r1c1": "지원규모",
        "t1r1c2": "1억원",
    }
    assert placed(sheet([["사업명", None, "금액"], [None, None, None], ["제조", None, 100]], title="예산")) == {
        "예산!A1": "사업명", "예산!C1": "금액", "예산!A3": "제조", "예산!C3": "100",
    }  # fmt: skip
    pages = placed(
        pdf(["접수기간: 2026. 11. 3.까지 전자우편으로 접수", "본문"], ["문의: 경남테크노파크 제조 AI 담당자에게 전화"])
    )
    assert {place: page_text[:4] for place, page_text in pages.items()} == {"p1": "본문", "p2": "문의: "}
    inner = placed(zipped({"공고문.hwp": hwp(NOTICE)}))
    assert inner["공고문.hwp#t1r2c2"] == "2026. 11. 3.까지" and inner["공고문.hwp"].startswith("경남 제조")


def control(kind: str, inside: str) -> str:
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{inside}</w:sdtContent></w:sdt>" if kind else inside


@pytest.mark.parametrize("wrapped", ["block", "run", "cell", "row", "custom"])
def test_content_controls_of_a_docx_are_read(wrapped: str) -> None:
    run = "<w:r><w:t>접수기간 : 2026. 11. 23. ~ 2026. 12. 11.</w:t></w:r>"
    line = f"<w:p>{control('run', run) if wrapped == 'run' else run}</w:p>"
    cell = f"<w:tc>{line}</w:tc>"
    label = "<w:tc><w:p><w:r><w:t>접수</w:t></w:r></w:p></w:tc>"
    row = f"<w:tr>{label}{control('cell', cell) if wrapped == 'cell' else cell}</w:tr>"
    table = f"<w:tbl>{control('row', row) if wrapped == 'row' else row}</w:tbl>"
    inside = {"block": control("block", line), "run": line, "custom": f"<w:customXml>{control('', line)}</w:customXml>"}
    assert "2026. 11. 23. ~ 2026. 12. 11." in text(word_of(inside.get(wrapped, table)))


def test_a_text_box_of_a_docx_is_read_once_and_where_it_stands() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>지원규모 최대 1억원</w:t></w:r></w:p></w:txbxContent>"
    both = (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp>'
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    first, last = "상자 앞에 있는 문단입니다", "상자 뒤에 있는 문단입니다"
    lines = f"<w:p><w:r><w:t>{first}</w:t></w:r><w:r>{both}</w:r></w:p><w:p><w:r><w:t>{last}</w:t></w:r></w:p>"
    assert text(word_of(lines)).split("\n") == [first, "지원규모 최대 1억원", last]


def test_hidden_sheets_rows_and_columns_are_not_read() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    rows: list[list[str]] = [
        ["구분", "내부", "기간"],
        ["접수", "비공개", "2026. 12. 11.까지"],
        ["예전", "비공개", "2025. 1. 3.까지"],
    ]
    for row in rows:
        page.append(row)
    page.column_dimensions["B"].hidden = True
    page.row_dimensions[3].hidden = True
    for state, title in (("hidden", "코드"), ("veryHidden", "목록")):
        other = book.create_sheet(title)
        other.append(["접수기간", "2024. 1. 1. ~ 2027. 12. 31."])
        other.sheet_state = state
    out = io.BytesIO()
    book.save(out)
    assert text(out.getvalue()) == "Sheet\n\n|구분|기간|\n|접수|2026. 12. 11.까지|"


def test_values_of_a_sheet_are_written_as_it_shows_them() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    values: list[tuple[Any, str, str]] = [
        (datetime(2026, 12, 11), "yyyy-mm-dd", "2026-12-11"),
        (datetime(2026, 12, 11, 18), 'yyyy"년" m"월" d"일" hh:mm', "2026-12-11 18:00"),
        (time(18, 30), "hh:mm", "18:30"),
        (1300, "#,##0", "1,300"),
        (0.35, "0%", "35%"),
        (0.355, "0.0%", "35.5%"),
        (1300, '#,##0"백만원"', "1,300백만원"),
        (1300, "[$₩-412]#,##0", "₩1,300"),
        (1300.0, "General", "1300"),
        (1234567.891, "_-* #,##0_-;-* #,##0_-;_-@_-", "1,234,568"),
        (551234567, "000-000-0000", "055-123-4567"),
        (12, "0.##", "12"),
        ("글자", "@", "글자"),
    ]
    for row, (value, code, _) in enumerate(values, 1):
        page.cell(row, 1, "값")
        page.cell(row, 2, value).number_format = code
    out = io.BytesIO()
    book.save(out)
    assert text(out.getvalue()).split("\n")[2:] == [f"|값|{shown}|" for *_, shown in values]


def test_a_formula_without_its_result_is_reported() -> None:
    office = read_office(sheet([["총사업비", "=1+2"]]), "xlsx")
    assert office.outcome == "partial" and "formulas" in str(office.reason)


# The glyphs of a font stand for letters that the file does not name: PDFium gives what they would be elsewhere.
STRANGE = "ÄÅ Ç ÉÇ ÑÖÜ áàâä ãåç éèêë íì îï ñó òôö úùû ÄÅ Ç ÉÇ ÑÖÜ"
PROSE = "This is the annual report of the institute on the use of artificial intelligence in the region."


@pytest.mark.parametrize(
    ("pages", "wanted"),
    [
        ([[f"2026 (AI) {STRANGE}", STRANGE]], "needs_ocr"),
        ([["%&' ()* +,- 2026. 11. 23. ~ 2026. 12. 11. 051-000-0000", "#$% AI !@# 2026 ()"]], "needs_ocr"),
        ([[PROSE, "It will be presented to the council and for all companies that are in the programme."]], "ok"),
        ([["인공지능 실증 지원사업 참여기업 모집 공고 (AI Voucher, Smart Factory, www.example.kr)"], [STRANGE] * 3], "partial"),
        ([["인공지능 실증 지원사업 참여기업을 모집하니 많은 신청 바랍니다."] * 3, []], "partial"),
    ],
    ids=["signs without letters", "signs as marks", "English", "one page of signs", "one page without text"],
)  # fmt: skip
def test_a_pdf_whose_letters_are_not_known_needs_ocr(pages: list[list[str]], wanted: str) -> None:
    office = read_office(pdf(*pages), "pdf")
    assert office.outcome == wanted
    assert "ÄÅ" not in office.text
