"""Whether a document is about AI and about a public programme with a place in Korea."""

from __future__ import annotations

from typing import Any

from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import patterns

# In prose, one passing mention of AI in so many characters does not make it the subject.
CHARACTERS_A_MENTION = 900


def find(doc: Doc) -> dict[str, Any]:
    """``{"value": bool, "evidence": …}``; the evidence is the first mention of AI that counts."""
    words, title = patterns("relevance"), doc.fields.get("title", "")
    text = doc.text
    mentions = list(words["ai"].finditer(text))
    avian, job = words["avian"].search(text), words["job"].search(title + "\n" + text[:300])
    if not mentions or avian or job:
        return {"value": False, "evidence": None}
    evidence = doc.span(mentions[0].start(), mentions[0].end()).evidence()
    state = len(words["state"].findall(text)) + bool(doc.fields.get("agency"))
    public = len(words["public"].findall(text))
    in_head = bool(words["ai"].search(title or text[:160]))
    dense = len(mentions) * CHARACTERS_A_MENTION >= len(text) and len(mentions) >= 2
    abroad = len(words["foreign"].findall(text))
    market = len(words["stock"].findall(text)) + len(words["advert"].findall(text))
    if abroad > 3 * state or market >= 3 or (market and not state):
        return {"value": False, "evidence": None}
    return {"value": (in_head or dense) and state > 0 and public >= 2, "evidence": evidence}
