"""What a document is: a call, a press release, an article, an opinion, statistics."""

from __future__ import annotations

import re

from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import Sign, kinds
from gonggo.extract.record_types import Evidence, Fact

_LEAD_CHARACTERS, _TAIL_CHARACTERS = 600, 300
# So much of a long text is enough to determine what it is.
_ENOUGH = 6000
# Labels that only a call carries.
_CALL_LABELS = ("target", "window", "method", "documents", "exclusion", "budget", "period", "contact", "count")
_FEWEST = 1.0


def find(doc: Doc) -> Fact[str]:
    """Return the kind with the largest weight of signs; the evidence is the first of them."""
    scores = dict.fromkeys(kinds(), 0.0)
    first: dict[str, re.Match[str]] = {}
    for kind, signs in kinds().items():
        for sign in signs:
            if sign.needs and not any(word in doc.text for word in sign.needs):
                continue
            hits = _hits(doc.text, sign)
            scores[kind] += sign.points * len(hits)
            if hits and kind not in first:
                first[kind] = hits[0]
    labelled = {item.label for item in doc.layout.items} & set(_CALL_LABELS)
    scores["announcement"] += min(len(labelled), 4)
    if doc.fields.get("agency") or doc.fields.get("closes_at"):
        scores["announcement"] += 3
    best = max(scores, key=lambda kind: scores[kind])
    if scores[best] < _FEWEST:
        return Fact("other")
    return Fact(best, _evidence(doc, best, first.get(best)))


def _hits(text: str, sign: Sign) -> list[re.Match[str]]:
    start = max(0, len(text) - _TAIL_CHARACTERS) if sign.where == "tail" else 0
    end = _LEAD_CHARACTERS if sign.where == "head" else max(_ENOUGH, start + _TAIL_CHARACTERS)
    hits = []
    for match in sign.pattern.finditer(text, start, min(end, len(text))):
        hits.append(match)
        if len(hits) == sign.most:
            break
    return hits


def _evidence(doc: Doc, kind: str, match: re.Match[str] | None) -> Evidence | None:
    if match:
        span = doc.span(match.start(), match.end())
        return span.evidence() if span.text else None
    if kind == "announcement" and doc.fields.get("agency"):
        return doc.field_evidence("agency")
    items = doc.layout.items
    return doc.span(items[0].start, items[0].end).evidence() if items else None
