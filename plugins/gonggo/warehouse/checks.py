"""Data quality checks: each file in ``sql/checks`` is a query that returns the rows that violate one rule.

Its first comment gives the severity, ``block: …`` or ``warn: …``, and describes the violation in Korean and English.
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

# Rows of a violation that are kept as examples.
SAMPLE_SIZE = 5


def run_checks(settings: Settings) -> dict[str, Any]:
    """Run every check.

    Returns:
        ``{"checks": number of checks, "broken": {name: {"severity", "what", "count", "rows": a few examples}}}``.

    Raises:
        WarehouseError: A blocking rule is broken; the message names each such rule with an example.
    """
    with writer(settings) as con:
        return {"checks": len(list((SQL / "checks").glob("*.sql"))), "broken": ensure_checked(con)}


def ensure_checked(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Bring schema and marts up to date, run the checks, and save their results.

    The checks run only once for the same content on the same day, because their outcome depends on nothing else.

    Returns:
        The broken rules by name.

    Raises:
        WarehouseError: A blocking rule is broken.
    """
    migrate(con)
    refresh_marts(con)
    today = datetime.now(SEOUL).date().isoformat()
    inputs = fingerprint(con, (SQL / "checks").glob("*.sql"), state(con, "marts") or "", today)
    if state(con, "checked") == inputs:
        return _saved_results(con)
    broken = broken_rules(con)
    _raise_if_blocking(broken)
    _save_results(con, broken, inputs)
    return broken


def broken_rules(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Return the broken rules by name."""
    broken = {}
    for path in sorted((SQL / "checks").glob("*.sql")):
        severity, _, what = first_comment(path).partition(":")
        violations = retry_with_more_memory(con, partial(rows, con, path.read_text("utf-8")))
        if violations:
            sample = [{key: str(value) for key, value in row.items()} for row in violations[:SAMPLE_SIZE]]
            broken[path.stem] = {"severity": severity, "what": what.strip(), "count": len(violations), "rows": sample}
    return broken


def _save_results(con: duckdb.DuckDBPyConnection, broken: dict[str, dict[str, Any]], inputs: str) -> None:
    """Save the broken rules to ``check_result``, where readers see them, with the fingerprint of their inputs."""
    results = [{"name": name, **rule} for name, rule in broken.items()]
    with transaction(con):
        con.execute("DELETE FROM check_result")
        con.execute(_INSERT_RESULTS, [json.dumps(results, ensure_ascii=False)])
        set_state(con, "checked", inputs)


def _saved_results(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Return the broken rules of ``check_result``."""
    results = con.execute("SELECT name, severity, what, rows_found, sample FROM check_result ORDER BY name").fetchall()
    return {
        name: {"severity": severity, "what": what, "count": count, "rows": json.loads(sample)}
        for name, severity, what, count, sample in results
    }


_INSERT_RESULTS = """
INSERT INTO check_result
SELECT r.j->>'name', r.j->>'severity', r.j->>'what', (r.j->>'count')::INTEGER, r.j->'rows'
FROM unnest(entries($1::JSON)) AS r(j)
"""


def _raise_if_blocking(broken: dict[str, dict[str, Any]]) -> None:
    """Raise ``WarehouseError`` if any of the broken rules is a blocking one."""
    blocking = {name: rule for name, rule in broken.items() if rule["severity"] == "block"}
    if blocking:
        examples = "; ".join(
            f"{name}: {rule['count']} rows, such as {rule['rows'][0]}" for name, rule in blocking.items()
        )
        raise WarehouseError(f"Not published, the last good snapshot stays. Broken rules: {examples}")
