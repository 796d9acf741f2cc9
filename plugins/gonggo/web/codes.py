"""The values that a condition of a list may have: a code of the tables, in its words too, or the name of a region."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from gonggo.extract.lexicons import regions
from gonggo.settings import nearest
from gonggo.web.translations import all_translations

NATIONWIDE = "전국"
_LONGEST_TOLD = 40


def _coded(kind: str) -> AfterValidator:
    return AfterValidator(lambda value: _demand(value, _codes(kind)))


def _described(spellings: dict[str, str]) -> WithJsonSchema:
    """Describe the values for programs: those that there are, and the empty one of a field that was left alone."""
    return WithJsonSchema({"type": "string", "enum": [*dict.fromkeys(spellings.values()), ""]})


def region_named(value: str) -> str:
    """Return the short name of a region that is given by a name that it has or had.

    Raises:
        ValueError: no region is called so.
    """
    return _demand(value, _regions())


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


Status = Annotated[str, _coded("status"), _described(_codes("status"))]
Kind = Annotated[str, _coded("kind"), _described(_codes("kind"))]
Sector = Annotated[str, _coded("sector"), _described(_codes("sector"))]
Type = Annotated[str, _coded("type"), _described(_codes("type"))]
Size = Annotated[str, _coded("size"), _described(_codes("size"))]
Stage = Annotated[str, _coded("stage"), _described(_codes("stage"))]
Reached = Annotated[str, _coded("reached"), _described(_codes("reached"))]
RegionName = Annotated[str, AfterValidator(region_named), _described(_regions())]
