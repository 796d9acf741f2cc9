"""Rates that state a target, a result or an indicator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from gonggo.extract.doc import Doc, Span
from gonggo.extract.lexicons import patterns
from gonggo.extract.record_types import Metric
from gonggo.extract.words import matches

_RATE = re.compile(
    r"(\d{1,4}(?:\.\d{1,3})?)\s?(%(?!p)|％|퍼센트|배(?=\s|로|[^가-힣]|이상)|위(?=[\s,.)]|를|로(?!\s?선정)))"
)
_RATE_BEGINS = re.compile(r"\d(?<![\d.,~%A-Za-z]\d)")
_UNIT = {"％": "%", "퍼센트": "%"}
_BEFORE, _AFTER = 44, 26
# What a line or the header of a row says of goals: ○ 성과목표 : , (목표), 최종 성능목표.
_GOALS = re.compile(r"[^가-힣\n]{0,8}(?:[가-힣]{2,4}\s?){0,2}목표(?:치|값)?\s?[)\]】:：]")
_GOAL_HEAD = re.compile(r"목표(?:치|값)?(?:\s?\([^()]*\))?$")
# A row of a table whose cell says the unit of the numbers behind it.
_ROW_WITH_UNIT = re.compile(
    r"^\|(?P<measure>[^|\n]{2,40})\|(?:[^|\n]{0,40}\|)?\s?(?P<unit>%|％|배)\s?\|[^\n]+$", re.MULTILINE
)
_VALUE = re.compile(r"(?<=\|)\s?(?P<n>\d{1,4}(?:\.\d{1,3})?)\s?(?:이상|이하|내외|↑|↓)?\s?(?=\|)")
_OF_GOAL_OR_NOW = re.compile(r"목표|현재|실적|수준|성과|결과|20\d\d|[’'‘]\d\d년?|\d차\s?년도|\d단계")


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
        is_said = kind != "announcement" or states.search(before + "◇" + after) or _is_goal(doc, match.start())
        if not is_said:
            continue
        unit = _UNIT.get(match[2], match[2])
        name = " ".join(re.findall(r"[\w·]+", before)[-3:])
        _add(by_value, doc.span(match.start(), match.end()), match[1], unit, name)
    for cell, name, digits, unit in _in_tables(doc, kind):
        _add(by_value, doc.span(cell, cell + len(digits)), digits, unit, name)
    return list(by_value.values())


def _add(by_value: dict[tuple[float, str], Metric], span: Span, digits: str, unit: str, name: str) -> None:
    """Add a rate if there is none with its value yet."""
    number = float(digits)
    value = int(number) if number.is_integer() else number
    by_value.setdefault((value, unit), Metric(name=name, value=value, unit=unit, evidence=span.evidence()))


def _in_tables(doc: Doc, kind: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield the numbers of rows that state their unit in a cell of its own: |정확도|%|78|92 이상|.

    Each comes with its position, the first cell of its row and the unit. The header of its column must say that it is
    a goal, a result or what is so now.
    """
    _, excluded = _words()
    for row in _ROW_WITH_UNIT.finditer(doc.text):
        unit, measure = row["unit"], row["measure"].strip()
        if excluded.search(f"{measure} ◇"):
            continue
        for cell in _VALUE.finditer(doc.text, row.end("unit") + 1, row.end()):
            block = doc.layout.at(cell.start("n"))
            column = block.column if block is not None else ""
            if _OF_GOAL_OR_NOW.search(column) and (kind != "announcement" or _may_state(doc, cell.start("n"))):
                yield cell.start("n"), measure, cell["n"], _UNIT.get(unit, unit)


def _is_goal(doc: Doc, offset: int) -> bool:
    """Return whether the line or the row of a table with a rate is labelled as one of goals, such as 성과목표."""
    line = doc.text.rfind("\n", 0, offset) + 1
    if _GOALS.match(doc.text, line, offset):
        return True
    block = doc.layout.at(offset)
    return block is not None and bool(block.column) and bool(_GOAL_HEAD.search(block.row))


def _may_state(doc: Doc, offset: int) -> bool:
    """Return whether a section may state rates: facts, background, history and labelled goals may, terms may not."""
    block = doc.layout.at(offset)
    if block is None or doc.is_fact_of_call(offset):
        return True
    if {"background", "history"} & {*block.sections, doc.sections.at(offset)}:
        return True
    return doc.is_fact(offset) and _is_goal(doc, offset)
