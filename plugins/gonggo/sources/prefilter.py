"""The prefilter of list rows: rows that may be about AI are fetched, of the others only a sample."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from gonggo.datafile import load_model
from gonggo.model import Listed
from gonggo.read.normalize import normalize_text

PrefilterVerdict = Literal["likely", "sample", "left"]


class _PrefilterData(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sample_one_in: int = Field(ge=1)
    fields: list[str]
    latin: list[str]
    words: list[str]
    umbrella: list[str]


@cache
def _load_prefilter() -> tuple[_PrefilterData, re.Pattern[str]]:
    data = load_model(Path(__file__).with_name("prefilter.yaml"), _PrefilterData)
    latin = "|".join(map(re.escape, data.latin))
    words = "|".join(map(re.escape, [*data.words, *data.umbrella]))
    return data, re.compile(rf"(?<![A-Za-z])(?:{latin})(?![A-Za-z])|{words}", re.I)


def prefilter(item: Listed) -> PrefilterVerdict:
    """Return whether a row may be about AI, else whether it is sampled, which depends on its key alone."""
    data, pattern = _load_prefilter()
    if pattern.search(normalize_text(" ".join([item.title, *(item.fields.get(name, "") for name in data.fields)]))):
        return "likely"
    return "sample" if int(item.key[:8], 16) % data.sample_one_in == 0 else "left"
