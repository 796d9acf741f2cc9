"""The short report at the end of a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gonggo.report.named import find_report, report_rows
from gonggo.settings import Settings

TOP = 8

_SOURCES = ("총사업비", "국비", "지방비", "민자", "연간")


def print_summary(settings: Settings, console: Console) -> None:
    """Print what was collected from where, what closes next, money by region and funding source, and what went wrong.

    Raises:
        WarehouseError: nothing is published yet.
    """
    sources = report_rows(settings, "collected_by_source")
    _print(console, "수집 | Collected", sources, _labels("collected_by_source"), drop=("last_seen_at",))
    calls = report_rows(settings, "open_calls_by_closing")
    _print(
        console,
        f"접수 중 {len(calls)}건, 곧 마감 | Open, closing next",
        calls[:TOP],
        _labels("open_calls_by_closing"),
        keep=("closes_on", "days_left", "regions", "title"),
    )
    _print(
        console,
        "지역·재원별 금액(억 원) | Money by region and funding source",
        _by_funding_source(report_rows(settings, "money_by_region_funding_source_year")),
        lambda name: "지역" if name == "region" else name,
    )
    problems = report_rows(settings, "problems")
    if problems:
        _print(console, f"문제 {len(problems)}건 | What went wrong", problems[:TOP], _labels("problems"))
    else:
        console.print("문제 없음 | Nothing went wrong")


def _labels(report: str) -> Callable[[str], str]:
    return find_report(report).label


def _order(funding_source: str) -> tuple[bool, int, str]:
    """Return the place of a funding source in the table: decided money first, as officials list it."""
    place = _SOURCES.index(funding_source) if funding_source in _SOURCES else len(_SOURCES)
    return " " in funding_source, place, funding_source


def _by_funding_source(money: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one row a region, one column a funding source, in units of 100 million KRW, all years together.

    Of what is not decided, only totals have a column.
    """
    money = [row for row in money if " " not in row["funding_source"] or row["funding_source"].endswith("총사업비")]
    funding_sources = sorted({row["funding_source"] for row in money}, key=_order)
    table: dict[str, dict[str, Any]] = {}
    for row in money:
        line = table.setdefault(row["region"], {"region": row["region"], **dict.fromkeys(funding_sources, 0)})
        line[row["funding_source"]] = round(line[row["funding_source"]] + row["krw"] / 1e8, 1)
    return list(table.values())


def _print(
    console: Console,
    title: str,
    rows: list[dict[str, Any]],
    label: Callable[[str], str],
    keep: tuple[str, ...] = (),
    drop: tuple[str, ...] = (),
) -> None:
    console.print(Text(f"\n{title}", style="bold"))
    if not rows:
        console.print("  없음 | none")
        return
    names = [name for name in keep or rows[0] if name not in drop]
    table = Table(show_edge=False, pad_edge=False)
    for name in names:
        table.add_column(label(name), justify="right" if isinstance(rows[0][name], int | float) else "left")
    for row in rows:
        table.add_row(*(Text(_cell(row[name])) for name in names))
    console.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int | float) else str(value)
