"""Named programmes, projects, calls, centres and plans: names, aliases, type, status and period."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace

from gonggo.extract import name_ranking, names, programme_period
from gonggo.extract.doc import Doc, Span
from gonggo.extract.lexicons import patterns
from gonggo.extract.linear import Model
from gonggo.extract.record_types import Application, Evidence, Fact, Programme, TextEvidence

_MOST_IN_A_CALL = 9
_ALIAS = re.compile(r"[」』｣’”'\"]?\s?\(([A-Za-z가-힣0-9·+ \-]{2,24})\)")
_BUILT = re.compile(r"(?:센터|허브|클러스터|밸리|단지|산단|캠퍼스)$")
_MENTIONS = 6


def find(
    doc: Doc,
    kind: str,
    title: Fact[str] | None,
    application: Application | None = None,
    *,
    names_model: Model,
) -> list[Programme]:
    """Return the programmes that a document is about, given its title and its period of application.

    A call is its own programme, named by its title; prose names several, which ``names_model`` ranks. Prose that says
    until when applications are taken speaks of an open call, and that window is no period of the programme.
    """
    if kind == "announcement":
        candidates = names.of_call(doc, title.value if title else None)[:_MOST_IN_A_CALL]
    else:
        candidates = name_ranking.find(doc, kind, names_model)
    entries = [_entry(doc, name, kind, title, larger=number > 0) for number, name in enumerate(candidates)]
    closes = application.closes_at if application else None
    if entries and kind != "announcement" and closes:
        entries[0] = replace(entries[0], status="open")
        if entries[0].end == closes.value[:10]:
            entries[0] = replace(entries[0], start=None, end=None)
    return entries


def _entry(doc: Doc, name: names.Name, kind: str, title: Fact[str] | None, *, larger: bool) -> Programme:
    span = name.span
    # A title over two lines stands in the text as it was found, not as it is written here.
    exact = span.start >= 0 and doc.text[span.start : span.end] == span.text
    evidence = span.evidence() if exact else _loose(doc, span, title)
    start, end = programme_period.of_call(doc, span) if kind == "announcement" else _period(doc, span)
    sentence = doc.sentence_at(span.start) if span.start >= 0 else Span(0, 0, span.text)
    aliases = [*name.aliases, *_bracketed(doc, span)]
    heading = title.value if title and kind == "announcement" and name.origin == "title" else ""
    return Programme(
        name=span.text,
        aliases=tuple(alias for alias in dict.fromkeys(aliases) if alias != span.text),
        type=_type(span.text, heading, sentence.text, kind),
        status=_status(doc, name, kind, larger=larger),
        start=start,
        end=end,
        evidence=evidence,
    )


def _period(doc: Doc, span: Span) -> tuple[str | None, str | None]:
    """Return the period beside the first mention that has one."""
    at = span.start
    for _ in range(_MENTIONS):
        period = programme_period.of_mention(doc, at, at + len(span.text))
        at = doc.text.find(span.text, at + 1)
        if any(period) or at < 0:
            return period
    return None, None


def _loose(doc: Doc, span: Span, title: Fact[str] | None) -> Evidence | None:
    if span.start >= 0:
        return TextEvidence(span.start, span.end, doc.text[span.start : span.end])
    return title.evidence if title else span.evidence()


def _bracketed(doc: Doc, span: Span) -> list[str]:
    """Return the short form in brackets right after a name: (이하 ‘본 사업’) is none, (GITC) is one."""
    match = _ALIAS.match(doc.text, span.end) if span.end > 0 else None
    if not match or match[1].startswith("이하") or re.search(r"\d{4}|포함|예정|단위|억", match[1]):
        return []
    return [match[1].strip()]


def _type(name: str, heading: str, sentence: str, kind: str) -> str:
    if kind != "announcement" and _BUILT.search(name):
        return "infrastructure"
    return _first("programme_types", (name, heading, sentence)) or "adoption"


def _first(lexicon: str, texts: tuple[str, ...]) -> str | None:
    for text in texts:
        for value, pattern in patterns(lexicon).items():
            if text and pattern.search(text):
                return value
    return None


def _status(doc: Doc, name: names.Name, kind: str, *, larger: bool) -> str:
    """By the words that follow the name; of a call, only a larger programme is anything but open."""
    words = patterns("statuses")
    after = _rest(doc, name.span)
    if kind == "announcement":
        return "ongoing" if larger and name.origin != "track" and words["ongoing"].search(after[:60]) else "open"
    for text in (after, doc.sentence_at(max(name.span.start, 0)).text):
        hits = sorted(
            (m.start(), order, value) for order, (value, p) in enumerate(words.items()) if (m := p.search(text))
        )
        for _, _, value in hits:
            if kind == "opinion" and value in ("planned", "open"):
                continue
            return value
    return "proposed" if kind == "opinion" else "planned"


def _rest(doc: Doc, span: Span) -> str:
    """Return the rest of the clause after the name."""
    index = bisect_right(doc.clauses, span.start, key=lambda clause: clause.start) - 1
    if index >= 0 and span.start < doc.clauses[index].end:
        return doc.text[span.end : doc.clauses[index].end]
    return doc.text[span.end : span.end + 80]
