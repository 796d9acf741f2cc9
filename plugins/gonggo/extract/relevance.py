"""Whether a document is about AI and about a public programme with a place in Korea."""

from __future__ import annotations

from typing import Any

from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import patterns
from gonggo.extract.regions import named_places

# In prose, one passing mention of AI in so many characters does not make it the subject.
CHARACTERS_A_MENTION = 900
# A summary or a headline: what it says first is what it is about.
SHORT = 700


def find(doc: Doc) -> dict[str, Any]:
    """``{"value": bool, "evidence": …}``; the evidence is the first mention of AI that counts."""
    words, title, text = patterns("relevance"), doc.fields.get("title", ""), doc.text
    mentions = list(words["ai"].finditer(text))
    if not mentions or words["avian"].search(text) or words["job"].search(title + "\n" + text[:300]):
        return {"value": False, "evidence": None}
    state = len(words["state"].findall(text)) + bool(doc.fields.get("agency")) + len(named_places(text))
    abroad = len(words["foreign"].findall(text))
    market = len(words["stock"].findall(text)) + len(words["advert"].findall(text))
    value = state > 0 and abroad <= 3 * state and market < 3 and _is_subject(doc, title, len(mentions))
    return {"value": value, "evidence": doc.span(mentions[0].start(), mentions[0].end()).evidence()}


def _is_subject(doc: Doc, title: str, mentions: int) -> bool:
    """Whether AI is what the document is about, and a public programme what it tells of."""
    words, text = patterns("relevance"), doc.text
    alone = mentions - len(words["listed"].findall(text))
    in_title = bool(words["ai"].search(title or text[:160])) and not words["listed"].search(title or text[:160])
    if len(text) < SHORT:
        return alone >= 1 and in_title and bool(words["plan"].search(text))
    if len(words["public"].findall(text)) < 2:
        return False
    return (in_title and alone >= 1) or alone >= max(3, min(len(text) / CHARACTERS_A_MENTION, 4))
