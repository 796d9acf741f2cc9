"""Stacked bars: the numbers of a chart, which the macro ``bars`` draws as SVG; colours are the style sheet's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

WIDTH, BAR, GAP, LEFT, RIGHT = 640, 22, 8, 110, 120


def bars(rows: Sequence[dict[str, Any]], show: Callable[[float], str], series: Callable[[str], str]) -> dict[str, Any]:
    """What the template draws of rows with ``label``, ``series`` and ``value``: one bar a label, one part a series."""
    labels = list(dict.fromkeys(str(row["label"]) for row in rows))
    kinds = list(dict.fromkeys(str(row["series"]) for row in rows))
    sums = {(label, kind): 0.0 for label in labels for kind in kinds}
    for row in rows:
        sums[str(row["label"]), str(row["series"])] += max(0.0, float(row["value"] or 0))
    most = max((sum(sums[label, kind] for kind in kinds) for label in labels), default=0) or 1
    scale, drawn = (WIDTH - LEFT - RIGHT) / most, []
    for number, label in enumerate(labels):
        at, parts = float(LEFT), []
        for place, kind in enumerate(kinds):
            wide = sums[label, kind] * scale
            parts.append(
                {
                    "x": round(at, 1),
                    "width": round(wide, 1),
                    "series": place % 7,
                    "said": f"{series(kind)} {show(sums[label, kind])}",
                }
            )
            at += wide
        whole = show(sum(sums[label, kind] for kind in kinds))
        drawn.append(
            {"label": label, "y": number * (BAR + GAP), "parts": parts, "end": round(at + 6, 1), "whole": whole}
        )
    legend = [{"series": place % 7, "said": series(kind)} for place, kind in enumerate(kinds)]
    return {
        "bars": drawn,
        "legend": legend,
        "width": WIDTH,
        "height": len(labels) * (BAR + GAP),
        "bar": BAR,
        "left": LEFT,
    }
