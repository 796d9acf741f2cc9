"""A map of the regions as equal tiles, so that small regions stay visible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from markupsafe import Markup
from pydantic import Field, RootModel

from gonggo.datafile import load_model
from gonggo.extract.lexicons import regions
from gonggo.report.html_templates import html_templates
from gonggo.settings import SEOUL

FOLDER = Path(__file__).parent
SIZE, GAP = 84, 6
SHADES = ("#f1f5fa", "#d3e3f3", "#a9c9e8", "#74a9d8", "#3c82bf", "#1f5fa8")
DARK = 4
_Position = Annotated[list[int], Field(min_length=2, max_length=2)]


class _Tiles(RootModel[dict[str, _Position]]):
    """``tiles.yaml``: column and row of each region, from 1."""


@cache
def _tiles() -> dict[str, list[int]]:
    return load_model(FOLDER / "tiles.yaml", _Tiles).root


def tilemap(
    values: Mapping[str, float],
    title: str,
    link: str,
    format_value: Callable[[float], str] = "{:,}".format,
    label: Callable[[str], str] = str,
) -> Markup:
    """Draw the regions as SVG, darker for larger values; a region without a value shows 0.

    A region that was merged into another is drawn where it still has a value. Each tile links to ``link``, in which
    ``{name}`` is its region, and is named by ``label``.
    """
    today = datetime.now(SEOUL).date()
    drawn = {name: at for name, at in _tiles().items() if values.get(name) or name not in _ceased(today)}
    largest = max([value for name, value in values.items() if name in _tiles()], default=0)
    tiles = [
        {
            "name": label(name),
            "value": format_value(values.get(name, 0)),
            "link": link.replace("{name}", quote(name)),
            "x": (column - 1) * (SIZE + GAP),
            "y": 34 + (row - 1) * (SIZE + GAP),
            "shade": _shade(values.get(name, 0), largest),
            "fill": SHADES[_shade(values.get(name, 0), largest)],
            "ink": "#ffffff" if _shade(values.get(name, 0), largest) >= DARK else "#1b2430",
        }
        for name, (column, row) in drawn.items()
    ]
    template = html_templates(FOLDER / "templates").get_template("tilemap.svg")
    return Markup(template.render(tiles=tiles, title=title, size=SIZE))  # noqa: S704 (escaped by the template)


@cache
def _ceased(today: date) -> frozenset[str]:
    """Return the short names that no region has any more on a day."""
    alive = {one.short for one in regions() if not one.parent and (one.valid_to is None or one.valid_to >= today)}
    return frozenset(one.short for one in regions() if not one.parent) - alive


def _shade(value: float, largest: float) -> int:
    """Return the index of the shade: 0 for nothing, the last for the largest value."""
    return 0 if not value or not largest else 1 + min(len(SHADES) - 2, int((len(SHADES) - 1) * value / largest))
