"""Rules that the tables must keep: one query a file in ``sql/checks``, returning the rows that break the rule.

The first comment is ``block: …`` or ``warn: …``, with what is wrong in Korean and English.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from typing import Any

import duckdb

from gonggo.errors import WarehouseError
from gonggo.settings import SEOUL, SQL, Settings
from gonggo.warehouse.marts import fingerprint, refresh_marts, set_state, state
from gonggo.warehouse.memory import retry_with_more_memory
from gonggo.warehouse.migrate import migrate
from gonggo.warehouse.sql_files import first_comment, rows
from gonggo.warehouse.transactions import transaction
from gonggo.warehouse.writer import writer

SAMPLE = 5


def run_checks(settings: Settings) -> dict[str, Any]:
    """Run every check.

    Returns ``{"checks": how many, "broken": {name: {"severity", "what", "count", "rows": first few}}}``.

    Raises:
        WarehouseError: a blocking rule is broken; the message names each with an example.
    """
    with writer(settings) as con:
        return {"checks": len(list((SQL / "checks").glob("*.sql"))), "broken": examine(con)}


def examine(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Bring schema and marts up to date, run the checks, and keep their results. Return the broken rules by name.

    The checks run once for the same content on the same day, since rules are about announcements, facts and the day.

    Raises:
        WarehouseError: a blocking rule is broken.
    """
    migrate(con)
    refresh_marts(con)
    today = datetime.now(SEOUL).date().isoformat()
    of = fingerprint(con, (SQL / "checks").glob("*.sql"), state(con, "marts") or "", today)
    if state(con, "checked") == of:
        return _remembered(con)
    broken = broken_rules(con)
    _refuse(broken)
    _remember(con, broken, of)
    return broken


def broken_rules(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Return the broken rules by name."""
    broken = {}
    for path in sorted((SQL / "checks").glob("*.sql")):
        severity, _, what = first_comment(path).partition(":")
        breaking = retry_with_more_memory(con, partial(rows, con, path.read_text("utf-8")))
        if breaking:
            sample = [{key: str(value) for key, value in row.items()} for row in breaking[:SAMPLE]]
            broken[path.stem] = {"severity": severity, "what": what.strip(), "count": len(breaking), "rows": sample}
    return broken


def _remember(con: duckdb.DuckDBPyConnection, broken: dict[str, dict[str, Any]], of: str) -> None:
    """Write the broken rules to ``check_result``, where readers see them, and the fingerprint that they belong to."""
    results = [{"name": name, **rule} for name, rule in broken.items()]
    with transaction(con):
        con.execute("DELETE FROM check_result")
        con.execute(_REMEMBER, [json.dumps(results, ensure_ascii=False)])
        set_state(con, "checked", of)


def _remembered(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Return the broken rules of ``check_result``."""
    results = con.execute("SELECT name, severity, what, rows_found, sample FROM check_result ORDER BY name").fetchall()
    return {
        name: {"severity": severity, "what": what, "count": count, "rows": json.loads(sample)}
        for name, severity, what, count, sample in results
    }


_REMEMBER = """
INSERT INTO check_result
SELECT r.j->>'name', r.j->>'severity', r.j->>'what', (r.j->>'count')::INTEGER, r.j->'rows'
FROM unnest(entries($1::JSON)) AS r(j)
"""


def _refuse(broken: dict[str, dict[str, Any]]) -> None:
    """Raise when a blocking rule is among the broken ones."""
    blocking = {name: rule for name, rule in broken.items() if rule["severity"] == "block"}
    if blocking:
        examples = "; ".join(
            f"{name}: {rule['count']} rows, such as {rule['rows'][0]}" for name, rule in blocking.items()
        )
        raise WarehouseError(f"Not published, the last good snapshot stays. Broken rules: {examples}")
