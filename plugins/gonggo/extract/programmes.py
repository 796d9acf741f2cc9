"""Named programmes, projects, calls, centres and plans: names, aliases, type, status and period."""

from __future__ import annotations

import re
from dataclasses import replace

from gonggo.extract import name_ranking, names, programme_period, programme_status, programme_type, prose_periods
from gonggo.extract.doc import Doc, Span
from gonggo.extract.lexicons import patterns
from gonggo.extract.models import Models
from gonggo.extract.record_types import Application, Evidence, Fact, Programme, TextEvidence

_MOST_IN_A_CALL = 40
_ALIAS = re.compile(r"[」』｣’”'\"]?\s?\(([A-Za-z가-힣0-9·+ \-]{2,24})\)")
_NO_ALIAS = re.compile(r"\d{4}|포함|예정|단위|억|\d\s?(?:개|명|팀|과제)")
_LEAD, _BEHIND = 300, 60


def find(
    doc: Doc,
    kind: str,
    title: Fact[str] | None,
    application: Application | None = None,
    *,
    models: Models,
) -> list[Programme]:
    """Return the programmes that a document is about, given its title and its period of application.

    The programme of a call is named in its title; prose names several, which a model ranks. Prose that states an
    application period is about an open call, as are the parts that it lists, and that period is not one of the
    programme.
    """
    if kind == "announcement":
        candidates = names.of_call(doc, title.value if title else None)[:_MOST_IN_A_CALL]
    else:
        candidates = name_ranking.find(doc, kind, models.programmes)
    periods = _periods(doc, kind, candidates)
    entries = [
        _entry(doc, name, kind, title, models, period, larger=number > 0)
        for number, (name, period) in enumerate(zip(candidates, periods, strict=True))
    ]
    if kind == "announcement":
        entries = [entry if entry.type else replace(entry, type=entries[0].type) for entry in entries]
    closes = application.closes_at if application else None
    if entries and kind != "announcement" and closes:
        entries = [
            replace(entry, status="open") if not number or name.origin == "item" else entry
            for number, (name, entry) in enumerate(zip(candidates, entries, strict=True))
        ]
        if entries[0].end == closes.value[:10]:
            entries[0] = replace(entries[0], start=None, end=None)
    return entries


def _periods(doc: Doc, kind: str, candidates: list[names.Name]) -> list[prose_periods.Period]:
    if kind == "announcement":
        umbrellas = [name.span for name in candidates[1:] if name.origin == "umbrella"]
        return programme_period.of_call(doc, [name.span for name in candidates], umbrellas)
    return prose_periods.find(doc, [_names(doc, name) for name in candidates])


def _names(doc: Doc, name: names.Name) -> list[str]:
    """Return a name and its aliases, without repetitions."""
    aliases = [*name.aliases, *_bracketed(doc, name.span)]
    return list(dict.fromkeys([name.span.text, *aliases]))


def _entry(
    doc: Doc,
    name: names.Name,
    kind: str,
    title: Fact[str] | None,
    models: Models,
    period: prose_periods.Period,
    *,
    larger: bool,
) -> Programme:
    span = name.span
    # A title over two lines stands in the text as it was found, not as it is written here.
    exact = span.start >= 0 and doc.text[span.start : span.end] == span.text
    evidence = span.evidence() if exact else _loose(doc, span, title)
    start, end = period
    if kind == "announcement":
        status = _status_in_call(doc, name, title.value if title else "", larger=larger)
    else:
        status = programme_status.find(doc, kind, span, (start, end), models.statuses)
    return Programme(
        name=span.text,
        aliases=tuple(_names(doc, name)[1:]),
        type=(
            _type_in_call(doc, name, title.value if title else "")
            if kind == "announcement"
            else programme_type.find(doc, kind, span, models.types)
        ),
        status=status,
        start=start,
        end=end,
        evidence=evidence,
    )


def _loose(doc: Doc, span: Span, title: Fact[str] | None) -> Evidence | None:
    if span.start >= 0:
        return TextEvidence(span.start, span.end, doc.text[span.start : span.end])
    return title.evidence if title else span.evidence()


def _bracketed(doc: Doc, span: Span) -> list[str]:
    """Return the short form in brackets right after a name, such as (GITC), but not (이하 ‘본 사업’)."""
    match = _ALIAS.match(doc.text, span.end) if span.end > 0 else None
    if not match or match[1].startswith("이하") or _NO_ALIAS.search(match[1]):
        return []
    return [match[1].strip()]


def _type_in_call(doc: Doc, name: names.Name, title: str) -> str | None:
    """Return the type by a name, for the call also by its title, else by the activity in its sentence or the lead.

    A track whose name tells none has that of its call.
    """
    span = name.span
    if name.origin == "track":
        return _first("programme_types", (span.text,))
    sentence = doc.sentence_at(span.start).text if span.start >= 0 else span.text
    by_words = _first("programme_types", (span.text, title if name.origin == "title" else "", sentence))
    return by_words or _first("programme_types_by_action", (sentence, doc.text[:_LEAD]))


def _first(lexicon: str, texts: tuple[str, ...]) -> str | None:
    for text in texts:
        for value, pattern in patterns(lexicon).items():
            if text and pattern.search(text):
                return value
    return None


def _status_in_call(doc: Doc, name: names.Name, title: str, *, larger: bool) -> str:
    """Return ``open`` for the programme of a call; what the call is a part of is under way, as may be one in its lead.

    The tracks of an advance notice and those that will have a call of their own are planned. A notice of who was chosen
    takes no applications any more, nor does a call that is cancelled.
    """
    words = patterns("statuses_of_calls")
    if words["cancelled"].search(title):
        return "ended"
    if words["result"].search(title):
        return "selected"
    if name.origin == "track" and words["beforehand"].search(doc.text[:_LEAD]):
        return "planned"
    if name.origin == "track" and words["by_own_call"].search(doc.text[name.span.end : name.span.end + _BEHIND]):
        return "planned"
    if name.origin == "umbrella":
        return "ongoing"
    rest = programme_status.rest_of_clause(doc, name.span)
    is_ongoing = larger and name.origin != "track" and patterns("statuses")["ongoing"].search(rest[:60])
    return "ongoing" if is_ongoing else "open"
