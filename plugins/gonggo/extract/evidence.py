"""The offsets of evidence in a larger text, and its place in the file from which the text was read."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from gonggo.extract.record_types import ExtractionRecord, TextEvidence, with_evidence
from gonggo.read.reading import Place


def shifted(record: ExtractionRecord, offset: int) -> ExtractionRecord:
    """Return the record of a part of a text with the offsets of its evidence in the whole text."""
    return with_evidence(
        record, lambda evidence: replace(evidence, start=evidence.start + offset, end=evidence.end + offset)
    )


def place_evidence(record: ExtractionRecord, places: list[Place]) -> ExtractionRecord:
    """Return the record with the ``place`` of each evidence whose place in a file is known.

    ``places`` are stretches of the text in order: start, end, and the name of their page or cell.
    """
    if not places:
        return record
    starts = [start for start, _, _ in places]

    def placed(evidence: TextEvidence) -> TextEvidence:
        at = bisect_right(starts, evidence.start) - 1
        if at < 0 or evidence.start >= places[at][1]:
            return evidence
        return replace(evidence, place=places[at][2])

    return with_evidence(record, placed)
