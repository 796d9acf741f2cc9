"""The words around a figure: its sentence, which may extend over several lines, before and after it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from gonggo.extract.doc import Doc, Span
from gonggo.extract.record_types import Evidence, TextEvidence

_END = re.compile(r"\.(?<=[다요음함임됨까죠라자]\.)(?=[\s”’\"')]|$)|[!?](?=[\s”’\"']|$)|\n")
# A line that is as long as this and ends in the middle of something goes on in the next one.
_WRAPPED = 30
_STOPS = re.compile(r"[.!?:|│┃┐┤┘┓┫┛―─━…]\s*$|다[”’\"]?\s*$")
_BEGINS = re.compile(r"[ \t]{0,3}[가-힣A-Za-z0-9‘“'\"(㈜「『]")


class Around(NamedTuple):
    """A figure in its sentence: ``before`` and ``after`` are the sentence's words on either side of it."""

    start: int
    end: int
    before: str
    after: str
    sentence: Span


class Sentences:
    """The sentences of a text, each of which may extend over several lines."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.spans = list(_sentences(doc))
        self._starts = [span.start for span in self.spans]

    def at(self, offset: int) -> Span:
        """Return the sentence that contains ``offset``, else the text around it."""
        number = self.index(offset)
        if number >= 0 and offset < self.spans[number].end:
            return self.spans[number]
        return self.doc.span(max(0, offset - 80), offset + 80)

    def index(self, offset: int) -> int:
        """Return the index of the last sentence that begins at ``offset`` or before it, or -1."""
        return bisect_right(self._starts, offset) - 1

    def after(self, sentence: Span) -> str:
        """Return the words of the next sentence; empty after the last one."""
        number = self.index(sentence.start) + 1
        return self.spans[number].text if number < len(self.spans) else ""

    def around(self, evidence: Evidence | None) -> Around | None:
        """Return the words around a fact; None if its evidence is not in the text."""
        if not isinstance(evidence, TextEvidence):
            return None
        sentence, text = self.at(evidence.start), self.doc.text
        start, end = min(sentence.start, evidence.start), max(sentence.end, evidence.end)
        return Around(evidence.start, evidence.end, text[start : evidence.start], text[evidence.end : end], sentence)


def _sentences(doc: Doc) -> Iterator[Span]:
    """Yield the sentences of a document, joined where the end of a line cuts one."""
    start = end = -1
    for sentence in doc.sentences:
        gap = doc.text[end : sentence.start] if end >= 0 else ""
        if gap.strip(" \t") != "\n" or not _goes_on(doc.text, start, end):
            if end >= 0:
                yield doc.span(start, end)
            start = sentence.start
        end = sentence.end
    if end >= 0:
        yield doc.span(start, end)


def _goes_on(text: str, start: int, end: int) -> bool:
    line = text[max(start, text.rfind("\n", 0, end) + 1) : end]
    if len(line) < _WRAPPED or line.startswith("|") or _STOPS.search(line[-3:]):
        return False
    below = text[end + 1 : end + 5]
    return bool(_BEGINS.match(below))
