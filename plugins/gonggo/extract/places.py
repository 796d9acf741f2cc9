"""Names of places of Korea in a text: 시도 and 시군구 under all names in use, and sites known by names of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from gonggo.extract.lexicons import places, regions
from gonggo.extract.words import alternation

# After a name: the end of the word, a particle, or a word that makes it a body or a scheme of that place.
_AFTER = (
    r"(?=$|[\s,.·ㆍ‧()\[\]「」｢｣’‘'\"“”:/~-]|은|는|이|가|을|를|의|에|와|과|로|도|시|군|형|권|산"
    r"|지역|소재|내|관내|테크노|TP|창조|경제|정보|디지털|산업|과학|대|AI|일대|특례시|청|항|공항|혁신|센터|연구|기업)"
)


class Place(NamedTuple):
    """A name of a place in a text and the regions (short forms) it may mean."""

    start: int
    end: int
    name: str
    means: tuple[str, ...]


@cache
def _names() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """A pattern of all names, longest first, and the short forms that a name may mean."""
    means: dict[str, list[str]] = {}
    short = {region.short for region in regions()}
    for region in regions():
        if region.short == "전남광주":
            # Merged in 2026: programmes and documents still aim at one of its two parts.
            for name in region.aliases:
                means.setdefault(name, []).extend(["광주", "전남"])
            continue
        names = {region.name_ko, *region.aliases}
        stem = region.name_ko[:-1]
        if region.parent and region.name_ko[-1] in "시군" and len(stem) >= 2 and stem not in short:
            names.add(stem)
        if not region.parent:
            names.add(region.short)
        for name in names:
            if region.short not in means.setdefault(name, []):
                means[name].append(region.short)
    for where, sites in places().landmarks.items():
        for site in sites:
            means.setdefault(site, []).append(where)
    pattern = re.compile(rf"(?<![가-힣A-Za-z])(?:{alternation(means)}){_AFTER}")
    return pattern, {name: tuple(shorts) for name, shorts in means.items()}


def scan(text: str) -> Iterator[Place]:
    """Names of places in order. An everyday word that is a place's name too needs its 시도 right before it."""
    pattern, means = _names()
    ambiguous = set(places().needs_ending)
    before = 0
    for match in pattern.finditer(text):
        name = match.group()
        if name in ambiguous:
            gap = text[before : match.start()]
            led = before and len(gap) <= 1 and not gap.strip(" ·")
            if not led:
                continue
        before = match.end()
        yield Place(match.start(), match.end(), name, means[name])


def resolve(shorts: tuple[str, ...], context: set[str]) -> str | None:
    """The one place a name means: by the 시도 named elsewhere when several share it (중구, 고성군, 광주시)."""
    if len(shorts) == 1:
        return shorts[0]
    fitting = [short for short in shorts if short.split()[0] in context]
    sido = [short for short in fitting if " " not in short]
    return sido[0] if sido else fitting[0] if len(fitting) == 1 else None
