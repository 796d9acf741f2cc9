"""Charts as plain SVG: no script, no font files, nothing from the network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pygal
from pygal.style import Style

FONTS = "'Noto Sans KR', 'Apple SD Gothic Neo', 'Malgun Gothic', NanumGothic, sans-serif"
_STYLE = Style(
    background="transparent",
    plot_background="transparent",
    font_family=FONTS,
    label_font_size=13,
    major_label_font_size=13,
    legend_font_size=13,
    title_font_size=16,
    colors=("#1f5fa8", "#2a9d8f", "#e9a23b", "#c8553d", "#7a5195", "#6c757d", "#98c1d9"),
)
_SCRIPT = re.compile(r"<script\b[^<>]*/>|<script\b(?:(?!<script\b).)*?</script>", re.DOTALL)


def stacked(table: Sequence[dict[str, Any]], label: str, series: str, value: str, title: str) -> str:
    """Draw a stacked horizontal bar chart of ``value`` by ``label``, a colour for each ``series``, largest first."""
    return _bars(pygal.HorizontalStackedBar, table, label, series, value, title, by_size=True)


def columns(table: Sequence[dict[str, Any]], label: str, series: str, value: str, title: str) -> str:
    """Draw stacked columns of ``value`` by ``label`` in the order of the rows. SVG."""
    return _bars(pygal.StackedBar, table, label, series, value, title, by_size=False)


def _bars(
    kind: Any, table: Sequence[dict[str, Any]], label: str, series: str, value: str, title: str, *, by_size: bool
) -> str:
    labels = list(dict.fromkeys(str(row[label]) for row in table))
    sums = {(str(row[label]), str(row[series])): 0.0 for row in table}
    for row in table:
        sums[str(row[label]), str(row[series])] += float(row[value] or 0)
    if by_size:
        labels.sort(key=lambda name: sum(v for (text, _), v in sums.items() if text == name))
    height = 130 + 26 * len(labels) if by_size else 340
    chart = kind(
        style=_STYLE,
        js=[],
        title=title,
        width=900,
        height=height,
        legend_at_bottom=True,
        disable_xml_declaration=True,
        x_label_rotation=0 if by_size else 35,
        no_data_text="자료 없음",
        value_formatter=lambda v: f"{v:,.10g}",
    )
    chart.x_labels = labels
    for name in dict.fromkeys(str(row[series]) for row in table):
        chart.add(name, [sums.get((text, name)) for text in labels])
    return _SCRIPT.sub("", chart.render(is_unicode=True))
