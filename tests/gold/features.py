"""What the models see of the documents beside this file: of each feature the sum over all cases, kept in ``features.txt``.

A model decides the same where a feature that weighs little is lost; here the loss shows. ``python -m tests.gold.listing``
writes the sums again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from gonggo.extract import name_ranking, programme_status, programme_type, region_ranking, regions, sections, sectors
from gonggo.extract.doc import Doc, Span
from gonggo.extract.record import extract, prepare
from gonggo.extract.record_types import ExtractionRecord
from gonggo.extract.relations import counts, rates
from gonggo.extract.relations.context import Context

FOLDER = Path(__file__).parent
FEATURES_FILE = FOLDER / "features.txt"
_DIGITS = 4


def listed() -> str:
    """The features by model and name, a line each: the sum of its values, and how many cases have it."""
    sums, times = Counter[str](), Counter[str]()
    for path in sorted((FOLDER / "texts").glob("*.txt")):
        for model, features in _cases(path):
            for name, value in features.items():
                sums[f"{model} {name}"] += value
                times[f"{model} {name}"] += 1
    return "".join(f"{name} {round(sums[name], _DIGITS)} in {times[name]}\n" for name in sorted(sums))


def _cases(path: Path) -> Iterator[tuple[str, dict[str, float]]]:
    text, fields_path = path.read_text("utf-8"), FOLDER / "fields" / f"{path.stem}.json"
    fields = json.loads(fields_path.read_text("utf-8")) if fields_path.exists() else {}
    _, doc = prepare(text, id=path.stem, fields=fields)
    record = extract(text, id=path.stem, fields=fields)
    if record.is_relevant and record.kind:
        yield from _of_facts(record, doc, record.kind.value)
        if record.kind.value != "announcement":
            yield from _of_prose(record, doc, record.kind.value)


def _of_facts(record: ExtractionRecord, doc: Doc, kind: str) -> Iterator[tuple[str, dict[str, float]]]:
    for _, _, signs in sections.stretches(doc.text, doc.layout.blocks):
        yield "sections", dict.fromkeys(signs, 1.0)
    for features, _ in sectors.candidates(doc, record.programmes, kind).values():
        yield "sectors", features
    context = Context(record, doc, kind)
    for count in record.quantities:
        if around := context.sentences.around(count.evidence):
            yield "counts", counts.features_of(count, around, context)
    for case in rates.cases(record.metrics, context):
        yield "rates", case.features


def _of_prose(record: ExtractionRecord, doc: Doc, kind: str) -> Iterator[tuple[str, dict[str, float]]]:
    for candidate in name_ranking.candidates(doc, kind):
        yield "names", candidate.features
    for programme in record.programmes:
        start = doc.text.index(programme.name)
        name = Span(start, start + len(programme.name), programme.name)
        yield "statuses", programme_status.signs(doc, kind, name, (programme.start, programme.end))
        yield "types", programme_type.signs(doc, kind, programme.name)
    mentions = regions.mentions_in_prose(doc)
    for features in region_ranking.features_of(doc, kind, mentions, record.programmes).values():
        yield "regions", features
