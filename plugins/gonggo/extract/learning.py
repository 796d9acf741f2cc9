"""``gonggo learn``: the weights of a model, fitted to labelled documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, TextIO, TypeVar

from pydantic import BaseModel

from gonggo.errors import GonggoError
from gonggo.extract import linear, sectors
from gonggo.extract.doc import Doc
from gonggo.extract.evaluation import document_of, labels_of
from gonggo.extract.record import extract_file, without_boilerplate
from gonggo.extract.record_types import ExtractionRecord, Metric, Quantity
from gonggo.extract.relations import counts, rates
from gonggo.extract.relations.context import Context

Name = Literal["sectors", "counts", "rates"]
_THRESHOLD = 0.45
_Figure = TypeVar("_Figure", Quantity, Metric)
_Document = tuple[ExtractionRecord, ExtractionRecord]
_Choices = list[tuple[dict[str, float], str]]


def run(folders: list[Path], out: TextIO, *, model: Name = "sectors") -> int:
    """Print a model as JSON; the same documents give the same text. Folders are as ``gonggo eval`` takes them.

    Raises:
        GonggoError: no labels there, a label without its document, or nothing labelled that the model tells.
    """
    labelled: list[_Document] = []
    documents: list[str] = []
    for folder in folders:
        for id_, label in labels_of(folder).items():
            documents.append(id_)
            record = extract_file(document_of(folder, id_))
            if record.is_relevant:
                labelled.append((label, record))
    written = _FITTED[model](labelled, sorted(documents)).model_dump()
    out.write(json.dumps(written, ensure_ascii=False, indent=1) + "\n")
    return 0


def _sectors(labelled: list[_Document], documents: list[str]) -> BaseModel:
    cases = [case for label, record in labelled for case in _of_sectors(label, record)]
    if not cases:
        raise GonggoError("No labelled document has a word of a sector; there is nothing to learn from.")
    return linear.Model(threshold=_THRESHOLD, weights=linear.fit(cases), documents=documents)


def _of_sectors(label: ExtractionRecord, record: ExtractionRecord) -> Iterator[tuple[dict[str, float], bool]]:
    """Each sector that a relevant document has a word of, and whether its label names it."""
    named = {sector.name for sector in label.sectors}
    doc, kind = _doc(record)
    for name, (features, _) in sectors.candidates(doc, record.programmes, kind).items():
        yield features, name in named


def _counts(labelled: list[_Document], documents: list[str]) -> BaseModel:
    what: _Choices = []
    state: _Choices = []
    for label, record in labelled:
        context = Context(record, *_doc(record))
        for meant, number in _matched(label.quantities, record.quantities):
            around = context.sentences.around(record.quantities[number].evidence)
            if around and meant.what and meant.state:
                features = counts.features_of(record.quantities[number], around, context)
                what.append((features, meant.what))
                state.append((features, meant.state))
    return counts.Models(what=_choice(what, documents), state=_choice(state, documents))


def _rates(labelled: list[_Document], documents: list[str]) -> BaseModel:
    side: _Choices = []
    for label, record in labelled:
        context = Context(record, *_doc(record))
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


def _doc(record: ExtractionRecord) -> tuple[Doc, str]:
    """Return the document of a record as its facts are looked for, and its kind."""
    title = record.title.value if record.title else ""
    kind = record.kind.value if record.kind else ""
    return without_boilerplate(Doc(record.id, record.text, {"title": title}), kind), kind


_FITTED: dict[Name, Callable[[list[_Document], list[str]], BaseModel]] = {
    "sectors": _sectors,
    "counts": _counts,
    "rates": _rates,
}
