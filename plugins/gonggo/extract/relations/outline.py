"""The outline of a notice: which of its lines stand under which, by the marks that they begin with."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from gonggo.extract.layout import LETTERS

# The marks of the lines of an official document, from the outermost level to the innermost.
_LEVELS = ("□■◆◇▣", "ㅇ○◦●❍◎", "-–─·ㆍ•▪∙", "*※")
_LEVEL = {mark: level for level, marks in enumerate(_LEVELS) for mark in marks}
# The number of a section of a notice: Ⅱ, 2., 나., ## 2.
_SECTION = re.compile(rf"^[ \t]*(#*)[ \t]*([Ⅰ-Ⅻ]|\d{{1,2}}|[{LETTERS}])(\.?)[ \t]", re.MULTILINE)
# Before the mark of a line: what a converter of documents adds, a hash or the dash of a list.
_ADDED = re.compile(r"[ \t]*(?:#{1,6}[ \t]*)?(?:-[ \t]+(?=\W{1,2}[ \t(]|ㅇ))?")


def is_left(text: str, heading: int, at: int) -> bool:
    """Return whether the part of a text under the line at ``heading`` has ended before ``at``."""
    start = text.rfind("\n", 0, heading)
    if _is_next_section(text, start + 1, at):
        return True
    level = _level(text, start + 1)
    if level is None:
        return False
    line = text.find("\n", heading) + 1
    while 0 < line <= at:
        other = _level(text, line)
        if other is not None and other < level:
            return True
        line = text.find("\n", line) + 1
    return False


def _is_next_section(text: str, heading: int, at: int) -> bool:
    """Return whether the section that follows the one of a heading begins before ``at``."""
    starts, kinds, numbers = _sections(text)
    first, last = bisect_right(starts, heading), bisect_right(starts, at)
    for after in range(first, last):
        before = next((one for one in range(first - 1, -1, -1) if kinds[one] == kinds[after]), None)
        if before is not None and numbers[after] == numbers[before] + 1:
            return True
    return False


@lru_cache(maxsize=2)
def _sections(text: str) -> tuple[list[int], list[str], list[int]]:
    """Return where the numbered sections of a text begin, and the kinds and values of their numbers."""
    starts, kinds, numbers = list[int](), list[str](), list[int]()
    for section in _SECTION.finditer(text):
        hashes, number, dot = section.groups()
        letter = LETTERS.find(number)
        is_roman = letter < 0 and not number.isdecimal()
        if not (hashes or dot or is_roman):
            continue
        starts.append(section.start())
        kinds.append(hashes + ("letter" if letter >= 0 else "roman" if is_roman else "digit"))
        numbers.append(letter if letter >= 0 else ord(number) if is_roman else int(number))
    return starts, kinds, numbers


def goes_on_beside(text: str, heading: int, at: int) -> bool:
    """Return whether a line up to ``at`` has the mark of the line at ``heading`` before it."""
    level = _level(text, text.rfind("\n", 0, heading) + 1)
    line = text.find("\n", heading) + 1
    while level is not None and 0 < line <= at:
        if _level(text, line) == level:
            return True
        line = text.find("\n", line) + 1
    return False


def are_neighbours(text: str, first: int, second: int) -> bool:
    """Return whether the line at ``second`` is the next one with the mark of that at ``first``."""
    line = text.rfind("\n", 0, second) + 1
    level = _level(text, line)
    return (
        level is not None
        and first < line
        and _level(text, text.rfind("\n", 0, first) + 1) == level
        and not goes_on_beside(text, first, line - 1)
        and not is_left(text, first, second)
    )


def _level(text: str, line: int) -> int | None:
    """Return the level of the line that starts at ``line``, or None if it begins with no mark."""
    added = _ADDED.match(text, line)
    return _LEVEL.get(text[added.end() : added.end() + 1]) if added else None
