"""The text of one document as the extractors see it: lines and sentences with offsets, and the metadata."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from gonggo.extract import layout, organisation_mentions, places, sections
from gonggo.extract.record_types import FieldEvidence, TextEvidence
from gonggo.korean_dates import year_of

_SENTENCE_END = re.compile(r"[.!?\n](?:(?<=[다요음함임됨]\.)(?=\s|$)|(?<=[!?])(?=\s|$)|(?<=\n)\n*)")

# The head of a column of names of organisations, and a cell that is one.
_NAMES_COLUMN = re.compile(r"\s*(?:기관|센터|주관기관|운영기관|수행기관)\s?명?\s*")
_NAME_CELL = re.compile(r"[가-힣A-Za-z()·\s]{4,24}(?:센터|원|단|재단|관|청|공사|협회|파크|대학교?|진흥원|연구소)")
# The label of a row of organisations, and how long such a row is.
_NAMES_LABEL = re.compile(
    r"(?:주최|주관|참여|협력|협업|공동|수요|수행|운영|전담|시행|후원|실증)\s?(?:기관|기업|사|처)?\W*$"
)
_LONGEST_ROW = 160

_DASHES = "-–"
_DASH = re.compile(rf"(?<=[가-힣)”’])\s?[{_DASHES}]\s(?=\S)|\s[{_DASHES}]\s?(?=[^\s\d])")


class Span(NamedTuple):
    """A half-open range of character offsets into ``Doc.text``, with the characters it covers."""

    start: int
    end: int
    text: str

    def evidence(self) -> TextEvidence:
        """Return the span as the evidence of a fact."""
        return TextEvidence(self.start, self.end, self.text)


@dataclass(frozen=True)
class Doc:
    """One cleaned text and the metadata that came with it.

    ``fields`` is what a list row, an API or a ``<meta>`` tag said: title, posted_on, opens_at, closes_at, period,
    agency, operator, region, target, contact. A fact from there has the evidence ``field_evidence(name)``.
    """

    id: str
    text: str
    fields: Mapping[str, str] = field(default_factory=dict)

    def span(self, start: int, end: int) -> Span:
        """Return a span without its leading and trailing white space."""
        raw = self.text[start:end]
        bare = raw.strip()
        if bare is not raw:
            start += len(raw) - len(raw.lstrip())
        return Span(start, start + len(bare), bare)

    def field_evidence(self, name: str) -> FieldEvidence:
        """Return the evidence of a fact that the metadata field ``name`` states."""
        return FieldEvidence(name, self.fields[name])

    @cached_property
    def sentences(self) -> list[Span]:
        """Return the sentences of prose; a line break always ends one."""
        sentences, start = [], 0
        for mark in _SENTENCE_END.finditer(self.text):
            sentence = self.span(start, mark.end())
            if sentence.text:
                sentences.append(sentence)
            start = mark.end()
        tail = self.span(start, len(self.text))
        return [*sentences, tail] if tail.text else sentences

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    @cached_property
    def clauses(self) -> list[Span]:
        """Return the sentences, divided further at the dashes between the headlines of a press release."""
        clauses = []
        for sentence in self.sentences:
            if not any(dash in sentence.text for dash in _DASHES):
                clauses.append(sentence)
                continue
            at = sentence.start
            for cut in _DASH.finditer(sentence.text):
                clauses.append(self.span(at, sentence.start + cut.start()))
                at = sentence.start + cut.end()
            clauses.append(self.span(at, sentence.end))
        return [span for span in clauses if span.text]

    @cached_property
    def year(self) -> int | None:
        """Return the year that the document is about, if it has no day of publication."""
        return year_of(self.fields.get("posted_on", "")[:4]) or year_of(self.text[:1500]) or year_of(self.text)

    @cached_property
    def mentions(self) -> list[organisation_mentions.Mention]:
        """Return the mentions of organisations."""
        cells = (
            (block.start, block.end)
            for block in self.layout.blocks
            if _NAMES_COLUMN.fullmatch(block.column) and _NAME_CELL.fullmatch(block.text)
        )
        lists = (
            (item.start, item.end)
            for item in self.layout.items
            if _NAMES_LABEL.search(item.label_text or self._row_of(item.start))
            and item.end - item.start <= _LONGEST_ROW
            and "\n" not in self.text[item.start : item.end]
        )
        return organisation_mentions.scan(self.text, cells, lists)

    def _row_of(self, offset: int) -> str:
        block = self.layout.at(offset)
        return block.row if block else ""

    @cached_property
    def place_names(self) -> list[places.PlaceName]:
        """Return the names of places."""
        return list(places.scan(self.text))

    def with_title(self, title: str) -> Doc:
        """Return the same text with a title among its fields; values already cached are carried over."""
        copy = Doc(self.id, self.text, {**self.fields, "title": title})
        copy.__dict__.update({name: value for name, value in self.__dict__.items() if name not in copy.__dict__})
        return copy

    @cached_property
    def layout(self) -> layout.Layout:
        """Return the blocks and labelled items of the text."""
        return layout.read(self.text)

    @cached_property
    def sections(self) -> sections.Sections:
        """Return the sections of a notice."""
        return sections.read(self.text, self.layout.blocks)

    def is_fact(self, offset: int) -> bool:
        """Return whether no label above ``offset`` marks terms, evaluation marks, examples or law."""
        block = self.layout.at(offset)
        return block is None or block.is_fact

    def is_fact_of_call(self, offset: int) -> bool:
        """Return whether the section of a notice around ``offset`` states facts, by its labels and by its words."""
        return self.is_fact(offset) and self.sections.states_facts(offset)

    def sentence_at(self, offset: int) -> Span:
        """Return the sentence that contains ``offset``."""
        index = bisect_right(self._sentence_starts, offset) - 1
        if index >= 0 and offset < self.sentences[index].end:
            return self.sentences[index]
        return self.span(max(0, offset - 80), offset + 80)
