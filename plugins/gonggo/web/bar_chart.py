"""Stacked bar charts: the geometry, which the template macro ``bars`` draws as SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

WIDTH, BAR, GAP, LEFT, RIGHT = 640, 22, 8, 110, 120


def bars(
    rows: Sequence[dict[str, Any]], format_value: Callable[[float], str], series_name: Callable[[str], str]
) -> dict[str, Any]:
    """Return the geometry of a chart: a bar for each ``label`` of the rows, with a part for each ``series``."""
    labels = list(dict.fromkeys(str(row["label"]) for row in rows))
    series_keys = list(dict.fromkeys(str(row["series"]) for row in rows))
    sums = {(label, key): 0.0 for label in labels for key in series_keys}
    for row in rows:
        sums[str(row["label"]), str(row["series"])] += max(0.0, float(row["value"] or 0))
    largest = max((sum(sums[label, key] for key in series_keys) for label in labels), default=0) or 1
    scale, drawn_bars = (WIDTH - LEFT - RIGHT) / largest, []
    for number, label in enumerate(labels):
        x, parts = float(LEFT), []
        for index, key in enumerate(series_keys):
            width = sums[label, key] * scale
            parts.append(
                {
                    "x": round(x, 1),
                    "width": round(width, 1),
                    "series": index % 7,
                    "text": f"{series_name(key)} {format_value(sums[label, key])}",
                }
            )
            x += width
        total = format_value(sum(sums[label, key] for key in series_keys))
        drawn_bars.append(
            {"label": label, "y": number * (BAR + GAP), "parts": parts, "end": round(x + 6, 1), "total": total}
        )
    legend = [{"series": index % 7, "text": series_name(key)} for index, key in enumerate(series_keys)]
    return {
        "bars": drawn_bars,
        "legend": legend,
        "width": WIDTH,
        "height": len(labels) * (BAR + GAP),
        "bar": BAR,
        "left": LEFT,
    }
