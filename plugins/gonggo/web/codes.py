"""The values that a condition of a list may have: a code of the tables, in its words too, or the name of a region."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import AfterValidator

from gonggo.extract.lexicons import regions
from gonggo.settings import nearest
from gonggo.web.translations import all_translations

NATIONWIDE = "전국"
_LONGEST_TOLD = 40


def _coded(kind: str) -> AfterValidator:
    return AfterValidator(lambda value: _demand(value, _codes(kind)))


def region_named(value: str) -> str:
    """Return the short name of a region that is given by a name that it has or had.

    Raises:
        ValueError: no region is called so.
    """
    return _demand(value, _regions())


Status = Annotated[str, _coded("status")]
Kind = Annotated[str, _coded("kind")]
Sector = Annotated[str, _coded("sector")]
Type = Annotated[str, _coded("type")]
Size = Annotated[str, _coded("size")]
Stage = Annotated[str, _coded("stage")]
Reached = Annotated[str, _coded("reached")]
RegionName = Annotated[str, AfterValidator(region_named)]


@cache
def _codes(kind: str) -> dict[str, str]:
    """Every spelling of each code of a kind: the code itself, and its words in both languages."""
    there = {
        key.removeprefix(f"{kind}."): words for key, words in all_translations().items() if key.startswith(f"{kind}.")
    }
    return {code: code for code in there} | {word.casefold(): code for code, words in there.items() for word in words}


@cache
def _regions() -> dict[str, str]:
    named = {
        name.casefold(): region.short
        for region in regions()
        if not region.parent
        for name in (region.name_ko, region.name_en, *region.aliases, region.short)
    }
    return {NATIONWIDE: NATIONWIDE, "nationwide": NATIONWIDE, **named}


def _demand(value: str, spellings: dict[str, str]) -> str:
    found = spellings.get(value) or spellings.get(value.casefold())
    if found is None:
        there = ", ".join(dict.fromkeys(spellings.values()))
        raise ValueError(f"there is no {value[:_LONGEST_TOLD]!r}{nearest(value, spellings) or ''} (known: {there})")
    return found
