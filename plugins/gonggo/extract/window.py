"""The application window of a call."""

from __future__ import annotations

import re
from typing import Any

from gonggo.extract.dates import scan
from gonggo.extract.doc import Doc, Span

_LABEL = re.compile(
    r"(?:접수|신청|모집|공고|제출|참가\s?신청)\s?(?:및\s?\S{1,4}\s?)?(?:기간|기한|마감|일정|일시)|신청·접수"
)
_EXHAUSTED = re.compile(r"(?:예산|자금|사업비|재원)\s?(?:의\s?)?(?:조기\s?)?소진\s?(?:시|될\s?때)")
_ALWAYS = re.compile(r"상시|수시\s?(?:접수|모집)|연중")
Fact = dict[str, Any] | None


def find(doc: Doc, published: str | None) -> dict[str, Fact]:
    """``opens_at`` and ``closes_at``, each ``{"value", "evidence"}`` or None."""
    out: dict[str, Fact] = {"opens_at": None, "closes_at": None}
    for name in out:
        if doc.fields.get(name):
            hit = next(scan(doc.fields[name]), None)
            out[name] = {"value": hit.value, "evidence": doc.field_evidence(name)} if hit else None
    year = int(published[:4]) if published else None
    for line in doc.lines:
        label = _LABEL.search(line.text)
        if label and not all(out.values()):
            opened, closed = _read(doc, doc.span(line.start + label.end(), line.start + label.end() + 120), year)
            out["opens_at"] = out["opens_at"] or opened
            out["closes_at"] = out["closes_at"] or closed
    return out


def _read(doc: Doc, near: Span, year: int | None) -> tuple[Fact, Fact]:
    hits = list(scan(near.text, year, near.start))[:2]
    facts: list[dict[str, Any]] = [
        {"value": hit.value, "evidence": doc.span(hit.start, hit.end).evidence()} for hit in hits
    ]
    for words, value in ((_EXHAUSTED, "until_exhausted"), (_ALWAYS, "always")):
        mark = words.search(near.text)
        if mark:
            span = doc.span(near.start + mark.start(), near.start + mark.end())
            return (facts[0] if facts else None), {"value": value, "evidence": span.evidence()}
    if len(facts) == 2 and facts[0]["value"][:10] <= facts[1]["value"][:10]:
        return facts[0], facts[1]
    if len(facts) == 1 and "부터" in near.text and "까지" not in near.text:
        return facts[0], None
    return None, (facts[0] if facts else None)
