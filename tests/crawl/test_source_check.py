"""Mending and adding a source by hand: what a check says, what it keeps, and what a draft knows."""

import io
from dataclasses import replace

import pytest
import requests
import yaml

from gonggo.crawl import scaffold, source_check
from gonggo.errors import ChangedError, GonggoError, SettingsError, UsageError
from gonggo.sources import attachments
from gonggo.sources.catalogue import get_site
from tests.sources.test_samples import SAMPLES


def test_a_check_shows_what_came_beside_what_should_and_keeps_the_pages(settings, tmp_path):
    out = io.StringIO()
    assert source_check.check(["btp"], settings, out, record=tmp_path / "samples") == 0
    output = out.getvalue()
    assert "posted_on" in output
    assert "required" in output
    assert "characters" in output
    assert "1 of 1 sources" in output
    recorded = sorted(path.name for path in (tmp_path / "samples" / "btp").iterdir())
    assert recorded == ["detail.html", "expected.json", "list.html"]
    assert (settings.home / "check" / "btp" / "list.html").exists()


def test_a_check_asks_the_next_word_and_every_endpoint(settings):
    out = io.StringIO()
    assert source_check.check(["bizinfo", "eminwon_iksan"], settings, out) == 0
    assert [f"by {endpoint}" in out.getvalue() for endpoint in ("api", "mirror", "excel", "pages")] == [True] * 4
    assert "3/3" in out.getvalue()


def test_a_check_of_a_broken_site_says_what_was_expected_and_keeps_the_page(portal, settings):
    requests.post(f"{portal.url}/_control", json={"faults": {"btp": {"kind": "blocked"}}}, timeout=5).raise_for_status()
    out = io.StringIO()
    assert source_check.check(["btp", "gtp"], settings, out) == 1
    assert "FAILED  blocked" in out.getvalue()
    assert "1 of 2 sources" in out.getvalue()
    assert (settings.home / "check" / "btp" / "list.html").exists()


def test_a_check_names_the_script_behind_a_file_that_cannot_be_fetched(settings, monkeypatch):
    monkeypatch.setattr(attachments, "_script_calls", lambda: [])
    out = io.StringIO()
    assert source_check.check(["eminwon_iksan"], settings, out) == 1
    assert "FAILED  changed" in out.getvalue()
    assert "goDownLoad(…): describe that call in attachments.yaml" in out.getvalue()


def test_a_source_that_is_off_cannot_be_checked_and_says_why(settings):
    with pytest.raises(SettingsError, match="GONGGO_SOURCES"):
        source_check.check(["gtp"], replace(settings, only=("btp",)), io.StringIO())
    with pytest.raises(GonggoError, match="sources list"):
        get_site("nobody")


@pytest.mark.parametrize(("site", "preset"), [("busan_notice", None), ("ctp", None), ("jbba", "gnuboard5")])
def test_a_draft_finds_the_rows_of_a_board(site, preset):
    charset = "utf-8"
    text = (SAMPLES / site / "list.html").read_bytes().decode(charset)
    drafted = yaml.safe_load(scaffold.describe("https://board.example.kr/list?bo_table=a&page=1", text, charset))
    assert drafted.get("preset") == preset
    assert drafted["list"]["params"] == {"bo_table": "a", "page": "{page}"}
    assert drafted["expect"]["rows_per_page_min"] >= 2
    # jbba has the days of windows only, which are no days of posting.
    assert ("fields" in drafted["list"]) == (site != "jbba")


def test_a_page_without_rows_is_no_board():
    with pytest.raises(ChangedError, match="json_list"):
        scaffold.describe("https://board.example.kr/", "<div id='app'></div>", "utf-8")
    for typed in ("btp", None, "http://[x", "https://", "http://a.kr:99999999/", "http://a..kr/", "http://\u2100.kr/a"):
        with pytest.raises(UsageError, match="address"):
            scaffold.require_url(typed)
    assert scaffold.require_url("https://공고.kr/목록?쪽=1") == "https://공고.kr/목록?쪽=1"
