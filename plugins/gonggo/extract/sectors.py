"""Industries that the programmes of a document aim at."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import sectors
from gonggo.extract.organisation_mentions import Mention
from gonggo.extract.record_types import Named, Programme, TextEvidence

_ENOUGH = 3.0
_MOST = 7
_NAMED, _LISTED = 3.0, 3.0
# One word in so many characters, and no more of them counted than this.
_CHARACTERS, _COUNTED, _A_WORD = 1100, 6, 0.9
# Sectors that every text about AI speaks of: they count only as the aim of a name or a list.
_ONLY_AIMS = ("ict", "education", "public", "culture", "robotics", "safety")
_LIST_END = re.compile(r"산업|분야|업종|현장|업계|부문|생산활동")
_APART = re.compile(r"[,·ㆍ․/]")
_LIST = re.compile(
    r"((?:[가-힣A-Za-z]{1,8}(?:\([^)\n]{1,12}\))?\s?[,·ㆍ․/]\s?){1,10}[가-힣A-Za-z]{1,8})(?:\s등)?(?:의)?\s?"
    r"(?:다양한\s|주요\s|주력\s?|핵심\s?|여러\s)?(?:[가-힣]{0,5}\s?)?$"
)
_LONGEST_LIST, _LAST_ENTRY = 90, 24
_FIELD_COLUMN = re.compile(r"^(?:지원\s?)?(?:분\s?야|업종|산업)$")
_SILENT = {"exclusion", "evaluation", "law", "notes", "annex", "documents", "contact", "example", "schedule"}


def find(doc: Doc, programmes: list[Programme], kind: str) -> list[Named]:
    """Return the sectors that names or lists aim at, or that the text dwells on."""
    aimed = "\n".join(
        [
            doc.fields.get("title", ""),
            *(p.name for p in programmes[:3]),
            *(a for p in programmes[:3] for a in p.aliases),
        ]
    )
    bodies = [m.start for m in doc.bodies]
    listed = [span for span in _lists(doc.text) if _states(doc, span[0], kind)]
    listed += [
        (item.start, min(item.end, item.start + 60)) for item in doc.layout.named("support") if "분야" in item.said
    ]
    listed += [(piece.start, piece.end) for piece in doc.layout.pieces if _FIELD_COLUMN.search(piece.column)]
    scored: list[tuple[float, str, TextEvidence]] = []
    for name, pattern in sectors().items():
        found = [
            m
            for m in pattern.finditer(doc.text)
            if _states(doc, m.start(), kind) and not _is_within(m.start(), doc.bodies, bodies)
        ]
        if not found:
            continue
        starts = [m.start() for m in found]
        in_lists = any(bisect_left(starts, a) < bisect_left(starts, b) for a, b in listed)
        often = 0.0 if name in _ONLY_AIMS and len(found) < 4 else min(len(found), _COUNTED) * _A_WORD
        named = _NAMED * bool(pattern.search(aimed))
        score = named + _LISTED * in_lists + often * min(1.0, _CHARACTERS / len(doc.text))
        scored.append((score, name, doc.span(found[0].start(), found[0].end()).evidence()))
    scored.sort(key=lambda entry: -entry[0])
    return [Named(name, evidence) for score, name, evidence in scored[:_MOST] if score >= _ENOUGH]


def _is_within(offset: int, mentions: list[Mention], starts: list[int]) -> bool:
    number = bisect_right(starts, offset) - 1
    return number >= 0 and offset < mentions[number].end


def _lists(text: str) -> Iterator[tuple[int, int]]:
    """Where industries are listed: what stands, set apart by commas or dots, before "industries" or "fields"."""
    for end in _LIST_END.finditer(text):
        start = max(0, end.start() - _LONGEST_LIST)
        before = text[start : end.start()]
        if _APART.search(before[-_LAST_ENTRY:]):
            found = _LIST.search(before)
            if found:
                yield start + found.start(1), start + found.end(1)


def _states(doc: Doc, offset: int, kind: str) -> bool:
    """Whether the section around states what a call aims at; in prose everything does."""
    piece = doc.layout.at(offset) if kind == "announcement" else None
    return piece is None or not set(piece.sections) & _SILENT
