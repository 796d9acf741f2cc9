"""``gonggo learn``: fit the weights of the models to labelled documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, TextIO

from gonggo.errors import GonggoError
from gonggo.extract import (
    linear,
    name_ranking,
    programme_status,
    programme_type,
    programmes,
    prose_periods,
    region_ranking,
    regions,
    scoring,
    sectors,
)
from gonggo.extract.doc import Doc, Span
from gonggo.extract.evaluation import document_of, labels_of
from gonggo.extract.models import Models
from gonggo.extract.record import prepare_file
from gonggo.extract.record_types import ExtractionRecord, Programme

Subject = Literal["sectors", "programmes", "statuses", "types", "regions"]
SUBJECTS: tuple[Subject, ...] = ("sectors", "programmes", "statuses", "types", "regions")
_SECTOR_THRESHOLD, _SECTOR_RIDGE = 0.45, 1.0
_NAME_THRESHOLD, _NAME_RIDGE = 0.45, 2.0
_STATUS_RIDGE, _TYPE_RIDGE = 3.0, 3.0
_REGION_THRESHOLD, _REGION_RIDGE = 0.45, 1.0
# Sectors and regions look at the names of programmes alone; what else would be learned has no part in their cases.
_NOTHING = linear.Model(threshold=1.0, weights={}, documents=[])
_Case = tuple[dict[str, float], bool]


@dataclass(frozen=True)
class Labelled:
    """A document with its label; what is derived from it is cached."""

    id: str
    path: Path
    label: ExtractionRecord

    @cached_property
    def prepared(self) -> tuple[ExtractionRecord, Doc]:
        """Return the record without facts, and the document from which to extract them."""
        return prepare_file(self.path)

    @property
    def kind(self) -> str:
        """Return what the document is; empty if that is not known."""
        kind = self.prepared[0].kind
        return kind.value if kind else ""

    @property
    def is_relevant_prose(self) -> bool:
        """Return whether the document is relevant and no call, whose form says where its facts are."""
        return self.prepared[0].is_relevant and self.kind != "announcement"

    @cached_property
    def name_cases(self) -> list[_Case]:
        """Return every candidate name in relevant prose, and whether the label has it."""
        if not self.is_relevant_prose:
            return []
        candidates = name_ranking.candidates(self.prepared[1], self.kind)
        similarity = {one.text: scoring.similarity_to(one.text, self.label.programmes) for one in candidates}
        return list(name_ranking.cases(candidates, similarity))

    @cached_property
    def status_cases(self) -> list[tuple[dict[str, float], str]]:
        """Return the features of every labelled programme that relevant prose names, and its status."""
        if not self.is_relevant_prose:
            return []
        doc, cases = self.prepared[1], list[tuple[dict[str, float], str]]()
        periods = prose_periods.find(doc, [(one.name, *one.aliases) for one in self.label.programmes])
        for programme, period in zip(self.label.programmes, periods, strict=True):
            name = next((name for name in (programme.name, *programme.aliases) if name in doc.text), None)
            if name and programme.status in programme_status.STATUSES:
                start = doc.text.index(name)
                span = Span(start, start + len(name), name)
                cases.append((programme_status.signs(doc, self.kind, span, period), programme.status))
        return cases

    @cached_property
    def type_cases(self) -> list[tuple[dict[str, float], str]]:
        """Return the features of every labelled programme that relevant prose names, and its type."""
        if not self.is_relevant_prose:
            return []
        doc, cases = self.prepared[1], list[tuple[dict[str, float], str]]()
        for programme in self.label.programmes:
            name = next((name for name in (programme.name, *programme.aliases) if name in doc.text), None)
            if name and programme.type in programme_type.TYPES:
                cases.append((programme_type.signs(doc, self.kind, name), programme.type))
        return cases

    def sector_cases(self, names: linear.Model) -> Iterator[_Case]:
        """Yield each sector with a word in a relevant document, and whether its label names it."""
        record, doc = self.prepared
        if not record.is_relevant:
            return
        named = {sector.name for sector in self.label.sectors}
        for name, (features, _) in sectors.candidates(doc, self._programmes(names), self.kind).items():
            yield features, name in named

    def region_cases(self, names: linear.Model) -> Iterator[_Case]:
        """Yield each region that relevant prose names, and whether its label has it or a part of it."""
        if not self.is_relevant_prose:
            return
        doc = self.prepared[1]
        labelled_regions = {region.name for region in self.label.regions}
        labelled_regions |= {short.split()[0] for short in labelled_regions}
        mentions = regions.mentions_in_prose(doc)
        for short, features in region_ranking.features_of(doc, self.kind, mentions, self._programmes(names)).items():
            yield features, short in labelled_regions

    def _programmes(self, names: linear.Model) -> list[Programme]:
        """Return the programmes that a model of names finds."""
        record, doc = self.prepared
        statuses = linear.Classifier(weights={"planned": {}}, documents=[])
        types = linear.Classifier(weights={"demonstration": {}}, documents=[])
        models = Models(names, statuses, types, _NOTHING, _NOTHING)
        return programmes.find(doc, self.kind, record.title, models=models)


def run(folders: list[Path], out: TextIO, *, subject: Subject = "sectors") -> int:
    """Print a model as JSON; the same documents give the same text. Folders are as ``gonggo eval`` takes them.

    Raises:
        GonggoError: There are no labels, a label has no document, or no document fits the model.
    """
    documents = labelled(folders)
    model: linear.Model | linear.Classifier
    if subject == "statuses":
        model = fit_statuses(documents)
    elif subject == "types":
        model = fit_types(documents)
    else:
        names = fit_names(documents)
        of_names = {"sectors": fit_sectors, "regions": fit_regions}
        model = of_names[subject](documents, names) if subject in of_names else names
    linear.write(model, out)
    return 0


def labelled(folders: Iterable[Path]) -> list[Labelled]:
    """Return the labelled documents of folders.

    Raises:
        GonggoError: There are no labels, or a label cannot be read or has no document.
    """
    return [
        Labelled(id_, document_of(folder, id_), label) for folder in folders for id_, label in labels_of(folder).items()
    ]


def fit_models(documents: list[Labelled]) -> Models:
    """Return all models, fitted to these documents only.

    Raises:
        GonggoError: No document fits the model.
    """
    names = fit_names(documents)
    return Models(
        names,
        fit_statuses(documents),
        fit_types(documents),
        fit_sectors(documents, names),
        fit_regions(documents, names),
    )


def fit_names(documents: list[Labelled]) -> linear.Model:
    """Return the model of programme names; without prose in the training set it accepts no name."""
    cases = [case for document in documents for case in document.name_cases]
    weights = linear.fit(cases, name_ranking.features(), ridge=_NAME_RIDGE)
    threshold = _NAME_THRESHOLD if cases else _NOTHING.threshold
    return linear.Model(threshold=threshold, weights=weights, documents=sorted(d.id for d in documents))


def fit_statuses(documents: list[Labelled]) -> linear.Classifier:
    """Return the model of the status of programmes; without prose in the training set all are planned."""
    cases = [case for document in documents for case in document.status_cases]
    weights = linear.fit_classes(cases, programme_status.features(), ridge=_STATUS_RIDGE)
    return linear.Classifier(weights=weights or {"planned": {}}, documents=sorted(d.id for d in documents))


def fit_types(documents: list[Labelled]) -> linear.Classifier:
    """Return the model of the type of programmes; without prose in the training set all are demonstrations."""
    cases = [case for document in documents for case in document.type_cases]
    weights = linear.fit_classes(cases, programme_type.features(), ridge=_TYPE_RIDGE)
    return linear.Classifier(weights=weights or {"demonstration": {}}, documents=sorted(d.id for d in documents))


def fit_sectors(documents: list[Labelled], names: linear.Model) -> linear.Model:
    """Return the model of sectors; ``names`` is the model of programme names on which its features depend.

    Raises:
        GonggoError: no document has a word of a sector.
    """
    cases = [case for document in documents for case in document.sector_cases(names)]
    if not cases:
        raise GonggoError("No labelled document has a word of a sector; there is nothing to learn from.")
    weights = linear.fit(cases, sectors.FEATURES, ridge=_SECTOR_RIDGE)
    return linear.Model(threshold=_SECTOR_THRESHOLD, weights=weights, documents=sorted(d.id for d in documents))


def fit_regions(documents: list[Labelled], names: linear.Model) -> linear.Model:
    """Return the model of regions in prose; ``names`` is the model of programme names on which its features depend.

    Without prose in the training set it accepts no region.
    """
    cases = [case for document in documents for case in document.region_cases(names)]
    weights = linear.fit(cases, region_ranking.FEATURES, ridge=_REGION_RIDGE)
    threshold = _REGION_THRESHOLD if cases else _NOTHING.threshold
    return linear.Model(threshold=threshold, weights=weights, documents=sorted(d.id for d in documents))
