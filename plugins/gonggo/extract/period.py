"""The period of a programme that is named somewhere in the text."""

from __future__ import annotations

import re
from typing import Any

from gonggo.extract.doc import Doc

_POINT = r"(?:20|[’'‘`])\d{2}(?:\s?[.년]\s?\d{1,2}(?:\s?월)?)?\s?[.년]?"
_RANGE = re.compile(rf"({_POINT})\s?(?:[~∼～-]|부터)\s?({_POINT})")
_UNTIL = re.compile(rf"({_POINT})(?:\s?말)?\s?까지")


def near(doc: Doc, start: int, end: int) -> tuple[str | None, str | None, dict[str, Any] | None]:
    """Start, end (YYYY or YYYY-MM) and evidence, from the sentence that holds the mention ``start``..``end``."""
    sentence = doc.sentence_at(min(start, max(end - 1, 0)))
    found = _RANGE.search(sentence.text)
    if found:
        span = doc.span(sentence.start + found.start(), sentence.start + found.end())
        return _value(found[1]), _value(found[2]), span.evidence()
    found = _UNTIL.search(sentence.text)
    if found:
        span = doc.span(sentence.start + found.start(), sentence.start + found.end())
        return None, _value(found[1]), span.evidence()
    return None, None, None


def _value(text: str) -> str:
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    year = numbers[0] + (2000 if numbers[0] < 100 else 0)
    return f"{year}-{numbers[1]:02d}" if len(numbers) > 1 and 1 <= numbers[1] <= 12 else str(year)
