"""What a ZIP is, told by its directory, however large or broken: in the process that has to go on."""

import io
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from gonggo.read.office.sniff import sniff
from tests.read.office_files import hwpx, p, sheet, t, word, zipped

KINDS = {
    "hwpx": hwpx(p(t("공고"))),
    "docx": word(["공고"], [["가", "나"]]),
    "xlsx": sheet([["공고"]]),
    "zip": zipped({"word/document.xml.docx": b"x", "안/word/document.xml": b"x"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_zip_is_recognised_by_the_names_in_it(kind):
    assert sniff(KINDS[kind]) == kind
    assert sniff(KINDS[kind] + b"PK\x05\x06 tail") in (kind, "zip")


def test_a_zip64_is_recognised_too():
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    content = whole.getvalue()
    end = content.rfind(b"PK\x05\x06")
    entries, size, offset = struct.unpack_from("<HLL", content, end + 10)
    record = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries, size, offset)
    pointer = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    last = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert sniff(content[:end] + record + pointer + last) == "docx"


@profile(max_examples=200, deadline=None)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8),
)
def test_no_byte_of_a_zip_does_anything_but_change_its_kind(kind, places):
    content = bytearray(KINDS[kind])
    for place, value in places:
        content[place % len(content)] = value
    assert sniff(bytes(content)) in (*KINDS, "pdf", "hwpml", "ole", "drm", "hwp", "hwp3", None)


def test_a_directory_of_many_megabytes_costs_next_to_nothing():
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for number in range(12_000):
            archive.writestr(f"{number:05d}{'x' * 600}", b"")
    content = whole.getvalue()
    tracemalloc.start()
    assert sniff(content) == "zip"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(content) > 14 << 20 and peak < 8 << 20
