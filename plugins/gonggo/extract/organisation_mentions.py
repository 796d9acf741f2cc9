"""Mentions of organisations in a text: ministries, cities, agencies, institutes, universities, companies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from gonggo.extract import firms
from gonggo.extract.lexicons import organisations, regions
from gonggo.extract.words import alternation, final_consonant, first_letters, matches

# Legal forms before a name: part of how it is written, not of the name.
FORM = re.compile(r"(?:\(재\)|\(사\)|\(주\)|㈜|재단법인|사단법인|주식회사|（재）|\(유\))\s?")
_ALIAS = re.compile(
    r"\s?\(\s?(?:이하\s?)?[‘'“\"「]?([A-Z][A-Za-z\- ]{1,14}|[가-힣A-Za-z]{2,10}(?:\s?AI\s?연구원"
    r")?)[’'”\"」]?(?:이라\s?한다)?\)"
)
# With who heads it: 서울산업진흥원(SBA, 대표 김하나), 인천항만공사(사장 이두리, IPA).
_BESIDE_HEAD = re.compile(
    r"\s?\((?:[가-힣]{2,6}\s[가-힣]{2,4},\s)?([A-Z][A-Za-z\-]{1,9})(?:,\s[가-힣]{2,6}\s[가-힣]{2,4})?\)"
)
_HEADED = re.compile(r"\s?\([^()]{0,24}?이하\s?[‘'“\"「]?([가-힣A-Za-z]{2,12})[’'”\"」]?\)")
_HANGUL = re.compile(r"[가-힣 ]+")
_NOT_ALIAS = re.compile(
    r"장$|원장|대표|총장|회장|사장|청장|장관|시장|도지사|기관$|소재|이하$|통합"
    r"|총괄|전담|주관|부서|과장|본부|부처$"
)


class Mention(NamedTuple):
    """A mention of an organisation.

    ``surface`` is what is written, ``name`` the full name if the lexicon has one. ``alias_end`` is the end including a
    short form in brackets.
    """

    start: int
    end: int
    surface: str
    name: str
    entity_type: str
    alias_end: int
    alias: str = ""


@cache
def _lexicon_patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, tuple[str, str]]]:
    """Return a pattern of the names in the lexicon, one of their beginnings, and name and type by what is written."""
    lexicon, full = organisations(), dict[str, tuple[str, str]]()
    for entity_type, group in (("ministry", lexicon.ministries), ("agency", lexicon.agencies)):
        for name, shorts in group.items():
            full |= dict.fromkeys((name, *shorts), (name, entity_type))
    full |= {name: (name, "university") for name in lexicon.universities}
    full |= {name: (name, "company") for name in lexicon.known_companies}
    latin = [name for name in full if re.fullmatch(r"[A-Za-z\-]+", name)]
    hangul = [name for name in full if name not in latin]
    pattern = re.compile(
        rf"(?:{alternation(hangul)})(?![A-Za-z]|학교|학원|형|터)|(?:{alternation(latin)})(?![A-Za-z0-9\-_.@])"
    )
    return pattern, re.compile(first_letters(full, after="[가-힣A-Za-z]")), full


# The part of a name before its ending: one word, as long as it is.
_FRONT = re.compile(
    r"(?<![가-힣A-Za-z])(?:(?:대구|경북|광주|전남|부산|울산|경남|대전|충남|충북|세종|강원|한국)[·ㆍ-])?[가-힣A-Za-z]{2,16}\Z"
)
_LONGEST_FRONT = 20


@cache
def _endings() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{alternation(organisations().endings)})"
        r"(?:\s(?:산학협력단|인공지능연구원|AI연구원|[가-힣A-Za-z]{2,8}(?:연구원|연구소)))?"
        r"(?![가-힣]{0,20}(?:장\s|사업|연구실|업|원장|생|법|료))(?=$|[^가-힣]|은|는|이|가|을|를|의|에|과|와|로|도|및|등|에서|에게|측)"
    )


def _shaped(text: str) -> Iterator[tuple[int, int]]:
    """Yield words that end like the name of an organisation."""
    for match in _endings().finditer(text):
        front = _FRONT.search(text, max(0, match.start() - _LONGEST_FRONT), match.start())
        if front and (match.group() != _CHAMBER or front.group() in _with_chambers()):
            yield front.start(), match.end()


# The short form of 상공회의소, which other words end with too: 대구상의, not 영상의 or 향상의.
_CHAMBER = "상의"


@cache
def _with_chambers() -> frozenset[str]:
    """Return the names of the places that have a chamber of commerce, and of the country."""
    stems = {region.name_ko[:-1] for region in regions() if region.name_ko.endswith(("시", "군"))}
    return frozenset({"대한", *stems, *(region.short for region in regions() if not region.parent)})


@cache
def _governments() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return a pattern of cities and provinces that do something (창원시는, 경남도와), and one of their beginnings."""
    names = {r.name_ko for r in regions() if not r.name_ko.endswith("구")}
    names |= {f"{r.short}도" for r in regions() if not r.parent} | {f"{r.short}시" for r in regions() if not r.parent}
    names |= {a for r in regions() for a in r.aliases if a.endswith(("도", "시"))}
    names |= {f"{a}" for r in regions() for a in (r.name_ko,) if a.endswith("구") and len(a) > 2}
    pattern = re.compile(
        rf"({alternation(names)})(?=(?:청)?(?:[은는이가와과도]|에서는|[을를](?=,)|[을를]\s(?:비롯해?|[가-힣\d]{{0,4}}\s?(?:선정|뽑|지정)[가-힣]*)|\s등\s\d+개)(?=[\s.,])"
        r"|\s?\(|,\s?[가-힣A-Z(㈜]|[·ㆍ‧]|[-–]|\s?[▲△▷▶]|\s[‘'“\"「]|청|\s?\||\s(?:공고|관계자|주최|주관|[가-힣]{2,8}(?:과|국|팀)\s|[A-Z가-힣]{2,8}국(?:[은는이가을의]\s|\s(?:본)?예산))"
        r"|의\s(?:[가-힣]{1,6}\s?)?(?:지원|예산|기금|출연|보조|공모|위탁)|에\s(?:[^.\n]{0,30}\s)?(?:건의|요청|제안)|\s\d[\d,.]*\s?[억,)]|에서\s|에\s?따르면|\s?[가-힣]{2,3}\s?시장|$|\n|\s[/|]|와\s|과\s)"
    )
    return pattern, re.compile(first_letters(names, after="[가-힣]"))


@cache
def _region_of() -> dict[str, str]:
    """Return every name of a city or province → its present official name."""
    by_name: dict[str, str] = {}
    for region in regions():
        if not region.valid_to or region.name_ko not in by_name:
            forms = (
                region.name_ko,
                *region.aliases,
                *((f"{region.short}도", f"{region.short}시") if not region.parent else ()),
            )
            # 광주시 is another name of 광주광역시 before it is that of the city in 경기.
            is_newer = not region.valid_to and not region.parent
            by_name |= {form: region.name_ko for form in forms if form not in by_name or is_newer}
    return by_name


_TP = re.compile(
    r"(?=[가-힣]{2,4}TP)(?<![가-힣A-Za-z])((?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원"
    r"|충북|충남|전북|전남|경북|경남|제주|포항|경기대진)TP)(?![A-Za-z])"
)


def scan(text: str, named: Iterable[tuple[int, int]] = (), lists: Iterable[tuple[int, int]] = ()) -> list[Mention]:
    """Return mentions in text order; of overlapping ones the longest from the left.

    ``named`` are positions where the layout requires an organisation, such as cells below 기관명; ``lists`` those of
    rows of them, such as the values of 참여기관.
    """
    cells = [_mention(text, start, end, text[start:end], "agency") for start, end in named]
    mentions_of_parts = [*_all(text), *cells]
    for start, end in firms.other_entries(text, ((m.start, m.end) for m in mentions_of_parts), lists):
        entity_type = "agency" if _ENDS_LIKE_AGENCY.search(text, start, end) else "company"
        mentions_of_parts.append(_mention(text, start, end, text[start:end], entity_type))
    mentions = sorted(mentions_of_parts, key=lambda m: (m.start, -(m.end - m.start)))
    longest: list[Mention] = []
    for mention in mentions:
        if not longest or mention.start >= longest[-1].alias_end:
            longest.append(mention)
    return longest


_ENDS_LIKE_AGENCY = re.compile(r"(?:원|공사|공단|재단|협회|센터|병원|청|연구소|사업단|기금|본부)$")
# Who issues a notice: before its number, and before the office of the one who signs. The ends of both are found fast;
# few texts have them.
_NUMBER = re.compile(r"20\d\d\s?[–-]\s?\d{1,4}\s?호")
_NOTICE_NUMBER = re.compile(
    rf"^\W{{0,4}}(?:(?:재|사|주)\)\s?)?(?P<name>[가-힣][가-힣A-Za-z]{{4,19}}?)(?:\s?공고\s?|\s)제?\s?{_NUMBER.pattern}",
    re.MULTILINE,
)
_OFFICE = re.compile(r"(?:대표이사|이사장|원장|협회장|회장|센터장|단장)\s*(?:\(?직인\)?)?$", re.MULTILINE)
_SIGNATURE = re.compile(rf"(?:^|\s|\))(?P<name>[가-힣][가-힣A-Za-z]{{4,19}})\s{_OFFICE.pattern}", re.MULTILINE)
# A name with who heads it in brackets: 나린에이아이(대표 김하나), 온빛인공지능센터(센터장 이두리).
_WITH_HEAD = re.compile(
    r"(?<![가-힣A-Za-z·])(?P<name>(?:[A-Z]{2,4}\s)?[가-힣A-Za-z][가-힣A-Za-z0-9&]{2,23})\s?\((?:공동\s?)?"
    r"(?P<head>대표이사|대표|사장|원장|총장|이사장|센터장|단장|소장|본부장|회장|관장|병원장)\s?[가-힣]{2,4}(?=[,)·\s])"
)
_HEAD_IN_BRACKETS = re.compile(r"\((?:공동\s?)?(?:대표|[사원총단소회관]장|이사장|센터장|본부장|병원장)")
_OF_COMPANIES = ("대표이사", "대표", "사장", "회장")
_ENDS = re.compile(r"[^가-힣]|$|[은는이가을를의에과와로도만측]|[및등]|에서|에게|그룹")
# A word that may be the name of a person.
_PERSON = re.compile(r"[가-힣]{3}")
# A particle behind the name of a company.
_AFTER_COMPANY = re.compile(r"(?<=[가-힣]{3})(?:가|는|은|와|과|의|를|을|이)$")
# What a university or an institute calls a part of its own that acts by itself.
_BRANCH = re.compile(
    r"\s(?:ERICA|[가-힣]{2,6}(?<!대학)(?<!부속)병원|[가-힣A-Za-z]{2,8}(?:분원|교육원|캠퍼스|산학협력단|창업지원단)|(?:산학협력단|창업지원단|[가-힣A-Za-z]{2,16}(?:연구원|연구소|기술원)))"
    r"(?=[^가-힣]|[은는이가을를의에과와로도])"
)
# An office of a national organisation in a region that acts by itself: 한국은행 대구경북본부, 농협제주본부.
_OFFICE_OF = re.compile(
    r"\s?(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|충청|전북|전남|호남|경북|경남|영남|제주)[가-힣]{0,8}본부(?=[^가-힣]|[은는이가을를의에과와로도])"
    r"|\s(?:[가-힣]{2,6}(?:지역본부|지사|지부)|[가-힣]{2,4}권\s?(?:연구센터|본부)|[가-힣A-Za-z]{2,8}대학원)(?=[^가-힣]|[은는이가을를의에과와로도])"
)
# A district that shares its name with those of other cities is an organisation after its city: 대구 동구청은.
_DISTRICTS = ("중구", "동구", "서구", "남구", "북구")
_ACTS = r"(?=(?:청)?(?:[은는이가와과도]|에서는|[을를]\s비롯해?)\s|청)"
# Who signs by his office: 김석필 천안시장과 협약을 맺었다.
_MAYOR_SIGNS = re.compile(r"[^.\n]{0,90}(?:협약|양해각서|MOU)")


def _all(text: str) -> Iterator[Mention]:
    lexicon = organisations()
    pattern, begins, full = _lexicon_patterns()
    for match in matches(pattern, begins, text):
        name, entity_type = full[match.group()]
        if entity_type in ("company", "university") and not _ENDS.match(text, match.end()):
            continue  # 카카오 in 카카오톡, 세종대 in 세종대왕
        branch = _branch(text, match.end(), name, entity_type)
        if branch:
            yield _mention(text, match.start(), branch.end(), text[match.start() : branch.end()], entity_type)
        else:
            yield _mention(text, match.start(), match.end(), name, entity_type)
    for start, end in _shaped(text):
        surface = text[start:end]
        if not lexicon.not_organisations.search(surface) and not lexicon.media.search(surface):
            entity_type = "university" if "대학교" in surface or surface.endswith("고등학교") else "agency"
            branch = (_BRANCH if surface.endswith("대학교") else _OFFICE_OF).match(text, end)
            last = branch.end() if branch else end
            yield _mention(text, start, last, text[start:last], entity_type)
    for match in matches(*_governments(), text):
        name = _region_of().get(match[1], match[1])
        yield _mention(text, match.start(1), match.end(1), name, "government")
    yield from _districts(text)
    yield from _in_rows_of_provinces(text)
    for match in _TP.finditer(text) if "TP" in text else ():
        yield _mention(text, match.start(1), match.end(1), match[1].replace("TP", "테크노파크"), "agency")
    for issuer, ends in ((_NOTICE_NUMBER, _NUMBER), (_SIGNATURE, _OFFICE)):
        for match in issuer.finditer(text) if ends.search(text) else ():
            if not lexicon.not_organisations.search(match["name"]) and not lexicon.media.search(match["name"]):
                yield _mention(text, *match.span("name"), match["name"], "agency")
    for match in _WITH_HEAD.finditer(text) if _HEAD_IN_BRACKETS.search(text) else ():
        if not lexicon.not_organisations.search(match["name"]) and not lexicon.media.search(match["name"]):
            entity_type = "company" if match["head"] in _OF_COMPANIES else "agency"
            yield _mention(text, *match.span("name"), match["name"], entity_type)
    for start, end in firms.scan(text):
        yield _mention(text, start, end, text[start:end], "company")
    for company in lexicon.companies:
        if any(word in text for word in company.needs):
            yield from _companies(text, company.pattern)


def in_full(name: str) -> str:
    """Return a name of several words with the full name of the body that it begins with: 중기중앙회 인천지역본부."""
    head, space, part = name.partition(" ")
    return f"{_lexicon_patterns()[2].get(head, (head,))[0]}{space}{part}" if space else name


def _branch(text: str, end: int, name: str, entity_type: str) -> re.Match[str] | None:
    """Return the branch of an organisation that is named right after it and acts by itself."""
    if entity_type == "university" or name.endswith(("대학교", "과학기술원", "과학기술연구원")):
        return _BRANCH.match(text, end)
    return _OFFICE_OF.match(text, end) if entity_type == "agency" else None


# A row of provinces by their short names, and what says that it is one of governments.
_GOVERNMENTS = re.compile(
    r"(?<=[가-힣])(?:\s등)?\s?(?:[가-힣]{2,3}권\s?)?(?:\d{1,2}개|[두세네]\s?(?:개)?)\s?(?:광역\s?)?(?:지자체|지방자치단체|시[·ㆍ]?도|광역단체)"
    r"(?=(?:[가이은는와과]|\s공동)[^.\n]{0,24}?(?:공동|함께|선정|뽑|컨소시엄|힘|손))"
)
_ROW_OF_SHORTS = re.compile(r"(?<![가-힣])(?:[가-힣]{2}\s?[,·ㆍ]\s?){1,12}[가-힣]{2}\Z")
_SHORT = re.compile(r"[가-힣]{2}")
_LONGEST_ROW = 60


def _districts(text: str) -> Iterator[Mention]:
    for match in matches(*_district(), text):
        yield _mention(text, *match.span("name"), match["name"], "government")


@cache
def _district() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return a pattern of districts after their cities, and one of the beginnings of these."""
    cities = {name for r in regions() if not r.parent for name in (r.short, r.name_ko, f"{r.short}시")}
    pattern = re.compile(rf"(?:{alternation(cities)})\s?(?P<name>{'|'.join(_DISTRICTS)}){_ACTS}")
    return pattern, re.compile(first_letters(cities, after="[가-힣]"))


def _in_rows_of_provinces(text: str) -> Iterator[Mention]:
    """Yield provinces in a row that says that their governments are meant: 부산·울산·경남 3개 시도가."""
    shorts = _shorts()
    for end in _GOVERNMENTS.finditer(text):
        first = max(0, end.start() - _LONGEST_ROW)
        if row := _ROW_OF_SHORTS.search(text, first, end.start()):
            for match in _SHORT.finditer(text, row.start(), row.end()):
                if match.group() in shorts:
                    yield _mention(text, *match.span(), shorts[match.group()], "government")


@cache
def _shorts() -> dict[str, str]:
    """Return short name → official name of each 시도."""
    return {
        region.short: _region_of()[f"{region.short}{end}"]
        for region in regions()
        if not region.parent
        for end in ("시", "도")
        if f"{region.short}{end}" in region.aliases
    }


def _without_particle(surface: str) -> str:
    """Return a company without the particle; 이 is one only after a final consonant: 다솜랩이, not 가람아이."""
    if surface.endswith("이") and len(surface) > 1 and not final_consonant(surface[-2]):
        return surface
    return _AFTER_COMPANY.sub("", surface)


def _companies(text: str, pattern: re.Pattern[str]) -> Iterator[Mention]:
    lexicon = organisations()
    for match in pattern.finditer(text):
        group = str(match.lastgroup)
        surface = match[group]
        if group == "after":
            surface = _without_particle(surface)
        # Beside its legal form a word of three syllables is no person.
        is_person = group != "before" and group != "after" and bool(_PERSON.fullmatch(surface))
        if not is_person and not lexicon.not_companies.search(surface) and not lexicon.media.search(surface):
            yield _mention(text, match.start(group), match.start(group) + len(surface), surface, "company")


def _mention(text: str, start: int, end: int, name: str, entity_type: str) -> Mention:
    """Return a mention, with the short form in brackets right after it if there is one.

    In brackets after a city or province stand its parts or its head; a short form only where it says so.
    """
    for pattern in (_HEADED,) if entity_type == "government" else (_ALIAS, _HEADED, _BESIDE_HEAD):
        alias = pattern.match(text, end)
        if alias and not _NOT_ALIAS.search(alias[1]) and _can_be_short(alias, text[start:end], name):
            return Mention(start, end, text[start:end], name, entity_type, alias.end(), alias[1].strip())
    return Mention(start, end, text[start:end], name, entity_type, end)


def _can_be_short(alias: re.Match[str], *names: str) -> bool:
    """Return whether what stands in brackets is a short form: of letters of the name, or said to be one."""
    if not _HANGUL.fullmatch(alias[1]) or alias.group().strip(" ()") != alias[1]:
        return True
    return any(_are_in_order(alias[1], name) for name in names)


def _are_in_order(letters: str, name: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in letters)
