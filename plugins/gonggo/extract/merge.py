"""Merge the facts of an announcement's page and of the notices attached to it.

Each fact is listed once, with all its evidence. If the texts contradict each other, the attached notice counts, and the
value of the page is listed as a contradiction.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from gonggo.extract.evidence import shifted
from gonggo.extract.names import bare
from gonggo.extract.record import extract, facts
from gonggo.extract.record_types import (
    Amount,
    Contradiction,
    Evidence,
    ExtractionRecord,
    Fact,
    FurtherEvidence,
    Metric,
    Named,
    Organisation,
    Programme,
    Quantity,
    TextEvidence,
)

Edge = Literal["opens_at", "closes_at"]
Entry = Fact[str] | Fact[int] | Named | Programme | Amount | Quantity | Organisation | Metric
_Counted = TypeVar("_Counted", Amount, Quantity)
_Value = TypeVar("_Value", str, int)
# A page whose title says so corrects the notice attached to it: the page is then the primary text.
_CHANGES = re.compile(r"연장|변경|정정|수정")
_EDGES: tuple[Edge, ...] = ("opens_at", "closes_at")
# Each of these a call has once: two values of page and notice are a contradiction, not two facts.
_ONE_AMOUNT = ("total", "national", "local", "private", "award_ceiling", "annual")
_ONE_QUANTITY = ("companies", "projects", "people")


@dataclass(frozen=True, slots=True)
class _Conflict:
    """A rejected value, and the fact that was accepted instead; facts are numbered after all conflicts are resolved."""

    accepted: Entry
    field: str
    value: str
    instead: str
    evidence: Evidence | None


def extract_parts(
    text: str, stretches: Iterable[tuple[int, int]], *, id: str, fields: Mapping[str, str] | None = None
) -> ExtractionRecord:
    """Return the record of a text in which ``stretches`` are attached notices, after the text of the page.

    In addition to the result of ``extract`` it has further evidence of the same facts, and contradictions; a former end
    of a period that the text itself says was changed has the field ``closes_at superseded``.
    """
    record = extract(text, id=id, fields=fields)
    record.also, record.contradictions = [], []
    files = list(stretches)
    if not record.is_relevant:
        return record
    conflicts = list[_Conflict]()
    parts = _settle_parts(record, text, files, fields or {}, conflicts) if files else []
    conflicts += _superseded(record)
    names = {builtins.id(entry): name for name, _, entry in _named(record)} if conflicts else {}
    record.contradictions = [
        Contradiction(
            names[builtins.id(conflict.accepted)], conflict.field, conflict.value, conflict.instead, conflict.evidence
        )
        for conflict in conflicts
    ]
    record.also = list(_also(record, parts))
    return record


def _superseded(record: ExtractionRecord) -> Iterator[_Conflict]:
    for entry in record.superseded:
        accepted = _end(record, "opens_at" if entry.field == "opens_at" else "closes_at")
        if accepted and accepted.value != entry.value:
            yield _Conflict(accepted, f"{entry.field} superseded", entry.value, accepted.value, entry.evidence)


def _settle_parts(
    record: ExtractionRecord,
    text: str,
    files: list[tuple[int, int]],
    fields: Mapping[str, str],
    conflicts: list[_Conflict],
) -> list[ExtractionRecord]:
    """Resolve differences between page and notices; return the record of each text, that of the page first."""
    own = {name: value for name, value in fields.items() if name == "posted_on"}
    own |= {"title": record.title.value} if record.title else {}
    kind = record.kind.value if record.kind else ""
    parts = [shifted(facts(text[start:end], kind, own), start) for start, end in [(0, files[0][0]), *files]]
    page_is_primary = bool(_CHANGES.search(own.get("title", "")))
    for edge in _EDGES:
        conflicts += _settle_day(record, parts, edge, page_is_primary)
    conflicts += _settle_age(record, parts, page_is_primary)
    for role in _ONE_AMOUNT:
        amounts = [[amount for amount in part.amounts if amount.role == role] for part in parts]
        record.amounts, lost = _settle_once(record.amounts, amounts, _krw, f"amount {role}", page_is_primary)
        conflicts += lost
    for unit in _ONE_QUANTITY:
        counts = [[count for count in part.quantities if count.unit == unit] for part in parts]
        record.quantities, lost = _settle_once(record.quantities, counts, _count, f"quantity {unit}", page_is_primary)
        conflicts += lost
    return parts


def _krw(amount: Amount) -> tuple[str | None, int | float]:
    return amount.role, amount.krw


def _count(quantity: Quantity) -> tuple[str | None, int | float]:
    return quantity.unit, quantity.value


def _end(record: ExtractionRecord, edge: Edge) -> Fact[str] | None:
    return record.application.opens_at if edge == "opens_at" else record.application.closes_at


def _primary(values: list[Fact[_Value] | None], page_is_primary: bool) -> list[Fact[_Value]]:
    """Return the facts of the text with precedence: of the notices, or of the page, whose facts come first."""
    page, notices = values[:1], values[1:]
    order = (page, notices) if page_is_primary else (notices, page)
    return next((facts_given for group in order if (facts_given := [fact for fact in group if fact])), [])


def _settle_day(
    record: ExtractionRecord, parts: list[ExtractionRecord], edge: Edge, page_is_primary: bool
) -> Iterator[_Conflict]:
    """Take the earliest opening and latest closing of the primary texts; yield other days of the rest as conflicts.

    A day that one of the texts calls changed is not taken, even if another text still states it.
    """
    values = [_from_text(_end(part, edge)) for part in parts]
    superseded = {entry.value for part in parts for entry in part.superseded if entry.field == edge}
    unchanged = [None if fact and fact.value in superseded else fact for fact in values]
    primary = _primary(unchanged if any(unchanged) else values, page_is_primary)
    if not primary:
        return
    dated = [fact for fact in primary if fact.value[0].isdigit()] or primary
    accepted = (min if edge == "opens_at" else max)(dated, key=lambda fact: fact.value)
    same_day = [fact for fact in values if fact and fact.value[:10] == accepted.value[:10]]
    taken = max(same_day, key=lambda fact: len(fact.value))
    setattr(record.application, edge, taken)
    for fact in values:
        if fact and fact not in primary and fact.value[:10] != accepted.value[:10]:
            yield _Conflict(taken, edge, fact.value, taken.value, fact.evidence)


def _settle_age(record: ExtractionRecord, parts: list[ExtractionRecord], page_is_primary: bool) -> Iterator[_Conflict]:
    values = [_from_text(part.eligibility.max_company_age_years) for part in parts]
    primary = _primary(values, page_is_primary)
    if not primary:
        return
    taken = record.eligibility.max_company_age_years = primary[0]
    for fact in values:
        if fact and fact not in primary and fact.value != taken.value:
            yield _Conflict(taken, "max_company_age_years", str(fact.value), str(taken.value), fact.evidence)


def _from_text(fact: Fact[_Value] | None) -> Fact[_Value] | None:
    return fact if fact and isinstance(fact.evidence, TextEvidence) else None


def _settle_once(
    entries: list[_Counted],
    by_part: list[list[_Counted]],
    key: Callable[[_Counted], tuple[str | None, int | float]],
    field: str,
    page_is_primary: bool,
) -> tuple[list[_Counted], list[_Conflict]]:
    """Drop the value that is not primary if page and notices each state one value of a kind and the two differ."""
    groups = [[entry for part in group for entry in part] for group in (by_part[:1], by_part[1:])]
    if any(len({key(entry) for entry in group}) != 1 for group in groups) or key(groups[0][0]) == key(groups[1][0]):
        return entries, []
    dropped, accepted = (groups[1][0], groups[0][0]) if page_is_primary else (groups[0][0], groups[1][0])
    remaining = [entry for entry in entries if key(entry) != key(dropped)]
    remaining_entry = next((entry for entry in remaining if key(entry) == key(accepted)), None)
    if remaining_entry is None:
        return entries, []  # read as something else in the whole text: nothing to set it against
    return remaining, [
        _Conflict(remaining_entry, field, str(key(dropped)[1]), str(key(remaining_entry)[1]), dropped.evidence)
    ]


def _named(record: ExtractionRecord) -> Iterator[tuple[str, Hashable, Entry]]:
    """Yield every fact with its name (kind:number) and a key that is the same for equal facts."""
    for kind, entries in _lists(record):
        for number, entry in enumerate(entries, 1):
            yield f"{kind}:{number}", (kind, _same(entry)), entry
    for edge in _EDGES:
        if fact := _end(record, edge):
            yield f"{edge}:1", (edge, fact.value[:10]), fact
    if age := record.eligibility.max_company_age_years:
        yield "max_company_age_years:1", ("max_company_age_years", age.value), age


def _lists(record: ExtractionRecord) -> Iterator[tuple[str, Iterable[Entry]]]:
    yield "region", record.regions
    yield "sector", record.sectors
    yield "programme", record.programmes
    yield "amount", record.amounts
    yield "quantity", record.quantities
    yield "organisation", record.organisations
    yield "metric", record.metrics
    yield "company_size", record.eligibility.company_sizes
    yield "phone", record.contact.phones
    yield "email", record.contact.emails


def _same(entry: Entry) -> Hashable:
    if isinstance(entry, Amount):
        return entry.role, entry.krw
    if isinstance(entry, (Quantity, Metric)):
        return entry.value, entry.unit
    return entry.value if isinstance(entry, Fact) else bare(entry.name)


def _also(record: ExtractionRecord, parts: list[ExtractionRecord]) -> Iterator[FurtherEvidence]:
    """Yield the evidence in the other texts for each fact."""
    by_key: dict[Hashable, list[TextEvidence]] = {}
    for part in parts:
        for _, key, entry in _named(part):
            if isinstance(entry.evidence, TextEvidence):
                by_key.setdefault(key, []).append(entry.evidence)
    for name, key, entry in _named(record):
        own = entry.evidence
        quoted_spans = {(own.start, own.end)} if isinstance(own, TextEvidence) else set[tuple[int, int]]()
        for evidence in by_key.get(key, []):
            # The same words, cut otherwise, are no further evidence.
            if not any(start < evidence.end and evidence.start < end for start, end in quoted_spans):
                quoted_spans.add((evidence.start, evidence.end))
                yield FurtherEvidence(name, evidence)
