"""Facts that people correct or silence: seen everywhere, kept with what was read, and alive when everything is read again."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from gonggo import pipeline
from gonggo.errors import DataFileError, UsageError
from gonggo.report.correcting import add, check
from gonggo.settings import Settings
from gonggo.warehouse.checks import run_checks
from gonggo.warehouse.corrections import append_correction, as_yaml, entry_of, load_corrections
from gonggo.warehouse.link import link
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import rows
from gonggo.warehouse.writer import writer
from gonggo.web.site import create_site
from tests.warehouse.batches import batch, day, document, paper

NAME = "경남 자율제조 로봇 실증"
PARTS = "총사업비 300억 원, 국비 20억 원"
SIGNED = {"by": "홍길동", "date": "2026-03-02", "why": "첨부 공고문은 30억 원으로 적었다"}


def call(number: str = "1", **facts: Any) -> dict[str, Any]:
    """A call whose total is ten times too large, with a part of it and an organisation."""
    amounts = [("총사업비 300억 원", 300 * 10**8, "total", NAME), ("국비 20억 원", 20 * 10**8, "national", NAME)]
    body = f"{NAME} {PARTS}, 경남로봇랜드재단, 40개사"
    values = {
        "programmes": [(NAME, "demonstration", "open")],
        "amounts": amounts,
        "organisations": [("경남로봇랜드재단", "operator")],
        "quantities": [("40개사", 40, "companies")],
    }
    announcement = paper(number, f"{NAME} 공고", body, **{**values, **facts})
    announcement["record"]["amounts"][1]["part_of"] = 300 * 10**8
    announcement["record"]["organisations"][0]["programmes"] = [NAME]
    return announcement


TOTAL = entry_of("bizinfo/1", "amount", "총사업비 300억 원", {"krw": 300 * 10**8, "role": "total"})
RIGHT = {**TOTAL, "correct": {"krw": 30 * 10**8}, **SIGNED}


def corrected(settings: Settings, *entries: dict[str, Any]) -> None:
    settings.corrections.write_text("corrections:\n" + "".join(as_yaml(entry) for entry in entries), "utf-8")
    published(settings)


def published(settings: Settings) -> None:
    for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish):
        step(settings)


def ask(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with closing(open_snapshot(settings)) as con:
        return con.execute(sql).fetchall()


def everything(settings: Settings) -> dict[str, list[str]]:
    """All facts as they stand in the tables of the writer."""
    with writer(settings) as con:
        tables = [row[0] for row in con.execute("SHOW TABLES").fetchall() if row[0].startswith("fact_")]
        return {
            name: sorted(str(row) for row in rows(con, f"FROM {name}"))
            for name in tables
            if name not in ("fact_correction", "fact_file", "fact_evidence")
        }


def test_a_corrected_sum_counts_with_who_when_why_and_what_was_read(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [call()])
    corrected(settings, RIGHT)
    correction = "2026-03-02 홍길동: 첨부 공고문은 30억 원으로 적었다 (krw 30000000000 → 3000000000)"
    counted = "SELECT krw, evidence_quote, corrected FROM notice_amount WHERE role = 'total'"
    assert ask(settings, counted) == [(30 * 10**8, "총사업비 300억 원", correction)]
    assert ask(settings, "SELECT krw, corrected_amounts FROM programme_money WHERE funding_source = 'total'") == [
        (30 * 10**8, 1)
    ]
    assert ask(settings, "SELECT corrected_amounts FROM funding_by_region WHERE funding_source = 'total'") == [(1,)]
    assert ask(settings, "SELECT corrected LIKE '%홍길동%' FROM notice") == [(True,)]
    seen = "SELECT corrected, evidence_quote FROM fact_evidence WHERE label = 'total 3000000000'"
    assert ask(settings, seen) == [(correction, "총사업비 300억 원")]
    assert ask(settings, "SELECT facts, why FROM correction") == [(1, SIGNED["why"])]
    # The part is still a part of the corrected whole.
    assert ask(settings, "SELECT part_of FROM fact_amount WHERE role = 'national'") == [(30 * 10**8,)]


def test_a_silenced_fact_is_in_no_figure_and_its_place_says_so(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [call()])
    corrected(settings, {**TOTAL, "silence": True, **SIGNED})
    assert ask(settings, "SELECT role FROM notice_amount") == [("national",)]
    (fact,) = ask(settings, "SELECT fact_id, silenced, told FROM fact_correction")
    assert fact[1:] == (True, "2026-03-02 홍길동: 첨부 공고문은 30억 원으로 적었다")
    shown = ask(settings, f"SELECT says, evidence_quote, corrected FROM evidence('{fact[0]}')")
    assert shown == [("silenced", "총사업비 300억 원", fact[2])]


@pytest.mark.slow
def test_what_was_read_comes_back_when_the_correction_is_withdrawn(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [call()])
    published(settings)
    before = everything(settings)
    quantity = entry_of("bizinfo/1", "quantity", "40개사", {"value": 40})
    renamed = entry_of("bizinfo/1", "programme", NAME, {"name": NAME})
    corrected(
        settings,
        RIGHT,
        {**quantity, "silence": True, **SIGNED},
        {**renamed, "correct": {"name": "경남 로봇 실증"}, **SIGNED},
    )
    assert everything(settings) != before
    settings.corrections.unlink()
    published(settings)
    assert everything(settings) == before
    assert ask(settings, "FROM correction") == ask(settings, "FROM fact_correction") == []


def test_a_renamed_programme_keeps_its_money_and_organisations(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [call()])
    named = entry_of("bizinfo/1", "programme", NAME, {"name": NAME})
    corrected(settings, {**named, "correct": {"name": "경남 로봇 실증"}, **SIGNED})
    assert ask(settings, "SELECT DISTINCT programme FROM notice_amount") == [("경남 로봇 실증",)]
    assert ask(settings, "SELECT programme, programmes FROM participation") == [("경남 로봇 실증", ["경남 로봇 실증"])]
    assert ask(settings, "SELECT name FROM programme") == [("경남 로봇 실증",)]


def test_a_corrected_deadline_is_the_deadline_of_the_call(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [document("bizinfo", "1", "경남 제조 AI 실증 지원사업", day(-9))])
    published(settings)
    assert ask(settings, "SELECT count(*) FROM open_calls") == [(0,)]
    closes = entry_of("bizinfo/1", "application", day(-9), {"edge": "closes_at", "value": day(-9)})
    corrected(settings, {**closes, "correct": {"value": f"{day(9)}T18:00"}, **SIGNED})
    window = "SELECT closes_on::VARCHAR, closes_time::VARCHAR, corrected IS NOT NULL FROM open_calls"
    assert ask(settings, window) == [(day(9), "18:00:00", True)]
    corrected(settings, {**closes, "silence": True, **SIGNED})
    assert ask(settings, "SELECT closes_on, closes_kind FROM notice") == [(None, None)]
    settings.corrections.unlink()
    published(settings)
    assert ask(settings, "SELECT closes_on::VARCHAR, closes_kind FROM notice") == [(day(-9), "day")]


@pytest.mark.slow
def test_it_holds_for_new_versions_and_when_everything_is_loaded_again(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [call()])
    corrected(settings, RIGHT)
    later = call() | {"content_hash": "later", "retrieved_at": "2026-02-02T09:00:00+09:00"}
    batch(settings, "bizinfo", "r2", [later])
    published(settings)
    assert ask(settings, "SELECT krw, count(*) FROM fact_amount WHERE role = 'total' GROUP BY krw") == [(30 * 10**8, 2)]
    # The page as it was at first comes back: its facts are those of the first version, as they were read.
    back = call() | {"retrieved_at": "2026-03-02T09:00:00+09:00"}
    batch(settings, "bizinfo", "r3", [back])
    published(settings)
    asked = "SELECT krw, corrected IS NOT NULL, count(*) FROM fact_amount WHERE role = 'total' GROUP BY ALL"
    assert ask(settings, asked) == [(30 * 10**8, True, 3)]
    settings.warehouse.unlink()
    published(settings)
    assert ask(settings, asked) == [(30 * 10**8, True, 3)]
    settings.corrections.unlink()
    published(settings)
    assert ask(settings, asked) == [(300 * 10**8, False, 3)]


DOCUMENT = entry_of("bizinfo/1", "document", f"{NAME} 공고", {"kind": "announcement", "relevant": True})


def test_a_document_that_is_about_no_programme_is_in_no_list_and_its_facts_in_no_figure(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [call(), call("2")])
    published(settings)
    before = everything(settings)
    corrected(settings, {**DOCUMENT, "correct": {"relevant": False}, **SIGNED})
    correction = "2026-03-02 홍길동: 첨부 공고문은 30억 원으로 적었다 (relevant true → false)"
    assert ask(settings, "SELECT native_id FROM notice WHERE relevant") == [("2",)]
    assert ask(settings, "SELECT native_id, corrected LIKE '%홍길동%' FROM notice WHERE NOT relevant") == [("1", True)]
    assert ask(settings, "SELECT DISTINCT native_id FROM notice_amount JOIN announcement USING (announcement_key)") == [
        ("2",)
    ]
    assert ask(settings, "SELECT corrected, relevant FROM announcement_version WHERE corrected IS NOT NULL") == [
        (correction, False)
    ]
    assert ask(settings, "SELECT fact, facts FROM correction") == [("document", 1)]
    # Everything that was read is kept, and comes back when everything is loaded again without the entry.
    settings.warehouse.unlink()
    published(settings)
    assert ask(settings, "SELECT native_id FROM notice WHERE relevant") == [("2",)]
    settings.corrections.unlink()
    published(settings)
    assert everything(settings) == before
    assert ask(settings, "SELECT count(*) FROM notice WHERE relevant") == [(2,)]


def test_a_document_of_another_kind_is_listed_as_such(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [call()])
    corrected(settings, {**DOCUMENT, "correct": {"kind": "press_release"}, **SIGNED})
    assert ask(settings, "SELECT kind, relevant, corrected IS NOT NULL FROM notice") == [("press_release", True, True)]
    assert ask(settings, "SELECT count(*) FROM notice_amount") == [(2,)]
    later = call() | {"content_hash": "later", "retrieved_at": "2026-02-02T09:00:00+09:00"}
    batch(settings, "bizinfo", "r2", [later])
    published(settings)
    assert ask(settings, "SELECT DISTINCT kind FROM announcement_version") == [("press_release",)]


def test_the_page_of_a_document_proposes_its_correction_and_says_what_was_corrected(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [call()])
    published(settings)
    client = TestClient(create_site(settings))
    (key, version), *_ = ask(settings, "SELECT announcement_key, version_key FROM announcement_version")
    assert f'href="facts/{version}:document:0"' in client.get(f"/calls/{key}").text
    text = BeautifulSoup(client.get(f"/facts/{version}:document:0").text, "lxml").select_one("pre").text
    (entry,) = yaml.safe_load(text)
    assert entry["correct"] == {"relevant": False}
    corrected(settings, {**entry, "by": "홍길동", "why": "광고일 뿐"})
    shown = client.get(f"/calls/{key}").text
    assert "홍길동: 광고일 뿐" in shown and "AI 공공사업 문서 아님" in shown and "<del>총사업비 300억 원</del>" in shown
    assert "AI 공공사업 문서 아님</h1>" in client.get(f"/facts/{version}:document:0").text


def test_the_command_corrects_a_document_by_its_key(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [call()])
    published(settings)
    (version,) = ask(settings, "SELECT version_key FROM announcement_version")[0]
    added = add(settings, f"{version}:document:0", ["relevant=false"], silence=False, by="홍길동", why="광고")
    assert "relevant: false" in added
    published(settings)
    assert ask(settings, "SELECT relevant FROM notice") == [(False,)]


def test_a_correction_that_matches_nothing_warns(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [call()])
    gone = {**TOTAL, "found": {"krw": 5}, "correct": {"krw": 6}, **SIGNED}
    elsewhere = {**gone, "announcement": "nipa/1"}
    corrected(settings, RIGHT, gone, elsewhere)
    broken = run_checks(settings)["violations"]["correction_without_fact"]
    assert broken["severity"] == "warn" and broken["count"] == 1  # of nipa nothing was collected yet
    assert broken["rows"][0]["announcement"] == "bizinfo/1"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"fact": "money"}, "there is no kind of fact 'money'"),
        ({"correct": {"won": 1}}, "amount has no 'won'"),
        ({"correct": {"krw": "삼십억"}}, "is not a whole number"),
        ({"correct": {"role": "purse"}}, "is none of total, national"),
        ({"correct": {"year": "26년"}}, "is not a year"),
        ({"correct": {"krw": None}}, "is not a whole number"),
        (
            {"fact": "region", "found": {"name": "부산"}, "correct": {"name": "부산광역시"}},
            "there is no '부산광역시'.*like 경남",
        ),
        ({"fact": "region", "found": {"name": "부산"}, "correct": {"name": None}}, "there is no None"),
        ({"silence": True}, "give either correct"),
        ({"correct": None}, "give either correct"),
        (
            {"fact": "document", "found": {"kind": "article"}, "correct": {"relevant": "nein"}},
            "'nein' is not true or false",
        ),
        ({"fact": "document", "found": {"kind": "article"}, "correct": {"kind": "advert"}}, "is none of announcement"),
        (
            {"fact": "document", "found": {"kind": "article"}, "correct": None, "silence": True},
            "a document cannot be silenced",
        ),
        ({"correct": {"krw": True}}, "is not a whole number"),
        ({"date": "어제"}, "date"),
        ({"why": " "}, "why"),
        ({"announcement": "1"}, "announcement"),
        ({"note": "x"}, "note"),
    ],
)
def test_a_wrong_entry_names_file_and_line(settings: Settings, change: dict[str, Any], problem: str) -> None:
    text = "corrections:\n" + as_yaml(RIGHT) + as_yaml({**RIGHT, "announcement": "bizinfo/2", **change})
    settings.corrections.write_text(text, "utf-8")
    with pytest.raises(DataFileError, match=rf"corrections\.yaml:(1|2)\d: .*{problem}"):
        link(settings)


def test_two_entries_about_one_fact_are_refused(settings: Settings) -> None:
    settings.corrections.write_text("corrections:\n" + as_yaml(RIGHT) + as_yaml({**RIGHT, "why": "또"}), "utf-8")
    with pytest.raises(DataFileError, match=r"corrections\.yaml:1\d: corrects the same fact as the entry of line 2"):
        load_corrections(settings.corrections)


def test_an_entry_is_appended_or_the_file_stays(settings: Settings) -> None:
    append_correction(settings.corrections, RIGHT)
    append_correction(settings.corrections, {**RIGHT, "announcement": "bizinfo/2"})
    assert [row["announcement"] for row in load_corrections(settings.corrections)] == ["bizinfo/1", "bizinfo/2"]
    before = settings.corrections.read_text("utf-8")
    for wrong in (RIGHT, {**RIGHT, "correct": {"krw": "x"}}):
        with pytest.raises(DataFileError):
            append_correction(settings.corrections, wrong)
    assert settings.corrections.read_text("utf-8") == before


def test_the_corrections_of_the_demo_are_valid_and_of_both_kinds() -> None:
    entries = load_corrections(Path(__file__).parents[2] / "demo" / "corrections.yaml")
    assert {entry["correct"] is None for entry in entries} == {True, False}


def test_the_command_adds_and_checks(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    batch(settings, "bizinfo", "r1", [call()])
    published(settings)
    (total,) = ask(settings, "SELECT fact_id FROM fact_amount WHERE role = 'total'")[0]
    options = {"silence": False, "by": "홍길동", "why": "열 배로 적혔다"}
    assert "krw: 3000000000" in add(settings, total, ["krw=3000000000", "year=2026"], **options)
    assert check(settings, sys.stdout) == 0 and "not published yet" in capsys.readouterr().out
    published(settings)
    assert ask(settings, "SELECT krw, year FROM fact_amount WHERE role = 'total'") == [(30 * 10**8, "2026")]
    assert check(settings, sys.stdout) == 0 and "corrects 1 facts" in capsys.readouterr().out
    append_correction(settings.corrections, {**TOTAL, "found": {"krw": 5}, "silence": True, **SIGNED})
    published(settings)
    assert check(settings, sys.stdout) == 1 and "matches no fact" in capsys.readouterr().out
    for fact, wrong in (("none", {}), (total, {}), (total, {"by": ""}), (total, {"silence": True})):
        with pytest.raises(UsageError):
            add(settings, fact, ["krw=1"], **{**options, **wrong})


@pytest.mark.parametrize("written", ["30억", "30억 원", "3,000백만원", "3000000000"])
def test_money_is_corrected_as_people_write_it(settings: Settings, written: str) -> None:
    batch(settings, "bizinfo", "r1", [call()])
    published(settings)
    (total,) = ask(settings, "SELECT fact_id FROM fact_amount WHERE role = 'total'")[0]
    options = {"silence": False, "by": "홍길동", "why": "열 배로 적혔다"}
    with pytest.raises(DataFileError, match="서른억"):
        add(settings, total, ["krw=서른억"], **options)
    assert "krw: 3000000000" in add(settings, total, [f"krw={written}"], **options)


def test_pages_and_the_interface_say_what_was_corrected_and_propose(settings: Settings) -> None:
    batch(settings, "bizinfo", "r1", [call()])
    quantity = entry_of("bizinfo/1", "quantity", "40개사", {"value": 40})
    corrected(settings, RIGHT, {**quantity, "silence": True, **SIGNED})
    client = TestClient(create_site(settings))
    key, total = ask(settings, "SELECT announcement_key, fact_id FROM fact_amount WHERE role = 'total'")[0]
    page = client.get(f"/calls/{key}").text
    assert "홍길동: 첨부 공고문은" in page and "30억 원" in page and "<del>40개사</del>" in page
    shown = client.get(f"/facts/{total}").text
    assert "홍길동" in shown and "총사업비 30억 원</h1>" in shown and "<mark>총사업비 300억 원</mark>" in shown
    silenced = ask(settings, "SELECT fact_id FROM fact_correction WHERE silenced")[0][0]
    assert "<del>40개사</del></h1>" in client.get(f"/facts/{silenced}").text
    answer = client.get(f"/api/v1/calls/{key}").json()
    assert answer["silenced_facts"][0]["corrected"].startswith("2026-03-02 홍길동")
    assert "홍길동" in next(fact["corrected"] for fact in answer["facts"] if fact["fact_id"] == total)
    # What is not corrected has an entry that corrects it.
    body = ask(settings, "SELECT fact_id FROM fact_organisation")[0][0]
    text = BeautifulSoup(client.get(f"/facts/{body}").text, "lxml").select_one("pre").text
    (entry,) = yaml.safe_load(text)
    corrected(settings, RIGHT, {**entry, "by": "홍길동", "why": "장소일 뿐"})
    assert ask(settings, "FROM fact_organisation") == []
    assert client.get("/facts/none").status_code == 404
    programme = ask(settings, "SELECT programme_key FROM programme")[0][0]
    shown = client.get(f"/programmes/{programme}").text
    assert f'href="facts/{total}"' in shown and "합계에 포함하지 않는 금액은 흐리게" in shown
