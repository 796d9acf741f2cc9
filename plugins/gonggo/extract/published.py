"""The day a page says it was published."""

from __future__ import annotations

import re
from typing import Any

from gonggo.extract.doc import Doc
from gonggo.extract.layout import Block
from gonggo.korean_dates import scan

_LABEL = re.compile(
    r"(?:작성일자?|등록일자?|입력|게시일|승인|배포일|보도일|공고일자?|기사입력"
    r"|송고|발행일)\s*+[:：]?\s*+(?=[\d’'‘(])"
)
# The line under the text of an official notice: its date, then who signs.
_SIGNED = re.compile(
    r"^[\s|#]*+(?:<br>)?(20\d\d)\s?[.년-]\s*+(\d{1,2})\s?[.월-]\s*+(\d{1,2})\s?[.일]?\s*+(?:\([월화수목금토일]\))?\s*+"
    r"(?P<who>[^\d~∼\n]{0,60})$"
)
# Under a headline: the paper's name and the day.
_BYLINE = re.compile(r"(?<=[가-힣|\s])20\d\d[-.]\s?[01]?\d[-.]\s?[0-3]?\d\.?(?:\s\d{1,2}:\d\d)?$")
_BYLINES, _BYLINE_LENGTH = 6, 44
_SPAN = re.compile(r"[~∼～]|기간|[:：]\s")
_OFFICE = re.compile(r"장관?$|이사장|대표|부$|청$|원$|시$|도$|군$|구$|책임자|총장|파크|센터|\|$")
_HEAD = 45


def find(doc: Doc) -> dict[str, Any] | None:
    """``{"value", "evidence"}`` from the metadata, a labelled date, or the signature line of an official notice."""
    for hit in scan(doc.fields.get("posted_on", "")):
        return {"value": hit.value[:10], "evidence": doc.field_evidence("posted_on")}
    for label in _LABEL.finditer(doc.text[:3000]):
        for hit in scan(doc.text[label.end() : label.end() + 24], offset=label.end()):
            if hit.year_said and hit.start - label.end() < 3:
                return {"value": hit.value[:10], "evidence": doc.span(hit.start, hit.end).evidence()}
    for piece in doc.layout.pieces[:_BYLINES]:
        byline = (
            _BYLINE.search(piece.text) if len(piece.text) <= _BYLINE_LENGTH and not _SPAN.search(piece.text) else None
        )
        for hit in scan(byline.group(), offset=piece.start + byline.start()) if byline else ():
            return {"value": hit.value[:10], "evidence": doc.span(hit.start, hit.end).evidence()}
    signed = [piece for piece in doc.layout.pieces if _is_signed(piece)]
    head = [piece for piece in signed if doc.layout.index_at(piece.start) < _HEAD]
    for piece in head[:1] or signed[-1:]:
        for hit in scan(piece.text, offset=piece.start):
            return {"value": hit.value[:10], "evidence": doc.span(hit.start, hit.end).evidence()}
    return None


def _is_signed(piece: Block) -> bool:
    found = _SIGNED.match(piece.text)
    if not found or piece.column:
        return False
    who = re.sub(r"\s+", "", found["who"]).strip("|")
    return not who or bool(_OFFICE.search(who)) or bool(re.search(r"장관?[가-힣]{0,6}$", who))
