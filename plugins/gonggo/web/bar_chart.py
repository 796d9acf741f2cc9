"""Stacked bar charts: the geometry, which the template macro ``bars`` draws as SVG.

Lengths are in percent of the width, so that words keep their size on a phone.

A bar many times as long as all others would make them unreadable: it is cut, with a mark where it is cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

BAR, GAP = 22, 8
# Percent of the width for the labels at the left, by their longest, and for the sums at the right.
MARGIN, A_LETTER, MOST_LEFT, RIGHT = 4, 2.4, 30.0, 38.0
MOST_LETTERS = 14
# A bar more than so many times as long as the next is cut at so many times the length of the next.
OUTLIER, CUT_AT = 4, 1.5


def bars(
    rows: Sequence[dict[str, Any]], format_value: Callable[[float], str], series_name: Callable[[str], str]
) -> dict[str, Any]:
    """Return the geometry of a chart: a bar for each ``label`` of the rows, with a part for each ``series``."""
    labels = list(dict.fromkeys(str(row["label"]) for row in rows))
    series_keys = list(dict.fromkeys(str(row["series"]) for row in rows))
    sums = {(label, key): 0.0 for label in labels for key in series_keys}
    for row in rows:
        sums[str(row["label"]), str(row["series"])] += max(0.0, float(row["value"] or 0))
    totals = {label: sum(sums[label, key] for key in series_keys) for label in labels}
    longest = _longest_drawn(list(totals.values()))
    letters = max(map(len, labels), default=0)
    left = min(MOST_LEFT, MARGIN + A_LETTER * letters)
    scale, drawn_bars = (100 - left - RIGHT) / longest, []
    for number, label in enumerate(labels):
        x, parts = left, []
        is_cut = totals[label] > longest
        for index, key in enumerate(series_keys):
            width = sums[label, key] * scale * (longest / totals[label] if is_cut else 1)
            parts.append(
                {
                    "x": round(x, 2),
                    "width": round(width, 2),
                    "series": index % 7,
                    "text": f"{series_name(key)} {format_value(sums[label, key])}",
                }
            )
            x += width
        drawn_bars.append(
            {
                "label": label[:MOST_LETTERS],
                "y": number * (BAR + GAP),
                "parts": parts,
                "end": round(x, 2),
                "cut": round(left + (x - left) * 0.8, 2) if is_cut else None,
                "total": format_value(totals[label]),
            }
        )
    legend = [{"series": index % 7, "text": series_name(key)} for index, key in enumerate(series_keys)]
    return {
        "bars": drawn_bars,
        "legend": legend,
        "height": len(labels) * (BAR + GAP),
        "bar": BAR,
        "left": round(left, 2),
        "is_cut": any(bar["cut"] for bar in drawn_bars),
    }


def _longest_drawn(totals: list[float]) -> float:
    """Return the length, in the unit of the values, at which a bar takes all the room between labels and sums."""
    *_, second, first = [0.0, 0.0, *sorted(totals)]
    return (second * CUT_AT if second and first > second * OUTLIER else first) or 1
