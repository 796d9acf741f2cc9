"""Rates that state a target, a result or an indicator."""

from __future__ import annotations

import re
from functools import cache

from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import patterns
from gonggo.extract.record_types import Metric
from gonggo.extract.words import matches

_RATE = re.compile(
    r"(\d{1,4}(?:\.\d{1,3})?)\s?(%(?!p)|％|퍼센트|배(?=\s|로|[^가-힣]|이상)|위(?=[\s,.)]|를|로(?!\s?선정)))"
)
_RATE_BEGINS = re.compile(r"\d(?<![\d.,~%A-Za-z]\d)")
_UNIT = {"％": "%", "퍼센트": "%"}
_BEFORE, _AFTER = 44, 26


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return patterns("metrics")["says"], patterns("metrics")["not"]


def find(doc: Doc, kind: str = "article") -> list[Metric]:
    """Return each different rate, without matching rates, scores and debt ratios.

    A call states rates of many kinds, so that a rate of the programme must be marked as target or result.
    """
    states, excluded = _words()
    by_value: dict[tuple[float, str], Metric] = {}
    for match in matches(_RATE, _RATE_BEGINS, doc.text):
        before = doc.text[max(0, match.start() - _BEFORE) : match.start()].rsplit("\n", 1)[-1]
        after = doc.text[match.end() : match.end() + _AFTER].split("\n", 1)[0]
        if excluded.search(before + "◇" + after) or (kind == "announcement" and not _may_state(doc, match.start())):
            continue
        if kind == "announcement" and not states.search(before + "◇" + after):
            continue
        number, unit = float(match[1]), _UNIT.get(match[2], match[2])
        value = int(number) if number.is_integer() else number
        name = " ".join(re.findall(r"[\w·]+", before)[-3:])
        span = doc.span(match.start(), match.end())
        by_value.setdefault((value, unit), Metric(name=name, value=value, unit=unit, evidence=span.evidence()))
    return list(by_value.values())


def _may_state(doc: Doc, offset: int) -> bool:
    """Return whether a section may state rates: sections of facts and background may, terms may not."""
    block = doc.layout.at(offset)
    return block is None or doc.is_fact_of_call(offset) or "background" in (*block.sections, doc.sections.at(offset))
