"""How well records agree with labels: precision, recall and F1 of every field over all documents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from gonggo.errors import GonggoError

Record = dict[str, Any]
Facts = set[Any]
_LISTS = ("programmes", "amounts", "quantities", "organisations", "metrics", "regions")
_PUNCTUATION = re.compile(r"[^\w]|_")
_EMPTY_TAIL = re.compile(r"(?:지원사업|사업|공고|모집|추진|프로젝트)$")
_EMPTY_HEAD = re.compile(r"^(?:20\d\d년?도?|\d\d년도?|제?\d+[차회기])")
_ALIKE, _INSIDE, _LONG_ENOUGH = 0.8, 0.6, 5


@dataclass
class Score:
    """Facts of one field: right, wrong (extracted, not labelled) and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, right: int, wrong: int, missed: int) -> None:
        self.right, self.wrong, self.missed = self.right + right, self.wrong + wrong, self.missed + missed

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else float(not self.missed)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else float(not self.wrong)

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass
class Table:
    """Scores by field, in the order of the guide, and how many facts prove themselves."""

    fields: dict[str, Score]
    proved: int = 0
    facts: int = 0

    @property
    def overall(self) -> float:
        """The mean of the F1s."""
        return sum(score.f1 for score in self.fields.values()) / len(self.fields)


def compare(labels: dict[str, Record], records: dict[str, Record]) -> Table:
    """Score ``records`` against ``labels``, both by document id; a document without a record counts as empty."""
    names = ("relevant", "kind", *_SETS, "programme", "programme_type", "programme_status", "period")
    table = Table({name: Score() for name in (*names, "organisation", "organisation_role")})
    for id_, label in labels.items():
        record = records.get(id_, {})
        _compare_one(label, record, table.fields)
        for valid in _evidence(record):
            table.facts += 1
            table.proved += valid
    return table


def differences(label: Record, record: Record, field: str) -> tuple[list[str], list[str]]:
    """What is wrong and what is missed in one field of one document.

    Errors:
        GonggoError: no such field.
    """
    if field in _SETS:
        wanted, got = _SETS[field](label), _SETS[field](record)
        return sorted(map(str, got - wanted)), sorted(map(str, wanted - got))
    key = {"programme": "programmes", "organisation": "organisations"}.get(field)
    if key:
        pairs = _paired(label, record, key, Score())
        found = {id(entry) for pair in pairs for entry in pair}
        wrong, missed = (
            [entry["name"] for entry in side.get(key) or [] if id(entry) not in found] for side in (record, label)
        )
        return wrong, missed
    if field in ("kind", "relevant"):
        said, meant = str(plain(record.get(field))), str(plain(label.get(field)))
        return ([said], [meant]) if said != meant else ([], [])
    raise GonggoError(
        f"No list of misses for {field!r}; there is one for {', '.join(('kind', 'relevant', *_SETS))}, "
        "programme and organisation."
    )


def plain(value: Any) -> Any:
    """A value without its evidence."""
    return value["value"] if isinstance(value, dict) and "value" in value and "unit" not in value else value


def _compare_one(label: Record, record: Record, scores: dict[str, Score]) -> None:
    same = bool(plain(label.get("relevant"))) == bool(plain(record.get("relevant")))
    scores["relevant"].add(same, not same, not same)
    same, said = plain(label.get("kind")) == plain(record.get("kind")), bool(plain(record.get("kind")))
    scores["kind"].add(same, said and not same, not same)
    for name, facts in _SETS.items():
        wanted, got = facts(label), facts(record)
        scores[name].add(len(wanted & got), len(got - wanted), len(wanted - got))
    pairs = _paired(label, record, "programmes", scores["programme"])
    for wanted_one, got_one in pairs:
        _compare_key(wanted_one, got_one, "type", scores["programme_type"])
        _compare_key(wanted_one, got_one, "status", scores["programme_status"])
        for key in ("start", "end"):
            wanted_day, got_day = plain(wanted_one.get(key)), plain(got_one.get(key))
            fits = bool(wanted_day and got_day and str(got_day).startswith(str(wanted_day)))
            scores["period"].add(fits, bool(got_day) and not fits, bool(wanted_day) and not fits)
    for wanted_one, got_one in _paired(label, record, "organisations", scores["organisation"]):
        _compare_key(wanted_one, got_one, "role", scores["organisation_role"])


def _compare_key(wanted: Record, got: Record, key: str, score: Score) -> None:
    if plain(wanted.get(key)):
        same = plain(wanted[key]) == plain(got.get(key))
        score.add(same, bool(plain(got.get(key))) and not same, not same)


def _paired(label: Record, record: Record, key: str, score: Score) -> list[tuple[Record, Record]]:
    """One-to-one pairs of entries of the same name, the most alike first; ``score`` counts them."""
    wanted, got = label.get(key) or [], record.get(key) or []
    ranked = sorted(
        (
            (likeness, i, j)
            for i, one in enumerate(wanted)
            for j, other in enumerate(got)
            if (likeness := _likeness(_names(one), _names(other)))
        ),
        reverse=True,
    )
    pairs: list[tuple[int, int]] = []
    for _, i, j in ranked:
        if all(i != a and j != b for a, b in pairs):
            pairs.append((i, j))
    score.add(len(pairs), len(got) - len(pairs), len(wanted) - len(pairs))
    return [(wanted[i], got[j]) for i, j in pairs]


def _names(entry: Record) -> list[str]:
    said = [entry.get("name"), *(entry.get("aliases") or [])]
    return [name for name in map(_bare, filter(None, said)) if name]


def _bare(name: str) -> str:
    """Without punctuation, case, leading years and ordinals, and words every programme has."""
    name = _PUNCTUATION.sub("", unicodedata.normalize("NFC", name)).lower()
    before = ""
    while before != name:
        before, name = name, _EMPTY_HEAD.sub("", _EMPTY_TAIL.sub("", name))
    return name


def _likeness(ones: list[str], others: list[str]) -> float:
    best = 0.0
    for one in ones:
        for other in others:
            ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
            short, long = sorted((one, other), key=len)
            inside = len(short) >= _LONG_ENOUGH and short in long and len(short) >= _INSIDE * len(long)
            if ratio >= _ALIKE or inside:
                best = max(best, ratio)
    return best


def _entries(record: Record, key: str) -> list[Any]:
    return record.get(key) or []


def _regions(depth: int) -> Callable[[Record], Facts]:
    def facts(record: Record) -> Facts:
        names = [_name(entry).split() for entry in _entries(record, "regions")]
        return {" ".join(parts[:depth]) for parts in names if len(parts) >= depth}

    return facts


def _name(entry: Any) -> str:
    return str(entry["name"] if isinstance(entry, dict) else entry)


def _day(value: Any) -> Facts:
    said = plain(value)
    return {str(said)[:10] if str(said)[:1].isdigit() else said} if said else set()


def _number(value: Any) -> float:
    return round(float(value), 4)


def _eligibility(record: Record) -> Facts:
    said = record.get("eligibility") or {}
    age = plain(said.get("max_company_age_years"))
    sizes = {("size", _name(plain(size))) for size in said.get("company_sizes") or []}
    return sizes | ({("age", _number(age))} if age is not None else set())


def _contact(record: Record) -> Facts:
    said = record.get("contact") or {}
    phones = {re.sub(r"\D", "", _name(phone)) for phone in said.get("phones") or []}
    return phones | {_name(mail).lower() for mail in said.get("emails") or []}


_SETS: dict[str, Callable[[Record], Facts]] = {
    "published_on": lambda r: _day(r.get("published_on")),
    "sido": _regions(1),
    "sigungu": _regions(2),
    "sectors": lambda r: {_name(sector) for sector in _entries(r, "sectors")},
    "amount": lambda r: {int(a["krw"]) for a in _entries(r, "amounts")},
    "amount_role": lambda r: {(int(a["krw"]), a.get("role")) for a in _entries(r, "amounts")},
    "opens_at": lambda r: _day((r.get("application") or {}).get("opens_at")),
    "closes_at": lambda r: _day((r.get("application") or {}).get("closes_at")),
    "quantity": lambda r: {(_number(q["value"]), q.get("unit")) for q in _entries(r, "quantities")},
    "metric": lambda r: {(_number(m["value"]), m.get("unit")) for m in _entries(r, "metrics")},
    "eligibility": _eligibility,
    "contact": _contact,
}


def _evidence(record: Record) -> Iterator[bool]:
    """Of every fact that must prove itself, whether its quote stands where it says."""
    text = record.get("text") or ""
    for key, value in record.items():
        if key in _LISTS:
            yield from (_proves(entry.get("evidence"), text) for entry in value or [])
        else:
            yield from (_proves(evidence, text) for evidence in _given(value))


def _given(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("evidence"):
            yield node["evidence"]
        for key, value in node.items():
            if key != "evidence":
                yield from _given(value)
    elif isinstance(node, list):
        for value in node:
            yield from _given(value)


def _proves(evidence: dict[str, Any] | None, text: str) -> bool:
    if not evidence:
        return False
    return "field" in evidence or (
        bool(evidence["quote"]) and text[evidence["start"] : evidence["end"]] == evidence["quote"]
    )
