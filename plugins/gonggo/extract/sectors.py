"""The target industries of the programmes of a document."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from math import log, log1p

from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import sectors
from gonggo.extract.linear import Model
from gonggo.extract.organisation_mentions import Mention
from gonggo.extract.record_types import Named, Programme, TextEvidence

_MOST = 8
# So many programmes are looked at for words of a sector, and so many characters are the lead.
_NAMES, _LEAD = 3, 500
# Sectors that every text about AI speaks of.
_VAGUE = ("ict", "education", "public", "culture", "robotics", "safety")
_LIST_END = re.compile(r"산업|분야|업종|현장|업계|부문|생산활동")
_APART = re.compile(r"[,·ㆍ․/]")
_LIST = re.compile(
    r"((?:[가-힣A-Za-z]{1,8}(?:\([^)\n]{1,12}\))?\s?[,·ㆍ․/]\s?){1,10}[가-힣A-Za-z]{1,8})(?:\s등)?(?:의)?\s?"
    r"(?:다양한\s|주요\s|주력\s?|핵심\s?|여러\s)?(?:[가-힣]{0,5}\s?)?$"
)
_LONGEST_LIST, _LAST_ENTRY = 90, 24
_FIELD_COLUMN = re.compile(r"^(?:지원\s?)?(?:분\s?야|업종|산업)$")
_SILENT = {"exclusion", "evaluation", "law", "notes", "annex", "documents", "contact", "example", "schedule"}


FEATURES = (
    "always",
    "call",
    "length",
    "in_title",
    "in_names",
    "listed",
    "listed_by_call",
    "in_lead",
    "often",
    "often_in_call",
    "different_words",
    "vague",
    "vague_often",
)


def find(doc: Doc, programmes: list[Programme], kind: str, model: Model) -> list[Named]:
    """Return the sectors that the model finds probable, the most probable first."""
    weighed = [
        (model.probability(features), name, evidence)
        for name, (features, evidence) in candidates(doc, programmes, kind).items()
    ]
    weighed.sort(key=lambda entry: -entry[0])
    return [Named(name, evidence) for probability, name, evidence in weighed[:_MOST] if probability >= model.threshold]


def candidates(doc: Doc, programmes: list[Programme], kind: str) -> dict[str, tuple[dict[str, float], TextEvidence]]:
    """Return the features and the evidence of each sector with a word in the document."""
    names = "\n".join(name for p in programmes[:_NAMES] for name in (p.name, *p.aliases))
    mention_starts = [m.start for m in doc.mentions]
    listed = [span for span in _lists(doc.text) if _states(doc, span[0], kind)]
    listed += [
        (item.start, min(item.end, item.start + 60))
        for item in doc.layout.named("support")
        if "분야" in item.label_text
    ]
    listed += [(block.start, block.end) for block in doc.layout.blocks if _FIELD_COLUMN.search(block.column)]
    by_sector: dict[str, tuple[dict[str, float], TextEvidence]] = {}
    for name, pattern in sectors().items():
        matches = [
            m
            for m in pattern.finditer(doc.text)
            if _states(doc, m.start(), kind) and not _is_within(m.start(), doc.mentions, mention_starts)
        ]
        if matches:
            starts = [m.start() for m in matches]
            in_lists = any(bisect_left(starts, a) < bisect_left(starts, b) for a, b in listed)
            often, call, vague = log1p(len(matches)), float(kind == "announcement"), float(name in _VAGUE)
            features = {
                "always": 1.0,
                "call": call,
                "length": log(max(len(doc.text), 1) / 1000),
                "in_title": float(bool(pattern.search(doc.fields.get("title", "")))),
                "in_names": float(bool(pattern.search(names))),
                "listed": float(in_lists),
                "listed_by_call": in_lists * call,
                "in_lead": float(starts[0] < _LEAD),
                "often": often,
                "often_in_call": often * call,
                "different_words": float(len({m.group() for m in matches}) > 1),
                "vague": vague,
                "vague_often": vague * often,
            }
            by_sector[name] = features, doc.span(matches[0].start(), matches[0].end()).evidence()
    return by_sector


def _is_within(offset: int, mentions: list[Mention], starts: list[int]) -> bool:
    number = bisect_right(starts, offset) - 1
    return number >= 0 and offset < mentions[number].end


def _lists(text: str) -> Iterator[tuple[int, int]]:
    """Yield the positions of lists of industries: entries between commas or dots before "산업", "분야" and the like."""
    for end in _LIST_END.finditer(text):
        start = max(0, end.start() - _LONGEST_LIST)
        before = text[start : end.start()]
        if _APART.search(before[-_LAST_ENTRY:]):
            match = _LIST.search(before)
            if match:
                yield start + match.start(1), start + match.end(1)


def _states(doc: Doc, offset: int, kind: str) -> bool:
    """Return whether a section states the targets of a call; in prose every section does."""
    block = doc.layout.at(offset) if kind == "announcement" else None
    return block is None or not set(block.sections) & _SILENT
