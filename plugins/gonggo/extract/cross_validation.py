"""``gonggo eval --cross-validate``: scores on documents that are not in the training set of the models."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from gonggo.errors import GonggoError
from gonggo.extract import evaluation, learning
from gonggo.extract.learning import Labelled
from gonggo.extract.record import extract_file
from gonggo.extract.record_types import ExtractionRecord

FOLDS = 5


def run(folders: list[Path], out: TextIO, *, misses: str | None = None) -> int:
    """Score labelled documents, each read with models fitted to the other folds, and print a row per field.

    Documents of one publisher are in one fold. Returns 1 if the evidence of a fact is not in its document.

    Raises:
        GonggoError: There are no labels, a label has no document, or all documents are of one publisher.
    """
    groups = _by_publisher(folders)
    if len(groups) < 2:
        raise GonggoError("All documents are of one publisher; cross-validation needs documents of two or more.")
    folds = folds_of(groups, min(FOLDS, len(groups)))
    records: dict[str, ExtractionRecord] = {}
    for number, held_out in enumerate(folds):
        models = learning.fit_models([document for fold in folds if fold is not held_out for document in fold])
        out.write(f"fold {number + 1}: {len(held_out)} documents\n")
        records |= {document.id: extract_file(document.path, models) for document in held_out}
    labels = {document.id: document.label for fold in folds for document in fold}
    related = {id_ for folder in folders for id_ in evaluation.ids_with_relations(folder)}
    return evaluation.report(labels, records, out, misses=misses, related=related)


def folds_of(groups: list[list[Labelled]], count: int) -> list[list[Labelled]]:
    """Distribute groups over folds of about the same size, the largest group first; the result is deterministic."""
    folds: list[list[Labelled]] = [[] for _ in range(count)]
    for group in sorted(groups, key=lambda group: (-len(group), group[0].id)):
        min(folds, key=len).extend(group)
    return folds


def _by_publisher(folders: list[Path]) -> list[list[Labelled]]:
    groups: dict[str, list[Labelled]] = defaultdict(list)
    for folder in folders:
        for document in learning.labelled([folder]):
            groups[_publisher(folder, document)].append(document)
    return list(groups.values())


def _publisher(folder: Path, document: Labelled) -> str:
    """Return the publisher of a document: ``source`` or the host of ``url`` of its label, else the first host in it.

    A document without any of these is a group of its own.
    """
    label = json.loads((folder / "labels" / f"{document.id}.json").read_text("utf-8"))
    hosts = (organisation.name for organisation in document.label.organisations if organisation.role == "host")
    return str(label.get("source") or urlsplit(label.get("url") or "").hostname or next(hosts, document.id))
