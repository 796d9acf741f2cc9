"""Texts on their way out: what no format can hold is taken out, and what a spreadsheet would run is marked."""

from __future__ import annotations

import csv
import io
import itertools
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from lxml import etree
from openpyxl import load_workbook

from gonggo.report.cells import clean, clean_values, lines, safe_cell
from gonggo.report.formats import calendar_bytes, csv_bytes, feed_bytes, is_web_url, json_ld, workbook_bytes
from gonggo.report.sql_command import render

UNSEEN = [
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "\u3000",
    "\xa0",
    "\u200b",
    "\ufeff",
    "\u2060",
    "\u202e",
    "\u00ad",
    "\u3164",
    "\x00",
    "\x1f",
]
SIGNS = ["=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠", "｜", "％", "﹦", "﹢", "﹣", "−"]
NUMBERS = ["-5", "-5.5", "+3", "-1,000", "-1,000.5", "-2%", "-1e10", " -5", "+0"]
ODD = "경남\x00 제조\x0b AI\ufffe \ud800실증\u2028공고\r\n둘째 줄"


def call(**change: Any) -> dict[str, Any]:
    values = {
        "announcement_key": "k1", "title": ODD, "url": "https://example.or.kr/1", "agency": ODD, "sidos": ["경남", ODD],
        "status": "open", "closes_on": date(2026, 12, 11), "closes_time": time(18), "closes_kind": None, "krw": 5,
        "corrected": None, "kind": "announcement", "posted_on": date(2026, 11, 2),
    }  # fmt: skip
    return {**values, **change}


def test_a_formula_is_marked_whatever_stands_unseen_before_its_sign() -> None:
    texts = [f"{before}{sign}cmd|'/c calc'!A0" for before, sign in itertools.product(UNSEEN, SIGNS)]
    assert [safe_cell(text) for text in texts] == [f"'{lines(text)}" for text in texts]
    files = {
        "exports and site": csv_bytes([{text: text} for text in texts]).decode("utf-8-sig"),
        "gonggo sql": render(texts[:1], [(text,) for text in texts], "csv"),
    }
    for file, text in files.items():
        read = list(csv.reader(io.StringIO(text, newline="")))
        assert len(read) == len(texts) + 1 and all(row[0].startswith("'") for row in read), file
    book = load_workbook(io.BytesIO(workbook_bytes([("x", [{"a": text} for text in texts])])))
    cells = [row[0] for row in book.active.iter_rows(min_row=2)]
    assert len(cells) == len(texts) and all(one.data_type == "s" and one.value.startswith("'") for one in cells)


@pytest.mark.parametrize("text", [*NUMBERS, "제조 AI = 자율제조", "a=1", "1-2", "", " ", "'=x", "가-나"])
def test_numbers_and_ordinary_texts_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


def test_values_that_are_no_texts_keep_their_kind() -> None:
    for value in (-5, -5.5, Decimal("-1.5"), None, True, date(2026, 1, 1)):
        assert safe_cell(value) is value
    assert safe_cell(["-x", "=y"]) == "'-x, =y"


@given(st.text(alphabet=st.characters(codec=None)))
def test_what_is_clean_fits_into_utf_8_and_xml(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    etree.tostring(etree.Element("a", {"b": cleaned}))
    assert clean(cleaned) == cleaned
    assert clean_values({"x": [text, {text: 1}]}) == {"x": [cleaned, {cleaned: 1}]}


def test_characters_that_no_xml_can_hold_make_no_format_fail() -> None:
    rows = [call()]
    text = csv_bytes(rows).decode("utf-8-sig")
    assert "\x00" not in text and "경남 제조" in text
    assert load_workbook(io.BytesIO(workbook_bytes([("x", [{"a": ODD, "b": "가" * 40_000}])]))).active["A2"].value
    entry = {"id": f"urn:{ODD}", "title": ODD, "url": "https://example.or.kr/1", "author": ODD, "content": ODD}
    feed = etree.fromstring(feed_bytes("calls", ODD, [{**entry, "updated": "2026-01-01T00:00:00+09:00"}], f"x?{ODD}"))
    assert feed.findtext("{*}entry/{*}title") == "경남 제조 AI \ufffd실증 공고 둘째 줄"
    assert "\ud800" not in str(json_ld(call()))


def unfolded(content: bytes) -> list[str]:
    """The lines of a calendar as RFC 5545 has them."""
    text = content.decode()
    assert text.replace("\r\n", "").isprintable(), "a break or a control character outside the ends of lines"
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")


def test_a_calendar_tells_its_time_zone_and_says_in_each_line_what_it_may() -> None:
    """By a check of our own, beside the reader of the package that wrote it."""
    calls = [
        call(),
        call(announcement_key="k2", closes_time=None),
        call(announcement_key="k3", url="http://x\r\nATTENDEE:y"),
    ]
    content = calendar_bytes(ODD, calls)
    lines = unfolded(content)
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    zones = {line.partition(":")[2] for line in lines if line.startswith("TZID:")}
    used = {
        part.partition("=")[2]
        for line in lines
        for part in line.partition(":")[0].split(";")
        if part.startswith("TZID=")
    }
    assert used == zones == {"Asia/Seoul"}
    assert (
        all(line.endswith("Z") for line in lines if line.startswith("DTSTAMP")) and "DTSTAMP;" not in content.decode()
    )
    assert "DTSTART;VALUE=DATE:20261211" in lines and "DTSTART;TZID=Asia/Seoul:20261211T180000" in lines
    assert not [line for line in lines if line.startswith("ATTENDEE")]
    opened = [line.partition(":")[2] for line in lines if line.startswith("BEGIN:")]
    closed = [line.partition(":")[2] for line in lines if line.startswith("END:")]
    assert sorted(opened) == sorted(closed) and opened.count("VEVENT") == 3
    read = Calendar.from_ical(content)
    (zone,) = read.walk("VTIMEZONE")
    assert zone.to_tz(lookup_tzid=False).utcoffset(calls[0]["closes_on"] and read.walk("VEVENT")[0].decoded("dtstart").replace(tzinfo=None)) == timedelta(hours=9)  # fmt: skip
    assert len(read.walk("VEVENT")) == 3 and not [error for event in read.walk("VEVENT") for error in event.errors]


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://example.or.kr/가 나?x=1", True), ("HTTP://example.or.kr", True), ("http://", False), ("", False), (None, False),
        ("javascript:alert(1)", False), ("http://x\r\nATTENDEE:y", False), ("http://x\x00", False), (" http://x", False),
        ("https://x/\ud800", False), ("http:///x", False),
    ],
)  # fmt: skip
def test_only_a_whole_address_of_one_line_becomes_a_link(url: str | None, is_one: bool) -> None:
    assert is_web_url(url) is is_one
