"""The status of a programme that prose names: a model weighs the words around its name, and its period."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from itertools import islice

from gonggo.extract.doc import Doc, Span
from gonggo.extract.lexicons import patterns
from gonggo.extract.linear import Classifier

STATUSES = ("proposed", "planned", "open", "selected", "ongoing", "ended")
_KINDS = ("article", "press_release", "opinion", "statistics", "other")
_MENTIONS, _NEAR, _LEAD, _LATE = 6, 40, 400, 0.6
_YEARS = [f"{edge}_{when}" for edge in ("start", "end") for when in ("before", "this", "after")]


@cache
def features() -> tuple[str, ...]:
    """Return the names of all features of a programme."""
    by_place = (f"{place}:{name}" for place in ("rest", "sentence", "near") for name in _words())
    following = (f"next:{name}" for name in patterns("status_signs"))
    rule = (f"rule:{status}" for status in STATUSES)
    kinds = (f"kind:{kind}" for kind in _KINDS)
    return ("always", *by_place, *following, *rule, *kinds, *_YEARS, "in_title", "lead", "often", "late")


def find(doc: Doc, kind: str, name: Span, period: tuple[str | None, str | None], model: Classifier) -> str:
    """Return the most probable status of a programme, given its first mention and its period."""
    return model.best(signs(doc, kind, name, period))


def signs(doc: Doc, kind: str, name: Span, period: tuple[str | None, str | None]) -> dict[str, float]:
    """Return the features of a programme, without those that are 0."""
    mentions = [match.start() for match in islice(re.finditer(re.escape(name.text), doc.text), _MENTIONS)]
    mentions = mentions or [max(name.start, 0)]
    present = {
        "always",
        f"rule:{by_words(doc, kind, Span(mentions[0], mentions[0] + len(name.text), name.text))}",
        f"kind:{kind}",
    }
    for number, start in enumerate(mentions):
        present |= _around(doc, Span(start, start + len(name.text), name.text), is_first=number == 0)
    for edge, value in zip(("start", "end"), period, strict=True):
        if value and doc.year:
            year = int(value[:4])
            present.add(f"{edge}_{'before' if year < doc.year else 'this' if year == doc.year else 'after'}")
    here = {
        "in_title": name.text in doc.fields.get("title", ""),
        "lead": mentions[0] < _LEAD,
        "often": len(mentions) > 1,
        "late": mentions[0] > _LATE * len(doc.text),
    }
    return dict.fromkeys(sorted(present | {key for key, holds in here.items() if holds}), 1.0)


def _around(doc: Doc, mention: Span, *, is_first: bool) -> set[str]:
    """Return the features of the words around one mention."""
    rest, sentence = rest_of_clause(doc, mention), doc.sentence_at(mention.start)
    features = {f"rest:{name}" for name, words in _words().items() if words.search(rest)}
    features |= {f"sentence:{name}" for name, words in _words().items() if words.search(sentence.text)}
    if is_first:
        features |= {f"near:{name}" for name, words in _words().items() if words.search(rest[:_NEAR])}
    following = _next_sentence(doc, sentence)
    return features | {f"next:{name}" for name, words in patterns("status_signs").items() if words.search(following)}


def _next_sentence(doc: Doc, sentence: Span) -> str:
    """Return the next sentence of the same paragraph, or an empty text."""
    index = bisect_right(doc.sentences, sentence.start, key=lambda span: span.start)
    following = doc.sentences[index] if index < len(doc.sentences) else None
    return following.text if following and "\n\n" not in doc.text[sentence.end : following.start] else ""


@cache
def _words() -> dict[str, re.Pattern[str]]:
    return {**{f"status_{name}": words for name, words in patterns("statuses").items()}, **patterns("status_signs")}


def by_words(doc: Doc, kind: str, name: Span) -> str:
    """Return the status by the first decisive word after the name, else by the first one in its sentence."""
    for text in (rest_of_clause(doc, name), doc.sentence_at(max(name.start, 0)).text):
        matches = sorted(
            (match.start(), order, status)
            for order, (status, words) in enumerate(patterns("statuses").items())
            if (match := words.search(text))
        )
        for _, _, status in matches:
            if kind != "opinion" or status not in ("planned", "open"):
                return status
    return "proposed" if kind == "opinion" else "planned"


def rest_of_clause(doc: Doc, name: Span) -> str:
    """Return the rest of the clause after the name."""
    index = bisect_right(doc.clauses, name.start, key=lambda clause: clause.start) - 1
    if index >= 0 and name.start < doc.clauses[index].end:
        return doc.text[name.end : doc.clauses[index].end]
    return doc.text[name.end : name.end + 80]
