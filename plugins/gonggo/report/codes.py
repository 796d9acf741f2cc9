"""Validated values of conditions: codes of the tables, also by their labels, and names of regions."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from gonggo.extract.lexicons import regions
from gonggo.report.translations import all_translations
from gonggo.settings import nearest

NATIONWIDE = "전국"
_LONGEST_SHOWN = 40


class UnknownCodeError(ValueError):
    """There is no such code: the ``nearest`` codes, and all that are ``known``."""

    def __init__(self, value: str, spellings: dict[str, str]) -> None:
        self.known = list(dict.fromkeys(spellings.values()))
        similar = get_close_matches(value.casefold(), spellings, n=3)
        self.nearest = list(dict.fromkeys(spellings[one] for one in similar))
        accepted = ", ".join(self.known)
        super().__init__(f"there is no {value[:_LONGEST_SHOWN]!r}{nearest(value, spellings) or ''} (known: {accepted})")


def _validator(kind: str) -> AfterValidator:
    return AfterValidator(lambda value: _code_of(value, _codes(kind)))


def _json_schema(spellings: dict[str, str]) -> WithJsonSchema:
    """Return the JSON schema of the values; forms send an empty value for a field that was not filled in."""
    return WithJsonSchema({"type": "string", "enum": [*dict.fromkeys(spellings.values()), ""]})


def region_named(value: str) -> str:
    """Return the short name of a region that is given by a present or former name.

    Raises:
        ValueError: no region has this name.
    """
    return _code_of(value, _regions())


def region_names() -> list[str]:
    """Return the short names of the regions, 전국 first."""
    return list(dict.fromkeys(_regions().values()))


def codes_of(kind: str) -> list[str]:
    """Return the codes of a kind, such as ``sector``, in their usual order."""
    return list(dict.fromkeys(_codes(kind).values()))


def sector_named(value: str) -> str:
    """Return the code of a sector that is given by its code or by its label in either language.

    Raises:
        ValueError: no sector has this name.
    """
    return _code_of(value, _codes("sector"))


@cache
def _codes(kind: str) -> dict[str, str]:
    """Return each code of a kind by its spellings: the code itself, and its labels in both languages."""
    words_of_code = {
        key.removeprefix(f"{kind}."): words for key, words in all_translations().items() if key.startswith(f"{kind}.")
    }
    return {code: code for code in words_of_code} | {
        word.casefold(): code for code, words in words_of_code.items() for word in words
    }


@cache
def _regions() -> dict[str, str]:
    named = {
        name.casefold(): region.short
        for region in regions()
        if not region.parent
        for name in (region.name_ko, region.name_en, *region.aliases, region.short)
    }
    return {NATIONWIDE: NATIONWIDE, **_codes("region"), **named}


def _code_of(value: str, spellings: dict[str, str]) -> str:
    code = spellings.get(value) or spellings.get(value.casefold())
    if code is None:
        raise UnknownCodeError(value, spellings)
    return code


Status = Annotated[str, _validator("status"), _json_schema(_codes("status"))]
Kind = Annotated[str, _validator("kind"), _json_schema(_codes("kind"))]
Sector = Annotated[str, _validator("sector"), _json_schema(_codes("sector"))]
Type = Annotated[str, _validator("type"), _json_schema(_codes("type"))]
Size = Annotated[str, _validator("size"), _json_schema(_codes("size"))]
Stage = Annotated[str, _validator("stage"), _json_schema(_codes("stage"))]
Reached = Annotated[str, _validator("reached"), _json_schema(_codes("reached"))]
RegionName = Annotated[str, AfterValidator(region_named), _json_schema(_regions())]
