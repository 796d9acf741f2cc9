"""Companies that prose names without a legal form: in lists, before "등 기업", and after a description."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gonggo.extract.lexicons import organisations, sectors

_NAME = r"[가-힣A-Za-z][가-힣A-Za-z0-9&]{1,13}"
_ROW = rf"(?:{_NAME}\s?[,·]\s?){{1,14}}{_NAME}"
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
    r"\s등\s?(?:이?\s)?(?:\d+개?\s?(?:사|곳|개\s?(?:기업|업체))|(?:[가-힣]{2,6}\s)?(?:중소|중견|참여|입주|지역|선정|스타트)?(?:기업|업체|회사|스타트업)(?:이|들|을|과|은|의|\s))"
)
_ET_CETERA = re.compile(rf"(?<![가-힣A-Za-z,·])(?P<row>{_ROW}){_AND_OTHERS.pattern}")
# What a company is, right before its name, and what ends the name.
_IS = r"(?:업체|기업|개발사|제조사|회사|협력사|공급사|(?<=[을를]\s)(?:만드는|만든|개발한|공급하는|제조하는))"
_APPOSITION = re.compile(
    rf"(?=[업기개제회협공만])(?<![A-Za-z·,]){_IS}\s(?P<name>{_NAME}?)(?P<end>은|는|이|가|과|와|을|를)\s"
)
# The last of those that sign: 포항시는 A, B와 업무협약을 맺었다.
_SIGNER = re.compile(
    rf"(?:,|과|와)\s(?P<name>{_NAME}?)(?:와|과)\s[^.\n]{{0,60}}?(?:업무\s?협약|투자\s?협약|협약을|양해각서|MOU)"
)
_SHORTEST = 3
_PARTS = re.compile(r"\s?[,·]\s?")
# What stands where a name could and is none: words with an ending of their own, sizes, people.
_NO_NAME = re.compile(
    r"(?:들|에서|에게|으로|하는|하고|하며|된|되는|적|대표|이사|관계자|측|씨|등|명|곳|개|사업|사업부|지원|센터장|교수|박사|대비|이상|이하|경우|직원|현장|공장|기업|업체|회사|분야|산업|투자|참여|선정|제안|과제|성장|협력|상생|육성|혁신|경쟁력)$"
    r"|^(?:제품|기술|서비스|장비|부품|소재|전자|기계|금속|화학|섬유|조선|철강|[가-힣]{1,2}부품)$|^(?:모든|다른|해당|대부분|일부|나머지|올해|지난|내년|작년|우리|당시|최근|이번|관내|국내|지역|중소|대형|주요|여러|직접|함께|처음|실제)"
)


def scan(text: str) -> Iterator[tuple[int, int]]:
    """Yield the positions of the names, in any order."""
    for match in _LINE.finditer(text):
        if _CHOSEN.search(text, max(0, match.start() - _REACH), match.start()):
            yield from _names(match)
    for match in _ET_CETERA.finditer(text) if _AND_OTHERS.search(text) else ():
        yield from _names(match)
    for match in (*_APPOSITION.finditer(text), *_SIGNER.finditer(text)):
        said = match["name"]
        if len(said) >= _SHORTEST and _is_name(said) and not organisations().not_companies.search(said):
            yield match.span("name")


def _names(match: re.Match[str]) -> list[tuple[int, int]]:
    """Return the entries of a row if all of them can be names; those of industries cannot."""
    row, start = match["row"], match.start("row")
    cuts = [0, *(end for cut in _PARTS.finditer(row) for end in cut.span()), len(row)]
    spans = list(zip(cuts[::2], cuts[1::2], strict=True))
    if not all(_is_name(row[a:b]) for a, b in spans):
        return []
    return [(start + a, start + b) for a, b in spans]


def _is_name(said: str) -> bool:
    if _NO_NAME.search(said) or organisations().media.search(said):
        return False
    return not any(
        pattern.fullmatch(said) or pattern.fullmatch(said.removesuffix("산업")) for pattern in sectors().values()
    )
