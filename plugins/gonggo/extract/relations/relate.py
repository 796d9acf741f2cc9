"""The relations of all facts of a record, in the order in which one is needed for the next."""

from __future__ import annotations

from gonggo.extract.doc import Doc
from gonggo.extract.record_types import ExtractionRecord
from gonggo.extract.relations import attribution, counts, funding_tree, programme_tree, rates
from gonggo.extract.relations.context import Context, Statements


def relate(record: ExtractionRecord, doc: Doc, kind: str, stated: Statements) -> None:
    """Fill in what each fact of ``record`` belongs to.

    A programme has its umbrella and what became of it; a figure or body its programme; a sum its year and its whole; a
    count what is done with it; a rate what is measured, whose, when, and whether it was promised or reached.
    """
    context = Context(record, doc, kind, stated)
    record.programmes = programme_tree.relate_programmes(record.programmes, context)
    record.metrics = rates.relate_rates(record.metrics, context)
    attribution.attribute_to_programmes(record, context)
    record.amounts = funding_tree.relate_amounts(record.amounts, context)
    record.quantities = [counts.relate_count(count, context) for count in record.quantities]
