"""What a publication leaves for other programs, read back by programs that others wrote."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
import feedparser
import pytest
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar
from lxml import etree
from openpyxl import load_workbook
from starlette.testclient import TestClient

from gonggo.extract.lexicons import regions
from gonggo.model import now
from gonggo.report import exports
from gonggo.report.exports import export
from gonggo.report.formats import calendar_bytes, workbook_bytes
from gonggo.report.sql_command import run_sql
from gonggo.settings import Settings
from gonggo.warehouse.link import link
from gonggo.warehouse.load import load_batches
from gonggo.warehouse.marts import content_changed
from gonggo.warehouse.publish import publish
from gonggo.warehouse.writer import writer
from gonggo.web.site import create_site
from tests.warehouse.batches import batch, day, document, settings_at
from tests.world import copy_home

ATOM = "{http://www.w3.org/2005/Atom}"
EVIL = "=HYPERLINK('http://evil') <script>alert(1)</script> 경남 제조 AI 실증 공고"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home that was published once for all tests here, which look and change nothing that another one needs."""
    settings = settings_at(tmp_path_factory.mktemp("home"))
    papers = [
        document("bizinfo", "1", "경남 제조 AI 실증 공고", day(2) + "T18:00", at=now()),
        document("bizinfo", "2", EVIL, day(5), at=now(), url="javascript:alert(1)"),
        document("bizinfo", "3", "지난 경남 제조 AI 공고", day(-9), at=now()),
    ]
    batch(settings, "bizinfo", "r1", papers)
    load_batches(settings)
    link(settings)
    publish(settings)
    export(settings)
    return settings


def test_a_calendar_holds_the_open_deadlines_of_its_region_with_their_hour(settings: Settings) -> None:
    read = Calendar.from_ical((settings.exports / "calendar" / "경남.ics").read_bytes())
    events = {str(event["summary"]): event for event in read.walk("VEVENT")}
    assert len(events) == 2
    start = events["[마감] 경남 제조 AI 실증 공고"].decoded("dtstart")
    assert (start.isoformat()[:16], start.utcoffset().total_seconds()) == (day(2) + "T18:00", 9 * 3600)


@pytest.mark.parametrize("hour", [time(18), None])
def test_another_reader_of_calendars_finds_deadline_zone_and_reminders(hour: time | None) -> None:
    call = {
        "announcement_key": "k1", "title": "경남 AI, 실증; 공고", "url": "https://example.or.kr/1", "agency": "경남도",
        "sidos": ["경남"], "status": "open", "closes_on": date(2026, 12, 11), "closes_time": hour, "corrected": None,
    }  # fmt: skip
    content = calendar_bytes("경남", [call]).decode()
    read = IcsCalendarStream.calendar_from_ics(content)
    (event,) = read.events
    assert (event.uid, event.summary, event.url) == (
        "k1@gonggo",
        "[마감] 경남 AI, 실증; 공고",
        "https://example.or.kr/1",
    )
    assert [zone.tz_id for zone in read.timezones] == ["Asia/Seoul"]
    (offset,) = read.timezones[0].standard
    assert offset.tz_offset_to.offset == timedelta(hours=9)
    if hour:
        assert event.dtstart.isoformat() == "2026-12-11T18:00:00+09:00"
    else:
        assert event.dtstart == date(2026, 12, 11)
    begins = datetime.combine(date(2026, 12, 11), hour or time(0))
    rings = [begins + alarm.trigger for alarm in event.alarm]
    assert rings == [datetime(2026, 12, day, hour.hour if hour else 9) for day in (4, 10)]
    assert {alarm.action for alarm in event.alarm} == {"DISPLAY"}


def test_all_calendars_of_a_publication_are_read_by_another_reader(settings: Settings) -> None:
    for path in (settings.exports / "calendar").iterdir():
        IcsCalendarStream.calendar_from_ics(path.read_text("utf-8"))


def test_a_feed_reader_finds_the_entries_of_a_feed(settings: Settings) -> None:
    read = feedparser.parse((settings.exports / "feeds" / "경남.atom").read_bytes())
    assert not read.bozo and read.version == "atom10"
    assert read.feed.title == "공고 변경: 경남" and read.feed.updated_parsed
    assert len(read.entries) == len({entry.id for entry in read.entries}) == 3
    (safe,) = [entry for entry in read.entries if "실증 공고" in entry.title and "script" not in entry.title]
    assert safe.link == "https://example.or.kr/1" and safe.updated_parsed and safe.author


def test_every_region_has_a_calendar_and_a_feed_also_without_a_call(settings: Settings) -> None:
    names = {region.short for region in regions() if not region.parent} | {"전국", "전체"}
    assert {"광주", "전남", "전남광주", "제주", "전국"} < names
    assert {path.stem for path in (settings.exports / "calendar").iterdir()} == names
    assert names <= {path.stem for path in (settings.exports / "feeds").iterdir()}
    quiet = Calendar.from_ical((settings.exports / "calendar" / "제주.ics").read_bytes())
    assert (str(quiet["x-wr-calname"]), quiet.walk("VEVENT")) == ("공고 마감: 제주", [])
    feed = etree.parse(settings.exports / "feeds" / "제주.atom").getroot()
    assert feed.findtext(f"{ATOM}title") == "공고 변경: 제주"


def test_the_calendar_of_a_merged_region_holds_the_calls_of_its_parts(tmp_path: Path) -> None:
    settings = settings_at(tmp_path)
    papers = []
    for number, names in (("1", ["광주"]), ("2", ["전남"]), ("3", ["광주", "전남"])):
        one = document("bizinfo", number, f"{number}호 제조 AI 실증 공고", day(3), at=now())
        places = [{"name": name, "evidence": {"field": "region", "quote": name}} for name in names]
        papers.append({**one, "record": {**one["record"], "regions": places}})
    batch(settings, "bizinfo", "r1", papers)
    load_batches(settings)
    link(settings)
    publish(settings)
    export(settings)
    counts = {}
    for name in ("광주", "전남", "전남광주"):
        read = Calendar.from_ical((settings.exports / "calendar" / f"{name}.ics").read_bytes())
        counts[name] = len(read.walk("VEVENT"))
    assert counts == {"광주": 2, "전남": 2, "전남광주": 3}


def test_a_feed_tells_what_is_new_without_markup_of_others(settings: Settings) -> None:
    for name in ("전체", "경남", "sector-manufacturing"):
        root = etree.parse(settings.exports / "feeds" / f"{name}.atom").getroot()
        titles = [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]
        assert len(titles) == 3
        assert any("<script>" in title for title in titles)
        assert not root.xpath("//*[local-name() = 'script']")
        assert all(link.get("href").startswith(("http", name)) for link in root.iter(f"{ATOM}link"))


def test_a_workbook_opens_with_korean_headers_and_runs_nothing(settings: Settings) -> None:
    book = load_workbook(settings.exports / "gonggo.xlsx")
    rows = list(book["접수 중 공고(마감순)"].iter_rows(values_only=True))
    assert "마감일" in rows[0]
    cells = [cell for row in rows[1:] for cell in row if isinstance(cell, str)]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not any(cell.startswith("=") for cell in cells)
    assert all(cell.data_type != "f" for row in book["접수 중 공고(마감순)"].iter_rows() for cell in row)


def test_a_workbook_can_be_worked_with_as_it_opens(settings: Settings) -> None:
    book = load_workbook(settings.exports / "gonggo.xlsx")
    for sheet in book:
        assert sheet.max_row > 1, f"{sheet.title} is empty"
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == sheet.dimensions
        assert sheet["A1"].font.bold
    sheet = book["접수 중 공고(마감순)"]
    columns = {cell.value: cell.column_letter for cell in sheet[1]}
    assert sheet.column_dimensions[columns["공고"]].width > sheet.column_dimensions[columns["마감일"]].width


def test_amounts_have_separators_and_years_have_none() -> None:
    row = {"year": 2026, "krw": 1_500_000_000, "rate": 25.5, "day": date(2026, 12, 11), "none": None, "yes": True}
    content = workbook_bytes([("한 장", [row, {**row, "krw": 900}]), ("빈 장", [])])
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["한 장"]
    formats = {head.value: cell.number_format for head, cell in zip(book["한 장"][1], book["한 장"][3], strict=True)}
    assert formats == {
        "year": "0", "krw": "#,##0", "rate": "0.##", "day": "yyyy-mm-dd", "none": "General", "yes": "General",
    }  # fmt: skip
    nothing = load_workbook(io.BytesIO(workbook_bytes([("빈 장", [])])))
    assert "nothing found" in nothing.active["A1"].value


def test_a_csv_file_opens_in_a_spreadsheet_and_a_pipe_gets_plain_text(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    query = "SELECT '가' AS \"나\""
    run_sql(settings, query, "csv", tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_bytes() == "\ufeff나\n가\n".encode()
    run_sql(settings, query, "csv")
    assert capsys.readouterr().out == "나\n가\n"


def test_csv_parquet_linked_data_and_dictionary(settings: Settings) -> None:
    text = (settings.exports / "csv" / "open_calls_by_closing.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(text.decode("utf-8-sig").splitlines()))
    assert len(table) == 2
    assert not any(value.startswith("=") for row in table for value in row.values())
    month = now()[:7]
    calls = duckdb.sql(
        f"SELECT count(*) FROM read_parquet('{settings.exports}/parquet/current_announcement/{month}.parquet')"
    )
    assert calls.fetchall() == [(3,)]
    graph = json.loads((settings.exports / "gonggo.jsonld").read_text("utf-8"))["@graph"]
    assert {node["@type"] for node in graph} == {"MonetaryGrant"}
    assert next(n for n in graph if n["name"] == EVIL)["amount"]["value"] == 22_700_000_000
    dictionary = (settings.exports / "dictionary.md").read_text("utf-8")
    assert "## fact_amount" in dictionary
    assert "`krw` BIGINT" in dictionary


def test_an_export_replaces_the_one_before_as_a_whole(settings: Settings) -> None:
    (settings.exports / "left.txt").write_text("옛 파일")
    export(settings)
    assert not (settings.exports / "left.txt").exists()
    assert [path.name for path in settings.exports.parent.glob(".exports*")] == []


def test_an_export_that_has_too_little_memory_is_made_again_with_more(settings: Settings, monkeypatch, caplog) -> None:
    monkeypatch.setattr(exports, "MEMORY", "2MB")
    before = {path.relative_to(settings.exports) for path in settings.exports.rglob("*")}
    with caplog.at_level("INFO"):
        export(settings)
    assert "retrying with 2GB" in caplog.text
    assert {path.relative_to(settings.exports) for path in settings.exports.rglob("*")} == before


def test_an_old_warehouse_with_characters_that_xml_forbids_is_exported_whole(settings: Settings) -> None:
    with writer(settings) as con:
        con.execute(
            "UPDATE announcement_version SET title = chr(11) || title || chr(0) || chr(65534), agency = chr(1) || agency"
        )
        content_changed(con)
    publish(settings)
    assert export(settings)["failed"] == {}
    titles = etree.parse(settings.exports / "feeds" / "전체.atom").findall(f"{ATOM}entry/{ATOM}title")
    assert titles and all("경남" in title.text for title in titles)
    assert "경남" in (settings.exports / "calendar" / "전체.ics").read_text("utf-8")
    assert load_workbook(settings.exports / "gonggo.xlsx").sheetnames


@pytest.mark.parametrize(
    "name",
    [
        "calendar_bytes",
        "feed_bytes",
        "workbook_bytes",
        "csv_bytes",
        "write_linked_data",
        "_dictionary",
        "write_parquet",
    ],
)
def test_an_output_that_fails_is_left_out_and_reported_and_the_others_are_made(
    settings, monkeypatch, caplog, name
) -> None:
    before = {str(path.relative_to(settings.exports)) for path in settings.exports.rglob("*") if path.is_file()}

    def fails(*_: object, **__: object) -> None:
        raise ValueError("a value of a kind that nobody thought of")

    monkeypatch.setattr(exports, name, fails)
    result = export(settings)
    after = {str(path.relative_to(settings.exports)) for path in settings.exports.rglob("*") if path.is_file()}
    assert result["failed"] and result["failed"] == exports.last_failed(settings)
    assert all("nobody thought of" in why for why in result["failed"].values()) and "was left out" in caplog.text
    gone = before - after
    assert gone and all(any(path.startswith(name) for name in result["failed"]) for path in gone)
    assert after - before == {exports.FAILED}
    monkeypatch.undo()
    assert export(settings)["failed"] == {} == exports.last_failed(settings)


def test_the_page_of_the_sources_tells_what_was_left_out(settings: Settings, tmp_path: Path, monkeypatch) -> None:
    # A home of its own: a process that serves one cannot export it.
    settings = replace(settings, home=copy_home(settings.home, tmp_path / "home"))

    def fails(*_: object) -> None:
        raise ValueError("<b>odd</b>")

    monkeypatch.setattr(exports, "_dictionary", fails)
    export(settings)
    page = TestClient(create_site(settings)).get("/sources").text
    assert "exports/dictionary.md" in page and "&lt;b&gt;odd" in page


def test_a_full_disk_leaves_the_exports_before(settings: Settings, monkeypatch) -> None:
    before = (settings.exports / "gonggo.xlsx").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exports, "calendar_bytes", full)
    with pytest.raises(OSError, match="No space"):
        export(settings)
    assert (settings.exports / "gonggo.xlsx").read_bytes() == before
