"""Who may apply: age and size of companies."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from gonggo.datafile import load_model
from gonggo.extract.doc import Doc

_AGE = re.compile(r"(?:창업|설립|업력)[^\d\n]{0,12}(\d{1,2})\s?년\s?(?:이내|미만|이하)")
_LABEL = re.compile(r"(?:지원|신청|모집|참가|참여|교육)\s?(?:대상|자격|요건)")
_NOT = re.compile(r"제외|불가|제한")


class _Lexicon(BaseModel):
    sizes: dict[str, list[str]]


@cache
def _sizes() -> dict[str, list[str]]:
    return load_model(Path(__file__).parent / "lexicon" / "sizes.yaml", _Lexicon).sizes


def find(doc: Doc) -> dict[str, Any]:
    """``max_company_age_years`` as ``{"value", "evidence"}`` or None; ``company_sizes`` of those who may apply."""
    age = _AGE.search(doc.text)
    sizes: dict[str, dict[str, Any]] = {}
    left = 0
    for line in doc.lines:
        label = _LABEL.search(line.text)
        # What a label says may go on in the lines below it.
        left = 3 if label else left - 1
        if left < 0 or _NOT.search(line.text):
            continue
        begin = label.end() if label else 0
        for name, words in _sizes().items():
            at = next((i for i in (line.text.find(word, begin) for word in words) if i >= 0), None)
            if at is not None:
                word = next(word for word in words if line.text.startswith(word, at))
                span = doc.span(line.start + at, line.start + at + len(word))
                sizes.setdefault(name, {"name": name, "evidence": span.evidence()})
    found = {"value": int(age[1]), "evidence": doc.span(age.start(), age.end()).evidence()} if age else None
    return {"max_company_age_years": found, "company_sizes": list(sizes.values())}
