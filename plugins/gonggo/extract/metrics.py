"""Rates that state a target, a result or an indicator."""

from __future__ import annotations

import re
from functools import cache

from gonggo.extract.doc import Doc
from gonggo.extract.layout import Block
from gonggo.extract.lexicons import patterns
from gonggo.extract.record_types import Metric

_RATE = re.compile(
    r"(?<![\d.,~%A-Za-z])(\d{1,4}(?:\.\d{1,3})?)\s?(%(?!p)|％|퍼센트|배(?=\s|로|[^가-힣]|이상)|위(?=[\s,.)]|를|로(?!\s?선정)))"
)
_UNIT = {"％": "%", "퍼센트": "%"}
_BEFORE, _AFTER = 44, 26


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return patterns("metrics")["says"], patterns("metrics")["not"]


def find(doc: Doc, kind: str = "article") -> list[Metric]:
    """Return each different rate; matching rates, scores and debt ratios are left out.

    A call tells rates of many kinds, so one of its own has to say that it is a target or a result.
    """
    says, excluded = _words()
    out: dict[tuple[float, str], Metric] = {}
    for found in _RATE.finditer(doc.text):
        piece = doc.layout.at(found.start())
        before = doc.text[max(0, found.start() - _BEFORE) : found.start()].rsplit("\n", 1)[-1]
        after = doc.text[found.end() : found.end() + _AFTER].split("\n", 1)[0]
        if excluded.search(before + "◇" + after) or (kind == "announcement" and not _may_state(piece)):
            continue
        if kind == "announcement" and not says.search(before + "◇" + after):
            continue
        number, unit = float(found[1]), _UNIT.get(found[2], found[2])
        value = int(number) if number.is_integer() else number
        name = " ".join(re.findall(r"[\w·]+", before)[-3:])
        span = doc.span(found.start(), found.end())
        out.setdefault((value, unit), Metric(name=name, value=value, unit=unit, evidence=span.evidence()))
    return list(out.values())


def _may_state(piece: Block | None) -> bool:
    """Goals and the state of things stand in sections of facts or of the background, never in terms."""
    return piece is None or piece.is_fact or "background" in piece.sections
