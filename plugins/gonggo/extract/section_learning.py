"""``gonggo learn --sections``: fit the weights of the section model to labelled stretches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from pydantic import BaseModel, ConfigDict, ValidationError

from gonggo.errors import GonggoError
from gonggo.extract import linear, sections
from gonggo.extract.doc import Doc
from gonggo.extract.record import extract_file

# What fewer labelled stretches show weighs nothing; nor is a section learned of which there are fewer.
_FEWEST_SIGNS, _FEWEST_STRETCHES = 8, 5
_RIDGE = 3.0

Case = tuple[frozenset[str], str]


class _Label(BaseModel):
    model_config = ConfigDict(extra="forbid")
    start: int
    section: str


class _Labels(BaseModel):
    """A file of labels: the section of each stretch by its ``start``, a character offset in the text as read."""

    model_config = ConfigDict(extra="forbid")
    id: str
    stretches: list[_Label]


def run(labels: Path, folders: list[Path], out: TextIO) -> int:
    """Print the model as JSON; the same labels and documents give the same text.

    ``labels`` contains ``ID.json`` for the documents in ``texts/`` of ``folders``.

    Raises:
        GonggoError: There are no labels, or one cannot be read, names no section, or has no stretch or document.
    """
    cases: list[Case] = []
    documents = []
    for path in sorted(labels.glob("*.json")):
        read = _read(path)
        documents.append(read.id)
        cases += cases_of(read, document_of(read.id, folders), path)
    if not cases:
        raise GonggoError(f"{labels} holds no *.json; docs/extraction.md shows what a label looks like.")
    model = linear.Classifier(weights=fit(cases), documents=sorted(documents))
    linear.write(model, out)
    return 0


def fit(cases: Sequence[Case]) -> dict[str, dict[str, float]]:
    """Return the weights of each section with enough cases, for the features that enough cases have."""
    shown = Counter(sign for signs, _ in cases for sign in signs)
    used = [name for name in sections.features() if shown[name] >= _FEWEST_SIGNS]
    often = Counter(section for _, section in cases)
    learned = [name for name in sections.SECTIONS if name != "boilerplate" and often[name] >= _FEWEST_STRETCHES]
    features = [(dict.fromkeys(signs, 1.0), section) for signs, section in cases]
    return linear.fit_classes(features, used, classes=learned, ridge=_RIDGE)


def cases_of(read: _Labels, document: Path, path: Path) -> list[Case]:
    """Return the features and the section of each labelled stretch of a document.

    Raises:
        GonggoError: No stretch begins at the start of a label.
    """
    doc = Doc(read.id, extract_file(document).text)
    by_start = {start: signs for start, _, signs in sections.stretches(doc.text, doc.layout.blocks)}
    lost = [label.start for label in read.stretches if label.start not in by_start]
    if lost:
        raise GonggoError(f"{path}: no stretch of {document.name} begins at {lost[0]}; label it again.")
    return [(by_start[label.start], label.section) for label in read.stretches if label.section != "boilerplate"]


def _read(path: Path) -> _Labels:
    try:
        read = _Labels.model_validate_json(path.read_text("utf-8"))
    except ValidationError as error:
        raise GonggoError(f"{path}: not labels of stretches ({error.errors()[0]['msg']})") from error
    strange = sorted({label.section for label in read.stretches} - set(sections.SECTIONS))
    if strange:
        raise GonggoError(f"{path}: {strange[0]!r} is no section; there are {', '.join(sections.SECTIONS)}")
    return read


def document_of(id_: str, folders: list[Path]) -> Path:
    """Return the document with this id.

    Raises:
        GonggoError: None of the folders has it.
    """
    paths = [path for folder in folders for path in sorted((folder / "texts").glob(f"{id_}.*"))]
    if not paths:
        raise GonggoError(f"No folder has texts/{id_}.*, whose stretches are labelled.")
    return paths[0]
