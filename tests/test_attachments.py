"""Attachments from the portal to the evidence of a fact."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest
import requests
from warcio.archiveiterator import ArchiveIterator

from demo.portal import serve
from gonggo import pipeline
from gonggo.crawl.attachments import fetch_files, served_name
from gonggo.extract.merge import extract_parts
from gonggo.model import Listed, read_jsonl
from gonggo.read.attachments import Attachment, append_attachments
from gonggo.report.named import report_rows
from gonggo.settings import load_settings
from gonggo.sources.adapter import Page
from gonggo.sources.attachments import files_of
from gonggo.sources.dom import tree_of
from gonggo.warehouse.snapshot import open_snapshot
from tests.read.office_files import hwp, hwpx, p, t, zipped

NOTICE = hwp(["2026년 AI 실증 모집 공고", [["지원규모", "기업당 최대 1억원"]]])
FORM = hwp(["참가 신청서", "대표자 (서명)"])


@pytest.mark.slow
def test_a_fact_of_the_attached_notice_names_its_file_and_a_form_yields_none(tmp_path):
    with serve() as portal:
        settings = load_settings(
            {"GONGGO_HOME": str(tmp_path), "GONGGO_SOURCES": "demo", "GONGGO_DEMO_URL": portal.url}
        )
        for step in (
            lambda settings: pipeline.collect("btp", settings=settings),
            pipeline.load,
            pipeline.link,
            pipeline.publish,
        ):
            step(settings=settings)
    with closing(open_snapshot(settings)) as con:
        people = con.execute("SELECT fact_id FROM fact_quantity WHERE value = 120 AND unit = 'people'").fetchone()
        proof = con.execute("SELECT evidence_quote, file, place FROM evidence(?)", [people[0]]).fetchone()
        notice = "항만물류 AI 서비스 현장실증 지원사업 참여기업 모집 공고문.hwp"
        assert proof == ("120명", notice, "표 1의 2행 2열")
        ceiling = con.execute("SELECT fact_id FROM fact_amount WHERE krw = 160_000_000").fetchone()
        evidence_rows = con.execute("SELECT says, evidence_quote, file FROM evidence(?)", ceiling).fetchall()
        assert evidence_rows == [("this", "1억6천만원", notice), ("otherwise", "1억5천만원", None)]
        projects = con.execute("SELECT fact_id FROM fact_quantity WHERE value = 4 AND unit = 'projects'").fetchone()
        evidence_rows = con.execute("SELECT says, evidence_quote, file FROM evidence(?)", projects).fetchall()
        assert evidence_rows == [("this", "4개 과제", None), ("the same", "4개 과제", notice)]
        row = report_rows(settings, "contradictions")[0]
        assert row["item"] == "지원 한도"
        assert (row["taken"], row["other"], row["stands_in"]) == (
            "160,000,000원",
            "150,000,000원",
            f"{notice} 표 1의 1행 2열",
        )
        roles = con.execute(
            "SELECT DISTINCT role, outcome, media_type FROM attachment WHERE name LIKE '%서식%'"
        ).fetchall()
        assert roles == [("form", "ok", "hwpx")]
        assert con.execute("SELECT count(*) FROM attachment WHERE sha256 IS NULL").fetchone() == (0,)
        asked = con.execute('SELECT DISTINCT purpose FROM "fetch" ORDER BY 1').fetchall()
        assert ("file",) in asked


def test_pictures_and_what_is_beyond_the_limit_are_not_asked_for():
    files = [{"name": f"그림{n}.JPG", "url": f"https://example.or.kr/{n}"} for n in range(12)]
    item = Listed("btp", "1", "공고", "https://example.or.kr/")
    assert {file.outcome for file in fetch_files(files, item, None, None)} == {"left"}


def archived(settings):
    return sorted(path.name for path in settings.attached.rglob("*.warc.gz"))


def asked_for_files(portal):
    return [url for url in portal.portal.requests if "/file" in url or "download.php" in url]


def attachments(settings, run):
    documents = read_jsonl(settings.batches / run["batch_id"] / "documents.jsonl")
    return [file for document in documents for file in document["attachments"]]


@pytest.mark.slow
def test_a_file_of_several_announcements_is_archived_once_and_read_for_each(settings):
    runs = [pipeline.collect(source, settings=settings) for source in ("btp", "bizinfo")]
    files = [file for run in runs for file in attachments(settings, run) if file["outcome"] == "ok"]
    digests = {file["sha256"] for file in files}
    assert len(files) > len(digests)
    assert {f"{digest}.warc.gz" for digest in digests} <= set(archived(settings))
    warc = next((settings.archive / "btp").rglob("chunk-0001.warc.gz"))
    with warc.open("rb") as stream:
        revisits = [record.rec_headers for record in ArchiveIterator(stream) if record.rec_type == "revisit"]
    digest = revisits[0].get_header("WARC-Payload-Digest").removeprefix("sha256:")
    with (settings.attached / digest[:2] / f"{digest}.warc.gz").open("rb") as stream:
        (held,) = [record.rec_headers.get_header("WARC-Record-ID") for record in ArchiveIterator(stream)]
    assert revisits[0].get_header("WARC-Refers-To") == held


def test_the_archive_alone_gives_the_files_again_and_says_which_are_lost(settings, portal):
    run = pipeline.collect("btp", settings=settings)
    before, asked = attachments(settings, run), len(asked_for_files(portal))
    pipeline.replay("btp", settings=settings)
    assert attachments(settings, run) == before and len(asked_for_files(portal)) == asked
    lost = next(file["sha256"] for file in before if file["outcome"] == "ok")
    (settings.attached / lost[:2] / f"{lost}.warc.gz").unlink()
    pipeline.replay("btp", settings=settings)
    # What was read of it before stays, and says that the archive does not have it any more.
    lost_files = [file for file in attachments(settings, run) if file.get("sha256") == lost]
    assert lost_files and all(
        file["outcome"] == "ok" and "kept as it was read before" in file["reason"] for file in lost_files
    )


def test_files_of_a_page_looked_at_again_are_not_asked_for_within_days_and_then_only_if_changed(
    settings, portal, monkeypatch
):
    eager = replace(settings, recrawl_days=0)
    pipeline.collect("jbba", settings=eager)
    requests.post(f"{portal.url}/_control", json={"revised": True}, timeout=5).raise_for_status()
    # Files of a row whose period has moved are asked for.
    assert pipeline.collect("jbba", settings=eager)["changed"] > 0
    asked = len(asked_for_files(portal))
    assert asked > 0
    assert pipeline.collect("jbba", settings=eager)["revisited"] > 0
    assert len(asked_for_files(portal)) == asked
    monkeypatch.setattr("gonggo.crawl.attachments.RECHECK_DAYS", -1)
    requests.post(f"{portal.url}/_control", json={}, timeout=5).raise_for_status()
    run = pipeline.collect("jbba", settings=eager)
    assert len(asked_for_files(portal)) > asked
    fetches = [
        row for row in read_jsonl(settings.batches / run["batch_id"] / "fetches.jsonl") if row["purpose"] == "file"
    ]
    # A row whose period moves back names another file, which comes whole.
    assert {row["outcome"] for row in fetches} <= {"not_modified", "ok"}
    assert {file["outcome"] for file in attachments(settings, run)} == {"ok"}


def rows(*files):
    return [
        (Attachment(name, f"https://example.or.kr/{number}", "fetched"), data)
        for number, (name, data) in enumerate(files)
    ]


def test_the_notice_alone_is_taken_and_its_place_reported():
    text, attachments, *_ = append_attachments(
        "본문", rows(("공고문.hwp", NOTICE), ("신청서.hwp", FORM), ("사진.jpg", b"\xff\xd8\xff"), ("없음.hwp", None))
    )
    assert [file.role for file in attachments] == ["notice", "form", None, None]
    assert [file.outcome for file in attachments] == ["ok", "ok", "unsupported", "fetched"]
    notice = attachments[0]
    assert text[notice.start : notice.end].startswith("2026년 AI 실증 모집 공고")
    assert text.startswith("본문\n\n## 첨부: 공고문.hwp\n") and "신청서" not in text


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("붙임1. 2026년 제조 AI 지원사업 공고문.hwp", "notice"),
        ("[붙임] 참여기업 모집공고_신청서 양식.hwp", "form"),
        ("모집 공고 제출서류.hwp", "form"),
        ("공고문(신청서 포함).hwp", "notice"),
        ("사업계획서 작성 안내.hwp", "form"),
        ("2026년 시행계획(안).hwp", "notice"),
        ("사업계획서.hwp", "form"),
        ("제조 AI 사업 관리지침.hwp", "other"),
        ("과제 제안요청서(RFP).hwp", "other"),
        ("붙임.hwp", "notice"),
        ("2026-101.hwp", "notice"),
    ],
)
def test_a_file_is_what_the_last_word_of_its_name_says_else_what_its_text_says(name, role):
    assert append_attachments("본문 " * 100, rows((name, NOTICE)))[1][0].role == role


def test_a_notice_that_holds_its_form_too_yields_facts():
    body = hwp(["제조 AI 실증 지원사업 공고", "○ 지원규모 : 기업당 최대 1억원", "○ 접수기간 : 2026. 11. 3.까지"])
    whole = append_attachments(
        "경남테크노파크가 경남 제조 AI 실증 지원사업 참여기업을 모집합니다.", rows(("공고문(신청서 포함).hwp", body))
    )
    record = extract_parts(
        whole.text, [(whole.files[0].start, len(whole.text))], id="a", fields={"title": "제조 AI 실증 지원사업 공고"}
    )
    assert [amount.krw for amount in record.amounts] == [100_000_000]


def test_a_page_that_says_nothing_takes_its_facts_from_what_there_is():
    plain = hwp(["제조 AI 실증 지원사업", [["지원규모", "기업당 최대 1억원"]]])
    text, attachments, *_ = append_attachments("붙임 참조", rows(("참고 1.hwp", plain), ("신청서.hwp", FORM)))
    assert [file.role for file in attachments] == ["other", "form"]
    assert "기업당 최대 1억원" in text and "서명" not in text
    assert "1억원" not in append_attachments("본문 " * 100, rows(("참고 1.hwp", plain)))[0]


def test_a_form_without_a_name_is_known_by_its_text_and_a_twin_is_read_once():
    twin = hwpx(p(t("2026년 AI 실증 모집 공고")))
    text, attachments, *_ = append_attachments(
        "", rows(("a1.hwp", FORM), ("AI 공고.hwp", NOTICE), ("AI 공고.hwpx", twin), ("AI 공고(1).hwp", NOTICE))
    )
    assert [file.role for file in attachments] == ["form", "notice", "notice", None]
    assert attachments[3].outcome == "same"
    assert text.count("## 첨부") == 1 and "## 첨부: AI 공고.hwpx" in text


def test_a_hostile_file_is_recorded_and_the_others_are_read():
    bomb = zipped({"x.bin": b"\0" * (300 * 1024 * 1024)})
    text, attachments, *_ = append_attachments("", rows(("공고 폭탄.zip", bomb), ("공고.hwp", NOTICE)))
    assert [file.outcome for file in attachments] == ["too_big", "ok"]
    assert "기업당 최대 1억원" in text


def test_a_file_that_a_page_links_to_twice_is_one_file():
    links = "<a href='/f?n=1'>공고문.hwp</a><a href='/f?n=1'><img alt=''>공고문.hwp 내려받기</a><a href='/f?n=2'>신청서.hwp</a>"
    page = Page("https://example.or.kr/v", 200, {"content-type": "text/html; charset=utf-8"}, links.encode())
    files = list(files_of(tree_of(page, "utf-8"), "a", page.url))
    assert [file["url"] for file in files] == ["https://example.or.kr/f?n=1", "https://example.or.kr/f?n=2"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename*=UTF-8''%EA%B3%B5%EA%B3%A0.hwp", "공고.hwp"),
        ('attachment; filename="%B0%F8%B0%ED.hwp"', "공고.hwp"),
        ('attachment; filename="' + "공고.hwp".encode("cp949").decode("latin-1") + '"', "공고.hwp"),
        ('attachment; filename="' + "공고.hwp".encode().decode("latin-1") + '"', "공고.hwp"),
        ("inline", None),
    ],
)
def test_a_served_name_is_read_however_it_is_written(header, name):
    assert served_name(Page("https://example.or.kr/f", 200, {"content-disposition": header}, b"")) == name
