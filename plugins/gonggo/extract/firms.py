"""Companies that prose names without a legal form: in lists, before "등 기업", and after a description."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from gonggo.extract.lexicons import organisations, regions, sectors
from gonggo.extract.words import final_consonant

_NAME = r"[가-힣A-Za-z][가-힣A-Za-z0-9&]{1,13}"
_FORM_BEFORE = r"(?:(?:㈜|\((?:주|유|재|사)\))\s?)?"
_ROW = rf"(?:{_FORM_BEFORE}{_NAME}\s?[,·]\s?){{1,14}}{_FORM_BEFORE}{_NAME}"
# A line that names those selected in one field: △생활로봇 = A, B, C; ▷금융(2) A, B.
_LINE = re.compile(
    rf"^[△▷▲▶◇◆○●▸‣·ㅇ*-]\s?[가-힣A-Za-z·/\s]{{2,16}}(?:\(\d{{1,3}}\)\s?[:=]?|\s?[:=])\s?(?P<row>{_ROW})\s*$",
    re.MULTILINE,
)
# Where such lines may stand: near words that say that companies were chosen or moved in.
_CHOSEN = re.compile(
    r"(?:선정|입주|참여|수행|협약|공급|수상|지원)\s?(?:기업|업체|사|과제|팀)|[개\d]사[가를]?\s?(?:선정|확정|뽑)|다음과\s같다"
)
_REACH = 400
# A row of names, and what they are: A, B, C 등 중소기업 세 곳. What follows the row is found fast; few texts have it.
_AND_OTHERS = re.compile(
    r"\s등\s?(?:이?\s)?(?:\d+개?\s?(?:사|곳|개\s?(?:기업|업체))|\d+개\s?(?:[가-힣A-Za-z·]{2,6}\s){0,2}[가-힣]{0,4}(?:기업|업체)(?:이|들|을|과|은|의|\s)|(?:[가-힣A-Za-z·]{2,6}\s){0,3}(?:중소|중견|참여|입주|지역|선정|스타트|전문|공급|제조|앵커)?(?:기업|업체|회사|스타트업)(?:이|들|을|과|은|의|\s))"
)
_ET_CETERA = re.compile(rf"(?<![가-힣A-Za-z,·)㈜])(?P<row>{_ROW}){_AND_OTHERS.pattern}")
# What a company is, right before its name, and what ends the name.
_IS = (
    r"(?:(?:업체|기업|개발사|제조사|회사|협력사|공급사|시행사|시공사|운영사|운용사|주관사|참여사)(?:인|(?P<become>으?로))?|참여\s중인"
    r"|(?<=[을를]\s)(?:만드는|만든|개발한|공급하는|제조하는))"
)
_APPOSITION = re.compile(
    rf"(?=[업기개제회협공만시운주참])(?<![A-Za-z·,])(?P<is>{_IS})\s(?P<name>{_NAME}?)(?P<end>은|는|이|가|과|와|을|를)\s"
)
# A row of names after what they are: 물류 기업인 A, B, C와.
_APPOSED_ROW = re.compile(rf"(?<=기업인\s)(?P<row>(?:{_NAME},\s){{1,9}}{_NAME}?)(?:[이가은는와과을를])(?=\s)")
# A row with a mark before each name: △A △B △C가 참여해.
_MARKED_ROW = re.compile(
    rf"(?:[△▲▷▶]\s?{_NAME}\s?){{1,9}}[△▲▷▶]\s?{_NAME}?(?:등)?(?:\s등)?[이가은는와과]\s[^.\n△▲▷▶]{{0,16}}?(?:참여|협력|함께|공동)"
)
_ROW_MARKS = frozenset("△▲▷▶")
_MARKED_NAME = re.compile(rf"[△▲▷▶]\s?(?P<name>{_NAME}?)(?:\s?등)?(?=\s?[△▲▷▶]|[이가은는와과]\s)")
# The last of those that sign: 포항시는 A, B와 업무협약을 맺었다.
_SIGNER = re.compile(
    rf"(?:,|과|와)\s(?P<name>{_NAME}?)(?:와|과)\s[^.\n]{{0,60}}?(?:업무\s?협약|투자\s?협약|협약을|양해각서|MOU)"
)
# A team that won or was chosen by the name in quotation marks before it: 대상은 ‘나래결’팀에 돌아갔다.
_TEAM = re.compile(r"[‘'“\"](?P<name>[가-힣A-Za-z0-9&][가-힣A-Za-z0-9& ]{1,15})[’'”\"]\s?팀(?=[이은의을과에와]|,|\s)")
_WINS = re.compile(r"대상|최우수|우수상|장려상|수상|우승|선정|뽑")
_WINS_NEAR = 90
# Names in quotation marks behind their places, all that a footnote contains: * (청주) '가람클럽', (제주) '늘봄회'.
_FOOTNOTE = re.compile(r"^\s*\*{1,3}\s?(?:\([가-힣]{2,6}\)\s?[‘'“\"][^’'”\"\n]{2,24}[’'”\"][,\s]*){2,}$", re.MULTILINE)
_QUOTED_OF_PLACE = re.compile(r"\([가-힣]{2,6}\)\s?[‘'“\"](?P<name>[^’'”\"\n]{2,24})[’'”\"]")
_BODIES_BEFORE = re.compile(r"(?:기관|기업|업체|단체|대학|학교|법인)\*")
# A firm of a place that a sentence says to be one: 충북 청주의 가온텍은 반도체 기판을 만드는 업체로.
_OF_ITS_PLACE = re.compile(
    rf"[가-힣]{{2}}의\s(?P<name>{_NAME}?)[은는]\s[^.\n]{{2,60}}?(?:업체|전문기업|기업|회사|제조사|개발사)(?:로[,\s]|으로[,\s]|다[.\s]|이다)"
)
# What says of a row before it that its entries act: A·B·C 등이 참여했다, A, B와 협약을 맺었다.
_ACTS = (
    r"(?:참여|협력|협약|양해각서|MOU|함께|공동|컨소시엄|수행|선정|입주|투자|손(?:을)?\s?잡|힘을\s?(?:모|합)"
    r"|운영|맡|가르|길러|나눠\s개발)"
)
_KIND = r"(?:기관|기업|업체|대학|연구소|단체|곳|사|개사)"
_ROW_ENDS = re.compile(
    rf"(?:\s등(?:이|과|은|의|도|\s(?:[가-힣\d]+\s){{0,4}}?[가-힣\d]*{_KIND}(?:이|들|과|와|은|는|의|가|도|으로)?)|[이가은는와과](?=\s))(?=\s?[^.\n]{{0,40}}?{_ACTS})|(?:으로|로)(?=\s(?:구성|이뤄진|이루어진|꾸린))"
)
_ENTRY = rf"{_NAME}(?:\*{{0,3}} [가-힣A-Z][가-힣A-Za-z]{{1,8}})?(?:\([^()\n]{{1,16}}\))?\*{{0,3}}"
_BETWEEN = r"(?:\s?[,·ㆍ]\s?|(?<=[가-힣A-Za-z)])[와과]\s|\s및\s)"
_ROW_BEFORE = re.compile(rf"(?<![가-힣A-Za-z·ㆍ,&])(?:{_ENTRY}{_BETWEEN}){{1,14}}{_ENTRY}$")
_ENTRIES = re.compile(_BETWEEN)
# The last entry of a row, with what is before it, is shorter.
_LONGEST_ROW, _LAST_ENTRY = 220, 64
_PARTICLES = ("이", "가", "은", "는", "와", "과")
# After a name that stands behind 업체로: what it is named for.
_TAKES_PART = re.compile(r"[^.\n]{0,24}?(?:참여|선정|뽑|나서|나선|맡|함께|이름|합류|지정)")
_OF_VERBS, _OF_OBJECTS = ("은", "는"), ("을", "를")
_BARE = ("기업", "업체", "회사")
_ORGANISATION = re.compile(rf"(?!.*[을를가는]\s){_NAME}(?: [가-힣A-Z][가-힣A-Za-z]{{1,9}})?")
_IN_BRACKETS = re.compile(r"\([^()]*\)\*{0,3}$|\*{1,3}$")
# Who is named by office and person, not as an organisation: a row of such is one of those present.
_OFFICE = re.compile(
    r"(?:원장|회장|사장|시장|군수|지사|총장|의장|상무|전무|국장|과장|부장|팀장|단장|소장|위원|의원|장관|차관|대표|이사|교수|박사)$"
)
# What a row of organisations names besides: groups without a name.
_GROUP = re.compile(
    r"(?:대학|기관|단체|연구소|지자체|주민|시민|학생|농가|농민|전문가|교사|군민|도민|의회|언론|학계|업계|산업계|정부|센터|상인|학교|지역|연구진|연구팀|팀|청년|법인|군|시|도)$"
)
# A province or a city with its particle.
_OF_PLACE = re.compile(r"[도시군구](?:[을를은는이가에와과의로]|에서|으로)$")
_FORM = re.compile(r"\s*(?:\([재사주유]\)|㈜|재단법인|사단법인|주식회사)?\s?")
_SHORTEST = 3
_PARTS = re.compile(r"\s?[,·]\s?")
# What stands where a name could and is none: words with an ending of their own, sizes, people.
_NO_NAME = re.compile(
    r"(?:들|에서|에게|으로|하는|하고|하며|된|되는|적|대표|이사|관계자|측|(?<![앤엔피])씨|등|명|곳|개|사업|사업부|지원|센터장|교수|박사|대비|이상|이하|경우|직원|노동자|근로자|종사자|전용반|현장|공장|기업|업체|회사|분야|산업|투자|참여|선정|제안|과제|성장|협력|상생|육성|혁신|경쟁력)$"
    r"|^(?:제품|기술|서비스|장비|부품|소재|전자|기계|금속|화학|섬유|조선|철강|[가-힣]{1,2}부품)$|^(?:모든|다른|해당|대부분|일부|나머지|올해|지난|내년|작년|우리|당시|최근|이번|관내|국내|지역|중소|대형|주요|여러|직접|함께|처음|실제)"
)


def scan(text: str) -> Iterator[tuple[int, int]]:
    """Yield the positions of the names, in any order."""
    for match in _LINE.finditer(text):
        if _CHOSEN.search(text, max(0, match.start() - _REACH), match.start()):
            yield from _names(match)
    for match in _ET_CETERA.finditer(text) if _AND_OTHERS.search(text) else ():
        yield from _names(match)
    for match in _APPOSED_ROW.finditer(text):
        yield from _names(match)
    for row in _MARKED_ROW.finditer(text) if not _ROW_MARKS.isdisjoint(text) else ():
        yield from (
            m.span("name") for m in _MARKED_NAME.finditer(text, row.start(), row.end()) if _is_organisation(m["name"])
        )
    for line in _FOOTNOTE.finditer(text):
        if _BODIES_BEFORE.search(text, max(0, line.start() - _REACH), line.start()):
            yield from (m.span("name") for m in _QUOTED_OF_PLACE.finditer(text, *line.span()))
    for match in _TEAM.finditer(text):
        if _WINS.search(text, max(0, match.start() - _WINS_NEAR), match.end() + _WINS_NEAR):
            yield match.span("name")
    appositions = (match for match in _APPOSITION.finditer(text) if not _is_no_name(match))
    for match in (*appositions, *_SIGNER.finditer(text), *_OF_ITS_PLACE.finditer(text)):
        name = match["name"]
        if len(name) >= _SHORTEST and _is_name(name) and not organisations().not_companies.search(name):
            yield match.span("name")


def _is_no_name(match: re.Match[str]) -> bool:
    """Return whether the word after a description is none it describes: 기업으로 커 가는, 기업 수요를."""
    return (
        bool(match["become"]) and (match["end"] in _OF_VERBS or not _TAKES_PART.match(match.string, match.end()))
    ) or (match["is"] in _BARE and match["end"] in _OF_OBJECTS)


def other_entries(
    text: str, mentions: Iterable[tuple[int, int]], lists: Iterable[tuple[int, int]] = ()
) -> Iterator[tuple[int, int]]:
    """Yield the other entries of rows with a known organisation, if the words after the row say that all take part.

    ``lists`` are positions of rows of which the layout says that: values of 참여기관 and the like.
    """
    sorted_mentions = sorted(mentions)
    rows = [(row.start(), row.end()) for row in _acting(text, sorted_mentions)]
    for start, end in {*rows, *lists}:
        inside = sorted_mentions[bisect_left(sorted_mentions, (start,)) : bisect_left(sorted_mentions, (end,))]
        if not inside:
            continue
        spans = _parts(text, start, end, is_sentence=(start, end) in rows)
        if any(_OFFICE.search(text[a:b]) for a, b in spans):
            continue
        new = [(a, b) for a, b in spans if not any(a < last and first < b for first, last in inside)]
        if (start, end) in rows or all(_ORGANISATION.fullmatch(text[a:b]) for a, b in new):
            yield from ((a, b) for a, b in new if _is_organisation(text[a:b]))


def _acting(text: str, mentions: Sequence[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Yield the rows of names that take part, if one of ``mentions`` is near enough to be in the row."""
    for ends in _ROW_ENDS.finditer(text):
        end, first = ends.start(), max(0, ends.start() - _LONGEST_ROW)
        if bisect_left(mentions, (first,)) == bisect_left(mentions, (end,)):
            continue
        if (
            _is_particle_of(text[end - 1], ends.group())
            # A row has something between its last two entries, which is fast to look for.
            and _ENTRIES.search(text, max(first, end - _LAST_ENTRY), end)
            and (row := _ROW_BEFORE.search(text, first, end))
        ):
            yield row


def _is_particle_of(last: str, particle: str) -> bool:
    """Return whether a particle can follow a letter: 이, 은 and 과 a final consonant, 가, 는 and 와 none."""
    if particle not in _PARTICLES or not "가" <= last <= "힣":
        return True
    return (particle in "이은과") == bool(final_consonant(last))


def _parts(text: str, start: int, end: int, *, is_sentence: bool) -> list[tuple[int, int]]:
    """Return the entries of a row of organisations without brackets.

    Of the first entry of a row in a sentence only the word right before the next one is a part of its name.
    """
    row = text[start:end]
    cuts = [0, *(at for cut in _ENTRIES.finditer(row) for at in cut.span()), len(row)]
    spans = []
    for a, b in zip(cuts[::2], cuts[1::2], strict=True):
        bare = _IN_BRACKETS.sub("", row[a:b]).rstrip()
        first = a + (bare.rfind(" ") + 1 if a == 0 and is_sentence else 0)
        form = _FORM.match(row, first)
        spans.append((start + (form.end() if form else first), start + a + len(bare)))
    return spans


def _is_organisation(entry: str) -> bool:
    is_long = len(entry) >= _SHORTEST or (entry.isascii() and len(entry) > 1)
    return (
        is_long
        and bool(_ORGANISATION.fullmatch(entry))
        and _is_name(entry)
        and not _GROUP.search(entry)
        and not _OF_PLACE.search(entry)
        and not organisations().not_organisations.search(entry)
    )


def _names(match: re.Match[str]) -> list[tuple[int, int]]:
    """Return the entries of a row if all of them can be names; those of industries cannot."""
    row, start = match["row"], match.start("row")
    cuts = [0, *(end for cut in _PARTS.finditer(row) for end in cut.span()), len(row)]
    spans = list(zip(cuts[::2], cuts[1::2], strict=True))
    if not all(_is_name(_FORM.sub("", row[a:b], count=1)) for a, b in spans):
        return []
    if sum(len(row[a:b]) < _SHORTEST for a, b in spans) * 2 > len(spans):
        return []
    return [(start + a + _form_before(row[a:b]), start + b) for a, b in spans]


def _form_before(entry: str) -> int:
    form = _FORM.match(entry)
    return form.end() if form else 0


def _is_name(entry: str) -> bool:
    if _NO_NAME.search(entry) or organisations().media.search(entry) or entry in _places():
        return False
    return not any(
        pattern.fullmatch(entry) or pattern.fullmatch(entry.removesuffix("산업")) for pattern in sectors().values()
    )


@cache
def _places() -> frozenset[str]:
    """Return the short names of provinces and cities, which no firm in a row of firms has."""
    return frozenset(
        name for region in regions() for name in (region.short, region.name_ko, region.name_ko[:-1]) if len(name) > 1
    )
