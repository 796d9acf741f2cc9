"""``gonggo learn --model counts`` and ``rates``: what tells what figures say, fitted to labelled documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, TextIO, TypeVar

from pydantic import BaseModel

from gonggo.errors import GonggoError
from gonggo.extract import linear
from gonggo.extract.evaluation import document_of, labels_of
from gonggo.extract.record import extract_file, prepare_file
from gonggo.extract.record_types import ExtractionRecord, Metric, Quantity
from gonggo.extract.relations import counts, rates
from gonggo.extract.relations.context import Context

Subject = Literal["counts", "rates"]
_Figure = TypeVar("_Figure", Quantity, Metric)
_Labelled = tuple[ExtractionRecord, ExtractionRecord, Context]
_Choices = list[tuple[dict[str, float], str]]


def run(folders: list[Path], out: TextIO, *, subject: Subject) -> int:
    """Print a model as JSON; the same documents give the same text. Folders are as ``gonggo eval`` takes them.

    Raises:
        GonggoError: no labels there, a label without its document, or no labelled figure that the model tells.
    """
    labelled: list[_Labelled] = []
    documents: list[str] = []
    for folder in folders:
        for id_, label in labels_of(folder).items():
            documents.append(id_)
            path = document_of(folder, id_)
            record = extract_file(path)
            if record.is_relevant and record.kind:
                labelled.append((label, record, Context(record, prepare_file(path)[1], record.kind.value)))
    model = _FITTED[subject](labelled, sorted(documents))
    out.write(json.dumps(model.model_dump(), ensure_ascii=False, indent=1) + "\n")
    return 0


def _counts(labelled: list[_Labelled], documents: list[str]) -> BaseModel:
    what: _Choices = []
    state: _Choices = []
    for label, record, context in labelled:
        for meant, number in _matched(label.quantities, record.quantities):
            around = context.sentences.around(record.quantities[number].evidence)
            if around and meant.what and meant.state:
                features = counts.features_of(record.quantities[number], around, context)
                what.append((features, meant.what))
                state.append((features, meant.state))
    return counts.Models(what=_choice(what, documents), state=_choice(state, documents))


def _rates(labelled: list[_Labelled], documents: list[str]) -> BaseModel:
    side: _Choices = []
    for label, record, context in labelled:
        read = {case.number: case.features for case in rates.cases(record.metrics, context)}
        for meant, number in _matched(label.metrics, record.metrics):
            if meant.side and number in read:
                side.append((read[number], meant.side))
    return rates.Models(side=_choice(side, documents))


def _choice(cases: _Choices, documents: list[str]) -> linear.Choice:
    if not cases:
        raise GonggoError("No labelled figure was found in its document; there is nothing to learn from.")
    return linear.Choice(weights=linear.fit_choice(cases), documents=documents)


def _matched(meant: Sequence[_Figure], found: Sequence[_Figure]) -> Iterator[tuple[_Figure, int]]:
    """Give the labelled figures of which one of the same value and unit was found, each once, with its place."""
    taken: set[int] = set()
    for one in meant:
        same = (
            n for n, other in enumerate(found) if n not in taken and (other.value, other.unit) == (one.value, one.unit)
        )
        if (number := next(same, None)) is not None:
            taken.add(number)
            yield one, number


_FITTED: dict[Subject, Callable[[list[_Labelled], list[str]], BaseModel]] = {"counts": _counts, "rates": _rates}
