"""Counts of what is supported, selected, trained or built."""

from __future__ import annotations

import re
from typing import Any

from gonggo.extract.doc import Doc

_UNITS = {
    "개사": "companies",
    "개 기업": "companies",
    "개기업": "companies",
    "개 업체": "companies",
    "개 과제": "projects",
    "개과제": "projects",
    "과제": "projects",
    "명": "people",
    "개 기관": "organisations",
    "개기관": "organisations",
    "개 팀": "teams",
    "개팀": "teams",
    "팀": "teams",
    "개소": "sites",
    "개 공장": "sites",
    "곳": "sites",
    "건": "items",
    "종": "items",
    "대": "items",
    "장": "items",
}
_COUNT = re.compile(
    rf"(?<![\d.,:~])(\d[\d,]{{0,9}})\s?여?\s?({'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![가-힣]*(?:당|학))"
)
_CONTEXT = re.compile(r"선정|지원|모집|양성|구축|보급|참여|참석|육성|배출|교육|도입|규모|발굴|채용|유치|조성|수료")


def find(doc: Doc) -> list[dict[str, Any]]:
    """``{"value", "unit", "evidence"}`` of each different count whose line says that something is done with it."""
    out: dict[tuple[int, str], dict[str, Any]] = {}
    for found in _COUNT.finditer(doc.text):
        value, unit = int(found[1].replace(",", "")), _UNITS[found[2]]
        around = doc.text[max(0, found.start() - 40) : found.end() + 30]
        if value and _CONTEXT.search(around):
            span = doc.span(found.start(), found.end())
            out.setdefault((value, unit), {"value": value, "unit": unit, "evidence": span.evidence()})
    return list(out.values())
