"""Removal of spam that was injected into pages: recognised by its words, cut out of sentences, and recorded."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pydantic import BaseModel

from gonggo.datafile import load_model

_END = re.compile(r"[.!?。\"”’)\]】」』>:;|]$|(?:다|요|함|임|음|됨)$")
# Prefixes that may be glued to a spam word: stems and other games, but not any syllables (지원현[황금성]과).
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
    # A spam word with everything glued to it: 모바일바다이야기하는법, 알라딘릴게임.
    return re.compile(rf"{_GLUED}(?:{_all_spellings()})[가-힣A-Za-z0-9]{{0,12}}", re.I)


@cache
def _any_word() -> re.Pattern[str]:
    return re.compile(_all_spellings(), re.I)


def _all_spellings() -> str:
    """Return all spam words as a pattern, each also with a space after every syllable.

    A space in only one position would match ordinary words: 출장안 마련, 현황 금성면.
    """
    return "|".join(f"{re.escape(word)}|{' '.join(map(re.escape, word))}" for word in _words())


def strip_spam(text: str) -> tuple[str, list[str]]:
    """Return the text without injected spam, with the interrupted sentences joined, and the removed spam."""
    if not _any_word().search(text):
        return text, []
    removed: list[str] = []
    lines = text.split("\n")
    cleaned_lines: list[str] = []
    for line in lines:
        clean = _clean_line(line, cleaned_lines, removed)
        if clean is None:
            continue
        if isinstance(clean, _Continuation) and cleaned_lines:
            cleaned_lines[-1] += clean.joint + clean.text
        else:
            cleaned_lines.append(clean.text if isinstance(clean, _Continuation) else clean)
    return "\n".join(cleaned_lines), removed


class _Continuation(BaseModel):
    """The rest of a line that continues the line before it."""

    text: str
    joint: str


def _clean_line(line: str, lines_before: list[str], removed: list[str]) -> str | _Continuation | None:
    match = _pattern().match(line.strip())
    if match:
        rest = line.strip()[match.end() :]
        interrupted = bool(lines_before and lines_before[-1].strip() and not _END.search(lines_before[-1].strip()))
        if not rest.strip():
            removed.append(match.group())
            return _Continuation(text="", joint="") if interrupted else None
        # A spam word alone may begin an ordinary sentence about it; with other words glued to it, it cannot.
        if interrupted or (rest.startswith(" ") and match.group() not in _words()):
            removed.append(match.group())
            return _Continuation(text=rest.strip(), joint=_joint(lines_before, rest)) if interrupted else rest.strip()
    return _cut_inside(line, removed)


def _joint(lines_before: list[str], rest: str) -> str:
    """Return the space between two words, or nothing before a particle or ending, which continues the word."""
    return "" if re.match(r"\s?(?:다는|다고|다며|는|은|을|를|이|가|의|에|도|로|와|과)\b", rest) else " "


def _cut_inside(line: str, removed: list[str]) -> str:
    """Cut runs of two or more spam words, and spam glued between two halves of a word."""
    matches = list(_pattern().finditer(line))
    is_mostly_spam = len(matches) >= 2 and sum(len(m.group()) for m in matches) * 3 > len(line)
    for match in reversed(matches):
        follows_ornament = line[max(0, match.start() - 1) : match.start()].strip() in ("[", "【", "★", "◆", "|")
        if is_mostly_spam or follows_ornament or _STEM.match(match.group()):
            removed.append(match.group())
            line = line[: match.start()].rstrip() + " " + line[match.end() :].lstrip()
    return line
