"""Places that programmes are for or in, told from places merely passed by."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from gonggo.extract import places
from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import organisations
from gonggo.extract.lexicons import places as lexicon

_HEAD = 300
_BESIDE = 200
_FEWEST = 1.0
# A place that weighs less than this share of the heaviest one is not what the text is about.
_SHARE = 0.3
# Mentions in passing never add up to more than this, unless there are so many and nothing else is named.
_WEAKEST = 0.8
_REPEATED = 8
_MOST = 8
# So many 시도 in a text that speaks of the whole country: it is for the country.
_MANY = 4
_RATE = re.compile(r"\s?\(\d+(?:\.\d+)?\s?%\)")
# A university's or a bureau's name begins with a place that the programme need not be for.
_PASSED = re.compile(r"대(?=[·,\s(와과는가를의]|$)|대학교|고등학교|고속도로")
_ISSUER = re.compile(r"테크노파크|TP|창조경제혁신센터|과학기술원|대학교")
_NATION_WEIGHT = 2.5


def find(doc: Doc, kind: str = "article") -> list[dict[str, Any]]:
    """``[{"name": "경남 창원시", "evidence"}]``, finest names only; 전국 when a national body calls without a place."""
    scores: dict[str, float] = defaultdict(float)
    weak: dict[str, float] = defaultdict(float)
    often: dict[str, int] = defaultdict(int)
    first: dict[str, dict[str, Any]] = {}
    found = doc.places
    context = {short for place in found for short in place.means if " " not in short and len(place.means) == 1}
    for field in ("region", "agency", "title"):
        _from_field(doc, field, context, scores, first)
    title = doc.fields.get("title", "")
    for place in found:
        short = places.resolve(place.means, context)
        if short is None:
            continue
        weight = _weight(doc, place, kind, title)
        (scores if weight >= _FEWEST else weak)[short] += weight
        often[short] += 1
        first.setdefault(short, doc.span(place.start, place.end).evidence())
    for short, weight in weak.items():
        scores[short] += min(weight, _WEAKEST)
    if max(scores.values(), default=0.0) < _FEWEST:
        scores |= {short: _FEWEST for short, times in often.items() if times >= _REPEATED}
    return _finest(doc, kind, scores, first)


def _weight(doc: Doc, place: places.Place, kind: str, title: str) -> float:
    words = lexicon()
    line = _line(doc, place)
    before = re.split(r"[.!?]\s|\n", doc.text[max(0, place.start - 14) : place.start])[-1]
    after = re.split(r"[.!?](?:\s|$)|\n", doc.text[place.end : place.end + 26])[0]
    around = before + place.name + after
    if words.passing.search(around) or _RATE.match(doc.text, place.end) or _PASSED.match(doc.text, place.end):
        return 0.1
    if doc.text[max(0, place.start - 2) : place.start] == "일(":
        # 7월 9일(전주): where an event is held that day.
        return 0.1
    if kind != "announcement":
        aimed = 1.0 if words.aimed.search(doc.text[place.end : place.end + 40]) else 0.0
        return 1.0 + aimed + (1.5 if place.start < _HEAD else 0.0)
    piece = doc.layout.at(place.start)
    zones = set(piece.zones) if piece else set()
    if zones & {"exclusion", "evaluation", "law", "notes", "contact", "documents", "annex", "briefing", "method"}:
        return 0.02
    if _ISSUER.match(doc.text, place.end):
        return 0.4
    if place.name in title:
        return 3.0
    if "target" in zones and words.aimed.search(line):
        return 2.0
    if place.start < _HEAD or (piece and doc.layout.index_at(place.start) < 8):
        return 1.5
    if words.aimed.search(line):
        return 2.0 if not doc.layout.items else 1.0
    return 0.15


def _line(doc: Doc, place: places.Place) -> str:
    """The line of a place, at most 200 characters to each side."""
    before = doc.text[max(0, place.start - _BESIDE) : place.start].rsplit("\n", 1)[-1]
    return before + doc.text[place.start : place.end + _BESIDE].split("\n", 1)[0]


def _from_field(
    doc: Doc, field: str, context: set[str], scores: dict[str, float], first: dict[str, dict[str, Any]]
) -> None:
    said = doc.fields.get(field, "")
    for place in places.scan(said):
        if field == "title" and lexicon().passing.search(said[place.start : place.end + 6]):
            continue
        short = places.resolve(place.means, context | set(place.means[:1]))
        if short:
            scores[short] += 4.0
            first.setdefault(short, doc.field_evidence(field))


def _finest(doc: Doc, kind: str, scores: dict[str, float], first: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    best = max(scores.values(), default=0.0)
    nation = lexicon().nation.search(doc.text[: 3 * _HEAD])
    if best < _FEWEST or (nation and nation.start() < _HEAD and kind != "announcement" and best < _NATION_WEIGHT):
        return _national(doc)
    kept = [short for short, score in scores.items() if score >= max(_FEWEST, min(best * _SHARE, 2.0))]
    covered = {short.split()[0] for short in kept if " " in short}
    if nation and kind != "announcement" and len({short.split()[0] for short in kept}) >= _MANY:
        return [{"name": "전국", "evidence": doc.span(nation.start(), nation.end()).evidence()}]
    return [{"name": short, "evidence": first[short]} for short in kept if short not in covered][:_MOST]


def _national(doc: Doc) -> list[dict[str, Any]]:
    """전국, said so or because a body of the state acts and no place is named."""
    for pattern in (lexicon().nation, _state()):
        found = pattern.search(doc.text)
        if found:
            return [{"name": "전국", "evidence": doc.span(found.start(), found.end()).evidence()}]
    return []


def _state() -> re.Pattern[str]:
    words = organisations()
    names = [n for group in (words.ministries, words.agencies) for full, short in group.items() for n in (full, *short)]
    return re.compile(
        "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r"|(?<![가-힣])정부(?=[가는의와\s])"
        r"|국립[가-힣]{2,14}|[가-힣]{2,12}(?:청|처|부|연구소|위원회)(?=\((?:청장|처장|장관|소장|위원장))"
    )
