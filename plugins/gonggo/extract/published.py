"""The day of publication according to a page."""

from __future__ import annotations

import re

from gonggo.extract.doc import Doc
from gonggo.extract.layout import Block
from gonggo.extract.record_types import Fact
from gonggo.korean_dates import QUOTE, DateMention, scan, to_halfwidth

_LABEL = re.compile(
    r"(?:작성일자?|등록일자?|(?<![가-힣])등록(?=\s*+[:：])|입력|게시일|게재일|승인|배포(?:일자?|일시)?|보도(?:일자?|일시|시점)|제공일(?:자|시)?|배\s포\s일|공고일자?"
    r"|기사입력|송고(?:\s?(?:시간|일시|일))?|발행일)\s*+[:：|]?\s*+(?=[\d０-９’'‘(])"
)
# The day of a release as the press service of korea.kr writes it: month, day, year.
_OF_PRESS_SERVICE = re.compile(r"배포일\s?[:：]\s?((0\d|1[0-2])/([0-2]\d|3[01])/(20\d\d))(?=\s\d{1,2}:\d\d:\d\d)")
# The line under the text of an official notice: its date, then who signs.
_SIGNED = re.compile(
    r"^[\s|#]*+(?:<br>)?(20\d\d)\s?[.년-]\s*+(\d{1,2})\s?[.월-]\s*+(\d{1,2})\s?[.일]?\s*+(?:\([월화수목금토일]\))?\s*+"
    r"(?P<who>[^\d~∼\n]{0,60})$"
)
# Under a headline: the paper's name and the day.
_BYLINE = re.compile(
    r"(?<=[가-힣|\s])20\d\d[-.]\s?[01]?\d[-.]\s?[0-3]?\d\.?(?:\s\d{1,2}:\d\d(?::\d\d)?(?:\s(?:신고|송고|입력|승인|등록))?)?$"
)
_BYLINES, _BYLINE_LENGTH = 6, 44
# The first and last lines of a page, where a paper or an office puts its name and the day.
_EDGE, _EDGE_LENGTH = 4, 90
_FOOTER = re.compile(
    r"^[^.?!]{0,40}[|｜/(〔\[※ㅣ·]|(?:일보|신문|뉴스|저널|투데이|타임스|매일|기자|헤럴드|포스트|통신|방송)|^[가-힣A-Za-z]{2,12}\s20\d\d[.-]|^자료\s?제공|^\W{0,3}20\d\d"
)
# The morning whose papers may print a release: 2026. 5. 7.(목) 조간부터 보도.
_OF_PAPERS = re.compile(r"20\d\d\s?[.년][^\n]{3,18}(?:조간|석간)")
_GIVEN_BY = re.compile(r"자료\s?제공\s?[:：]")
_SQUASHED = re.compile(r"[\s|#]+|<br>")
_BEGINS_WITH_DAY = re.compile(rf"(?:[\s|#]|<br>)*+[\d{QUOTE}]")
_SPAN = re.compile(r"[~∼～]|기간|[:：]\s")
# Who signs on a line of his own: an office with or without a name, or an organisation.
_SIGNER = re.compile(
    r"(?:(?:장|지사|이사장|대표|대표이사|총장|장관)(?:[가-힣○]{2,4})?|부|청|원|시|도|군|구|재단|법인|공단|공사|협회|조합|위원회|대학교?"
    r"|사업단|진흥회|센터|파크|상공회의소)(?:[(\[<]?(?:직인|관인|인)(?:생략)?[)\]>]?)?$"
)
_NO_SIGNER = re.compile(r"접수|신청|모집|마감|소진|개시|종료|완료|까지|부터|기간|기준|[:：](?!\d\d)|[①-⑳]")
_LONGEST_SIGNER, _LONGEST_SIGNING = 40, 90
# What a line says of a day beside who signs: it is then no line of signing.
_MORE = re.compile(r"[\d~∼～]")
# The year of a day without one, where no more is asked than whether it is a day.
_ANY_YEAR = 2000
_OFFICE = re.compile(r"장관?$|이사장|대표|부$|청$|원$|시$|도$|군$|구$|책임자|총장|파크|센터|\|$")
_LEADING_BLOCKS = 45


def find(doc: Doc) -> Fact[str] | None:
    """Return the day from the metadata, a labelled date, or the signature line of an official notice."""
    for hit in scan(doc.fields.get("posted_on", "")):
        return Fact(hit.value[:10], doc.field_evidence("posted_on"))
    if stamp := _OF_PRESS_SERVICE.search(doc.text, 0, 3000):
        return Fact(f"{stamp[4]}-{stamp[2]}-{stamp[3]}", doc.span(*stamp.span(1)).evidence())
    for label in _LABEL.finditer(doc.text[:3000]):
        for hit in scan(doc.text[label.end() : label.end() + 24], offset=label.end()):
            if hit.has_year and hit.start - label.end() < 3:
                return Fact(hit.value[:10], doc.span(hit.start, hit.end).evidence())
    for block in doc.layout.blocks[:_BYLINES]:
        if in_papers := _OF_PAPERS.search(block.text):
            for hit in scan(in_papers.group(), offset=block.start + in_papers.start()):
                return Fact(hit.value[:10], doc.span(hit.start, hit.end).evidence())
        byline = (
            _BYLINE.search(block.text) if len(block.text) <= _BYLINE_LENGTH and not _SPAN.search(block.text) else None
        )
        for hit in scan(byline.group(), offset=block.start + byline.start()) if byline else ():
            return Fact(hit.value[:10], doc.span(hit.start, hit.end).evidence())
    signed = [block for block in doc.layout.blocks if _is_signed(block)]
    head = [block for block in signed if doc.layout.index_at(block.start) < _LEADING_BLOCKS]
    for block in head[:1] or signed[-1:]:
        for hit in scan(block.text, offset=block.start):
            return Fact(hit.value[:10], doc.span(hit.start, hit.end).evidence())
    return _at_edge(doc)


def _at_edge(doc: Doc) -> Fact[str] | None:
    """Return the day on a short first or last line, next to the name of a newspaper, an office or a reporter."""
    lines = [line for line in re.finditer(r"[^\n]+", doc.text) if line.group().strip()]
    for line in [*lines[:-_EDGE:-1], *lines[:_EDGE]]:
        text = to_halfwidth(line.group().strip())
        text_of_day = _GIVEN_BY.sub("", text)
        if len(text) > _EDGE_LENGTH or not _FOOTER.search(text):
            continue
        if _SPAN.search(text_of_day) or _NO_SIGNER.search(text_of_day):
            continue
        for hit in scan(line.group(), offset=line.start()):
            if hit.has_year:
                return Fact(hit.value[:10], doc.span(hit.start, hit.end).evidence())
    return None


def signature(doc: Doc, start: int, end: int) -> int | None:
    """Return the offset of the signature line of a notice: its day, with the signatory after or below it.

    A day on a line of its own counts only at the end of the text; below a label it may be the label's value.
    """
    blocks = doc.layout.blocks
    number = doc.layout.index_at(start)
    while number < len(blocks) and blocks[number].start < end:
        block = blocks[number]
        number += 1
        is_last = number == len(blocks) and bool(doc.text[start : block.start].strip())
        if _of_day(block) and (is_last or _has_signer(blocks, number - 1)):
            return block.start
    return None


def signed_on(doc: Doc) -> str | None:
    """Return the day on which a notice was signed."""
    blocks = doc.layout.blocks
    for number, block in enumerate(blocks):
        day = _of_day(block)
        if day and day[0].has_year and _has_signer(blocks, number):
            return day[0].value[:10]
    return None


def _has_signer(blocks: list[Block], number: int) -> bool:
    """Return whether a signatory follows the day of a line, or is on the line below a day on its own."""
    day = _of_day(blocks[number])
    who = day[1] if day else ""
    below = blocks[number + 1] if number + 1 < len(blocks) else None
    if not who and below and below.column in ("", blocks[number].text) and not below.label:
        who = _SQUASHED.sub("", below.text)
    return len(who) <= _LONGEST_SIGNER and bool(_SIGNER.search(who)) and not _NO_SIGNER.search(who)


def _of_day(block: Block) -> tuple[DateMention, str] | None:
    """Return the day at the beginning of a line outside tables, and the words after it; None if figures follow."""
    if block.column or block.row or len(block.text) > _LONGEST_SIGNING or not _BEGINS_WITH_DAY.match(block.text):
        return None
    hit = next(scan(block.text, _ANY_YEAR), None)
    if not hit or _SQUASHED.sub("", block.text[: hit.start]):
        return None
    who = _SQUASHED.sub("", block.text[hit.end :]).removeprefix("자")
    return None if _MORE.search(who) else (hit, who)


def _is_signed(block: Block) -> bool:
    match = _SIGNED.match(to_halfwidth(block.text))
    if not match or block.column:
        return False
    who = re.sub(r"\s+", "", match["who"]).strip("|")
    return not who or bool(_OFFICE.search(who)) or bool(re.search(r"장관?[가-힣]{0,6}$", who))
