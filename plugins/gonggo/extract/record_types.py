"""The record of a document: its facts, each with the words of the document that prove it.

Every part of the program uses these types. Only ``to_json`` writes JSON and only ``from_json`` reads it; every key of
it is a field here, and ``sql/load/01_stage.sql`` has the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BeforeValidator, TypeAdapter

Value = TypeVar("Value", covariant=True)
Node = TypeVar("Node")
# Marks a field that is no key of the JSON where it is None; any other None is written as null.
_OMITTED = {"omitted": True}
_SCALARS = frozenset((str, int, float, bool, type(None)))


@dataclass(frozen=True, slots=True)
class TextEvidence:
    """A stretch of the record's text; ``place`` names the page or cell of the file that it was read from."""

    start: int
    end: int
    quote: str
    place: str | None = field(default=None, metadata=_OMITTED)


@dataclass(frozen=True, slots=True)
class FieldEvidence:
    """The value of a metadata field: of a list row, an API, or the head of a page."""

    field: str
    quote: str


Evidence = TextEvidence | FieldEvidence


@dataclass(frozen=True, slots=True)
class Fact(Generic[Value]):
    """A single value with its evidence."""

    value: Value
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A region, a sector, a size of companies, a telephone number or an e-mail address."""

    name: str
    evidence: Evidence | None = None


def _wrapped(value: object) -> object:
    """Wrap the bare value of a label."""
    return value if value is None or isinstance(value, (dict, Fact)) else {"value": value}


def _with_name(value: object) -> object:
    """Wrap the bare name of a label."""
    return {"name": value} if isinstance(value, str) else value


def _bare(value: object) -> object:
    return value.get("value") if isinstance(value, dict) else value


def _or_empty(value: object) -> object:
    return value or {}


_Text = Annotated[Fact[str] | None, BeforeValidator(_wrapped)]
_Flag = Annotated[Fact[bool] | None, BeforeValidator(_wrapped)]
_Number = Annotated[Fact[int] | None, BeforeValidator(_wrapped)]
_Word = Annotated[str | None, BeforeValidator(_bare)]
_Names = list[Annotated[Named, BeforeValidator(_with_name)]]


@dataclass(frozen=True, slots=True)
class Ground:
    """The words that prove a relation of a fact (``programme``, ``year`` …) and are not part of its own evidence."""

    bearing: str
    evidence: Evidence


_Grounds = Annotated[tuple[Ground, ...] | None, BeforeValidator(lambda grounds: grounds or None)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A named programme, project, call, centre or plan; ``start`` and ``end`` are as precise as in the text.

    ``parent`` is the name of the programme of which it is a part, a phase or one year's call; ``outcome`` its end.
    """

    name: str
    aliases: tuple[str, ...] = ()
    type: _Word = None
    status: _Word = None
    start: _Word = None
    end: _Word = None
    evidence: Evidence | None = None
    parent: str | None = None
    outcome: _Word = None
    grounds: _Grounds = field(default=None, metadata=_OMITTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A sum of money in won, its role, and the name of its programme.

    ``year`` is its budget year, ``part_of`` the ``krw`` of the sum that contains it, ``same_as`` that of the more
    precise sum that it restates.
    """

    krw: int
    role: _Word = None
    evidence: Evidence | None = None
    programme: str | None = None
    year: str | None = None
    part_of: int | None = None
    same_as: int | None = None
    grounds: _Grounds = field(default=None, metadata=_OMITTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A count of what is supported, selected, trained or built.

    ``what`` is what is done with the counted, ``state`` whether that is planned or done, ``per`` whether it is for
    each year or each award.
    """

    value: int | float
    unit: str | None = None
    evidence: Evidence | None = None
    programme: str | None = None
    what: _Word = None
    state: _Word = None
    year: str | None = None
    per: _Word = None
    grounds: _Grounds = field(default=None, metadata=_OMITTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation, its role, and the names of its programmes."""

    name: str
    aliases: tuple[str, ...] = ()
    role: _Word = None
    evidence: Evidence | None = None
    programmes: tuple[str, ...] = ()
    grounds: _Grounds = field(default=None, metadata=_OMITTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A rate: ``name`` is what is measured, ``subject`` of whom or what.

    ``side`` says whether it is a target or a result of a programme, an indicator of the state of things, or a claim.
    """

    name: str = ""
    value: int | float
    unit: str | None = None
    evidence: Evidence | None = None
    programme: str | None = None
    subject: str | None = None
    year: str | None = None
    side: _Word = None
    grounds: _Grounds = field(default=None, metadata=_OMITTED)


@dataclass(slots=True)
class Application:
    """The period of application: a day, a day with its hour, or ``always`` and ``until_exhausted``."""

    opens_at: _Text = None
    closes_at: _Text = None


@dataclass(frozen=True, slots=True)
class SupersededDay:
    """A former end of the application period: ``field`` is the end, ``instead`` its present value."""

    field: str
    value: str
    evidence: Evidence | None
    instead: str | None = None


@dataclass(slots=True)
class Eligibility:
    """Who may apply."""

    max_company_age_years: _Number = None
    company_sizes: _Names = field(default_factory=list)


@dataclass(slots=True)
class Contact:
    """Whom to ask."""

    phones: _Names = field(default_factory=list)
    emails: _Names = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FurtherEvidence:
    """Further words that state a fact, which is identified by kind and position: ``amount:2``."""

    of: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A rejected value of a field; ``of`` names the fact that was accepted, and ``instead`` is its value."""

    of: str
    field: str
    value: str
    instead: str
    evidence: Evidence | None


@dataclass(slots=True)
class ExtractionRecord:
    """All facts of one document.

    ``also`` and ``contradictions`` are set if the document consists of several texts: its page and attached notices.
    """

    id: str = ""
    kind: _Text = None
    relevant: _Flag = None
    title: _Text = None
    published_on: _Text = None
    regions: _Names = field(default_factory=list)
    sectors: _Names = field(default_factory=list)
    programmes: list[Programme] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    application: Annotated[Application, BeforeValidator(_or_empty)] = field(default_factory=Application)
    superseded: list[SupersededDay] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    metrics: list[Metric] = field(default_factory=list)
    eligibility: Annotated[Eligibility, BeforeValidator(_or_empty)] = field(default_factory=Eligibility)
    contact: Annotated[Contact, BeforeValidator(_or_empty)] = field(default_factory=Contact)
    text: str = ""
    also: list[FurtherEvidence] | None = field(default=None, metadata=_OMITTED)
    contradictions: list[Contradiction] | None = field(default=None, metadata=_OMITTED)

    @property
    def is_relevant(self) -> bool:
        """Return whether the document is about AI and a public programme."""
        return self.relevant is not None and self.relevant.value


def to_json(record: ExtractionRecord) -> dict[str, Any]:
    """Return the record as the objects, lists and plain values of JSON."""
    written = _plain(record)
    assert isinstance(written, dict)
    return written


def from_json(data: object) -> ExtractionRecord:
    """Read a record, or a label, which has plain values instead of facts; unknown keys are ignored.

    Raises:
        ValueError: It is not an object, or a value has a wrong type.
    """
    if not isinstance(data, dict):
        raise ValueError(f"an object is expected, not {type(data).__name__}")
    return _reader().validate_python({name: value for name, value in data.items() if value is not None})


@cache
def _reader() -> TypeAdapter[ExtractionRecord]:
    return TypeAdapter(ExtractionRecord)


def evidences(node: object) -> Iterator[Evidence]:
    """Yield every evidence in a record, or in a part of one."""
    if isinstance(node, (TextEvidence, FieldEvidence)):
        yield node
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from evidences(value)
    elif is_dataclass(node) and not isinstance(node, type):
        for name in _names(type(node)):
            yield from evidences(getattr(node, name))


def with_evidence(node: Node, change: Callable[[TextEvidence], TextEvidence]) -> Node:
    """Return a record, or a part of one, with a function applied to every evidence in the text."""
    return _changed(node, change)  # type: ignore[return-value]


def _changed(node: object, change: Callable[[TextEvidence], TextEvidence]) -> object:
    if isinstance(node, TextEvidence):
        return change(node)
    if isinstance(node, (list, tuple)):
        return type(node)(_changed(value, change) for value in node)
    if is_dataclass(node) and not isinstance(node, type):
        return type(node)(**{name: _changed(getattr(node, name), change) for name in _names(type(node))})
    return node


def _plain(node: Any) -> object:
    if node.__class__ in _SCALARS:
        return node
    if isinstance(node, (list, tuple)):
        return [_plain(value) for value in node]
    names, omitted, values = _keys(node.__class__)
    written = {
        name: value if value.__class__ in _SCALARS else _plain(value)
        for name, value in zip(names, values(node), strict=True)
    }
    for name in omitted:
        if written[name] is None:
            del written[name]
    return written


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


@cache
def _keys(kind: Any) -> tuple[tuple[str, ...], tuple[str, ...], Callable[[object], tuple[object, ...]]]:
    """Return the keys of a type, the keys that are omitted if None, and a getter of their values."""
    omitted = tuple(each.name for each in fields(kind) if each.metadata.get("omitted"))
    return _names(kind), omitted, attrgetter(*_names(kind))
