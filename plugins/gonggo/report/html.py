"""The report as one self-contained page."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from gonggo.report import charts
from gonggo.report.named import Report, list_reports
from gonggo.settings import SEOUL, Settings
from gonggo.warehouse.connect import SQL, open_snapshot, rows

TEMPLATES = Path(__file__).parent / "templates"
ORDER = (
    *("open_calls_by_closing", "what_changed", "money_by_region_purse_year", "budget_audit"),
    *("programmes_by_type_status", "stage_progress", "continuity", "programmes_by_region_sector"),
    *("proposals_against_commitments", "targets_and_results", "talent", "participation"),
    *("collected_by_source", "coverage_by_region", "net_misses", "source_health", "problems"),
)  # fmt: skip


def render_html(settings: Settings) -> Path:
    """Render ``home/reports/report.html`` from the published snapshot and return its path.

    Errors:
        WarehouseError: nothing is published yet.
    """
    with closing(open_snapshot(settings)) as con:
        tables = [(report, rows(con, report.path.read_text("utf-8"))) for report in _ordered()]
        evidence = rows(con, (SQL / "report_evidence.sql").read_text("utf-8"))
    env = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    env.filters["cell"] = _cell
    named = {report.name: data for report, data in tables}
    page = env.get_template("report.html").render(
        demo=settings.mode == "demo",
        made_at=datetime.now(SEOUL),
        tables=tables,
        charts=_charts(named),
        evidence=evidence,
        fonts=Markup(charts.FONTS),  # noqa: S704 (a constant of ours)
    )
    settings.reports.mkdir(parents=True, exist_ok=True)
    path = settings.reports / "report.html"
    scratch = path.with_name(".report.html.part")
    scratch.write_text(page, "utf-8")
    scratch.replace(path)
    return path


def _ordered() -> list[Report]:
    reports = list_reports()
    return sorted(reports, key=lambda r: (ORDER.index(r.name) if r.name in ORDER else len(ORDER), r.name))


def _charts(named: dict[str, list[dict[str, Any]]]) -> Sequence[Markup]:
    """SVG made by the chart library, which escapes the labels itself."""
    closing_calls = [{**row, "접수": "공고", "수": 1} for row in named["open_calls_by_closing"] if row["마감일"]]
    drawn = (
        charts.stacked(
            _purses(named["money_by_region_purse_year"]), "지역", "재원", "억원", "지역·재원별 금액 (억 원)"
        ),
        charts.stacked(named["programmes_by_type_status"], "유형", "상태", "사업수", "유형·상태별 사업 수"),
        charts.columns(closing_calls, "마감일", "접수", "수", "마감 달력 (접수 중 공고 수)"),
    )
    return [Markup(svg) for svg in drawn]  # noqa: S704


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def _purses(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of one region and one purse: totals hold the purses once more, and whole-country sums dwarf the rest."""
    return [
        row for row in rows if row["재원"] in ("국비", "지방비", "민자") and row["지역"] not in ("여러 시도", "전국")
    ]
