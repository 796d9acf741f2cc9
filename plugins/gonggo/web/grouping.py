"""Facts in the order in which people read them: by programme, and sums below the sum that contains them."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from gonggo.web.snapshot import Row

KINDS = ("programme", "amount", "quantity", "metric", "organisation")
OF_DOCUMENT = ("application", "region", "sector", "eligibility", "contact")


def facts_by_programme(facts: list[Row]) -> list[dict[str, Any]]:
    """Return groups ``{"name", "programme_key", "kinds": [(kind, facts)]}``: the document's own, then each programme.

    Sums, counts, rates and organisations that the text ties to no programme of the document are in the last group.
    """
    names = list(dict.fromkeys(fact["said"] for fact in facts if fact["kind"] == "programme"))
    keys = {fact["said"]: fact["programme_key"] for fact in facts if fact["kind"] == "programme"}

    def group(name: str | None, kinds: tuple[str, ...], chosen: list[Row]) -> dict[str, Any]:
        by_kind = [(kind, [fact for fact in chosen if fact["kind"] == kind]) for kind in kinds]
        return {"name": name, "programme_key": keys.get(name or ""), "kinds": [pair for pair in by_kind if pair[1]]}

    groups = [group(None, OF_DOCUMENT, facts)]
    groups += [group(name, KINDS, [fact for fact in facts if fact["programme"] == name]) for name in names]
    groups.append(group(None, KINDS, [fact for fact in facts if fact["programme"] not in names]))
    return [one for one in groups if one["kinds"]]


def money_by_document(statements: list[Row]) -> list[dict[str, Any]]:
    """Return ``{"document": first row, "rows": [(depth, row)]}`` for each document, each sum below its whole."""
    return [
        {"document": rows[0], "rows": _below(rows, None, 0)}
        for rows in (list(rows) for _, rows in groupby(statements, key=lambda row: row["version_key"]))
    ]


def _below(rows: list[Row], whole: int | None, depth: int) -> list[tuple[int, Row]]:
    """Return the sums that are part of ``whole``, each followed by its own parts."""
    sums = {row["krw"] for row in rows}
    own = [
        row
        for row in rows
        if (row["part_of"] if row["part_of"] in sums and row["part_of"] > row["krw"] else None) == whole
    ]
    tree = list[tuple[int, Row]]()
    expanded = set[int]()
    for row in own:
        tree.append((depth, row))
        if row["krw"] not in expanded:
            tree += _below(rows, row["krw"], depth + 1)
            expanded.add(row["krw"])
    return tree
