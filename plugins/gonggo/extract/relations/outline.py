"""The outline of a notice: which of its lines stand under which, by the marks that they begin with."""

from __future__ import annotations

import re

# The marks of the lines of an official document, from the outermost level to the innermost.
_LEVELS = ("□■◆◇▣", "ㅇ○◦●❍◎", "-–─·ㆍ•▪∙", "*※")
_LEVEL = {mark: level for level, marks in enumerate(_LEVELS) for mark in marks}
# Before the mark of a line: what a converter of documents adds, a hash or the dash of a list.
_ADDED = re.compile(r"[ \t]*(?:#{1,6}[ \t]*)?(?:-[ \t]+(?=\W{1,2}[ \t(]|ㅇ))?")


def is_left(text: str, heading: int, at: int) -> bool:
    """Return whether the part of a text under the line at ``heading`` has ended before ``at``."""
    level = _level(text, text.rfind("\n", 0, heading) + 1)
    if level is None:
        return False
    line = text.find("\n", heading) + 1
    while 0 < line <= at:
        other = _level(text, line)
        if other is not None and other < level:
            return True
        line = text.find("\n", line) + 1
    return False


def _level(text: str, line: int) -> int | None:
    """Return the level of the line that starts at ``line``, or None if it begins with no mark."""
    added = _ADDED.match(text, line)
    return _LEVEL.get(text[added.end() : added.end() + 1]) if added else None
