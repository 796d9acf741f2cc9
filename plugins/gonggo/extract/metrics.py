"""Rates that state a target, a result or an indicator."""

from __future__ import annotations

import re
from typing import Any

from gonggo.extract.doc import Doc

_RATE = re.compile(r"(?<![\d.,~])(\d{1,4}(?:\.\d{1,3})?)\s?(%|％|퍼센트|배(?=\s|로|[^가-힣]|이상)|위(?=[\s,.)]|를|로))")
_NOT = re.compile(
    r"자부담|민간\s?부담|매칭|부담률|부담금|부채|지원\s?비율|배점|가점|점수|국비|지방비|이내|현금|현물|보조율|금리|이자"
)
_UNIT = {"％": "%", "퍼센트": "%"}


def find(doc: Doc) -> list[dict[str, Any]]:
    """``{"name", "value", "unit", "evidence"}``; matching rates, scores and debt ratios are left out."""
    out: dict[tuple[float, str], dict[str, Any]] = {}
    for found in _RATE.finditer(doc.text):
        before = doc.text[max(0, found.start() - 30) : found.start()].rsplit("\n", 1)[-1]
        if _NOT.search(before) or _NOT.search(doc.text[found.end() : found.end() + 8]):
            continue
        number, unit = float(found[1]), _UNIT.get(found[2], found[2])
        value = int(number) if number.is_integer() else number
        name = " ".join(re.findall(r"[\w·]+", before)[-3:])
        span = doc.span(found.start(), found.end())
        out.setdefault((value, unit), {"name": name, "value": value, "unit": unit, "evidence": span.evidence()})
    return list(out.values())
