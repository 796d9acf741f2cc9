"""Spam that others injected into a page: found by its words, cut where it breaks a sentence, and recorded."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from gonggo.datafile import load_model

_END = re.compile(r"[.!?。\"”’)\]】」』>:;|]$|(?:다|요|함|임|음|됨)$")
# What may stand before a spam word in one piece with it: stems and other games, not any syllables (지원현[황금성]과).
_GLUED = (
    r"(?<![가-힣A-Za-z0-9])(?:(?:무료|온라인|모바일|인터넷|pc|신규|추천|최신|인기|정품|실시간|안전|검증|유명|국내|해외"
    r"|알라딘|야마토|바다|신천지|오션|다빈치|손오공|백경|체리|황금|골드몽|릴)[0-9]{0,3}){0,3}"
)
_STEM = re.compile(r"(?:무료|온라인|모바일|인터넷|pc|PC|신규|추천|최신)")


class _Spam(BaseModel):
    words: list[str]


@cache
def _words() -> tuple[str, ...]:
    return tuple(load_model(Path(__file__).with_name("spam.yaml"), _Spam).words)


@cache
def _pattern() -> re.Pattern[str]:
    # The spam word with what is glued to it: 모바일바다이야기하는법, 알라딘릴게임.
    return re.compile(rf"{_GLUED}(?:{_said()})[가-힣A-Za-z0-9]{{0,12}}", re.I)


@cache
def _bare() -> re.Pattern[str]:
    return re.compile(_said(), re.I)


def _said() -> str:
    """All words, each written together or with a space after every letter. A space anywhere else makes other words of
    them: 출장안 마련, 현황 금성면."""
    return "|".join(f"{re.escape(word)}|{' '.join(map(re.escape, word))}" for word in _words())


def strip_spam(text: str) -> tuple[str, list[str]]:
    """The text with injected spam cut out so that sentences read again, and what was cut."""
    if not _bare().search(text):
        return text, []
    removed: list[str] = []
    lines = text.split("\n")
    out: list[str] = []
    for line in lines:
        clean = _clean_line(line, out, removed)
        if clean is None:
            continue
        if isinstance(clean, _Glued) and out:
            out[-1] += clean.joint + clean.text
        else:
            out.append(clean.text if isinstance(clean, _Glued) else clean)
    return "\n".join(out), removed


class _Glued(BaseModel):
    """The rest of a line that continues the line before it."""

    text: str
    joint: str


def _clean_line(line: str, before: list[str], removed: list[str]) -> str | _Glued | None:
    match = _pattern().match(line.strip())
    if match:
        rest = line.strip()[match.end() :]
        interrupted = bool(before and before[-1].strip() and not _END.search(before[-1].strip()))
        if not rest.strip():
            removed.append(match.group())
            return _Glued(text="", joint="") if interrupted else None
        # Alone, such a word may open an honest sentence about it; with others glued on, it is no word of a sentence.
        if interrupted or (rest.startswith(" ") and match.group() not in _words()):
            removed.append(match.group())
            return _Glued(text=rest.strip(), joint=_joint(before, rest)) if interrupted else rest.strip()
    return _inside(line, removed)


def _joint(before: list[str], rest: str) -> str:
    """A space between two words, nothing inside one: a particle or ending goes on without a space."""
    return "" if re.match(r"\s?(?:다는|다고|다며|는|은|을|를|이|가|의|에|도|로|와|과)\b", rest) else " "


def _inside(line: str, removed: list[str]) -> str:
    """Cut runs of two or more spam words, and spam glued between two halves of a word."""
    found = list(_pattern().finditer(line))
    dense = len(found) >= 2 and sum(len(m.group()) for m in found) * 3 > len(line)
    for match in reversed(found):
        parasite = line[max(0, match.start() - 1) : match.start()].strip() in ("[", "【", "★", "◆", "|")
        if dense or parasite or _STEM.match(match.group()):
            removed.append(match.group())
            line = line[: match.start()].rstrip() + " " + line[match.end() :].lstrip()
    return line
