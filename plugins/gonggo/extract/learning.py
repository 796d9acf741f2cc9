"""``gonggo learn``: fits the weights of the sector model to labelled documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from gonggo.errors import GonggoError
from gonggo.extract import linear, sectors
from gonggo.extract.doc import Doc
from gonggo.extract.evaluation import document_of, labels_of
from gonggo.extract.record import extract_file, without_boilerplate
from gonggo.extract.record_types import ExtractionRecord

_THRESHOLD = 0.45


def run(folders: list[Path], out: TextIO) -> int:
    """Print the model as JSON; the same documents give the same text. Folders are as ``gonggo eval`` takes them.

    Raises:
        GonggoError: no labels there, a label without its document, or no document with a word of a sector.
    """
    cases: list[tuple[dict[str, float], bool]] = []
    documents: list[str] = []
    for folder in folders:
        for id_, label in labels_of(folder).items():
            documents.append(id_)
            cases += _cases(document_of(folder, id_), label)
    if not cases:
        raise GonggoError("No labelled document has a word of a sector; there is nothing to learn from.")
    model = linear.Model(threshold=_THRESHOLD, weights=linear.fit(cases), documents=sorted(documents))
    out.write(json.dumps(model.model_dump(), ensure_ascii=False, indent=1) + "\n")
    return 0


def _cases(path: Path, label: ExtractionRecord) -> Iterator[tuple[dict[str, float], bool]]:
    """Each sector that a relevant document has a word of, and whether its label names it."""
    record = extract_file(path)
    if not record.is_relevant:
        return
    title = record.title.value if record.title else ""
    kind = record.kind.value if record.kind else ""
    doc = without_boilerplate(Doc(record.id, record.text, {"title": title}), kind)
    named = {sector.name for sector in label.sectors}
    for name, (features, _) in sectors.candidates(doc, record.programmes, kind).items():
        yield features, name in named
