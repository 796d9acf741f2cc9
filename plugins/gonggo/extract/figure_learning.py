"""``gonggo learn --model counts`` and ``rates``: classifiers of counts and rates, fitted to labelled documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, TextIO, TypeVar

from pydantic import BaseModel

from gonggo.errors import GonggoError
from gonggo.extract import linear
from gonggo.extract.learning import labelled
from gonggo.extract.record import extract_file
from gonggo.extract.record_types import ExtractionRecord, Metric, Quantity
from gonggo.extract.relations import counts, rates
from gonggo.extract.relations.context import Context

Subject = Literal["counts", "rates"]
_Figure = TypeVar("_Figure", Quantity, Metric)
_Labelled = tuple[ExtractionRecord, ExtractionRecord, Context]
_Cases = list[tuple[dict[str, float], str]]


def run(folders: list[Path], out: TextIO, *, subject: Subject) -> int:
    """Print a model as JSON; the same documents give the same text. Folders are as ``gonggo eval`` takes them.

    Raises:
        GonggoError: There are no labels, a label has no document, or there is no labelled figure.
    """
    documents = labelled(folders)
    cases: list[_Labelled] = []
    for document in documents:
        record = extract_file(document.path)
        if record.is_relevant and record.kind:
            cases.append((document.label, record, Context(record, document.prepared[1], record.kind.value)))
    model = _FITTED[subject](cases, sorted(document.id for document in documents))
    linear.write(model, out)
    return 0


def _counts(cases: list[_Labelled], documents: list[str]) -> BaseModel:
    what: _Cases = []
    state: _Cases = []
    for label, record, context in cases:
        for wanted, number in _matched(label.quantities, record.quantities):
            around = counts.around_of(record.quantities[number], context)
            if around:
                features = counts.features_of(record.quantities[number], around, context)
                what += [(features, wanted.what)] if wanted.what else []
                state += [(features, wanted.state)] if wanted.state else []
    return counts.Models(what=_fitted(what, documents), state=_fitted(state, documents))


def _rates(cases: list[_Labelled], documents: list[str]) -> BaseModel:
    side: _Cases = []
    for label, record, context in cases:
        read = {case.number: case.features for case in rates.cases(record.metrics, context)}
        for wanted, number in _matched(label.metrics, record.metrics):
            if wanted.side and number in read:
                side.append((read[number], wanted.side))
    return rates.Models(side=_fitted(side, documents))


def _fitted(cases: _Cases, documents: list[str]) -> linear.Classifier:
    if not cases:
        raise GonggoError("No labelled figure was found in its document; there is nothing to learn from.")
    features = {name for case, _ in cases for name in case}
    return linear.Classifier(weights=linear.fit_classes(cases, features), documents=documents)


def _matched(labelled: Sequence[_Figure], extracted: Sequence[_Figure]) -> Iterator[tuple[_Figure, int]]:
    """Yield each labelled figure for which one with the same value and unit was found, with its place."""
    taken: set[int] = set()
    for one in labelled:
        same = (
            n
            for n, other in enumerate(extracted)
            if n not in taken and (other.value, other.unit) == (one.value, one.unit)
        )
        if (number := next(same, None)) is not None:
            taken.add(number)
            yield one, number


_FITTED: dict[Subject, Callable[[list[_Labelled], list[str]], BaseModel]] = {"counts": _counts, "rates": _rates}
