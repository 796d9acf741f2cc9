"""Whether a document is about AI and about a public programme with a place in Korea."""

from __future__ import annotations

from typing import Any

from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import patterns

# What a text says first is what it is about.
_LEAD = 220
# A call repeats what it is for; so many mentions are no accident however long its terms are.
_ENOUGH_IN_A_CALL = 5
# In a long text one passing mention of AI in so many characters does not make it the subject.
_CHARACTERS_A_MENTION = 700
_MOST_WANTED = 4.0
# So much of a long text is enough to tell who carries it.
_READ = 6000


def find(doc: Doc) -> dict[str, Any]:
    """``{"value": bool, "evidence": …}``; the evidence is the first mention of AI that counts."""
    words, text = patterns("relevance"), doc.text
    mentions = list(words["ai"].finditer(text))
    if not mentions or words["avian"].search(text) or len(words["job"].findall(text[:1200])) > 1:
        return {"value": False, "evidence": None}
    if words["job"].search(doc.fields.get("title", "") + "\n" + text[:120]):
        return {"value": False, "evidence": None}
    value = _is_subject(doc, len(mentions)) and _is_public(doc)
    return {"value": value, "evidence": doc.span(mentions[0].start(), mentions[0].end()).evidence()}


def _is_subject(doc: Doc, mentions: int) -> bool:
    """Whether AI is what the document is about, not an entry in a list of fields or a passing word."""
    words, text, title = patterns("relevance"), doc.text, doc.fields.get("title", "")
    alone = mentions - len(words["listed"].findall(text))
    lead = title + "\n" + text[:_LEAD]
    in_lead = len(words["ai"].findall(lead)) - len(words["listed"].findall(lead))
    wanted = min(max(1.0, len(text) / _CHARACTERS_A_MENTION), _MOST_WANTED)
    if words["ai"].search(title) and not words["listed"].search(title):
        return alone >= 1
    if len(doc.layout.items) >= _ENOUGH_IN_A_CALL and (alone >= _ENOUGH_IN_A_CALL or _is_field(doc)):
        return True
    return (in_lead >= 1 and alone >= wanted) or alone >= 2.5 * wanted


def _is_field(doc: Doc) -> bool:
    """Whether AI is one of at most three fields that a call names under a label of its own."""
    ai = patterns("relevance")["ai"]
    for item in doc.layout.named("support", "title"):
        piece = doc.layout.at(item.start)
        if piece and piece.column == item.said:
            continue  # one row of a table of fields
        line = doc.text[item.start : item.end].split("\n", 1)[0]
        if len(line) < 60 and ai.search(line) and line.count(",") + line.count("·") < 3:
            return True
    return False


def _is_public(doc: Doc) -> bool:
    """Whether a Korean public body or place carries a programme in it."""
    words, text = patterns("relevance"), doc.text[:_READ]
    state = len(words["state"].findall(text)) + 2 * bool(doc.fields.get("agency")) + len(doc.places)
    foreign, market = len(words["foreign"].findall(text)), len(words["stock"].findall(text))
    market += len(words["advert"].findall(text))
    programme = len(words["programme"].findall(text))
    if (
        not state
        or foreign >= 1.5 * state
        or (foreign >= state and not doc.places)
        or market >= 3
        or (market and market >= state)
    ):
        return False
    if len(words["survey"].findall(text)) >= 2 and programme < 12:
        return False
    return programme >= (2 if len(text) > 400 else 1)
