"""Take injected site words out of a text so that the interrupted sentence reads again."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from gonggo.datafile import load_model

_END = re.compile(r"[.!?:다요\]\)”\"]$")


class _Lexicon(BaseModel):
    words: list[str]
    tails: list[str]


@cache
def _head() -> re.Pattern[str]:
    """A run without spaces at the start of a line that holds a word, and a lone tail word after it."""
    data = load_model(Path(__file__).with_name("spam.yaml"), _Lexicon)
    words, tails = ("|".join(sorted(group, key=len, reverse=True)) for group in (data.words, data.tails))
    affix = f"(?:{words}|{tails})"
    return re.compile(f"(?=[^\\s]{{0,20}}(?:{words})){affix}{{1,6}}(?=\\s|$)")


def remove_spam(lines: list[str]) -> tuple[list[str], list[dict[str, Any]]]:
    """Drop a spam head of a line where the line before it breaks off, and join the two halves."""
    out: list[str] = []
    removed: list[dict[str, Any]] = []
    for line in lines:
        found = _head().match(line)
        broken = bool(out and out[-1] and not _END.search(out[-1]))
        rest = line[found.end() :] if found else line
        # Honest text about such games starts a sentence after a finished one and goes on with a particle.
        if found and (broken or not rest.strip() or _is_site(found.group())):
            removed.append({"text": found.group(), "reason": "spam"})
            rest = rest.strip()
            if broken and rest:
                out[-1] = f"{out[-1]}{'' if _inside_word(out[-1], rest) else ' '}{rest}"
            elif rest:
                out.append(rest)
        else:
            out.append(line)
    return out, removed


def _is_site(run: str) -> bool:
    return run.endswith(("무료", "사이트", "다운로드", "하는법", "추천", "꽁머니"))


def _inside_word(before: str, rest: str) -> bool:
    """Whether ``rest`` starts with an ending that cannot stand alone."""
    return (
        bool(re.match(r"(?:다는|다고|다며|다|는|은|을|를|이|가|의|에|에서|으로|로|며|고|도)\s", rest))
        and before[-1:].isalpha()
    )
