"""The pages and the API as a browser's server sees them."""

from __future__ import annotations

import base64
import csv
import gc
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import time
from contextlib import closing
from urllib.parse import quote

import duckdb
import openpyxl
import pytest
import requests
import yaml
from bs4 import BeautifulSoup
from icalendar import Calendar
from lxml import etree
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from gonggo import pipeline
from gonggo.local_airflow.environment import free_port
from gonggo.report.alerts import Rules
from gonggo.report.translations import Translator, all_translations
from gonggo.settings import load_settings
from gonggo.sources.catalogue import load_catalogue
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.web.applying import own_share
from gonggo.web.bar_chart import bars
from gonggo.web.site import create_site
from tests.warehouse.batches import batch, day, document, paper, settings_at
from tests.web.conftest import SCRIPT

# Seconds that a busy machine may take to start a server.
PATIENT = 60
PATHS = [
    "",
    "calls",
    "mine",
    "compare",
    "programmes",
    "organisations",
    "regions",
    "regions/부산",
    "console",
    "sources",
    "sources/btp",
    "api",
    "keys",
]


def get(url, path="", **options):
    return requests.get(f"{url}/{path}", timeout=30, **options)


def soup(url, path="", **options):
    answer = get(url, path, **options)
    assert answer.status_code == 200, answer.text[:300]
    return BeautifulSoup(answer.text, "lxml")


def soup_of(answer):
    return BeautifulSoup(answer.text, "lxml")


def api(url, path, **params):
    answer = get(url, f"api/v1/{path}", params=params)
    assert answer.status_code == 200, answer.text[:300]
    return answer.json()


def key_of(url, words):
    return api(url, "calls", words=words)["rows"][0]["announcement_key"]


@pytest.mark.parametrize("path", PATHS)
def test_every_page_comes_with_its_headers_and_nothing_from_elsewhere(url, path):
    answer = get(url, path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    page = BeautifulSoup(answer.text, "lxml")
    fetched = [tag.get("src") or tag.get("href") for tag in page.select("script[src], img, link")]
    assert fetched and all(not address.startswith(("http", "//")) for address in fetched)
    assert not page.select("[style], [onclick], style") and not [
        s
        for s in page.select("script")
        if not s.get("src") and s["type"] not in ("application/ld+json", "application/json")
    ]
    assert page.html["lang"] == "ko"


def test_the_first_page_is_light(url):
    whole = sum(
        len(get(url, path).content) for path in ("", "static/gonggo.css", "static/gonggo.js", "static/icon.svg")
    )
    assert whole < 100_000


@pytest.mark.slow
def test_every_link_of_the_first_pages_leads_somewhere(url):
    seen = set()
    for path in PATHS:
        for link in soup(url, path).select("a[href]"):
            address = link["href"].partition("#")[0]
            kind = re.sub(r"[0-9a-f]{20,}|%[0-9A-F]{2}|[가-힣]", "", address)
            if address and not address.startswith(("http", "language")) and kind not in seen:
                seen.add(kind)
                assert get(url, address.lstrip("./")).status_code == 200, (path, address)
    assert len(seen) > 30


def test_a_number_leads_to_the_rows_behind_it(url):
    front = soup(url)
    for figure in front.select(".today a"):
        number = int(figure.strong.text.replace(",", ""))
        listed = soup(url, figure["href"])
        assert int(re.sub(r"\D", "", listed.h1.small.text)) == number
    for bar in front.select(".strip a")[:4]:
        assert int(re.sub(r"\D", "", soup(url, bar["href"]).h1.small.text)) == int(bar.b.text)
    for stage in front.select(".steps a"):
        number, count = int(stage.strong.text.replace(",", "")), soup(url, stage["href"]).h1.small
        assert number == (int(re.sub(r"\D", "", count.text)) if count else 0)
    for kind in ("open", "year"):
        for tile in soup(url, f"?map={kind}").select(".map a")[:6]:
            number = int(tile.select("text")[1].text)
            assert int(re.sub(r"\D", "", soup(url, tile["href"]).h1.small.text)) == number


@pytest.mark.parametrize("words", ["항만물류 실증", "항만 물류", "물류AI서비스", "부산테크노파크에서 항만물류를"])
def test_search_forgives_spaces_and_order(url, words):
    titles = [row["title"] for row in api(url, "calls", words=words)["rows"]]
    assert any("항만물류 AI 서비스" in title for title in titles)


def test_a_search_reads_texts_and_attachments_and_shows_the_words_marked(url):
    page = soup(url, "calls?words=항만물류를 현장실증")
    first = page.select_one(".calls .call")
    assert "항만물류" in first.select_one(".title").text
    assert {re.sub(r"\s", "", mark.text) for mark in first.select(".snippet mark")} & {"항만물류", "현장", "실증"}
    assert page.select_one(".bar a[aria-current]")["href"].endswith("sort=relevance")
    rows = api(url, "calls", words="항만물류를 현장실증")["rows"]
    assert "«" in rows[0]["snippet"] and rows[0]["score"] >= rows[-1]["score"]
    assert api(url, "calls")["rows"][0]["snippet"] is None


def test_a_snippet_is_escaped(url):
    page = requests.get(f"{url}/calls", params={"words": "alert(1) 제조"}, timeout=30).text
    assert "<script>alert" not in page and "<mark>alert</mark>" in page


def test_where_no_call_has_all_words_those_with_most_of_them_are_shown(url):
    page = soup(url, "calls?words=항만물류 현장실증 은하철도")
    assert page.h1.small.text.startswith("0")
    assert "항만물류" in page.select_one("ul.nearest a").text


def test_a_search_of_signs_or_of_very_many_words_is_answered(url):
    for words in ("'; DROP TABLE announcement; --", "%_*?[(\\Q", "AI " * 33, "\u0000AI"):
        assert requests.get(f"{url}/calls", params={"words": words}, timeout=60).status_code == 200, words


def test_facets_count_what_choosing_them_gives(url):
    whole = api(url, "calls")
    for name in (
        "region",
        "sector",
        "type",
        "status",
        "size",
        "to",
        "least",
        "posted_from",
        "kind",
        "year",
        "agency",
        "source",
    ):
        assert whole["facets"][name], name
        for value, count in list(whole["facets"][name].items())[:3]:
            assert api(url, "calls", **{name: value})["found"] == count, (name, value)
    assert api(url, "calls", region="부산", status="open")["found"] <= whole["facets"]["region"]["부산"]
    assert api(url, "calls", least=10**9)["found"] < whole["found"]


def test_several_values_of_a_condition_widen_it_and_more_can_be_added(url):
    one, other = list(api(url, "calls")["facets"]["region"])[:2]
    both = api(url, "calls", region=[one, other])
    assert both["found"] > max(api(url, "calls", region=name)["found"] for name in (one, other))
    assert len(both["facets"]["region"]) > 2
    page = soup(url, f"calls?region={one}&region={other}&status=open")
    assert not page.select_one(".warning")
    chosen = [link for link in page.select(".facet [aria-current]") if link.text in (one, other)]
    assert len(chosen) == 2
    left = soup(url, chosen[0]["href"])
    assert [link.text for link in left.select(".facet [aria-current]")] == ["접수 중", chosen[1].text]
    assert get(url, "calls?year=2026&year=2027").text.count("두 번 이상") == 1


def test_calls_of_a_span_of_days_of_posting(url):
    dated = [row["posted_on"] for row in api(url, "calls", sort="newest")["rows"] if row["posted_on"]]
    first, last = dated[-1], dated[0]
    calls = api(url, "calls", posted_from=first, posted_to=first)["rows"]
    assert calls and {row["posted_on"] for row in calls} == {first}
    assert api(url, "calls", posted_from=last)["found"] < api(url, "calls", posted_from=first)["found"]


def test_calls_in_the_order_of_what_one_applicant_gets(url):
    rows = api(url, "calls", sort="amount")["rows"]
    awards = [row["award_ceiling"] or row["award_amount"] or 0 for row in rows]
    assert awards == sorted(awards, reverse=True) and awards[0] > 0
    shown = soup(url, "calls?sort=amount").select(".call .worth b")
    assert shown[0].text.startswith("최대") or "총사업비" not in shown[0].text


def test_calls_are_compared_by_what_an_applicant_asks(url):
    rows = [row for row in api(url, "calls", sort="amount")["rows"] if row["award_ceiling"]][:2]
    page = soup(url, "compare?" + "&".join(f"key={row['announcement_key']}" for row in reversed(rows)))
    heads = [cell.text for cell in page.select("thead th")]
    assert heads == [row["title"] for row in reversed(rows)]
    lines = {line.th.text: [cell.text for cell in line.select("td")] for line in page.select("tbody tr")}
    assert lines["지원금"] == [f"최대 {Translator('ko').money(row['award_ceiling'])}" for row in reversed(rows)]
    assert all(len(cells) == 2 for cells in lines.values()) and "미기재" in page.tbody.text
    assert get(url, "compare?key=" + "&key=".join("abcdefg")).status_code == 400


def test_a_search_is_saved_as_a_rule_that_alerts_accept(url):
    page = soup(url, "calls?region=부산&sector=manufacturing&size=startup&words=실증 AI")
    rules = Rules.model_validate(yaml.safe_load(page.select_one(".save pre").text)).rules
    assert (rules[0].regions, rules[0].sectors, rules[0].words) == (["부산"], ["manufacturing"], ["실증 AI"])
    assert rules[0].name == "부산 제조 창업기업 실증 AI"
    assert {link["href"].partition("?")[0] for link in page.select(".save a")} == {"calls.ics", "calls.atom"}


def test_a_call_is_followed_by_a_rule_that_alerts_accept(url):
    key = key_of(url, "항만물류")
    page = soup(url, f"calls/{key}")
    (rule,) = Rules.model_validate(yaml.safe_load(page.select_one(".save pre").text)).rules
    assert rule.calls == [key] and rule.reports_changes and not rule.reports_new
    assert rule.name in page.h1.text


@pytest.mark.parametrize("path", ["calls", "programmes", "organisations"])
def test_a_page_after_the_last_leads_to_the_first(url, path):
    (back,) = soup(url, f"{path}?page=9999").select(".pager a")
    assert back["href"] == f"{path}?page=1" and "첫 쪽" in back.text


def test_what_a_source_had_at_first_is_counted_and_not_listed_as_new(url):
    entries = soup(url).select(".days > li")
    kinds = [entry.select_one(".badge").text for entry in entries]
    assert "첫 수집" in kinds and "새 공고" not in kinds
    for entry, kind in zip(entries, kinds, strict=True):
        assert bool(entry.select("a")) == (kind != "첫 수집")


def test_one_bar_far_longer_than_the_others_is_cut_and_leaves_them_visible():
    rows = [
        {"label": label, "series": "national", "value": value}
        for label, value in (("2024", 10), ("2025", 9), ("2026", 900))
    ]
    chart = bars(rows, "{:,.0f}".format, str)
    lengths = {bar["label"]: bar["parts"][0]["width"] for bar in chart["bars"]}
    assert lengths["2026"] > lengths["2024"] > lengths["2025"] > lengths["2026"] / 2
    assert [bar["label"] for bar in chart["bars"] if bar["cut"]] == ["2026"] and chart["is_cut"]
    assert chart["bars"][2]["total"] == "900"
    assert not bars(rows[:2], "{:,.0f}".format, str)["is_cut"]


def test_regions_sum_what_is_decided_and_show_plans_apart(tmp_path):
    settings = settings_at(tmp_path)
    decided = paper("1", "로봇 실증 공고", "로봇 실증 사업: 총사업비 30억원", programmes=[("로봇 실증 사업", "demonstration", "open")],
                    amounts=[("30억원", 3_000_000_000, "total", "로봇 실증 사업")])  # fmt: skip
    plan = paper("2", "제조 혁신 계획", "제조 혁신 계획: 총사업비 1조원", programmes=[("제조 혁신 계획", "plan", "planned")],
                 amounts=[("1조원", 1_000_000_000_000, "total", "제조 혁신 계획")])  # fmt: skip
    batch(settings, "btp", "r1", [decided, plan])
    for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.publish):
        step(settings=settings)
    site = TestClient(create_site(settings))
    row = next(row for row in site.get("/api/v1/regions").json() if row["region"] == "경남")
    assert (row["total"], row["planned"]) == (3_000_000_000, 1_000_000_000_000)
    cells = BeautifulSoup(site.get("/regions").text, "lxml").find("a", string="경남").find_parent("tr")
    assert [cells.select_one(f"[data-label={name}]").text for name in ("총사업비", "계획")] == ["30.0", "10,000.0"]
    figures = [one.text.strip() for one in BeautifulSoup(site.get("/regions/경남").text, "lxml").select(".figures li")]
    assert figures[2:] == ["30억 원 확정 총사업비", "1조 원 계획"]
    money_map = BeautifulSoup(site.get("/?map=money").text, "lxml")
    assert money_map.select_one(".map a[href='regions/%EA%B2%BD%EB%82%A8']").text.split() == ["경남", "30.0"]


def test_a_briefing_has_no_days_left_to_apply(url):
    rows = soup(url, "calls?status=no_call").select(".call")
    assert rows and not [row for row in rows if row.select(".left")]


def test_a_result_and_a_briefing_are_not_open(url):
    titles = {
        row["title"]: row["status"]
        for status in ("open", "no_call")
        for row in api(url, "calls", status=status)["rows"]
    }
    no_call = {title for title, status in titles.items() if status == "no_call"}
    assert any("선정결과" in title for title in no_call) and any("설명회" in title for title in no_call)
    assert not [
        title for title, status in titles.items() if status == "open" and ("결과" in title or "설명회" in title)
    ]


def test_pages_of_a_list_hold_every_row_once(url):
    first = api(url, "calls")
    keys = [
        row["announcement_key"]
        for page in range(1, 2 + first["found"] // 30)
        for row in api(url, "calls", page=page)["rows"]
    ]
    assert len(keys) == len(set(keys)) == first["found"]
    assert soup(url, "calls").select_one("a[rel=next]")


def test_the_same_list_in_other_formats(url):
    asked = {"region": "부산"}
    count = api(url, "calls", **asked)["found"]
    table = list(csv.DictReader(io.StringIO(get(url, "calls.csv", params=asked).content.decode("utf-8-sig"))))
    assert len(table) == count and "부산" in table[0]["sidos"]
    book = openpyxl.load_workbook(io.BytesIO(get(url, "calls.xlsx", params=asked).content))
    head, first = list(book.active.values)[:2]
    assert book.active.max_row == count + 1 and book.active.title == "공고"
    assert head[:4] == ("제목", "접수 상태", "접수 마감일", "마감 시각") and first[1] in ("접수 중", "마감", "예정")
    in_english = get(url, "calls.xlsx", params=asked, cookies={"gonggo_language": "en"})
    english = openpyxl.load_workbook(io.BytesIO(in_english.content))
    assert english.active["A1"].value == "Title" and "Busan" in english.active["I2"].value
    events = Calendar.from_ical(get(url, "calls.ics", params={**asked, "status": "open"}).content).walk("VEVENT")
    assert events and all(str(event["summary"]).startswith("[마감]") for event in events)
    feed = etree.fromstring(get(url, "calls.atom", params=asked).content)
    assert len(feed.findall("{*}entry")) == count
    assert len(json.loads(get(url, "calls.json", params=asked).content)) == count
    assert get(url, "calls.exe").status_code == 404


def test_a_call_shows_the_words_of_every_fact(url, home):
    key = key_of(url, "항만물류")
    page = soup(url, f"calls/{key}")
    text = page.select_one(".text")
    facts = page.select(".fact")
    assert len(facts) > 8
    links = [link for fact in facts if (link := fact.select_one("a.value"))]
    assert links
    for link in links:
        anchor = text.find(id=link["href"].partition("#")[2])
        assert anchor is not None and anchor.find_next("mark") is not None
    with closing(open_snapshot(home)) as con:
        stored = con.execute("SELECT text FROM announcement_version WHERE announcement_key = ?", [key]).fetchone()[0]
    assert text.text == stored
    ceiling = next(fact for fact in facts if "1억 6,000만" in fact.text)
    assert "공고문.hwp" in ceiling.text and "표 1의 1행 2열" in ceiling.text and "1억5천만원" in ceiling.text
    described = json.loads(page.select_one('script[type="application/ld+json"]').string)
    assert described["@type"] == "MonetaryGrant" and described["subjectOf"]["expires"].startswith("20")
    assert any(
        "bizinfo" in (link.get("href") or "") or "기업마당" in link.parent.text
        for link in page.select("#siblings ~ ul a")
    )


def test_a_call_says_first_what_an_applicant_asks_each_with_its_words(url):
    page = soup(url, f"calls/{key_of(url, '항만물류')}")
    summary = {part.dt.text: part.dd.get_text(" ", strip=True) for part in page.select(".summary div")}
    assert (
        summary["신청 대상"] == "중소기업"
        and summary["지원금"].startswith("최대 1억 6,000만 원")
        # The board's own text says another sum than the attachment.
        and "다른 내용: “1억5천만원”" in page.select_one(".summary").text
        and "18:00" in summary["접수 마감"]
    )
    assert all(page.find(id=link["href"].partition("#")[2]) for link in page.select(".summary a"))


def test_versions_are_compared(url):
    key = next(
        row["announcement_key"]
        for row in api(url, "calls", source="jbba")["rows"]
        if len(api(url, f"calls/{row['announcement_key']}")["versions"]) > 1
    )
    new, old = api(url, f"calls/{key}")["versions"]
    page = soup(url, f"calls/{key}?version={new['version_key']}&against={old['version_key']}")
    assert page.select(".diff del") and page.select(".diff ins")
    before = soup(url, f"calls/{key}?version={old['version_key']}")
    assert before.select_one(".text").text != page.select_one(".text").text
    assert get(url, f"calls/{key}?version=nothing").status_code == 404


def test_what_came_from_outside_is_never_markup(url):
    key = key_of(url, "경기 AI")
    for path in ("calls?words=경기", f"calls/{key}", "", "calls?agency=" + SCRIPT, "console?sql=" + SCRIPT):
        page = get(url, path)
        assert page.status_code == 200 and SCRIPT not in page.text
    shown = soup(url, f"calls/{key}")
    assert not [link for link in shown.select("a[href]") if link["href"].startswith("javascript")]
    assert "<script>alert" not in shown.select_one('script[type="application/ld+json"]').string


def test_the_archived_copy_is_there_without_scripts(url):
    key = key_of(url, "항만물류")
    page = soup(url, f"calls/{key}/archived")
    copy = page.select_one(".copy")
    assert "컨테이너 반출입" in copy.text
    assert not copy.select("script, img, form, iframe, [onclick], [style]")


def test_an_answer_that_went_wrong_is_shown_as_it_was_archived(url, home):
    with closing(open_snapshot(home)) as con:
        row = con.execute(
            "SELECT run_id, warc_file, warc_record FROM \"fetch\" WHERE source = 'btp' AND purpose = 'list' LIMIT 1"
        ).fetchone()
    page = soup(url, f"sources/btp/{row[0]}/{row[1]}/{quote(row[2])}")
    copy = page.select_one(".copy")
    assert "사업공고" in copy.text and all(link["href"].startswith("http") for link in copy.select("a[href]"))
    assert get(url, f"sources/btp/{row[0]}/{row[1]}/{quote('<urn:uuid:0>')}").status_code == 404


def test_an_attached_file_is_saved_by_its_digest_alone(url):
    file = next(row for row in api(url, f"calls/{key_of(url, '항만물류')}")["attachments"] if row["sha256"])
    answer = get(url, f"files/{file['sha256']}/{file['name']}")
    assert answer.content[:2] == b"PK" and answer.headers["content-disposition"].startswith("attachment")
    for path in (
        "sources/btp/..%2f..%2f/run.json/x",
        "sources/../state/x/y",
        "files/..%2f..%2fstate/x",
        f"files/{'0' * 64}/x",
        "static/..%2fsite.py",
        "files/x/y",
    ):
        assert get(url, path).status_code == 404


def test_pages_of_programmes_organisations_regions_and_sources(url):
    programme = api(url, "programmes", words="항만물류")["rows"][0]
    assert "항만물류" in soup(url, f"programmes/{programme['programme_key']}").select_one("#calls ~ ul").text
    body = api(url, "organisations", words="부산테크노파크")["rows"][0]
    assert soup(url, f"organisations/{body['organisation_key']}").select("#partners ~ ul li")
    assert [row["name"] for row in api(url, "organisations", words="전북도청")["rows"]] == ["전북특별자치도"]
    expected = load_catalogue()["btp"].expect.rows_per_page_min
    assert f": {expected} ·" in soup(url, "sources/btp").select_one("p.meta").text
    row = soup(url, "sources").find("a", string="부산테크노파크").find_parent("tr")
    assert [cell.text for cell in row.select("td.n")][:2] == [str(expected), "12"]
    assert soup(url, "regions/부산").select("svg rect") and soup(url, "sources/btp").select("#runs ~ div tbody tr")
    for path in ("programmes/x", "organisations/x", "regions/x", "sources/x", "calls/x", "nothing"):
        answer = get(url, path)
        assert answer.status_code == 404 and soup_of(answer).title.text.startswith("페이지를 찾을 수 없습니다")
        assert soup_of(answer).select_one("main input[type=search]") and soup_of(answer).select_one("main a[href='.']")


def test_the_language_is_chosen_and_kept(url):
    with requests.Session() as reader:
        back = reader.get(f"{url}/language", params={"to": "en", "back": "calls?status=open"}, timeout=30)
        assert back.url == f"{url}/calls?status=open" and "closing soonest" in back.text
        assert 'lang="en"' in reader.get(url, timeout=30).text
    for back in ("https://evil.example/", "//evil.example/", "\\\\evil.example"):
        there = get(url, "language", params={"to": "en", "back": back}, allow_redirects=False).headers["location"]
        assert there.startswith("/") and not there.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "least=-1",
        "least=99999999999999999999",
        "from=tomorrow",
        "from=0",
        "sort=DROP",
        "status=bogus",
        "region=아틀란티스",
        "type=rd",
        "words=" + "x" * 200,
    ],
)
def test_a_query_that_makes_no_sense_is_refused_with_the_reason(url, query):
    assert get(url, f"calls?{query}").status_code == 400
    assert get(url, f"api/v1/calls?{query}").status_code == 422


@pytest.mark.parametrize(
    "value", ["' OR 1=1 --", "부산'; DROP TABLE directory; --", "%", "\\", "부산\x00", "(SELECT 1)"]
)
def test_a_facet_is_a_value_and_never_sql(url, value):
    assert api(url, "calls", agency=value)["found"] == 0
    assert api(url, "calls", place=value)["found"] == 0


@pytest.mark.parametrize(
    ("condition", "same"),
    [("region=경상남도", "region=경남"), ("status=접수 중", "status=open"), ("type=R%26D", "type=rnd")],
)
def test_a_value_may_be_given_in_words(url, condition, same):
    assert get(url, f"api/v1/calls?{condition}").json()["found"] == get(url, f"api/v1/calls?{same}").json()["found"]


@pytest.mark.parametrize("path", ["calls", "programmes"])
def test_a_control_character_in_a_search_parts_words(url, path):
    plain = get(url, f"api/v1/{path}?q=AI 실증").json()["found"]
    assert get(url, f"api/v1/{path}?q=AI%01실증").json()["found"] == plain
    assert get(url, f"api/v1/{path}?q=%01").status_code == 200


def test_a_value_that_there_is_not_names_those_that_there_are(url):
    detail = get(url, "api/v1/calls?status=opened").json()["detail"][0]["what"]
    assert "did you mean open" in detail and "known: open, upcoming, closed" in detail
    assert "아틀란티스" in get(url, "calls?region=아틀란티스").text
    page = soup_of(get(url, "calls?status=opne&words=AI"))
    assert "접수 상태: 쓸 수 없는 값 opne" in " ".join(page.main.text.split()) and "Value error" not in page.text
    corrected = page.select_one(".warning a")
    assert corrected.text == "접수 중" and api(url, "calls", words="AI", status="open")["found"] > 0
    assert (
        str(api(url, "calls", words="AI", status="open")["found"])
        in soup(url, corrected["href"]).select_one("h1 small").text
    )


def test_a_parameter_that_a_page_does_not_know_is_reported_with_the_nearest(url):
    assert "혹시 다음을 찾으셨나요 region?" in " ".join(
        soup(url, "calls?regoin=경남").select_one(".warning").text.split()
    )


@pytest.mark.parametrize("path", ["calls", "api/v1/calls"])
def test_another_method_is_refused_with_those_there_are(url, path):
    answer = requests.delete(f"{url}/{path}", timeout=30)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")


def test_a_region_has_a_brief_for_print_that_one_sector_can_narrow(url):
    assert soup(url, "regions/부산").select_one('a[href$="/brief"]')
    answer = get(url, "regions/부산/brief")
    style = re.search("<style>(.*?)</style>", answer.text, re.S)[1]
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{allowed}'" in answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    page = BeautifulSoup(answer.text, "lxml")
    assert page.h1.text == "부산 AI 사업 아침 보고" and page.select("table blockquote")
    narrowed = get(url, "regions/부산/brief", params={"sector": "energy"})
    assert "분야: 에너지" in narrowed.text and len(narrowed.text) < len(answer.text)
    assert get(url, "regions/아무데/brief").status_code == 404
    assert get(url, "regions/부산/brief", params={"sector": "x"}).status_code == 400


def test_a_calendar_and_a_feed_are_called_by_their_search(url):
    calendar = Calendar.from_ical(get(url, "calls.ics?region=부산&status=open").content)
    assert calendar["X-WR-CALNAME"] == "공고 마감: 부산 · 접수 중"
    feed = etree.fromstring(get(url, "calls.atom?region=부산&sort=newest").content)
    assert feed.findtext("{*}title") == "공고: 부산"


def test_the_page_of_the_api_shows_a_request_that_works_and_the_values_of_a_parameter(url):
    page = soup(url, "api")
    address = re.search(r'"(.+)"', page.select_one("pre.copy").text)[1]
    assert requests.get(address, timeout=30).json()["found"] == api(url, "calls", region="부산", status="open")["found"]
    status = next(row for row in page.select("tr") if row.th.text == "status")
    assert "upcoming" in status.text
    assert all(get(url, link["href"]).status_code == 200 for link in page.select("a[href^='calls.']"))


def test_the_api_describes_itself(url):
    schema = get(url, "api/v1/openapi.json").json()
    for path in schema["paths"]:
        assert path in get(url, "api").text
        if "{" not in path:
            assert get(url, path.lstrip("/")).status_code == 200
    assert get(url, "docs").status_code == 404
    names = [report["name"] for report in api(url, "reports")]
    assert "contradictions" in names and api(url, "reports/contradictions")[0]["항목"] == "지원 한도"
    assert get(url, "api/v1/reports/..%2fx").status_code == 404


def test_the_console_answers_and_refuses(url):
    def run(sql, **headers):
        return requests.post(f"{url}/console", data={"sql": sql, "part": "1"}, headers=headers, timeout=60)

    good = run(
        "SELECT region, count(*) AS n FROM (SELECT unnest(sidos) AS region FROM site.directory) GROUP BY region ORDER BY n DESC LIMIT 5"
    )
    table = BeautifulSoup(good.text, "lxml")
    assert len(table.select("tbody tr")) == 5 and table.select("svg rect")
    assert BeautifulSoup(run("SELECT 'x<b>' AS a").text, "lxml").select_one("td").text == "x<b>"
    assert 'role="alert"' in run("SELECT * FROM read_text('/etc/passwd')").text
    assert run("SELECT 1", **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    saved = requests.post(f"{url}/console/result.csv", data={"sql": "SELECT title FROM site.directory"}, timeout=60)
    assert saved.content.startswith(b"\xef\xbb\xbftitle")
    bad = requests.post(f"{url}/console/result.csv", data={"sql": "SELEC"}, timeout=60)
    assert bad.status_code == 400 and "alert" in bad.text


def test_below_a_path_every_link_stays_below_it(home):
    client = TestClient(Starlette(routes=[Mount("/gonggo", create_site(home))]))
    page = BeautifulSoup(client.get("/gonggo/calls").text, "lxml")
    assert page.base["href"] == "/gonggo/"
    assert all(not link["href"].startswith("/") for link in page.select("a[href], link[href]"))
    assert "/gonggo/" in client.get("/gonggo/language?to=en&back=calls", follow_redirects=False).headers["location"]


def test_alone_it_answers_to_no_other_name_than_this_machines(home):
    port = free_port(8190)
    env = {**os.environ, "GONGGO_HOME": str(home.home), "GONGGO_SOURCES": "demo"}
    program = subprocess.Popen(
        [sys.executable, "-m", "gonggo.cli", "web", "--port", str(port)], env=env, stdout=subprocess.PIPE
    )
    try:
        assert program.stdout.readline().decode().strip() == f"http://127.0.0.1:{port}/"
        deadline = time.monotonic() + PATIENT
        while time.monotonic() < deadline:
            try:
                assert get(f"http://127.0.0.1:{port}").status_code == 200
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        assert get(f"http://127.0.0.1:{port}", headers={"Host": "evil.example"}).status_code == 400
    finally:
        program.terminate()
        program.wait(10)


def test_without_a_snapshot_the_page_says_what_to_do(tmp_path):
    client = TestClient(create_site(load_settings({"GONGGO_HOME": str(tmp_path), "GONGGO_SOURCES": "demo"})))
    answer = client.get("/")
    assert answer.status_code == 503 and "gonggo collect" in answer.text
    assert client.get("/console").status_code == 503
    assert client.get("/api/v1/calls").status_code == 503


def test_a_snapshot_of_another_version_is_reported_as_such(tmp_path):
    settings = load_settings({"GONGGO_HOME": str(tmp_path), "GONGGO_SOURCES": "demo"})
    settings.snapshot.parent.mkdir(parents=True)
    duckdb.connect(str(settings.snapshot)).close()
    client = TestClient(create_site(settings))
    answer = client.get("/calls")
    assert answer.status_code == 503 and "gonggo publish" in answer.text
    assert client.get("/api/v1/calls").status_code == 503


def test_every_word_of_the_templates_is_there_in_both_languages():
    from gonggo.web.view import WEB_FOLDER

    keys = set()
    for path in (WEB_FOLDER / "templates").glob("*.html"):
        keys |= set(re.findall(r'\bt(?:\.noun)?\("([\w. ]+)"[,)]', path.read_text("utf-8")))
    assert len(keys) > 60 and keys <= set(all_translations())


@pytest.mark.parametrize(
    ("code", "korean", "english"),
    [
        ("p3", "3쪽", "page 3"),
        ("t2r3c1", "표 2의 3행 1열", "table 2, row 3, column 1"),
        ("공고!B12", "공고!B12", "공고!B12"),
        ("붙임.hwp#t1r1c2", "붙임.hwp 표 1의 1행 2열", "붙임.hwp table 1, row 1, column 2"),
    ],
)
def test_the_location_in_a_file_is_shown_in_words(code, korean, english):
    assert (Translator("ko").file_location(code), Translator("en").file_location(code)) == (korean, english)


@pytest.mark.parametrize(
    ("krw", "korean"),
    [
        (0, "0 원"),
        (9_000, "9,000 원"),
        (35_000_000, "3,500만 원"),
        (22_700_000_000, "227억 원"),
        (1_200_050_000_000, "1조 2,000억 원"),
    ],
)
def test_money_is_written_as_people_say_it(krw, korean):
    assert Translator("ko").money(krw) == korean


@pytest.mark.parametrize(
    ("number", "english"), [("1", "1 company"), ("2", "2 companies"), ("1,000", "1,000 companies")]
)
def test_one_is_singular_in_english(number, english):
    assert Translator("en").counted(number, "companies") == english
    assert Translator("ko").counted(number, "companies") == f"{number}개사"


def test_the_time_left_is_shown_in_days():
    assert [Translator("en").time_left(days) for days in (0, 1, 2)] == ["today", "1 day left", "2 days left"]


@pytest.mark.parametrize(
    "bytes_of", [lambda whole: b"\x00\xff not a table", lambda whole: b"", lambda whole: whole[: len(whole) // 2]]
)
def test_a_damaged_snapshot_is_reported_as_such_and_a_mended_one_is_read(tmp_path, home, bytes_of):
    settings = load_settings({"GONGGO_HOME": str(tmp_path), "GONGGO_SOURCES": "demo"})
    settings.snapshot.parent.mkdir(parents=True)
    whole = home.snapshot.read_bytes()
    settings.snapshot.write_bytes(bytes_of(whole))
    client = TestClient(create_site(settings))
    for path in ("/", "/calls", "/programmes"):
        answer = client.get(path)
        assert answer.status_code == 503 and "gonggo publish --back" in answer.text
    answer = client.get("/api/v1/calls")
    assert answer.status_code == 503 and "gonggo publish" in answer.json()["detail"]
    settings.snapshot.write_bytes(whole)
    assert client.get("/calls").status_code == 200


@pytest.mark.parametrize("every_block", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.slow
def test_a_snapshot_with_a_damaged_block_is_reported_and_one_mended_in_place_is_read(tmp_path, home, every_block):
    settings = load_settings({"GONGGO_HOME": str(tmp_path), "GONGGO_SOURCES": "demo"})
    settings.snapshot.parent.mkdir(parents=True)
    whole = home.snapshot.read_bytes()
    statuses = set()
    # The heads stay, and the block of the catalogue is read by whoever opens the file; some of the rest is not.
    for place in range(12_288, len(whole) - 4096, 262_144 if every_block else len(whole) // 6):
        settings.snapshot.write_bytes(whole[: place + 2000] + bytes(2000) + whole[place + 4000 :])
        client = TestClient(create_site(settings))
        statuses |= {client.get(path).status_code for path in ("/", "/calls", "/programmes", "/organisations")}
        settings.snapshot.write_bytes(whole)
        assert client.get("/calls").status_code == 200
        # Connections of one process share what they have read of a file: the site before has to be gone.
        del client
        gc.collect()
    # Which of few blocks the pages read is up to the database.
    assert statuses == {200, 503} if every_block else statuses <= {200, 503}


def test_what_a_document_says_it_was_before_stands_beside_its_text(tmp_path):
    settings = settings_at(tmp_path)
    removed = [
        {"kind": "superseded", "quote": "접수기간: 2026. 3. 2. ~ 3. 9. <b>", "file": "변경 공고문.hwp"},
        {"kind": "superseded", "quote": "지원규모 3억원", "file": ""},
        {"kind": "spam", "quote": "카지노 무료 쿠폰"},
    ]
    changed = document("gtp", "1", "경기 AI 변경 공고", day(20), removed=removed)
    batch(settings, "gtp", "r1", [changed, document("gtp", "2", "경기 AI 다른 공고", day(20))])
    for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.publish):
        step(settings=settings)
    client = TestClient(create_site(settings))
    page = BeautifulSoup(client.get(f"/calls/{changed['key']}").text, "lxml")
    assert "변경 전" in page.text
    assert [node.text for node in page.select("#text ~ ul del, #before + ul del")] == [
        "접수기간: 2026. 3. 2. ~ 3. 9. <b>",
        "지원규모 3억원",
    ]
    assert "변경 공고문.hwp" in page.text and "카지노" not in page.text
    other = client.get(f"/calls/{document('gtp', '2', 'x', day(20))['key']}").text
    assert "변경 전" not in other


def test_an_announcement_says_how_to_apply_and_what_one_pays_himself_in_its_own_words(url):
    shares, methods = [], []
    for row in api(url, "calls", words="자부담", kind="announcement")["rows"]:
        page = soup(url, f"calls/{row['announcement_key']}")
        summary = {one.dt.text: one.dd.text.strip() for one in page.select(".summary > div")}
        assert all(summary.get(label, "") in page.select_one(".text").text for label in ("신청 방법", "자부담"))
        shares += [summary["자부담"]] if "자부담" in summary else []
        methods += [summary["신청 방법"]] if "신청 방법" in summary else []
    assert methods and shares and all(re.search(r"\d ?%", share) for share in shares)


@pytest.mark.parametrize(
    ("line", "share"),
    [
        ("□ 자부담: 총사업비의 20% 이상", "총사업비의 20% 이상"),
        ("○ 사업비 구성: 지원금 90% 이하, 기업부담금 10% 이상(현금)", "10% 이상(현금)"),
        ("지원금액: 과제당 9천만원 이내(자부담 25%)", "25%"),
        ("ㅇ 기업부담금：30% 이상", "30% 이상"),
        ("총사업비: 24억원(국비 12억원, 자부담 8억원)", ""),
        ("|구분|정부지원|자부담|", ""),
    ],
)
def test_the_share_of_an_applicant_is_a_percentage_that_the_text_ties_to_him(line, share):
    assert own_share(f"공고\n{line}\n문의처 051") == share


def test_words_around_a_fact_begin_and_end_at_whole_lines(url):
    key = key_of(url, "항만물류")
    lines = {line.strip() for line in api(url, f"calls/{key}")["text"].splitlines()}
    shown = 0
    for fact in api(url, f"calls/{key}")["facts"]:
        quote = soup(url, f"facts/{fact['fact_id']}").select_one("blockquote")
        around = quote.text.strip().splitlines() if quote else []
        if len(around) > 2:
            shown += 1
            assert around[0].strip() in lines and around[-1].strip() in lines
    assert shown


def test_regions_have_english_names_and_counts_no_unit_in_english(url):
    english = {"cookies": {"gonggo_language": "en"}}
    front = soup(url, **english)
    assert "Busan" in front.select_one(".map").text and "부산" not in front.select_one(".map").text
    assert re.search(r"Open calls \d+ ·", " ".join(front.select_one(".today").text.split()))
    assert soup(url, "regions/부산", **english).h1.text == "Busan"
    assert api(url, "calls", region="Busan")["found"] == api(url, "calls", region="부산")["found"]


def test_a_site_without_data_says_what_to_run(tmp_path):
    answer = TestClient(create_site(settings_at(tmp_path))).get("/")
    page = soup_of(answer)
    assert answer.status_code == 503 and page.title.text.startswith(page.h1.text)
    assert "gonggo collect" in page.select_one("h1 + p").text and page.footer.text.startswith("demo")
