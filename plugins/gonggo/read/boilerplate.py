"""Removal of boilerplate from whole pages: navigation, sharing, comments, copyright, related news."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from gonggo.datafile import load_model

# The button that sets the size of letters, and the letter after it: where that is a line too, rows are lettered.
_LETTER, _NEXT_LETTER = "가", "나"


class _Lexicon(BaseModel):
    lines: set[str]
    patterns: list[re.Pattern[str]]
    tails: tuple[str, ...]


@cache
def _lexicon() -> _Lexicon:
    return load_model(Path(__file__).with_name("boilerplate.yaml"), _Lexicon)


@cache
def _patterns() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern in _lexicon().patterns))


@cache
def _tail_heading() -> re.Pattern[str]:
    """Return a pattern of headings after which only boilerplate follows, with a number or ornament beside them."""
    headings = "|".join(map(re.escape, _lexicon().tails))
    return re.compile(rf"(?:{headings})[^가-힣A-Za-z]{{0,20}}(?:더\s?보기|전체\s?보기)?[^가-힣A-Za-z]{{0,8}}")


def strip_boilerplate(text: str) -> tuple[str, list[str]]:
    """Return the text without boilerplate lines, and the removed lines."""
    lexicon, lines = _lexicon(), text.split("\n")
    remaining, removed = [], []
    is_lettered = any(line.strip() == _NEXT_LETTER for line in lines)
    for number, line in enumerate(lines):
        stripped = line.strip()
        if number * 2 > len(lines) and _tail_heading().fullmatch(stripped):
            removed += [rest for rest in lines[number:] if rest.strip()]
            break
        is_button = stripped in lexicon.lines and not (stripped == _LETTER and is_lettered)
        if is_button or _patterns().match(stripped):
            removed.append(stripped)
        else:
            remaining.append(line)
    return "\n".join(remaining), removed
