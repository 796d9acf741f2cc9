"""The morning report as Markdown, for a chat: what closes, what is new, what changed, what went wrong."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from gonggo.model import write_text
from gonggo.report.freshness import late_sources
from gonggo.report.markdown import markdown_link, markdown_text
from gonggo.report.named import list_reports
from gonggo.settings import SEOUL, Settings
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import rows

TEMPLATES = Path(__file__).parent / "templates"
# The reports that the page is made of.
PARTS = (
    "open_calls_by_closing",
    "what_changed",
    "money_by_region_funding_source_year",
    "warnings",
    "problems",
    "source_health",
)


def morning_markdown(settings: Settings) -> str:
    """Return the morning report as Markdown.

    Raises:
        WarehouseError: nothing is published yet.
    """
    paths = {report.name: report.path for report in list_reports() if report.name in PARTS}
    with closing(open_snapshot(settings)) as con:
        data = {name: rows(con, path.read_text("utf-8")) for name, path in paths.items()}
    page, late = templates().get_template("morning.md"), late_sources(settings)
    return page.render(at=datetime.now(SEOUL), demo=settings.mode == "demo", late=late, **data)


def templates() -> Environment:
    """Return the environment of the Markdown templates, which pass collected text through ``md`` or ``link``."""
    env = Environment(loader=FileSystemLoader(TEMPLATES), trim_blocks=True, lstrip_blocks=True)  # noqa: S701 (no HTML)
    env.filters.update(md=markdown_text)
    env.globals.update(link=markdown_link)
    return env


def render_markdown(settings: Settings) -> Path:
    """Write ``home/reports/morning.md`` and return its path."""
    path = settings.reports / "morning.md"
    write_text(path, morning_markdown(settings))
    return path
