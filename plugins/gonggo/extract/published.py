"""The day a page says it was published."""

from __future__ import annotations

import re
from typing import Any

from gonggo.extract.dates import scan
from gonggo.extract.doc import Doc

_LABEL = re.compile(r"작성일|등록일|입력|게시일|승인|배포일|보도일|공고일")


def find(doc: Doc) -> dict[str, Any] | None:
    """``{"value", "evidence"}`` from the metadata, a labelled date, or the line of an official notice's date."""
    for hit in scan(doc.fields.get("posted_on", "")):
        return {"value": hit.value[:10], "evidence": doc.field_evidence("posted_on")}
    for line in doc.lines:
        label = _LABEL.search(line.text)
        if not label:
            continue
        for hit in scan(line.text[label.end() : label.end() + 40], offset=line.start + label.end()):
            return {"value": hit.value[:10], "evidence": doc.span(hit.start, hit.end).evidence()}
    for line in doc.lines:
        for hit in scan(line.text, offset=line.start):
            if hit.year_said and hit.end - hit.start >= len(line.text) - 2:
                return {"value": hit.value[:10], "evidence": doc.span(hit.start, hit.end).evidence()}
    return None
