"""The morning brief of one region, on one or two printed pages: as HTML, or as Markdown for a chat."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment

from gonggo.model import write_text
from gonggo.report.codes import NATIONWIDE
from gonggo.report.formats import is_web_url
from gonggo.report.freshness import late_sources
from gonggo.report.html_templates import html_templates
from gonggo.report.morning import templates
from gonggo.report.translations import Translator
from gonggo.settings import SEOUL, SQL, Settings
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import rows

TEMPLATES = Path(__file__).parent / "templates"
# So many calls of the region, and of the whole country, keep the brief within two pages.
CALLS, NATIONWIDE_CALLS = 12, 6


def render_brief(settings: Settings, region: str, sector: str | None, *, markdown: bool = False) -> Path:
    """Write ``home/reports/brief-REGION[-SECTOR].html`` (or ``.md``) from the published snapshot and return its path.

    ``region`` is the short name of a 시도, ``sector`` a code such as ``manufacturing``.

    Raises:
        WarehouseError: Nothing is published yet.
    """
    suffix = "md" if markdown else "html"
    path = settings.reports / f"brief-{'-'.join(filter(None, (region, sector)))}.{suffix}"
    write_text(path, brief(settings, region, sector, markdown=markdown))
    return path


def brief(settings: Settings, region: str, sector: str | None, *, markdown: bool = False) -> str:
    """Return the brief as a page of HTML that needs no other file, or as Markdown.

    Raises:
        WarehouseError: Nothing is published yet.
    """
    template = templates().get_template("brief.md") if markdown else _html_templates().get_template("brief.html")
    return template.render(
        t=Translator("ko"),
        region=region,
        sector=sector,
        made_at=datetime.now(SEOUL),
        demo=settings.mode == "demo",
        late=late_sources(settings),
        **_parts(settings, region, sector),
    )


def _parts(settings: Settings, region: str, sector: str | None) -> dict[str, Any]:
    """Return the rows of each part of the brief."""
    with closing(open_snapshot(settings)) as con:

        def part(name: str, **values: Any) -> list[dict[str, Any]]:
            return rows(con, (SQL / "brief" / f"{name}.sql").read_text("utf-8"), values)

        chosen = {"region": region, "sector": sector}
        nationwide = (
            [] if region == NATIONWIDE else part("closing", region=NATIONWIDE, sector=sector, rows=NATIONWIDE_CALLS)
        )
        return {
            "figures": part("figures", **chosen)[0],
            "closing": part("closing", **chosen, rows=CALLS),
            "nationwide": nationwide,
            "changes": part("changes", **chosen),
            "money": part("money", **chosen),
            "programmes": part("programmes", **chosen),
            "results": part("results", region=region),
        }


def _html_templates() -> Environment:
    environment = html_templates(TEMPLATES)
    environment.tests["web"] = is_web_url
    return environment
