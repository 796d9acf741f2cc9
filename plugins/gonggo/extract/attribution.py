"""Which programme an amount, count, rate or organisation belongs to, where the text shows it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from gonggo.extract.doc import Doc
from gonggo.extract.record_types import (
    Amount,
    Evidence,
    ExtractionRecord,
    Metric,
    Organisation,
    Programme,
    Quantity,
    TextEvidence,
)

_Attributed = TypeVar("_Attributed", Amount, Quantity, Organisation, Metric)
# Words that point back to the programme named last.
_BACK = re.compile(r"(?:^|\s)(?:이|해당|본|동|이번)\s?(?:사업|프로젝트|센터|과제|대회|협약)")
# In a call, what follows the name of a track at the head of a line or cell is said of it, so far down.
_REACH = 700


def attribute_to_programmes(record: ExtractionRecord, doc: Doc, kind: str) -> None:
    """Give each amount, quantity, organisation and metric of ``record`` a ``programme``: a name, or None.

    A text with one programme gives all to it. With several, a fact belongs to the one named last before it in its
    sentence, else to the only one its sentence names, else to the one its paragraph named last. In a call it belongs
    to the track whose name heads the lines above it, else to the call.
    """
    programmes = record.programmes
    mentions = _mentions(doc.text, programmes) if len(programmes) > 1 else []
    starts = [start for start, _, _ in mentions]

    def owner(evidence: Evidence | None) -> str | None:
        if len(programmes) < 2:
            return programmes[0].name if programmes else None
        at = evidence.start if isinstance(evidence, TextEvidence) else None
        if kind == "announcement":
            return _track(doc, mentions, starts, at) or programmes[0].name
        return _owner(doc, mentions, starts, at) if at is not None else None

    record.amounts = _attributed(record.amounts, owner)
    record.quantities = _attributed(record.quantities, owner)
    record.organisations = _attributed(record.organisations, owner)
    record.metrics = _attributed(record.metrics, owner)


def _attributed(entries: list[_Attributed], owner: Callable[[Evidence | None], str | None]) -> list[_Attributed]:
    return [replace(entry, programme=owner(entry.evidence)) for entry in entries]


def _mentions(text: str, programmes: list[Programme]) -> list[tuple[int, int, str]]:
    """``(start, end, programme)`` of every mention by any of its names; of overlapping ones the longest."""
    owner = {alias: entry.name for entry in reversed(programmes) for alias in (*entry.aliases, entry.name)}
    names = sorted((name for name in owner if len(name) >= 3), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, names)))
    return [(m.start(), m.end(), owner[m.group()]) for m in pattern.finditer(text)] if names else []


def _track(doc: Doc, mentions: list[tuple[int, int, str]], starts: list[int], at: int | None) -> str | None:
    if at is None:
        return None
    for start, _, owner in reversed(mentions[bisect_left(starts, at - _REACH) : bisect_right(starts, at)]):
        block = doc.layout.at(start)
        if block and not re.search(r"[가-힣A-Za-z]{2}", doc.text[block.start : start]):
            return owner
    return None


def _owner(doc: Doc, mentions: list[tuple[int, int, str]], starts: list[int], at: int) -> str | None:
    before = mentions[bisect_right(starts, at) - 1] if mentions and starts[0] <= at else None
    sentence = doc.sentence_at(at)
    if before and before[0] >= sentence.start:
        return before[2]
    inside = mentions[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
    named = {owner for _, _, owner in inside}
    if len(named) == 1:
        return named.pop()
    paragraph = doc.text.rfind("\n", 0, sentence.start) + 1
    if before and (before[0] >= paragraph or _BACK.search(sentence.text)):
        return before[2]
    return None
