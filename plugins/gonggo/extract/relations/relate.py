"""The bearings of all facts of a record, in the order in which one is told by another."""

from __future__ import annotations

from gonggo.extract.doc import Doc
from gonggo.extract.record_types import ExtractionRecord
from gonggo.extract.relations import attribution, counts, funding_tree, programme_tree, rates
from gonggo.extract.relations.context import Context


def relate(record: ExtractionRecord, doc: Doc, kind: str) -> None:
    """Say of each fact of ``record`` what it belongs to.

    A programme has its umbrella and what became of it; a figure or body its programme; a sum its year and its whole; a
    count what is done with it; a rate what is measured, whose, when, and whether it was promised or reached.
    """
    context = Context(record, doc, kind)
    record.programmes = programme_tree.tell(record.programmes, context)
    record.metrics = rates.tell(record.metrics, context)
    attribution.attribute_to_programmes(record, context)
    record.amounts = funding_tree.tell(record.amounts, context)
    record.quantities = [counts.tell(count, context) for count in record.quantities]
