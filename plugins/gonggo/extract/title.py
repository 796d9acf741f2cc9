"""The title of a document."""

from __future__ import annotations

import re
from typing import Any

from gonggo.extract.doc import Doc

_LABELLED = re.compile(
    r"(?:\[공고명\]|공\s?고\s?명\s?:|사\s?업\s?명\s?:|제\s?목\s?:)\s*([^\n]{4,150}?)(?=\n|\s\[요약\]|$)"
)
_NUMBER = re.compile(r"^\|?[◉○●]?\s*\S{2,40}\s*공고\s*제\s*20\d\d\s*-\s*[\d-]+\s*호")
_CALL = re.compile(r"(?:공고|모집|공모|안내|시행계획|재공고|선정\s?결과)\s*(?:문|\([^)]{1,20}\))?$")
_NOT_TITLE = re.compile(r"^(?:#+|\||□|○|◦|ㅇ|▶|-|·|\d+\.|AI 생성 이미지|사진|입력|작성|공고번호|보도자료)")


def find(doc: Doc) -> dict[str, Any] | None:
    """``{"value", "evidence"}``: what metadata calls the title, a labelled title, or the first line that can be one."""
    if doc.fields.get("title"):
        return {"value": doc.fields["title"], "evidence": doc.field_evidence("title")}
    labelled = _LABELLED.search(doc.text[:1500])
    if labelled:
        span = doc.span(labelled.start(1), labelled.end(1))
        return {"value": span.text, "evidence": span.evidence()}
    lines = doc.lines[:12]
    for number, line in enumerate(lines):
        if _CALL.search(line.text) and len(line.text) < 120:
            return _joined(doc, lines, number)
    for line in lines[:3]:
        if not _NOT_TITLE.match(line.text) and 8 <= len(line.text) <= 110 and not line.text.endswith(("다.", "…")):
            return {"value": line.text, "evidence": line.evidence()}
    return None


def _joined(doc: Doc, lines: list[Any], last: int) -> dict[str, Any]:
    """A title over several lines goes back as far as lines look like parts of one."""
    first = last
    while first > 0 and last - first < 2:
        before = lines[first - 1].text
        if len(before) > 60 or _NUMBER.match(before) or _NOT_TITLE.match(before) or before.endswith((".", "장", "호")):
            break
        first -= 1
    span = doc.span(lines[first].start, lines[last].end)
    return {"value": " ".join(span.text.split()), "evidence": span.evidence()}
