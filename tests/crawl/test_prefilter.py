"""The prefilter of the list: every row is recorded, few are fetched, and its misses can be counted."""

from dataclasses import replace

import pytest
import requests

from gonggo import pipeline
from gonggo.model import Listed, read_jsonl
from gonggo.report.named import report_rows
from gonggo.sources.prefilter import prefilter
from gonggo.warehouse.link import link
from gonggo.warehouse.load import load_batches
from gonggo.warehouse.marts import build_marts
from gonggo.warehouse.publish import publish
from gonggo.warehouse.snapshot import open_snapshot


def ask(settings, query):
    with open_snapshot(settings) as con:
        return con.execute(query).fetchall()


@pytest.mark.parametrize(
    "title",
    [
        "제조AI 실증 참여기업 모집",
        "AI·SW 교육생 모집",
        "2026년 통합공고 안내",
        "자율제조 선도 과제",
        "의료 데이터 활용",
        "ChatGPT 업무 활용 강좌",
        "AIoT 시범 가구 모집",
        "GenAI 공모",
        "생성형 모형 만들기",
        "어르신 돌봄 챗봇",
    ],
)
def test_what_could_be_about_ai_is_caught(title):
    assert prefilter(Listed("x", "1", title, "u")) == "likely"


@pytest.mark.parametrize("title", ["전통시장 화재공제 안내", "AIR SHOW 관람 안내", "도로 점용 허가 고시"])
def test_the_rest_is_left_or_sampled_and_always_the_same_way(title):
    drawn = [prefilter(Listed("x", str(number), title, "u")) for number in range(400)]
    assert set(drawn) == {"sample", "left"}
    assert drawn.count("sample") < 60
    assert drawn == [prefilter(Listed("x", str(number), title, "u")) for number in range(400)]


def test_rows_that_the_net_lets_through_are_recorded_and_not_asked_for_again(portal, settings):
    settings = replace(settings, prefilter=True)
    run = pipeline.collect("btp", settings=settings)
    rows = {
        row["native_id"]: row["prefilter"] for row in read_jsonl(settings.batches / run["batch_id"] / "listings.jsonl")
    }
    assert rows["4390"] == "left"
    assert rows["4301"] == "sample"
    assert len(rows) == run["listed"] == run["stored"]
    assert not any("board_seq=4390" in url for url in portal.portal.requests)
    assert run["left_out"] == 1
    again = pipeline.collect("btp", settings=settings)
    assert (again["new"], again["left_out"]) == (0, 0)


def test_on_demand_what_was_left_is_fetched_too(portal, settings):
    settings = replace(settings, prefilter=True)
    pipeline.collect("btp", settings=settings)
    run = pipeline.collect("btp", no_prefilter=True, settings=settings)
    assert run["fetched"] == 1
    assert [d["native_id"] for d in read_jsonl(settings.batches / run["batch_id"] / "documents.jsonl")] == ["4390"]


@pytest.mark.slow
def test_the_sample_tells_what_the_net_misses(portal, settings):
    settings = replace(settings, prefilter=True)
    for source in ("btp", "jbba"):
        pipeline.collect(source, settings=settings)
    for step in (load_batches, link, build_marts, publish):
        step(settings)
    query = "SELECT l.prefilter, c.relevant FROM current_listing AS l JOIN current_announcement AS c USING (announcement_key)"
    assert ask(settings, f"{query} WHERE l.native_id = '4301'") == [("sample", True)]
    (total,) = (row for row in report_rows(settings, "prefilter_misses") if row["source"] == "모두")
    assert total["listed"] == total["fetched"] + total["sampled"] + total["not_fetched"]
    assert total["of_ai_in_sample"] == 1


def test_an_open_announcement_is_looked_at_again_until_it_closes(portal, settings):
    eager = replace(settings, recrawl_days=0)
    first = pipeline.collect("jbba", settings=eager)
    again = pipeline.collect("jbba", settings=eager)
    assert again["new"] == 0
    assert 0 < again["revisited"] < first["extracted"]
    assert again["unchanged"] == again["revisited"]
    assert not list(read_jsonl(eager.batches / again["batch_id"] / "documents.jsonl"))
    later = pipeline.collect("jbba", settings=settings)
    assert later["revisited"] == 0


@pytest.mark.slow
def test_a_period_that_is_moved_becomes_a_version(portal, settings):
    eager = replace(settings, recrawl_days=0)
    pipeline.collect("jbba", settings=eager)
    requests.post(f"{portal.url}/_control", json={"revised": True}, timeout=5).raise_for_status()
    run = pipeline.collect("jbba", settings=eager)
    assert (run["new"], run["changed"]) == (0, 1)
    for step in (load_batches, link, build_marts, publish):
        step(eager)
    query = "SELECT change_kind FROM announcement_version JOIN announcement USING (announcement_key) WHERE native_id = '4106'"
    assert sorted(ask(eager, query)) == [("extended",), ("new",)]


@pytest.mark.slow
def test_a_page_that_is_gone_is_marked_and_nothing_is_deleted(portal, settings):
    eager = replace(settings, recrawl_days=0)
    pipeline.collect("btp", settings=eager)
    requests.post(f"{portal.url}/_control", json={"vanished": [4162]}, timeout=5).raise_for_status()
    run = pipeline.collect("btp", settings=eager)
    assert run["state"] == "ok"
    assert run["vanished"] == 1
    for step in (load_batches, link, build_marts, publish):
        step(eager)
    query = "SELECT status, vanished_at IS NOT NULL FROM current_announcement WHERE native_id = '4162'"
    assert ask(eager, query) == [("vanished", True)]
    assert pipeline.collect("btp", settings=eager)["vanished"] == 0
    requests.post(f"{portal.url}/_control", json={}, timeout=5).raise_for_status()
    back = pipeline.collect("btp", settings=eager)
    assert back["new"] == 1


def test_a_walk_that_was_cut_off_goes_on_where_it_was(portal, settings):
    def lists():
        return [url for url in portal.portal.requests if "Board.do" in url and "board_seq" not in url]

    pipeline.list_source("btp", "r1", settings=settings)
    before = len(lists())
    assert before > 1
    pipeline.list_source("btp", "r1", settings=settings)
    assert len(lists()) == before
    assert pipeline.stage("btp", "r1", settings=settings)["pages"] == before


@pytest.mark.slow
def test_a_period_brings_what_was_posted_in_it(portal, settings):
    days = {row["native_id"]: row["fields"]["posted_on"] for row in _listed(pipeline, settings, "btp")}
    since, until = sorted(days.values())[2], sorted(days.values())[-3]
    fresh = replace(settings, home=settings.home.with_name("other"))
    wanted = {row["native_id"] for row in _listed(pipeline, fresh, "btp", since=since, until=until)}
    assert {number for number, day in days.items() if since <= day <= until} <= wanted
    assert all(days[number] <= until for number in wanted)


def test_the_page_that_offends_is_kept(portal, settings):
    requests.post(f"{portal.url}/_control", json={"faults": {"btp": {"kind": "renamed"}}}, timeout=5).raise_for_status()
    assert pipeline.collect("btp", settings=settings)["state"] == "failed"
    assert list(settings.archive.glob("btp/*/list-0-0001.warc.gz"))


def _listed(pipeline, settings, source, **options):
    run = pipeline.collect(source, settings=settings, **options)
    return list(read_jsonl(settings.batches / run["batch_id"] / "listings.jsonl"))
