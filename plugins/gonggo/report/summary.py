"""The short report at the end of a run."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gonggo.report.named import report_rows
from gonggo.settings import Settings

TOP = 8


def print_summary(settings: Settings, console: Console) -> None:
    """Print what was collected from where, what closes next, money by region and purse, and what went wrong.

    Errors:
        WarehouseError: nothing is published yet.
    """
    _print(console, "수집 | Collected", report_rows(settings, "collected_by_source"), drop=("마지막수집",))
    calls = report_rows(settings, "open_calls_by_closing")
    _print(
        console,
        f"접수 중 {len(calls)}건, 곧 마감 | Open, closing next",
        calls[:TOP],
        keep=("마감일", "남은날", "지역", "공고"),
    )
    _print(
        console,
        "지역·재원별 금액(억 원) | Money by region and purse",
        _by_purse(report_rows(settings, "money_by_region_funding_source_year")),
    )
    problems = report_rows(settings, "problems")
    if problems:
        _print(console, f"문제 {len(problems)}건 | What went wrong", problems[:TOP])
    else:
        console.print("문제 없음 | Nothing went wrong")


def _by_purse(money: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row a region, one column a purse, in 억, all years together."""
    purses = list(dict.fromkeys(row["재원"] for row in money))
    table: dict[str, dict[str, Any]] = {}
    for row in money:
        line = table.setdefault(row["지역"], {"지역": row["지역"], **dict.fromkeys(purses, 0)})
        line[row["재원"]] = round(line[row["재원"]] + row["원"] / 1e8, 1)
    return list(table.values())


def _print(
    console: Console, title: str, rows: list[dict[str, Any]], keep: tuple[str, ...] = (), drop: tuple[str, ...] = ()
) -> None:
    console.print(Text(f"\n{title}", style="bold"))
    if not rows:
        console.print("  없음 | none")
        return
    names = [name for name in keep or rows[0] if name not in drop]
    table = Table(show_edge=False, pad_edge=False)
    for name in names:
        table.add_column(name, justify="right" if isinstance(rows[0][name], int | float) else "left")
    for row in rows:
        table.add_row(*(Text(_cell(row[name])) for name in names))
    console.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int | float) else str(value)
