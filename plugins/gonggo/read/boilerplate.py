"""Lines of navigation, sharing, comments, copyright and related news, taken out of whole pages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from gonggo.datafile import load_model


class _Words(BaseModel):
    lines: set[str]
    patterns: list[re.Pattern[str]]
    tails: tuple[str, ...]


@cache
def _words() -> _Words:
    return load_model(Path(__file__).with_name("boilerplate.yaml"), _Words)


@cache
def _patterns() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern in _words().patterns))


@cache
def _tail() -> re.Pattern[str]:
    """A heading over what follows a text: words of the list with no more than a number or an ornament beside them."""
    said = "|".join(map(re.escape, _words().tails))
    return re.compile(rf"(?:{said})[^가-힣A-Za-z]{{0,20}}(?:더\s?보기|전체\s?보기)?[^가-힣A-Za-z]{{0,8}}")


def strip_boilerplate(text: str) -> tuple[str, list[str]]:
    """The text without boilerplate lines, and those lines."""
    words, lines = _words(), text.split("\n")
    kept, removed = [], []
    for number, line in enumerate(lines):
        bare = line.strip()
        if number * 2 > len(lines) and _tail().fullmatch(bare):
            removed += [rest for rest in lines[number:] if rest.strip()]
            break
        if bare in words.lines or _patterns().match(bare):
            removed.append(bare)
        else:
            kept.append(line)
    return "\n".join(kept), removed
