"""Clean lines: Unicode form, boilerplate, injected spam; and what a page's own lines say about title and date."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from gonggo.datafile import load_model
from gonggo.read.spam import remove_spam

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_POSTED = re.compile(
    r"(?:작성일|등록일|입력|게시일|승인|기사입력)[자시]?\s{0,3}[:：]?\s{0,3}((?:20)?\d{2})\s?[-./년]\s?(\d{1,2})\s?[-./월]\s?(\d{1,2})"
)


class _Frame(BaseModel):
    lines: list[str]


@cache
def _frame() -> re.Pattern[str]:
    rules = load_model(Path(__file__).with_name("boilerplate.yaml"), _Frame).lines
    return re.compile("|".join(f"(?:{rule})" for rule in rules), re.IGNORECASE)


def clean_text(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The text in NFC without frame lines and spam, and what spam was removed."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", source)).replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", text).replace("\xa0", " ")
    lines = [line.strip() for line in text.split("\n")]
    kept = [line for line in lines if not (line and _frame().fullmatch(line))]
    out, removed = remove_spam(kept)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip(), removed


def page_meta(source: str) -> dict[str, str]:
    """posted_on out of a 작성일, 등록일 or 입력 line."""
    found = _POSTED.search(source)
    if not found:
        return {}
    year, month, day = (int(part) for part in found.groups())
    year += 2000 if year < 100 else 0
    return {"posted_on": f"{year:04d}-{month:02d}-{day:02d}"} if 1 <= month <= 12 and 1 <= day <= 31 else {}
