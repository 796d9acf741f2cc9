"""The evidence of the facts of a record: where it stands in the text, and in the file that the text came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any


def evidences(node: Any) -> Iterator[dict[str, Any]]:
    """Every evidence in a record that points into its text."""
    if isinstance(node, dict):
        evidence = node.get("evidence")
        if isinstance(evidence, dict) and "start" in evidence:
            yield evidence
        for value in node.values():
            yield from evidences(value)
    elif isinstance(node, list):
        for value in node:
            yield from evidences(value)


def shifted(record: dict[str, Any], offset: int) -> dict[str, Any]:
    """The record of a part of a text, with its evidence moved to where the part stands in the whole."""
    for evidence in evidences(record):
        evidence["start"] += offset
        evidence["end"] += offset
    return record


def place_evidence(record: dict[str, Any], places: list[tuple[int, int, str]]) -> list[dict[str, Any]]:
    """Give each evidence that stands at a known place of a file its ``place``. Returns ``{"start", "place"}`` of each.

    ``places`` are stretches of the text (start, end) in order, and what the page or cell is called that holds them.
    """
    starts, found = [start for start, _, _ in places], dict[int, str]()
    for evidence in evidences(record):
        at = bisect_right(starts, evidence["start"]) - 1
        if at >= 0 and evidence["start"] < places[at][1]:
            evidence["place"] = found[evidence["start"]] = places[at][2]
    return [{"start": start, "place": place} for start, place in sorted(found.items())]
