"""The regions of programmes, as opposed to places that are only mentioned.

In a call the section of a mention decides; in prose a model (``regions.json``) weighs its features.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from gonggo.extract import linear, places, region_ranking
from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import organisations
from gonggo.extract.lexicons import places as lexicon
from gonggo.extract.record_types import Evidence, Named, Programme

_LEAD_CHARACTERS = 300
_BESIDE = 200
_FEWEST = 1.0
# A place that weighs less than this share of the heaviest one is not what the text is about.
_SHARE = 0.3
# Mentions in passing never add up to more than this, unless there are so many and nothing else is named.
_WEAKEST = 0.8
_REPEATED = 8
_MOST = 8
# So many 시도, each named by itself or as part of a region of several, are the country.
_ALL = 17
# So many 시도 in a text that speaks of the whole country: it is for the country.
_MANY = 4
# Regions of which so many stand in rows are those that the text means.
_NEARLY = 0.75
# A row of so many provinces with their number says where.
_FEWEST_COUNTED = 3
_COUNT_FOLLOWS = re.compile(
    r"\s(?:등\s)?(?:\d{1,2}\s?(?:개\s?)?|[세네]\s?|다섯\s|여섯\s)(?:지역|시[·ㆍ]?도|곳|권역|지자체)"
)
_COUNT_BEFORE = re.compile(r"\d{1,2}개[)\]]\s?[:：]?\s?\Z")
_SENTENCE_BEFORE, _SENTENCE_AFTER = re.compile(r"[.!?]\s|\n"), re.compile(r"[.!?](?:\s|$)|\n")
_RATE = re.compile(r"\s?\(\d+(?:\.\d+)?\s?%\)")
# A university's or a bureau's name begins with a place that the programme need not be for.
_PASSED = re.compile(
    r"대(?=[·,\s(와과는가를의]|병원|$)|시?의\s(?:한\s|[A-Z가-힣○]{1,3}\s?씨)|시?\s[O○]{1,2}동|[가-힣]{0,4}병원(?!장)|대학교|고등학교|고속도로"
)
_ISSUER = re.compile(r"테크노파크|TP|창조경제혁신센터|과학기술원|대학교")
# So much of the threshold is enough for a text of which no place reaches it.
_SECOND = 0.4
# What stands between the places of a row.
_ROW_GAP = re.compile(
    r"(?:특별자치|광역|특례)?[시도군구]?(?:\([^()\n]{1,24}\))?(?:\s?[·ㆍ‧,]\s?|[와과]\s|\s및\s)(?:[가-힣]{2}\s)?"
)
# A local government that pays, or that acts with others: 전주시 45억원, 안양시·평택시와 손잡고.
_PAYS = re.compile(r"(?:(?<=[시군구도])비?|[시군구도]비)\s?\(?(?:약\s|각\s|총\s)?\d[\d,.]*\s?(?:억|백만|천만|만\s?원)")
_ACTS_WITH = re.compile(
    r"(?<=[시군구도])(?:\s?[·,ㆍ]\s?[가-힣]{2,9}[시군구도]){0,6}(?:[와과이가]|[와과]\s[가-힣]{2,14}[이가]?)\s"
    r"(?:손|함께|공동|협력|힘|추진|주최|주관|시행|마련)"
)
# Before a place on its line: where it is tried out.
_TRIED_AT = re.compile(
    r"(?:실증|시험|사업|설치|수행|구축)\s?(?:지역|구역|장소|지|위치|대상지)[)\s]{0,2}[:：)\s]\s?[^\n:：]{0,24}$"
)
_TRIED_NEAR = 40
# After a place in brackets behind a building: where that stands, as (서울 중구 소재).
_IS_ADDRESS = re.compile(r"(?:\s[가-힣]{1,6}[시군구동읍면로])?\s?소재\s?\)")
# After a place: an event is held in a house that stands there: 대전 한빛컨벤션센터에서 성과공유회를 열었다.
_IS_VENUE = re.compile(
    r"(?:특별자치|광역|특별)?[시도군구]?\s[^.\n,]{0,24}?(?:센터|호텔|홀|회관|회의장|전시장|강당|플라자|컨벤션|리조트)(?:\([^)\n]{1,16}\))?\s?(?:에서|서)\s"
    r"[^.\n]{0,70}?(?:개최|열(?:었|린|고|렸|릴|어)|연다|시상|시연회|간담회|공유회|설명회|포럼|[범포정약수]식|보고회)"
)
# Before a place on its line: where an event takes place; who applied.
_HELD_AT = re.compile(r"^[^가-힣\n]{0,6}\(?(?:(?:일시|시간|때)\s?[/·,]?\s?(?:및\s)?)?(?:장소|곳)\s?[)\]:：]")
_APPLIED = re.compile(r"^[^가-힣\n]{0,6}\(?(?:\d{1,3}개\s?)?(?:신청|응모)\s?(?:지자체|지역|시·?도|기관)\s?[)\]:：]")
# The weights of a place that a text leaves out, and of one that it passes by.
_LEFT_OUT, _PASSED_BY = 0.02, 0.1


def find(doc: Doc, kind: str, programmes: list[Programme], model: linear.Model) -> list[Named]:
    """Return only the most specific names (경남 창원시); 전국 for a national body that names no place."""
    return _of_call(doc) if kind == "announcement" else _in_prose(doc, kind, programmes, model)


def _of_call(doc: Doc) -> list[Named]:
    scores: dict[str, float] = defaultdict(float)
    weak: dict[str, float] = defaultdict(float)
    often: dict[str, int] = defaultdict(int)
    first: dict[str, Evidence] = {}
    names = doc.place_names
    context = _Context(doc)
    for field in ("region", "agency", "title"):
        _from_field(doc, field, context, scores, first)
    title = doc.fields.get("title", "")
    groups = [place for place in names if place.scope == "all"]
    for place in names:
        weight = _weight_in_call(doc, place, title)
        if place.scope == "all" and not _is_aimed(doc, place, title):
            continue
        for short in context.resolve(place):
            (scores if weight >= _FEWEST else weak)[short] += weight
            often[short] += 1
            first.setdefault(short, doc.span(place.start, place.end).evidence())
    for short, weight in weak.items():
        scores[short] += min(weight, _WEAKEST)
    if max(scores.values(), default=0.0) < _FEWEST:
        weighty = [place for place in groups if _weight_in_call(doc, place, title) >= _FEWEST]
        _from_groups(doc, weighty, scores, first)
    if max(scores.values(), default=0.0) < _FEWEST:
        scores |= {short: _FEWEST for short, times in often.items() if times >= _REPEATED}
    return _by_score(doc, scores, first)


def _in_prose(doc: Doc, kind: str, programmes: list[Programme], model: linear.Model) -> list[Named]:
    context = _Context(doc)
    stated: dict[str, float] = defaultdict(float)
    evidence: dict[str, Evidence] = {}
    for field in ("region", "agency"):
        _from_field(doc, field, context, stated, evidence)
    mentions = _mentions(doc, context)
    for short, named in mentions.items():
        evidence.setdefault(short, doc.span(named[0].place.start, named[0].place.end).evidence())
    ranked = region_ranking.features_of(doc, kind, mentions, programmes)
    left_out = {short for short, named in mentions.items() if all(weight <= _LEFT_OUT for _, weight in named)}
    weighed = {
        short: model.probability(features) for short, features in ranked.items() if short not in {*stated, *left_out}
    }
    chosen = [*stated] + [short for short, probability in weighed.items() if probability >= model.threshold]
    if not chosen:
        # Of places that each say little, those whose governments act are better than none.
        chosen = [
            short
            for short, probability in weighed.items()
            if probability >= model.threshold * _SECOND and ranked[short]["acts"]
        ]
    rows = _rows(doc, mentions)
    chosen += _row_mates(rows, chosen)
    chosen += _counted(doc, rows, chosen)
    if not chosen:
        grouped: dict[str, float] = defaultdict(float)
        _from_groups(doc, [place for place in doc.place_names if place.scope == "all"], grouped, evidence)
        chosen = [*grouped]
    if not chosen:
        return _national(doc)
    nation = lexicon().nation.search(doc.text[: 3 * _LEAD_CHARACTERS])
    if nation and len({short.split()[0] for short in chosen}) >= _MANY and not _are_listed(rows, chosen):
        return [Named("전국", doc.span(nation.start(), nation.end()).evidence())]
    return _finest(chosen, evidence)


@dataclass
class _Row:
    """Regions that a text names in a row."""

    start: int
    end: int
    shorts: list[str]


def _rows(doc: Doc, mentions: dict[str, list[region_ranking.Mention]]) -> list[_Row]:
    """Return the rows in which the text names regions, without those in passing."""
    placed = sorted(
        (mention.place.start, mention.place.end, mention.weight, short)
        for short, named in mentions.items()
        for mention in named
    )
    rows, last = list[_Row](), None
    for start, end, weight, short in placed:
        if weight <= _PASSED_BY:
            continue
        if last is None or not _ROW_GAP.fullmatch(doc.text[last:start]):
            rows.append(_Row(start, end, []))
        rows[-1].shorts.append(short)
        rows[-1].end = last = end
    return rows


def _are_listed(rows: list[_Row], chosen: list[str]) -> bool:
    """Return whether the text lists nearly all of the regions in rows of several: it means these, not the country."""
    listed = {short for row in rows if len(set(row.shorts)) >= _MANY for short in row.shorts}
    return len(listed & set(chosen)) >= _NEARLY * len(chosen)


def _counted(doc: Doc, rows: list[_Row], chosen: list[str]) -> list[str]:
    """Return the provinces in rows that the text counts: 가, 나, 다, 라 4개 지역에서; (광역시, 3개) 가, 나, 다.

    Such are what a text means that says it of no other place, and those on a line with another row of which it is said.
    """
    counted = [
        row
        for row in rows
        if len(set(row.shorts)) >= _FEWEST_COUNTED
        and not any(" " in short for short in row.shorts)
        and (
            _COUNT_FOLLOWS.match(doc.text, row.end) or _COUNT_BEFORE.search(doc.text, max(0, row.start - 24), row.start)
        )
    ]
    if chosen:
        lines = {doc.text.count("\n", 0, row.start) for row in counted if set(row.shorts) <= set(chosen)}
        counted = [row for row in counted if doc.text.count("\n", 0, row.start) in lines]
    return [short for row in counted for short in dict.fromkeys(row.shorts) if short not in chosen]


def _row_mates(rows: list[_Row], chosen: list[str]) -> list[str]:
    """Return the regions that stand in a row with one that is chosen: 강릉·동해·삼척이, 창원시, 사천시와 진주시는."""
    mates = dict[str, None]()
    for row in rows:
        if any(short in chosen for short in row.shorts):
            level = {" " in short for short in row.shorts if short in chosen}
            mates |= dict.fromkeys(short for short in row.shorts if short not in chosen and (" " in short) in level)
    return [*mates]


def mentions_in_prose(doc: Doc) -> dict[str, list[region_ranking.Mention]]:
    """Return the mentions of each region in prose, with their weights."""
    return _mentions(doc, _Context(doc))


def _mentions(doc: Doc, context: _Context) -> dict[str, list[region_ranking.Mention]]:
    mentions: dict[str, list[region_ranking.Mention]] = defaultdict(list)
    names = doc.place_names
    for place, following in zip_longest(names, names[1:]):
        if place.scope != "all" and not (following and _only_locates(doc, place, following)):
            mention = region_ranking.Mention(place, _weight(doc, place))
            for short in context.resolve(place):
                mentions[short].append(mention)
    return mentions


def _only_locates(doc: Doc, place: places.PlaceName, following: places.PlaceName) -> bool:
    """Return whether a 시도 only says where the city right after it is: 충남 공주시, 전남(나주시)."""
    gap = doc.text[place.end : following.start]
    return gap in ("", " ", "(") and any(short.startswith(f"{place.means[0]} ") for short in following.means)


def _is_aimed(doc: Doc, place: places.PlaceName, title: str) -> bool:
    """Return whether a region of several 시도 is a target of the call in addition to places named individually."""
    block = doc.layout.at(place.start)
    return place.name in title or bool(block and "target" in block.sections)


def _from_groups(
    doc: Doc, groups: list[places.PlaceName], scores: dict[str, float], first: dict[str, Evidence]
) -> None:
    """Add the regions of several 시도 at the beginning of a text that names no individual place.

    A text that contrasts one with the rest of the country (수도권, 비수도권) is for the whole country.
    """
    for place in groups:
        if place.start < _LEAD_CHARACTERS and f"비{place.name}" not in doc.text:
            for short in place.means:
                scores[short] += _FEWEST
                first.setdefault(short, doc.span(place.start, place.end).evidence())


class _Context:
    """Resolves the names of a text by the other names in it."""

    def __init__(self, doc: Doc) -> None:
        fields = [place for name in ("region", "agency", "title") for place in places.scan(doc.fields.get(name, ""))]
        clear = [place for place in (*fields, *doc.place_names) if len(place.means) == 1]
        self.named = {short for place in clear for short in place.means if " " not in short}
        self.around = {place.means[0].split()[0] for place in clear}
        self.sido = [
            (place.start, place.means[0]) for place in doc.place_names if place in clear and " " not in place.means[0]
        ]
        self.cities = {sido: city for sido, city in places.namesakes().items() if self._is_city(sido, city, clear)}

    @staticmethod
    def _is_city(sido: str, city: str, clear: list[places.PlaceName]) -> bool:
        """Return whether a text that names a city also means it by the bare name that it shares with a 시도."""
        own = [place for place in clear if place.means == (sido,) and place.name not in (sido, f"{sido}시")]
        return any(place.means == (city,) for place in clear) and not own

    def resolve(self, place: places.PlaceName) -> tuple[str, ...]:
        """Return the places that a name means, by the 시도 in the text: the nearest before it or that of its cities."""
        if place.scope == "one" and place.means[0] in self.cities:
            return (self.cities[place.means[0]],)
        meanings = places.resolve(place, self.named)
        if place.scope == "parts" and len(meanings) > 1:
            meanings = places.resolve(place, self.around)
        if meanings or place.scope != "one":
            return meanings
        before = [short for start, short in self.sido if 0 <= place.start - start <= _BESIDE]
        return places.resolve(place, set(before[-1:])) or places.resolve(place, self.around - self.named)


def _weight(doc: Doc, place: places.PlaceName) -> float:
    """Return the weight of a mention for a region; it is small if the text mentions it only in passing."""
    words = lexicon()
    near = _SENTENCE_BEFORE.split(doc.text[max(0, place.start - 14) : place.start])[-1]
    after = _SENTENCE_AFTER.split(doc.text[place.end : place.end + 26])[0]
    around = near + place.name + after
    if words.left_out.match(doc.text, place.end):
        return _LEFT_OUT
    if words.passing.search(around) or _RATE.match(doc.text, place.end) or _PASSED.match(doc.text, place.end):
        return _PASSED_BY
    before = _line_before(doc, place)
    if _APPLIED.search(before):
        return _LEFT_OUT
    if _IS_ADDRESS.match(doc.text, place.end) or _IS_VENUE.match(doc.text, place.end) or _HELD_AT.search(before):
        return _PASSED_BY
    if doc.text[max(0, place.start - 2) : place.start] == "일(":
        # 7월 9일(전주): where an event is held that day.
        return _PASSED_BY
    aimed = 1.0 if words.aimed.search(doc.text[place.end : place.end + 40]) else 0.0
    return 1.0 + aimed + (1.5 if place.start < _LEAD_CHARACTERS else 0.0)


def _weight_in_call(doc: Doc, place: places.PlaceName, title: str) -> float:
    """Return the weight of a mention in a call for a region, by its section."""
    words, line = lexicon(), _line(doc, place)
    if (weight := _weight(doc, place)) <= _PASSED_BY:
        return weight
    block = doc.layout.at(place.start)
    sections = set(block.sections) if block else set()
    if sections & {"exclusion", "evaluation", "law", "notes", "contact", "documents", "annex", "briefing", "method"}:
        return 0.02
    if _ISSUER.match(doc.text, place.end):
        return 0.4
    if place.name in title:
        return 3.0
    if _PAYS.match(doc.text, place.end) or _ACTS_WITH.match(doc.text, place.end):
        return 2.0
    if "target" in sections and words.aimed.search(line):
        return 2.0
    if _TRIED_AT.search(doc.text, max(0, place.start - _TRIED_NEAR), place.start):
        return 2.0
    if place.start < _LEAD_CHARACTERS or (block and doc.layout.index_at(place.start) < 8):
        return 1.5
    if words.aimed.search(line):
        return 2.0 if not doc.layout.items else 1.0
    return 0.15


def _line_before(doc: Doc, place: places.PlaceName) -> str:
    """Return the line of a place up to its name, at most 200 characters."""
    return doc.text[max(0, place.start - _BESIDE) : place.start].rsplit("\n", 1)[-1]


def _line(doc: Doc, place: places.PlaceName) -> str:
    """Return the line of a place, up to 200 characters to each side."""
    return _line_before(doc, place) + doc.text[place.start : place.end + _BESIDE].split("\n", 1)[0]


def _from_field(doc: Doc, field: str, context: _Context, scores: dict[str, float], first: dict[str, Evidence]) -> None:
    text = doc.fields.get(field, "")
    for place in places.scan(text):
        if field == "title" and lexicon().passing.search(text[place.start : place.end + 6]):
            continue
        if lexicon().left_out.match(text, place.end):
            continue
        for short in context.resolve(place) or places.resolve(place, set(place.means[:1])):
            scores[short] += 4.0
            first.setdefault(short, doc.field_evidence(field))


def _by_score(doc: Doc, scores: dict[str, float], evidence: dict[str, Evidence]) -> list[Named]:
    """Return the regions of a call whose weight is large enough compared with the largest."""
    best = max(scores.values(), default=0.0)
    if best < _FEWEST:
        return _national(doc)
    return _finest(
        [short for short, score in scores.items() if score >= max(_FEWEST, min(best * _SHARE, 2.0))], evidence
    )


def _finest(chosen: list[str], evidence: dict[str, Evidence]) -> list[Named]:
    """Return the regions without 시도 of which a part is named; 전국 if nearly all 시도 are."""
    covered = {short.split()[0] for short in chosen if " " in short}
    if len({short.split()[0] for short in chosen}) >= _ALL:
        return [Named("전국", evidence[chosen[0]])]
    named = [short for short in chosen if short not in covered]
    named = named if all(" " not in short for short in named) else named[:_MOST]
    return [Named(short, evidence[short]) for short in named]


def _national(doc: Doc) -> list[Named]:
    """Return 전국 if the text says so, or if a national body has a role and no place is named."""
    for pattern in (lexicon().nation, _state()):
        match = pattern.search(doc.text)
        if match:
            return [Named("전국", doc.span(match.start(), match.end()).evidence())]
    return []


@cache
def _state() -> re.Pattern[str]:
    words = organisations()
    names = [n for group in (words.ministries, words.agencies) for full, short in group.items() for n in (full, *short)]
    return re.compile(
        "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r"|(?<![가-힣])정부(?=[가는의와\s])"
        r"|국립[가-힣]{2,14}|[가-힣]{2,12}(?:청|처|부|연구소|위원회)(?=\((?:청장|처장|장관|소장|위원장))"
    )
