"""``gonggo eval``: extraction over labelled documents, and how well it agrees with their labels."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TextIO

from gonggo.errors import GonggoError
from gonggo.extract import relation_scoring, scoring
from gonggo.extract.record import extract_file
from gonggo.extract.record_types import ExtractionRecord, from_json


def run(folder: Path, out: TextIO, *, misses: str | None = None, ocr: Sequence[str] = ()) -> int:
    """Score a folder of ``texts/`` (any readable format) and ``labels/ID.json``; print a row per field and relation.

    Relations are scored over the labels with ``"relations": true``. ``misses`` names a field or relation of which every
    wrong (+) and missed (-) fact is listed by document. Returns 1 if the evidence of a fact is not in its document.

    Raises:
        GonggoError: There are no labels, or a label cannot be read or has no document.
    """
    labels = labels_of(folder)
    records = {id_: extract_file(document_of(folder, id_), ocr=ocr) for id_ in labels}
    return report(labels, records, out, misses=misses, related=ids_with_relations(folder))


def report(
    labels: dict[str, ExtractionRecord],
    records: dict[str, ExtractionRecord],
    out: TextIO,
    *,
    misses: str | None = None,
    related: Collection[str] = (),
) -> int:
    """Print the scores of records against labels, by document id; return 1 if evidence of a fact is not in the text.

    ``related`` are the ids of the labels that state relations.
    """
    table = scoring.compare(labels, records)
    out.write(f"{'field':<18}{'P':>7}{'R':>7}{'F1':>7}{'labels':>8}\n")
    _write_rows(table.fields, out, width=18)
    relations = {id_: label for id_, label in labels.items() if id_ in related}
    scores = relation_scoring.compare(relations, records)
    if relations:
        out.write(f"relations of {len(relations)} documents, over the facts that match by value\n")
        _write_rows(scores, out, width=24)
    if misses:
        _list_misses(relations if misses in scores else labels, records, misses, out)
    out.write(f"documents {len(labels)}, facts that prove themselves {table.proved} of {table.facts}\n")
    if (mean := relation_scoring.mean(scores)) is not None:
        out.write(f"relations F1 {mean:.4f}, over those with {relation_scoring.FEWEST} facts or more\n")
    out.write(f"overall F1 {table.overall:.4f}\n")
    return int(table.proved < table.facts)


def _write_rows(scores: dict[str, scoring.Score], out: TextIO, *, width: int) -> None:
    for name, score in scores.items():
        count = score.right + score.missed
        out.write(f"{name:<{width}}{score.precision:7.3f}{score.recall:7.3f}{score.f1:7.3f}{count:8d}\n")


def ids_with_relations(folder: Path) -> set[str]:
    """Return the ids of the labels of a folder that state relations: their ``"relations"`` is true."""
    paths = (folder / "labels").glob("*.json")
    return {path.stem for path in paths if json.loads(path.read_text("utf-8")).get("relations") is True}


def labels_of(folder: Path) -> dict[str, ExtractionRecord]:
    """Return the labels of a folder by the ids of their documents.

    Raises:
        GonggoError: There are no labels, or one cannot be read.
    """
    labels: dict[str, ExtractionRecord] = {}
    for path in sorted((folder / "labels").glob("*.json")):
        try:
            labels[path.stem] = from_json(json.loads(path.read_text("utf-8")))
        except ValueError as error:
            raise GonggoError(f"{path}: not a label ({error})") from error
    if not labels:
        raise GonggoError(f"{folder}/labels holds no *.json; docs/extraction.md shows what a label looks like.")
    return labels


def document_of(folder: Path, id_: str) -> Path:
    """Return the path of the document that a label is for.

    Raises:
        GonggoError: There is none.
    """
    paths = sorted((folder / "texts").glob(f"{id_}.*"))
    if not paths:
        raise GonggoError(f"labels/{id_}.json has no document texts/{id_}.*; add it or take the label away.")
    return paths[0]


def _list_misses(
    labels: dict[str, ExtractionRecord], records: dict[str, ExtractionRecord], field: str, out: TextIO
) -> None:
    for id_ in labels:
        differ = relation_scoring.differences if field in relation_scoring.RELATIONS else scoring.differences
        wrong, missed = differ(labels[id_], records[id_], field)
        if wrong or missed:
            out.write(" ".join([id_, *(f"+{fact}" for fact in wrong), *(f"-{fact}" for fact in missed)]) + "\n")
