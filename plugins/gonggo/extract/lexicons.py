"""The word lists of this room, loaded once and checked when loaded."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, RootModel, model_validator

from gonggo.datafile import load_model

FOLDER = Path(__file__).with_name("lexicon")


class _Patterns(RootModel[dict[str, re.Pattern[str]]]):
    pass


@cache
def patterns(name: str) -> dict[str, re.Pattern[str]]:
    """Named patterns of ``lexicon/<name>.yaml``, in the order of the file.

    Errors:
        DataFileError: names file and line of the pattern that does not compile.
    """
    return load_model(FOLDER / f"{name}.yaml", _Patterns).root


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
                    raise ValueError(f"{name}: {words!r} is no pattern ({error})") from error
        return self


@cache
def labels() -> dict[str, Label]:
    """Labels of notices by their canonical name."""
    return load_model(FOLDER / "labels.yaml", _Labels).root


@cache
def label_pattern() -> re.Pattern[str]:
    """All labels, in the order of the file: the group that matches is the canonical name; the first decides."""
    return re.compile("|".join(f"(?P<{name}>{'|'.join(label.words)})" for name, label in labels().items()))


class Sign(BaseModel):
    """An entry of ``kinds.yaml``."""

    model_config = ConfigDict(extra="forbid")
    pattern: re.Pattern[str]
    points: float
    where: Literal["head", "tail", "text"]
    most: int


class _Kinds(RootModel[dict[str, list[Sign]]]):
    pass


@cache
def kinds() -> dict[str, list[Sign]]:
    """Signs of each kind of document."""
    return load_model(FOLDER / "kinds.yaml", _Kinds).root


class Company(BaseModel):
    """A context that a company's name stands in."""

    model_config = ConfigDict(extra="forbid")
    needs: list[str]
    pattern: re.Pattern[str]


class Organisations(BaseModel):
    """``organisations.yaml``."""

    model_config = ConfigDict(extra="forbid")
    ministries: dict[str, list[str]]
    agencies: dict[str, list[str]]
    endings: list[str]
    not_bodies: re.Pattern[str]
    universities: list[str]
    companies: list[Company]
    not_companies: re.Pattern[str]
    known_companies: list[str]
    media: re.Pattern[str]
    roles: dict[str, re.Pattern[str]]


@cache
def organisations() -> Organisations:
    return load_model(FOLDER / "organisations.yaml", Organisations)


@dataclass(frozen=True)
class Region:
    """A row of ``regions.csv``: a 시도 (parent empty) or a 시군구 with one validity."""

    code: str
    name_ko: str
    short: str
    parent: str
    aliases: tuple[str, ...]
    valid_from: str
    valid_to: str


@cache
def regions() -> tuple[Region, ...]:
    with (FOLDER / "regions.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Region(
                row["code"],
                row["name_ko"],
                row["short"],
                row["parent"],
                tuple(filter(None, row["aliases"].split("|"))),
                row["valid_from"],
                row["valid_to"],
            )
            for row in csv.DictReader(lines)
        )


class Places(BaseModel):
    """``places.yaml``."""

    model_config = ConfigDict(extra="forbid")
    needs_ending: list[str]
    landmarks: dict[str, list[str]]
    passing: re.Pattern[str]
    aimed: re.Pattern[str]
    nation: re.Pattern[str]


@cache
def places() -> Places:
    return load_model(FOLDER / "places.yaml", Places)
