"""The day a page says it was published."""

from __future__ import annotations

import re

from gonggo.extract.doc import Doc
from gonggo.extract.layout import Block
from gonggo.extract.record_types import Fact
from gonggo.korean_dates import DateMention, narrow, scan

_LABEL = re.compile(
    r"(?:작성일자?|등록일자?|(?<![가-힣])등록(?=\s*+[:：])|입력|게시일|승인|배포(?:일자?|일시)?|보도(?:일자?|일시|시점)|제공일자?|공고일자?"
    r"|기사입력|송고|발행일)\s*+[:：|]?\s*+(?=[\d０-９’'‘(])"
)
# The line under the text of an official notice: its date, then who signs.
_SIGNED = re.compile(
    r"^[\s|#]*+(?:<br>)?(20\d\d)\s?[.년-]\s*+(\d{1,2})\s?[.월-]\s*+(\d{1,2})\s?[.일]?\s*+(?:\([월화수목금토일]\))?\s*+"
    r"(?P<who>[^\d~∼\n]{0,60})$"
)
# Under a headline: the paper's name and the day.
_BYLINE = re.compile(r"(?<=[가-힣|\s])20\d\d[-.]\s?[01]?\d[-.]\s?[0-3]?\d\.?(?:\s\d{1,2}:\d\d)?$")
_BYLINES, _BYLINE_LENGTH = 6, 44
# The first and last lines of a page, where a paper or an office puts its name and the day.
_EDGE, _EDGE_LENGTH = 4, 90
_FOOTER = re.compile(r"^[^.?!]{0,40}[|｜/(〔\[※ㅣ·]|(?:일보|신문|뉴스|저널|투데이|타임스|매일|기자)|^\W{0,3}20\d\d")
_SQUASHED = re.compile(r"[\s|#]+|<br>")
_SPAN = re.compile(r"[~∼～]|기간|[:：]\s")
# Who signs on a line of his own: an office with or without a name, or a body.
_SIGNER = re.compile(
    r"(?:(?:장|지사|이사장|대표|대표이사|총장|장관)(?:[가-힣○]{2,4})?|부|청|원|시|도|군|구|재단|법인|공단|공사|협회|조합|위원회|대학교?"
    r"|사업단|진흥회|센터|파크|상공회의소)(?:[(\[<]?(?:직인|관인|인)(?:생략)?[)\]>]?)?$"
)
_NO_SIGNER = re.compile(r"접수|신청|모집|마감|소진|개시|종료|완료|까지|부터|기간|[:：]|[①-⑳]")
_LONGEST_SIGNER, _LONGEST_SIGNING = 40, 90
# What a line says of a day beside who signs: it is then no line of signing.
_MORE = re.compile(r"[\d~∼～]")
# The year of a day without one, where no more is asked than whether it is a day.
_ANY_YEAR = 2000
_OFFICE = re.compile(r"장관?$|이사장|대표|부$|청$|원$|시$|도$|군$|구$|책임자|총장|파크|센터|\|$")
_HEAD = 45


def find(doc: Doc) -> Fact[str] | None:
    """Return the day from the metadata, a labelled date, or the signature line of an official notice."""
    for hit in scan(doc.fields.get("posted_on", "")):
        return Fact(hit.value[:10], doc.field_evidence("posted_on"))
    for label in _LABEL.finditer(doc.text[:3000]):
        for hit in scan(doc.text[label.end() : label.end() + 24], offset=label.end()):
            if hit.has_year and hit.start - label.end() < 3:
                return Fact(hit.value[:10], doc.span(hit.start, hit.end).evidence())
    for piece in doc.layout.pieces[:_BYLINES]:
        byline = (
            _BYLINE.search(piece.text) if len(piece.text) <= _BYLINE_LENGTH and not _SPAN.search(piece.text) else None
        )
        for hit in scan(byline.group(), offset=piece.start + byline.start()) if byline else ():
            return Fact(hit.value[:10], doc.span(hit.start, hit.end).evidence())
    signed = [piece for piece in doc.layout.pieces if _is_signed(piece)]
    head = [piece for piece in signed if doc.layout.index_at(piece.start) < _HEAD]
    for piece in head[:1] or signed[-1:]:
        for hit in scan(piece.text, offset=piece.start):
            return Fact(hit.value[:10], doc.span(hit.start, hit.end).evidence())
    return _at_edge(doc)


def _at_edge(doc: Doc) -> Fact[str] | None:
    """The day on a short line that begins or ends the page, beside the name of a paper, an office or a reporter."""
    lines = [line for line in re.finditer(r"[^\n]+", doc.text) if line.group().strip()]
    for line in [*lines[:-_EDGE:-1], *lines[:_EDGE]]:
        said = narrow(line.group().strip())
        if len(said) > _EDGE_LENGTH or not _FOOTER.search(said) or _SPAN.search(said) or _NO_SIGNER.search(said):
            continue
        for hit in scan(line.group(), offset=line.start()):
            if hit.has_year:
                return Fact(hit.value[:10], doc.span(hit.start, hit.end).evidence())
    return None


def signature(doc: Doc, start: int, end: int) -> int | None:
    """Where in a stretch of text the line of a notice's signing begins: its day, with who signs behind or below it.

    A day that stands alone is one only at the end of the text; below a label it may be the label's value.
    """
    pieces = doc.layout.pieces
    number = doc.layout.index_at(start)
    while number < len(pieces) and pieces[number].start < end:
        piece = pieces[number]
        number += 1
        is_last = number == len(pieces) and bool(doc.text[start : piece.start].strip())
        if _of_day(piece) and (is_last or _has_signer(pieces, number - 1)):
            return piece.start
    return None


def signed_on(doc: Doc) -> str | None:
    """The day on which a notice was signed, by whoever signs it."""
    pieces = doc.layout.pieces
    for number, piece in enumerate(pieces):
        day = _of_day(piece)
        if day and day[0].has_year and _has_signer(pieces, number):
            return day[0].value[:10]
    return None


def _has_signer(pieces: list[Block], number: int) -> bool:
    """Whether behind the day of a line, or on the line below it where it stands alone, somebody signs."""
    day = _of_day(pieces[number])
    who = day[1] if day else ""
    below = pieces[number + 1] if number + 1 < len(pieces) else None
    if not who and below and below.column in ("", pieces[number].text) and not below.label:
        who = _SQUASHED.sub("", below.text)
    return len(who) <= _LONGEST_SIGNER and bool(_SIGNER.search(who)) and not _NO_SIGNER.search(who)


def _of_day(piece: Block) -> tuple[DateMention, str] | None:
    """The day that a line outside of tables begins with, and the words behind it; None where more figures follow."""
    if piece.column or piece.row or len(piece.text) > _LONGEST_SIGNING:
        return None
    hit = next(scan(piece.text, _ANY_YEAR), None)
    if not hit or _SQUASHED.sub("", piece.text[: hit.start]):
        return None
    who = _SQUASHED.sub("", piece.text[hit.end :]).removeprefix("자")
    return None if _MORE.search(who) else (hit, who)


def _is_signed(piece: Block) -> bool:
    found = _SIGNED.match(narrow(piece.text))
    if not found or piece.column:
        return False
    who = re.sub(r"\s+", "", found["who"]).strip("|")
    return not who or bool(_OFFICE.search(who)) or bool(re.search(r"장관?[가-힣]{0,6}$", who))
