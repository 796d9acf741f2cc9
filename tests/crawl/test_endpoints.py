"""bizinfo by its API, its mirror, its workbook and its pages: the same announcements, whichever of them answers."""

from dataclasses import replace

import pytest
import requests

from gonggo import pipeline
from gonggo.model import read_jsonl


@pytest.fixture
def live(settings):
    """The portal in the place of the real sites: keys count, and there are none."""
    return replace(settings, mode="live", days_back=None, environment={})


def with_keys(settings, *names):
    return replace(settings, environment=dict.fromkeys(names, "k"))


def fault(portal, *sites, kind="blocked"):
    faults = {site: {"kind": kind} for site in sites}
    requests.post(f"{portal.url}/_control", json={"faults": faults}, timeout=5).raise_for_status()


def documents(settings, run):
    return {row["native_id"]: row for row in read_jsonl(settings.batches / run["batch_id"] / "documents.jsonl")}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("keys", "closed", "asked"),
    [
        (["BIZINFO_API_KEY"], [], "bizinfoApi.do"),
        (["DATA_GO_KR_API_KEY"], [], "pblancBsnsService"),
        ([], [], "ExcelDownload"),
        ([], ["bizinfo_excel"], "selectSIIA200View"),
        (["BIZINFO_API_KEY", "DATA_GO_KR_API_KEY"], ["bizinfo_mirror"], "bizinfoApi.do"),
    ],
)
def test_every_endpoint_brings_every_announcement(portal, live, keys, closed, asked):
    fault(portal, *closed)
    run = pipeline.collect("bizinfo", settings=with_keys(live, *keys))
    collected = documents(live, run)
    assert set(collected) == set(requests.get(f"{portal.url}/_truth.json", timeout=5).json()["bizinfo"])
    assert all(d["outcome"] == "ok" and d["record"]["text"] and d["listed"]["agency"] for d in collected.values())
    assert any(asked in url for url in portal.portal.requests)
    assert run["state"] == ("partial" if closed and not keys else "ok")


@pytest.mark.slow
def test_an_endpoint_that_fails_is_reported_and_the_next_brings_only_what_is_new(portal, live):
    pipeline.collect("bizinfo", settings=live)
    fault(portal, "bizinfo_excel")
    before = len(portal.portal.requests)
    run = pipeline.collect("bizinfo", settings=live)
    assert run["state"] == "partial"
    assert run["errors"][0]["outcome"] == "blocked"
    assert (run["new"], run["changed"], run["fetched"]) == (0, 0, 0)
    assert not any("Detail.do" in url for url in portal.portal.requests[before:])


def test_a_server_that_is_down_is_stepped_over_too(portal, live):
    fault(portal, "bizinfo", kind="error500")
    live = with_keys(replace(live, limits=replace(live.limits, attempts=1)), "BIZINFO_API_KEY", "DATA_GO_KR_API_KEY")
    run = pipeline.collect("bizinfo", settings=live)
    assert (run["state"], run["errors"][0]["outcome"]) == ("partial", "transient")
    assert run["extracted"] == run["listed"] > 0


def test_when_no_endpoint_answers_the_run_fails(portal, live):
    fault(portal, "bizinfo_excel", "bizinfo_pages")
    run = pipeline.collect("bizinfo", settings=live)
    assert run["state"] == "failed"
    assert run["listed"] == 0
