"""Reports over a small published snapshot."""

from __future__ import annotations

import io
import json
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from rich.console import Console

from gonggo.errors import UsageError
from gonggo.model import now
from gonggo.report import named
from gonggo.report.brief import render_brief
from gonggo.report.html import render_html
from gonggo.report.summary import print_summary
from gonggo.report.tilemap import tilemap
from gonggo.settings import Settings
from gonggo.warehouse.corrections import append_correction, entry_of
from gonggo.warehouse.link import link
from gonggo.warehouse.load import load_batches
from gonggo.warehouse.publish import publish
from tests.warehouse.batches import batch, day, document, paper, settings_at


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home that was published once for all tests here, which look and change nothing that another one needs."""
    settings = settings_at(tmp_path_factory.mktemp("home"))
    papers = [
        document("bizinfo", "1", "경남 제조 AI 실증 <script>alert(1)</script> 공고", day(2)),
        document("bizinfo", "2", "경남 제조 AI 상시 모집 공고", "always", at=now()),
        paper(
            "3", "AI 인력양성 과정 성과", "AI 인력양성 교육생 100명, 총사업비 30억 국비 20억 도비 9억, 취업률 80% 달성했다.",
            programmes=[("AI 인력양성", "training", "ended")], quantities=[("100명", 100, "people")],
            metrics=[("80%", "취업률", 80)], posted=day(-400),
            contradictions=[("amount:1", "amount total", "2000000000", "3000000000", "20억")],
            amounts=[
                ("총사업비 30억", 30 * 10**8, "total", "AI 인력양성"), ("국비 20억", 20 * 10**8, "national", "AI 인력양성"),
                ("도비 9억", 9 * 10**8, "local", "AI 인력양성"),
            ],
        ),
        paper("4", "내일 올라올 AI 공고", "AI 공고", posted=day(1)),
    ]  # fmt: skip
    for amount in papers[2]["record"]["amounts"][1:]:
        amount["part_of"] = 30 * 10**8
    telephone = entry_of("bizinfo/1", "contact", "055-000-0000", {"channel": "phone"})
    append_correction(settings.corrections, {**telephone, "silence": True, "by": "x", "date": "2026-03-02", "why": "x"})
    batch(
        settings,
        "bizinfo",
        "r1",
        papers,
        state="partial",
        errors=[{"outcome": "terminal", "url": "https://example.or.kr/9", "message": "404"}],
    )
    load_batches(settings)
    link(settings)
    publish(settings)
    return settings


@pytest.mark.parametrize("name", [report.name for report in named.list_reports()])
def test_every_report_has_rows(settings: Settings, name: str) -> None:
    assert json.loads(named.run_report(settings, name, "json"))


def test_open_calls_come_by_closing_day_and_open_ended_last(settings: Settings) -> None:
    assert [row["days_left"] for row in named.report_rows(settings, "open_calls_by_closing")] == ["2일", "상시"]


def test_the_coverage_names_every_region_and_its_hole(settings: Settings) -> None:
    rows = {row["region"]: row for row in named.report_rows(settings, "coverage_by_region")}
    assert len(rows) == 18
    assert rows["제주"]["hole"] == "수집된 공고 없음"
    assert any(row["of_ai"] and not row["hole"] for row in rows.values())
    assert (rows["부산"]["on_recorded_page"], rows["경북"]["by_dossier"]) == (1, 1)
    proofs = ("on_recorded_page", "by_others_code", "by_dossier")
    assert all(sum(row[name] for name in proofs) == row["sources"] for row in rows.values())


def test_an_unknown_report_names_the_known(settings: Settings) -> None:
    with pytest.raises(UsageError, match="source_health"):
        named.run_report(settings, "source_helth")


def test_a_report_answers_under_its_former_name_with_a_warning(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    for former, name in named.FORMER.items():
        assert named.run_report(settings, former) == named.run_report(settings, name)
        assert f"the report {former} is now {name}" in caplog.text


def test_the_page_stands_alone_and_escapes(settings: Settings) -> None:
    page = render_html(settings).read_text("utf-8")
    assert "견본 자료" in page and "국비 150억 원" in page and page.count("<svg") == 4
    assert "<script" not in page and "&lt;script&gt;" in page
    assert 'src="http' not in page and "<link" not in page


def test_every_sum_of_money_links_to_its_words_and_the_map_to_its_calls(settings: Settings) -> None:
    page = BeautifulSoup(render_html(settings).read_text("utf-8"), "lxml")
    targets = {tag["id"] for tag in page.find_all(id=True)}
    links = {
        tag["href"].lstrip("#")
        for tag in page.select("#money_by_region_funding_source_year td.num a, svg a, figcaption a, nav a")
    }
    assert {"경남-2026-국비", "open_calls_by_closing"} <= links <= targets
    assert "국비 150억 원" in page.find(id="경남-2026-국비").find_next("table").get_text()
    tile = next(group for group in page.select("svg a g") if "경남" in group.get_text())
    assert tile.get_text(" ").split() == ["경남", "2"]


def test_the_brief_of_a_region_has_its_calls_money_and_words(settings: Settings) -> None:
    page = BeautifulSoup(render_brief(settings, "경남", None).read_text("utf-8"), "lxml")
    assert page.h1.text.startswith("경남") and [tag.b.text for tag in page.select(".figures li")] == [
        "2",
        "1",
        "0",
        "0",
    ]
    assert not page.select("script, img, link:not([href^='data:'])") and "<script>alert" in page.text
    parts = {head.text: head.find_next("table").get_text(" ") for head in page.select("h2") if head.find_next("table")}
    assert "상시" in parts["마감 임박 공고"] and "국비 150억 원" in parts["확정 재원"]
    assert "227억 원" in parts["확정 재원"]


def test_the_brief_of_a_sector_or_another_region_leaves_out_the_rest(settings: Settings) -> None:
    text = render_brief(settings, "부산", "energy", markdown=True).read_text("utf-8")
    assert text.startswith("# 부산 AI 사업 아침 보고") and "분야: 에너지 · 접수 중 0건" in text
    assert "경남" not in text and text.count("- 없음") == 4
    assert render_brief(settings, "부산", "energy").name == "brief-부산-energy.html"


def test_the_whole_report_shows_one_table_and_folds_the_others(settings: Settings) -> None:
    page = BeautifulSoup(render_html(settings).read_text("utf-8"), "lxml")
    parts = page.select("details.part")
    assert len(parts) == len(named.list_reports()) and len([part for part in parts if part.has_attr("open")]) == 1
    assert all(part.summary.h2 and part.select_one("section[id]") for part in parts)


def test_warnings_stand_in_the_report(settings: Settings) -> None:
    assert "미래의 게시일" in [row["warning"] for row in named.report_rows(settings, "warnings")]


def test_the_summary_says_what_went_wrong(settings: Settings) -> None:
    console = Console(file=io.StringIO(), width=160)
    print_summary(settings, console)
    text = console.file.getvalue()
    assert "bizinfo" in text and "404" in text and "총사업비" in text and "257.0" in text


def test_the_drawing_of_money_leaves_out_whole_country_sums_and_totals(tmp_path: Path) -> None:
    settings = settings_at(tmp_path)
    papers = [
        paper(
            number, f"{region} AI 실증 사업 {number}", f"AI 실증 사업 {number} 총사업비 90억 국비 {eok}억", region=region,
            programmes=[(f"AI 실증 사업 {number}", "demonstration", "open")],
            amounts=[("총사업비 90억", 90 * 10**8, "total", None), (f"국비 {eok}억", eok * 10**8, "national", None)],
        )
        for number, region, eok in (("1", "경남", 20), ("2", "전국", 70))
    ]  # fmt: skip
    batch(settings, "bizinfo", "r1", papers)
    load_batches(settings)
    link(settings)
    publish(settings)
    rows = named.report_rows(settings, "money_by_region_funding_source_year")
    assert {row["region"] for row in rows} >= {"경남", "전국"}
    page = BeautifulSoup(render_html(settings).read_text("utf-8"), "lxml")
    (drawn,) = (figure for figure in page.select("figure") if "지역·재원별 금액" in figure.get_text())
    text = drawn.get_text(" ")
    assert "경남" in text and "국비" in text and "20" in text
    assert "전국" not in text and "총사업비" not in text


def test_money_of_plans_is_a_row_of_its_own_with_its_words(tmp_path: Path) -> None:
    settings = settings_at(tmp_path)
    papers = [
        paper("1", "로봇 실증 공고", "로봇 실증 사업: 총사업비 30억원", programmes=[("로봇 실증 사업", "demonstration", "open")],
              amounts=[("30억원", 3_000_000_000, "total", "로봇 실증 사업")]),
        paper("2", "제조 혁신 계획", "제조 혁신 계획: 총사업비 1조원", programmes=[("제조 혁신 계획", "plan", "planned")],
              amounts=[("1조원", 1_000_000_000_000, "total", "제조 혁신 계획")]),
        paper("3", "전환 펀드 조성", "전환 펀드: 총사업비 500억원", programmes=[("전환 펀드", "investment", "open")],
              amounts=[("500억원", 50_000_000_000, "total", "전환 펀드")]),
    ]  # fmt: skip
    batch(settings, "bizinfo", "r1", papers)
    load_batches(settings)
    link(settings)
    publish(settings)
    rows = named.report_rows(settings, "money_by_region_funding_source_year")
    sums = {row["funding_source"]: row["krw_100m"] for row in rows if row["funding_source"].endswith("총사업비")}
    assert (sums["계획 총사업비"], sums["투자·융자 총사업비"]) == (10_000, 500)
    page = BeautifulSoup(render_html(settings).read_text("utf-8"), "lxml")
    link_of_plan = page.select_one("#money_by_region_funding_source_year").find("a", string="10,000.0")
    assert "1조원" in page.find(id=link_of_plan["href"].lstrip("#")).find_next("table").get_text()
    screen = Console(file=io.StringIO(), width=120)
    print_summary(settings, screen)
    assert isinstance(screen.file, io.StringIO)
    money = screen.file.getvalue().partition("Money by region and funding source\n")[2]
    head, _, values, *_ = money.splitlines()
    assert head.split()[2:] == ["총사업비", "┃", "계획", "총사업비", "┃", "투자·융자", "총사업비"]
    assert [cell.strip() for cell in values.split("│")] == ["경남", "30.0", "10,000.0", "500.0"]


def test_the_map_shows_a_merged_region_only_where_it_has_a_value() -> None:
    def names(values: dict[str, float]) -> set[str]:
        drawing = BeautifulSoup(str(tilemap(values, "접수 중", "regions/{name}")), "lxml")
        return {unquote(link["href"].partition("/")[2]) for link in drawing.select("a")}

    present = names({})
    assert {"전남광주", "경남", "전국"} <= present and not {"전남", "광주"} & present
    assert names({"전남": 2}) == present | {"전남"}
