"""Files that are cut, or of which bytes were changed: what is short is never called whole."""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator

import pytest

from demo.office import pdf
from gonggo.read.office.common import RefusedError, finish_text
from gonggo.read.office.sniff import sniff
from gonggo.read.office.worker import READERS
from gonggo.read.subprocess_reader import read_office
from tests.read.office_files import hwp, hwpx, ole_of, p, packed, sheet, t, tbl, word

FIELDS = "제조 물류 의료 농업 관광 교육 금융 안전 환경 건설 에너지 로봇 반도체 조선 섬유 식품".split()
LINES = [f"{at}. {FIELDS[at % 16]} 분야 인공지능 실증 과제 {at * 37 % 101}개를 지원한다" for at in range(48)]
ROWS = [["구분", "국비", "지방비"], *([f"과제{at}", f"{at}억원", f"{at + 1}억원"] for at in range(12))]


def dated(content: bytes) -> bytes:
    """A ZIP without the time at which it was made, so that every run changes the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as original, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in original.namelist():
            data = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]{8}Z", b"2026-11-02T09:00:00Z", original.read(name))
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


FILES = {
    "hwp": hwp([*LINES, ROWS]),
    "hwp with checksums": hwp([*LINES, ROWS], checksums=True),
    "hwp not compressed": hwp([*LINES, ROWS], flags=0),
    "hwpx": dated(hwpx("".join(p(t(line)) for line in LINES) + p(tbl([[p(t(cell)) for cell in row] for row in ROWS])))),
    "docx": dated(word(LINES, ROWS)),
    "xlsx": dated(sheet([[line] for line in LINES] + ROWS)),
    "pdf": packed(pdf(LINES[:24], LINES[24:])),
}
MUTANTS = 48


def read(content: bytes) -> tuple[str, str]:
    """The outcome and the text, without a process of its own for each file."""
    try:
        kind = sniff(content)
        if kind not in READERS:
            return "unsupported", ""
        result = READERS[kind](content)
    except RefusedError as error:
        return error.outcome, ""
    except Exception as error:  # in its process this ends the reader: the outcome is "crashed"
        return f"crashed: {error}", ""
    return result.outcome, finish_text(result.text)[0]


def mutants(content: bytes) -> Iterator[bytes]:
    """The file cut, with bits flipped, with bytes blotted out, with bytes missing; the same ones at every run."""
    chance = random.Random(18)
    for number in range(MUTANTS):
        changed, at = bytearray(content), chance.randrange(len(content) // 20, len(content))
        if number % 4 == 0:
            del changed[at:]
        elif number % 4 == 1:
            for _ in range(chance.choice([1, 3, 10])):
                changed[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        elif number % 4 == 2:
            size = min(chance.choice([1, 16, 512]), len(content) - at)
            changed[at : at + size] = bytes(size)
        else:
            del changed[at : at + chance.choice([1, 16, 512])]
        yield bytes(changed)


@pytest.mark.parametrize("name", FILES)
def test_no_damaged_file_with_less_than_its_text_is_called_ok(name):
    outcome, whole = read(FILES[name])
    assert outcome == "ok" and len(whole) > 1000
    letters = Counter(whole)
    for mutant in mutants(FILES[name]):
        outcome, text = read(mutant)
        share_of_text = (letters & Counter(text)).total() / letters.total()
        assert outcome != "ok" or share_of_text > 0.9


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_a_cut_stream_of_a_hwp_gives_what_it_has_and_says_so(part):
    lines = [f"{line} {random.Random(at).random()}" for at, line in enumerate(LINES * 4)]
    whole = hwp(lines, raw=True)
    office = read_office(ole_of(whole[: int(len(whole) * part)]), "hwp")
    assert office.outcome == "partial" and "breaks off" in str(office.reason)
    assert office.text.startswith(lines[0]) and lines[-1] not in office.text


def test_a_hwp_whose_checksum_differs_is_corrupt():
    body = hwp(LINES, raw=True)
    trailer = zlib.crc32(b"another text").to_bytes(4, "little") + (12).to_bytes(4, "little")
    office = read_office(ole_of(body + trailer), "hwp")
    assert office.outcome == "corrupt" and "checksum" in str(office.reason)


def test_a_missing_section_is_reported():
    header = '<hh:head xmlns:hh="http://www.hancom.co.kr/hwpml/2011/head" secCnt="2"/>'
    office = read_office(hwpx(p(t("첫째 구역의 본문")), more={"Contents/header.xml": header}), "hwpx")
    assert office.outcome == "partial" and "1 sections" in str(office.reason)
    office = read_office(hwp(["첫째 구역의 본문"], sections=3), "hwp")
    assert office.outcome == "partial" and "2 sections" in str(office.reason)


def test_a_page_of_a_pdf_that_is_lost_is_reported():
    content = FILES["pdf"]
    at = content.index(b"/FlateDecode >>\nstream\n") + 40
    office = read_office(content[:at] + b"\0\0\0\0" + content[at + 4 :], "pdf")
    assert office.outcome != "ok"
    assert read_office(content[:-40], "pdf").outcome != "ok"
