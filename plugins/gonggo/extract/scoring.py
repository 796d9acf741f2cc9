"""How well records agree with labels: precision, recall and F1 of every field over all documents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

from gonggo.errors import GonggoError
from gonggo.extract.record_types import (
    Amount,
    Evidence,
    ExtractionRecord,
    Fact,
    FieldEvidence,
    Metric,
    Named,
    Organisation,
    Programme,
    Quantity,
    evidences,
)

Facts = set[Hashable]
_Entry = TypeVar("_Entry", Programme, Organisation)
_Value = TypeVar("_Value")
_PUNCTUATION = re.compile(r"[^\w]|_")
_GENERIC_TAIL = re.compile(r"(?:지원사업|사업|공고|모집|추진|프로젝트)$")
_GENERIC_HEAD = re.compile(r"^(?:20\d\d년?도?|\d\d년도?|제?\d+[차회기])")
_ALIKE, _INSIDE, _LONG_ENOUGH = 0.8, 0.6, 5


@dataclass
class Score:
    """Facts of one field: right, wrong (extracted, not labelled) and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, right: int, wrong: int, missed: int) -> None:
        """Add the counts of one document."""
        self.right, self.wrong, self.missed = self.right + right, self.wrong + wrong, self.missed + missed

    @property
    def precision(self) -> float:
        """Return the share of right facts among the extracted ones, from 0 to 1."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else float(not self.missed)

    @property
    def recall(self) -> float:
        """Return the share of right facts among the labelled ones, from 0 to 1."""
        return self.right / (self.right + self.missed) if self.right + self.missed else float(not self.wrong)

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass
class Table:
    """Scores by field, in the order of the guide, and the number of facts whose evidence is in their document."""

    fields: dict[str, Score]
    proved: int = 0
    facts: int = 0

    @property
    def overall(self) -> float:
        """Return the mean of the F1 scores."""
        return sum(score.f1 for score in self.fields.values()) / len(self.fields)


def compare(labels: dict[str, ExtractionRecord], records: dict[str, ExtractionRecord]) -> Table:
    """Score ``records`` against ``labels``, both by document id; a document without a record counts as empty."""
    names = ("relevant", "kind", *_SETS, "programme", "programme_type", "programme_status", "period")
    table = Table({name: Score() for name in (*names, "organisation", "organisation_role")})
    for id_, label in labels.items():
        record = records.get(id_, ExtractionRecord())
        _compare_one(label, record, table.fields)
        for valid in _proofs(record):
            table.facts += 1
            table.proved += valid
    return table


def differences(label: ExtractionRecord, record: ExtractionRecord, field: str) -> tuple[list[str], list[str]]:
    """Return what is wrong and what is missed in one field of one document.

    Raises:
        GonggoError: There is no such field.
    """
    if field in _SETS:
        wanted, got = _SETS[field](label), _SETS[field](record)
        return sorted(map(str, got - wanted)), sorted(map(str, wanted - got))
    if field == "programme":
        return _unpaired(label.programmes, record.programmes)
    if field == "organisation":
        return _unpaired(label.organisations, record.organisations)
    if field in ("kind", "relevant"):
        extracted, labelled = (str(fact and fact.value) for fact in (getattr(record, field), getattr(label, field)))
        return ([extracted], [labelled]) if extracted != labelled else ([], [])
    raise GonggoError(
        f"No list of misses for {field!r}; there is one for {', '.join(('kind', 'relevant', *_SETS))}, "
        "programme and organisation."
    )


def _value(fact: Fact[_Value] | None) -> _Value | None:
    return fact.value if fact else None


def _compare_one(label: ExtractionRecord, record: ExtractionRecord, scores: dict[str, Score]) -> None:
    same = label.is_relevant == record.is_relevant
    scores["relevant"].add(same, not same, not same)
    same, is_extracted = _value(label.kind) == _value(record.kind), bool(_value(record.kind))
    scores["kind"].add(same, is_extracted and not same, not same)
    for name, facts in _SETS.items():
        wanted, got = facts(label), facts(record)
        scores[name].add(len(wanted & got), len(got - wanted), len(wanted - got))
    for labelled, read in _paired(label.programmes, record.programmes, scores["programme"]):
        _compare_word(labelled.type, read.type, scores["programme_type"])
        _compare_word(labelled.status, read.status, scores["programme_status"])
        for wanted_day, got_day in ((labelled.start, read.start), (labelled.end, read.end)):
            fits = bool(wanted_day and got_day and got_day.startswith(wanted_day))
            scores["period"].add(fits, bool(got_day) and not fits, bool(wanted_day) and not fits)
    for wanted_organisation, got_organisation in _paired(
        label.organisations, record.organisations, scores["organisation"]
    ):
        _compare_word(wanted_organisation.role, got_organisation.role, scores["organisation_role"])


def _compare_word(wanted: str | None, got: str | None, score: Score) -> None:
    if wanted:
        same = wanted == got
        score.add(same, bool(got) and not same, not same)


def _paired(wanted: Sequence[_Entry], got: Sequence[_Entry], score: Score) -> list[tuple[_Entry, _Entry]]:
    """Return one-to-one pairs of entries with the same name, the most similar first; ``score`` counts them."""
    met = pairs(wanted, got)
    score.add(len(met), len(got) - len(met), len(wanted) - len(met))
    return [(wanted[i], got[j]) for i, j in met]


def _unpaired(wanted: Sequence[_Entry], got: Sequence[_Entry]) -> tuple[list[str], list[str]]:
    both = pairs(wanted, got)
    met, read = {i for i, _ in both}, {j for _, j in both}
    wrong = [entry.name for j, entry in enumerate(got) if j not in read]
    return wrong, [entry.name for i, entry in enumerate(wanted) if i not in met]


def pairs(wanted: Sequence[_Entry], got: Sequence[_Entry]) -> list[tuple[int, int]]:
    """Return the indices of one-to-one pairs of entries with the same name, the most similar first."""
    ranked = sorted(
        (
            (similarity, i, j)
            for i, one in enumerate(wanted)
            for j, other in enumerate(got)
            if (similarity := _similarity(_names(one), _names(other)))
        ),
        reverse=True,
    )
    return one_to_one((i, j) for _, i, j in ranked)


def one_to_one(ranked: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pairs of indices, the best of which come first, without those that an earlier pair has taken."""
    met: list[tuple[int, int]] = []
    for i, j in ranked:
        if all(i != a and j != b for a, b in met):
            met.append((i, j))
    return met


def _names(entry: Programme | Organisation) -> list[str]:
    return [name for name in map(_bare, filter(None, (entry.name, *entry.aliases))) if name]


def _bare(name: str) -> str:
    """Return a name without punctuation, case, leading years and ordinals, and words that every programme has."""
    name = _PUNCTUATION.sub("", unicodedata.normalize("NFC", name)).lower()
    before = ""
    while before != name:
        before, name = name, _GENERIC_HEAD.sub("", _GENERIC_TAIL.sub("", name))
    return name


def _similarity(ones: list[str], others: list[str]) -> float:
    best = 0.0
    for one in ones:
        for other in others:
            ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
            short, long = sorted((one, other), key=len)
            inside = len(short) >= _LONG_ENOUGH and short in long and len(short) >= _INSIDE * len(long)
            if ratio >= _ALIKE or inside:
                best = max(best, ratio)
    return best


def similarity_of(ones: Iterable[str], others: Iterable[str]) -> float:
    """Return the similarity of the most similar names of two programmes, up to 1; 0 if none match."""
    return _similarity(*([name for name in map(_bare, names) if name] for names in (ones, others)))


def similarity_to(name: str, programmes: Iterable[Programme]) -> float:
    """Return the similarity of a name to the most similar labelled programme, up to 1; 0 if it matches none."""
    return max((_similarity([_bare(name)], _names(programme)) for programme in programmes), default=0.0)


def _regions(depth: int) -> Callable[[ExtractionRecord], Facts]:
    def facts(record: ExtractionRecord) -> Facts:
        names = [region.name.split() for region in record.regions]
        return {" ".join(parts[:depth]) for parts in names if len(parts) >= depth}

    return facts


def _day(fact: Fact[str] | None) -> Facts:
    day = _value(fact)
    return {day[:10] if day[:1].isdigit() else day} if day else set()


def number(value: float) -> float:
    """Return a value as figures are compared."""
    return round(float(value), 4)


def _eligibility(record: ExtractionRecord) -> Facts:
    age = _value(record.eligibility.max_company_age_years)
    sizes: Facts = {("size", size.name) for size in record.eligibility.company_sizes}
    return sizes | ({("age", number(age))} if age is not None else set())


def _contact(record: ExtractionRecord) -> Facts:
    phones: Facts = {re.sub(r"\D", "", phone.name) for phone in record.contact.phones}
    return phones | {mail.name.lower() for mail in record.contact.emails}


_SETS: dict[str, Callable[[ExtractionRecord], Facts]] = {
    "published_on": lambda r: _day(r.published_on),
    "sido": _regions(1),
    "sigungu": _regions(2),
    "sectors": lambda r: {sector.name for sector in r.sectors},
    "amount": lambda r: {amount.krw for amount in r.amounts},
    "amount_role": lambda r: {(amount.krw, amount.role) for amount in r.amounts},
    "opens_at": lambda r: _day(r.application.opens_at),
    "closes_at": lambda r: _day(r.application.closes_at),
    "quantity": lambda r: {(number(quantity.value), quantity.unit) for quantity in r.quantities},
    "metric": lambda r: {(number(metric.value), metric.unit) for metric in r.metrics},
    "eligibility": _eligibility,
    "contact": _contact,
}


def _proofs(record: ExtractionRecord) -> Iterator[bool]:
    """Yield for every fact with evidence in the text whether its quote is at its offsets."""
    entries: Iterable[Programme | Amount | Quantity | Organisation | Metric | Named] = (
        *record.programmes,
        *record.amounts,
        *record.quantities,
        *record.organisations,
        *record.metrics,
        *record.regions,
    )
    for entry in entries:
        yield entry.evidence is not None and _proves(entry.evidence, record.text)
    for part in (
        (record.kind, record.relevant, record.title, record.published_on, record.sectors, record.application),
        (record.superseded, record.eligibility, record.contact, record.also, record.contradictions),
    ):
        yield from (_proves(evidence, record.text) for evidence in evidences(part))


def _proves(evidence: Evidence, text: str) -> bool:
    if isinstance(evidence, FieldEvidence):
        return True
    return bool(evidence.quote) and text[evidence.start : evidence.end] == evidence.quote
