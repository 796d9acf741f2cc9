"""Names of places of Korea in a text: 시도 and 시군구 under all names in use, and sites known by names of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from gonggo.extract.lexicons import Region, places, regions
from gonggo.extract.words import alternation, can_begin, first_letters, matches

# After a name: the end of the word, a particle, or a word that makes it an organisation or a scheme of that place.
_AFTER = (
    r"(?=$|[\s,.·ㆍ‧()\[\]「」｢｣’‘'\"“”:/~-]|은|는|이|가|을|를|의|에|와|과|로|도|시|군|형|권|산"
    r"|지역|소재|내|관내|테크노|TP|창조|경제|정보|디지털|산업|과학|대|AI|일대|특례시|청|항|공항|혁신|센터|연구|기업)"
)


# Before the last of several regions that share one 권: 동남·대경권.
_SHARED = r"(?=(?:[·ㆍ‧/,]\s?[가-힣]{2,3}){1,6}권)"
_DOTS = ("·", "ㆍ", "‧")
# Right before a name, its 시도 says which of several is meant.
_LED = re.compile(r"\s?(?:\(\s?)?")
# Between the places of a row, and what follows one of them: the next, or what they are.
_ROW_GAP = re.compile(r"\s?[,·ㆍ‧]\s?")
# Before the last of a row whose ending all share: 강남·노원·성동구.
_SHARED_ENDING = re.compile(r"[·ㆍ‧](?:[가-힣]{2,4}[·ㆍ‧]){0,8}[가-힣]{1,4}(?P<ending>[시군구])(?![가-힣])")
_ROW_FOLLOWS = re.compile(r"\s?[,·ㆍ‧]|\s(?:지역|권역|일대|등|[\d두세네]+\s?(?:개|곳))")
# A text that names so many 시도 says little of which of two namesakes it means: the larger.
_SEVERAL = 3
Scope = Literal["one", "all", "parts"]


class PlaceName(NamedTuple):
    """A name of a place in a text and the regions (short forms) it may mean.

    ``scope`` says whether it means one of them (중구), all of them (동남권), or the parts of a merged region that the
    text names, else all (전남광주).
    """

    start: int
    end: int
    name: str
    means: tuple[str, ...]
    scope: Scope = "one"


class _Names(NamedTuple):
    pattern: re.Pattern[str]
    begins: re.Pattern[str]
    means: dict[str, tuple[str, ...]]
    scope: dict[str, Scope]


@cache
def _names() -> _Names:
    """Return name → the short forms that it may mean, and a pattern of all names, longest first."""
    means: dict[str, list[str]] = {}
    scope: dict[str, Scope] = {}
    short = {region.short for region in regions()}
    merged = _merged()
    for region in regions():
        for name in _forms(region, short):
            if region.short in merged:
                # Programmes and documents still aim at one of its parts.
                means.setdefault(name, []).extend(merged[region.short])
                scope[name] = "parts"
            elif region.short not in means.setdefault(name, []):
                means[name].append(region.short)
    for where, sites in places().landmarks.items():
        for site in sites:
            means.setdefault(site, []).append(where)
    stems: dict[str, list[str]] = {}
    for name, shorts in places().groups.items():
        means[name], scope[name] = list(shorts), "all"
        if name.endswith("권") and name[:-1] not in means:
            stems[name[:-1]] = list(shorts)
    letters = (*means, *stems)
    begins = can_begin(letters) + "(?<![가-힣A-Za-z])"
    pattern = re.compile(rf"{begins}(?:(?:{alternation(means)}){_AFTER}|(?:{alternation(stems)}){_SHARED})")
    for name, shorts in stems.items():
        means[name], scope[name] = shorts, "all"
    letters_at_starts = re.compile(first_letters(letters, after="[가-힣A-Za-z]"))
    return _Names(pattern, letters_at_starts, {name: tuple(shorts) for name, shorts in means.items()}, scope)


def _forms(region: Region, short: set[str]) -> set[str]:
    names = {region.name_ko, *region.aliases}
    if not region.parent:
        return names | {region.short}
    stem = region.name_ko[:-1]
    names.add(region.parent + region.name_ko)
    if len(stem) >= 2:
        names.add(region.parent + stem if stem in short else stem)
    return names


@cache
def _needs_ending() -> frozenset[str]:
    """Return the names that are a place only beside another: everyday words, and districts (부산 강서)."""
    districts = (r.name_ko[:-1] for r in regions() if r.parent and r.name_ko.endswith("구"))
    cities = {r.name_ko[:-1] for r in regions() if r.parent and not r.name_ko.endswith("구")}
    return frozenset(places().needs_ending) | (frozenset(name for name in districts if len(name) >= 2) - cities)


@cache
def _merged() -> dict[str, tuple[str, ...]]:
    """Return merged 시도 → the 시도 that became part of it."""
    parts: dict[str, list[str]] = {}
    for region in regions():
        for successor in region.successor if not region.parent else ():
            parts.setdefault(successor, []).append(region.short)
    return {name: tuple(shorts) for name, shorts in parts.items()}


@cache
def namesakes() -> dict[str, str]:
    """Return the city that shares the name of a 시도, by that 시도: 광주 is also 경기 광주시."""
    sido = {region.short for region in regions() if not region.parent}
    return {r.name_ko[:-1]: r.short for r in regions() if r.parent and r.name_ko[:-1] in sido - {r.parent}}


def scan(text: str) -> Iterator[PlaceName]:
    """Yield names of places in order; everyday words count only next to their 시도 or a neighbouring place."""
    names, lexicon, ambiguous = _names(), places(), _needs_ending()
    before: PlaceName | None = None
    for match in matches(names.pattern, names.begins, text):
        if lexicon.not_places.match(text, match.start()):
            continue
        name = match.group()
        gap = text[before.end : match.start()] if before else "\0\0"
        is_led = (len(gap) <= 1 and not gap.strip(" ·")) or (
            before is not None and _is_next(before, name, gap) and bool(_ROW_FOLLOWS.match(text, match.end()))
        )
        if (
            name in ambiguous
            and not is_led
            and not _joins_neighbour(text, match, ambiguous)
            and not _shares_ending(text, match)
        ):
            continue
        place = PlaceName(match.start(), match.end(), name, names.means[name], names.scope.get(name, "one"))
        if before and _LED.fullmatch(gap):
            if place.scope == "all" and " " not in before.means[0]:
                continue  # 서울 동남권 is a part of 서울.
            place = _resolve_by_sido(text, before, place)
        before = place
        yield place


def _is_next(before: PlaceName, name: str, gap: str) -> bool:
    """Return whether a name after a comma is a place of the same 시도 as the one before: 청주, 진천, 음성 지역."""
    here = {short.split()[0] for short in _names().means[name]}
    return bool(_ROW_GAP.fullmatch(gap)) and bool(here & {short.split()[0] for short in before.means})


def _joins_neighbour(text: str, match: re.Match[str], ambiguous: frozenset[str]) -> bool:
    """Return whether a name is joined to the next by a dot, which is a place of the same 시도: 예산·홍성."""
    following = _names().pattern.match(text, match.end() + 1) if text[match.end() : match.end() + 1] in _DOTS else None
    if following is None or (following.group() in ambiguous and not _joins_neighbour(text, following, ambiguous)):
        return False
    here, there = ({short.split()[0] for short in _names().means[name]} for name in (match.group(), following.group()))
    return bool(here & there)


def _shares_ending(text: str, match: re.Match[str]) -> bool:
    """Return whether a name begins or goes on a row whose last name has the ending for all: 강남·노원·성동구."""
    row = _SHARED_ENDING.match(text, match.end())
    return row is not None and any(short.endswith(row["ending"]) for short in _names().means[match.group()])


def _resolve_by_sido(text: str, before: PlaceName, place: PlaceName) -> PlaceName:
    """Resolve a name by the 시도 right before it."""
    city = namesakes().get(place.name, "")
    if city and before.means == (city.split()[0],):
        # 서울 경기 광주 is a row of 시도, 경기도 광주 a city.
        following = _names().pattern.match(text, place.end + 1)
        in_row = bool(following) or _names().pattern.search(text, max(0, before.start - 4), before.start)
        return place if in_row and not before.name.endswith("도") else place._replace(means=(city,))
    inside = tuple(short for short in place.means if short.split()[0] in before.means and " " in short)
    return place._replace(means=inside) if inside and place.scope == "one" else place


def resolve(place: PlaceName, context: set[str]) -> tuple[str, ...]:
    """Return the places that a name means; if several share it (중구), the one whose 시도 is in ``context``."""
    if place.scope == "all" or len(place.means) == 1:
        return place.means
    fitting = tuple(short for short in place.means if short.split()[0] in context)
    if place.scope == "parts":
        return fitting or place.means
    # 광주시 is the larger of two unless the text names the other's 시도.
    within = fitting if len(context) < _SEVERAL else ()
    sido = tuple(short for short in within or place.means if " " not in short)
    return sido[:1] or (fitting if len(fitting) == 1 else ())
