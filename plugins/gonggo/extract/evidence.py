"""The offsets of evidence in a larger text, and its location in the file from which the text was read."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from gonggo.extract.record_types import ExtractionRecord, TextEvidence, with_evidence
from gonggo.read.reading import TextLocation


def shifted(record: ExtractionRecord, offset: int) -> ExtractionRecord:
    """Return the record of a part of a text with the offsets of its evidence in the whole text."""
    return with_evidence(
        record, lambda evidence: replace(evidence, start=evidence.start + offset, end=evidence.end + offset)
    )


def locate_evidence(record: ExtractionRecord, locations: list[TextLocation]) -> ExtractionRecord:
    """Return the record with the ``place`` of each evidence whose location in a file is known.

    ``locations`` are stretches of the text in order: start, end, and the name of their page or cell.
    """
    if not locations:
        return record
    starts = [start for start, _, _ in locations]

    def located(evidence: TextEvidence) -> TextEvidence:
        at = bisect_right(starts, evidence.start) - 1
        if at < 0 or evidence.start >= locations[at][1]:
            return evidence
        return replace(evidence, place=locations[at][2])

    return with_evidence(record, located)
