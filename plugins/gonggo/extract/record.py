"""The whole record of a document: every fact with its evidence, in the form of the record contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from gonggo.extract import (
    application_period,
    boilerplate,
    contact,
    eligibility,
    kind,
    line_breaks,
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
from gonggo.extract.evidence import locate_evidence
from gonggo.extract.models import Models, shipped
from gonggo.extract.record_types import Application, ExtractionRecord, Fact, SupersededDay
from gonggo.extract.relations.context import Statements
from gonggo.extract.relations.relate import relate
from gonggo.read.reading import Reading

# Kinds of window ends that a metadata field may give in words.
ALWAYS = ("상시", "수시", "연중")
EXHAUSTED = ("소진",)
_NOTICE = """2026년 경남 제조 AI 실증 지원사업 참여기업 모집 공고
경상남도와 경남테크노파크는 인공지능(AI) 실증 지원사업에 참여할 기업을 다음과 같이 모집합니다.
□ 접수기간: 2026. 3. 2.(월) ~ 3. 20.(금) 18:00까지
□ 사업기간: 2026. 4. ~ 12.
□ 지원대상: 경남에 있는 창업 7년 이내 중소기업
□ 지원규모: 10개사, 총사업비 30억원(국비 20억원, 지방비 10억원), 기업당 최대 3억원
□ 기대효과: 불량률 10% 감소를 목표로 함
□ 문의: 경남테크노파크 055-000-0000
"""


def extract(
    text: str, *, id: str, fields: Mapping[str, str] | None = None, models: Models | None = None
) -> ExtractionRecord:
    """Return the record of one clean text.

    ``fields`` is the metadata (title, posted_on, opens_at, closes_at, period, agency, operator, region …). For a
    document that is not relevant every list is empty, and only kind, title and published_on are set. ``models`` replace
    the shipped ones.
    """
    record, doc = prepare(text, id=id, fields=fields)
    if record.is_relevant:
        _fill(record, doc, record.kind.value if record.kind else "", models or shipped())
    return record


def preload() -> None:
    """Load the word lists and models, as the first document of a process otherwise does: extract a short notice."""
    extract(_NOTICE, id="")


def prepare(text: str, *, id: str, fields: Mapping[str, str] | None = None) -> tuple[ExtractionRecord, Doc]:
    """Return the record with only kind, relevance, title and day, and the document from which to extract its facts."""
    text = line_breaks.joined(text)
    doc = Doc(id, text, {name: value for name, value in (fields or {}).items() if value})
    heading = title.find(doc)
    doc = doc.with_title(heading.value) if heading else doc
    what = kind.find(doc)
    record = ExtractionRecord(id, what, relevance.find(doc), heading, _published(doc), text=text)
    return record, without_boilerplate(doc, what.value)


def facts(text: str, kind: str, fields: Mapping[str, str]) -> ExtractionRecord:
    """Return the facts of one part of an announcement that is known to be relevant and of a kind."""
    doc = Doc("", text, fields)
    record = ExtractionRecord(title=title.find(doc), published_on=_published(doc), text=text)
    _fill(record, doc, kind, shipped())
    return record


def extract_file(path: Path, models: Models | None = None, ocr: Sequence[str] = ()) -> ExtractionRecord:
    """Read a file and extract; the id is the file's stem. ``ocr`` is the command of a program that reads scans.

    Raises:
        UnreadableError: no reader could turn the file into text.
    """
    reading = _read(path, ocr)
    record = extract(reading.text, id=path.stem, fields=reading.meta, models=models)
    return locate_evidence(record, reading.locations)


def prepare_file(path: Path) -> tuple[ExtractionRecord, Doc]:
    """Read a file and return what ``prepare`` does.

    Raises:
        UnreadableError: no reader could turn the file into text.
    """
    reading = _read(path)
    return prepare(reading.text, id=path.stem, fields=reading.meta)


def _read(path: Path, ocr: Sequence[str] = ()) -> Reading:
    from gonggo.read.files import from_bytes

    return from_bytes(path.read_bytes(), name=path.name, ocr=ocr)


def without_boilerplate(doc: Doc, what: str) -> Doc:
    """Return the document with boilerplate blanked if it is prose; offsets do not change."""
    text = doc.text if what == "announcement" else boilerplate.blank(doc.text)
    return doc if text == doc.text else Doc(doc.id, text, doc.fields)


def _published(doc: Doc) -> Fact[str] | None:
    if doc.fields.get("posted_on"):
        return Fact(doc.fields["posted_on"], doc.field_evidence("posted_on"))
    return published.find(doc)


def _fill(record: ExtractionRecord, doc: Doc, kind: str, models: Models) -> None:
    day = record.published_on
    record.application, record.superseded = _application(doc, kind, day.value if day else None)
    record.programmes = programmes.find(doc, kind, record.title, record.application, models=models)
    record.regions = regions.find(doc, kind, record.programmes, models.regions)
    record.sectors = sectors.find(doc, record.programmes, kind, models.sectors)
    stated = Statements(money.statements(doc, kind), quantities.statements(doc, kind))
    record.amounts = money.distinct(doc, stated.amounts)
    record.quantities = quantities.distinct(stated.counts)
    record.organisations = organisations.find(doc, kind)
    record.metrics = metrics.find(doc, kind)
    record.eligibility = eligibility.find(doc, kind)
    record.contact = contact.find(doc, kind)
    relate(record, doc, kind, stated)


def _application(doc: Doc, kind: str, day: str | None) -> tuple[Application, list[SupersededDay]]:
    """Return the period of the text, else that of its list row; and the former ends."""
    period = application_period.Period(Application(), [])
    if kind in ("announcement", "press_release", "article"):
        period = application_period.find(doc, day, is_call=kind == "announcement")
    opens_at = period.application.opens_at or _listed(doc, "opens_at")
    closes_at = period.application.closes_at or _listed(doc, "closes_at") or _listed_in_words(doc)
    return Application(opens_at, closes_at), [entry for entry in period.superseded if entry.instead]


def _listed(doc: Doc, name: str) -> Fact[str] | None:
    """Return an end of the period from the list row."""
    value = doc.fields.get(name)
    if not value:
        return None
    # An end in words stands in the cell as the site wrote it.
    field = name if value[0].isdigit() or not doc.fields.get("period") else "period"
    return Fact(value, doc.field_evidence(field))


def _listed_in_words(doc: Doc) -> Fact[str] | None:
    """Return the end that the period of a list row states in words."""
    words = doc.fields.get("period", "")
    for value, marks in (("until_exhausted", EXHAUSTED), ("always", ALWAYS)):
        if any(mark in words for mark in marks):
            return Fact(value, doc.field_evidence("period"))
    return None
