"""The word lists of extraction, loaded once and checked when loaded."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    ValidationError,
    field_validator,
    model_validator,
)

from gonggo.datafile import Pattern, load_model, load_patterns
from gonggo.errors import DataFileError
from gonggo.extract.words import after_nouns, at_word_starts, needed, without_groups

FOLDER = Path(__file__).with_name("lexicon")


@cache
def patterns(name: str) -> dict[str, re.Pattern[str]]:
    """Return the named patterns of ``lexicon/<name>.yaml``, in the order of the file.

    Raises:
        DataFileError: names file and line of the pattern that does not compile.
    """
    return load_patterns(FOLDER / f"{name}.yaml")


def _not_superseded(words: object) -> object:
    return at_word_starts(words) if isinstance(words, list) else words


Veto = Annotated[re.Pattern[str], BeforeValidator(_not_superseded)]


class Relevance(BaseModel):
    """``relevance.yaml``: words for the relevance of a document, and words against it, which are words of their own."""

    model_config = ConfigDict(extra="forbid")
    ai: Pattern
    sure: Pattern
    avian: Veto
    avian_ai: Pattern
    state: Pattern
    programme: Pattern
    job: Veto
    stock: Veto
    advert: Veto
    foreign: Veto
    survey: Veto
    indicator: Pattern
    listed: Pattern


@cache
def relevance() -> Relevance:
    """Return what ``relevance.yaml`` says.

    Raises:
        DataFileError: names file and line of a wrong entry.
    """
    return load_model(FOLDER / "relevance.yaml", Relevance)


class _Compounds(BaseModel):
    model_config = ConfigDict(extra="forbid")
    nouns: list[list[str]]


class Sector(NamedTuple):
    """The pattern of the words of a sector, and a part of each word: a text without any of these has no match."""

    pattern: re.Pattern[str]
    needed: tuple[str, ...]

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Return the words in a text."""
        return self.pattern.finditer(text) if self._may_be_in(text) else iter(())

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first word in a text."""
        return self.pattern.search(text) if self._may_be_in(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Return the match of a text that is a word."""
        return self.pattern.fullmatch(text) if self._may_be_in(text) else None

    def _may_be_in(self, text: str) -> bool:
        return any(letters in text for letters in self.needed)


class _Sectors(RootModel[dict[str, list[str]]]):
    pass


@cache
def sectors() -> dict[str, Sector]:
    """Return the words of each sector of ``sectors.yaml``.

    Raises:
        DataFileError: names the file of the entry that is no pattern.
    """
    path = FOLDER / "sectors.yaml"
    nouns = [noun for row in load_model(FOLDER / "compounds.yaml", _Compounds).nouns for noun in row]
    try:
        return {name: _sector(words, nouns) for name, words in load_model(path, _Sectors).root.items()}
    except re.error as error:
        raise DataFileError(f"{path}:1: {error.pattern!r} is not a regular expression ({error})") from error


def _sector(words: list[str], nouns: list[str]) -> Sector:
    return Sector(re.compile(after_nouns(words, nouns)), tuple(dict.fromkeys(map(needed, words))))


class Label(BaseModel):
    """An entry of ``labels.yaml``: the words of one label, and whether its section states facts."""

    model_config = ConfigDict(extra="forbid")
    words: list[str]
    facts: bool = True


class _Labels(RootModel[dict[str, Label]]):
    @model_validator(mode="after")
    def _compile(self) -> _Labels:
        for name, label in self.root.items():
            for words in label.words:
                try:
                    re.compile(words)
                except re.error as error:
                    raise ValueError(f"{name}: {words!r} is not a regular expression ({error})") from error
        return self


@cache
def labels() -> dict[str, Label]:
    """Return the labels of notices by their canonical names."""
    return load_model(FOLDER / "labels.yaml", _Labels).root


@cache
def label_pattern() -> re.Pattern[str]:
    """Return a pattern of all labels; the group that matches has the canonical name, the first match counts."""
    words = {name: "|".join(map(without_groups, label.words)) for name, label in labels().items()}
    return re.compile("|".join(f"(?P<{name}>{choice})" for name, choice in words.items()))


class Sign(BaseModel):
    """An entry of ``kinds.yaml``: a pattern, and its weight for a kind of document."""

    model_config = ConfigDict(extra="forbid")
    pattern: Pattern
    points: float
    where: Literal["head", "tail", "text"]
    most: int
    needs: list[str] = []


class _Kinds(RootModel[dict[str, list[Sign]]]):
    pass


@cache
def kinds() -> dict[str, list[Sign]]:
    """Return the signs of each kind of document."""
    return load_model(FOLDER / "kinds.yaml", _Kinds).root


class Company(BaseModel):
    """A context in which a company is named."""

    model_config = ConfigDict(extra="forbid")
    needs: list[str]
    pattern: re.Pattern[str]


class Organisations(BaseModel):
    """``organisations.yaml``."""

    model_config = ConfigDict(extra="forbid")
    ministries: dict[str, list[str]]
    agencies: dict[str, list[str]]
    endings: list[str]
    not_organisations: re.Pattern[str]
    universities: list[str]
    companies: list[Company]
    not_companies: re.Pattern[str]
    known_companies: list[str]
    media: re.Pattern[str]
    roles: dict[str, re.Pattern[str]]
    labels: dict[str, re.Pattern[str]]


@cache
def organisations() -> Organisations:
    """Return what ``organisations.yaml`` says.

    Raises:
        DataFileError: names file and line of a wrong entry.
    """
    return load_model(FOLDER / "organisations.yaml", Organisations)


class Region(BaseModel):
    """A row of ``regions.csv``: a 시도 (parent empty) or a 시군구 with one validity.

    ``successor`` is the region that replaced it; several, each for a part, are separated by a bar.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: Annotated[str, Field(pattern=r"^(\d{2}|\d{5})?$")]
    iso: Annotated[str, Field(pattern=r"^(KR-\d{2})?$")]
    name_ko: Annotated[str, Field(min_length=2)]
    short: Annotated[str, Field(min_length=2)]
    name_en: str
    parent: str
    aliases: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    successor: tuple[str, ...]

    @field_validator("aliases", "successor", mode="before")
    @classmethod
    def _parted(cls, text: str) -> list[str]:
        return [name for name in text.split("|") if name]

    @field_validator("valid_from", "valid_to", mode="before")
    @classmethod
    def _or_open(cls, text: str) -> str | None:
        return text or None

    @model_validator(mode="after")
    def _one_life(self) -> Region:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"ends on {self.valid_to}, before it begins on {self.valid_from}")
        if self.successor and not self.valid_to:
            raise ValueError("has a successor and no last day")
        if self.parent and self.short != f"{self.parent} {self.name_ko}":
            raise ValueError(f"{self.short!r} is not its parent and its name, {self.parent} {self.name_ko}")
        return self


@cache
def regions() -> tuple[Region, ...]:
    """Return the rows of ``regions.csv``.

    Raises:
        DataFileError: names file and line of a row that is invalid or contradicts another.
    """
    return read_regions(FOLDER / "regions.csv")


def read_regions(path: Path) -> tuple[Region, ...]:
    """Return the regions of a file, checked.

    Raises:
        DataFileError: names file and line of a row that is invalid or contradicts another.
    """
    read: list[Region] = []
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            try:
                read.append(Region.model_validate(row))
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(map(str, first["loc"]))
                raise DataFileError(f"{path}:{number}: {where}: {first['msg']}") from error
    names = {region.short for region in read}
    for number, region in enumerate(read, 2):
        strange = {region.parent, *region.successor} - names - {""}
        if strange:
            raise DataFileError(f"{path}:{number}: {region.short} names {strange.pop()!r}, which is no region here")
        twice = [other for other in read[: number - 2] if other.short == region.short and _overlap(other, region)]
        if twice:
            raise DataFileError(f"{path}:{number}: {region.short} stands twice for the same days")
    return tuple(read)


def _overlap(one: Region, other: Region) -> bool:
    first, last = date.min, date.max
    return (one.valid_from or first) <= (other.valid_to or last) and (other.valid_from or first) <= (
        one.valid_to or last
    )


class Places(BaseModel):
    """``places.yaml``."""

    model_config = ConfigDict(extra="forbid")
    needs_ending: list[str]
    not_places: re.Pattern[str]
    groups: dict[str, list[str]]
    left_out: re.Pattern[str]
    landmarks: dict[str, list[str]]
    passing: re.Pattern[str]
    aimed: re.Pattern[str]
    nation: re.Pattern[str]

    @model_validator(mode="after")
    def _of_known_regions(self) -> Places:
        names = {region.short for region in regions()}
        for where, named in (("landmarks", self.landmarks), ("groups", self.groups.values())):
            strange = {short for shorts in ([named] if where == "landmarks" else named) for short in shorts} - names
            if strange:
                raise ValueError(f"{where}: {sorted(strange)[0]!r} is no region of regions.csv")
        return self


@cache
def places() -> Places:
    """Return what ``places.yaml`` says of names of places.

    Raises:
        DataFileError: names file and line of a wrong entry.
    """
    return load_model(FOLDER / "places.yaml", Places)
