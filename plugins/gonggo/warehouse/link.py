"""What belongs together: organisations by alias, programmes by name, the same call on several sites."""

from __future__ import annotations

from typing import Any

from gonggo.settings import Settings
from gonggo.warehouse.connect import SQL, rows, statements, transaction, writer
from gonggo.warehouse.migrate import migrate


def link(settings: Settings) -> dict[str, Any]:
    """Rebuild the links from the facts. Returns ``{"organisations", "programmes", "announcements", "notices"}``."""
    with writer(settings) as con:
        migrate(con)
        with transaction(con):
            for step in sorted((SQL / "link").glob("*.sql")):
                statements(con, step)
        return rows(
            con,
            "SELECT (SELECT count(*) FROM organisation) AS organisations,"
            " (SELECT count(*) FROM programme) AS programmes, count(*) AS announcements,"
            " count(DISTINCT notice_key) AS notices FROM announcement",
        )[0]
