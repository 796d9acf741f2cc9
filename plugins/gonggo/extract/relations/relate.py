"""The relations of all facts of a record, each determined before those that depend on it."""

from __future__ import annotations

from gonggo.extract.doc import Doc
from gonggo.extract.record_types import ExtractionRecord
from gonggo.extract.relations import attribution, counts, funding_tree, programme_tree, rates, united
from gonggo.extract.relations.context import Context, Statements


def relate(record: ExtractionRecord, doc: Doc, kind: str, stated: Statements) -> None:
    """Return ``record`` with the relations of its facts.

    A programme has its umbrella and outcome; a figure or organisation its programme; a sum its year and the sum that
    contains it; a count what is done with the counted; a rate its measure, subject, year and side.
    """
    if kind != "announcement":
        record.programmes = united.united(record.programmes, doc)
    context = Context(record, doc, kind, stated)
    record.programmes = programme_tree.relate_programmes(record.programmes, context)
    record.metrics = rates.relate_rates(record.metrics, context)
    attribution.attribute_to_programmes(record, context)
    record.programmes = programme_tree.relate_by_money(record.programmes, record.amounts)
    record.amounts = funding_tree.relate_amounts(record.amounts, context)
    record.quantities = [counts.relate_count(count, context) for count in record.quantities]
