"""Whatever one thing does, it ends as its own recorded outcome; the others are collected, read and published."""

import errno
import os
import shutil
from contextlib import closing, nullcontext
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as profile
from hypothesis import strategies as st
from lxml import etree

from gonggo import pipeline
from gonggo.boundary import Traces, error_boundary
from gonggo.clean_text import clean, clean_all
from gonggo.crawl import attachments, collection, fetching, steps
from gonggo.crawl import documents as reading
from gonggo.crawl.attachment_store import AttachmentStore
from gonggo.crawl.ledger import ledger_of
from gonggo.crawl.run_files import RunFiles
from gonggo.crawl.warc import Archive, read_archive
from gonggo.errors import CollectError, TransientError, UnforeseenError
from gonggo.model import Listed, read_jsonl
from gonggo.read.attachments import Attachment
from gonggo.report.exports import export
from gonggo.settings import SQL, Limits, load_settings
from gonggo.sources.adapter import Detail, Page
from gonggo.sources.html_board import HtmlBoard
from gonggo.warehouse.snapshot import open_snapshot
from tests.board import Board, Post, serving
from tests.read.office_files import hwpx, p, t, zipped

STEPS = (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish)
FAULTS = [ValueError("x"), KeyError("k"), RecursionError(), AttributeError("a"), AssertionError(), UnicodeError("u")]
GOOD = "경남 제조AI 실증 지원사업 참여기업 모집 공고"


def home(folder, url="http://127.0.0.1:1"):
    env = {"GONGGO_SOURCES": "demo", "GONGGO_DEMO_URL": url, "GONGGO_HOME": str(folder), "GONGGO_PREFILTER": "off"}
    limits = Limits(connect_seconds=10, read_seconds=10, total_seconds=30, attempts=1)
    return replace(load_settings(env), limits=limits, portal_pause=0.0)


def documents(settings, run):
    return {row["native_id"]: row for row in read_jsonl(settings.batches / run["batch_id"] / "documents.jsonl")}


# ── text ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("raw", "fit"),
    [
        ("AI\x0b 공고\ud83d\x00", "AI 공고\ufffd"),
        ("\ud83d\ude00", "\N{GRINNING FACE}"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("\ufffe공고\uffff", "공고"),
        ("줄\n칸\t끝\r", "줄\n칸\t끝\r"),
        ("\N{GRINNING FACE} 공고 🇰🇷", "\N{GRINNING FACE} 공고 🇰🇷"),
    ],
)
def test_text_at_the_door_can_be_written_as_utf8_and_as_xml(raw, fit):
    assert clean(raw) == fit
    assert Listed("btp", "1", raw, "https://a/", {"agency": raw}, files=[{"name": raw, "url": "u"}]).fields == {
        "agency": fit
    }
    assert Detail(raw, raw, {"x": raw}).title == fit


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_at_the_door_is_fit_and_what_is_fit_stays(text):
    fit = clean(text)
    assert clean(fit) is fit
    fit.encode()
    etree.fromstring(f"<a>{fit.replace('&', '').replace('<', '').replace(']]>', '')}</a>".encode())


def test_a_value_without_unfit_text_is_not_copied():
    value = {"a": ["공고", {"b": "c"}], "n": 1}
    assert clean_all(value) is value


# ── one announcement ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def board():
    with serving(Board([Post(f"{GOOD} {number}") for number in range(1, 7)])) as shown:
        yield shown


def first_only(real, error, matches):
    """A function that fails as told for what ``matches``, and is itself for all else."""

    def failing(*values, **named):
        if matches(*values, **named):
            raise error
        return real(*values, **named)

    return failing


@pytest.mark.parametrize("error", FAULTS, ids=lambda error: type(error).__name__)
def test_an_announcement_that_cannot_be_fetched_costs_no_other_and_is_asked_for_again(
    board, tmp_path, monkeypatch, error
):
    settings = home(tmp_path, board.url)
    fault = first_only(fetching.fetch_one, error, lambda item, *_, **__: item.native_id == "3")
    monkeypatch.setattr(steps, "fetch_one", fault)
    run = pipeline.collect("btp", settings=settings)
    assert (run["state"], run["extracted"], run["failed"]) == ("partial", 5, 1)
    (run_error,) = run["errors"]
    assert run_error["outcome"] == "unforeseen" and type(error).__name__ in run_error["message"]
    traceback_file = settings.home / run_error["message"].rpartition("traceback in ")[2]
    assert "Traceback" in traceback_file.read_text("utf-8") and "btp 3" in traceback_file.read_text("utf-8")
    monkeypatch.undo()
    again = pipeline.collect("btp", settings=settings)
    assert (again["state"], set(documents(settings, again))) == ("ok", {"3"})


def test_an_announcement_that_cannot_be_read_costs_no_other(board, tmp_path, monkeypatch):
    board.posts[1].markup = "<p>먼저</p>"
    settings = home(tmp_path, board.url)
    fault = first_only(reading.extract_parts, IndexError("at"), lambda text, *_, **__: "먼저" in text)
    monkeypatch.setattr(reading, "extract_parts", fault)
    run = pipeline.collect("btp", settings=settings)
    assert (run["state"], run["extracted"]) == ("partial", 5)
    document = documents(settings, run)["2"]
    assert (
        document["outcome"] == "unreadable"
        and "IndexError" in document["reason"]
        and "traceback in" in document["reason"]
    )


def test_a_file_that_nobody_foresaw_costs_neither_its_announcement_nor_the_other_files(board, tmp_path, monkeypatch):
    board.posts[0].links = ["/a.hwp", "/b.hwp"]
    board.content = b"%PDF-1.4 x"
    settings = home(tmp_path, board.url)
    fault = first_only(attachments.sniff, OverflowError("big"), lambda content: True)
    monkeypatch.setattr(attachments, "sniff", fault)
    run = pipeline.collect("btp", settings=settings)
    assert run["extracted"] == 6
    files = documents(settings, run)["1"]["attachments"]
    assert [file["outcome"] for file in files] == ["unforeseen", "unforeseen"]


def test_what_always_fails_is_tried_at_every_run_and_holds_up_no_walk_for_ever(board, tmp_path, monkeypatch):
    settings = home(tmp_path, board.url)
    fault = first_only(fetching.fetch_one, ValueError("x"), lambda item, *_, **__: item.native_id == "3")
    monkeypatch.setattr(steps, "fetch_one", fault)
    settled = []
    for _ in range(6):
        run = pipeline.collect("btp", settings=settings)
        assert run["errors"][0]["outcome"] == "unforeseen"
        settled.append(ledger_of(settings, "btp").last_run_complete())
    assert settled == [False] * 4 + [True] * 2


def test_a_record_that_cannot_be_written_leaves_the_archive_whole(tmp_path):
    path = tmp_path / "x.warc.gz"
    with Archive(path) as archive:
        for number, name in enumerate(["좋은", "\x00", "끝"]):
            url = f"http://a/{name}?f=공고 문\r\nX: 1"
            page = Page(
                url, 200, {"location": "http://b/공고", "x\udc80": "y", "content-type": "text/html\r\n folded"}, b"<p>x"
            )
            record = archive.write_exchange(page, "GET", {}, "2026-11-01T00:00:00+09:00")
            item = Listed("btp", str(number), "공고\ud83d", url)
            with pytest.raises(TypeError) if number == 1 else nullcontext():
                files = [Attachment({1}, "http://a/")] if number == 1 else []
                archive.write_listed(item, record, "2026-11-01T00:00:00+09:00", files)
    assert [exchange.item.native_id for exchange in read_archive(path, AttachmentStore(tmp_path))] == ["0", "2"]


# ── one source, one chunk, one batch ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("step", ["_adapter", "plan_fetches", "summarize", "mark_running", "commit_batch", "recover"])
@pytest.mark.slow
def test_a_source_that_fails_in_any_step_costs_no_other(board, tmp_path, monkeypatch, step):
    settings = home(tmp_path, board.url)
    (tmp_path / "받은").mkdir()
    (tmp_path / "받은" / "글.txt").write_text("경남 제조AI 실증에 3억원을 지원한다.", "utf-8")
    settings = replace(settings, inbox=(tmp_path / "받은",))
    module = steps if hasattr(steps, step) else collection
    real = getattr(module, step)
    of_btp = first_only(
        real, TypeError("odd"), lambda *values, **_: "btp" in repr(values) and "'state': 'failed'" not in repr(values)
    )
    monkeypatch.setattr(module, step, of_btp)
    runs = {run["source"]: run for run in pipeline.collect_all(["btp", "inbox"], settings=settings)}
    assert runs["btp"]["state"] == "failed"
    assert "TypeError: odd" in runs["btp"]["errors"][0]["message"]
    assert runs["inbox"]["state"] == "ok"
    for one in STEPS:
        one(settings=settings)
    with closing(open_snapshot(settings)) as con:
        assert con.execute("SELECT count(*) FROM announcement WHERE source = 'inbox'").fetchone() == (1,)
        problems = con.execute((SQL / "reports" / "problems.sql").read_text("utf-8")).fetchall()
    assert any("TypeError: odd" in str(row) for row in problems)


def test_a_chunk_that_fails_costs_no_other(board, tmp_path, monkeypatch):
    settings = replace(home(tmp_path, board.url), chunk_size=2)
    fault = first_only(pipeline.fetch_chunk, RuntimeError("x"), lambda *values, **_: values[2] == 2)
    monkeypatch.setattr(collection, "fetch_chunk", fault)
    run = pipeline.collect("btp", settings=settings)
    assert (run["state"], run["extracted"], run["failed"]) == ("partial", 4, 2)
    monkeypatch.undo()
    assert pipeline.collect("btp", settings=settings)["extracted"] == 2


def test_a_full_disk_is_no_outcome_of_an_announcement():
    for number in (errno.ENOSPC, errno.EROFS, errno.EMFILE, errno.EACCES):
        with pytest.raises(OSError, match="x"), error_boundary("one"):
            raise OSError(number, "x")
    with pytest.raises(MemoryError), error_boundary("one"):
        raise MemoryError
    with pytest.raises(KeyboardInterrupt), error_boundary("one"):
        raise KeyboardInterrupt
    with pytest.raises(UnforeseenError), error_boundary("one"):
        raise OSError(errno.ENAMETOOLONG, "x")
    with pytest.raises(TransientError), error_boundary("one"):
        raise TransientError("later")


def test_tracebacks_hold_no_key_and_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_GO_KR_API_KEY", "geheim/schluessel==")
    traces = Traces(tmp_path / "t.txt", tmp_path)
    for _ in range(50):
        with pytest.raises(CollectError) as raised, error_boundary("one", traces):
            raise ValueError("serviceKey=abc geheim%2Fschluessel%3D%3D " + "x" * 100_000)
    trace = (tmp_path / "t.txt").read_text("utf-8")
    assert "geheim" not in trace + str(raised.value) and "serviceKey=abc" not in trace
    assert len(trace) < 300_000 and len(str(raised.value)) < 500


def test_a_run_whose_notes_are_damaged_is_reported_and_collected_again(board, tmp_path):
    settings = home(tmp_path, board.url)
    pipeline.list_source("btp", "r1", settings=settings)
    pipeline.fetch_chunk("btp", "r1", 1, settings=settings)
    pipeline.extract_chunk("btp", "r1", 1, settings=settings)
    RunFiles(settings, "btp", "r1").part("fetched", 1).write_bytes(b"\0" * 300)
    run = pipeline.stage("btp", "r1", settings=settings)
    assert run["state"] == "failed" and "the files of" in run["errors"][0]["message"]
    assert pipeline.collect("btp", settings=settings)["extracted"] == 6


# ── everything at once ──────────────────────────────────────────────────────────────────────────────────────────────

ODD = st.text(st.characters(exclude_categories=(), exclude_characters="\r\n"), max_size=20)
ADDRESS = st.one_of(
    st.sampled_from(
        [
            "http://[붙임]/x.hwp",
            "http://a..b/",
            f"http://{'a' * 300}/",
            "//[",
            "http://x:99999999/",
            "\\\\a\\b",
            "/공고문.hwp?f=공고 문",
            "file:///etc/passwd",
            "http://\ud83d/",
        ]
    ),
    ODD,
    ODD.map(lambda text: f"http://{text}/x"),
    ODD.map(lambda text: f"/dl?f={text}"),
)
HEADERS = st.dictionaries(
    st.sampled_from(["ETag", "Last-Modified", "Content-Disposition", "Set-Cookie", "X-공고", "Content-Encoding"]),
    ODD,
    max_size=3,
)
WORKBOOK = zipped({"Contents/section0.xml": b"<a/>", "공고문.txt": "인공지능".encode()})


@st.composite
def broken_files(draw):
    """Bytes of an archive or a document with some of them changed, or any bytes."""
    whole = bytearray(draw(st.sampled_from([WORKBOOK, hwpx(p(t("공고"))), b"%PDF-1.7\n", b""])))
    for _ in range(draw(st.integers(0, 4))):
        if whole:
            whole[draw(st.integers(0, len(whole) - 1))] = draw(st.integers(0, 255))
    return bytes(whole[: draw(st.integers(0, len(whole)))]) if draw(st.booleans()) else bytes(whole)


@pytest.mark.slow
@profile(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(
    titles=st.lists(ODD, min_size=1, max_size=3),
    links=st.lists(ADDRESS, max_size=2),
    headers=HEADERS,
    file_headers=HEADERS,
    content=broken_files(),
    markup=ODD,
)
def test_nothing_of_a_site_ends_a_run(tmp_path_factory, titles, links, headers, file_headers, content, markup):
    odd = [Post(f"AI 공고 {title}", links, headers, markup) for title in titles]
    good = [Post(f"{GOOD} {number}") for number in range(7)]
    with serving(Board([*odd, *good], content, file_headers)) as board:
        folder = tmp_path_factory.mktemp("home")
        settings = home(folder, board.url)
        (run,) = pipeline.collect_all(["btp"], settings=settings)
    assert run["state"] in ("ok", "partial"), run["errors"]
    read = [row for row in documents(settings, run).values() if row["title"].startswith(GOOD)]
    assert len(read) == len(good) and all(row["outcome"] == "ok" for row in read)
    assert run["state"] == "ok" or all(error["message"] for error in run["errors"])
    for error in run["errors"]:
        error["message"].encode()
    shutil.rmtree(folder)


@pytest.mark.slow
def test_a_title_that_no_format_can_hold_comes_out_in_every_format(tmp_path):
    title = "AI\x0b 공고\ud83d\x00"
    posts = [Post(f"{title} 1"), *(Post(f"{GOOD} {number}") for number in range(5))]
    with serving(Board(posts)) as board:
        settings = replace(home(tmp_path, board.url), inbox=(tmp_path / "받은",))
        (tmp_path / "받은").mkdir()
        (tmp_path / "받은" / "AI\x0b 공고\x01.txt").write_text(
            "경남 제조AI 실증에 3억원을 지원한다. 접수기간: 2026. 11. 1. ~ 2027. 3. 4.", "utf-8"
        )
        runs = list(pipeline.collect_all(["btp", "inbox"], settings=settings))
    assert [run["state"] for run in runs] == ["ok", "ok"], [run["errors"] for run in runs]
    for step in STEPS:
        step(settings=settings)
    export(settings)
    for feed in settings.exports.rglob("*.atom"):
        etree.parse(str(feed))
    book = openpyxl.load_workbook(settings.exports / "gonggo.xlsx")
    assert any("AI 공고" in str(cell.value) for sheet in book for row in sheet for cell in row)


# ── the inbox ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "받은"
    folder.mkdir()
    (folder / "글.txt").write_text("경남 제조AI 실증에 3억원을 지원한다.", "utf-8")
    return replace(home(tmp_path / "home"), inbox=(folder,)), folder


def messages_of(run):
    return [error["message"] for error in run["errors"]]


def test_a_link_out_of_the_inbox_is_not_followed_and_reported(inbox, tmp_path):
    settings, folder = inbox
    (tmp_path / "geheim").mkdir()
    (tmp_path / "geheim" / "geheim.txt").write_text("geheime AI Worte von anderswo", "utf-8")
    (folder / "밖.txt").symlink_to(tmp_path / "geheim" / "geheim.txt")
    (folder / "밖").symlink_to(tmp_path / "geheim")
    (folder / "안.txt").symlink_to(folder / "글.txt")
    (folder / "돌.txt").symlink_to(folder / "돌.txt")
    run = pipeline.collect("inbox", settings=settings)
    assert run["state"] == "ok"
    assert set(documents(settings, run)) == {"받은/글.txt", "받은/안.txt"}
    assert any("밖.txt" in line and "leads out of the inbox" in line for line in messages_of(run))
    assert any("받은/밖" in line and "link to a folder" in line for line in messages_of(run))
    assert not any("geheime" in path.read_text("utf-8", "replace") for path in settings.batches.rglob("*.jsonl"))


def test_what_office_programs_leave_beside_open_files_is_passed_over_and_reported(inbox):
    settings, folder = inbox
    for name in ("~$공고.docx", "~$공고.XLSX", "~$계획.hwp"):
        (folder / name).write_bytes(b"\x05clerk")
    run = pipeline.collect("inbox", settings=settings)
    assert set(documents(settings, run)) == {"받은/글.txt"}
    assert sum("~$" in line and "lock file of an office program" in line for line in messages_of(run)) == 3


def test_a_file_that_becomes_a_link_after_it_was_listed_is_not_followed(inbox, tmp_path):
    settings, folder = inbox
    pipeline.list_source("inbox", "r1", settings=settings)
    (tmp_path / "geheim.txt").write_text("geheime AI Worte", "utf-8")
    (folder / "글.txt").unlink()
    (folder / "글.txt").symlink_to(tmp_path / "geheim.txt")
    pipeline.fetch_chunk("inbox", "r1", 1, settings=settings)
    run = pipeline.stage("inbox", "r1", settings=settings)
    assert run["extracted"] == 0 and "leads out of the inbox" in messages_of(run)[0]


def test_what_the_inbox_passes_over_is_listed_with_the_reason(inbox):
    settings, folder = inbox
    (folder / ".숨은.txt").write_text("AI", "utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.txt").write_text("AI", "utf-8")
    (folder / "그림.png").write_bytes(b"x")
    (folder / "없음").write_bytes(b"x")
    os.mkfifo(folder / "관.txt")
    run = pipeline.collect("inbox", settings=settings)
    assert (run["state"], run["extracted"]) == ("ok", 1)
    assert {line.partition(":")[0] for line in messages_of(run)} == {"받은/그림.png", "받은/없음", "받은/관.txt"}
    assert any("(.png)" in line for line in messages_of(run)) and any(
        "no ordinary file" in line for line in messages_of(run)
    )


@pytest.mark.parametrize(
    ("raw", "shown"), [("AI공고문.txt".encode("cp949"), "AI공고문.txt"), (b"AI\xff\xfe.txt", "AI\ufffd\ufffd.txt")]
)
def test_a_name_that_is_no_utf8_is_read_and_shown(inbox, raw, shown):
    settings, folder = inbox
    (folder / os.fsdecode(raw)).write_text("경남 제조AI 실증에 5억원을 지원한다.", "utf-8")
    run = pipeline.collect("inbox", settings=settings)
    assert (run["state"], run["extracted"]) == ("ok", 2), run["errors"]
    (document,) = [row for name, row in documents(settings, run).items() if name != "받은/글.txt"]
    assert document["listed"]["file"] == shown and "5억원" in document["record"]["text"]
    again = pipeline.collect("inbox", settings=settings)
    assert (again["new"], again["changed"]) == (0, 0)


def test_an_inbox_that_holds_nothing_to_read_says_what_it_holds(inbox):
    settings, folder = inbox
    (folder / "글.txt").rename(folder / "글.rtf")
    run = pipeline.collect("inbox", settings=settings)
    assert run["state"] == "failed"
    assert "글.rtf" in messages_of(run)[0] and ".hwpx" in messages_of(run)[0]


def test_a_board_that_links_to_a_file_of_this_machine_gets_none(tmp_path, monkeypatch):
    secret = tmp_path / "geheim.txt"
    secret.write_text("geheime AI Worte", "utf-8")
    with serving(Board([Post(f"{GOOD} {number}", [secret.as_uri()]) for number in range(5)])) as board:
        settings = home(tmp_path / "home", board.url)
        real = HtmlBoard.detail_request

        def elsewhere(self, item):
            asked = real(self, item)
            return replace(asked, url=secret.as_uri()) if item.native_id == "1" else asked

        monkeypatch.setattr(HtmlBoard, "detail_request", elsewhere)
        run = pipeline.collect("btp", settings=settings)
    assert (run["extracted"], run["state"]) == (4, "partial")
    assert not any(b"geheime" in path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
