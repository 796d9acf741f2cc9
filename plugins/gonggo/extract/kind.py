"""What a document is: a call, a press release, an article, an opinion, statistics."""

from __future__ import annotations

import re
from typing import Any

from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import patterns

_REPORTER = re.compile(r"[가-힣]{2,4}\s?기자|기자\s?=|[가-힣]{2,4}\s?특파원|\[[가-힣]{2,6}=")
_SPOKEN = re.compile(r"(?:밝혔다|말했다|전했다|설명했다|강조했다|덧붙였다)\.")


def find(doc: Doc) -> dict[str, Any]:
    """``{"value": kind, "evidence": …}``. Labels of a call outweigh the tone of the prose around them."""
    head = doc.text[:400]
    words = patterns("kinds")
    opinion = words["opinion"].search(head) or words["opinion"].search(doc.text[-200:])
    if opinion and not words["announcement"].search(head):
        return {"value": "opinion", "evidence": _evidence(doc, opinion)}
    calls = list(words["announcement"].finditer(doc.text))
    spoken, reporter = _SPOKEN.search(doc.text), _REPORTER.search(doc.text)
    if calls and not reporter and len(calls) >= (3 if spoken else 1):
        return {"value": "announcement", "evidence": _evidence(doc, calls[0])}
    for name in ("statistics", "press_release", "article"):
        found = words[name].search(doc.text)
        if found and not (name == "press_release" and reporter):
            return {"value": name, "evidence": _evidence(doc, found)}
    if doc.fields.get("agency") or calls:
        return {
            "value": "announcement",
            "evidence": _evidence(doc, calls[0]) if calls else doc.field_evidence("agency"),
        }
    return {"value": "other", "evidence": None}


def _evidence(doc: Doc, found: re.Match[str]) -> dict[str, Any]:
    return doc.span(found.start(), found.end()).evidence()
