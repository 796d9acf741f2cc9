"""The HTML report: one self-contained page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

from gonggo.model import write_text
from gonggo.report import charts
from gonggo.report.freshness import late_sources
from gonggo.report.html_templates import html_templates
from gonggo.report.named import Report, list_reports
from gonggo.report.tilemap import tilemap
from gonggo.settings import SEOUL, SQL, Settings
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import rows

TEMPLATES = Path(__file__).parent / "templates"
ORDER = (
    *("open_calls_by_closing", "what_changed", "money_by_region_funding_source_year", "budget_audit"),
    *("programmes_by_type_status", "stage_progress", "continuity", "programmes_by_region_sector"),
    *("proposals_against_commitments", "targets_and_results", "talent", "participation"),
    *("contradictions", "warnings", "collected_by_source", "coverage_by_region"),
    *("prefilter_misses", "source_health", "problems"),
)  # fmt: skip


def render_html(settings: Settings) -> Path:
    """Render ``home/reports/report.html`` from the published snapshot and return its path.

    Raises:
        WarehouseError: nothing is published yet.
    """
    with closing(open_snapshot(settings)) as con:
        tables = [(report, rows(con, report.path.read_text("utf-8"))) for report in _ordered()]
        evidence = rows(con, (SQL / "report_evidence.sql").read_text("utf-8"))
    env = html_templates(TEMPLATES)
    env.filters["cell"] = _cell
    env.globals["figure"] = _figure
    named = {report.name: data for report, data in tables}
    page = env.get_template("report.html").render(
        demo=settings.mode == "demo",
        made_at=datetime.now(SEOUL),
        late=late_sources(settings),
        tables=tables,
        charts=_charts(named),
        evidence=_by_figure(evidence),
        tiles=tilemap(_open_by_region(named["open_calls_by_closing"]), "접수 중 공고", "#open_calls_by_closing"),
        fonts=Markup(charts.FONTS),  # noqa: S704 (a constant of ours)
    )
    path = settings.reports / "report.html"
    write_text(path, page)
    return path


def _by_figure(evidence: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Group the evidence by the anchor that its sum links to."""
    figures: dict[str, list[dict[str, Any]]] = {}
    for row in evidence:
        figures.setdefault(_figure(row), []).append(row)
    return figures


def _figure(row: dict[str, Any]) -> str:
    """Return the anchor of a sum. It contains no collected text: regions, years and funding sources are codes."""
    return f"{row.get('region')}-{row.get('year')}-{row.get('funding_source')}".replace(" ", "")


def _open_by_region(calls: list[dict[str, Any]]) -> Mapping[str, float]:
    return Counter(name for row in calls for name in (row["regions"] or "").split(", "))


def _ordered() -> list[Report]:
    reports = list_reports()
    return sorted(reports, key=lambda r: (ORDER.index(r.name) if r.name in ORDER else len(ORDER), r.name))


def _charts(named: dict[str, list[dict[str, Any]]]) -> Sequence[tuple[Markup, str]]:
    """Return each SVG with the report that it draws. The chart library escapes the labels."""
    closing_calls = [
        {**row, "series": "공고", "count": 1} for row in named["open_calls_by_closing"] if row["closes_on"]
    ]
    by_source = _single_regions_and_sources(named["money_by_region_funding_source_year"])
    kinds = named["programmes_by_type_status"]
    svgs = {
        "money_by_region_funding_source_year": charts.stacked(
            by_source, "region", "funding_source", "krw_100m", "지역·재원별 금액 (억 원)"
        ),
        "programmes_by_type_status": charts.stacked(
            kinds, "type_name", "status_name", "programmes", "유형·상태별 사업 수"
        ),
        "open_calls_by_closing": charts.columns(
            closing_calls, "closes_on", "series", "count", "마감 달력 (접수 중 공고 수)"
        ),
    }
    return [(Markup(svg), table) for table, svg in svgs.items()]  # noqa: S704


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def _single_regions_and_sources(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of single regions and funding sources.

    Totals would repeat their parts, and sums of the whole country would dwarf the rest.
    """
    return [
        row
        for row in rows
        if row["funding_source"] in ("국비", "지방비", "민자") and row["region"] not in ("여러 시도", "전국")
    ]
