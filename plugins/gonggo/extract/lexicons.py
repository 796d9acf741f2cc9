"""The word lists of this room, loaded once and checked when loaded."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, RootModel

from gonggo.datafile import load_model, load_yaml
from gonggo.errors import DataFileError

FOLDER = Path(__file__).with_name("lexicon")


@cache
def patterns(name: str) -> dict[str, re.Pattern[str]]:
    """Named patterns of ``lexicon/<name>.yaml``, in the order of the file.

    Errors:
        DataFileError: names the file and the pattern that does not compile.
    """
    path = FOLDER / f"{name}.yaml"
    try:
        return {
            key: re.compile(text)
            for key, text in RootModel[dict[str, str]].model_validate(load_yaml(path)).root.items()
        }
    except (ValueError, re.error) as error:
        raise DataFileError(f"{path}: {error}") from error


class Organisations(BaseModel):
    """``organisations.yaml``."""

    model_config = ConfigDict(extra="forbid")
    ministries: dict[str, list[str]]
    agencies: dict[str, list[str]]
    endings: list[str]
    short_endings: dict[str, str]
    companies: re.Pattern[str]
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
