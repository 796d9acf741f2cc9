"""What people query: one file a view in ``sql/marts``, one a macro in ``sql/macros``, named as they are queried."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from gonggo.settings import Settings
from gonggo.warehouse.connect import SQL, first_comment, statements, transaction, writer
from gonggo.warehouse.migrate import migrate

# Views that others build on come first; the rest follow by name.
FIRST = (
    "current_listing", "fact_evidence", "current_announcement", "notice", "notice_amount", "open_calls",
    "programme_status", "commitment", "programme_edition",
)  # fmt: skip


def build_marts(settings: Settings) -> dict[str, Any]:
    """Create or replace every view, with its comment. Returns ``{"marts": [names]}``."""
    with writer(settings) as con:
        migrate(con)
        with transaction(con):
            return {"marts": create_views(con)}


def create_views(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Create the views and macros in an open connection; returns the names of the views."""
    paths = sorted((SQL / "marts").glob("*.sql"), key=_order)
    for path in paths:
        comment = first_comment(path).replace("'", "''")
        con.execute(f"CREATE OR REPLACE VIEW {path.stem} AS {path.read_text('utf-8')}")
        con.execute(f"COMMENT ON VIEW {path.stem} IS '{comment}'")
    for path in sorted((SQL / "macros").glob("*.sql")):
        statements(con, path)
    return [path.stem for path in paths]


def _order(path: Path) -> tuple[int, str]:
    return (FIRST.index(path.stem) if path.stem in FIRST else len(FIRST), path.stem)
