"""What `gonggo corrections` does: says which entries of the file hold, and adds one for a fact by its key."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import Any, TextIO

import yaml

from gonggo.errors import UsageError
from gonggo.extract import money
from gonggo.settings import SEOUL, Settings
from gonggo.warehouse.corrections import (
    append_correction,
    as_yaml,
    correctable,
    entry_of,
    kind_of,
    load_corrections,
)
from gonggo.warehouse.quoting import literal
from gonggo.warehouse.snapshot import open_snapshot
from gonggo.warehouse.sql_files import rows

_APPLIED = "SELECT announcement, fact, words, found::VARCHAR AS found, facts, source FROM correction"
_NAMED = """
SELECT f.fact_table, f.evidence_quote, f.corrected, a.source || '/' || a.native_id AS announcement
FROM fact_evidence AS f JOIN announcement AS a USING (announcement_key) WHERE fact_id = {key}
UNION ALL
SELECT 'announcement_version', v.title, v.corrected, a.source || '/' || a.native_id
FROM announcement_version AS v JOIN announcement AS a USING (announcement_key)
WHERE fact_key(v.version_key, 'document', 0) = {key}
"""


def check(settings: Settings, out: TextIO) -> int:
    """Print each entry of the file with the facts that it changed; return 1 if one changed none.

    Raises:
        DataFileError: An entry is invalid; the message names file and line.
    """
    entries = load_corrections(settings.corrections)
    if not entries:
        where = f"Write them to {settings.corrections}; docs/corrections.md shows how."
        print(f"There are no corrections. {where}", file=out)
        return 0
    applied = _applied(settings)
    without_fact = 0
    for entry in entries:
        action = "silences" if entry["correct"] is None else "corrects"
        facts = applied.get(_identity(entry))
        if facts is None:
            outcome = "not published yet; `gonggo publish` applies it"
        elif facts:
            outcome = f"{action} {facts} facts, of all versions"
        else:
            outcome = "matches no fact: it was read otherwise, or is not there"
            without_fact += 1
        place = f"{settings.corrections}:{entry['line']}"
        print(f"{place}: {entry['announcement']} {entry['fact']} “{entry['words']}”: {outcome}", file=out)
    return min(1, without_fact)


def _applied(settings: Settings) -> dict[tuple[str, ...], int]:
    """Return how many facts each published entry matches."""
    if not settings.snapshot.exists():
        return {}
    with closing(open_snapshot(settings)) as con:
        return {_identity(row | {"found": yaml.safe_load(row["found"])}): row["facts"] for row in rows(con, _APPLIED)}


def _identity(entry: dict[str, Any]) -> tuple[str, ...]:
    return (entry["announcement"], entry["fact"], entry["words"], repr(sorted(entry["found"].items())))


def add(settings: Settings, fact_id: str, assignments: list[str], *, silence: bool, by: str, why: str) -> str:
    """Append an entry about a published fact to the file of corrections; return it as YAML.

    Raises:
        UsageError: There is no such fact, it is corrected already, or something is missing.
        DataFileError: A value is invalid.
        WarehouseError: Nothing is published yet.
    """
    missing = [name for name, value in (("--by", by), ("--why", why)) if not value.strip()]
    if missing or silence == bool(assignments):
        raise UsageError(f"Give {missing[0] if missing else 'either --set NAME=VALUE or --silence'}.")
    with closing(open_snapshot(settings)) as con:
        named = rows(con, _NAMED.format(key=literal(fact_id)))
        if not named:
            raise UsageError(f"There is no fact {fact_id!r} in the published tables.")
        fact = named[0]
        if fact["corrected"]:
            raise UsageError(f"{fact_id} is corrected already: {fact['corrected']}. Change that entry.")
        kind = kind_of(fact["fact_table"])
        key = correctable()[kind].key
        value = fact_id.partition(":")[0] if key == "version_key" else fact_id
        values = rows(con, f"FROM {fact['fact_table']} WHERE {key} = {literal(value)}")[0]
    stored_values = {name: values[name] for name in correctable()[kind].columns}
    entry = entry_of(fact["announcement"], kind, fact["evidence_quote"], stored_values)
    entry |= {"silence": True} if silence else {"correct": dict(_assigned(text) for text in assignments)}
    entry |= {"by": by, "date": datetime.now(SEOUL).date(), "why": why}
    append_correction(settings.corrections, entry)
    return as_yaml(entry)


# What is a sum of money.
_SUMS = ("krw", "part_of", "same_as")


def _assigned(text: str) -> tuple[str, Any]:
    """Return the name and the value of NAME=VALUE; numbers, and sums of money as people write them, are numbers."""
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"{text!r} is not NAME=VALUE, such as krw=30억.")
    if value in ("true", "false"):
        return name, value == "true"
    number = value.removeprefix("-").replace(".", "", 1)
    # A year and a company's age are texts in the tables.
    if name in ("year", "starts", "ends") or not (number.isascii() and number.isdigit()):
        won = money.parse(value) if name in _SUMS else None
        return name, won if won is not None else value or None
    return name, float(value) if "." in value else int(value)
