"""The type of a programme that prose names: a model weighs its words, and those around it."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice

from gonggo.extract.doc import Doc, Span
from gonggo.extract.lexicons import patterns
from gonggo.extract.linear import Classifier, best_of

TYPES = (
    "rnd",
    "demonstration",
    "infrastructure",
    "adoption",
    "training",
    "startup",
    "investment",
    "event",
    "agreement",
    "plan",
)
_KINDS = ("article", "press_release", "opinion", "statistics", "other")
# The log odds that a type needs.
_LEAST = -1.0
_MENTIONS, _BEFORE, _BEHIND, _LEAD = 4, 50, 60, 300


@cache
def features() -> tuple[str, ...]:
    """Return the names of all features of a programme."""
    signs = (f"{place}:{name}" for place in ("name", "near", "sentence") for name in _signs())
    by_words = (
        f"{place}:{type_}" for place in ("name_type", "end_type", "sentence_type", "act", "lead_act") for type_ in TYPES
    )
    ends = (f"end:{word}" for word in (*_ends(), "none"))
    return ("always", *signs, *by_words, *ends, *(f"kind:{kind}" for kind in _KINDS))


def find(doc: Doc, kind: str, name: Span, model: Classifier) -> str | None:
    """Return the type that the end of a programme's name says, else the most probable one, if it is not improbable."""
    by_ending = (type_ for type_, words in patterns("programme_types_by_ending").items() if words.search(name.text))
    if by_name := next(by_ending, None):
        return by_name
    scores = model.scores(signs(doc, kind, name.text))
    best = best_of(scores)
    return best if scores[best] >= _LEAST else None


def signs(doc: Doc, kind: str, name: str) -> dict[str, float]:
    """Return the features of a programme, without those that are 0."""
    starts = [match.start() for match in islice(re.finditer(re.escape(name), doc.text), _MENTIONS)]
    sentences = [doc.sentence_at(start).text for start in starts]
    first = starts[0] if starts else 0
    near = f"{doc.text[max(0, first - _BEFORE) : first]} {doc.text[first + len(name) : first + len(name) + _BEHIND]}"
    end = _end_pattern().search(name)
    present = {"always", f"kind:{kind}", f"end:{end[1] if end else 'none'}"}
    for sign, words in _signs().items():
        present |= {f"{place}:{sign}" for place, text in (("name", name), ("near", near)) if words.search(text)}
        present |= {f"sentence:{sign}"} if any(map(words.search, sentences)) else set()
    first_sentence, lead = sentences[0] if sentences else "", doc.text[:_LEAD]
    for place, lexicon, text in (
        ("name_type", "programme_types", name),
        ("end_type", "programme_types_by_ending", name),
        ("sentence_type", "programme_types", first_sentence),
        ("act", "programme_types_by_action", first_sentence),
        ("lead_act", "programme_types_by_action", lead),
    ):
        present |= {f"{place}:{type_}" for type_, words in patterns(lexicon).items() if words.search(text)}
    return dict.fromkeys(sorted(present), 1.0)


def _signs() -> dict[str, re.Pattern[str]]:
    return {name: words for name, words in patterns("type_signs").items() if name != "ends"}


@cache
def _ends() -> tuple[str, ...]:
    return tuple(patterns("type_signs")["ends"].pattern.split("|"))


@cache
def _end_pattern() -> re.Pattern[str]:
    ends = "|".join(sorted(_ends(), key=len, reverse=True))
    return re.compile(rf"({ends})(?:\s?(?:사업|과제|지원))?(?:\([^)]*\))?$")
