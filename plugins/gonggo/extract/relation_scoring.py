"""How well the relations of records agree with labels, over the facts that both have with the same value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from gonggo.extract.record_types import Amount, ExtractionRecord, Metric, Organisation, Programme, Quantity
from gonggo.extract.scoring import Score, number, one_to_one, pairs, similarity_of

RELATIONS = (
    "programme_parent",
    "programme_outcome",
    "amount_programme",
    "amount_year",
    "amount_part",
    "quantity_programme",
    "quantity_what",
    "quantity_state",
    "quantity_per",
    "metric_name",
    "metric_subject",
    "metric_year",
    "metric_side",
    "metric_programme",
    "organisation_programme",
)
# A relation with fewer labelled facts says nothing.
FEWEST = 5
_Figure = TypeVar("_Figure", Amount, Quantity, Metric)
_NO_WORD = re.compile(r"[\W_]+")
# Of the pairs of letters of the shorter phrase, so many stand in the longer one, which is at most so much longer.
_SHARED, _SHORTER = 0.6, 0.3


class Comparison(NamedTuple):
    """What label and record say of one relation of a fact, and whether they agree."""

    relation: str
    fact: str
    wanted: str
    got: str
    right: bool


def compare(labels: dict[str, ExtractionRecord], records: dict[str, ExtractionRecord]) -> dict[str, Score]:
    """Score the relations of ``records`` against ``labels``, both by document id, by the names of ``RELATIONS``."""
    scores = {name: Score() for name in RELATIONS}
    for id_, label in labels.items():
        for comparison in compared(label, records.get(id_, ExtractionRecord())):
            wrong, missed = (
                bool(comparison.got) and not comparison.right,
                bool(comparison.wanted) and not comparison.right,
            )
            scores[comparison.relation].add(comparison.right, wrong, missed)
    return scores


def mean(scores: dict[str, Score]) -> float | None:
    """Return the mean F1 of the relations with enough labelled facts; None if there is none."""
    f1_scores = [score.f1 for score in scores.values() if score.right + score.missed >= FEWEST]
    return sum(f1_scores) / len(f1_scores) if f1_scores else None


def differences(label: ExtractionRecord, record: ExtractionRecord, relation: str) -> tuple[list[str], list[str]]:
    """Return what is wrong and what is missed in one relation of one document, after the value of its fact."""
    different = [one for one in compared(label, record) if one.relation == relation and not one.right]
    wrong = sorted(f"{one.fact}: {one.got}" for one in different if one.got)
    return wrong, sorted(f"{one.fact}: {one.wanted}" for one in different if one.wanted)


def compared(label: ExtractionRecord, record: ExtractionRecord) -> Iterator[Comparison]:
    """Yield the relations that a label or a record states of their common facts."""
    return (comparison for comparison in _all(label, record) if comparison.wanted or comparison.got)


def _all(label: ExtractionRecord, record: ExtractionRecord) -> Iterator[Comparison]:
    yield from _of_programmes(label, record)
    yield from _of_amounts(label, record)
    yield from _of_quantities(label, record)
    yield from _of_metrics(label, record)
    yield from _of_organisations(label, record)


def _comparison(relation: str, fact: object, wanted: object, got: object, right: bool | None = None) -> Comparison:
    one, other = ("" if value is None else str(value) for value in (wanted, got))
    return Comparison(relation, str(fact), one, other, wanted == got if right is None else right)


def _of_programmes(label: ExtractionRecord, record: ExtractionRecord) -> Iterator[Comparison]:
    for i, j in pairs(label.programmes, record.programmes):
        one, other = label.programmes[i], record.programmes[j]
        same = _are_one(label, one.parent, record, other.parent)
        yield _comparison("programme_parent", one.name, one.parent, other.parent, same)
        yield _comparison("programme_outcome", one.name, one.outcome, other.outcome)


def _of_amounts(label: ExtractionRecord, record: ExtractionRecord) -> Iterator[Comparison]:
    def fit(one: Amount, other: Amount) -> int:
        same = (one.role == other.role, one.year == other.year, one.part_of == other.part_of)
        return sum(same) + _are_one(label, one.programme, record, other.programme)

    for one, other in _twins(label.amounts, record.amounts, lambda amount: amount.krw, fit):
        same = _are_one(label, one.programme, record, other.programme)
        yield _comparison("amount_programme", one.krw, one.programme, other.programme, same)
        yield _comparison("amount_year", one.krw, one.year, other.year)
        yield _comparison("amount_part", one.krw, one.part_of, other.part_of)


def _of_quantities(label: ExtractionRecord, record: ExtractionRecord) -> Iterator[Comparison]:
    def fit(one: Quantity, other: Quantity) -> int:
        same = (one.what == other.what, one.state == other.state, one.per == other.per, one.year == other.year)
        return sum(same) + _are_one(label, one.programme, record, other.programme)

    for one, other in _twins(label.quantities, record.quantities, _measured, fit):
        fact = f"{one.value:g} {one.unit}"
        same = _are_one(label, one.programme, record, other.programme)
        yield _comparison("quantity_programme", fact, one.programme, other.programme, same)
        yield _comparison("quantity_what", fact, one.what, other.what)
        yield _comparison("quantity_state", fact, one.state, other.state)
        yield _comparison("quantity_per", fact, one.per, other.per)


def _of_metrics(label: ExtractionRecord, record: ExtractionRecord) -> Iterator[Comparison]:
    def fit(one: Metric, other: Metric) -> int:
        same = (_say_one(one.subject, other.subject), one.year == other.year)
        return 2 * _say_one(one.name, other.name) + sum(same)

    for one, other in _twins(label.metrics, record.metrics, _measured, fit):
        fact = f"{one.value:g} {one.unit}"
        yield _comparison("metric_name", fact, one.name, other.name, _say_one(one.name, other.name))
        yield _comparison("metric_subject", fact, one.subject, other.subject, _say_one(one.subject, other.subject))
        yield _comparison("metric_year", fact, one.year, other.year)
        yield _comparison("metric_side", fact, one.side, other.side)
        same = _are_one(label, one.programme, record, other.programme)
        yield _comparison("metric_programme", fact, one.programme, other.programme, same)


def _of_organisations(label: ExtractionRecord, record: ExtractionRecord) -> Iterator[Comparison]:
    for i, j in pairs(label.organisations, record.organisations):
        one, other = label.organisations[i], record.organisations[j]
        for name in one.programmes:
            right = any(_are_one(label, name, record, again) for again in other.programmes)
            yield _comparison("organisation_programme", one.name, name, name if right else None, right)
        for name in other.programmes:
            if not any(_are_one(label, again, record, name) for again in one.programmes):
                yield _comparison("organisation_programme", one.name, None, name, False)


def _measured(figure: Quantity | Metric) -> tuple[float, str | None]:
    return number(figure.value), figure.unit


def _twins(
    wanted: Sequence[_Figure],
    got: Sequence[_Figure],
    value: Callable[[_Figure], Hashable],
    fit: Callable[[_Figure, _Figure], int],
) -> Iterator[tuple[_Figure, _Figure]]:
    """Return one-to-one pairs of figures with the same value, the closest first, then the first."""
    ranked = sorted(
        (-fit(one, other), i, j)
        for i, one in enumerate(wanted)
        for j, other in enumerate(got)
        if value(one) == value(other)
    )
    return ((wanted[i], got[j]) for i, j in one_to_one((i, j) for _, i, j in ranked))


def _are_one(label: ExtractionRecord, wanted: str | None, record: ExtractionRecord, got: str | None) -> bool:
    """Return whether two names, each with the other names of its programme, are of one programme, or both lack."""
    if not wanted or not got:
        return not wanted and not got
    return bool(similarity_of(_names(label.programmes, wanted), _names(record.programmes, got)))


def _names(entries: Sequence[Programme | Organisation], name: str) -> list[str]:
    named = next((entry for entry in entries if name in (entry.name, *entry.aliases)), None)
    return [named.name, *named.aliases] if named else [name]


def _say_one(one: str | None, other: str | None) -> bool:
    """Return whether two phrases name one measure or subject, by the pairs of letters that they share."""
    first, second = (_NO_WORD.sub("", unicodedata.normalize("NFC", words or "")).lower() for words in (one, other))
    if not first or not second:
        return first == second
    short, long = sorted((_letter_pairs(first), _letter_pairs(second)), key=len)
    return len(short & long) >= _SHARED * len(short) and len(short) >= _SHORTER * len(long)


def _letter_pairs(word: str) -> set[str]:
    return {word[at : at + 2] for at in range(len(word) - 1)} or {word}
