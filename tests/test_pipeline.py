"""The steps over the portal: nothing lost, nothing twice, whatever happens in between."""

import json
import shutil
from dataclasses import replace
from datetime import datetime

import pytest
import requests

from gonggo import pipeline
from gonggo.crawl import collection, run_summary
from gonggo.crawl.run_files import RunFiles
from gonggo.errors import BlockedError, CollectError, EmptyError, TransientError
from gonggo.model import read_jsonl
from gonggo.settings import SEOUL
from gonggo.sources.catalogue import load_catalogue
from tests.read.office_files import hwp

SITES = [site.id for site in load_catalogue().values() if site.demo]


def fault(portal, **wanted):
    requests.post(f"{portal.url}/_control", json=wanted, timeout=10).raise_for_status()


def truth(portal, site):
    return set(requests.get(f"{portal.url}/_truth.json", timeout=10).json()[site])


def documents(settings, batch):
    return {row["native_id"]: row for row in read_jsonl(settings.batches / batch / "documents.jsonl")}


@pytest.mark.parametrize("site", SITES)
def test_every_announcement_of_a_site_is_collected_once(portal, settings, site):
    run = pipeline.collect(site, settings=settings)
    collected = documents(settings, run["batch_id"])
    assert run["state"] == "ok", run["errors"]
    assert set(collected) == truth(portal, site)
    assert all(d["outcome"] == "ok" and len(d["record"]["text"]) > 40 for d in collected.values())
    assert not any("Copyright" in d["record"]["text"] or "오늘 방문" in d["record"]["text"] for d in collected.values())


def test_run_ids_sort_by_time_within_a_second_too(monkeypatch):
    chances = (f"{left:04x}" for left in range(99, 0, -1))
    monkeypatch.setattr(collection.secrets, "token_hex", lambda _: next(chances))
    ids = [pipeline.new_run_id() for _ in range(50)]
    assert ids == sorted(ids)
    # Those of former versions ended with the second.
    assert f"{ids[0][:15]}-ffff" < ids[0]


@pytest.mark.parametrize("site", ["btp", "jbba"])
def test_a_second_run_fetches_nothing(portal, settings, site):
    pipeline.collect(site, settings=settings)
    before = len(portal.portal.requests)
    run = pipeline.collect(site, settings=settings)
    assert (run["new"], run["changed"], run["fetched"]) == (0, 0, 0)
    assert len(portal.portal.requests) - before == 1  # the first list page, for it holds nothing new


def test_titles_are_whole_and_files_are_named(portal, settings):
    collected = documents(settings, pipeline.collect("gtp", settings=settings)["batch_id"])
    assert not any(d["title"].endswith("..") for d in collected.values())
    names = [f["name"] for d in collected.values() for f in d["attachments"]]
    assert names
    assert not any("KB" in name for name in names)


@pytest.mark.parametrize("site", SITES)
@pytest.mark.slow
def test_a_second_run_asks_the_whole_question_and_finds_nothing_new(portal, settings, site):
    pipeline.collect(site, settings=settings)
    again = pipeline.collect(site, settings=settings)
    assert (again["state"], again["new"], again["changed"], again["fetched"]) == ("ok", 0, 0, 0)


def test_every_question_of_a_search_is_asked_though_the_first_brings_nothing_new(portal, settings):
    pipeline.collect("naver_news", settings=settings)
    asked = len(load_catalogue()["naver_news"].queries)
    assert pipeline.collect("naver_news", settings=settings)["pages"] == asked


def test_a_run_says_how_much_of_the_list_is_kept_and_how_new_it_is(portal, settings):
    run = pipeline.collect("btp", settings=settings)
    assert run["stored"] == run["listed"] > 0
    assert run["newest"] <= datetime.now(SEOUL).date().isoformat()
    again = pipeline.collect("btp", settings=settings)
    assert (again["new"], again["stored"]) == (0, again["listed"])


def test_a_first_walk_goes_back_as_far_as_it_should_and_a_person_may_go_further(portal, settings):
    near = replace(settings, days_back=1)
    short = pipeline.collect("jbba", settings=near)
    longer = pipeline.collect("jbba", since="2020-01-01", full=True, settings=near)
    assert short["complete"]
    assert 0 < short["listed"] < longer["listed"]
    assert short["stored"] + longer["new"] == longer["listed"] == len(truth(portal, "jbba"))


def test_what_could_not_be_fetched_lowers_the_recall(portal, settings):
    settings = replace(settings, limits=replace(settings.limits, attempts=1), chunk_size=2)
    first, second, *_ = pipeline.list_source("gtp", "r1", settings=settings)["chunks"]
    pipeline.fetch_chunk("gtp", "r1", first, settings=settings)
    pipeline.extract_chunk("gtp", "r1", first, settings=settings)
    fault(portal, faults={"gtp": {"kind": "error500"}})
    pipeline.fetch_chunk("gtp", "r1", second, settings=settings)
    pipeline.extract_chunk("gtp", "r1", second, settings=settings)
    run = pipeline.stage("gtp", "r1", settings=settings)
    assert run["state"] == "partial"
    assert run["stored"] == 2 < run["listed"]


def test_an_old_newest_post_is_a_warning_and_no_failure(portal, settings, monkeypatch):
    monkeypatch.setattr(
        run_summary.list_assertions, "staleness", lambda site, newest, today: f"the newest post is of {newest}"
    )
    run = pipeline.collect("btp", settings=settings)
    assert run["state"] == "ok"
    assert [error["outcome"] for error in run["errors"]] == ["stale"]


def test_an_edited_announcement_becomes_a_new_document(portal, settings):
    pipeline.collect("bizinfo", settings=settings)
    fault(portal, revised=True)
    run = pipeline.collect("bizinfo", settings=settings)
    assert run["changed"] >= 1
    titles = [d["title"] for d in documents(settings, run["batch_id"]).values()]
    assert any("연장" in title for title in titles)


@pytest.mark.parametrize(
    ("kind", "error"),
    [("emptied", EmptyError), ("blocked", BlockedError), ("renamed", CollectError), ("error500", TransientError)],
)
def test_a_list_that_is_not_the_list_fails_loudly_and_is_staged_as_failed(portal, settings, kind, error):
    fault(portal, faults={"btp": {"kind": kind}})
    with pytest.raises(error):
        pipeline.list_source("btp", "r1", settings=settings)
    run = pipeline.stage("btp", "r1", settings=settings)
    assert run["state"] == "failed"
    assert run["errors"][0]["message"]


def test_a_source_whose_announcements_have_lost_their_text_fails_and_keeps_the_pages(portal, settings):
    chunks = pipeline.list_source("btp", "r1", settings=settings)["chunks"]
    fault(portal, faults={"btp": {"kind": "renamed"}})
    for chunk in chunks:
        pipeline.fetch_chunk("btp", "r1", chunk, settings=settings)
        pipeline.extract_chunk("btp", "r1", chunk, settings=settings)
    run = pipeline.stage("btp", "r1", settings=settings)
    assert run["state"] == "failed"
    assert "board-biz-view" in run["errors"][0]["message"]
    assert list(settings.archive.glob("btp/r1/chunk-*.warc.gz"))
    fault(portal)
    assert pipeline.collect("btp", settings=settings)["extracted"] == run["listed"]


def test_after_faults_the_next_run_brings_what_was_missing(portal, settings):
    fault(portal, faults={"jbba": {"kind": "error500", "chance": 0.5}})
    for _ in range(2):
        pipeline.collect("jbba", settings=settings)
    fault(portal)
    pipeline.collect("jbba", settings=settings)
    good = {
        d["native_id"]
        for p in settings.batches.iterdir()
        for d in documents(settings, p.name).values()
        if d["outcome"] == "ok"
    }
    assert good == truth(portal, "jbba")


def test_one_that_failed_behind_known_pages_is_not_forgotten(portal, settings):
    settings = replace(settings, chunk_size=1)
    listed = pipeline.list_source("btp", "r1", settings=settings)
    for chunk in listed["chunks"][:-1]:  # the last announcement stands on the last page
        pipeline.fetch_chunk("btp", "r1", chunk, settings=settings)
        pipeline.extract_chunk("btp", "r1", chunk, settings=settings)
    left = len(RunFiles(settings, "btp", "r1").planned_fetches(listed["chunks"][-1]))
    assert pipeline.stage("btp", "r1", settings=settings)["state"] == "partial"
    assert pipeline.collect("btp", settings=settings)["fetched"] == left > 0


def test_killed_between_steps_and_run_again_it_ends_the_same(portal, settings):
    listed = pipeline.list_source("gtp", "r1", settings=settings)
    pipeline.fetch_chunk("gtp", "r1", 1, settings=settings)
    pipeline.list_source("gtp", "r1", settings=settings)  # the step before is repeated
    for chunk in listed["chunks"]:
        pipeline.fetch_chunk("gtp", "r1", chunk, settings=settings)
        pipeline.extract_chunk("gtp", "r1", chunk, settings=settings)
        pipeline.extract_chunk("gtp", "r1", chunk, settings=settings)
    first = pipeline.stage("gtp", "r1", settings=settings)
    assert pipeline.stage("gtp", "r1", settings=settings) == first
    assert set(documents(settings, "gtp__r1")) == truth(portal, "gtp")


def test_a_run_that_was_cut_off_is_kept_and_finished_by_the_next(portal, settings):
    pipeline.list_source("gtp", "r1", settings=settings)
    pipeline.fetch_chunk("gtp", "r1", 1, settings=settings)
    pipeline.extract_chunk("gtp", "r1", 1, settings=settings)
    assert pipeline.recover(settings, certain=True) == ["gtp__r1"]
    run = pipeline.collect("gtp", settings=settings)
    both = set(documents(settings, "gtp__r1")) | set(documents(settings, run["batch_id"]))
    assert both == truth(portal, "gtp")
    assert not set(documents(settings, "gtp__r1")) & set(documents(settings, run["batch_id"]))


def test_replay_reads_the_archive_alone_and_ends_the_same(portal, settings):
    run = pipeline.collect("sjtp", settings=settings)
    before = (
        documents(settings, run["batch_id"]),
        json.loads((settings.batches / run["batch_id"] / "run.json").read_text()),
    )
    shutil.rmtree(settings.batches)
    asked = len(portal.portal.requests)
    assert pipeline.replay(settings=settings)["runs"] == 1
    after = (
        documents(settings, run["batch_id"]),
        json.loads((settings.batches / run["batch_id"] / "run.json").read_text()),
    )
    assert after == before
    assert len(portal.portal.requests) == asked


def test_the_inbox_takes_a_folder_and_reads_a_changed_file_again(portal, settings, tmp_path):
    folder = tmp_path / "받은 공고"
    folder.mkdir()
    (folder / "기사.html").write_bytes(
        "<html><body><p>경남 제조AI 실증에 10억원을 투입한다.</p></body></html>".encode("cp949")
    )
    (folder / "깨짐.txt").write_bytes(b"\x00\x01\x02\x03")
    settings = replace(settings, inbox=(folder,))
    run = pipeline.collect("inbox", settings=settings)
    collected = documents(settings, run["batch_id"])
    assert "10억원" in collected["받은 공고/기사.html"]["record"]["text"]
    assert collected["받은 공고/깨짐.txt"]["outcome"] == "unreadable"
    assert run["state"] == "partial"
    (folder / "깨짐.txt").write_text("이제 읽을 수 있는 인공지능 공고", "utf-8")
    assert pipeline.collect("inbox", settings=settings)["extracted"] == 1


def test_the_title_of_a_file_is_what_its_text_says_and_its_name_only_without_one(portal, settings, tmp_path):
    folder = tmp_path / "받은 공고"
    folder.mkdir()
    title = "2026년 김해시 제조AI 실증 지원사업 참여기업 모집 공고"
    text = f"{title}\n\n□ 지원규모 : 총사업비 12억 원\n□ 접수기간 : 2026. 12. 1. ~ 2026. 12. 20.\n"
    (folder / "스캔_0001(최종).txt").write_text(text, "utf-8")
    (folder / "붙임1_공고문.hwp").write_bytes(hwp([title, "□ 지원규모 : 총사업비 12억 원"]))
    (folder / "메모.txt").write_text(
        "김해시가 제조 인공지능 실증에 12억 원을 쓴다고 밝혔다. 자세한 내용은 나중에 알린다.", "utf-8"
    )
    run = pipeline.collect("inbox", settings=replace(settings, inbox=(folder,)))
    titles = {name: document["title"] for name, document in documents(settings, run["batch_id"]).items()}
    assert titles == {
        "받은 공고/스캔_0001(최종).txt": title,
        "받은 공고/붙임1_공고문.hwp": title,
        "받은 공고/메모.txt": "메모",
    }
