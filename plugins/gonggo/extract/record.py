"""The whole record of a document: every fact with its evidence, in the form of the record contract."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gonggo.extract import (
    application_period,
    attribution,
    contact,
    eligibility,
    furniture,
    kind,
    metrics,
    money,
    organisations,
    programmes,
    published,
    quantities,
    regions,
    relevance,
    sectors,
    title,
)
from gonggo.extract.doc import Doc
from gonggo.extract.evidence import place_evidence

# Kinds of window ends that a metadata field may give in words.
ALWAYS = ("상시", "수시", "연중")
EXHAUSTED = ("소진",)


def extract(text: str, *, id: str, fields: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The record of one clean text.

    ``fields`` is what metadata said (title, posted_on, opens_at, closes_at, period, agency, operator, region …). For a
    document that is not relevant every list is empty and only kind, title and published_on are filled. ``superseded``
    lists the ends that the window had before it was moved: ``{"field", "value", "instead", "evidence"}``.
    """
    doc = Doc(id, text, {name: value for name, value in (fields or {}).items() if value})
    named = title.find(doc)
    doc = doc.titled(named["value"]) if named else doc
    what, about = kind.find(doc), relevance.find(doc)
    day = _published(doc)
    record = _empty(id, text, what, about, named, day)
    if about["value"]:
        _fill(record, stripped(doc, what["value"]), what["value"], named, day)
    return record


def facts(text: str, kind: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """The facts of one part of an announcement of which it is known that it is relevant, and of which kind."""
    doc = Doc("", text, fields)
    named, day = title.find(doc), _published(doc)
    record = _empty("", text, None, None, named, day)
    _fill(record, doc, kind, named, day)
    return record


def extract_file(path: Path) -> dict[str, Any]:
    """Read a file and extract; the id is the file's stem.

    Errors:
        UnreadableError: no reader could turn the file into text.
    """
    from gonggo.read.files import from_bytes

    reading = from_bytes(path.read_bytes(), name=path.name)
    record = extract(reading.text, id=path.stem, fields=reading.meta)
    place_evidence(record, reading.places)
    return record


def stripped(doc: Doc, what: str) -> Doc:
    """The document as its facts are looked for: prose without the furniture of its site. Offsets stay."""
    text = doc.text if what == "announcement" else furniture.without(doc.text)
    return doc if text == doc.text else Doc(doc.id, text, doc.fields)


def _published(doc: Doc) -> dict[str, Any] | None:
    if doc.fields.get("posted_on"):
        return {"value": doc.fields["posted_on"], "evidence": doc.field_evidence("posted_on")}
    return published.find(doc)


def _empty(id_: str, text: str, what: Any, about: Any, named: Any, day: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "kind": what,
        "relevant": about,
        "title": named,
        "published_on": day,
        "regions": [],
        "sectors": [],
        "programmes": [],
        "amounts": [],
        "application": {"opens_at": None, "closes_at": None},
        "superseded": [],
        "quantities": [],
        "organisations": [],
        "metrics": [],
        "eligibility": {"max_company_age_years": None, "company_sizes": []},
        "contact": {"phones": [], "emails": []},
        "text": text,
    }


def _fill(
    record: dict[str, Any], doc: Doc, what: str, named: dict[str, Any] | None, day: dict[str, Any] | None
) -> None:
    on = day["value"] if day else None
    record["regions"] = regions.find(doc, what)
    record["application"], record["superseded"] = _application(doc, what, on)
    record["programmes"] = programmes.find(doc, what, named, record["application"])
    record["sectors"] = sectors.find(doc, record["programmes"], what)
    record["amounts"] = money.find(doc, what)
    record["quantities"] = quantities.find(doc, what)
    record["organisations"] = organisations.find(doc, what)
    record["metrics"] = metrics.find(doc, what)
    record["eligibility"] = eligibility.find(doc, what)
    record["contact"] = contact.find(doc, what)
    attribution.attribute_to_programmes(record, doc, what)


def _application(doc: Doc, what: str, day: str | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The window: what the text says, else what the list said of it; and the ends that the text says it had before."""
    found = {}
    if what in ("announcement", "press_release", "article"):
        found = application_period.find(doc, day, is_call=what == "announcement")
    out = {"opens_at": found.get("opens_at"), "closes_at": found.get("closes_at")}
    for name in out:
        if out[name] is None and doc.fields.get(name):
            said = doc.fields[name]
            # An end in words stands in the cell as the site wrote it.
            field = name if said[0].isdigit() or not doc.fields.get("period") else "period"
            out[name] = {"value": said, "evidence": doc.field_evidence(field)}
    words = doc.fields.get("period", "")
    if out["closes_at"] is None and words:
        for value, marks in (("until_exhausted", EXHAUSTED), ("always", ALWAYS)):
            if any(mark in words for mark in marks):
                out["closes_at"] = {"value": value, "evidence": doc.field_evidence("period")}
                break
    return out, [entry for entry in found.get("superseded", []) if entry["instead"]]
