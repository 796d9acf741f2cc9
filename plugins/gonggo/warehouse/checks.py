"""Data quality checks: each file in ``sql/checks`` is one check, a query that returns the rows that violate it.

Its first comment gives the severity, ``block: …`` or ``warn: …``, and describes the violation in Korean and English.

A check whose second line is ``-- of each announcement`` looks at each announcement alone: it is run over those that
changed since it found nothing in any. It has to be a blocking one, since the rows of a warning would have to be kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import duckdb

from gonggo.errors import WarehouseError
from gonggo.settings import SEOUL, SQL, Settings
from gonggo.step_results import CheckResult, ViolationRow
from gonggo.warehouse.changes import EVERYTHING, MAX_SHARE, Parts
from gonggo.warehouse.mart_files import read_marts, replace_sources
from gonggo.warehouse.marts import MARTS, fingerprint, refresh_marts, set_state, state
from gonggo.warehouse.memory import retry_with_more_memory
from gonggo.warehouse.migrate import migrate
from gonggo.warehouse.sql_files import first_comment, first_row, rows, run_sql_file
from gonggo.warehouse.thresholds import THRESHOLDS, set_variables, thresholds
from gonggo.warehouse.transactions import transaction
from gonggo.warehouse.writer import writer

# Rows of a violation that are kept as examples.
SAMPLE_SIZE = 5
_OF_EACH = "-- of each announcement"


@dataclass(frozen=True)
class Violation:
    """A check with rows that violate it: how many they are, and the first of them as text."""

    check: str
    severity: str
    description: str
    count: int
    examples: list[dict[str, str]]

    @property
    def is_blocking(self) -> bool:
        """Return whether it keeps the warehouse from being published."""
        return self.severity == "block"

    def to_json(self) -> ViolationRow:
        return {"severity": self.severity, "what": self.description, "count": self.count, "rows": self.examples}


def run_checks(settings: Settings) -> CheckResult:
    """Run every check.

    Raises:
        WarehouseError: A blocking check has violations; the message names each such check with an example.
    """
    with writer(settings) as con:
        violations = ensure_checked(con)
    return {"checks": len(_files()), "violations": {violation.check: violation.to_json() for violation in violations}}


def ensure_checked(con: duckdb.DuckDBPyConnection) -> list[Violation]:
    """Bring schema and marts up to date, run the checks, save and return their violations.

    The checks run only once for the same content on the same day, because their outcome depends on nothing else.

    Raises:
        WarehouseError: A blocking check has violations.
    """
    migrate(con)
    refresh_marts(con)
    today = datetime.now(SEOUL).date().isoformat()
    inputs = fingerprint(con, [*_files(), THRESHOLDS], state(con, "marts") or "", today)
    if state(con, "checked") == inputs:
        return _saved_violations(con)
    violations = find_violations(con)
    _raise_if_blocking(violations)
    _save_violations(con, violations, inputs)
    return violations


def find_violations(con: duckdb.DuckDBPyConnection) -> list[Violation]:
    """Run every check; return those that have violations."""
    set_variables(con, thresholds())
    unchecked = _unchecked(con)
    violations = []
    for path in _files():
        severity, _, description = first_comment(path).partition(":")
        query = path.read_text("utf-8")
        if unchecked and is_of_each(query):
            query = unchecked.only(query)
        violating_rows = retry_with_more_memory(con, partial(rows, con, query))
        if violating_rows:
            examples = [{key: str(value) for key, value in row.items()} for row in violating_rows[:SAMPLE_SIZE]]
            violations.append(Violation(path.stem, severity, description.strip(), len(violating_rows), examples))
    return violations


def is_of_each(query: str) -> bool:
    """Return whether a check looks at each announcement alone."""
    return query.split("\n", 2)[1] == _OF_EACH


class _Unchecked:
    """The announcements that changed since the checks of each announcement found nothing."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._parts = Parts(con)
        self._views = {name: mart.text for name, mart in read_marts(MARTS).items() if mart.kind == "VIEW"}

    def only(self, query: str) -> str:
        """Return a query that reads of its tables only the rows of these announcements."""
        return replace_sources(query, self._part)

    def _part(self, name: str) -> str:
        if name in self._views:
            return f"(\n{self.only(self._views[name])}\n)"
        # What follows FROM without being a table: IS DISTINCT FROM evidence_quote.
        return self._parts.of(name, "announcement_key", "unchecked") if self._parts.columns(name) else name


def _unchecked(con: duckdb.DuckDBPyConnection) -> _Unchecked | None:
    """Return what is to be checked of each announcement; None if it is everything."""
    if state(con, "checked_of_each") != _fingerprint_of_each(con):
        return None
    con.execute("CREATE OR REPLACE TEMP TABLE changed_unchecked AS SELECT DISTINCT key FROM site.unchecked")
    counts = first_row(con, _COUNTS, [EVERYTHING])
    return _Unchecked(con) if counts and counts[0] == 0 and counts[1] <= MAX_SHARE * counts[2] else None


def _fingerprint_of_each(con: duckdb.DuckDBPyConnection) -> str:
    """Return a fingerprint of the checks of each announcement, and of the schema, whose migrations can change rows."""
    version = first_row(con, "SELECT max(version) FROM schema_migration")
    queries = [query for path in _files() if is_of_each(query := path.read_text("utf-8"))]
    return hashlib.sha256("\0".join([repr(version), *queries]).encode()).hexdigest()


def _files() -> list[Path]:
    return sorted((SQL / "checks").glob("*.sql"))


def _save_violations(con: duckdb.DuckDBPyConnection, violations: Iterable[Violation], inputs: str) -> None:
    """Save the violations to ``check_result``, where readers see them, with the fingerprint of their inputs."""
    results = [{"name": violation.check, **violation.to_json()} for violation in violations]
    with transaction(con):
        con.execute("DELETE FROM check_result")
        con.execute(_INSERT_RESULTS, [json.dumps(results, ensure_ascii=False)])
        run_sql_file(con, SQL / "money_of_day.sql")
        con.execute("DELETE FROM site.unchecked")
        set_state(con, "checked", inputs)
        set_state(con, "checked_of_each", _fingerprint_of_each(con))


def _saved_violations(con: duckdb.DuckDBPyConnection) -> list[Violation]:
    """Return the violations of ``check_result``."""
    results = con.execute("SELECT name, severity, what, rows_found, sample FROM check_result ORDER BY name").fetchall()
    return [
        Violation(name, severity, description, count, json.loads(sample))
        for name, severity, description, count, sample in results
    ]


_COUNTS = """
SELECT (SELECT count(*) FROM site.unchecked WHERE kind = $1), (SELECT count(*) FROM changed_unchecked),
    (SELECT count(*) FROM announcement)
"""
_INSERT_RESULTS = """
INSERT INTO check_result
SELECT r.j->>'name', r.j->>'severity', r.j->>'what', (r.j->>'count')::INTEGER, r.j->'rows'
FROM unnest(entries($1::JSON)) AS r(j)
"""


def _raise_if_blocking(violations: Iterable[Violation]) -> None:
    """Raise ``WarehouseError`` if any of the violated checks is a blocking one."""
    blocking = [violation for violation in violations if violation.is_blocking]
    if blocking:
        examples = "; ".join(f"{each.check}: {each.count} rows, such as {each.examples[0]}" for each in blocking)
        raise WarehouseError(f"Not published, the last good snapshot stays. Broken rules: {examples}")
